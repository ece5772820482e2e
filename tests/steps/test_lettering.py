"""Lettering in pictures: lines that are painted are found where they are, and what is no line is not called one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from pressrun.graphics.learned import lettering
from pressrun.graphics.learned import weights as installed
from pressrun.graphics.typefaces import fonts
from pressrun.model.found_lettering import Lettering

LINES = {"SPRING SALE 50%": (60, 40), "Открыто": (420, 200), "ลดราคาวันนี้": (60, 330)}


def wall() -> Image.Image:
    """A wall of bricks in blurred light, without a word."""
    x, y = numpy.meshgrid(numpy.arange(768), numpy.arange(448))
    joints = ((y % 48 < 4) | ((x + 45 * (y // 48 % 2)) % 90 < 4))[..., None]
    brick = numpy.array([150, 88, 70]) + 22 * numpy.sin(x / 130 + y / 90)[..., None]
    picture = Image.fromarray(numpy.where(joints, [176, 166, 152], brick).clip(0, 255).astype(numpy.uint8))
    return picture.filter(ImageFilter.GaussianBlur(0.8))


def painted(tmp_path: Path, lines: Mapping[str, tuple[int, int]]) -> tuple[Image.Image, dict[str, tuple[float, ...]]]:
    """The wall with these lines on it, and the box of each in pixels."""
    file = next(path for path in fonts.firago_files(tmp_path) if "bold" not in path.name.lower())
    picture, boxes = wall(), {}
    draw, font = ImageDraw.Draw(picture), ImageFont.truetype(str(file), 52)
    for words, at in lines.items():
        draw.text(at, words, (250, 246, 235), font)
        boxes[words] = draw.textbbox(at, words, font)
    return picture, boxes


@pytest.mark.heavy
def test_lines_are_found_where_they_are_and_read_where_their_script_is(
    weights: Callable[..., None], tmp_path: Path
) -> None:
    weights(installed.LETTERING, installed.LETTERS)
    picture, boxes = painted(tmp_path, LINES)
    found = lettering.found(picture)
    assert len(found) == len(LINES)
    for line, box in zip(found, boxes.values(), strict=True):
        left, top, right, bottom = (edge * side for edge, side in zip(line.box, picture.size * 2, strict=True))
        assert (left, top, right, bottom) == pytest.approx(box, abs=24)
    assert found[0].words.replace(" ", "") == "SPRINGSALE50%"
    assert lettering.found(wall()) == ()


@pytest.mark.parametrize(
    ("line", "is_plain"),
    [
        (Lettering((0.1, 0.1, 0.4, 0.15), 0.9, "SALE", 0.95), True),
        (Lettering((0.1, 0.1, 0.13, 0.15), 0.9, "SALE", 0.95), True),
        (Lettering((0.1, 0.1, 0.13, 0.15), 0.9, "8", 0.99), False),  # the handle of a cup
        (Lettering((0.1, 0.1, 0.13, 0.15), 0.9, "Ye-", 0.4), False),
        (Lettering((0.1, 0.1, 0.5, 0.2), 0.7, "an", 0.6), True),  # a line of a script that is not read
        (Lettering((0.0, 0.0, 0.6, 1.0), 0.9, "", 0.0), False),  # a whole pagoda
        (Lettering((0.1, 0.1, 0.5, 0.2), 0.4, "", 0.0), False),
    ],
)
def test_what_is_called_lettering(line: Lettering, is_plain: bool) -> None:
    assert line.is_plain is is_plain
