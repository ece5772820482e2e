"""Layers in another layer, as that one arranges them."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from pressrun.model.composition import CannotCompose
from pressrun.model.geometry import Box, Rect, length_told
from pressrun.model.sheet import Mark, TextMark, placed

ROOM_LEFT = 0.05  # points that things may take more than they have
_ROUNDED = 0.01  # points more than a line is wide, so that it fits where it was measured


class Arranged(Struct, frozen=True):
    """Marks in their places, and the rectangle that they take; ``fault`` is what is wrong with it all the same."""

    marks: tuple[Mark, ...]
    extent: Rect
    fault: CannotCompose | None = None

    @property
    def baseline(self) -> float:
        """Of its first text; of anything else the lower edge."""
        texts = (one.mark for one in placed(self.marks) if isinstance(one.mark, TextMark) and one.mark.fit)
        fits = [mark.fit.extent.y + mark.fit.edges[0] * mark.fit.size for mark in texts if mark.fit]
        return min(fits, default=self.extent.bottom)

    @property
    def lines(self) -> Lines | None:
        """Of one text that stands as it is; of anything else None."""
        (mark,) = self.marks if len(self.marks) == 1 else (None,)
        if not isinstance(mark, TextMark) or mark.fit is None or mark.panel:
            return None
        above, below = (edge * mark.fit.size for edge in mark.fit.edges)
        reaches_out = mark.fit.edges != mark.edges
        return Lines(above, below, mark.leading_at(mark.fit.size) * mark.fit.size, reaches_out)


class Lines(Struct, frozen=True):
    """Of a text what its first line takes above its baseline and its last line below, and its leading: in points.
    ``reaches_out``: its letters have marks that take more than letters do."""

    above: float
    below: float
    leading: float
    reaches_out: bool

    def room_before(self, after: Lines) -> float:
        """That between it and the text ``after`` it, if both stand as lines of one text would: baseline to baseline by
        their leading, or its mean where they have two. Marks that would touch by it do not."""
        room = (self.leading + after.leading) / 2 - self.below - after.above
        return max(room, 0.0) if self.reaches_out or after.reaches_out else room


def out_of_room(code: str, what: str, taken: Rect, room: Rect, target: str, hint: str) -> CannotCompose | None:
    """The fault of layers that take more than they have; None where they do not."""
    if taken.height <= room.height + ROOM_LEFT and taken.width <= room.width + ROOM_LEFT:
        return None
    needed, there = (
        f"{length_told(rect.width, target)} by {length_told(rect.height, target)}" for rect in (taken, room)
    )
    return CannotCompose(code, f"its {what} take {needed}, and it has {there}", hint)


class Contained(Struct, frozen=True):
    """A layer in another. ``aspect`` is the width by the height of what it shows, if that has a shape of its own;
    ``hugs``: it takes what its content needs. ``composed`` has it in a place, or where its own box says; ``extent`` is
    what it takes of a place at the most (as wide as its layers need, where the second argument is true), ``baseline``
    where its first text stands there and ``lines`` those of a text there: none tells what is wrong with it. ``known``
    is its size where that has been asked: to measure it takes as long as to compose it."""

    box: Box
    name: str
    id: str | None
    aspect: float | None
    hugs: bool
    composed: Callable[[Rect | None], Arranged]
    extent: Callable[[Rect, bool], Rect]
    baseline: Callable[[Rect], float]
    lines: Callable[[Rect], Lines | None]
    known: tuple[float | None, float | None] | None = None

    @property
    def needs_measuring(self) -> bool:
        """Whether how wide it is depends on what it says."""
        return self.hugs and self.box.width is None

    def size(
        self, room: Rect, width: float | None, height: float | None, left: Rect | None = None
    ) -> tuple[float | None, float | None]:
        """Its width and height, in % of the ``room``. Where its box does not say one it has that which is given, or
        (None) what it needs of the room that is ``left``; None where nothing tells."""
        if self.known:
            return self.known
        own = self.box
        wide = own.width.points(room.width) if own.width else width
        high = own.height.points(room.height) if own.height else height
        if self.hugs:
            left = left or room
            most = own.height.points(room.height) if own.height else left.height
            trial = Rect(room.x, room.y, left.width if wide is None else wide, most)
            extent = self.extent(trial, wide is None)
            return extent.width + _ROUNDED if wide is None else wide, extent.height
        if self.aspect is None:
            return wide, high
        if wide is not None and (high is None or (own.width and not own.height)):
            return wide, wide / self.aspect
        if high is not None and (wide is None or (own.height and not own.width)):
            return high * self.aspect, high
        return wide, high
