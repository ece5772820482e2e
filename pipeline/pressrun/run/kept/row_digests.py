"""What a row's sheets read, in a digest a row: a campaign in which one cell changes has one row that is another.

It can be told row by row only where no row goes by another one: not where texts share sizes, rows share sheets,
pictures go by that of an approved row, or sheets were changed by hand.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import NoneType
from typing import Any

from pressrun.expand import expand_rows
from pressrun.language.expression import compile_expression
from pressrun.language.lookup import KeyedRows, Lookup
from pressrun.language.vocabulary import SERIAL
from pressrun.model.copy_book import CopyBook
from pressrun.model.job import Row
from pressrun.model.project import KeyedRecords, Project, is_pattern
from pressrun.model.record import Amount, Record
from pressrun.model.table_content import TableTexts

_SHORT = 16  # bytes of a digest
_PLAIN = frozenset({str, int, bool, float, Decimal, date, NoneType})  # whose `repr` says all


def files_of_rows(project: Project, only: str | None) -> frozenset[str]:
    """The files, as `Project.inputs` names them, that nothing but single rows, and what is told of all, goes by; none
    where rows go by each other. What tables say comes to rows by their values, where nothing else asks a table."""
    if _go_by_each_other(project):
        return frozenset()
    of_job = {name for name, options in project.job.rows.items() if options.items is not None}  # rows in its own file
    named = {file for name, rows in project.row_sets.items() if name not in of_job for file in rows.files}
    named |= set(_joined(project))
    if project.copy is not None:
        named.add(project.copy.file)
    asked = _asked_besides(project, only)
    by_table = {name: {*table.files} for name, table in project.tables.items()}
    named |= {file for name, files in by_table.items() if name not in asked for file in files}
    asked_besides = {file for name, files in by_table.items() if name in asked for file in files}
    return frozenset(named & project.inputs.keys()) - asked_besides


def _joined(project: Project) -> Iterator[str]:
    """The files whose columns stand beside those of a row set."""
    campaign = project.campaign
    for file in {one.file for options in project.job.rows.values() for one in options.join}:
        found = campaign.matching(file) if is_pattern(file) else (campaign.find(file),)
        yield from (campaign.shown(path) for path in found if path is not None)


def _asked_besides(project: Project, only: str | None) -> frozenset[str]:
    """The names that lists in layouts, and a condition on sheets, go by: among them those of tables."""
    written = [only] if only else []
    for layout in project.drawn.values():
        for layer in layout.layout.layers:
            texts = layer.table_texts
            lists = [one for one in (layer.repeat, texts and texts.items) if one is not None]
            written += [text for one in lists for text in (one.of, one.where, one.sort) if text]
            written += [texts.by.text] if isinstance(texts, TableTexts) and texts.by else []
    expressions = (compile_expression(text)[0] for text in written)
    return frozenset(name for one in expressions if one is not None for name in one.names)


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
    """What sheets read of the files of rows besides their own rows."""
    sets = [(name, rows.key, rows.columns, len(rows)) for name, rows in sorted(project.row_sets.items())]
    tables = [(name, table.key, table.columns) for name, table in sorted(project.tables.items())]
    money = sorted({str(row["currency"]) for rows in project.row_sets.values() if "currency" in rows.columns
                    for row in rows})  # fmt: skip
    book = project.copy
    copy = (book.file, book.locales, tuple(book.entries), sorted(book.scopes.items())) if book else ()
    said = repr((sets, tables, money, copy))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def row_digests(project: Project, only: str | None) -> Iterator[tuple[Row, str]]:
    """The rows that are made, each with the digest of all that it says. Raises InputError."""
    copy = _CopyOfRows(project.copy) if project.copy else None
    told = _Told()
    for row in expand_rows(project, only):
        own = row.id, row.locale, row.theme, row.sources, row.key_values, row.findings, row.values[SERIAL]
        said = [repr(own), *map(told.of, row.values.values()), *(copy.of(row) if copy else ())]
        digest = hashlib.blake2b("\0".join(said).encode("utf-8", "surrogatepass"), digest_size=_SHORT)
        yield row, digest.hexdigest()


class _Told:
    """All that values say that sheets may read, also what is not seen in their `repr`; never with a NUL in it."""

    def __init__(self) -> None:
        self._record = functools.lru_cache(maxsize=4096)(self._of_record)  # a region is in many rows
        self._table = functools.cache(self._of_table)

    def of(self, value: Any) -> str:
        kind = type(value)
        if kind is Record:
            return self._record(value)
        if kind in _PLAIN:
            return repr(value)
        if kind is Lookup:
            return self._table(value.rows)
        if kind is Amount:
            return repr((kind.__name__, value, value.currency))
        if isinstance(value, Mapping):
            return repr((kind.__name__, [(name, self.of(value[name])) for name in value]))
        if isinstance(value, (list, tuple)):
            return repr((kind.__name__, [self.of(one) for one in value]))
        return repr((kind.__name__, value))

    def _of_record(self, record: Record) -> str:
        cells = tuple(record._cells)
        if not _PLAIN.issuperset(map(type, cells)):
            cells = tuple(map(self.of, cells))
        return repr((record._header.file, record._line, record._header.names, cells))

    def _of_table(self, rows: KeyedRows) -> str:
        assert isinstance(rows, KeyedRecords), "tables of a project are these"
        return repr(list(map(self._of_record, rows.records)))


class _CopyOfRows:
    """The copy that rows have: what nothing is asked of is told once a locale."""

    def __init__(self, book: CopyBook) -> None:
        self._book = book
        self._of_all = [name for name in book.entries if not book.scopes.get(name)]
        self._of_some = [name for name in book.entries if book.scopes.get(name)]
        self._told: dict[str, str] = {}

    def of(self, row: Row) -> Iterator[str]:
        keys, find = {"theme": row.theme, **row.keys}, self._book.find
        if row.locale not in self._told:
            self._told[row.locale] = repr([find(name, keys, row.locale) for name in self._of_all])
        yield self._told[row.locale]
        yield repr([find(name, keys, row.locale) for name in self._of_some])
