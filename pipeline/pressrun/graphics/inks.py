"""Colour through the press profile, and logos drawn in exact inks."""

from __future__ import annotations

import functools
import hashlib
import io
import struct
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy
from PIL import Image, ImageCms, ImageOps

from pressrun.model.errors import MissingTool

SHIPPED_PROFILES = {"fogra39-300": ("fogra39-300.icc", "FOGRA39", "Coated FOGRA39, 300 % total ink")}
_PROFILE_DATE = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)  # where ICC.1 has the date of a profile: bytes 24 to 35
_INTENT = ImageCms.Intent.RELATIVE_COLORIMETRIC
_FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION

# Pillow stops at a number of pixels of its own, also where our own files are read back. What comes from outside is
# measured where it comes in, against MOST_PIXELS, before it is decoded.
Image.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True, slots=True)
class PressProfile:
    """A CMYK output profile; ``condition`` is the registered name of its printing condition ("" if unknown)."""

    name: str
    data: bytes
    condition: str
    description: str

    @property
    def digest(self) -> str:
        return _digest(self.data)

    def __reduce__(self) -> tuple[Any, ...]:
        # Half a megabyte that every worker finds in its own package is not sent to it.
        if self.name in SHIPPED_PROFILES:
            return load_profile, (self.name, Path())
        return PressProfile, (self.name, self.data, self.condition, self.description)


@functools.lru_cache(maxsize=8)
def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@functools.lru_cache(maxsize=8)
def load_profile(name: str, folder: Path) -> PressProfile:
    """A shipped profile by name, or a user's by path relative to ``folder``. Raises MissingTool."""
    if name in SHIPPED_PROFILES:
        file, condition, description = SHIPPED_PROFILES[name]
        return PressProfile(name, (files(__package__) / "profiles" / file).read_bytes(), condition, description)
    path, shipped = folder / name, f"name a file of the brand's folder, or one of {', '.join(SHIPPED_PROFILES)}"
    if not path.resolve().is_relative_to(folder.resolve()):
        raise MissingTool(f"the press profile '{name}' leads out of the brand's folder", shipped)
    if path.exists() and not path.is_file():
        raise MissingTool(f"the press profile '{name}' is no file", shipped)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise MissingTool(f"the press profile '{name}' cannot be read: {error.strerror}", shipped) from error
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
        space = profile.profile.xcolor_space
    except (OSError, ValueError, ImageCms.PyCMSError) as error:
        raise MissingTool(f"'{name}' is no ICC profile", shipped) from error
    if space != "CMYK":
        raise MissingTool(f"'{name}' is not a CMYK profile", "use the output profile of your printing condition")
    try:
        own = PressProfile(name, data, "", ImageCms.getProfileDescription(profile).strip())
        _transforms(own)
    except (OSError, ImageCms.PyCMSError, ValueError, TypeError) as error:
        raise MissingTool(f"'{name}' is a broken ICC profile: {error}", shipped) from error
    return own


@functools.lru_cache(maxsize=8)
def _transforms(profile: PressProfile) -> tuple[ImageCms.ImageCmsTransform, ImageCms.ImageCmsTransform]:
    press, srgb = ImageCms.ImageCmsProfile(io.BytesIO(profile.data)), ImageCms.createProfile("sRGB")
    there = ImageCms.buildTransform(srgb, press, "RGB", "CMYK", renderingIntent=_INTENT, flags=_FLAGS)
    back = ImageCms.buildTransform(press, srgb, "CMYK", "RGB", renderingIntent=_INTENT, flags=_FLAGS)
    return there, back


def to_cmyk(picture: Image.Image, profile: PressProfile) -> Image.Image:
    """An sRGB picture in the profile's CMYK: relative colorimetric with black point compensation."""
    separated = ImageCms.applyTransform(picture, _transforms(profile)[0])
    assert separated is not None
    separated.info.pop("icc_profile", None)
    return separated


def toned(
    picture: Image.Image, plain: Image.Image, dark: tuple[int, ...], light: tuple[int, ...], strength: float
) -> Image.Image:
    """An sRGB picture whose black and white are two colours, channel by channel, of the mode in which it is ``plain``;
    with less ``strength`` than 1, that much of it."""
    gray = ImageOps.grayscale(picture)
    ways = ([round(low + (high - low) * at / 255) for at in range(256)] for low, high in zip(dark, light, strict=True))
    channels = [gray.point(way) for way in ways]
    return Image.blend(plain, Image.merge(plain.mode, channels), strength)


def to_srgb(picture: Image.Image, profile: PressProfile) -> Image.Image:
    """A CMYK picture as the profile shows it on screen: the proof."""
    shown = ImageCms.applyTransform(picture, _transforms(profile)[1])
    assert shown is not None
    shown.info.pop("icc_profile", None)
    return shown


def of_8_bits(picture: Image.Image) -> Image.Image:
    """Grey of 16 bits scaled to 8, where Pillow would cut it off at 255; anything else as it is."""
    if not picture.mode.startswith("I;16"):
        return picture
    scaled = Image.fromarray((numpy.asarray(picture) >> 8).astype(numpy.uint8), "L")
    scaled.info = {**picture.info}
    if isinstance(clear := picture.info.get("transparency"), int):
        scaled.info["transparency"] = clear >> 8
    return scaled


def as_srgb(picture: Image.Image) -> Image.Image:
    """A picture of whatever mode as RGB, or RGBA where it is transparent, in sRGB: through the profile embedded in it
    where that is another. CMYK without one is taken for the shipped press profile's."""
    alpha = None
    picture = of_8_bits(picture)
    profile = picture.info.get("icc_profile")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        alpha = picture.getchannel("A")
    if picture.mode == "CMYK" and not profile:
        profile = load_profile("fogra39-300", Path()).data
    elif picture.mode != "CMYK":
        picture = picture.convert("RGB")
    transform = _to_srgb(profile, picture.mode) if profile else None
    if transform:
        picture = ImageCms.applyTransform(picture, transform) or picture
    picture = picture.convert("RGB")
    if alpha:
        picture.putalpha(alpha)
    return picture


@functools.lru_cache(maxsize=8)
def _to_srgb(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """None where there is nothing to do, or the profile cannot be used."""
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(own):
            return None
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.buildTransform(own, srgb, mode, "RGB", renderingIntent=_INTENT, flags=_FLAGS)
    except (OSError, ImageCms.PyCMSError):  # a grey profile in a picture that is coloured by now, or a broken one
        return None


@functools.lru_cache(maxsize=512)
def proof_color(cmyk: tuple[float, float, float, float], profile: PressProfile) -> str:
    """How exact inks (percent) look through the profile, as #RRGGBB."""
    pixel = Image.new("CMYK", (1, 1), tuple(round(part * 2.55) for part in cmyk))
    red, green, blue = to_srgb(pixel, profile).getpixel((0, 0))  # type: ignore[misc]  # RGB pixels are triples
    return f"#{red:02X}{green:02X}{blue:02X}"


@functools.lru_cache(maxsize=1)
def srgb_profile() -> bytes:
    """The sRGB profile that screen files carry: always the same bytes, though littleCMS dates it with the moment."""
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return made[:24] + _PROFILE_DATE + made[36:]
