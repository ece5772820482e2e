"""Pictures in strips, so that what is reckoned in floats never takes the memory of a whole one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy
from numpy.typing import NDArray
from PIL import Image

STRIP = 2_000_000  # pixels


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
