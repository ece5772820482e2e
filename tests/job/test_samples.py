"""The sample jobs of the repository that are no starter: each is sound, and one sheet of each is drawn."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pressrun.model.settings import Settings
from pressrun.run.dry_sheets import dry_findings
from pressrun.run.job import prepare, run_job

PROJECT = Path(__file__).parents[2]
ONE = {
    "ridge-night": ("event.locale == 'de-DE' and layout.name == 'event-flyer'", 3),
    "staff-cards": ("person.id == 'amir'", 3),
}


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("samples")
    for name in ("brands", "templates", "jobs"):
        shutil.copytree(PROJECT / name, root / name)
    return root


@pytest.mark.parametrize("job", ONE)
def test_nothing_is_wrong_with_a_sample(campaign: Path, job: str) -> None:
    path, (only, files) = campaign / f"jobs/{job}.yaml", ONE[job]
    prepared = prepare(path, Settings(inline=True))
    with prepared.doors:
        assert dry_findings(prepared) == []
    report = run_job(path, Settings(inline=True, only=only))
    assert len(report.assets) == files
    assert {finding.code for asset in report.assets for finding in asset.findings} <= {"stand-in-picture"}
