"""How much one file may make us do, counted, so that the same file always ends at the same place."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pikepdf

VISITS = 1_000_000  # operators and objects, and one more for each byte that the file has
UNPACKED = 1_000_000_000  # bytes, and RATIO more for each byte that the file has
RATIO = 200  # what pictures of sound files unpack to at most, and much more than text and drawings do
ONE_STREAM = 140_000_000  # bytes of one stream: CMYK of A2 at 300 ppi
MOST_DRAWS = 300_000  # of forms on one page, those in forms counted as often as they come
PATIENCE = 300.0  # seconds; counts end a hostile file long before, this is for what nobody has thought of


class Spent(Exception):
    """The file wants more work than any sound one does."""


class TooLong(Spent):
    """One stream alone unpacks to more than any sound one does."""


class Budget:
    """What is left of it. Raises `Spent` with the same words for the same file."""

    def __init__(self, size: int) -> None:
        self.visits = VISITS + size
        self.unpacked = UNPACKED + RATIO * size
        self._until = time.monotonic() + PATIENCE

    def wait_anew(self) -> None:
        """A large file is read piece by piece: patience is for each."""
        self._until = time.monotonic() + PATIENCE

    def visit(self, count: int = 1) -> None:
        self.visits -= count
        if self.visits < 0:
            raise Spent("it repeats itself more often than any sound file does")
        if not self.visits & 0xFFFF and time.monotonic() > self._until:
            raise Spent("it takes longer to read than any sound file does")

    def unpack(self, count: int) -> None:
        self.unpacked -= count
        if self.unpacked < 0:
            raise Spent("it unpacks to more than any sound file does")
        if time.monotonic() > self._until:
            raise Spent("it takes longer to read than any sound file does")


@contextmanager
def bounded_streams() -> Iterator[None]:
    """No stream unpacks to more than `ONE_STREAM` meanwhile: pikepdf raises an error of its own instead."""
    before = pikepdf.settings.set_qpdf_limits(
        flate_max_memory=ONE_STREAM, png_max_memory=ONE_STREAM, run_length_max_memory=ONE_STREAM,
        tiff_max_memory=ONE_STREAM, dct_max_memory=ONE_STREAM, max_stream_filters=8,
    )  # fmt: skip
    try:
        yield
    finally:
        pikepdf.settings.set_qpdf_limits(**before)  # type: ignore[arg-type]  # the same keys as were given
