"""Where pages stand on press sheets: what the pure part of imposition answers, and the rest goes by.

All in points from the upper left corner of a side as somebody sees it who has that side before them, y downwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import overload

from msgspec import Struct
from msgspec.structs import replace

from pressrun.model.geometry import Rect


class Cell(Struct, frozen=True):
    """A place for a page: its finished edges, how far ink may reach beyond them, and by how many degrees the head of
    the page is turned there, clockwise."""

    trim: Rect
    clip: Rect
    turned: int = 0


class Position(Struct, frozen=True):
    """A page, by its number from 0, in a cell; ``shift`` moves it there (right, down), as creep asks for. What is moved
    beyond ``cell.clip`` does not print."""

    page: int
    cell: Cell
    shift: tuple[float, float] = (0.0, 0.0)

    @property
    def trim(self) -> Rect:
        """The finished edges of the page as it is moved."""
        trim = self.cell.trim
        return Rect(trim.x + self.shift[0], trim.y + self.shift[1], trim.width, trim.height)


class Fold(Struct, frozen=True):
    """A fold across a side, from its left or upper end on. ``uncut`` is how far beside it nobody cuts, as it is the
    spine; None for a fold at which pages are cut open."""

    start: tuple[float, float]
    end: tuple[float, float]
    uncut: float | None = None

    def moved(self, right: float, down: float) -> Fold:
        (x, y), (to_x, to_y) = self.start, self.end
        return Fold((x + right, y + down), (to_x + right, to_y + down), self.uncut)


class Side(Struct, frozen=True):
    """One side of a sheet, which is one set of plates. ``cells`` are all that are cut out, with a page or without."""

    name: str
    positions: tuple[Position, ...]
    cells: tuple[Cell, ...]
    folds: tuple[Fold, ...] = ()

    @property
    def pages(self) -> tuple[int, ...]:
        return tuple(one.page for one in self.positions)


class PressSheet(Struct, frozen=True):
    """A sheet of paper: its size, its sides, and how often it is printed. Where one set of plates prints both sides
    (work-and-turn, work-and-tumble) there is one side."""

    width: float
    height: float
    sides: tuple[Side, ...]
    copies: int = 1

    @property
    def pages(self) -> Iterator[int]:
        for side in self.sides:
            yield from side.pages

    def times(self, copies: int) -> PressSheet:
        return replace(self, copies=copies)


class LaidOut(Sequence[PressSheet]):
    """Sheets in order, each worked out when it is looked at: of a hundred thousand pages they would be much."""

    def __init__(self, count: int, sheet: Callable[[int], PressSheet]) -> None:
        self._count, self._sheet = count, sheet

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> PressSheet: ...
    @overload
    def __getitem__(self, at: slice) -> list[PressSheet]: ...
    def __getitem__(self, at: int | slice) -> PressSheet | list[PressSheet]:
        numbers = range(self._count)[at]
        return self._sheet(numbers) if isinstance(numbers, int) else [self._sheet(number) for number in numbers]


def grown(rect: Rect, by: float) -> Rect:
    """A rectangle with so many points around it."""
    return rect.inset(-by, -by, -by, -by)


def moved(rect: Rect, right: float, down: float) -> Rect:
    return Rect(rect.x + right, rect.y + down, rect.width, rect.height)


def moved_cell(cell: Cell, right: float, down: float) -> Cell:
    return Cell(moved(cell.trim, right, down), moved(cell.clip, right, down), cell.turned)
