"""Places at which no line ends: a sheet's text stays as it was typed; what is set has no-break spaces and joiners."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import accumulate

from msgspec.structs import replace

from pressrun.graphics.typefaces.characters import NO_BREAK_SPACE, WORD_JOINER
from pressrun.language.joints import MAY_JOIN, joints
from pressrun.language.quantities import (
    MAY_HOLD,
    NO_LETTER_LAST,
    blanks_before_dashes,
    blanks_behind_letters,
    held_blanks,
    unit_prices,
)
from pressrun.model.sheet import TextMark
from pressrun.model.spans import Span

SHORT = 0.4  # of the longest line: a word that is no longer does not stand alone on the last one, if that can be helped
MAY_CHANGE = 0.1  # of the column's width, so that it does not
_DASHES = ("-", "‐", "–")  # behind which a line may end, whatever comes
Binding = tuple[int, ...]
"""Places of a text that are held together: of blanks, and before letters that go with the one before."""


def bindings(mark: TextMark) -> tuple[list[Binding], list[Binding], list[Binding]]:
    """The blanks of a text that are held, those first that matter most: within a unit price (of which else what is
    behind its slash is held), a quantity, a date, a telephone number, and before a dash. And what matters only where it
    has several lines: the joints of its numbers, with the blanks behind words of one letter where its language has none
    of these at the end of a line, and the joints of its words."""
    text = mark.spans[0].text if len(mark.spans) == 1 else mark.text
    blanks = list(held_blanks(text, _locale_of(mark))) if MAY_HOLD.search(text) else []
    if " – " in text or " — " in text:
        blanks += [at for at in blanks_before_dashes(text) if at not in blanks]
    numbers, words = joints(text) if MAY_JOIN.search(text) else ([], [])
    if mark.language in NO_LETTER_LAST:
        letters = [(at,) for at in blanks_behind_letters(text, mark.language) if at not in blanks]
        numbers = [*letters, *numbers]
    if ("/" in text or "／" in text) and (rates := list(unit_prices(text, _locale_of(mark)))):
        joined = [(at,) for places in rates for at in places if text[at] != " "]
        return [*rates, *joined, *((at,) for at in blanks)], numbers, words
    return [(at,) for at in blanks] if blanks else [], numbers, words


def _locale_of(mark: TextMark) -> str:
    return f"{mark.language}-{mark.region}" if mark.region else mark.language


def with_held(mark: TextMark, places: Collection[int]) -> TextMark:
    """A text of which no line ends at these places. Its phrases are in one piece there, and need no joiners."""
    if mark.phrases:
        return replace(mark, spans=held_at(mark.spans, places), phrases=joined_at(mark.phrases, places))
    return replace(mark, spans=_joined_letters(held_at(mark.spans, places), places))


def _joined_letters(spans: tuple[Span, ...], places: Collection[int]) -> tuple[Span, ...]:
    """With joiners before the letters that stand at these places, and before no-break spaces there behind a dash: by
    UAX #14 (LB12a) a line may end between the two, and the next one begins with a gap."""
    joined, at, before = [], 0, ""
    for span in spans:
        text = ""
        for place, letter in enumerate(span.text, at):
            is_joined = place in places and (letter != NO_BREAK_SPACE or before in _DASHES)
            text += WORD_JOINER + letter if is_joined else letter
            before = letter
        at += len(span.text)
        joined.append(span if text == span.text else replace(span, text=text))
    return tuple(joined)


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
