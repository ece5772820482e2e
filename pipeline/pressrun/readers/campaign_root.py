"""The folder of a campaign, from one of its jobs."""

from __future__ import annotations

import os
from pathlib import Path

from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.readers.suggestion import did_you_mean


def campaign_root(job_file: Path) -> Path:
    """The nearest folder above a job that has ``brands/``. Raises InputError."""
    resolved = job_file.resolve()
    if not os.path.isfile(resolved):
        near = sorted(path.name for path in resolved.parent.glob("*.yaml")) if os.path.isdir(resolved.parent) else []
        hint = did_you_mean(resolved.name, near, "jobs there")
        message = f"there is no job '{job_file.as_posix()}'"
        if os.path.isdir(resolved):
            message = f"'{job_file.as_posix()}' is a folder, not a job"
            hint = f"jobs there: {', '.join(path.name for path in sorted(resolved.glob('*.yaml'))[:8])}"
        raise InputError([Finding(Severity.ERROR, "missing-job", message, Place(job_file.as_posix()), hint)])
    for folder in resolved.parents:
        if (folder / "brands").is_dir():
            return folder
    message = "no folder above this job has `brands/` in it"
    hint = "a campaign is a folder with brands/, templates/ and jobs/; `pressrun init` makes one"
    raise InputError([Finding(Severity.ERROR, "no-campaign", message, Place(job_file.as_posix()), hint)])
