"""Blur: a picture, or a part of it, out of focus."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from PIL import Image, ImageFilter
from pydantic import Field, model_validator

from pressrun.graphics.photos.photo import Photo, PictureStep, premultiplied, unmultiplied
from pressrun.model.step import BoxField, BrandColors, in_pixels


class BlurStep(PictureStep):
    """Gaussian; what is transparent gives its neighbours no colour."""

    RECIPE: ClassVar[int] = 1

    type: Literal["blur"] = Field(description="Puts a picture, or a part of it, out of focus.")
    radius: float = Field(gt=0, le=500, description="How much, as the standard deviation in pixels.")
    box: BoxField | None = Field(
        default=None, description="The part that is blurred: left, top, right and lower edge, as fractions."
    )
    outside: bool = Field(default=False, description="`true` blurs all but the box.")
    feather: float = Field(default=0.0, ge=0, le=1000, description="How softly the box ends, in pixels.")

    @model_validator(mode="after")
    def _is_of_a_box(self) -> Self:
        if not self.box and (self.outside or self.feather):
            raise ValueError("outside and feather are of a box; write one")
        return self

    def retouched(self, photo: Photo, colors: BrandColors) -> Photo:
        image = premultiplied(photo.image)
        soft = image.filter(ImageFilter.GaussianBlur(self.radius))
        if self.box:
            soft = Image.composite(soft, image, self._cover(photo.image.size))
        return photo.reframed(unmultiplied(soft), photo.framing)

    def _cover(self, size: tuple[int, int]) -> Image.Image:
        assert self.box
        inside, around = (0, 255) if self.outside else (255, 0)
        cover = Image.new("L", size, around)
        cover.paste(inside, in_pixels(self.box, size))
        return cover.filter(ImageFilter.GaussianBlur(self.feather / 2)) if self.feather else cover
