"""Dates as people write them into cells: of ISO 8601, and in the order and with the signs of one locale. Nothing is
guessed: 03/04/2027 is a day only where a locale was named."""

from __future__ import annotations

import calendar
import itertools
import re
import unicodedata
from datetime import date

from msgspec import Struct

from pressrun.readers.bad_cell import BadCell

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?\Z", re.ASCII)  # midnight is no time of day
_PARTED = re.compile(r"(\d{1,4})([./-])\s*(\d{1,2})\2\s*(\d{1,4})\.?\Z", re.ASCII)
_FIGURES = r"(\d{1,4})"
_FIELD = re.compile(r"y+|M+|d+")
_UNSEEN = re.compile("[\u200e\u200f\u061c]")  # marks of direction
GREGORIAN, BUDDHIST, PERSIAN, ISLAMIC = "gregorian", "buddhist", "persian", "islamic"
BEFORE_CHRIST = 543  # years that the Buddhist calendar is ahead
_LEAST_BUDDHIST, _LEAST_GREGORIAN = 2400, 1600  # 1857; Persian and Islamic years are about 1400
A_DATE, PLAIN = "a date", "write dates as 2027-03-01"


def iso_date(written: str) -> date:
    """A day as ISO 8601 writes it, as many exports do with the midnight that it begins at. Raises BadCell."""
    if match := _ISO.match(written):
        year, month, day = map(int, match.groups())
        return _day(year, month, day)
    raise BadCell(A_DATE, _hint(written))


class DateOf(Struct, frozen=True):
    """Reads dates as a locale writes them, by its pattern of CLDR (``dd.MM.yy``): in that order and with those signs,
    with or without leading zeros, in its own figures or European ones, the year in full; and those of ISO 8601. Years
    of the ``calendar`` that a country counts by are known by their numbers, centuries away: Buddhist ones are read as
    what they are of the Gregorian calendar; days of Persian and Islamic ones are others, and refused."""

    locale: str
    pattern: str
    calendar: str = GREGORIAN

    def __call__(self, written: str) -> date:
        """Raises BadCell."""
        plain = _plain(written)
        if _ISO.match(plain):
            return iso_date(plain)
        pattern = _UNSEEN.sub("", self.pattern)
        example = re.sub(r"y+", "2027", re.sub(r"M+", "03", re.sub(r"d+", "31", pattern))).replace("'", "")
        kind, hint = f"a date as {self.locale} writes it", f"write it like {example}, or as 2027-03-31"
        fields = list(_FIELD.finditer(pattern))
        signs = [_sign(pattern[one.end() : other.start()]) for one, other in itertools.pairwise(fields)]
        last = _sign(pattern[fields[-1].end() :].replace("'", ""))
        if not (match := re.fullmatch(f"{_FIGURES}{_FIGURES.join(signs)}{_FIGURES}(?:{last})?", plain)):
            raise BadCell(kind, hint)
        parts = {field[0][0]: part for field, part in zip(fields, match.groups(), strict=True)}
        if len(parts["y"]) != 4:
            raise BadCell(kind, f"{hint}, the year with its four figures")
        year = int(parts["y"])
        if self.calendar == BUDDHIST and year >= _LEAST_BUDDHIST:
            year -= BEFORE_CHRIST
        elif self.calendar not in (GREGORIAN, BUDDHIST) and year < _LEAST_GREGORIAN:
            raise BadCell(kind, f"{parts['y']} is no year of the Gregorian calendar: {hint}")
        return _day(year, int(parts["M"]), int(parts["d"]), kind, hint)


def _plain(written: str) -> str:
    figures = [str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in _UNSEEN.sub("", written)]
    return "".join(figures).strip()


def _sign(sign: str) -> str:
    """What stands between two fields, with or without blanks around it."""
    return rf"\s*{re.escape(sign.strip())}\s*"


def _day(year: int, month: int, day: int, kind: str = A_DATE, hint: str = PLAIN) -> date:
    if year < 1 or not 1 <= month <= 12:
        raise BadCell(kind, f"there is no {f'month {month}' if year else 'year 0'}: {hint}")
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise BadCell(kind, f"there is no such day: the month {year:04}-{month:02} has {last}")
    return date(year, month, day)


def hint_for(written: str) -> str:
    """How to write what ISO 8601 does not read as a date."""
    try:
        iso_date(written)
    except BadCell as fault:
        return fault.hint_for("column")
    return PLAIN


def _hint(written: str) -> str:
    """How it is to be written; for a column that is written so, by which locales it would be a day."""
    if not (match := _PARTED.match(written)):
        return PLAIN
    first, sign, second, last = int(match[1]), match[2], int(match[3]), match[4]
    if len(match[1]) == 4 or len(last) != 4:
        return PLAIN
    if sign == ".":
        return f"{PLAIN}, or for a column written so `dates: {{COLUMN: de-DE}}`"
    if sign == "-":
        return f"{PLAIN}, or for a column written so `dates: {{COLUMN: nl-NL}}`"
    if first > 12:
        return f"{PLAIN}, or for a column written so `dates: {{COLUMN: en-GB}}`"
    if second > 12:
        return f"{PLAIN}, or for a column written so `dates: {{COLUMN: en-US}}`"
    both = "`dates: {COLUMN: en-GB}` has the day first, `dates: {COLUMN: en-US}` the month"
    return f"{PLAIN}, or say which it is: {both}"
