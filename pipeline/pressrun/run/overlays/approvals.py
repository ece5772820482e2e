"""Which picture of a set is approved, so that the others can go by it; those that cannot yet are left out, and told."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from decimal import Decimal
from itertools import product

from msgspec.structs import replace

from pressrun.decisions.finals import FINAL_QUALITY, draft_qualities, reference_to
from pressrun.decisions.latest_decisions import FINAL, Decisions, takes_decided
from pressrun.decisions.overlay import ChoiceOverlays
from pressrun.doors import Doors
from pressrun.expand import expand_rows
from pressrun.generate.exact_product import product_kept
from pressrun.model.approved import FIRST, ApprovedPicture, until_approved
from pressrun.model.dollars import dollars
from pressrun.model.finding import Finding, Severity
from pressrun.model.job import Row
from pressrun.model.picture import PictureMade
from pressrun.model.plan import PictureTask, Plan, PlannedSheet
from pressrun.model.project import Project
from pressrun.model.settings import Settings
from pressrun.model.sound_results import stored
from pressrun.run.overlays.bare_plan import bare_plan
from pressrun.run.pictures.retries import as_preferred


def with_approvals(project: Project, doors: Doors) -> Project:
    """The project with what was approved of the pictures that others go by, where some do."""
    if project.approved or not any(project.job.goes_by(slot) for slot in project.job.pictures):
        return project
    return replace(project, approved=Approvals(project, doors))


class Approvals:
    """See `pressrun.model.approved.ApprovedPictures`. What is approved is the same however a run is called: in
    whatever quality and on whatever branch it was, the latest word counts. Where a draft was approved, that is what
    others go by, also once its final is there: they would have to be paid again."""

    def __init__(self, project: Project, doors: Doors) -> None:
        self._campaign = project.loaded or project  # fed rows go by those of the campaign
        self._project = replace(self._campaign, job=project.job, approved=self)
        self._doors = doors
        self._asked: set[tuple[str, str]] = set()
        self._of = functools.cache(self._approved)
        self._finals = functools.cache(lambda: self._doors.journal.parents_by(FINAL))

    @functools.cached_property
    def _rows(self) -> dict[str, Row]:
        return {row.id: row for row in expand_rows(self._campaign)}

    @functools.cached_property
    def _first(self) -> Row | None:
        return next((row for row in expand_rows(self._campaign) if row.fault is None), None)

    def row(self, named: str) -> Row | None:
        return self._first if named == FIRST else self._rows.get(named)

    def picture(self, slot: str, row: Row, master: str) -> ApprovedPicture | None:
        found = self._of(slot, row.id)
        return found.get(master) or next(iter(found.values()), None)

    def _approved(self, slot: str, row_id: str) -> dict[str, ApprovedPicture]:
        """By master, the picture that was approved last for a row."""
        if (slot, row_id) in self._asked:  # a picture that goes by itself, by way of others
            return {}
        self._asked.add((slot, row_id))
        row = self._first if self._first and self._first.id == row_id else self._rows[row_id]
        said = sorted(self._words(slot, row), key=lambda one: -one[0])
        found: dict[str, ApprovedPicture] = {}
        for _, task in said:
            if task.master not in found and (one := self._shown(task)):
                found[task.master] = one
        return found

    def _words(self, slot: str, row: Row) -> Iterator[tuple[int, PictureTask]]:
        """The approvals of a row's pictures of a slot, each with its place among all decisions."""
        tasks: dict[str, PictureTask] = {}
        ways: dict[tuple[str, int, tuple[tuple[str, bool], ...]], PlannedSheet] = {}
        # Takes that somebody asked for by hand, too, and which the job does not ask for by itself.
        decided = takes_decided(self._doors.journal.decisions(), self._project.job_name, row.id)
        for quality, take in product(draft_qualities(FINAL_QUALITY), (None, *decided)):
            settings = Settings(quality=quality, take=take)
            choices = ChoiceOverlays(self._project, self._doors, _nothing, settings)
            plan = choices.in_quality(bare_plan(self._project, settings, [row]))
            preferred = as_preferred(self._project, plan, self._doors)
            tasks |= {task.key: task for task in (*plan.pictures, *preferred.pictures)}
            for sheet in (*plan.sheets, *preferred.sheets):
                for way in choices.branching.on_each_branch(sheet):
                    ways.setdefault((way.layout, way.take, tuple((use.key, use.shown) for use in way.slots)), way)
                    for planned, use in zip(sheet.slots, way.slots, strict=True):
                        if use.key not in tasks:
                            tasks[use.key] = choices.branching.standing_in(tasks[planned.key], use.key)
        journal = self._doors.journal
        digests = {key: one.digest for key, one in journal.lookup(tasks).items()}
        words = Decisions(journal, self._project.job_name, digests)
        for way in ways.values():
            of_sheet = words.of_sheet(way, None)
            for use in way.slots:
                own = of_sheet if use.shown else words.of_unshown(way, use.key)
                word = own or words.of_picture(use.key)
                if use.slot == slot and word and word.is_approval:
                    yield word.order, replace(tasks[use.key], slot=slot, master=use.master)

    def _shown(self, task: PictureTask) -> ApprovedPicture | None:
        journal, store = self._doors.journal, self._doors.store
        made = stored(journal, store, [task.key]).get(task.key)
        if made is None:
            return None
        if draft := self._finals().get(task.key):
            made = stored(journal, store, [draft]).get(draft, made)
        made = product_kept(made, task.request, store, journal) if made.key == task.key else made
        return _approved(made)


def _nothing(sheet: PlannedSheet) -> str:
    """What a sheet says, where only its pictures are asked about."""
    return ""


def _approved(made: PictureMade) -> ApprovedPicture:
    return ApprovedPicture(made.key, reference_to(made), made.pixels.size)


def without_waiting(plan: Plan) -> Plan:
    """The plan without the sheets that show a picture which waits for the approval of another, and with what they
    wait for among its findings."""
    waits = {task.key: task for task in plan.pictures if task.waits_for}
    if not waits:
        return plan
    kept, counts = [], dict.fromkeys((task.waits_for for task in waits.values()), 0)
    for sheet in plan.sheets:
        waiting = {waits[use.key].waits_for for use in sheet.slots if use.key in waits}
        for one in waiting:
            counts[one] += 1
        if not waiting:
            kept.append(sheet)
    told = [_told(one, count, [task for task in waits.values() if task.waits_for == one])
            for one, count in counts.items()]  # fmt: skip
    plan = replace(plan.with_sheets(kept), waiting=tuple(waits.values())).with_findings(told)
    if kept:
        return plan
    message = f"there is nothing to make: everything waits for {', '.join(counts)}"
    hint = "run its row, look at it, and approve it: pressrun approve"
    return plan.with_findings([Finding(Severity.ERROR, "nothing-left", message, hint=hint)])


def _told(waits_for: str, sheets: int, tasks: list[PictureTask]) -> Finding:
    prices = [task.quoted_usd for task in tasks]
    price = None if None in prices else sum((one for one in prices if one is not None), Decimal(0))
    cost = "at a price nobody knows" if price is None else f"for about {dollars(price)}"
    counted = "1 sheet waits" if sheets == 1 else f"{sheets} sheets wait"
    pictures = "1 picture of theirs is" if len(tasks) == 1 else f"{len(tasks)} pictures of theirs are"
    message = f"{counted} {until_approved(waits_for)}; {pictures} made then, {cost}"
    hint = "run the job, look at it, approve it with pressrun approve, and run the job again"
    return Finding(Severity.WARNING, "waits-for-approval", message, hint=hint, subject=waits_for)
