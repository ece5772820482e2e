"""A sheet of a workbook (xlsx, xlsm, xlsb, xls, ods) as columns of text. The one file that imports python_calamine.

A cell becomes the text that it means: a whole number its digits, however it is shown; one that is shown padded
(0012, SKU-0012) as it is shown; a percentage with its sign (12.5%); a date or a time as ISO 8601 has it, in whole
seconds unless fractions are shown, and the year or the time where that alone is; true and false as TRUE and FALSE.
Text stays as it is, with the words that its format shows round it. A cell that is merged with those below it is said
of each of their rows.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

import python_calamine
from msgspec.structs import replace

from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.packed_cells import in_batches
from pressrun.readers.among_texts import MixedColumns, told_among_texts
from pressrun.readers.cells import Figure
from pressrun.readers.composed_text import composed
from pressrun.readers.number_formats import NOTHING
from pressrun.readers.odd_cells import odd_cells
from pressrun.readers.serial_dates import duration
from pressrun.readers.sheet_formats import CONTAINER, PLACE, BrokenWorkbook, Cell, OddCells, name_of, plain
from pressrun.readers.suggestion import did_you_mean
from pressrun.readers.text_file import no_plain_file, unreadable
from pressrun.readers.written_table import MANY, GrowingColumn, TableFormat, WrittenTable

_SIGNIFICANT = 15  # digits that spreadsheets keep; what is behind them is rounding (0.1 + 0.2)
_STREAM = "Workbook".encode("utf-16-le")  # of an old workbook (MS-XLS 2.1.1)
_LOCKED = re.compile(rb"\x09\x08(?:\x08\0.{8}|\x10\0.{16})(?:\x86\0\0\0)?\x2f\0", re.DOTALL)  # that begins so (2.4.117)
_PANIC = "PanicException"  # what the library ends with where it met what it thought impossible; it is no Exception
_SAVE = "open the file in a spreadsheet, and save it"
Row = list[Any]


def read_spreadsheet(
    path: Path, file: str, how: TableFormat, *, asked_at: Place | None = None
) -> tuple[WrittenTable | None, list[Finding]]:
    """Read one sheet: the one that is asked for, else the first that is shown.

    Codes: ``missing-file``, ``unreadable-file``, ``locked-workbook``, ``broken-workbook``, ``unknown-worksheet``,
    ``other-sheets`` and ``cells-not-told`` (notes), ``empty-file``, ``merged-header``, ``cell-error``,
    ``cell-without-value``, ``number-among-texts``, ``unnamed-cells``, ``hidden-rows`` and ``more-than-shown``
    (notes).
    """
    if no_file := no_plain_file(path, file, asked_at=asked_at):
        return None, [no_file]
    try:
        path.stat()
        with python_calamine.load_workbook(path) as workbook:
            name, findings = _chosen(workbook, file, how, asked_at)
            if name is None:
                return None, findings
            odd = odd_cells(path, name)
            sheet = workbook.get_sheet_by_name(name)
            read = _Sheet(file, name, odd or OddCells(), sheet.merged_cell_ranges or [])
            read.fractions = odd is None  # whether they are shown is not known
            table, told = read.table(sheet, how)
        if table is not None and odd is not None and (mixed := read.mixed.found()):
            again = odd_cells(path, name, mixed) or OddCells()
            table = read.with_told(table, told_among_texts(file, name, table.lines, again.dressed))
    except python_calamine.PasswordError:
        return None, [_locked(file)]
    except (python_calamine.CalamineError, BrokenWorkbook) as error:
        return None, [_broken(path, file, error)]
    except OSError as error:
        return None, [unreadable(path, file, error, asked_at=asked_at)]
    except BaseException as error:
        if type(error).__name__ != _PANIC:
            raise
        return None, [_broken(path, file, error)]
    if odd is None:
        message = "of this file it cannot be told how numbers are shown, and which cells are errors"
        hint = "save it as xlsx" if find_spec("xlrd") else "pip install 'pressrun[xls]', or save it as xlsx"
        findings.append(Finding(Severity.NOTE, "cells-not-told", message, Place(file), hint))
    return table, findings + told


def _locked(file: str) -> Finding:
    hint = "save it without a password"
    return Finding(Severity.ERROR, "locked-workbook", "the workbook has a password", Place(file), hint)


def _broken(path: Path, file: str, error: BaseException) -> Finding:
    suffix, data = path.suffix.lower(), path.read_bytes()
    is_container = data.startswith(CONTAINER)
    really = suffix
    if is_container and _STREAM in data:
        really = ".xls"
    elif suffix in (".xls", ".ods") and _is_xlsx(path):
        really = ".xlsx"
    if really != suffix:
        message = f"it is called {suffix} and is a workbook of another kind"
        return Finding(Severity.ERROR, "broken-workbook", message, Place(file), f"call it {really}")
    if is_container and (suffix != ".xls" or _LOCKED.search(data)):
        return _locked(file)
    message = f"it is no workbook that can be read: {str(error).splitlines()[0][:200] if str(error) else 'damaged'}"
    return Finding(Severity.ERROR, "broken-workbook", message, Place(file), "save it again as xlsx, or as CSV")


def _is_xlsx(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as packed:
            return "xl/workbook.xml" in packed.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


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
    """One sheet, whose rows are turned into columns of text some at a time: of a large one never all are here twice."""

    def __init__(self, file: str, name: str, odd: OddCells, merged: Sequence[tuple[Cell, Cell]]) -> None:
        self.file, self.name, self.odd, self.merged = file, name, odd, merged
        self.with_faults = {row for column in odd.faults.values() for row in column}
        self.over_rows = _OverRows(merged, odd)
        self.beyond: list[Cell] = []  # cells right of the last header
        self.number_beyond = 0
        self.fractions = False
        self.mixed = MixedColumns()

    def table(
        self, sheet: python_calamine.CalamineSheet, how: TableFormat
    ) -> tuple[WrittenTable | None, list[Finding]]:
        rows = _numbered_rows(sheet)
        found = self._header(rows, how)
        if found is None:
            count = sheet.total_height if sheet.end else 0
            message = f"the sheet ends in row {count}, above its header" if count else "the sheet is empty"
            hint = f"write a `header` of at most {count}" if count else "its first line should name the columns"
            return None, [Finding(Severity.ERROR, "empty-file", message, Place(self.file), hint)]
        at, cells = found
        header = [text for number, cell in enumerate(cells) for text in self._texts([cell], [at], number)]
        while header and not header[-1].strip():
            header.pop()
        if fault := self._merged_header(at, how):
            return None, [fault]
        columns = tuple(GrowingColumn() for _ in header)
        lines = array("Q")
        for some in in_batches(rows):
            self._add(some, columns, lines)
        last = lines[-1] if lines else at + 1
        behind = sorted(row for row in self.with_faults if row >= last)  # where the library sees nothing any more
        lines.extend([row + 1 for row in behind])
        for column in columns:
            column.add([""] * len(behind))
        findings = []
        if self.beyond:
            message = f"{self._named(self.beyond[0])} stands in a column without a name"
            message += f", and {self.number_beyond - 1} more do" if self.number_beyond > 1 else ""
            place, hint = self._place(self.beyond[0]), f"name it in row {at + 1}"
            findings.append(Finding(Severity.WARNING, "unnamed-cells", message, place, hint))
        findings += self._hidden(lines) + self._rounded(at, len(header))
        faults = self._faults(at, len(header))
        headers = tuple(text.strip() for text in header)
        read = tuple(column.cells() for column in columns)
        return WrittenTable(self.file, at + 1, headers, read, lines, faults=faults), findings

    @staticmethod
    def with_told(table: WrittenTable, told: Mapping[int, tuple[Finding, ...]]) -> WrittenTable:
        """A table with further faults of its cells."""
        columns = {number: (*table.faults.get(number, ()), *told.get(number, ())) for number in {*table.faults, *told}}
        return replace(table, faults=columns) if told else table

    def _header(self, rows: Iterator[tuple[int, Row]], how: TableFormat) -> tuple[int, Row] | None:
        """The row that names the columns: the one that the job says, else the first that has something."""
        for at, cells in rows:
            if at == how.header - 1 if how.header is not None else _has_something(cells):
                return at, cells
        return None

    def _add(self, some: Sequence[tuple[int, Row]], columns: Sequence[GrowingColumn], lines: array[int]) -> None:
        """Rows below the header, but for those in which nothing stands."""
        kept = [(row, cells) for row, cells in some if _has_something(cells) or row in self.with_faults]
        self.over_rows.fill(kept)
        if not kept:
            return
        numbers, width = [row for row, _ in kept], len(columns)
        lines.extend([row + 1 for row in numbers])
        by_column = list(zip(*(cells for _, cells in kept), strict=True))
        for number, column in enumerate(columns):
            there = by_column[number] if number < len(by_column) else ("",) * len(kept)
            self.mixed.add(number, there)
            column.add(self._texts(there, numbers, number))
        for row, cells in kept if any(map(_has_something, by_column[width:])) else ():
            filled = [(row, number) for number in range(width, len(cells)) if cells[number] != ""]
            self.number_beyond += len(filled)
            self.beyond = self.beyond or filled

    def _merged_header(self, at: int, how: TableFormat) -> Finding | None:
        """A cell that goes over several columns names none of them: mostly a headline above the names."""
        for (top, left), (bottom, right) in self.merged:
            if top <= at <= bottom and right > left:
                span = f"{name_of((top, left))}:{name_of((bottom, right))}"
                message = f"{self.name}!{span} is one cell over several columns, where their names are looked for"
                hint = f"write `header: {at + 2}` if the names stand below, or take the cells apart"
                return Finding(Severity.ERROR, "merged-header", message, self._place((at, left)), hint)
        return None

    def _texts(self, cells: Iterable[Any], rows: Iterable[int], number: int) -> list[str]:
        """What cells of a column mean, or show."""
        texts = [
            _number(cell) if type(cell) is float else cell if type(cell) is str and cell.isascii() else self._text(cell)
            for cell in cells
        ]
        shown, faults = self.odd.shown.get(number), self.odd.faults.get(number, {})
        if worded := self.odd.worded.get(number):
            texts = [self._worded(text, (at, number), worded.get(at)) for at, text in zip(rows, texts, strict=True)]
        if shown:
            texts = [shown.get(row, text) for row, text in zip(rows, texts, strict=True)]
        return ["" if row in faults else text for row, text in zip(rows, texts, strict=True)] if faults else texts

    def _text(self, value: Any) -> str:
        return text_of(value if self.fractions else in_seconds(value))

    def _worded(self, text: str, cell: Cell, picture: str | None) -> str:
        """A text as it is shown; itself, with a note, where nothing of it is."""
        if not text or picture is None:
            return text
        if PLACE in picture:
            return composed(picture.replace(PLACE, text))
        self.odd.round(cell, (text, picture or NOTHING))
        return text

    def _faults(self, at: int, width: int) -> dict[int, tuple[Finding, ...]]:
        """What stands in cells from the header on that is no value, by column."""
        told: dict[int, tuple[Finding, ...]] = {}
        for number in range(width):
            faults = self.odd.faults.get(number, {})
            rows = islice((row for row in sorted(faults) if row >= at), MANY)
            if some := tuple(self._fault((row, number), faults[row]) for row in rows):
                told[number] = some
        return told

    def _hidden(self, lines: array[int]) -> list[Finding]:
        """That rows below the header are hidden, as those that a filter leaves out."""
        if not (hidden := [line for line in lines if line - 1 in self.odd.hidden] if self.odd.hidden else []):
            return []
        message = (
            f"row {hidden[0]} of {self.name} is hidden"
            if len(hidden) == 1
            else (f"{len(hidden):,} rows of {self.name} are hidden, the first of them row {hidden[0]}")
        )
        hint = "they are read as all others: leave out by `where` what is not to be made"
        return [Finding(Severity.NOTE, "hidden-rows", message, Place(self.file, hidden[0]), hint)]

    def _rounded(self, at: int, width: int) -> list[Finding]:
        """Of each column below the header, that its numbers hold more than is seen of them."""
        told = []
        for number in range(width):
            cells = {row: cell for row, cell in self.odd.rounded.get(number, {}).items() if row > at}
            if cells:
                first = min(cells)
                held, shown = cells[first]
                message = f"{self._named((first, number))} holds {held} and shows {shown}"
                message += f", as {len(cells) - 1:,} more of its column do" if len(cells) > 1 else ""
                hint = "what it holds is what counts: round it there (ROUND), or where it is printed"
                told.append(Finding(Severity.NOTE, "more-than-shown", message, self._place((first, number)), hint))
        return told

    def _fault(self, cell: Cell, error: str | None) -> Finding:
        if error is None:
            what, code, hint = "is a formula that was never worked out", "cell-without-value", _SAVE
        else:
            what, code, hint = f"shows {error}", "cell-error", "mend its formula, or empty the cell"
        return Finding(Severity.ERROR, code, f"{self._named(cell)} {what}", self._place(cell), hint)

    def _named(self, cell: Cell) -> str:
        return f"{self.name}!{name_of(cell)}"

    def _place(self, cell: Cell) -> Place:
        return Place(self.file, cell[0] + 1, cell[1] + 1)


def _numbered_rows(sheet: python_calamine.CalamineSheet) -> Iterator[tuple[int, Row]]:
    """The rows of a sheet from its first column on. Raises BrokenWorkbook where the library has no value for a cell."""
    before, at = [""] * (sheet.start[1] if sheet.start else 0), 0
    try:
        for at, row in enumerate(sheet.iter_rows(), 1):
            yield at - 1, before + row if before else row
    except OverflowError as error:
        raise BrokenWorkbook(f"row {at + 1} of {sheet.name} has a time or a date that is beyond all") from error


class _OverRows:
    """Cells that are merged with those below them: what stands in one is said of each of its rows."""

    def __init__(self, merged: Sequence[tuple[Cell, Cell]], odd: OddCells) -> None:
        self._odd = odd
        self._from: dict[int, list[tuple[int, int]]] = {}  # by their upper row: the lowest one, and the column
        for (top, left), (bottom, _) in merged:
            if bottom > top:
                self._from.setdefault(top, []).append((bottom, left))
        self._tops = sorted(self._from, reverse=True)
        self._over: list[tuple[int, int, int, Any]] = []  # lowest and upper row, column, what stands there

    def fill(self, rows: Sequence[tuple[int, Row]]) -> None:
        """Write it into rows that come one after the other, from the upper row of each on."""
        if not self._tops and not self._over:
            return
        for row, cells in rows:
            self._over = [one for one in self._over if one[0] >= row]
            for _, top, column, value in self._over:
                if column < len(cells) and cells[column] == "":
                    cells[column] = value
                    self._odd.repeat((top, column), range(row, row + 1), range(column, column + 1))
            while self._tops and self._tops[-1] <= row:
                top = self._tops.pop()
                spans = self._from[top] if top == row else ()
                told = [(bottom, row, at, cells[at]) for bottom, at in spans if at < len(cells)]
                self._over += [one for one in told if row not in self._odd.faults.get(one[2], {})]


def _has_something(cells: Sequence[Any]) -> bool:
    return cells.count("") < len(cells)


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
            return _whole(value.isoformat(" ")) if value.time() != dt.time() else value.date().isoformat()
        case dt.date():
            return value.isoformat()
        case dt.time():
            return _whole(value.isoformat("minutes" if not value.second and not value.microsecond else "auto"))
        case dt.timedelta():
            return duration(value)
        case None:
            return ""
    return str(value)


def _whole(text: str) -> str:
    """Without zeros behind a fraction of seconds, which say nothing."""
    return text.rstrip("0") if "." in text else text


def in_seconds(value: Any) -> Any:
    """A date or time of whole seconds; any other value as it is."""
    if not isinstance(value, (dt.datetime, dt.time)) or not value.microsecond:
        return value
    if isinstance(value, dt.datetime):
        return (value + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
    up = (dt.datetime.combine(dt.date(2000, 1, 1), value) + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
    return up.time() if up.day == 1 else value.replace(microsecond=0)


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return Figure(plain(Decimal(f"{value:.{_SIGNIFICANT}g}")))
