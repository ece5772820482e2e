"""The profiles that come along keep the figures that stand beside them, measured from the files themselves."""

from __future__ import annotations

import io
from pathlib import Path

import numpy
import pytest
from PIL import Image, ImageCms

from pressrun.graphics.color import inks
from pressrun.model.printing_conditions import shipped_profiles

BLACK_BEGINS = (30, 40)  # at how many percent of grey


def profile(name: str) -> inks.PressProfile:
    return inks.load_profile(name, Path())


def separated(rgb: numpy.ndarray, name: str) -> Image.Image:
    return inks.to_cmyk(Image.fromarray(rgb.astype(numpy.uint8)), profile(name))


def ramp() -> numpy.ndarray:
    """All greys from white to black."""
    return numpy.repeat(numpy.arange(255, -1, -1)[:, None], 3, axis=1)[None]


@pytest.mark.parametrize("name", shipped_profiles())
def test_no_colour_has_more_ink_than_its_condition_takes(name: str) -> None:
    levels = numpy.linspace(0, 255, 18).round()
    colors = numpy.stack(numpy.meshgrid(levels, levels, levels), axis=-1).reshape(1, -1, 3)
    sums = numpy.asarray(separated(colors, name)).sum(axis=2) / 2.55
    assert sums.max() <= profile(name).total_ink


@pytest.mark.parametrize("name", shipped_profiles())
def test_greys_are_neutral(name: str) -> None:
    press = ImageCms.ImageCmsProfile(io.BytesIO(profile(name).data))
    lab = ImageCms.createProfile("LAB")
    there = ImageCms.buildTransform(press, lab, "CMYK", "LAB", renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC)
    seen = ImageCms.applyTransform(separated(ramp(), name), there)
    assert seen is not None
    off = numpy.asarray(seen)[..., 1:].view(numpy.int8)
    assert abs(off.astype(int)).max() <= 2


@pytest.mark.parametrize("name", shipped_profiles())
def test_black_begins_where_it_should_and_only_grows(name: str) -> None:
    black = numpy.asarray(separated(ramp(), name))[0, :, 3] / 2.55
    low, high = BLACK_BEGINS
    assert low <= numpy.argmax(black > 1) / 2.55 <= high
    assert (numpy.diff(black) >= -0.5).all()


@pytest.mark.parametrize("name", shipped_profiles())
def test_skin_is_made_of_colours_alone(name: str) -> None:
    skin = numpy.array([[(236, 188, 160), (224, 172, 105), (255, 219, 172)]])
    assert numpy.asarray(separated(skin, name))[..., 3].max() <= 5  # of 255


@pytest.mark.parametrize("name", shipped_profiles())
def test_colours_within_the_gamut_come_back(name: str) -> None:
    colors = numpy.array([[(128, 128, 128), (200, 180, 160), (120, 90, 80), (150, 160, 140), (90, 100, 120)]])
    back = numpy.asarray(inks.to_srgb(separated(colors, name), profile(name))).astype(int)
    assert abs(back - colors).max() <= 4
