"""What templates and expressions see of a row: light, read-only objects, one shared header for thousands of rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any


class Header:
    """The column names that many records share, and the file (or place in a file) they come from."""

    __slots__ = ("file", "index", "names")

    def __init__(self, names: Sequence[str], file: str) -> None:
        self.names = tuple(names)
        self.file = file
        self.index = {name: position for position, name in enumerate(self.names)}


class Record:
    """Named values: ``record.name`` or ``record["name"]``.

    All of its own machinery hides behind a leading underscore, so that a column may be called anything else. Two
    records are the same only if they are one object: that makes a record a cheap key of a cache.
    """

    __slots__ = ("__weakref__", "_cells", "_header", "_line")

    def __init__(self, header: Header, cells: Sequence[Any], line: int | None = None) -> None:
        self._header = header
        self._cells = cells
        self._line = line

    @classmethod
    def _of(cls, values: Mapping[str, Any], file: str) -> Record:
        return cls(Header(tuple(values), file), tuple(values.values()))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # also while a copy is being unpickled, before there is a header
            raise AttributeError(name)
        position = self._header.index.get(name)
        if position is None:
            raise AttributeError(f"there is no '{name}' in {self._header.file}")
        return self._cells[position]

    def __getitem__(self, name: str) -> Any:
        return self._cells[self._header.index[name]]

    def __contains__(self, name: object) -> bool:
        return name in self._header.index

    def __iter__(self) -> Iterator[str]:
        return iter(self._header.names)

    def __len__(self) -> int:
        return len(self._header.names)

    def __reduce__(self) -> tuple[Any, ...]:
        return Record, (self._header, self._cells, self._line)

    def __repr__(self) -> str:
        cells = ", ".join(f"{name}={value!r}" for name, value in zip(self._header.names, self._cells, strict=False))
        return f"Record({cells})"


Mapping.register(Record)


class EmptyCell(str):
    """An empty cell of text as templates see it: one that is printed tells where it stands."""

    column: str
    file: str
    line: int | None

    def __new__(cls, column: str, file: str, line: int | None) -> EmptyCell:
        cell = super().__new__(cls)
        cell.column, cell.file, cell.line = column, file, line
        return cell


class LeftEmpty(str):
    """Nothing, where a template says that nothing stands for a value that is not there: what writes numbers and dates
    has nothing to write."""


LEFT_EMPTY = LeftEmpty()


class Amount(Decimal):
    """A sum of money that knows its currency (ISO 4217), so that no helper can label it with another one.

    Sums and differences need one currency; products and quotients with plain numbers keep it.
    """

    __slots__ = ("currency",)
    currency: str

    def __new__(cls, value: Decimal | int | str, currency: str) -> Amount:
        amount = super().__new__(cls, value)
        amount.currency = currency
        return amount

    def _like(self, value: Any) -> Any:
        return Amount(value, self.currency) if isinstance(value, Decimal) else value

    def _same(self, other: object) -> None:
        if isinstance(other, Amount) and other.currency != self.currency:
            raise ValueError(f"{self} {self.currency} and {other} {other.currency} are different currencies")

    def __add__(self, other: Any) -> Any:
        self._same(other)
        return self._like(super().__add__(other))

    def __radd__(self, other: Any) -> Any:
        return self._like(super().__radd__(other))

    def __sub__(self, other: Any) -> Any:
        self._same(other)
        return self._like(super().__sub__(other))

    def __rsub__(self, other: Any) -> Any:
        return self._like(super().__rsub__(other))

    def __mul__(self, other: Any) -> Any:
        return self._like(super().__mul__(other))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        self._same(other)
        value = super().__truediv__(other)
        return value if isinstance(other, Amount) else self._like(value)

    def __neg__(self) -> Amount:
        return Amount(super().__neg__(), self.currency)

    def __abs__(self) -> Amount:
        return Amount(super().__abs__(), self.currency)

    def __round__(self, digits: int | None = None) -> Any:
        return self._like(super().__round__(digits if digits is not None else 0))

    def quantize(self, *args: Any, **options: Any) -> Amount:
        return Amount(super().quantize(*args, **options), self.currency)

    def __reduce__(self) -> tuple[Any, ...]:
        return Amount, (str(self), self.currency)
