"""Outlines as people write them: of shapes, and of what a layer is cut out by."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from pressrun.model.authored import Authored
from pressrun.model.geometry import FractionField, Length, LengthField

Figure = Literal["rect", "ellipse", "polygon", "star", "arrow", "path"]


class Outline(Authored):
    """A figure that fills a box."""

    radius: LengthField = Field(
        default=Length(0, "pt"), description="How round a rect's corners are; 50% of its shorter edge at the most."
    )
    corners: int = Field(default=5, ge=3, le=100, description="How many corners a polygon has, or points a star.")
    inner: FractionField = Field(
        default=0.5, gt=0, lt=1, description="How far out the inner corners of a star are: 50% is half way."
    )
    head: FractionField = Field(
        default=0.4, gt=0, le=1, description="How much of its box's width an arrow's head takes."
    )
    shaft: FractionField = Field(
        default=0.5, gt=0, le=1, description="How much of its box's height an arrow's shaft takes."
    )
    path: str | None = Field(
        default=None, description="For the shape `path`: path data as SVG has it, stretched from `view` to the box."
    )
    svg: str | None = Field(
        default=None,
        description="In place of `path`: an SVG file below `templates`, whose outline is stretched to the box.",
    )
    element: str | None = Field(
        default=None,
        description="Beside `svg`: the id of the element of it whose own lines are taken, open ones too, in place of "
        "the outline of all.",
    )
    view: tuple[float, float] = Field(
        default=(100.0, 100.0), description="Width and height of the field that the path data are drawn in."
    )

    @property
    def figure(self) -> str:
        """Which figure it is."""
        raise NotImplementedError

    @model_validator(mode="after")
    def _has_its_path(self) -> Outline:
        if self.svg is not None:
            raise ValueError("an SVG takes the place of `path` and `view` in a layout")
        if self.element is not None:
            raise ValueError("`element` is the id of one in the file that `svg` names")
        if (self.figure == "path") != (self.path is not None):
            raise ValueError("`shape: path` and `path` (path data as SVG has it) belong together")
        if min(self.view) <= 0:
            raise ValueError("a view needs a width and a height")
        return self


class Clip(Outline):
    """The outline that a layer is cut out by, within its box."""

    shape: Figure = Field(default="rect", description="What it is cut out as.")

    @property
    def figure(self) -> str:
        return self.shape
