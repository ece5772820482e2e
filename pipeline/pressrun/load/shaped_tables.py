"""What a job does with a table before its rows are rows: joins, a column for each locale turned into rows, rows left
out, sorted, and as many as are wanted. Columns travel as text; conditions and orders see them in their types."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from pressrun.language.expression import compile_expression
from pressrun.language.lookup import EvaluationError
from pressrun.load.literals_compared import in_line, texts_said, unmatched
from pressrun.load.unmatched_rows import unmatched_rows
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.tables import Join, RowSet, Unpivot
from pressrun.readers.assembled_tables import NO_ROW, DerivedTable, Origin, TurnedOrigin, origins_of
from pressrun.readers.shape import bare_cells
from pressrun.readers.suggestion import did_you_mean
from pressrun.readers.table import Table, identifier
from pressrun.readers.written_table import WrittenTable
from pressrun.readers.yaml_source import KeyPath

At = Callable[[KeyPath], Place]
_EMPTY = 2  # comes behind numbers and texts


class CannotShape(Exception):
    """A finding that leaves no table."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def joined(table: WrittenTable, other: WrittenTable, said: Join, at: At) -> tuple[WrittenTable, list[Finding]]:
    """The table with the columns of another beside its own; a row whose key is empty has no partner. Code:
    ``join-unmatched``. Raises CannotShape."""
    import pandas as pd

    own = [_column(table, name, at(("on",))) for name in said.on]
    theirs = [_column(other, name, at(("on",))) for name in said.on]
    taken = {identifier(header) for header in table.headers}
    further = [number for number, header in enumerate(other.headers) if number not in theirs]
    if said.columns is not None:
        further = [_column(other, name, at(("columns",))) for name in said.columns]
    if twice := next((header for number in further if identifier(header := other.headers[number]) in taken), None):
        hint = "name those that are wanted in `columns`, or rename one in its file"
        raise CannotShape(_error("duplicate-header", f"both tables have a column '{twice}'", at(("file",)), hint))
    on = [f"on {number}" for number in range(len(said.on))]
    left = pd.DataFrame(dict(zip(on, _keys(table, own, "own"), strict=True)), dtype=object)
    right = pd.DataFrame(dict(zip(on, _keys(other, theirs, "other's"), strict=True)), dtype=object)
    left["at"], right["beside"] = range(len(left)), range(len(right))
    try:
        pairs = left.merge(right, how="inner" if said.matched else "left", on=on, validate=said.validate_as, sort=False)
    except pd.errors.MergeError:
        raise CannotShape(_repeated(left, right, on, table, other, said, at)) from None
    chosen = [int(number) for number in pairs["at"]]
    beside = [None if number != number else int(number) for number in pairs["beside"]]
    rows = [NO_ROW if number is None else number for number in beside]
    taken_over = origins_of(other, rows)
    whole = _derived(
        table,
        chosen,
        headers=(*table.headers, *(other.headers[number] for number in further)),
        columns=(
            *([column[number] for number in chosen] for column in table.columns),
            *(["" if number is None else other.columns[one][number] for number in beside] for one in further),
        ),
        origins=(*origins_of(table, chosen), *(taken_over[number] for number in further)),
        faults={
            **_with(table.faults, own, [other.faults.get(number, ()) for number in theirs]),
            **{at: told for at, one in enumerate(further, len(table.headers)) if (told := other.faults.get(one))},
        },
    )
    return whole, unmatched_rows(table, other, own, theirs, left_out=said.matched)


def _with(
    faults: Mapping[int, tuple[Finding, ...]], numbers: Sequence[int], further: Sequence[tuple[Finding, ...]]
) -> dict[int, tuple[Finding, ...]]:
    """Faults of columns, and those of others that stand for them."""
    together = {number: (*faults.get(number, ()), *more) for number, more in zip(numbers, further, strict=True) if more}
    return {**faults, **together}


def unpivoted(table: WrittenTable, said: Unpivot, at: At) -> WrittenTable:
    """A row for each of several columns, as ``de-DE`` and ``fr-FR`` become rows with a locale; empty cells make none.
    Raises CannotShape."""
    import pandas as pd

    wide = [_column(table, name, at(("columns",))) for name in said.columns]
    stay = [number for number in range(len(table.headers)) if number not in wide]
    frame = pd.DataFrame({number: table.columns[number] for number in wide}, dtype=object)
    frame.index.name = "at"
    long = frame.reset_index().melt(id_vars="at", var_name="column", value_name="cell").sort_values("at", kind="stable")
    there = [(int(at), int(number), cell) for at, number, cell in long.itertuples(index=False)
             if not isinstance(cell, str) or cell.strip()]  # fmt: skip
    chosen = [number for number, _, _ in there]
    were = origins_of(table, chosen)
    turned = TurnedOrigin(tuple(were[number] for number in wide), array("I", [wide.index(at) for _, at, _ in there]))
    return _derived(
        table,
        chosen,
        headers=(*(table.headers[number] for number in stay), said.name, said.value),
        columns=(
            *([table.columns[number][at] for at in chosen] for number in stay),
            [table.headers[number] for _, number, _ in there],
            [cell for _, _, cell in there],
        ),
        origins=(*(were[number] for number in stay), turned, turned),
        faults={
            **{at: table.faults[number] for at, number in enumerate(stay) if number in table.faults},
            **{len(stay) + 1: table.faults[number] for number in wide if number in table.faults},
        },
    )


def _derived(
    table: WrittenTable, rows: Sequence[int], *, headers: tuple[str, ...], columns: tuple[list[Any], ...],
    origins: tuple[Origin | TurnedOrigin, ...], faults: Mapping[int, tuple[Finding, ...]],
) -> DerivedTable:  # fmt: skip
    """A table of other columns, whose rows are told as these rows of the one it was."""
    lines = array("Q", [table.lines[row] for row in rows])
    base, in_base = table, rows
    if isinstance(table, DerivedTable):
        base, in_base = table.base, [table.base_rows[row] for row in rows]
    return DerivedTable(
        table.file, table.header_line, headers, columns, lines, replace(base, columns=()), array("q", in_base), origins,
        faults=faults,
    )  # fmt: skip


def chosen_rows(
    raw: WrittenTable, typed: Table, options: RowSet, at: At, key: Callable[[int], str]
) -> tuple[WrittenTable, list[Finding]]:
    """The rows of a table that its job wants, in the order in which it wants them. ``typed`` is the same with cells of
    their types, ``key`` answers a row's. Raises CannotShape."""
    rows = list(range(len(typed)))
    findings: list[Finding] = []
    if options.where is not None:
        rows = list(_that_hold(raw, typed, options.where, at(("where",)), findings))
    for number, name in reversed(list(enumerate(options.sort))):
        column = name.removeprefix("-")
        if column not in typed.columns:
            hint = did_you_mean(column, typed.columns, "columns")
            message = f"{raw.file} has no column '{column}'"
            raise CannotShape(_error("unknown-column", message, at(("sort", number)), hint))
        keys = [_comparable(cell) for cell in typed.column(column)]
        rows.sort(key=keys.__getitem__, reverse=name.startswith("-"))
        rows.sort(key=lambda row, keys=keys: keys[row][0] == _EMPTY)  # type: ignore[misc]  # behind all, either way
    if options.sample is not None and options.sample < len(rows):
        drawn = set(sorted(rows, key=lambda row: hashlib.sha256(key(row).encode()).digest())[: options.sample])
        rows = [row for row in rows if row in drawn]
    rows = rows[: options.limit]
    return raw.chosen([typed.numbers[row] for row in rows]), findings


def _that_hold(
    raw: WrittenTable, table: Table, text: str, place: Place, findings: list[Finding]
) -> Iterator[int]:  # fmt: skip
    expression, faults = compile_expression(text, place)
    if expression is None:
        raise CannotShape(faults[0])
    if unknown := sorted(expression.names - set(table.columns)):
        hint = did_you_mean(unknown[0], table.columns, "columns")
        raise CannotShape(_error("unknown-column", f"{table.file} has no column '{unknown[0]}'", place, hint))
    columns = [one for one in expression.compared if one.attribute is None]
    said = {name: texts_said(table.column(name)) for name in {one.name for one in columns}}
    for one in columns:
        told = unmatched(one.literal, one.name, said[one.name], table.file)
        findings += [replace(finding, place=in_line(place, one)) for finding in told]
    for row in range(len(table)):
        try:
            if expression.test(table.row(row)):
                yield row
        except EvaluationError as error:
            findings.append(_error("bad-value", error.message, raw.place(table.numbers[row]), error.hint))


def _column(table: WrittenTable, name: str, place: Place) -> int:
    """The number of a column by its header, or by the name that templates have for it. Raises CannotShape."""
    for number, header in enumerate(table.headers):
        if name in (header, identifier(header)):
            return number
    hint = did_you_mean(name, table.headers, "columns")
    raise CannotShape(_error("unknown-column", f"'{table.file}' has no column '{name}'", place, hint))


def _keys(table: WrittenTable, numbers: Sequence[int], whose: str) -> list[list[Any]]:
    """The columns of a key, without blanks around; an empty one is like no other, of this table or another."""
    columns = [list(bare_cells(table.columns[number])) for number in numbers]
    for row in range(len(table.lines)):
        if all(column[row] in ("", None) for column in columns):
            columns[0][row] = f" {whose} {row}"  # no key begins with a blank
    return columns


def _repeated(
    left: Any, right: Any, on: list[str], table: WrittenTable, other: WrittenTable, said: Join, at: At
) -> Finding:
    """What is there more than once, and should not be."""
    for frame, written in ((right, other), (left, table)):
        twice = frame[frame.duplicated(on)]
        if len(twice) and (frame is right or said.validate_as == "one_to_one"):
            row = int(twice.index[0])
            value = ", ".join(str(twice.iloc[0][name]) for name in on)
            message = f"'{value}' is in {written.file} more than once, and the join is {said.pairs}"
            hint = "write each once, or say what is meant: pairs: one-to-many"
            return _error("join-not-unique", message, written.place(row), hint)
    return _error("join-not-unique", f"the tables do not go together as {said.pairs}", at(("pairs",)))


def _comparable(value: Any) -> tuple[int, Any, str]:
    """Numbers before texts, and what is empty behind all; texts whatever their case is."""
    if value is None or value == "":
        return _EMPTY, 0, ""
    if isinstance(value, (int, float, Decimal)):
        return 0, value, ""
    return 1, str(value).casefold(), str(value)


def _error(code: str, message: str, place: Place | None, hint: str | None = None) -> Finding:
    return Finding(Severity.ERROR, code, message, place, hint)
