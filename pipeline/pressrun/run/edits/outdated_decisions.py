"""Which of the decisions that stand are about sheets as the files say them now."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import product
from pathlib import Path

from pressrun.decisions.finals import FINAL_QUALITY, draft_qualities
from pressrun.decisions.latest_decisions import UNSHOWN, Decisions, StandingDecision
from pressrun.decisions.overlay import ChoiceOverlays
from pressrun.doors import Doors
from pressrun.expand import expand_rows
from pressrun.model.errors import PressrunError
from pressrun.model.project import Project
from pressrun.model.settings import Settings
from pressrun.run.overlays.approvals import with_approvals
from pressrun.run.overlays.bare_plan import bare_plan
from pressrun.run.overlays.laid_on import said_in
from pressrun.run.pictures.retries import as_preferred
from pressrun.run.planned_job import open_job


def outdated(root: Path, standing: Iterable[StandingDecision]) -> dict[int, bool | None]:
    """Whether a word on a sheet is about one that a run would not make any more as it was seen, by the word's order;
    None where that cannot be told, since its job cannot be read. Words on pictures hold as long as there are such."""
    by_job: dict[str, list[StandingDecision]] = {}
    for word in standing:
        said = word.decision
        if said.subject.startswith("[") and not said.content.endswith(f".{UNSHOWN}"):
            by_job.setdefault(json.loads(said.subject)[0], []).append(word)
    found: dict[int, bool | None] = {}
    for job, words in by_job.items():
        holding = _holding(root, job, words)
        found |= {word.order: None if holding is None else word.order not in holding for word in words}
    return found


def _holding(root: Path, job: str, words: Iterable[StandingDecision]) -> set[int] | None:
    """The words of a job that hold for a sheet in any quality that drafts and finals may have."""
    file = next((one for one in sorted((root / "jobs").rglob("*.y*ml")) if one.stem == job), None)
    if file is None:
        return None
    try:
        project, doors = open_job(file, Settings(), reading=True)
        with doors:
            return _of_sheets(with_approvals(project, doors), doors, words)
    except PressrunError:
        return None


def _of_sheets(project: Project, doors: Doors, words: Iterable[StandingDecision]) -> set[int]:
    about = {(row, take) for _, row, _, take in (json.loads(word.decision.subject) for word in words)}
    named = {row for row, _ in about}
    rows = [row for row in expand_rows(project) if row.id in named]
    says, holding = said_in(project, doors), set[int]()
    for quality, take in product(draft_qualities(FINAL_QUALITY), sorted({take for _, take in about})):
        settings = Settings(quality=quality, take=take)
        choices = ChoiceOverlays(project, doors, says, settings)
        plan = as_preferred(project, choices.on_branches(choices.in_quality(bare_plan(project, settings, rows))), doors)
        found = doors.journal.lookup({use.key for sheet in plan.sheets for use in sheet.slots})
        digests = {key: one.digest for key, one in found.items()}
        decisions = Decisions(doors.journal, project.job_name, digests)
        for sheet in plan.sheets:
            if decisions.is_about(sheet) and (word := decisions.of_sheet_alone(sheet, says(sheet))):
                holding.add(word.order)
    return holding
