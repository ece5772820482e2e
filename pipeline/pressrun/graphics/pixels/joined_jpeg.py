"""A CMYK JPEG of a picture that is never there as a whole."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

from PIL import Image

from pressrun.graphics.pixels.jpeg_frames import END, RESTART_MARKERS, jpeg_size, parted

RESTARTS = 64  # rows: eight of blocks, behind each of which is one of eight restart markers (ITU-T T.81, B.1.1.3)
STRIP_PIXELS = 3_000_000  # in each ink, some five times over
HEAD = 4096  # bytes, in which all before the coded pixels is


def strip_rows(width: int) -> int:
    """Rows of a strip of a picture that wide."""
    return max(1, STRIP_PIXELS // (width * RESTARTS)) * RESTARTS


class JoinedJpeg:
    """Strips, from the top, joined into one JPEG, which is written as they come. Each is encoded as the whole would be,
    with the same tables and a restart marker after each row of blocks, where the encoder begins anew; so the coded
    strips, one behind the other, are those of the whole. Every strip but the last has a multiple of `RESTARTS` rows."""

    def __init__(self, out: BinaryIO, size: tuple[int, int], quality: int) -> None:
        self._out, self._size, self._quality = out, size, quality
        self._head = b""
        self._rows = 0

    def add(self, strip: Image.Image) -> None:
        assert strip.width == self._size[0]
        assert self._rows % RESTARTS == 0
        out = io.BytesIO()
        strip.save(out, "JPEG", quality=self._quality, subsampling=0, restart_marker_rows=1)
        coded = out.getbuffer()
        head, scan = parted(bytes(coded[:HEAD]), self._size[1])
        if self._rows:
            assert head == self._head, "all strips are coded alike"
            self._out.write(RESTART_MARKERS[-1])
        else:
            self._head = head
            self._out.write(head)
        self._out.write(coded[scan:-2])
        self._rows += strip.height

    def finish(self) -> None:
        assert self._rows == self._size[1]
        self._out.write(END)


def strips_of(file: BinaryIO, first: int = 0) -> Iterator[Image.Image]:
    """The picture of a JPEG that was joined so, `RESTARTS` rows at a time: in CMYK, from the top, or from the strip on
    that has the ``first`` row which is asked for: what is above is passed over, and not decoded."""
    begun = file.read(HEAD)
    (width, height), (_, scan) = jpeg_size(begun), parted(begun, 0)
    held, looked, top = bytearray(begun[scan:]), 0, 0
    while top < height:
        rows = min(RESTARTS, height - top)
        mark = RESTART_MARKERS[-1] if top + rows < height else END
        while (end := held.find(mark, looked)) < 0:
            looked = max(0, len(held) - 1)
            held += _next_bytes(file)
        if top + rows > first:
            coded = parted(begun, rows)[0] + held[:end] + END
            with Image.open(io.BytesIO(coded), formats=("JPEG",)) as strip:
                assert strip.size == (width, rows)
                strip.load()
                yield strip
        del held[: end + 2]
        looked, top = 0, top + rows


def rows_of(file: BinaryIO, first: int, last: int) -> Image.Image:
    """The rows of such a picture from the ``first`` up to the ``last``, which is none of them."""
    top, found = first // RESTARTS * RESTARTS, None
    for strip in strips_of(file, first):
        found = found or Image.new(strip.mode, (strip.width, last - first))
        found.paste(strip, (0, top - first))
        top += strip.height
        if top >= last:
            break
    assert found, "a picture has rows"
    return found


def _next_bytes(file: BinaryIO) -> bytes:
    data = file.read(1 << 20)
    if not data:
        raise OSError("the JPEG of a plate breaks off")
    return data
