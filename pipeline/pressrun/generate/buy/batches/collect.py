"""Collecting a batch: its rows fetched, pictures kept, and all of it booked in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from pressrun.generate.buy.batches.parcels import Parcel
from pressrun.generate.buy.batches.patience import Patience
from pressrun.generate.buy.delivery import receive
from pressrun.model.answer import Answer
from pressrun.model.batch import BatchDesk, BatchStatus
from pressrun.model.journal import Money, Result, Settlement
from pressrun.model.paid_provider import PaidProvider
from pressrun.model.store import Store

MOST_FETCHES = 4  # of result files, before they are left for the next run


@dataclass(slots=True)
class Collected:
    """What became of a batch's rows, by picture; ``notes`` are things worth saying of pictures that came.

    ``charged_usd`` is what was booked, a charge of unknown height at its quote.
    """

    answers: dict[str, Answer] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)
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
        for key in parcel.attempts.keys() - collected.answers.keys():
            collected.answers[key] = _unanswered(status)
        settlements = []
        for key, answer in collected.answers.items():
            attempt = parcel.attempts[key]
            if answer.booking is None:
                continue  # it stays open: unknown, perhaps charged, once the batch is settled
            cost = answer.cost_usd if answer.booking == "charged" else Decimal(0)
            result = collected.results.get(key)
            settlements.append(Settlement(attempt.id, answer.booking, cost, answer.usage, result=result))
            if answer.booking == "charged":
                collected.charged_usd += (attempt.quoted_usd or Decimal(0)) if cost is None else cost
        self._journal.end_batch(parcel.id, "settled", settlements)
        return collected

    def _fetched(self, parcel: Parcel, status: BatchStatus) -> Collected:
        collected = Collected()
        if status.phase == "failed":
            return collected
        for key, answer in self._desk.rows(status, parcel.request_of, self._scratch):
            collected.answers[key] = self._received(parcel, key, answer, collected)
        return collected

    def _received(self, parcel: Parcel, key: str, answer: Answer, collected: Collected) -> Answer:
        request = parcel.request_of(key)
        assert request is not None
        got = receive(key, self._provider, request, answer, self._store)
        if got.made is not None:
            collected.results[key] = got.made.result()
            collected.notes[key] = got.notes
        return got.answer


def _unanswered(status: BatchStatus) -> Answer:
    """What it means that a row is in no result file."""
    if status.phase == "completed":
        hint = "ask for it again, and perhaps pay twice, with --retry-unknown"
        return Answer("lost", None, "the batch was completed, and has no answer to its row", hint)
    why = {"failed": status.message or "the batch was not taken", "expired": "the batch expired before its turn came"}
    return Answer("again", "not_charged", why.get(status.phase, "the batch was cancelled before its turn came"))
