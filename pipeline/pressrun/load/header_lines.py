"""A table whose columns are named further down than its first line: below a line of groups, or of a title."""

from __future__ import annotations

from collections.abc import Iterable

from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.tables import Join, LookupTable, RowSet, TableOptions
from pressrun.readers.table import identifier
from pressrun.readers.written_table import WrittenTable

_LOOKED_AT = 5  # rows below the header


def header_below(table: WrittenTable, options: TableOptions) -> Finding | None:
    """An error where no header is one that the job names, and a row below is made of these. Code: ``header-below``."""
    wanted = {identifier(name) or name for name in _named(options)}
    if options.header is not None or not wanted or wanted & _identifiers(table.headers):
        return None
    for row in range(min(_LOOKED_AT, len(table.lines))):
        if wanted <= _identifiers(str(column[row]) for column in table.columns):
            line, listed = table.lines[row], ", ".join(sorted(wanted))
            message = f"the columns are named in line {line} ({listed}), not in line {table.header_line}"
            place = Place(table.place(row).file, line)
            return Finding(Severity.ERROR, "header-below", message, place, f"write `header: {line}` beside the file")
    return None


def _named(options: TableOptions) -> Iterable[str]:
    """The headers that a job counts on: of keys, and those that it gives other names."""
    match options:
        case RowSet(key=key, columns=columns):
            return {columns.get(key, key), *columns.values()}
        case LookupTable(key=keys, columns=columns):
            return {*(columns.get(key, key) for key in keys), *columns.values()}
        case Join(on=on):
            return set(on)
    return ()


def _identifiers(texts: Iterable[str]) -> set[str]:
    return {identifier(text) or text.strip() for text in texts}
