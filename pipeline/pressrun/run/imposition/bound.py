"""Booklets: all sheets of one, by a scheme."""

from __future__ import annotations

from collections.abc import Sequence

from pressrun.model.finding import Finding, Place, Severity
from pressrun.run.imposition.booklet import Binding, Paper, booklet_pages, section_grid, section_sides
from pressrun.run.imposition.folds import Half
from pressrun.run.imposition.grid import Grid
from pressrun.run.imposition.position import PressSheet
from pressrun.run.imposition.room import Room, no_go
from pressrun.run.imposition.scheme import Scheme
from pressrun.run.imposition.turns import printed_sides


def binding_of(scheme: Scheme) -> Binding:
    return Binding(
        scheme.method == "saddle-stitched", scheme.binding == "right", scheme.ground_off.points(0),
        scheme.creep.points(0),
    )  # fmt: skip


def bound_at_right(scheme: Scheme) -> Scheme:
    """The scheme for a booklet that is read from the right: its spine and folds change sides."""
    other: dict[Half, Half] = {"left": "right", "right": "left"}
    folds = tuple(other.get(fold, fold) for fold in scheme.folds)
    return scheme if scheme.binding == "right" else scheme.model_copy(update={"binding": "right", "folds": folds})


def bound_grid(scheme: Scheme, page: tuple[float, float], room: Room) -> Grid:
    """The cells of a booklet's outer side."""
    paper = Paper(*room.sheet, room.fronts)
    return section_grid(scheme.section(), page, scheme.gaps, scheme.bleed.points(0), paper, binding_of(scheme))


def bound_sheets(scheme: Scheme, cells: Grid, room: Room, pages: Sequence[int]) -> list[PressSheet]:
    """The sheets of a booklet, the outermost first; what is missing to whole sheets is blank, where the scheme says."""
    section, binding = scheme.section(), binding_of(scheme)
    paper = Paper(*room.sheet, room.fronts)
    blank = (None,) * (booklet_pages(len(pages), section) - len(pages))
    last = len(pages) - 1 if scheme.blanks == "before-last" else len(pages)
    filled = [*pages[:last], *blank, *pages[last:]]
    sections = len(filled) // section.pages
    sheets = []
    for number in range(sections):
        front, back = section_sides(section, cells, paper, binding, scheme.turn, number, sections, filled)
        sheets.append(PressSheet(*room.sheet, printed_sides(front, back, scheme.turn)))
    return sheets


def require_stitches(scheme: Scheme, pages: int, place: Place | None) -> None:
    """Raises InputError for more pages than the wire takes."""
    if scheme.most_pages is not None and pages > scheme.most_pages:
        message = f"{pages} pages are more than the stitching takes, which is {scheme.most_pages}"
        raise no_go("too-many-pages-to-stitch", message, "bind them with method: perfect-bound, or take thinner paper "
                    "and raise most_pages", place)  # fmt: skip


def blank_note(scheme: Scheme, pages: int, place: Place | None) -> list[Finding]:
    """What is told of blank pages that fill the last sheet."""
    blank = booklet_pages(pages, scheme.section()) - pages
    if not blank:
        return []
    where = "before the last one" if scheme.blanks == "before-last" else "at the end"
    some = f"{blank} blank {'page' if blank == 1 else 'pages'} {where}"
    message = f"{pages} pages are no whole number of sheets: {some}"
    hint = "--blanks before-last keeps the last page the back of the cover" if scheme.blanks == "at-end" else None
    whole = f"`booklet: {{multiple: {scheme.section().pages}, blank_before: BACK}}` in its layout has them made with it"
    return [Finding(Severity.NOTE, "blank-pages", message, place, f"{hint}; {whole}" if hint else whole)]
