"""What fills a shape, as people write it: a palette colour, a gradient of several, or a pattern."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from pressrun.model.authored import Authored
from pressrun.model.composition import Composing, PlacedPicture
from pressrun.model.geometry import FractionField, Length, LengthField, Rect, after, turned_about
from pressrun.model.paint import TO_THE_CORNER, Gradient, Stop
from pressrun.model.sheet import LogoMark, Mark, Pattern, PictureMark, ShapeMark

ACROSS, SEAM = 0.5, 0.05  # points that stripes, and pictures, reach into the tile beside theirs
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


def _stripes(size: float, share: float) -> Iterator[Rect]:
    yield Rect(-ACROSS, 0, size + 2 * ACROSS, size * share)


def _checks(size: float, share: float) -> Iterator[Rect]:
    yield Rect(0, 0, size * share, size * share)
    yield Rect(size * share, size * share, size * (1 - share), size * (1 - share))


def _dots(size: float, share: float) -> Iterator[Rect]:
    free = size * (1 - share) / 2
    yield Rect(free, free, size * share, size * share)


SIMPLE = {"stripes": _stripes, "checks": _checks, "dots": _dots}


FINEST_TILE = 0.5  # points, or % of the box: finer ones make a tint, and a page of them takes minutes


class PatternFill(Authored):
    """A tile that is repeated: a simple one in a palette colour, or a picture."""

    pattern: Literal["stripes", "dots", "checks", "picture"] = Field(
        description="What a tile shows; a picture is the one that the layer's `picture` or `file` names."
    )
    color: str = Field(default="ink", description="The palette colour of stripes, dots and checks.")
    ground: str | None = Field(
        default=None, description="The palette colour under it; none lets show what is below."
    )
    size: LengthField = Field(
        default=Length(10, "%"), description="How wide a tile is; % is of the shorter edge of the layer's box."
    )
    share: FractionField = Field(
        default=0.5, gt=0, le=1, description="How much of a tile stripes, dots and checks take across."
    )
    angle: float = Field(default=0.0, ge=-360, le=360, description="By how many degrees it is turned clockwise.")

    @model_validator(mode="after")
    def _has_a_size(self) -> PatternFill:
        if (self.size.value if self.size.unit == "%" else self.size.points(0)) < FINEST_TILE:
            raise ValueError(f"a tile of {self.size} is too fine to be seen; from 0.5pt or 0.5% of the box will do")
        if self.pattern == "picture" and self.model_fields_set & {"color", "share"}:
            raise ValueError("color and share are of stripes, dots and checks; a picture has its own")
        return self

    @property
    def shows_picture(self) -> bool:
        return self.pattern == "picture"

    def colors(self) -> Iterator[tuple[str, tuple[str | int, ...]]]:
        if not self.shows_picture:
            yield self.color, ("color",)
        if self.ground:
            yield self.ground, ("ground",)

    def mark(
        self, composing: Composing, rect: Rect, is_mirrored: bool, picture: PlacedPicture | None = None
    ) -> Pattern:
        """The pattern of what fills a rectangle, from its upper left on; ``picture`` is the one that it shows."""
        size = self.size.points(min(rect.width, rect.height))
        height = size * picture.size[1] / picture.size[0] if picture else size
        angle = -self.angle if is_mirrored else self.angle
        matrix = after((1.0, 0.0, 0.0, 1.0, rect.x, rect.y), turned_about(rect.x, rect.y, angle))
        ground = composing.ink(self.ground) if self.ground else None
        marks = _tile(composing, picture, Rect(0, 0, size, height)) if picture else self._simple(composing, size)
        return Pattern(marks, size, height, matrix, ground)

    def _simple(self, composing: Composing, size: float) -> tuple[Mark, ...]:
        ink = composing.ink(self.color)
        kind: Literal["ellipse", "rect"] = "ellipse" if self.pattern == "dots" else "rect"
        boxes = SIMPLE[self.pattern](size, self.share)
        return tuple(ShapeMark(composing.layer, box, kind, ink, None, 0.0, 0.0) for box in boxes)


def _tile(composing: Composing, picture: PlacedPicture, rect: Rect) -> tuple[Mark, ...]:
    rect = rect.inset(*[-SEAM] * 4)
    if picture.media_type == "image/svg+xml":
        inks = {swatch.srgb: composing.ink(name) for name, swatch in composing.brand.palette.items()}
        return (LogoMark(composing.layer, rect, (("", picture.digest),), "start", "top", inks),)
    whole = (0.0, 0.0, 1.0, 1.0)
    return (PictureMark(composing.layer, rect, picture.digest, picture.media_type, picture.size, whole, lifted=True),)


def _kind(value: Any) -> str:
    if isinstance(value, PatternFill) or (isinstance(value, dict) and "pattern" in value):
        return "pattern"
    return "gradient" if isinstance(value, (dict, GradientFill)) else "color"


Fill = Annotated[
    Annotated[str, Tag("color")] | Annotated[GradientFill, Tag("gradient")] | Annotated[PatternFill, Tag("pattern")],
    Discriminator(_kind),
]


def fill_colors(fill: str | GradientFill | PatternFill | None, key: str) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """Every colour that what fills something names, and where below ``key``."""
    if isinstance(fill, str):
        yield fill, (key,)
    elif fill is not None:
        for name, path in fill.colors():
            yield name, (key, *path)
