"""Row sets of which several rows share their sheets: the group of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from pressrun.language.expression import compile_expression
from pressrun.language.lookup import EvaluationError, Lookup
from pressrun.language.operations import describe
from pressrun.language.vocabulary import Thing, Vocabulary
from pressrun.load.campaign_reader import capped
from pressrun.load.names_used import Uses
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.item_list import GROUP
from pressrun.model.job import Job
from pressrun.model.packed_cells import packed
from pressrun.model.project import KeyedRecords, Rows
from pressrun.model.record import Record
from pressrun.readers.yaml_source import YamlSource


def read_groups(
    uses: Uses, job: Job, source: YamlSource, sets: Mapping[str, Rows], tables: Mapping[str, KeyedRecords]
) -> dict[str, Rows]:
    """The row sets, those with the groups of their rows for which a job asks."""
    read = dict(sets)
    looked_up = {name: Thing.of_table("table", table) for name, table in tables.items()}
    for name, options in job.rows.items():
        if options.group_by is None:
            continue
        for kind in ("rows", "tables", "values"):
            if GROUP in getattr(job, kind):
                message = f"'{GROUP}' are the rows of a group, where a row set has `group_by`"
                uses.reader.error("reserved-name", message, source.key_place((kind, GROUP)), "rename it")
        own = Thing.of_table("rows", sets[name]) if name in sets else Thing("unread")
        why = f"a group is made of the columns of {name}, and of `tables`"
        absent = dict.fromkeys((*job.rows, *job.values, "locale", "theme", "copy"), why)
        place = source.text_place(("rows", name, "group_by"))
        if uses.expression(options.group_by, place, Vocabulary({**looked_up, name: own}, absent)) and name in sets:
            found, faults = grouped(sets[name], options.group_by, tables, _line_of)
            uses.reader.add(capped(faults))
            read |= {name: found} if found else {}
    return read


def _line_of(record: Record) -> Place:
    return Place(record._header.file, record._line)


def grouped(
    rows: Rows, by: str | None, tables: Mapping[str, KeyedRecords], place_of: Callable[[Record], Place]
) -> tuple[Rows | None, list[Finding]]:
    """The rows with the keys of their groups, or what is wrong with an expression for them, row by row."""
    expression = compile_expression(by)[0] if by else None
    if expression is None:
        return rows, []
    seen = {name: Lookup(name, table) for name, table in tables.items()}
    keys: list[str] = []
    faults: list[Finding] = []
    for record in rows:
        try:
            keys.append(_key(expression.evaluate({**seen, rows.name: record}), expression.text))
        except EvaluationError as error:
            faults.append(Finding(Severity.ERROR, "no-group", error.message, place_of(record), error.hint))
    return (None, faults) if faults else (replace(rows, groups=packed(tuple(keys))), [])


def _key(value: Any, said: str) -> str:
    key = "" if value is None or isinstance(value, (Record, list, tuple)) else str(value).strip()
    if not key:
        hint = "fill the cell in, so that it is known on which sheet this row stands"
        raise EvaluationError(f"{said} is {describe(value)}, which names no group", hint)
    return key
