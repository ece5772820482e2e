"""The words of a text as they are set: control characters, capitals, prices."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import accumulate
from unicodedata import normalize

import regex
from msgspec.structs import replace

from pressrun.language import letter_case
from pressrun.language.locale_formats import price_parts
from pressrun.model.brand import Transform
from pressrun.model.spans import Span


def in_lines(text: str, tabs: bool = False) -> str:
    """A text as it is set: all that ends a line is a line break, and other control characters, which have no look of
    their own and would glue words together, are blanks. So are ``tabs``, where there are no stops for them."""
    return without_controls(text, tabs).strip(BLANKS if tabs else None)


def without_controls(text: str, tabs: bool = False) -> str:
    text = _LINE_END.sub("\n", text)
    return _CONTROL.sub(" ", _BLANK_TAB.sub(TAB, text) if tabs else text.replace(TAB, " "))


TAB = "\t"
BLANKS = " \n\u00a0"  # at either end of a text, where a tab means something
_BLANK_TAB = re.compile("[ \u00a0]*\t[ \u00a0]*")
_LINE_END = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def capitalised(text: str, locale: str, lacking: Callable[[str], str]) -> str:
    """All capitals, as the language has them. A letter whose capital no font has, as that of Georgian often, stays as
    it is; ``lacking`` answers those of a text."""
    capitals = letter_case.upper(text, locale)
    if not lacking(capitals):
        return capitals
    known = {letter: letter.upper() for letter in set(text)}
    return "".join(letter if lacking(known[letter]) and not lacking(letter) else known[letter] for letter in text)


NO_LIGATURES = ("-liga", "-clig")  # of letters with space between them
_WIDE_SIGN = re.compile("[￠￡￥￦](?= ?[0-9])|(?<=[0-9])[￠￡￥￦]|(?<=[0-9] )[￠￡￥￦]")
_WORD = re.compile(r"(?<![\w'’])[^\W\d_]")


def cased(text: str, transform: Transform, locale: str, lacking: Callable[[str], str]) -> str:
    """A text in the case that its role asks for, as the language has it, and with currency signs no wider than the
    figures beside them: CLDR has the wide yen in Japanese, which is of another typeface."""
    if not text.isascii() and _WIDE_SIGN.search(text):
        text = _WIDE_SIGN.sub(lambda match: match[0] if lacking(sign := normalize("NFKC", match[0])) else sign, text)
    if transform == "upper":
        return capitalised(text, locale, lacking)
    if transform == "lower":
        return letter_case.lower(text, locale)
    if transform == "title":
        return _WORD.sub(
            lambda match: match[0] if lacking(capital := letter_case.first_capital(match[0], locale)) else capital,
            letter_case.begun_in_dutch(text, locale),
        )
    return text


LONGEST_KEPT = 24  # letters of the last two words: longer ones would rather make the whole text smaller
_KEPT = re.compile(r"(?<!\S)[^\W\d_](?P<next> )(?=\S)|(?<=\S)(?<!\A)(?P<last> )(?=\S+[ \t]*(?:\n|\Z))")


def kept_together(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Spans in which the last two words of a paragraph, and a word of one letter and the next, are not parted."""
    text = "".join(span.text for span in spans)
    kept = {match.start("next") if match["next"] else match.start("last") for match in _KEPT.finditer(text)}
    kept = {at for at in kept if _length_around(text, at) <= LONGEST_KEPT}
    if not kept:
        return spans
    joined = "".join("\u00a0" if at in kept else letter for at, letter in enumerate(text))
    ends = list(accumulate(len(span.text) for span in spans))
    return tuple(
        replace(span, text=joined[end - len(span.text) : end]) for span, end in zip(spans, ends, strict=True)
    )


def _length_around(text: str, at: int) -> int:
    """Of the two words on either side of a blank."""
    return len(text[:at].split()[-1]) + 1 + len(text[at:].split()[0])


_SIGN_BEFORE = regex.compile(r"\S*\p{Sc}\S*\s?\Z")
_SMALL, _RISE = 0.5, 0.36  # small figures reach cap height: 0.36 + 0.5 * 0.74 ≈ 0.73 em


def price_spans(text: str, locale: str) -> tuple[Span, ...]:
    """A price as shop windows set it: whole units large, minor units small and raised, all else small: the sign of a
    currency before them raised, words and its letters on the line, on whichever side its language has them."""
    parts = price_parts(text, locale)
    if parts is None:
        return (Span(text),)
    before, whole, minor, behind = parts
    sign = _SIGN_BEFORE.search(before)
    words = before[: sign.start()] if sign else before
    spans = (
        Span(words, _SMALL), Span(before.removeprefix(words), _SMALL, _RISE),
        Span(whole), Span(minor, _SMALL, _RISE), Span(behind, _SMALL),
    )  # fmt: skip
    return tuple(span for span in spans if span.text)
