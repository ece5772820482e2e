"""Masters of a run: those in the store, those to be made, and what the retouching steps make of them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from pressrun.generate import PictureJob, make_picture
from pressrun.generate.buy import acquire
from pressrun.generate.buy.lanes import LaneChoice, choose
from pressrun.generate.buy.terms import Bought, Terms
from pressrun.generate.exact_product import product_kept
from pressrun.model.errors import PressrunError
from pressrun.model.executor import trace_of
from pressrun.model.finding import Finding, Severity
from pressrun.model.paid_provider import PaidProvider
from pressrun.model.picture import PictureHad, PictureMade, PictureRetouched, PicturesHad
from pressrun.model.plan import PictureTask, Plan
from pressrun.model.progress import Progress
from pressrun.model.stored import make_room, stored, stored_as
from pressrun.readers.environment import read_environment
from pressrun.retouch import RetouchJob, retouch_key, retouch_picture
from pressrun.run import bench as worker
from pressrun.studio import Studio


def have_pictures(
    plan: Plan, studio: Studio, kit: worker.Kit, steps: dict[str, tuple[Any, ...]], progress: Progress,
    terms: Terms | None = None,
) -> PicturesHad:  # fmt: skip
    """Have every picture of the plan: from the store, else made or bought on these terms. ``steps`` by slot."""
    there = stored(studio.journal, studio.store, [task.key for task in plan.pictures])
    missing = [task for task in plan.pictures if task.key not in there]
    terms = terms or Terms()
    make_room(studio.journal, studio.store, [task.key for task in missing])
    got = _make(missing, studio, kit, progress, terms) if missing else Bought()
    every, spoilt = _exact(plan.pictures, {**there, **got.made}, studio)
    finals, failed = _retouched(plan.pictures, every, studio, kit, steps, progress)
    spoilt |= failed
    reused = {*there, *got.found}
    pictures = {key: PictureHad(picture, finals[key], key in reused) for key, picture in every.items() if key in finals}
    spent = studio.journal.spent(terms.run) if terms.run else Decimal(0)
    return PicturesHad(pictures, {**got.failed, **spoilt}, tuple(got.notes), spent + got.collected_usd, got.stopped)


def _make(tasks: list[PictureTask], studio: Studio, kit: worker.Kit, progress: Progress, terms: Terms) -> Bought:
    progress.begin("pictures", len(tasks))
    got = _drawn([task for task in tasks if not task.provider.PAID], studio, kit, progress)
    paid = [task for task in tasks if task.provider.PAID]
    if paid:
        got.add(_bought(paid, studio, progress, terms))
    return got


def _bought(tasks: list[PictureTask], studio: Studio, progress: Progress, terms: Terms) -> Bought:
    def lane_for(provider: PaidProvider, count: int) -> LaneChoice:
        choice = choose(studio.settings.lane, studio.settings.deadline, count, provider)
        if choice.why:
            progress.say(f"Pictures by {choice.lane} {'calls' if choice.lane == 'direct' else 'lane'}: {choice.why}.")
        return choice

    environment = read_environment(studio.root)
    return acquire(tasks, studio.store, studio.journal, terms, lane_for, environment, progress)


def _drawn(tasks: list[PictureTask], studio: Studio, kit: worker.Kit, progress: Progress) -> Bought:
    """Pictures that cost nothing: drawn here, or taken from the library."""
    got = Bought()
    by_key = {task.key: task for task in tasks}
    jobs = [PictureJob(task.key, task.provider, task.request) for task in tasks]
    for job, outcome in studio.in_workers(worker.open_bench, kit, jobs, make_picture, "pictures"):
        progress.step()
        if isinstance(outcome, PressrunError) and outcome.stops_the_run:
            raise outcome
        if isinstance(outcome, Exception):
            got.failed[job.key] = picture_finding(by_key[job.key], outcome)
            continue
        studio.journal.record([outcome.result()])
        got.made[job.key] = outcome
    return got


def picture_finding(task: PictureTask, error: Exception, done: str = "made") -> Finding:
    message = f"the picture {task.slot}/{task.master} could not be {done}: {error}"
    return Finding(Severity.ERROR, "picture-failed", message, row=task.row, trace=trace_of(error))


def _exact(
    tasks: Sequence[PictureTask], every: dict[str, PictureMade], studio: Studio
) -> tuple[dict[str, PictureMade], dict[str, Finding]]:
    """The pictures, those that were asked for with a mask with the original's own pixels outside it."""
    exact, spoilt = dict(every), {}
    for task in tasks:
        if task.request.mask and task.key in every:
            try:
                exact[task.key] = product_kept(every[task.key], task.request, studio.store, studio.journal)
            except PressrunError as error:
                spoilt[task.key] = picture_finding(task, error, "kept exact")
                del exact[task.key]
    return exact, spoilt


def _retouched(
    tasks: Sequence[PictureTask], every: dict[str, PictureMade], studio: Studio, kit: worker.Kit,
    steps: dict[str, tuple[Any, ...]], progress: Progress,
) -> tuple[dict[str, PictureMade | PictureRetouched], dict[str, Finding]]:  # fmt: skip
    finals: dict[str, PictureMade | PictureRetouched] = {}
    spoilt: dict[str, Finding] = {}
    tasks_by_key = {task.key: task for task in tasks}
    wanted: dict[str, list[str]] = {}
    jobs: dict[str, RetouchJob] = {}
    for task in tasks:
        if task.key not in every:
            continue
        if not steps.get(task.slot):
            finals[task.key] = every[task.key]
            continue
        digest = every[task.key].digest
        key = retouch_key(digest, steps[task.slot], kit.brand_colors)
        wanted.setdefault(key, []).append(task.key)
        jobs[key] = RetouchJob(key, digest, steps[task.slot])
    there = stored_as(PictureRetouched.of, studio.journal, studio.store, jobs)
    missing = [job for key, job in jobs.items() if key not in there]
    if missing:
        progress.begin("retouching", len(missing))
        for job, outcome in studio.in_workers(worker.open_bench, kit, missing, retouch_picture, "retouching"):
            progress.step()
            if isinstance(outcome, PressrunError) and outcome.stops_the_run:
                raise outcome
            if isinstance(outcome, Exception):
                for key in wanted[job.key]:
                    spoilt[key] = picture_finding(tasks_by_key[key], outcome, "retouched")
                continue
            studio.journal.record([outcome.result()])
            there[job.key] = outcome
    for key, owners in wanted.items():
        for owner in owners:
            if key in there:
                finals[owner] = there[key]
    return finals, spoilt
