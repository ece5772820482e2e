"""JPEGs of pages that are much alike: what a page has as the one before had it is not encoded again."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from itertools import cycle, repeat
from typing import Any

import numpy
from msgspec import Struct
from numpy.typing import NDArray
from PIL import Image

from pressrun.graphics.pixels.jpeg_frames import END, RESTART_MARKERS, parted

KEPT = 6_000_000  # pixels of a page that is remembered, at most
_RESTART = re.compile(b"|".join(RESTART_MARKERS))


class _Page(Struct, frozen=True):
    """A page of one ``kind``, in rows of blocks from the top: their pixels, and as they were ``coded``."""

    kind: tuple[Any, ...]
    rows: NDArray[numpy.uint64]
    coded: Sequence[bytes]


class RepeatedRows:
    """Encodes one page after the other. Behind each row of blocks is a restart marker, where the encoder begins anew
    (ITU-T T.81, B.1.1.3): a row is coded as on any other page. Those that the last page had, too, are taken from there,
    and only the others are encoded, as a picture of their own."""

    def __init__(self) -> None:
        self._last: _Page | None = None

    def jpeg(
        self, pixels: bytes | bytearray, size: tuple[int, int], quality: int, *, is_fine: bool, **told: Any
    ) -> bytes:  # fmt: skip
        """A page of so many pixels (RGBX), which nobody writes to any more. ``is_fine``: colours have the resolution of
        the light, and not half of it. ``told`` is what else Pillow takes."""
        (width, height), kind, lines = size, (size, quality, is_fine), 8 if is_fine else 16
        count, words = height // lines, width * lines // 2  # of 64 bits, which are compared at once
        rows = numpy.frombuffer(pixels, numpy.uint64, count * words).reshape(count, words)
        last = one if (one := self._last) and one.kind == kind else None
        is_new = (rows != last.rows).any(axis=1) if last else numpy.ones(count, numpy.bool_)
        is_new[:1] = True  # with which comes all that the file says of itself
        new = pixels if is_new.all() else rows[is_new].tobytes() + pixels[rows.nbytes :]  # with half a row at the foot
        picture = Image.frombuffer("RGBX", (width, len(new) // width // 4), new, "raw", "RGBX", 0, 1)
        out, subsampling = io.BytesIO(), 0 if is_fine else 2
        picture.save(out, "JPEG", quality=quality, subsampling=subsampling, restart_marker_rows=1, **told)
        head, scan = parted(encoded := out.getvalue(), height)
        fresh = iter(_RESTART.split(encoded[scan : -len(END)]))
        known = last.coded if last else repeat(b"")
        coded = [next(fresh) if anew else had for anew, had in zip(is_new, known, strict=False)]
        coded += fresh
        self._last = _Page(kind, rows, coded) if width * height <= KEPT else None
        parts = [part for row in zip(coded, cycle(RESTART_MARKERS), strict=False) for part in row]
        return b"".join((head, *parts[:-1], END))
