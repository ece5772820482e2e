"""One call for a picture, or for several takes of one: written down, made, its pictures kept, and booked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

from msgspec import Struct

from pressrun.generate.buy.breaker import kind_of
from pressrun.generate.buy.delivery import receive
from pressrun.generate.buy.order import Ended
from pressrun.generate.buy.uploads import Uploads
from pressrun.model.answer import Answer
from pressrun.model.batch import CallFailed
from pressrun.model.journal import Attempt, Journal, Limit, OverLimit, Quote
from pressrun.model.paid_provider import PaidClient, PaidProvider
from pressrun.model.picture import PictureRequest
from pressrun.model.plan import PictureTask
from pressrun.model.store import Store

FETCHED_AT_ONCE = 8


class Caller(Struct, frozen=True):
    """Makes calls for one run; ``make`` is called from many threads at once."""

    provider: PaidProvider
    client: PaidClient
    store: Store
    journal: Journal
    run: str
    limit: Limit | None = None
    uploads: Uploads | None = None

    def make(self, tasks: Sequence[PictureTask], held: Sequence[Decimal]) -> list[Ended]:
        """Ask for these pictures, which differ in nothing but their takes, and for each of which so much is set aside.
        Whatever ends the process, what is in the journal is what left the house. Raises JournalError, CannotWrite."""
        request = self.provider.resolve(tasks[0].request)
        quotes = [
            quote_of(task, self.provider, task.quoted_usd, self.run, held=aside)
            for task, aside in zip(tasks, held, strict=True)
        ]
        files = self._files(request)
        try:
            attempts = self.journal.begin_attempts(quotes, self.limit)
        except OverLimit:
            return [Ended(task, Answer("over_budget", "not_charged")) for task in tasks]
        # The first attempt's number names the call to the provider.
        answers = self.client.ask_takes(request, len(tasks), str(attempts[0]), self.store.read, files)
        ended, settlements = [], []
        for task, attempt, answer in zip(tasks, attempts, answers, strict=True):
            got = receive(task.key, self.provider, self.provider.resolve(task.request), answer, self.store)
            ended.append(Ended(task, got.answer, got.made, got.notes))
            settlements.append(got.settled(attempt))
        self.journal.finish_attempts([one for one in settlements if one is not None])
        return ended

    def _files(self, request: PictureRequest) -> dict[str, str]:
        """What lies at the provider; what could not be uploaded goes along with the call."""
        try:
            return self.uploads.of(request) if self.uploads else {}
        except CallFailed:
            return {}

    def fetch(self, task: PictureTask, attempt: Attempt) -> Ended:
        """Fetch a picture that was paid before, and lay where nobody was allowed, or able, to fetch it."""
        request = self.provider.resolve(task.request)
        answer = self.client.fetch(request, str(attempt.address), attempt.cost_usd)
        got = receive(task.key, self.provider, request, answer, self.store)
        if got.made is not None:
            self.journal.deliver(attempt.id, got.made.result())
        return Ended(task, got.answer, got.made, got.notes)


def fetched(lying: Sequence[tuple[Caller, PictureTask, Attempt]]) -> Iterator[Ended]:
    """Fetch pictures that lie at addresses, several at once."""
    if lying:
        with ThreadPoolExecutor(FETCHED_AT_ONCE) as pool:
            yield from pool.map(lambda one: one[0].fetch(*one[1:]), lying)


def quote_of(
    task: PictureTask, provider: PaidProvider, usd: Decimal | None, run: str, batch: str | None = None,
    held: Decimal | None = None, lane: str = "direct",
) -> Quote:  # fmt: skip
    """What is written down of a picture before it is asked for: what its answer is judged by, and what it is like."""
    request = provider.resolve(task.request)
    width, height = request.size
    detail = {
        "slot": task.slot, "master": task.master, "row": task.row, "size": f"{width}x{height}", "take": request.take,
        "background": request.background, "masked": request.mask is not None, "kind": kind_of(provider, request),
        "lane": lane, **({"credit": dict(request.credit)} if request.credit else {}),
    }  # fmt: skip
    return Quote(task.key, provider.type, request.model, usd, detail, run, batch, held)
