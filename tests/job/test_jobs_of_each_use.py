"""The job files in ``jobs/uses``: each works out of the box, and is ready to be bought."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from press_files import x4_faults

from pressrun.commands.plan_advice import with_lint
from pressrun.commands.report.run_told import run_text
from pressrun.graphics.learned import weights as installed
from pressrun.model.settings import Settings
from pressrun.run.dry.dry_sheets import dry_findings
from pressrun.run.job import run_job
from pressrun.run.planned_job import prepare

PROJECT = Path(__file__).parents[2]
USES = sorted((PROJECT / "jobs/uses").glob("*.yaml"))


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("uses")
    for name in ("brands", "templates", "jobs"):
        shutil.copytree(PROJECT / name, root / name)
    return root


# Of jobs with many large pictures, one product is drawn; all others are composed and checked.
ONE = {
    "drafts-and-finals": "product.sku == 'NL-HRT-250'",
    "product-into-scenes": "product.sku == 'CW-TALUS'",
    "photograph-into-scenes": "theme.id == 'luxury'",
    "packshot-into-scenes": "theme.id == 'cosy'",
    "photograph-on-white-into-scenes": "theme.id == 'luxury'",
    "seasons-of-one-master": "season.id == 'winter'",
    "seasons-of-one-scene": "season.id == 'spring'",
    "duotone-series": "tone.id == 'dusk'",
}
LEARNED = {
    "photograph-into-scenes": installed.SUBJECTS,
    "photograph-into-ads": installed.SUBJECTS,
    "portraits-into-cards": installed.FACES,
}
JOBS = [pytest.param(path.stem, marks=[pytest.mark.heavy] if path.stem in LEARNED else []) for path in USES]


@pytest.fixture
def job(request: pytest.FixtureRequest, weights: Callable[..., None]) -> str:
    """A job by its name, where what it has learned from is installed."""
    if request.param in LEARNED:
        weights(LEARNED[request.param])
    return str(request.param)


@pytest.mark.parametrize("job", JOBS, indirect=True)
def test_it_works_out_of_the_box(campaign: Path, job: str) -> None:
    path = campaign / f"jobs/uses/{job}.yaml"
    prepared = prepare(path, Settings(inline=True))
    with prepared.doors:
        assert dry_findings(prepared) == []
    report = run_job(path, Settings(inline=True, only=ONE.get(job)))
    assert report.exit == 0
    assert report.assets
    codes = {finding.code for asset in report.assets for finding in asset.findings}
    assert codes <= {"stand-in-picture"}
    assert not any(x4_faults(report).values())


@pytest.mark.parametrize("job", JOBS, indirect=True)
@pytest.mark.parametrize("provider", ["fpo", "openai"])
def test_it_can_be_bought_within_its_budget(campaign: Path, job: str, provider: str) -> None:
    prepared = with_lint(prepare(campaign / f"jobs/uses/{job}.yaml", Settings(provider=provider)))
    with prepared.doors:
        grave = {one.code for one in prepared.plan.findings if one.severity > "note"}
        assert grave == ({"waits-for-approval"} if prepared.plan.waiting else set())
        prices = [task.quoted_usd for task in (*prepared.plan.to_make, *prepared.plan.waiting)]
        assert None not in prices
        assert prepared.project.job.budget is not None
        assert sum(price for price in prices if price is not None) <= prepared.project.job.budget.usd


def test_stickers_are_cut_out(campaign: Path) -> None:
    report = run_job(campaign / "jobs/uses/stickers.yaml", Settings(inline=True))
    assert {asset.format for asset in report.assets} == {"png", "webp"}
    for asset in report.assets:
        with Image.open(io.BytesIO((Path(report.folder) / asset.path).read_bytes())) as picture:
            alpha = picture.convert("RGBA").getchannel("A")
            assert alpha.getextrema() == (0, 255), asset.path
            assert alpha.getpixel((1, 1)) == 0


def test_the_storyboards_character_is_the_same_in_every_frame_that_names_her(campaign: Path) -> None:
    prepared = prepare(campaign / "jobs/uses/storyboard.yaml", Settings())
    with prepared.doors:
        prompts = [task.request.prompt for task in prepared.plan.pictures]
    assert len(prompts) == 6
    described = [line for prompt in prompts for line in prompt.splitlines() if line.startswith("Characters:")]
    assert len(described) == sum("Linnea" in prompt for prompt in prompts) == 4
    assert len(set(described)) == 1


def test_the_storyboards_files_are_counted_once(campaign: Path) -> None:
    told = run_text(run_job(campaign / "jobs/uses/storyboard.yaml", Settings(inline=True)))
    assert "warning: stand-in-picture in 2 files" in told  # of six pictures each


def test_the_storyboards_frames_have_a_light_of_their_own(campaign: Path) -> None:
    prepared = prepare(campaign / "jobs/uses/storyboard.yaml", Settings())
    with prepared.doors:
        prompts = [task.request.prompt for task in prepared.plan.pictures]
    assert "one lamp, the hills outside still blue" in prompts[0]
    assert not any("morning sun through thin curtains" in prompt for prompt in prompts)


def test_the_diagrams_labels_are_in_the_record(campaign: Path) -> None:
    report = run_job(campaign / "jobs/uses/diagram.yaml", Settings(inline=True))
    lines = (Path(report.folder) / "assets.jsonl").read_text("utf-8").splitlines()
    (picture,) = json.loads(lines[0])["pictures"]
    assert picture["lettering"] == ["93 °C", "Filter", "Coffee bed", "3 minutes"]
    assert all(f'"{label}" exactly as written' in picture["prompt"] for label in picture["lettering"])


@pytest.mark.heavy
def test_a_face_that_is_found_stands_in_the_circle(campaign: Path, weights: Callable[..., None]) -> None:
    weights(installed.FACES)
    report = run_job(campaign / "jobs/uses/portraits-into-cards.yaml", Settings(inline=True))
    [proof] = [asset.path for asset in report.assets if asset.format == "proof-png"]
    with Image.open(Path(report.folder) / proof) as opened:
        card = opened.convert("RGB")
    from pressrun.graphics.learned import faces
    from pressrun.model.learned import asked_anew

    [(left, top, right, bottom)] = faces.faces(card, asked_anew)
    scale = card.width / 91  # mm, with bleed
    across, down = (left + right) / 2 * card.width / scale, (top + bottom) / 2 * card.height / scale
    assert abs(across - 21.5) < 3, "the middle of the circle"
    assert abs(down - 30.5) < 4
