"""What people's decisions come to for the sheets at hand: the latest word about what a sheet, or its pictures, show."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from pressrun.model.journal import Decision, Journal, Verdict

if TYPE_CHECKING:
    from pressrun.model.plan import PlannedSheet

REJECTED = "rejected"  # the code of the note that says how many sheets are left out
ABOUT_DECISIONS = frozenset((REJECTED, "not-approved", "decision-outdated"))  # codes of notes
FINAL = "final"  # the kind of descent from a draft to its final
UNSHOWN = "unshown"  # what a sheet says where a decision is about a picture that it was had with, and does not show


def sheet_subject(job: str, row: str, layout: str, take: int) -> str:
    """What a decision about a sheet is filed under: all formats of it together."""
    return json.dumps([job, row, layout, take], ensure_ascii=False)


def takes_decided(subjects: Iterable[str], job: str, row: str) -> list[int]:
    """The takes of a row whose sheets are among subjects."""
    begin = json.dumps([job, row], ensure_ascii=False)[:-1] + ","
    return sorted({int(json.loads(one)[3]) for one in subjects if one.startswith(begin)})


def sheet_content(digests: Iterable[str], says: str = "") -> str:
    """What a sheet shows: the SHA-256 of its pictures' own, in whatever order they are on it, and behind a full stop
    what it ``says`` (see :func:`pressrun.run.sheets.said_by`); without that where it is not known, as in records of
    earlier versions."""
    pictures = hashlib.sha256("\0".join(sorted(set(digests))).encode()).hexdigest()
    return f"{pictures}.{says}" if says else pictures


def unshown_content(digest: str) -> str:
    """What a decision is bound to that was made with one about a sheet: a picture that others go by, and that nobody
    sees on that sheet."""
    return sheet_content([digest], UNSHOWN)


def decisions_on(
    subject: str, content: str, unshown: Iterable[str], verdict: Verdict, who: str, reason: str, at: str
) -> Iterator[Decision]:  # fmt: skip
    """What is written where somebody says this of a sheet or a picture; ``unshown`` are the contents of the pictures
    that a sheet was had with, and does not show. Who approves it approves these, and who rejects it, or takes back what
    was said, takes that back."""
    yield Decision(subject, verdict, who, reason, content, at)
    for one in unshown:
        yield Decision(subject, verdict if verdict == "approve" else "withdraw", who, reason, one, at)


def is_same_content(one: str, other: str) -> bool:
    """Whether two contents are the same, as far as both are known."""
    (pictures, _, says), (others, _, said) = one.partition("."), other.partition(".")
    return pictures == others and (says == said or not (says and said))


class StandingDecision(Struct, frozen=True):
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
        self._standing: dict[tuple[str, str], dict[str, StandingDecision]] = {}  # by subject, pictures; what is said
        self._spoken_of: Counter[str] = Counter()  # subjects, by how many words on them stand
        self.heard = 0
        for decision in journal.decision_history():
            self.hear(decision)
        self._drafts = journal.parents_by(FINAL) if self else {}
        drafts = journal.lookup(self._drafts[key] for key in digests if key in self._drafts)
        self._digests = {**{key: result.digest for key, result in drafts.items()}, **digests}

    def __bool__(self) -> bool:
        return any(self._standing.values())

    def hear(self, decision: Decision) -> None:
        """Take in the next decision of the journal. One that knows what the sheet says stands in place of an earlier
        one about the same pictures that did not."""
        pictures, _, says = decision.content.partition(".")
        words = self._standing.setdefault((decision.subject, pictures), {})
        self._spoken_of[decision.subject] -= len(words)
        for one in (says, "") if says != UNSHOWN else (says,):
            words.pop(one, None)
        if decision.verdict != "withdraw":
            words[says] = StandingDecision(self.heard, decision)
        self._spoken_of[decision.subject] += len(words)
        self.heard += 1

    def everything(self) -> list[StandingDecision]:
        """All that stands, in the order it was decided."""
        words = (word for said in self._standing.values() for word in said.values())
        return sorted(words, key=lambda word: word.order)

    def of_sheet(self, sheet: PlannedSheet, says: str | None) -> StandingDecision | None:
        """The latest word on a sheet itself or on its pictures: one rejected picture is enough, approved are all. The
        word on a sheet holds as long as it ``says`` the same; with None, as long as it shows the same pictures.

        A final goes by what was said of its draft until something is said of itself.
        """
        shown = [use.key for use in sheet.slots if use.shown]
        unshown = [use.key for use in sheet.slots if not use.shown]
        return self.of_shown(self._subject(sheet), shown, says, unshown)

    def of_shown(
        self, subject: str, keys: Sequence[str], says: str | None, unshown: Sequence[str] = ()
    ) -> StandingDecision | None:  # fmt: skip
        """The same for a sheet that is there, by its subject and the keys of the pictures that it shows. Earlier
        versions bound a decision to those that it was had with, too."""
        drafts = [self._drafts.get(key, key) for key in keys]
        found = self._of(subject, keys, says) or self._of(subject, drafts, says)
        return found or (self._own(subject, [*keys, *unshown], says) if unshown else None)

    def of_sheet_alone(self, sheet: PlannedSheet, says: str) -> StandingDecision | None:
        """The word on a sheet that is about nothing but it, as it is now; of a final, that on its draft, too."""
        shown = [use.key for use in sheet.slots if use.shown]
        drafts = [self._drafts.get(key, key) for key in shown]
        every = [use.key for use in sheet.slots]
        said = (self._own(self._subject(sheet), keys, says) for keys in (shown, drafts, every))
        return next((word for word in said if word), None)

    def of_unshown(self, sheet: PlannedSheet, key: str) -> StandingDecision | None:
        """The word on a picture that a sheet was had with, and does not show."""
        subject, digest = self._subject(sheet), self._digests.get(key)
        word = self.about(subject, unshown_content(digest)) if digest else None
        return word or self._own(subject, [use.key for use in sheet.slots], None)

    def is_about(self, sheet: PlannedSheet) -> bool:
        """Whether anything was said of the sheet itself, whatever it showed."""
        return self.is_about_any((self._subject(sheet),))

    def is_about_any(self, subjects: Iterable[str]) -> bool:
        """Whether a word on any of these subjects stands, whatever it showed."""
        return any(self._spoken_of[subject] for subject in subjects)

    def is_outdated(self, sheet: PlannedSheet, says: str) -> bool:
        """Whether there is a word on the sheet, but not as it is now."""
        about = (self._subject(sheet), *(use.key for use in sheet.slots))
        return self.of_sheet(sheet, says) is None and self.is_about_any(about)

    def _subject(self, sheet: PlannedSheet) -> str:
        return sheet_subject(self._job, sheet.row.id, sheet.layout, sheet.take)

    def of_picture(self, key: str) -> StandingDecision | None:
        """The word on a picture, as long as its bytes are those that were looked at."""
        return self.about(key, self._digests.get(key, ""))

    def about(self, subject: str, content: str) -> StandingDecision | None:
        """The word on a subject as long as it shows this."""
        pictures, _, says = content.partition(".")
        return self._standing.get((subject, pictures), {}).get(says)

    def _of(self, subject: str, keys: Sequence[str], says: str | None) -> StandingDecision | None:
        own = self._own(subject, keys, says)
        said = [self.of_picture(key) for key in keys]
        words = [word for word in said if word]
        rejections = [word for word in words if not word.is_approval]
        of_pictures: Sequence[StandingDecision] = rejections or (words if len(words) == len(keys) else [])
        return max((*([own] if own else []), *of_pictures), key=lambda word: word.order, default=None)

    def _own(self, subject: str, keys: Sequence[str], says: str | None) -> StandingDecision | None:
        """The word on a sheet with these pictures that is about nothing but it."""
        digests = [self._digests.get(key) for key in keys]
        if None in digests:
            return None
        known = self._standing.get((subject, sheet_content(digest for digest in digests if digest)), {})
        holding = [word for said, word in known.items() if said in (says, "") or (says is None and said != UNSHOWN)]
        return max(holding, key=lambda word: word.order, default=None)
