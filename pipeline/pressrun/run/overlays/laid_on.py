"""What a plan passes through before its pictures are made: one list of overlays, in the order they are laid on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from pressrun.decisions.overlay import ChoiceOverlays
from pressrun.doors import Doors
from pressrun.generate.buy.lanes import quoted_for
from pressrun.generate.buy.request_findings import with_request_findings
from pressrun.generate.buy.unknown_charges import with_doubts
from pressrun.model.errors import InputError
from pressrun.model.job import Row
from pressrun.model.named_files import files_named
from pressrun.model.plan import Plan, PlannedSheet
from pressrun.model.project import Project
from pressrun.model.sound_results import stored
from pressrun.run.files.placed_files import PlacedFiles, UnusablePicture
from pressrun.run.overlays.approvals import with_approvals, without_waiting
from pressrun.run.overlays.bare_plan import bare_plan
from pressrun.run.overlays.destinations import destinations_told, links_told
from pressrun.run.overlays.existing_assets import without_existing
from pressrun.run.overlays.overridden_sheets import with_stale
from pressrun.run.pictures.retries import as_preferred, with_retries_told
from pressrun.run.sheet_content import said_by
from pressrun.run.words.sheet_words import SheetWords

Overlay = Callable[[Plan], Plan]


def plan_of(
    project: Project, doors: Doors, rows: Collection[Row] | None = None, waiting: bool = False, rejected: bool = False
) -> Plan:  # fmt: skip
    """The plan as it is, of all rows or of these, with whatever is wrong with it among its findings. ``waiting``: with
    the sheets that a run leaves out, since their pictures wait for the approval of another; ``rejected``: with those
    that it leaves out as people said."""
    project = with_approvals(project, doors)
    return laid_on(bare_plan(project, doors.settings, rows), what_a_plan_is(project, doors, waiting, rejected))


def what_a_plan_is(project: Project, doors: Doors, waiting: bool, rejected: bool) -> tuple[Overlay, ...]:
    """From what the job asks for to what a run makes, and what it costs."""
    settings = doors.settings
    choices = ChoiceOverlays(
        project, doors, said_in(project, doors), shown=lambda plan: as_preferred(project, plan, doors)
    )
    return (
        choices.in_quality,
        choices.on_branches,
        choices.as_approved,
        choices.finalised,
        *(() if rejected else (choices.without_rejected,)),
        lambda plan: without_existing(plan, project, doors),
        *(() if waiting else (without_waiting,)),
        lambda plan: plan.with_stored(stored(doors.journal, doors.store, [task.key for task in plan.pictures])),
        lambda plan: quoted_for(plan, settings.lane, settings.deadline),
        lambda plan: with_retries_told(plan, project, doors),
    )


def said_in(project: Project, doors: Doors) -> Callable[[PlannedSheet], str]:
    """What the sheets of a plan say (see `said_by`): asked of those alone that somebody decided about."""
    files = PlacedFiles(project, doors.store, SheetWords(project))

    def says(sheet: PlannedSheet) -> str:
        try:
            layers = files.words.of(sheet)
            placed = {name: files.place(name) for name in files_named(layers.values())}
        except (InputError, UnusablePicture):
            return ""  # it cannot be made, which is told where it is
        return said_by(project.brand_digest, project.drawn_by(sheet.drawn_by).digest_with(layers), layers, placed)

    return says


def before_paying(project: Project, doors: Doors, files: PlacedFiles) -> tuple[Overlay, ...]:
    """What is looked at before anything is made or paid: each adds findings, and a row that cannot be made wants no
    pictures any more."""
    return (
        lambda plan: plan.with_findings([*destinations_told(project), *links_told(project)]),
        files.marked,
        lambda plan: with_stale(plan, project),
        lambda plan: with_doubts(plan, doors.journal, doors.settings.retry_unknown),
        lambda plan: with_request_findings(
            plan, doors.store, doors.clock().date(),
            capped=doors.settings.max_cost is not None or project.job.budget is not None,
        ),
    )  # fmt: skip


def laid_on(plan: Plan, overlays: Iterable[Overlay]) -> Plan:
    """The plan behind all of these."""
    for overlay in overlays:
        plan = overlay(plan)
    return plan
