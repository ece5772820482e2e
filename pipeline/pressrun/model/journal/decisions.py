"""What people decided about pictures and sheets: later runs obey the latest word about what they saw."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, Protocol

from msgspec import Struct

Verdict = Literal["approve", "reject", "withdraw"]


class Decision(Struct, frozen=True):
    """A verdict about `subject` (a picture's key, or what names a sheet) as long as it shows `content` (the SHA-256 of
    what was looked at): by whom, why, and when (ISO 8601, UTC). ``withdraw`` takes back what was decided before.
    """

    subject: str
    verdict: Verdict
    who: str = ""
    reason: str = ""
    content: str = ""
    at: str = ""


class Decisions(Protocol):
    """A log of decisions: nothing is ever removed from it."""

    def decide(self, decisions: Iterable[Decision]) -> None:
        """Keep decisions, all or none."""
        ...

    def decisions(self) -> dict[str, Decision]:
        """The latest decision about each subject, whatever it showed."""
        ...

    def decision_history(self) -> list[Decision]:
        """Every decision, oldest first."""
        ...
