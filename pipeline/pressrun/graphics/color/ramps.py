"""Greys that become colours: a table of 256 values for each of red, green and blue."""

from __future__ import annotations

from collections.abc import Sequence

import numpy
from PIL import Image

Color = tuple[int, int, int]


def ramp_tables(stops: Sequence[tuple[float, Color]]) -> list[list[int]]:
    """What every grey becomes between stops, which are greys from 0 to 1 in their order, each with its colour."""
    at = numpy.arange(256) / 255
    places = [place for place, _ in stops]
    return [
        numpy.rint(numpy.interp(at, places, [color[channel] for _, color in stops])).astype(int).tolist()
        for channel in range(3)
    ]


def through(gray: Image.Image, tables: Sequence[Sequence[int]]) -> Image.Image:
    """A picture of greys in the colours of tables."""
    return Image.merge("RGB", [gray.point(list(table)) for table in tables])
