"""Borders along the sides of a box, as people write them."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field, model_validator

from pressrun.model.authored import Authored
from pressrun.model.composition import Composing
from pressrun.model.geometry import Length, LengthField, Rect
from pressrun.model.paint import BorderLine, Side
from pressrun.model.sheet import ShapeMark

MIRRORED: dict[Side, Side] = {"left": "right", "right": "left"}
SIDES: tuple[Side, ...] = ("top", "right", "bottom", "left")


class BorderSide(Authored):
    """A line along a side, within the box."""

    color: str = Field(default="ink", description="The palette colour of the line.")
    width: LengthField = Field(default=Length(1, "pt"), description="How thick it is; below 0.25pt it may not print.")
    dash: tuple[LengthField, ...] = Field(
        default=(), max_length=8, description="Lengths of dashes and of gaps in turn: [3mm, 1mm]; left out, no gaps."
    )

    @model_validator(mode="after")
    def _shows(self) -> BorderSide:
        if self.width.value <= 0:
            raise ValueError("a border has a width of more than 0; leave out the side that has none")
        if any(length.value < 0 for length in self.dash) or (self.dash and not any(one.value for one in self.dash)):
            raise ValueError("dashes and gaps have lengths, not all of them 0")
        return self


class Border(Authored):
    """Lines along the sides of a box; a side that is written comes before ``all``."""

    all: BorderSide | None = Field(default=None, description="The line along every side.")
    top: BorderSide | None = Field(default=None, description="The line along the upper side.")
    right: BorderSide | None = Field(default=None, description="The line along the right side.")
    bottom: BorderSide | None = Field(default=None, description="The line along the lower side.")
    left: BorderSide | None = Field(default=None, description="The line along the left side.")

    @model_validator(mode="after")
    def _has_a_side(self) -> Border:
        if not any((self.all, self.top, self.right, self.bottom, self.left)):
            raise ValueError("write which side has a line: all, top, right, bottom or left")
        return self

    @property
    def is_all_alike(self) -> bool:
        return not any((self.top, self.right, self.bottom, self.left))

    def colors(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Every colour that it names, and where."""
        for side in ("all", *SIDES):
            if line := getattr(self, side):
                yield line.color, (side, "color")

    def lines(self, composing: Composing, is_mirrored: bool) -> tuple[BorderLine, ...]:
        made = []
        for side in SIDES:
            said: BorderSide | None = getattr(self, side) or self.all
            if said:
                dashes = tuple(length.points(0) for length in said.dash)
                turned = MIRRORED.get(side, side) if is_mirrored else side
                made.append(BorderLine(turned, composing.ink(said.color), said.width.points(0), dashes))
        return tuple(made)


def border_shapes(layer: str, box: Rect, lines: tuple[BorderLine, ...], radius: float = 0.0) -> tuple[ShapeMark, ...]:
    """Lines along the sides of a box; four that are alike go round in one piece."""
    if len(lines) == 4 and len({line.look() for line in lines}) == 1:
        ink, width, dashes = lines[0].look()
        middle = box.inset(*[width / 2] * 4)
        return (ShapeMark(layer, middle, "rect", None, ink, width, max(0.0, radius - width / 2), dashes=dashes),)
    return tuple(
        ShapeMark(layer, line.axis(box), "line", None, line.ink, line.width, 0.0, dashes=line.dashes) for line in lines
    )
