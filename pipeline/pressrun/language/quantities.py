"""Blanks at which no line ends: between numbers and what they are of, in dates and telephone numbers, and behind words
of one letter in languages that do not end a line with one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache

import regex
from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton
from babel.numbers import get_currency_name, get_territory_currencies, list_currencies
from babel.units import format_unit
from msgspec import Struct

_GAP = regex.compile(
    r"(?P<by>(?<=\d\S{0,3}|\d \p{L}{1,3}) [×x] (?=\d))"
    r"|(?<=\d[.,]?[–—-]?)(?P<behind> )(?=(?P<unit>[^\s\d]\S*))"
    r"|(?<!\S)[(\[]?(?P<currency>[^\s\d]{1,12})(?P<before> )(?=[-−]?\d)"
    r"|(?<![\p{L}\p{M}\p{N}.'’-])\p{L}\.(?P<abbreviated> )(?=\p{L}\.)"
    r"|(?P<phone>(?<![\d+])\+\d(?:[ ()/.-]{0,2}\d){6,14}(?!\d))"
)
_PER = r"(?P<slash> ?[/／] ?)(?:\p{Nd}[\p{Nd}.,٫٬]*(?P<more> ?))?(?P<of>\p{L}[\p{L}\p{M}]*[״׳]?\p{L}*[²³]?)"
_UNIT_PRICE = regex.compile(
    rf"(?<=\p{{Nd}}[.,]?[–—-]{{0,2}})(?P<gap> ?)(?P<unit>[^\s\p{{Nd}}/／]{{1,12}}){_PER}"
    rf"|(?<!\S)[(\[]?(?P<currency>[^\s\p{{Nd}}/]{{1,12}})(?P<gap> ?)\p{{Nd}}[\p{{Nd}}.,'’–—-]*{_PER}"
)
MAY_HOLD = regex.compile(r"\d[.,]?[–—-]? [^\s\d]|[^\s\d] [-−]?\d|\+\d|(?<!\p{L})\p{L}\. \p{L}\.")
"""Whether there may be any in a text, as there are in few."""
_SIGN = regex.compile(r"[\p{Sc}\p{lb=PO}]")  # of currencies, degrees, per cent (UAX #14)
_IDEOGRAPH = regex.compile(r"\p{lb=ID}")  # before which a line may end, whatever it is of
_MONEY_IN_WORDS = frozenset({"元", "円", "圓", "圆", "원", "บาท"})  # which CLDR calls by longer names
_EVERYWHERE = ("EUR", "USD", "GBP")
_MONEY = regex.compile(r"\p{Sc}")
_BEHIND_UNITS = ".,;:!?)]…"
_BEHIND_SIGNS = ".\u200e\u200f"  # marks of direction, which CLDR has behind some
_ENGLISH = "en", "en-GB"  # whose abbreviations are written in other languages, too: mL and ml
_COUNTS = (1, 5)  # which have forms of their own in many languages
_NEXT_WORD = regex.compile(r"[^\s\d]+")
_DAY = 22  # that no month has for its number
_DASH = regex.compile(r"(?<=\S) (?=[–—] )")
_LETTER = regex.compile(r"(?<![\p{L}\p{M}\p{N}.'’-])\p{L}(?P<gap> )(?=\S)")
NO_LETTER_LAST = frozenset({"be", "cs", "pl", "ru", "sk", "uk"})  # by their rules of setting, such as ČSN 01 6910
"""Languages in which no line ends with a word of one letter."""


def held_blanks(text: str, locale: str) -> Iterator[int]:
    """The places of blanks between a number and its currency (a sign or an ISO 4217 code, on either side), its unit as
    CLDR abbreviates it in the language or in English, a degree or per cent sign; between a day and its month, as the
    language has them; within an abbreviation of letters (z. B.); and those of measures (130 × 180), and of a telephone
    number that begins with its country."""
    for match in _GAP.finditer(text):
        if match["by"]:
            yield from (match.start(), match.end() - 1)
        elif match["phone"]:
            yield from (at for at in range(*match.span("phone")) if text[at] == " ")
        elif match["abbreviated"]:
            yield match.start("abbreviated")
        elif match["behind"]:
            yield from _behind(text, match.start("behind"), match["unit"], locale)
        elif _is_currency(match["currency"], locale) or _said(match["currency"]) in _dates(locale).before:
            yield match.start("before")


def unit_prices(text: str, locale: str) -> Iterator[tuple[int, ...]]:
    """Of each price for a unit (5 €/kg, $2/100 ml, CHF 24.–/piece), and of each rate of two units (60 km/h), all places
    that are held: of blanks, and before the letter behind the slash."""
    for match in _UNIT_PRICE.finditer(text):
        unit, of = match["unit"], match["of"]
        is_price = _is_currency(match["currency"] if unit is None else unit, locale)
        if is_price or _is_unit(f"{unit}/{of}", locale) or (_is_unit(unit or "", locale) and _is_unit(of, locale)):
            blanks = (at for name in ("gap", "slash", "more") for at in range(*match.span(name)) if text[at] == " ")
            behind = match.end("slash")
            joint = () if text[behind - 1] == " " or text[behind].isdecimal() else (behind,)
            wide = [at for at in (match.start("unit"), match.start("slash")) if at > 0 and _IDEOGRAPH.match(text, at)]
            yield tuple(sorted((*blanks, *joint, *(at for at in wide if text[at - 1] != " "))))


def _behind(text: str, blank: int, word: str, locale: str) -> Iterator[int]:
    """The blank behind a number, and that behind what joins it to a month: 3 de mayo."""
    dates = _dates(locale)
    if word in dates.joints and (joined := _NEXT_WORD.match(text, blank + len(word) + 2)):
        if _said(joined[0]) in dates.behind:
            yield from (blank, blank + len(word) + 1)
    elif _is_unit(word, locale) or _said(word) in dates.behind or _is_unit(word.partition("/")[0], locale):
        yield blank


def blanks_behind_letters(text: str, language: str) -> Iterator[int]:
    """The places of blanks behind words of one letter, in a language that has no line end with one."""
    if language in NO_LETTER_LAST:
        yield from (match.start("gap") for match in _LETTER.finditer(text))


def blanks_before_dashes(text: str) -> Iterator[int]:
    """The places of blanks before dashes with blanks around: a dash ends a line, and begins none."""
    return (match.start() for match in _DASH.finditer(text))


class _Dates(Struct, frozen=True):
    """Words of months that stand behind their day, and before it, in small letters without a point; and what joins a
    day to its month."""

    behind: frozenset[str]
    before: frozenset[str]
    joints: frozenset[str]


@lru_cache(maxsize=64)
def _dates(locale: str) -> _Dates:
    known, behind, before, joints = _locale(locale), set[str](), set[str](), set[str]()
    for month in range(1, 13):
        for skeleton in ("MMMd", "MMMMd"):
            written = format_skeleton(skeleton, dt.date(2001, month, _DAY), fuzzy=True, locale=known)
            if match := regex.search(rf"{_DAY}[.]? (?:(?P<joint>\p{{L}}+) )?(?P<month>\p{{L}}\S*)", written):
                behind.add(_said(match["month"]))
                joints.update({match["joint"]} - {None})
            elif match := regex.search(rf"(?P<month>\p{{L}}\S*) {_DAY}", written):
                before.add(_said(match["month"]))
    return _Dates(frozenset(behind), frozenset(before), frozenset(joints))


def _said(word: str) -> str:
    return word.rstrip(_BEHIND_UNITS).casefold()


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
    return frozenset((*list_currencies(), *signs, *_MONEY_IN_WORDS, *_named_currencies(locale)))


def _named_currencies(locale: str) -> Iterator[str]:
    """The words that those of the region, and of the world, are called by in the language: Euro, euros, 円."""
    known = _locale(locale)
    for currency in (*get_territory_currencies(known.territory or ""), *_EVERYWHERE):
        for count in _COUNTS:
            name = get_currency_name(currency, count=count, locale=known)
            if " " not in name:
                yield from (name, name.upper())


@lru_cache(maxsize=64)
def _units(locale: str) -> frozenset[str]:
    known, found = _locale(locale), set[str]()
    for unit in map(str, known.unit_display_names):
        for count in _COUNTS:
            written = format_unit(count, unit, "short", locale=known)
            said = regex.sub(r"^\d+\s*", "", written)
            if said != written and not regex.search(r"\s", said):
                found.add(said)
    return frozenset(found | {unit.upper() for unit in found})  # as in headlines


@lru_cache(maxsize=64)
def _locale(locale: str) -> Locale:
    try:
        return Locale.parse(locale, sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale("en")
