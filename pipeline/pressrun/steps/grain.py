"""Grain: the fine noise of film, the same for the same picture."""

from __future__ import annotations

import hashlib
import json
from typing import ClassVar, Literal

import numpy
from PIL import Image
from pydantic import Field

from pressrun.graphics.photos.photo import Photo, PictureStep
from pressrun.graphics.pixels.noise import film_grain
from pressrun.graphics.pixels.strips import strips_of
from pressrun.model.step import BrandColors


class GrainStep(PictureStep):
    """Most of it in the middle greys; black and white stay clean. Chance is drawn from the picture's own bytes."""

    RECIPE: ClassVar[int] = 1

    STAYS_OPAQUE: ClassVar[bool] = True
    type: Literal["grain"] = Field(description="The fine noise of film.")
    amount: float = Field(default=6.0, ge=0, le=64, description="How strong: its standard deviation in levels of 255.")
    size: float = Field(default=1.0, ge=1, le=16, description="How large a grain is, in pixels.")
    colored: bool = Field(default=False, description="`true` gives every channel a noise of its own.")

    def retouched(self, photo: Photo, colors: BrandColors) -> Photo:
        seed = hashlib.sha256(photo.seed + json.dumps(self.model_dump(), sort_keys=True).encode()).digest()
        plain = photo.plain
        layers = [film_grain(plain.size, self.size, seed + bytes([one])) for one in range(3 if self.colored else 1)]
        out = plain.copy()
        for strip, box in strips_of(plain):
            rows = slice(box[1], box[1] + len(strip))
            noise = numpy.stack([layer[rows] for layer in layers], -1)
            colorful = strip.astype(numpy.float32)
            middle = 4 * colorful / 255 * (1 - colorful / 255)
            grained = colorful + self.amount * middle * noise
            out.paste(Image.fromarray(numpy.rint(grained.clip(0, 255)).astype(numpy.uint8)), box)
        return photo.with_colors(out)
