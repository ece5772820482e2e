"""Pictures between steps: every pixel comes back, by other programs' rules too."""

from __future__ import annotations

import io

import numpy
import pytest
from PIL import Image, PngImagePlugin
from steps_kit import pattern

from pressrun.graphics.quick_png import quick_png


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("size", [(1, 1), (1, 40), (60, 1), (61, 43)])
def test_every_pixel_comes_back(mode: str, size: tuple[int, int]) -> None:
    chance = numpy.random.default_rng(7).integers(0, 256, (size[1], size[0], len(mode)), numpy.uint8)
    for picture in (pattern(mode, size), Image.fromarray(chance)):
        data = quick_png(picture)
        with Image.open(io.BytesIO(data)) as checked:
            assert isinstance(checked, PngImagePlugin.PngImageFile)
            checked.verify()  # lengths and checksums of all chunks
        with Image.open(io.BytesIO(data)) as opened:
            assert opened.mode == mode
            assert (numpy.asarray(opened) == numpy.asarray(picture)).all()


def test_it_is_smaller_than_what_it_holds() -> None:
    assert len(quick_png(pattern("RGB", (600, 400)))) < 600 * 400
