"""Sheets that are cut and not folded: n-up, step and repeat, cut and stack, gang runs."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from pressrun.model.finding import Place
from pressrun.model.geometry import Rect
from pressrun.run.imposition import order
from pressrun.run.imposition.gang import Ganged, Ground, Laid, TooLarge, Wanted, ganged
from pressrun.run.imposition.grid import Grid, even_lanes, grid, most_lanes
from pressrun.run.imposition.position import Cell, LaidOut, Position, PressSheet, Side, moved_cell
from pressrun.run.imposition.room import SAME_SIZE, Room, no_go, room_of, told
from pressrun.run.imposition.scheme import Scheme
from pressrun.run.imposition.sources import SourcePage
from pressrun.run.imposition.turns import ONE_PLATE, cell_behind, printed_sides

CUT_MARKS, EDGE_MARKS = 9.0, 30.0  # points around a gang run for marks that are cut by, and above it for all others
MOST_SHEETS = 100_000  # that are written, each with pages of its own

ABOVE = frozenset({"registration", "color-bar", "slug", "code"})


class CutItem(Struct, frozen=True):
    """What is cut out as one piece: its front and its back, by the numbers of their pages, and how many are wanted."""

    front: int
    back: int | None
    quantity: int = 1


def flat_grid(scheme: Scheme, page: tuple[float, float], room: Room) -> Grid:
    """The cells of a sheet: as the scheme says, or as many as go, the page turned if more of it go then."""
    upright = _grid(scheme, page, room, 0)
    if not scheme.rotate or (upright.fits and scheme.columns and scheme.rows):
        return upright
    lying = _grid(scheme, (page[1], page[0]), room, 90)
    if upright.fits and (not lying.fits or len(lying.cells) <= len(upright.cells)):
        return upright
    return lying if lying.fits else upright


def _grid(scheme: Scheme, page: tuple[float, float], room: Room, turned: int) -> Grid:
    bleed, gaps, area = scheme.bleed.points(0), scheme.gaps, room.area
    columns = scheme.columns or most_lanes(area.width, page[0], gaps[0], bleed)
    rows = scheme.rows or most_lanes(area.height, page[1], gaps[1], bleed)
    if scheme.turn == "work-and-turn" and not scheme.columns:
        columns -= columns % 2
    if scheme.turn == "work-and-tumble" and not scheme.rows:
        rows -= rows % 2
    across = even_lanes(max(1, columns), page[0], gaps[0], bleed)
    down = even_lanes(max(1, rows), page[1], gaps[1], bleed)
    return grid(across, down, area, [turned])


def front_cells(scheme: Scheme, cells: Grid) -> tuple[Cell, ...]:
    """The cells of fronts: the first half of a grid whose other half has their backs, on the same plate. Raises
    InputError where it has no halves."""
    count = {"work-and-turn": cells.columns, "work-and-tumble": cells.rows}.get(scheme.turn, 2)
    if count % 2:
        lanes = "columns" if scheme.turn == "work-and-turn" else "rows"
        message = (
            f"{scheme.turn} has fronts in one half and their backs in the other, and {count} {lanes} have no halves"
        )
        raise no_go("odd-halves", message, f"take an even number of {lanes}, or turn it sheetwise")
    if scheme.turn == "work-and-turn":
        return tuple(cell for at, cell in enumerate(cells.cells) if at % cells.columns < cells.columns // 2)
    return cells.cells[: len(cells.cells) // 2] if scheme.turn == "work-and-tumble" else cells.cells


def flat_sheets(
    scheme: Scheme, cells: Grid, room: Room, pages: Sequence[SourcePage], items: Sequence[CutItem]
) -> LaidOut:
    """The sheets of items in cells of one size."""
    numbers, fronts = range(len(items)), front_cells(scheme, cells)
    if scheme.method == "repeat":
        filled = order.repeated(numbers, len(fronts))
        on_sheet = len(fronts) * (2 if scheme.turn in ONE_PLATE else 1)
        copies = [-(-item.quantity // on_sheet) for item in items]
    else:
        _require_few(scheme, sum(item.quantity for item in items), len(fronts))
        wanted = order.in_quantity(numbers, [item.quantity for item in items])
        arranged = order.cut_and_stacked if scheme.method == "cut-and-stack" else order.in_sequence
        filled = arranged(wanted, len(fronts))
        copies = [1] * len(filled)

    def sheet(number: int) -> PressSheet:
        placed = [(items[item], cell) for item, cell in zip(filled[number], fronts, strict=True) if item is not None]
        return _sheet(scheme, room, pages, placed, fronts).times(copies[number])

    return LaidOut(len(filled), sheet)


def _require_few(scheme: Scheme, wanted: int, cells: int) -> None:
    """Raises InputError where each piece has a cell of its own, and they are more than anybody prints."""
    if (sheets := -(-wanted // cells)) > MOST_SHEETS:
        message = f"{scheme.method} lays out each of {wanted} pieces: {sheets} sheets, and {MOST_SHEETS} are the most"
        raise no_go("too-many-sheets", message, "--method repeat has one sheet, and says how often to print it")


def on_a_roll(scheme: Scheme, cells: Grid, items: Sequence[CutItem]) -> tuple[Grid, Room]:
    """As much of a roll as its pages take: the rows that are needed, as far as they go on one length."""
    quantities = [item.quantity for item in items]
    needed = max(quantities) if scheme.method == "repeat" else sum(quantities)
    across, first = cells.columns // (2 if scheme.turn == "work-and-turn" else 1), cells.cells[0]
    rows = min(cells.rows, -(-needed // across) * (2 if scheme.turn == "work-and-tumble" else 1))
    down = even_lanes(rows, first.trim.height, scheme.gaps[1], scheme.bleed.points(0))
    whole = room_of(scheme)
    for_marks = 2 * EDGE_MARKS if ABOVE & set(scheme.marks) else 0.0
    length = down.length + whole.sheet[1] - whole.area.height + for_marks
    room = room_of(scheme, length=min(length, whole.sheet[1]))
    lanes = even_lanes(cells.columns, first.trim.width, scheme.gaps[0], scheme.bleed.points(0))
    return grid(lanes, down, room.area, [first.turned]), room


def gang_sheets(
    scheme: Scheme, room: Room, pages: Sequence[SourcePage], items: Sequence[CutItem]
) -> tuple[list[PressSheet], Ganged]:
    """The sheets of a gang run. Raises InputError."""
    ground = Ground(_without_edge(scheme, room.fronts), scheme.gaps, scheme.bleed.points(0), scheme.rotate)
    trims = [pages[item.front].trim for item in items]
    shared = 2 if scheme.turn in ONE_PLATE else 1
    wanted = [Wanted(number, trim.width, trim.height, -(-item.quantity // shared))
              for number, (item, trim) in enumerate(zip(items, trims, strict=True))]  # fmt: skip
    try:
        run = ganged(wanted, ground)
    except TooLarge as error:
        page, trim = pages[items[error.number].front], trims[error.number]
        message = (
            f"{told(trim.width, trim.height)} with bleed are larger than what the sheet leaves, {_size(ground.area)}"
        )
        raise no_go("page-over-cell", message, "take a larger sheet", Place(page.file.name)) from None
    sheets = []
    for laid, copies in zip(run.sheets, run.copies, strict=True):
        own, centred = (
            _trimmed_roll(scheme, room, laid) if scheme.stock.is_roll else (room, _centred(laid, ground.area))
        )
        placed = [(items[one.number], one.cell) for one in centred]
        sheets.append(_sheet(scheme, own, pages, placed, tuple(one.cell for one in centred)).times(copies))
    return sheets, run


def _without_edge(scheme: Scheme, area: Rect) -> Rect:
    """What items may lie on, so that marks have room around them."""
    cuts = CUT_MARKS if "crop" in scheme.marks else 0.0
    above = EDGE_MARKS if ABOVE & set(scheme.marks) else cuts
    return area.inset(above, cuts, cuts, cuts)


def _size(area: Rect) -> str:
    return told(area.width, area.height)


def _trimmed_roll(scheme: Scheme, room: Room, laid: Sequence[Laid]) -> tuple[Room, tuple[Laid, ...]]:
    """As much of a roll as a gang run takes."""
    below = room.sheet[1] - _without_edge(scheme, room.area).bottom
    taken = max(one.cell.clip.bottom for one in laid) + scheme.bleed.points(0) + below
    own = room_of(scheme, length=taken)
    return own, _centred(laid, _without_edge(scheme, own.area))


def _centred(laid: Sequence[Laid], area: Rect) -> tuple[Laid, ...]:
    """What is laid in the middle of an area."""
    left, right = min(one.cell.trim.x for one in laid), max(one.cell.trim.right for one in laid)
    top, bottom = min(one.cell.trim.y for one in laid), max(one.cell.trim.bottom for one in laid)
    across = (area.x + area.right - left - right) / 2
    down = (area.y + area.bottom - top - bottom) / 2
    return tuple(Laid(one.number, moved_cell(one.cell, across, down)) for one in laid)


def _sheet(
    scheme: Scheme, room: Room, pages: Sequence[SourcePage], placed: Sequence[tuple[CutItem, Cell]],
    cells: tuple[Cell, ...],
) -> PressSheet:  # fmt: skip
    turn, tumbles = scheme.turn, scheme.backs == "head-to-foot"

    def behind(cell: Cell) -> Cell:
        return cell_behind(cell, *room.sheet, turn, tumbles)

    fronts = [_position(item.front, cell, pages) for item, cell in placed]
    front, back = Side("front", tuple(fronts), cells), None
    if turn != "none":
        backs = [
            _position(item.back, behind(one.cell), pages)
            for (item, _), one in zip(placed, fronts, strict=True)
            if item.back is not None
        ]
        back = Side("back", tuple(backs), tuple(map(behind, cells)))
    return PressSheet(*room.sheet, printed_sides(front, back, turn))


def _position(page: int, cell: Cell, pages: Sequence[SourcePage]) -> Position:
    """A page in a cell, turned if it goes in only then. (Of a cell that is turned itself the edges are.)"""
    trim = pages[page].trim
    wide, high = (cell.trim.height, cell.trim.width) if cell.turned % 180 else (cell.trim.width, cell.trim.height)
    if fits(trim, wide, high) or not fits(trim, high, wide):
        return Position(page, cell)
    return Position(page, Cell(cell.trim, cell.clip, (cell.turned + 90) % 360))


def fits(trim: Rect, width: float, height: float) -> bool:
    """Whether a page goes into so much room."""
    return trim.width <= width + SAME_SIZE and trim.height <= height + SAME_SIZE
