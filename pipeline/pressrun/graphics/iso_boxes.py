"""Boxes, of which files of HEIC and AVIF are made (ISO/IEC 14496-12, 4.2)."""

from __future__ import annotations

from collections.abc import Iterator


def iso_boxes(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """The kind of each box, and where what is in it begins and ends: behind the data, where they break off."""
    at = 0
    while at < len(data):
        size, begins = int.from_bytes(data[at : at + 4]), at + 8
        if size == 1:
            size, begins = int.from_bytes(data[at + 8 : at + 16]), at + 16
        end = at + max(size, 8) if size else len(data)  # 0 is all that is left
        yield data[at + 4 : at + 8], begins, end
        at = end
