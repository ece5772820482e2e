"""Profiles and fonts with broken tables, and profiles that are no files: findings, never a traceback or a wait."""

from __future__ import annotations

import contextlib
import os
import random
from pathlib import Path

import pytest

from pressrun.graphics.color import inks
from pressrun.graphics.typefaces import fonts
from pressrun.model.errors import MissingTool

PROFILE = inks.load_profile("fogra39-300", Path())


def test_a_press_profile_that_is_a_pipe_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.icc")
    with pytest.raises(MissingTool):
        inks.load_profile("pipe.icc", tmp_path)


@pytest.mark.parametrize("seed", range(12))
def test_a_broken_profile_is_told_or_read(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    data = bytearray(PROFILE.data)
    for _ in range(40):
        data[chance.randrange(128, 2000)] = chance.randrange(256)
    (tmp_path / "own.icc").write_bytes(bytes(data[: chance.choice([len(data), 3000, 40_000])]))
    with contextlib.suppress(MissingTool):
        assert inks.proof_color((0, 0, 0, 100), inks.load_profile("own.icc", tmp_path)).startswith("#")


@pytest.mark.parametrize("at", range(0, 128, 4))
def test_a_profile_whose_head_is_not_in_letters_is_told_or_read(at: int, tmp_path: Path) -> None:
    (tmp_path / "own.icc").write_bytes(PROFILE.data[: at + 2] + b"\xff\xff" + PROFILE.data[at + 4 :])
    with contextlib.suppress(MissingTool):
        assert inks.proof_color((0, 0, 0, 100), inks.load_profile("own.icc", tmp_path)).startswith("#")


@pytest.mark.parametrize("seed", range(12))
def test_a_broken_font_is_told_or_read(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    data = bytearray(fonts.firago_bold())
    for _ in range(30):
        data[chance.randrange(4, 600)] = chance.randrange(256)
    (tmp_path / "own.ttf").write_bytes(data)
    with contextlib.suppress(MissingTool):
        assert fonts.read_face(tmp_path / "own.ttf").weight >= 0
