"""Rows that share a sheet: what they have in common is the sheet's, and all of them are its `rows`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from pressrun.model.finding import Finding, Severity
from pressrun.model.item_list import GROUP
from pressrun.model.job import Row
from pressrun.model.record import Header, Record

SHARED = "what all rows of this group share"


def shared_row(members: Sequence[Row], keys: tuple[str, ...]) -> Row:
    """The row of a sheet for all of `members`, under the group's `keys` and those of the other row sets."""
    first, row_id = members[0], "/".join(keys)
    names = [name for name in first.values if all(name in member.values for member in members)]
    values = {name: value for name in names if (value := _shared([one.values[name] for one in members])) is not _NONE}
    header = Header((*names, "locale"), "a row of the group")
    values[GROUP] = tuple([
        Record(header, [*[one.values[name] for name in names], one.locale], one.place.line if one.place else None)
        for one in members
    ])  # fmt: skip
    found = dict.fromkeys(replace(one, row=row_id) if one.row else one for row in members for one in row.findings)
    for what, told in (("locale", [one.locale for one in members]), ("theme", [one.theme for one in members])):
        if odd := next((one for one, value in zip(members, told, strict=True) if value != told[0]), None):
            message = f"the rows of '{row_id}' have several {what}s: {', '.join(sorted(set(told)))}"
            hint = f"a sheet has one {what}; group by it too, or take it from another row set"
            found[Finding(Severity.ERROR, "mixed-group", message, odd.place, hint, row=row_id)] = None
    return Row(row_id, first.locale, first.theme, values, first.sources, keys, tuple(found), tuple(members))


_NONE = object()


def _shared(values: list[Any]) -> Any:
    """The value that all have, or of whole rows those of their columns in which they are alike; else _NONE."""
    first = values[0]
    if all(_is_same(first, value) for value in values):
        return first
    if not all(isinstance(value, Record) and value._header is first._header for value in values):
        return _NONE
    columns = {name: cell for name in first if (cell := _shared([value[name] for value in values])) is not _NONE}
    return Record._of(columns, SHARED)


def _is_same(one: Any, other: Any) -> bool:
    if one is other:
        return True
    alike = type(one) is type(other) and bool(one == other)
    return alike and getattr(one, "currency", None) == getattr(other, "currency", None)
