"""Bytes that are too many to be held: what passes them on names where they lie, and what reads them opens that."""

from __future__ import annotations

import hashlib
import io
import itertools
import os
import shutil
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO

from msgspec import Struct

from pressrun.model.store import Store

KEPT = 65536  # bytes of either end


@dataclass(frozen=True, slots=True)
class StoredBytes:
    """An object of a store, of so many bytes; of its ``head`` and ``tail`` so many are known as `KEPT` says, as far as
    it has them."""

    digest: str
    size: int
    head: bytes = field(compare=False, repr=False)
    tail: bytes = field(compare=False, repr=False)
    opened: Callable[[], BinaryIO] = field(compare=False, repr=False)

    @classmethod
    def of(cls, store: Store, digest: str) -> StoredBytes:
        """Raises ObjectMissing."""
        opened = partial(store.opened, digest)
        with opened() as file:
            head, size = file.read(KEPT), file.seek(0, os.SEEK_END)
            file.seek(max(0, size - KEPT))
            return cls(digest, size, head, file.read(), opened)

    def __len__(self) -> int:
        return self.size

    def read(self) -> bytes:
        with self.opened() as file:
            return file.read()


class JoinedBytes(Struct, frozen=True):
    """Bytes and objects of a store, one behind the other."""

    parts: tuple[bytes | StoredBytes, ...]

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    def write(self, out: BinaryIO) -> None:
        for part in self.parts:
            if isinstance(part, bytes):
                out.write(part)
                continue
            with part.opened() as file:
                shutil.copyfileobj(file, out, 1 << 20)

    def read(self) -> bytes:
        out = io.BytesIO()
        self.write(out)
        return out.getvalue()

    def opened(self) -> BinaryIO:
        """All of it as one file, of which only what is read comes into memory."""
        return io.BufferedReader(_Joined(self.parts))


Content = bytes | StoredBytes
Written = bytes | JoinedBytes


def head_of(data: Content) -> bytes:
    """So much of what it begins with as `KEPT` says, at least."""
    return data if isinstance(data, bytes) else data.head


def digest_of(data: Content) -> str:
    """Its SHA-256, as stores have it."""
    return hashlib.sha256(data).hexdigest() if isinstance(data, bytes) else data.digest


def opened(data: Content | JoinedBytes) -> BinaryIO:
    return io.BytesIO(data) if isinstance(data, bytes) else data.opened()


def put(data: Written, out: BinaryIO) -> None:
    """All of it, behind what is in a file already."""
    if isinstance(data, bytes):
        out.write(data)
    else:
        data.write(out)


def whole(data: Content | JoinedBytes) -> bytes:
    return data if isinstance(data, bytes) else data.read()


class ReadAt(io.RawIOBase):
    """A file of so many bytes, of which ``read`` answers some: those from an offset on, that many or fewer."""

    def __init__(self, size: int, read: Callable[[int, int], bytes]) -> None:
        self._size, self._read, self._at = size, read, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, origin + offset)
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # a buffer has no type in 3.11
        if self._at >= self._size:
            return 0
        data = self._read(self._at, len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


class _Joined(ReadAt):
    def __init__(self, parts: tuple[Content, ...]) -> None:
        self._files = [opened(part) for part in parts]
        self._starts = [0, *itertools.accumulate(map(len, parts))]
        super().__init__(self._starts[-1], self._part)

    def _part(self, at: int, count: int) -> bytes:
        number = bisect_right(self._starts, at) - 1
        file = self._files[number]
        file.seek(at - self._starts[number])
        return file.read(count)

    def close(self) -> None:
        for file in self._files:
            file.close()
        super().close()
