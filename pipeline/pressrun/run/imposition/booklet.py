"""Pages of a booklet on the sheets that it is folded from, stitched through the fold or glued at the spine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from pressrun.model.geometry import Rect
from pressrun.run.imposition.folds import Section
from pressrun.run.imposition.grid import Grid, Lanes, grid
from pressrun.run.imposition.position import Cell, Fold, Position, Side
from pressrun.run.imposition.turns import OVER_LEVEL_AXIS, Turn, behind, fold_behind


class Binding(Struct, frozen=True):
    """How folded sheets are bound. ``nested``: each lies in the fold of the one before, and wire goes through all; else
    they lie one after another. ``at_right``: the spine, as the book lies, in scripts from right to left. ``ground_off``
    is what milling takes off each page at the spine; ``creep`` by how much each leaf pushes those in its fold outwards:
    the thickness of the paper. All in points."""

    nested: bool
    at_right: bool = False
    ground_off: float = 0.0
    creep: float = 0.0


class Paper(Struct, frozen=True):
    """A sheet, and the area of it that the outer side of a section may take."""

    width: float
    height: float
    area: Rect


def booklet_pages(pages: int, section: Section) -> int:
    """How many pages a booklet has with the blank ones that fill its last sheet."""
    return -(-pages // section.pages) * section.pages


def bound_page(page: int, number: int, sections: int, section: Section, binding: Binding) -> int:
    """The page of the booklet that is a ``page`` of one of its sections, by the section's ``number`` from 0."""
    if not binding.nested:
        return number * section.pages + page
    half = section.pages // 2
    if page < half:
        return number * half + page
    return sections * section.pages - (number + 1) * half + (page - half)


def depth(page: int, pages: int) -> int:
    """How many leaves lie around the one that has a page, in sheets that are folded into each other."""
    return min(page, pages - 1 - page) // 2


def section_grid(
    section: Section, page: tuple[float, float], gutters: tuple[float, float], bleed: float, paper: Paper,
    binding: Binding,
) -> Grid:  # fmt: skip
    """The cells of a folded sheet's outer side. Nothing bleeds over a fold that is not cut open."""
    spines = _spines(section, binding)
    at_spine = 2 * binding.ground_off
    across = tuple(at_spine if gap in spines else gutters[0] for gap in range(section.columns - 1))
    closed = frozenset() if binding.ground_off else frozenset(spines)
    down = (gutters[1],) * (section.rows - 1)
    heads = [one.turned for one in section.outer]
    return grid(
        Lanes(section.columns, page[0], across, bleed, closed),
        Lanes(section.rows, page[1], down, bleed),
        paper.area,
        heads,
    )


def section_sides(
    section: Section, outer: Grid, paper: Paper, binding: Binding, turn: Turn, number: int, sections: int,
    pages: Sequence[int | None],
) -> tuple[Side, Side]:  # fmt: skip
    """Both sides of one sheet of a booklet whose ``pages`` may be blank (None)."""
    folds = tuple(_folds(outer, _spines(section, binding), binding.ground_off))
    inner = tuple(_inner_cells(section, outer, paper, turn))
    sides = []
    for name, some, cells in (("front", section.outer, outer.cells), ("back", section.inner, inner)):
        positions = []
        for folded, cell in zip(some, cells, strict=True):
            bound = bound_page(folded.page, number, sections, section, binding)
            page = pages[bound]
            if page is not None:
                within = bound if binding.nested else folded.page
                by = depth(within, len(pages) if binding.nested else section.pages) * binding.creep
                positions.append(Position(page, cell, (by * _towards_spine(folded.page, cell, binding), 0.0)))
        own = folds if name == "front" else tuple(fold_behind(one, paper.width, paper.height, turn) for one in folds)
        sides.append(Side(name, tuple(positions), cells, own))
    return sides[0], sides[1]


def _inner_cells(section: Section, outer: Grid, paper: Paper, turn: Turn) -> Iterator[Cell]:
    for at, page in enumerate(section.inner):
        row, column = divmod(at, section.columns)
        before = outer.cells[row * section.columns + section.columns - 1 - column]
        trim, clip = (behind(box, paper.width, paper.height, turn) for box in (before.trim, before.clip))
        yield Cell(trim, clip, (page.turned + (180 if turn in OVER_LEVEL_AXIS else 0)) % 360)


def _towards_spine(page: int, cell: Cell, binding: Binding) -> int:
    """Where the spine of a page is in its cell: -1 at the left, 1 at the right."""
    at_left = (page % 2 == 0) ^ (cell.turned == 180) ^ binding.at_right
    return -1 if at_left else 1


def _spines(section: Section, binding: Binding) -> frozenset[int]:
    """The gaps between columns at which pages are bound."""
    heads = [Cell(Rect(0, 0, 0, 0), Rect(0, 0, 0, 0), one.turned) for one in section.outer[: section.columns]]
    sides = [_towards_spine(one.page, cell, binding) for one, cell in zip(section.outer, heads, strict=False)]
    return frozenset(gap for gap in range(section.columns - 1) if sides[gap] == 1 and sides[gap + 1] == -1)


def _folds(outer: Grid, spines: frozenset[int], ground_off: float) -> Iterator[Fold]:
    """Between all columns and rows: a section is one page when it is folded."""
    first, last = outer.cells[0].trim, outer.cells[-1].trim
    for column in range(outer.columns - 1):
        x = (outer.cells[column].trim.right + outer.cells[column + 1].trim.x) / 2
        yield Fold((x, first.y), (x, last.bottom), ground_off if column in spines else None)
    for row in range(outer.rows - 1):
        y = (outer.cells[row * outer.columns].trim.bottom + outer.cells[(row + 1) * outer.columns].trim.y) / 2
        yield Fold((first.x, y), (last.right, y))
