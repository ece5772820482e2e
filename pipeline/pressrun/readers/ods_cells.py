"""Odd cells of OpenDocument spreadsheets (OpenDocument 1.3)."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field

from pressrun.readers.serial_dates import EPOCH_1900, duration, of_a_day, time_of_day, with_fraction
from pressrun.readers.sheet_formats import DIGITS, PLACE, Attributes, OddCells, padded, percentage, rounded, walk
from pressrun.readers.written_table import MOST_COLUMNS

_OF_DATES = ("era", "year", "quarter", "month", "week-of-year", "day", "day-of-week", "hours", "minutes", "seconds")
_OF_TIMES = {"hours", "minutes", "seconds"}
_TIME = re.compile(r"(?P<less>-?)PT(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?")
_NUMBERS = ("float", "currency", "percentage")
_MOST_REPEATED = 1_048_576  # cells that are written once: as many as a column has


@dataclass(slots=True)
class _DataStyle:
    """How numbers are shown: with at least so many ``digits``, so many decimal ``places`` (those of a percentage with
    the two that it moves), or as these ``parts`` of a date; of seconds so many digits of their ``fraction``, and of a
    ``duration`` all hours."""

    digits: int = 0
    places: int | None = None
    parts: set[str] = field(default_factory=set)
    fraction: int = 0
    is_duration: bool = False

    @property
    def is_time(self) -> bool:
        """Whether it shows the time of a day without its date."""
        return not self.is_duration and bool(self.parts) and self.parts <= _OF_TIMES

    def shown(self, days: float, *, duration: bool = False) -> str | None:
        """Days as a date with fractions of seconds, or as the time that they end with."""
        if self.is_time and not duration:
            days = of_a_day(days)
        elif not self.fraction:
            return None
        return with_fraction(days, EPOCH_1900, self.fraction, duration=duration) if self.fraction else time_of_day(days)


_AS_IT_IS = _DataStyle()


class _Cells:
    """Walks through the tables of a content.xml. Cells that are alike are written once, with how often. One that names
    no style has its row's, or its column's."""

    def __init__(self, sheet: str, styles: Mapping[str, _DataStyle]) -> None:
        self.sheet, self.styles = sheet, styles
        self.odd = OddCells()
        self.is_here = False
        self.row = self.column = 0
        self.rows_repeated = 1
        self.of_columns: list[str] = []
        self.of_row = ""
        self.style = _AS_IT_IS
        self.cell: Attributes = {}
        self.shown: list[str] = []

    def began(self, name: str, attributes: Attributes) -> None:
        if name == "table":
            self.is_here, self.row, self.of_columns = attributes.get("name") == self.sheet, 0, []
        elif name == "table-column":
            repeated = min(int(attributes.get("number-columns-repeated", "1")), MOST_COLUMNS - len(self.of_columns))
            self.of_columns += [attributes.get("default-cell-style-name", "")] * repeated
        elif name == "table-row":
            self.column, self.rows_repeated = 0, int(attributes.get("number-rows-repeated", "1"))
            self.of_row = attributes.get("default-cell-style-name", "")
            if self.is_here and attributes.get("visibility", "visible") != "visible":
                self.odd.hidden.update(range(self.row, self.row + min(self.rows_repeated, _MOST_REPEATED)))
        elif name in ("table-cell", "covered-table-cell"):
            self.cell, self.shown = attributes, []

    def ended(self, name: str, text: str) -> None:
        if name == "p":
            self.shown.append(text)
        elif name in ("table-cell", "covered-table-cell"):
            repeated = int(self.cell.get("number-columns-repeated", "1"))
            if self.is_here:
                self._add(min(repeated, MOST_COLUMNS))
            self.column += repeated
        elif name == "table-row":
            self.row += self.rows_repeated

    def _add(self, repeated: int) -> None:
        of_column = self.of_columns[self.column] if self.column < len(self.of_columns) else ""
        self.style = self.styles.get(self.cell.get("style-name") or self.of_row or of_column, _AS_IT_IS)
        kind, value, shown = self.cell.get("value-type", ""), self.cell.get("value", ""), "\n".join(self.shown)
        text: str | None = None
        error: str | None = None
        if "formula" in self.cell and (shown.startswith(("#", "Err:")) or kind == "error"):
            error = shown or "#ERROR"
        is_fault = error is not None or ("formula" in self.cell and not kind and not shown)
        more: tuple[str, str] | None = None
        if not is_fault:
            text = self._text(kind, value, shown)
            more = rounded(value, self.style.places, percent=kind == "percentage") if kind in _NUMBERS else None
            if text is None and more is None:
                return
        rows = min(self.rows_repeated, _MOST_REPEATED // repeated)
        for row in range(self.row, self.row + rows):
            for column in range(self.column, self.column + repeated):
                if is_fault:
                    self.odd.without_value((row, column), error)
                if text is not None:
                    self.odd.show((row, column), text)
                if more is not None:
                    self.odd.round((row, column), more)

    def _text(self, kind: str, value: str, shown: str) -> str | None:
        if kind == "percentage":
            return percentage(value)
        if kind == "date" and self.style.parts == {"year"} and shown.isdigit():
            return shown
        if kind == "date" and (self.style.fraction or self.style.is_time):
            days = (dt.datetime.fromisoformat(self.cell.get("date-value", "")) - EPOCH_1900) / dt.timedelta(days=1)
            return self.style.shown(days)
        if kind == "time":
            return _time(self.cell.get("time-value", ""), self.style)
        if kind != "float":
            return None
        if self.style.digits > 1:
            text = padded(value, PLACE * self.style.digits)
            return shown if text and _digits(shown) == _digits(text) else text  # with what stands among them
        digits = value.removeprefix("-")
        return value if digits.isdigit() and len(digits) > DIGITS else None


def _time(value: str, style: _DataStyle) -> str | None:
    """A duration of ISO 8601 in hours, minutes and seconds: as one, or as the time of a day. None of any other."""
    if (found := _TIME.fullmatch(value)) is None:
        return None
    seconds = int(found["hours"] or 0) * 3600 + int(found["minutes"] or 0) * 60 + float(found["seconds"] or 0)
    since = dt.timedelta(seconds=-seconds if found["less"] else seconds)
    days = since / dt.timedelta(days=1)
    is_duration = style.is_duration or not (0 <= days < 1 or (style.is_time and days >= 0))
    if shown := style.shown(days, duration=is_duration):
        return shown
    text = duration(since)
    return text if is_duration or text.index(":") > 1 else f"0{text}"


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def odd_in_ods(packed: zipfile.ZipFile, sheet: str) -> OddCells:
    """Raises what the parser and the archive raise, BrokenWorkbook and ValueError."""
    of_data: dict[str, _DataStyle] = {}
    named: dict[str, str] = {}  # what shows the numbers of a style
    parents: dict[str, str] = {}
    style, moved = _DataStyle(), 0

    def styles(name: str, attributes: Attributes) -> None:
        nonlocal style, moved
        if name == "style":
            own = attributes.get("name", "")
            named[own], parents[own] = attributes.get("data-style-name", ""), attributes.get("parent-style-name", "")
        elif name.endswith("-style"):
            is_duration = attributes.get("truncate-on-overflow") == "false"
            style = of_data[attributes.get("name", "")] = _DataStyle(is_duration=is_duration)
            moved = 2 if name == "percentage-style" else 0
        elif name in _OF_DATES:
            style.parts.add(name)
            if name == "seconds":
                style.fraction = int(attributes.get("decimal-places", "0"))
        elif name == "number":
            said = attributes.get("decimal-places")
            style.digits = int(attributes.get("min-integer-digits", "0")) if said in (None, "0") else 0
            style.places = None if said is None else int(said) + moved

    for part in ("styles.xml", "content.xml"):
        if part in packed.namelist():
            walk(packed, part, styles)
    shown: dict[str, _DataStyle] = {}
    for one in named:
        at, seen = one, set[str]()
        while not named.get(at) and parents.get(at) and at not in seen:
            seen.add(at)
            at = parents[at]
        shown[one] = of_data.get(named.get(at, ""), _AS_IT_IS)
    cells = _Cells(sheet, shown)
    walk(packed, "content.xml", cells.began, cells.ended)
    return cells.odd
