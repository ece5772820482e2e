"""Between the plan and its pictures: the plan as people's choices leave it. Branches are followed, drafts finalised,
and what was rejected is left out; the keys of files follow, since they are made from the pictures' bytes."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from pressrun.decisions.branches import ADOPTED, Branching, Sibling
from pressrun.decisions.finals import FINAL_QUALITY, draft_qualities, final_request
from pressrun.decisions.latest_decisions import FINAL, Decisions
from pressrun.expand import prompts_for
from pressrun.generate import stored
from pressrun.model.finding import Finding, Severity
from pressrun.model.job import Prompt
from pressrun.model.journal import Descent, Journal
from pressrun.model.picture import PictureRequest
from pressrun.model.plan import PictureTask, Plan, PlannedSheet, SlotUse
from pressrun.model.project import Project
from pressrun.studio import Studio


def resolved(plan: Plan, project: Project, studio: Studio) -> Plan:
    """The plan with every picture that stands for a planned one, without what was rejected or, where only that is
    wanted, not approved. What is wrong with it is among its findings."""
    settings = studio.settings
    branching = Branching(studio.journal, settings.branch or project.job.branch)
    wrong = branching.unknown()
    if wrong:
        return replace(plan, findings=(*plan.findings, wrong))
    resolving = _Resolving(project, studio, branching)
    words = Decisions(studio.journal, project.job_name, {})
    if not (branching or words or settings.quality or settings.approved_only or settings.final):
        return plan
    if settings.final:
        plan = resolving.finalised(plan)
    else:
        asked = resolving.in_quality(plan, settings.quality)
        plan = resolving.on_branch(asked)
        if settings.approved_only:
            plan = resolving.as_approved(asked, plan)
    plan = replace(plan, findings=(*plan.findings, *branching.notes()))
    return resolving.obeyed(plan) if words or settings.approved_only or settings.final else plan


def remember_finals(plan: Plan, made: Collection[str], journal: Journal) -> None:
    """Write down which drafts the finals that are there come from."""
    for final, draft in plan.finals:
        if final in made:
            # A fork of a final can be the draft of that same final: then it is known already where both come from.
            with contextlib.suppress(ValueError):
                journal.descend([Descent(final, draft, FINAL)])


@dataclass(slots=True)
class _Resolving:
    project: Project
    studio: Studio
    branching: Branching
    keys: dict[PictureRequest, str] = field(default_factory=dict)
    quality: str | None = None
    left_out: int = 0  # sheets of which no approved draft was found
    finished: set[str] = field(default_factory=set)  # what was approved, in its final quality

    # qualities

    def in_quality(self, plan: Plan, quality: str | None) -> Plan:
        """The plan with this quality in place of every picture's own."""
        self.quality = quality
        if quality is None:
            return plan
        tasks = {task.key: self._asked(task, replace(task.request, quality=quality)) for task in plan.pictures}
        return self._with(plan, plan.sheets, {key: [task] for key, task in tasks.items()})

    def _asked(self, task: PictureTask, request: PictureRequest) -> PictureTask:
        provider = self.studio.provider
        return replace(task, key=self._key(request), request=request, quoted_usd=provider.quote(request))

    def _key(self, request: PictureRequest) -> str:
        if request not in self.keys:
            self.keys[request] = self.studio.provider.key(request)
        return self.keys[request]

    # branches

    def on_branch(self, plan: Plan, lending: bool = True) -> Plan:
        """The plan with the heads of branches in place of the pictures that are planned. ``lending``: a placement
        whose master is not on the branch asked for may show that of another."""
        branching = self.branching
        if not branching:
            return plan
        tasks = {task.key: task for task in plan.pictures}
        sheets = []
        standing: dict[str, PictureTask] = {}
        for sheet in plan.sheets:
            siblings = partial(self._siblings, sheet) if lending else _nobody
            followed = branching.followed(sheet, siblings)
            for before, after in zip(sheet.slots, followed.slots, strict=True):
                standing.setdefault(after.key, tasks[before.key])
            sheets.append(followed)
        heads = [key for key in standing if key not in tasks]
        there = stored(self.studio.journal, self.studio.store, heads)
        lost = tuple(branching.lost(standing[head], head) for head in heads if head not in there)
        made = {head: branching.standing_in(standing[head], head) for head in heads}
        plan = replace(plan, findings=(*plan.findings, *lost))
        return self._rebuilt(plan, sheets, {**tasks, **made})

    def as_approved(self, asked: Plan, plan: Plan) -> Plan:
        """The plan with every sheet that is not approved as it stands on the branch on which it is (the latest word
        where there are several). ``asked`` is the same plan before branches; a branch asked for by name goes first.
        """
        branching, journal = self.branching, self.studio.journal
        if not branching.branches:
            return plan
        tasks = {task.key: task for task in (*asked.pictures, *plan.pictures)}
        heads = {head: key for key in tasks for head in branching.branches.get(key, {}).values()}
        there = stored(journal, self.studio.store, [*tasks, *heads])
        wanted = branching.heads_wanted()
        words = Decisions(journal, self.project.job_name, {key: made.digest for key, made in there.items()})
        sheets = []
        for planned, sheet in zip(asked.sheets, plan.sheets, strict=True):
            word = words.of_sheet(sheet)
            if not (word and word.is_approval) and wanted.isdisjoint(use.key for use in sheet.slots):
                said = [(words.of_sheet(way), way) for way in branching.on_each_branch(planned)]
                approved = [(word.order, number) for number, (word, _) in enumerate(said) if word and word.is_approval]
                sheet = said[max(approved)[1]][1] if approved else sheet
            for use in sheet.slots:
                if use.key not in tasks:
                    tasks[use.key] = branching.standing_in(tasks[heads[use.key]], use.key)
            sheets.append(sheet)
        return self._rebuilt(plan, sheets, tasks)

    def _siblings(self, sheet: PlannedSheet, use: SlotUse) -> Sequence[Sibling]:
        slot = self.project.job.pictures[use.slot]
        take = self.studio.settings.take or min(sheet.take, slot.takes)
        return [
            Sibling(self._key(self._fitting(prompt, take)), prompt, slot.masters[prompt.master].written_stage)
            for prompt in prompts_for(self.project, sheet.row)
            if prompt.slot == use.slot and prompt.take in (take, 1)
        ]

    def _fitting(self, prompt: Prompt, take: int) -> PictureRequest:
        request = replace(prompt.request, take=take)
        return request if self.quality is None else replace(request, quality=self.quality)

    # finals

    def finalised(self, plan: Plan) -> Plan:
        """The sheets that were approved as drafts, of whatever quality, with finals of their pictures."""
        settings, journal = self.studio.settings, self.studio.journal
        target = settings.quality or FINAL_QUALITY
        adopted = journal.parents_by(ADOPTED)
        sheets: list[PlannedSheet | None] = [None] * len(plan.sheets)
        tasks: dict[str, PictureTask] = {}
        pairs: dict[str, str] = {}
        notes: list[Finding] = list(plan.findings)
        for quality in draft_qualities(target):
            self.branching.lent, self.branching.without = 0, set()
            asked = self.in_quality(plan, quality)
            drafts = self.as_approved(asked, self.on_branch(asked))
            found = stored(journal, self.studio.store, [task.key for task in drafts.pictures])
            words = Decisions(journal, self.project.job_name, {key: made.digest for key, made in found.items()})
            planned = {task.key for task in asked.pictures}
            by_key = {task.key: task for task in drafts.pictures}
            for number, sheet in enumerate(drafts.sheets):
                word = words.of_sheet(sheet)
                if sheets[number] or word is None or not word.is_approval:
                    continue
                uses = []
                for use in sheet.slots:
                    task, made = by_key[use.key], found.get(use.key)
                    request = None
                    if made and use.key not in adopted:
                        own = use.key in planned
                        request = final_request(
                            task.request, made, target, settings.from_draft, own, quality == target,
                            self.studio.provider.READS_REFERENCES,
                        )  # fmt: skip
                    if request is not None:
                        task = self._asked(task, request)
                        pairs[task.key] = use.key
                    tasks.setdefault(task.key, task)
                    uses.append(replace(use, key=task.key))
                sheets[number] = replace(sheet, slots=tuple(uses))
            notes += [one for one in drafts.findings if one not in notes]
        self.quality = target
        self.branching.lent, self.branching.without = 0, set()
        kept = [sheet for sheet in sheets if sheet is not None]
        self.left_out = len(sheets) - len(kept)
        plan = self._rebuilt(replace(plan, findings=tuple(notes)), kept, tasks)
        finals = tuple((final, draft) for final, draft in pairs.items() if final != draft)
        self.finished = {use.key for sheet in kept for use in sheet.slots}
        # A final that was retouched by hand, or forked, has branches of its own.
        plan = replace(self.on_branch(plan, lending=False), finals=finals)
        wanted = self.branching.heads_wanted()
        self.branching.without -= {final for final, draft in pairs.items() if {final, draft} & wanted}
        return plan

    # decisions

    def obeyed(self, plan: Plan) -> Plan:
        """The plan without the sheets that were rejected; where only approved ones are wanted, without the others."""
        settings = self.studio.settings
        found = self.studio.journal.lookup(task.key for task in plan.pictures)
        digests = {key: result.digest for key, result in found.items()}
        words = Decisions(self.studio.journal, self.project.job_name, digests)
        kept, rejected, unapproved, outdated = [], 0, self.left_out, 0
        for sheet in plan.sheets:
            word = words.of_sheet(sheet)
            if word is not None and not word.is_approval:
                rejected += 1
                continue
            if word is None and not settings.final:
                outdated += words.is_outdated(sheet)
                if settings.approved_only:
                    unapproved += 1
                    continue
            approved = word or (settings.final and self.finished.issuperset(use.key for use in sheet.slots))
            kept.append(replace(sheet, decision="approved" if approved else ""))
        notes = [
            *_counted_finding(rejected, "rejected", "left out: rejected", None),
            *_counted_finding(
                unapproved, "not-approved", "left out: not approved", "pressrun approve --list says which are"
            ),
            *_counted_finding(
                outdated, "decision-outdated", "no longer as they were when somebody decided", "look at them again"
            ),
        ]
        if not kept and (plan.sheets or self.left_out):
            what = "everything is rejected" if rejected and not unapproved else "nothing of it is approved"
            hint = "pressrun approve --list says what was decided"
            notes.append(Finding(Severity.ERROR, "nothing-left", f"there is nothing to make: {what}", hint=hint))
        tasks = {task.key: task for task in plan.pictures}
        return self._rebuilt(replace(plan, findings=(*plan.findings, *notes)), kept, tasks)

    # the plan again

    def _with(self, plan: Plan, sheets: Sequence[PlannedSheet], renamed: Mapping[str, list[PictureTask]]) -> Plan:
        changed = [
            replace(sheet, slots=tuple(replace(use, key=renamed[use.key][0].key) for use in sheet.slots))
            for sheet in sheets
        ]
        return self._rebuilt(plan, changed, {task.key: task for tasks in renamed.values() for task in tasks})

    def _rebuilt(self, plan: Plan, sheets: Sequence[PlannedSheet], tasks: Mapping[str, PictureTask]) -> Plan:
        uses: dict[str, int] = {}
        for sheet in sheets:
            for use in sheet.slots:
                uses[use.key] = uses.get(use.key, 0) + 1
        pictures = tuple(replace(tasks[key], uses=count) for key, count in uses.items())
        there = frozenset(stored(self.studio.journal, self.studio.store, list(uses)))
        return replace(plan, pictures=pictures, sheets=tuple(sheets), in_store=there)


def _nobody(use: SlotUse) -> Sequence[Sibling]:
    return ()


def _counted_finding(count: int, code: str, what: str, hint: str | None) -> list[Finding]:
    if not count:
        return []
    sheets = "1 sheet" if count == 1 else f"{count} sheets"
    return [Finding(Severity.NOTE, code, f"{sheets} {what}", hint=hint)]
