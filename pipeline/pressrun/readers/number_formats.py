"""Formats of numbers as Excel writes them (ECMA-376, 18.8.30 and 18.8.31), as far as they show a number as something
else than its digits: padded, as a percentage, as a year or a time of day, with fractions of seconds, or rounded."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from pressrun.readers.serial_dates import shown_by
from pressrun.readers.sheet_formats import DIGITS, PLACE, Cell, OddCells, padded, percentage, rounded

BUILT_IN = {  # which need not be written
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 37: "#,##0 ;(#,##0)", 38: "#,##0 ;[Red](#,##0)", 39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;[Red](#,##0.00)", 47: "mm:ss.0",
}  # fmt: skip
_ROUNDING = re.compile(r"[#0?,]*[#0?](?:\.(?P<places>[#0?]*))?\s*(?P<percent>%?)")
_LITERALS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_OF_PICTURE = re.compile(r"""
    "(?P<quoted>[^"]*)" | \\(?P<escaped>.) | (?P<place>0) | (?P<plain>[-+(): ])  # what is seen
    | \[[^\]]*\] | _. | \*.  # colours, conditions, and room
""", re.VERBOSE)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """What is looked for of a format: ``kept`` is what `shown_as` takes, empty of one that shows numbers as what they
    are; ``places`` how many decimal places it shows of a number, those of a percentage with the two that it moves, and
    None of a format that does not round."""

    kept: str = ""
    places: int | None = None


AS_IT_IS = NumberFormat()


def looked_for(format: str) -> NumberFormat:
    positive = format.split(";")[0]
    bare = _LITERALS.sub("", positive).strip()
    kept = _picture(positive) or (positive if shown_by(positive) else bare)
    rounding = _ROUNDING.fullmatch(bare)
    places = len(rounding["places"] or "") + 2 * len(rounding["percent"]) if rounding else None
    return NumberFormat(kept if PLACE in kept or kept.endswith("%") or shown_by(kept) else "", places)


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


def told(odd: OddCells, cell: Cell, value: str, format: NumberFormat, epoch: dt.datetime) -> None:
    """Note what is not shown of a number as it is."""
    try:
        text = shown_as(value, format.kept, epoch)
    except ValueError:  # spreadsheets fill such a cell
        odd.without_value(cell, "#####")
        return
    if text is not None:
        odd.show(cell, text)
    if more := rounded(value, format.places, percent=format.kept.endswith("%")):
        odd.round(cell, more)


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
