"""The levels of a sheet: what has been drawn of the lower ones is what the texts of a level stand on."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from pressrun.model.geometry import IDENTITY, Matrix, Rect, after, bounds, met_by
from pressrun.model.reach import reach_of
from pressrun.model.sheet import GroupMark, LogoMark, Mark, Placed, ShapeMark, TextMark, changed, is_on_plate, placed


class MarkLevel(Struct, frozen=True):
    """Live marks from the bottom up. Texts in groups that are laid on as one stand on what ``under`` adds to the lower
    levels."""

    marks: tuple[Mark, ...] = ()
    under: tuple[Mark, ...] = ()


class _Item(Struct, frozen=True):
    """A mark that is laid on by itself, and the groups that only place it, from the outside in."""

    groups: tuple[GroupMark, ...]
    mark: Mark

    def where(self, rect: Rect) -> Rect:
        """Where its groups have a rectangle of it."""
        return bounds(rect, self.matrix) if self.groups else rect

    @property
    def matrix(self) -> Matrix:
        matrix = IDENTITY
        for group in reversed(self.groups):
            matrix = after(matrix, group.matrix)
        return matrix


_groups_of = operator.attrgetter("groups")


class _Open(Struct):
    """A level that more marks may come to; ``drawn`` are the bounds of what cannot be told without drawing it."""

    items: list[_Item] = field(default_factory=list)
    drawn: list[Rect] = field(default_factory=list)
    under: tuple[Mark, ...] = ()

    def closed(self) -> MarkLevel:
        if not any(map(_groups_of, self.items)):
            return MarkLevel(tuple([item.mark for item in self.items]), self.under)
        return MarkLevel(tuple(_grouped(self.items, 0)), self.under)


def levels_of(marks: Iterable[Mark]) -> tuple[MarkLevel, ...]:
    """The live marks of a sheet, parted before each text or logo that stands on more than the plate and flat shapes."""
    levels = [_Open()]
    for item in _items(marks, ()):
        drawn, is_group = levels[-1].drawn, isinstance(item.mark, GroupMark)
        seen = _read(item) if drawn or is_group else ()
        as_one = is_group and any(isinstance(one.mark, TextMark) for one in seen)
        if as_one or _are_on(seen, drawn):
            levels.append(_Open())
        level = levels[-1]
        level.items.append(item)
        if as_one:
            level.under = tuple(_grouped([replace(item, mark=_textless(item.mark))], 0))
        if not _is_told(item):
            level.drawn.append(item.where(reach_of(item.mark)))
    return tuple(level.closed() for level in levels if level.items or level is levels[0])


def _are_on(seen: Iterable[Placed], drawn: Sequence[Rect]) -> bool:
    """Whether any of some texts and logos stands on what is drawn in one of these places."""
    return any(met_by(_extent(one), drawn) for one in seen)


def _read(item: _Item) -> list[Placed]:
    """Its texts and logos."""
    if not isinstance(item.mark, (GroupMark, TextMark, LogoMark)):
        return []
    if not (item.groups or isinstance(item.mark, GroupMark)):
        return [Placed(item.mark)]
    return [one for one in placed([item.mark], item.matrix) if isinstance(one.mark, (TextMark, LogoMark))]


def textless(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Marks without the texts; what panels are left is their shapes."""
    left = changed(marks, lambda mark: mark.panel_shape if isinstance(mark, TextMark) and mark.panel else mark)
    return tuple(_textless(mark) for mark in left if not isinstance(mark, TextMark))


def _textless(mark: Mark) -> Mark:
    return replace(mark, marks=textless(mark.marks)) if isinstance(mark, GroupMark) else mark


def _items(marks: Iterable[Mark], groups: tuple[GroupMark, ...]) -> list[_Item]:
    found: list[_Item] = []
    for mark in marks:
        if isinstance(mark, GroupMark) and not mark.is_mixed:
            found += _items(mark.marks, (*groups, mark))
        elif not is_on_plate(mark):
            found.append(_Item(groups, mark))
    return found


def _grouped(items: Iterable[_Item], depth: int) -> Iterator[Mark]:
    """Marks in their groups again, those that stood in one and follow each other in one."""
    for _, run in itertools.groupby(items, lambda item: id(item.groups[depth]) if item.groups[depth:] else None):
        together = list(run)
        if together[0].groups[depth:]:
            yield replace(together[0].groups[depth], marks=tuple(_grouped(together, depth + 1)))
        else:
            yield from (item.mark for item in together)


def _is_told(item: _Item) -> bool:
    """Whether its look is known without drawing it: a flat shape, or a text, which is no ground."""
    mark = item.mark
    if isinstance(mark, TextMark):
        return not mark.panel or not item.groups
    return isinstance(mark, ShapeMark) and not item.groups and mark.is_plain


def _extent(seen: Placed) -> Rect:
    mark = seen.mark
    if not isinstance(mark, TextMark):
        return seen.bounds
    if mark.panel:  # it is its own ground
        return Rect(0, 0, -1, -1)
    return bounds(mark.fit.extent if mark.fit else mark.rect, seen.matrix)
