"""Gradient map: the greys of a picture, from black to white, become a way through several colours of the brand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal, Self

from PIL import Image, ImageOps
from pydantic import Field, model_validator

from pressrun.graphics.color.ramps import ramp_tables, through
from pressrun.graphics.photos.photo import Photo, PictureStep, color_of
from pressrun.model.geometry import FractionField
from pressrun.model.layout import NameUsed
from pressrun.model.step import BrandColors


class GradientMapStep(PictureStep):
    """Colours from the darkest grey to the lightest, evenly or at places of their own."""

    RECIPE: ClassVar[int] = 1

    STAYS_OPAQUE: ClassVar[bool] = True
    type: Literal["gradient-map"] = Field(description="A picture in several colours of the brand, from dark to light.")
    colors: tuple[str, ...] = Field(min_length=2, description="Palette colours, that of black first, of white last.")
    at: tuple[FractionField, ...] = Field(
        default=(), description="The grey of each, from 0 (black) to 1 (white); left out, they are evenly apart."
    )
    strength: float = Field(default=1.0, ge=0, le=1, description="How much of it: 0 leaves the picture as it is.")

    @model_validator(mode="after")
    def _each_has_a_place(self) -> Self:
        if self.at and len(self.at) != len(self.colors):
            raise ValueError(f"there are {len(self.colors)} colors and {len(self.at)} places; write one for each")
        if list(self.at) != sorted(set(self.at)) or not all(0 <= place <= 1 for place in self.at):
            raise ValueError("places go up, each from 0 to 1")
        return self

    def references(self) -> Iterable[NameUsed]:
        for index, name in enumerate(self.colors):
            yield NameUsed("color", name, ("colors", index))

    def retouched(self, photo: Photo, colors: BrandColors) -> Photo:
        last = len(self.colors) - 1
        places = self.at or [index / last for index in range(last + 1)]
        stops = [(place, color_of(colors, name)) for place, name in zip(places, self.colors, strict=True)]
        toned = through(ImageOps.grayscale(photo.plain), ramp_tables(stops))
        return photo.with_colors(Image.blend(photo.plain, toned, self.strength))
