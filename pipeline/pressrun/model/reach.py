"""How far a mark reaches on its page."""

from __future__ import annotations

from pressrun.model.geometry import Rect, around
from pressrun.model.sheet import GroupMark, Mark, ShapeMark, TextMark


def reach_of(mark: Mark) -> Rect:
    """All that a mark may paint on."""
    if isinstance(mark, TextMark):
        if mark.fit is None or mark.panel:
            return around(mark.rect, mark.panel_shape.rect) if mark.panel else mark.rect
        return mark.fit.extent.inset(*[-mark.fit.size / 2] * 4)
    if isinstance(mark, ShapeMark):
        return mark.rect.inset(*[-mark.stroke_width] * 4)
    return mark.reach if isinstance(mark, GroupMark) else mark.rect
