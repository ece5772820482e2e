"""What a JPEG says of itself in its frame header."""

from __future__ import annotations


def jpeg_size(jpeg: bytes) -> tuple[int, int]:
    """Width and height from a JPEG's frame header (ITU-T T.81, B.2.2)."""
    at = frame_at(jpeg)
    return int.from_bytes(jpeg[at + 7 : at + 9]), int.from_bytes(jpeg[at + 5 : at + 7])


def frame_at(jpeg: bytes) -> int:
    """Where a JPEG's frame header begins."""
    at = 2
    while at < len(jpeg):
        marker, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return at
        at += 2 + length
    raise ValueError("no frame header in the plate")
