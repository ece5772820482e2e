"""Noise that is the same on every machine and with every version: drawn from the bits of a generator that is fixed."""

from __future__ import annotations

import numpy
from numpy.typing import NDArray
from PIL import Image

# The sum of four bytes: its mean is 510, and its variance four times that of one (65535 / 12).
_MEAN, _DEVIATION = 510.0, (4 * 65535 / 12) ** 0.5


def film_grain(size: tuple[int, int], grain: float, seed: bytes) -> NDArray[numpy.float32]:
    """Rows of noise with mean 0 and about the standard deviation 1, in grains of so many pixels."""
    width, height = (max(1, round(length / grain)) for length in size)
    bits = numpy.random.PCG64(int.from_bytes(seed, "big")).random_raw((width * height + 1) // 2)
    parts = bits.astype("<u8").view(numpy.uint8).reshape(-1, 4)[: width * height]
    even = (parts.astype(numpy.float32).sum(1) - _MEAN) / _DEVIATION
    noise: NDArray[numpy.float32] = even.astype(numpy.float32).reshape(height, width)
    if (width, height) == size:
        return noise
    larger = Image.fromarray(noise).resize(size, Image.Resampling.BICUBIC)
    spread: NDArray[numpy.float32] = numpy.asarray(larger)
    return spread
