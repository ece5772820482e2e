"""PDFs in memory that several read one after the other: opened once, and each object in them taken apart once."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pikepdf

MOST_KEPT = 32_000_000  # bytes of a file that stays open until the next one is read

_last = threading.local()


@contextmanager
def opened_once(data: bytes) -> Iterator[pikepdf.Pdf]:
    """A file that nobody else reads. Raises what pikepdf raises."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        yield pdf


@contextmanager
def opened_first(data: bytes) -> Iterator[pikepdf.Pdf]:
    """A file, opened for who is told what was wrong with it; it stays open for who reads it next in this thread, until
    another one is. Raises what pikepdf raises."""
    _last.opened = None
    with opened_once(data) if len(data) > MOST_KEPT else _staying_open(data) as pdf:
        yield pdf


@contextmanager
def _staying_open(data: bytes) -> Iterator[pikepdf.Pdf]:
    pdf = pikepdf.open(io.BytesIO(data))
    _last.opened = data, pdf  # which closes it when nobody has it any more
    yield pdf


@contextmanager
def opened_again(data: bytes) -> Iterator[pikepdf.Pdf]:
    """The file that this thread has read last, if it is that, else opened now. Raises what pikepdf raises."""
    known = getattr(_last, "opened", None)
    if known is not None and known[0] is data:
        yield known[1]
        return
    with opened_once(data) as pdf:
        yield pdf
