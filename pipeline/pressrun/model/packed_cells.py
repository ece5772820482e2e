"""Columns and keys of long tables in little memory: the bytes of their texts in a row, and where each ends.

A text of Python takes 50 bytes besides its letters, which is most of a table of a million rows.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from pressrun.model.made_when_asked import MadeWhenAsked
from pressrun.model.record import Amount

SHORT = 5_000  # rows up to which a table is kept as it is read
_MOST_CODES = 1 << 16
_REPEATED = ({str}, {date, type(None)}, {bool, type(None)})  # kinds of which what is equal is the same
_ERRORS = "surrogatepass"


def is_long(rows: int) -> bool:
    """Whether a table of so many rows is better packed than quick."""
    return rows > SHORT


def packed(cells: Sequence[Any]) -> Sequence[Any]:
    """The same cells in the least memory that is known for their kind; few of them as they are."""
    if not is_long(len(cells)):
        return cells
    kinds = set(map(type, cells))
    if any(kinds <= some for some in _REPEATED) and (coded := _coded(cells)) is not None:
        return coded
    if kinds == {str}:
        return PackedTexts(cells)
    if kinds <= {Decimal, type(None)}:
        return _PackedDecimals(["" if cell is None else str(cell) for cell in cells])
    if kinds <= {Amount, type(None)}:
        return _PackedAmounts(["" if cell is None else f"{cell!s} {cell.currency}" for cell in cells])
    return cells


class PackedTexts(MadeWhenAsked[Any]):
    __slots__ = ("_bytes", "_ends")

    def __init__(self, texts: Iterable[str]) -> None:
        kept = bytearray()
        ends = array("Q", [0])
        for text in texts:
            kept += text.encode("utf-8", _ERRORS)
            ends.append(len(kept))
        self._bytes = bytes(kept)
        self._ends = ends if len(kept) >> 32 else array("I", ends)

    def __len__(self) -> int:
        return len(self._ends) - 1

    def _at(self, index: int) -> str:
        ends = self._ends
        return self._bytes[ends[index] : ends[index + 1]].decode("utf-8", _ERRORS)

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and self._find(text) is not None

    def index(self, text: Any, start: int = 0, stop: int | None = None) -> int:
        """Where a text is first, which is looked for in all at once. Raises ValueError."""
        if start or stop is not None:
            return super().index(text, start, len(self) if stop is None else stop)
        found = self._find(text) if isinstance(text, str) else None
        if found is None:
            raise ValueError(f"{text!r} is not in it")
        return found

    def _find(self, text: str) -> int | None:
        wanted, at = text.encode("utf-8", _ERRORS), 0
        if not wanted:
            return next((index for index in range(len(self)) if self._ends[index] == self._ends[index + 1]), None)
        while (at := self._bytes.find(wanted, at)) >= 0:
            index = bisect_right(self._ends, at) - 1
            if self._ends[index] == at and self._ends[index + 1] == at + len(wanted):
                return index
            at += 1
        return None


class _PackedDecimals(MadeWhenAsked[Any]):
    __slots__ = ("_texts",)

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = packed(texts)

    def __len__(self) -> int:
        return len(self._texts)

    def _at(self, index: int) -> Any:
        text = self._texts[index]
        return Decimal(text) if text else None


class _PackedAmounts(_PackedDecimals):
    __slots__ = ()

    def _at(self, index: int) -> Any:
        text = self._texts[index]
        return Amount(*text.split(" ", 1)) if text else None


class _Coded(MadeWhenAsked[Any]):
    """Cells that repeat: each value once, and a number for every cell."""

    __slots__ = ("_codes", "_values")

    def __init__(self, codes: array[int], values: Sequence[Any]) -> None:
        self._codes, self._values = codes, values

    def __len__(self) -> int:
        return len(self._codes)

    def _at(self, index: int) -> Any:
        return self._values[self._codes[index]]

    def __iter__(self) -> Iterator[Any]:
        return map(self._values.__getitem__, self._codes)


def _coded(cells: Sequence[Any]) -> _Coded | None:
    """None where too few repeat."""
    most = min(_MOST_CODES, len(cells) // 4)
    numbers: dict[Any, int] = {}
    codes = array("H")
    for cell in cells:
        code = numbers.setdefault(cell, len(numbers))
        if code >= most:
            return None
        codes.append(code)
    return _Coded(codes if len(numbers) > 256 else array("B", codes), tuple(numbers))


class PackedIndex(Mapping[Any, int]):
    """What number each key has, the first where several are alike. Keys are found by their hashes, and compared with
    what ``key_at`` says for a number: twelve bytes a key."""

    __slots__ = ("_hashes", "_key_at", "_numbers")

    def __init__(self, numbers: Sequence[int], key_at: Callable[[int], Hashable]) -> None:
        hashes = array("q", [hash(key_at(number)) for number in numbers])
        order = sorted(range(len(hashes)), key=hashes.__getitem__)
        self._hashes = array("q", [hashes[at] for at in order])
        self._numbers = array("I", [numbers[at] for at in order])
        self._key_at = key_at

    def __getitem__(self, key: Any) -> int:
        wanted = hash(key)
        at = bisect_left(self._hashes, wanted)
        while at < len(self._hashes) and self._hashes[at] == wanted:
            number = self._numbers[at]
            if self._key_at(number) == key:
                return number
            at += 1
        raise KeyError(key)

    def __reduce__(self) -> tuple[Any, ...]:
        return PackedIndex, (sorted(self._numbers), self._key_at)  # in another process the same text has another hash

    def __iter__(self) -> Iterator[Any]:
        return map(self._key_at, sorted(self._numbers))

    def __len__(self) -> int:
        return len(self._numbers)


def index_of_keys(numbers: Sequence[int], key_at: Callable[[int], Hashable]) -> Mapping[Any, int]:
    """The number of each key, the first where several are alike."""
    if is_long(len(numbers)):
        return PackedIndex(numbers, key_at)
    found: dict[Any, int] = {}
    for number in numbers:
        found.setdefault(key_at(number), number)
    return found
