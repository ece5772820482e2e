"""What people's choices make of a plan, overlay by overlay: branches are followed, drafts finalised, and what was
rejected is left out; the keys of files follow, since they are made from the pictures' bytes."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial

from msgspec import Struct, field
from msgspec.structs import replace

from pressrun.decisions.branches import ADOPTED, EDIT, Branching, OnBranch, Sibling
from pressrun.decisions.finals import FINAL_QUALITY, draft_qualities, final_request
from pressrun.decisions.latest_decisions import FINAL, Decisions
from pressrun.doors import Doors
from pressrun.expand import prompts_for
from pressrun.model.finding import Finding, Severity
from pressrun.model.job import Prompt
from pressrun.model.journal import Descent, Journal, Result
from pressrun.model.picture import PictureMade, PictureRequest
from pressrun.model.plan import PictureTask, Plan, PlannedSheet, SlotUse
from pressrun.model.project import Project
from pressrun.model.provider import ProviderOptions
from pressrun.model.settings import Settings
from pressrun.model.sound_results import stored


def remember_finals(plan: Plan, made: Collection[str], journal: Journal) -> None:
    """Write down which drafts the finals that are there come from."""
    for final, draft in plan.finals:
        if final in made:
            # A fork of a final can be the draft of that same final: then it is known already where both come from.
            with contextlib.suppress(ValueError):
                journal.descend([Descent(final, draft, FINAL)])


def remember_edits(pictures: Iterable[PictureTask], made: Collection[str], journal: Journal) -> None:
    """Write down which of the pictures that are there are edits of which approved ones, and what was changed."""
    of_job = [one for one in pictures if one.request.edit_of and one.key in made and one.key != one.request.edit_of]
    journal.descend([Descent(one.key, one.request.edit_of, EDIT, one.request.change) for one in of_job])


APPROVALS = "pressrun approve --list says which are"


class _Draft(Struct, frozen=True):
    """A sheet in one quality: as it was planned, as it stands on its branch, and tasks of the planned pictures."""

    of: PlannedSheet
    planned: PlannedSheet
    on_branch: PlannedSheet
    tasks: Mapping[str, PictureTask]
    is_final: bool


class _Finals(Struct):
    """Pictures of approved drafts in their final quality, and of which drafts they are, by key."""

    tasks: dict[str, PictureTask] = field(default_factory=dict)
    drafts: dict[str, str] = field(default_factory=dict)


def _as_planned(plan: Plan) -> Plan:
    return plan


class ChoiceOverlays:
    """The overlays that choices come to. What the journal says of branches is read once, when they are made; ``says``
    answers what a sheet says now; ``settings`` are those of the doors, where no others are given; ``shown`` gives a
    plan the takes that people saw, where one was tried again and another is shown."""

    def __init__(
        self, project: Project, doors: Doors, says: Callable[[PlannedSheet], str], settings: Settings | None = None,
        shown: Callable[[Plan], Plan] = _as_planned,
    ) -> None:  # fmt: skip
        self.project, self.journal, self.store = project, doors.journal, doors.store
        self.settings = settings or doors.settings
        self._says, self._shown = says, shown
        self.branching = Branching(doors.journal, self.settings.branch or project.job.branch)
        self.unknown_branch = self.branching.unknown()
        self._heads_wanted = self.branching.heads_wanted()
        self._keys: dict[tuple[str, PictureRequest], str] = {}
        self._standing: dict[tuple[str, str], PictureTask] = {}

    def in_quality(self, plan: Plan) -> Plan:
        """With the quality that is asked for in place of every picture's own."""
        quality = self.settings.quality
        if quality is None or self.settings.final:
            return plan
        tasks = {task.key: self._in_quality(task, quality) for task in plan.planned}
        sheets = [_renamed(sheet, tasks) for sheet in plan.sheets]
        return replace(plan, planned=tuple({task.key: task for task in tasks.values()}.values())).with_sheets(sheets)

    def on_branches(self, plan: Plan) -> Plan:
        """With the heads of branches in place of the pictures that are planned. A placement whose master is not on the
        branch asked for may show that of another. An error, where no picture has that branch."""
        if self.unknown_branch:
            return plan.with_findings([self.unknown_branch])
        if self.settings.final or not self.branching:
            return plan
        on_branch = [self._followed(sheet, self.settings.quality) for sheet in plan.sheets]
        return self._as_followed(plan, on_branch).with_findings(self.branching.notes(on_branch))

    def as_approved(self, plan: Plan) -> Plan:
        """Where only approved sheets are wanted: each that is not approved as it stands on the branch on which it is
        (the latest word where there are several). A branch asked for by name goes first."""
        if not self.settings.approved_only or self.settings.final or not self.branching.branches:
            return plan
        pairs = [(replace(sheet, slots=sheet.planned), sheet) for sheet in plan.sheets]
        words = self._decisions(self._stored(way for planned, sheet in pairs for way in self._ways(planned, sheet)))
        sheets = [self._approved_way(planned, sheet, words) for planned, sheet in pairs]
        tasks = {task.key: task for task in (*plan.planned, *plan.pictures)}
        return plan.with_sheets(sheets, self._standing_in([planned for planned, _ in pairs], sheets, tasks))

    def finalised(self, plan: Plan) -> Plan:
        """Where finals are wanted: the sheets that were approved as drafts, of whatever quality, with finals of their
        pictures."""
        if not self.settings.final or self.unknown_branch:
            return plan
        target = self.settings.quality or FINAL_QUALITY
        qualities = draft_qualities(target)
        tasks = [{task.key: self._in_quality(task, quality) for task in plan.planned} for quality in qualities]
        by_key = [{task.key: task for task in renamed.values()} for renamed in tasks]
        drafts = [
            [
                self._draft(sheet, renamed, known, quality, target)
                for quality, renamed, known in zip(qualities, tasks, by_key, strict=True)
            ]
            for sheet in plan.sheets
        ]
        every = [draft for of_sheet in drafts for draft in of_sheet]
        there = self._stored(way for draft in every for way in self._ways(draft.planned, draft.on_branch))
        words = self._decisions(there)
        adopted = self.journal.parents_by(ADOPTED)
        finals = _Finals()
        approved = [one for of_sheet in drafts if (one := self._approved_draft(of_sheet, words)) is not None]
        sheets = [self._final(*one, target, there, adopted, finals) for one in approved]
        unchanged = {way.of for _, way in approved if words.of_sheet(way, self._said_of(way, words))}
        made = plan.with_findings(self._lost(every, there)).with_sheets(sheets, finals.tasks.values())
        pairs = tuple((final, draft) for final, draft in finals.drafts.items() if final != draft)
        # A final that was retouched by hand, or forked, has branches of its own.
        on_branch = [self.branching.followed(sheet, _nobody) for sheet in made.sheets]
        followed = {final for final, draft in finals.drafts.items() if {final, draft} & self._heads_wanted}
        finished = {use.key for sheet in sheets for use in sheet.slots}
        made = self._as_followed(made, on_branch).with_findings(self.branching.notes(on_branch, followed))
        sheets = [
            replace(sheet, decision="approved")
            if sheet.of in unchanged and finished.issuperset(use.key for use in sheet.slots)
            else sheet
            for sheet in made.sheets
        ]
        notes = [
            *_counted_finding(len(plan.sheets) - len(sheets), "not-approved", "left out: not approved", APPROVALS),
            *_outdated(len(approved) - sum(way.of in unchanged for _, way in approved)),
        ]
        return _unless_empty(replace(made.with_sheets(sheets), finals=pairs), plan, notes)

    def without_rejected(self, plan: Plan) -> Plan:
        """Without the sheets that were rejected; where only approved ones are wanted, without the others."""
        approved_only = self.settings.approved_only and not self.settings.final
        words = self._decisions({})
        if self.unknown_branch or not (words or approved_only):
            return plan
        # What was said of a picture holds while its bytes are away: they are made again.
        seen = self._shown(plan).sheets
        found = self.journal.lookup(use.key for sheet in seen for use in sheet.slots)
        words = self._decisions(found)
        kept, rejected, unapproved, outdated = [], 0, 0, 0
        for sheet, as_seen in zip(plan.sheets, seen, strict=True):
            says = self._said_of(as_seen, words)
            word = words.of_sheet(as_seen, says)
            if word is not None and not word.is_approval:
                rejected += 1
                continue
            if word is None and not self.settings.final:
                outdated += words.is_outdated(as_seen, says)
                if approved_only:
                    unapproved += 1
                    continue
            kept.append(replace(sheet, decision="approved") if word else sheet)
        notes = [
            *_counted_finding(rejected, "rejected", "left out: rejected", None),
            *_counted_finding(unapproved, "not-approved", "left out: not approved", APPROVALS),
            *_outdated(outdated),
        ]
        return _unless_empty(plan.with_sheets(kept), plan, notes, bool(rejected and not unapproved))

    # qualities

    def _in_quality(self, task: PictureTask, quality: str | None) -> PictureTask:
        return task if quality is None else self._asked(task, replace(task.request, quality=quality))

    def _asked(self, task: PictureTask, request: PictureRequest) -> PictureTask:
        quoted_usd = task.provider.quote(request)
        return replace(task, key=self._key(task.provider, task.slot, request), request=request, quoted_usd=quoted_usd)

    def _key(self, provider: ProviderOptions, slot: str, request: PictureRequest) -> str:
        known = (slot, request)
        if known not in self._keys:
            self._keys[known] = provider.key(request)
        return self._keys[known]

    # branches

    def _followed(self, sheet: PlannedSheet, quality: str | None) -> OnBranch:
        return self.branching.followed(sheet, partial(self._siblings, sheet, quality))

    def _as_followed(self, plan: Plan, on_branch: Sequence[OnBranch]) -> Plan:
        sheets = [one.sheet for one in on_branch]
        tasks = {task.key: task for task in (*plan.planned, *plan.pictures)}
        standing = list(self._standing_in(plan.sheets, sheets, tasks))
        there = stored(self.journal, self.store, [task.key for task in standing])
        lost = [self.branching.lost(task, task.key) for task in standing if task.key not in there]
        return plan.with_sheets(sheets, standing).with_findings(lost)

    def _standing_in(
        self, before: Sequence[PlannedSheet], after: Sequence[PlannedSheet], tasks: Mapping[str, PictureTask]
    ) -> Iterator[PictureTask]:
        """Tasks for those pictures on the sheets after that have none yet; those before have."""
        known = set(tasks)
        for old, new in zip(before, after, strict=True):
            for planned, use in zip(old.slots, new.slots, strict=True):
                if use.key not in known:
                    known.add(use.key)
                    yield self._task(tasks, planned.key, use.key)

    def _task(self, tasks: Mapping[str, PictureTask], planned: str, key: str) -> PictureTask:
        """That of the picture itself, if it is planned, else of one that stands for a planned one."""
        if key in tasks:
            return tasks[key]
        if (planned, key) not in self._standing:
            self._standing[planned, key] = self.branching.standing_in(tasks[planned], key)
        return self._standing[planned, key]

    def _siblings(self, sheet: PlannedSheet, quality: str | None, use: SlotUse) -> Sequence[Sibling]:
        slot, provider = self.project.job.pictures[use.slot], self.project.job.provider_of(use.slot)
        take = self.settings.take or min(sheet.take, slot.takes)

        def fitting(prompt: Prompt) -> PictureRequest:
            request = replace(prompt.request, take=take)
            return request if quality is None else replace(request, quality=quality)

        return [
            Sibling(self._key(provider, use.slot, fitting(prompt)), prompt, slot.masters[prompt.master].written_stage)
            for prompt in prompts_for(self.project, sheet.row, {use.slot})
            if prompt.take in (take, 1)
        ]

    # what was said

    def _said_of(self, sheet: PlannedSheet, words: Decisions) -> str:
        """What the sheet says now; not worked out where it was never decided about."""
        return self._says(sheet) if words.is_about(sheet) else ""

    def _decisions(self, found: Mapping[str, PictureMade] | Mapping[str, Result]) -> Decisions:
        return Decisions(self.journal, self.project.job_name, {key: one.digest for key, one in found.items()})

    def _stored(self, sheets: Iterable[PlannedSheet]) -> dict[str, PictureMade]:
        return stored(self.journal, self.store, list({use.key for sheet in sheets for use in sheet.slots}))

    def _ways(self, planned: PlannedSheet, sheet: PlannedSheet) -> Iterator[PlannedSheet]:
        yield sheet
        yield from self.branching.on_each_branch(planned)

    def _approved_way(self, planned: PlannedSheet, sheet: PlannedSheet, words: Decisions) -> PlannedSheet:
        """A sheet as it stands if it is approved so, or on the branch that is asked for; else as it was approved last,
        if it was."""
        word = words.of_sheet(sheet, None)
        if (word and word.is_approval) or not self._heads_wanted.isdisjoint(use.key for use in sheet.slots):
            return sheet
        said = [(words.of_sheet(way, None), way) for way in self.branching.on_each_branch(planned)]
        approved = [(word.order, number) for number, (word, _) in enumerate(said) if word and word.is_approval]
        return said[max(approved)[1]][1] if approved else sheet

    # finals

    def _draft(
        self, sheet: PlannedSheet, renamed: Mapping[str, PictureTask], tasks: Mapping[str, PictureTask],
        quality: str | None, target: str,
    ) -> _Draft:  # fmt: skip
        planned = _renamed(sheet, renamed)
        return _Draft(sheet, planned, self._followed(planned, quality).sheet, tasks, quality == target)

    def _approved_draft(self, drafts: Sequence[_Draft], words: Decisions) -> tuple[_Draft, PlannedSheet] | None:
        """The first draft of a sheet whose pictures are approved, and the way in which they are: a final is made of
        them, whatever the sheet says by now."""
        for draft in drafts:
            sheet = self._approved_way(draft.planned, draft.on_branch, words)
            word = words.of_sheet(sheet, None)
            if word and word.is_approval:
                return draft, sheet
        return None

    def _final(
        self, draft: _Draft, sheet: PlannedSheet, target: str, there: Mapping[str, PictureMade],
        adopted: Collection[str], finals: _Finals,
    ) -> PlannedSheet:  # fmt: skip
        """A sheet that was approved as a draft with finals of its pictures, which are added to the ``finals``."""
        uses = []
        for planned, use in zip(draft.planned.slots, sheet.slots, strict=True):
            task, made = self._task(draft.tasks, planned.key, use.key), there.get(use.key)
            own, request = use.key in draft.tasks, None
            if not own:
                task = replace(task, provider=self.project.job.changed_by(use.slot))
            if made and use.key not in adopted:
                from_draft = self.settings.from_draft
                request = final_request(task.request, made, target, from_draft, own, draft.is_final, task.provider)
            if request is not None:
                task = self._asked(task, request)
                finals.drafts[task.key] = use.key
            finals.tasks.setdefault(task.key, task)
            uses.append(replace(use, key=task.key))
        return replace(draft.of, slots=tuple(uses))

    def _lost(self, drafts: Iterable[_Draft], there: Collection[str]) -> Iterator[Finding]:
        """Errors of the pictures on branches that are gone from the store, each once."""
        told: set[str] = set()
        for draft in drafts:
            for planned, use in zip(draft.planned.slots, draft.on_branch.slots, strict=True):
                if use.key not in draft.tasks and use.key not in there and use.key not in told:
                    told.add(use.key)
                    yield self.branching.lost(draft.tasks[planned.key], use.key)


def _renamed(sheet: PlannedSheet, tasks: Mapping[str, PictureTask]) -> PlannedSheet:
    slots = tuple(replace(use, key=tasks[use.key].key) for use in sheet.planned)
    return replace(sheet, slots=slots, planned=slots)


def _nobody(use: SlotUse) -> Sequence[Sibling]:
    return ()


def _unless_empty(plan: Plan, before: Plan, notes: Iterable[Finding], rejected: bool = False) -> Plan:
    """The plan with these notes, and with an error where nothing of it is left."""
    plan = plan.with_findings(notes)
    if plan.sheets or not before.sheets:
        return plan
    what = "everything is rejected" if rejected else "nothing of it is approved"
    hint = "pressrun approve --list says what was decided"
    return plan.with_findings(
        [Finding(Severity.ERROR, "nothing-left", f"there is nothing to make: {what}", hint=hint)]
    )


def _outdated(count: int) -> list[Finding]:
    what = "no longer as they were when somebody decided"
    return _counted_finding(count, "decision-outdated", what, "look at them again")


def _counted_finding(count: int, code: str, what: str, hint: str | None) -> list[Finding]:
    if not count:
        return []
    sheets = "1 sheet" if count == 1 else f"{count} sheets"
    return [Finding(Severity.NOTE, code, f"{sheets} {what}", hint=hint)]
