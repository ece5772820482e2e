"""Crop: a picture cut to a box, or to a shape around what it is about."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from pressrun.graphics.learned import detection
from pressrun.graphics.photos.photo import Photo, PictureStep
from pressrun.graphics.pixels.crops import ShapeField, shape_of, window_around
from pressrun.model.errors import PictureFailed
from pressrun.model.learned import Detector
from pressrun.model.placement import looked_at
from pressrun.model.step import Box, BoxField, BrandColors, Framing, Point, PointField, in_pixels

DETECTORS: tuple[Detector, ...] = ("faces", "saliency")
MIDDLE = (0.5, 0.5)
WHOLE = 0.995  # of what is to be kept, that is as good as all of it


class CropStep(PictureStep):
    """To `box`, or to a `shape` by focus; `keep` is what is to be seen whole."""

    RECIPE: ClassVar[int] = 2

    STAYS_OPAQUE: ClassVar[bool] = True
    type: Literal["crop"] = Field(description="Cuts a picture to a box, or to a shape around what it is about.")
    box: BoxField | None = Field(
        default=None,
        description="The part that stays: left, top, right and lower edge, as fractions of width and height.",
    )
    shape: ShapeField | None = Field(
        default=None,
        description="Width to height, like 4:5: the largest part of that shape stays.",
    )
    focus: Literal["auto", "stage", "region", "middle", "faces", "saliency"] = Field(
        default="auto",
        description="What a shape is cut around: the `stage` of the picture's master, the `region` that a photograph"
        " marks itself, or the `middle`; `auto` takes the first of them that there is. `faces` and `saliency` (what"
        " stands out) are found by weights that a package brings, and seen whole where they fit in; of what stands out"
        " and is too high, the top is.",
    )
    point: PointField | None = Field(
        default=None,
        description="A point that a shape is cut around, as fractions of width and height; in place of `focus`.",
    )
    keep: BoxField | None = Field(
        default=None,
        description="The box of what is to be seen whole, as `box`: a shape is cut around it, and where it does not"
        " fit in, that is told with the share that is cut off.",
    )
    zoom: float = Field(
        default=1.0,
        ge=1,
        le=20,
        description="How much closer than need be: 2 leaves half of the width and the height of the largest part.",
    )

    @model_validator(mode="after")
    def _says_where(self) -> Self:
        if (self.box is None) == (self.shape is None):
            raise ValueError("write either box (the part that stays) or shape (like 4:5)")
        return self

    @property
    def looks_for(self) -> str:
        return "" if self.box or self.point or self.keep or self.focus in ("middle", *DETECTORS) else self.focus

    @property
    def _detect(self) -> tuple[Detector, ...]:
        asked = self.focus if not (self.box or self.point or self.keep) else ""
        return tuple(one for one in DETECTORS if one == asked)

    def learned(self) -> tuple[str, ...]:
        return detection.said(self._detect)

    def lack(self) -> tuple[str, str] | None:
        return detection.lack_of(self._detect)

    def framed(self, framing: Framing) -> Framing:
        return framing.cut(*self._edges(framing, self.keep))

    def retouched(self, photo: Photo, colors: BrandColors) -> Photo:
        keep = self.keep
        if self._detect:
            found = detection.detected(photo.plain, self._detect, colors.answers)
            if found is None:
                message, hint = f"no {self.focus} found in the picture", "write another focus, or a point"
                raise PictureFailed(message, hint)
            keep = found[0]
        edges = self._edges(photo.framing, keep)
        cut = photo.reframed(photo.image.crop(edges), photo.framing.cut(*edges))
        share = _seen_of(keep, edges, photo.framing.size)
        if share >= WHOLE:
            return cut
        message = f"cut to {self.shape}, {100 - 100 * share:.0f} % of what is to be kept is cut off"
        return cut.told("subject-cut", message, "take a shape nearer to its own, or extend the picture first")

    def _edges(self, framing: Framing, keep: Box | None) -> tuple[int, int, int, int]:
        if self.box:
            return in_pixels(self.box, framing.size)
        assert self.shape
        shape, (width, height) = shape_of(self.shape), framing.size
        left, top, right, bottom = window_around(framing.size, shape, MIDDLE, self.zoom)
        part = (right - left) / width, (bottom - top) / height
        return window_around(framing.size, shape, self._focus(framing, keep, part), self.zoom)

    def _focus(self, framing: Framing, keep: Box | None, part: tuple[float, float]) -> Point:
        if keep:
            return looked_at(keep, next(iter(self._detect), None), part)
        if self.point:
            return self.point
        if self.focus in ("middle", *DETECTORS):  # what is detected is not known before there is a picture
            return MIDDLE
        there = {"stage": framing.stage, "region": framing.region}
        found = there["stage"] or there["region"] if self.focus == "auto" else there[self.focus]
        if found is None and self.focus != "auto":
            hint = "write focus: auto, or a point"
            raise PictureFailed(f"the picture has no {self.focus} that it could be cropped to", hint)
        return framing.now(found) if found else MIDDLE


def _seen_of(keep: Box | None, edges: tuple[int, int, int, int], size: tuple[int, int]) -> float:
    """How much of what is to be seen whole is, from 0 to 1."""
    if not keep:
        return 1.0
    share = 1.0
    for axis in (0, 1):
        low, high = keep[axis] * size[axis], keep[axis + 2] * size[axis]
        share *= max(0.0, min(high, edges[axis + 2]) - max(low, edges[axis])) / (high - low)
    return share
