"""Tone: a grading so that pictures of one campaign sit together, as a raw converter's panel has it."""

from __future__ import annotations

from typing import ClassVar, Literal

from PIL import ImageEnhance
from pydantic import Field

from pressrun.graphics.color.tone_curves import Curves, gray_balance, vibrant
from pressrun.graphics.photos.photo import Photo, PictureStep
from pressrun.model.step import BrandColors


class ToneStep(PictureStep):
    """Light and balance first, then factors around 1 (below is less, above is more), then vibrance."""

    RECIPE: ClassVar[int] = 2

    STAYS_OPAQUE: ClassVar[bool] = True
    type: Literal["tone"] = Field(description="A gentle grading.")
    white: Literal["keep", "auto"] = Field(
        default="keep",
        description="`auto` makes what is nearly grey in the picture grey, and so takes a cast out of it: generated"
        " pictures lean to yellow. `keep` trusts it.",
    )
    temperature: float = Field(
        default=0.0, ge=-1, le=1, description="From -1 (bluer) to 1 (warmer); 0 leaves it as it is."
    )
    tint: float = Field(
        default=0.0, ge=-1, le=1, description="From -1 (greener) to 1 (more magenta); 0 leaves it as it is."
    )
    exposure: float = Field(
        default=0.0, ge=-5, le=5, description="In stops: 1 is twice the light, -1 half of it; white stays white."
    )
    highlights: float = Field(
        default=0.0, ge=-1, le=1, description="Of lights alone: -1 brings them down, 1 lifts them; white stays white."
    )
    shadows: float = Field(
        default=0.0, ge=-1, le=1, description="Of shadows alone: 1 opens them, -1 closes them; black stays black."
    )
    brightness: float = Field(default=1.0, gt=0, le=3, description="1 leaves it as it is, 1.1 is a little lighter.")
    contrast: float = Field(default=1.04, gt=0, le=3, description="1 leaves it as it is, 1.1 is a little harder.")
    saturation: float = Field(
        default=1.03,
        ge=0,
        le=3,
        description="1 leaves it as it is, 0 is grey, 1.1 a little more colourful.",
    )
    vibrance: float = Field(
        default=0.0,
        ge=-1,
        le=1,
        description="As saturation, but the less the more colourful a colour is already: skin and brand colours stay.",
    )

    def retouched(self, photo: Photo, colors: BrandColors) -> Photo:
        toned = photo.plain
        balance = gray_balance(photo.image) if self.white == "auto" else (1.0, 1.0, 1.0)
        curves = Curves(balance, self.temperature, self.tint, self.exposure, self.highlights, self.shadows)
        if not curves.changes_nothing:
            toned = toned.point(curves.table())
        for enhance, factor in (
            (ImageEnhance.Brightness, self.brightness),
            (ImageEnhance.Contrast, self.contrast),
            (ImageEnhance.Color, self.saturation),
        ):
            if factor != 1.0:
                toned = enhance(toned).enhance(factor)
        if self.vibrance:
            toned = vibrant(toned, self.vibrance)
        return photo.with_colors(toned)
