"""What is on a sheet for the finisher: marks in technical inks, which lie on layers of their own over all others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from pressrun.model.code_mark import CodeMark
from pressrun.model.color import Ink, TechnicalInk
from pressrun.model.geometry import Rect
from pressrun.model.paint import Gradient
from pressrun.model.placed_page import PageMark
from pressrun.model.sheet import GroupMark, Mark, PictureMark, ShadeMark, ShapeMark, Sheet, TextMark
from pressrun.model.toned_picture import TonedPictureMark

NO_INK = TechnicalInk("", "#000000", (0.0, 0.0, 0.0, 0.0))


class TechnicalMark(GroupMark, frozen=True):
    """Marks of a sheet in one technical ink."""

    ink: TechnicalInk = NO_INK


def inks_of(mark: Mark) -> Iterator[Ink]:
    """The inks of the palette that a mark is printed in, as far as it says so itself."""
    if isinstance(mark, ShapeMark):
        fill = mark.fill
        inks = [stop.ink for stop in fill.stops] if isinstance(fill, Gradient) else [mark.ink]
        yield from (ink for ink in (*inks, mark.stroke) if ink)
    elif isinstance(mark, TextMark):
        yield mark.inks[0]
    elif isinstance(mark, (CodeMark, ShadeMark)):
        yield mark.ink
    elif isinstance(mark, PageMark):
        yield from (ink for _, ink in mark.inks if mark.alone)
    elif isinstance(mark, PictureMark):
        tone = mark.tone if isinstance(mark, TonedPictureMark) else None
        yield from (ink for ink in (mark.shadow, *((tone.shadows, tone.lights) if tone else ())) if ink)


def step_of(mark: Mark) -> TechnicalInk | None:
    """The technical ink that a mark is in."""
    return next((ink for ink in inks_of(mark) if isinstance(ink, TechnicalInk)), None)


def is_of_pixels(mark: Mark) -> bool:
    """Whether it is one that no technical ink can be printed by."""
    return isinstance(mark, (PictureMark, ShadeMark))


def laid_above(marks: Iterable[Mark], page: Rect, target: str) -> tuple[Mark, ...]:
    """Marks with those in technical inks apart, over all others: a group for each ink. On screens there are those that
    are shown. What is in groups keeps its place, and not how they are laid on."""
    found: dict[TechnicalInk, list[Mark]] = {}
    rest = tuple(_without_technical(marks, found, ()))
    if not found:
        return rest
    there = {ink: apart for ink, apart in found.items() if target == "print" or ink.shown}
    return (*rest, *(TechnicalMark(ink.name, page, tuple(apart), ink=ink) for ink, apart in there.items()))


def _without_technical(
    marks: Iterable[Mark], found: dict[TechnicalInk, list[Mark]], groups: tuple[GroupMark, ...]
) -> Iterator[Mark]:
    for mark in marks:
        if isinstance(mark, GroupMark):
            yield replace(mark, marks=tuple(_without_technical(mark.marks, found, (*groups, mark))))
        elif (ink := step_of(mark)) is None or is_of_pixels(mark):
            yield mark
        else:
            for group in reversed(groups):
                mark = GroupMark(group.layer, group.rect, (mark,), group.matrix, group.clip)
            found.setdefault(ink, []).append(mark)


def without_technical(sheet: Sheet) -> Sheet:
    """A sheet without what is only for the finisher."""
    if not any(isinstance(mark, TechnicalMark) for mark in sheet.marks):
        return sheet
    return replace(sheet, marks=tuple(mark for mark in sheet.marks if not isinstance(mark, TechnicalMark)))
