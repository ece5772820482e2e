"""Formats of numbers as Excel writes them (ECMA-376, 18.8.30 and 18.8.31), as far as they show a number as something
else than its digits: padded, as a percentage, as a year, or with fractions of seconds."""

from __future__ import annotations

import datetime as dt
import re

from pressrun.readers.serial_dates import shown_by
from pressrun.readers.sheet_formats import DIGITS, PLACE, padded, percentage

BUILT_IN = {9: "0%", 10: "0.00%"}  # which need not be written
_LITERALS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_OF_PICTURE = re.compile(r"""
    "(?P<quoted>[^"]*)" | \\(?P<escaped>.) | (?P<place>0) | (?P<plain>[-+(): ])  # what is seen
    | \[[^\]]*\] | _. | \*.  # colours, conditions, and room
""", re.VERBOSE)  # fmt: skip


def looked_for(format: str) -> str:
    """What `shown_as` takes of a format; empty of one that shows numbers as what they are."""
    positive = format.split(";")[0]
    kept = _picture(positive) or (positive if shown_by(positive) else _LITERALS.sub("", positive).strip())
    return kept if PLACE in kept or kept.endswith("%") or shown_by(kept) else ""


def shown_as(value: str, kept: str, epoch: dt.datetime) -> str | None:
    """A number as its format shows it, where that is looked for, or where a float does not hold its digits. Raises
    ValueError of one that is no number, or no date."""
    if kept.endswith("%"):
        return percentage(value)
    if kept and (as_date := shown_by(kept)):
        return as_date(float(value), epoch)
    if kept and (text := padded(value, kept)) is not None:
        return text
    digits = value.removeprefix("-").removesuffix(".0")
    return value if digits.isdigit() and len(digits) > DIGITS else None


def _picture(format: str) -> str:
    """What is shown of a number by a format that pads it: only zeros, at least two, and what stands among them. Empty
    of any other."""
    picture, at = "", 0
    for one in _OF_PICTURE.finditer(format):
        if one.start() != at:
            return ""
        at = one.end()
        picture += PLACE if one["place"] else one["quoted"] or one["escaped"] or one["plain"] or ""
    return picture.strip() if at == len(format) and picture.count(PLACE) > 1 else ""
