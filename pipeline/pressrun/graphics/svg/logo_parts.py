"""Which parts of a logo carry it, and by which of their colours it is seen where one of them is that of the ground."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct
from picosvg import svg_pathops

from pressrun.graphics.paths.svg_paths import Command
from pressrun.graphics.svg.artwork import Artwork
from pressrun.model.color import relative_luminance
from pressrun.model.geometry import Rect
from pressrun.model.light import least_contrast

SMALL = 0.25  # of the area of its parts: the point on an i, and the star beside a name, may be lost
WITHIN = 0.95  # of its area: what lies in another part by so much stands on it
TOLD_APART = 3.0  # WCAG 2.2, success criterion 1.4.11
_LETTERS = {"m": "M", "l": "L", "c": "C", "h": "Z"}
Color = tuple[int, int, int]


class _Part(Struct, frozen=True):
    fill: Color
    commands: tuple[Command, ...]
    rule: str
    reach: Rect
    area: float
    shown: float
    """Of its area, what no part above it covers."""


@functools.lru_cache(maxsize=64)
def seen_by(artwork: Artwork, color: Color) -> tuple[Color, ...]:
    """The colours by which the part that carries a logo is seen where a ground may have this one of them: the color
    itself, and those around or within it, as of a keyline; what stands beside it does not show it. None where that part
    is small, stands on another that it can be told from, or carries such a one, and where nobody can tell. A picture
    is not looked into."""
    try:
        parts = _parts(artwork)
        alone = [one for one in parts if one.fill == color and not any(_tells(one, other) for other in parts)]
    except Exception:  # picosvg raises whatever it stumbles over
        return ()
    fair = SMALL * _shown(parts)
    if not alone or _shown(alone) < fair:
        return ()
    near = [one for one in parts if any(one.reach.meets(other.reach) for other in alone)]
    others = dict.fromkeys(one.fill for one in near if one.fill != color)
    return (color, *(fill for fill in others if _shown(one for one in near if one.fill == fill) >= fair))


def _shown(parts: Iterable[_Part]) -> float:
    return sum(one.shown for one in parts)


def _parts(artwork: Artwork) -> list[_Part]:
    """Those that are not covered by others, from the upper one down."""
    parts: list[_Part] = []
    for path in reversed(artwork.paths):
        commands, rule = tuple(_commands(path.outline)), "evenodd" if path.even_odd else "nonzero"
        reach = _reach(commands)
        above = [one for one in parts if one.reach.meets(reach)]
        area = shown = _area(svg_pathops.remove_overlaps(commands, rule))
        if above:
            shown = _area(svg_pathops.difference(
                [commands, *(one.commands for one in above)], [rule, *(one.rule for one in above)]
            ))  # fmt: skip
        red, green, blue = bytes.fromhex(path.fill[1:])
        if shown:
            parts.append(_Part((red, green, blue), commands, rule, reach, area, shown))
    return parts


def _commands(outline: str) -> Iterator[Command]:
    """Those of SVG, of an outline in PDF's operators."""
    numbers: list[float] = []
    for word in outline.split():
        if word.isalpha():
            yield _LETTERS[word], tuple(numbers)
            numbers = []
        else:
            numbers.append(float(word))


def _reach(commands: Iterable[Command]) -> Rect:
    numbers = [(args[0::2], args[1::2]) for _, args in commands]
    xs, ys = ([at for pair in numbers for at in pair[axis]] for axis in (0, 1))
    return Rect(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def _area(commands: Iterable[Any]) -> float:
    return abs(float(svg_pathops.skia_path(tuple(commands), "nonzero").area))


def _tells(part: _Part, other: _Part) -> bool:
    """Whether one of two parts lies in the other and can be told from it."""
    light = relative_luminance(part.fill)
    if least_contrast(light, light, relative_luminance(other.fill)) < TOLD_APART or not part.reach.meets(other.reach):
        return False
    shared = _area(svg_pathops.intersection([part.commands, other.commands], [part.rule, other.rule]))
    return shared >= WITHIN * min(part.area, other.area)
