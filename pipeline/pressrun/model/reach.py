"""How far a mark reaches on its page."""

from __future__ import annotations

import functools

from pressrun.model.geometry import Rect, around, bounds
from pressrun.model.sheet import GroupMark, Mark, PictureMark, ShapeMark, TextMark


def reach_of(mark: Mark) -> Rect:
    """All that a mark may paint on."""
    if isinstance(mark, TextMark):
        if mark.fit is None or mark.panel:
            return around(mark.rect, mark.panel_shape.rect) if mark.panel else mark.rect
        return mark.fit.extent.inset(*[-mark.fit.size / 2] * 4)
    if isinstance(mark, ShapeMark):
        return mark.rect.inset(*[-mark.stroke_width] * 4)
    if isinstance(mark, PictureMark) and mark.shadow:
        return mark.rect.inset(*[-mark.rect.width] * 4)
    return _reach_of_group(mark) if isinstance(mark, GroupMark) else mark.rect


def _reach_of_group(group: GroupMark) -> Rect:
    """Where nothing cuts it out, what is in it may lie out of its box."""
    if group.clip:
        return group.reach
    turned = bounds(functools.reduce(around, map(reach_of, group.marks), group.rect), group.matrix)
    return around(turned, group.shadow.bounds(turned)) if group.shadow else turned
