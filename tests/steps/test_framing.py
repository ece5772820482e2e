"""Steps that give a picture other edges: what is cut, turned and added, and where its points are seen then."""

from __future__ import annotations

from typing import Any

import numpy
import pytest
from PIL import Image
from steps_kit import PALETTE, done, encoded, is_near, made, numbers, pattern, step

from pressrun.model.errors import PictureFailed
from pressrun.model.step import point_now
from pressrun.retouch import Focus, framed

MODES = ("RGB", "RGBA")


@pytest.mark.parametrize("mode", MODES)
def test_a_box_is_what_stays(mode: str) -> None:
    cut = made(pattern(mode), step(type="crop", box=["25%", "50%", "75%", "100%"]))
    assert is_near(cut, numbers(pattern(mode))[20:40, 15:45])


@pytest.mark.parametrize(
    ("said", "focus", "left"),
    [
        ({}, Focus(), 10),  # the middle
        ({}, Focus(stage=(0.9, 0.5)), 20),
        ({}, Focus(region=(0.1, 0.5)), 0),
        ({}, Focus(stage=(0.4, 0.5), region=(0.1, 0.5)), 4),  # the stage goes first
        ({"focus": "region"}, Focus(stage=(0.9, 0.5), region=(0.4, 0.5)), 4),
        ({"focus": "middle"}, Focus(stage=(0.9, 0.5)), 10),
        ({"point": [0.4, 0.2]}, Focus(stage=(0.9, 0.5)), 4),
        ({"keep": [0.0, 0.2, 0.2, 0.6]}, Focus(stage=(0.9, 0.5)), 0),
    ],
)
def test_a_shape_is_cut_around_the_focus(said: dict[str, Any], focus: Focus, left: int) -> None:
    cut = made(pattern(), step(type="crop", shape="1:1", **said), focus=focus)
    assert is_near(cut, numbers(pattern())[:, left : left + 40])


@pytest.mark.parametrize(("zoom", "size"), [(1, (40, 40)), (2, (20, 20)), (1.6, (25, 25))])
def test_a_shape_may_be_cut_closer(zoom: float, size: tuple[int, int]) -> None:
    assert made(pattern(), step(type="crop", shape="1:1", zoom=zoom)).size == size


def test_what_is_to_be_kept_and_does_not_fit_is_told() -> None:
    shown = [done(pattern(), step(type="crop", shape="1:1", keep=[0.1, 0, right, 1])) for right in (0.6, 0.9)]
    assert [[one.code for one in found.findings] for found in shown] == [[], ["subject-cut"]]
    assert "17 %" in shown[1].findings[0].message  # 40 of 48 pixels are seen


@pytest.mark.parametrize("focus", ["stage", "region"])
def test_a_focus_that_is_not_there_is_an_error(focus: str) -> None:
    with pytest.raises(PictureFailed, match=focus):
        made(pattern(), step(type="crop", shape="1:1", focus=focus))


@pytest.mark.parametrize("mode", MODES)
def test_a_mirror_goes_on_at_the_edges(mode: str) -> None:
    before = numbers(pattern(mode))
    shown = made(pattern(mode), step(type="extend", left="10%", bottom="50%"))
    assert is_near(shown, numpy.pad(before, ((0, 20), (6, 0), (0, 0)), mode="symmetric"))


@pytest.mark.parametrize("mode", MODES)
def test_a_plain_canvas_is_of_the_palette(mode: str) -> None:
    shown = made(pattern(mode), step(type="extend", right=0.5, by="color", color="flame"))
    assert shown.mode == mode
    assert shown.size == (90, 40)
    assert shown.convert("RGB").getpixel((89, 39)) == tuple(bytes.fromhex(PALETTE["flame"].srgb[1:]))


def test_a_soft_canvas_leaves_the_picture_as_it_is() -> None:
    shown = made(pattern(), step(type="extend", shape="3:1", toward=[1, 0.5], by="blur"))
    assert shown.size == (120, 40)
    assert is_near(shown.crop((60, 0, 120, 40)), pattern())


@pytest.mark.parametrize(
    ("shape", "toward", "size", "at"),
    [("3:1", [0, 0], (120, 40), (0, 0)), ("1:1", [0.5, 1], (60, 60), (0, 20)), ("3:2", [0.5, 0.5], (60, 40), (0, 0))],
)
def test_a_shape_is_reached_on_one_side(
    shape: str, toward: list[float], size: tuple[int, int], at: tuple[int, int]
) -> None:
    shown = made(pattern(), step(type="extend", shape=shape, toward=toward))
    assert shown.size == size
    assert is_near(shown.crop((*at, at[0] + 60, at[1] + 40)), pattern())


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("degrees", [90, 180, 270, -90, 360])
def test_quarters_are_turned_without_a_loss(mode: str, degrees: int) -> None:
    shown = made(pattern(mode), step(type="rotate", degrees=degrees))
    assert is_near(shown, numpy.rot90(numbers(pattern(mode)), -degrees // 90))


def test_a_slant_is_cut_to_what_is_whole_or_kept_on_a_larger_canvas() -> None:
    plain = Image.new("RGB", (300, 200), "#336699")
    cut = made(plain, step(type="rotate", degrees=10))
    assert is_near(cut, numpy.broadcast_to(numpy.array([0x33, 0x66, 0x99]), (cut.height, cut.width, 3)), 1)
    assert cut.size == (277, 154)  # (w cos a - h sin a) / cos 2a, and so on
    clear = made(plain, step(type="rotate", degrees=10, corners="transparent"))
    assert clear.size == (331, 250)
    assert [clear.getpixel(at)[3] for at in ((0, 0), (165, 125))] == [0, 255]  # type: ignore[index]
    filled = made(plain, step(type="rotate", degrees=10, corners="color", color="leaf"))
    assert filled.mode == "RGB"
    assert filled.getpixel((0, 0)) == (0x2E, 0x8B, 0x57)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("over", "axis"), [("left-right", 1), ("up-down", 0)])
def test_a_flip_turns_over(mode: str, over: str, axis: int) -> None:
    assert is_near(made(pattern(mode), step(type="flip", over=over)), numpy.flip(numbers(pattern(mode)), axis))


# One white pixel on black shows where a point goes to.
FRAMING: list[dict[str, Any]] = [
    {"type": "crop", "box": [0.25, 0.1, 1, 0.8]},
    {"type": "crop", "shape": "1:1", "focus": "auto"},
    {"type": "extend", "left": 0.5, "top": 0.25, "by": "mirror"},
    {"type": "extend", "shape": "1:2", "toward": [0.5, 0.2], "by": "color", "color": "ink"},
    {"type": "rotate", "degrees": 90},
    {"type": "rotate", "degrees": 180},
    {"type": "rotate", "degrees": 270},
    {"type": "rotate", "degrees": 12},
    {"type": "rotate", "degrees": -33, "corners": "transparent"},
    {"type": "flip"},
    {"type": "flip", "over": "up-down"},
    {"type": "upscale", "factor": 2},
]


@pytest.mark.parametrize("written", FRAMING, ids=lambda one: "-".join(map(str, one.values())))
def test_points_go_where_their_pixels_go(written: dict[str, Any]) -> None:
    size, spot = (200, 120), (120, 45)
    picture = Image.new("RGB", size)
    picture.paste("white", (spot[0] - 2, spot[1] - 2, spot[0] + 2, spot[1] + 2))
    point = spot[0] / size[0], spot[1] / size[1]
    after = done(picture, step(**written), focus=Focus(stage=point))
    light = numpy.asarray(made(picture, step(**written), focus=Focus(stage=point)).convert("L")).astype(float)
    if written["type"] == "extend" and "left" in written:  # the mirror shows the spot again
        light[: light.shape[0] // 5] = 0
        light[:, : light.shape[1] // 3] = 0
    light = numpy.where(light > 128, light, 0)
    rows, columns = numpy.indices(light.shape)
    seen = ((columns + 0.5) * light).sum() / light.sum() / light.shape[1], ((rows + 0.5) * light).sum() / light.sum() / light.shape[0]  # fmt: skip
    assert point_now(point, after.moved) == pytest.approx(seen, abs=0.004)


@pytest.mark.parametrize("written", FRAMING, ids=lambda one: "-".join(map(str, one.values())))
def test_edges_are_known_before_there_are_pixels(written: dict[str, Any]) -> None:
    picture = pattern("RGB", (123, 77))
    assert framed([step(**written)], (123, 77), Focus()).size == made(picture, step(**written)).size


def test_a_point_that_is_cut_off_is_at_the_edge() -> None:
    after = done(pattern(), step(type="crop", box=[0.5, 0, 1, 1]))
    assert point_now((0.1, 0.5), after.moved) == (0.0, 0.5)


def test_more_pixels_show_the_same_and_never_fewer() -> None:
    plain = Image.new("RGB", (30, 20), "#C86432")
    assert made(plain, step(type="upscale", longest=90)).size == (90, 60)
    assert is_near(made(plain, step(type="upscale", factor=3)), numbers(Image.new("RGB", (90, 60), "#C86432")))
    assert encoded(made(plain, step(type="upscale", longest=20))) == encoded(plain)
    soft = made(pattern(), step(type="upscale", factor=2, sharpen=0))
    assert is_near(soft, pattern().resize((120, 80), Image.Resampling.LANCZOS))
