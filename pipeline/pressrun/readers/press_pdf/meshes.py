"""Colours at the corners of mesh shadings (ISO 32000-1, 8.7.4.5.5 and on): between them there is none with more ink."""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf

from pressrun.readers.press_pdf.budget import Budget
from pressrun.readers.press_pdf.keys import Keys
from pressrun.readers.press_pdf.streams import unpacked

TRIANGLES, LATTICE, COONS, TENSOR = 4, 5, 6, 7
KINDS = (TRIANGLES, LATTICE, COONS, TENSOR)
_POINTS = {COONS: (12, 8), TENSOR: (16, 12)}  # of a patch that stands alone, and of one beside another
_COLORS = (4, 2)


class Unreadable(Exception):
    """A mesh that does not say how it is written."""


def corner_colors(mesh: pikepdf.Stream, components: int, keys: Keys, budget: Budget) -> Iterator[tuple[float, ...]]:
    """The colours that a mesh is written with, each of so many components (1, where a function gives the colours).
    Raises Unreadable, and what reading a stream raises."""
    kind = keys.count(mesh, "/ShadingType")
    point, color = keys.count(mesh, "/BitsPerCoordinate"), keys.count(mesh, "/BitsPerComponent")
    flag = keys.count(mesh, "/BitsPerFlag") if kind != LATTICE else 0
    decode = [float(one) for one in keys.list(mesh, "/Decode")]
    if not (0 < point <= 32 and 0 < color <= 16 and 0 <= flag <= 8) or len(decode) < 4 + 2 * components:
        raise Unreadable
    if kind != LATTICE and not flag:
        raise Unreadable
    ends = [(decode[at], decode[at + 1]) for at in range(4, 4 + 2 * components, 2)]
    bits = _Bits(unpacked(mesh, budget))
    most = (1 << color) - 1
    while True:
        budget.visit()
        edge = bits.read(flag) & 3 if flag else 0
        if kind in _POINTS:
            points, colors = (counts[edge > 0] for counts in (_POINTS[kind], _COLORS))
        else:
            points, colors = 1, 1
        bits.skip(2 * points * point)
        if not bits.has(colors * components * color):
            return
        for _ in range(colors):
            yield tuple(low + bits.read(color) * (high - low) / most for low, high in ends)
        if kind not in _POINTS:
            bits.end_byte()


class _Bits:
    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def has(self, count: int) -> bool:
        return self._at + count <= 8 * len(self._data)

    def skip(self, count: int) -> None:
        self._at += count

    def read(self, count: int) -> int:
        first, last = self._at // 8, (self._at + count + 7) // 8
        word = int.from_bytes(self._data[first:last].ljust(last - first, b"\0"))
        self._at += count
        return word >> (8 * last - self._at) & ((1 << count) - 1)

    def end_byte(self) -> None:
        self._at = (self._at + 7) // 8 * 8
