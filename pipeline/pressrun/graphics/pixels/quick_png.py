"""PNGs in half the time that trying every filter takes: each row as what it differs by from the one above. Packed by
their repeats, those that are read again soon; a little more closely, those that are delivered."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable

import numpy
from PIL import Image

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOR_TYPES = {"RGB": 2, "RGBA": 6}
UP = 2
MEMORY = 9
Effort = tuple[int, int]
"""A level of zlib, and its strategy."""
REPEATS: Effort = (1, zlib.Z_RLE)
CLOSER: Effort = (2, zlib.Z_DEFAULT_STRATEGY)
Chunk = tuple[bytes, bytes]
"""Its kind, and its data (PNG 3, 5.3)."""


def quick_png(image: Image.Image, effort: Effort = REPEATS, told: Iterable[Chunk] = ()) -> bytes:
    """An RGB or RGBA picture, losslessly, and what is ``told`` of it."""
    pixels = numpy.asarray(image)
    height, width, channels = pixels.shape
    values = pixels.reshape(height, width * channels)
    rows = numpy.empty((height, 1 + width * channels), numpy.uint8)
    rows[:, 0] = UP
    rows[0, 1:] = values[0]
    numpy.subtract(values[1:], values[:-1], out=rows[1:, 1:])
    level, strategy = effort
    packer = zlib.compressobj(level, zlib.DEFLATED, zlib.MAX_WBITS, MEMORY, strategy)
    packed = packer.compress(rows.data) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, COLOR_TYPES[image.mode], 0, 0, 0)
    chunks = [(b"IHDR", head), *told, (b"IDAT", packed), (b"IEND", b"")]
    return SIGNATURE + b"".join(_written(kind, data) for kind, data in chunks)


def profile_chunk(profile: bytes) -> Chunk:
    """An ICC profile (11.3.2.3)."""
    return b"iCCP", b"ICC Profile\0\0" + zlib.compress(profile)


def density_chunk(ppi: float) -> Chunk:
    """Pixels an inch, as pixels a metre (11.3.4.3)."""
    each = round(ppi / 0.0254)
    return b"pHYs", struct.pack(">IIB", each, each, 1)


def exif_chunk(exif: bytes) -> Chunk:
    """Exif, which a JPEG has its name before (11.3.4.5)."""
    return b"eXIf", exif.removeprefix(b"Exif\0\0")


def _written(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(data, zlib.crc32(kind)))
