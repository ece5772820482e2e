"""Denoise: grain and colour speckles smoothed, edges kept."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from pressrun.graphics.photos.photo import Photo, PictureStep
from pressrun.graphics.pixels.guided import smoothed
from pressrun.model.step import BrandColors


class DenoiseStep(PictureStep):
    """Light by a guided filter (He 2010), colour more than light, as noise has more of it."""

    RECIPE: ClassVar[int] = 1

    STAYS_OPAQUE: ClassVar[bool] = True
    type: Literal["denoise"] = Field(description="Smooths noise, and keeps edges.")
    strength: float = Field(
        default=8.0, gt=0, le=100, description="The noise that is smoothed, as a standard deviation in levels of 255."
    )
    radius: int = Field(default=3, ge=1, le=50, description="How far around a pixel is looked, in pixels.")
    color: float = Field(default=2.0, ge=0, le=10, description="How many times as strongly colours are smoothed.")

    def retouched(self, photo: Photo, colors: BrandColors) -> Photo:
        return photo.with_colors(smoothed(photo.plain, self.radius, self.strength, self.color * self.strength))
