"""The records of a table by their columns, each made when it is asked for."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Any
from weakref import ref

from pressrun.model.made_when_asked import MadeWhenAsked
from pressrun.model.packed_cells import is_long, packed
from pressrun.model.record import Header, Record

_SWEPT = 1024


def records_of(
    columns: Sequence[Sequence[Any]], headers: Sequence[Header], lines: Sequence[int], of_header: Sequence[int] = ()
) -> Sequence[Record]:
    """Records of columns, with the lines they begin in; where there are several ``headers`` (one a file), ``of_header``
    has the number of each one's. Many are kept by column."""
    if is_long(len(lines)):
        return PackedRecords([packed(cells) for cells in columns], headers, lines, of_header)
    numbers = of_header or (0,) * len(lines)
    rows = zip(*columns, strict=True) if columns else ((),) * len(lines)  # no header had a letter
    placed = zip(rows, lines, numbers, strict=True)
    return tuple(Record(headers[number], cells, line) for cells, line, number in placed)


def column_of(records: Sequence[Record], column: str) -> Sequence[Any]:
    """What all of them say in a column."""
    return records.cells(column) if isinstance(records, PackedRecords) else [record[column] for record in records]


class PackedRecords(MadeWhenAsked[Record]):
    """A record is one object as long as anybody has it, as records are told apart by that."""

    __slots__ = ("_alive", "_columns", "_headers", "_lines", "_most", "_of_header")

    def __init__(
        self,
        columns: Sequence[Sequence[Any]],
        headers: Sequence[Header],
        lines: Sequence[int],
        of_header: Sequence[int] = (),
    ) -> None:
        self._columns, self._headers = tuple(columns), tuple(headers)
        self._lines = array("I", lines)
        self._of_header = array("H" if len(headers) < 1 << 16 else "I", of_header)
        self._alive: dict[int, ref[Record]] = {}
        self._most = _SWEPT  # references until those of records that are gone are let go of

    @property
    def files(self) -> tuple[str, ...]:
        """Those that the records are from, in their order."""
        return tuple(dict.fromkeys(self._headers[number].file for number in dict.fromkeys(self._of_header or (0,))))

    def cells(self, column: str) -> Sequence[Any]:
        """All of a column."""
        return self._columns[self._headers[0].index[column]]

    def _at(self, index: int) -> Record:
        known = self._alive.get(index)
        record = None if known is None else known()
        if record is None:
            header = self._headers[self._of_header[index] if self._of_header else 0]
            record = Record(header, _Cells(self._columns, index), self._lines[index])
            if len(self._alive) >= self._most:
                for at, one in list(self._alive.items()):  # others may add to it meanwhile
                    if one() is None:
                        self._alive.pop(at, None)
                self._most = _SWEPT + 2 * len(self._alive)
            self._alive[index] = ref(record)
        return record

    def __len__(self) -> int:
        return len(self._lines)

    def __reduce__(self) -> tuple[Any, ...]:
        return PackedRecords, (self._columns, self._headers, self._lines, self._of_header)


class _Cells(MadeWhenAsked[Any]):
    """What a row says, read from its columns."""

    __slots__ = ("_columns", "_row")

    def __init__(self, columns: tuple[Sequence[Any], ...], row: int) -> None:
        self._columns, self._row = columns, row

    def _at(self, index: int) -> Any:
        return self._columns[index][self._row]

    def __iter__(self) -> Iterator[Any]:
        row = self._row
        return (column[row] for column in self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def __reduce__(self) -> tuple[Any, ...]:
        return tuple, (tuple(self),)
