"""Putting the original's pixels back outside a mask: told from every pixel."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pressrun.graphics.photos.masks import kept_outside, mask_fault

SIZE = (80, 60)


def png(image: Image.Image, **more: object) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", **more)
    return out.getvalue()


def noise(seed: int, mode: str = "RGB", size: tuple[int, int] = SIZE) -> Image.Image:
    bands = len(Image.new(mode, (1, 1)).getbands())
    values = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], bands), dtype=np.uint8)
    return Image.fromarray(values, mode)


def cover(box: tuple[int, int, int, int]) -> Image.Image:
    mask = Image.new("RGBA", SIZE, (0, 0, 0, 255))
    mask.paste((0, 0, 0, 0), box)
    return mask


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)))


@settings(max_examples=40, deadline=None)
@given(
    st.tuples(st.integers(0, 60), st.integers(0, 40), st.integers(1, 20), st.integers(1, 20)),
    st.floats(0, 30),
    st.integers(0, 5),
)
def test_no_pixel_outside_the_mask_changes_by_a_single_level(
    place: tuple[int, int, int, int], feather: float, seed: int
) -> None:
    left, top, width, height = place
    box = (left, top, left + width, top + height)
    original, edited = noise(seed), noise(seed + 100)
    got = pixels(kept_outside(png(original), png(edited), png(cover(box)), feather))
    inside = np.zeros((SIZE[1], SIZE[0]), bool)
    inside[box[1] : box[3], box[0] : box[2]] = True
    assert (got[~inside] == np.asarray(original)[~inside]).all()
    assert (got[inside] != np.asarray(original)[inside]).any()


def test_the_edit_is_whole_deep_inside_and_fades_towards_the_edge() -> None:
    black, white = Image.new("RGB", SIZE, "black"), Image.new("RGB", SIZE, "white")
    row = pixels(kept_outside(png(black), png(white), png(cover((20, 0, 80, 60))), 6))[30, :, 0].astype(int)
    assert row[19] == 0
    assert row[40] == 255
    assert (np.diff(row[19:40]) >= 0).all()
    assert len(set(row[19:40])) > 4


def test_without_a_feather_the_edge_is_the_mask_s() -> None:
    black, white = Image.new("RGB", SIZE, "black"), Image.new("RGB", SIZE, "white")
    row = pixels(kept_outside(png(black), png(white), png(cover((20, 0, 80, 60))), 0))[30, :, 0]
    assert (row[:20].max(), row[20:].min()) == (0, 255)


def test_an_answer_of_another_size_is_fitted_and_alpha_and_profile_stay() -> None:
    original = noise(1, "RGBA")
    got = kept_outside(
        png(original, icc_profile=b"profile"), png(noise(2, "RGB", (40, 30))), png(cover((20, 20, 60, 50)))
    )
    with Image.open(io.BytesIO(got)) as picture:
        assert (picture.size, picture.mode, picture.info["icc_profile"]) == (SIZE, "RGBA", b"profile")
    assert (pixels(got)[:20] == np.asarray(original)[:20]).all()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (png(cover((0, 0, 9, 9))), None),
        (png(cover((0, 0, 9, 9)).resize((40, 30))), "mask-size"),
        (png(Image.new("RGB", SIZE)), "mask-kind"),
        (png(Image.new("RGBA", SIZE, (0, 0, 0, 255))), "mask-closed"),
        (b"no picture", "mask-kind"),
    ],
)
def test_what_is_wrong_with_a_mask(data: bytes, code: str | None) -> None:
    wrong = mask_fault(data, SIZE)
    assert (wrong.code if wrong else None) == code
