"""What a job says of a table, as its reader takes it."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping

from pressrun.language import locale_dates, locale_formats
from pressrun.language.expression import compile_expression
from pressrun.model.finding import Place
from pressrun.model.tables import LookupTable, RowSet, TableOptions
from pressrun.readers.cells import ItemsOf, ReadAs, TruthOf
from pressrun.readers.composed_text import composed
from pressrun.readers.table import identifier
from pressrun.readers.written_table import TableFormat
from pressrun.readers.yaml_source import KeyPath, YamlSource


def table_format(options: TableOptions) -> TableFormat:
    return TableFormat(options.sheet, options.header, options.encoding, options.widths, options.trim)


def columns_read(options: RowSet) -> set[str]:
    """The columns that a row set reads itself, to choose, sort and join its rows."""
    where, _ = compile_expression(options.where) if options.where else (None, [])
    on = {identifier(name) for join in options.join for name in join.on}
    return {*(where.names if where else ()), *(name.removeprefix("-") for name in options.sort), *on}


def column_types(options: RowSet | LookupTable) -> dict[str, ReadAs]:
    """How the columns of a table are read."""
    by_locale = {
        column: functools.partial(locale_formats.read_decimal, locale=locale_formats.locale_code(locale))
        for column, locale in options.decimals.items()
        if locale_formats.is_locale(locale)
    }
    by_words = {name: TruthOf(_words(said.yes), _words(said.no)) for name, said in options.booleans.items()}
    dates = {
        column: locale_dates.written_in(locale_formats.locale_code(locale))
        for column, locale in options.dates.items()
        if locale_formats.is_locale(locale)
    }
    return {**options.types, **by_locale, **dates, **by_words, **lists_of(options.split)}


def _words(written: Iterable[str]) -> frozenset[str]:
    return frozenset(composed(word).strip().casefold() for word in written)


def option_place(source: YamlSource, base: KeyPath, path: KeyPath) -> Place:
    """Where a job writes an option of a table; that of a column's type where it says it, in whichever way."""
    if path[:1] == ("types",):
        said = ((*base, way, *path[1:]) for way in ("types", "decimals", "dates", "booleans", "split"))
        return next((source.place(at) for at in said if at in source.positions), source.place((*base, *path)))
    return source.place((*base, *path))


def lists_of(separators: Mapping[str, str]) -> dict[str, ReadAs]:
    return {column: ItemsOf(sign) for column, sign in separators.items()}
