"""Photographs that a network doubles: finer than resampled, of the same light, and whole at the joints of its tiles."""

from __future__ import annotations

from collections.abc import Callable

import numpy
import pytest
from PIL import Image, ImageFilter
from steps_kit import made, numbers, step

from pressrun.graphics.learned import doubled_photos
from pressrun.graphics.learned import weights as installed

SIZE = (440, 120)  # more than two tiles wide, as it is doubled


def fence() -> Image.Image:
    """Slanting slats before a soft sky, drawn four times as large."""
    x, y = numpy.meshgrid(numpy.arange(4 * SIZE[0]), numpy.arange(4 * SIZE[1]))
    slats = ((x + y // 3) % 90 < 34)[..., None]
    sky = numpy.stack([140 + 0 * x, 175 + y / 12, 215 - x / 60], -1)
    picture = Image.fromarray(numpy.where(slats, [92, 60, 40], sky).clip(0, 255).astype(numpy.uint8))
    return picture.resize(SIZE, Image.Resampling.BOX)


def noise_ratio(one: Image.Image, other: Image.Image) -> float:
    """How near they are, in decibels."""
    return float(10 * numpy.log10(255**2 / ((numbers(one) - numbers(other)) ** 2).mean()))


@pytest.mark.heavy
def test_a_photograph_is_finer_than_resampled(weights: Callable[..., None]) -> None:
    weights(installed.ENLARGING)
    whole = fence()
    half = whole.resize((SIZE[0] // 2, SIZE[1] // 2), Image.Resampling.BOX)
    learned = made(half, step(type="upscale", factor=2, by="learned"))
    resampled = [made(half, step(type="upscale", factor=2, sharpen=sharpen)) for sharpen in (0, 0.4)]
    assert learned.size == SIZE
    assert noise_ratio(learned, whole) > 0.5 + max(noise_ratio(other, whole) for other in resampled)
    assert abs(numbers(learned).mean() - numbers(whole).mean()) < 1.5
    large = doubled_photos.doubled(half)
    tiled, joint = numbers(large), 2 * doubled_photos.TILE
    across = abs(numpy.diff(tiled, axis=1)).mean((0, 2))
    assert across[joint - 1] < 1.5 * numpy.median(across), "no seam"
    some = made(half.filter(ImageFilter.BoxBlur(0)), step(type="upscale", longest=400, by="learned"))
    assert some.size == (400, 109)
