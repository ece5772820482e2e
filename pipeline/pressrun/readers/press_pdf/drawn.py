"""Pictures, forms and shadings that are drawn (ISO 32000, 8.7.4.2, 8.8 and on)."""

from __future__ import annotations

import contextlib
import math
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

import numpy
import pikepdf

from pressrun.readers.press_pdf.bilevel import MILD
from pressrun.readers.press_pdf.budget import TooLong
from pressrun.readers.press_pdf.color_space import ColorSpace
from pressrun.readers.press_pdf.colors import UNKNOWN, read_space
from pressrun.readers.press_pdf.facts import Object, Rectangle, WhiteEdge
from pressrun.readers.press_pdf.functions import STEPS, Unsolved, values_at
from pressrun.readers.press_pdf.graphics_state import OF_LIGHT, Paint, across, common
from pressrun.readers.press_pdf.images import NotMeasured, decode_of, jpeg_quality, jpx_space
from pressrun.readers.press_pdf.level import INK_TOLERANCE, Level
from pressrun.readers.press_pdf.meshes import KINDS, Unreadable, corner_colors
from pressrun.readers.press_pdf.operators import BROKEN
from pressrun.readers.press_pdf.paths import Handler, Operands, look_at_intent
from pressrun.readers.press_pdf.picture_edges import Decoded, white_edges
from pressrun.readers.press_pdf.streams import filters_of
from pressrun.readers.press_pdf.traits import (
    LZW,
    BrokenPicture,
    ImageUse,
    InkSum,
    Transparency,
    UnknownInk,
    XObjectKind,
)

TINIEST = 0.01  # points; what is squeezed to less is not seen
_SHORT = {"/W": "/Width", "/H": "/Height", "/BPC": "/BitsPerComponent", "/CS": "/ColorSpace", "/IM": "/ImageMask",
          "/F": "/Filter", "/D": "/Decode", "/DP": "/DecodeParms"}  # fmt: skip
_PAPER = {"DeviceGray": True, "DeviceRGB": True, "DeviceCMYK": False}  # the bits of a sample that prints nothing
PLAIN: tuple[list[str], ...] = ([], ["/Fl"], ["/FlateDecode"])
MOST_INLINE = 4 * 2**20  # bytes of a picture within a page's content


def draw(level: Level, operands: Operands) -> None:
    drawn = level.named("/XObject", operands[0])
    if not isinstance(drawn, pikepdf.Stream):
        level.problem(f"there is no {operands[0]} to draw")
        return
    kind = level.walk.keys.name(drawn, "/Subtype")
    for key, told in (("/OPI", "OPI"), ("/Ref", "a reference to another file"), ("/PS", "PostScript")):
        if key in drawn:
            level.saw(XObjectKind(told))
    if kind == "Image":
        image(level, drawn, str(operands[0])[1:])
    elif kind == "Form" and level.walk.keys.name(drawn, "/Subtype2") != "PS":
        level.walk.draw_form(level, drawn)
    elif kind in ("PS", "Form"):
        level.saw(XObjectKind("PostScript"))
    else:
        level.problem(f"{operands[0]} is drawn, and is neither a picture nor a form")


def image(level: Level, drawn: Any, name: str) -> None:
    keys = level.walk.keys
    width, height = keys.count(drawn, "/Width"), keys.count(drawn, "/Height")
    is_mask = keys.truth(drawn, "/ImageMask")
    written = drawn.get("/ColorSpace")
    space = None if is_mask or written is None else level.space(written)
    if space is None and not is_mask:
        space = jpx_space(drawn) if "/JPXDecode" in filters_of(drawn) else UNKNOWN
    at = level.place(0, 0, 1, 1)
    if width <= 0 or height <= 0:
        level.saw(BrokenPicture(name, "it has no size"), at)
    if "/Alternates" in drawn:
        level.saw(XObjectKind("alternate pictures"), at)
    ppi = density(level, width, height)
    if is_flat(level):
        level.saw(BrokenPicture(name, "it is drawn without an area"))
    if (intent := drawn.get("/Intent")) is not None:
        look_at_intent(level, intent)
    mask = keys.stream(drawn, "/SMask")
    if mask is not None or keys.count(drawn, "/SMaskInData"):
        level.saw(Transparency("a soft mask"), at)
    if ppi is None or at is None:
        return
    bits = 1 if is_mask else keys.count(drawn, "/BitsPerComponent", 8)
    most, heavy, problem = None, 0.0, None
    if space is not None and level.where != "soft mask":
        measured = level.walk.ink(drawn, space, (width, height), ppi)
        most, heavy, problem, quality = measured.most, measured.heavy, measured.problem, measured.quality
        if measured.at is not None and most is not None and most > level.walk.ink_limit:
            left, top, right, bottom = measured.at
            level.walk.heavy_places[name] = level.place(left, 1 - bottom, right, 1 - top)
    else:
        quality = jpeg_quality(drawn)
    use = ImageUse(name, width, height, round(ppi, 2), bits, space, is_mask, most, heavy, problem, quality)
    _note(level, use, at, is_white=most == 0)
    decoded, level.walk.decoded = level.walk.decoded, None
    if space is not None and mask is None and "/Mask" not in drawn and level.where != "soft mask":
        _white_edges(level, drawn, use, at, decoded)
    bits_each = 1 if is_mask else bits * (space.components if space is not None else 0)
    if fault := level.walk.picture_fault(drawn, (width, height), bits_each, most is not None):
        level.saw(BrokenPicture(name, fault, perhaps=fault in MILD), at)
    for one, hard in ((mask, False), (_hard_mask(drawn), True)):
        if one is not None:
            _note_mask(level, one, name, at, hard)


def _hard_mask(drawn: Any) -> Any:
    """The stencil that a picture shows through; a list there is of colours that do not show."""
    mask = drawn.get("/Mask")
    return mask if isinstance(mask, pikepdf.Stream) else None


def _note_mask(level: Level, mask: Any, name: str, at: Rectangle, hard: bool) -> None:
    keys = level.walk.keys
    sides = keys.count(mask, "/Width"), keys.count(mask, "/Height")
    if not hard and "/ColorSpace" in mask and level.space(mask.get("/ColorSpace")).components != 1:
        level.saw(BrokenPicture(name, "its soft mask is not gray"), at)
    if (own := density(level, *sides)) is not None:
        level.saw(ImageUse(name, *sides, round(own, 2), 8, None, is_mask=hard, is_soft_mask=True), at)


def _white_edges(level: Level, drawn: Any, use: ImageUse, at: Rectangle, decoded: Decoded | None) -> None:
    """Note where a picture that is seen ``at`` a place is white in the bleed that the printer asks for."""
    facts, bleed, matrix = level.facts, level.walk.bleed, level.state.matrix
    trim = facts.boxes.finished
    upright = abs(matrix.b) + abs(matrix.c) < TINIEST or abs(matrix.a) + abs(matrix.d) < TINIEST
    if trim is None or not bleed or not upright or use.space is None or not level.walk.reaches_trim(at):
        return
    size = use.width, use.height
    for side, strip in white_edges(drawn, use.space, size, matrix, trim, bleed, level.walk.budget, decoded):
        if (seen := common(strip, at)) is not None:
            facts.white_edges.append(WhiteEdge(use.name, side, seen, len(facts.covered)))


def inline_image(level: Level, operands: Operands) -> None:
    """The keys of an inline picture, their values, and its data."""
    told = dict(zip(map(str, operands[:-1:2]), operands[1::2], strict=False))
    keys = {_SHORT.get(key, key): value for key, value in told.items()}
    width, height = int(keys.get("/Width", 0)), int(keys.get("/Height", 0))
    is_mask = keys.get("/ImageMask") is True
    written = keys.get("/ColorSpace")
    space = None
    if not is_mask and written is not None:
        space = read_space(written, level.resources, level.walk.keys, inline=True)
    ppi, at = density(level, width, height), level.place(0, 0, 1, 1)
    if is_flat(level):
        level.saw(BrokenPicture("inline picture", "it is drawn without an area"))
    if (intent := keys.get("/Intent")) is not None:
        look_at_intent(level, intent)
    filters = keys.get("/Filter", ())
    packed_by = [str(one) for one in ([filters] if isinstance(filters, pikepdf.Name) else list(filters))]
    for name in packed_by:
        if name in ("/LZW", "/LZWDecode"):
            level.saw(XObjectKind(LZW), at)
    if ppi is None or at is None:
        return
    bits = 1 if is_mask else int(keys.get("/BitsPerComponent", 8))
    most, is_white = None, False
    if space is not None and len(operands) % 2:
        data = operands[-1].unparse()
        with contextlib.suppress(NotMeasured):
            turned = decode_of(keys)[:1] == [1]
            if space.kind == "DeviceCMYK" and bits == 8 and not packed_by:
                most = _most_inline(data, width * height, turned=turned)
            if space.kind in _PAPER and packed_by in PLAIN and "/DecodeParms" not in keys:
                row = width * space.components * bits
                is_white = _is_alike(data, (row, height), _PAPER[space.kind] != turned, packed=bool(packed_by))
    use = ImageUse("inline picture", width, height, round(ppi, 2), bits, space, is_mask, most)
    _note(level, use, at, is_white=is_white)


def _most_inline(data: bytes, pixels: int, *, turned: bool) -> float | None:
    """Percent of ink of the heaviest pixel; None where they are not all there."""
    if len(data) < 4 * pixels:
        return None
    sums = numpy.frombuffer(data[: 4 * pixels], numpy.uint8).reshape(-1, 4).sum(axis=1, dtype=numpy.int32)
    return float(1020 - sums.min() if turned else sums.max()) / 2.55


def _is_alike(data: bytes, size: tuple[int, int], bit: bool, *, packed: bool) -> bool:
    """Whether samples, of so many bits a row and rows, are all there, and all their bits are so."""
    row, rows = size
    length = -(-row // 8)
    if length * rows > MOST_INLINE:
        return False
    if packed:
        try:
            data = zlib.decompressobj().decompress(data, length * rows)
        except zlib.error:
            return False
    if len(data) < length * rows:
        return False
    samples = numpy.frombuffer(data[: length * rows], numpy.uint8).reshape(rows, length)
    return bool((numpy.unpackbits(samples, axis=1)[:, :row] == bit).all())


def _note(level: Level, use: ImageUse, at: Rectangle, *, is_white: bool = False) -> None:
    upright = level.state.matrix.b == 0 == level.state.matrix.c or level.state.matrix.a == 0 == level.state.matrix.d
    if use.is_mask:
        level.paint("fill", at)
    elif use.space is not None:
        level.use_space(use.space, at)
        most = _most_of(use.space) if use.max_ink is None else use.max_ink
        level.lay(use.name, most, at, overprints=level.state.overprint_fill)
        level.cover(at, upright, colored=use.space.kind != "DeviceGray" and not is_white)
        if not is_white:
            level.show(at)
    level.saw(use, at)


def _most_of(space: ColorSpace) -> float:
    """Percent of ink that something in a colour space may have."""
    ground = space.ground
    if ground.is_cmyk or ground.inks or ground.kind == "DeviceGray":
        return 100.0 * ground.components
    return OF_LIGHT


def density(level: Level, width: int, height: int) -> float | None:
    """Pixels to an inch along the worse edge; None for a picture that is squeezed to nothing."""
    across_page, down = level.state.matrix.width, level.state.matrix.height
    if across_page < TINIEST or down < TINIEST or width <= 0 or height <= 0:
        return None
    return min(width * 72 / across_page, height * 72 / down)


def is_flat(level: Level) -> bool:
    """Whether what is drawn in the unit square has no area."""
    a, b, c, d, _, _ = level.state.matrix
    return abs(a * d - b * c) < TINIEST * TINIEST


def shade(level: Level, operands: Operands) -> None:
    shading(level, level.named("/Shading", operands[0]), level.state.clip)


def shading(level: Level, drawn: Object, at: Rectangle) -> None:
    """A shading fills all that may be painted on, or what its BBox leaves of it."""
    if not isinstance(drawn, pikepdf.Dictionary | pikepdf.Stream):
        return
    box = level.walk.keys.list(drawn, "/BBox")
    within: Rectangle | None = common(at, level.facts.boxes.media)
    if len(box) == 4 and within is not None:
        within = common(within, across(level.state.matrix, *(float(edge) for edge in box)))
    if within is None:
        return
    level.show(within)
    space: ColorSpace = level.space(drawn.get("/ColorSpace"))
    level.lay(("a shading", drawn.objgen), _most_of(space), within, overprints=level.state.overprint_fill)
    level.use_space(space, within)
    _ink_of_shading(level, drawn, space, within)
    level.cover(within, True, colored=True)


def _ink_of_shading(level: Level, drawn: Object, space: ColorSpace, at: Rectangle) -> None:
    """The heaviest colour of a shading: of a mesh at its corners, else by the function that gives its colours."""
    if not (space.is_cmyk or space.kind == "DeviceN") or math.isinf(level.walk.ink_limit):
        return
    try:
        colors = colors_of_shading(level, drawn, space)
        heaviest = max((Paint(space, tuple(values)).total for values in colors), default=0.0)
    except (Unsolved, Unreadable, TooLong, *BROKEN):
        level.saw(UnknownInk("a shading", "nobody can tell its colours without drawing it"), at)
        return
    level.facts.heaviest_fill = max(level.facts.heaviest_fill, heaviest)
    if heaviest > level.walk.ink_limit + INK_TOLERANCE:
        level.saw(InkSum(round(heaviest, 1)), at)


def colors_of_shading(level: Level, drawn: Object, space: ColorSpace) -> Iterable[Sequence[float]]:
    """Colours of a shading, the heaviest among them. Raises Unsolved, Unreadable."""
    keys, budget = level.walk.keys, level.walk.budget
    function, kind = drawn.get("/Function"), keys.count(drawn, "/ShadingType")
    if kind in KINDS and isinstance(drawn, pikepdf.Stream):
        if function is None:
            return corner_colors(drawn, space.components, keys, budget)
        ends = [value for (value,) in corner_colors(drawn, 1, keys, budget)]
        first, last = min(ends, default=0.0), max(ends, default=0.0)
    elif kind in (2, 3) and function is not None:
        domain = keys.list(drawn, "/Domain") if "/Domain" in drawn else [0, 1]
        first, last = float(domain[0]), float(domain[1])
    else:
        raise Unsolved
    places = [first + step * (last - first) / (STEPS - 1) for step in range(STEPS)]
    return [values_at(function, one, keys, budget) for one in places]


DRAWN_HANDLERS: dict[str, Handler] = {"Do": draw, "sh": shade, "EI": inline_image}
