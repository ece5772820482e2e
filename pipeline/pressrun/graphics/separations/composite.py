"""Plates printed over each other, as a printing condition shows them."""

from __future__ import annotations

import functools
import io

import numpy
from numpy.typing import NDArray
from PIL import Image, ImageCms

from pressrun.graphics.color.inks import PressProfile, to_srgb
from pressrun.graphics.color.stocks import on_stock
from pressrun.model.separations import Color, Separations

_STEP = 4096  # of light, in which spots are laid on


def composite(
    printed: Separations, profile: PressProfile, *, on_paper: bool = False, white: Image.Image | None = None
) -> Image.Image:
    """What plates print, as sRGB: the inks of the process through the profile, and each spot over them as a film of its
    own colour. ``on_paper``: on the paper of the condition as it is (absolute colorimetric), and not on white. On a
    stock of another colour it is seen on that; where there is ``white`` below the inks (its cover), on white."""
    seen = _on_white(printed, profile, on_paper=on_paper)
    return on_stock(seen, profile.stock, white)


def _on_white(printed: Separations, profile: PressProfile, *, on_paper: bool) -> Image.Image:
    seen = _on_its_paper(printed.process, profile) if on_paper else to_srgb(printed.process, profile)
    films = [(plate, printed.looks[ink]) for ink, plate in printed.plates.items() if ink in printed.looks]
    films = [(plate, look) for plate, look in films if plate.getextrema()[1]]
    if not films:
        return seen
    light = _light()[numpy.asarray(seen)]
    for plate, looks in films:
        light *= _film(looks)[numpy.asarray(plate)]
    return Image.fromarray(_shown()[numpy.rint(light * _STEP).astype(numpy.uint16)], "RGB")


def _film(looks: tuple[Color, ...]) -> NDArray[numpy.float32]:
    """How much of each kind of light every amount of a spot lets through."""
    through = _light()[numpy.array(looks)]
    steps, amounts = numpy.linspace(0, 255, len(looks)), numpy.arange(256)
    channels = [numpy.interp(amounts, steps, through[:, one] / max(through[0, one], 1e-4)) for one in range(3)]
    return numpy.stack(channels, axis=1).clip(0, 1).astype(numpy.float32)


@functools.lru_cache(maxsize=1)
def _light() -> NDArray[numpy.float32]:
    """How much light each level of sRGB is (IEC 61966-2-1)."""
    part = numpy.arange(256) / 255
    linear = numpy.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return linear.astype(numpy.float32)


@functools.lru_cache(maxsize=1)
def _shown() -> NDArray[numpy.uint8]:
    """The level of sRGB for so much light."""
    linear = numpy.arange(_STEP + 1) / _STEP
    part = numpy.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    levels: NDArray[numpy.uint8] = numpy.rint(255 * part).astype(numpy.uint8)
    return levels


def _on_its_paper(inks: Image.Image, profile: PressProfile) -> Image.Image:
    shown = ImageCms.applyTransform(inks, _absolute(profile.data))
    assert shown is not None
    shown.info.pop("icc_profile", None)
    return shown


@functools.lru_cache(maxsize=4)
def _absolute(profile: bytes) -> ImageCms.ImageCmsTransform:
    press, srgb = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
    intent = ImageCms.Intent.ABSOLUTE_COLORIMETRIC
    return ImageCms.buildTransform(press, srgb, "CMYK", "RGB", renderingIntent=intent)
