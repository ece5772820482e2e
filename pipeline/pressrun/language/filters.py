"""The filters of layouts: money, numbers and dates as the row's locale writes them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from markupsafe import Markup, soft_str

from pressrun.language import letter_case, locale_dates, locale_formats
from pressrun.language.bidi import isolate
from pressrun.language.countries import country_name
from pressrun.language.html_as_markup import marked
from pressrun.language.plain_text import plain
from pressrun.language.quotes import typographic
from pressrun.language.templates import needs_context
from pressrun.language.ticket_numbers import NUMBERING
from pressrun.model.record import Amount, Record
from pressrun.model.template import ValueFault
from pressrun.readers.written_dates import GREGORIAN, hint_for

Lookup = Callable[[str], Any]

_GUARD = "fill the cell; where it may be empty, give the layer a `when`, which leaves it out"
PROMPT_LOCALE = "en"


def layout_filters(currency_sets: Sequence[str], currencies: frozenset[str]) -> Mapping[str, Callable[..., Any]]:
    """``money``, ``number``, ``date``, ``time``, and those that need no row. `currency_sets` are the row sets with a
    column ``currency``, `currencies` all that stand there: where there are several, an amount must say its own, since
    12.50 is not the same in each."""

    def money(get: Lookup, value: Any, currency: str | None = None, whole: bool = False, symbol: bool = True) -> str:
        """An amount with its currency, as the row's language writes it; `whole` leaves zero cents out. Without `symbol`
        it is figures alone: money may be written otherwise than numbers, 2.80 and 2,80 in French Switzerland."""
        amount = _decimal(value, "money")
        own = value.currency if isinstance(value, Amount) else None
        if own and currency and own != currency:
            hint = f"look up the price in {currency} instead"
            raise ValueFault("relabelled-price", f"this amount is in {own}, and is not the same in {currency}", hint)
        rows_own = _currency_of_row(get, currency_sets)
        wanted = own or currency or rows_own
        if own and rows_own and not currency and own != rows_own:
            message = f"this amount is in {own}, while this row is in {rows_own}"
            hint = f"look up the price in {rows_own}, or write money('{own}')"
            raise ValueFault("relabelled-price", message, hint)
        if wanted is None:
            hint = "write money('EUR'), or give a row set a column `currency`"
            raise ValueFault("unknown-currency", "nothing says which currency this amount is in", hint)
        if not own and not currency and len(currencies) > 1:
            message = f"this amount does not say its currency, and the rows are in {', '.join(sorted(currencies))}"
            hint = "look it up in a table with a column `currency`, or name the currency: money(region.currency)"
            raise ValueFault("relabelled-price", message, hint)
        try:
            return locale_formats.money(amount, wanted, get("locale"), whole, symbol)
        except ValueError as error:
            raise ValueFault("unknown-currency", str(error)) from None

    def number(get: Lookup, value: Any, digits: int | None = None) -> str:
        """A number as the row's language writes it; `digits` fixes the decimals."""
        return locale_formats.number(_decimal(value, "number"), get("locale"), digits)

    def date(
        get: Lookup, value: Any, style: str = "long", until: Any = None, calendar: str = GREGORIAN
    ) -> str:  # fmt: skip
        """A date as the row's language writes it: short, medium, long, full, or some of its parts, like weekday day
        month time, as it orders them, with short in their short names. A pattern like d MMM y is the same in every
        language. `until` another, both are written as a span of days: Mon 3 – Sat 8 August. With `calendar` buddhist
        its years are those of Thailand: 2570 for 2027."""
        return _date(value, style, get("locale"), until, calendar)

    def time(get: Lookup, value: Any, style: str = "short") -> str:
        """A time of day as the row's language writes it, from 19:30 or 2027-03-01T19:30: short, medium (with seconds),
        or hour, of full ones. A pattern like HH:mm is the same in every language. No time zone is told."""
        return _time(value, style, get("locale"))

    def country(get: Lookup, value: Any) -> str:
        """The name of a country in the row's language, from its two letters: Deutschland for DE in German."""
        try:
            return country_name(str(value).strip().upper(), get("locale")) if value else ""
        except ValueError as error:
            raise ValueFault("unknown-country", str(error), "write a code of ISO 3166, like CH") from None

    def quotes(get: Lookup, value: Any) -> str:
        """A text with the quotation marks and apostrophes of the row's language in place of straight ones: „so“ in
        German, « so » in French, and don’t. Inches and feet behind figures stay, and all in Arabic, Hebrew, Thai and
        others of which the marks are not known."""
        is_marked = isinstance(value, Markup)
        said = soft_str(value).replace("&#34;", '"').replace("&#39;", "'") if is_marked else soft_str(value)
        return _of_kind(value, typographic(said, get("locale"), marked_up=is_marked))

    by_locale: dict[str, Callable[..., Any]] = {
        "money": money, "number": number, "date": date, "time": time, "country": country,
        "quotes": quotes, **_CASES,
    }  # fmt: skip
    return {**{name: needs_context(filter_) for name, filter_ in by_locale.items()}, **FOR_ALL}


def _upper(get: Lookup, value: Any) -> str:
    """A text in capitals, as the row's language has them: İSTANBUL, ΑΘΗΝΑ."""
    return _of_kind(value, letter_case.upper(soft_str(value), get("locale")))


def _lower(get: Lookup, value: Any) -> str:
    """A text in small letters, as the row's language has them."""
    return _of_kind(value, letter_case.lower(soft_str(value), get("locale")))


def _title(get: Lookup, value: Any) -> str:
    """A text in small letters, each word with a capital in front, as the row's language has them."""
    locale = get("locale")
    return _of_kind(value, letter_case.titled(letter_case.lower(soft_str(value), locale), locale))


def _capitalize(get: Lookup, value: Any) -> str:
    """A text in small letters with a capital in front, as the row's language has them."""
    said, locale = soft_str(value), get("locale")
    return _of_kind(value, letter_case.titled(said[:1], locale) + letter_case.lower(said[1:], locale))


def _of_kind(value: Any, said: str) -> str:
    """Words that were marked up stay so."""
    return Markup(said) if isinstance(value, Markup) else str(said)


_CASES: Mapping[str, Callable[..., Any]] = {
    "upper": _upper, "lower": _lower, "title": _title, "capitalize": _capitalize,
}  # fmt: skip


def vcard(value: Any) -> str:
    """A value as a vCard takes it: what would end it is escaped (RFC 6350, section 3.4)."""
    text = "" if value is None else str(value)
    for mark, escaped in (("\\", "\\\\"), ("\n", "\\n"), (",", "\\,"), (";", "\\;")):
        text = text.replace(mark, escaped)
    return text


def script(value: Any) -> str:
    """The script that a locale is written in: ``Arab`` for ar-EG. In expressions: ``(locale | script) == 'Arab'``."""
    return _of_locale(value, locale_formats.script_of)


def region(value: Any) -> str:
    """The region of a locale: ``CH`` for de-CH, and nothing for de."""
    return _of_locale(value, locale_formats.region_of)


def _of_locale(value: Any, part: Callable[[str], str]) -> str:
    try:
        return part(str(value)) if value else ""
    except ValueError as error:
        raise ValueFault("unknown-locale", str(error), "write a code like de-AT") from None


FOR_ALL: Mapping[str, Callable[..., Any]] = {
    "plain": plain, "marked": marked, "isolate": isolate, "vcard": vcard, "script": script, "region": region,
    **NUMBERING,
}  # fmt: skip
"""Those that need to know nothing of the row."""


def prompt_filters() -> Mapping[str, Callable[..., Any]]:
    """``number``, ``date`` and ``time`` in English, which is what prompts are written in; a price has no place in a
    picture."""

    def number(value: Any, digits: int | None = None) -> str:
        return locale_formats.number(_decimal(value, "number"), PROMPT_LOCALE, digits)

    def date(value: Any, style: str = "long") -> str:
        return _date(value, style, PROMPT_LOCALE)

    def time(value: Any, style: str = "short") -> str:
        return _time(value, style, PROMPT_LOCALE)

    return {"number": number, "date": date, "time": time, "plain": plain, "text_in_image": needs_context(text_in_image)}


def text_in_image(get: Lookup, value: Any) -> str:
    """A text that the picture itself shall show: quoted, as image models want it, and kept in ``lettering``, so that
    no later section forbids it and that it can be checked in the picture that comes back."""
    text = " ".join(str(value).split())
    if not text:
        raise ValueFault("empty-value", "there is no text to show in the picture", "fill the cell, or write an if")
    lettering = get("lettering")
    if text not in lettering:
        lettering.append(text)
    opening, closing = ("“", "”") if '"' in text else ('"', '"')
    return f"the {'words' if ' ' in text else 'word'} {opening}{text}{closing} exactly as written"


def _currency_of_row(get: Lookup, currency_sets: Sequence[str]) -> str | None:
    found = {
        row["currency"]
        for name in currency_sets
        if isinstance(row := get(name), Record) and "currency" in row and row["currency"]
    }  # fmt: skip
    if len(found) > 1:
        message = f"the row is in {' and '.join(sorted(found))} at once"
        raise ValueFault("unknown-currency", message, "name the currency: money('EUR')")
    return next(iter(found), None)


def _decimal(value: Any, name: str) -> Decimal:
    if value is None or value == "":
        raise ValueFault("empty-value", f"there is no value for {name} here", _GUARD)
    if isinstance(value, Decimal):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Decimal(repr(value))
    hint = "give the column a type, in the job: types: {column: decimal}" if _is_numeric(value) else None
    raise ValueFault("wrong-value", f"{name} takes a number, not {_told(value)}", hint or _of_parts(value))


def _told(value: Any) -> str:
    if isinstance(value, Record):
        return "a whole row"
    return "a list" if isinstance(value, (list, tuple)) else f"'{value}'"


def _of_parts(value: Any) -> str | None:
    columns = list(value) if isinstance(value, Record) else []
    return f"name one of its columns: {', '.join(columns[:MOST_NAMED])}" if columns else None


MOST_NAMED = 12


def _is_numeric(value: Any) -> bool:
    try:
        Decimal(str(value).strip().replace(",", "."))
    except InvalidOperation:
        return False
    return True


def _date(value: Any, style: str, locale: str, until: Any = None, calendar: str = GREGORIAN) -> str:
    first = _day(value, style)
    if until is not None and until != "" and "time" in style.split():
        raise ValueFault("wrong-value", "a span of days has no time", "write the times beside it, by `| time`")
    try:
        if until is None or until == "":
            return locale_dates.date(first, locale, style, calendar)
        return locale_dates.days(_as_day(first), _as_day(_day(until, style)), locale, style, calendar)
    except ValueError as error:
        raise ValueFault("wrong-value", str(error)) from None


def _as_day(value: dt.date) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value


def _day(value: Any, style: str) -> dt.date:
    if value is None or value == "":
        raise ValueFault("empty-value", "there is no date here", _GUARD)
    if isinstance(value, str):
        try:
            read = dt.datetime.fromisoformat(value.strip())
        except ValueError:
            raise ValueFault("wrong-value", f"date takes a date, not '{value}'", hint_for(value.strip())) from None
        value = read if _HAS_TIME.search(value) else read.date()
    if not isinstance(value, dt.date):
        raise ValueFault("wrong-value", f"date takes a date, not {_told(value)}", _of_parts(value))
    if "time" in style.split():
        if not isinstance(value, dt.datetime):
            hint = "write both in its cell, 2027-03-01T19:30, or leave `time` out"
            raise ValueFault("wrong-value", f"{value} has no time of day", hint)
        _of_place(value.tzname())
    day: dt.date = value
    return day


_HAS_TIME = re.compile(r"[T ]\d")


def _time(value: Any, style: str, locale: str) -> str:
    if value is None or value == "":
        raise ValueFault("empty-value", "there is no time here", _GUARD)
    if isinstance(value, str):
        said = value.strip()
        try:
            value = dt.datetime.fromisoformat(said) if _HAS_TIME.search(said) else dt.time.fromisoformat(_padded(said))
        except ValueError:
            hint = "write times of day as 19:30, or with their date as 2027-03-01T19:30"
            raise ValueFault("wrong-value", f"time takes a time of day, not '{value}'", hint) from None
    if isinstance(value, dt.datetime):
        _of_place(value.tzname())
        value = value.time()
    if not isinstance(value, dt.time):
        raise ValueFault("wrong-value", f"time takes a time of day, not {_told(value)}", _of_parts(value))
    _of_place(value.tzname())
    try:
        return locale_dates.time(value.replace(tzinfo=None), locale, style)
    except ValueError as error:
        raise ValueFault("wrong-value", str(error)) from None


def _padded(said: str) -> str:
    """9:30 as ISO 8601 has it. A bare number is none: 1930 may be anything."""
    if ":" not in said:
        raise ValueError(said)
    return said.zfill(5) if said.index(":") == 1 else said


def _of_place(zone: str | None) -> None:
    """A time that is said with where it holds is printed as it stands; in UTC it is that of no place."""
    if zone == "UTC":
        hint = "write the time of the place, 19:30, or with its zone: 2027-03-01T19:30+01:00"
        raise ValueFault("wrong-value", "this time is in UTC, which no clock on a wall shows", hint)
