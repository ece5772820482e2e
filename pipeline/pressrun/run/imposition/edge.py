"""The edge of a sheet, around its pages, where marks may stand: which of it is free."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from pressrun.model.geometry import Rect

STEP = 72 / 25.4  # points from one place that is tried to the next
MOST_STEPS = 120
APART = 2.0  # points between what stands on the edge


class Strip(Struct, frozen=True):
    """One side of the edge. ``is_upright`` where what stands along it runs from bottom to top; ``from_start``: the
    paper ends at its upper (or left) side, and the pages lie at the other."""

    rect: Rect
    is_upright: bool
    from_start: bool


class Edge(Struct):
    """The free strips of a side: above, below, left and right of its pages, within what prints; and what is taken."""

    strips: tuple[Strip, ...]
    taken: list[Rect]

    def place(self, length: float, depth: float) -> tuple[Rect, bool] | None:
        """Room for something so long and so deep, nearest to the middle of a side and as far from the pages as may be;
        with whether it stands upright. It is taken then. None where there is none."""
        for strip in self.strips:
            for rect in _places(strip, length, depth):
                if not any(_overlap(rect, other) for other in self.taken):
                    self.taken.append(rect)
                    return rect, strip.is_upright
        return None

    def middles(self, size: float) -> Iterator[Rect]:
        """Squares at the middle of each side that has room for one, or near it; they are taken then."""
        for strip in self.strips:
            for rect in _places(strip, size, size):
                if not any(_overlap(rect, other) for other in self.taken):
                    self.taken.append(rect)
                    yield rect
                    break


def edge(area: Rect, inked: Iterable[Rect], taken: Iterable[Rect]) -> Edge:
    """The edge around what is inked."""
    boxes = list(inked)
    left, right = min(box.x for box in boxes), max(box.right for box in boxes)
    top, bottom = min(box.y for box in boxes), max(box.bottom for box in boxes)
    above = Strip(Rect(area.x, area.y, area.width, top - area.y), False, True)
    below = Strip(Rect(area.x, bottom, area.width, area.bottom - bottom), False, False)
    before = Strip(Rect(area.x, area.y, left - area.x, area.height), True, True)
    behind = Strip(Rect(right, area.y, area.right - right, area.height), True, False)
    return Edge((above, below, before, behind), list(taken))


def _places(strip: Strip, length: float, depth: float) -> Iterator[Rect]:
    rect = strip.rect
    along, across = (rect.height, rect.width) if strip.is_upright else (rect.width, rect.height)
    if length > along or depth > across:
        return
    free = along - length
    step = max(STEP, free / MOST_STEPS)
    for inwards in _depths(across - depth):
        inset = inwards if strip.from_start else across - depth - inwards
        for number in range(int(free / 2 / step) + 1):
            for sign in (1, -1) if number else (1,):
                at = free / 2 + sign * number * step
                if strip.is_upright:
                    yield Rect(rect.x + inset, rect.y + at, depth, length)
                else:
                    yield Rect(rect.x + at, rect.y + inset, length, depth)


def _depths(room: float) -> Iterator[float]:
    """How far from the paper's end: from there inwards, and right beside the pages at last."""
    steps = int(room / STEP)
    yield from (number * STEP for number in range(steps + 1))
    if room - steps * STEP > 0.01:
        yield room


def _overlap(one: Rect, other: Rect) -> bool:
    """Whether two come nearer to each other than is good to look at."""
    across = one.x < other.right + APART and other.x < one.right + APART
    return across and one.y < other.bottom + APART and other.y < one.bottom + APART
