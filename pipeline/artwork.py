"""Logos as flat vector paths: the one file that imports picosvg.

Placed as SVG, a logo would arrive in the press file as ICC-based sRGB; drawn as paths, each fill becomes the
brand's exact ink.
"""

from __future__ import annotations

import functools
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass

from picosvg.svg import SVG
from picosvg.svg_types import SVGPath
from PIL import ImageColor

NO_INK = ("text", "image", "filter", "mask", "pattern", "linearGradient", "radialGradient", "foreignObject", "script")


class UnusableArtwork(Exception):
    """A logo that cannot be drawn in exact inks, with the reason."""


@dataclass(frozen=True, slots=True)
class ArtPath:
    """A filled path: ``fill`` #RRGGBB, ``parts`` of absolute M, L, C and Z in the artwork's units."""

    fill: str
    even_odd: bool
    parts: tuple[tuple[str | float, ...], ...]


@dataclass(frozen=True, slots=True)
class Artwork:
    """Paths in a frame of ``width`` x ``height`` of the artwork's own units, the origin at its upper left."""

    width: float
    height: float
    paths: tuple[ArtPath, ...]

    def svg(self, fills: tuple[tuple[str, str], ...]) -> str:
        """The artwork as plain SVG, each fill replaced: ``fills`` are pairs of #RRGGBB, as drawn and as wanted."""
        return _svg(self, fills)


def look_over(svg: bytes) -> None:
    """What is wrong with a logo at first sight, in no time: it is flattened, and measured against the palette, later.

    Raises UnusableArtwork.
    """
    if b"<!ENTITY" in svg:
        raise UnusableArtwork("it defines entities; write them out")
    try:
        tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()}
    except ElementTree.ParseError as error:
        raise UnusableArtwork(f"it is not well-formed XML: {error}") from error
    if refused := [tag for tag in NO_INK if tag in tags]:
        raise UnusableArtwork(f"<{refused[0]}> cannot be drawn in exact inks; use flat filled paths")


@functools.lru_cache(maxsize=64)
def read_artwork(svg: bytes) -> Artwork:
    """Flatten an SVG logo: shapes, strokes, transforms and clips become plain filled paths.

    Raises UnusableArtwork for gradients, opacity, text, pictures and filters, which have no exact ink.
    """
    look_over(svg)
    try:
        flat = SVG.fromstring(svg.decode("utf-8")).topicosvg()
        box = flat.view_box()
    except Exception as error:  # picosvg raises whatever it stumbles over
        raise UnusableArtwork(f"it cannot be read as flat artwork: {error}") from error
    if box is None or box.w <= 0 or box.h <= 0:
        raise UnusableArtwork("it has no viewBox")
    paths = []
    for shape in flat.shapes():
        if shape.opacity * shape.fill_opacity < 0.999:
            raise UnusableArtwork("translucent fills cannot be drawn in exact inks; use the flat colour")
        if shape.fill == "none":
            continue
        paths.append(
            ArtPath(_hex(shape.fill), shape.fill_rule == "evenodd", tuple(_parts(shape.as_path(), box.x, box.y)))
        )
    if not paths:
        raise UnusableArtwork("it draws nothing")
    return Artwork(box.w, box.h, tuple(paths))


def _hex(fill: str) -> str:
    try:
        red, green, blue = ImageColor.getrgb(fill)[:3]
    except ValueError as error:
        raise UnusableArtwork(f"the fill {fill!r} is not a plain colour") from error
    return f"#{red:02X}{green:02X}{blue:02X}"


def _parts(path: SVGPath, left: float, top: float) -> list[tuple[str | float, ...]]:
    parts: list[tuple[str | float, ...]] = []
    x = y = 0.0
    for command, args in path.explicit_lines().absolute().expand_shorthand().arcs_to_cubics():
        moved = [value - (left, top)[index % 2] for index, value in enumerate(args)]
        if command in "ML":
            parts.append((command, *moved))
        elif command == "C":
            parts.append(("C", *moved))
        elif command == "Q":
            (cx, cy), (ex, ey) = moved[:2], moved[2:]
            first = (x + 2 / 3 * (cx - x), y + 2 / 3 * (cy - y))
            second = (ex + 2 / 3 * (cx - ex), ey + 2 / 3 * (cy - ey))
            parts.append(("C", *first, *second, ex, ey))
        elif command == "Z":
            parts.append(("Z",))
        else:
            raise UnusableArtwork(f"path command {command} is not understood")
        if moved:
            x, y = moved[-2], moved[-1]
    return parts


@functools.lru_cache(maxsize=128)
def _svg(art: Artwork, fills: tuple[tuple[str, str], ...]) -> str:
    wanted = dict(fills)
    paths = []
    for path in art.paths:
        if path.fill not in wanted:
            raise UnusableArtwork(f"its fill {path.fill} is no colour of the palette; use one of {', '.join(wanted)}")
        data = "".join(str(part[0]) + " ".join(f"{float(value):.3f}" for value in part[1:]) for part in path.parts)
        rule = ' fill-rule="evenodd"' if path.even_odd else ""
        paths.append(f'<path fill="{wanted[path.fill]}"{rule} d="{data}"/>')
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {art.width:g} {art.height:g}">{"".join(paths)}</svg>'
