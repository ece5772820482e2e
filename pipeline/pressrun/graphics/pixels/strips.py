"""Pictures in strips, so that what is reckoned in floats never takes the memory of a whole one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy
from numpy.typing import NDArray
from PIL import Image

from pressrun.graphics.pixels.large_memory import give_back_at_once

STRIP = 2_000_000  # pixels
WHOLE = 6_000_000  # pixels: A3 at the density of a proof; a larger page is drawn in strips


def strips_of(picture: Image.Image, pixels: int = STRIP) -> Iterator[tuple[NDArray[numpy.uint8], tuple[int, int]]]:
    """Rows of a picture, from the top to the bottom, each with where it belongs (left, top)."""
    for box in strip_boxes(picture.size, pixels):
        yield numpy.asarray(picture.crop(box)), box[:2]


def strip_boxes(size: tuple[int, int], pixels: int = STRIP) -> Iterator[tuple[int, int, int, int]]:
    """The boxes of such strips."""
    width, height = size
    rows = max(1, pixels // width)
    for top in range(0, height, rows):
        yield 0, top, width, min(height, top + rows)


def large_parts(size: tuple[int, int]) -> Iterator[tuple[int, int, int, int]]:
    """What of a page of this size is drawn at once: all of it, or of a large one a strip."""
    if size[0] * size[1] <= WHOLE:
        return iter([(0, 0, *size)])
    give_back_at_once()
    return strip_boxes(size)
