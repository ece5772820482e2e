"""Rows that come from outside while a job runs: a shop's product in place of those in the job's table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from pressrun.load.row_groups import grouped
from pressrun.load.table_options import column_types
from pressrun.load.tables import CURRENCY, amounts, frozen
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.project import Project, Rows
from pressrun.model.record import Header, Record
from pressrun.readers.composed_text import composed
from pressrun.readers.suggestion import did_you_mean, shortened
from pressrun.readers.table import Table, identifier, table_of_items
from pressrun.readers.written_table import MANY


def with_rows(project: Project, said: Mapping[str, Any], place: Place) -> Project:
    """The project with these rows alone: by row set either the key of a row that the job has, or a row's columns.

    A row's columns may be called as in the job or as in its file; what they leave out is as in the job's row with that
    key, else empty. Row sets that are not named stay whole. Raises InputError with every fault.
    """
    said = {composed(name): value for name, value in said.items()}
    faults: list[Finding] = []
    sets = dict(project.row_sets)
    chosen: dict[str, int] = {}
    for name, value in said.items():
        if len(faults) > MANY:
            break
        rows = sets.get(name)
        if rows is None:
            hint = did_you_mean(name, sets, "row sets")
            message = f"there is no row set '{shortened(name)}'"
            faults.append(Finding(Severity.ERROR, "unknown-rows", message, place, hint))
        elif isinstance(value, Mapping):
            found, wrong = _new(project, rows, value, place)
            faults += wrong
            if found:
                sets[name] = found
        elif isinstance(value, (str, int)) and not isinstance(value, bool):
            key = composed(str(value).strip())
            if key in rows.keys:
                chosen[name] = rows.keys.index(key)
                sets[name] = rows.only([chosen[name]])
            elif key in rows.groups:
                sets[name] = rows.only([at for at, group in enumerate(rows.groups) if group == key])
            else:
                message = f"there is no {name} '{shortened(key)}'"
                hint = did_you_mean(key, [*dict.fromkeys(rows.groups), *rows.keys], "keys")
                faults.append(Finding(Severity.ERROR, "unknown-row", message, place, hint))
        else:
            message = f"'{name}' should be the key of a row, or an object of its columns"
            faults.append(Finding(Severity.ERROR, "wrong-row", message, place))
    if not faults:
        faults = _walk_together(project, said, sets, chosen, place)
    if faults:
        raise InputError(faults[:MANY])
    return replace(project, row_sets=sets, loaded=project.loaded or project)


def _walk_together(
    project: Project, said: Mapping[str, Any], sets: dict[str, Rows], chosen: Mapping[str, int], place: Place
) -> list[Finding]:
    """Row sets that walk side by side go with the one that is named."""
    faults = []
    for axis in project.job.expand:
        if isinstance(axis, str) or not any(name in said for name in axis):
            continue
        index = next((chosen[name] for name in axis if name in chosen), None)
        for name in axis:
            if name in said:
                continue
            if index is None:
                message = f"'{name}' walks with {' and '.join(one for one in axis if one in said)}, and is not given"
                faults.append(Finding(Severity.ERROR, "missing-row", message, place, f"name a {name} too"))
            else:
                sets[name] = sets[name].only([index])
    return faults


def _new(project: Project, rows: Rows, value: Mapping[str, Any], place: Place) -> tuple[Rows | None, list[Finding]]:
    options = project.job.rows[rows.name]
    headers = {header: name for name, header in options.columns.items()}
    faults: list[Finding] = []
    cells: dict[str, Any] = {}
    for written, cell in value.items():
        if len(faults) > MANY:
            break
        written = composed(written)
        name = headers.get(written) or (written if written in rows.columns else identifier(written))
        if name in rows.columns:
            cells[name] = _cell(cell)
            continue
        hint = did_you_mean(written, [*rows.columns, *headers], "columns")
        message = f"{rows.name} has no column '{shortened(written)}'"
        faults.append(Finding(Severity.ERROR, "unknown-column", message, place, hint))
    key = str(cells.get(rows.key, "")).strip()
    if not key:
        hint = f"give '{rows.key}', which tells a {rows.name} from the others"
        faults.append(Finding(Severity.ERROR, "row-without-key", f"this {rows.name} has no key", place, hint))
    if faults:
        return None, faults
    known = rows.records[rows.keys.index(key)] if key in rows.keys else None
    whole = {name: cells[name] if name in cells else known[name] if known else "" for name in rows.columns}
    table, findings = table_of_items(
        place.file, [{**whole, rows.key: key}], [place.line or 1], types=column_types(options), key=(rows.key,),
        place_of=lambda path: place,
    )  # fmt: skip
    if any(finding.is_error for finding in findings):
        return None, [replace(finding, place=place) for finding in findings if finding.is_error]
    new = Rows(rows.name, place.file, rows.key, rows.columns, (_record(table, place),), (key,))
    return grouped(new, options.group_by, project.tables, lambda _: place)


def _record(table: Table, place: Place) -> Record:
    columns = [table.column(name) for name in table.columns]
    if CURRENCY in table.columns:
        columns = [amounts(column, table.column(CURRENCY)) for column in columns]
    return Record(Header(table.columns, place.file), [frozen(column[0], place.file) for column in columns], place.line)


def _cell(value: Any) -> Any:
    """As the cell of a CSV: numbers as text, so that a column's type decides what they are; nothing is empty."""
    if value is None:
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return repr(value)
    return composed(value) if isinstance(value, str) else value
