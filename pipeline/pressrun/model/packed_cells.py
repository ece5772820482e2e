"""Columns and keys of long tables in little memory: the bytes of their texts in a row, and where each ends.

A text of Python takes 50 bytes besides its letters, which is most of a table of a million rows.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import accumulate, islice, pairwise
from typing import Any

from pressrun.model.made_when_asked import MadeWhenAsked
from pressrun.model.record import Amount

SHORT = 5_000  # rows up to which a table is kept as it is read
_MOST_CODES = 1 << 16
AT_ONCE = 8192  # cells of a column, or rows, that are worked on together
_REPEATED = ({str}, {date, type(None)}, {bool, type(None)})  # kinds of which what is equal is the same
_ERRORS = "surrogatepass"


def is_long(rows: int) -> bool:
    """Whether a table of so many rows is better packed than quick."""
    return rows > SHORT


def packed(cells: Sequence[Any]) -> Sequence[Any]:
    """The same cells in the least memory that is known for their kind; few of them as they are."""
    if not is_long(len(cells)):
        return cells
    if isinstance(cells, PackedTexts):
        return _coded(cells) or cells
    if isinstance(cells, (_Coded, _PackedDecimals)):
        return cells
    kinds = set(map(type, cells))
    if any(kinds <= some for some in _REPEATED) and (coded := _coded(cells)) is not None:
        return coded
    if kinds == {str}:
        return PackedTexts.of(cells)
    if kinds <= {Decimal, type(None)}:
        return _PackedDecimals(["" if cell is None else str(cell) for cell in cells])
    if kinds <= {Amount, type(None)}:
        return _PackedAmounts(["" if cell is None else f"{cell!s} {cell.currency}" for cell in cells])
    return cells


class TextPacker:
    """The texts of a column that comes some at a time."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("Q", [0])

    def add(self, texts: Sequence[str]) -> None:
        joined = "".join(texts)
        sizes = map(len, texts if joined.isascii() else [text.encode("utf-8", _ERRORS) for text in texts])
        self._ends.extend(islice(accumulate(sizes, initial=len(self._bytes)), 1, None))
        self._bytes += joined.encode("utf-8", _ERRORS)

    def told(self) -> tuple[bytes, array[int]]:
        """All their bytes, and where each ends, behind a first zero."""
        return bytes(self._bytes), self._ends if len(self._bytes) >> 32 else array("I", self._ends)


class PackedTexts(MadeWhenAsked[Any]):
    __slots__ = ("_bytes", "_ends")

    def __init__(self, packer: TextPacker) -> None:
        self._bytes, self._ends = packer.told()

    @classmethod
    def of(cls, texts: Iterable[str]) -> PackedTexts:
        packer, rest = TextPacker(), iter(texts)
        while some := list(islice(rest, AT_ONCE)):
            packer.add(some)
        return cls(packer)

    def __len__(self) -> int:
        return len(self._ends) - 1

    def _at(self, index: int) -> str:
        ends = self._ends
        return self._bytes[ends[index] : ends[index + 1]].decode("utf-8", _ERRORS)

    def __iter__(self) -> Iterator[Any]:
        for first in range(0, len(self), AT_ONCE):
            ends = self._ends[first : first + AT_ONCE + 1]
            data = self._bytes[ends[0] : ends[-1]]
            spans = pairwise([end - ends[0] for end in ends])
            if data.isascii():  # letters are as many as bytes
                text = data.decode("ascii")
                yield from [text[begin:end] for begin, end in spans]
            else:
                yield from [data[begin:end].decode("utf-8", _ERRORS) for begin, end in spans]

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
        hashes = array("q", map(hash, map(key_at, numbers)))
        order = in_order_of(hashes)
        self._hashes = array("q", map(hashes.__getitem__, order))
        self._numbers = array("I", map(numbers.__getitem__, order))
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


def in_order_of(numbers: array[int]) -> array[int]:
    """Where the numbers stand in their order, of equal ones the first first; without an object for any of many."""
    if not is_long(len(numbers)):
        return array("q", sorted(range(len(numbers)), key=numbers.__getitem__))
    import numpy  # which a small campaign's check does without

    return array("q", numpy.argsort(numpy.asarray(numbers), kind="stable").tobytes())


def first_places(numbers: array[int]) -> array[int]:
    """Of each number where it, or one equal to it, stands first."""
    if not is_long(len(numbers)):
        first: dict[int, int] = {}
        return array("q", [first.setdefault(number, at) for at, number in enumerate(numbers)])
    import numpy

    _, first_at, which = numpy.unique(numpy.asarray(numbers), return_index=True, return_inverse=True)
    return array("q", first_at[which].tobytes())


def repeated(numbers: array[int]) -> set[int]:
    """Those that are there more than once."""
    if not is_long(len(numbers)):
        return {one for one, other in pairwise(sorted(numbers)) if one == other}
    import numpy

    ordered = numpy.sort(numpy.asarray(numbers))
    return set(ordered[1:][ordered[1:] == ordered[:-1]].tolist())


def index_of_keys(numbers: Sequence[int], key_at: Callable[[int], Hashable]) -> Mapping[Any, int]:
    """The number of each key, the first where several are alike."""
    if is_long(len(numbers)):
        return PackedIndex(numbers, key_at)
    found: dict[Any, int] = {}
    for number in numbers:
        found.setdefault(key_at(number), number)
    return found
