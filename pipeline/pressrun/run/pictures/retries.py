"""Another take of pictures that are not as the brand asks: within the same budget, kept all, the best of them shown."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from pressrun.doors import Doors
from pressrun.generate.buy.terms import Terms
from pressrun.model.conformance import RETRY_CODES, Retry
from pressrun.model.finding import Finding, Severity
from pressrun.model.journal import Result
from pressrun.model.picture import PictureHad, PicturesHad
from pressrun.model.plan import PictureTask, Plan, SlotUse
from pressrun.model.progress import Progress
from pressrun.model.project import Project
from pressrun.model.sound_results import stored
from pressrun.run.pictures.conformance import Measured, compared, measured
from pressrun.run.pictures.masters import have_pictures, in_slots
from pressrun.run.slot_steps import SlotSteps
from pressrun.run.worker import kit as worker

if TYPE_CHECKING:
    from pressrun.run.dry.copy_grounds import Rooms

PREFERRED = "preferred"  # the kind of result that says which take of a picture is shown
SETTLED = "settled"  # the kind of result that says that a picture is had, and other takes were bought as far as asked
BUY_AGAIN = "--retry-settled"


class Conformed(Struct, frozen=True):
    """A plan with the takes that are shown, the pictures, and what was measured of each (None: nothing is asked)."""

    plan: Plan
    had: PicturesHad
    measured: tuple[Measured, ...] | None = None


def have_conforming(
    project: Project, plan: Plan, doors: Doors, kit: worker.Kit, progress: Progress, terms: Terms,
    words_on: Callable[[Mapping[str, PictureHad]], Rooms],
) -> Conformed:  # fmt: skip
    """Have every picture, as `have_pictures` has it, and where a slot says `retry` another take in place of what fails:
    the attempt of each is in the journal before its call, and its key is that of the take, so that nothing is paid for
    twice. Paid pictures of a run that is stopped get none. One that was right once, or was tried as often as asked, is
    settled: whatever changes about it later, its words above all, nothing is bought for that unless somebody says so.
    """
    steps = SlotSteps.of(project, doors.store)
    had = have_pictures(plan, doors, kit, steps, progress, terms)
    asked = project.conformance
    if asked is None:
        return Conformed(plan, had)
    shown = [task for task in in_slots(plan) if task.key in had.pictures and task.slot in project.job.pictures]
    rooms = dict(words_on(had.pictures)) if asked.calm is not None else {}
    every = measured(project, asked, shown, had.pictures, doors, kit, rooms)
    tries = {_place(one): [one] for one in every}
    settled = set() if doors.settings.retry_settled else _settled(project, every, doors)
    most = max((slot.retry.takes for slot in project.job.pictures.values() if slot.retry), default=0)
    for number in range(1, most + 1):
        again = {} if had.stopped else _again(project, tries, number)
        owned = stored(doors.journal, doors.store, [task.key for place, task in again.items() if place in settled])
        again = {place: task for place, task in again.items() if place not in settled or task.key in owned}
        if not again:
            break
        more = have_pictures(_planned(plan, again), doors, kit, steps, progress, terms)
        had = _with(had, more)
        takes = [task for task in again.values() if task.key in more.pictures]
        rooms |= {(task.slot, task.key): rooms.get(place, ()) for place, task in again.items()}
        came = {_place(one): one for one in measured(project, asked, takes, more.pictures, doors, kit, rooms)}
        for place, task in again.items():
            if (one := came.get((task.slot, task.key))) is not None:
                tries[place].append(one)
    best = {place: max(each, key=lambda one: one.score) for place, each in tries.items()}
    doors.journal.record(_remembered(project, best))
    if not had.stopped:
        doors.journal.record(_done_with(project, tries))
    every = [replace(one, chosen=one is best[place]) for place, each in tries.items() for one in each]
    told = compared(every, asked)
    notes = [finding for one in told if one.chosen for finding in one.findings]
    notes += _told_of_retries(project, tries, best, settled)
    return Conformed(_showing(plan, best), replace(had, notes=(*had.notes, *notes)), tuple(told))


def as_preferred(project: Project, plan: Plan, doors: Doors) -> Plan:
    """The plan whose sheets show the takes that the last run preferred, as far as they are there: nothing is measured
    again, and none is made."""
    retried = {slot for slot, options in project.job.pictures.items() if options.retry}
    first = {_preferred_key(task.slot, task.key): task for task in in_slots(plan) if task.slot in retried}
    if not first:
        return plan
    moved: dict[tuple[str, str], PictureTask] = {}
    for key, result in doors.journal.lookup(first).items():
        task = first[key]
        request = replace(task.request, take=result.read(lambda said: int(said["take"])))
        chosen = replace(task, key=task.provider.key(request), request=request)
        if chosen.key != task.key:
            moved[task.slot, task.key] = chosen
    there = stored(doors.journal, doors.store, [task.key for task in moved.values()])
    return _with_takes(plan, {place: task for place, task in moved.items() if task.key in there})


def _remembered(project: Project, best: dict[tuple[str, str], Measured]) -> list[Result]:
    """Which take is shown of each picture that may be tried again, for who looks at its sheets before the next run."""
    return [
        Result.of(_preferred_key(*place), PREFERRED, one.digest, 0, {"take": one.task.request.take})
        for place, one in best.items()
        if project.job.pictures[place[0]].retry
    ]


def _preferred_key(slot: str, key: str) -> str:
    return hashlib.sha256(f"{PREFERRED}\0{slot}\0{key}".encode()).hexdigest()


def _place(one: Measured) -> tuple[str, str]:
    return one.task.slot, one.task.key


def _settled(project: Project, every: list[Measured], doors: Doors) -> set[tuple[str, str]]:
    """The places of pictures for which no other take is bought any more."""
    retried = [one for one in every if project.job.pictures[one.task.slot].retry and one.task.provider.PAID]
    keys = {_settled_key(project, one.task): _place(one) for one in retried}
    return {keys[key] for key in doors.journal.lookup(keys)} if keys else set()


def _done_with(project: Project, tries: Mapping[tuple[str, str], list[Measured]]) -> list[Result]:
    """Which paid pictures are settled now. One whose take did not come, or was not paid for, is not."""
    return [
        Result.of(_settled_key(project, each[0].task), SETTLED, each[-1].digest, 0)
        for (slot, _), each in tries.items()
        if (retry := project.job.pictures[slot].retry) and each[0].task.provider.PAID
        and (len(each) > retry.takes or not _missed_by_all(retry, each))
    ]  # fmt: skip


def _settled_key(project: Project, task: PictureTask) -> str:
    """Whoever asks for more takes, or for other measures, wants them bought."""
    retry, asked = project.job.pictures[task.slot].retry, project.conformance
    said = [one.model_dump(mode="json") if one else None for one in (retry, asked)]
    told = json.dumps([SETTLED, task.slot, task.key, *said], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def _missed_by_all(retry: Retry, each: list[Measured]) -> bool:
    """Whether none of the takes is right in what is tried again for."""
    codes = {code for word in retry.on for code in RETRY_CODES[word]}
    return not any(codes.isdisjoint(finding.code for finding in one.findings) for one in each)


def with_retries_told(plan: Plan, project: Project, doors: Doors) -> Plan:
    """The plan with what takes that are made by themselves could cost, which no sum of planned pictures has."""
    asked = [(task, slot.retry) for task in plan.pictures
             if task.provider.PAID and (slot := project.job.pictures.get(task.slot)) and slot.retry]  # fmt: skip
    keys = {_settled_key(project, task) for task, _ in asked}
    settled = doors.journal.lookup(keys) if keys and not doors.settings.retry_settled else {}
    again = [(task, retry.takes) for task, retry in asked if _settled_key(project, task) not in settled]
    if not again:
        return plan
    count, prices = sum(takes for _, takes in again), [(task.quoted_usd, takes) for task, takes in again]
    known = [price * takes for price, takes in prices if price is not None]
    sum_told = f"${sum(known):.2f} at the most" if len(known) == len(prices) else "a price that is not known"
    most = "1 more take" if count == 1 else f"up to {count} more takes"
    message = f"pictures that are not as the brand asks are tried again: {most}, for {sum_told}"
    hint = "the budget and --max-cost hold for them, too"
    return plan.with_findings([Finding(Severity.NOTE, "retries-may-cost", message, None, hint)])


def _again(
    project: Project, tries: dict[tuple[str, str], list[Measured]], number: int
) -> dict[tuple[str, str], PictureTask]:
    """The next take of each picture of which none is right, by the place that it would have."""
    tasks: dict[tuple[str, str], PictureTask] = {}
    for place, each in tries.items():
        first, slot = each[0].task, project.job.pictures[place[0]]
        if not slot.retry or number > slot.retry.takes or not first.provider.READS_PROMPT:
            continue
        if not _missed_by_all(slot.retry, each):
            continue
        take = max(slot.takes, first.request.take) + (first.request.take - 1) * slot.retry.takes + number
        request = replace(first.request, take=take)
        key = first.provider.key(request)
        tasks[place] = replace(first, key=key, request=request, quoted_usd=first.provider.quote(request))
    return tasks


def _planned(plan: Plan, again: dict[tuple[str, str], PictureTask]) -> Plan:
    pictures = tuple({task.key: task for task in again.values()}.values())
    uses = [SlotUse(task.slot, task.master, task.key, task.request.size, None) for task in again.values()]
    sheets = tuple(replace(plan.sheets[0], slots=(use,), planned=(use,)) for use in uses)
    return replace(plan, pictures=pictures, planned=pictures, sheets=sheets)


def _with(had: PicturesHad, more: PicturesHad) -> PicturesHad:
    """Both; another take that did not come is told, and the sheet has the one before it."""
    told = tuple(replace(finding, severity=Severity.WARNING) for finding in more.failed.values())
    return PicturesHad(
        {**had.pictures, **more.pictures}, had.failed, (*had.notes, *more.notes, *told),
        max(had.spent_usd, more.spent_usd), had.stopped or more.stopped,
    )  # fmt: skip


def _showing(plan: Plan, best: dict[tuple[str, str], Measured]) -> Plan:
    """The plan whose sheets show the best take of each."""
    return _with_takes(plan, {place: one.task for place, one in best.items() if one.task.key != place[1]})


def _with_takes(plan: Plan, moved: Mapping[tuple[str, str], PictureTask]) -> Plan:
    """The plan whose sheets show these takes, each in the place of a picture, by its slot and key."""
    if not moved:
        return plan
    keys = {place: task.key for place, task in moved.items()}
    sheets = [
        replace(
            sheet, slots=tuple(replace(use, key=keys.get((use.slot, use.key), use.key)) for use in sheet.slots)
        )
        for sheet in plan.sheets
    ]
    return plan.with_sheets(sheets, moved.values())


def _told_of_retries(
    project: Project, tries: dict[tuple[str, str], list[Measured]], best: dict[tuple[str, str], Measured],
    settled: set[tuple[str, str]],
) -> list[Finding]:  # fmt: skip
    """What was tried again: which take is shown, and where none is right, that somebody has to look."""
    found = []
    for place, each in tries.items():
        chosen, retry = best[place], project.job.pictures[place[0]].retry
        task = chosen.task
        if retry and place in settled and len(each) <= retry.takes and _missed_by_all(retry, each):
            message = f"the picture {task.slot}/{task.master} was right when it was bought, and is not right any more"
            hint = f"change the words or the layout back, or have other takes bought: run it with {BUY_AGAIN}"
            found.append(Finding(Severity.WARNING, "needs-review", message, None, hint, row=task.row))
            continue
        if len(each) == 1:
            continue
        scores = ", ".join(f"take {one.task.request.take}: {one.score:g}" for one in each)
        message = f"the picture {task.slot}/{task.master} was tried again ({scores}); take {task.request.take} is shown"
        if chosen.findings:
            message, hint = f"{message}, and is not right either", "look at its takes, and choose one or reject it"
            found.append(Finding(Severity.WARNING, "needs-review", message, None, hint, row=task.row))
        else:
            found.append(Finding(Severity.NOTE, "tried-again", message, row=task.row))
    return found
