"""Extend: more canvas around a picture, made from its own edges or in a colour of the brand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal, Self

import numpy
from PIL import Image, ImageFilter
from pydantic import Field, model_validator

from pressrun.graphics.photos.photo import Photo, PictureStep, color_of, premultiplied, room_for, unmultiplied
from pressrun.graphics.pixels.crops import ShapeField, shape_of
from pressrun.model.geometry import FractionField
from pressrun.model.layout import NameUsed
from pressrun.model.step import BrandColors, Framing, PointField

SOFTNESS = 0.04  # of the shorter side: how much is blurred what continues a picture softly


class ExtendStep(PictureStep):
    """By shares of the picture's sides, or to a shape."""

    RECIPE: ClassVar[int] = 1

    type: Literal["extend"] = Field(description="More canvas around a picture, for copy or for another shape.")
    left: FractionField = Field(default=0.0, ge=0, le=4, description="How much on the left, as a share of the width.")
    top: FractionField = Field(default=0.0, ge=0, le=4, description="How much above, as a share of the height.")
    right: FractionField = Field(default=0.0, ge=0, le=4, description="How much on the right, of the width.")
    bottom: FractionField = Field(default=0.0, ge=0, le=4, description="How much below, of the height.")
    shape: ShapeField | None = Field(
        default=None,
        description="Width to height, like 16:9, to which it is extended, in place of shares of each side.",
    )
    toward: PointField = Field(
        default=(0.5, 0.5),
        description="Where in a shape the picture stands, as shares of the new room that are left of it and above it.",
    )
    by: Literal["mirror", "blur", "color"] = Field(
        default="mirror",
        description="`mirror` turns the picture over at its edges, `blur` does so softly, `color` is plain.",
    )
    color: str = Field(default="paper", description="The palette colour of a plain canvas.")

    @model_validator(mode="after")
    def _says_how_far(self) -> Self:
        sides = bool(self.left or self.top or self.right or self.bottom)
        if sides == (self.shape is not None):
            raise ValueError("write either sides (left, top, right, bottom) or shape (like 16:9)")
        return self

    def references(self) -> Iterable[NameUsed]:
        if self.by == "color":
            yield NameUsed("color", self.color, ("color",))

    def framed(self, framing: Framing) -> Framing:
        left, top, right, bottom = self._edges(framing.size)
        room_for((right - left, bottom - top))
        return framing.cut(left, top, right, bottom)

    def retouched(self, photo: Photo, colors: BrandColors) -> Photo:
        framing = self.framed(photo.framing)
        left, top, right, bottom = self._edges(photo.framing.size)
        width, height = photo.framing.size
        if self.by == "color":
            canvas = Image.new(photo.image.mode, framing.size, color_of(colors, self.color))
            canvas.paste(photo.image, (-left, -top), photo.alpha)
            return photo.reframed(canvas, framing)
        around = ((-top, bottom - height), (-left, right - width), (0, 0))
        canvas = Image.fromarray(numpy.pad(numpy.asarray(photo.image), around, mode="symmetric"))
        if self.by == "blur":
            soft = ImageFilter.GaussianBlur(SOFTNESS * min(width, height))
            canvas = unmultiplied(premultiplied(canvas).filter(soft))
            canvas.paste(photo.image, (-left, -top))
        return photo.reframed(canvas, framing)

    def _edges(self, size: tuple[int, int]) -> tuple[int, int, int, int]:
        """The new edges, in pixels of the picture."""
        width, height = size
        if self.shape is None:
            return (
                -round(self.left * width), -round(self.top * height),
                width + round(self.right * width), height + round(self.bottom * height),
            )  # fmt: skip
        shape = shape_of(self.shape)
        more_across = max(0, round(height * shape) - width)
        more_down = max(0, round(width / shape) - height) if not more_across else 0
        left, top = round(more_across * self.toward[0]), round(more_down * self.toward[1])
        return -left, -top, width + more_across - left, height + more_down - top
