"""Pages on sheets by a scheme: which stands where, and what does not go."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity, once_for_files
from pressrun.run.imposition.bound import blank_note, bound_at_right, bound_grid, bound_sheets, require_stitches
from pressrun.run.imposition.flat import CutItem, fits, flat_grid, flat_sheets, gang_sheets, on_a_roll
from pressrun.run.imposition.gang import Ganged
from pressrun.run.imposition.grid import Grid
from pressrun.run.imposition.position import PressSheet
from pressrun.run.imposition.room import SAME_SIZE, Room, gap_findings, no_go, room_of, told
from pressrun.run.imposition.scheme import Scheme, bound_names
from pressrun.run.imposition.sources import SourcePage

LEAST_BLEED, SAME_BLEED = 72 / 25.4, 0.3  # points: less is none, and by how much it may be rounded
LISTED = 3  # pages of other sizes that are told
FOLDED = 4  # pages of a leaf that is folded once


class Imposed(Struct, frozen=True):
    """All sheets in order, what was found, and of a gang run how it came out."""

    sheets: Sequence[PressSheet]
    items: tuple[CutItem, ...]
    findings: tuple[Finding, ...] = ()
    gang: Ganged | None = None


def impose(
    scheme: Scheme, fronts: Sequence[SourcePage], backs: Sequence[SourcePage] = (), place: Place | None = None
) -> Imposed:
    """Pages on sheets: numbers of positions count ``fronts``, then ``backs``. Backs may be one for all fronts or one
    for each; without any, pages of a scheme that is turned are front and back in turn. ``place`` is the user's
    scheme. Raises InputError."""
    pages = [*fronts, *backs]
    _stop_at_errors(list(_without_area(pages)))
    room = room_of(scheme, place)
    if scheme.is_bound:
        return _booklet(scheme, pages, room, place)
    items = tuple(_items(scheme, fronts, backs))
    if scheme.method == "gang":
        found = [*_of_gaps(scheme, pages, (2, 2), place), *_of_bleed(scheme, pages)]
        _stop_at_errors(found)
        sheets, gang = gang_sheets(scheme, room, pages, items)
        return Imposed(tuple(sheets), items, tuple(found), gang)
    size = _page_size(scheme, pages)
    cells = flat_grid(scheme, size, room)
    _require_room(cells, size, room, place)
    if scheme.stock.is_roll:
        cells, room = on_a_roll(scheme, cells, items)
    found = [*_of_sizes(pages, size, scheme.rotate), *_of_gaps(scheme, pages, (cells.columns, cells.rows), place)]
    found += _of_bleed(scheme, pages)
    _stop_at_errors(found)
    return Imposed(flat_sheets(scheme, cells, room, pages, items), items, tuple(found))


def _booklet(scheme: Scheme, pages: Sequence[SourcePage], room: Room, place: Place | None) -> Imposed:
    books = _books(pages)
    for book in books:
        require_stitches(scheme, len(book), Place(pages[book[0]].file.name))
    size = _page_size(scheme, pages)
    cells = bound_grid(scheme, size, room)
    _require_room(cells, size, room, place)
    cut_open = (max(1, cells.columns // 2), cells.rows)  # every other gap between columns is at a spine
    found = [
        *_of_sizes(pages, size, turns=False, is_bound=True), *_of_gaps(scheme, pages, cut_open, place),
        *_of_bleed(scheme, pages),
        *(note for book in books for note in blank_note(scheme, len(book), Place(pages[book[0]].file.name))),
    ]  # fmt: skip
    _stop_at_errors(found)
    sheets: list[PressSheet] = []
    for book in books:
        own = bound_at_right(scheme) if pages[book[0]].file.from_right else scheme
        copies = max(pages[page].file.quantity for page in book)
        sheets += [one.times(copies) for one in bound_sheets(own, bound_grid(own, size, room), room, book)]
    return Imposed(tuple(sheets), (), tuple(found))


def _books(pages: Sequence[SourcePage]) -> list[range]:
    """The pages of each booklet: of a run whose documents are all of whole leaves that are folded, say one in each
    language, each is one. Else all pages are of one, as of PDFs that are named."""
    lengths: list[int] = []
    for _, of_file in itertools.groupby(pages, key=lambda page: id(page.file)):
        first, *others = of_file
        documents = first.file.documents
        lengths += documents if sum(documents) == 1 + len(others) else [0]
    if not all(length and length % FOLDED == 0 for length in lengths):
        return [range(len(pages))]
    ends = list(itertools.accumulate(lengths))
    return [range(end - length, end) for length, end in zip(lengths, ends, strict=True)]


def _items(scheme: Scheme, fronts: Sequence[SourcePage], backs: Sequence[SourcePage]) -> Iterator[CutItem]:
    """What is cut out: pages with their backs. Raises InputError."""
    if backs:
        if len(backs) not in (1, len(fronts)):
            message = f"{len(backs)} backs do not go with {len(fronts)} fronts"
            raise no_go("uneven-backs", message, "give one back for all, or one for each", Place(backs[0].file.name))
        for number, front in enumerate(fronts):
            yield CutItem(number, len(fronts) + (number if len(backs) > 1 else 0), front.file.quantity)
    elif scheme.turn == "none":
        for number, front in enumerate(fronts):
            yield CutItem(number, None, front.file.quantity)
    else:
        yield from _in_turn(fronts)


def _in_turn(pages: Sequence[SourcePage]) -> Iterator[CutItem]:
    """Pages of each file as front, back, front, back; the last of an odd number has a blank back."""
    at = 0
    while at < len(pages):
        has_back = at + 1 < len(pages) and pages[at + 1].file is pages[at].file
        yield CutItem(at, at + 1 if has_back else None, pages[at].file.quantity)
        at += 2 if has_back else 1


def _page_size(scheme: Scheme, pages: Sequence[SourcePage]) -> tuple[float, float]:
    """The finished size that cells are made for: the scheme's, or the largest that comes."""
    if scheme.page is not None:
        width, height = (edge.points(0) for edge in scheme.page)
        return width, height
    return max(page.trim.width for page in pages), max(page.trim.height for page in pages)


def _require_room(cells: Grid, size: tuple[float, float], room: Room, place: Place | None) -> None:
    """Raises InputError where the cells are more than the sheet has room for."""
    if cells.fits:
        return
    taken = told(room.area.width + cells.over[0], room.area.height + cells.over[1])
    message = f"{cells.columns} x {cells.rows} pages of {told(*size)} with gutters and bleed take at least {taken}"
    left = f"the sheet leaves {told(room.area.width, room.area.height)} within gripper and margins"
    raise no_go("sheet-too-small", f"{message}; {left}", "take a larger stock, fewer pages, or less bleed", place)


def _without_area(pages: Sequence[SourcePage]) -> Iterator[Finding]:
    """Pages whose boxes leave nothing of them: there is nothing to cut out."""
    empty = [page for page in pages if min(page.trim.width, page.trim.height) <= 0]
    for own, page, likewise in _by_size(empty):
        message = f"its finished size is {own}{likewise}"
        yield page.fault(Severity.ERROR, "box-empty", message, "export it again with its page boxes")


def _by_size(pages: Iterable[SourcePage]) -> Iterator[tuple[str, SourcePage, str]]:
    """The first page of each size in each file, how large it is, and how many more there are."""
    alike: dict[tuple[int, str], list[SourcePage]] = {}
    for page in pages:
        own = told(max(0.0, page.trim.width), max(0.0, page.trim.height))
        alike.setdefault((id(page.file), own), []).append(page)
    for (_, own), (first, *others) in alike.items():
        count = len(others)
        yield own, first, f" (and so {'are' if count > 1 else 'is'} {count} more of its pages)" if count else ""


def _of_sizes(
    pages: Sequence[SourcePage], size: tuple[float, float], turns: bool, is_bound: bool = False
) -> Iterator[Finding]:
    """Pages that do not go into their cells, and sizes that are not all one."""
    sizes: dict[tuple[int, int], SourcePage] = {}
    too_large: list[SourcePage] = []
    for page in pages:
        trim = page.trim
        if not (fits(trim, *size) or (turns and fits(trim, *reversed(size)))):
            too_large.append(page)
        elif not _same(trim.width, trim.height, *size) and not (turns and _same(trim.height, trim.width, *size)):
            sizes.setdefault((round(trim.width), round(trim.height)), page)
    for own, page, likewise in _by_size(too_large):
        message = f"it is {own}, larger than its cell of {told(*size)}{likewise}"
        hint = "take a scheme for its size: `page` in the scheme"
        hint += "; --layout takes the pages of one layout alone" if page.file.label else ""
        yield page.fault(Severity.ERROR, "page-over-cell", message, hint)
    if is_bound:
        yield from _too_small(sizes.values(), size)
        return
    for page in list(sizes.values())[:LISTED]:
        own = told(page.trim.width, page.trim.height)
        message = f"it is {own}, and its cell {told(*size)}: it stands in the middle"
        yield page.fault(Severity.WARNING, "page-sizes", message, "check that it is meant")


def _too_small(pages: Iterable[SourcePage], size: tuple[float, float]) -> Iterator[Finding]:
    """Pages of a booklet that are smaller than its leaves: folded and cut, it would have white around them."""
    for page in list(pages)[:LISTED]:
        own = page.trim.width, page.trim.height
        names = bound_names(*own)
        hint = f"take {' or '.join(names)}" if names else "give its size as `page` in a scheme of your own"
        message = f"it is {told(*own)}, and a page of this booklet {told(*size)}: white would be left around it"
        yield page.fault(Severity.ERROR, "page-under-cell", message, hint)


def _of_bleed(scheme: Scheme, pages: Sequence[SourcePage]) -> Iterator[Finding]:
    """Files whose pages end at an edge that is cut: at a spine they may."""
    wanted, stated = scheme.bleed.points(0), "bleed" in scheme.model_fields_set
    least = wanted if stated else min(wanted, LEAST_BLEED)
    told_of: set[int] = set()
    for page in pages:
        trim, bleed = page.trim, page.bleed
        edges = [trim.y, bleed.bottom - trim.bottom]
        edges += [] if scheme.is_bound else [trim.x, bleed.right - trim.right]
        if wanted == 0 and max(edges) >= LEAST_BLEED - SAME_BLEED and id(page.file) not in told_of:
            told_of.add(id(page.file))
            message = f"its {told(max(edges))} of bleed do not print: this sheet has none, and ends where pages end"
            yield page.fault(Severity.NOTE, "bleed-left-out", message, "a larger stock has room for it, to be cut off")
        if min(edges) >= least - SAME_BLEED or id(page.file) in told_of:
            continue
        told_of.add(id(page.file))
        message = f"it has {told(min(edges))} of bleed, and {told(wanted)} are cut through: white may show at the edge"
        severity = Severity.WARNING if stated else Severity.NOTE
        yield page.fault(severity, "bleed", message, "export it with bleed")


def _same(width: float, height: float, other_width: float, other_height: float) -> bool:
    return abs(width - other_width) <= SAME_SIZE and abs(height - other_height) <= SAME_SIZE


def _of_gaps(
    scheme: Scheme, pages: Sequence[SourcePage], counts: tuple[int, int], place: Place | None
) -> Iterator[Finding]:
    own = max(max(page.trim.x, page.trim.y) for page in pages)
    stated = "bleed" in scheme.model_fields_set
    return gap_findings(scheme.gaps, counts, scheme.bleed.points(0), own, stated, place)


def _stop_at_errors(found: Sequence[Finding]) -> None:
    if any(one.is_error for one in found):
        raise InputError(once_for_files(found))
