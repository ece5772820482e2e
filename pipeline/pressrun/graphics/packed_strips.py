"""One byte a pixel of a picture that is never there as a whole, deflated."""

from __future__ import annotations

import zlib

from PIL import Image

LEVEL = 6


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
