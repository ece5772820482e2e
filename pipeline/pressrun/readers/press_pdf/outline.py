"""A path as it is built (ISO 32000, 8.5.2), as far as a printer asks for it: how far it reaches, and whether it is a
rectangle or a thin one. It is told in the space it is built in, so that it is the same wherever it is drawn."""

from __future__ import annotations

import copy
import functools
import math
import re
from collections.abc import Iterator

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
        other = copy.copy(self)
        other.around, other.corners = self.around[:], self.corners[:]
        other.parts = [part[:] for part in self.parts]
        other.part = other.around if self.part is self.around else other.parts[-1]
        return other

    def go_on(self, run: bytes) -> int:
        """Take a run of operators as `operators.BUILDING` finds it; answers how many they are."""
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
        self.rectangles += 1
        self._begin()
        self.at = (x, y)
        left, right = (x, x + width) if width > 0 else (x + width, x)
        bottom, top = (y, y + height) if height > 0 else (y + height, y)
        around, part = self.around, self.part
        if part is not around:  # it begins with this
            part[:] = left, bottom, right, top
        if left < around[0]:
            around[0] = left
        if bottom < around[1]:
            around[1] = bottom
        if right > around[2]:
            around[2] = right
        if top > around[3]:
            around[3] = top
        narrow = min(right - left, top - bottom)
        if narrow < self.narrow:
            self.narrow, self.narrowest = narrow, (left, bottom, right, top)

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


_BUILT = re.compile(rb"([^a-z]*)([a-z]+)")


@functools.lru_cache(maxsize=256)  # a logo is the same path in each file of a run
def outline_of(run: bytes) -> tuple[Outline, int]:
    """What a path is that one run of operators builds, to be copied before it is gone on with; and their number."""
    outline = Outline()
    return outline, outline.go_on(run)
