"""Flip: a picture turned over. What is lettered in it reads wrong then."""

from __future__ import annotations

from typing import ClassVar, Literal

from PIL import Image
from pydantic import Field

from pressrun.graphics.photos.photo import Photo, PictureStep
from pressrun.model.step import BrandColors, Framing


class FlipStep(PictureStep):
    """Left and right, or up and down, change places."""

    RECIPE: ClassVar[int] = 1

    STAYS_OPAQUE: ClassVar[bool] = True
    type: Literal["flip"] = Field(description="Turns a picture over.")
    over: Literal["left-right", "up-down"] = Field(
        default="left-right",
        description="What changes places: `left-right` shows it in a mirror, `up-down` in water.",
    )

    def framed(self, framing: Framing) -> Framing:
        across = self.over == "left-right"
        moved = (-1.0, 0.0, 0.0, 1.0, 1.0, 0.0) if across else (1.0, 0.0, 0.0, -1.0, 0.0, 1.0)
        return framing.then(framing.size, moved)

    def retouched(self, photo: Photo, colors: BrandColors) -> Photo:
        how = Image.Transpose.FLIP_LEFT_RIGHT if self.over == "left-right" else Image.Transpose.FLIP_TOP_BOTTOM
        return photo.reframed(photo.image.transpose(how), self.framed(photo.framing))
