"""A text as Typst reads it, whether it is to be fitted or set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import asdict

from pressrun.graphics.typefaces.fonts import engine_families
from pressrun.model.color import Ink
from pressrun.model.plain_data import plain
from pressrun.model.sheet import TextMark
from pressrun.model.spans import Paragraphs, Run, Span

Paint = Callable[[Ink, float], str]
"""The colour (#RRGGBB) that stands for an ink of words, whose size is this share of their text's."""


def unpainted(ink: Ink, scale: float) -> str:
    return "#000000"


def text_json(
    mark: TextMark, spans: tuple[Span, ...], phrases: tuple[tuple[str, ...], ...], edges: tuple[float, float],
    paint: Paint = unpainted,
) -> dict[str, Any]:  # fmt: skip
    """What ``text.typ`` takes of a mark: spans in its type or their own, of which some phrases are not broken.
    ``edges`` are what a line takes above and below its baseline in em."""
    return {
        "spans": [_span(span, mark.inks[0], paint) for span in spans],
        "phrases": phrases,
        "fill": paint(mark.inks[0], 1.0),
        "families": _engine_names(mark.families),
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
        **({"columns": asdict(mark.columns)} if mark.columns else {}),
        **(_paragraphs(mark.paragraphs) if mark.paragraphs else {}),
    }


def _paragraphs(said: Paragraphs) -> dict[str, Any]:
    """What `text.typ` takes of them; lines that are no more than lines need no more than their type."""
    composed = {"paragraphs": plain(said)} if said.are_composed else {}
    return {"features": _features(said.features), "leading_points": said.leading, **composed}


def _features(tags: tuple[str, ...]) -> dict[str, int]:
    return {tag.removeprefix("-"): int(not tag.startswith("-")) for tag in tags}


def _engine_names(families: tuple[str, ...]) -> list[str]:
    return [name for family in families for name in engine_families(family)]


def _span(span: Span, own: Ink, paint: Paint) -> dict[str, Any]:
    """``own`` is the ink of its text; of words in another size that may be another one in print."""
    plain = {"text": span.text, "scale": span.scale, "rise": span.rise}
    if not isinstance(span, Run):
        return plain if span.scale == 1 else {**plain, "fill": paint(own, span.scale)}
    return {
        **plain,
        "families": _engine_names(span.families),
        "weight": span.weight,
        "style": span.style,
        "tracking": span.tracking,
        "fill": paint(span.ink or own, span.scale) if span.ink or span.scale != 1 else None,
        "lines": [asdict(line) for line in span.lines],
        "features": _features(span.features),
        **({"logo": {"height": span.logo.height, "aspect": span.logo.aspect}} if span.logo else {}),
    }
