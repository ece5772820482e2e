"""Ways to the marks of a sheet through its groups, and marks laid beside those at their ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from pressrun.model.geometry import IDENTITY, Matrix, Rect, after, bounds
from pressrun.model.sheet import GroupMark, Mark

Way = tuple[int, ...]  # to a mark: its number, and before it those of the groups that it is in


class Found(Struct, frozen=True):
    """A mark that is no group, the way to it, and the matrix that its groups move it by."""

    way: Way
    mark: Mark
    matrix: Matrix

    @property
    def bounds(self) -> Rect:
        """The upright rectangle around its box."""
        return bounds(self.mark.rect, self.matrix)


def found_in(marks: Iterable[Mark], way: Way = (), matrix: Matrix = IDENTITY) -> Iterator[Found]:
    """From the bottom up."""
    for number, mark in enumerate(marks):
        here = (*way, number)
        if isinstance(mark, GroupMark):
            yield from found_in(mark.marks, here, after(mark.matrix, matrix))
        else:
            yield Found(here, mark, matrix)


def mark_at(marks: Sequence[Mark], way: Way) -> Mark:
    """The mark at the end of a way, which may be a group."""
    for at in way[:-1]:
        group = marks[at]
        assert isinstance(group, GroupMark)
        marks = group.marks
    return marks[way[-1]]


def laid_beside(
    marks: Iterable[Mark], below: Mapping[Way, Sequence[Mark]], above: Mapping[Way, Sequence[Mark]], way: Way = ()
) -> tuple[Mark, ...]:
    """Marks with others right below and right above some of them."""
    laid: list[Mark] = []
    for number, mark in enumerate(marks):
        here = (*way, number)
        if isinstance(mark, GroupMark):
            mark = replace(mark, marks=laid_beside(mark.marks, below, above, here))
        laid += (*below.get(here, ()), mark, *above.get(here, ()))
    return tuple(laid)
