"""The two campaigns on imported designs: they work out of the box, and importing their designs again changes nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pressrun import run_job
from pressrun.model.settings import Settings
from pressrun.run.design_import.campaign import DesignWanted, import_design
from pressrun.run.dry.dry_sheets import dry_findings
from pressrun.run.planned_job import prepare

PROJECT = Path(__file__).parents[2]
SAMPLES = {
    "gift-voucher": ("northlight", "gift-voucher.pdf", "ingrid", {"gift-voucher.pdf": 2}),
    "first-light": ("cairnway", "first-light.svg", "macdui", {"first-light.svg": 1}),
}


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("samples")
    for name in ("brands", "templates", "jobs"):
        shutil.copytree(PROJECT / name, root / name)
    return root


@pytest.mark.parametrize("name", SAMPLES)
def test_it_works_out_of_the_box(name: str, campaign: Path) -> None:
    _, _, row, files = SAMPLES[name]
    job = campaign / f"jobs/{name}.yaml"
    prepared = prepare(job, Settings(inline=True))
    with prepared.doors:
        assert [*dry_findings(prepared), *prepared.project.notes] == []
        assert len(prepared.plan.sheets) == 4
    report = run_job(job, Settings(inline=True, only=f"sheet.id == '{row}'"))
    assert [asset.status for asset in report.assets] == ["made"] * sum(files.values())
    assert [finding.code for asset in report.assets for finding in asset.findings] == []


@pytest.mark.parametrize("name", SAMPLES)
def test_its_design_says_what_its_layout_has(name: str, campaign: Path) -> None:
    brand, file, *_ = SAMPLES[name]
    folders = [campaign / folder for folder in ("templates", "brands", "jobs")]
    before = {path: path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}
    again = import_design(DesignWanted(campaign / f"brands/{brand}/designs/{file}", campaign, brand=brand))
    assert (again.again, again.findings) == (True, ())
    after = {path: path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}
    assert after == before
