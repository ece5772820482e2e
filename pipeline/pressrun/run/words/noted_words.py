"""What is odd about the words that rows print: of each column that a layer prints the first rows, and the numbers of
all that have it. So it can be told of a run in which some rows say something else, without a look at the others."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, Self

from msgspec import Struct, field
from msgspec.structs import replace

from pressrun.model.finding import ROWS_NAMED, Finding, by_cause
from pressrun.model.item_list import repeated_layer
from pressrun.run.words.noted_files import NotedFiles, OtherNotes

Column = tuple[str, str, str, str]
"""A layout, a layer of it, the file that its cells are in, and what they are called there."""
MOST_TOLD = ROWS_NAMED + 1  # rows of a column: one, and the others that it names


class _Noted:
    """The numbers of a column's rows, from 1, in their order, and what is said of the first of them."""

    __slots__ = ("first", "rows")

    def __init__(self, rows: Iterable[int] = (), first: Iterable[tuple[int, Finding]] = ()) -> None:
        self.rows = array("Q", rows)
        self.first = list(first)

    def add(self, one: Finding, row: int) -> None:
        at = bisect_left(self.rows, row)
        if at < len(self.rows) and self.rows[at] == row:  # of another sheet, or looked at once more
            return
        self.rows.insert(at, row)
        if at < MOST_TOLD:
            self.first.insert(at, (row, one))
            del self.first[MOST_TOLD:]

    def told(self) -> Iterator[Finding]:
        *others, last = [one for _, one in self.first]
        yield from others
        yield replace(last, further_rows=len(self.rows) - len(self.first))


class NotedWords:
    """Columns by the first row that has them; rows may be looked at in any order."""

    def __init__(self, columns: Mapping[Column, _Noted] | None = None) -> None:
        self._columns = dict(columns or {})

    def add(self, one: Finding, row: int) -> None:
        layer, file = repeated_layer(one.layer or ""), one.place.file if one.place else ""
        self._columns.setdefault((one.layout or "", layer, file, one.subject), _Noted()).add(one, row)

    def told(self) -> list[Finding]:
        """One finding of each cause, which counts its rows."""
        return by_cause(chain.from_iterable(one.told() for _, one in self._in_order()))

    def values(self) -> Iterator[list[Any]]:
        """To be kept: each column, and its rows by the first of some that follow each other, and how many these are."""
        for column, noted in self._in_order():
            yield [column, [*_ranges(noted.rows)]]

    def _in_order(self) -> list[tuple[Column, _Noted]]:
        return sorted(self._columns.items(), key=lambda one: one[1].rows[0])

    def along_with(self, unchanged: UnchangedWords) -> Self:
        """What is noted of these rows and those that are ``unchanged``. Raises OtherNotes."""
        columns: dict[Column, _Noted] = {}
        places: dict[Column, tuple[int, int]] = {}
        seen = unchanged.seen._columns
        for column in {*unchanged.rows, *self._columns}:
            rows, own = unchanged.rows.get(column, array("Q")), self._columns.get(column, _Noted())
            few = seen[column].first if rows and column in seen else []
            if [row for row, _ in few] != rows[:MOST_TOLD].tolist():
                raise OtherNotes
            if not (first := sorted((*few, *own.first), key=lambda one: one[0])[:MOST_TOLD]):
                continue
            columns[column] = _Noted(sorted((*rows, *own.rows)), first)
            whose = self._columns if own.rows and own.rows[0] == first[0][0] else seen
            places[column] = first[0][0], list(whose).index(column)
        return type(self)({column: columns[column] for column in sorted(columns, key=places.__getitem__)})


def _ranges(rows: Iterable[int]) -> Iterator[int]:
    first = count = 0
    for row in rows:
        if row != first + count:
            if count:
                yield from (first, count)
            first, count = row, 0
        count += 1
    if count:
        yield from (first, count)


class UnchangedWords(Struct, frozen=True):
    """What a kept run noted of rows that say what they said: all their numbers, and what is ``seen`` of the first;
    and what is left out of the ``files`` that they name."""

    rows: Mapping[Column, array[int]]
    seen: NotedWords
    files: NotedFiles = field(default_factory=NotedFiles)


class Witnesses:
    """The rows that have to be looked at for what a kept run noted: of each column the first that say what they said.
    All rows are asked for in their order."""

    def __init__(self, values: Iterable[Any]) -> None:
        self.rows: dict[Column, array[int]] = {}
        for column, ranges in values:
            pairs = zip(ranges[::2], ranges[1::2], strict=True)
            numbers = chain.from_iterable(range(first, first + count) for first, count in pairs)
            self.rows[tuple(column)] = array("Q", numbers)
        self._further = {column: iter(rows) for column, rows in self.rows.items()}
        self._due: dict[int, list[Column]] = {}
        for column in self.rows:
            for _ in range(MOST_TOLD):
                self._ask_for_next(column)

    def is_one(self, row: int, *, changed: bool) -> bool:
        due = self._due.pop(row, [])
        for column in due if changed else ():
            self._ask_for_next(column)
        return bool(due) and not changed

    def without(self, changed: Iterable[int]) -> dict[Column, array[int]]:
        gone = set(changed)
        return {column: array("Q", [row for row in rows if row not in gone]) for column, rows in self.rows.items()}

    def _ask_for_next(self, column: Column) -> None:
        if (row := next(self._further[column], None)) is not None:
            self._due.setdefault(row, []).append(column)
