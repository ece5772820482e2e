"""Keys of dictionaries, read as what they should be: what is of another type is told, and taken as absent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import pikepdf

from pressrun.readers.press_pdf.facts import Object
from pressrun.readers.press_pdf.matrix import Matrix

DICTIONARIES = (pikepdf.Dictionary, pikepdf.Stream)  # a stream begins with one
NUMBERS = frozenset((int, Decimal, float))  # as pikepdf hands numbers over; truth values are none
EMPTY = pikepdf.Dictionary()
LARGEST = 1e9  # of any number on a page; arithmetic with more is of no use
Told = Callable[[str], None]


def kind_of(value: Object) -> str:
    """What a value is, in a word."""
    if isinstance(value, bool):
        return "a truth value"
    if isinstance(value, int | Decimal | float):
        return "a number"
    for kind, word in (
        (pikepdf.Stream, "a stream"), (pikepdf.Dictionary, "a dictionary"), (pikepdf.Array, "a list"),
        (pikepdf.Name, "a name"), (pikepdf.String, "text"),
    ):  # fmt: skip
        if isinstance(value, kind):
            return word
    return "nothing" if value is None else "something else"


class Keys:
    """Reads keys; ``told`` hears of each that has the wrong type."""

    def __init__(self, told: Told) -> None:
        self._told = told

    def value(self, holder: Object, key: str) -> Object:
        return holder.get(key) if isinstance(holder, DICTIONARIES) else None

    def dictionary(self, holder: Object, key: str) -> Object:
        """A dictionary, also that of a stream; an empty one where there is none."""
        value = self.value(holder, key)
        if value is None:
            return EMPTY
        return value if isinstance(value, DICTIONARIES) else self._wrong(key, value, "a dictionary", EMPTY)

    def stream(self, holder: Object, key: str) -> pikepdf.Stream | None:
        value = self.value(holder, key)
        if value is None or isinstance(value, pikepdf.Stream):
            return value
        self._wrong(key, value, "a stream", None)
        return None

    def list(self, holder: Object, key: str) -> list[Any]:
        value = self.value(holder, key)
        if value is None:
            return []
        return list(value) if isinstance(value, pikepdf.Array) else self._wrong(key, value, "a list", [])

    def number(self, holder: Object, key: str, default: float) -> float:
        value = self.value(holder, key)
        if value is None:
            return default
        return bounded(value) if is_number(value) else self._wrong(key, value, "a number", default)

    def count(self, holder: Object, key: str, default: int = 0) -> int:
        return int(self.number(holder, key, default))

    def truth(self, holder: Object, key: str, default: bool = False) -> bool:
        value = self.value(holder, key)
        if value is None:
            return default
        return value if isinstance(value, bool) else self._wrong(key, value, "true or false", default)

    def name(self, holder: Object, key: str, default: str = "") -> str:
        """A name without its slash."""
        value = self.value(holder, key)
        if value is None:
            return default
        return str(value)[1:] if isinstance(value, pikepdf.Name) else self._wrong(key, value, "a name", default)

    def text(self, holder: Object, key: str) -> str:
        value = self.value(holder, key)
        if value is None:
            return ""
        return str(value) if isinstance(value, pikepdf.String) else self._wrong(key, value, "text", "")

    def matrix(self, holder: Object, key: str) -> Matrix:
        written = self.list(holder, key)
        if not written:
            return Matrix()
        if len(written) != 6 or not all(is_number(one) for one in written):
            self._wrong(key, self.value(holder, key), "six numbers", None)
            return Matrix()
        return Matrix(*(bounded(one) for one in written))

    def dictionaries(self, holder: Object, key: str) -> Iterator[Object]:
        """The dictionaries of a list."""
        for value in self.list(holder, key):
            if isinstance(value, DICTIONARIES):
                yield value
            else:
                self._wrong(key, value, "a list of dictionaries", None)

    def _wrong(self, key: str, value: Object, wanted: str, instead: Any) -> Any:
        self._told(f"{key} is {kind_of(value)} where {wanted} should stand")
        return instead


def is_number(value: Object) -> bool:
    return type(value) in NUMBERS


def bounded(value: Any) -> float:
    number = float(value)
    if -LARGEST <= number <= LARGEST:
        return number
    return 0.0 if number != number else LARGEST if number > 0 else -LARGEST


class Numbers(tuple[float, ...]):
    """Operands that were read as numbers, none above `LARGEST`."""


class Words(NamedTuple):
    """What an operator shows as text: its strings, and by how much of a letter's thousandths what follows is moved back
    in all."""

    strings: Sequence[bytes]
    moved: float


def numbers(operands: Iterable[Any]) -> tuple[float, ...]:
    """Operands as numbers. Raises ValueError."""
    if type(operands) is Numbers:
        return operands
    read = tuple(operands)
    if not NUMBERS.issuperset(map(type, read)):
        raise ValueError("something else is in the place of a number")
    return tuple(map(bounded, read))
