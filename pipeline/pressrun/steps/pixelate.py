"""Pixelate: what nobody is to recognise, a face or a number plate, in squares of one colour each."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy
from PIL import Image
from pydantic import Field

from pressrun.graphics.photos.photo import Photo, PictureStep, premultiplied, unmultiplied
from pressrun.model.step import BoxField, BrandColors


class PixelateStep(PictureStep):
    """Each square has the mean of its pixels."""

    RECIPE: ClassVar[int] = 1

    type: Literal["pixelate"] = Field(description="Makes a part of a picture unrecognisable.")
    box: BoxField = Field(
        description="The part: left, top, right and lower edge, as fractions of width and height."
    )
    squares: int = Field(default=8, ge=1, le=200, description="How many squares lie along the part's longer side.")

    def retouched(self, photo: Photo, colors: BrandColors) -> Photo:
        width, height = photo.image.size
        left, top, right, bottom = self.box
        edges = int(left * width), int(top * height), -int(-right * width // 1), -int(-bottom * height // 1)
        part = premultiplied(photo.image).crop(edges)
        side = max(1, -(-max(part.size) // self.squares))
        small = part.reduce(side)
        rows, columns = (numpy.arange(length) // side for length in (part.height, part.width))
        large = numpy.asarray(small)[rows[:, None], columns[None, :]]
        image = photo.image.copy()
        image.paste(unmultiplied(Image.fromarray(large, part.mode)), edges[:2])
        return photo.reframed(image, photo.framing)
