"""Artwork within pixels that ends at the trim, or just beyond it, with white where the bleed is (GWG 2015, bleed)."""

from __future__ import annotations

import numpy
from numpy.typing import NDArray

AT_TRIM = 0.6  # points inside the trim; what ends there was meant to end at it
ROUNDING = 0.6  # points that may lack of the bleed: 0.2 mm, or what pixels are rounded by
SHORTEST = 8.0  # points along the trim; of less nobody sees that it is straight
WHITE = 13  # of 255: what is less ink is white that was compressed
DEPTH = 2.0  # points inside the trim that have to be known
_STRAIGHT = 0.5  # points, by which a straight edge may be off


def ends_short(ink: NDArray[numpy.uint8], density: float, bleed: float) -> list[tuple[float, float]]:
    """Where artwork ends in a straight edge along the trim, from and to in points from the first row. ``ink`` is a
    strip along one side of a page: a row for each place along the trim, the outermost column first, from the outer edge
    of the ``bleed`` (points) to `DEPTH` inside the trim; 0 is white. ``density`` is columns and rows to a point."""
    inked = ink > WHITE
    columns = inked.shape[1]
    if not columns or not inked.size:
        return []
    first = inked.argmax(axis=1)
    beyond = bleed - first / density  # how far it reaches beyond the trim
    further_in = numpy.minimum(first + max(1, round(density / 2)), columns - 1)
    solid = numpy.take_along_axis(inked, further_in[:, None], axis=1)[:, 0]
    lacking = max(ROUNDING + 0.5 / density, 1.5 / density)  # where it begins is known to a pixel
    ends = inked.any(axis=1) & solid & (beyond >= -AT_TRIM) & (beyond < bleed - lacking)
    found: list[tuple[float, float]] = []
    begin = 0
    for at in range(1, len(ends) + 1):
        if at < len(ends) and ends[at] and ends[begin] and abs(beyond[at] - beyond[begin]) <= _STRAIGHT:
            continue
        if ends[begin] and (at - begin) / density > SHORTEST:
            found.append((begin / density, at / density))
        begin = at
    return found
