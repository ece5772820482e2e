"""Dates and times that workbooks keep as numbers of days, where a date as ISO 8601 has it is not what is shown."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

EPOCH_1900, EPOCH_1904 = dt.datetime(1899, 12, 30), dt.datetime(1904, 1, 1)
NEVER = 60  # the 29th of February 1900, before which the first has a day more (ECMA-376, 18.17.4.1)
_YEAR = re.compile(r"(?:yy){1,2}\Z", re.IGNORECASE)
_TIME_OF_DAY = re.compile(r"(?:h{1,2}(?::m{1,2}(?::s{1,2})?)?|m{1,2}:s{1,2})\s*(?:am/pm|a/p)?\Z", re.IGNORECASE)
_LITERALS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_FRACTION = re.compile(r"s+\.(0{1,3})", re.IGNORECASE)


def shown_by(format: str) -> Callable[[float, dt.datetime], str | None] | None:
    """How a number of days since an epoch is shown by a format that shows a year alone, the time of day alone, or
    fractions of seconds; None of any other. What it answers raises ValueError of a number that is no date."""
    if _TIME_OF_DAY.match(format):
        return lambda days, _: time_of_day(days)
    if _YEAR.match(format):
        return lambda days, epoch: f"{moment(days, epoch).year:04d}"[-len(format) :]
    if fraction := _FRACTION.search(format):
        digits = len(fraction[1])
        over_a_day = re.search(r"\[(?:h+|m+|s+)\]", format, re.IGNORECASE) is not None
        if not over_a_day and not re.search("[dy]", _LITERALS.sub("", format), re.IGNORECASE):
            return lambda days, epoch: with_fraction(of_a_day(days), epoch, digits, duration=False)
        return lambda days, epoch: with_fraction(days, epoch, digits, duration=over_a_day)
    return None


def moment(days: float, epoch: dt.datetime) -> dt.datetime:
    """The time so many days after an epoch; raises ValueError beyond all dates."""
    try:
        return epoch + dt.timedelta(days=days + (epoch == EPOCH_1900 and days < NEVER))
    except OverflowError:
        raise ValueError(f"day {days:g} is beyond all dates") from None


def of_a_day(days: float) -> float:
    """What is left of days for one that shows no date; a negative number, which no time is, as it is."""
    return days % 1 if days >= 0 else days


def time_of_day(days: float) -> str | None:
    """The time that a number of days ends with, whatever their date; None of a negative one, which none has."""
    if days < 0:
        return None
    minutes, seconds = divmod(min(round(of_a_day(days) * 86_400), 86_399), 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else "")


def duration(value: dt.timedelta) -> str:
    """Hours and minutes, and seconds where there are some: 36:05."""
    seconds = round(value.total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    return f"{'-' if seconds < 0 else ''}{hours}:{rest // 60:02d}" + (f":{rest % 60:02d}" if rest % 60 else "")


def with_fraction(days: float, epoch: dt.datetime, digits: int, *, duration: bool) -> str:
    """Days since an epoch with so many digits of a second: the hours of a ``duration``, else a date with its time, or a
    time within the first day."""
    shown = round(days * 86_400 * 10**digits)
    if not duration and 0 <= days < 1:
        shown = min(shown, 86_400 * 10**digits - 1)  # rounded up it would be the next day's
    whole, parts = divmod(shown, 10**digits)
    fraction = f".{parts:0{digits}d}"
    if duration or not 0 <= days < 1:
        if duration:
            hours, seconds = divmod(abs(whole), 3600)
            return f"{hours}:{seconds // 60:02d}:{seconds % 60:02d}{fraction}"
        return f"{moment(whole / 86_400, epoch).isoformat(' ', 'seconds')}{fraction}"
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}{fraction}"
