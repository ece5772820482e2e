"""What can be said of a job before money is spent: which masters it needs, and what is wrong with its prompts."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from pipeline.errors import InputError
from pipeline.model.finding import Severity
from pipeline.prompt_lint import lint_prompts
from pipeline.run import Prepared, closed_on_failure, open_job, plan_of
from pipeline.studio import Settings
from pipeline.suggest import Suggestion, served_now, suggest


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
        there = plan.in_store if provider.PAID else frozenset()
        paid = {(task.slot, task.master) for task in plan.pictures if task.key in there}
        samples = {task.slot: task.request for task in plan.pictures}
        prices: dict[tuple[str, tuple[int, int]], Decimal | None] = {}

        def quote(slot: str, size: tuple[int, int]) -> Decimal | None:
            if (slot, size) not in prices:
                sample = samples.get(slot)
                prices[slot, size] = provider.quote(replace(sample, size=size)) if sample else Decimal(0)
            return prices[slot, size]

        masters = Counter((task.slot, task.master) for task in plan.pictures)
        counts = {slot: max(n for (of, _), n in masters.items() if of == slot) for slot, _ in masters}
        aimed, least = (
            suggest(project.job, layouts, paid, provider.legal_size, quote, at_floor) for at_floor in (False, True)
        )
        now = served_now(project.job, layouts)
        return Suggestion(project.job_name, provider.type, aimed, least, now, counts)
