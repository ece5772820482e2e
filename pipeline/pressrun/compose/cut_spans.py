"""What is left of spans whose text is cut off."""

from __future__ import annotations

from msgspec.structs import replace

from pressrun.model.spans import Run, Span

ELLIPSIS = "…"


def kept(spans: tuple[Span, ...], cut: str) -> tuple[Span, ...]:
    """What is left of spans when their text is cut to this, which ends with an ellipsis: of words in types of their own
    each keeps its own, and the ellipsis has the last one's. A price is none any more."""
    if not any(isinstance(span, Run) for span in spans):
        return (Span(cut),)
    kept: list[Span] = []
    left = len(cut) - len(ELLIPSIS)
    for span in spans:
        if left > 0 or not kept:
            kept.append(replace(span, text=span.text[:left]))
            left -= len(span.text)
    kept[-1] = replace(kept[-1], text=kept[-1].text + ELLIPSIS)
    return tuple(kept)
