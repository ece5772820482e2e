"""Colour through the press profile, and logos drawn in exact inks."""

from __future__ import annotations

import functools
import hashlib
import io
import struct
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy
from msgspec import Struct
from msgspec.structs import astuple, replace
from PIL import Image, ImageChops, ImageCms, ImageOps

from pressrun.graphics.color.stocks import on_stock
from pressrun.model.color import WHITE
from pressrun.model.errors import MissingTool
from pressrun.model.printing_conditions import SHIPPED, USUAL_INK, PrintConditions, known_conditions, shipped_profiles

_PROFILE_DATE = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)  # where ICC.1 has the date of a profile: bytes 24 to 35
_INTENT = ImageCms.Intent.RELATIVE_COLORIMETRIC
_FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION

# Pillow stops at a number of pixels of its own, also where our own files are read back. What comes from outside is
# measured where it comes in, against MOST_PIXELS, before it is decoded.
Image.MAX_IMAGE_PIXELS = None


class PressProfile(Struct, frozen=True):
    """A CMYK output profile, and the printing condition that it stands for: ``condition`` is its name ("" if unknown),
    ``is_registered`` with the ICC; ``total_ink`` in percent is the most that it takes, on ``paper``. Black text smaller
    than ``overprint_below`` (points) overprints there. ``proof_on_paper``: proofs show the paper's own white. ``stock``
    (#RRGGBB) is the colour of what is printed on."""

    name: str
    data: bytes
    condition: str
    description: str
    is_registered: bool = False
    total_ink: float = USUAL_INK
    paper: str = ""
    overprint_below: float = 0.0
    proof_on_paper: bool = False
    stock: str = WHITE

    @property
    def digest(self) -> str:
        return _digest(self.data)

    @property
    def key(self) -> str:
        """What files depend on that are made by it."""
        proof = "on paper" if self.proof_on_paper else ""
        own = f"{self.digest} {self.condition} {self.total_ink:g} {self.overprint_below:g} {self.paper} {proof}"
        return own if self.stock == WHITE else f"{own} on {self.stock}"

    @property
    def look_key(self) -> str:
        """What pictures depend on that are seen by it."""
        return self.digest if self.stock == WHITE else f"{self.digest} on {self.stock}"

    def __reduce__(self) -> tuple[Any, ...]:
        # Half a megabyte that every worker finds in its own package is not sent to it.
        data = b"" if self.name in shipped_profiles() else self.data
        name, _, *condition = astuple(self)
        return _unpacked, (name, data, *condition)


def _unpacked(name: str, data: bytes, *condition: Any) -> PressProfile:
    return PressProfile(name, data or _shipped(name), *condition)


@functools.lru_cache(maxsize=8)
def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@functools.cache
def _shipped(name: str) -> bytes:
    return (files(__package__) / "profiles" / f"{name}.icc").read_bytes()


@functools.lru_cache(maxsize=8)
def press_profile(conditions: PrintConditions, folder: Path) -> PressProfile:
    """The profile of a printing condition, found as `load_profile` does. Raises MissingTool."""
    return replace(
        load_profile(conditions.profile, folder),
        condition=conditions.condition,
        is_registered=conditions.condition in known_conditions(),
        total_ink=conditions.total_ink,
        paper=conditions.paper,
        overprint_below=conditions.overprint_below.points(0),
        proof_on_paper=conditions.proof.paper,
        stock=conditions.stock,
    )


@functools.lru_cache(maxsize=8)
def load_profile(name: str, folder: Path) -> PressProfile:
    """A shipped profile by name, or a user's by path relative to ``folder``, which says nothing of its condition.
    Raises MissingTool for what is none that pictures can be separated by and files proofed by."""
    if known := shipped_profiles().get(name):
        description = _description(ImageCms.ImageCmsProfile(io.BytesIO(_shipped(name))))
        ink = known.total_ink or USUAL_INK
        return PressProfile(name, _shipped(name), known.name, description, True, ink, known.paper)
    path, hint = folder / name, f"name a file of the brand's folder, or one of {', '.join(shipped_profiles())}"
    if not path.resolve().is_relative_to(folder.resolve()):
        raise MissingTool(f"the press profile '{name}' leads out of the brand's folder", hint)
    if not path.is_file():
        what = "is no file" if path.exists() else "cannot be read: there is no such file"
        raise MissingTool(f"the press profile '{name}' {what}", _there(path) or hint)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise MissingTool(f"the press profile '{name}' cannot be read: {error.strerror}", hint) from error
    return PressProfile(name, data, "", _described(name, data, hint))


def _described(name: str, data: bytes, hint: str) -> str:
    """What a profile calls itself. Raises MissingTool for what is no output profile of CMYK that goes both ways."""
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
        space, kind = profile.profile.xcolor_space.strip(), profile.profile.device_class
        description = _description(profile)
    except (OSError, ValueError, TypeError, ImageCms.PyCMSError) as error:
        raise MissingTool(f"'{name}' is no ICC profile", hint) from error
    yours = "use the output profile of your printing condition"
    if space != "CMYK":
        raise MissingTool(f"'{name}' is not a CMYK profile, but one of {space or 'nothing known'}", yours)
    if kind != "prtr":
        raise MissingTool(f"'{name}' is no output profile (class prtr), but of class {kind.strip()}", yours)
    tags = _tags(data)
    for direction, what in (("B2A", "pictures cannot be separated"), ("A2B", "files cannot be proofed")):
        if not any(tag.startswith(direction) for tag in tags):
            message = f"'{name}' has no table {direction}: {what} by it"
            raise MissingTool(message, "ask for the whole profile; what measures or simulates alone will not do")
    try:
        _transforms(PressProfile(name, data, "", description))
    except (OSError, ImageCms.PyCMSError, ValueError, TypeError) as error:
        raise MissingTool(f"'{name}' is a broken ICC profile: {error}", hint) from error
    return description


def _description(profile: ImageCms.ImageCmsProfile) -> str:
    return ImageCms.getProfileDescription(profile).strip()


def _tags(data: bytes) -> list[str]:
    """The signatures in a profile's table of tags (ICC.1, 7.3)."""
    count = min(int.from_bytes(data[128:132]), (len(data) - 132) // 12)
    return [data[at : at + 4].decode("latin-1") for at in range(132, 132 + 12 * count, 12)]


def _there(path: Path) -> str:
    """The profiles beside one that is not there, as a hint."""
    beside = path.parent.iterdir() if path.parent.is_dir() else ()
    names = sorted(one.name for one in beside if one.suffix.lower() in (".icc", ".icm"))
    shipped = ", ".join(shipped_profiles())
    return f"profiles there: {', '.join(names)}; those that come along: {shipped}" if names else ""


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


def proofed(picture: Image.Image, profile: PressProfile) -> Image.Image:
    """A CMYK picture as the profile shows it on screen, on its stock."""
    return on_stock(to_srgb(picture, profile), profile.stock)


def to_srgb(picture: Image.Image, profile: PressProfile) -> Image.Image:
    """A CMYK picture as the profile shows it on screen, where paper is white."""
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


def is_unmarked(picture: Image.Image) -> bool:
    """Whether an opened picture is a JPEG in inks of which nobody says that they are turned over, as Adobe's marker
    does."""
    return picture.format == "JPEG" and picture.mode == "CMYK" and "adobe" not in picture.info


def as_meant(picture: Image.Image) -> Image.Image:
    """An opened picture with 255 for full ink. Pillow takes every JPEG for one of Adobe's, which are turned over;
    without their marker it is as it stands there (libjpeg, littleCMS and libvips have it so, browsers do not)."""
    return ImageChops.invert(picture) if is_unmarked(picture) else picture


def as_srgb(picture: Image.Image) -> Image.Image:
    """A picture of whatever mode as RGB, or RGBA where it is transparent, in sRGB: through the profile embedded in it
    where that is another. CMYK without one is taken for the shipped press profile's."""
    alpha = None
    picture = as_meant(of_8_bits(picture))
    profile = picture.info.get("icc_profile")
    own = picture.mode
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        alpha = picture.getchannel("A")
    if picture.mode == "CMYK" and not profile:
        profile = load_profile(SHIPPED, Path()).data
    elif own == "LAB":
        profile = profile or ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    elif own in ("L", "LA") and profile and (of_gray := _to_srgb(profile, "L")):
        picture, profile = ImageCms.applyTransform(picture.convert("L"), of_gray) or picture, None
    elif picture.mode != "CMYK":
        picture = picture.convert("RGB")
    transform = _to_srgb(profile, picture.mode) if profile else None
    if transform:
        picture = ImageCms.applyTransform(picture, transform) or picture
    picture = picture.convert("RGB")
    picture.info.pop("icc_profile", None)  # lcms's own sRGB, with the time of day, which a PNG would be given
    if alpha:
        picture.putalpha(alpha)
    return picture


def is_of_other_profile(picture: Image.Image) -> bool:
    """Whether its colours are those of a profile of its own, which is not sRGB and can be read."""
    profile, mode = picture.info.get("icc_profile"), picture.mode
    if mode not in ("L", "LA", "CMYK", "LAB"):
        mode = "RGB"  # as `as_srgb` has it
    return bool(profile and _to_srgb(profile, mode.removesuffix("A")))


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
    red, green, blue = proofed(pixel, profile).getpixel((0, 0))  # type: ignore[misc]  # RGB pixels are triples
    return f"#{red:02X}{green:02X}{blue:02X}"


@functools.lru_cache(maxsize=1)
def srgb_profile() -> bytes:
    """The sRGB profile that screen files carry: always the same bytes, though littleCMS dates it with the moment."""
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return made[:24] + _PROFILE_DATE + made[36:]
