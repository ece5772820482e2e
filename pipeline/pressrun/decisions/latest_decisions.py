"""What people's decisions come to for the sheets at hand: the latest word about what a sheet, or its pictures, show."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pressrun.model.journal import Decision, Journal
from pressrun.model.plan import PlannedSheet

FINAL = "final"  # the kind of descent from a draft to its final


def sheet_subject(job: str, row: str, layout: str, take: int) -> str:
    """What a decision about a sheet is filed under: all formats of it together."""
    return json.dumps([job, row, layout, take], ensure_ascii=False)


def sheet_content(digests: Iterable[str]) -> str:
    """What a sheet shows: the SHA-256 of its pictures' own, in whatever order they are on it."""
    return hashlib.sha256("\0".join(sorted(set(digests))).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class StandingDecision:
    """A decision that stands; ``order`` counts from the first ever made, so that the later one is known."""

    order: int
    decision: Decision

    @property
    def is_approval(self) -> bool:
        return self.decision.verdict == "approve"


class Decisions:
    """The decisions that stand in a journal, for pictures whose content (``digests`` by key) is known; ``heard`` counts
    all that were ever made."""

    def __init__(self, journal: Journal, job: str, digests: Mapping[str, str]) -> None:
        self._job = job
        self._standing: dict[tuple[str, str], StandingDecision] = {}
        self.heard = 0
        for decision in journal.decision_history():
            self.hear(decision)
        self._subjects = {subject for subject, _ in self._standing}
        self._drafts = journal.parents_by(FINAL) if self._standing else {}
        drafts = journal.lookup(self._drafts[key] for key in digests if key in self._drafts)
        self._digests = {**{key: result.digest for key, result in drafts.items()}, **digests}

    def __bool__(self) -> bool:
        return bool(self._standing)

    def hear(self, decision: Decision) -> None:
        """Take in the next decision of the journal."""
        place = (decision.subject, decision.content)
        self._standing.pop(place, None)
        if decision.verdict != "withdraw":
            self._standing[place] = StandingDecision(self.heard, decision)
        self.heard += 1

    def everything(self) -> list[StandingDecision]:
        """All that stands, in the order it was decided."""
        return sorted(self._standing.values(), key=lambda word: word.order)

    def of_sheet(self, sheet: PlannedSheet) -> StandingDecision | None:
        """The latest word on a sheet itself or on its pictures: one rejected picture is enough, approved are all.

        A final goes by what was said of its draft until something is said of itself.
        """
        subject = sheet_subject(self._job, sheet.row.id, sheet.layout, sheet.take)
        return self.of_shown(subject, [use.key for use in sheet.slots])

    def of_shown(self, subject: str, keys: Sequence[str]) -> StandingDecision | None:
        """The same for a sheet that is there, by its subject and the keys of its pictures."""
        return self._of(subject, keys) or self._of(subject, [self._drafts.get(key, key) for key in keys])

    def is_outdated(self, sheet: PlannedSheet) -> bool:
        """Whether there is a word on the sheet, but on other pictures than it shows now."""
        subject = sheet_subject(self._job, sheet.row.id, sheet.layout, sheet.take)
        return self.of_sheet(sheet) is None and bool(self._subjects & {subject, *(use.key for use in sheet.slots)})

    def of_picture(self, key: str) -> StandingDecision | None:
        """The word on a picture, as long as its bytes are those that were looked at."""
        return self.about(key, self._digests.get(key, ""))

    def about(self, subject: str, content: str) -> StandingDecision | None:
        """The word on a subject as long as it shows this."""
        return self._standing.get((subject, content))

    def _of(self, subject: str, keys: Sequence[str]) -> StandingDecision | None:
        digests = [self._digests.get(key) for key in keys]
        own = None
        if None not in digests:
            own = self._standing.get((subject, sheet_content(digest for digest in digests if digest)))
        said = [self.of_picture(key) for key in keys]
        words = [word for word in said if word]
        rejections = [word for word in words if not word.is_approval]
        of_pictures: Sequence[StandingDecision] = rejections or (words if len(words) == len(keys) else [])
        return max((*([own] if own else []), *of_pictures), key=lambda word: word.order, default=None)
