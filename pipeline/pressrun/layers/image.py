"""A picture: a generated master by slot, or a file named by the row (a packshot)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from pressrun.model.composition import CannotCompose, Composing
from pressrun.model.geometry import FractionField, PageBoxes, Rect
from pressrun.model.layout import LayerOptions, NameUsed
from pressrun.model.placement import best_master, contain, cover
from pressrun.model.sheet import PictureMark
from pressrun.model.spans import Anchor

Side = Literal["left", "center", "right"]
MIRRORED: dict[Side, Side] = {"left": "right", "right": "left"}
MIDDLE = (0.5, 0.5)
FLOOR = (0.5, 0.8)  # where a product stands in a photograph that says nothing of it
Focus = Literal["auto"] | tuple[FractionField, FractionField]


class ImageLayer(LayerOptions):
    """``fit: cover`` fills the box and crops around ``focus``; ``contain`` shows all of it at ``anchor``.

    ``focus: auto`` is the picture's own stage; a photograph, which has none, shows its middle. ``stand`` names an image
    layer below: the picture's bottom centre stands on that picture's stage. ``shadow: contact`` grounds a cut-out.
    """

    TEMPLATES: ClassVar[tuple[str, ...]] = ("file",)

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
    focus: Annotated[Focus, BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value)] = Field(
        default="auto",
        description="The point that stays in sight when cropping, as fractions; `auto` is the picture's own stage, "
        "or its middle.",
    )
    anchor: Anchor = Field(default="middle", description="With `contain`: where it stands in a higher box.")
    align: Side = Field(default="center", description="With `contain`: where it stands in a wider box.")
    shadow: Literal["none", "contact"] = Field(
        default="none",
        description="`contact` grounds a cut-out with a soft shadow under it.",
    )
    stand: str | None = Field(
        default=None,
        description="The id of an image layer below, on whose stage this picture's foot stands.",
    )

    @model_validator(mode="after")
    def _one_source(self) -> ImageLayer:
        if (self.picture is None) == (self.file is None):
            raise ValueError("write either picture (a slot of the job) or file (a path from the row)")
        return self

    def references(self) -> Iterable[NameUsed]:
        if self.picture:
            yield NameUsed("picture", self.picture, ("picture",))
        if self.stand:
            yield NameUsed("layer", self.stand, ("stand",))

    def placements(self, boxes: PageBoxes) -> Iterable[tuple[str, Rect]]:
        if self.picture:
            yield self.picture, self.box.resolve(boxes.frame(self.box.within))

    def compose(self, composing: Composing) -> Iterator[PictureMark]:
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
        crop = (0.0, 0.0, 1.0, 1.0)
        if self.fit == "cover":
            focus = (picture.stage or MIDDLE) if self.focus == "auto" else self.focus
            crop = cover(picture.size, rect, focus)
        else:
            align = MIRRORED.get(self.align, self.align) if composing.mirrored(self) else self.align
            rect = contain(picture.size, rect, self.anchor, align)
        if self.stand:
            rect = self.box.moved(self._on_stage(composing, rect), composing.boxes.frame(self.box.within))
        composing.stages[composing.layer] = picture.stage or FLOOR
        yield PictureMark(
            composing.layer,
            rect,
            picture.digest,
            picture.media_type,
            picture.size,
            crop,
            composing.ink("ink") if self.shadow == "contact" else None,
            self.picture,
        )

    def _on_stage(self, composing: Composing, rect: Rect) -> Rect:
        ground = composing.below.get(self.stand or "")
        if ground is None:
            raise CannotCompose("no-stage", f"there is no picture {self.stand!r} below to stand on")
        stage = composing.stages[self.stand or ""]
        x, y, width, height = ground.crop
        foot_x = ground.rect.x + (stage[0] - x) / width * ground.rect.width
        foot_y = ground.rect.y + (stage[1] - y) / height * ground.rect.height
        return Rect(foot_x - rect.width / 2, foot_y - rect.height, rect.width, rect.height)
