"""How much ink a page has in all, where it has most, and how much of each."""

from __future__ import annotations

from typing import TypeVar

import numpy
from numpy.typing import NDArray

from pressrun.model.separations import InkPeak, Separations

Sums = NDArray[numpy.float32]
Levels = TypeVar("Levels", NDArray[numpy.uint16], NDArray[numpy.bool_])
PERCENT = numpy.float32(100 / 255)
STROKE = 2.5  # points: how wide small letters are at most, whose overprint is no area of ink
TOLERANCE = 1.0  # percent: plates have steps of 0.4, and there are several


def ink_sums(printed: Separations) -> Sums:
    """All inks together by row and column of pixels, in percent."""
    return _levels(printed).astype(numpy.float32) * PERCENT


def _levels(printed: Separations) -> NDArray[numpy.uint16]:
    total = numpy.zeros(printed.size[::-1], numpy.uint16)
    for plate in printed.plates.values():
        total += numpy.asarray(plate)
    return total


def ink_peak(printed: Separations, limit: float) -> InkPeak:
    """Where most ink lies together (`ink_sums`), over an area that is wider than `STROKE` both ways, and how much
    of the page has more than a ``limit`` (percent) over such an area."""
    levels = _levels(printed)
    side = _side(printed)
    least = _least(levels, side)
    percent = numpy.arange(int(least.max()) + 1, dtype=numpy.float32) * PERCENT  # of each level
    most = float(percent[-1])
    row, column = _middle((percent >= most - TOLERANCE / 2)[least])
    scale = 72 / printed.density
    over = float((percent > limit + TOLERANCE)[least].mean())
    return InkPeak(most, (column + side / 2) * scale, (row + side / 2) * scale, over)


def areas_over(printed: Separations, limit: float) -> NDArray[numpy.bool_]:
    """The pixels of the areas of which `ink_peak` says that they have more than a limit."""
    side = _side(printed)
    over = _least(_levels(printed), side).astype(numpy.float32) * PERCENT > limit + TOLERANCE
    return ~_least(numpy.pad(~over, side - 1, constant_values=True), side)


def _side(printed: Separations) -> int:
    return min(int(STROKE * printed.density / 72) + 1, *printed.size)


def _least(levels: Levels, side: int) -> Levels:
    """The least of each square of so many pixels, by its upper left."""
    done = 1
    while done < side:
        step = min(done, side - done)
        levels = numpy.minimum(levels[:-step], levels[step:])
        levels = numpy.minimum(levels[:, :-step], levels[:, step:])
        done += step
    return levels


def _middle(mask: NDArray[numpy.bool_]) -> tuple[int, int]:
    """A pixel of the widest area of a mask, well within it."""
    left, top, reach = 0, 0, 1
    while min(mask.shape) > 2 * reach:
        inner = _least(mask, 2 * reach + 1)
        if not inner.any():
            break
        mask, left, top, reach = inner, left + reach, top + reach, 2 * reach
    row, column = numpy.unravel_index(int(mask.argmax()), mask.shape)
    return int(row) + top, int(column) + left
