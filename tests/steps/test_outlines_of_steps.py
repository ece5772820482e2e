"""Steps that decide what is seen: masks, corners, borders, what is made unrecognisable, and what is smoothed."""

from __future__ import annotations

import math

import numpy
import pytest
from PIL import Image, ImageFilter
from steps_kit import PALETTE, encoded, is_near, made, numbers, pattern, step

from pressrun.graphics.pixels.guided import box_mean, guided
from pressrun.model.step import BrandColors

MODES = ("RGB", "RGBA")


def alpha(picture: Image.Image) -> numpy.ndarray:
    assert picture.mode == "RGBA"
    return numbers(picture.getchannel("A"))


@pytest.mark.parametrize(("shape", "area"), [("rectangle", 4000), ("circle", math.pi * 400), ("ellipse", math.pi * 1000),
                                             ("pill", 2400 + math.pi * 400)])  # fmt: skip
def test_a_shape_covers_its_area(shape: str, area: float) -> None:
    """In the middle half of 200 x 80: a box of 100 x 40."""
    shown = made(Image.new("RGB", (200, 80), "red"), step(type="mask", shape=shape, box=[0.25, 0.25, 0.75, 0.75]))
    assert alpha(shown).sum() / 255 == pytest.approx(area, rel=0.01)
    assert alpha(shown)[:19].max() == alpha(shown)[:, :49].max() == 0
    assert is_near(shown.convert("RGB"), Image.new("RGB", (200, 80), "red"))


@pytest.mark.parametrize("mode", MODES)
def test_a_mask_takes_away_and_gives_nothing_back(mode: str) -> None:
    before = numbers(pattern("RGBA").getchannel("A")) if mode == "RGBA" else 255
    shape = alpha(made(pattern(), step(type="mask", shape="ellipse")))
    shown = made(pattern(mode), step(type="mask", shape="ellipse"))
    assert abs(alpha(shown) - shape * before / 255).max() <= 1
    turned = made(pattern(mode), step(type="mask", shape="ellipse", invert=True))
    assert abs(alpha(turned) - (255 - shape) * before / 255).max() <= 1


def test_an_svg_or_a_picture_is_a_mask() -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 2"><path d="M2 0H4V2H2Z" fill="#fff"/></svg>'
    halves = Image.new("L", (4, 2))
    halves.paste(255, (2, 0, 4, 2))
    clear = Image.new("RGBA", (40, 20))
    clear.paste("blue", (20, 0, 40, 20))
    files = {"half.svg": svg, "half.png": encoded(halves.resize((40, 20), Image.Resampling.NEAREST)), "clear.png": encoded(clear)}
    for name in files:
        mask = step(type="mask", file=name)
        assert mask.file_fault(files[name]) is None
        shown = alpha(made(pattern(), mask, colors=BrandColors(PALETTE, b"", files)))
        assert shown[:, :28].max() <= 8, name
        assert shown[:, 32:].min() >= 247, name


@pytest.mark.parametrize("data", [b"no picture", b"<svg", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_mask_is_told(data: bytes) -> None:
    assert step(type="mask", file="x.png").file_fault(data)
    assert step(type="blend", file="x.png").file_fault(data)


def test_a_mask_may_end_softly() -> None:
    shown = alpha(made(Image.new("RGB", (100, 100)), step(type="mask", shape="rectangle", box=[0, 0, 0.5, 1], feather=8)))
    assert shown[50, 49] == pytest.approx(128, abs=20)
    assert 0 < shown[50, 53] < 128 < shown[50, 46] < 255


@pytest.mark.parametrize("mode", MODES)
def test_corners_are_rounded_by_their_radius(mode: str) -> None:
    square = Image.new("RGB", (100, 100), "red").convert(mode)
    circle, little = (alpha(made(square, step(type="round", radius=radius))) for radius in ("50%", "10%"))
    assert circle.sum() / 255 == pytest.approx(math.pi * 2500, rel=0.005)
    assert little.sum() / 255 == pytest.approx(10_000 - (4 - math.pi) * 100, rel=0.002)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("outside", [False, True])
def test_a_border_lies_on_a_picture_or_around_it(mode: str, outside: bool) -> None:
    shown = made(pattern(mode), step(type="border", width="10%", color="flame", outside=outside))
    before = numbers(pattern(mode))
    wide, inner = 4, before if outside else before[4:-4, 4:-4]
    assert is_near(numbers(shown)[wide:-wide, wide:-wide], inner)
    edge = numbers(shown)[0, 0]
    assert tuple(edge[:3]) == tuple(bytes.fromhex(PALETTE["flame"].srgb[1:]))
    assert len(edge) == 3 or edge[3] == 255


@pytest.mark.parametrize("mode", MODES)
def test_squares_have_the_mean_of_their_pixels(mode: str) -> None:
    opaque = pattern("RGB").convert(mode)
    shown = numbers(made(opaque, step(type="pixelate", box=[0.5, 0, 1, 1], squares=4)))
    before = numbers(opaque)
    assert is_near(shown[:, :30], before[:, :30])
    for top in range(0, 40, 10):
        for left in range(30, 60, 10):
            square = before[top : top + 10, left : left + 10].reshape(100, -1).mean(0)
            assert abs(shown[top : top + 10, left : left + 10] - square).max() <= 1


def test_a_blur_is_gaussian_and_takes_no_colour_from_what_is_transparent() -> None:
    spot = Image.new("L", (61, 61))
    spot.putpixel((30, 30), 255)
    shown = numbers(made(Image.merge("RGB", [spot.point(lambda level: level)] * 3), step(type="blur", radius=3)))[..., 0]
    assert shown.sum() == pytest.approx(255, rel=0.35)  # in whole levels, of which its tail has none
    assert abs(shown - shown.T).max() <= 1
    edge = Image.new("RGBA", (40, 40), (0, 255, 0, 0))
    edge.paste((255, 0, 0, 255), (0, 0, 20, 40))
    soft = numbers(made(edge, step(type="blur", radius=3)))
    seen = soft[..., 3] > 20
    assert soft[..., 0][seen].min() >= 245
    assert soft[..., 1][seen].max() <= 10


@pytest.mark.parametrize("outside", [False, True])
def test_a_part_is_blurred_alone(outside: bool) -> None:
    shown = made(pattern(), step(type="blur", radius=4, box=[0, 0, 0.5, 1], outside=outside))
    soft = pattern().filter(ImageFilter.GaussianBlur(4))
    first, second = (pattern(), soft) if outside else (soft, pattern())
    assert is_near(shown.crop((0, 0, 30, 40)), first.crop((0, 0, 30, 40)))
    assert is_near(shown.crop((30, 0, 60, 40)), second.crop((30, 0, 60, 40)))


def test_sharpening_is_an_unsharp_mask() -> None:
    shown = made(pattern(), step(type="sharpen", amount=1.2, radius=2, threshold=0))
    assert is_near(shown, pattern().filter(ImageFilter.UnsharpMask(2, 120, 0)))
    flat = Image.new("RGB", (20, 20), "#808080")
    assert is_near(made(flat, step(type="sharpen", amount=5)), flat)


def test_noise_goes_and_edges_stay() -> None:
    noise = numpy.random.default_rng(7).normal(0, 6, (80, 120, 1))
    step_up = numpy.where(numpy.arange(120) < 60, 60, 190)[None, :, None]
    noisy = Image.fromarray(numpy.rint((step_up + noise).repeat(3, 2).clip(0, 255)).astype(numpy.uint8))
    shown = numbers(made(noisy, step(type="denoise", strength=12, radius=4)))[..., 0]
    assert shown[:, :50].std() < 0.45 * numbers(noisy)[:, :50, 0].std()
    assert shown[:, 66:].mean() - shown[:, :54].mean() == pytest.approx(130, abs=2)
    assert (shown[:, 61] - shown[:, 58]).mean() > 115


def test_the_guided_filter_is_as_its_paper_has_it() -> None:
    plane = numpy.random.default_rng(3).integers(0, 256, (12, 15)).astype(numpy.float32)
    padded = numpy.pad(plane, 2, mode="edge")
    mean = numpy.array([[padded[y : y + 5, x : x + 5].mean() for x in range(15)] for y in range(12)])
    assert numpy.allclose(box_mean(plane, 2), mean, atol=1e-3)
    variance = box_mean(plane * plane, 2) - mean**2
    a = variance / (variance + 100)
    wanted = box_mean(a.astype(numpy.float32), 2) * plane + box_mean(((1 - a) * mean).astype(numpy.float32), 2)
    assert numpy.allclose(guided(plane, 2, 10), wanted, atol=1e-2)
