"""What can be said of a job before money is spent: which masters it needs, and what is wrong with its prompts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from pressrun.model.errors import InputError
from pressrun.model.finding import Severity
from pressrun.model.job import Job
from pressrun.model.paid_provider import PaidProvider
from pressrun.model.plan import PictureTask, Plan
from pressrun.model.provider import ProviderOptions
from pressrun.model.settings import Settings
from pressrun.plan.prompt_lint import lint_prompts
from pressrun.plan.suggested_masters import Suggestion, served_by_library, served_now, suggest
from pressrun.providers.library import likest
from pressrun.run.job import Prepared, closed_on_failure, open_job, plan_of


def with_lint(prepared: Prepared) -> Prepared:
    """The same, with what the lint says of the prompts among the plan's findings."""
    plan = prepared.plan
    found = lint_prompts(prepared.project.brand, prepared.studio.provider, plan.pictures)
    return replace(prepared, plan=replace(plan, findings=(*plan.findings, *found)))


def suggest_masters(job_file: Path, settings: Settings) -> Suggestion:
    """Masters for the job's layouts, in sizes that its provider draws; the job's own may be illegal ones.

    Masters of which a picture is in the store stay as they are: nothing that is paid is asked for again. Raises
    InputError.
    """
    project, studio = open_job(job_file, settings)
    with closed_on_failure(studio), studio:
        plan, provider = plan_of(project, studio), studio.provider
        errors = [finding for finding in plan.findings if finding.severity is Severity.ERROR]
        if errors:
            raise InputError(errors)
        layouts = {name: loaded.layout for name, loaded in project.layouts.items()}
        job = _all_shot(project.job) if provider.type == "library" else project.job
        there = plan.in_store if provider.PAID else frozenset()
        paid = {(task.slot, task.master) for task in plan.pictures if task.key in there}
        samples = {task.slot: task.request for task in plan.pictures}
        prices: dict[tuple[str, tuple[int, int]], Decimal | None] = {}

        def quote(slot: str, size: tuple[int, int]) -> Decimal | None:
            if (slot, size) not in prices:
                sample = samples.get(slot)
                prices[slot, size] = provider.quote(replace(sample, size=size)) if sample else Decimal(0)
            return prices[slot, size]

        made = [task for task in plan.pictures if job.pictures[task.slot].source == "provider"]
        masters = Counter((task.slot, task.master) for task in made)
        counts = {slot: max(n for (of, _), n in masters.items() if of == slot) for slot, _ in masters}
        aimed, least = (suggest(job, layouts, paid, provider.legal_size, quote, at_floor) for at_floor in (False, True))
        missing = [task.quoted_usd for task in made if task.key not in plan.in_store]
        usd = None if None in missing else sum((price for price in missing if price is not None), Decimal(0))
        return Suggestion(
            project.job_name, provider.type, _model(provider, made), aimed, least, served_now(job, layouts), counts,
            len(missing), usd, served_by_library(job, layouts, _library_sizes(plan, job)),
        )  # fmt: skip


def _model(provider: ProviderOptions, tasks: Sequence[PictureTask]) -> str:
    """The model and the qualities it is asked for in, where there are such things."""
    if not isinstance(provider, PaidProvider) or not tasks:
        return ""
    asked = [provider.resolve(task.request) for task in tasks]
    return f"{asked[0].model}, {' and '.join(dict.fromkeys(one.quality for one in asked))} quality"


def _all_shot(job: Job) -> Job:
    """The job as it is with a library for its provider: its pictures exist."""
    pictures = {name: slot.model_copy(update={"source": "library"}) for name, slot in job.pictures.items()}
    return job.model_copy(update={"pictures": pictures})


def _library_sizes(plan: Plan, job: Job) -> dict[tuple[str, str], dict[str, tuple[int, int]]]:
    """Pixels of the library's pictures, each the one that its master takes: by slot and master, then by file."""
    found: dict[tuple[str, str], dict[str, tuple[int, int]]] = {}
    for task in plan.pictures:
        if job.pictures[task.slot].source == "library" and task.request.references:
            picture, size = likest(task.request, lambda one: Path(one.path))
            found.setdefault((task.slot, task.master), {})[picture.name] = size
    return found
