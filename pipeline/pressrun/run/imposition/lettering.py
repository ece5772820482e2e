"""Words on the edge of a sheet, as outlines of FiraGO: the one file here that imports uharfbuzz."""

from __future__ import annotations

import functools
import re
from typing import Any

import uharfbuzz

from pressrun.graphics.paths.outlines import written
from pressrun.graphics.typefaces.fonts import firago_regular

Point = tuple[float, float]
INSTEAD = "?"  # of a letter that the font has not
_LETTER = "L"
_PLACED = re.compile(rf"/({_LETTER}\d+) Do")


@functools.cache
def _font() -> tuple[Any, frozenset[int]]:
    face = uharfbuzz.Face(firago_regular())
    return uharfbuzz.Font(face), frozenset(face.unicodes)


class _Pen:
    """Takes outlines in the font's units, and writes them as PDF's operators; quadratic curves become cubic ones."""

    def __init__(self) -> None:
        self._at: Point = (0.0, 0.0)
        self.steps: list[str] = []

    def moveTo(self, point: Point) -> None:
        self._step("m", point)

    def lineTo(self, point: Point) -> None:
        self._step("l", point)

    def curveTo(self, first: Point, second: Point, point: Point) -> None:
        self._step("c", first, second, point)

    def qCurveTo(self, control: Point, point: Point) -> None:
        first, second = (
            (start[0] + 2 / 3 * (control[0] - start[0]), start[1] + 2 / 3 * (control[1] - start[1]))
            for start in (self._at, point)
        )
        self._step("c", first, second, point)

    def closePath(self) -> None:
        self.steps.append("h")

    def endPath(self) -> None:
        pass

    def _step(self, operator: str, *points: Point) -> None:
        self._at = points[-1]
        numbers = (written(part, 1) for point in points for part in point)
        self.steps.append(" ".join((*numbers, operator)))


@functools.cache
def letter(name: str) -> tuple[str, tuple[float, ...]]:
    """What a letter that `outlines` places by its name draws, filled, in the font's units; and a box around it."""
    font, pen = _font()[0], _Pen()
    font.draw_glyph_with_pen(int(name.removeprefix(_LETTER)), pen)
    reach = 2.0 * font.face.upem
    return " ".join((*pen.steps, "f")), (-reach, -reach, reach, reach)


def letters_in(drawn: str) -> frozenset[str]:
    """The names of the letters that operators place."""
    return frozenset(_PLACED.findall(drawn))


@functools.lru_cache(maxsize=4096)
def _lettered(text: str) -> tuple[str, float]:
    """The letters of a line of text, each placed behind the one before, and how long it is, in the font's units."""
    font, covered = _font()
    buffer = uharfbuzz.Buffer()
    buffer.add_str("".join(one if ord(one) in covered else INSTEAD for one in text))
    buffer.guess_segment_properties()
    uharfbuzz.shape(font, buffer)
    x = y = at_x = at_y = 0.0
    steps: list[str] = []
    for glyph, place in zip(buffer.glyph_infos or (), buffer.glyph_positions or (), strict=True):
        left, up = x + place.x_offset, y + place.y_offset
        if letter(name := f"{_LETTER}{glyph.codepoint}")[0] != "f":  # a blank
            steps.append(f"1 0 0 1 {written(left - at_x, 1)} {written(up - at_y, 1)} cm /{name} Do")
            at_x, at_y = left, up
        x, y = x + place.x_advance, y + place.y_advance
    return " ".join(steps), x


def length(text: str, size: float) -> float:
    """How long a line of text is, in points."""
    return _lettered(text)[1] * size / float(_font()[0].face.upem)


def outlines(text: str, size: float, x: float, y: float, upwards: bool = False) -> str:
    """A line of text as operators for a page whose y points downwards: each `letter` is placed by its name. Its
    baseline begins at a point and runs to the right, or upwards."""
    scale = size / _font()[0].face.upem
    a = written(scale, 6)
    matrix = f"0 -{a} -{a} 0" if upwards else f"{a} 0 0 -{a}"
    return f"q {matrix} {written(x)} {written(y)} cm {_lettered(text)[0]} Q"
