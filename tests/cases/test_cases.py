"""Inputs as people have them, each a small campaign: what is said of it, and what its files say when read back.

A case is a folder laid over ``base``, with an ``expected.yaml``:

    refused: ["error unknown-locale jobs/rows.csv:2"]     # then nothing is made
    said: ["note short-rows jobs/rows.csv:3"]             # of the whole job, besides what is not worth a word
    files:                                                # by name under assets/, all of them
      a.pdf: {findings: [warning markup t], text: Fish & chips}

Each key of a file but ``findings`` is a function of ``read_back``; ``failed: [code]`` stands for a file not made.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml
from read_back import READERS

from pressrun import registry, run_job
from pressrun.doors import Settings
from pressrun.load import load_project
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding
from pressrun.model.run_record import Asset, RunReport

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/expected.yaml"))
ALWAYS = {"unused-columns", "delimiter"}  # notes that tell nothing of a case


def told(findings: Iterable[Finding]) -> list[str]:
    return [f"{one.severity} {one.code} {one.place}" for one in findings if one.code not in ALWAYS]


def of_a_file(findings: Iterable[Finding]) -> list[str]:
    return [f"{one.severity} {one.code} {one.layer or ''}".rstrip() for one in findings]


@pytest.fixture
def job(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    campaign = tmp_path / "campaign"
    for folder in (HERE / "base", request.param):
        shutil.copytree(folder, campaign, dirs_exist_ok=True, ignore=shutil.ignore_patterns("expected.yaml"))
    return campaign / "jobs" / "job.yaml"


def read(asset: Asset, report: RunReport, keys: Iterable[str]) -> dict[str, Any]:
    if asset.status == "failed":
        return {"failed": [one.code for one in asset.findings]}
    data = (Path(report.folder) / asset.path).read_bytes()
    found: dict[str, Any] = {name: READERS[name](data) for name in keys if name != "findings"}
    return found | ({"findings": said} if (said := of_a_file(asset.findings)) else {})


@pytest.mark.parametrize(("case", "job"), [(path, path) for path in CASES], indirect=["job"], ids=lambda path: path.name)
def test_a_case_says_and_makes_what_is_right(case: Path, job: Path) -> None:
    expected = yaml.safe_load((case / "expected.yaml").read_text("utf-8"))
    settings = Settings(inline=True)
    if refused := expected.get("refused"):
        with pytest.raises(InputError) as caught:
            run_job(job, settings)
        assert told(caught.value.findings) == refused
        return
    said = told(load_project(job, registry).notes)
    report = run_job(job, settings)
    files = expected["files"]
    made = {Path(asset.path).relative_to("assets").as_posix(): asset for asset in report.assets}
    assert made.keys() == files.keys()
    assert {name: read(asset, report, files[name]) for name, asset in made.items()} == files
    assert said == expected.get("said", [])
