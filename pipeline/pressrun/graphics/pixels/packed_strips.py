"""One byte a pixel of a picture that is never there as a whole, deflated."""

from __future__ import annotations

import zlib

from PIL import Image

LEVEL = 6
AT_ONCE = 1 << 20  # bytes


class PackedStrips:
    """Strips from the top, of which only what is packed stays; ``least`` and ``most`` are of all levels."""

    def __init__(self) -> None:
        self._packing, self._packed = zlib.compressobj(LEVEL), bytearray()
        self.least, self.most = 255, 0

    def add(self, strip: Image.Image) -> None:
        least, most = strip.getextrema()
        assert isinstance(least, int | float)
        assert isinstance(most, int | float)
        self.least, self.most = min(self.least, int(least)), max(self.most, int(most))
        self._packed += self._packing.compress(strip.tobytes())

    def finish(self) -> bytes:
        self._packed += self._packing.flush()
        return bytes(self._packed)


def unpacked(packed: bytes, width: int, first: int, last: int) -> Image.Image:
    """The rows of what is packed so from the ``first`` up to the ``last``, which is none of them; of those above it has
    no more than `AT_ONCE` bytes at a time. Raises ValueError where it ends before."""
    unpacking, left = zlib.decompressobj(), first * width
    rows, size, rest = bytearray(), (last - first) * width, packed
    while left or len(rows) < size:
        data = unpacking.decompress(rest, min(left, AT_ONCE) or size - len(rows))
        if not data:
            raise ValueError(f"what is packed ends before row {last}")
        rest = unpacking.unconsumed_tail
        if left:
            left -= len(data)
        else:
            rows += data
    return Image.frombytes("L", (width, last - first), bytes(rows))
