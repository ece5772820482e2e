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
from typing import Any, TypeVar

from pressrun.model.long_bytes import LongBytes, LongNumbers
from pressrun.model.made_when_asked import MadeWhenAsked
from pressrun.model.record import Amount

T = TypeVar("T")
SHORT = 5_000  # rows up to which a table is kept as it is read
_MOST_CODES = 1 << 16
TOGETHER = 256  # texts of a column that are read together
AT_ONCE = 8192  # cells of a column, or rows, that are worked on together
_REPEATED = ({str}, {date, type(None)}, {bool, type(None)})  # kinds of which what is equal is the same
_HASHED = 0xFFFFFFFF  # bits of a hash that an index keeps
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


def in_batches(items: Iterable[T]) -> Iterator[list[T]]:
    """As many of them at once as are worked on together."""
    rest = iter(items)
    while some := list(islice(rest, AT_ONCE)):
        yield some


class TextPacker:
    """The texts of a column that comes some at a time."""

    def __init__(self) -> None:
        self._bytes, self._ends = LongBytes(), LongNumbers((0,))

    def add(self, texts: Sequence[str]) -> None:
        joined = "".join(texts)
        sizes = map(len, texts if joined.isascii() else [text.encode("utf-8", _ERRORS) for text in texts])
        self._ends.extend(islice(accumulate(sizes, initial=len(self._bytes)), 1, None))
        self._bytes.add(joined.encode("utf-8", _ERRORS))

    def packed(self) -> PackedTexts:
        return PackedTexts(self._bytes, self._ends)


class PackedTexts(MadeWhenAsked[Any]):
    """``ends`` of the texts among their bytes, behind a first zero. Texts that stand together are read together when a
    second one of them is asked for."""

    __slots__ = ("_asked", "_bytes", "_count", "_ends", "_read")

    def __init__(self, joined: LongBytes, ends: LongNumbers) -> None:
        self._bytes, self._ends = joined, ends
        self._count, self._asked = len(ends) - 1, -1
        self._read: tuple[int, list[str]] = (-1, [])

    @classmethod
    def of(cls, texts: Iterable[str]) -> PackedTexts:
        packer = TextPacker()
        for some in in_batches(texts):
            packer.add(some)
        return packer.packed()

    def __len__(self) -> int:
        return self._count

    def _at(self, index: int) -> str:
        if index >= self._count:
            raise IndexError(index)
        number, at = divmod(index, TOGETHER)
        read, texts = self._read
        if read != number:
            if self._asked != number:
                self._asked = number
                begin, end = self._ends.span(index, index + 2)
                return self._bytes[begin:end].decode("utf-8", _ERRORS)
            texts = self._texts(index - at, TOGETHER)
            self._read = number, texts
        return texts[at]

    def _texts(self, first: int, count: int) -> list[str]:
        ends = self._ends.span(first, first + count + 1)
        data = self._bytes[ends[0] : ends[-1]]
        spans = pairwise([end - ends[0] for end in ends])
        if data.isascii():  # letters are as many as bytes
            text = data.decode("ascii")
            return [text[begin:end] for begin, end in spans]
        return [data[begin:end].decode("utf-8", _ERRORS) for begin, end in spans]

    def __iter__(self) -> Iterator[Any]:
        for first in range(0, len(self), AT_ONCE):
            yield from self._texts(first, AT_ONCE)

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
            return next((index for index, one in enumerate(self) if not one), None)
        while (at := self._bytes.find(wanted, at)) >= 0:
            index = bisect_right(self._ends, at) - 1
            texts = self._texts(index, AT_ONCE)  # it is within many others, if it is short
            if text in texts:
                return index + texts.index(text)
            at = self._ends[min(index + AT_ONCE, self._count)]
        return None

    def __reduce__(self) -> tuple[Any, ...]:
        return PackedTexts, (self._bytes, self._ends)


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
    for some in in_batches(cells):
        for cell in dict.fromkeys(some):
            numbers.setdefault(cell, len(numbers))
        if len(numbers) > most:
            return None
        codes.extend(map(numbers.__getitem__, some))
    return _Coded(codes if len(numbers) > 256 else array("B", codes), tuple(numbers))


class PackedIndex(Mapping[Any, int]):
    """What number each key has, the first where several are alike. Keys are found by their hashes, and compared with
    what ``key_at`` says for a number: eight bytes a key."""

    __slots__ = ("_hashes", "_key_at", "_numbers")

    def __init__(self, numbers: Sequence[int], key_at: Callable[[int], Hashable]) -> None:
        hashes = array("I", (hash(key) & _HASHED for key in map(key_at, numbers)))
        order = in_order_of(hashes)
        self._hashes = array("I", map(hashes.__getitem__, order))
        self._numbers = array("I", map(numbers.__getitem__, order))
        self._key_at = key_at

    def __getitem__(self, key: Any) -> int:
        wanted = hash(key) & _HASHED
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
        return array("I", sorted(range(len(numbers)), key=numbers.__getitem__))
    import numpy  # which a small campaign's check does without

    return _told(numpy.argsort(numpy.asarray(numbers), kind="stable").astype(numpy.uint32))


class PackedNumbers:
    """A set of whole numbers from 0 up to 2^64 that grows: eight bytes each, but for the last that came."""

    def __init__(self) -> None:
        self._sorted, self._last = array("Q"), set[int]()

    def add(self, number: int) -> None:
        self._last.add(number)
        if is_long(len(self._last)):
            import numpy

            every = numpy.concatenate([numpy.asarray(self._sorted), numpy.fromiter(self._last, numpy.uint64)])
            every.sort()
            self._sorted = array("Q", every.tobytes())
            self._last.clear()

    def __contains__(self, number: int) -> bool:
        if number in self._last:
            return True
        at = bisect_left(self._sorted, number)
        return at < len(self._sorted) and self._sorted[at] == number


def first_places(numbers: array[int]) -> array[int]:
    """Of each number where it, or one equal to it, stands first."""
    if not is_long(len(numbers)):
        first: dict[int, int] = {}
        return array("I", [first.setdefault(number, at) for at, number in enumerate(numbers)])
    import numpy

    kept = numpy.asarray(numbers)
    order = numpy.argsort(kept, kind="stable").astype(numpy.uint32)
    ordered = kept[order]
    begins = numpy.arange(len(order), dtype=numpy.uint32)
    begins[1:][ordered[1:] == ordered[:-1]] = 0  # behind the first of those that are equal
    del ordered
    places = numpy.empty_like(order)
    places[order] = order[numpy.maximum.accumulate(begins)]
    return _told(places)


def _told(numbers: Any) -> array[int]:
    found = array("I")
    found.frombytes(memoryview(numbers).cast("B"))
    return found


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
