"""What a text becomes in its box, and how Typst is asked for it (the JSON that ``fit.typ`` reads and writes)."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from pressrun.compose.cut_spans import kept
from pressrun.compose.held_places import held_at, joined_at
from pressrun.graphics.texts.line_breaks import line_ends
from pressrun.graphics.typefaces.characters import has_breaks_without_blanks
from pressrun.model.geometry import Rect
from pressrun.model.sheet import TextMark
from pressrun.model.spans import Flow, Span


class Fitted(Struct, frozen=True):
    """What a text becomes in a box of its size, wherever that stands; widths and height in points."""

    spans: tuple[Span, ...]
    phrases: tuple[tuple[str, ...], ...]
    size: float
    lines: int
    column: float
    width: float
    height: float
    overflow: bool
    shortened: bool
    logos: tuple[Rect, ...] = ()
    flow: Flow | None = None
    apart: float = 0.0
    loosest: float = 0.0


def answered(mark: TextMark, answer: dict[str, Any]) -> Fitted:
    cut, held = answer["text"], answer["held"]
    spans, phrases = mark.spans, mark.phrases if answer["phrased"] else ()
    if cut is not None:
        spans = kept(spans, cut)
    elif held is not None:
        at = (len(mark.text.encode()[:held].decode()),)
        spans, phrases = held_at(spans, at), joined_at(phrases, at)
    return Fitted(
        spans,
        phrases,
        answer["size"],
        int(answer["lines"]),
        answer["column"],
        answer["width"],
        answer["height"],
        answer["overflow"],
        cut is not None,
        tuple(Rect(one["x"], one["y"], one["width"], one["height"]) for one in answer.get("logos", ())),
        Flow(flow["width"], flow["height"], tuple(flow["ends"])) if (flow := answer.get("flow")) else None,
    )


class Cost(Struct, frozen=True):
    """What holding a text together may take: so many more lines, and type of this share of its size."""

    lines: int = 0
    size: float = 1.0


def is_worth_holding(held: Fitted, typed: Fitted, best: Fitted, cost: Cost) -> bool:
    """Whether no line ends within what is held of a text: not where that takes some of its words, or more than may be
    and than the ``best`` form of it does. What is the whole text may take any type."""
    if (held.overflow and not typed.overflow) or (held.shortened and not typed.shortened):
        return False
    text = "".join([span.text for span in held.spans])
    if " " not in text and not has_breaks_without_blanks(text):
        return True
    smallest, most = min(best.size, typed.size * cost.size), max(best.lines, typed.lines + cost.lines)
    return held.size >= smallest and held.lines <= most


def limits(mark: TextMark) -> dict[str, Any]:
    return {
        "width": mark.columns.width if mark.columns else mark.rect.width,
        "whole_width": mark.rect.width,
        "height": mark.rect.height,
        "min": mark.size_min,
        "max": mark.size_max,
        "lines": mark.lines,
        "ellipsis": mark.ellipsis,
        "balance": is_balanced(mark),
        **({"line_ends": _line_ends_in_bytes(mark)} if mark.columns else {}),
    }


def _line_ends_in_bytes(mark: TextMark) -> list[int] | None:
    """The places where its lines may end, in bytes of UTF-8; None where these are not certain."""
    ends = line_ends(mark.text, mark.language)
    return None if ends is None else [len(mark.text[:end].encode()) for end in ends]


def is_balanced(mark: TextMark) -> bool:
    if not mark.balance or mark.columns or (mark.paragraphs and not mark.paragraphs.are_balanced):
        return False
    return len(mark.spans) == 1 or bool(mark.runs)  # a price is not
