"""README.md is read back: its examples are a campaign that runs, its pictures are there, its commands exist."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pikepdf
import pytest

from pipeline import run_job
from pipeline.registry import CHECKS, FORMATS, LAYERS, PROVIDERS, STEPS
from pipeline.run import prepare
from pipeline.studio import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(?P<kind>\w+) (?P<path>\S+)\n(?P<text>.*?)^```$", re.M | re.S)


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    """The README's example files, written where it says they are, beside the base prompt."""
    for block in BLOCK.finditer(README):
        if "/" not in block["path"]:
            continue
        file = tmp_path / block["path"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block["text"], encoding="utf-8")
    shutil.copy(ROOT / "templates/prompts/base.j2", tmp_path / "templates/prompts/base.j2")
    return tmp_path


def test_the_examples_run_and_give_press_files(campaign: Path) -> None:
    report = run_job(campaign / "jobs/mini.yaml")
    assert [Path(asset.path).name for asset in report.assets] == [
        "M-1-card.pdf",
        "M-1-card-proof.png",
        "M-2-card.pdf",
        "M-2-card-proof.png",
    ]
    assert report.counts.failed == 0
    for asset in report.assets[::2]:
        with pikepdf.open(Path(report.folder) / asset.path) as pdf:
            left, bottom, right, top = (float(edge) for edge in pdf.pages[0].TrimBox)
        assert (right - left, top - bottom) == pytest.approx((105 * 72 / 25.4, 148 * 72 / 25.4), abs=0.01)


def test_a_section_that_nobody_filled_is_left_out(campaign: Path) -> None:
    prepared = prepare(campaign / "jobs/mini.yaml", Settings(inline=True))
    with prepared.studio:
        prompt = prepared.plan.pictures[0].request.prompt
    assert [part.partition(":")[0] for part in prompt.split("\n\n")] == [
        "Subject", "Palette, the dominant colour first", "Room for copy", "No lettering, no logos, no watermarks, no frames.",
    ]  # fmt: skip


def test_the_two_lines_are_marked_for_ci() -> None:
    lines = {block["path"]: block["text"] for block in BLOCK.finditer(README)}
    assert lines["run"].count("\n") == 1
    assert lines["test"].count("\n") == 1
    assert "pytest" in lines["test"]


def test_every_picture_shown_is_a_small_file_of_the_repository() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert len(pictures) == 2
    for name in pictures:
        assert (ROOT / name).stat().st_size < 200_000


def test_every_open_set_is_explained() -> None:
    for table in ("LAYERS", "STEPS", "PROVIDERS", "FORMATS", "CHECKS"):
        assert f"`{table}`" in README
    assert all((LAYERS, STEPS, PROVIDERS, FORMATS, CHECKS))
