"""Vignette: a picture whose corners fall off into a colour of the brand, or into dark."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal

import numpy
from PIL import Image
from pydantic import Field

from pressrun.graphics.photos.photo import Photo, PictureStep, color_of
from pressrun.model.geometry import FractionField
from pressrun.model.layout import NameUsed
from pressrun.model.step import BrandColors, PointField


class VignetteStep(PictureStep):
    """An ellipse stays as it is; from there on to the corners it falls off evenly."""

    RECIPE: ClassVar[int] = 1

    STAYS_OPAQUE: ClassVar[bool] = True
    type: Literal["vignette"] = Field(description="Lets the corners of a picture fall off.")
    amount: float = Field(default=0.3, ge=0, le=1, description="How much of the colour the corners have.")
    start: FractionField = Field(
        default=0.5, ge=0, lt=1, description="Where it begins, from the middle (0) to the corners (1)."
    )
    middle: PointField = Field(
        default=(0.5, 0.5), description="The point around which it lies, as fractions of width and height."
    )
    color: str | None = Field(default=None, description="A palette colour; left out, black.")

    def references(self) -> Iterable[NameUsed]:
        if self.color:
            yield NameUsed("color", self.color, ("color",))

    def retouched(self, photo: Photo, colors: BrandColors) -> Photo:
        plain = photo.plain
        color = color_of(colors, self.color) if self.color else (0, 0, 0)
        above = Image.new("RGB", plain.size, color)
        return photo.with_colors(Image.composite(above, plain, self._cover(plain.size)))

    def _cover(self, size: tuple[int, int]) -> Image.Image:
        """How much of the colour each pixel has, from 0 to 255."""
        x, y = ((numpy.arange(length) + 0.5) / length for length in size)
        across, down = (x - self.middle[0]) / 0.5, (y - self.middle[1]) / 0.5
        far = numpy.hypot(across[None, :], down[:, None]) / 2**0.5
        along = ((far - self.start) / (1 - self.start)).clip(0, 1)
        smooth = along * along * (3 - 2 * along)
        return Image.fromarray(numpy.rint(255 * self.amount * smooth).astype(numpy.uint8))
