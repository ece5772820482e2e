"""Tint: a picture as if seen through one colour of the brand; its black stays black, and its white white."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal

from PIL import Image, ImageOps
from pydantic import Field

from pressrun.graphics.color.ramps import ramp_tables, through
from pressrun.graphics.photos.photo import Photo, PictureStep, color_of
from pressrun.model.layout import NameUsed
from pressrun.model.step import BrandColors


class TintStep(PictureStep):
    """The grey that is as bright as the colour becomes the colour."""

    RECIPE: ClassVar[int] = 1

    STAYS_OPAQUE: ClassVar[bool] = True
    type: Literal["tint"] = Field(description="A picture in the shades of one colour of the brand.")
    color: str = Field(description="The palette colour.")
    strength: float = Field(default=1.0, ge=0, le=1, description="How much of it: 0 leaves the picture as it is.")

    def references(self) -> Iterable[NameUsed]:
        yield NameUsed("color", self.color, ("color",))

    def retouched(self, photo: Photo, colors: BrandColors) -> Photo:
        color = color_of(colors, self.color)
        bright = Image.new("RGB", (1, 1), color).convert("L").getpixel((0, 0))
        assert isinstance(bright, int)
        at = min(254, max(1, bright)) / 255
        tables = ramp_tables([(0.0, (0, 0, 0)), (at, color), (1.0, (255, 255, 255))])
        toned = through(ImageOps.grayscale(photo.plain), tables)
        return photo.with_colors(Image.blend(photo.plain, toned, self.strength))
