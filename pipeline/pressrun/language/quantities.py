"""Numbers and what they are of: no line ends between the two."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import regex
from babel import Locale, UnknownLocaleError
from babel.numbers import list_currencies
from babel.units import format_unit

_GAP = regex.compile(
    r"(?<=\d[.,]?[–—-]?)(?P<behind> )(?=(?P<unit>[^\s\d]\S*))"
    r"|(?<!\S)[(\[]?(?P<currency>[^\s\d]{1,6})(?P<before> )(?=[-−]?\d)"
)
MAY_HOLD = regex.compile(r"\d[.,]?[–—-]? [^\s\d]|[^\s\d] [-−]?\d")
"""Whether there may be any in a text, as there are in few."""
_SIGN = regex.compile(r"[\p{Sc}\p{lb=PO}]")  # of currencies, degrees, per cent (UAX #14)
_MONEY = regex.compile(r"\p{Sc}")
_BEHIND_UNITS = ".,;:!?)]…"
_BEHIND_SIGNS = ".\u200e\u200f"  # marks of direction, which CLDR has behind some
_ENGLISH = "en", "en-GB"  # whose abbreviations are written in other languages, too: mL and ml
_COUNTS = (1, 5)  # which have forms of their own in many languages


def held_blanks(text: str, locale: str) -> Iterator[int]:
    """The places of blanks between a number and its currency (a sign or an ISO 4217 code, on either side), its unit as
    CLDR abbreviates it in the language or in English, a degree or per cent sign."""
    for match in _GAP.finditer(text):
        if _is_unit(match["unit"], locale) if match["behind"] else _is_currency(match["currency"], locale):
            yield match.start("behind" if match["behind"] else "before")


@lru_cache(maxsize=4096)
def _is_unit(word: str, locale: str) -> bool:
    said = word.rstrip(_BEHIND_UNITS)
    if _SIGN.match(said) or said in _currencies(locale):
        return True
    return any(not _units(language).isdisjoint((word, said)) for language in (locale, *_ENGLISH))


@lru_cache(maxsize=4096)
def _is_currency(word: str, locale: str) -> bool:
    return bool(_MONEY.match(word[-1])) or word in _currencies(locale)


@lru_cache(maxsize=64)
def _currencies(locale: str) -> frozenset[str]:
    signs = (sign.rstrip(_BEHIND_SIGNS) for sign in _locale(locale).currency_symbols.values())
    return frozenset((*list_currencies(), *signs))


@lru_cache(maxsize=64)
def _units(locale: str) -> frozenset[str]:
    known, found = _locale(locale), set[str]()
    for unit in map(str, known.unit_display_names):
        for count in _COUNTS:
            written = format_unit(count, unit, "short", locale=known)
            said = regex.sub(r"^\d+\s*", "", written)
            if said != written and not regex.search(r"\s", said):
                found.add(said)
    return frozenset(found)


@lru_cache(maxsize=64)
def _locale(locale: str) -> Locale:
    try:
        return Locale.parse(locale, sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale("en")
