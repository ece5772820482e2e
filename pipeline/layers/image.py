"""A picture: a generated master by slot, or a file named by the row (a packshot)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, model_validator

from pipeline.model.composing import CannotCompose, Composing, PlacedPicture
from pipeline.model.geometry import FractionField, Rect
from pipeline.model.layout import LayerOptions, Reference
from pipeline.model.sheet import Anchor, PictureMark

Focus = Literal["auto"] | tuple[FractionField, FractionField]


class ImageLayer(LayerOptions):
    """``fit: cover`` fills the box and crops around ``focus``; ``contain`` shows all of it at ``anchor``.

    ``focus: auto`` is the picture's own stage. ``stand`` names an image layer below: the picture's bottom centre
    stands on that picture's stage. ``shadow: contact`` grounds a cut-out.
    """

    TEMPLATES: ClassVar[tuple[str, ...]] = ("file",)
    PIXELS: ClassVar[bool] = True

    type: Literal["image"]
    picture: str | None = None
    file: str | None = None
    fit: Literal["cover", "contain"] = "cover"
    focus: Annotated[Focus, BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value)] = "auto"
    anchor: Anchor = "middle"
    align: Literal["left", "center", "right"] = "center"
    shadow: Literal["none", "contact"] = "none"
    stand: str | None = None

    @model_validator(mode="after")
    def _one_source(self) -> ImageLayer:
        if (self.picture is None) == (self.file is None):
            raise ValueError("write either picture (a slot of the job) or file (a path from the row)")
        return self

    def references(self) -> Iterable[Reference]:
        if self.picture:
            yield Reference("picture", self.picture, ("picture",))
        if self.stand:
            yield Reference("layer", self.stand, ("stand",))

    def compose(self, composing: Composing) -> Iterator[PictureMark]:
        rect = composing.rect(self)
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
            focus = picture.stage if self.focus == "auto" else self.focus
            crop = cover(picture.size, rect, focus)
        else:
            rect = contain(picture.size, rect, self.anchor, self.align)
        if self.stand:
            rect = self._on_stage(composing, rect)
        composing.stages[composing.layer] = picture.stage
        yield PictureMark(
            composing.layer, rect, picture.digest, picture.media_type, picture.size, crop,
            composing.ink("ink") if self.shadow == "contact" else None, self.picture,
        )  # fmt: skip

    def _on_stage(self, composing: Composing, rect: Rect) -> Rect:
        ground = composing.below.get(self.stand or "")
        if ground is None:
            raise CannotCompose("no-stage", f"there is no picture {self.stand!r} below to stand on")
        stage = composing.stages[self.stand or ""]
        x, y, width, height = ground.crop
        foot_x = ground.rect.x + (stage[0] - x) / width * ground.rect.width
        foot_y = ground.rect.y + (stage[1] - y) / height * ground.rect.height
        return Rect(foot_x - rect.width / 2, foot_y - rect.height, rect.width, rect.height)


def best_master(masters: tuple[PlacedPicture, ...], rect: Rect) -> PlacedPicture:
    """The master of which a covering crop keeps most, and of those alike the one with most pixels."""

    def kept(master: PlacedPicture) -> tuple[float, int]:
        _, _, width, height = cover(master.size, rect, (0.5, 0.5))
        return round(width * height, 3), master.size[0] * master.size[1]

    return max(masters, key=kept)


def cover(size: tuple[int, int], rect: Rect, focus: tuple[float, float]) -> tuple[float, float, float, float]:
    """The largest part of a picture with the box's proportions, as near to ``focus`` as the edges allow."""
    proportion = rect.width / rect.height * size[1] / size[0]
    width, height = (1.0, 1 / proportion) if proportion > 1 else (proportion, 1.0)
    x = min(max(focus[0] - width / 2, 0.0), 1 - width)
    y = min(max(focus[1] - height / 2, 0.0), 1 - height)
    return x, y, width, height


def contain(size: tuple[int, int], rect: Rect, anchor: Anchor, align: str) -> Rect:
    """Where all of a picture goes in a box."""
    scale = min(rect.width / size[0], rect.height / size[1])
    width, height = size[0] * scale, size[1] * scale
    down = {"top": 0.0, "middle": 0.5, "bottom": 1.0}[anchor]
    aside = {"left": 0.0, "center": 0.5, "right": 1.0}[align]
    return Rect(rect.x + (rect.width - width) * aside, rect.y + (rect.height - height) * down, width, height)
