"""Gang runs: items of different sizes and quantities on shared sheets, so that one pass of each makes enough of all.

Items lie on shelves, which a guillotine can cut: the highest first, each on the first shelf that has room. How often an
item stands on the sheet follows from how many are wanted, at the shortest run for which everything fits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pressrun.imposition.grid import EXACT
from pressrun.imposition.position import Cell
from pressrun.model.geometry import Rect

MOST_COPIES = 500  # of one item on one sheet


@dataclass(frozen=True, slots=True)
class Wanted:
    """An item by its number, with its finished size in points, and how many are wanted."""

    number: int
    width: float
    height: float
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class Laid:
    """One copy of an item in its cell."""

    number: int
    cell: Cell


@dataclass(frozen=True, slots=True)
class Ganged:
    """Sheets, each printed ``copies`` times. ``left_over`` tells by item how many more are printed than wanted;
    ``waste`` is the part of the printable area that no finished item takes, from 0 to 1."""

    sheets: tuple[tuple[Laid, ...], ...]
    copies: tuple[int, ...]
    left_over: tuple[tuple[int, int], ...]
    waste: float


@dataclass(frozen=True, slots=True)
class Ground:
    """The area to lay items on, with the gaps between them (across, down), how far they bleed, and whether they may be
    turned."""

    area: Rect
    gaps: tuple[float, float]
    bleed: float
    turns: bool = True


class TooLarge(Exception):
    """An item that is larger than the whole area, by its number."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def ganged(items: Sequence[Wanted], ground: Ground) -> Ganged:
    """The gang run of items. Raises TooLarge."""
    for item in items:
        if not packed([item], ground, 1):
            raise TooLarge(item.number)
    groups = _groups(items, ground)
    sheets, copies = [], []
    for group in groups:
        laid, run = _shortest(group, ground)
        sheets.append(laid)
        copies.append(run)
    printed = {item.number: 0 for item in items}
    for laid, run in zip(sheets, copies, strict=True):
        for one in laid:
            printed[one.number] += run
    used = sum(
        one.cell.trim.width * one.cell.trim.height * run
        for laid, run in zip(sheets, copies, strict=True)
        for one in laid
    )
    whole = ground.area.width * ground.area.height * sum(copies)
    left_over = tuple((item.number, printed[item.number] - item.quantity) for item in items)
    return Ganged(tuple(sheets), tuple(copies), left_over, 1 - used / whole if whole else 0.0)


def _groups(items: Sequence[Wanted], ground: Ground) -> list[list[Wanted]]:
    """Items in as many sheets as they need, if each stands there once; those of like quantity together, so that the
    sheets are printed as often as their items want."""
    groups: list[list[Wanted]] = []
    for item in sorted(items, key=lambda item: (-item.quantity, -item.height * item.width, item.number)):
        for group in groups:
            if packed([*group, item], ground, 1):
                group.append(item)
                break
        else:
            groups.append([item])
    return groups


def _shortest(items: Sequence[Wanted], ground: Ground) -> tuple[tuple[Laid, ...], int]:
    """The shortest run for which all fit on one sheet, and how they lie there."""
    most = min(
        MOST_COPIES, int(ground.area.width * ground.area.height / min(one.width * one.height for one in items)) + 1
    )
    runs = sorted({-(-item.quantity // copies) for item in items for copies in range(1, most + 1)})
    low, high = 0, len(runs) - 1  # at the longest, each stands there once
    while low < high:
        middle = (low + high) // 2
        if _laid_for(items, ground, runs[middle]):
            high = middle
        else:
            low = middle + 1
    laid = _laid_for(items, ground, runs[low])
    assert laid, "each fits once"
    return laid, runs[low]


def _laid_for(items: Sequence[Wanted], ground: Ground, run: int) -> tuple[Laid, ...] | None:
    return packed([copy for item in items for copy in [item] * -(-item.quantity // run)], ground)


@dataclass(slots=True)
class _Shelf:
    top: float
    height: float
    right: float


def packed(items: Iterable[Wanted], ground: Ground, times: int = 1) -> tuple[Laid, ...] | None:
    """Items on shelves, each ``times``; None where they do not all go on the area."""
    area, (gap, below) = ground.area, ground.gaps
    left, right = area.x + ground.bleed, area.right - ground.bleed + EXACT
    bottom = area.bottom - ground.bleed + EXACT
    wanted = [_as_it_lies(item, right - left, bottom - area.y - ground.bleed, ground.turns) for item in items] * times
    wanted.sort(key=lambda one: (-one[2], -one[1], one[0]))
    shelves: list[_Shelf] = []
    laid: list[Laid] = []
    for number, width, height, turned in wanted:
        shelf = next((one for one in shelves if height <= one.height + EXACT and one.right + width <= right), None)
        if shelf is None:
            top = shelves[-1].top + shelves[-1].height + below if shelves else area.y + ground.bleed
            if top + height > bottom or left + width > right:
                return None
            shelf = _Shelf(top, height, left)
            shelves.append(shelf)
        trim = Rect(shelf.right, shelf.top, width, height)
        across, down = min(ground.bleed, gap / 2), min(ground.bleed, below / 2)
        laid.append(Laid(number, Cell(trim, trim.inset(-down, -across, -down, -across), turned)))
        shelf.right += width + gap
    return tuple(laid)


def _as_it_lies(item: Wanted, width: float, height: float, turns: bool) -> tuple[int, float, float, int]:
    """An item as it goes on a shelf: lying on its longer edge, if it may be turned and is not too wide for that."""
    lies = item.width >= item.height
    if turns and not lies and item.height <= width and item.width <= height:
        return item.number, item.height, item.width, 90
    if turns and (item.width > width or item.height > height):
        return item.number, item.height, item.width, 90
    return item.number, item.width, item.height, 0
