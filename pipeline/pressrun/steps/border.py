"""Border: an edge of one colour around a picture, on it or outside of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal

from PIL import Image
from pydantic import Field

from pressrun.graphics.photos.photo import Photo, PictureStep, color_of, room_for
from pressrun.model.geometry import FractionField
from pressrun.model.layout import NameUsed
from pressrun.model.step import BrandColors, Framing


class BorderStep(PictureStep):
    """As wide on all sides."""

    RECIPE: ClassVar[int] = 1

    type: Literal["border"] = Field(description="An edge of one colour around a picture.")
    width: FractionField = Field(gt=0, le=0.5, description="How wide it is, as a share of the picture's shorter side.")
    color: str = Field(default="paper", description="The palette colour.")
    outside: bool = Field(
        default=False, description="`true` adds it around the picture, which then has more pixels; else it lies on it."
    )

    def references(self) -> Iterable[NameUsed]:
        yield NameUsed("color", self.color, ("color",))

    def framed(self, framing: Framing) -> Framing:
        if not self.outside:
            return framing
        (width, height), wide = framing.size, self._wide(framing.size)
        room_for((width + 2 * wide, height + 2 * wide))
        return framing.cut(-wide, -wide, width + wide, height + wide)

    def retouched(self, photo: Photo, colors: BrandColors) -> Photo:
        framing, wide = self.framed(photo.framing), self._wide(photo.image.size)
        (width, height) = photo.image.size
        color = color_of(colors, self.color)
        canvas = Image.new(photo.image.mode, framing.size, color)  # opaque, where there is transparency
        inner = (0, 0, width, height) if self.outside else (wide, wide, width - wide, height - wide)
        if inner[2] > inner[0] and inner[3] > inner[1]:
            canvas.paste(photo.image.crop(inner), (wide, wide))
        return photo.reframed(canvas, framing)

    def _wide(self, size: tuple[int, int]) -> int:
        return max(1, round(self.width * min(size)))
