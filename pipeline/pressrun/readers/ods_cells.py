"""Odd cells of OpenDocument spreadsheets (OpenDocument 1.3)."""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Mapping

from pressrun.readers.sheet_formats import DIGITS, PLACE, Attributes, OddCells, padded, percentage, walk
from pressrun.readers.written_table import MOST_COLUMNS

_OF_DATES = ("era", "year", "quarter", "month", "week-of-year", "day", "day-of-week", "hours", "minutes", "seconds")
_MOST_REPEATED = 1_048_576  # cells that are written once: as many as a column has


class _Cells:
    """Walks through the tables of a content.xml. Cells that are alike are written once, with how often."""

    def __init__(self, sheet: str, digits: Mapping[str, int], years: Collection[str]) -> None:
        self.sheet, self.digits, self.years = sheet, digits, years
        self.odd = OddCells()
        self.is_here = False
        self.row = self.column = 0
        self.rows_repeated = 1
        self.cell: Attributes = {}
        self.shown: list[str] = []

    def began(self, name: str, attributes: Attributes) -> None:
        if name == "table":
            self.is_here, self.row = attributes.get("name") == self.sheet, 0
        elif name == "table-row":
            self.column, self.rows_repeated = 0, int(attributes.get("number-rows-repeated", "1"))
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
        kind, value, shown = self.cell.get("value-type", ""), self.cell.get("value", ""), "\n".join(self.shown)
        text: str | None = None
        error: str | None = None
        if "formula" in self.cell and (shown.startswith(("#", "Err:")) or kind == "error"):
            error = shown or "#ERROR"
        elif "formula" in self.cell and not kind and not shown:
            pass
        elif (text := self._text(kind, value, shown)) is None:
            return
        rows = min(self.rows_repeated, _MOST_REPEATED // repeated)
        for row in range(self.row, self.row + rows):
            for column in range(self.column, self.column + repeated):
                if text is not None:
                    self.odd.show((row, column), text)
                else:
                    self.odd.without_value((row, column), error)

    def _text(self, kind: str, value: str, shown: str) -> str | None:
        if kind == "percentage":
            return percentage(value)
        if kind == "date" and self.cell.get("style-name") in self.years and shown.isdigit():
            return shown
        if kind != "float":
            return None
        if (least := self.digits.get(self.cell.get("style-name", ""), 0)) > 1:
            text = padded(value, PLACE * least)
            return shown if text and _digits(shown) == _digits(text) else text  # with what stands among them
        digits = value.removeprefix("-")
        return value if digits.isdigit() and len(digits) > DIGITS else None


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def odd_in_ods(packed: zipfile.ZipFile, sheet: str) -> OddCells:
    """Raises what the parser and the archive raise, BrokenWorkbook and ValueError."""
    digits: dict[str, int] = {}
    shown_by: dict[str, str] = {}
    dates: dict[str, set[str]] = {}  # what is shown of them, by style
    style = ""

    def styles(name: str, attributes: Attributes) -> None:
        nonlocal style
        if name == "style":
            shown_by[attributes.get("name", "")] = attributes.get("data-style-name", "")
        elif name.endswith("-style"):
            style = attributes.get("name", "")
            if name == "date-style":
                dates[style] = set()
        elif style in dates and name in _OF_DATES:
            dates[style].add(name)
        elif name == "number" and attributes.get("decimal-places", "0") == "0":
            digits[style] = int(attributes.get("min-integer-digits", "0"))

    for part in ("styles.xml", "content.xml"):
        if part in packed.namelist():
            walk(packed, part, styles)
    years = [name for name, data in shown_by.items() if dates.get(data) == {"year"}]
    cells = _Cells(sheet, {name: digits[data] for name, data in shown_by.items() if data in digits}, years)
    walk(packed, "content.xml", cells.began, cells.ended)
    return cells.odd
