"""Quotation marks and apostrophes as readers of a locale know them, in place of straight ones. Which these are, and
which of two is meant, Docutils says: Babel leaves out what CLDR has of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pressrun.language.locale_formats import locale_code, region_of, script_of

STRAIGHT = re.compile(r"[\"']")
_CHINESE = {"Hans": "zh-cn", "Hant": "zh-tw"}
# As CLDR has them, of languages that Docutils does not know and that have blanks between words, by which it tells an
# opening mark from a closing one.
_ALIKE = {**dict.fromkeys(("bn", "fil", "hi", "id", "ms", "ta", "vi"), "en"), "fa": "fr-ch"}
_TAG = re.compile(r"(<[^<>]*>)")
# Inches and feet, minutes and seconds, where no quotation is open; thousands of Swiss numbers; and what stands within a
# word, as in Hebrew ones.
_NO_QUOTE = re.compile(r"(?<=\d)(?:\"|'(?!\w))|(?<=\d)'(?=\d{3}(?!\d))|(?<=\w)\"(?=\w)")
_OPENING = {'"': re.compile('"'), "'": re.compile(r"(?<!\w)'(?=\w)")}


def typographic(text: str, locale: str, *, marked_up: bool = False) -> str:
    """A text with the quotation marks of its language: „so“, “so”, « so », and ’ for an apostrophe.

    ``"`` and ``'`` behind figures stay where nothing is open before them: they are inches, feet, minutes. So do those
    within the tags of a text that is ``marked_up``, and all in languages of which the marks are not known here.
    """
    if not STRAIGHT.search(text) or (language := _docutils_language(locale)) is None:
        return text
    from docutils.utils.smartquotes import educateQuotes

    said: list[str] = []
    before = " "  # the sign before a piece tells whether a mark in front of it opens
    for at, part in enumerate(_TAG.split(text) if marked_up else [text]):
        for piece, is_fixed in [(part, True)] if at % 2 else _pieces(part):
            said.append(piece if is_fixed or not piece else educateQuotes(before + piece, language)[1:])
            if piece and not at % 2:
                before = STRAIGHT.sub(";", piece[-1])
    return "".join(said)


@lru_cache(maxsize=256)
def _docutils_language(locale: str) -> str | None:
    """What Docutils calls the habits of a locale; None where it knows none."""
    from docutils.utils.smartquotes import smartchars

    language, region = locale_code(locale).split("-")[0], region_of(locale)
    if language == "zh":
        return _CHINESE.get(script_of(locale))
    if language == "he":
        return None  # Docutils and CLDR close it otherwise
    if language == "es" and region not in ("", "ES"):
        return "es-x-altquot"  # as in English: https://www.rae.es/dpd/comillas
    names = (f"{language}-{region.lower()}", language, _ALIKE.get(language, ""))
    return next((name for name in names if name in smartchars.quotes), None)


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """A text in pieces, and which of these stay as they are."""
    begin = 0
    for found in _NO_QUOTE.finditer(text):
        is_figure = text[found.start() - 1].isdigit() and not text[found.end() :][:1].isdigit()
        if is_figure and _is_open(text[: found.start()], found[0]):
            continue
        yield text[begin : found.start()], False
        yield found[0], True
        begin = found.end()
    yield text[begin:], False


def _is_open(before: str, sign: str) -> bool:
    """Whether a quotation was begun by this sign, and not ended."""
    opened = [found.start() for found in _OPENING[sign].finditer(before)]
    if sign == '"':
        return len([at for at in opened if not before[:at][-1:].isdigit()]) % 2 == 1
    return bool(opened) and not re.search(r"'(?!\w)", before[opened[-1] + 1 :])
