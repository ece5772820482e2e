"""A sheet of a workbook (xlsx, xlsm, xlsb, xls, ods) as columns of text. The one file that imports python_calamine.

A cell becomes the text that it means: a whole number its digits, however it is shown; one that is shown padded
(0012) as it is shown; a percentage with its sign (12.5%); a date or a time as ISO 8601 has it; true and false as TRUE
and FALSE. Text stays as it is.
"""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import python_calamine

from pressrun.model.finding import Finding, Place, Severity
from pressrun.readers.composed_text import composed
from pressrun.readers.sheet_formats import BrokenWorkbook, Cell, OddCell, name_of, odd_cells
from pressrun.readers.suggestion import did_you_mean
from pressrun.readers.text_file import no_plain_file, unreadable
from pressrun.readers.written_table import MANY, TableFormat, WrittenTable

_SIGNIFICANT = 15  # digits that spreadsheets keep; what is behind them is rounding (0.1 + 0.2)
Grid = list[list[Any]]


def read_spreadsheet(
    path: Path, file: str, how: TableFormat, *, asked_at: Place | None = None
) -> tuple[WrittenTable | None, list[Finding]]:
    """Read one sheet: the one that is asked for, else the first that is shown.

    Codes: ``missing-file``, ``unreadable-file``, ``locked-workbook``, ``broken-workbook``, ``unknown-worksheet``,
    ``other-sheets`` and ``cells-not-told`` (notes), ``empty-file``, ``merged-header``, ``cell-error``,
    ``cell-without-value``, ``unnamed-cells``.
    """
    if odd := no_plain_file(path, file, asked_at=asked_at):
        return None, [odd]
    try:
        path.stat()
        with python_calamine.load_workbook(path) as workbook:
            name, findings = _chosen(workbook, file, how, asked_at)
            if name is None:
                return None, findings
            sheet = workbook.get_sheet_by_name(name)
            grid, merged = sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or []
        odd_ones = odd_cells(path, name)
    except python_calamine.PasswordError:
        hint = "save it without a password"
        return None, [Finding(Severity.ERROR, "locked-workbook", "the workbook has a password", Place(file), hint)]
    except (python_calamine.CalamineError, BrokenWorkbook) as error:
        return None, [_broken(path, file, error)]
    except OSError as error:
        return None, [unreadable(path, file, error, asked_at=asked_at)]
    if odd_ones is None:
        message = "of this kind of file it cannot be told where formulas have no value, or numbers are shown padded"
        findings.append(Finding(Severity.NOTE, "cells-not-told", message, Place(file), "save it as xlsx"))
    return _Sheet(file, name, grid, odd_ones or {}, merged).table(how, findings)


def _broken(path: Path, file: str, error: Exception) -> Finding:
    with path.open("rb") as opened:
        head = opened.read(8)
    if head == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" and path.suffix.lower() != ".xls":  # packed into an OLE container
        hint = "save it without a password"
        return Finding(Severity.ERROR, "locked-workbook", "the workbook has a password", Place(file), hint)
    message = f"it is no workbook that can be read: {str(error).splitlines()[0][:200] if str(error) else 'damaged'}"
    return Finding(Severity.ERROR, "broken-workbook", message, Place(file), "save it again as xlsx, or as CSV")


def _chosen(
    workbook: python_calamine.CalamineWorkbook, file: str, how: TableFormat, asked_at: Place | None
) -> tuple[str | None, list[Finding]]:
    tables = [one for one in workbook.sheets_metadata if one.typ == python_calamine.SheetTypeEnum.WorkSheet]
    names = [one.name for one in tables]
    shown = [one.name for one in tables if one.visible == python_calamine.SheetVisibleEnum.Visible]
    if how.sheet is not None:
        if how.sheet in names:
            return how.sheet, []
        hint = did_you_mean(how.sheet, names, "sheets")
        message = f"the workbook has no sheet '{how.sheet}'"
        return None, [Finding(Severity.ERROR, "unknown-worksheet", message, asked_at or Place(file), hint)]
    if not names:
        return None, [Finding(Severity.ERROR, "empty-file", "the workbook has no sheet with cells", Place(file))]
    chosen = (shown or names)[0]
    others = [name if name in shown else f"{name} (hidden)" for name in names if name != chosen]
    if not others:
        return chosen, []
    message = f"the sheet '{chosen}' is read; others are {', '.join(others)}"
    return chosen, [Finding(Severity.NOTE, "other-sheets", message, Place(file), f"write sheet: {chosen} to say so")]


class _Sheet:
    def __init__(
        self, file: str, name: str, grid: Grid, odd: dict[Cell, OddCell], merged: Sequence[tuple[Cell, Cell]]
    ) -> None:
        self.file, self.name, self.grid, self.odd, self.merged = file, name, grid, odd, merged
        self.faults: dict[int, list[Finding]] = {}

    def table(self, how: TableFormat, findings: list[Finding]) -> tuple[WrittenTable | None, list[Finding]]:
        at = self._header(how)
        if at is None:
            count = len(self.grid)
            message = f"the sheet ends in row {count}, above its header" if count else "the sheet is empty"
            hint = f"write a `header` of at most {count}" if count else "its first line should name the columns"
            return None, [*findings, Finding(Severity.ERROR, "empty-file", message, Place(self.file), hint)]
        header = [self._text(at, number) for number in range(len(self.grid[at]))]
        while header and not header[-1].strip():
            header.pop()
        if fault := self._merged_header(at, how):
            return None, [*findings, fault]
        rows = [row for row in range(at + 1, len(self.grid)) if any(map(_is_filled, self.grid[row]))]
        rows += [row for row in {row for row, _ in self.odd} - set(rows) if row > at]
        rows.sort()
        columns = tuple([self._text(row, number) for row in rows] for number in range(len(header)))
        beyond = [
            (row, number) for row in rows for number in range(len(header), len(self.grid[row]))
            if _is_filled(self.grid[row][number])
        ]  # fmt: skip
        if beyond:
            message = f"{self._named(beyond[0])} stands in a column without a name"
            message += f", and {len(beyond) - 1} more do" if len(beyond) > 1 else ""
            place, hint = self._place(beyond[0]), f"name it in row {at + 1}"
            findings = [*findings, Finding(Severity.WARNING, "unnamed-cells", message, place, hint)]
        lines = array("Q", [row + 1 for row in rows])
        table = WrittenTable(self.file, at + 1, tuple(text.strip() for text in header), columns, lines)
        return replace(table, faults={number: tuple(told) for number, told in self.faults.items()}), findings

    def _header(self, how: TableFormat) -> int | None:
        """The row that names the columns: the one that the job says, else the first that has something."""
        if how.header is not None:
            return how.header - 1 if how.header <= len(self.grid) else None
        return next((row for row, cells in enumerate(self.grid) if any(map(_is_filled, cells))), None)

    def _merged_header(self, at: int, how: TableFormat) -> Finding | None:
        """A cell that goes over several columns names none of them: mostly a headline above the names."""
        for (top, left), (bottom, right) in self.merged:
            if top <= at <= bottom and right > left:
                span = f"{name_of((top, left))}:{name_of((bottom, right))}"
                message = f"{self.name}!{span} is one cell over several columns, where their names are looked for"
                hint = f"write `header: {at + 2}` if the names stand below, or take the cells apart"
                return Finding(Severity.ERROR, "merged-header", message, self._place((at, left)), hint)
        return None

    def _text(self, row: int, number: int) -> str:
        value = self.grid[row][number] if number < len(self.grid[row]) else ""
        odd = self.odd.get((row, number))
        if odd is None:
            return text_of(value)
        match odd.kind:
            case "padded" | "long":
                return odd.text
            case "percent":
                return f"{_plain(Decimal(odd.text) * 100)}%"
            case "error":
                what, hint, code = f"shows {odd.text}", "mend its formula, or empty the cell", "cell-error"
            case "no-value":
                what, code = "is a formula that was never worked out", "cell-without-value"
                hint = "open the file in a spreadsheet, and save it"
        told = self.faults.setdefault(number, [])
        if len(told) < MANY:
            cell = (row, number)
            told.append(Finding(Severity.ERROR, code, f"{self._named(cell)} {what}", self._place(cell), hint))
        return ""

    def _named(self, cell: Cell) -> str:
        return f"{self.name}!{name_of(cell)}"

    def _place(self, cell: Cell) -> Place:
        return Place(self.file, cell[0] + 1, cell[1] + 1)


def _is_filled(value: Any) -> bool:
    return value is not None and value != ""


def text_of(value: Any) -> str:
    """What a cell means, as text."""
    match value:
        case str():
            return value if value.isascii() else composed(value)
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            return str(value)
        case float():
            return _number(value)
        case dt.datetime():
            return value.isoformat(" ") if value.time() != dt.time() else value.date().isoformat()
        case dt.date():
            return value.isoformat()
        case dt.time():
            return value.isoformat("minutes" if not value.second and not value.microsecond else "auto")
        case dt.timedelta():
            return _duration(value)
        case None:
            return ""
    return str(value)


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return _plain(Decimal(f"{value:.{_SIGNIFICANT}g}"))


def _plain(value: Decimal) -> str:
    """Without an exponent, and without zeros that say nothing."""
    written = f"{value:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def _duration(value: dt.timedelta) -> str:
    seconds = round(value.total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    return f"{'-' if seconds < 0 else ''}{hours}:{rest // 60:02d}" + (f":{rest % 60:02d}" if rest % 60 else "")


