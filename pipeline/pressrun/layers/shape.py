"""A flat shape: a panel, a rule, a disc."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal

from msgspec.structs import replace
from pydantic import Field, model_validator

from pressrun.graphics.paths import outlines
from pressrun.graphics.paths.svg_paths import UnusablePath, path_steps
from pressrun.model.border import Border, border_shapes
from pressrun.model.color import Ink
from pressrun.model.composition import CannotCompose, Composing, PlacedPicture
from pressrun.model.fill import Fill, GradientFill, PatternFill, fill_colors
from pressrun.model.geometry import Frames, Length, LengthField, Rect
from pressrun.model.layout import LayerOptions, NameUsed
from pressrun.model.outline import Figure, Outline
from pressrun.model.paint import Gradient
from pressrun.model.placed_page import PDF
from pressrun.model.placement import best_master
from pressrun.model.sheet import Cap, Pattern, ShapeMark


class ShapeLayer(Outline, LayerOptions):
    """A ``line`` runs from the box's upper left to its lower right; all other shapes fill the box."""

    FADES: ClassVar[bool] = True
    TEMPLATES: ClassVar[tuple[str, ...]] = ("file",)

    type: Literal["shape"] = Field(description="A flat shape: a panel, a rule, a disc.")
    shape: Figure | Literal["line"] = Field(
        default="rect",
        description="What it is. A line runs from the box's upper left to its lower right; all else fills the box.",
    )
    fill: Fill | None = Field(default=None, description="The palette colour inside, a gradient or a pattern.")
    picture: str | None = Field(default=None, description="The job's picture slot that a pattern of a picture repeats.")
    file: str | None = Field(
        default=None,
        description="The picture or SVG that a pattern of a picture repeats: a template of its path. A flat SVG in "
        "palette colours stays vectors in their inks.",
    )
    border: Border | None = Field(default=None, description="Lines along the sides of a rect.")
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
        if self.fill is None and self.stroke is None and self.border is None:
            raise ValueError("a shape needs a fill, a stroke or a border")
        if self._shows_picture != (self.picture is not None or self.file is not None) or (self.picture and self.file):
            raise ValueError("`pattern: picture` and one of picture (a slot of the job) and file belong together")
        if self.border and (self.shape != "rect" or (self.radius.value and not self.border.is_all_alike)):
            raise ValueError("sides with a border are those of a rect with straight corners; else write a stroke")
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

    @property
    def _shows_picture(self) -> bool:
        return isinstance(self.fill, PatternFill) and self.fill.shows_picture

    def placements(self, frames: Frames) -> Iterable[tuple[str, Rect]]:
        if self.picture and isinstance(self.fill, PatternFill):
            rect = self.box.resolve(frames.of(self.box.within))
            size = self.fill.size.points(min(rect.width, rect.height))
            yield self.picture, Rect(rect.x, rect.y, size, size)

    def references(self) -> Iterable[NameUsed]:
        if self.picture:
            yield NameUsed("picture", self.picture, ("picture",))
        for name, side in self.border.colors() if self.border else ():
            yield NameUsed("color", name, ("border", *side))
        for name, path in fill_colors(self.fill, "fill"):
            yield NameUsed("color", name, path)
        if self.stroke:
            yield NameUsed("color", self.stroke, ("stroke",))

    def compose(self, composing: Composing) -> Iterator[ShapeMark]:
        mark = composing.once(self._mark)
        if isinstance(self.fill, PatternFill) and self.fill.shows_picture:
            picture = self._picture(composing, mark.rect)
            mark = replace(mark, fill=self.fill.mark(composing, mark.rect, composing.mirrored(self), picture))
        if mark.fill or mark.stroke:
            yield mark
        if self.border:
            lines = self.border.lines(composing, composing.mirrored(self))
            yield from border_shapes(composing.layer, mark.rect, lines, mark.radius)

    def _picture(self, composing: Composing, rect: Rect) -> PlacedPicture:
        """What its pattern repeats."""
        if self.picture:
            masters = composing.slots.get(self.picture, ())
            if not masters:
                raise CannotCompose("missing-picture", f"there is no picture for the slot {self.picture!r}")
            return best_master(masters, rect)
        name = composing.content.get("file", "").strip()
        if not name:
            raise CannotCompose(
                "empty-picture", "the row names no picture here", "fill the cell, or give the layer a `when`"
            )
        picture = composing.files[name]
        if picture.media_type == PDF:
            raise CannotCompose("unknown-picture-kind", f"{name} is a PDF, of which no pattern is made", "use an SVG")
        return picture

    def _fill(self, composing: Composing) -> Ink | Gradient | Pattern | None:
        if isinstance(self.fill, PatternFill):
            if self.fill.shows_picture:
                return None  # it depends on the row
            return self.fill.mark(composing, composing.rect(self), composing.mirrored(self))
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
