"""The two sides of a sheet: where a back lies behind its front, for every way in which a press turns the paper.

A sheet is turned over an axis: over the upright one its gripper edge stays at the gripper (`sheetwise`,
`work-and-turn`), over the level one the other edge comes there (`perfecting`, `work-and-tumble`). The first of each has
plates of its own for the back. The second has front and back side by side on one plate, which prints both sides.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from pressrun.imposition.position import Cell, Fold, Side, moved_cell
from pressrun.model.geometry import Rect

Turn = Literal["none", "sheetwise", "perfecting", "work-and-turn", "work-and-tumble"]
OVER_LEVEL_AXIS: frozenset[Turn] = frozenset({"perfecting", "work-and-tumble"})
ONE_PLATE: frozenset[Turn] = frozenset({"work-and-turn", "work-and-tumble"})


def behind(rect: Rect, width: float, height: float, turn: Turn) -> Rect:
    """Where the paper under a rectangle lies, once a sheet of that size is turned over."""
    if turn in OVER_LEVEL_AXIS:
        return Rect(rect.x, height - rect.bottom, rect.width, rect.height)
    return Rect(width - rect.right, rect.y, rect.width, rect.height)


def cell_behind(cell: Cell, width: float, height: float, turn: Turn, head_to_foot: bool = False) -> Cell:
    """The cell of a back: both heads are at one edge of the paper; ``head_to_foot``: at opposite ones, as in what is
    turned over its head."""
    turned = 180 - cell.turned if turn in OVER_LEVEL_AXIS else -cell.turned
    turned += 180 if head_to_foot else 0
    clip = behind(cell.clip, width, height, turn)
    return Cell(behind(cell.trim, width, height, turn), clip, turned % 360)


def fold_behind(fold: Fold, width: float, height: float, turn: Turn) -> Fold:
    def point(at: tuple[float, float]) -> tuple[float, float]:
        return (at[0], height - at[1]) if turn in OVER_LEVEL_AXIS else (width - at[0], at[1])

    return Fold(point(fold.start), point(fold.end))


def part_of_sheet(width: float, height: float, turn: Turn) -> tuple[float, float]:
    """The size of what is laid out: half the sheet, where both sides share a plate."""
    if turn == "work-and-turn":
        return width / 2, height
    return (width, height / 2) if turn == "work-and-tumble" else (width, height)


def turned_sides(front: Side, back: Side | None, width: float, height: float, turn: Turn) -> tuple[Side, ...]:
    """The sides as they are printed; ``front`` and ``back`` are laid out on `part_of_sheet`."""
    if back is None:
        return (front,)
    if turn not in ONE_PLATE:
        return front, back
    right, down = (width / 2, 0.0) if turn == "work-and-turn" else (0.0, height / 2)
    return (_beside(front, back, right, down),)


def _beside(front: Side, back: Side, right: float, down: float) -> Side:
    positions = tuple(replace(one, cell=moved_cell(one.cell, right, down)) for one in back.positions)
    cells = tuple(moved_cell(one, right, down) for one in back.cells)
    folds = tuple(
        Fold((one.start[0] + right, one.start[1] + down), (one.end[0] + right, one.end[1] + down)) for one in back.folds
    )
    return Side("both sides", front.positions + positions, front.cells + cells, front.folds + folds)
