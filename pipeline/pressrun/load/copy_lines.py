"""The lines of a copy table, sorted by what they are for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pressrun.model.copy_book import CopyBook, NarrowedLines
from pressrun.model.project import Rows
from pressrun.readers.table import Table


def copy_book(
    table: Table, conditions: tuple[str, ...], locales: Mapping[str, str], row_sets: Mapping[str, Rows]
) -> CopyBook:
    """The book of a table whose columns ``conditions`` narrow its lines, and whose ``locales`` are by column."""
    words = [_met(table.column(name), row_sets.get(name)) for name in conditions]
    by_key: dict[str, dict[tuple[int, ...], dict[str | tuple[str, ...], int]]] = {}
    for line, key in enumerate(table.column("key")):
        met = tuple([at for at, cells in enumerate(words) if cells[line]])
        keys = words[met[0]][line] if len(met) == 1 else tuple([words[at][line] for at in met])
        by_key.setdefault(key, {}).setdefault(met, {}).setdefault(keys, line)
    entries = {
        key: tuple(
            NarrowedLines(tuple([conditions[at] for at in met]), some[met])
            for met in sorted(some, key=lambda met: (-len(met), met))
        )
        for key, some in by_key.items()
    }
    scopes = {
        key: tuple(name for at, name in enumerate(conditions) if any(at in met for met in some))
        for key, some in by_key.items()
    }
    texts = {locale: [cell.strip() for cell in table.column(column)] for column, locale in locales.items()}
    return CopyBook(table.file, texts, table.lines, entries, scopes)


def _met(cells: Sequence[str], rows: Rows | None) -> Sequence[str]:
    """The keys of rows that a column asks for, each kept once, as the rows have it."""
    known = {key: key for key in rows.keys} if rows is not None else {}
    return [known.get(cell, cell) for cell in cells]
