"""The room that marks take, by which what stands beside them moves."""

from __future__ import annotations

from collections.abc import Sequence

from pressrun.model.geometry import Rect
from pressrun.model.sheet import Mark, TextMark


def taken(mark: Mark) -> Rect:
    """What a mark takes: of a text its lines, and its panel around them. One whose font is not at hand takes a line at
    the least, and who only looks must not be told that it takes all the room."""
    if not isinstance(mark, TextMark):
        return mark.rect
    if mark.fit:
        lines = mark.fit.extent
    else:
        room, line = mark.rect, mark.size_min * sum(mark.edges)
        lines = Rect(room.x, room.y, room.width, min(room.height, line))
    if mark.panel is None:
        return lines
    padding = mark.panel.padding
    return lines.inset(-padding, -padding, -padding, -padding)


def around(rects: Sequence[Rect]) -> Rect | None:
    if not rects:
        return None
    x, y = min(rect.x for rect in rects), min(rect.y for rect in rects)
    return Rect(x, y, max(rect.right for rect in rects) - x, max(rect.bottom for rect in rects) - y)
