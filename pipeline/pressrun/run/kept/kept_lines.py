"""The lines of a run's record as they are kept: some thousands in an object, and beside them, as values, what of them
is asked when they are carried over, so that nobody has to read them for that."""

from __future__ import annotations

import csv
import io
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from typing import Any, Generic, TypeVar

from msgspec import Struct

from pressrun.model.store import Store

LINES_AT_ONCE = 1000  # in an object: what a changed cell has to be put together anew
QUICK = 1  # of zlib: records are long, and most of each line is in the line before

T = TypeVar("T")
Piece = str | bytes
"""Some lines: the digest of the object that has them, or themselves where they were not put anywhere yet."""


def handfuls(every: Iterable[T]) -> Iterator[list[T]]:
    """As many as are kept in an object."""
    rest = iter(every)
    while some := list(islice(rest, LINES_AT_ONCE)):
        yield some


def values_told(some: Sequence[Any]) -> bytes:
    """Some values, as they are kept together."""
    return json.dumps(some, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def values_of(data: bytes) -> list[Any]:
    """The inverse. Raises ValueError."""
    said: list[Any] = json.loads(data.decode("utf-8", "surrogatepass"))
    return said


def lines_in_pieces(lines: Iterable[bytes]) -> Iterator[bytes]:
    return map(b"".join, handfuls(lines))


def values_in_pieces(values: Iterable[Any]) -> Iterator[bytes]:
    return map(values_told, handfuls(values))


def put_by_name(told: Iterable[tuple[str, bytes]], store: Store) -> dict[str, list[str]]:
    """Keep what comes, each as an object of its own, all by one request; the digests by the names it is told with."""
    names: list[str] = []

    def packed() -> Iterator[bytes]:
        for name, data in told:
            names.append(name)
            yield zlib.compress(data, QUICK)

    found: dict[str, list[str]] = {}
    digests = store.put_many(packed())
    for name, digest in zip(names, digests, strict=True):
        found.setdefault(name, []).append(digest)
    return found


def everything_put(pieces: Mapping[str, Sequence[Piece]], store: Store) -> dict[str, list[str]]:
    """What was not put anywhere yet is, all by one request."""
    lacking = (one for some in pieces.values() for one in some if isinstance(one, bytes))
    digests = iter(store.put_many(zlib.compress(one, QUICK) for one in lacking))
    return {
        name: [one if isinstance(one, str) else next(digests) for one in some] for name, some in pieces.items()
    }  # fmt: skip


def contents(pieces: Sequence[Piece], store: Store) -> Iterator[bytes]:
    """What pieces have. Raises ObjectMissing, zlib.error."""
    digests = [one for one in pieces if isinstance(one, str)]
    kept = zip(digests, store.read_many(digests), strict=True)
    for piece in pieces:
        if isinstance(piece, bytes):
            yield piece
            continue
        digest, packed = next(kept)
        yield zlib.decompress(store.read(digest) if packed is None else packed)


def values_read(pieces: Sequence[Piece], store: Store) -> Iterator[Any]:
    """Likewise of pieces of values, one by one. Raises ObjectMissing, ValueError, zlib.error."""
    for data in contents(pieces, store):
        yield from values_of(data)


class Kind(Struct, Generic[T], frozen=True):
    """How pieces of a kind are taken apart and put together. The item with the number 0 is the one behind the
    ``first``."""

    items: Callable[[bytes], list[T]]
    together: Callable[[Sequence[T]], bytes]
    first: int = 0

    def picked(self, pieces: Sequence[Piece], store: Store, numbers: Iterable[int]) -> dict[int, T]:
        """The items with these numbers. Raises what `contents` does, and IndexError for one that is not there."""
        found: dict[int, T] = {}
        for piece, some in self._by_piece(numbers):
            items = self._items(pieces[piece], store)
            found |= {number: items[at] for number, at in some}
        return found

    def mended(self, pieces: Sequence[Piece], store: Store, others: Mapping[int, T]) -> list[Piece]:
        """Pieces with ``others`` in place of the items with these numbers. Raises likewise."""
        kept = list(pieces)
        for piece, some in self._by_piece(others):
            items = self._items(pieces[piece], store)
            for number, at in some:
                items[at] = others[number]
            kept[piece] = self.together(items)
        return kept

    def _items(self, piece: Piece, store: Store) -> list[T]:
        (data,) = contents([piece], store)
        return self.items(data)

    def _by_piece(self, numbers: Iterable[int]) -> Iterator[tuple[int, list[tuple[int, int]]]]:
        """Piece by piece the numbers that are there, each with its place in it."""
        behind = ((number, number + self.first) for number in sorted(numbers))
        for piece, some in groupby(behind, key=lambda one: one[1] // LINES_AT_ONCE):
            yield piece, [(number, at % LINES_AT_ONCE) for number, at in some]


def _csv_lines(data: bytes) -> list[bytes]:
    return [csv_line(row) for row in csv.reader(io.StringIO(data.decode(), newline=""))]


def csv_line(row: Sequence[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow(row)
    return out.getvalue().encode()


LINES: Kind[bytes] = Kind(lambda data: data.splitlines(keepends=True), b"".join)
VALUES: Kind[Any] = Kind(values_of, values_told)
CSV_LINES: Kind[bytes] = Kind(_csv_lines, b"".join, first=1)  # behind the header
