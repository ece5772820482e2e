"""Sharpen: edges a little harder than they are, at the size at which a picture is placed."""

from __future__ import annotations

from typing import ClassVar, Literal

from PIL import ImageFilter
from pydantic import Field

from pressrun.graphics.photos.photo import Photo, PictureStep, premultiplied, unmultiplied
from pressrun.model.step import BrandColors


class SharpenStep(PictureStep):
    """An unsharp mask; an outline stays as it is."""

    RECIPE: ClassVar[int] = 1

    STAYS_OPAQUE: ClassVar[bool] = True
    type: Literal["sharpen"] = Field(description="Makes edges a little harder, at the size of the place.")
    amount: float = Field(default=0.6, ge=0, le=5, description="By how much an edge gains.")
    radius: float = Field(default=1.0, gt=0, le=50, description="How far from an edge, in pixels.")
    threshold: int = Field(
        default=3, ge=0, le=255, description="Levels below which a difference counts as smooth: noise and skin stay."
    )

    def retouched(self, photo: Photo, colors: BrandColors) -> Photo:
        harder = ImageFilter.UnsharpMask(self.radius, round(100 * self.amount), self.threshold)
        if photo.alpha is None:
            return photo.with_colors(photo.image.filter(harder))
        return photo.with_colors(unmultiplied(premultiplied(photo.image).filter(harder)).convert("RGB"))
