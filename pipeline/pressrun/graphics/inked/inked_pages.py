"""Pages drawn in red, green and blue, in the inks of a press: in contents, pictures, gradients, and what stands for
spots. What is in inks already stays as it is, and so do soft masks, whose colours are no inks."""

from __future__ import annotations

import contextlib
import io
import itertools
import warnings
from collections.abc import Sequence
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Operator, Stream
from pikepdf.models.image import (
    ImageDecompressionError,
    InvalidPdfImageError,
    NotExtractableError,
    UnsupportedImageTypeError,
)
from PIL import Image, ImageChops

from pressrun.graphics.color.inks import PressProfile, to_cmyk
from pressrun.graphics.inked.rgb_spaces import (
    Inks,
    RgbSpace,
    Unsolved,
    function_in_inks,
    palette_in_inks,
    rgb_space,
    written,
)
from pressrun.graphics.pages.operands import BROKEN
from pressrun.graphics.pages.pdf_graph import contents, reached

MASKS = frozenset({"/SMask"})
QUALITY = 95  # of a JPEG that was one before
# What reading a picture raises that is damaged, or of a kind that is not known.
UNREADABLE = (
    *BROKEN, NotExtractableError, InvalidPdfImageError, ImageDecompressionError, UnsupportedImageTypeError, OSError,
)  # fmt: skip
_SETS = {"rg": "k", "RG": "K"}
_SPACES = {"cs": "k", "CS": "K"}
_COLORS = {"sc": "cs", "scn": "cs", "SC": "CS", "SCN": "CS"}
_BLACK = [0, 0, 0, 1]
_IDENTITY, _INVERTED = [0, 1] * 3, [1, 0] * 3


def in_inks(data: bytes, inks: Inks, profile: PressProfile) -> bytes:
    """A PDF with ``inks`` for its RGB, and its pictures through the ``profile``; the same bytes where it has none. What
    is broken, or of a kind that cannot be rewritten (meshes, programs as functions), stays. Raises pikepdf.PdfError."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pages = _Pages(pdf, inks, profile)
        pages.rewrite()
        if not pages.changed:
            return data
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
        return out.getvalue()


_Spaces = dict[str, tuple[RgbSpace | None, bool]]  # by cs and CS: the space, and whether it is of a pattern


class _Pages:
    """Those of one document."""

    def __init__(self, pdf: pikepdf.Pdf, inks: Inks, profile: PressProfile) -> None:
        self.pdf, self.inks, self.profile = pdf, inks, profile
        self.changed = False

    def rewrite(self) -> None:
        for page in self.pdf.pages:
            page.obj.Resources = page.resources  # which may be inherited
            page.contents_coalesce()
        for stream, resources in list(contents(self.pdf.Root, MASKS)):
            with contextlib.suppress(*BROKEN):
                self._content(stream, resources)
        objects = list(reached(self.pdf.Root, but=MASKS))
        for one in objects:
            if isinstance(one, Stream) and one.get("/Subtype") == "/Image":
                with contextlib.suppress(*UNREADABLE):
                    self._picture(one)
        for one in objects:
            with contextlib.suppress(Unsolved, *BROKEN):
                self._spaces(one)

    # -------------------------------------------------------------------------------------------------- contents

    def _content(self, stream: Stream, resources: Any) -> None:
        named = resources.get("/ColorSpace")
        state: _Spaces = {}
        above: list[_Spaces] = []
        made: list[Any] = []
        changed = False
        for instruction in pikepdf.parse_content_stream(stream):
            operator = str(instruction.operator)
            if operator == "INLINE IMAGE":
                drawn = self._inline(instruction.operands[0], resources)
                changed = changed or drawn is not None
                made.append(drawn or instruction)
                continue
            operands = list(instruction.operands)
            if operator == "q":
                above.append(dict(state))
            elif operator == "Q" and above:
                state = above.pop()
            new = None
            with contextlib.suppress(*BROKEN):  # one that is broken stays, and the others do not
                new = self._recolored(operator, operands, named, state)
            changed = changed or new is not None
            made.append((new[0], Operator(new[1])) if new else instruction)
        if changed:
            self.changed = True
            stream.write(pikepdf.unparse_content_stream(made))

    def _recolored(
        self, operator: str, operands: Sequence[Any], named: Any, state: _Spaces
    ) -> tuple[Sequence[Any], str] | None:
        """What sets an ink where an operator sets a colour; None where it stays. Raises what `BROKEN` names."""
        if operator in _SETS and len(operands) == 3:
            state["cs" if operator == "rg" else "CS"] = (None, False)
            space = rgb_space(Name.DeviceRGB, named)
            return self._inked(space or RgbSpace(), operands), _SETS[operator]
        if operator in _SPACES and operands:
            state[operator] = (None, False)
            space, in_pattern = rgb_space(operands[0], named), False
            if space is None:
                space, in_pattern = self._of_pattern(operands[0], named), True
            state[operator] = (space, in_pattern)
            if space and not in_pattern:
                return _BLACK, _SPACES[operator]
        elif operator in _COLORS:
            space, in_pattern = state.get(_COLORS[operator], (None, False))
            if space and in_pattern and len(operands) == 4:
                return [*self._inked(space, operands[:3]), operands[3]], operator
            if space and not in_pattern and len(operands) == 3:
                return self._inked(space, operands), _SPACES[_COLORS[operator]]
        return None

    def _inked(self, space: RgbSpace, operands: Sequence[Any]) -> list[Any]:
        return written(self.inks(space.one(operands)))

    @staticmethod
    def _of_pattern(name: Any, named: Any) -> RgbSpace | None:
        value = named.get(str(name)) if isinstance(named, Dictionary) else None
        if isinstance(value, Array) and len(value) > 1 and value[0] == "/Pattern":
            return rgb_space(value[1], named)
        return None

    # -------------------------------------------------------------------------------------------------- pictures

    def _inline(self, picture: Any, resources: Any) -> Any:
        """What draws a picture of the content as one of its resources, in inks; None where it has no RGB."""
        space = rgb_space(picture.obj.get("/ColorSpace", picture.obj.get("/CS")), resources.get("/ColorSpace"))
        if space is None or picture.bits_per_component != 8:
            return None
        try:
            shown = picture.as_pil_image()
        except UNREADABLE:
            return None
        if shown.mode != "RGB":
            return None
        if not isinstance(resources.get("/XObject"), Dictionary):
            resources.XObject = Dictionary()
        drawings = resources.XObject
        name = next(name for at in itertools.count(1) if (name := f"/Inked{at}") not in drawings)
        made = Stream(self.pdf, b"", Type=Name.XObject, Subtype=Name.Image)
        made.Width, made.Height = shown.size
        self._write(made, space, shown, lossy=False)
        drawings[name] = self.pdf.make_indirect(made)
        return [Name(name)], Operator("Do")

    def _picture(self, one: Stream) -> None:
        space = rgb_space(one.get("/ColorSpace"))
        mask = one.get("/SMask")
        if space is None or (isinstance(mask, Stream) and "/Matte" in mask):
            return
        decode = [float(part) for part in one.get("/Decode", _IDENTITY)]
        if decode not in (_IDENTITY, _INVERTED):
            return
        shown = _as_stored(one)
        if shown.mode == "RGBA" and isinstance(one.get("/Mask"), Array):  # of colours, which are others in inks
            self._mask(one, shown.getchannel("A"))
            shown = shown.convert("RGB")
        if shown.mode != "RGB":
            return
        if decode == _INVERTED:
            shown = ImageChops.invert(shown)
        filters = one.get("/Filter")
        last = filters[-1] if isinstance(filters, Array) and len(filters) else filters
        self._write(one, space, shown, lossy=last in ("/DCTDecode", "/JPXDecode"))

    def _mask(self, one: Stream, clear: Image.Image) -> None:
        mask = Stream(self.pdf, clear.tobytes(), Type=Name.XObject, Subtype=Name.Image, BitsPerComponent=8)
        mask.ColorSpace, (mask.Width, mask.Height) = Name.DeviceGray, clear.size
        del one["/Mask"]
        one.SMask = self.pdf.make_indirect(mask)

    def _write(self, one: Stream, space: RgbSpace, shown: Image.Image, *, lossy: bool) -> None:
        inked = to_cmyk(space.srgb(shown), self.profile)
        if lossy:
            out = io.BytesIO()
            inked.save(out, "JPEG", quality=QUALITY, subsampling=0)
            one.write(out.getvalue(), filter=Name.DCTDecode)
            one.Decode = Array([1, 0] * 4)  # Pillow writes it inverted, as Adobe has it
        else:
            one.write(inked.tobytes())
            if "/Decode" in one:
                del one["/Decode"]
        one.ColorSpace, one.BitsPerComponent = Name.DeviceCMYK, 8
        for key in ("/SMaskInData", "/Intent"):
            if key in one:
                del one[key]
        self.changed = True

    # ---------------------------------------------------------------------------------------------------- spaces

    def _spaces(self, one: Any) -> None:
        """Put inks into the place of the spaces that an object names."""
        if isinstance(one, Array):
            self._in_array(one)
            return
        if "/ShadingType" in one:
            self._shading(one)
            return
        space = one.get("/ColorSpace")
        if isinstance(space, Dictionary):
            for name, value in list(space.items()):
                if name == "/DefaultRGB":
                    del space[name]
                elif rgb_space(value):
                    space[name] = Name.DeviceCMYK
                    self.changed = True
        if one.get("/S") == "/Transparency" and rgb_space(one.get("/CS")):
            one.CS = Name.DeviceCMYK
            self.changed = True

    def _in_array(self, one: Array) -> None:
        kind = str(one[0]) if len(one) > 1 else ""
        if kind == "/Indexed" and len(one) == 4 and (space := rgb_space(one[1])):
            for at, part in enumerate(palette_in_inks(one, space, self.inks)):
                one[at] = part
        elif kind == "/Pattern" and rgb_space(one[1]):
            one[1] = Name.DeviceCMYK
        elif kind in ("/Separation", "/DeviceN") and len(one) > 3 and (space := rgb_space(one[2])):
            one[3] = function_in_inks(one[3], space, self.inks, self.pdf)
            one[2] = Name.DeviceCMYK
        else:
            return
        self.changed = True

    def _shading(self, one: Any) -> None:
        space = rgb_space(one.get("/ColorSpace"))
        if space is None or "/Function" not in one:
            return
        function = one.Function
        one.Function = function_in_inks(function, space, self.inks, self.pdf)
        one.ColorSpace = Name.DeviceCMYK
        if "/Background" in one:
            one.Background = Array(self._inked(space, list(one.Background)))
        self.changed = True


def _as_stored(one: Stream) -> Image.Image:
    """A picture whatever its /Decode says, which is heeded of some kinds and not of others."""
    decode = one.get("/Decode")
    if decode is not None:
        del one["/Decode"]
    try:
        with warnings.catch_warnings(action="ignore", category=UserWarning):  # of what 16 bits lose
            return pikepdf.PdfImage(one).as_pil_image()
    finally:
        if decode is not None:
            one.Decode = decode
