"""Tables that are put together from others: files below each other, and columns beside each other. Each of their cells
knows where it was written."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import chain, count
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.packed_cells import in_batches
from pressrun.readers.table import identifier, left_out
from pressrun.readers.written_table import CellAt, GrowingColumn, WrittenTable

NO_ROW = -1


class StackedTable(WrittenTable, frozen=True):
    """The rows of several tables. ``part_of`` and ``row_in_part`` say of each where it was; ``numbers`` has the column
    of a part by that of the whole, or None where a part has none."""

    parts: tuple[WrittenTable, ...]
    part_of: array[int]
    row_in_part: array[int]
    numbers: tuple[tuple[int | None, ...], ...]

    @property
    def files(self) -> Sequence[str]:
        return [self.parts[part].file for part in self.part_of]

    def place(self, row: int) -> Place:
        return Place(self.parts[self.part_of[row]].file, self.lines[row])

    def cell_places(self, cells: Iterable[CellAt]) -> list[Place]:
        asked = _Asked()
        for row, number in cells:
            part = self._headed(number) if row is None else self.part_of[row]
            own = self.numbers[part][number] if number < len(self.numbers[part]) else None
            if own is None:
                asked.told(self.parts[part].cell_places([(None, 0)])[0] if row is None else self.place(row))
            else:
                asked.of(self.parts[part], (None if row is None else self.row_in_part[row], own))
        return asked.places()

    def _headed(self, number: int) -> int:
        """The first part that has a column."""
        return next((at for at, own in enumerate(self.numbers) if number < len(own) and own[number] is not None), 0)

    def chosen(self, rows: Sequence[int]) -> Self:
        return replace(
            WrittenTable.chosen(self, rows),
            part_of=array("I", [self.part_of[row] for row in rows]),
            row_in_part=array("Q", [self.row_in_part[row] for row in rows]),
        )


def stacked(file: str, parts: Sequence[WrittenTable]) -> tuple[WrittenTable, list[Finding]]:
    """Several tables as one, whose columns are those of all, by their names; ``file`` is what it is called. Codes:
    ``part-lacks-column`` and ``unnamed-column`` (warnings)."""
    if len(parts) == 1:
        return parts[0], []
    headers: dict[tuple[str, int], str] = {}
    named = [_named(part) for part in parts]
    for part, names in zip(parts, named, strict=True):
        for name, number in names.items():
            headers.setdefault(name, part.headers[number])
    lacking = [
        (part, [header for name, header in headers.items() if name not in names])
        for part, names in zip(parts, named, strict=True)
    ]
    findings = [told for part in parts for told in _unnamed(part)]
    findings += [_lacks(part, gone) for part, gone in lacking if gone]
    numbers: tuple[tuple[int | None, ...], ...]
    numbers = tuple(tuple(names.get(name) for name in headers) for names in named)
    columns = tuple(GrowingColumn() for _ in headers)
    for part, names in zip(parts, named, strict=True):
        for column, name in zip(columns, headers, strict=True):
            cells = iter(part.columns[names[name]] if name in names else [""] * len(part.lines))
            for some in in_batches(cells):
                column.add(some)
    pairs = list(zip(parts, named, strict=True))
    faults = {
        at: told
        for at, name in enumerate(headers)
        if (told := tuple(chain(*(part.faults.get(names.get(name, -1), ()) for part, names in pairs))))
    }
    lines = array("Q", chain(*(part.lines for part in parts)))
    part_of = array("I", chain(*([at] * len(part.lines) for at, part in enumerate(parts))))
    row_in_part = array("Q", chain(*(range(len(part.lines)) for part in parts)))
    bare = tuple(_bare(part) for part in parts)
    table = StackedTable(
        file, parts[0].header_line, tuple(headers.values()), tuple(column.cells() for column in columns), lines, bare,
        part_of, row_in_part, numbers, faults=faults,
    )  # fmt: skip
    return table, findings


def _named(part: WrittenTable) -> dict[tuple[str, int], int]:
    """Numbers of columns by their name in templates (of signs alone, as ★, by these), those of one name counted; what
    has no header is left out."""
    found: dict[tuple[str, int], int] = {}
    for number, header in enumerate(part.headers):
        if name := identifier(header) or header.strip():
            found[next(one for again in count() if (one := (name, again)) not in found)] = number
    return found


def _unnamed(part: WrittenTable) -> list[Finding]:
    numbers = [number for number, header in enumerate(part.headers)
               if not header.strip() and any(str(cell).strip() for cell in part.columns[number])]  # fmt: skip
    places = part.cell_places((None, number) for number in numbers)
    return [left_out(number, place) for number, place in zip(numbers, places, strict=True)]


def _lacks(part: WrittenTable, headers: Sequence[str]) -> Finding:
    listed = ", ".join(f"'{header}'" for header in headers[:6]) + (" …" if len(headers) > 6 else "")
    message = f"it has no column {listed}, which other parts of the table have: there its rows are empty"
    hint = "call columns the same in all parts"
    return Finding(Severity.WARNING, "part-lacks-column", message, Place(part.file, part.header_line), hint)


class Origin(Struct, frozen=True):
    """Where the cells of a column were: in a column of a table, and in these rows of it, NO_ROW where there is none."""

    table: WrittenTable
    rows: array[int]
    column: int

    def cell(self, row: int | None) -> tuple[WrittenTable, CellAt] | None:
        """Where one was, or the header."""
        if row is None:
            return self.table, (None, self.column)
        return None if self.rows[row] == NO_ROW else (self.table, (self.rows[row], self.column))

    def chosen(self, rows: Sequence[int], picked: dict[int, array[int]]) -> Origin:
        """Of these rows alone; ``picked`` keeps what columns share."""
        chosen = picked.get(id(self.rows))
        if chosen is None:
            chosen = picked[id(self.rows)] = array("q", [NO_ROW if row < 0 else self.rows[row] for row in rows])
        return Origin(self.table, chosen, self.column)


class TurnedOrigin(Struct, frozen=True):
    """Where the cells of a column were that became of several: ``which`` of them, by row."""

    origins: tuple[Origin | TurnedOrigin, ...]
    which: array[int]

    def cell(self, row: int | None) -> tuple[WrittenTable, CellAt] | None:
        return self.origins[self.which[row] if row is not None else 0].cell(row)

    def chosen(self, rows: Sequence[int], picked: dict[int, array[int]]) -> TurnedOrigin:
        origins = tuple(origin.chosen(rows, picked) for origin in self.origins)
        return TurnedOrigin(origins, array("I", [self.which[row] for row in rows]))


class DerivedTable(WrittenTable, frozen=True):
    """A table of whose columns each was somewhere else. Its rows are told as those of its ``base``."""

    base: WrittenTable
    base_rows: array[int]
    origins: tuple[Origin | TurnedOrigin, ...]

    @property
    def files(self) -> Sequence[str] | None:
        files = self.base.files
        return None if files is None else [files[row] for row in self.base_rows]

    def place(self, row: int) -> Place:
        return self.base.place(self.base_rows[row])

    def cell_places(self, cells: Iterable[CellAt]) -> list[Place]:
        asked = _Asked()
        for row, number in cells:
            if was := self.origins[number].cell(row):
                asked.of(*was)
            else:
                asked.told(Place(self.file, self.header_line) if row is None else self.place(row))
        return asked.places()

    def chosen(self, rows: Sequence[int]) -> Self:
        picked: dict[int, array[int]] = {}
        return replace(
            WrittenTable.chosen(self, rows),
            base_rows=array("q", [self.base_rows[row] for row in rows]),
            origins=tuple(origin.chosen(rows, picked) for origin in self.origins),
        )


def origins_of(table: WrittenTable, rows: Sequence[int]) -> tuple[Origin | TurnedOrigin, ...]:
    """Where the cells of these rows of a table were, by column; NO_ROW is one that is not there."""
    if isinstance(table, DerivedTable):
        picked: dict[int, array[int]] = {}
        return tuple(origin.chosen(rows, picked) for origin in table.origins)
    bare, shared = _bare(table), array("q", rows)
    return tuple(Origin(bare, shared, number) for number in range(len(table.headers)))


def _bare(table: WrittenTable) -> WrittenTable:
    """What is left of a table without its cells: it still knows their places."""
    return replace(table, columns=())


class _Asked:
    """Places of cells of several tables, which are asked once each."""

    def __init__(self) -> None:
        self._found: list[Place | None] = []
        self._tables: dict[int, tuple[WrittenTable, list[tuple[int, CellAt]]]] = {}

    def told(self, place: Place) -> None:
        self._found.append(place)

    def of(self, table: WrittenTable, cell: CellAt) -> None:
        self._tables.setdefault(id(table), (table, []))[1].append((len(self._found), cell))
        self._found.append(None)

    def places(self) -> list[Place]:
        for table, cells in self._tables.values():
            for (at, _), place in zip(cells, table.cell_places(cell for _, cell in cells), strict=True):
                self._found[at] = place
        return [place for place in self._found if place is not None]
