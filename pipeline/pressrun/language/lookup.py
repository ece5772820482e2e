"""Tables that are looked up by key, and what evaluating an expression may run into."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from pressrun.model.errors import PressrunError


class EvaluationError(PressrunError):
    """An expression cannot be worked out for this row (text compared with a number, an empty date, …)."""

    exit_code = 2


class MissingEntry(EvaluationError):
    """A table has no row under the key asked for. `table` is its name, `key` the parts of the key."""

    def __init__(self, table: str, key: tuple[Any, ...]) -> None:
        self.table = table
        self.key = key
        super().__init__(f"table '{table}' has no entry for {', '.join(str(part) for part in key)}")
        self.args = (table, key)


class KeyedRows(Protocol):
    """What a `Lookup` needs of a table: see `pressrun.readers.table.Table`."""

    def index_of(self, key: tuple[Any, ...]) -> int | None:
        """The number of the row under `key`."""

    def row(self, index: int) -> Mapping[str, Any]:
        """The cells of that row by column."""


class Lookup:
    """A table an expression may index: ``prices[product.sku, region.currency]`` is a row."""

    __slots__ = ("name", "rows")

    def __init__(self, name: str, rows: KeyedRows) -> None:
        self.name = name
        self.rows = rows

    def __getitem__(self, key: Any) -> Mapping[str, Any]:
        parts = key if isinstance(key, tuple) else (key,)
        index = self._index(parts)
        if index is None:
            raise MissingEntry(self.name, parts)
        return self.rows.row(index)

    def __contains__(self, key: Any) -> bool:
        return self._index(key if isinstance(key, tuple) else (key,)) is not None

    def _index(self, parts: tuple[Any, ...]) -> int | None:
        try:
            return self.rows.index_of(parts)
        except TypeError:  # a whole row or a list is no key
            raise EvaluationError(f"table '{self.name}' is looked up by cells, not by rows or lists") from None
