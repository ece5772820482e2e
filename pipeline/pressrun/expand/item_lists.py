"""Lists of a row: an expression becomes items, ordered and cut off where its layer says so."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from pressrun.language.expression import Expression, compile_expression
from pressrun.language.lookup import EvaluationError, Lookup
from pressrun.language.operations import describe
from pressrun.model.errors import InputError
from pressrun.model.finding import Place
from pressrun.model.item_list import COUNTER, COUNTER_FIELDS, ItemList
from pressrun.model.project import KeyedRecords, KeyPath
from pressrun.model.record import Header, Record

_COUNTER = Header(COUNTER_FIELDS, "the number of an item")


class Items(Struct, frozen=True):
    """Items in order, under the name by which they are known; ``left_over`` are those beyond the limit."""

    name: str
    items: tuple[Any, ...]
    left_over: int = 0

    def names(self, of_row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """What an item's templates and expressions see, one item after the other: what the row's do besides."""
        last = len(self.items)
        for at, item in enumerate(self.items, start=1):
            yield {**of_row, self.name: item, COUNTER: Record(_COUNTER, (at, at == 1, at == last, last))}


class CompiledList:
    """A list as a layer writes it, ready for every row. Raises InputError for expressions that may not run."""

    def __init__(self, said: ItemList, path: KeyPath, place_of: Callable[[KeyPath], Place | None]) -> None:
        self.said = said
        self.of = compiled(said.of, place_of((*path, "of")) or place_of(path))
        self.where = compiled(said.where, place_of((*path, "where"))) if said.where else None
        self.sort = compiled(said.sort, place_of((*path, "sort"))) if said.sort else None

    def items(self, names: Mapping[str, Any], tables: Mapping[str, Lookup]) -> Items:
        """The items for what a row's expressions see. Raises EvaluationError where there is no list, or no order."""
        seen = {**tables, **names}
        items = _listed(self.of.evaluate(seen), self.said.of)
        name = self.said.as_
        if self.where is not None:
            where = self.where
            items = tuple(item for item in items if where.test({**seen, name: item}))
        if self.sort is not None:
            keys = [rank(self.sort.evaluate({**seen, name: item})) for item in items]
            try:
                order = sorted(range(len(items)), key=keys.__getitem__, reverse=self.said.descending)
            except TypeError:
                message = f"{self.sort.text}: these have no order, being of several kinds"
                raise EvaluationError(message, "give the column a type (types: {column: decimal})") from None
            items = tuple(items[at] for at in order)
        kept = items if self.said.limit is None else items[: self.said.limit]
        return Items(name, kept, len(items) - len(kept))


def compiled(text: str, place: Place | None) -> Expression:
    """Raises InputError for an expression that may not run."""
    expression, findings = compile_expression(text, place)
    if expression is None:
        raise InputError(findings)
    return expression


def _listed(value: Any, said: str) -> tuple[Any, ...]:
    if value is None or value == "":
        return ()
    if isinstance(value, Lookup) and isinstance(value.rows, KeyedRecords):
        return tuple(value.rows.records)
    if isinstance(value, (list, tuple)):
        return tuple(value)
    hint = "a list of `items`, the `rows` of a group, a table by its name, or a cell that is split: cell.split(', ')"
    raise EvaluationError(f"{said}: this is no list, but {describe(value)}", hint)


def rank(value: Any) -> tuple[Any, ...]:
    """What a value is ordered by: texts by their letters, whatever accents and capitals they have; nothing comes last.
    Values of several kinds have no order."""
    if value is None or value == "":
        return (1,)
    if isinstance(value, (tuple, list)):
        return 0, tuple(map(rank, value))
    if isinstance(value, str):
        letters = unicodedata.normalize("NFKD", value.casefold())
        return 0, "".join(one for one in letters if not unicodedata.combining(one)), value
    if isinstance(value, (int, float, Decimal, dt.date)):
        return 0, value
    return 0, object()  # a whole row, or a list of them
