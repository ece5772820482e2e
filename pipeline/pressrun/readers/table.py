"""Tables of rows: a file, or items written in YAML, with typed columns and the line every row comes from.

Cells are kept by column: 100 000 rows of ten columns stay well under 100 MB, and a row becomes a dict only when asked.
"""

from __future__ import annotations

import itertools
import keyword
import re
import unicodedata
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pressrun.model.finding import Finding, Place, Severity
from pressrun.readers.cells import ReadAs
from pressrun.readers.lacking_columns import hint_for_lacking
from pressrun.readers.shape import Shape
from pressrun.readers.table_file import AS_IT_IS, read_written
from pressrun.readers.written_table import TableFormat, WrittenTable
from pressrun.readers.yaml_source import KeyPath

PlaceOf = Callable[[KeyPath], Place]
"""Where the job writes an option of the table: ``("file",)``, ``("columns", "sku")``, ``("types", "launch")`` …"""


class Table:
    """Rows by column. `columns` are identifiers, `headers` what each is called in the file, `lines` where rows begin,
    `numbers` what number they had before some were left out, and `files` where each is from, if there are several.

    With a `key`, rows are found by it: the texts (or values) of the key's columns, in its order.
    """

    __slots__ = ("_cells", "_index", "column_faults", "columns", "file", "files", "headers", "key", "lines", "numbers")

    def __init__(
        self,
        file: str,
        cells: Mapping[str, Sequence[Any]],
        lines: Sequence[int],
        *,
        headers: Mapping[str, str] | None = None,
        key: tuple[str, ...] = (),
        numbers: Sequence[int] = (),
        files: Sequence[str] | None = None,
    ) -> None:
        self.file = file
        self.files = files
        self.numbers = numbers
        self.columns = tuple(cells)
        self.headers: dict[str, str] = dict(headers) if headers is not None else {name: name for name in cells}
        self.lines = array("Q", lines)
        self.key = key
        self.column_faults: dict[str, tuple[Finding, ...]] = {}
        self._cells = dict(cells)
        self._index: dict[tuple[Any, ...], int] | None = None

    def __len__(self) -> int:
        return len(self.lines)

    def column(self, name: str) -> Sequence[Any]:
        """All cells of a column, in the file's order; KeyError for an unknown one."""
        return self._cells[name]

    def row(self, index: int) -> dict[str, Any]:
        """The cells of row `index` (from 0) by column."""
        return {name: cells[index] for name, cells in self._cells.items()}

    def rows(self) -> Iterator[dict[str, Any]]:
        """Every row in turn."""
        names = self.columns
        for cells in zip(*self._cells.values(), strict=True):
            yield dict(zip(names, cells, strict=True))

    def index_of(self, key: tuple[Any, ...]) -> int | None:
        """The row under `key`, or None."""
        if self._index is None:
            columns = [self._cells[name] for name in self.key]
            self._index = {parts: index for index, parts in enumerate(zip(*columns, strict=True))}
        return self._index.get(key)

    def place(self, index: int) -> Place:
        """The line in which row `index` begins."""
        return Place(self.files[index] if self.files else self.file, self.lines[index])


def identifier(header: str) -> str:
    """A header as a name for templates and expressions: ``Variant SKU`` is ``variant_sku``.

    Letters of every script stay; a leading digit gets ``col_`` before it, a word Python keeps for itself ``_`` behind.
    An empty header stays empty.
    """
    # Python compares names in NFKC; lower-casing can leave that form, so it comes first and last.
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", header).lower())
    # Python's own rule for a letter in a name: unlike \w it has the vowel signs of Thai and Hindi.
    name = re.sub(r"_+", "_", "".join(letter if f"a{letter}".isidentifier() else "_" for letter in text)).strip("_")
    if not name:
        return ""
    if not name.isidentifier():
        name = f"col_{name}"
    return f"{name}_" if keyword.iskeyword(name) else name


def read_table(
    source: Path | WrittenTable,
    file: str | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    types: Mapping[str, ReadAs] | None = None,
    fill: str | None = None,
    key: Sequence[str] = (),
    optional_key: Sequence[str] = (),
    place_of: PlaceOf | None = None,
    unfilled: Sequence[str] = (),
    how: TableFormat = AS_IT_IS,
    faults_later: bool = False,
) -> tuple[Table | None, list[Finding]]:
    """Read a table, or take one that has been read (what was found then is its reader's to tell). None if it cannot be
    read at all; else the table, to be used only if no finding is an error.

    `columns` renames ({new name: header}), `types` gives columns a type, `fill` names the column (a handle) whose equal
    cells mark rows that continue a product (but for cells of `unfilled` columns), `key` the columns that tell rows
    apart, of which those in `optional_key` may be empty. `place_of` says where the job writes these options, so that
    faults in them are told there.

    Columns of one name, and cells that show an error or are not of their type, are errors; with `faults_later`
    these are left to who knows which columns are read (`Table.column_faults`). `how` says what a file does not
    show of itself.

    Text cells stay as they are, but blanks around keys, handles and typed cells are dropped. A row of empty cells is
    no row. Codes besides those of `read_written`: ``no-rows``, ``duplicate-header``, ``unnamed-column``,
    ``hidden-column``, ``unknown-column``, ``bad-column-name``, ``bad-cell``, ``rows-without-key``,
    ``duplicate-row-key``, ``not-filled``.
    """
    raw: WrittenTable | None
    findings: list[Finding] = []
    if isinstance(source, WrittenTable):
        raw = source
    else:
        asked_at = place_of(("file",)) if place_of else None
        raw, findings = read_written(source, file or source.as_posix(), how, asked_at=asked_at)
    if raw is None:
        return None, findings
    shown = raw.file
    at = place_of or (lambda _: Place(shown, raw.header_line))
    named = _Naming(raw, columns or {}, at)
    findings += named.findings
    shape = Shape(shown, named.cells, array("Q", range(len(raw.lines))), at, _places(raw, named.numbers))
    shape.apply(types or {}, fill, key, optional_key, unfilled)
    for name, bad in shape.bad_cells.items():
        named.faults[name] = (*named.faults.get(name, ()), *bad)
    if not faults_later:
        findings += [finding for found in named.faults.values() for finding in found]
    if not shape.rows and not any(finding.is_error for finding in findings + shape.findings):
        message = "there are no rows, only a header" if not raw.lines else "there is no row with a key"
        place, hint = Place(shown, raw.header_line), "add a row, or ask for others"
        shape.findings.append(Finding(Severity.ERROR, "no-rows", message, place, hint))
    known_key = tuple(name for name in key if name in shape.cells)
    lines = array("Q", map(raw.lines.__getitem__, shape.rows))
    files = raw.files
    files = None if files is None else [files[row] for row in shape.rows]
    table = Table(shown, shape.cells, lines, headers=named.headers, key=known_key, numbers=shape.rows, files=files)
    table.column_faults = named.faults
    return table, findings + shape.findings


def table_of_items(
    file: str,
    items: Sequence[Mapping[str, Any]],
    lines: Sequence[int],
    *,
    types: Mapping[str, ReadAs] | None = None,
    key: Sequence[str] = (),
    place_of: PlaceOf | None = None,
) -> tuple[Table, list[Finding]]:
    """The table of items written in YAML (``rows: {season: {items: [...], key: id}}``), one line each from `lines`.

    What an item leaves out is ''; values that are not text stay what they are. Codes as for `read_table`.
    """
    names = list(dict.fromkeys(name for item in items for name in item))
    cells: dict[str, Sequence[Any]] = {name: [item.get(name, "") for item in items] for name in names}
    at = place_of or (lambda _: Place(file, lines[0] if lines else None))
    rows = array("Q", range(len(lines)))
    shape = Shape(file, cells, rows, at, lambda asked: [Place(file, lines[row]) for row, _ in asked])
    if not items:
        shape.findings.append(Finding(Severity.ERROR, "no-rows", "there are no items", at(("items",))))
    else:
        shape.apply(types or {}, None, key)
    shape.findings[:0] = [finding for bad in shape.bad_cells.values() for finding in bad]
    known_key = tuple(name for name in key if name in shape.cells)
    return Table(file, shape.cells, [lines[row] for row in shape.rows], key=known_key), shape.findings


class _Naming:
    """Which column of the file is called what."""

    def __init__(self, raw: WrittenTable, renamed: Mapping[str, str], at: PlaceOf) -> None:
        self.raw = raw
        self.cells: dict[str, Sequence[Any]] = {}
        self.headers: dict[str, str] = {}
        self.numbers: dict[str, int] = {}
        self.findings: list[Finding] = []
        self.faults: dict[str, tuple[Finding, ...]] = {}
        taken = self._renamed(renamed, at)
        self._others(taken)

    def _take(self, name: str, number: int) -> None:
        self.cells[name] = self.raw.columns[number]
        self.headers[name] = self.raw.headers[number]
        self.numbers[name] = number
        if number in self.raw.faults:
            self.faults[name] = self.raw.faults[number]

    def _renamed(self, renamed: Mapping[str, str], at: PlaceOf) -> set[int]:
        exact = {header: number for number, header in reversed(list(enumerate(self.raw.headers)))}
        loose = {identifier(header): number for header, number in reversed(exact.items())}
        taken: set[int] = set()
        for name, header in renamed.items():
            number = exact.get(header.strip(), loose.get(header.strip()))
            place = at(("columns", name))
            if number is None:
                message = f"'{self.raw.file}' has no column '{header}'"
                hint = hint_for_lacking(header, dict(zip(self.raw.headers, self.raw.columns, strict=True)))
                self.findings.append(Finding(Severity.ERROR, "unknown-column", message, place, hint))
            elif not name.isidentifier() or name.startswith("_") or keyword.iskeyword(name):
                hint = f"use letters, digits and _, like '{identifier(name) or 'name'}'"
                message = f"'{name}' cannot be the name of a column"
                self.findings.append(Finding(Severity.ERROR, "bad-column-name", message, place, hint))
            else:
                self._take(name, number)
                taken.add(number)
        return taken

    def _others(self, taken: set[int]) -> None:
        chosen = set(self.cells)
        header_place = Place(self.raw.file, self.raw.header_line)
        odd = self._odd(taken)
        places = dict(zip(odd, self.raw.cell_places((None, number) for number in odd), strict=True))
        for number, header in enumerate(self.raw.headers):
            name = identifier(header)
            if number in taken:
                continue
            place = places.get(number, header_place)
            if not name:
                if any(str(cell).strip() for cell in self.raw.columns[number]):
                    self.findings.append(left_out(number, place))
            elif name in chosen:
                message = f"column '{header}' is hidden, because the job calls '{self.headers[name]}' {name}"
                self.findings.append(Finding(Severity.NOTE, "hidden-column", message, place))
            elif name in self.cells:
                other = self.headers[name]
                if other == header:
                    self._take_numbered(name, number, place)
                    continue
                message = f"columns '{other}' and '{header}' would both be called '{name}'"
                fault = Finding(Severity.ERROR, "duplicate-header", message, place, "rename one of them")
                self.faults[name] = (*self.faults.get(name, ()), fault)
            else:
                self._take(name, number)

    def _take_numbered(self, name: str, number: int, place: Place) -> None:
        """A column that is called as one before it."""
        numbered = next(one for count in itertools.count(2) if (one := f"{name}_{count}") not in self.cells)
        self._take(numbered, number)
        message = f"several columns are called '{self.raw.headers[number]}': this one is {numbered}"
        self.findings.append(Finding(Severity.NOTE, "numbered-header", message, place))

    def _odd(self, taken: set[int]) -> list[int]:
        seen = set(self.cells)
        odd: list[int] = []
        for number, header in enumerate(self.raw.headers):
            name = identifier(header)
            if number not in taken and (not name or name in seen):
                odd.append(number)
            seen.add(name)
        return odd


def left_out(number: int, place: Place) -> Finding:
    """What is told of a column that has cells and no name."""
    return Finding(Severity.WARNING, "unnamed-column", f"column {number + 1} has no name, and is left out", place)


def _places(raw: WrittenTable, numbers: Mapping[str, int]) -> Callable[[Sequence[tuple[int, str | None]]], list[Place]]:
    def find(cells: Sequence[tuple[int, str | None]]) -> list[Place]:
        spots = iter(raw.cell_places((row, numbers[name]) for row, name in cells if name is not None))
        return [raw.place(row) if name is None else next(spots) for row, name in cells]

    return find
