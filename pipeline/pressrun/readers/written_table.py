"""A table as somebody wrote it, whatever kind of file it came in: columns of text under headers."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Self, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from pressrun.model.finding import Finding, Place
from pressrun.model.packed_cells import TextPacker, is_long

T = TypeVar("T")
MANY = 10  # findings of one kind are told one by one up to here, then counted
MOST_COLUMNS = 16_384  # as many as a spreadsheet has

CellAt = tuple[int | None, int]
"""A row, from 0, or None for the header; and the number of a column, from 0."""


class TableFormat(Struct, frozen=True):
    """What a job says of how a table is written: the ``sheet`` of a workbook, the line of its ``header`` (from 1), the
    ``encoding`` of a text, the ``widths`` (characters) of columns that no sign parts; each where its file does not show
    it. Whether cells are ``trim``med, as `trimmed_cells` does it. For what is to be guessed the ``letters`` (beyond
    ASCII, casefolded) that its languages have, and the ``scripts`` that they are written in (Latn, Jpan …)."""

    sheet: str | None = None
    header: int | None = None
    encoding: str | None = None
    widths: tuple[int, ...] = ()
    trim: bool = False
    letters: Callable[[], frozenset[str]] | None = None
    scripts: Callable[[], frozenset[str]] | None = None


class _MayHaveFaults(Struct, frozen=True, kw_only=True):
    """``faults`` are those of single cells by column, from 0: they matter where the column is read."""

    faults: Mapping[int, tuple[Finding, ...]] = field(default_factory=dict)


class WrittenTable(_MayHaveFaults, frozen=True):
    """Columns of text in one spelling (NFC); items of JSON may hold lists and records, too. `headers` are stripped,
    `lines` the first line of each record, from 1."""

    file: str
    header_line: int
    headers: tuple[str, ...]
    columns: tuple[Sequence[Any], ...]
    lines: array[int]

    @property
    def files(self) -> Sequence[str] | None:
        """The file of each row, where they come from several."""
        return None

    def place(self, row: int) -> Place:
        """The line in which a row, from 0, begins."""
        return Place(self.file, self.lines[row])

    def cell_places(self, cells: Iterable[CellAt]) -> list[Place]:
        """Line and column of each of these cells."""
        return [
            Place(self.file, self.header_line if row is None else self.lines[row], number + 1) for row, number in cells
        ]

    def chosen(self, rows: Sequence[int]) -> Self:
        """These rows alone, in this order."""
        lines = array("Q", [self.lines[row] for row in rows])
        return replace(self, lines=lines, columns=tuple([column[row] for row in rows] for column in self.columns))


class GrowingColumn:
    """A column as it is read, which is packed as soon as it is long: a million texts take less than their list does.
    Figures are told from texts by their type, and stay in a list."""

    def __init__(self) -> None:
        self._cells: list[Any] = []
        self._packer: TextPacker | None = None
        self._has_texts_alone = True

    def add(self, cells: Sequence[Any]) -> None:
        if self._has_texts_alone and set(map(type, cells)) - {str}:
            self._has_texts_alone = False
            self._cells, self._packer = self._listed(), None
        elif self._has_texts_alone and self._packer is None and is_long(len(self._cells) + len(cells)):
            self._packer = TextPacker()
            self._packer.add(self._cells)
            self._cells = []
        (self._packer.add if self._packer else self._cells.extend)(cells)

    def cells(self) -> Sequence[Any]:
        """All that were added, which are handed on."""
        cells = self._cells if self._packer is None else self._packer.packed()
        self._cells, self._packer = [], None
        return cells

    def _listed(self) -> list[Any]:
        return self._cells if self._packer is None else list(self._packer.packed())


def capped(items: list[T], told: Callable[[T], Finding], place: Callable[[T], Place], rest: str) -> list[Finding]:
    """One finding for each of the first items, and one that counts the others: "12 more {rest}"."""
    findings = [told(item) for item in items[:MANY]]
    if len(items) > MANY:
        first = findings[0]
        message = f"{len(items) - MANY} more {rest}"
        findings.append(Finding(first.severity, first.code, message, place(items[MANY])))
    return findings
