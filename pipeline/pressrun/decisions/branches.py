"""From the pictures that are planned to those that stand for them: forks, masters retouched by hand, branches."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pressrun.model.finding import Finding, Severity
from pressrun.model.job import Prompt
from pressrun.model.journal import Journal
from pressrun.model.plan import PictureTask, PlannedSheet, SlotUse
from pressrun.readers.suggestion import did_you_mean

FORK, ADOPTED = "fork", "adopt"  # kinds of descent
TRUNK = "trunk"  # the branch that every picture has: as it was made first, or retouched by hand


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another master of the same slot, row and take, by its key."""

    key: str
    prompt: Prompt
    stage: tuple[float, float] | None


class Branching:
    """The branches of a journal, and the one that is asked for (``wanted``, or empty: what was chosen, picture by
    picture)."""

    def __init__(self, journal: Journal, wanted: str = "") -> None:
        self.wanted = wanted
        self.branches, self.choices = journal.branches(), journal.choices()
        self._journal = journal
        self.lent = 0  # placements that show the branch in the shape of another master
        self.without: set[str] = set()  # pictures that do not have the branch asked for

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
            replace(planned, slots=tuple(self._on(use, name) for use in planned.slots)) for name in dict.fromkeys(names)
        ]

    def _on(self, use: SlotUse, name: str) -> SlotUse:
        heads = self.branches.get(use.key, {})
        return replace(use, key=heads.get(name) or heads.get(TRUNK, use.key))

    def unknown(self) -> Finding | None:
        """The error of a branch that no picture of the campaign has."""
        known = {name for names in self.branches.values() for name in names} | {TRUNK}
        if not self.wanted or self.wanted in known:
            return None
        hint = did_you_mean(self.wanted, sorted(known), "branches")
        return Finding(Severity.ERROR, "unknown-branch", f"no picture has a branch '{self.wanted}'", hint=hint)

    def notes(self) -> list[Finding]:
        """What is worth knowing of the branch that was asked for."""
        found = []
        if self.lent:
            message = f"{self.lent} placements show the branch '{self.wanted}' in the shape of another master"
            hint = f"fork their own master with --name {self.wanted}"
            found.append(Finding(Severity.NOTE, "branch-of-other-master", message, hint=hint))
        if self.without:
            message = f"{len(self.without)} pictures have no branch '{self.wanted}' and are taken as they are"
            found.append(Finding(Severity.NOTE, "not-on-branch", message))
        return found

    def followed(self, sheet: PlannedSheet, siblings: Callable[[SlotUse], Sequence[Sibling]]) -> PlannedSheet:
        """The sheet with the pictures that stand for its own. A placement whose master is not on the branch asked for
        takes that of the likest master which is: a new layout shows the branch without paying for it."""
        slots = tuple(self._use(use, siblings) for use in sheet.slots)
        return sheet if slots == sheet.slots else replace(sheet, slots=slots)

    def _use(self, use: SlotUse, siblings: Callable[[SlotUse], Sequence[Sibling]]) -> SlotUse:
        if self.wanted in ("", TRUNK) or self.wanted in self.branches.get(use.key, {}):
            return replace(use, key=self.effective(use.key))
        there = [one for one in siblings(use) if self.wanted in self.branches.get(one.key, {})]
        if not there:
            self.without.add(use.key)
            return replace(use, key=self.effective(use.key))
        self.lent += 1
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
        descents = self._journal.parents(head)
        message = f"the picture of {task.slot}/{task.master} on the branch '{name}' is no longer in the store"
        hint = f"take the branch away: pressrun adopt {root[:12]} --undo"
        if descents and descents[0].kind == FORK:
            one = descents[0]
            hint = f'make it again: pressrun fork {one.parent[:12]} "{one.instruction}" --name {name}'
        return Finding(Severity.ERROR, "lost-picture", message, hint=hint, row=task.row)


def instructions(key: str, journal: Journal) -> list[str]:
    """What was said, from the trunk on, to come to this picture by forks."""
    said: list[str] = []
    while descents := journal.parents(key):
        one = descents[0]
        key = one.parent
        if one.kind == FORK:
            said.insert(0, one.instruction)
    return said


def _proportion(size: tuple[int, int]) -> float:
    return size[0] / size[1]
