"""A layout as designers write it. Which layers there are is not known here: the registry closes that set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import BeforeValidator, Field, model_validator

from pressrun.model.brand import Authored
from pressrun.model.composition import Composing
from pressrun.model.geometry import Box, EdgesField, Length, LengthField, PageBoxes, PageSizeField, Rect
from pressrun.model.sheet import Mark

Target = Literal["print", "screen"]

LONGEST_EDGE = 14_400.0  # points: what PDF readers take (ISO 32000-1, annex C)


class Page(Authored):
    trim: PageSizeField
    orientation: Literal["portrait", "landscape"] | None = None
    bleed: LengthField = Length(0, "pt")
    safe: EdgesField = (Length(0, "pt"),) * 4

    @model_validator(mode="after")
    def _has_room(self) -> Page:
        for edge in self.trim:
            if edge.unit == "%" or not 0 < edge.points(0) <= LONGEST_EDGE:
                raise ValueError(f"an edge of {edge} is no page; from 1px to 200in will do")
        if self.bleed.value < 0 or any(edge.value < 0 for edge in self.safe):
            raise ValueError("bleed and safe cannot be negative")
        boxes = self.boxes()
        if min(boxes.safe.width, boxes.safe.height) <= 0:
            raise ValueError("safe leaves no room on the page")
        if max(boxes.bleed.width, boxes.bleed.height) > 2 * LONGEST_EDGE:
            raise ValueError(f"a bleed of {self.bleed} is wider than the page")
        return self

    def boxes(self) -> PageBoxes:
        """The page's boxes in points; ``%`` in ``safe`` and ``bleed`` is of the trim's shorter edge."""
        width, height = (edge.points(0) for edge in self.trim)
        if (self.orientation == "landscape" and width < height) or (self.orientation == "portrait" and width > height):
            width, height = height, width
        short = min(width, height)
        bleed = self.bleed.points(short)
        trim = Rect(bleed, bleed, width, height)
        top, right, bottom, left = (edge.points(short) for edge in self.safe)
        return PageBoxes(
            bleed=Rect(0, 0, width + 2 * bleed, height + 2 * bleed),
            trim=trim,
            safe=trim.inset(top, right, bottom, left),
        )


class Resolution(Authored):
    """Pixels per inch of placed pictures: below ``floor`` is an error, below ``target`` a warning."""

    floor: float = Field(default=150, gt=0)
    target: float = Field(default=300, gt=0)


# One name or a list of candidates.
Names = Annotated[tuple[str, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)]


class NameUsed(NamedTuple):
    """A name that a layer uses: of a color, picture slot, role, logo or other layer; ``path`` is the field."""

    kind: Literal["color", "picture", "role", "logo", "layer"]
    name: str
    path: tuple[str | int, ...]


class LayerOptions(Authored):
    """What every layer has. ``when`` is a bare expression; a layer it refuses is left out. In languages written from
    right to left its box changes sides, unless ``mirror`` is false; what a picture shows is never turned over.

    TEMPLATES names the fields that are Jinja; PIXELS says that the layer is painted on the plate, LIVE that it never
    is and so must stand above every layer that is.
    """

    TEMPLATES: ClassVar[tuple[str, ...]] = ()
    PIXELS: ClassVar[bool] = False
    LIVE: ClassVar[bool] = False

    type: str
    id: str | None = None
    when: str | None = None
    box: Box = Box()
    mirror: bool = True

    @property
    def needs_room(self) -> bool:
        """Whether a box without any width or height is a mistake."""
        return True

    def references(self) -> Iterable[NameUsed]:
        """Every name this layer uses, so that load can say which is unknown."""
        return ()

    def placements(self, boxes: PageBoxes) -> Iterable[tuple[str, Rect]]:
        """Picture slots and where they are placed: what masters are chosen for before any picture exists."""
        return ()

    def compose(self, composing: Composing) -> Iterator[Mark]:
        """The layer's marks. Raises CannotCompose where this row cannot have it."""
        raise NotImplementedError


class CheckLevel(Authored):
    """How much the findings of a check matter here, and why; `off` leaves them out."""

    level: Literal["error", "warning", "note", "off"] = Field(description="What its findings count as.")
    because: str = Field(min_length=1, description="The reason, which the manifest keeps.")


CheckLevels = Annotated[
    dict[str, CheckLevel], Field(description="Checks whose findings count for more or less than usual, or not at all.")
]


class Layout(Authored):
    page: Page
    target: Target
    inks: tuple[str, ...] = ("cmyk",)
    formats: tuple[str, ...]
    resolution: Resolution | None = None
    ground: str = "paper"
    crop_marks: bool = False
    quality: int = Field(default=90, ge=50, le=100)
    checks: CheckLevels = Field(default_factory=dict)
    layers: tuple[Any, ...]

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Layout:
        seen: set[str] = set()
        for layer in self.layers:
            name = getattr(layer, "id", None)
            if name in seen:
                raise ValueError(f"two layers have the id {name!r}")
            if name:
                seen.add(name)
        return self

    @model_validator(mode="after")
    def _screens_have_no_bleed(self) -> Layout:
        if self.target == "screen" and self.page.bleed.value:
            raise ValueError("a screen layout has no bleed; take it out, or make the target print")
        return self

    @property
    def floor_and_target(self) -> tuple[float, float]:
        """Pixels per inch asked of placed pictures; screens ask for one pixel a pixel, and for no less than 2/3."""
        if self.resolution:
            return self.resolution.floor, self.resolution.target
        return (150.0, 300.0) if self.target == "print" else (64.0, 96.0)


def layer_name(layer: LayerOptions, index: int) -> str:
    """The layer's id, or its type and place counted from 1 at the bottom."""
    return layer.id or f"{layer.type}-{index + 1}"
