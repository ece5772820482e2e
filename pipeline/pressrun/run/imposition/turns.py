"""The two sides of a sheet: where a back lies behind its front, for every way in which a press turns the paper.

A sheet is turned over an axis: over the upright one its gripper edge stays at the gripper (`sheetwise`,
`work-and-turn`), over the level one the other edge comes there (`perfecting`, `work-and-tumble`). The first of each has
plates of its own for the back. The second has front and back side by side on one plate, which prints both sides.
"""

from __future__ import annotations

from typing import Literal

from pressrun.model.geometry import Rect
from pressrun.run.imposition.position import Cell, Fold, Side

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

    start, end = sorted((point(fold.start), point(fold.end)))
    return Fold(start, end, fold.uncut)


def front_area(area: Rect, width: float, height: float, turn: Turn) -> Rect:
    """Where fronts may lie in what prints: in its first half, where both sides share a plate."""
    if turn == "work-and-turn":
        return Rect(area.x, area.y, width / 2 - area.x, area.height)
    return Rect(area.x, area.y, area.width, height / 2 - area.y) if turn == "work-and-tumble" else area


def printed_sides(front: Side, back: Side | None, turn: Turn) -> tuple[Side, ...]:
    """The sides as they have plates: front and back on one, where they share it."""
    if back is None:
        return (front,)
    if turn not in ONE_PLATE:
        return front, back
    positions, cells = front.positions + back.positions, front.cells + back.cells
    return (Side("both sides", positions, cells, front.folds + back.folds),)
