"""How much of each pixel a shape covers: rounded boxes by formula, and whatever an SVG draws."""

from __future__ import annotations

import io

import numpy
from PIL import Image

from pressrun.graphics.svg.artwork import UnusableArtwork, look_over
from pressrun.graphics.texts.typst_engine import Typesetter, TypesettingFailed


def rounded(size: tuple[int, int], across: float, down: float | None = None) -> Image.Image:
    """A box of this size whose corners are rounded by so many pixels, from 0 to 255: half where the edge goes through
    the middle of a pixel."""
    width, height = size
    rx, ry = min(across, width / 2), min(across if down is None else down, height / 2)
    if rx <= 0 or ry <= 0:
        return Image.new("L", size, 255)
    x = numpy.maximum(0, numpy.abs(numpy.arange(width) + 0.5 - width / 2) - (width / 2 - rx))
    y = numpy.maximum(0, numpy.abs(numpy.arange(height) + 0.5 - height / 2) - (height / 2 - ry))
    u, v = x[None, :] / rx, y[:, None] / ry
    length = numpy.hypot(u, v)
    # How far a pixel is from the ellipse, in pixels: its function over the length of its slope.
    slope = numpy.hypot(u / rx, v / ry) / numpy.maximum(length, 1e-9)
    inside = numpy.where(length > 0, (1 - length) / numpy.maximum(slope, 1e-9), min(rx, ry))
    cover = (inside + 0.5).clip(0, 1)
    return Image.fromarray(numpy.rint(255 * cover).astype(numpy.uint8))


def drawn_outline(svg: bytes, size: tuple[int, int]) -> Image.Image:
    """What an SVG draws, stretched to a size, whatever its colours. Raises UnusableArtwork."""
    look_over(svg, None)
    typesetter = Typesetter(())
    try:
        png = typesetter.rasterise_svg(svg, *size)
    except TypesettingFailed as error:
        raise UnusableArtwork(str(error)) from error
    finally:
        typesetter.close()
    with Image.open(io.BytesIO(png)) as drawn:
        return drawn.convert("RGBA").getchannel("A")
