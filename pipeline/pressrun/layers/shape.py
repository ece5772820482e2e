"""A flat shape: a panel, a rule, a disc."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from pressrun.model.composition import Composing
from pressrun.model.geometry import Length, LengthField
from pressrun.model.layout import LayerOptions, NameUsed
from pressrun.model.sheet import ShapeMark


class ShapeLayer(LayerOptions):
    """``radius`` rounds a rect's corners; a ``line`` runs from the box's upper left to its lower right."""

    FADES: ClassVar[bool] = True

    type: Literal["shape"] = Field(description="A flat shape: a panel, a rule, a disc.")
    shape: Literal["rect", "ellipse", "line"] = Field(
        default="rect",
        description="A line runs from the box's upper left to its lower right.",
    )
    fill: str | None = Field(default=None, description="The palette colour inside.")
    stroke: str | None = Field(default=None, description="The palette colour of its outline.")
    stroke_width: LengthField = Field(
        default=Length(0.5, "pt"),
        alias="width",
        description="How thick the outline is; below 0.25pt it may not print.",
    )
    radius: LengthField = Field(default=Length(0, "pt"), description="How round a rect's corners are.")

    @model_validator(mode="after")
    def _shows(self) -> ShapeLayer:
        if self.fill is None and self.stroke is None:
            raise ValueError("a shape needs a fill or a stroke")
        if self.shape == "line" and self.stroke is None:
            raise ValueError("a line has no inside to fill; give it a stroke")
        return self

    @property
    def needs_room(self) -> bool:
        return self.shape != "line"

    def references(self) -> Iterable[NameUsed]:
        if self.fill:
            yield NameUsed("color", self.fill, ("fill",))
        if self.stroke:
            yield NameUsed("color", self.stroke, ("stroke",))

    def compose(self, composing: Composing) -> Iterator[ShapeMark]:
        yield composing.once(self._mark)

    def _mark(self, composing: Composing) -> ShapeMark:
        rect = composing.rect(self)
        short = min(rect.width, rect.height)
        return ShapeMark(
            composing.layer,
            rect,
            self.shape,
            composing.ink(self.fill) if self.fill else None,
            composing.ink(self.stroke) if self.stroke else None,
            self.stroke_width.points(short),
            self.radius.points(short),
            self.opacity,
        )
