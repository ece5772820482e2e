"""Light of many pixels at once: WCAG luminance, and contrast against the worst tenth of a ground."""

from __future__ import annotations

import functools
from typing import Any, TypeAlias

import numpy

from pressrun.model.color import relative_luminance

PixelArray: TypeAlias = "numpy.ndarray[Any, numpy.dtype[numpy.uint8]]"
Ratios: TypeAlias = "numpy.ndarray[Any, numpy.dtype[numpy.floating[Any]]]"
Light: TypeAlias = "numpy.ndarray[Any, numpy.dtype[numpy.float32]]"


def luminances(pixels: PixelArray) -> Light:
    """WCAG relative luminance of 8-bit sRGB pixels; the last axis holds red, green and blue."""
    red, green, blue = _light_of_values()
    light: Light = red[pixels[..., 0]] + green[pixels[..., 1]] + blue[pixels[..., 2]]
    return light


@functools.cache
def _light_of_values() -> tuple[Light, Light, Light]:
    """What each value of a channel adds."""
    linear = numpy.array([relative_luminance((value, value, value)) for value in range(256)], dtype=numpy.float32)
    red, green, blue = (linear * numpy.float32(weight) for weight in (0.2126, 0.7152, 0.0722))
    return red, green, blue


def ratios_of(ground: Light, own: float) -> Ratios:
    """WCAG contrast ratio (1 to 21) of a luminance with each of some."""
    return (numpy.maximum(ground, own) + 0.05) / (numpy.minimum(ground, own) + 0.05)


def worst_tenth(ground: Light, own: float) -> float:
    """WCAG contrast ratio (1 to 21) that nine tenths of the ground's pixels reach or pass."""
    ratios = ratios_of(ground, own)
    at = ratios.size // 10
    return float(numpy.partition(ratios, at, axis=None)[at])


def least_contrast(darkest: float, lightest: float, own: float) -> float:
    """WCAG contrast ratio (1 to 21) that a colour has at least, on a ground between two luminances."""
    nearest = min(max(own, darkest), lightest)
    return (max(nearest, own) + 0.05) / (min(nearest, own) + 0.05)
