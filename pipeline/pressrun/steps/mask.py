"""Mask: what of a picture is seen: a shape, the black of an SVG, or the light of another picture."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import ClassVar, Literal, Self

from PIL import Image, ImageChops, ImageFilter, ImageOps, UnidentifiedImageError
from pydantic import Field, model_validator

from pressrun.graphics.color.inks import as_srgb
from pressrun.graphics.drawn.outlined import drawn_outline, rounded
from pressrun.graphics.photos.photo import Photo, PictureStep
from pressrun.graphics.svg.artwork import UnusableArtwork
from pressrun.model.step import BoxField, BrandColors, FileUsed, in_pixels


class MaskStep(PictureStep):
    """What is outside becomes transparent; what was so already stays so."""

    RECIPE: ClassVar[int] = 1

    type: Literal["mask"] = Field(description="Says what of a picture is seen; the rest becomes transparent.")
    shape: Literal["ellipse", "circle", "rectangle", "pill"] | None = Field(
        default=None, description="A shape in the box: `circle` and `pill` are as large as its shorter side lets them."
    )
    file: str | None = Field(
        default=None,
        description="An SVG (what it draws is seen) or a picture (what is white or opaque in it is), stretched to the"
        " box; from the job's folder or the brand's.",
    )
    box: BoxField = Field(
        default=(0.0, 0.0, 1.0, 1.0), description="Where it lies: left, top, right and lower edge, as fractions."
    )
    feather: float = Field(default=0.0, ge=0, le=1000, description="How softly it ends, in pixels.")
    invert: bool = Field(default=False, description="`true` shows what is outside of it.")

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        if (self.shape is None) == (self.file is None):
            raise ValueError("write either shape or file")
        return self

    def files(self) -> Iterable[FileUsed]:
        if self.file:
            yield FileUsed(self.file, ("file",))

    def file_fault(self, data: bytes) -> str | None:
        try:
            _cover_in(data, (8, 8))
        except UnusableArtwork as fault:
            return str(fault)
        except UnidentifiedImageError:
            return "it is neither an SVG nor a picture"
        except Exception as error:  # Pillow's decoders raise many kinds
            return str(error)
        return None

    def retouched(self, photo: Photo, colors: BrandColors) -> Photo:
        edges = in_pixels(self.box, photo.image.size)
        size = edges[2] - edges[0], edges[3] - edges[1]
        cover = Image.new("L", photo.image.size)
        inner = _shaped(self.shape, size) if self.shape else _cover_in(colors.files[self.file or ""], size)
        cover.paste(inner, edges[:2])
        if self.invert:
            cover = ImageOps.invert(cover)
        if self.feather:
            cover = cover.filter(ImageFilter.GaussianBlur(self.feather / 2))
        before = photo.alpha
        return photo.with_alpha(ImageChops.multiply(before, cover) if before is not None else cover)


def _shaped(shape: str, size: tuple[int, int]) -> Image.Image:
    shorter = min(size) / 2
    if shape == "rectangle":
        return Image.new("L", size, 255)
    if shape == "pill":
        return rounded(size, shorter)
    if shape == "ellipse":
        return rounded(size, size[0] / 2, size[1] / 2)
    side = min(size)
    cover = Image.new("L", size)
    cover.paste(rounded((side, side), shorter), ((size[0] - side) // 2, (size[1] - side) // 2))
    return cover


def _cover_in(data: bytes, size: tuple[int, int]) -> Image.Image:
    """How much of each pixel is seen, from 0 to 255. Raises UnusableArtwork, or what Pillow does."""
    if b"<svg" in data[:4000]:
        return drawn_outline(data, size)
    with Image.open(io.BytesIO(data)) as opened:
        picture = as_srgb(opened)
    gray = picture.getchannel("A") if picture.mode == "RGBA" else picture.convert("L")
    return gray.resize(size, Image.Resampling.LANCZOS)
