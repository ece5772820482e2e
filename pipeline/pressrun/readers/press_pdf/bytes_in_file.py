"""Streams where they lie in their file: qpdf copies a picture of megabytes several times before its ends are seen."""

from __future__ import annotations

import functools
import re

import pikepdf
from msgspec import Struct

from pressrun.readers.press_pdf.facts import Object

_OPENED = re.compile(rb"\s*(\d+)\s+(\d+)\s+obj\s*<<.{0,2000}?>>\s*stream\r?\n", re.DOTALL)
_NAMED = re.compile(rb"(?<![\w.])(\d{1,8})\s+(\d{1,5})\s+R\b")
_CLOSED = re.compile(rb"\s*endstream\b")


class BytesInFile(Struct, frozen=True):
    """Bytes that lie in others, from their ``start`` to before their ``end``."""

    data: bytes
    start: int
    end: int

    @classmethod
    def alone(cls, data: bytes) -> BytesInFile:
        return cls(data, 0, len(data))

    def first(self, count: int) -> bytes:
        return self.data[self.start : min(self.end, self.start + count)]

    def whole(self) -> bytes:
        return self.data[self.start : self.end]

    def has_in_second_half(self, sign: bytes) -> bool:
        return self.data.rfind(sign, (self.start + self.end) // 2, self.end) >= 0


class Streams:
    """The streams of a file that was read from these bytes, as they are packed."""

    def __init__(self, pdf: pikepdf.Pdf, data: bytes) -> None:
        self._pdf, self._data = pdf, data

    @functools.cached_property
    def _offsets(self) -> dict[tuple[int, int], int]:
        if self._pdf.is_encrypted:
            return {}
        return {key: entry.offset for key, entry in self._pdf.get_xref_table().items() if entry.offset is not None}

    def of(self, stream: Object) -> BytesInFile:
        """Raises what pikepdf raises."""
        offset = self._offsets.get(stream.objgen)
        opened = None if offset is None else _OPENED.match(self._data, offset)
        if opened is not None and (int(opened[1]), int(opened[2])) == stream.objgen:
            end = opened.end() + int(stream.get("/Length", 0))
            if _CLOSED.match(self._data, end):
                return BytesInFile(self._data, opened.end(), end)
        return BytesInFile.alone(bytes(stream.read_raw_bytes()))

    def lost(self) -> int:
        """How many objects the file names in its bytes that are not in it: of a sound one some that were deleted, of a
        damaged one what is lost."""
        there = {one.objgen for one in self._pdf.objects if isinstance(one, pikepdf.Object)}
        return len({(int(number), int(generation)) for number, generation in _NAMED.findall(self._data)} - there)
