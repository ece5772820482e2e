"""How much ink a page has in all, where it has most, and how much of each."""

from __future__ import annotations

import numpy
from numpy.typing import NDArray

from pressrun.model.separations import InkPeak, Separations

Sums = NDArray[numpy.float32]
STROKE = 2.5  # points: how wide small letters are at most, whose overprint is no area of ink
TOLERANCE = 1.0  # percent: plates have steps of 0.4, and there are several


def ink_sums(printed: Separations) -> Sums:
    """All inks together by row and column of pixels, in percent."""
    total = numpy.zeros(printed.size[::-1], numpy.uint16)
    for plate in printed.plates.values():
        total += numpy.asarray(plate)
    return total.astype(numpy.float32) * numpy.float32(100 / 255)


def ink_peak(printed: Separations, limit: float, wider: float = STROKE) -> InkPeak:
    """Where most ink lies together (`ink_sums`), over an area that is ``wider`` (points) than that both ways, and how
    much of the page has more than a ``limit`` (percent) over such an area."""
    sums = ink_sums(printed)
    side = min(int(wider * printed.density / 72) + 1, *sums.shape)
    least = _least(sums, side)
    most = float(least.max())
    row, column = _middle(least >= most - TOLERANCE / 2)
    scale = 72 / printed.density
    over = float((least > limit + TOLERANCE).mean())
    return InkPeak(most, (column + side / 2) * scale, (row + side / 2) * scale, over)


def _least(sums: Sums, side: int) -> Sums:
    """The least of each square of so many pixels, by its upper left."""
    for axis in (0, 1):
        done = 1
        while done < side:
            step = min(done, side - done)
            ends = sums.shape[axis] - step
            sums = numpy.minimum(numpy.take(sums, range(ends), axis), numpy.take(sums, range(step, ends + step), axis))
            done += step
    return sums


def _middle(mask: NDArray[numpy.bool_]) -> tuple[int, int]:
    """A pixel of the widest area of a mask, well within it."""
    left, top, reach = 0, 0, 1
    while min(mask.shape) > 2 * reach:
        inner = _least(mask.astype(numpy.float32), 2 * reach + 1) > 0
        if not inner.any():
            break
        mask, left, top, reach = inner, left + reach, top + reach, 2 * reach
    row, column = numpy.unravel_index(int(mask.argmax()), mask.shape)
    return int(row) + top, int(column) + left
