"""Gang runs: items of different sizes and quantities on shared sheets, so that one pass of each makes enough of all.

Items lie so that a guillotine can cut them apart: each goes into the free rectangle that it fills best, and what is
left of that is parted by one cut. How often an item stands on the sheet follows from how many are wanted, at the
shortest run for which everything fits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from pressrun.model.geometry import Rect
from pressrun.run.imposition.grid import EXACT
from pressrun.run.imposition.position import Cell

MOST_COPIES = 500  # of one item on one sheet


class Wanted(Struct, frozen=True):
    """An item by its number, with its finished size in points, and how many are wanted."""

    number: int
    width: float
    height: float
    quantity: int = 1


class Laid(Struct, frozen=True):
    """One copy of an item in its cell."""

    number: int
    cell: Cell


class Ganged(Struct, frozen=True):
    """Sheets, each printed ``copies`` times. ``left_over`` tells by item how many more are printed than wanted;
    ``waste`` is the part of the printable area that no finished item takes, from 0 to 1."""

    sheets: tuple[tuple[Laid, ...], ...]
    copies: tuple[int, ...]
    left_over: tuple[tuple[int, int], ...]
    waste: float


class Ground(Struct, frozen=True):
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


Free = tuple[float, float, float, float]  # left, top, width, height: with the gap behind what goes there
Piece = tuple[int, float, float, int]  # an item's number, and its width and height as it is turned


def packed(items: Iterable[Wanted], ground: Ground, times: int = 1) -> tuple[Laid, ...] | None:
    """Items on an area, each ``times``; None where they do not all go there, in whatever order they are tried."""
    pieces = [(item.number, item.width, item.height, 0) for item in items] * times
    for order in (_by_longest, _by_area, _by_height):
        for along_shorter in (True, False):
            if laid := _laid(sorted(pieces, key=order), ground, along_shorter):
                return laid
    return None


def _by_longest(piece: Piece) -> tuple[float, ...]:
    return -max(piece[1:3]), -min(piece[1:3]), piece[0]


def _by_area(piece: Piece) -> tuple[float, ...]:
    return -piece[1] * piece[2], -max(piece[1:3]), piece[0]


def _by_height(piece: Piece) -> tuple[float, ...]:
    return -piece[2], -piece[1], piece[0]


def _laid(pieces: Iterable[Piece], ground: Ground, along_shorter: bool) -> tuple[Laid, ...] | None:
    (gap, below), bleed, area = ground.gaps, ground.bleed, ground.area
    whole = area.inset(bleed, bleed - gap - EXACT, bleed - below - EXACT, bleed)
    free: list[Free] = [(whole.x, whole.y, whole.width, whole.height)]
    laid = []
    for piece in pieces:
        best = _best(piece, free, ground)
        if best is None:
            return None
        at, (number, width, height, turned) = best
        left, top, wide, high = free.pop(at)
        trim = Rect(left, top, width, height)
        across, down = min(bleed, gap / 2), min(bleed, below / 2)
        laid.append(Laid(number, Cell(trim, trim.inset(-down, -across, -down, -across), turned)))
        free += _parted(left, top, wide, high, width + gap, height + below, along_shorter)
    return tuple(laid)


def _best(piece: Piece, free: Sequence[Free], ground: Ground) -> tuple[int, Piece] | None:
    """The free rectangle that is filled best, and the item as it lies there."""
    number, width, height, _ = piece
    ways: list[Piece] = [(number, width, height, 0)]
    if ground.turns and abs(width - height) > EXACT:
        ways.append((number, height, width, 90))
    found: tuple[float, float, int, int] | None = None
    for way, (_, wide, high, _) in enumerate(ways):
        for at, (_, _, room, room_down) in enumerate(free):
            left, below = room - wide - ground.gaps[0], room_down - high - ground.gaps[1]
            if min(left, below) >= -EXACT:
                told = (min(left, below), max(left, below), at, way)
                found = told if found is None else min(found, told)
    return None if found is None else (found[2], ways[found[3]])


def _parted(
    left: float, top: float, wide: float, high: float, width: float, height: float, along_shorter: bool
) -> Iterator[Free]:
    """What is left of a rectangle beside and below what lies in its corner, parted by one cut."""
    beside, below = wide - width, high - height
    whole_below = (beside < below) is along_shorter
    if beside > EXACT:
        yield left + width, top, beside, height if whole_below else high
    if below > EXACT:
        yield left, top + height, wide if whole_below else width, below
