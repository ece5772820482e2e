"""How far a mark reaches on its page."""

from __future__ import annotations

import functools

from pressrun.model.geometry import Rect, around, bounds
from pressrun.model.sheet import GroupMark, Mark, PictureMark, ShapeMark, TextMark

OUT_OF_ITS_BOX = 0.5  # em that the ink of a text may reach out of what it takes


def reach_of(mark: Mark) -> Rect:
    """All that a mark may paint on."""
    if isinstance(mark, TextMark):
        out = -OUT_OF_ITS_BOX * mark.fit.size if mark.fit else 0.0
        reach = mark.fit.extent.inset(out, out, out, out) if mark.fit else mark.rect
        return around(reach, mark.panel_shape.rect) if mark.panel else reach
    if isinstance(mark, ShapeMark) and mark.stroke:
        return mark.rect.inset(*[-mark.stroke_width] * 4)
    if isinstance(mark, PictureMark) and mark.shadow:
        return mark.rect.inset(*[-mark.rect.width] * 4)
    return _reach_of_group(mark) if isinstance(mark, GroupMark) else mark.rect


def _reach_of_group(group: GroupMark) -> Rect:
    """Where nothing cuts it out, what is in it may lie out of its box."""
    inside = group.rect if group.clip else functools.reduce(around, map(reach_of, group.marks), group.rect)
    turned = bounds(inside, group.matrix)
    return around(turned, group.shadow.bounds(turned)) if group.shadow else turned
