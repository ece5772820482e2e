"""Round: a picture with round corners; what is outside of them is transparent."""

from __future__ import annotations

from typing import ClassVar, Literal

from PIL import ImageChops
from pydantic import Field

from pressrun.graphics.drawn.outlined import rounded
from pressrun.graphics.photos.photo import Photo, PictureStep
from pressrun.model.geometry import FractionField
from pressrun.model.step import BrandColors


class RoundStep(PictureStep):
    """Half of the shorter side makes a square a circle."""

    RECIPE: ClassVar[int] = 1

    type: Literal["round"] = Field(description="Rounds a picture's corners.")
    radius: FractionField = Field(gt=0, le=0.5, description="By how much, as a share of the picture's shorter side.")

    def retouched(self, photo: Photo, colors: BrandColors) -> Photo:
        cover = rounded(photo.image.size, self.radius * min(photo.image.size))
        before = photo.alpha
        return photo.with_alpha(ImageChops.multiply(before, cover) if before is not None else cover)
