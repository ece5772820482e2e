"""The jobs of a campaign: the files in its folder of jobs that are some."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

from pressrun.commands.studio.campaign import Campaign
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Severity

JOB = re.compile(rb"^(?:brand|layouts)[ \t]*:", re.MULTILINE)  # what a job has at its left edge


def jobs_of(campaign: Campaign) -> list[str]:
    """The names of the jobs in a campaign, run or not; what else lies beside them (overrides, say) is none."""
    found = []
    for path in files_of_jobs(campaign):
        with contextlib.suppress(OSError):
            if JOB.search(path.read_bytes()):
                found.append(path.stem)
    return found


def job_named(campaign: Campaign, name: object) -> Path:
    """The file of a job by its name, among those in the campaign's folder of jobs. Raises InputError."""
    for path in files_of_jobs(campaign):
        if path.stem == name and path.resolve().is_relative_to(campaign.root):
            return path
    message = f"there is no job '{str(name)[:60]}' in {campaign.root / 'jobs'}"
    raise InputError([Finding(Severity.ERROR, "no-job", message)])


def files_of_jobs(campaign: Campaign) -> list[Path]:
    return sorted((campaign.root / "jobs").glob("*.y*ml"))
