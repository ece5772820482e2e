"""Photographs in other colours than sRGB look as they were meant, and those that lie down are stood up."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from rendering_kit import COLORS, PROFILE, Press, encoded
from test_rendered_plates import SCREEN_CANVAS, painted, picture_mark

from pressrun.graphics.color import inks
from pressrun.graphics.photos.photographs import seen_size, upright
from pressrun.steps.tone import ToneStep


def swapped_profile() -> bytes:
    """A profile of RGB in which red is green: sRGB's own, with two of its primaries in each other's place."""
    data = bytearray(inks.srgb_profile().replace("sRGB".encode("utf-16-be"), "swap".encode("utf-16-be")))
    at: dict[bytes, int] = {}
    for number in range(int.from_bytes(data[128:132], "big")):
        entry = 132 + 12 * number
        at[bytes(data[entry : entry + 4])] = int.from_bytes(data[entry + 4 : entry + 8], "big")
    red, green = at[b"rXYZ"], at[b"gXYZ"]
    data[red : red + 20], data[green : green + 20] = data[green : green + 20], data[red : red + 20]
    return bytes(data)


def near(pixel: Any, wanted: tuple[int, ...], by: int = 3) -> bool:
    return all(abs(one - other) <= by for one, other in zip(pixel, wanted, strict=True))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_an_embedded_profile_says_what_the_numbers_mean(mode: str) -> None:
    picture = Image.new("RGB", (4, 4), (255, 0, 0)).convert(mode)
    picture.info["icc_profile"] = swapped_profile()
    assert near(inks.as_srgb(picture).convert("RGB").getpixel((1, 1)), (0, 255, 0))
    picture.info["icc_profile"] = inks.srgb_profile()
    assert inks.as_srgb(picture).convert("RGB").getpixel((1, 1)) == (255, 0, 0)
    picture.info["icc_profile"] = b"no profile"
    assert inks.as_srgb(picture).convert("RGB").getpixel((1, 1)) == (255, 0, 0)


def test_transparency_is_kept() -> None:
    picture = Image.new("RGBA", (4, 4), (255, 0, 0, 77))
    picture.info["icc_profile"] = swapped_profile()
    assert inks.as_srgb(picture).getpixel((1, 1))[3] == 77  # type: ignore[index]


@pytest.mark.parametrize("profile", [PROFILE.data, None])
def test_inks_are_seen_through_their_press_profile(profile: bytes | None) -> None:
    picture = Image.new("CMYK", (4, 4), (0, 201, 224, 5))
    if profile:
        picture.info["icc_profile"] = profile
    wanted = inks.proof_color((0, 79, 88, 2), PROFILE)
    pixel = inks.as_srgb(picture).getpixel((1, 1))
    assert near(pixel, tuple(bytes.fromhex(wanted[1:])))


def test_a_grey_profile_changes_nothing() -> None:
    picture = Image.new("L", (4, 4), 90)
    picture.info["icc_profile"] = PROFILE.data  # not even one of its kind
    assert inks.as_srgb(picture).getpixel((0, 0)) == (90, 90, 90)


def test_plates_and_steps_see_the_colours(press: Press) -> None:
    picture = Image.new("RGB", (64, 64), (255, 0, 0))
    out = io.BytesIO()
    picture.save(out, "PNG", icc_profile=swapped_profile())
    digest = press.store.put(out.getvalue())
    mark = picture_mark(press, picture, digest=digest)
    assert near(painted(press, mark, canvas=SCREEN_CANVAS).convert("RGB").getpixel((30, 30)), (0, 255, 0))
    with Image.open(io.BytesIO(ToneStep(type="tone", contrast=1, saturation=1).apply(out.getvalue(), COLORS))) as toned:
        assert near(toned.getpixel((30, 30)), (0, 255, 0))


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_picture_is_stood_up_once(turn: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    out = io.BytesIO()
    Image.new("RGB", (30, 20)).save(out, "JPEG", exif=exif)
    data = upright(out.getvalue())
    with Image.open(out) as lying, Image.open(io.BytesIO(data)) as standing:
        assert standing.size == seen_size(lying) == ((30, 20) if turn < 5 else (20, 30))
    assert upright(data) == data
    assert (data == out.getvalue()) is (turn == 1)


def test_other_pictures_stay_as_they_are() -> None:
    assert upright(encoded(Image.new("RGBA", (3, 3)))) == encoded(Image.new("RGBA", (3, 3)))
