"""Money that is not settled: batches under way, and calls that were perhaps charged."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from pressrun.model.journal import ENDED, Attempt, Batch, Journal


class OpenBatch(Struct, frozen=True):
    """A batch whose pictures are not booked yet, and the attempts in it."""

    batch: Batch
    attempts: tuple[Attempt, ...]

    @property
    def quoted_usd(self) -> Decimal | None:
        """What it will cost at most; None where nobody knows."""
        return sum_of(self.attempts)


class Outstanding(Struct, frozen=True):
    """All that is not settled in a journal."""

    batches: tuple[OpenBatch, ...] = ()
    unknown: tuple[Attempt, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.batches or self.unknown)


def outstanding(journal: Journal | None) -> Outstanding:
    """What is not settled; calls that a living run still waits for are no business of anybody else."""
    if journal is None:
        return Outstanding()
    rows: dict[str, list[Attempt]] = {}
    unknown = []
    for attempt in journal.open_attempts():
        if attempt.batch:
            rows.setdefault(attempt.batch, []).append(attempt)
        elif attempt.standing == "unknown":
            unknown.append(attempt)
    batches = {batch.id: batch for batch in journal.batches()}
    ended = {name for name in rows if batches[name].state in ENDED}
    unknown += [attempt for name in ended for attempt in rows[name] if attempt.standing == "unknown"]
    return Outstanding(
        tuple(OpenBatch(batches[name], tuple(rows[name])) for name in sorted(rows.keys() - ended)),
        tuple(sorted(unknown, key=lambda attempt: attempt.id)),
    )


def sum_of(attempts: Sequence[Attempt]) -> Decimal | None:
    """What these attempts were quoted at, in dollars; None as soon as nobody knows of one."""
    quotes = [attempt.quoted_usd for attempt in attempts]
    return None if None in quotes else sum((quote for quote in quotes if quote is not None), Decimal(0))
