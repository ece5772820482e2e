"""Lines of justified texts whose words stand far apart: what a narrow column makes of long words."""

from __future__ import annotations

from collections.abc import Sequence

from pressrun.compose.touching_lines import LinePart
from pressrun.graphics.texts.shaped_texts import ShapedText

LOOSE = 3.0  # times a blank's own width, from which on gaps are seen before the words are
_BLANKS = (" ", "\N{NO-BREAK SPACE}")
_HYPHEN = 0.35  # em that a hyphen takes at the most


def widest_blank(text: ShapedText, lines: Sequence[LinePart], column: float) -> float:
    """How many times as wide as by itself a blank of justified lines is at the most, in a ``column`` of so many em; 0
    where that is less than is told."""
    return max((_blank_of(text, line, column) for line in lines), default=0.0)


def _blank_of(text: ShapedText, line: LinePart, column: float) -> float:
    said, behind = text.text, text.text[line.seen :].lstrip(" ")
    blanks = [at for at in range(line.start, line.seen) if said[at] in _BLANKS]
    if not blanks or not behind or behind[0] == "\n" or "\t" in said[line.start : line.seen]:
        return 0.0  # the last line of a paragraph is as it is
    room = column - text.measure(line.start, line.seen, line.seen)[0]
    if said[line.seen - 1].isalpha() and said[line.seen].isalpha():
        room -= _HYPHEN
    own = sum(text.measure(line.start, at + 1, at + 1)[0] - text.measure(line.start, at, at)[0] for at in blanks)
    times = 1 + room / own if own > 0 else 0.0
    return times if times >= LOOSE else 0.0
