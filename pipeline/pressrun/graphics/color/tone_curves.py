"""Light and balance of a picture of 8 bits: one table of 256 values a channel, reckoned once in light that adds up."""

from __future__ import annotations

import numpy
from msgspec import Struct
from numpy.typing import NDArray
from PIL import Image

from pressrun.graphics.pixels.strips import strips_of

Values = NDArray[numpy.float64]
WARMTH, MAGENTA = 0.30, 0.20  # by how much of its light a channel gains at 1
LIFT = 0.25  # by how much a shadow or a light moves at 1, of the way from black to white
NEUTRAL, DARKEST, LIGHTEST = 0.22, 20, 250  # the saturation and the levels of what may have been grey
LUMA = (0.299, 0.587, 0.114)  # of Pillow's grey, by which its enhancers go


def to_light(part: Values) -> Values:
    """sRGB from 0 to 1 as light (IEC 61966-2-1)."""
    return numpy.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def from_light(light: Values) -> Values:
    return numpy.where(light <= 0.0031308, light * 12.92, 1.055 * numpy.maximum(light, 1e-9) ** (1 / 2.4) - 0.055)


class Curves(Struct, frozen=True):
    """``balance`` are factors of the light of red, green and blue; the rest as the step `tone` has it."""

    balance: tuple[float, float, float]
    temperature: float
    tint: float
    exposure: float
    highlights: float
    shadows: float

    @property
    def changes_nothing(self) -> bool:
        return self == Curves((1.0, 1.0, 1.0), 0.0, 0.0, 0.0, 0.0, 0.0)

    def gains(self) -> tuple[float, float, float]:
        """By how much the light of each channel is multiplied; a grey of the middle keeps its brightness."""
        warm, magenta = WARMTH * self.temperature, MAGENTA * self.tint
        red, green, blue = (1 + warm) * (1 + magenta / 2), 1 - magenta / 2, (1 - warm) * (1 + magenta / 2)
        red, green, blue = (gain * own for gain, own in zip((red, green, blue), self.balance, strict=True))
        as_bright = 0.2126 * red + 0.7152 * green + 0.0722 * blue
        return red / as_bright, green / as_bright, blue / as_bright

    def table(self) -> list[int]:
        """768 values for `Image.point`: of red, green and blue."""
        table: list[int] = []
        light = to_light(numpy.arange(256) / 255)
        for gain in self.gains():
            part = from_light(_exposed((light * gain).clip(0, 1), 2.0**self.exposure))
            lights, darks = part**2, (1 - part) ** 2
            moved = part + LIFT * (self.highlights * lights * (1 - part) + self.shadows * darks * part) * 4
            table += numpy.rint(255 * moved.clip(0, 1)).astype(int).tolist()
        return table


def _exposed(light: Values, gain: float) -> Values:
    """Light multiplied, and bent where that would clip: white stays white, and what was told apart still is."""
    if gain <= 1:
        return light * gain
    return light * gain / (1 + (gain - 1) * light)


def gray_balance(image: Image.Image) -> tuple[float, float, float]:
    """Factors that make the mean of what is nearly grey grey; 1 of each where too little of a picture is."""
    small = image.reduce(max(1, max(image.size) // 256)).convert("RGBA")
    pixels = numpy.asarray(small).reshape(-1, 4)
    colors = pixels[pixels[:, 3] > 127][:, :3].astype(float)
    if not len(colors):
        return 1.0, 1.0, 1.0
    highest, lowest = colors.max(1), colors.min(1)
    gray = (highest - lowest < NEUTRAL * highest) & (highest < LIGHTEST) & (lowest > DARKEST)
    if gray.sum() < 0.01 * len(colors):
        return 1.0, 1.0, 1.0
    red, green, blue = to_light(colors[gray] / 255).mean(0)
    mean = (red + green + blue) / 3
    return mean / red, mean / green, mean / blue


def vibrant(picture: Image.Image, amount: float) -> Image.Image:
    """RGB whose colours go away from their grey (or, less than 0, towards it) by ``amount`` times what they lack of
    being as colourful as can be."""
    out = picture.copy()
    for strip, box in strips_of(picture):
        colors = strip.astype(numpy.float32)
        highest, lowest = colors.max(2), colors.min(2)
        colorful = (highest - lowest) / numpy.maximum(highest, 1)
        gray = colors @ numpy.array(LUMA, numpy.float32)
        factor = 1 + amount * (1 - colorful)
        moved = gray[..., None] + (colors - gray[..., None]) * factor[..., None]
        out.paste(Image.fromarray(numpy.rint(moved.clip(0, 255)).astype(numpy.uint8)), box)
    return out
