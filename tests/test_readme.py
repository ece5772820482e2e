"""README.md is read back: its examples are a campaign that runs, its pictures are there, its commands exist."""

from __future__ import annotations

import importlib.util
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from pressrun import run_job
from pressrun.model.entries import Entries
from pressrun.model.settings import Settings
from pressrun.registry import CHECKS, FORMATS, LAYERS, PROVIDERS, STEPS
from pressrun.run.planned_job import prepare

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
    with prepared.doors:
        prompt = prepared.plan.pictures[0].request.prompt
    assert [part.partition(":")[0] for part in prompt.split("\n\n")] == [
        "Use", "Subject", "Palette, the dominant colour first", "Room for copy", "No lettering, no logos, no watermarks, no frames.",
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


ADDED: dict[str, tuple[Entries[Any], str, str]] = {
    "layers/frame": (LAYERS, "frame", "FrameLayer"),
    "steps/mirror": (STEPS, "mirror", "MirrorStep"),
    "providers/flat": (PROVIDERS, "flat", "FlatProvider"),
    "formats/tiff": (FORMATS, "tiff", "TIFF"),
    "checks/tiny_text": (CHECKS, "tiny-text", "tiny_text"),
}


def test_what_is_added_as_told_is_used(campaign: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path, (table, name, entry) in ADDED.items():
        file = campaign / "pipeline/pressrun" / f"{path}.py"
        spec = importlib.util.spec_from_file_location(path.replace("/", "_"), file)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, spec.name, module)
        spec.loader.exec_module(module)
        monkeypatch.setitem(table, name, getattr(module, entry))
        assert f'`"{name}": "pressrun.{path.replace("/", ".")}:{entry}",`' in README
    (campaign / "templates/layouts/post.yaml").write_text(
        "{page: {trim: 200px x 200px, safe: 8px}, target: screen, formats: [tiff], layers: ["
        "{type: image, picture: hero, box: {in: bleed}}, {type: frame, color: paper},"
        ' {type: text, text: "{{ product.name }}", role: headline, size: 5pt, color: paper, box: {x: 8px, y: 8px}}]}'
    )
    job = campaign / "jobs/mini.yaml"
    text = job.read_text().replace("[card]", "[post]").replace("type: fpo", "type: flat")
    job.write_text(text.replace("    masters:", "    steps: [{type: mirror}]\n    masters:"))
    report = run_job(job, Settings(inline=True))
    assert [Path(asset.path).name for asset in report.assets] == ["M-1-post.tif", "M-2-post.tif"]
    assert report.exit == 0
    for asset in report.assets:
        assert "tiny-text" in {finding.code for finding in asset.findings}
        with Image.open(Path(report.folder) / asset.path) as picture:
            assert (255, 255, 255) in {picture.getpixel((x, 100)) for x in range(6, 11)}  # the frame
            assert picture.getpixel((100, 190)) != picture.getpixel((100, 60))


def test_every_open_set_is_explained() -> None:
    for table in ("LAYERS", "STEPS", "PROVIDERS", "FORMATS", "CHECKS"):
        assert f"`{table}`" in README
    assert all((LAYERS, STEPS, PROVIDERS, FORMATS, CHECKS))
