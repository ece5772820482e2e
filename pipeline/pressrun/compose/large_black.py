"""Black that is large, in a brand's rich black: fine things stay black alone, or their plates would show."""

from __future__ import annotations

from msgspec.structs import replace

from pressrun.model.color import Ink, TwofoldBlack
from pressrun.model.sheet import Mark, ShapeMark, TextMark

FINE = 2.0  # points, up to which a shape or a stroke is a rule


def with_rich_black(ink: Ink, rich: tuple[float, float, float, float]) -> TwofoldBlack:
    """Black alone that knows what it is where it is large."""
    return TwofoldBlack(ink.name, ink.srgb, ink.cmyk, ink.spot, ink.overprints, rich)


def in_rich_black(mark: Mark) -> Mark:
    """A mark whose black areas are as large as they are; of texts, whose size is not settled yet, their panel."""
    if isinstance(mark, TextMark) and mark.panel and isinstance(mark.panel.fill, Ink):
        return replace(mark, panel=replace(mark.panel, fill=mark.panel.fill.where_large))
    if not isinstance(mark, ShapeMark):
        return mark
    fill, stroke = mark.fill, mark.stroke
    if isinstance(fill, Ink) and min(mark.rect.width, mark.rect.height) > FINE:
        fill = fill.where_large
    if stroke and mark.stroke_width > FINE:
        stroke = stroke.where_large
    return mark if (fill, stroke) == (mark.fill, mark.stroke) else replace(mark, fill=fill, stroke=stroke)
