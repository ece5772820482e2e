"""Numbers, money and dates as a locale writes them (CLDR, by Babel). Every answer is remembered: Babel is slow."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, get_currency_precision, is_currency

_REMEMBERED = 65_536
_FRACTION = re.compile(r"[.]0+")
# The digit 0 of the numbering systems that CLDR gives to some locales; Babel knows their separators, not their digits.
_ZEROS = {"arab": 0x660, "arabext": 0x6F0, "beng": 0x9E6, "deva": 0x966, "mymr": 0x1040, "olck": 0x1C50, "tibt": 0xF20}
_DATE_STYLES = ("short", "medium", "long", "full")


@lru_cache(maxsize=1024)
def is_locale(locale: str) -> bool:
    """Whether `locale` (``de-DE``, ``ar``, ``zh-Hant-TW``) is a locale that CLDR describes."""
    try:
        _parsed(locale)
    except (UnknownLocaleError, ValueError, TypeError):
        return False
    return True


@lru_cache(maxsize=1024)
def is_known_currency(currency: str) -> bool:
    """Whether `currency` is a code of ISO 4217 in capitals."""
    return bool(is_currency(currency))


@lru_cache(maxsize=_REMEMBERED)
def money(amount: Decimal, currency: str, locale: str, whole: bool = False) -> str:
    """`amount` of `currency` as `locale` writes it; with `whole`, round sums lose their zero cents.

    Raises ValueError for an unknown currency code.
    """
    if not is_known_currency(currency):
        raise ValueError(f"'{currency}' is no currency code; write one of ISO 4217, like EUR")
    pattern = None
    if whole and amount == amount.to_integral_value():
        pattern = _FRACTION.sub("", _parsed(locale).currency_formats["standard"].pattern)
    written: str = format_currency(
        amount, currency, pattern, _parsed(locale), currency_digits=pattern is None, numbering_system="default"
    )
    return _in_own_digits(written, locale)


@lru_cache(maxsize=_REMEMBERED)
def number(value: Decimal | float | int, locale: str, digits: int | None = None) -> str:
    """`value` with the locale's separators; `digits` fixes the decimals, else up to three are shown."""
    pattern = None if digits is None else "#,##0" + ("." + "0" * digits if digits else "")
    text: str = format_decimal(value, format=pattern, locale=_parsed(locale), numbering_system="default")
    return _in_own_digits(text, locale)


@lru_cache(maxsize=_REMEMBERED)
def date(day: dt.date, locale: str, style: str = "long") -> str:
    """`day` in one of CLDR's styles (short, medium, long, full) or in a pattern of its letters (``d MMM``).

    Raises ValueError for a pattern that has no letters CLDR knows.
    """
    if style not in _DATE_STYLES and not any(letter in style for letter in "yMLdEQw"):
        raise ValueError(f"'{style}' is no date style; write {', '.join(_DATE_STYLES)}, or a pattern like 'd MMM y'")
    text: str = format_date(day, style, locale=_parsed(locale))
    return _in_own_digits(text, locale)


@lru_cache(maxsize=1024)
def currency_digits(currency: str) -> int:
    """How many decimals sums of `currency` have: 2 for most, 0 for JPY, 3 for KWD."""
    return int(get_currency_precision(currency))


def _in_own_digits(text: str, locale: str) -> str:
    zero = _ZEROS.get(_parsed(locale).default_numbering_system)
    return text if zero is None else text.translate({ord("0") + digit: zero + digit for digit in range(10)})


@lru_cache(maxsize=1024)
def _parsed(locale: str) -> Locale:
    return Locale.parse(locale.replace("_", "-"), sep="-")
