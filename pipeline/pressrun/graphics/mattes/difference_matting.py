"""What was painted over all channels full and over all empty, told from both. (Smith and Blinn, 1996.)"""

from __future__ import annotations

import functools

import numpy
from PIL import Image, ImageChops, ImageFilter

FAINT = 64  # of 255: what covers less has colours that are mostly rounding
NEAR, FAR = 3, 9  # pixels from which colours are run out
ROWS = 256  # that are reckoned in floats at once


def matted(light: Image.Image, dark: Image.Image) -> tuple[Image.Image, Image.Image]:
    """The colour and the alpha of what was painted over full and over empty channels."""
    through = ImageChops.subtract(light, dark).split()
    alpha = ImageChops.invert(functools.reduce(ImageChops.lighter, through))
    return in_full(dark, alpha), alpha


def in_full(painted: Image.Image, alpha: Image.Image) -> Image.Image:
    """The colours of what was painted over nothing, where it covers so much."""
    color = Image.new(painted.mode, painted.size)
    for top in range(0, painted.height, ROWS):
        box = 0, top, painted.width, min(painted.height, top + ROWS)
        cover = numpy.maximum(numpy.asarray(alpha.crop(box), numpy.float32), 1)
        levels = numpy.asarray(painted.crop(box), numpy.float32) * (255 / cover)[..., None]
        color.paste(Image.fromarray(numpy.rint(levels.clip(0, 255)).astype(numpy.uint8), painted.mode), box)
    return color


def run_out(color: Image.Image, painted: Image.Image, alpha: Image.Image) -> Image.Image:
    """The colours of a cut-out, run out over its edges: where it covers little, they are rounded to speckles, and where
    nothing, they are black. Who turns or enlarges it mixes colours apart from alpha, and so would bring both into its
    edge. ``painted`` is what was painted over all channels empty."""
    pixels, cover = numpy.array(color), numpy.asarray(alpha)
    for radius, below in ((FAR, 1), (NEAR, FAINT)):  # what is nearest comes last
        spread, share = (numpy.asarray(one.filter(ImageFilter.BoxBlur(radius))) for one in (painted, alpha))
        faint = (cover < below) & (share >= 4)
        run = spread[faint] * (255 / share[faint].astype(numpy.float32))[:, None]
        pixels[faint] = numpy.rint(run.clip(0, 255))
    return Image.fromarray(pixels, color.mode)
