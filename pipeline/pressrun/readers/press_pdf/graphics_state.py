"""The graphics state (ISO 32000, 8.4), as far as a printer asks for it."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from dataclasses import dataclass

from pressrun.model.color import is_hard_to_register
from pressrun.readers.press_pdf import colors
from pressrun.readers.press_pdf.color_space import ColorSpace
from pressrun.readers.press_pdf.facts import Object, Rectangle
from pressrun.readers.press_pdf.matrix import Matrix

FAR = 1e9
EVERYWHERE: Rectangle = (-FAR, -FAR, FAR, FAR)


@dataclass(frozen=True, slots=True)
class Paint:
    """A current colour: its space, its numbers, and the pattern if it is one."""

    space: ColorSpace = colors.GRAY
    values: tuple[float, ...] = (0.0,)
    pattern: str | None = None

    @property
    def is_mixed(self) -> bool:
        """Whether it is printed by plates that would have to lie exactly over each other."""
        if self.pattern or not self.space.is_cmyk or len(self.values) != 4:
            return False
        return is_hard_to_register(tuple(100 * part for part in self.values))

    @property
    def is_blank(self) -> bool:
        """Whether it lays down no ink: the paper's white."""
        if self.pattern is not None or not self.values:
            return False
        kind, values = self.space.kind, self.values
        if self.space.is_cmyk or self.space.inks:
            return not any(values)
        return kind not in ("Lab", "Indexed", "unknown") and all(value >= 1 for value in values)

    @property
    def is_black(self) -> bool:
        """Whether it is full black ink and no other."""
        if self.pattern is not None:
            return False
        if self.space.kind == "DeviceCMYK":
            return self.values == (0, 0, 0, 1)
        if self.space.kind == "DeviceGray":
            return self.values == (0,)
        return self.space.inks == ("Black",) and self.values == (1,)

    @property
    def total(self) -> float:
        """Percent of ink on all plates together; 0 where only the printer's conversion would tell."""
        if self.pattern is None and (self.space.is_cmyk or self.space.kind == "DeviceN"):
            return 100 * sum(min(max(value, 0.0), 1.0) for value in self.values)
        return 0.0


@dataclass(slots=True)
class State:
    """What `q` keeps and `Q` brings back. ``clip`` is a rectangle around the clipping path."""

    matrix: Matrix
    clip: Rectangle = EVERYWHERE
    fill: Paint = Paint()
    stroke: Paint = Paint()
    line: float = 1.0
    font: Object = None
    font_size: float = 0.0
    leading: float = 0.0
    mode: int = 0
    overprint_fill: bool = False
    overprint_stroke: bool = False

    def copied(self) -> State:
        return copy.copy(self)

    def manner(self) -> tuple[object, ...]:
        """All that decides how something drawn from here looks, but for its place."""
        font = self.font.objgen if self.font is not None else None
        return (*self.matrix[:4], self.fill, self.stroke, self.line, font, self.font_size, self.mode,
                self.overprint_fill, self.overprint_stroke)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settings:
    """What an ExtGState sets; None where it leaves a thing as it is."""

    overprint_stroke: bool | None
    overprint_fill: bool | None
    line: float | None
    font: Object
    font_size: float
    mask: Object


MOST_CORNERS = 32  # of a path, that are kept
NO_CORNERS = [(0.0, 0.0)] * MOST_CORNERS  # of a path that has curves
MOST_PARTS = 64  # of a path, that are told apart


class Outline:
    """The path that is being built: the rectangle around it and around each of its ``parts``, as far as these are
    counted, and whether it is a rectangle itself."""

    __slots__ = ("around", "at", "corners", "narrowest", "part", "parts", "rectangles", "straight", "subpaths")

    def __init__(self) -> None:
        self.around = self.part = [FAR, FAR, -FAR, -FAR]
        self.at = (0.0, 0.0)
        self.subpaths = self.rectangles = 0
        self.straight = True
        self.narrowest: Rectangle | None = None
        self.parts: list[list[float]] = []
        self.corners: list[tuple[float, float]] = []

    def move(self, x: float, y: float) -> None:
        self._begin()
        self._reach(x, y)

    def _begin(self) -> None:
        self.subpaths += 1
        if self.subpaths <= MOST_PARTS:
            self.part = [FAR, FAR, -FAR, -FAR]
            self.parts.append(self.part)
        else:  # parts too many are told apart no more
            self.part = self.around

    def _reach(self, x: float, y: float) -> None:
        for around in (self.part, self.around):
            if x < around[0]:
                around[0] = x
            if x > around[2]:
                around[2] = x
            if y < around[1]:
                around[1] = y
            if y > around[3]:
                around[3] = y
        self.at = (x, y)

    def line(self, x: float, y: float) -> None:
        if len(self.corners) < MOST_CORNERS:
            if not self.corners:
                self.corners.append(self.at)
            self.corners.append((x, y))
        if self.at[0] != x and self.at[1] != y:
            self.straight = False
        self._reach(x, y)

    def curve(self, points: tuple[float, ...]) -> None:
        self.straight = False
        self.corners = NO_CORNERS
        for at in range(0, len(points), 2):
            self._reach(points[at], points[at + 1])

    def rectangle(self, x: float, y: float, width: float, height: float) -> None:
        self.rectangles += 1
        self._begin()
        self._reach(x + width, y + height)
        self._reach(x, y)
        known = self.narrowest
        if known is None or min(abs(width), abs(height)) < min(known[2] - known[0], known[3] - known[1]):
            self.narrowest = (min(x, x + width), min(y, y + height), max(x, x + width), max(y, y + height))

    def ends(self) -> Iterator[Rectangle]:
        """Of a path of few straight lines, the areas from each level or upright one that lies outermost to the other
        side of the path."""
        left, bottom, right, top = self.around
        if self.rectangles or self.subpaths != 1 or not 3 <= len(self.corners) < MOST_CORNERS:
            return
        for (x, y), (other_x, other_y) in zip(self.corners, (*self.corners[1:], self.corners[0]), strict=True):
            if x == other_x and x in (left, right):
                yield left, min(y, other_y), right, max(y, other_y)
            elif y == other_y and y in (bottom, top):
                yield min(x, other_x), bottom, max(x, other_x), top

    @property
    def slant_width(self) -> float | None:
        """How wide a path of four corners is that lies aslant; None for any other."""
        corners = list(dict.fromkeys(self.corners))
        if self.straight or self.rectangles or self.subpaths != 1 or len(corners) != 4:
            return None
        pairs = list(zip(corners, (*corners[1:], corners[0]), strict=True))
        area = abs(sum(x * v - u * y for (x, y), (u, v) in pairs)) / 2
        length = sum(math.hypot(u - x, v - y) for (x, y), (u, v) in pairs) / 2
        return area / length if area and length else None

    @property
    def is_empty(self) -> bool:
        return self.around[0] > self.around[2]

    @property
    def is_rectangle(self) -> bool:
        return self.straight and self.subpaths == 1


def across(matrix: Matrix, left: float, bottom: float, right: float, top: float) -> Rectangle:
    """The rectangle on the page around one in user space."""
    a, b, c, d, e, f = matrix
    xs = (a * left + c * bottom, a * left + c * top, a * right + c * bottom, a * right + c * top)
    ys = (b * left + d * bottom, b * left + d * top, b * right + d * bottom, b * right + d * top)
    return min(xs) + e, min(ys) + f, max(xs) + e, max(ys) + f


def inset(box: Rectangle, by: float) -> Rectangle:
    return box[0] + by, box[1] + by, box[2] - by, box[3] - by


def common(first: Rectangle, second: Rectangle) -> Rectangle | None:
    """What two rectangles have in common; None if nothing."""
    left, bottom = max(first[0], second[0]), max(first[1], second[1])
    right, top = min(first[2], second[2]), min(first[3], second[3])
    return (left, bottom, right, top) if left <= right and bottom <= top else None
