"""Runs that may be carried over: whether one was worked out, and all that it leaves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from job_campaign import Campaign, digests

from pressrun.model.run_record import RunReport
from pressrun.run import job, planned_job
from pressrun.run.kept.all_read import AllRead

FEW = 3  # files that fit into one page here, so that a small campaign is a long run
Worked = list[Path]


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> Worked:
    """The jobs that are loaded and planned: a run that is carried over is not among them."""
    jobs: Worked = []
    prepare = job.prepare

    def heard(job_file: Path, *arguments: object, **named: object) -> object:
        jobs.append(job_file)
        return prepare(job_file, *arguments, **named)  # type: ignore[arg-type]  # as they came

    for one in (job, planned_job):
        monkeypatch.setattr(one, "prepare", heard)
    return jobs


def the_whole_way(campaign: Campaign, **settings: Any) -> RunReport:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AllRead, "now", lambda *_: None)
        return campaign.run(**settings)


def left(campaign: Campaign, report: RunReport) -> tuple[object, ...]:
    """All that a run leaves, but for its name and its times."""
    run = Path(report.folder)
    manifest = campaign.manifest(run)
    for changing in ("run", "started", "finished"):
        del manifest[changing]
    files = digests(run)
    page = (run / "contact-sheet.html").read_text("utf-8").replace(run.name, "RUN")
    for name in ("manifest.json", "contact-sheet.html"):
        del files[name]
    counted = (report.job, report.counts, report.cost, report.found, report.exit, report.notes, report.problems)
    began = page.index('"started":"')
    return manifest, files, page[:began] + page[began + 32 :], counted, list(report.assets)
