"""Odd cells of OpenDocument spreadsheets (OpenDocument 1.3)."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Mapping

from pressrun.readers.composed_text import composed
from pressrun.readers.number_formats import AS_IT_IS, NumberFormat, Section, told
from pressrun.readers.ods_formats import formats_in_ods
from pressrun.readers.serial_dates import EPOCH_1900, NEVER, duration
from pressrun.readers.sheet_formats import PLACE, Attributes, Cell, OddCells, walk
from pressrun.readers.written_table import MOST_COLUMNS

_TIME = re.compile(r"(?P<less>-?)PT(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?")
_NUMBERS = ("float", "currency", "percentage")
_MOST_BLANKS = 32_767  # as many letters as a cell has
_MOST_REPEATED = 1_048_576  # cells that are written once: as many as a column has
_PERCENTAGE = NumberFormat(Section("%"), Section("%"), Section("%"))  # of which no style says how it is shown


class _Cells:
    """Walks through the tables of a content.xml. Cells that are alike are written once, with how often. One that names
    no style has its row's, or its column's."""

    def __init__(self, sheet: str, formats: Mapping[str, NumberFormat], odd: OddCells) -> None:
        self.sheet, self.formats = sheet, formats
        self.odd = odd
        self.is_here = False
        self.row = self.column = 0
        self.rows_repeated = 1
        self.of_columns: list[str] = []
        self.of_row = ""
        self.cell: Attributes = {}
        self.shown: list[str] = []
        self.is_parted = False  # by tabs or lines, which the library leaves out

    def inline(self, name: str, attributes: Attributes) -> str | None:
        """What an element within a text is of it; None of any other."""
        if name in ("tab", "line-break"):
            self.is_parted = True
            return "\t" if name == "tab" else "\n"
        if name == "s":
            return " " * min(int(attributes.get("c", "1")), _MOST_BLANKS)
        return "" if name in ("span", "a") else None

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
            self.cell, self.shown, self.is_parted = attributes, [], False

    def ended(self, name: str, text: str) -> None:
        if name == "p":
            self.shown.append(text)
        elif name == "annotation":  # which stands before what its cell shows
            self.shown, self.is_parted = [], False
        elif name in ("table-cell", "covered-table-cell"):
            repeated = int(self.cell.get("number-columns-repeated", "1"))
            if self.is_here:
                self._add(min(repeated, MOST_COLUMNS))
            self.column += repeated
        elif name == "table-row":
            self.row += self.rows_repeated

    def _add(self, repeated: int) -> None:
        of_column = self.of_columns[self.column] if self.column < len(self.of_columns) else ""
        format = self.formats.get(self.cell.get("style-name") or self.of_row or of_column, AS_IT_IS)
        cell, shown = (self.row, self.column), "\n".join(self.shown)
        kind, value = self.cell.get("value-type", ""), self.cell.get("value", "")
        is_formula = "formula" in self.cell
        if is_formula and (shown.startswith(("#", "Err:")) or kind == "error"):
            self.odd.without_value(cell, shown or "#ERROR")
        elif is_formula and not kind and not shown:
            self.odd.without_value(cell, None)
        elif kind == "string":
            self.odd.word(cell, format.text)
            if self.is_parted:
                self.odd.show(cell, composed(format.text.replace(PLACE, shown) if PLACE in format.text else shown))
        elif kind == "date":
            self._date(cell, self.cell.get("date-value", ""), format)
        elif kind == "time":
            self._time(cell, self.cell.get("time-value", ""), format)
        elif kind in _NUMBERS:
            is_plain = kind == "percentage" and format == AS_IT_IS
            told(self.odd, cell, value, _PERCENTAGE if is_plain else format, EPOCH_1900)
        rows = range(self.row, self.row + min(self.rows_repeated, _MOST_REPEATED // repeated))
        if repeated > 1 or len(rows) > 1:
            self.odd.repeat(cell, rows, range(self.column, self.column + repeated))

    def _date(self, cell: Cell, value: str, format: NumberFormat) -> None:
        if format == AS_IT_IS:
            return
        try:
            days = (dt.datetime.fromisoformat(value) - EPOCH_1900) / dt.timedelta(days=1)
        except ValueError:  # before the year 1, or no date
            return
        told(self.odd, cell, repr(days - 1 if 1 <= days < NEVER + 1 else days), format, EPOCH_1900)

    def _time(self, cell: Cell, value: str, format: NumberFormat) -> None:
        """A duration of ISO 8601 in hours, minutes and seconds: as one, or as the time of a day."""
        if (found := _TIME.fullmatch(value)) is None:
            return
        seconds = int(found["hours"] or 0) * 3600 + int(found["minutes"] or 0) * 60 + float(found["seconds"] or 0)
        since = dt.timedelta(seconds=-seconds if found["less"] else seconds)
        days, text = since / dt.timedelta(days=1), duration(since)
        is_of_day = 0 <= days < 1 and not format.above.is_duration
        self.odd.show(cell, f"0{text}" if is_of_day and text.index(":") == 1 else text)
        if days >= 0:
            told(self.odd, cell, repr(days), format, EPOCH_1900)


def odd_in_ods(packed: zipfile.ZipFile, sheet: str, odd: OddCells) -> OddCells:
    """Raises what the parser and the archive raise, BrokenWorkbook and ValueError."""
    cells = _Cells(sheet, formats_in_ods(packed), odd)
    walk(packed, "content.xml", cells.began, cells.ended, cells.inline)
    return cells.odd
