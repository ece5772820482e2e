"""Upscale: more pixels for a larger place: resampled and sharpened with restraint, or drawn as learned."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from PIL import Image, ImageFilter
from pydantic import Field, model_validator

from pressrun.graphics.learned import doubled_photos
from pressrun.graphics.photos.photo import Photo, PictureStep, premultiplied, room_for, unmultiplied
from pressrun.model.geometry import IDENTITY
from pressrun.model.step import BrandColors, Framing


class UpscaleStep(PictureStep):
    """By a factor, or until the longer side has so many pixels; a picture is never made smaller."""

    RECIPE: ClassVar[int] = 1

    STAYS_OPAQUE: ClassVar[bool] = True
    type: Literal["upscale"] = Field(description="More pixels for a larger place.")
    by: Literal["lanczos", "learned"] = Field(
        default="lanczos",
        description="How: `lanczos` resamples and sharpens; `learned` draws photographs finer, by weights that a"
        " package brings, in some four seconds a megapixel.",
    )
    factor: float | None = Field(default=None, gt=1, le=16, description="How many times as wide and as high.")
    longest: int | None = Field(
        default=None, gt=0, le=30_000, description="The pixels of the longer side; a picture that has them stays."
    )
    sharpen: float = Field(
        default=0.4, ge=0, le=2, description="How much it is sharpened after `lanczos`; 0 leaves it as soft as it is."
    )

    @model_validator(mode="after")
    def _says_how_far(self) -> Self:
        if (self.factor is None) == (self.longest is None):
            raise ValueError("write either factor (like 2) or longest (the pixels of the longer side)")
        return self

    def lack(self) -> tuple[str, str] | None:
        if self.by == "lanczos":
            return None
        return doubled_photos.lack()

    def learned(self) -> tuple[str, ...]:
        return (doubled_photos.said(),) if self.by == "learned" else ()

    def framed(self, framing: Framing) -> Framing:
        width, height = framing.size
        factor = self.factor or max(1.0, (self.longest or 0) / max(width, height))
        return framing.then(room_for((round(width * factor), round(height * factor))), IDENTITY)

    def retouched(self, photo: Photo, colors: BrandColors) -> Photo:
        framing = self.framed(photo.framing)
        if framing.size == photo.framing.size:
            return photo
        if self.by == "learned":
            return self._learned(photo, framing, colors)
        larger = premultiplied(photo.image).resize(framing.size, Image.Resampling.LANCZOS)
        if self.sharpen:
            radius = framing.size[0] / photo.framing.size[0] / 2
            larger = larger.filter(ImageFilter.UnsharpMask(radius, round(100 * self.sharpen), 2))
        return photo.reframed(unmultiplied(larger), framing)

    def _learned(self, photo: Photo, framing: Framing, colors: BrandColors) -> Photo:
        """Doubled as often as it takes, then brought to its size."""
        plain, alpha = photo.plain, photo.alpha
        while plain.width < framing.size[0] or plain.height < framing.size[1]:
            room_for((2 * plain.width, 2 * plain.height))
            plain = doubled_photos.doubled(plain, colors.answers)
        larger = plain.resize(framing.size, Image.Resampling.LANCZOS)
        if alpha is not None:
            larger.putalpha(alpha.resize(framing.size, Image.Resampling.LANCZOS))
        return photo.reframed(larger, framing)
