"""Cells in columns and rows on a sheet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate

from msgspec import Struct

from pressrun.model.geometry import Rect
from pressrun.run.imposition.position import Cell

EXACT = 0.01  # points: what rounding of millimetres may make of a sheet that is filled to its edges


class Grid(Struct, frozen=True):
    """Cells by rows, from the upper left; ``columns`` and ``rows`` count them. ``over`` is by how much they are too
    wide and too high for the paper."""

    cells: tuple[Cell, ...]
    columns: int
    rows: int
    over: tuple[float, float] = (0.0, 0.0)

    @property
    def fits(self) -> bool:
        return max(self.over) <= EXACT


class Lanes(Struct, frozen=True):
    """Cells along one axis: ``count`` of them, each of a ``size``, with a gap behind each but the last. At ``closed``
    gaps (by number) nothing bleeds: there the paper is folded, and not cut."""

    count: int
    size: float
    gaps: tuple[float, ...]
    bleed: float
    closed: frozenset[int] = frozenset()

    @property
    def length(self) -> float:
        """With the bleed of the outermost."""
        return self.count * self.size + sum(self.gaps) + 2 * self.bleed

    def starts(self, at: float) -> list[float]:
        """Where each cell begins, if the bleed of the first begins at ``at``."""
        return list(accumulate((self.size + gap for gap in self.gaps), initial=at + self.bleed))

    def room(self, number: int) -> tuple[float, float]:
        """How far ink may reach before and behind a cell: half a gap at most."""
        return self._beside(number - 1), self._beside(number)

    def _beside(self, gap: int) -> float:
        if not 0 <= gap < len(self.gaps):
            return self.bleed
        return 0.0 if gap in self.closed else min(self.bleed, self.gaps[gap] / 2)


def even_lanes(count: int, size: float, gap: float, bleed: float) -> Lanes:
    return Lanes(count, size, (gap,) * (count - 1), bleed)


def most_lanes(length: float, size: float, gap: float, bleed: float) -> int:
    """How many cells go into a length, with the bleed of the outermost."""
    return max(0, math.floor((length - 2 * bleed + gap + EXACT) / (size + gap)))


def grid(across: Lanes, down: Lanes, area: Rect, turned: Sequence[int] = (0,)) -> Grid:
    """Cells in the middle of an area. ``turned`` are the heads, cell by cell, or one for all."""
    over = across.length - area.width, down.length - area.height
    lefts, tops = across.starts(area.x - over[0] / 2), down.starts(area.y - over[1] / 2)
    cells: list[Cell] = []
    for row, top in enumerate(tops):
        for column, left in enumerate(lefts):
            (before, behind), (above, below) = across.room(column), down.room(row)
            trim = Rect(left, top, across.size, down.size)
            head = turned[len(cells) % len(turned)]
            cells.append(Cell(trim, trim.inset(-above, -behind, -below, -before), head))
    return Grid(tuple(cells), across.count, down.count, (max(0.0, over[0]), max(0.0, over[1])))
