"""A picture: a generated master by slot, or a file named by the row (a packshot)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, ClassVar, Literal

from msgspec.structs import replace
from pydantic import BeforeValidator, Field, model_validator

from pressrun.graphics.paths.outlines import figure
from pressrun.model.border import Border, border_shapes
from pressrun.model.composition import CannotCompose, Composing, PlacedPicture
from pressrun.model.geometry import FractionField, Frames, Rect, parse_fraction
from pressrun.model.item_list import REPEATED
from pressrun.model.layout import LayerOptions, NameUsed
from pressrun.model.learned import DETECT, Detector
from pressrun.model.paint import BorderLine
from pressrun.model.placement import best_master, contain, cover, looked_at
from pressrun.model.shadow import Shadow, shadow_keys
from pressrun.model.sheet import Mark, PictureMark, ShapeMark
from pressrun.model.spans import Anchor
from pressrun.model.toned_picture import toned
from pressrun.model.tones import Duotone, Tint

Side = Literal["left", "center", "right"]
MIRRORED: dict[Side, Side] = {"left": "right", "right": "left"}
MIDDLE = (0.5, 0.5)
FLOOR = (0.5, 0.8)  # where a product stands in a photograph that says nothing of it
Point = tuple[float, float]
Focus = tuple[FractionField, FractionField] | str | None


def focus_in(text: str) -> Point | None:
    """A focus as a cell has it: a point (``50% 30%``), the middle of a box (``x y width height``), or none (nothing, or
    ``auto``). Raises ValueError."""
    parts = text.replace(",", " ").split()
    if parts in ([], ["auto"]):
        return None
    numbers = [parse_fraction(float(part) if part[-1].isdigit() else part) for part in parts]
    if len(numbers) not in (2, 4) or not all(0 <= number <= 1 for number in numbers):
        raise ValueError(f"{text!r} is no point and no box of a picture")
    x, y, width, height = (*numbers, 0.0, 0.0)[:4]
    return x + width / 2, y + height / 2


def _looked_at(picture: PlacedPicture, rect: Rect) -> Point:
    """Where a picture itself is to be looked at: what a person marked in it goes before what a detector found."""
    if picture.subject and not picture.region:
        _, _, width, height = cover(picture.size, rect, MIDDLE)
        return looked_at(picture.subject, picture.detector, (width, height))
    return picture.stage or picture.region or MIDDLE


def _focus(value: object) -> object:
    """As people write it: ``auto`` is none, and what is written as in a cell is read at once."""
    if isinstance(value, list):
        return tuple(value)
    return focus_in(value) if isinstance(value, str) and "{" not in value else value


def _shadow_keys(value: object) -> object:
    return value if value in ("none", "contact") else shadow_keys(value)


class ImageLayer(LayerOptions):
    """``fit: cover`` fills the box and crops around ``focus``; ``contain`` shows all of it at ``anchor``.

    ``focus`` left out is the picture's own stage; a photograph, which has none, shows the region that it marks, or
    its middle. ``stand`` names an
    image layer below: the picture's bottom centre stands on that picture's stage. ``shadow: contact`` grounds a
    cut-out.
    """

    TEMPLATES: ClassVar[tuple[str, ...]] = ("file", "focus")

    type: Literal["image"] = Field(description="A picture.")
    picture: str | None = Field(default=None, description="The job's picture slot that is shown.")
    file: str | None = Field(
        default=None,
        description="A picture that exists, named by the row: a template of its path.",
    )
    fit: Literal["cover", "contain"] = Field(
        default="cover",
        description="`cover` fills the box and crops; `contain` shows all of the picture within the box.",
    )
    focus: Annotated[Focus, BeforeValidator(_focus)] = Field(
        default=None,
        description="The point that stays in sight when cropping, as fractions: [50%, 30%], or a template that gives "
        "one from the row, as `50% 30%` or as a box `x y width height`. Left out, or `auto`: what `detect` "
        "found, the picture's own stage, or what a photograph marks by the image regions in its XMP, or its middle.",
    )
    detect: tuple[Detector, ...] | None = Field(
        default=None,
        description=f"{DETECT} For the picture of a `file`; left out: what the brand says. A slot has a `detect` of its"
        " own.",
    )
    anchor: Anchor = Field(default="middle", description="With `contain`: where it stands in a higher box.")
    align: Side = Field(default="center", description="With `contain`: where it stands in a wider box.")
    shadow: Annotated[Literal["none", "contact"] | Shadow, BeforeValidator(_shadow_keys)] = Field(  # type: ignore[assignment]  # it has one more
        default="none",
        description="`contact` grounds a cut-out with a soft shadow under it; `soft`, `hard` or keys cast its outline.",
    )
    stand: str | None = Field(
        default=None,
        description="The id of an image layer below, on whose stage this picture's foot stands.",
    )

    duotone: Duotone | None = Field(
        default=None, description="The picture between two palette colours; in print, between their inks."
    )
    tint: Tint | None = Field(default=None, description="The picture in the tones of one palette colour.")
    border: Border | None = Field(
        default=None, description="Lines along the picture's sides; `all` goes along what it is cut out by."
    )

    @model_validator(mode="after")
    def _one_source(self) -> ImageLayer:
        if self.clip and self.border and not self.border.is_all_alike:
            raise ValueError("a picture that is cut out has no sides; give its border `all`")
        if self.duotone and self.tint:
            raise ValueError("a picture has either a duotone or a tint")
        if self.detect is not None and self.picture is not None:
            raise ValueError("the pictures of a slot are looked at as the slot says: write detect there")
        if (self.picture is None) == (self.file is None):
            raise ValueError("write either picture (a slot of the job) or file (a path from the row)")
        return self

    def references(self) -> Iterable[NameUsed]:
        if self.picture:
            yield NameUsed("picture", self.picture, ("picture",))
        if self.stand:
            yield NameUsed("layer", self.stand, ("stand",))
        for name, key in self._toning.colors() if self._toning else ():
            yield NameUsed("color", name, ("duotone" if self.duotone else "tint", key))
        for name, side in self.border.colors() if self.border else ():
            yield NameUsed("color", name, ("border", *side))

    @property
    def may_be_artwork(self) -> bool:
        """Whether a drawing in it would look the same as an artwork layer shows it."""
        is_plain = self.shadow != "contact" and self.stand is None and self.border is None and self._toning is None
        return self.file is not None and self.fit == "contain" and is_plain

    def detects(self, asked: tuple[Detector, ...]) -> tuple[Detector, ...]:
        if self.file is None or self.fit != "cover" or isinstance(self.focus, tuple):
            return ()
        return asked if self.detect is None else self.detect

    def placements(self, frames: Frames) -> Iterable[tuple[str, Rect]]:
        if self.picture:
            yield self.picture, self.box.resolve(frames.of(self.box.within))

    def aspect(self, composing: Composing) -> float | None:
        if self.picture:
            sizes = [picture.size for picture in composing.slots.get(self.picture, ())]
        else:
            file = composing.files.get(composing.content.get("file", "").strip())
            sizes = [file.size] if file else []
        return sizes[0][0] / sizes[0][1] if len(sizes) == 1 else None

    def compose(self, composing: Composing) -> Iterator[Mark]:
        rect = composing.once(lambda one: one.rect(self))
        if self.picture:
            masters = composing.slots.get(self.picture, ())
            if not masters:
                raise CannotCompose("missing-picture", f"there is no picture for the slot {self.picture!r}")
            picture = best_master(masters, rect)
        else:
            name = composing.content.get("file", "").strip()
            if not name:
                raise CannotCompose(
                    "empty-picture", "the row names no picture here", "fill the cell, or give the layer a `when`"
                )
            picture = composing.files[name]
            if self.detect == ():
                picture = replace(picture, subject=None, detector=None)
        crop = (0.0, 0.0, 1.0, 1.0)
        if self.fit == "cover":
            crop = cover(picture.size, rect, self._point(composing) or _looked_at(picture, rect))
        else:
            align = MIRRORED.get(self.align, self.align) if composing.mirrored(self) else self.align
            rect = contain(picture.size, rect, self.anchor, align)
        if self.stand:
            rect = self.box.moved(self._on_stage(composing, rect), composing.frames.of(self.box.within))
        composing.stages[composing.layer] = picture.stage or FLOOR
        mark = PictureMark(
            composing.layer,
            rect,
            picture.digest,
            picture.media_type,
            picture.size,
            crop,
            composing.ink("ink") if self.shadow == "contact" else None,
            self.picture,
        )
        yield toned(mark, self._toning.tone(composing)) if self._toning else mark
        if self.border:
            yield from self._border(self.border.lines(composing, composing.mirrored(self)), rect, composing)

    def _border(self, lines: tuple[BorderLine, ...], rect: Rect, composing: Composing) -> Iterator[ShapeMark]:
        """Along what it is cut out by a line is twice as thick, since its outer half is cut off."""
        if not self.clip:
            yield from border_shapes(composing.layer, rect, lines)
            return
        ink, width, dashes = lines[0].look()
        box = composing.rect(self)
        outline = figure(self.clip, box, composing.mirrored(self))
        yield ShapeMark(
            composing.layer, box, "figure", None, ink, 2 * width, 0.0, outline=outline, dashes=dashes
        )  # fmt: skip

    @property
    def _toning(self) -> Duotone | Tint | None:
        return self.duotone or self.tint

    def _point(self, composing: Composing) -> Point | None:
        if not isinstance(self.focus, str):
            return self.focus
        said = composing.content.get("focus", "")
        try:
            return focus_in(said)
        except ValueError as error:
            hint = "write a point as 50% 30%, a box as its x, y, width and height, or auto"
            raise CannotCompose("bad-focus", f"the focus {said!r} is no point of a picture", hint) from error

    def _on_stage(self, composing: Composing, rect: Rect) -> Rect:
        items = composing.layer.split(REPEATED)[1:]  # where both are repeated, that of the same item
        names = (REPEATED.join([self.stand or "", *items[:count]]) for count in range(len(items), -1, -1))
        name = next((name for name in names if name in composing.below), None)
        if name is None:
            raise CannotCompose("no-stage", f"there is no picture {self.stand!r} below to stand on")
        ground, stage = composing.below[name], composing.stages[name]
        x, y, width, height = ground.crop
        foot_x = ground.rect.x + (stage[0] - x) / width * ground.rect.width
        foot_y = ground.rect.y + (stage[1] - y) / height * ground.rect.height
        return Rect(foot_x - rect.width / 2, foot_y - rect.height, rect.width, rect.height)
