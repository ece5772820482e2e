"""What a row's sheets read, in a digest a row: a campaign in which one cell changes has one row that is another.

It can be told row by row only where no row goes by another one: not where texts share sizes, rows share sheets,
pictures go by that of an approved row, or sheets were changed by hand.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Sequence

from pressrun.expand import expand_rows
from pressrun.language.vocabulary import SERIAL
from pressrun.model.copy_book import CopyBook
from pressrun.model.job import Row
from pressrun.model.project import Project
from pressrun.model.record import Record

_SHORT = 16  # bytes of a digest


def files_of_rows(project: Project) -> frozenset[str]:
    """The files, as `Project.inputs` names them, that nothing but single rows, and what is told of all, goes by; none
    where rows go by each other."""
    if _go_by_each_other(project):
        return frozenset()
    of_job = {name for name, options in project.job.rows.items() if options.items is not None}  # rows in its own file
    named = {file for name, rows in project.row_sets.items() if name not in of_job for file in rows.files}
    if project.copy is not None:
        named.add(project.copy.file)
    looked_up = {file for table in project.tables.values() for file in table.files}
    return frozenset(named & project.inputs.keys()) - looked_up


def _go_by_each_other(project: Project) -> bool:
    job = project.job
    return bool(
        job.output
        or project.existing
        or project.variants
        or (project.overrides is not None and project.overrides.every)
        or any(rows.groups for rows in project.row_sets.values())
        or any(job.goes_by(slot) for slot in job.pictures)
        or any(layer.size_group for one in project.drawn.values() for layer in one.layout.layers)
    )


def told_of_all(project: Project) -> str:
    """What sheets read of the files of rows besides their own rows, and what loading said of these."""
    sets = [(name, rows.key, rows.columns, len(rows)) for name, rows in sorted(project.row_sets.items())]
    money = sorted({str(row["currency"]) for rows in project.row_sets.values() if "currency" in rows.columns
                    for row in rows})  # fmt: skip
    book = project.copy
    copy = (book.file, book.locales, tuple(book.entries), sorted(book.scopes.items())) if book else ()
    notes = [note.to_dict() for note in project.notes]
    said = repr((sets, money, copy, notes))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def row_digests(project: Project, only: str | None) -> Iterator[tuple[Row, str]]:
    """The rows that are made, each with the digest of all that it says. Raises InputError."""
    copy = _CopyOfRows(project.copy) if project.copy else None
    shown = functools.lru_cache(maxsize=4096)(_shown)  # a region is in many rows
    for row in expand_rows(project, only):
        said = (
            row.id, row.locale, row.theme, row.sources, row.key_values, row.findings, row.values[SERIAL],
            [(name, shown(value) if isinstance(value, Record) else (type(value), value))
             for name, value in row.values.items()],
            copy.of(row) if copy else (),
        )  # fmt: skip
        told = hashlib.blake2b(repr(said).encode("utf-8", "surrogatepass"), digest_size=_SHORT)
        yield row, told.hexdigest()


def _shown(record: Record) -> str:
    cells = [(name, type(cell).__name__, cell) for name, cell in zip(record, record._cells, strict=False)]
    return repr((record._header.file, record._line, cells))


class _CopyOfRows:
    """The copy that rows have: what nothing is asked of is told once a locale."""

    def __init__(self, book: CopyBook) -> None:
        self._book = book
        self._of_all = [name for name in book.entries if not book.scopes.get(name)]
        self._of_some = [name for name in book.entries if book.scopes.get(name)]
        self._told: dict[str, str] = {}

    def of(self, row: Row) -> Sequence[str | None]:
        keys = {"theme": row.theme, **row.keys}
        if row.locale not in self._told:
            self._told[row.locale] = repr([self._book.find(name, keys, row.locale) for name in self._of_all])
        return [self._told[row.locale], *(self._book.find(name, keys, row.locale) for name in self._of_some)]
