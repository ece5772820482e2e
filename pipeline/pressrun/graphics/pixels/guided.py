"""A guided filter: what is flat is smoothed, what is steep is kept (He, Sun and Tang 2010)."""

from __future__ import annotations

import numpy
from numpy.typing import NDArray
from PIL import Image

Plane = NDArray[numpy.float32]
STRIP = 400  # rows that are reckoned at once, besides those around that they look at


def smoothed(picture: Image.Image, radius: int, light: float, color: float) -> Image.Image:
    """RGB with its light smoothed where it varies by less than ``light`` levels, its colours by less than ``color``."""
    planes = picture.convert("YCbCr").split()
    strengths = (light, color, color)
    done = [_filtered(plane, radius, one) if one else plane for plane, one in zip(planes, strengths, strict=True)]
    return Image.merge("YCbCr", done).convert("RGB")


def _filtered(plane: Image.Image, radius: int, strength: float) -> Image.Image:
    values = numpy.asarray(plane)
    out = numpy.empty_like(values)
    around = 2 * radius + 1
    for top in range(0, len(values), STRIP):
        above, bottom = max(0, top - 2 * around), min(len(values), top + STRIP)
        part = values[above : bottom + 2 * around].astype(numpy.float32)
        out[top:bottom] = numpy.rint(guided(part, radius, strength).clip(0, 255))[top - above : bottom - above]
    return Image.fromarray(out)


def guided(plane: Plane, radius: int, strength: float) -> Plane:
    """A plane guided by itself: near the mean of the (2 radius + 1)² pixels around where they vary by less than
    ``strength``, as it is where they vary by more."""
    mean = box_mean(plane, radius)
    variance = numpy.maximum(box_mean(plane * plane, radius) - mean * mean, 0).astype(numpy.float32)
    keep = variance / (variance + strength * strength)
    done: Plane = box_mean(keep, radius) * plane + box_mean(numpy.asarray((1 - keep) * mean, numpy.float32), radius)
    return done


def box_mean(plane: Plane, radius: int) -> Plane:
    """The mean of the square around each pixel, edges repeated."""
    side = 2 * radius + 1
    around = ((radius + 1, radius), (radius + 1, radius))
    padded: NDArray[numpy.float64] = numpy.pad(plane.astype(numpy.float64), around, mode="edge")
    sums = padded.cumsum(0).cumsum(1)
    total = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    mean: Plane = (total / side**2).astype(numpy.float32)
    return mean
