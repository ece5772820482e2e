"""Drawings sent along as references: as pixels, and only where they can be drawn."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from pressrun.graphics.photos.outgoing import display_p3_profile
from pressrun.graphics.photos.photographs import ORIENTATION
from pressrun.providers.openai.drawings import LONGEST, as_pixels, is_drawing
from pressrun.providers.openai.request_checks import kind_of

PACKSHOT = (Path(__file__).parents[2] / "brands/cairnway/packshots/tarn.svg").read_bytes()


def test_a_drawing_is_sent_as_pixels() -> None:
    name, data = as_pixels("tarn.svg", PACKSHOT)
    with Image.open(io.BytesIO(data)) as picture:
        assert (name, picture.format, max(picture.size)) == ("tarn.png", "PNG", LONGEST)
        assert picture.mode == "RGBA"
        alpha = picture.getchannel("A").getextrema()
    assert alpha == (0, 255)


def test_the_same_drawing_gives_the_same_bytes() -> None:
    assert as_pixels("a.svg", PACKSHOT)[1] == as_pixels("b.svg", PACKSHOT + b" ")[1]


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "CMYK", "L", "I;16"])
def test_a_tiff_is_sent_as_a_png(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (30, 20)).save(out, "TIFF")
    name, data = as_pixels("scan.tif", out.getvalue())
    with Image.open(io.BytesIO(data)) as picture:
        assert (name, picture.format, picture.size) == ("scan.png", "PNG", (30, 20))
    assert kind_of(out.getvalue()) == "image/tiff"


@pytest.mark.parametrize("kind", ["AVIF", "GIF", "BMP"])
def test_what_models_do_not_take_is_sent_as_a_png_of_its_first_picture(kind: str) -> None:
    out = io.BytesIO()
    several = {} if kind == "BMP" else {"save_all": True, "append_images": [Image.new("RGB", (30, 20), "blue")]}
    Image.new("RGB", (30, 20), "red").save(out, kind, **several)
    name, data = as_pixels("shot.x", out.getvalue())
    with Image.open(io.BytesIO(data)) as picture:
        assert (name, picture.format, picture.size) == ("shot.png", "PNG", (30, 20))
        red, green, blue = picture.convert("RGB").getpixel((15, 10))
        assert red > 240 > 20 > max(green, blue)
    assert kind_of(out.getvalue()) == f"image/{kind.lower()}"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_what_they_take_is_sent_byte_for_byte(kind: str) -> None:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(out, kind)
    assert as_pixels("shot.x", out.getvalue()) == ("shot.x", out.getvalue())


@pytest.mark.parametrize("turn", [1, 6])
def test_a_jpeg_in_inks_is_sent_in_srgb_as_large_as_a_mask_on_it_is(turn: int) -> None:
    out, exif = io.BytesIO(), Image.Exif()
    exif[ORIENTATION] = turn
    Image.new("CMYK", (30, 20), (0, 255, 255, 0)).save(out, "JPEG", exif=exif)
    name, data = as_pixels("shot.jpeg", out.getvalue())
    with Image.open(io.BytesIO(data)) as picture:
        assert (name, picture.format, picture.mode, picture.size) == ("shot.jpeg", "JPEG", "RGB", (30, 20))
        assert picture.getexif()[ORIENTATION] == turn
        red, green, blue = picture.getpixel((15, 10))
    assert red > 180 > 80 > max(green, blue)


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGBA"), ("WEBP", "RGB"), ("TIFF", "RGB")])
def test_colours_of_another_profile_are_sent_in_srgb(kind: str, mode: str) -> None:
    out = io.BytesIO()
    picture = Image.new("RGB", (30, 20), (234, 51, 35))  # sRGB's red, in the numbers of Display P3
    if mode == "RGBA":
        picture.putalpha(Image.new("L", picture.size, 90))
    lossless = {"lossless": True} if kind == "WEBP" else {}
    picture.save(out, kind, icc_profile=display_p3_profile(), **lossless)
    name, data = as_pixels("shot.x", out.getvalue())
    with Image.open(io.BytesIO(data)) as sent:
        assert (sent.format, sent.mode, sent.size) == ("JPEG" if kind == "JPEG" else "PNG", mode, (30, 20))
        assert "icc_profile" not in sent.info
        red, green, blue, *alpha = sent.getpixel((15, 10))
    assert name == ("shot.x" if kind == "JPEG" else "shot.png")
    assert red > 250 > 10 > max(green, blue)
    assert alpha in ([], [90])


def test_everything_else_is_sent_as_it_is() -> None:
    broken = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="http://example.org/a.png"/></svg>'
    for data in (b"\x89PNG", b"", broken):
        assert not is_drawing(data)
        assert as_pixels("a.svg", data) == ("a.svg", data)
