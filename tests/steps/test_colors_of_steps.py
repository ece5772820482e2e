"""Steps that change colours and no edges: each against its own formula, pixel by pixel, and transparency kept."""

from __future__ import annotations

from typing import Any

import numpy
import pytest
from PIL import Image
from steps_kit import PALETTE, Pixels, encoded, is_near, made, numbers, pattern, step

from pressrun.model.step import BrandColors
from pressrun.retouch import retouch_key

MODES = ("RGB", "RGBA")
INK, PAPER, FLAME, LEAF = (
    numpy.array(list(bytes.fromhex(PALETTE[name].srgb[1:])), float) for name in ("ink", "paper", "flame", "leaf")
)


def greys(picture: Image.Image) -> Pixels:
    """Pillow's grey: in 65536ths, rounded."""
    red, green, blue = numpy.moveaxis(numbers(picture.convert("RGB")), -1, 0)
    return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16


def light(levels: Any) -> Any:
    part = numpy.asarray(levels) / 255
    return numpy.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def levels(light: Any) -> Any:
    return 255 * numpy.where(light <= 0.0031308, light * 12.92, 1.055 * numpy.maximum(light, 1e-12) ** (1 / 2.4) - 0.055)


def check(picture: Image.Image, shown: Image.Image, wanted: Any, by: float = 1) -> None:
    """The colours as wanted, and alpha as it was."""
    assert shown.mode == picture.mode
    assert is_near(shown.convert("RGB"), numpy.rint(numpy.asarray(wanted).clip(0, 255)), by)
    if picture.mode == "RGBA":
        assert is_near(shown.getchannel("A"), picture.getchannel("A"))


@pytest.mark.parametrize("mode", MODES)
def test_a_duotone_is_a_line_between_two_colours(mode: str) -> None:
    at = greys(pattern(mode))[..., None] / 255
    check(pattern(mode), made(pattern(mode), step(type="duotone")), INK + at * (PAPER - INK))


@pytest.mark.parametrize("mode", MODES)
def test_a_tint_goes_from_black_through_its_colour_to_white(mode: str) -> None:
    middle = greys(Image.new("RGB", (1, 1), PALETTE["flame"].srgb))[0, 0] / 255
    at = greys(pattern(mode)) / 255
    wanted = [numpy.interp(at, [0, middle, 1], [0, FLAME[channel], 255]) for channel in range(3)]
    check(pattern(mode), made(pattern(mode), step(type="tint", color="flame")), numpy.stack(wanted, -1))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("said", "places"), [({}, [0, 0.5, 1]), ({"at": ["10%", "30%", "90%"]}, [0.1, 0.3, 0.9])])
def test_a_gradient_map_goes_through_all_its_colours(mode: str, said: dict[str, Any], places: list[float]) -> None:
    at = greys(pattern(mode)) / 255
    wanted = [numpy.interp(at, places, [INK[one], FLAME[one], PAPER[one]]) for one in range(3)]
    shown = made(pattern(mode), step(type="gradient-map", colors=["ink", "flame", "paper"], **said))
    check(pattern(mode), shown, numpy.stack(wanted, -1))


@pytest.mark.parametrize("kind", ["duotone", "tint", "gradient-map", "lut", "harmonise", "blend"])
def test_strength_is_a_share_of_it(kind: str) -> None:
    said: dict[str, Any] = {
        "tint": {"color": "leaf"}, "gradient-map": {"colors": ["ink", "leaf"]}, "lut": {"file": "look.cube"},
        "harmonise": {"colors": ["leaf"]}, "blend": {"color": "leaf"},
    }.get(kind, {})  # fmt: skip
    word = "opacity" if kind == "blend" else "strength"
    none, half, full = (made(pattern(), step(type=kind, **said, **{word: share}), colors=LOOK) for share in (0, 0.5, 1))
    check(pattern(), none, numbers(pattern()), 1)
    between = (numbers(pattern()) + numbers(full)) / 2
    assert abs(numbers(half) - between).max() <= (40 if kind == "harmonise" else 2)  # a straight way in Oklab


# ------------------------------------------------------------------------------------------------------------ tone

PLAIN = {"contrast": 1, "saturation": 1}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("stops", [-2, -0.5, 0.5, 2])
def test_exposure_is_light_in_stops(mode: str, stops: float) -> None:
    before, gain = light(numbers(pattern(mode).convert("RGB"))), 2.0**stops
    wanted = levels(before * gain if gain <= 1 else before * gain / (1 + (gain - 1) * before))
    check(pattern(mode), made(pattern(mode), step(type="tone", exposure=stops, **PLAIN)), wanted)


@pytest.mark.parametrize(("option", "value"), [("highlights", -0.8), ("highlights", 0.6), ("shadows", 0.7), ("shadows", -1)])
def test_lights_and_shadows_move_alone(option: str, value: float) -> None:
    part = numbers(pattern()) / 255
    curve = part**2 * (1 - part) if option == "highlights" else (1 - part) ** 2 * part
    shown = made(pattern(), step(type="tone", **{option: value}, **PLAIN))
    check(pattern(), shown, 255 * (part + value * curve))


def test_temperature_and_tint_leave_grey_as_bright() -> None:
    gray = Image.new("RGB", (2, 2), (128, 128, 128))
    warm, cool, magenta = (
        numbers(made(gray, step(type="tone", **said, **PLAIN)))[0, 0]
        for said in ({"temperature": 0.5}, {"temperature": -0.5}, {"tint": 0.5})
    )
    assert warm[0] > 128 > warm[2]
    assert cool[0] < 128 < cool[2]
    assert magenta[1] < 128 < min(magenta[0], magenta[2])
    for one in (warm, cool, magenta):
        assert light(one) @ [0.2126, 0.7152, 0.0722] == pytest.approx(float(light(128)), rel=0.02)


def test_auto_white_takes_a_cast_out() -> None:
    greys = Image.fromarray(numpy.repeat(numpy.linspace(30, 240, 64).astype(numpy.uint8)[None, :, None], 3, 2).repeat(8, 0))
    yellow = Image.fromarray(numpy.rint(levels(light(numbers(greys)) * [1.08, 1.0, 0.78]).clip(0, 255)).astype(numpy.uint8))
    shown = numbers(made(yellow, step(type="tone", white="auto", **PLAIN)))
    assert (shown.max(-1) - shown.min(-1)).max() <= 3
    colorful = Image.new("RGB", (20, 20), "#C02020")
    assert is_near(made(colorful, step(type="tone", white="auto", **PLAIN)), colorful)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("amount", [-1, 0.5, 1])
def test_vibrance_moves_dull_colours_more(mode: str, amount: float) -> None:
    colors = numbers(pattern(mode).convert("RGB")).astype(float)
    colorful = (colors.max(-1) - colors.min(-1)) / numpy.maximum(colors.max(-1), 1)
    gray = (colors @ [0.299, 0.587, 0.114])[..., None]
    wanted = gray + (colors - gray) * (1 + amount * (1 - colorful))[..., None]
    check(pattern(mode), made(pattern(mode), step(type="tone", vibrance=amount, **PLAIN)), wanted)


# ----------------------------------------------------------------------------------------------- tables of colours


def cube(size: int = 3, change: str = "") -> bytes:
    """Red and green change places, blue is turned over; `change` is put at the end."""
    at = numpy.linspace(0, 1, size)
    rows = [f"{green:.6f} {red:.6f} {1 - blue:.6f}" for blue in at for green in at for red in at]
    return "\n".join(['TITLE "swap"', "# a look", f"LUT_3D_SIZE {size}", *rows, change]).encode()


LOOK = BrandColors(
    PALETTE, b"",
    {
        "look.cube": cube(),
        "large.cube": cube(70),
        "curve.cube": b"LUT_1D_SIZE 3\n0 0 0\n0.25 0.5 0.75\n1 1 1\n",
        "part.cube": b"LUT_1D_SIZE 2\nDOMAIN_MIN 0 0 0\nDOMAIN_MAX 0.5 1 2\n0 0 0\n1 1 1\n",
    },
)  # fmt: skip


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("between", ["trilinear", "tetrahedral"])
@pytest.mark.parametrize("file", ["look.cube", "large.cube"])
def test_a_cube_is_looked_up(mode: str, between: str, file: str) -> None:
    red, green, blue = numpy.moveaxis(numbers(pattern(mode).convert("RGB")), -1, 0)
    shown = made(pattern(mode), step(type="lut", file=file, between=between), colors=LOOK)
    check(pattern(mode), shown, numpy.stack([green, red, 255 - blue], -1))


def test_between_its_colours_a_cube_is_looked_up_as_said() -> None:
    """A cube of two colours a side that is 1 at white alone: eight neighbours give the product, four the smallest."""
    rows = "0 0 0\n" * 7 + "1 1 1\n"
    colors = BrandColors(PALETTE, b"", {"x.cube": f"LUT_3D_SIZE 2\n{rows}".encode()})
    part = numbers(pattern()) / 255
    for between, wanted in (("trilinear", part.prod(-1)), ("tetrahedral", part.min(-1))):
        shown = made(pattern(), step(type="lut", file="x.cube", between=between), colors=colors)
        check(pattern(), shown, 255 * numpy.repeat(wanted[..., None], 3, -1))


def test_a_curve_is_looked_up_within_its_domain() -> None:
    part = numbers(pattern()) / 255
    bent = [numpy.interp(part[..., one], [0, 0.5, 1], [0, 0.25 * (one + 1), 1]) for one in range(3)]
    check(pattern(), made(pattern(), step(type="lut", file="curve.cube"), colors=LOOK), 255 * numpy.stack(bent, -1))
    shown = made(pattern(), step(type="lut", file="part.cube"), colors=LOOK)
    check(pattern(), shown, 255 * part * [2, 1, 0.5])


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"0 0 0\n", "LUT_1D_SIZE or LUT_3D_SIZE"),
        (cube().rsplit(b"\n", 2)[0], "27 rows of numbers"),
        (cube(change="0 0 0"), "it has 28"),
        (b"LUT_1D_SIZE 2\n0 0 0\n1 1 x\n", "line 3"),
        (b"LUT_1D_SIZE 2\n0 0 0\nnan 1 1\n", "line 3"),
        (b"LUT_1D_SIZE 2\n0 0 0\n1 1\n", "line 3"),
        (b"LUT_3D_SIZE 2000\n", "from 2 to"),
        (b"LUT_1D_SIZE 2\nDOMAIN_MIN 1 0 0\n0 0 0\n1 1 1\n", "DOMAIN_MIN"),
        (b"\xff\xfe\x00", "line 1"),
    ],
)
def test_what_is_wrong_with_a_cube_is_told(data: bytes, told: str) -> None:
    assert told in (step(type="lut", file="x.cube").file_fault(data) or "")


def test_keys_are_of_the_bytes_of_files() -> None:
    look = step(type="lut", file="look.cube")
    other = BrandColors(PALETTE, b"", {"look.cube": cube(4)})
    assert retouch_key("d", [look], LOOK) != retouch_key("d", [look], other)


def test_harmonised_colours_go_to_the_nearest_of_the_brand() -> None:
    orange, teal, gray = (Image.new("RGB", (2, 2), color) for color in ("#D26428", "#3C8C78", "#828282"))
    both = step(type="harmonise", colors=["flame", "leaf"], strength=1)
    hue = lambda pixel: numpy.arctan2(*(numbers(pixel)[0, 0] @ [[1, 0], [-0.5, 0.866], [-0.5, -0.866]]))  # noqa: E731
    for picture, goal in ((orange, "flame"), (teal, "leaf")):
        target = Image.new("RGB", (1, 1), PALETTE[goal].srgb)
        shown = made(picture, both)
        assert abs(hue(shown) - hue(target)) < abs(hue(picture) - hue(target))
    assert is_near(made(gray, both), gray, 1)
    halves = numbers(made(orange, step(type="harmonise", colors=["flame"], strength=0.5)))[0, 0]
    assert abs(halves - numbers(orange)[0, 0]).max() > 2


# ------------------------------------------------------------------------------------------------ blends and noise

BLENDS: dict[str, Any] = {
    "normal": lambda below, above: above,
    "multiply": lambda below, above: below * above / 255,
    "screen": lambda below, above: 255 - (255 - below) * (255 - above) / 255,
    "darken": numpy.minimum,
    "lighten": numpy.maximum,
    "difference": lambda below, above: abs(below - above),
    "add": lambda below, above: numpy.minimum(255, below + above),
    "overlay": lambda below, above: numpy.where(
        below < 128, below * above / 127, 255 - (255 - below) * (255 - above) / 127
    ),
    "hard-light": lambda below, above: numpy.where(
        above < 128, below * above / 127, 255 - (255 - below) * (255 - above) / 127
    ),
    "soft-light": lambda below, above: (
        (255 - below) * (below * above / 255) + below * (255 - (255 - below) * (255 - above) / 255)
    ) / 255,
}  # fmt: skip


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("how", BLENDS)
def test_layers_are_blended_as_everywhere(mode: str, how: str) -> None:
    below = numbers(pattern(mode).convert("RGB")).astype(float)
    shown = made(pattern(mode), step(type="blend", color="flame", mode=how))
    check(pattern(mode), shown, BLENDS[how](below, numpy.broadcast_to(FLAME, below.shape)), 2)


def test_a_picture_that_is_laid_over_is_cut_to_the_shape() -> None:
    above = Image.new("RGBA", (30, 40), (0, 0, 0, 0))
    above.paste((255, 255, 255, 255), (0, 0, 15, 40))
    colors = BrandColors(PALETTE, b"", {"veil.png": encoded(above)})
    shown = numbers(made(pattern(), step(type="blend", file="veil.png", opacity=0.5), colors=colors))
    before = numbers(pattern())
    assert abs(shown[:, :25] - (before[:, :25] + 255) / 2).max() <= 1
    assert is_near(shown[:, 35:], before[:, 35:])


@pytest.mark.parametrize("mode", MODES)
def test_grain_is_the_same_for_the_same_picture_and_has_the_strength_it_says(mode: str) -> None:
    gray = Image.new("RGB", (200, 150), (128, 128, 128)).convert(mode)
    first, again = (made(gray, step(type="grain", amount=6)) for _ in range(2))
    assert is_near(first, again)
    assert not is_near(first, made(gray, step(type="grain", amount=6.5)))
    off = numbers(first.convert("RGB")) - 128
    assert (off[..., 0] == off[..., 2]).all()
    assert off.std() == pytest.approx(6, rel=0.05)
    assert abs(off.mean()) < 0.2
    colored = numbers(made(gray, step(type="grain", amount=6, colored=True)).convert("RGB"))
    assert (colored[..., 0] != colored[..., 2]).any()
    for end in ("black", "white"):
        plain = Image.new("RGB", (50, 50), end)
        assert is_near(made(plain, step(type="grain", amount=40)), plain)


def test_grain_is_drawn_from_bits_that_never_change() -> None:
    from pressrun.graphics.pixels.noise import film_grain

    bits = numpy.random.PCG64(int.from_bytes(b"seed", "big")).random_raw(3).astype("<u8").view(numpy.uint8)
    wanted = (bits.reshape(-1, 4).sum(1) - 510.0) / (4 * 65535 / 12) ** 0.5
    assert numpy.allclose(film_grain((3, 2), 1, b"seed").ravel(), wanted)


@pytest.mark.parametrize("mode", MODES)
def test_a_vignette_falls_off_to_the_corners(mode: str) -> None:
    before = numbers(pattern(mode).convert("RGB"))
    x, y = (numpy.arange(60) + 0.5) / 60, (numpy.arange(40) + 0.5) / 40
    far = numpy.hypot((x[None] - 0.5) / 0.5, (y[:, None] - 0.5) / 0.5) / 2**0.5
    along = ((far - 0.4) / 0.6).clip(0, 1)
    share = 0.8 * along * along * (3 - 2 * along)
    shown = made(pattern(mode), step(type="vignette", amount=0.8, start="40%", color="leaf"))
    check(pattern(mode), shown, before + share[..., None] * (LEAF - before))


def test_every_step_leaves_alpha_alone_that_does_not_say_so() -> None:
    says = {
        "tint": {"color": "ink"}, "gradient-map": {"colors": ["ink", "paper"]}, "lut": {"file": "look.cube"},
        "harmonise": {"colors": ["leaf"]}, "blend": {"color": "leaf"}, "denoise": {}, "sharpen": {}, "grain": {},
        "vignette": {}, "tone": {}, "duotone": {},
    }  # fmt: skip
    for kind, said in says.items():
        shown = made(pattern("RGBA"), step(type=kind, **said), colors=LOOK)
        assert is_near(shown.getchannel("A"), pattern("RGBA").getchannel("A")), kind


