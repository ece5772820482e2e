"""What fills a shape, as people write it: a palette colour, or a gradient of several."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from pressrun.model.brand import Authored
from pressrun.model.composition import Composing
from pressrun.model.geometry import FractionField, LengthField
from pressrun.model.paint import TO_THE_CORNER, Gradient, Stop

ANGLES = {"top": 0.0, "right": 90.0, "bottom": 180.0, "left": 270.0}


def _stop(value: Any) -> Any:
    return {"color": value} if isinstance(value, str) else value


class GradientStop(Authored):
    """A colour on the way, by its name alone or by keys."""

    color: str = Field(description="The palette colour, or a tint of one: `accent 40%`.")
    at: FractionField | None = Field(
        default=None, ge=0, le=1, description="Where on the way. Left out: half way between its neighbours, or an end."
    )
    opacity: FractionField = Field(default=1.0, ge=0, le=1, description="How much it covers there.")


class GradientFill(Authored):
    """Palette colours that run into each other."""

    gradient: Literal["linear", "radial"] = Field(description="Whether they run to a side, or out from a middle.")
    stops: tuple[Annotated[GradientStop, BeforeValidator(_stop)], ...] = Field(
        min_length=2, max_length=64, description="The colours on the way, in their order."
    )
    towards: Literal["top", "bottom", "left", "right"] | None = Field(
        default=None, description="The edge that the last colour of a linear one is at. Left out: the bottom."
    )
    angle: float | None = Field(
        default=None,
        ge=-360,
        le=360,
        description="In place of `towards`, in degrees clockwise: 0 is upwards, 90 to the right.",
    )
    middle: tuple[FractionField, FractionField] = Field(
        default=(0.5, 0.5), description="Where a radial one begins, in fractions of the box: [50%, 50%]."
    )
    radius: LengthField = Field(
        default=TO_THE_CORNER, description="How far a radial one reaches; 100% is to the farthest corner."
    )

    @model_validator(mode="after")
    def _is_one_way(self) -> GradientFill:
        said = self.model_fields_set
        if self.gradient == "radial" and said & {"towards", "angle"}:
            raise ValueError("a radial gradient runs from its middle; towards and angle are of a linear one")
        if self.gradient == "linear" and said & {"middle", "radius"}:
            raise ValueError("a linear gradient runs to a side; middle and radius are of a radial one")
        if self.towards is not None and self.angle is not None:
            raise ValueError("write towards, or an angle, not both")
        if self.radius.value <= 0:
            raise ValueError("a radius is more than 0")
        if any(one > other for one, other in pairwise(stop.at for stop in self.stops if stop.at is not None)):
            raise ValueError("stops stand in their order: none is at an earlier place than the one before it")
        return self

    @property
    def is_opaque(self) -> bool:
        return all(stop.opacity == 1 for stop in self.stops)

    def colors(self) -> Iterator[tuple[str, tuple[str | int, ...]]]:
        """Every colour that it names, and where."""
        for number, stop in enumerate(self.stops):
            yield stop.color, ("stops", number, "color")

    def mark(self, composing: Composing, is_mirrored: bool) -> Gradient:
        angle = ANGLES[self.towards or "bottom"] if self.angle is None else self.angle
        stops = tuple(
            Stop(at, composing.ink(stop.color), stop.opacity)
            for at, stop in zip(self._places(), self.stops, strict=True)
        )
        if self.gradient == "linear":
            return Gradient("linear", stops, -angle % 360 if is_mirrored else angle)
        x, y = self.middle
        return Gradient("radial", stops, middle=(1 - x if is_mirrored else x, y), radius=self.radius)

    def _places(self) -> list[float]:
        """Where each stop is: those that do not say so, at like distances between those that do."""
        told = {number: stop.at for number, stop in enumerate(self.stops) if stop.at is not None}
        told = {0: 0.0, len(self.stops) - 1: 1.0} | told
        places = [0.0] * len(self.stops)
        for (one, begin), (other, end) in pairwise(sorted(told.items())):
            for number in range(one, other + 1):
                places[number] = begin + (end - begin) * (number - one) / (other - one)
        return places


Fill = str | GradientFill


def fill_colors(fill: Fill | None, key: str) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """Every colour that what fills something names, and where below ``key``."""
    if isinstance(fill, str):
        yield fill, (key,)
    elif fill is not None:
        for name, path in fill.colors():
            yield name, (key, *path)
