"""The sample jobs of the repository that are no starter: each is sound, and one sheet of each is drawn."""

from __future__ import annotations

import shutil
from itertools import chain
from pathlib import Path

import pdf_oxide
import pytest

from pressrun.model.settings import Settings
from pressrun.readers.press_pdf.standard import standard_faults
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


def test_every_layout_that_a_sample_prints_is_pdf_x4(campaign: Path) -> None:
    """By our own strict profile and by another library: the last row's of each layout, in whichever sample."""
    made: dict[str, list[str]] = {}
    for job in sorted(chain((campaign / "jobs").glob("*.yaml"), (campaign / "jobs/uses").glob("*.yaml"))):
        prepared = prepare(job, Settings(inline=True), reading=True)
        with prepared.doors:
            printed = {
                sheet.layout: sheet.row for sheet in prepared.plan.sheets
                if sheet.layout not in made and any(name == "press-pdf" for name, _ in sheet.paths)
            }  # fmt: skip
            rows = prepared.project.job.rows
            columns = {name: one.key for name, one in rows.items() if not one.group_by}
        for layout, row in printed.items():
            asked = [f"{name}.{columns[name]} == {key!r}" for name, key in row.keys.items() if name in columns]
            only = " and ".join([f"layout.name == {Path(layout).name!r}", *asked])
            report = run_job(job, Settings(inline=True, only=only))
            files = [file.read_bytes() for file in (Path(report.folder) / "assets").rglob("*.pdf")]
            assert files, f"{job.stem}: {only}"
            made[layout] = [
                told
                for data in files
                for told in (
                    *(fault.code for fault in standard_faults(data, "x4")),
                    *pdf_oxide.PdfDocument.from_bytes(data).validate_pdf_x("4")["errors"],
                    *([] if b"PDF/X-4" in data else ["it does not say so"]),
                )
            ]
    assert made == {key: [] for key in made}
    assert len(made) >= 11
