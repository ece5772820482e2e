"""The sample jobs of the repository that are no starter: each is sound, and one sheet of each is drawn."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from press_files import x4_faults

from pressrun.model.settings import Settings
from pressrun.run.dry.dry_sheets import dry_findings
from pressrun.run.job import run_job
from pressrun.run.planned_job import prepare

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
    assert not any(x4_faults(report).values())


PRINTED = {
    "brewing-guide": "region.locale == 'en-GB'",
    "business-cards": "region.locale == 'en-GB'",
    "gift-voucher": "",
    "ridge-night": "event.locale == 'en-GB' and layout.name == 'event-poster'",
    "spring-launch": "region.locale == 'en-GB' and product.sku == 'NL-MUG-350' and layout.name == 'dl-card'",
    "window-posters": "region.locale == 'en-GB' and product.sku == 'NL-HRT-250' and layout.name == 'a4-poster'",
}
"""One row of each layout that no other test of a sample's files prints."""
ELSEWHERE = {
    "event-flyer", "staff-card",  # above
    "diagram", "portrait-card", "storyboard",  # test_jobs_of_each_use
    "a5-flyer", "shelf-label",  # test_new_markets
    "price-list",  # test_price_list
}  # fmt: skip


def test_every_layout_that_a_sample_prints_is_pdf_x4(tmp_path: Path) -> None:
    for name in ("brands", "templates", "jobs"):
        shutil.copytree(PROJECT / name, tmp_path / name)
    printed = set()
    for layout in (tmp_path / "templates/layouts").rglob("*.yaml"):
        said = layout.read_text("utf-8")
        if "press-pdf" in said:
            printed.add(layout.stem)
            layout.write_text(said.replace("formats: [press-pdf, proof-png]", "formats: [press-pdf]"), "utf-8")
    made: dict[str, list[str]] = {}
    for job, only in PRINTED.items():
        made |= x4_faults(run_job(tmp_path / f"jobs/{job}.yaml", Settings(inline=True, only=only or None)))
    assert made == {key: [] for key in made}
    assert {Path(layout).name for layout in made} | ELSEWHERE == printed
