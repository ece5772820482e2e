"""Dates, spans of days and times of day as CLDR has a locale write them, by Babel. Every answer is remembered: Babel is
slow."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_time

from pressrun.language.locale_formats import REMEMBERED, in_own_digits, parsed
from pressrun.readers.written_dates import BEFORE_CHRIST, BUDDHIST, GREGORIAN, ISLAMIC, PERSIAN, DateOf

CALENDARS = (GREGORIAN, BUDDHIST)
# Thailand's solar calendar since 1941: the Gregorian one, but for its years and their era (CLDR's eras of `buddhist`;
# Babel has those of the Gregorian calendar alone).
_BUDDHIST = {"th": "พ.ศ."}
# Countries that count by another calendar first (CLDR's calendarPreferenceData, which Babel does not have), and the
# languages that are theirs.
_OTHER_CALENDARS = {"TH": BUDDHIST, "IR": PERSIAN, "AF": PERSIAN, "SA": ISLAMIC}
_HOMES = {"th": "TH", "fa": "IR", "ps": "AF"}
_YEAR = re.compile(r"G+|[yu]+")
_DATE_STYLES = ("short", "medium", "long", "full")
_DATE_PARTS, _SHORT = dict.fromkeys(("weekday", "day", "month", "year")), "short"
_FIRST_DAY = re.compile(r"d[.]?\s*[–—-]\s*(?=d)")  # of two in one month, in a pattern
_PARTS_OF_STYLES = {"medium": "short day month year", "long": "day month year", "full": "weekday day month year"}
_TIME, _TIME_STYLES = "time", ("short", "medium", "hour")  # CLDR's long and full say a time zone, which no cell does
_TIME_PATTERN = re.compile(r"[aBbHhKkms:.\W]*[HhKk][aBbHhKkms:.\W]*")
_DATE_PATTERN = re.compile(r"[GyYuUQqMLwWdDFEec\W\d]*[yMLdEQw][GyYuUQqMLwWdDFEec\W\d]*")
_SHORT_NAMES = re.compile(r"(?<![EcML])(?:E{1,3}|c{1,3}|MMM|LLL)(?![EcML])")  # in a pattern of CLDR, of days and months
_QUOTED = re.compile(r"('[^']*')")
_NEEDLESS_QUOTES = re.compile(r"'([^'A-Za-z]+)'")  # CLDR's spans of days have none there
_WEEKDAYS = re.compile("weekday|[Ec]")  # in a style: the same name is of many days


@lru_cache(maxsize=REMEMBERED)
def written_in(locale: str) -> DateOf:
    """Reads dates as a locale writes them in figures (``31.12.2027`` in de-DE)."""
    known = parsed(locale)
    calendar = _OTHER_CALENDARS.get(known.territory or _HOMES.get(known.language, ""), GREGORIAN)
    return DateOf(locale, known.date_formats["short"].pattern, calendar)


@lru_cache(maxsize=REMEMBERED)
def date(day: dt.date, locale: str, style: str = "long", calendar: str = GREGORIAN) -> str:
    """`day` in one of CLDR's styles (short, medium, long, full), with the parts that are named (``weekday day month``)
    in the locale's own order and punctuation, or in a pattern of CLDR's letters (``d MMM``), the same in each locale.
    The ``time`` may be one of the parts, where `day` has one; with ``short`` among them names are abbreviated. The
    year is counted as the ``calendar`` does, one of `CALENDARS`.

    Raises ValueError for parts that no locale writes together, and a pattern that has no letters CLDR knows.
    """
    parts = style.split()
    if _TIME in parts and len(parts) > 1 and isinstance(day, dt.datetime):
        of_day = date(day, locale, " ".join(part for part in parts if part != _TIME), calendar)
        joined: str = str(parsed(locale).datetime_formats["medium"]).replace("'", "")
        return joined.replace("{1}", of_day).replace("{0}", time(day.time(), locale))
    pattern = style
    if _names_parts(parts):
        pattern = _pattern_of(frozenset(parts), parsed(locale))
    elif style not in _DATE_STYLES and not _DATE_PATTERN.fullmatch(_QUOTED.sub("", style)):
        kinds = f"{', '.join(_DATE_STYLES)}, some of {', '.join(_DATE_PARTS)} (and short, for short names)"
        raise ValueError(f"'{style}' is no date style; write {kinds}, or a pattern like 'd MMM y'")
    elif style in _DATE_STYLES:
        pattern = str(parsed(locale).date_formats[style].pattern)
    text: str = format_date(day, _counted(pattern, day, parsed(locale), calendar), locale=parsed(locale))
    return in_own_digits(text, locale)


def _counted(pattern: str, day: dt.date, locale: Locale, calendar: str) -> str:
    """A pattern with the year and the era as a calendar counts them. Raises ValueError for one that is not known."""
    if calendar == GREGORIAN:
        return pattern
    if calendar not in CALENDARS:
        raise ValueError(f"'{calendar}' is no calendar; write {' or '.join(CALENDARS)}")
    year = str(day.year + BEFORE_CHRIST)

    def own(said: re.Match[str]) -> str:
        if said[0].startswith("G"):
            return f"'{_BUDDHIST.get(locale.language, 'BE')}'"
        return f"'{year[-2:] if said[0] == 'yy' else year}'"

    return "".join(part if part.startswith("'") else _YEAR.sub(own, part) for part in _QUOTED.split(pattern))


@lru_cache(maxsize=REMEMBERED)
def days(first: dt.date, last: dt.date, locale: str, style: str = "long", calendar: str = GREGORIAN) -> str:
    """A span of days in one of the styles of :func:`date`, or by parts, what both days share said once, as the locale
    does (UTS #35, intervalFormats): 3.–8. August.

    Raises ValueError for a span that ends before it begins.
    """
    if last < first:
        raise ValueError(f"it ends on {last}, before it begins on {first}")
    begins, ends = (date(day, locale, style, calendar) for day in (first, last))
    is_in_month = (first.year, first.month) == (last.year, last.month)
    if first == last or (is_in_month and begins == ends and not _WEEKDAYS.search(style)):
        return begins
    known, parts = parsed(locale), _PARTS_OF_STYLES.get(style, style).split()
    alone = str(known.date_formats[style].pattern) if style in _PARTS_OF_STYLES else None
    pieces = _pattern_of_days(frozenset(parts), known, first, last, alone) if _names_parts(parts) else None
    if pieces is None:
        both: str = str(known.interval_formats[None])
        return both.replace("{0}", begins).replace("{1}", ends)
    text = "".join(
        format_date(day, _counted(piece, day, known, calendar), locale=known)
        for day, piece in zip((first, last), pieces, strict=True)
    )
    return in_own_digits(text, locale)


def _pattern_of_days(
    parts: frozenset[str], locale: Locale, first: dt.date, last: dt.date, written: str | None
) -> list[str] | None:
    """How a locale begins and ends a span of days, one of which is as ``written``, if that is known; None where that is
    not how it writes one date alone, as where CLDR has a span with short names only, and words between long ones."""
    of_parts = _pattern_of(parts, locale)
    alike = {_NEEDLESS_QUOTES.sub(r"\1", pattern) for pattern in (of_parts, written or of_parts)}
    alone = written or of_parts
    differing = "y" if first.year != last.year and "year" in parts else "M" if first.month != last.month else "d"
    for month, weekday in (("MMMM", "EEEE"), ("MMMM", "E"), ("MMM", "E")):
        found = locale.interval_formats.get(_skeleton(parts, month, weekday), {}).get(differing, ())
        if "dd" not in of_parts:  # one day has no zero in front there
            found = [piece.replace("dd", "d") for piece in found]
        pieces = [piece if _SHORT in parts else _in_full(piece) for piece in found]
        if len(pieces) != 2:
            continue
        if any(one in piece for one in alike for piece in (*pieces, _FIRST_DAY.sub("", "".join(pieces)))):
            return pieces
        if differing == "d" and alone.startswith("d") and not re.search("[A-Za-z]", pieces[0][1:]):
            return [pieces[0], alone]
    if differing == "y" or "year" not in parts:
        return None
    begun = _pattern_of(parts - {"year"}, locale)
    between = str(locale.interval_formats[None]).partition("{0}")[2].partition("{1}")[0]
    if not between or not alone.startswith(begun) or alone[len(begun) :].startswith(begun[-1]):
        return None
    return [f"{begun[:-1]}{between}'" if begun.endswith("'") else f"{begun}'{between}'", alone]


@lru_cache(maxsize=REMEMBERED)
def time(moment: dt.time, locale: str, style: str = "short") -> str:
    """A time of day in one of CLDR's styles (short; medium has seconds), its full ``hour`` alone, or in a pattern of
    CLDR's letters (``HH:mm``), the same in each locale. No time zone is told: none is known.

    Raises ValueError for another style, and an ``hour`` that has minutes.
    """
    known, pattern = parsed(locale), style
    if style == "hour":
        if moment.minute or moment.second:
            raise ValueError(f"{moment:%H:%M} is no full hour; write it in short")
        is_of_24 = not re.search("[hK]", _QUOTED.sub("", str(known.time_formats["short"].pattern)))
        pattern = str(known.datetime_skeletons["H" if is_of_24 else "h"].pattern)
    elif style not in _TIME_STYLES and not _TIME_PATTERN.fullmatch(_QUOTED.sub("", style)):
        raise ValueError(f"'{style}' is no style of a time; write {', '.join(_TIME_STYLES)}, or a pattern like 'HH:mm'")
    text: str = format_time(moment.replace(tzinfo=None), pattern, locale=known)
    return in_own_digits(text, locale)


def _pattern_of(parts: frozenset[str], locale: Locale) -> str:
    """How a locale writes these parts of a date, weekday and month by their names (UTS #35, availableFormats): what
    CLDR has in short is widened, as it says."""
    known = locale.datetime_skeletons
    is_short = _SHORT in parts
    for month, weekday in (("MMM", "E"),) if is_short else (("MMMM", "EEEE"), ("MMMM", "E"), ("MMM", "E")):
        if (skeleton := _skeleton(parts, month, weekday)) in known:
            pattern = str(known[skeleton].pattern)
            return pattern if is_short else _in_full(pattern)
    raise ValueError(f"no language writes {' and '.join(name for name in _DATE_PARTS if name in parts)} together")


def _names_parts(words: list[str]) -> bool:
    """Whether a style is a list of parts: ``short`` alone is a style of its own."""
    return bool(words) and set(words) <= {*_DATE_PARTS, _SHORT} and words != [_SHORT]


def _skeleton(parts: frozenset[str], month: str, weekday: str) -> str:
    """By what CLDR looks up how such parts are written together."""
    letters = {"year": "y", "month": month, "weekday": weekday, "day": "d"}
    return "".join(letter for name, letter in letters.items() if name in parts)


def _in_full(pattern: str) -> str:
    """A pattern of CLDR with the names of days and months written out."""
    return "".join(
        part if part.startswith("'") else _SHORT_NAMES.sub(lambda short: short[0][0] * 4, part)
        for part in _QUOTED.split(pattern)
    )
