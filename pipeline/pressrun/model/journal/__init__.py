"""What a store remembers: five small journals, and the whole of them that a run keeps. A worker sees `Results` alone.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, Protocol

from pressrun.model.authored import Authored
from pressrun.model.errors import PressrunError
from pressrun.model.journal.branches import Branches
from pressrun.model.journal.decisions import Decision, Decisions, Verdict
from pressrun.model.journal.lineage import Descent, Lineage
from pressrun.model.journal.money import (
    ENDED,
    Attempt,
    Batch,
    Limit,
    Money,
    OverLimit,
    Quote,
    RunEntry,
    Settlement,
    Spending,
    Standing,
    State,
)
from pressrun.model.journal.results import FILE, PICTURE, RETOUCHED, DamagedRow, Result, Results, to_json

__all__ = [
    "ENDED",
    "FILE",
    "PICTURE",
    "RETOUCHED",
    "Attempt",
    "Batch",
    "Branches",
    "DamagedRow",
    "Decision",
    "Decisions",
    "Descent",
    "Journal",
    "JournalError",
    "JournalOptions",
    "Limit",
    "Lineage",
    "Money",
    "OverLimit",
    "Quote",
    "Result",
    "Results",
    "RunEntry",
    "Settlement",
    "Spending",
    "Standing",
    "State",
    "Verdict",
    "to_json",
]


class JournalError(PressrunError):
    """The journal cannot be opened, read or written; what was committed is still in it."""

    exit_code = 2


class Journal(Results, Money, Decisions, Lineage, Branches, Protocol):
    """The whole journal; safe for several threads, and for several processes at once. All of it raises `JournalError`
    when what it is kept in cannot be used."""

    def fingerprint(self) -> str | None:
        """A digest of what was decided, paid and derived, by which a later run of the same files may come out another
        way. None where that depends on others still: a call that was perhaps charged, a batch under way."""
        ...


class JournalOptions(Authored):
    """What the environment says of a journal. An address with one of ``SCHEMES`` names it, as its ``url``."""

    SCHEMES: ClassVar[tuple[str, ...]] = ()

    type: str

    def opener(self, folder: Path) -> Callable[[], Journal]:
        """What opens the journal, and makes it where there is none, also in another process that it is sent to.
        ``folder`` is where the campaign keeps what has no other place."""
        raise NotImplementedError

    def reader(self, folder: Path) -> Callable[[], Journal]:
        """What opens the journal to look at it alone: nothing is written, also where nothing may be, and what is asked
        of it to be kept is forgotten when it is closed."""
        raise NotImplementedError

    def stamp(self, folder: Path) -> object:
        """Another value than before, if something was written since; None where looking costs as much as reading."""
        return None

    def is_there(self, folder: Path) -> bool:
        """Whether there is one to be opened; looking makes none."""
        raise NotImplementedError
