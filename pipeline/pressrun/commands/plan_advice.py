"""What can be said of a job before money is spent: which masters it needs, and what is wrong with its prompts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from pressrun.model.errors import InputError
from pressrun.model.finding import Severity
from pressrun.model.job import Job
from pressrun.model.paid_provider import PaidProvider
from pressrun.model.plan import PictureTask, Plan
from pressrun.model.settings import Settings
from pressrun.plan.prompt_lint import lint_prompts
from pressrun.plan.suggested_masters import Suggestion, files_placed, served_by_library, served_now, suggest
from pressrun.run.overlays.laid_on import plan_of
from pressrun.run.planned_job import closed_on_failure, open_job
from pressrun.run.prepared import Prepared


def with_lint(prepared: Prepared) -> Prepared:
    """The same, with what the lint says of the prompts among the plan's findings."""
    plan = prepared.plan
    found = lint_prompts(prepared.project.brand, plan.pictures)
    return replace(prepared, plan=replace(plan, findings=(*plan.findings, *found)))


def suggest_masters(job_file: Path, settings: Settings) -> Suggestion:
    """Masters for the job's layouts, in sizes that its provider draws; the job's own may be illegal ones.

    Masters of which a picture is in the store stay as they are: nothing that is paid is asked for again. Raises
    InputError.
    """
    project, doors = open_job(job_file, settings, reading=True)
    with closed_on_failure(doors), doors:
        plan, job = plan_of(project, doors, waiting=True), project.job
        taken = (task for task in plan.pictures if not task.provider.READS_PROMPT)
        faults = (fault for task in taken for fault in task.provider.faults(task.request, doors.store.read))
        errors = [finding for finding in (*plan.findings, *faults) if finding.severity is Severity.ERROR]
        if errors:
            raise InputError(errors)
        layouts = {name: loaded.layout for name, loaded in project.layouts.items()}
        paid = {(task.slot, task.master) for task in plan.pictures if task.provider.PAID and task.key in plan.in_store}
        samples = {task.slot: task.request for task in plan.pictures}
        prices: dict[tuple[str, tuple[int, int]], Decimal | None] = {}

        def quote(slot: str, size: tuple[int, int]) -> Decimal | None:
            if (slot, size) not in prices:
                sample = samples.get(slot)
                provider = job.provider_of(slot)
                prices[slot, size] = provider.quote(replace(sample, size=size)) if sample else Decimal(0)
            return prices[slot, size]

        def legal_size(slot: str, width: int, height: int) -> tuple[int, int]:
            return job.provider_of(slot).legal_size(width, height)

        made = [task for task in plan.pictures if job.provider_of(task.slot).READS_PROMPT]
        masters = Counter((task.slot, task.master) for task in made)
        counts = {slot: max(n for (of, _), n in masters.items() if of == slot) for slot, _ in masters}
        aimed, least = (suggest(job, layouts, paid, legal_size, quote, at_floor) for at_floor in (False, True))
        missing = [task.quoted_usd for task in made if task.key not in plan.in_store]
        usd = None if None in missing else sum((price for price in missing if price is not None), Decimal(0))
        makers = dict.fromkeys(job.kind_of(task.slot) for task in made) or (job.provider.type,)
        return Suggestion(
            project.job_name, " and ".join(makers), _models(made), aimed, least, served_now(job, layouts), counts,
            len(missing), usd, served_by_library(job, layouts, _library_sizes(plan, job)),
            files_placed(layouts),
        )  # fmt: skip


def _models(tasks: Sequence[PictureTask]) -> str:
    """The models and the qualities they are asked for in, where there are such things."""
    asked: dict[str, dict[str, None]] = {}
    for task in tasks:
        if isinstance(task.provider, PaidProvider):
            request = task.provider.resolve(task.request)
            asked.setdefault(request.model, {})[request.quality] = None
    return "; ".join(f"{model}, {' and '.join(qualities)} quality" for model, qualities in asked.items())


def _library_sizes(plan: Plan, job: Job) -> dict[tuple[str, str], dict[str, tuple[int, int]]]:
    """Pixels of the library's pictures, each the one that its master takes: by slot and master, then by file."""
    from pressrun.providers.library import likest

    found: dict[tuple[str, str], dict[str, tuple[int, int]]] = {}
    for task in plan.pictures:
        if not job.provider_of(task.slot).READS_PROMPT and task.request.references:
            picture, size = likest(task.request, lambda one: Path(one.path))
            found.setdefault((task.slot, task.master), {})[picture.name] = size
    return found
