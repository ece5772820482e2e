"""How inks look, asked once and written down so that a PDF renderer draws what was answered."""

from __future__ import annotations

import functools
import struct
from collections.abc import Callable, Sequence

import numpy
from msgspec import Struct
from numpy.typing import NDArray
from PIL import Image

from pressrun.graphics.color.inks import PressProfile, to_srgb

GRID = 17  # steps of each ink
_D50 = (63190, 65536, 54061)  # in 65536ths (ICC.1, 7.2.16)
_FROM_SRGB = numpy.array([[0.4360747, 0.3850649, 0.1430804], [0.2225045, 0.7168786, 0.0606169],
                          [0.0139322, 0.0971045, 0.7141733]])  # to XYZ of D50 (IEC 61966-2-1, adapted by Bradford)
_WHITE = numpy.array([0.96422, 1.0, 0.82521])
Pixels = NDArray[numpy.uint8]


class Look(Struct, frozen=True):
    """An ICC ``profile`` of four inks, and a table of sRGB for 256 grays, from black alone to paper."""

    profile: bytes
    grays: bytes


@functools.lru_cache(maxsize=4)
def on_paper_of(profile: bytes) -> Look:
    """How inks look through a press profile, as proofs show it."""
    press = PressProfile("", profile, "", "")

    def seen(inks: Pixels) -> Pixels:
        shown: Pixels = numpy.asarray(to_srgb(Image.fromarray(inks[None], "CMYK"), press))[0]
        return shown

    return _look(seen)


@functools.lru_cache(maxsize=4)
def as_planes(planes: tuple[int, ...]) -> Look:
    """How much light three of the inks leave, as red, green and blue."""
    return _look(lambda inks: 255 - inks[:, list(planes)])


def _look(seen: Callable[[Pixels], Pixels]) -> Look:
    steps = numpy.rint(numpy.linspace(0, 255, GRID)).astype(numpy.uint8)
    inks = numpy.stack(numpy.meshgrid(*[steps] * 4, indexing="ij"), -1).reshape(-1, 4)
    black = numpy.zeros((256, 4), numpy.uint8)
    black[:, 3] = 255 - numpy.arange(256)
    return Look(_table_profile(_lab(seen(inks))), seen(black).tobytes())


def _lab(srgb: Pixels) -> NDArray[numpy.float64]:
    """CIELAB of D50."""
    part = srgb / 255.0
    linear = numpy.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    xyz = linear @ _FROM_SRGB.T / _WHITE
    bent = numpy.where(xyz > 216 / 24389, numpy.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    x, y, z = bent.T
    return numpy.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], -1)


def _table_profile(lab: NDArray[numpy.float64]) -> bytes:
    """A CMYK output profile of version 2 with nothing but a table (lut16Type: ICC.1:2001-04, 6.5.7)."""
    coded = numpy.column_stack([lab[:, 0] / 100 * 0xFF00, (lab[:, 1:] + 128) * 256])
    table = numpy.rint(coded.clip(0, 0xFFFF)).astype(">u2").tobytes()
    identity = struct.pack(">9i", *(65536 if at % 4 == 0 else 0 for at in range(9)))
    straight = struct.pack(">2H", 0, 0xFFFF)
    header = b"mft2\0\0\0\0" + bytes([4, 3, GRID, 0]) + identity + struct.pack(">2H", 2, 2)
    named = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"inks\0" + b"\0" * 78
    tags = [
        (b"desc", named),
        (b"cprt", b"text\0\0\0\0none\0"),
        (b"wtpt", b"XYZ \0\0\0\0" + struct.pack(">3i", *_D50)),
        (b"A2B0", header + straight * 4 + table + straight * 3),
    ]
    return _profile(tags)


def _profile(tags: Sequence[tuple[bytes, bytes]]) -> bytes:
    at = 128 + 4 + 12 * len(tags)
    index, body = struct.pack(">I", len(tags)), b""
    for name, data in tags:
        padded = data + b"\0" * (-len(data) % 4)
        index += name + struct.pack(">2I", at + len(body), len(data))
        body += padded
    date = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
    head = struct.pack(">I4xI4s4s4s", at + len(body), 0x02400000, b"prtr", b"CMYK", b"Lab ") + date
    head += b"acsp" + b"\0" * 28 + struct.pack(">3i", *_D50)
    return head.ljust(128, b"\0") + index + body
