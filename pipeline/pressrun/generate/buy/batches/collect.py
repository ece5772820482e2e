"""Collecting a batch: its rows fetched, pictures kept, and all of it booked in one transaction."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from msgspec import Struct, field

from pressrun.generate.buy.batches.parcels import Parcel
from pressrun.generate.buy.batches.patience import Patience
from pressrun.generate.buy.delivery import Delivery, receive
from pressrun.model.answer import Answer
from pressrun.model.batch import BatchDesk, BatchStatus
from pressrun.model.journal import Money
from pressrun.model.paid_provider import PaidProvider
from pressrun.model.store import Store

MOST_FETCHES = 4  # of result files, before they are left for the next run


class Collected(Struct):
    """What became of a batch's rows, by picture. ``charged_usd`` is what was booked, a charge of unknown height at its
    quote."""

    rows: dict[str, Delivery] = field(default_factory=dict)
    charged_usd: Decimal = Decimal(0)


class Collector:
    """Collects batches of one provider into one store."""

    def __init__(
        self, desk: BatchDesk, provider: PaidProvider, store: Store, journal: Money, patience: Patience,
        scratch: Path | None,
    ) -> None:  # fmt: skip
        self._desk, self._provider, self._store = desk, provider, store
        self._journal, self._patience, self._scratch = journal, patience, scratch

    def collect(self, parcel: Parcel, status: BatchStatus) -> Collected:
        """Fetch, keep and book a batch that ended. Raises CallFailed where its results cannot be fetched: nothing is
        booked then, and it can be collected another time.

        Pictures are in the store before anything is booked; what is booked is booked once, however often it is
        fetched.
        """
        collected = self._patience.tried(lambda: self._fetched(parcel, status), MOST_FETCHES)
        for key in parcel.attempts.keys() - collected.rows.keys():
            collected.rows[key] = Delivery(_unanswered(status))
        settlements = []
        for key, row in collected.rows.items():
            attempt = parcel.attempts[key]
            settled = row.settled(attempt.id)
            if settled is None:
                continue  # it stays open: unknown, perhaps charged, once the batch is settled
            settlements.append(settled)
            if settled.state == "charged":
                cost = row.answer.cost_usd
                collected.charged_usd += (attempt.quoted_usd or Decimal(0)) if cost is None else cost
        self._journal.end_batch(parcel.id, "settled", settlements)
        return collected

    def _fetched(self, parcel: Parcel, status: BatchStatus) -> Collected:
        collected = Collected()
        if status.phase == "failed":
            return collected
        for key, answer in self._desk.rows(status, parcel.request_of, self._scratch):
            request = parcel.request_of(key)
            assert request is not None
            key = parcel.named(key)
            collected.rows[key] = receive(key, self._provider, request, answer, self._store)
        return collected


def _unanswered(status: BatchStatus) -> Answer:
    """What it means that a row is in no result file."""
    if status.phase == "completed":
        hint = "ask for it again, and perhaps pay twice, with --retry-unknown"
        return Answer("lost", None, "the batch was completed, and has no answer to its row", hint)
    why = {"failed": status.message or "the batch was not taken", "expired": "the batch expired before its turn came"}
    return Answer("again", "not_charged", why.get(status.phase, "the batch was cancelled before its turn came"))
