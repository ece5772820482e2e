"""What a JPEG says of itself before its coded pixels, and the markers among these (ITU-T T.81, B.1.1.3)."""

from __future__ import annotations

RESTART_MARKERS = tuple(bytes((0xFF, 0xD0 + number)) for number in range(8))
END = b"\xff\xd9"
_SCAN = 0xDA


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


def parted(jpeg: bytes, height: int) -> tuple[bytes, int]:
    """All before the coded pixels, with another height, and where these begin."""
    frame, scan = frame_at(jpeg) + 5, 2
    while jpeg[scan + 1] != _SCAN:
        scan += 2 + int.from_bytes(jpeg[scan + 2 : scan + 4])
    end = scan + 2 + int.from_bytes(jpeg[scan + 2 : scan + 4])
    return jpeg[:frame] + height.to_bytes(2) + jpeg[frame + 2 : end], end
