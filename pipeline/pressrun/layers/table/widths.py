"""How wide columns are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

MOST_OF_CONTENT = 0.75  # of the room beside columns that have shares of it
TOLERANCE = 0.05  # points


class Width(Struct, frozen=True):
    """What is asked for a column: ``fixed`` points, as much as its ``content`` takes, or a ``share`` of the rest."""

    kind: Literal["fixed", "content", "share"]
    value: float = 0.0


class TooWide(Exception):
    """Columns that do not fit beside one another: what they need, and what there is, in points."""

    def __init__(self, needed: float, room: float) -> None:
        super().__init__(f"{needed} of {room}")
        self.needed, self.room = needed, room


def widths(asked: Sequence[Width], natural: Sequence[float], room: float) -> tuple[float, ...]:
    """The columns' widths in points; ``natural`` is what the cells of each would take on one line. Shares fill the
    room; columns of content are narrowed where they do not fit, the widest first. Raises TooWide."""
    fixed = sum(one.value for one in asked if one.kind == "fixed")
    shares = sum(one.value for one in asked if one.kind == "share")
    free = room - fixed
    if free < -TOLERANCE or (free <= 0 and any(one.kind != "fixed" for one in asked)):
        raise TooWide(fixed, room)
    wanted = [width for one, width in zip(asked, natural, strict=True) if one.kind == "content"]
    most = limit(wanted, free * (MOST_OF_CONTENT if shares else 1.0))
    content = [min(width, most) for width in wanted]
    rest = free - sum(content)
    given = iter(content)
    return tuple([
        one.value if one.kind == "fixed" else next(given) if one.kind == "content" else rest * one.value / shares
        for one in asked
    ])  # fmt: skip


def limit(wanted: Sequence[float], room: float) -> float:
    """The width that none of several may exceed so that all have room."""
    if sum(wanted) <= room:
        return max(wanted, default=0.0)
    left, count = room, len(wanted)
    for width in sorted(wanted):
        if width * count >= left:
            break
        left, count = left - width, count - 1
    return left / count
