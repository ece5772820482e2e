"""A picture in small, from strips of it that are never there together."""

from __future__ import annotations

import io
import math

from PIL import Image

from pressrun.graphics.pixels.joined_jpeg import strips_of
from pressrun.graphics.pixels.jpeg_frames import jpeg_size
from pressrun.graphics.pixels.large_memory import give_back_at_once
from pressrun.model.geometry import Rect
from pressrun.model.stored_bytes import StoredBytes


class ReducedStrips:
    """A picture reduced to a size by the mean of what each pixel covers, as `Image.resize` has it with `BOX`. Strips of
    its whole width come from the top."""

    def __init__(self, whole: tuple[int, int], size: tuple[int, int], mode: str) -> None:
        give_back_at_once()
        self.picture = Image.new(mode, size)
        self._whole, self._scale = whole, whole[1] / size[1]
        self._waiting = Image.new(mode, (whole[0], 0))
        self._top = self._done = 0  # the row at which what waits begins; rows that are reduced

    def add(self, strip: Image.Image) -> None:
        bottom = self._top + self._waiting.height + strip.height
        rows = Image.new(strip.mode, (strip.width, bottom - self._top))
        rows.paste(self._waiting, (0, 0))
        rows.paste(strip, (0, self._waiting.height))
        width, height = self.picture.size
        until = height if bottom == self._whole[1] else min(height, max(self._done, int((bottom - 1) / self._scale)))
        if until > self._done:
            first, last = (at * self._scale - self._top for at in (self._done, until))
            box = 0.0, first, float(rows.width), min(last, float(rows.height))
            reduced = rows.resize((width, until - self._done), Image.Resampling.BOX, box=box)
            self.picture.paste(reduced, (0, self._done))
        kept = max(0, math.floor(until * self._scale) - 1 - self._top)
        self._waiting = rows.crop((0, kept, rows.width, rows.height))
        self._top, self._done = self._top + kept, until


def reduced(jpeg: StoredBytes, size: tuple[int, int]) -> Image.Image:
    """The picture of a JPEG that was joined of strips, in CMYK: of all of it no more than a strip is in memory at a
    time."""
    strips = ReducedStrips(jpeg_size(jpeg.head), size, "CMYK")
    with jpeg.opened() as file:
        for strip in strips_of(file):
            strips.add(strip)
    return strips.picture


def to_be_looked_at(jpeg: StoredBytes, bleed: Rect, density: float) -> bytes:
    """A plate that shows the bleed box, at the most pixels per inch that somebody looks at: none of it is delivered."""
    width, height = jpeg_size(jpeg.head)
    scale = min(1.0, density * bleed.width / 72 / width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    out = io.BytesIO()
    reduced(jpeg, size).save(out, "JPEG", quality=100, subsampling=0)
    return out.getvalue()
