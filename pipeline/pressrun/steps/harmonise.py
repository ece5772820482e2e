"""Harmonise: colours drawn towards those of the brand, each to the nearest; light and greys stay as they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal

from pydantic import Field

from pressrun.graphics.color.color_cubes import Cube, in_cube
from pressrun.graphics.color.oklab import drawn_towards
from pressrun.graphics.photos.photo import Photo, PictureStep, color_of
from pressrun.model.layout import NameUsed
from pressrun.model.step import BrandColors


class HarmoniseStep(PictureStep):
    """In a space in which equal distances look equal, so that no hue jumps."""

    RECIPE: ClassVar[int] = 1

    STAYS_OPAQUE: ClassVar[bool] = True
    type: Literal["harmonise"] = Field(description="Draws a picture's colours towards those of the brand.")
    colors: tuple[str, ...] = Field(min_length=1, description="The palette colours that it is drawn towards.")
    strength: float = Field(
        default=0.35, ge=0, le=1, description="How far: 0 leaves it as it is, 1 goes all the way. Greys never do."
    )

    def references(self) -> Iterable[NameUsed]:
        for index, name in enumerate(self.colors):
            yield NameUsed("color", name, ("colors", index))

    def retouched(self, photo: Photo, colors: BrandColors) -> Photo:
        targets = [color_of(colors, name) for name in self.colors]
        cube = Cube.of(lambda srgb: drawn_towards(srgb, targets, self.strength))
        return photo.with_colors(in_cube(photo.plain, cube))
