"""Bytes that become many: all but the first million lie in a file without a name, so that a table of a million rows
takes no more memory than one of fifty thousand."""

from __future__ import annotations

import os
import tempfile
import threading
import weakref
from array import array
from collections.abc import Callable, Iterable
from typing import NamedTuple

from pressrun.model.made_when_asked import MadeWhenAsked

HELD = 1 << 20  # bytes up to which all are held
PART = 1 << 18  # bytes that are put aside together
_FULL = 1 << 26  # bytes of a file behind which another is begun, so that what nobody has any more goes

_NUMBER = 8  # bytes


class LongBytes:
    """Bytes that are added to at their end, and read by slices."""

    __slots__ = ("_aside", "_held")

    def __init__(self, data: bytes = b"") -> None:
        self._held = bytearray()
        self._aside: list[_Part | bytes] = []
        self.add(data)

    def add(self, data: bytes | bytearray | memoryview) -> None:
        self._held += data
        while len(self._held) >= (PART if self._aside else HELD):
            self._aside.append(_put_aside(bytes(self._held[:PART])))
            del self._held[:PART]

    def __len__(self) -> int:
        return len(self._aside) * PART + len(self._held)

    def __getitem__(self, asked: slice) -> bytes:
        begin, end, _ = asked.indices(len(self))
        kept = len(self._aside) * PART
        if end <= begin:
            return b""
        if begin >= kept:
            return bytes(self._held[begin - kept : end - kept])
        number, at = divmod(begin, PART)
        if end <= (number + 1) * PART:
            return _read(self._aside[number], at, end - begin)
        found = [_read(self._aside[number], at, PART - at)]
        found += [_read(part, 0, PART) for part in self._aside[number + 1 : end // PART]]
        if end > kept:
            found.append(bytes(self._held[: end - kept]))
        elif end % PART:
            found.append(_read(self._aside[end // PART], 0, end % PART))
        return b"".join(found)

    def find(self, wanted: bytes, begin: int = 0) -> int:
        """Where it is first from ``begin`` on; -1 if nowhere."""
        while begin <= len(self):
            if (at := self[begin : begin + PART + len(wanted)].find(wanted)) >= 0:
                return begin + at
            begin += PART
        return -1

    def __reduce__(self) -> tuple[type[LongBytes], tuple[bytes]]:
        return LongBytes, (self[:],)


class LongNumbers(MadeWhenAsked[int]):
    """Whole numbers from 0 up to 2^64, added to at their end."""

    __slots__ = ("_bytes",)

    def __init__(self, numbers: Iterable[int] = ()) -> None:
        self._bytes = LongBytes()
        self.extend(numbers)

    def append(self, number: int) -> None:
        self.extend((number,))

    def extend(self, numbers: Iterable[int]) -> None:
        self._bytes.add(array("Q", numbers).tobytes())

    def span(self, first: int, behind: int) -> array[int]:
        """Those from the ``first`` to before ``behind``, of which there may be fewer."""
        return array("Q", self._bytes[first * _NUMBER : behind * _NUMBER])

    def _at(self, index: int) -> int:
        return self.span(index, index + 1)[0]

    def __len__(self) -> int:
        return len(self._bytes) // _NUMBER


class _File:
    """A file that is closed when nobody has bytes in it any more. It is written by the thread that made it alone, and
    read by processes, too, that were forked from its own."""

    def __init__(self) -> None:
        self._opened = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  # closed by who has it
        weakref.finalize(self, self._opened.close)
        self.process, self.end = os.getpid(), 0

    def add(self, data: bytes) -> int:
        begin = self.end
        self.end += len(data)
        written = 0
        while written < len(data):
            written += os.pwrite(self._opened.fileno(), data[written:], begin + written)
        return begin

    def read(self, at: int, count: int) -> bytes:
        return os.pread(self._opened.fileno(), count, at)


class _Part(NamedTuple):
    file: _File
    begin: int


class _Last(threading.local):
    """The file that this thread put something into last, if anybody has bytes in it."""

    file: Callable[[], _File | None] = staticmethod(lambda: None)


_last = _Last()


def _put_aside(data: bytes) -> _Part | bytes:
    """The bytes themselves where there is no room for them on the disk."""
    try:
        file = _last.file()
        if file is None or file.process != os.getpid() or file.end >= _FULL:
            file = _File()
            _last.file = weakref.ref(file)
        return _Part(file, file.add(data))
    except OSError:
        return data


def _read(part: _Part | bytes, at: int, count: int) -> bytes:
    return part[at : at + count] if isinstance(part, bytes) else part.file.read(part.begin + at, count)
