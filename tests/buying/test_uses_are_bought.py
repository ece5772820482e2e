"""The jobs of each use, bought for once: over real HTTP, drawings as references, and one cap for all rows of a feed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from pressrun import run_rows
from pressrun.commands.plan_advice import suggest_masters
from pressrun.model.settings import Settings
from pressrun.providers.openai.rehearsal.server import Rehearsal, serve
from pressrun.run.job import run_job

PROJECT = Path(__file__).parents[2]
SETTINGS = Settings(inline=True)


@pytest.fixture
def server() -> Iterator[Rehearsal]:
    with serve(0) as rehearsal:
        yield rehearsal


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    for name in ("brands", "templates", "jobs"):
        shutil.copytree(PROJECT / name, tmp_path / name)
    return tmp_path


def bought_from(server: Rehearsal, campaign: Path, job: str, **changes: object) -> Path:
    """The job with its pictures from this server, at the lowest quality."""
    path = campaign / "jobs/uses" / f"{job}.yaml"
    said = yaml.safe_load(path.read_text("utf-8"))
    said["date"] = str(said["date"])
    said["provider"] = {"type": "openai", "base_url": server.base_url, "profile": "rehearsal", "quality": "low"}
    for slot in said["pictures"].values():
        slot.pop("quality", None)
    path.write_text(yaml.safe_dump({**said, **changes}, allow_unicode=True), "utf-8")
    return path


def charges(server: Rehearsal) -> int:
    return int(server.settle()["totals"]["count"])


@pytest.mark.parametrize(
    ("job", "pictures"), [("stickers", 5), ("product-into-scenes", 6), ("storyboard", 6), ("diagram", 1)]
)
def test_each_picture_is_charged_once(server: Rehearsal, campaign: Path, job: str, pictures: int) -> None:
    path = bought_from(server, campaign, job)
    report = run_job(path, SETTINGS)
    assert (report.counts.failed, charges(server)) == (0, pictures)
    # What the server draws is no stage for words: contrast may be too low on it.
    codes = {finding.code for asset in report.assets for finding in asset.findings}
    assert codes <= {"low-contrast", "resolution-below-target"}
    assert run_job(path, SETTINGS).cost.spent_usd == 0
    assert charges(server) == pictures


def test_a_new_layout_buys_nothing(server: Rehearsal, campaign: Path) -> None:
    path = bought_from(server, campaign, "product-into-scenes")
    run_job(path, SETTINGS)
    layout = (campaign / "templates/layouts/social/scene.yaml").read_text("utf-8")
    (campaign / "templates/layouts/social/wide.yaml").write_text(layout.replace("1350px", "1400px"), "utf-8")
    path.write_text(path.read_text("utf-8").replace("- social/scene", "- social/scene\n- social/wide"), "utf-8")
    (one,) = suggest_masters(path, SETTINGS).aimed
    assert (one.id, one.kept) == ("tall", True)
    assert len(run_job(path, SETTINGS).assets) == 12
    assert charges(server) == 6


def test_one_cap_for_all_rows_of_a_feed(server: Rehearsal, campaign: Path) -> None:
    """Each sticker costs less than a cent: the cap lets three of five be made, whatever line they come in."""
    path = bought_from(server, campaign, "stickers")
    lines = [json.dumps({"sticker": {"id": f"s{n}", "subject": f"sticker number {n}"}}) for n in range(5)]
    first = next(iter(run_rows(path, lines[:1], SETTINGS)))
    assert first.cost_usd > 0
    answers = list(run_rows(path, lines, Settings(inline=True, max_cost=first.cost_usd * 3.1)))
    assert [answer.status for answer in answers][:3] == ["done", "done", "done"]
    assert [answer.exit for answer in answers].count(4) >= 1
    assert sum(answer.cost_usd for answer in answers) <= first.cost_usd * 3.1
    assert charges(server) == 1 + sum(answer.status == "done" for answer in answers[1:])
