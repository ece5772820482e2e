"""Pages of any program's PDF placed as they are: their separations are those of the original, whatever they are drawn of."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy
import placed_documents
import pytest
import random_documents
from rendering_kit import PROFILE, Press
from test_placed_pages import ALONE, layout, separations
from test_separations import DENSITY, assert_alike, by_ghostscript

from pressrun.graphics.separations.plates import separated

SEEDS = range(*map(int, os.environ.get("PRESSRUN_PLACED", "0:8").split(":")))


@pytest.mark.parametrize("seed", SEEDS)
def test_its_separations_are_those_of_the_original(
    press: Press, tool: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    original = random_documents.document(seed)
    monkeypatch.setitem(placed_documents.DOCUMENTS, "any.pdf", lambda: original)
    width, height = random_documents.turned_size(original)
    page = layout(ALONE.replace("FILE", "any.pdf"), f"{width - 20:g}pt x {height - 20:g}pt")
    made = press.render(page)
    ours = separations(made.files["press-pdf"], tool, tmp_path / "ours")
    theirs = separations(original, tool, tmp_path / "theirs")
    blank = numpy.full_like(next(iter({**ours, **theirs}.values())), 255) if ours or theirs else None
    for ink in ours.keys() | theirs.keys():
        off = numpy.abs(ours.get(ink, blank).astype(int) - theirs.get(ink, blank)).max(initial=0)
        assert off <= 2, ink


@pytest.mark.parametrize("seed", SEEDS)
def test_its_plates_are_those_of_another_program(tool: Any, tmp_path: Path, seed: int) -> None:
    original = random_documents.document(seed, most=3)
    ours, theirs = separated(original, PROFILE, DENSITY)[0], by_ghostscript(original, tool, tmp_path)
    assert_alike(ours, theirs, most=16, share=0.002)
