"""Patterns of known pixels, and steps done to them as the registry reads them."""

from __future__ import annotations

import io
from typing import Any

import numpy
from numpy.typing import NDArray
from PIL import Image

from pressrun import registry
from pressrun.model.color import Swatch
from pressrun.model.step import BrandColors, StepOptions
from pressrun.retouch import NOWHERE, Focus, Retouched, retouched

PALETTE = {
    "ink": Swatch(srgb="#102030", cmyk=(90, 70, 50, 40)),
    "paper": Swatch(srgb="#F0F8FF", cmyk=(5, 2, 0, 0)),
    "flame": Swatch(srgb="#E0401A", cmyk=(0, 80, 90, 0)),
    "leaf": Swatch(srgb="#2E8B57", cmyk=(75, 20, 75, 5)),
}
COLORS = BrandColors(PALETTE, b"")
Pixels = NDArray[numpy.int64]


def step(**written: Any) -> StepOptions:
    """A step as one writes it."""
    read = registry.steps_model().model_validate({"steps": [written]}).steps[0]
    assert isinstance(read, StepOptions)
    return read


def pattern(mode: str = "RGB", size: tuple[int, int] = (60, 40)) -> Image.Image:
    """Every pixel of a colour of its own: red grows to the right, green downwards, blue both ways. RGBA has a block of
    alpha 0, one of 128, and the rest opaque."""
    width, height = size
    x, y = numpy.meshgrid(numpy.arange(width), numpy.arange(height))
    pixels = numpy.stack([x * 4 % 256, y * 6 % 256, (x * 3 + y * 5) % 256], -1).astype(numpy.uint8)
    if mode == "RGB":
        return Image.fromarray(pixels)
    alpha = numpy.full((height, width), 255, numpy.uint8)
    alpha[: height // 2, : width // 3] = 0
    alpha[height // 2 :, : width // 3] = 128
    return Image.fromarray(numpy.dstack([pixels, alpha]))


def encoded(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as picture:
        picture.load()
        return picture.copy()


def done(picture: Image.Image, *steps: StepOptions, focus: Focus = NOWHERE, colors: BrandColors = COLORS) -> Retouched:
    return retouched(encoded(picture), steps, colors, focus)


def made(picture: Image.Image, *steps: StepOptions, **how: Any) -> Image.Image:
    return opened(done(picture, *steps, **how).data)


def numbers(picture: Image.Image) -> Pixels:
    return numpy.asarray(picture).astype(numpy.int64)


def is_near(one: Image.Image | Pixels, other: Image.Image | Pixels, by: float = 0) -> bool:
    """Whether no number differs by more than this."""
    first, second = (numbers(part) if isinstance(part, Image.Image) else numpy.asarray(part) for part in (one, other))
    return first.shape == second.shape and float(abs(first - second).max()) <= by
