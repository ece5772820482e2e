"""Sheets without a ground: what is painted keeps its own colour and transparency, also out of the store."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from pydantic import ValidationError
from rendering_kit import Press, read_layout

CUTOUT = """
page: {trim: 120px x 160px}
target: screen
ground: none
formats: [png, webp, avif]
layers:
  - {type: image, picture: hero, box: {in: trim, height: 100px}, fit: contain}
  - {type: shape, shape: rect, fill: ink, box: {in: trim, y: 140px, height: 20px}}
"""


def opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as picture:
        picture.load()
        return picture.copy()


@pytest.mark.parametrize("format", ["png", "webp", "avif"])
def test_nothing_is_where_nothing_is_painted(press: Press, format: str) -> None:
    picture = opened(press.render(CUTOUT, slots={"hero": ["cutout"]}).files[format])
    assert picture.mode == "RGBA"
    corner, block, bar = (picture.getpixel(at) for at in ((2, 2), (60, 50), (60, 150)))
    assert isinstance(corner, tuple)
    assert isinstance(block, tuple)
    assert isinstance(bar, tuple)
    assert (corner[3], block[3], bar[3]) == (0, 255, 255)
    assert max(abs(one - other) for one, other in zip(block, (228, 87, 46, 255), strict=True)) <= 3
    assert picture.getpixel((60, 120))[3] == 0  # type: ignore[index]


def test_edges_have_no_fringe_of_a_ground(press: Press) -> None:
    picture = opened(press.render(CUTOUT, slots={"hero": ["cutout"]}).files["png"])
    edge = [pixel for pixel in picture.crop((0, 20, 120, 60)).get_flattened_data() if 60 < pixel[3] < 250]
    assert all(abs(pixel[0] - 228) <= 6 and abs(pixel[2] - 46) <= 6 for pixel in edge)


def test_the_plate_from_the_store_is_the_same(press: Press) -> None:
    first = press.render(CUTOUT, slots={"hero": ["cutout"]}).files["png"]
    press.bench.plates.clear()
    assert press.render(CUTOUT, slots={"hero": ["cutout"]}).files["png"] == first


def test_a_page_of_live_marks_alone(press: Press) -> None:
    layout = "\n".join(line for line in CUTOUT.splitlines() if "hero" not in line)
    picture = opened(press.render(layout).files["png"])
    assert picture.getpixel((60, 50))[3] == 0  # type: ignore[index]
    assert picture.getpixel((60, 150))[3] == 255  # type: ignore[index]


@pytest.mark.parametrize(("old", "new"), [("[png, webp, avif]", "[png, jpeg]"), ("target: screen", "target: print")])
def test_not_where_there_is_no_transparency(old: str, new: str) -> None:
    with pytest.raises(ValidationError, match="transparent"):
        read_layout(CUTOUT.replace(old, new))
