"""Outlines of what was found coarsely: how much of each pixel is subject, and which colour that has.

Alpha is solved for in closed form (A. Levin, D. Lischinski, Y. Weiss, 2008: in every small window it is linear in the
colours), by conjugate gradients whose products are sums over windows (K. He, J. Sun, X. Tang, 2010), at 800 pixels;
carried to full size by those windows' own lines (K. He, J. Sun, 2015). Colours are solved for by blur fusion (M. Forte,
2021).
"""

from __future__ import annotations

from typing import Any

import numpy
from msgspec import Struct
from numpy.typing import NDArray
from PIL import Image

from pressrun.graphics.mattes.patches import Mask

Values = NDArray[numpy.float64]
LONGEST = 800  # pixels at which it is solved
BAND = 0.01  # of the longer side: how far from the outline as found the true one may be
SURE, SURELY_NOT = 0.9, 0.1
WINDOW, LINES = 3, 2  # pixels around each: of those solved in, and of those carried by
NEARLY_ALIKE = 1e-5  # what a window's colours vary by at least, for its line to be found
STEPS = 30
HELD = 100.0  # how strongly what is sure is held
WIDE, NARROW = 0.03, 0.004  # of the longer side: blurs of the colours


class Matte(Struct, frozen=True):
    """``alpha`` from 0 to 1 at the picture's size; ``unsure`` is the share of the subject that, away from its outline,
    was found neither in nor out."""

    alpha: NDArray[numpy.float32]
    unsure: float


def enlarged(found: NDArray[numpy.float32], size: tuple[int, int]) -> NDArray[numpy.float32]:
    """A coarse finding at a picture's size, softly."""
    soft = numpy.asarray(Image.fromarray(found).resize(size, Image.Resampling.BICUBIC))
    return soft.clip(0, 1)


def matte(picture: Image.Image, found: NDArray[numpy.float32], refine: bool) -> Matte:
    """What of an RGB picture is subject, from a coarse finding of it (0 to 1, of any size)."""
    scale = min(1.0, LONGEST / max(picture.size))
    small = max(1, round(scale * picture.width)), max(1, round(scale * picture.height))
    coarse = enlarged(found, small)
    inside, outside, off = _sure(coarse)
    unsure = float(off.sum() / max(1, (coarse > 0.5).sum()))
    if not refine or not inside.any() or not outside.any():
        return Matte(enlarged(found, picture.size), unsure)
    colors = numpy.asarray(picture.resize(small, Image.Resampling.BOX)).astype(numpy.float64) / 255
    rows, columns = _around(~(inside | outside))
    inside, outside = inside[rows, columns], outside[rows, columns]
    part = _solved(colors[rows, columns], coarse[rows, columns].astype(numpy.float64), inside, outside)
    solved = numpy.where(coarse > 0.5, 1.0, 0.0)
    solved[rows, columns] = numpy.where(inside, 1.0, numpy.where(outside, 0.0, part))
    return Matte(_carried(picture, colors, solved), unsure)


def _sure(coarse: NDArray[numpy.float32]) -> tuple[Mask, Mask, Mask]:
    """What is surely in, what is surely out, and what is neither though it is away from the outline."""
    reach = max(2, round(BAND * max(coarse.shape)))
    near = _mean((coarse > 0.5).astype(numpy.float32), reach)
    deep, far = near > 0.9999, near < 0.0001
    inside, outside = deep & (coarse > SURE), far & (coarse < SURELY_NOT)
    return inside, outside, (deep & ~inside) | (far & ~outside)


def _around(open_part: Mask) -> tuple[slice, slice]:
    """The part of a picture that windows of what is open reach into."""
    margin = 2 * WINDOW + 1
    found = []
    for axis in (1, 0):
        along = numpy.flatnonzero(open_part.any(axis))
        low, high = (along[0], along[-1]) if len(along) else (0, 0)
        found.append(slice(max(0, int(low) - margin), int(high) + margin + 1))
    return found[0], found[1]


class _Windows:
    """The windows around each pixel, and in each the line from colours to alpha that fits best."""

    def __init__(self, colors: Values, reach: int) -> None:
        self._colors, self._reach = colors, reach
        self.count = self._sum(numpy.ones(colors.shape[:2]))
        self._mean = self._sum(colors) / self.count[..., None]
        spread = numpy.empty((*colors.shape, 3))
        for one in range(3):
            for other in range(one, 3):
                product = self._sum(colors[..., one] * colors[..., other]) / self.count
                product -= self._mean[..., one] * self._mean[..., other]
                spread[..., one, other] = spread[..., other, one] = product
        self._inverse = _inverse(spread + NEARLY_ALIKE * numpy.eye(3))

    def lines(self, alpha: Values) -> tuple[Values, Values]:
        """Slope (three colours) and offset of each window's line."""
        mean = self._sum(alpha) / self.count
        joint = self._sum(self._colors * alpha[..., None]) / self.count[..., None] - self._mean * mean[..., None]
        slope = sum(self._inverse[..., colour] * joint[..., colour, None] for colour in range(3))
        assert not isinstance(slope, int)
        offset: Values = mean - (slope * self._mean).sum(-1)
        return slope, offset

    def averaged(self, alpha: Values) -> tuple[Values, Values]:
        """The mean lines of all windows that a pixel is in."""
        slope, offset = self.lines(alpha)
        return self._sum(slope) / self.count[..., None], self._sum(offset) / self.count

    def off(self, alpha: Values) -> Values:
        """How far alpha is from the lines: its product with the matting Laplacian."""
        slope, offset = self.lines(alpha)
        found: Values = self.count * alpha - (self._sum(slope) * self._colors).sum(-1) - self._sum(offset)
        return found

    def _sum(self, values: Values) -> Values:
        for axis in (0, 1):
            values = _summed(values, self._reach, axis)
        return values


def _summed(values: Values, reach: int, axis: int) -> Values:
    """Sums over `reach` neighbours to both sides; there are fewer at the edges."""
    length = values.shape[axis]
    room = [(0, 0)] * values.ndim
    room[axis] = (reach + 1, reach)
    running = numpy.cumsum(numpy.pad(values, room), axis)
    whole: list[slice] = [slice(None)] * values.ndim
    upper, lower = list(whole), list(whole)
    upper[axis], lower[axis] = slice(2 * reach + 1, 2 * reach + 1 + length), slice(0, length)
    summed: Values = running[tuple(upper)] - running[tuple(lower)]
    return summed


def _inverse(spread: Values) -> Values:
    """Of symmetric matrices of three by three, one a pixel: written out, which is many times as fast."""
    a, b, c = spread[..., 0, 0], spread[..., 0, 1], spread[..., 0, 2]
    d, e, f = spread[..., 1, 1], spread[..., 1, 2], spread[..., 2, 2]
    found = numpy.empty_like(spread)
    found[..., 0, 0], found[..., 1, 1], found[..., 2, 2] = d * f - e * e, a * f - c * c, a * d - b * b
    found[..., 0, 1] = found[..., 1, 0] = c * e - b * f
    found[..., 0, 2] = found[..., 2, 0] = b * e - c * d
    found[..., 1, 2] = found[..., 2, 1] = b * c - a * e
    whole = a * found[..., 0, 0] + b * found[..., 0, 1] + c * found[..., 0, 2]
    return found / whole[..., None, None]


def _solved(colors: Values, coarse: Values, inside: Mask, outside: Mask) -> Values:
    """Alpha that is nearly linear in the colours of every window, and as sure as it is where it is sure."""
    windows = _Windows(colors, WINDOW)
    held = HELD * (inside | outside)
    alpha = numpy.where(inside, 1.0, numpy.where(outside, 0.0, coarse))
    weight = 1 / (windows.count + held)
    rest = HELD * inside - windows.off(alpha) - held * alpha
    way = weight * rest
    size = float((rest * way).sum())
    for _ in range(STEPS):
        if size < 1e-6:
            break
        along = windows.off(way) + held * way
        far = size / float((way * along).sum())
        alpha, rest = alpha + far * way, rest - far * along
        next_way = weight * rest
        size, before = float((rest * next_way).sum()), size
        way = next_way + size / before * way
    return alpha.clip(0, 1)


def _carried(picture: Image.Image, colors: Values, alpha: Values) -> NDArray[numpy.float32]:
    """Alpha at the picture's own size: along the outline by the lines of its windows, elsewhere as it is."""
    if (picture.height, picture.width) == alpha.shape:
        return alpha.astype(numpy.float32)
    slope, offset = _Windows(colors, LINES).averaged(alpha)
    open_part = (alpha > 0.004) & (alpha < 0.996)
    near = Image.fromarray((_mean(open_part.astype(numpy.float32), LINES) > 0.0001).astype(numpy.uint8) * 255)
    full = _resized(offset, picture.size)
    shown = numpy.divide(numpy.asarray(picture), 255, dtype=numpy.float32)
    for colour in range(3):
        numpy.add(full, _resized(slope[..., colour], picture.size) * shown[..., colour], out=full)
    edge = numpy.asarray(near.resize(picture.size, Image.Resampling.NEAREST)) > 0
    solid = _resized(alpha, picture.size)
    return numpy.where(edge, full, solid).clip(0, 1)


def _resized(values: Values, size: tuple[int, int]) -> NDArray[numpy.float32]:
    image = Image.fromarray(values.astype(numpy.float32))
    return numpy.array(image.resize(size, Image.Resampling.BILINEAR))


def foreground(picture: Image.Image, alpha: NDArray[numpy.float32]) -> Image.Image:
    """The subject's own colours, where its ground shines through along the outline; an RGB picture."""
    rows, columns = _around((alpha > 0) & (alpha < 1))
    shown = numpy.asarray(picture).astype(numpy.float32)
    part, cover = shown[rows, columns], alpha[rows, columns][..., None]
    subject: NDArray[Any] = part
    ground: NDArray[Any] = part
    for share in (WIDE, NARROW):
        reach = max(1, round(share * max(picture.size)))
        near = _blurred(cover, reach)
        own = _blurred(subject * cover, reach) / numpy.maximum(near, 1e-3)
        ground = _blurred(ground * (1 - cover), reach) / numpy.maximum(1 - near, 1e-3)
        subject = numpy.clip(own + cover * (part - cover * own - (1 - cover) * ground), 0, 255)
    clean = shown.copy()
    clean[rows, columns] = numpy.where(cover < 1, subject, part)
    return Image.fromarray(numpy.rint(clean).astype(numpy.uint8))


def _blurred(values: NDArray[Any], reach: int) -> NDArray[numpy.float32]:
    return numpy.stack([_mean(values[..., plane], reach) for plane in range(values.shape[-1])], -1)


def _mean(values: NDArray[Any], reach: int) -> NDArray[numpy.float32]:
    for axis in (0, 1):
        count = _summed(numpy.ones(values.shape[axis]), reach, 0)
        sums = _summed(values.astype(numpy.float64), reach, axis)
        values = (sums / (count[:, None] if axis == 0 else count)).astype(numpy.float32)
    return values
