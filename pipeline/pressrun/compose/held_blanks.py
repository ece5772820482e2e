"""Blanks at which no line ends: a sheet's text keeps them as they were typed, and what is set has no-break spaces."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import accumulate

from pressrun.language.quantities import MAY_HOLD, NO_LETTER_LAST, blanks_behind_letters, held_blanks
from pressrun.model.sheet import TextMark
from pressrun.model.spans import Span

SHORT = 0.4  # of the longest line: a word that is no longer does not stand alone on the last one, if that can be helped
MAY_CHANGE = 0.1  # of the column's width, so that it does not
NO_BREAK_SPACE = "\u00a0"


def held_forms(mark: TextMark) -> tuple[TextMark, ...]:
    """A text as it may be set, the best first: no line ends within a quantity, a date, a telephone number, nor with a
    word of one letter where its language has none of these; only the former; as it was typed."""
    text = mark.spans[0].text if len(mark.spans) == 1 else mark.text
    may_hold = MAY_HOLD.search(text) is not None
    if not may_hold and mark.language not in NO_LETTER_LAST:
        return (mark,)
    numbers = set(held_blanks(text, _locale_of(mark))) if may_hold else set[int]()
    letters = set(blanks_behind_letters(text, mark.language)) - numbers
    places = [numbers | letters, numbers] if letters and numbers else [numbers or letters]
    return (*(_held(mark, at) for at in places if at), mark)


def _locale_of(mark: TextMark) -> str:
    return f"{mark.language}-{mark.region}" if mark.region else mark.language


def _held(mark: TextMark, places: Collection[int]) -> TextMark:
    return replace(mark, spans=held_at(mark.spans, places), phrases=joined_at(mark.phrases, places))


def held_at(spans: tuple[Span, ...], places: Collection[int]) -> tuple[Span, ...]:
    """Spans with no-break spaces at these places of their text, as far as blanks are there."""
    text = "".join([span.text for span in spans])
    held = "".join([NO_BREAK_SPACE if at in places and letter == " " else letter for at, letter in enumerate(text)])
    ends = list(accumulate(len(span.text) for span in spans))
    parts = (held[end - len(span.text) : end] for span, end in zip(spans, ends, strict=True))
    pairs = zip(spans, parts, strict=True)
    return tuple(span if span.text == part else replace(span, text=part) for span, part in pairs)


def joined_at(phrases: tuple[tuple[str, ...], ...], places: Collection[int]) -> tuple[tuple[str, ...], ...]:
    """The phrases of each line with those in one piece that meet at one of these places of the text."""
    starts = accumulate((sum(map(len, line)) + 1 for line in phrases), initial=0)
    return tuple(tuple(_joined(line, start, places)) for line, start in zip(phrases, starts, strict=False))


def _joined(line: tuple[str, ...], at: int, places: Collection[int]) -> Iterator[str]:
    """``at`` is where the line begins. A blank is a piece of its own."""
    piece, joins = "", False
    for part in line:
        is_held = part == " " and at in places
        if piece and not (joins or is_held or at in places):
            yield piece
            piece = ""
        piece += NO_BREAK_SPACE if is_held else part
        joins = is_held
        at += len(part)
    if piece:
        yield piece
