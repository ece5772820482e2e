"""What CLDR knows of a locale, by Babel: its code and direction, and numbers and money as it writes and reads them.
Every answer is remembered: Babel is slow."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cached_property, lru_cache
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.localedata import LocaleDataDict
from babel.numbers import (
    NumberFormatError,
    format_currency,
    format_decimal,
    get_decimal_symbol,
    get_group_symbol,
    is_currency,
    parse_decimal,
)

from pressrun.readers.bad_cell import BadCell
from pressrun.readers.cells import Figure

REMEMBERED = 65_536
_FRACTION = re.compile(r"[.]0+")
_SYMBOL = re.compile(r"[\s\u200e\u200f]*¤[\s\u200e\u200f]*")  # of a pattern of CLDR
_DECIMALS = re.compile(r"[.][0#]+")
_QUOTE, _APOSTROPHE = "'", "’"
# The digit 0 of the numbering systems that CLDR gives to some locales; Babel knows their separators, not their digits.
_ZEROS = {"arab": 0x660, "arabext": 0x6F0, "beng": 0x9E6, "deva": 0x966, "mymr": 0x1040, "olck": 0x1C50, "tibt": 0xF20}
_CODE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]+)*")
_GROUPS_ALIKE = (" \u00a0\u202f", "'’")  # people type one for the other


class _Locale(Locale):
    """A locale whose thousands are never parted by ``'``, as CLDR has them for Switzerland: what stands between two of
    them Babel takes for quoted, and leaves both out (4'850'000 would become 4850000)."""

    @property
    def number_symbols(self) -> LocaleDataDict:
        return self._symbols[0]

    @property
    def is_grouped_by_quotes(self) -> bool:
        return self._symbols[1]

    @cached_property
    def _symbols(self) -> tuple[LocaleDataDict, bool]:
        known = super().number_symbols
        parted = {
            system: {**known[system], "group": _APOSTROPHE} for system in known if known[system].get("group") == _QUOTE
        }
        return LocaleDataDict({**known, **parted}), bool(parted)


@lru_cache(maxsize=1024)
def locale_code(written: str) -> str:
    """A locale's code in one spelling: ``de_de``, ``DE-de`` and ``de-DE`` are ``de-DE``, and ``iw-IL`` is ``he-IL``.

    Both separators, any case, and codes that newer ones replace are read (Unicode LDML, part 1, section 3). Raises
    ValueError for what CLDR does not describe.
    """
    language, *others = re.split("[-_]", written.strip())
    language, *implied = get_global("language_aliases").get(language.lower(), language.lower()).split("_")
    scripts = [part.title() for part in others if len(part) == 4 and part.isalpha()]
    regions = [part.upper() for part in others if (len(part) == 2 and part.isalpha()) or part.isdecimal()]
    variants = [part.lower() for part in others if part.title() not in scripts and part.upper() not in regions]
    scripts = scripts or [part for part in implied if len(part) == 4]
    code = "-".join((language, *scripts, *regions, *variants))
    try:
        known = Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        known = None
    # A script that CLDR does not have for a language is passed over by Babel.
    other = known is None or language in ("root", "und") or (scripts and known.script != scripts[0])
    if other or not _CODE.fullmatch(code):
        raise ValueError(f"'{written}' is no locale that CLDR describes")
    return code


def is_locale(written: str) -> bool:
    """Whether this is a locale that CLDR describes, in whichever spelling :func:`locale_code` reads."""
    try:
        locale_code(written)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=1024)
def direction_of(locale: str) -> Literal["ltr", "rtl"]:
    """Which way the locale's text runs."""
    return "rtl" if parsed(locale).character_order == "right-to-left" else "ltr"


@lru_cache(maxsize=1024)
def script_of(locale: str) -> str:
    """The script that the locale is written in (``Latn``, ``Arab``): the likely one where its code has none."""
    return next((part for part in _subtags(locale) if len(part) == 4 and part.isalpha()), "")


@lru_cache(maxsize=1024)
def region_of(locale: str) -> str:
    """The region of the locale (``CH``, ``419``); empty where its code has none."""
    parts = locale_code(locale).split("-")[1:]
    return next((part for part in parts if _is_country(part) or (len(part) == 3 and part.isdecimal())), "")


def _is_country(part: str) -> bool:
    return len(part) == 2 and part.isupper()


def _subtags(locale: str) -> list[str]:
    """The parts of the locale's code, behind them those that CLDR takes for it where none are written."""
    code = locale_code(locale).replace("-", "_")
    likely = get_global("likely_subtags")
    return [*code.split("_"), *(likely.get(code) or likely.get(code.split("_")[0], "")).split("_")]


def scripts() -> list[str]:
    """The codes of all scripts that CLDR names."""
    return list(Locale("en").scripts)


def is_script(written: str) -> bool:
    return written in Locale("en").scripts


def is_region(written: str) -> bool:
    return written in Locale("en").territories


@lru_cache(maxsize=1024)
def han_shapes(locale: str) -> str:
    """How the locale's readers draw Han letters: ``JP``, ``KR``, ``SC``, ``TC`` or ``HK``; empty where they have none.

    By the script that CLDR takes for it where none is written (likely subtags)."""
    script, region = script_of(locale), next((part for part in _subtags(locale) if _is_country(part)), "")
    if script == "Hant":
        return "HK" if region in ("HK", "MO") else "TC"
    return {"Jpan": "JP", "Kore": "KR", "Hans": "SC"}.get(script, "")


def read_decimal(written: str, locale: str) -> Decimal:
    """A number as the locale writes it (``1.249,00`` in de-DE), with or without its separators of thousands, in its own
    figures or European ones. Raises BadCell; figures grouped otherwise are no number, since 29.90 is not 2990. What its
    file has as a number is that number."""
    if isinstance(written, Figure):
        return Decimal(written)
    known = parsed(locale)
    decimal = get_decimal_symbol(known, numbering_system="default")
    group = get_group_symbol(known, numbering_system="default")
    plain = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in written)
    plain = plain.replace("−", "-").removeprefix("+")
    for alike in _GROUPS_ALIKE:
        if group in alike:
            plain = re.sub(f"(?<=\\d)[{alike}](?=\\d)", group, plain)
    plain = re.sub(rf"{re.escape(_decimal_sign_of_money(locale))}(?=\d+$)", decimal, plain)
    if re.fullmatch(rf"-?\d[\d{re.escape(group)}]*(?:{re.escape(decimal)}\d+)?", plain):
        try:
            value: Decimal = parse_decimal(plain, locale=known, strict=True, numbering_system="default")
            return value
        except NumberFormatError:
            pass
    example = number(Decimal("1249.5"), locale, 2)
    raise BadCell(f"a decimal number as {locale} writes it", f"write it like {example}, without a currency")


@lru_cache(maxsize=1024)
def is_known_currency(currency: str) -> bool:
    """Whether `currency` is a code of ISO 4217 in capitals."""
    return bool(is_currency(currency))


@lru_cache(maxsize=REMEMBERED)
def money(amount: Decimal, currency: str, locale: str, whole: bool = False, symbol: bool = True) -> str:
    """`amount` of `currency` as `locale` writes it; with `whole`, round sums lose their zero cents, without `symbol` it
    is figures alone. Half a cent is a cent, as shops round.

    Raises ValueError for an unknown currency code.
    """
    if not is_known_currency(currency):
        raise ValueError(f"'{currency}' is no currency code; write one of ISO 4217, like EUR")
    pattern = parsed(locale).currency_formats["standard"].pattern
    rounds = whole and amount == amount.to_integral_value()
    if rounds:
        pattern = _FRACTION.sub("", pattern)
    if not symbol:
        pattern = _SYMBOL.sub("", pattern)
    with localcontext(rounding=ROUND_HALF_UP):
        written: str = format_currency(
            amount, currency, pattern, parsed(locale), currency_digits=not rounds, numbering_system="default"
        )
    sign, of_money = decimal_sign(locale), _decimal_sign_of_money(locale)
    if of_money != sign:  # which Babel does not look at
        written = re.sub(rf"(?<=\d){re.escape(sign)}(?=\d)", of_money, written)
    return _as_cldr_has_it(written, locale)


def dollars(amount: Decimal, locale: str, digits: int) -> str:
    """An amount of US dollars with so many decimals."""
    pattern = _FRACTION.sub("." + "0" * digits, parsed(locale).currency_formats["standard"].pattern)
    written: str = format_currency(
        amount, "USD", pattern, parsed(locale), currency_digits=False, numbering_system="default"
    )
    return _as_cldr_has_it(written, locale)


def plural_form(count: int, locale: str) -> str:
    """What CLDR calls the form of words that goes with a number of things: ``one``, ``few``, ``other`` …"""
    form: str = parsed(locale).plural_form(count)
    return form


def price_parts(text: str, locale: str) -> tuple[str, str, str, str] | None:
    """A written price as (what stands before, whole units, minor units with their separator, what stands behind), by
    the separators of the locale, in any numbering system; None if there is no figure in it.

    Two figures behind a point or a comma at the end are minor units too where the locale separates otherwise: prices
    are also written by hand.
    """
    decimal = get_decimal_symbol(parsed(locale), numbering_system="default")
    group = get_group_symbol(parsed(locale), numbering_system="default")
    between = re.escape("".join({decimal, group, *"., \u00a0\u202f'’\u066b\u066c"}))
    match = re.search(
        rf"(?P<whole>\d(?:[\d{between}]*?\d)??)(?P<minor>{re.escape(decimal)}\d{{1,3}}|[.,]\d{{2}})?(?=\D*$)", text
    )
    if match is None:
        return None
    return text[: match.start()], match["whole"], match["minor"] or "", text[match.end() :]


@lru_cache(maxsize=REMEMBERED)
def number(value: Decimal | float | int, locale: str, digits: int | None = None) -> str:
    """`value` with the locale's separators; `digits` fixes the decimals, else up to three are shown. Halves go up."""
    pattern = None
    if digits is not None:
        pattern = _DECIMALS.sub("." + "0" * digits if digits else "", parsed(locale).decimal_formats[None].pattern)
    with localcontext(rounding=ROUND_HALF_UP):
        text: str = format_decimal(value, format=pattern, locale=parsed(locale), numbering_system="default")
    return _as_cldr_has_it(text, locale)


@lru_cache(maxsize=REMEMBERED)
def decimal_sign(locale: str) -> str:
    """What parts the whole from the rest of a number."""
    sign: str = get_decimal_symbol(parsed(locale), numbering_system="default")
    return sign


@lru_cache(maxsize=REMEMBERED)
def group_sign(locale: str) -> str:
    """What stands between thousands."""
    sign: str = get_group_symbol(parsed(locale), numbering_system="default")
    return sign


def _decimal_sign_of_money(locale: str) -> str:
    """The same in amounts of money: French Switzerland has a point there, and a comma elsewhere."""
    known = parsed(locale)
    symbols = known.number_symbols.get(known.default_numbering_system, {})
    sign: str = symbols.get("currencyDecimal", decimal_sign(locale))
    return sign


def _as_cldr_has_it(number: str, locale: str) -> str:
    """A number that Babel wrote, with the locale's own sign between thousands and its own digits."""
    if parsed(locale).is_grouped_by_quotes:
        number = number.replace(_APOSTROPHE, _QUOTE)
    return in_own_digits(number, locale)


def in_own_digits(text: str, locale: str) -> str:
    zero = _ZEROS.get(parsed(locale).default_numbering_system)
    return text if zero is None else text.translate({ord("0") + digit: zero + digit for digit in range(10)})


@lru_cache(maxsize=1024)
def parsed(locale: str) -> _Locale:
    """The locale, as Babel has it."""
    known = _Locale.parse(locale_code(locale), sep="-")
    assert isinstance(known, _Locale)
    return known
