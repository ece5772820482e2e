"""Pages drawn in sRGB, separated: every colour of them in the inks of a brand, or in those that a press profile has for
it. What masks are made of becomes gray, which is no ink."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import numpy
import pikepdf
from msgspec import Struct
from pikepdf import Array, Dictionary, Name, Operator, Stream
from PIL import Image

from pressrun.graphics.color.color_distance import UNSEEN, color_distance
from pressrun.graphics.color.inks import PressProfile, to_cmyk
from pressrun.graphics.color.light_spaces import on_paper_of
from pressrun.graphics.pages.pdf_graph import contents, reached
from pressrun.graphics.pages.written_inks import PressInks
from pressrun.graphics.paths.outlines import written
from pressrun.model.color import Ink

Parts = tuple[float, ...]
Inks = tuple[tuple[str, Ink], ...]  # of palette colours, by #RRGGBB
_MASKS = frozenset({"/SMask"})
_PLAIN = frozenset({"rg", "RG", "g", "G"})
_SPACES = {"/DeviceRGB": 3, "/DeviceGray": 1, "/CalRGB": 3, "/CalGray": 1}
_LUMINANCE = (0.2126, 0.7152, 0.0722)  # of red, green and blue (IEC 61966-2-1)


class NotSeparable(Exception):
    """A drawing with colours that nobody can tell without drawing it."""


class _Target(Struct, frozen=True):
    """What colours become: ``parts`` of a space that ``k`` and ``K`` (or ``g`` and ``G``) set, and what a whole picture
    becomes. ``spot`` answers the spot that a colour is printed in by itself, if it is."""

    space: Name
    operators: tuple[str, str]
    parts: Callable[[Parts], Parts]
    picture: Callable[[Image.Image], Image.Image]
    spot: Callable[[Parts], Ink | None]


@functools.lru_cache(maxsize=16)
def separated(pdf: bytes, inks: Inks, profile: bytes) -> bytes:
    """A document drawn in sRGB and gray, in inks. Raises NotSeparable."""
    press = PressProfile("", profile, "", "")
    colors = _Colors(dict(inks), press)
    in_inks = _Target(Name.DeviceCMYK, ("k", "K"), colors.inks, lambda one: to_cmyk(one, press), colors.spot)
    in_gray = _Target(Name.DeviceGray, ("g", "G"), _light, lambda one: one.convert("L"), lambda _: None)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            page.contents_coalesce()
        masked = [one for one in reached(document.Root) if not isinstance(one, Array) and "/SMask" in one]
        for mask in [one.SMask for one in masked if isinstance(one.SMask, Dictionary)]:
            _Separation(document, in_gray).convert(mask)
        _Separation(document, in_inks).convert(document.Root)
        for name in ("/StructTreeRoot", "/MarkInfo", "/Metadata", "/ViewerPreferences"):
            if name in document.Root:
                del document.Root[name]
        out = io.BytesIO()
        document.save(out, static_id=True)
    return out.getvalue()


class _Colors:
    def __init__(self, palette: Mapping[str, Ink], press: PressProfile) -> None:
        self._palette, self._press = palette, press
        self._grays = on_paper_of(press.data).grays[::3]
        self._own: dict[str, Ink | None] = {}

    def _ink(self, parts: Parts) -> Ink | None:
        """The palette colour that this is, or that nobody tells from it."""
        color = _written(parts)
        if color not in self._own:
            near = min(self._palette, key=lambda one: color_distance(color, one), default=None)
            is_own = near is not None and color_distance(color, near) <= UNSEEN
            self._own[color] = self._palette[near] if near is not None and is_own else None
        return self._own[color]

    def spot(self, parts: Parts) -> Ink | None:
        ink = self._ink(parts)
        return ink if ink and ink.spot else None

    def inks(self, parts: Parts) -> Parts:
        ink = self._ink(parts)
        if ink:
            return tuple(part / 100 for part in ink.cmyk)
        levels = _levels(parts)
        if len(set(levels)) == 1:  # black ink alone, as light as it is: nothing else stays neutral
            near = min(range(256), key=lambda at: abs(self._grays[at] - levels[0]))
            return 0.0, 0.0, 0.0, round(1 - near / 255, 4)
        pixel = to_cmyk(Image.new("RGB", (1, 1), levels), self._press).getpixel((0, 0))
        return tuple(round(part / 255, 4) for part in pixel)  # type: ignore[union-attr]  # four of them


def _levels(parts: Parts) -> tuple[int, int, int]:
    red, green, blue = (round(max(0.0, min(1.0, part)) * 255) for part in (parts * 3 if len(parts) == 1 else parts))
    return red, green, blue


def _written(parts: Parts) -> str:
    return "#{:02X}{:02X}{:02X}".format(*_levels(parts))


def _light(parts: Parts) -> Parts:
    if len(parts) == 1:
        return parts
    return (round(sum(share * part for share, part in zip(_LUMINANCE, parts, strict=True)), 4),)


class _Separation:
    def __init__(self, pdf: pikepdf.Pdf, target: _Target) -> None:
        self._pdf, self._target = pdf, target
        self._inks = PressInks(pdf, overprints=False)

    def convert(self, root: Any) -> None:
        """Every colour below an object, but for what its masks are made of."""
        for stream, resources in list(contents(root, _MASKS)):
            stream.write(self._content(stream, resources))
        for one in reached(root, but=_MASKS):
            if isinstance(one, Array):
                if len(one) > 1 and one[0] == "/Pattern" and _channels(one[1]):
                    one[1] = self._target.space
                continue
            if one.get("/Subtype") == "/Image" and _channels(one.get("/ColorSpace")):
                self._picture(one)
            elif "/ShadingType" in one and _channels(one.get("/ColorSpace")):
                self._shading(one)
            if isinstance(one.get("/Group"), Dictionary) and "/CS" in one.Group:
                one.Group.CS = self._target.space
            if isinstance(one.get("/ColorSpace"), Dictionary):
                for name in [name for name, space in one.ColorSpace.items() if _channels(space)]:
                    del one.ColorSpace[name]

    def _content(self, stream: Stream, resources: Any) -> bytes:
        spaces = resources.get("/ColorSpace", Dictionary())
        is_light = {"cs": False, "CS": False}  # whether the spaces in force are of light
        made: list[Any] = []
        for instruction in pikepdf.parse_content_stream(stream):
            operands, operator = list(instruction.operands), str(instruction.operator)
            use = "CS" if operator.isupper() else "cs"
            if operator == use:
                is_light[use] = _channels(spaces.get(str(operands[0]), operands[0])) > 0
                if is_light[use]:
                    made += self._set((0.0,), resources, use)
                    continue
            elif operator in _PLAIN or (operator.lower() in ("sc", "scn") and is_light[use]):
                made += self._set(tuple(map(float, operands)), resources, use)
                continue
            elif operator == "INLINE IMAGE":
                raise NotSeparable("a picture within its content")
            made.append(instruction)
        return pikepdf.unparse_content_stream(made)

    def _set(self, parts: Parts, resources: Any, use: str) -> list[Any]:
        """What sets a colour for filling (``cs``) or for stroking (``CS``)."""
        is_stroke = use == "CS"
        ink = self._target.spot(parts)
        if ink is None:
            return [(_numbers(self._target.parts(parts)), Operator(self._target.operators[is_stroke]))]
        return [([self._spot(resources, ink)], Operator(use)), ([1], Operator("SCN" if is_stroke else "scn"))]

    def _spot(self, resources: Any, ink: Ink) -> Name:
        if not isinstance(resources.get("/ColorSpace"), Dictionary):
            resources.ColorSpace = Dictionary()
        name = Name(f"/{ink.name}")
        resources.ColorSpace[name] = self._inks.spot(ink)
        return name

    def _picture(self, image: Any) -> None:
        shown = pikepdf.PdfImage(image).as_pil_image().convert("RGB")
        for key in ("/Decode", "/DecodeParms", "/Intent"):
            if key in image:
                del image[key]
        image.write(self._target.picture(shown).tobytes())
        image.ColorSpace, image.BitsPerComponent = self._target.space, 8

    def _shading(self, shading: Any) -> None:
        if not isinstance(shading.get("/Function"), (Dictionary, Stream)):
            raise NotSeparable("a shading that is a mesh")
        space, parts = self._shading_space(shading)
        shading.ColorSpace = space
        shading.Function = self._function(shading.Function, parts)
        if "/Background" in shading:
            shading.Background = _numbers(parts(_parts_of(shading.Background)))

    def _shading_space(self, shading: Any) -> tuple[pikepdf.Object, Callable[[Parts], Parts]]:
        """In which a shading runs, and what a colour is there: of spots, a space that has these."""
        spot, plain = self._target.spot, self._target.parts
        colors = [*_ends(shading.Function), *([_parts_of(shading.Background)] if "/Background" in shading else ())]
        if not any(map(spot, colors)):
            return self._target.space, plain

        def ink(color: Parts) -> Ink:
            cyan, magenta, yellow, black = (100 * part for part in plain(color))
            return spot(color) or Ink("", "", (cyan, magenta, yellow, black))

        space, in_space = self._inks.space_of(list(map(ink, colors)))
        return space, lambda color: in_space(ink(color))

    def _function(self, function: Any, parts: Callable[[Parts], Parts]) -> Any:
        """The same way from colour to colour, of which the ends, and each that is written, are as they are to be."""
        kind = function.get("/FunctionType")
        made = Dictionary(FunctionType=kind, Domain=function.Domain)
        if kind == 2:
            made.C0, made.C1 = (_numbers(parts(end)) for end in _ends(function))
            made.N = function.N
            return made
        if kind == 3:
            made.Bounds, made.Encode = function.Bounds, function.Encode
            made.Functions = Array([self._function(one, parts) for one in function.Functions])
            return made
        if kind == 0 and function.get("/BitsPerSample") == 8 and len(function.Size) == 1:
            return self._samples(function, parts)
        raise NotSeparable("a gradient that is a program")

    def _samples(self, function: Any, parts: Callable[[Parts], Parts]) -> Stream:
        colors = _ends(function)
        if any(map(self._target.spot, colors)):
            raise NotSeparable("a gradient of samples in a spot ink")
        converted = numpy.array([parts(color) for color in colors])
        made = Stream(self._pdf, numpy.rint(converted * 255).astype(numpy.uint8).tobytes())
        for key in ("/FunctionType", "/Domain", "/Size", "/BitsPerSample", "/Encode", "/Order"):
            if key in function:
                made[key] = function[key]
        made.Range = Array([0, 1] * converted.shape[1])
        return made


def _ends(function: Any) -> list[Parts]:
    """The colours that a way from colour to colour is written by."""
    kind = function.get("/FunctionType")
    if kind == 2:
        return [_parts_of(function.get("/C0", [0])), _parts_of(function.get("/C1", [1]))]
    if kind == 3:
        return [color for one in function.Functions for color in _ends(one)]
    if kind == 0 and function.get("/BitsPerSample") == 8 and len(function.Size) == 1:
        channels = len(function.Range) // 2
        samples = numpy.frombuffer(function.read_bytes(), numpy.uint8)[: int(function.Size[0]) * channels]
        return [tuple(map(float, color)) for color in samples.reshape(-1, channels) / 255]
    return []


def _parts_of(color: Any) -> Parts:
    return tuple(map(float, color))


def _channels(space: Any) -> int:
    """How many a space of light has; 0 of any other."""
    if isinstance(space, Name):
        return _SPACES.get(str(space), 0)
    if isinstance(space, Array) and len(space) > 1:
        if space[0] == "/ICCBased":
            return int(space[1].N) if int(space[1].N) in (1, 3) else 0
        return _SPACES.get(str(space[0]), 0)
    return 0


def _numbers(parts: Parts) -> Array:
    return Array([Decimal(written(part, 4)) for part in parts])
