"""A path as it is built (ISO 32000, 8.5.2), as far as a printer asks for it: how far it reaches, and whether it is a
rectangle or a thin one. It is told in the space it is built in, so that it is the same wherever it is drawn."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterator, Sequence

from pressrun.readers.press_pdf.facts import Rectangle

FAR = 1e9
MOST_CORNERS = 32  # of a path, that are kept
NO_CORNERS = [(0.0, 0.0)] * MOST_CORNERS  # of a path that has curves
MOST_PARTS = 64  # of a path, that are told apart


class Outline:
    """The path that is being built: the rectangle around it and around each of its ``parts``, as far as these are
    counted, and whether it is a rectangle itself."""

    __slots__ = ("around", "at", "corners", "narrow", "narrowest", "part", "parts", "rectangles", "straight",
                 "subpaths")  # fmt: skip

    def __init__(self) -> None:
        self.around = self.part = [FAR, FAR, -FAR, -FAR]
        self.at = (0.0, 0.0)
        self.subpaths = self.rectangles = 0
        self.straight = True
        self.narrow = math.inf  # the shorter side of the narrowest rectangle
        self.narrowest: Rectangle | None = None
        self.parts: list[list[float]] = []
        self.corners: list[tuple[float, float]] = []

    def copied(self) -> Outline:
        other = Outline()
        other.at, other.subpaths, other.rectangles = self.at, self.subpaths, self.rectangles
        other.straight, other.narrow, other.narrowest = self.straight, self.narrow, self.narrowest
        other.around, other.corners = self.around[:], self.corners[:]
        other.parts = list(map(list.copy, self.parts))
        other.part = other.around if self.part is self.around else other.parts[-1]
        return other

    def go_on(self, run: bytes) -> int:
        """Take a run of operators as `operators.BUILDING` finds it; answers how many they are."""
        operators = run.translate(None, _BETWEEN)
        count = len(operators) // 2
        if count and operators == b"re" * count:  # a code has hundreds
            self.take_rectangles(tuple(map(float, run.replace(b"re", b" ").split())))
            return count
        found = _BUILT.findall(run)
        for written, operator in found:
            numbers = tuple(map(float, written.split()))
            if operator == b"l":
                self.line(*numbers)
            elif operator == b"m":
                self.move(*numbers)
            elif operator == b"re":
                self.rectangle(*numbers)
            elif operator != b"h":
                self.curve(numbers)
        return len(found)

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
        self.take_rectangles((x, y, width, height))

    def take_rectangles(self, numbers: Sequence[float]) -> None:
        """Each is a corner (x, y), a width and a height."""
        left, bottom, right, top = self.around
        for x, y, width, height in zip(*[iter(numbers)] * 4, strict=True):
            self.subpaths += 1
            end, head = x + width, y + height
            if end < x:
                x, end = end, x
            if head < y:
                y, head = head, y
            if self.subpaths <= MOST_PARTS:
                self.parts.append([x, y, end, head])
            left, bottom = x if x < left else left, y if y < bottom else bottom
            right, top = end if end > right else right, head if head > top else top
            narrow = min(end - x, head - y)
            if narrow < self.narrow:
                self.narrow, self.narrowest = narrow, (x, y, end, head)
        self.rectangles += len(numbers) // 4
        self.at = numbers[-4], numbers[-3]
        self.around[:] = left, bottom, right, top
        self.part = self.parts[-1] if self.subpaths <= MOST_PARTS else self.around

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


_BETWEEN = b"\t\n\f\r +-.0123456789"  # what is between operators
_BUILT = re.compile(rb"([^a-z]*)([a-z]+)")


@functools.lru_cache(maxsize=256)  # a logo is the same path in each file of a run
def outline_of(run: bytes) -> tuple[Outline, int]:
    """What a path is that one run of operators builds, to be copied before it is gone on with; and their number."""
    outline = Outline()
    return outline, outline.go_on(run)
