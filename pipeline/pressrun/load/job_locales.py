"""The locales that a job's words may be in, as far as that shows before its expressions are worked out: whoever has to
guess how a table is encoded looks for their letters."""

from __future__ import annotations

from collections.abc import Iterable

from pressrun.language.expression import Expression, compile_expression
from pressrun.language.locale_formats import is_locale
from pressrun.language.vocabulary import is_locale_literal
from pressrun.load.tables import TableReader
from pressrun.model.finding import Finding
from pressrun.model.job import Job
from pressrun.model.project import Rows


def read_row_sets(job: Job, tables: TableReader) -> dict[str, Rows]:
    """The row sets of a job that can be read; those that name locales first, so that the others are read with them."""
    expressions = list(_expressions(job))
    naming = {name for one in expressions for name in one.names}
    tables.locales = _literals(job, expressions)
    findings = tables.reader.findings
    read: dict[str, Rows] = {}
    told: dict[str, list[Finding]] = {}
    before = len(findings)
    for name in sorted(job.rows, key=lambda name: name not in naming):
        rows = tables.rows(name, job.rows[name])
        if rows is not None and name in naming:
            tables.locales |= _named(rows, expressions)
            if any(one.code == "guessed-encoding" for one in findings[before:]):
                del findings[before:]
                rows = tables.rows(name, job.rows[name])
        told[name] = findings[before:]
        del findings[before:]
        if rows is not None:
            read[name] = rows
    for name in job.rows:
        tables.reader.add(told[name])
    return {name: read[name] for name in job.rows if name in read}


def _expressions(job: Job) -> Iterable[Expression]:
    """The one of the locale, and those of the values that it names."""
    left, seen = [job.locale], set()
    while left:
        text = left.pop()
        expression, _ = compile_expression(text)
        if text in seen or expression is None:
            continue
        seen.add(text)
        yield expression
        left += [job.values[name] for name in sorted(expression.names) if name in job.values]


def _literals(job: Job, expressions: Iterable[Expression]) -> set[str]:
    if is_locale_literal(job.locale, {*job.rows, *job.tables, *job.values}):
        return {job.locale}
    values = [one.evaluate({}) for one in expressions if not one.names]
    return {one for one in values if isinstance(one, str) and is_locale(one)}


def _named(rows: Rows, expressions: Iterable[Expression]) -> set[str]:
    columns = {column for one in expressions for name, column in one.columns if name == rows.name}
    cells = {record[column] for column in columns & {*rows.columns} for record in rows.records}
    return {cell for cell in cells if isinstance(cell, str) and is_locale(cell)}
