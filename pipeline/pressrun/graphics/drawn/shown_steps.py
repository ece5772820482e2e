"""Technical inks where they are not printed: outlined, or hatched."""

from __future__ import annotations

from msgspec.structs import replace

from pressrun.graphics.drawn.shadows import in_one_ink
from pressrun.model.color import TechnicalInk
from pressrun.model.geometry import Rect, after, turned_about
from pressrun.model.placed_page import PageMark
from pressrun.model.sheet import GroupMark, Mark, Pattern, ShapeMark

LINE, STEP = 0.5, 4.0  # points: how thick lines are, and how far they are apart
ANGLE = 45.0


def shown_as(mark: Mark, ink: TechnicalInk) -> Mark:
    """A mark in a technical ink as it is shown. What has no area to speak of, as letters, has its own form; and so has
    what a placed page draws in it."""
    if isinstance(mark, GroupMark):
        return replace(mark, marks=tuple(shown_as(one, ink) for one in mark.marks))
    if isinstance(mark, PageMark):
        return replace(mark, inks=((mark.alone, ink.look),))
    if not isinstance(mark, ShapeMark):
        return in_one_ink(mark, ink.look)
    rect, look = mark.rect, ink.look
    stripe = ShapeMark(mark.layer, Rect(-LINE, 0, STEP + 2 * LINE, LINE), "rect", look, None, 0.0, 0.0)
    place = after((1.0, 0.0, 0.0, 1.0, rect.x, rect.y), turned_about(rect.x, rect.y, ANGLE))
    hatched = mark.fill and ink.shown == "hatch" and mark.shape != "line"
    fill = Pattern((stripe,), STEP, STEP, place) if hatched else None
    return replace(mark, fill=fill, stroke=look, stroke_width=max(mark.stroke_width, LINE), pixels=False)
