"""Blend: a colour of the brand or another picture laid over a picture, as layers are blended."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar, Literal, Self

from PIL import Image, ImageChops, ImageOps
from pydantic import Field, model_validator

from pressrun.graphics.color.inks import as_meant, as_srgb
from pressrun.graphics.photos.photo import Photo, PictureStep, color_of
from pressrun.model.layout import NameUsed
from pressrun.model.step import BrandColors, FileUsed

Mode = Literal[
    "normal", "multiply", "screen", "overlay", "soft-light", "hard-light", "darken", "lighten", "difference", "add"
]
MODES: Mapping[str, Callable[[Image.Image, Image.Image], Image.Image]] = {
    "normal": lambda below, above: above,
    "multiply": ImageChops.multiply,
    "screen": ImageChops.screen,
    "overlay": ImageChops.overlay,
    "soft-light": ImageChops.soft_light,
    "hard-light": ImageChops.hard_light,
    "darken": ImageChops.darker,
    "lighten": ImageChops.lighter,
    "difference": ImageChops.difference,
    "add": ImageChops.add,
}


class BlendStep(PictureStep):
    """What is laid over fills the picture; where it is transparent, and where the picture is, nothing changes."""

    RECIPE: ClassVar[int] = 2

    type: Literal["blend"] = Field(description="Lays a colour or another picture over a picture.")
    color: str | None = Field(default=None, description="A palette colour.")
    file: str | None = Field(
        default=None, description="A picture, cropped to the same shape; from the job's folder or the brand's."
    )
    mode: Mode = Field(default="normal", description="How the two become one, as layers of picture editors do.")
    opacity: float = Field(default=1.0, ge=0, le=1, description="How much of it: 0 leaves the picture as it is.")

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        if (self.color is None) == (self.file is None):
            raise ValueError("write either color or file")
        return self

    def references(self) -> Iterable[NameUsed]:
        if self.color:
            yield NameUsed("color", self.color, ("color",))

    def files(self) -> Iterable[FileUsed]:
        if self.file:
            yield FileUsed(self.file, ("file",))

    def file_fault(self, data: bytes) -> str | None:
        try:
            _picture(data)
        except Exception as error:  # Pillow's decoders raise many kinds
            return str(error) if "BytesIO" not in str(error) else "it is no picture"
        return None

    def retouched(self, photo: Photo, colors: BrandColors) -> Photo:
        below = photo.plain
        if self.color:
            above: Image.Image = Image.new("RGB", below.size, color_of(colors, self.color))
        else:
            above = ImageOps.fit(_picture(colors.files[self.file or ""]), below.size, Image.Resampling.LANCZOS)
        blended = MODES[self.mode](below, above.convert("RGB"))
        cover = above.getchannel("A") if above.mode == "RGBA" else Image.new("L", below.size, 255)
        cover = cover.point([round(level * self.opacity) for level in range(256)])
        return photo.with_colors(Image.composite(blended, below, cover))


def _picture(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as opened:
        return as_srgb(ImageOps.exif_transpose(as_meant(opened)))
