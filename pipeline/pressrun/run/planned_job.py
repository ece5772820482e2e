"""A job as far as it costs nothing: loaded, expanded and planned. Nothing is imported here that files are made with."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from pressrun import registry
from pressrun.doors import Doors
from pressrun.load import load_project
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.job import Row
from pressrun.model.project import Project
from pressrun.model.settings import Settings
from pressrun.run.files.placed_files import PlacedFiles
from pressrun.run.merged.documents import slip_faults
from pressrun.run.overlays.approvals import with_approvals
from pressrun.run.overlays.destinations import require_allowed
from pressrun.run.overlays.laid_on import before_paying, laid_on, plan_of
from pressrun.run.overlays.overridden_sheets import with_overrides
from pressrun.run.prepared import Prepared
from pressrun.run.providers_said import made_by, with_options
from pressrun.run.size_groups import grouped_sheets
from pressrun.run.words.noted_words import UnchangedWords
from pressrun.run.words.sheet_words import SheetWords

DAMAGED_ROWS = "damaged-rows"
MANY_ROWS = 5


def prepare(
    job_file: Path, settings: Settings, reading: bool = False, tables: Mapping[str, Any] | None = None,
    waiting: bool = False, opened: tuple[Project, Doors] | None = None, telling: bool = False,
) -> Prepared:  # fmt: skip
    """Load, expand and plan; with `reading`, for a look alone, ``waiting`` and ``telling`` as `prepare_project` has
    them; ``opened`` where that is done. Raises InputError with every finding, before anything is written."""
    project, doors = opened or open_job(job_file, settings, reading, tables)
    with closed_on_failure(doors):
        prepared = prepare_project(project, doors, waiting, telling=telling)
        return replace(prepared, plan=prepared.plan.with_findings(_damage_told(doors)))


def open_job(
    job_file: Path, settings: Settings, reading: bool = False, tables: Mapping[str, Any] | None = None
) -> tuple[Project, Doors]:  # fmt: skip
    """Load a job, and open the doors it is made behind. Raises InputError, MissingTool."""
    project = load_job(job_file, settings, tables)
    require_allowed(project, settings.allow_host)
    return project, Doors(project.root, settings, project.job.executor, reading)


def load_job(job_file: Path, settings: Settings, tables: Mapping[str, Any] | None = None) -> Project:
    """Load a job with what the settings say in place of its own. Raises InputError."""
    project = load_project(job_file, registry, tables)
    return with_overrides(with_options(made_by(project, settings.provider), settings.of_provider), settings.take)


@contextlib.contextmanager
def closed_on_failure(doors: Doors) -> Iterator[None]:
    """Nobody is left to close doors that could not be handed on."""
    try:
        yield
    except BaseException:
        doors.journal.close()
        raise


def prepare_project(
    project: Project, doors: Doors, waiting: bool = False, rows: Collection[Row] | None = None, telling: bool = False,
    beside: UnchangedWords | None = None,
) -> Prepared:  # fmt: skip
    """Expand and plan what is loaded, all rows or these, with others ``beside``; ``waiting`` as `plan_of` has it.
    Raises InputError with every error, unless it is ``telling`` them among the plan's findings: then nothing may be
    made of it."""
    project = with_approvals(project, doors)
    noted = beside.files if beside else None
    files = PlacedFiles(project, doors.store, SheetWords(project, beside), doors.journal, beside=noted)
    plan = laid_on(plan_of(project, doors, rows, waiting), before_paying(project, doors, files))
    plan = plan.with_findings(slip_faults(project, () if doors.settings.only else plan.sheets))
    if not plan.rows:
        plan = plan.with_findings([_nothing(project, doors.settings)])
    errors = [] if telling else [finding for finding in plan.findings if finding.severity is Severity.ERROR]
    if errors:
        raise InputError(errors)
    return Prepared(project, plan, doors, files, grouped_sheets(project, (sheet.take for sheet in plan.sheets)))


def _damage_told(doors: Doors) -> list[Finding]:
    damaged = doors.journal.damaged()
    if not damaged:
        return []
    rest = len(damaged) - MANY_ROWS
    told = ", ".join(damaged[:MANY_ROWS]) + (f" and {rest} more" if rest > 0 else "")
    message = f"the journal has rows that cannot be read, which a run sets aside: {told}"
    hint = "what they stood for is made again; decide again what was decided"
    return [Finding(Severity.WARNING, DAMAGED_ROWS, message, Place(doors.journal.address), hint)]


def _nothing(project: Project, settings: Settings) -> Finding:
    condition = settings.only or project.job.where
    hint = f"no row satisfies {condition}" if condition else "a row set is empty"
    where = Place("--only") if settings.only else project.places.get(("where",), Place(project.job_file.name))
    return Finding(Severity.ERROR, "no-rows", f"{project.job_file.name} expands to no rows", where, hint)
