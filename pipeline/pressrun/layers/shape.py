"""A flat shape: a panel, a rule, a disc."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from pressrun.graphics import outlines
from pressrun.graphics.svg_paths import UnusablePath, path_steps
from pressrun.model.color import Ink
from pressrun.model.composition import Composing
from pressrun.model.fill import Fill, GradientFill, fill_colors
from pressrun.model.geometry import Length, LengthField
from pressrun.model.layout import LayerOptions, NameUsed
from pressrun.model.outline import Figure, Outline
from pressrun.model.paint import Gradient
from pressrun.model.sheet import Cap, ShapeMark


class ShapeLayer(Outline, LayerOptions):
    """A ``line`` runs from the box's upper left to its lower right; all other shapes fill the box."""

    FADES: ClassVar[bool] = True

    type: Literal["shape"] = Field(description="A flat shape: a panel, a rule, a disc.")
    shape: Figure | Literal["line"] = Field(
        default="rect",
        description="What it is. A line runs from the box's upper left to its lower right; all else fills the box.",
    )
    fill: Fill | None = Field(default=None, description="The palette colour inside, or a gradient of several.")
    stroke: str | None = Field(default=None, description="The palette colour of its outline.")
    stroke_width: LengthField = Field(
        default=Length(0.5, "pt"),
        alias="width",
        description="How thick the outline is; below 0.25pt it may not print.",
    )
    cap: Cap = Field(default="butt", description="How the ends of a line and of its dashes are cut.")
    dash: tuple[LengthField, ...] = Field(
        default=(), max_length=8, description="Lengths of dashes and of gaps in turn: [3mm, 1mm]; left out, no gaps."
    )

    @property
    def figure(self) -> str:
        return self.shape

    @model_validator(mode="after")
    def _shows(self) -> ShapeLayer:
        if self.fill is None and self.stroke is None:
            raise ValueError("a shape needs a fill or a stroke")
        if self.shape == "line" and self.stroke is None:
            raise ValueError("a line has no inside to fill; give it a stroke")
        if any(length.value < 0 for length in self.dash) or (self.dash and not any(one.value for one in self.dash)):
            raise ValueError("dashes and gaps have lengths, not all of them 0")
        if self.path is not None:
            try:
                path_steps(self.path)
            except UnusablePath as error:
                raise ValueError(str(error)) from error
        return self

    @property
    def needs_room(self) -> bool:
        return self.shape != "line"

    def references(self) -> Iterable[NameUsed]:
        for name, path in fill_colors(self.fill, "fill"):
            yield NameUsed("color", name, path)
        if self.stroke:
            yield NameUsed("color", self.stroke, ("stroke",))

    def compose(self, composing: Composing) -> Iterator[ShapeMark]:
        yield composing.once(self._mark)

    def _fill(self, composing: Composing) -> Ink | Gradient | None:
        if isinstance(self.fill, GradientFill):
            return self.fill.mark(composing, composing.mirrored(self))
        return composing.ink(self.fill) if self.fill else None

    def _mark(self, composing: Composing) -> ShapeMark:
        rect = composing.rect(self)
        short = min(rect.width, rect.height)
        is_simple = self.shape in ("rect", "ellipse", "line")
        return ShapeMark(
            composing.layer,
            rect,
            self.shape if self.shape in ("rect", "ellipse", "line") else "figure",
            self._fill(composing),
            composing.ink(self.stroke) if self.stroke else None,
            self.stroke_width.points(short),
            self.radius.points(short),
            1.0 if self.clip else self.opacity,
            outline="" if is_simple else outlines.figure(self, rect, composing.mirrored(self)),
            cap=self.cap,
            dashes=tuple(length.points(short) for length in self.dash),
        )
