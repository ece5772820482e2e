"""Bytes that are too many to be held, and that no store has yet."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import weakref
from collections.abc import Callable
from functools import partial
from typing import BinaryIO

from pressrun.model.stored_bytes import KEPT, Content, ReadAt, StoredBytes

HELD = 4_000_000  # bytes that are not too many


def set_aside(write: Callable[[BinaryIO], None]) -> Content:
    """What ``write`` writes into a file that it is given: as bytes, or if they are many as a file, which has no name,
    and is there as long as the answer is."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  # closed by who has it
    write(file)
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size <= HELD:
        with file:
            return file.read()
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    aside = _Aside(file)
    return StoredBytes(digest, size, aside.read(0, KEPT), aside.read(size - KEPT, KEPT), partial(_opened, aside, size))


class _Aside:
    """A file that is closed when nobody has it any more."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        weakref.finalize(self, file.close)

    def read(self, at: int, count: int) -> bytes:
        self._file.seek(at)
        return self._file.read(count)


def _opened(aside: _Aside, size: int) -> BinaryIO:
    return io.BufferedReader(ReadAt(size, aside.read), 1 << 20)
