"""Masters of a run: those in the store, those to be made, and what the retouching steps make of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest

from msgspec.structs import replace

from pressrun.doors import Doors
from pressrun.generate import PictureJob, make_picture
from pressrun.generate.buy import acquire
from pressrun.generate.buy.lanes import LaneChoice, choose
from pressrun.generate.buy.terms import Bought, Terms
from pressrun.generate.exact_product import product_kept, product_there
from pressrun.model.errors import PictureFailed, PressrunError
from pressrun.model.executor import trace_of
from pressrun.model.finding import Finding, Severity
from pressrun.model.paid_provider import PaidProvider
from pressrun.model.picture import PictureHad, PictureMade, PictureRetouched, PicturesHad
from pressrun.model.plan import PictureTask, Plan
from pressrun.model.progress import Progress
from pressrun.model.sound_results import make_room, stored, stored_as
from pressrun.model.step import BrandColors
from pressrun.readers.environment import read_environment
from pressrun.retouch import RetouchJob, retouch_picture
from pressrun.run.slot_steps import SlotSteps
from pressrun.run.worker import kit as worker

Finals = dict[str, dict[str, PictureMade | PictureRetouched]]  # by key and slot


def have_pictures(
    plan: Plan, doors: Doors, kit: worker.Kit, steps: SlotSteps, progress: Progress,
    terms: Terms | None = None,
) -> PicturesHad:  # fmt: skip
    """Have every picture of the plan: from the store, else made or bought on these terms."""
    there = stored(doors.journal, doors.store, [task.key for task in plan.pictures])
    missing = [task for task in plan.pictures if task.key not in there]
    terms = terms or Terms()
    make_room(doors.journal, doors.store, [task.key for task in missing])
    got = _make(missing, doors, kit, progress, terms) if missing else Bought()
    every, spoilt = _exact(plan.pictures, {**there, **got.made}, doors)
    finals, failed = _retouched(in_slots(plan), every, doors, kit, steps, progress)
    spoilt |= failed
    reused = {*there, *got.found}
    sound = {key: picture for key, picture in every.items() if key not in spoilt}
    pictures = {key: PictureHad(picture, finals.get(key, {}), key in reused) for key, picture in sound.items()}
    spent = doors.journal.spent(terms.run) if terms.run else Decimal(0)
    notes = (*got.notes, *_of_retouching(in_slots(plan), finals, steps))
    return PicturesHad(pictures, {**got.failed, **spoilt}, notes, spent + got.collected_usd, got.stopped)


def in_slots(plan: Plan) -> list[PictureTask]:
    """The pictures of a plan once for each slot that shows them: what two slots ask for alike is one picture, and their
    steps may differ."""
    tasks = {task.key: task for task in plan.pictures}
    shown = {(task.key, task.slot): task for task in plan.pictures}
    for use in plan.uses:
        if use.key in tasks and (use.key, use.slot) not in shown:
            shown[use.key, use.slot] = replace(tasks[use.key], slot=use.slot, master=use.master)
    return list(shown.values())


def pictures_there(plan: Plan, doors: Doors, steps: SlotSteps, colors: BrandColors) -> dict[str, PictureHad]:
    """The pictures of a plan that exist, each in the slots whose steps were done to it: nothing is made."""
    known = stored(doors.journal, doors.store, [task.key for task in plan.pictures])
    exact = ((task, known[task.key]) for task in plan.pictures if task.key in known)
    every = {task.key: product_there(made, task.request, doors.store, doors.journal) for task, made in exact}
    sound = {key: made for key, made in every.items() if made}
    jobs = [(task, steps.job_of(task, sound[task.key], colors)) for task in in_slots(plan) if task.key in sound]
    there = stored_as(PictureRetouched.of, doors.journal, doors.store, [job.key for _, job in jobs if job])
    finals: Finals = {key: {} for key in sound}
    for task, job in jobs:
        if job is None:
            finals[task.key][task.slot] = sound[task.key]
        elif job.key in there:
            finals[task.key][task.slot] = there[job.key]
    return {key: PictureHad(made, finals[key], True) for key, made in sound.items()}


def _make(tasks: list[PictureTask], doors: Doors, kit: worker.Kit, progress: Progress, terms: Terms) -> Bought:
    progress.begin("pictures", len(tasks))
    got = _drawn([task for task in tasks if not task.provider.PAID], doors, kit, progress)
    paid = [task for task in tasks if task.provider.PAID]
    if paid:
        got.add(_bought(paid, doors, progress, terms))
    return got


def _bought(tasks: list[PictureTask], doors: Doors, progress: Progress, terms: Terms) -> Bought:
    def lane_for(provider: PaidProvider, count: int) -> LaneChoice:
        choice = choose(doors.settings.lane, doors.settings.deadline, count, provider)
        if choice.why:
            progress.say(f"Pictures by {choice.lane} {'calls' if choice.lane == 'direct' else 'lane'}: {choice.why}.")
        return choice

    environment = read_environment(doors.root)
    return acquire(tasks, doors.store, doors.journal, terms, lane_for, environment, progress)


def _drawn(tasks: list[PictureTask], doors: Doors, kit: worker.Kit, progress: Progress) -> Bought:
    """Pictures that cost nothing: drawn here, or taken from the library."""
    got = Bought()
    by_key = {task.key: task for task in tasks}
    jobs = [PictureJob(task.key, task.provider, task.request) for task in tasks]
    for job, outcome in doors.in_workers(worker.open_bench, kit, jobs, make_picture, "pictures"):
        progress.step()
        if isinstance(outcome, PressrunError) and outcome.stops_the_run:
            raise outcome
        if isinstance(outcome, Exception):
            got.failed[job.key] = picture_finding(by_key[job.key], outcome)
            continue
        doors.journal.record([outcome.result()])
        got.made[job.key] = outcome
    return got


def picture_finding(task: PictureTask, error: Exception, done: str = "made") -> Finding:
    said, hint = (error.message, error.hint) if isinstance(error, PressrunError) else (str(error), None)
    message = f"the picture {task.slot}/{task.master} could not be {done}: {said}"
    return Finding(Severity.ERROR, "picture-failed", message, hint=hint, row=task.row, trace=trace_of(error))


def _exact(
    tasks: Sequence[PictureTask], every: dict[str, PictureMade], doors: Doors
) -> tuple[dict[str, PictureMade], dict[str, Finding]]:
    """The pictures, those that were asked for with a mask with the original's own pixels outside it."""
    exact, spoilt = dict(every), {}
    for task in tasks:
        if task.request.mask and task.key in every:
            try:
                exact[task.key] = product_kept(every[task.key], task.request, doors.store, doors.journal)
            except PressrunError as error:
                spoilt[task.key] = picture_finding(task, error, "kept exact")
                del exact[task.key]
    return exact, spoilt


def _retouched(
    tasks: Sequence[PictureTask], every: dict[str, PictureMade], doors: Doors, kit: worker.Kit,
    steps: SlotSteps, progress: Progress,
) -> tuple[Finals, dict[str, Finding]]:  # fmt: skip
    """What steps make of pictures, and the findings of those that they cannot be done to."""
    finals: Finals = {}
    spoilt: dict[str, Finding] = {}
    wanted: dict[str, list[PictureTask]] = {}
    jobs: dict[str, RetouchJob] = {}
    for task in tasks:
        if task.key not in every:
            continue
        job = steps.job_of(task, every[task.key], kit.brand_colors)
        if job is None:
            finals.setdefault(task.key, {})[task.slot] = every[task.key]
            continue
        wanted.setdefault(job.key, []).append(task)
        jobs[job.key] = job
    there = stored_as(PictureRetouched.of, doors.journal, doors.store, jobs)
    missing = [job for key, job in jobs.items() if key not in there]
    if missing:
        progress.begin("retouching", len(missing))
        for job, outcome in doors.in_workers(worker.open_bench, kit, missing, retouch_picture, "retouching"):
            progress.step()
            if isinstance(outcome, PressrunError) and outcome.stops_the_run:
                raise outcome
            if isinstance(outcome, Exception):
                number = outcome.step if isinstance(outcome, PictureFailed) else None
                for task in wanted[job.key]:
                    told = picture_finding(task, outcome, "retouched")
                    spoilt[task.key] = replace(told, place=steps.place_of(task.slot, number))
                continue
            doors.journal.record([outcome.result()])
            there[job.key] = outcome
    for key, owners in wanted.items():
        for owner in owners:
            if key in there:
                finals.setdefault(owner.key, {})[owner.slot] = there[key]
    return finals, spoilt


def _of_retouching(
    tasks: Sequence[PictureTask], finals: Mapping[str, Mapping[str, PictureMade | PictureRetouched]], steps: SlotSteps
) -> Iterator[Finding]:  # fmt: skip
    """What steps found, of each picture that they made once."""
    told: set[str] = set()
    for task in tasks:
        final = finals.get(task.key, {}).get(task.slot)
        if isinstance(final, PictureRetouched) and final.key not in told:
            told.add(final.key)
            for finding, number in zip_longest(final.findings, final.found_by):
                message = f"the picture {task.slot}/{task.master}: {finding.message}"
                yield replace(finding, message=message, place=steps.place_of(task.slot, number), row=task.row)
