"""From the pictures that are planned to those that stand for them: forks, masters retouched by hand, branches."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from pressrun.model.finding import Finding, Severity
from pressrun.model.journal import Journal
from pressrun.readers.suggestion import did_you_mean

if TYPE_CHECKING:
    from pressrun.model.job import Prompt
    from pressrun.model.plan import PictureTask, Plan, PlannedSheet, SlotUse

FORK, ADOPTED = "fork", "adopt"  # kinds of descent
EDIT = "edit"  # the job itself has a picture as an edit of another: it is a trunk of its own
TRUNK = "trunk"  # the branch that every picture has: as it was made first, or retouched by hand


class Sibling(Struct, frozen=True):
    """Another master of the same slot, row and take, by its key."""

    key: str
    prompt: Prompt
    stage: tuple[float, float] | None


class OnBranch(Struct, frozen=True):
    """A sheet with the pictures that stand for its own. ``lent`` counts placements that show the branch asked for in
    the shape of another master, ``without`` are pictures that do not have it."""

    sheet: PlannedSheet
    lent: int = 0
    without: tuple[str, ...] = ()


class Branching:
    """The branches of a journal, and the one that is asked for (``wanted``, or empty: what was chosen, picture by
    picture)."""

    def __init__(self, journal: Journal, wanted: str = "") -> None:
        self.wanted = wanted
        self.branches, self.choices = journal.branches(), journal.choices()
        self._journal = journal

    def __bool__(self) -> bool:
        return bool(self.branches or self.wanted)

    def effective(self, key: str) -> str:
        """The picture that stands for a planned one."""
        names = self.branches.get(key, {})
        for name in (self.wanted, self.choices.get(key, ""), TRUNK):
            if name in names:
                return names[name]
            if name == TRUNK == self.wanted:
                break
        return key

    def heads_wanted(self) -> set[str]:
        """The pictures at the end of the branch that is asked for."""
        return {names[self.wanted] for names in self.branches.values() if self.wanted in names}

    def on_each_branch(self, planned: PlannedSheet) -> list[PlannedSheet]:
        """A sheet as it is on each branch that one of its pictures has, the trunk first."""
        names = [TRUNK, *(name for use in planned.slots for name in self.branches.get(use.key, {}))]
        return [
            replace(planned, slots=tuple(self._use_on_branch(use, name) for use in planned.slots))
            for name in dict.fromkeys(names)
        ]

    def _use_on_branch(self, use: SlotUse, name: str) -> SlotUse:
        heads = self.branches.get(use.key, {})
        return replace(use, key=heads.get(name) or heads.get(TRUNK, use.key))

    def unknown(self) -> Finding | None:
        """The error of a branch that no picture of the campaign has."""
        known = {name for names in self.branches.values() for name in names} | {TRUNK}
        if not self.wanted or self.wanted in known:
            return None
        hint = did_you_mean(self.wanted, sorted(known), "branches")
        return Finding(Severity.ERROR, "unknown-branch", f"no picture has a branch '{self.wanted}'", hint=hint)

    def notes(self, sheets: Iterable[OnBranch], followed: Collection[str] = ()) -> list[Finding]:
        """What is worth knowing of the branch that was asked for; ``followed`` are pictures that are on it for all
        that can be seen here."""
        sheets, found = list(sheets), []
        lent = sum(one.lent for one in sheets)
        without = {key for one in sheets for key in one.without}.difference(followed)
        if lent:
            message = f"{lent} placements show the branch '{self.wanted}' in the shape of another master"
            hint = f"fork their own master with --name {self.wanted}"
            found.append(Finding(Severity.NOTE, "branch-of-other-master", message, hint=hint))
        if without:
            message = f"{len(without)} pictures have no branch '{self.wanted}' and are taken as they are"
            found.append(Finding(Severity.NOTE, "not-on-branch", message))
        return found

    def followed(self, sheet: PlannedSheet, siblings: Callable[[SlotUse], Sequence[Sibling]]) -> OnBranch:
        """The sheet with the pictures that stand for its own. A placement whose master is not on the branch asked for
        takes that of the likest master which is: a new layout shows the branch without paying for it."""
        slots, lent, without = [], 0, []
        for use in sheet.slots:
            on_it = self.wanted in ("", TRUNK) or self.wanted in self.branches.get(use.key, {})
            there = [] if on_it else [one for one in siblings(use) if self.wanted in self.branches.get(one.key, {})]
            if there:
                lent += 1
                slots.append(self._lent(use, there))
                continue
            if not on_it:
                without.append(use.key)
            slots.append(replace(use, key=self.effective(use.key)))
        return OnBranch(replace(sheet, slots=tuple(slots)), lent, tuple(without))

    def _lent(self, use: SlotUse, there: Sequence[Sibling]) -> SlotUse:
        wide = _proportion(use.size)
        likest = min(there, key=lambda one: abs(math.log(_proportion(one.prompt.request.size) / wide)))
        size = likest.prompt.request.size
        head = self.branches[likest.key][self.wanted]
        return replace(use, key=head, master=likest.prompt.master, size=size, stage=likest.stage)

    def standing_in(self, task: PictureTask, head: str) -> PictureTask:
        """The task of a picture that stands for a planned one: it is there already, and costs nothing."""
        prompt = "\n\n".join((task.request.prompt, *instructions(head, self._journal)))
        return replace(task, key=head, request=replace(task.request, prompt=prompt, mask=None), quoted_usd=Decimal(0))

    def lost(self, task: PictureTask, head: str) -> Finding:
        """The error of a branch whose picture is gone from the store: nothing else may stand for it unasked."""
        standing = self._journal.branch_of(head)
        root, name = standing or (task.key, TRUNK)
        descents = [one for one in self._journal.parents(head) if one.kind != EDIT]
        message = f"the picture of {task.slot}/{task.master} on the branch '{name}' is no longer in the store"
        hint = f"take the branch away: pressrun adopt {root[:12]} --undo"
        if descents and descents[0].kind == FORK:
            one = descents[0]
            hint = f'make it again: pressrun fork {one.parent[:12]} "{one.instruction}" --name {name}'
        return Finding(Severity.ERROR, "lost-picture", message, hint=hint, row=task.row)


def with_standing(plan: Plan, stands: Iterable[tuple[str, str, str]], journal: Journal) -> Plan:
    """The plan with pictures that are there, each by its slot, master and key, in the place of those that its sheets
    would show: what somebody looks at may be of a run from before its prompt was changed."""
    heads = {(slot, master): key for slot, master, key in stands}
    if not heads:
        return plan
    tasks, branching = {task.key: task for task in (*plan.planned, *plan.pictures)}, Branching(journal)
    standing: dict[str, PictureTask] = {}
    sheets = []
    for sheet in plan.sheets:
        slots = tuple(replace(use, key=heads.get((use.slot, use.master), use.key)) for use in sheet.slots)
        for planned, use in zip(sheet.planned, slots, strict=True):
            if use.key not in tasks:
                standing[use.key] = branching.standing_in(tasks[planned.key], use.key)
        sheets.append(replace(sheet, slots=slots))
    return plan.with_sheets(sheets, standing.values()).with_stored({*plan.in_store, *heads.values()})


def instructions(key: str, journal: Journal) -> list[str]:
    """What was said, from the trunk on, to come to this picture by forks."""
    said: list[str] = []
    while descents := [one for one in journal.parents(key) if one.kind != EDIT]:
        one = descents[0]
        key = one.parent
        if one.kind == FORK:
            said.insert(0, one.instruction)
    return said


def _proportion(size: tuple[int, int]) -> float:
    return size[0] / size[1]
