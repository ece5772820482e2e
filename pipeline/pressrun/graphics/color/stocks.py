"""What is printed on: inks let its colour through, so that of each kind of light only what it gives back is seen."""

from __future__ import annotations

import functools

import numpy
from PIL import Image

from pressrun.graphics.color.tone_curves import from_light, to_light
from pressrun.model.color import WHITE

DARKEST = 1e-3  # of the light that falls on a stock: less is black
Color = tuple[int, int, int]


def on_stock(picture: Image.Image, stock: str, white: Image.Image | None = None) -> Image.Image:
    """A picture in sRGB of what is printed on white, on a ``stock`` (#RRGGBB) instead; where there is ``white`` below
    the inks (its cover), that is what they are on."""
    if stock == WHITE:
        return picture
    seen = picture.point(_table(stock, len(picture.getbands())))
    return Image.composite(picture, seen, white) if white else seen


def color_on_stock(color: Color, stock: str) -> Color:
    """One colour likewise."""
    if stock == WHITE:
        return color
    table = _table(stock, 3)
    red, green, blue = (table[256 * at + level] for at, level in enumerate(color))
    return red, green, blue


def off_stock(picture: Image.Image, stock: str, white: Image.Image) -> Image.Image:
    """A picture on a stock as it is where there is white below it: the inverse of `on_stock` there."""
    bare = picture.point(_table(stock, len(picture.getbands()), back=True))
    return Image.composite(bare, picture, white)


@functools.lru_cache(maxsize=16)
def _table(stock: str, bands: int, *, back: bool = False) -> list[int]:
    """What becomes of each level of each channel; a fourth one, of no meaning or of opacity, stays."""
    table: list[int] = []
    light = to_light(numpy.arange(256) / 255)
    for share in to_light(numpy.frombuffer(bytes.fromhex(stock[1:]), numpy.uint8) / 255):
        seen = light / max(share, DARKEST) if back else light * share
        table += numpy.rint(255 * from_light(seen.clip(0, 1))).astype(int).tolist()
    return table + list(range(256)) * (bands - 3)
