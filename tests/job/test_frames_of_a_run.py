"""A run in a notebook: rows from a frame, and frames of what came of them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
from job_campaign import Campaign
from msgspec.structs import replace

from pressrun import run_job
from pressrun.commands import cli
from pressrun.model.run_record import Assets, RunReport
from pressrun.model.settings import Settings


@pytest.fixture(scope="module")
def from_frames(tmp_path_factory: pytest.TempPathFactory) -> tuple[Campaign, RunReport]:
    campaign = Campaign.new(tmp_path_factory.mktemp("frames") / "campaign")
    data = Path(campaign.root / "jobs/data")
    frames = {}
    for name, file in {"product": "products.csv", "region": "regions.csv", "prices": "prices.csv"}.items():
        with (data / file).open(encoding="utf-8-sig", newline="") as opened:
            frames[name] = pd.DataFrame(list(csv.DictReader(opened)))
        (data / file).unlink()
    return campaign, run_job(campaign.root / campaign.job, Settings(inline=True), tables=frames)


def test_frames_make_the_files_that_csv_makes(from_frames: tuple[Campaign, RunReport], finished: Campaign) -> None:
    campaign, _ = from_frames
    assert campaign.assets() == finished.assets()
    assert "product (DataFrame)" in campaign.manifest()["inputs"]


def test_a_report_gives_frames(from_frames: tuple[Campaign, RunReport]) -> None:
    _, report = from_frames
    assets, findings, costs = report.assets(), report.findings(), report.costs()
    assert len(assets) == report.counts.planned
    assert {"path", "status", "locale", "product"} <= set(assets.columns)
    assert set(assets["status"]) == {"made"}
    assert list(findings.columns[:3]) == ["path", "severity", "code"]
    assert set(costs["slot"]) == {"hero"}
    assert costs["files"].sum() == sum(len(one.pictures) for one in report.assets)


def test_row_sets_that_are_called_as_columns_take_no_place_of_these(from_frames: tuple[Campaign, RunReport]) -> None:
    one = replace(from_frames[1].assets[0], keys={"path": "A", "path_key": "B", "locale": "C", "product": "D"})
    [row] = Assets.__call__([one]).to_dict("records")  # type: ignore[arg-type]  # whatever can be gone through
    assert (row["path"], row["locale"], row["product"]) == (one.path, one.locale, "D")
    assert (row["path_key_key"], row["path_key"], row["locale_key"]) == ("A", "B", "C")


def test_a_report_is_shown_with_its_pictures(from_frames: tuple[Campaign, RunReport]) -> None:
    shown = from_frames[1]._repr_html_()
    assert shown.count('src="data:image/png;base64,') == 12
    assert "18 files: 18 made" in shown


def test_files_are_counted_by_two_things(
    warm: Campaign, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(warm.root)
    assert cli.run_command(["show", "--pivot", "locale", "layout"]) == 0
    told = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert told == [["locale", "card", "post", "all"], ["de-DE", "6", "3", "9"], ["en-GB", "6", "3", "9"], ["all", "12", "6", "18"]]
    assert cli.run_command(["show", "--pivot", "product", "format", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["MUG"] == {"png": 2, "press-pdf": 2, "proof-png": 2, "all": 6}
    assert cli.run_command(["show", "--pivot", "local", "layout"]) == 2
    assert "[unknown-name]" in capsys.readouterr().err
