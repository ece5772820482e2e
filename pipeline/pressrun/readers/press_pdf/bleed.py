"""Where artwork reaches the edge of the trimmed page, and nothing fills the bleed beyond."""

from __future__ import annotations

from collections.abc import Iterator

from pressrun.readers.press_pdf.facts import PageFacts, Rectangle

AT_TRIM = 0.6  # points inside the trim; what ends there was meant to end at it
LONGEST_GAP = 8.0  # points; shorter pieces of an edge without ink are no fault worth telling
SIDES = {"left": (0, -1), "bottom": (1, -1), "right": (2, 1), "top": (3, 1)}
ROUNDING = 0.6  # points that may lack of the bleed: 0.2 mm


def unfilled_sides(page: PageFacts, needed: float) -> Iterator[tuple[str, Rectangle]]:
    """Each side with the strip, as long as the artwork at it, that has no ink. ``needed`` is the bleed in points."""
    trim = page.boxes.finished
    if trim is None:
        return
    for side, (edge, outwards) in SIDES.items():
        along = 1 - edge % 2
        limit = trim[edge]
        ends, filled = [], []
        for area in page.covered:
            beyond = (area.at[edge] - limit) * outwards
            span = max(area.at[along], trim[along]), min(area.at[along + 2], trim[along + 2])
            other = (area.at[(edge + 2) % 4] - limit) * outwards  # where it begins, on the way outwards
            if span[1] - span[0] <= 0 or other > needed - ROUNDING:
                continue
            if beyond >= needed - ROUNDING:
                filled.append(span)
            elif area.straight and beyond >= -AT_TRIM and other < -AT_TRIM:
                ends.append((span, beyond))
        for span, beyond in ends:
            for start, end in _without(span, filled):
                if end - start > LONGEST_GAP:
                    yield (
                        side,
                        _strip(
                            edge, along, (start, end), (limit + max(beyond, 0) * outwards, limit + needed * outwards)
                        ),
                    )


def reached_sides(page: PageFacts, needed: float) -> Iterator[str]:
    """The sides where artwork fills ``needed`` points beyond the trim, all along them."""
    trim = page.boxes.finished
    if trim is None:
        return
    for side, (edge, outwards) in SIDES.items():
        along = 1 - edge % 2
        across = [
            (area.at[along], area.at[along + 2])
            for area in page.covered
            if (area.at[edge] - trim[edge]) * outwards >= needed - ROUNDING
            and (area.at[(edge + 2) % 4] - trim[edge]) * outwards <= AT_TRIM
        ]
        if all(end - start <= AT_TRIM for start, end in _without((trim[along], trim[along + 2]), across)):
            yield side


def _without(span: tuple[float, float], filled: list[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """The parts of a span that nothing fills."""
    at = span[0]
    for start, end in sorted(filled):
        if start > at:
            yield at, min(start, span[1])
        at = max(at, end)
        if at >= span[1]:
            return
    yield at, span[1]


def _strip(edge: int, along: int, span: tuple[float, float], across: tuple[float, float]) -> Rectangle:
    low, high = sorted(across)
    return (low, span[0], high, span[1]) if along == 1 else (span[0], low, span[1], high)
