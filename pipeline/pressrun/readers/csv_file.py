"""A CSV file as columns of text, each record with the line it begins in.

Python's own reader is used, not pandas: every finding needs the true line of its record (a quoted cell may span
lines), an empty cell must stay empty and ``NA`` stay text, and 100 000 rows still read in well under a second.
"""

from __future__ import annotations

import csv
import io
import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from msgspec import Struct, field

from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.packed_cells import AT_ONCE
from pressrun.readers.composed_text import composed
from pressrun.readers.text_encodings import Encoded, told_encoding, with_doubts
from pressrun.readers.text_file import no_plain_file, unreadable
from pressrun.readers.written_table import MOST_COLUMNS, CellAt, GrowingColumn, TableFormat, WrittenTable, capped

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
LONGEST_LINE = 4_000_000  # characters; what is longer is no table that a person keeps

_SAMPLE = 65_536  # characters read to find the delimiter
_SAMPLE_RECORDS = 40
_EXCEL_SEPARATOR = re.compile(r"sep=(.)\r?\n")


class CsvFile(WrittenTable, frozen=True):
    path: Path
    delimiter: str
    encoding: str

    def cell_places(self, cells: Iterable[CellAt]) -> list[Place]:
        """The true ones, for which the file is read again: a cell may go over several lines."""
        asked = [(self.header_line if row is None else self.lines[row], number) for row, number in cells]
        found = self._found(asked) if asked else {}
        return [found.get(cell, Place(self.file, cell[0])) for cell in asked]

    def _found(self, cells: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Place]:
        wanted: dict[int, set[int]] = {}
        for line, number in cells:
            wanted.setdefault(line, set()).add(number)
        found: dict[tuple[int, int], Place] = {}
        with self.path.open(encoding=self.encoding, newline="") as opened:
            numbered = enumerate(opened, 1)
            for line, text in numbered:
                for number, place in _walk(line, text, numbered, self.delimiter, wanted.pop(line, set())):
                    found[line, number] = Place(self.file, *place)
                if not wanted:
                    break
        return found


def read_csv(
    path: Path, file: str, how: TableFormat | None = None, *, asked_at: Place | None = None
) -> tuple[CsvFile | None, list[Finding]]:
    """Read a CSV whose delimiter is found by looking, and so its encoding, as far as it is certain.

    Codes: ``missing-file``, ``unreadable-file``, ``not-utf-8``, ``unknown-encoding``, ``guessed-encoding`` (a warning),
    ``empty-file``, ``delimiter`` (a note when it is not a comma), ``quotes``, ``ragged-row``, ``short-rows`` and
    ``spreadsheet-cells`` (notes).
    """
    how = how or TableFormat()
    if odd := no_plain_file(path, file, asked_at=asked_at):
        return None, [odd]
    try:
        encoded, findings = told_encoding(path, file, how, asked_at)
        if encoded is None:
            return None, findings
        with path.open(encoding=encoded.name, newline="") as opened:
            sample = opened.read(_SAMPLE)
            if not sample.strip():
                hint = "its first line should name the columns"
                return None, [Finding(Severity.ERROR, "empty-file", "the file is empty", Place(file), hint)]
            opened.seek(0)
            table, found = _parse(opened, sample, path, file, encoded, how.header or 1)
            return table, findings + found
    except UnicodeError as error:
        said = error.encoding if isinstance(error, UnicodeDecodeError) else how.encoding
        message = f"the text is not {said}: {error}"
        place = (asked_at if how.encoding else None) or Place(file)
        return None, [Finding(Severity.ERROR, "not-utf-8", message, place, "write its own encoding")]
    except OSError as error:
        return None, [unreadable(path, file, error, asked_at=asked_at)]


def _parse(
    opened: io.TextIOWrapper, sample: str, path: Path, file: str, encoded: Encoded, first: int
) -> tuple[CsvFile | None, list[Finding]]:  # fmt: skip
    findings: list[Finding] = []
    skipped = 0
    if declared := _EXCEL_SEPARATOR.match(sample):
        delimiter, skipped = declared[1], 1
        opened.readline(_SAMPLE)
    else:
        delimiter = _sniffed(sample)
        if delimiter != ",":
            message = f"columns are separated by {DELIMITERS[delimiter]}, not commas"
            findings.append(Finding(Severity.NOTE, "delimiter", message, Place(file, 1)))
    records = _Records(_bounded_lines(opened), delimiter, skipped)
    try:
        header = next((one for one in records if records.begin >= first and any(cell.strip() for cell in one)), None)
        if header is None:
            message = f"nothing stands in line {first} and below it" if first > 1 else "the file is empty"
            hint = f"{'`header`' if first > 1 else 'its first line'} should name the columns"
            return None, [*findings, Finding(Severity.ERROR, "empty-file", message, Place(file), hint)]
        header_line = records.begin
        while header and not header[-1].strip():
            header.pop()
        if len(header) > MOST_COLUMNS:
            message = f"the table has {len(header):,} columns; {MOST_COLUMNS:,} are the most"
            return None, [*findings, Finding(Severity.ERROR, "too-large", message, Place(file, header_line))]
        read = _columns(records, len(header))
    except _TooLong:
        message = f"a line is longer than {LONGEST_LINE:,} characters"
        hint = "it may have other line ends than a text has"
        return None, [*findings, Finding(Severity.ERROR, "too-large", message, Place(file, records.next_begin), hint)]
    except csv.Error as error:
        return None, [*findings, _quotes(error, Place(file, records.next_begin))]
    if not read.lines and _are_names(read.longer):  # below a title, mostly
        line, width = read.ragged[0]
        message = f"line {header_line} is to name the columns, but all below have more cells: line {line} has {width}"
        hint = f"write `header: {line}` beside the file, if the names stand there"
        return None, [*findings, Finding(Severity.ERROR, "header-below", message, Place(file, line), hint)]
    findings += _ragged_rows(read.ragged, len(header), file)
    if read.short:
        rows = "1 row is" if len(read.short) == 1 else f"{len(read.short)} rows are"
        message = f"{rows} shorter than the header: the cells left out are empty"
        findings.append(Finding(Severity.NOTE, "short-rows", message, Place(file, read.short[0])))
    if read.undressed:
        cells = "1 cell is" if len(read.undressed) == 1 else f"{len(read.undressed)} cells are"
        message = f'{cells} written for a spreadsheet, as ="0012" or \'+49 are: what is inside is taken'
        findings.append(Finding(Severity.NOTE, "spreadsheet-cells", message, Place(file, min(read.undressed))))
    headers = tuple(c.strip() for c in header)
    columns = tuple(column.cells() for column in read.columns)
    table = CsvFile(file, header_line, headers, columns, read.lines, path, delimiter, encoded.name)
    return with_doubts(table, encoded), findings


class _TooLong(Exception):
    """A line that would take all memory."""


def _bounded_lines(opened: io.TextIOWrapper) -> Iterator[str]:
    while line := opened.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise _TooLong
        yield line


class _Records:
    """The records of a CSV, knowing the line each began in."""

    def __init__(self, opened: Iterable[str], delimiter: str, skipped: int) -> None:
        self._reader = csv.reader(opened, delimiter=delimiter, strict=True)
        self._skipped = skipped
        self.begin = skipped + 1
        self.next_begin = skipped + 1

    def __iter__(self) -> Iterator[list[str]]:
        reader, skipped = self._reader, self._skipped
        for record in reader:
            self.begin = self.next_begin
            self.next_begin = reader.line_num + 1 + skipped
            yield record if all(map(str.isascii, record)) else list(map(composed, record))


class _Read(Struct):
    """The cells by column, and the line of each row; lines and widths of rows that are too long, and the cells of the
    first; lines of short rows, and of cells that were dressed up."""

    columns: tuple[GrowingColumn, ...]
    lines: array[int] = field(default_factory=lambda: array("Q"))
    ragged: list[tuple[int, int]] = field(default_factory=list)
    longer: list[str] = field(default_factory=list)
    short: list[int] = field(default_factory=list)
    undressed: list[int] = field(default_factory=list)


def _columns(records: _Records, width: int) -> _Read:
    read = _Read(tuple(GrowingColumn() for _ in range(width)))
    lines, batch = read.lines, list[list[str]]()

    def store() -> None:
        of_batch = lines[len(lines) - len(batch) :]
        for column, cells in zip(read.columns, map(list, zip(*batch, strict=True)), strict=False):
            read.undressed.extend(_undress(cells, of_batch))
            column.add(cells)
        batch.clear()

    for record in records:
        if not any(record):
            continue
        if len(record) < width:  # Excel leaves out empty cells at the end
            read.short.append(records.begin)
            record.extend([""] * (width - len(record)))
        elif len(record) > width:
            if any(cell.strip() for cell in record[width:]):
                read.ragged.append((records.begin, len(record)))
                read.longer = read.longer or record[: 1 + max(at for at, cell in enumerate(record) if cell.strip())]
                continue  # what its cells are is anybody's guess
            del record[width:]
        batch.append(record)
        lines.append(records.begin)
        if len(batch) == AT_ONCE:
            store()
    store()
    return read


def _are_names(cells: Sequence[str]) -> bool:
    """Whether cells could name columns: each begins with a letter, no two are alike, and none is what follows a comma
    in a text, which only some cells do with a blank."""
    names = [cell.strip() for cell in cells]
    blanks = {cell.startswith(" ") for cell in cells[1:]}
    return len(blanks) == 1 and len(set(names)) == len(names) and all(re.match(r"[^\W\d]", name) for name in names)


_AS_FORMULA = re.compile(r'="([^"]*)"\s*\Z')  # shops write figures so, that a spreadsheet keeps their zeros
_APOSTROPHE = re.compile(r"'(?=[=+@-]|0\d\d|[\d .,/-]{5,}\Z)(?![^']*')")  # and so, what it would take for a formula


def _undress(cells: list[str], lines: Sequence[int]) -> Iterator[int]:
    """Put what is inside in place of cells that are dressed up for a spreadsheet; the lines of those."""
    for index, cell in enumerate(cells):
        if not cell.startswith(("=", "'")):
            continue
        inside = _APOSTROPHE.sub("", cell, count=1) if cell.startswith("'") else _AS_FORMULA.sub(r"\1", cell)
        if inside != cell:
            cells[index] = inside
            yield lines[index]


def _sniffed(sample: str) -> str:
    """The delimiter under which most records have as many cells as the header; a comma when nothing else shows.

    Between equals, the one that no blank follows in the header: ``name, long;price`` has semicolons.
    """
    best, best_score = ",", (0.0, 1, 0)
    for delimiter in ("\t", *DELIMITERS):  # a tab is hardly ever part of a text, so it goes first
        try:
            records = list(islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), _SAMPLE_RECORDS))
        except csv.Error:
            continue
        widths = [len(record) for record in records if any(record)]
        if len(sample) == _SAMPLE and 1 < len(widths) < _SAMPLE_RECORDS:
            widths.pop()  # cut off by the sample's end
        if not widths or widths[0] < 2:
            continue
        header = next(record for record in records if any(record))
        score = (widths.count(widths[0]) / len(widths), widths[0], -sum(cell.startswith(" ") for cell in header))
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _quotes(error: csv.Error, place: Place) -> Finding:
    if "field larger" in str(error):
        message = f"a cell of this row has more than {csv.field_size_limit():,} characters"
        hint = "is a quote opened in it and never closed?"
        return Finding(Severity.ERROR, "quotes", message, place, hint)
    if "unexpected end" in str(error):
        message = "a quote is opened in this row and never closed"
    else:
        message = "the quotes of this row do not match"
    return Finding(Severity.ERROR, "quotes", message, place, 'inside a quoted cell, write a quote twice: ""')


def _ragged_rows(ragged: list[tuple[int, int]], width: int, file: str) -> list[Finding]:
    hint = "put a cell that holds the delimiter in quotes"

    def told(row: tuple[int, int]) -> Finding:
        line, cells = row
        message = f"the row has {cells} cells, the header has {width}"
        return Finding(Severity.ERROR, "ragged-row", message, Place(file, line), hint if cells > width else None)

    return capped(ragged, told, lambda row: Place(file, row[0]), "rows have another number of cells than the header")


def _walk(
    line: int, text: str, following: Iterator[tuple[int, str]], delimiter: str, numbers: set[int]
) -> Iterator[tuple[int, tuple[int, int]]]:
    """Where the cells `numbers` begin in the record that starts with `text`, following quoted cells over lines."""
    number, column, fresh = 0, 0, True
    in_quotes, quoted = False, False  # now between quotes; a cell that began with one
    while numbers:
        if fresh and number in numbers:
            numbers.discard(number)
            yield number, (line, column + 1)
        if column >= len(text):
            try:
                line, text = next(following)
            except StopIteration:
                return
            column, fresh = 0, False
            continue
        character = text[column]
        if character == '"' and (quoted or fresh):
            in_quotes = not in_quotes  # a doubled quote closes and opens again, which comes to the same
            quoted, fresh = True, False
        elif character == delimiter and not in_quotes:
            number, fresh, quoted = number + 1, True, False
        elif character in "\r\n" and not in_quotes:
            return
        else:
            fresh = False
        column += 1
