"""A picture under retouching: decoded once, handed from step to step, encoded once."""

from __future__ import annotations

import hashlib
import io

from msgspec import Struct
from msgspec.structs import replace
from PIL import Image

from pressrun.graphics.color.inks import as_srgb
from pressrun.graphics.pixels.quick_png import quick_png
from pressrun.model.errors import PictureFailed
from pressrun.model.finding import Finding, Severity
from pressrun.model.job import MOST_PIXELS
from pressrun.model.step import BrandColors, Framing, Point, StepOptions


class Photo(Struct, frozen=True):
    """``image`` is RGB, or RGBA where it is transparent, in sRGB. ``seed`` is what chance is drawn from: the same for
    the same picture."""

    image: Image.Image
    framing: Framing
    seed: bytes = b""
    findings: tuple[Finding, ...] = ()

    @property
    def alpha(self) -> Image.Image | None:
        return self.image.getchannel("A") if self.image.mode == "RGBA" else None

    @property
    def plain(self) -> Image.Image:
        """Its colours alone."""
        return self.image.convert("RGB")

    def with_colors(self, plain: Image.Image) -> Photo:
        """Other colours, and transparent where it was."""
        alpha = self.alpha
        if alpha is not None:
            plain = plain.copy()
            plain.putalpha(alpha)
        return replace(self, image=plain)

    def with_alpha(self, alpha: Image.Image) -> Photo:
        """The same colours, transparent where this says so."""
        image = self.image.convert("RGB")
        image.putalpha(alpha)
        return replace(self, image=image)

    def reframed(self, image: Image.Image, framing: Framing) -> Photo:
        assert image.size == framing.size, f"{image.size} is not {framing.size}"
        return replace(self, image=image, framing=framing)

    def told(self, code: str, message: str, hint: str) -> Photo:
        """With a warning."""
        return replace(self, findings=(*self.findings, Finding(Severity.WARNING, code, message, hint=hint)))


class PictureStep(StepOptions):
    """A step that works on pixels: those that follow one another share one decoded picture."""

    def retouched(self, photo: Photo, colors: BrandColors) -> Photo:
        """What it makes of a picture. Raises PictureFailed."""
        raise NotImplementedError

    def apply(self, picture: bytes, colors: BrandColors) -> bytes:
        return encoded(self.retouched(decoded(picture), colors))


def decoded(picture: bytes, stage: Point | None = None, region: Point | None = None) -> Photo:
    """An encoded picture. Raises what Pillow does."""
    with Image.open(io.BytesIO(picture)) as opened:
        image = as_srgb(opened)
    return Photo(image, Framing(image.size, stage, region), hashlib.sha256(picture).digest())


def encoded(photo: Photo) -> bytes:
    """A PNG, quickly made: it is read again soon."""
    return quick_png(photo.image)


def room_for(size: tuple[int, int]) -> tuple[int, int]:
    """A size that a picture may have. Raises PictureFailed."""
    if size[0] * size[1] > MOST_PIXELS:
        most = f"{MOST_PIXELS // 10**6} million are the most"
        raise PictureFailed(f"a step would make {size[0]} x {size[1]} pixels; {most}", "ask for fewer")
    return max(1, size[0]), max(1, size[1])


def premultiplied(image: Image.Image) -> Image.Image:
    """As it is to be filtered or resampled: what is transparent has no colour to give."""
    return image.convert("RGBa") if image.mode == "RGBA" else image


def unmultiplied(image: Image.Image) -> Image.Image:
    return image.convert("RGBA") if image.mode == "RGBa" else image


def color_of(colors: BrandColors, name: str) -> tuple[int, int, int]:
    """A palette colour as screens show it."""
    red, green, blue = bytes.fromhex(colors.palette[name].srgb[1:])
    return red, green, blue
