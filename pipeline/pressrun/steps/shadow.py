"""Shadow: what a cut-out lays on the ground it stands on: close to it, and away from the light of its scene."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import ClassVar, Literal

import numpy
from PIL import Image, ImageChops, ImageFilter
from pydantic import Field

from pressrun.graphics.photos.photo import Photo, PictureStep, color_of, room_for
from pressrun.model.errors import PictureFailed
from pressrun.model.layout import NameUsed
from pressrun.model.step import BrandColors

FLAT = 0.5  # how much of its length a shadow on the floor keeps towards the viewer
THINNEST = 0.06  # of the height of what casts it
FOOT = 0.12  # of its height: what touches the ground
THICK = 0.05  # likewise: how wide a shadow of it is


class ShadowStep(PictureStep):
    """The picture grows as far as its shadow goes; all of it is transparent but subject and shadow."""

    RECIPE: ClassVar[int] = 2

    type: Literal["shadow"] = Field(description="Lays a shadow under a cut-out.")
    kind: Literal["contact", "cast", "both"] = Field(
        default="both", description="`contact` is dark where it stands, `cast` lies on the ground away from the light."
    )
    direction: float = Field(
        default=340.0,
        ge=0,
        le=360,
        description="Where a cast shadow falls, in degrees: 0 is to the right, 90 towards the viewer, 180 to the left,"
        " 270 away. It is opposite to the light of the scene.",
    )
    length: float = Field(default=0.6, gt=0, le=4, description="How long it is, in heights of what casts it.")
    softness: float = Field(
        default=0.03, ge=0, le=0.5, description="How soft its far end is, as a share of that height; its foot less."
    )
    strength: float = Field(default=0.45, ge=0, le=1, description="How dark it is.")
    color: str | None = Field(default=None, description="A palette colour; left out, black.")

    def references(self) -> Iterable[NameUsed]:
        if self.color:
            yield NameUsed("color", self.color, ("color",))

    def retouched(self, photo: Photo, colors: BrandColors) -> Photo:
        alpha = photo.alpha
        box = alpha.getbbox() if alpha else None
        if alpha is None or box is None or alpha.getextrema()[0] == 255:
            hint = "put the step cutout before it"
            raise PictureFailed("a shadow is of a cut-out, and the picture has a ground", hint)
        tall = box[3] - box[1]
        edges = self._edges(photo.image.size, box, tall)
        size = room_for((edges[2] - edges[0], edges[3] - edges[1]))
        subject = photo.image.crop(edges)
        outline, floor = subject.getchannel("A"), box[3] - edges[1]
        cover = Image.new("L", size)
        if self.kind != "contact":
            cover = self._cast(outline, floor, tall)
        if self.kind != "cast":
            cover = ImageChops.lighter(cover, _contact(outline, floor, tall))
        cover = cover.point([round(level * self.strength) for level in range(256)])
        dark = Image.new("RGBA", size, (*(color_of(colors, self.color) if self.color else (0, 0, 0)), 0))
        dark.putalpha(cover)
        framing = photo.framing.cut(*edges)
        return photo.reframed(Image.alpha_composite(dark, subject), framing)

    def _way(self) -> tuple[float, float]:
        """How far right and down the shadow of a point falls, for each pixel that it is above the floor."""
        angle = math.radians(self.direction)
        across, down = self.length * math.cos(angle), FLAT * self.length * math.sin(angle)
        return across, math.copysign(max(abs(down), THINNEST), down if abs(down) > 1e-9 else -1.0)

    def _edges(
        self, size: tuple[int, int], box: tuple[int, int, int, int], tall: int
    ) -> tuple[int, int, int, int]:  # fmt: skip
        soft = math.ceil(3 * self.softness * tall) + 2
        left, top, right, bottom = box[0], box[1], box[2], box[3]
        if self.kind != "contact":
            across, down = (part * tall for part in self._way())
            left, right = min(left, math.floor(left + across)), max(right, math.ceil(right + across))
            top, bottom = min(top, math.floor(bottom + down)), max(bottom, math.ceil(bottom + down))
        low = max(soft, math.ceil(0.1 * tall))
        return min(0, left - soft), min(0, top - soft), max(size[0], right + soft), max(size[1], bottom + low)

    def _cast(self, outline: Image.Image, floor: int, tall: int) -> Image.Image:
        """The outline laid down on the floor; the farther from its foot, the softer."""
        across, down = self._way()
        # From a pixel of the shadow to what casts it: height = (y - floor) / down.
        laid = outline.transform(
            outline.size,
            Image.Transform.AFFINE,
            (1.0, -across / down, across * floor / down, 0.0, -1 / down, floor + floor / down),
            Image.Resampling.BILINEAR,
        )
        if not self.softness:
            return laid
        near, far = (laid.filter(ImageFilter.GaussianBlur(part * self.softness * tall)) for part in (0.2, 1.0))
        away = numpy.abs(numpy.arange(outline.height) + 0.5 - floor) / abs(down * tall)
        column = Image.fromarray(numpy.rint(255 * away.clip(0, 1)).astype(numpy.uint8)[:, None])
        return Image.composite(far, near, column.resize(outline.size, Image.Resampling.NEAREST))


def _contact(outline: Image.Image, floor: int, tall: int) -> Image.Image:
    """Along the lower edge of what stands on the floor, the less the farther that is above it, and blurred a little: a
    round foot has a round one."""
    foot, thick = max(1, round(FOOT * tall)), max(2.0, THICK * tall)
    top = floor - foot
    cover = numpy.asarray(outline.crop((0, top, outline.width, floor)))
    above = numpy.where((cover >= 128).any(0), (cover[::-1] >= 128).argmax(0), foot)  # the floor, column by column
    near = numpy.sqrt(1 - above / foot)
    rows = numpy.arange(outline.height)[:, None] + 0.5
    inside = (thick / 2 * near - abs(rows - (floor - above)) + 0.5).clip(0, 1)
    shade = Image.fromarray(numpy.rint(inside * near * cover.max(0)).astype(numpy.uint8))
    return shade.filter(ImageFilter.GaussianBlur(max(1.0, 0.02 * tall)))
