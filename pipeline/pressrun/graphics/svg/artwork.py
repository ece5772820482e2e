"""Logos as flat vector paths, which picosvg makes of them.

Placed as SVG, a logo would arrive in the press file as ICC-based sRGB; drawn as paths, each fill becomes the
brand's exact ink.
"""

from __future__ import annotations

import functools
import io
import math
import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from picosvg import svg_pathops
from picosvg.svg_types import SVGPath
from PIL import Image, ImageColor, ImageStat

from pressrun.graphics.paths.outlines import steps, written
from pressrun.graphics.paths.svg_paths import Command, Step, UnusablePath, plain, steps_of
from pressrun.graphics.svg.color_words import with_known_colors
from pressrun.graphics.svg.flat_drawings import FlatDrawing
from pressrun.graphics.svg.limits import MOST_PIXELS, UnusableSvg, check_drawn, parsed
from pressrun.graphics.svg.unheeded import unheeded
from pressrun.model.color import Ink
from pressrun.model.geometry import Rect
from pressrun.model.rendering import Path

NO_INK = ("text", "image", "filter", "mask", "pattern", "linearGradient", "radialGradient", "foreignObject", "script")
TRANSLUCENT = "translucent fills cannot be drawn in exact inks; use the flat colour"
SHAPES = ("path", "rect", "circle", "ellipse", "line", "polyline", "polygon")
FLAT = 1e-6  # of its length: what is no wider is a line
OFTEN = 3  # times that drawing programs go over a line
MOST_REPEATED_LINES = 20
FIRST_NUMBER = 0x0A0B00  # of those that stand for colours: none that has a name is near
_PAINT = re.compile(r"""(?<=[\s;"'])((?:fill|stroke)\s*[:=]\s*["']?\s*)(#(?:[\da-f]{6}|[\da-f]{3}))(?![\da-f])""", re.I)


class UnusableArtwork(Exception):
    """A logo that cannot be drawn in exact inks, with the reason."""


class ArtPath(Struct, frozen=True):
    """A filled path: ``fill`` #RRGGBB, ``outline`` in the operators of `outlines`, in the artwork's units."""

    fill: str
    even_odd: bool
    outline: str


class Artwork(Struct, frozen=True):
    """Paths in a frame of ``width`` x ``height`` of the artwork's own units, the origin at its upper left; or a picture
    of so many pixels, which has a ``color`` (#RRGGBB) that carries it. ``ink`` is where something of it shows, as far
    as the points of its outlines tell."""

    width: float
    height: float
    paths: tuple[ArtPath, ...]
    ink: Rect
    color: str = ""

    def painted(self, inks: Mapping[str, Ink]) -> tuple[Path, ...]:
        """Its paths in inks, each of which is given by the fill that it stands for. Raises UnusableArtwork."""
        for path in self.paths:
            if path.fill not in inks:
                raise _off_palette(path.fill, inks)
        return tuple(Path(path.outline, inks[path.fill], even_odd=path.even_odd) for path in self.paths)


def look_over(svg: bytes, palette: Collection[str] | None) -> None:
    """What is wrong with a logo at first sight, in no time: it is flattened later, where it is drawn. ``palette`` has
    the colours (#RRGGBB) that its fills and strokes may have; None where nobody knows them all.

    Raises UnusableArtwork.
    """
    if is_picture(svg):
        return
    try:
        root = parsed(with_known_colors(svg))
    except UnusableSvg as fault:
        raise UnusableArtwork(str(fault)) from fault
    tags = {_tag(element) for element in root.iter()}
    if refused := [tag for tag in NO_INK if tag in tags]:
        raise UnusableArtwork(f"<{refused[0]}> cannot be drawn in exact inks; use flat filled paths")
    if "style" in tags:
        raise UnusableArtwork('<style> is not read; write each fill as an attribute, fill="#1F3A2E"')
    if left_out := unheeded(root):
        raise UnusableArtwork(f"it asks for {left_out[0].asked}, which is not drawn: {left_out[0].hint}")
    try:
        check_drawn(root)
    except UnusableSvg as fault:
        raise UnusableArtwork(str(fault)) from fault
    for color in dict.fromkeys(_paints(root, {"fill": "black", "stroke": "none"})):
        if (fill := _hex(color)) and palette is not None and fill not in palette:
            raise _off_palette(fill, palette)


def _paints(element: ElementTree.Element, inherited: dict[str, str]) -> Iterator[str]:
    """The colours of all shapes that are drawn as they stand; what ``defs`` hold is seen where it is used."""
    if _tag(element) in ("defs", "symbol", "clipPath"):
        return
    own = {name: value for name in ("fill", "stroke", "display") if (value := _property(element, name))}
    if own.get("display") == "none":
        return
    if any(_property(element, name).startswith(("0.", ".")) for name in ("opacity", "fill-opacity", "stroke-opacity")):
        raise UnusableArtwork(TRANSLUCENT)
    painted = {name: own.get(name, inherited[name]) for name in inherited}
    if _tag(element) in SHAPES:
        yield from (color for color in painted.values() if color != "none")
    for child in element:
        yield from _paints(child, painted)


def _property(element: ElementTree.Element, name: str) -> str:
    """A presentation attribute; what ``style`` says goes before it (SVG 2, 6.6)."""
    said = dict(part.split(":", 1) for part in element.get("style", "").split(";") if ":" in part)
    styled = {key.strip(): value for key, value in said.items()}
    return styled.get(name, element.get(name, "")).strip()


def _tag(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _off_palette(fill: str, palette: Iterable[str]) -> UnusableArtwork:
    return UnusableArtwork(f"its fill {fill} is no colour of the palette; use one of {', '.join(palette)}")


@functools.lru_cache(maxsize=64)
def read_artwork(svg: bytes) -> Artwork:
    """Flatten an SVG logo: shapes, strokes, transforms and clips become plain filled paths.

    Raises UnusableArtwork for gradients, opacity, text, pictures and filters, which have no exact ink. A PNG is taken
    as it is.
    """
    if is_picture(svg):
        return _picture(svg)
    look_over(svg, None)
    try:
        numbered, colors = _numbered(with_known_colors(svg).decode("utf-8"))
    except UnicodeDecodeError as error:
        raise UnusableArtwork(f"it cannot be read as flat artwork: {error}") from error
    drawn = _flattened(numbered)
    paths = (replace(path, fill=_hex(colors.get(path.fill, path.fill))) for path in drawn.paths)
    return replace(drawn, paths=tuple(paths))


def silhouette(svg: bytes) -> tuple[str, tuple[float, float]]:
    """The outline of all that an SVG draws, whatever its colours: path data, in a frame of this width and height.

    Raises UnusableArtwork.
    """
    try:
        check_drawn(parsed(svg))
        drawing = _Drawing.fromstring(svg.decode("utf-8"))
        _check_repeats(drawing)
        drawing.topicosvg(inplace=True)
    except UnusableArtwork:
        raise
    except UnusableSvg as fault:
        raise UnusableArtwork(str(fault)) from fault
    except Exception as error:  # picosvg raises whatever it stumbles over
        raise UnusableArtwork(f"it cannot be read: {error}") from error
    box = drawing.view_box()
    if box is None or box.w <= 0 or box.h <= 0:
        raise UnusableArtwork("it has no viewBox")
    shown = [shape for shape in drawing.shapes() if "none" not in (shape.fill, shape.display) and shape.opacity > 0]
    paths = [(commands, shape.fill_rule) for shape in shown if (commands := _painting(shape))]
    if not paths:
        raise UnusableArtwork("it draws nothing")
    joined = SVGPath.from_commands(svg_pathops.union([commands for commands, _ in paths], [rule for _, rule in paths]))
    return path_data(steps_of(plain(joined), (box.x, box.y))), (box.w, box.h)


def path_data(taken: Iterable[Step]) -> str:
    """Steps as SVG has them."""
    parts: list[str] = []
    for step in taken:
        numbers = " ".join(written(part) for part in step if not isinstance(part, str))
        parts.append("Z" if step[-1] == "h" else f"{str(step[-1]).upper()}{numbers}")
    return "".join(parts)


def is_picture(data: bytes) -> bool:
    """Whether a logo is of pixels: a PNG."""
    return data.startswith(b"\x89PNG")


def _picture(data: bytes) -> Artwork:
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise UnusableArtwork(f"it has over {MOST_PIXELS // 10**6} million pixels")
            seen = picture.convert("RGBA")
    except (OSError, ValueError, SyntaxError) as error:
        raise UnusableArtwork(f"it is no PNG that can be read: {error}") from error
    cover = seen.getchannel("A")
    if (shown := cover.getbbox()) is None:
        raise UnusableArtwork("it draws nothing")
    mean = ImageStat.Stat(seen.convert("RGB"), cover.point(lambda level: 255 if level > 127 else 0)).mean
    left, top, right, bottom = shown
    color = "#" + "".join(f"{round(level):02X}" for level in mean)
    return Artwork(*seen.size, (), Rect(left, top, right - left, bottom - top), color)


def _numbered(svg: str) -> tuple[str, dict[str, str]]:
    """An SVG with a number in place of each colour that is written as one, and what the numbers stand for: versions of
    a logo mostly differ in nothing else, and what they share is flattened once."""
    numbers: dict[str, str] = {}

    def number(paint: re.Match[str]) -> str:
        return paint[1] + numbers.setdefault(paint[2], f"#{FIRST_NUMBER + len(numbers):06X}")

    return _PAINT.sub(number, svg), {number: color for color, number in numbers.items()}


@functools.lru_cache(maxsize=64)
def _flattened(svg: str) -> Artwork:
    try:
        flat = _Drawing.fromstring(svg)
        _check_repeats(flat)
        flat.topicosvg(inplace=True)
        box = flat.view_box()
    except UnusableArtwork:
        raise
    except UnusableSvg as fault:
        raise UnusableArtwork(str(fault)) from fault
    except Exception as error:  # picosvg raises whatever it stumbles over
        raise UnusableArtwork(f"it cannot be read as flat artwork: {error}") from error
    if box is None or box.w <= 0 or box.h <= 0:
        raise UnusableArtwork("it has no viewBox")
    paths = []
    for shape in flat.shapes():
        opacity = shape.opacity * shape.fill_opacity
        if "none" in (shape.fill, shape.display) or opacity == 0 or not (commands := _painting(shape)):
            continue
        if opacity < 0.999:
            raise UnusableArtwork(TRANSLUCENT)
        paths.append(ArtPath(_hex(shape.fill), shape.fill_rule == "evenodd", _outline(commands, box)))
    if not paths:
        raise UnusableArtwork("it draws nothing")
    return Artwork(box.w, box.h, tuple(paths), _reach(paths, box.w, box.h))


def _reach(paths: Iterable[ArtPath], width: float, height: float) -> Rect:
    """The rectangle around the points of outlines, within a frame of this size; all of it, where none lies there."""
    numbers = [float(word) for path in paths for word in path.outline.split() if not word.isalpha()]
    xs, ys = ([min(max(0.0, at), edge) for at in ats] for ats, edge in ((numbers[::2], width), (numbers[1::2], height)))
    found = Rect(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
    return found if found.width and found.height else Rect(0, 0, width, height)


class _Drawing(FlatDrawing):
    """Looks for what paints nothing are left to `_painting`: picosvg parses the text of every path anew for each."""

    def remove_empty_subpaths(self, inplace: bool = False) -> None: ...

    def remove_unpainted_shapes(self, inplace: bool = False) -> None: ...


def _painting(shape: Any) -> list[Command]:
    """What paints of a flattened shape: absolute M, L, Q, C and Z of the subpaths that have an area."""
    subpaths: list[list[Command]] = []
    path = plain(shape.as_path())
    for command, args in path:
        if command == "M" or not subpaths:
            subpaths.append([])
        subpaths[-1].append((command, args))
    return [step for subpath in subpaths if _has_area(subpath) for step in subpath]


def _has_area(commands: list[Command]) -> bool:
    """Whether the points of a subpath do not all lie on one line."""
    points = [complex(*args[at : at + 2]) for _, args in commands for at in range(0, len(args), 2)]
    away = [point - points[0] for point in points]
    farthest = max(away, key=abs, default=0j)
    return any(abs((one * farthest.conjugate()).imag) > FLAT * abs(farthest) ** 2 for one in away)


def _check_repeats(drawing: FlatDrawing) -> None:
    """Outlines of lines that lie on each other many times take time without end."""
    for shape in drawing.shapes():
        lines = Counter(_lines(shape.as_path().d))
        if sum(count for count in lines.values() if count > OFTEN) > MOST_REPEATED_LINES:
            raise UnusableArtwork("a path of it goes over the same lines again and again; draw them once")


def _lines(data: str) -> list[tuple[object, ...]]:
    """The lines and curves of path data as they are written, each with where it begins."""
    found: list[tuple[object, ...]] = []

    def note(_: object, begin: object, command: str, args: tuple[float, ...], *before: object) -> Any:
        if args and command not in "Mm":
            found.append((begin, command, *args))
        return ((command, args),)

    SVGPath(d=data).walk(note)
    return found


def _hex(fill: str) -> str:
    try:
        red, green, blue, *alpha = ImageColor.getrgb(fill)
    except ValueError as error:
        raise UnusableArtwork(f"the fill {fill!r} is not a plain colour") from error
    if alpha and alpha[0] < 255:
        raise UnusableArtwork(TRANSLUCENT)
    return f"#{red:02X}{green:02X}{blue:02X}"


def _outline(commands: list[Command], box: Any) -> str:
    """Commands of a path, from the upper left of a box on, to a millionth of its size."""
    digits = max(0, 6 - math.ceil(math.log10(max(box.w, box.h))))
    try:
        return steps(steps_of(commands, (box.x, box.y)), digits)
    except UnusablePath as error:
        raise UnusableArtwork(str(error)) from error
