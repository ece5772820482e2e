"""Lines of a text that touch: ink of one reaches into that of the next, as stacked marks do where leading is close."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from pressrun.compose.measured_fit import Fitted
from pressrun.graphics.texts.line_ink import STRIP, Strips, reach_of, strips_of
from pressrun.graphics.texts.shaped_texts import ShapedText
from pressrun.model.geometry import Rect
from pressrun.model.sheet import TextMark
from pressrun.model.spans import ROOM_BEFORE, Measure, TextFit

AIR = 0.03  # em that lines have between them which are only just apart
BY_CHANCE = 0.005  # em, which nobody sees
NEAR = 0.05  # points by which sums may be off


class LinePart(Struct, frozen=True):
    """A line of a text: what is seen of it, and the largest type in it as a share of the full size."""

    start: int
    seen: int
    scale: float


def leading_apart(
    mark: TextMark, edges: tuple[float, float], fitted: Fitted, text: ShapedText, lines: Sequence[LinePart]
) -> float:
    """The least leading in em (or hundredths more) with which no two lines touch; 0 if none do as it is. Where letters
    stand on a line is known of texts that run one way, and are no more than lines; of others it counts how far any of
    a line reaches."""
    leading = mark.leading_at(fitted.size)
    nearest, paragraph = 0.0, 0
    for one, other in pairwise(lines):
        between = edges[1] * one.scale + leading - sum(edges) + edges[0] * other.scale
        if "\n" in text.text[one.seen : other.start]:
            paragraph += 1
            between += _room_before(mark, paragraph, fitted.size)
        above, below = reach_of(text, one.start, one.seen)[1], reach_of(text, other.start, other.seen)[0]
        if above + below <= between:
            continue
        inks = None if mark.are_lines_composed else (_ink(mark, fitted, text, one), _ink(mark, fitted, text, other))
        nearest = min(nearest, between - (_meeting(*inks) if inks and all(inks) else above + below))
    return math.ceil((leading - nearest + AIR) * 100) / 100 if nearest < -BY_CHANCE else 0.0


def inks_of_lines(
    mark: TextMark, fit: TextFit, text: ShapedText, lines: Sequence[LinePart]
) -> list[tuple[float, float]]:
    """From where to where on the page (points) the letters of each line reach; none where the lines do not come to
    the height of the whole, and stand elsewhere."""
    size = fit.size
    found = []
    for line, baseline in zip(lines, _baselines(mark, fit, lines), strict=False):
        above, below = text.ink() if len(lines) == 1 else reach_of(text, line.start, line.seen)
        if above + below <= 0:  # of letters without outlines, or none
            above, below = (edge * line.scale for edge in fit.edges)
        found.append((baseline - above * size, baseline + below * size))
    return found


def ink_on_page(
    mark: TextMark, fit: TextFit, text: ShapedText, lines: Sequence[LinePart], share: float
) -> Iterator[Rect]:
    """Where on the page (points) the letters of each line have ink, in narrow strips from their highest to their lowest
    place; of lines that run both ways nothing. A ``share`` of the room that a line leaves is left of it."""
    size = fit.size
    for line, baseline in zip(lines, _baselines(mark, fit, lines), strict=False):
        strips, width = strips_of(text, line.start, line.seen) or ({}, 0.0)
        left = fit.column.x + share * (fit.column.width - width * size)
        for strip, (above, below) in strips.items():
            yield Rect(left + strip * STRIP * size, baseline - above * size, STRIP * size, (above + below) * size)


def _baselines(mark: TextMark, fit: TextFit, lines: Sequence[LinePart]) -> list[float]:
    """Those of the lines; none where these do not come to the height of the whole, and stand elsewhere."""
    (top, bottom), size = fit.edges, fit.size
    between = mark.leading_at(size) - top - bottom
    found, y = [], fit.extent.y
    for line in lines:
        found.append(y + top * line.scale * size)
        y = found[-1] + (bottom * line.scale + between) * size
    return found if abs(y - between * size - fit.extent.bottom) < NEAR else []


def _room_before(mark: TextMark, paragraph: int, size: float) -> float:
    said = mark.paragraphs
    room = Measure() if said is None else said.gaps[paragraph] if paragraph < len(said.gaps) else said.between
    return room.em + room.points / size


def _ink(mark: TextMark, fitted: Fitted, text: ShapedText, line: LinePart) -> Strips:
    """That of a line in its column; none if that cannot be told."""
    found = strips_of(text, line.start, line.seen)
    if found is None:
        return {}
    strips, width = found
    before = ROOM_BEFORE[mark.align] if mark.direction == "ltr" else 1 - ROOM_BEFORE[mark.align]
    aside = round(before * (fitted.column / fitted.size - width) / STRIP)
    return {strip + aside: reach for strip, reach in strips.items()}


def _meeting(above: Strips, below: Strips) -> float:
    """How far apart two baselines must be for what lies above each other not to touch."""
    return max([above[strip][1] + below[strip][0] for strip in above.keys() & below.keys()], default=0.0)
