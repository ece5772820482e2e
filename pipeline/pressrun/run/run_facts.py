"""What is known of a run besides its files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from pressrun.model.finding import Finding, Place
from pressrun.model.job import Row
from pressrun.model.plan import Plan
from pressrun.model.project import Project


class RunFacts(Struct, frozen=True):
    """A run that comes to its end."""

    project: Project
    plan: Plan
    folder: Path
    started: dt.datetime
    finished: dt.datetime
    only: str = ""  # what was asked of its rows, where not all were wanted


def located(finding: Finding, row: Row) -> Finding:
    """A finding with the row it is of this time, and that row's place in its first file."""
    place = next((Place(file, line) for _, file, line in row.sources if line), None)
    return replace(finding, row=row.id, place=finding.place or place)
