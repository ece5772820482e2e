"""A CMYK JPEG of a picture that is never there as a whole."""

from __future__ import annotations

import io

from PIL import Image

from pressrun.graphics.jpeg_frames import frame_at

RESTARTS = 64  # rows: eight of blocks, behind each of which is one of eight restart markers (ITU-T T.81, B.1.1.3)
STRIP_PIXELS = 3_000_000  # in each ink, some five times over
_LAST_RESTART = b"\xff\xd7"
_SCAN = 0xDA


def strip_rows(width: int) -> int:
    """Rows of a strip of a picture that wide."""
    return max(1, STRIP_PIXELS // (width * RESTARTS)) * RESTARTS


class JoinedJpeg:
    """Strips, from the top, joined into one JPEG. Each is encoded as the whole would be, with the same tables and a
    restart marker after each row of blocks, where the encoder begins anew; so the coded strips, one behind the other,
    are those of the whole. Every strip but the last has a multiple of `RESTARTS` rows."""

    def __init__(self, size: tuple[int, int], quality: int) -> None:
        self._size, self._quality = size, quality
        self._head = b""
        self._out = io.BytesIO()
        self._rows = 0

    def add(self, strip: Image.Image) -> None:
        assert strip.width == self._size[0]
        assert self._rows % RESTARTS == 0
        out = io.BytesIO()
        strip.save(out, "JPEG", quality=self._quality, subsampling=0, restart_marker_rows=1)
        coded = out.getbuffer()
        head, scan = self._parted(bytes(coded[:4096]))
        if self._rows:
            assert head == self._head, "all strips are coded alike"
            self._out.write(_LAST_RESTART)
        else:
            self._head = head
            self._out.write(head)
        self._out.write(coded[scan:-2])
        self._rows += strip.height

    def finished(self) -> bytes:
        assert self._rows == self._size[1]
        self._out.write(b"\xff\xd9")
        return self._out.getvalue()

    def _parted(self, coded: bytes) -> tuple[bytes, int]:
        """All before the coded pixels, with the height of the whole, and where these begin."""
        at = frame_at(coded) + 5
        head = coded[:at] + self._size[1].to_bytes(2) + coded[at + 2 :]
        at = 2
        while coded[at + 1] != _SCAN:
            at += 2 + int.from_bytes(coded[at + 2 : at + 4])
        end = at + 2 + int.from_bytes(coded[at + 2 : at + 4])
        return head[:end], end
