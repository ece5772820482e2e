"""Duotone: a picture in two colours of the brand, its shadows in one and its lights in the other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal

from PIL import Image, ImageOps
from pydantic import Field

from pressrun.graphics.photos.photo import Photo, PictureStep
from pressrun.model.layout import NameUsed
from pressrun.model.step import BrandColors


class DuotoneStep(PictureStep):
    """The greys of a picture, from black to white, become a way from one palette colour to another."""

    RECIPE: ClassVar[int] = 1

    STAYS_OPAQUE: ClassVar[bool] = True
    type: Literal["duotone"] = Field(description="A picture in two colours of the brand.")
    shadows: str = Field(default="ink", description="The palette colour that black becomes.")
    lights: str = Field(default="paper", description="The palette colour that white becomes.")
    strength: float = Field(default=1.0, ge=0, le=1, description="How much of it: 0 leaves the picture as it is.")

    def references(self) -> Iterable[NameUsed]:
        yield NameUsed("color", self.shadows, ("shadows",))
        yield NameUsed("color", self.lights, ("lights",))

    def retouched(self, photo: Photo, colors: BrandColors) -> Photo:
        dark, light = (colors.palette[name].srgb for name in (self.shadows, self.lights))
        toned = ImageOps.colorize(ImageOps.grayscale(photo.plain), dark, light)
        return photo.with_colors(Image.blend(photo.plain, toned, self.strength))
