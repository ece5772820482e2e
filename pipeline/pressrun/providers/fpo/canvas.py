"""The surface a scene is painted on: float planes, and masks with soft or antialiased edges.

Pixels are sRGB floats in three planes of shape (height, width). Only additions and products touch them, and
edges are rasterised by Pillow in whole numbers, so that the same scene gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from PIL import Image, ImageDraw, ImageFilter

from pressrun.providers.fpo.colour import Colour

Plane = npt.NDArray[np.floating[Any]]
Point = tuple[float, float]
Ink = Colour | Sequence[Plane]
"""One colour, or one array a channel that broadcasts to the mask."""


class Mask(Struct, frozen=True):
    """Coverage 0 to 1 of a rectangle of the canvas whose upper left pixel is (x, y)."""

    x: int
    y: int
    cover: Plane

    @property
    def across(self) -> Plane:
        """Pixel centres of the columns, shape (1, width)."""
        return (np.arange(self.cover.shape[1], dtype=np.float32) + np.float32(self.x + 0.5))[None, :]

    @property
    def down(self) -> Plane:
        """Pixel centres of the rows, shape (height, 1)."""
        return (np.arange(self.cover.shape[0], dtype=np.float32) + np.float32(self.y + 0.5))[:, None]

    def times(self, factor: Plane | float) -> Mask:
        return Mask(
            self.x, self.y, (self.cover * np.float32(factor) if isinstance(factor, float) else self.cover * factor)
        )

    def ramp_down(self, y0: float, y1: float) -> Mask:
        """Full at ``y0``, gone at ``y1`` (either may be the lower one)."""
        return self.times(smooth((np.float32(y1) - self.down) / np.float32(y1 - y0)))

    def ramp_across(self, x0: float, x1: float) -> Mask:
        """Full at ``x0``, gone at ``x1``."""
        return self.times(smooth((np.float32(x1) - self.across) / np.float32(x1 - x0)))


def smooth(t: Plane) -> Plane:
    """Smoothstep of ``t`` clipped to 0..1: a gradient without a visible beginning or end."""
    t = np.clip(t, np.float32(0), np.float32(1))
    ease = t * np.float32(-2)
    ease += np.float32(3)
    t *= t
    t *= ease
    return t


def blend(t: Plane, a: Colour, b: Colour) -> list[Plane]:
    """Arrays for ``a`` where t is 0 and ``b`` where it is 1."""
    return [np.float32(a[c]) + t * np.float32(b[c] - a[c]) for c in range(3)]


def stops(t: Plane, marks: Sequence[tuple[float, Colour]]) -> list[Plane]:
    """Arrays for a gradient through several marks, linear in between."""
    xs = [m[0] for m in marks]
    return [np.interp(t, xs, [m[1][c] for m in marks]).astype(np.float32) for c in range(3)]


class Canvas:
    """An opaque picture in the making. ``quiet`` is 1 where detail is welcome, near 0 where copy will go;
    ``gentle`` is the same with a wide border, for large planes of light and shade."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.px: Plane = np.ones((3, height, width), np.float32)
        self.quiet: Plane = np.ones((height, width), np.float32)
        self.gentle: Plane = self.quiet

    # -- masks ---------------------------------------------------------------------------------------------------

    def all(self) -> Mask:
        return Mask(0, 0, np.ones((self.height, self.width), np.float32))

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Mask:
        """A rectangle with edges exact to a fraction of a pixel."""
        left, top = max(0, int(x0)), max(0, int(y0))
        right, bottom = min(self.width, int(np.ceil(x1))), min(self.height, int(np.ceil(y1)))
        xs = np.arange(left, max(left, right), dtype=np.float32)
        ys = np.arange(top, max(top, bottom), dtype=np.float32)
        cx = np.clip(np.minimum(xs + 1 - np.float32(x0), np.float32(x1) - xs), 0, 1)
        cy = np.clip(np.minimum(ys + 1 - np.float32(y0), np.float32(y1) - ys), 0, 1)
        return Mask(left, top, (cy[:, None] * cx[None, :]).astype(np.float32))

    def shapes(self, polygons: Sequence[Sequence[Point]], soft: float = 0.0) -> Mask:
        """The union of polygons; ``soft`` is the blur's sigma in pixels (0: only antialiased)."""
        polygons = [p for p in polygons if len(p) > 2]
        if not polygons:
            return Mask(0, 0, np.zeros((0, 0), np.float32))
        xs = [x for p in polygons for x, _ in p]
        ys = [y for p in polygons for _, y in p]
        margin = soft * 3 + 1
        left, top = max(0, int(min(xs) - margin)), max(0, int(min(ys) - margin))
        right, bottom = min(self.width, int(max(xs) + margin) + 1), min(self.height, int(max(ys) + margin) + 1)
        width, height = right - left, bottom - top
        if width <= 0 or height <= 0:
            return Mask(0, 0, np.zeros((0, 0), np.float32))
        if soft >= 1.5:
            return Mask(left, top, _blurred(polygons, left, top, width, height, soft))
        scale = 4 if width * height < 600_000 else 3 if width * height < 2_000_000 else 2
        raster = Image.new("L", (width * scale, height * scale))
        pen = ImageDraw.Draw(raster)
        for polygon in polygons:
            pen.polygon([((x - left) * scale - 0.5, (y - top) * scale - 0.5) for x, y in polygon], fill=255)
        return Mask(left, top, _plane(raster.reduce(scale)))

    def shape(self, polygon: Sequence[Point], soft: float = 0.0) -> Mask:
        return self.shapes([polygon], soft)

    def under(self, ridge: Plane, bottom: float) -> Mask:
        """What lies below a line given as one height per column, down to ``bottom``."""
        top = max(0, int(ridge.min()))
        end = max(top, min(self.height, int(bottom + 0.5)))
        rows = np.arange(top, end, dtype=np.float32)[:, None]
        return Mask(0, top, np.clip(rows + 1 - ridge[None, :], 0, 1).astype(np.float32))

    # -- paint ---------------------------------------------------------------------------------------------------

    def _part(self, mask: Mask, strength: float, calm: bool | str) -> tuple[Plane, Plane]:
        height, width = mask.cover.shape
        rows, columns = slice(mask.y, mask.y + height), slice(mask.x, mask.x + width)
        cover = mask.cover * np.float32(strength) if strength != 1.0 else mask.cover
        if calm:
            cover = cover * (self.gentle if calm == "wide" else self.quiet)[rows, columns]
        return self.px[:, rows, columns], cover

    def paint(self, mask: Mask, ink: Ink, strength: float = 1.0, *, calm: bool | str = False) -> None:
        """Lay ``ink`` over; ``calm`` lets it fade where copy will go (``"wide"``: gradually)."""
        part, cover = self._part(mask, strength, calm)
        for c in range(3):
            change = _channel(ink, c) - part[c]
            change *= cover
            part[c] += change

    def shade(self, mask: Mask, tint: Ink, strength: float = 1.0, *, calm: bool | str = False) -> None:
        """Multiply by ``tint``, as a shadow does."""
        part, cover = self._part(mask, strength, calm)
        for c in range(3):
            left = cover * (1 - _channel(tint, c))
            part[c] *= np.subtract(1, left, out=left)

    def light(self, mask: Mask, gain: Colour, strength: float = 1.0, *, calm: bool | str = False) -> None:
        """Multiply by 1 + gain, as more light does; what is nearly white rolls off softly."""
        part, cover = self._part(mask, strength, calm)
        for c in range(3):
            part[c] += part[c] * cover * np.float32(gain[c]) * np.clip(np.float32(1.25) - part[c], 0, 1)

    # -- the end -------------------------------------------------------------------------------------------------

    def to_image(self, grain: Plane | None = None) -> Image.Image:
        out = np.empty((self.height, self.width, 3), np.uint8)
        for c in range(3):
            plane = np.clip(self.px[c] if grain is None else self.px[c] + grain, 0, 1)
            plane *= np.float32(255)
            plane += np.float32(0.5)
            out[..., c] = plane  # cut off to whole numbers
        return Image.fromarray(out)


def _channel(ink: Ink, c: int) -> Plane | np.float32:
    value = ink[c]
    return np.float32(value) if isinstance(value, float | int) else value


def _plane(image: Image.Image) -> Plane:
    return np.asarray(image, np.uint8).astype(np.float32) * np.float32(1 / 255)


def _blurred(polygons: Sequence[Sequence[Point]], left: int, top: int, width: int, height: int, soft: float) -> Plane:
    """Soft shapes need few pixels: draw small with a margin, blur, and enlarge."""
    step = max(1.0, soft / 2.5)
    margin = int(soft * 3 / step) + 2
    columns, rows = int(width / step) + 2 * margin + 1, int(height / step) + 2 * margin + 1
    raster = Image.new("L", (columns * 3, rows * 3))
    pen = ImageDraw.Draw(raster)
    for polygon in polygons:
        pen.polygon(
            [(((x - left) / step + margin) * 3 - 0.5, ((y - top) / step + margin) * 3 - 0.5) for x, y in polygon],
            fill=255,
        )
    small = raster.reduce(3).filter(ImageFilter.GaussianBlur(soft / step))
    area = (float(margin), float(margin), margin + width / step, margin + height / step)
    return _plane(small.resize((width, height), Image.Resampling.BICUBIC, box=area))


def noise(dice: np.random.Generator, width: int, height: int, cell: float, stretch: float = 1.0) -> Plane:
    """Smooth noise of mean about 0 and range -1 to 1; ``cell`` is its grain in pixels, ``stretch`` widens it."""
    columns, rows = max(2, int(width / (cell * stretch)) + 2), max(2, int(height / cell) + 2)
    seed = dice.integers(0, 256, (rows, columns), dtype=np.uint8)
    image = Image.fromarray(seed).resize((width, height), Image.Resampling.BICUBIC)
    return _plane(image) * np.float32(2) - np.float32(1)


def wander(dice: np.random.Generator, count: int, step: float, octaves: int = 3) -> Plane:
    """A wandering line of ``count`` values within -1 to 1; ``step`` is the length of its widest wave."""
    xs = np.arange(count, dtype=np.float64)
    total, weight, height = np.zeros(count), 0.0, 1.0
    for _ in range(octaves):
        knots = dice.random(int(count / step) + 3) * 2 - 1
        at = xs / step
        low = at.astype(np.int64)
        t = at - low
        t = t * t * (3 - 2 * t)
        total += height * (knots[low] * (1 - t) + knots[low + 1] * t)
        weight += height
        step, height = max(2.0, step / 2.3), height / 2.4
    return (total / weight).astype(np.float32)
