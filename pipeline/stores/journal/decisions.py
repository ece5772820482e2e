"""What people decided about pictures and files: later runs obey the latest word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, cast

from pipeline.stores.journal.database import Database

Verdict = Literal["approve", "reject"]


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict about `subject` (the key of a picture or of a file), by whom, and why."""

    subject: str
    verdict: Verdict
    who: str = ""
    reason: str = ""


class Decisions(Database):
    """The table of decisions; nothing is ever removed from it."""

    def decide(self, decisions: Iterable[Decision]) -> None:
        """Keep decisions, all or none."""
        with self._transaction() as connection:
            connection.executemany(
                "INSERT INTO decisions (subject, verdict, who, reason) VALUES (?, ?, ?, ?)",
                [(one.subject, one.verdict, one.who, one.reason) for one in decisions],
            )

    def decisions(self) -> dict[str, Decision]:
        """The latest decision about each subject."""
        return {decision.subject: decision for decision in self.decision_history()}

    def decision_history(self) -> list[Decision]:
        """Every decision, oldest first."""
        rows = self._query("SELECT subject, verdict, who, reason FROM decisions ORDER BY id")
        return [Decision(*cast(tuple[str, Verdict, str, str], row)) for row in rows]
