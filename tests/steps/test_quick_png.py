"""Pictures between steps: every pixel comes back, by other programs' rules too."""

from __future__ import annotations

import io

import numpy
import pytest
from PIL import ExifTags, Image, PngImagePlugin
from steps_kit import pattern

from pressrun.graphics.color import inks
from pressrun.graphics.pixels.quick_png import CLOSER, density_chunk, exif_chunk, profile_chunk, quick_png


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


def test_what_is_told_of_a_picture_is_written_as_pillow_writes_it() -> None:
    image, profile = Image.new("RGB", (3, 2), "teal"), inks.srgb_profile()
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "Ada"
    theirs = io.BytesIO()
    image.save(theirs, "PNG", icc_profile=profile, dpi=(150.5, 150.5), exif=exif.tobytes())
    told = [profile_chunk(profile), density_chunk(150.5), exif_chunk(exif.tobytes())]
    ours = quick_png(image, CLOSER, told)
    for chunk in told:
        assert b"".join(chunk) in theirs.getvalue()
    with Image.open(theirs) as one, Image.open(io.BytesIO(ours)) as other:
        assert (one.info, one.getexif()) == (other.info, other.getexif())
        assert one.tobytes() == other.tobytes()
