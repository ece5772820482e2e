"""What stands in the clear zone of a code, as far as the settled sheet says so: flat shapes, frames, rules, texts and
other codes. Pictures, shades and artwork are looked at on the drawn page."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy
from numpy.typing import NDArray

from pressrun.model.code_mark import CodeMark
from pressrun.model.color import Ink, relative_luminance
from pressrun.model.geometry import Rect, bounds, inverse, met_by
from pressrun.model.inspection import Inspection
from pressrun.model.sheet import GroupMark, Mark, Placed, ShapeMark, TextMark, ungrouped

FINE = 2  # cells to a module
THIN = 0.5  # of a cell, from where on a rule is taken for a bar
UPRIGHT = 0.01  # of a turn's sine, in which a rectangle is still one
Cells = NDArray[numpy.int32]
UNKNOWN = -1  # what nobody knows the colour of before it is drawn, or what has none
MIDDLE = 0.25  # of the height of a piece of text, above and below which there may be no ink


def in_its_zone(inspection: Inspection, at: int, light: float) -> str | None:
    """The layer of what stands in the zone of the code at this place of a sheet's marks, if its luminance is less than
    is ``light`` enough; the topmost of several."""
    every = inspection.sheet.placed
    one = every[at]
    mark = one.mark
    assert isinstance(mark, CodeMark)
    zone = bounds(mark.zone, one.matrix)
    first = at + 1 if mark.has_its_zone else 0  # what is below it is covered there
    near = [
        place for place in met_by(zone, [one.bounds for one in every])
        if place >= first and place != at and every[place].mark.layer not in mark.words
    ]  # fmt: skip
    if not near or not _is_upright(one):
        return None
    mixed = _mixed(inspection.sheet.marks)
    seen, back = _Zone(mark), inverse(one.matrix)
    inks: dict[int, Ink] = {}
    for place in sorted([*near, at]):
        other = every[place]
        if place == at:
            seen.paint(mark.rect if mark.ground else mark.core, at)
            continue
        for rect, ink in _painted(inspection, other, id(other.mark) in mixed):
            inside = bounds(bounds(rect, other.matrix), back)
            is_ground = place < at and mark.ground is None and inside.contains(mark.core)
            seen.paint(inside, place if ink and not is_ground else UNKNOWN)
            if ink:
                inks[place] = ink
    dark = [place for place in seen.around() if place in inks and relative_luminance(inks[place].rgb) < light]
    return every[max(dark)].mark.layer if dark else None


def cut_off(inspection: Inspection, one: Placed) -> float:
    """How far the zone of a code reaches beyond the page when that is cut (points)."""
    assert isinstance(one.mark, CodeMark)
    if not _is_upright(one):
        return 0.0
    zone, trim = bounds(one.mark.zone, one.matrix), inspection.sheet.boxes.trim
    return max(0.0, trim.x - zone.x, trim.y - zone.y, zone.right - trim.right, zone.bottom - trim.bottom)


class _Zone:
    """The zone of a code in cells, each of which knows what lies topmost there: the place of a mark."""

    def __init__(self, mark: CodeMark) -> None:
        self._zone, self._core = mark.zone, mark.core
        self._scale = FINE / mark.module
        across, down = math.ceil(self._zone.width * self._scale), math.ceil(self._zone.height * self._scale)
        self._cells: Cells = numpy.full((down, across), UNKNOWN, numpy.int32)

    def paint(self, rect: Rect, place: int) -> None:
        self._cells[self._part(rect, place == UNKNOWN)] = place

    def around(self) -> list[int]:
        """What is seen of it around the code."""
        self._cells[self._part(self._core, False)] = UNKNOWN
        return [int(place) for place in numpy.unique(self._cells)]

    def _part(self, rect: Rect, is_unknown: bool) -> tuple[slice, slice]:
        """The cells that a rectangle covers, to the nearest edge; all that it touches, if it may be of any colour."""
        down = rect.y - self._zone.y, rect.bottom - self._zone.y
        across = rect.x - self._zone.x, rect.right - self._zone.x
        return self._cells_of(*down, is_unknown), self._cells_of(*across, is_unknown)

    def _cells_of(self, start: float, end: float, is_unknown: bool) -> slice:
        start, end = start * self._scale, end * self._scale
        if is_unknown:
            first, last = math.floor(start), math.ceil(end)
        else:
            first, last = round(start), round(end)
            if first == last and end - start >= THIN:
                first = math.floor((start + end) / 2)
                last = first + 1
        return slice(max(0, first), max(0, last))


def _mixed(marks: Iterable[Mark]) -> set[int]:
    """The marks, by identity, in groups that are laid on as one, of which the sheet does not tell what is seen."""
    found: set[int] = set()
    for mark in marks:
        if isinstance(mark, GroupMark):
            found |= set(map(id, ungrouped(mark.marks))) if mark.is_mixed else _mixed(mark.marks)
    return found


def _painted(inspection: Inspection, one: Placed, is_mixed: bool) -> Iterator[tuple[Rect, Ink | None]]:
    """The rectangles that a mark covers with an ink, or with what is not known."""
    mark = one.mark
    if is_mixed or one.clips or not _is_upright(one):
        yield mark.rect, None
    elif isinstance(mark, TextMark):
        if mark.panel:
            yield mark.taken, mark.panel_shape.ink
        for rect in inspection.pieces(mark):
            aside = MIDDLE * rect.height
            yield rect.inset(aside, 0, aside, 0), mark.inks[0]
    elif isinstance(mark, CodeMark):
        if mark.ground:
            yield mark.rect, mark.ground
        yield mark.core, mark.ink
    elif isinstance(mark, ShapeMark) and mark.is_plain and _is_of_rectangles(mark):
        if mark.fill:
            yield mark.rect, mark.ink
        if mark.stroke:
            yield from ((side, mark.stroke) for side in _frame(mark))
    else:
        yield mark.rect, None


def _is_of_rectangles(mark: ShapeMark) -> bool:
    return mark.shape == "rect" or (mark.shape == "line" and not min(mark.rect.width, mark.rect.height))


def _frame(mark: ShapeMark) -> Sequence[Rect]:
    rect, half = mark.rect, mark.stroke_width / 2
    out = rect.inset(-half, -half, -half, -half)
    wide, high = min(2 * half, out.width), min(2 * half, out.height)
    return (
        Rect(out.x, out.y, out.width, high), Rect(out.x, out.bottom - high, out.width, high),
        Rect(out.x, out.y, wide, out.height), Rect(out.right - wide, out.y, wide, out.height),
    )  # fmt: skip


def _is_upright(one: Placed) -> bool:
    a, b, c, d, _, _ = one.matrix
    upright, aside = max(abs(a), abs(d)), max(abs(b), abs(c))
    return min(upright, aside) < UPRIGHT * max(upright, aside)
