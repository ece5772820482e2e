"""What people decided about pictures and sheets: later runs obey the latest word about what they saw."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from pressrun.model.journal import Decision, Decisions, Verdict
from pressrun.stores.tables.database import Database


class DecisionTable(Database, Decisions):
    """The table of decisions; nothing is ever removed from it."""

    def decide(self, decisions: Iterable[Decision]) -> None:
        """Keep decisions, all or none."""
        with self._transaction() as connection:
            connection.executemany(
                "INSERT INTO decisions (subject, verdict, who, reason, content, at) VALUES (?, ?, ?, ?, ?, ?)",
                [(one.subject, one.verdict, one.who, one.reason, one.content, one.at) for one in decisions],
            )

    def decisions(self) -> dict[str, Decision]:
        """The latest decision about each subject, whatever it showed."""
        return {decision.subject: decision for decision in self.decision_history()}

    def decision_history(self) -> list[Decision]:
        """Every decision, oldest first."""
        rows = self._query(
            "SELECT subject, verdict, who, reason, content, at FROM decisions"
            f" WHERE {self.sound['decisions'].condition} ORDER BY id"
        )
        return [Decision(*cast(tuple[str, Verdict, str, str, str, str], row)) for row in rows]
