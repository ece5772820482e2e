"""Rotate: a picture turned, by quarters without a loss, or by degrees so that a horizon is level."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import ClassVar, Literal

from PIL import Image
from pydantic import Field

from pressrun.graphics.photos.photo import Photo, PictureStep, color_of, premultiplied, room_for, unmultiplied
from pressrun.model.geometry import Matrix, after, turned_about
from pressrun.model.layout import NameUsed
from pressrun.model.step import BrandColors, Framing

QUARTERS = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}


class RotateStep(PictureStep):
    """Clockwise. What a turned picture leaves empty at the corners is transparent, in a colour, or cut off."""

    RECIPE: ClassVar[int] = 1

    type: Literal["rotate"] = Field(description="Turns a picture clockwise.")
    degrees: float = Field(ge=-360, le=360, description="How far, clockwise.")
    corners: Literal["crop", "transparent", "color"] = Field(
        default="crop",
        description="What becomes of the corners that a slant leaves empty: `crop` cuts to the largest upright part of"
        " the picture, `transparent` and `color` keep all of it on a larger canvas.",
    )
    color: str = Field(default="paper", description="The palette colour of corners.")

    def references(self) -> Iterable[NameUsed]:
        if self.corners == "color":
            yield NameUsed("color", self.color, ("color",))

    def framed(self, framing: Framing) -> Framing:
        size, turned = self._turned(framing.size)
        room_for(size)
        (width, height), (across, down) = framing.size, size
        in_pixels = after((width, 0.0, 0.0, height, 0.0, 0.0), turned)
        return framing.then(size, after(in_pixels, (1 / across, 0.0, 0.0, 1 / down, 0.0, 0.0)))

    def retouched(self, photo: Photo, colors: BrandColors) -> Photo:
        framing = self.framed(photo.framing)
        quarter = QUARTERS.get(round(self.degrees) % 360) if self.degrees % 90 == 0 else None
        if self.degrees % 360 == 0:
            return photo
        if quarter is not None:
            return photo.reframed(photo.image.transpose(quarter), framing)
        _, (a, b, c, d, e, f) = self._turned(photo.framing.size)
        # Pillow asks for the way back, from pixels of the new picture to those of the old.
        determinant = a * d - b * c
        back = (
            d / determinant, -c / determinant, (c * f - d * e) / determinant,
            -b / determinant, a / determinant, (b * e - a * f) / determinant,
        )  # fmt: skip
        clear = self.corners != "crop"
        source = premultiplied(photo.image.convert("RGBA") if clear else photo.image)
        turned = unmultiplied(source.transform(
            framing.size, Image.Transform.AFFINE, back, Image.Resampling.BICUBIC
        ))  # fmt: skip
        if self.corners == "color":
            ground = Image.new("RGBA", framing.size, (*color_of(colors, self.color), 255))
            turned = Image.alpha_composite(ground, turned).convert(photo.image.mode)
        return photo.reframed(turned, framing)

    def _turned(self, size: tuple[int, int]) -> tuple[tuple[int, int], Matrix]:
        """The new size, and where points go, both in pixels."""
        width, height = size
        angle = math.radians(self.degrees)
        sine, cosine = abs(math.sin(angle)), abs(math.cos(angle))
        if self.degrees % 90 == 0:
            new = (width, height) if self.degrees % 180 == 0 else (height, width)
        elif self.corners == "crop":
            new = largest_inside(width, height, sine, cosine)
        else:
            new = math.ceil(width * cosine + height * sine), math.ceil(width * sine + height * cosine)
        turn = turned_about(width / 2, height / 2, self.degrees)
        return new, after(turn, (1.0, 0.0, 0.0, 1.0, (new[0] - width) / 2, (new[1] - height) / 2))


def largest_inside(width: int, height: int, sine: float, cosine: float) -> tuple[int, int]:
    """The largest upright rectangle inside one that is turned."""
    longer, shorter = max(width, height), min(width, height)
    if shorter <= 2 * sine * cosine * longer or abs(sine - cosine) < 1e-9:
        half = shorter / 2
        across, down = (half / sine, half / cosine) if width >= height else (half / cosine, half / sine)
    else:
        both = cosine * cosine - sine * sine
        across, down = (width * cosine - height * sine) / both, (height * cosine - width * sine) / both
    return max(1, math.floor(across)), max(1, math.floor(down))
