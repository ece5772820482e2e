"""What is done to the columns of a table once read: fill continued rows, drop keyless ones, type cells, check keys."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from itertools import compress, islice
from typing import Any

from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.packed_cells import packed, repeated
from pressrun.readers.bad_cell import BadCell
from pressrun.readers.cells import Figure, ReadAs, is_list, is_numeric, typed
from pressrun.readers.lacking_columns import hint_for_lacking
from pressrun.readers.written_table import MANY, capped
from pressrun.readers.yaml_source import KeyPath

_LISTED_LINES = 5


class Shape:
    """Columns being shaped in place, and what was found on the way.

    `rows` are their numbers in the table that was written, `at` gives the place of an option in the job, `places` that
    of cells given as (number of the row, column; None for the row as a whole).
    """

    def __init__(
        self,
        file: str,
        cells: dict[str, Sequence[Any]],
        rows: array[int],
        at: Callable[[KeyPath], Place],
        places: Callable[[Sequence[tuple[int, str | None]]], list[Place]],
    ) -> None:
        self.file = file
        self.cells = cells
        self.rows = rows
        self.findings: list[Finding] = []
        self.bad_cells: dict[str, list[Finding]] = {}  # by column
        self._at = at
        self._places = places

    def apply(
        self,
        types: Mapping[str, ReadAs],
        fill: str | None,
        key: Sequence[str],
        optional_key: Sequence[str] = (),
        unfilled: Sequence[str] = (),
    ) -> None:
        """All of it, in order. An option that names an unknown column is a finding, and the others still apply."""
        self._check_names(types, fill, key)
        types = {name: kind for name, kind in types.items() if name in self.cells}
        fill = fill if fill in self.cells else None
        key = key if all(name in self.cells for name in key) else ()
        types = {name: kind for name, kind in types.items() if kind != "text"}
        self.strip([*types, *([fill] if fill else ()), *key])
        if fill:
            self.fill(fill, key, unfilled)
        self.drop_keyless([name for name in key if name not in optional_key])
        self.convert(types)
        self.settle()
        self.check_keys(key)

    def _check_names(self, types: Mapping[str, ReadAs], fill: str | None, key: Sequence[str]) -> None:
        named: list[tuple[KeyPath, str]] = [(("types", name), name) for name in types]
        named += [(("fill",), fill)] if fill else []
        named += [(("key",), key[0])] if len(key) == 1 else [(("key", n), name) for n, name in enumerate(key)]
        for path, name in named:
            if name not in self.cells:
                hint = hint_for_lacking(name, self.cells)
                message = f"'{self.file}' has no column '{name}'"
                self.findings.append(Finding(Severity.ERROR, "unknown-column", message, self._at(path), hint))

    def strip(self, names: Sequence[str]) -> None:
        """Drop the blanks around the cells of these columns."""
        for name in dict.fromkeys(names):
            self.cells[name] = bare_cells(self.cells[name])

    def fill(self, handle: str, key: Sequence[str], unfilled: Sequence[str] = ()) -> None:
        """Give empty cells the text of the previous row with the same handle.

        Keys are not filled, nor are those ``unfilled``, nor a column of numbers that continuing rows state themselves:
        the price, weight or barcode of one variant must never be told of another. A row without a key (in a shop's
        export: a further picture) hands on only what no row before it gave.
        """
        handles = self.cells[handle]
        seen: set[str] = set()
        continuing = bytearray(len(handles))
        for index, name in enumerate(handles):
            if name in seen:
                continuing[index] = 1
            elif name:
                seen.add(name)
        if not any(continuing):
            return
        parts = [self.cells[name] for name in key]
        keyed = bytearray(all(part[index] for part in parts) for index in range(len(handles)))
        skipped: list[str] = []
        for name in self.cells:
            if name == handle or name in key or name in unfilled:
                continue
            cells = self.cells[name]
            stated = [cell for cell in compress(cells, continuing) if cell]
            if stated and all(is_numeric(cell) for cell in stated):
                if any(continuing[i] and keyed[i] and not cell for i, cell in enumerate(cells)):
                    skipped.append(name)
                continue
            self.cells[name] = _filled(cells, handles, keyed)
        if skipped:
            message = f"empty cells of {', '.join(skipped)} are not filled: numbers are never copied from another row"
            self.findings.append(Finding(Severity.NOTE, "not-filled", message, self._at(("fill",))))

    def drop_keyless(self, key: Sequence[str]) -> None:
        """Leave out the rows in which a part of the key is empty, with one note."""
        if not key:
            return
        parts = [self.cells[name] for name in key]
        kept = bytearray(all(cell not in ("", None) for cell in row) for row in zip(*parts, strict=True))
        missing = len(kept) - sum(kept)
        if not missing:
            return
        first = list(islice((row for row, keep in zip(self.rows, kept, strict=True) if not keep), _LISTED_LINES))
        places = self._places([(row, None) for row in first])
        listed = ", ".join(str(place.line) for place in places if place.file == places[0].file)
        listed += " …" if missing > len(first) or any(place.file != places[0].file for place in places) else ""
        rows = "1 row" if missing == 1 else f"{missing} rows"
        message = f"{rows} without {' or '.join(key)} left out: line{'s' if missing > 1 else ''} {listed}"
        self.findings.append(Finding(Severity.NOTE, "rows-without-key", message, places[0]))
        self.rows = array("Q", compress(self.rows, kept))
        self.cells = {name: packed(list(compress(cells, kept))) for name, cells in self.cells.items()}

    def convert(self, types: Mapping[str, ReadAs]) -> None:
        """Turn columns into their types; empty cells become None (of lists, empty), and every bad cell a finding."""
        for name, kind in types.items():
            empty = getattr(kind, "empty", None)
            texts: dict[Any, Any] = {"": empty, None: empty}
            figures: dict[Any, Any] = {}
            bad: list[tuple[int, str, BadCell]] = []
            values: list[Any] = []
            for index, cell in enumerate(self.cells[name]):
                known = figures if type(cell) is Figure else texts
                try:
                    value = known[cell]
                except KeyError:
                    try:
                        text = cell if known is figures else str(cell)
                        value = known[cell] = cell if is_list(cell, kind) else typed(text, kind)
                    except BadCell as fault:
                        bad.append((index, str(cell), fault))
                        value = None
                values.append(value)
            self.cells[name] = packed(values)
            self._bad_cells(name, bad)

    def settle(self) -> None:
        """Figures that no type reads are texts like any other."""
        for name, cells in self.cells.items():
            if isinstance(cells, list) and Figure in set(map(type, cells)):
                self.cells[name] = packed([str(cell) if type(cell) is Figure else cell for cell in cells])

    def check_keys(self, key: Sequence[str]) -> None:
        """Report every row whose key an earlier row has, naming both lines."""
        if not key:
            return
        again = _again([self.cells[name] for name in key])
        spots = self._spots([index for index, _, _ in again], key[0])
        lines = self._lines([*(index for index, _, _ in again), *(earlier for _, earlier, _ in again)])

        def told(row: tuple[int, int, Any]) -> Finding:
            index, earlier, parts = row
            value = ", ".join(str(part) for part in parts)
            message = f"{', '.join(key)} '{value}' of {lines[index]} is already in {lines[earlier]}"
            return Finding(Severity.ERROR, "duplicate-row-key", message, spots[index], "give each row its own")

        self.findings += capped(again, told, lambda row: spots[row[0]], "rows repeat a key")

    def _spots(self, rows: Sequence[int], column: str) -> dict[int, Place]:
        told = rows[: MANY + 1]  # the rest is only counted
        return dict(zip(told, self._places([(self.rows[index], column) for index in told]), strict=True))

    def _lines(self, rows: Sequence[int]) -> dict[int, str]:
        """What rows are called: by their line, and by their file where there are several."""
        places = self._places([(self.rows[index], None) for index in rows])
        one_file = len({place.file for place in places}) <= 1
        told = (f"line {place.line}" if one_file else str(place) for place in places)
        return dict(zip(rows, told, strict=True))

    def _bad_cells(self, name: str, bad: list[tuple[int, str, BadCell]]) -> None:
        spots = self._spots([index for index, _, _ in bad], name)

        def told(cell: tuple[int, str, BadCell]) -> Finding:
            index, text, fault = cell
            shown = text if len(text) <= 40 else text[:39] + "…"
            message = f"'{name}' should be {fault.expected}, not '{shown}'"
            return Finding(Severity.ERROR, "bad-cell", message, spots[index], fault.hint_for(name))

        if bad:
            self.bad_cells[name] = capped(bad, told, lambda cell: spots[cell[0]], f"bad cells in '{name}'")


def _again(columns: Sequence[Sequence[Any]]) -> list[tuple[int, int, Any]]:
    """Each row with a key that an earlier one has, that one, and the key; only keys whose hashes repeat are kept."""
    suspects = repeated(array("q", map(hash, zip(*columns, strict=True))))
    if not suspects:
        return []
    first: dict[Any, int] = {}
    keyed = ((index, parts) for index, parts in enumerate(zip(*columns, strict=True)) if hash(parts) in suspects)
    placed = ((index, first.setdefault(parts, index), parts) for index, parts in keyed)
    return [one for one in placed if one[0] != one[1]]


def bare_cells(cells: Sequence[Any]) -> Sequence[Any]:
    """A column whose texts have no blanks at their ends; itself where none has."""
    return packed([_bare(cell) for cell in cells]) if any(_bare(cell) is not cell for cell in cells) else packed(cells)


def _bare(cell: Any) -> Any:
    return cell.strip() if isinstance(cell, str) and type(cell) is not Figure else cell


def _filled(cells: Sequence[Any], handles: Sequence[Any], keyed: bytearray) -> Sequence[Any]:
    last: dict[str, Any] = {}
    filled: list[Any] = []
    for index, cell in enumerate(cells):
        handle = handles[index]
        if not cell:
            cell = last.get(handle, cell)
        elif handle and (keyed[index] or handle not in last):
            last[handle] = cell
        filled.append(cell)
    return packed(filled)
