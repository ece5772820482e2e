"""A text as Typst reads it, whether it is to be fitted or set."""

from __future__ import annotations

from typing import Any

from pressrun.graphics.fonts import engine_families
from pressrun.model.sheet import Span, TextMark


def text_json(
    mark: TextMark, spans: tuple[Span, ...], phrases: tuple[tuple[str, ...], ...], edges: tuple[float, float],
    fill: str = "#000000",
) -> dict[str, Any]:  # fmt: skip
    """What ``text.typ`` takes of a mark: spans in its type, of which some phrases are not broken. ``edges`` are what a
    line takes above and below its baseline in em; ``fill`` is #RRGGBB."""
    return {
        "spans": [{"text": span.text, "scale": span.scale, "rise": span.rise} for span in spans],
        "phrases": phrases,
        "fill": fill,
        "families": [name for family in mark.families for name in engine_families(family)],
        "weight": mark.weight,
        "style": mark.style,
        "leading": mark.leading,
        "tracking": mark.tracking,
        "top": edges[0],
        "bottom": edges[1],
        "align": mark.align,
        "language": mark.language,
        "region": mark.region or None,
        "direction": mark.direction,
    }
