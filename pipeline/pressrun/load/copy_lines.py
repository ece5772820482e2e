"""The lines of a copy table, sorted by what they are for."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence

from pressrun.model.copy_book import CopyBook, NarrowedLines
from pressrun.model.packed_cells import index_of_keys, packed
from pressrun.readers.shape import bare_cells
from pressrun.readers.table import Table


def copy_book(
    table: Table, conditions: tuple[str, ...], locales: Mapping[str, str]
) -> CopyBook:
    """The book of a table whose columns ``conditions`` narrow its lines, and whose ``locales`` are by column."""
    words = [table.column(name) for name in conditions]
    by_key: dict[str, dict[tuple[int, ...], array[int]]] = {}
    for line, key in enumerate(table.column("key")):
        met = tuple([at for at, cells in enumerate(words) if cells[line]])
        by_key.setdefault(key, {}).setdefault(met, array("I")).append(line)
    kept = [packed(cells) for cells in words]
    entries = {
        key: tuple(
            NarrowedLines(tuple([conditions[at] for at in met]), _by_keys(some[met], [kept[at] for at in met]))
            for met in sorted(some, key=lambda met: (-len(met), met))
        )
        for key, some in by_key.items()
    }
    scopes = {
        key: tuple(name for at, name in enumerate(conditions) if any(at in met for met in some))
        for key, some in by_key.items()
    }
    texts = {locale: bare_cells(table.column(column)) for column, locale in locales.items()}
    return CopyBook(table.file, texts, array("I", table.lines), entries, scopes)


def _by_keys(lines: Sequence[int], words: Sequence[Sequence[str]]) -> Mapping[str | tuple[str, ...], int]:
    """The first of these lines for each key, or several, of rows."""
    if len(words) == 1:
        return index_of_keys(lines, words[0].__getitem__)
    return index_of_keys(lines, lambda line: tuple([cells[line] for cells in words]))
