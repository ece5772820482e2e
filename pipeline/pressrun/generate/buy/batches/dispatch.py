"""Handing batches in, and finding those that were handed in before: the one place where a batch can come to be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from functools import partial

from msgspec import Struct

from pressrun.generate.buy.batches.parcels import (
    BEGUN,
    SENDING,
    SUBMITTED,
    Line,
    Parcel,
    Shard,
    drop,
    lose,
    open_rows,
    shards,
    write_down,
)  # fmt: skip
from pressrun.generate.buy.batches.patience import FIRST_REST, MOST_TRIES, Patience, Rung, stop_if_told
from pressrun.generate.buy.lanes import lane_quote
from pressrun.generate.buy.order import Ended
from pressrun.generate.buy.terms import Terms
from pressrun.generate.buy.unknown_charges import may_ask
from pressrun.generate.buy.uploads import Uploads
from pressrun.model.batch import BatchDesk, BatchOffer, BatchStatus, CallFailed
from pressrun.model.errors import ProviderStopped
from pressrun.model.journal import ENDED, Journal
from pressrun.model.paid_provider import PaidProvider
from pressrun.model.picture import PictureMade, PictureRequest
from pressrun.model.plan import PictureTask
from pressrun.model.sound_results import stored
from pressrun.model.store import Store

MOST_TRIES_OF_ONE = 20  # of pictures that are handed in one by one, and wait for the server's pace
MOST_LOOKS = 3  # for a batch that may have come to be without our hearing of it


class Free(Struct, frozen=True):
    """Pictures that this run may hand in, and those that are there meanwhile."""

    tasks: list[PictureTask]
    stored: dict[str, PictureMade]


class Dispatch:
    """Hands in and picks up batches. What it claims is free again after ``let_go``."""

    def __init__(
        self, desk: BatchDesk, offer: BatchOffer, provider: PaidProvider, store: Store, journal: Journal,
        terms: Terms, patience: Patience,
    ) -> None:  # fmt: skip
        self._desk, self._offer, self._provider, self._store = desk, offer, provider, store
        self._journal, self._terms, self._patience = journal, terms, patience
        self._claimed: set[str] = set()
        self._uploads = Uploads(desk, provider.offers()[0].address, store, journal, patience.tried)  # for all lanes

    def let_go(self) -> None:
        self._journal.release_all(self._claimed)
        self._claimed.clear()

    def stored(self, keys: Iterable[str]) -> dict[str, PictureMade]:
        """Which of the pictures are in the store."""
        return stored(self._journal, self._store, keys)

    # batches that are there

    def pick_up(self, wanted: Set[str]) -> list[Parcel]:
        """Batches at this provider that hold any of these pictures, and that no other run is waiting for.

        One whose handing in was cut short is looked for there; what never arrived is free again.
        """
        rows = open_rows(self._journal)
        known = [batch for batch in self._journal.batches() if batch.state not in ENDED]
        ours = {
            batch.id
            for batch in known
            if batch.shard.get("address") == self._offer.address and wanted & rows.get(batch.id, {}).keys()
        }
        mine = self._claim(f"batch {name}" for name in ours)
        rows = open_rows(self._journal)  # whoever had it may just have settled it
        parcels = []
        for batch in self._journal.batches():
            attempts = rows.get(batch.id, {})
            if f"batch {batch.id}" not in mine or batch.state in ENDED:
                continue
            remote = batch.remote
            if remote is None and batch.state != BEGUN and self._offer.is_found:
                status = self._found(batch.id, str(batch.shard.get("file", "")))
                remote = status.remote if status else None
                if remote:
                    self._journal.update_batch(batch.id, SUBMITTED, remote)
            if remote is None:
                if batch.state == BEGUN or self._offer.is_found:
                    drop(self._journal, batch.id, attempts.values())
                else:
                    lose(self._journal, batch.id)
                continue
            self._claim(attempts)
            parcels.append(Parcel(batch.id, remote, attempts))
        return parcels

    def _claim(self, keys: Iterable[str]) -> set[str]:
        taken = self._journal.claim_all(keys)
        self._claimed |= taken
        return taken

    def _found(self, name: str, file: str) -> BatchStatus | None:
        """The batch of our name, if it ever came to be. A provider may take a moment before it lists what it took."""
        for look in range(MOST_LOOKS):
            status = self._patience.tried(lambda: self._desk.find(name, file))
            if status is not None:
                return status
            if look < MOST_LOOKS - 1:
                self._patience.rest(FIRST_REST * (look + 1))
        return None

    # batches to be

    def free(self, tasks: list[PictureTask]) -> Free:
        """Claim pictures. Those that another run is making, or that were perhaps paid before, are left alone."""
        ours = self._claim(task.key for task in tasks)
        stored = self.stored(task.key for task in tasks if task.key in ours)
        rest = [task for task in tasks if task.key in ours and task.key not in stored]
        paid = self._journal.paid_attempts(task.key for task in rest)
        retry = self._terms.retry_unknown
        return Free([task for task in rest if may_ask(self._journal, paid.get(task.key, []), retry)], stored)

    def hand_in(self, tasks: list[PictureTask]) -> Iterator[Parcel | Ended]:
        """Hand pictures in, batch after batch; where each is a batch of its own, also those that were not taken, or
        perhaps. Raises CallFailed where such a batch is not taken, and OverLimit where other runs of the job left no
        room for it; whatever was not handed in is free for another lane."""
        kinds: dict[str, list[tuple[PictureTask, PictureRequest]]] = {}
        for task in tasks:
            request = self._provider.resolve(task.request)
            kinds.setdefault(self._desk.kind(request), []).append((task, request))
        for kind, asked in kinds.items():
            if kind:
                for shard in shards(kind, self._lines(asked), self._offer):
                    yield self._sent(shard)

    def _lines(self, asked: list[tuple[PictureTask, PictureRequest]]) -> Iterator[Line]:
        for task, request in asked:
            try:
                files = self._uploads.of(request)
            except CallFailed:
                continue  # by a call of its own it can still be had, or be told why not
            text = self._desk.line(task.key, request, files)
            yield Line(task, request, text, lane_quote(task, self._provider, self._offer.lane))

    def _sent(self, shard: Shard) -> Parcel | Ended:
        """Write a shard down, upload it, have it worked off, and write down what it is called there."""
        text = shard.text
        about = {"address": self._offer.address, "lines": self._store.put(text, durable=True)}
        within = self._terms.budget.limit if self._terms.budget else None
        name, noted = write_down(shard, self._offer.lane, self._journal, self._terms.run, self._provider, about, within)
        self._claim([f"batch {name}"])
        attempts = open_rows(self._journal)[name]
        try:
            file = self._patience.tried(partial(self._desk.send_lines, name, text))
            self._journal.update_batch(name, SENDING, shard={**noted, "file": file})
            status = self._submitted(shard.kind, file, name)
        except _Uncertain as doubt:
            if self._offer.is_found or not isinstance(doubt.why, CallFailed):
                raise doubt.why from None
            lose(self._journal, name)
            return Ended(shard.lines[0].task, doubt.why.answer)
        except (CallFailed, ProviderStopped, Rung) as problem:
            drop(self._journal, name, attempts.values())  # whatever else ends this, the next run looks for it
            if self._offer.requests == 1 and isinstance(problem, CallFailed) and problem.answer.verdict != "again":
                return Ended(shard.lines[0].task, problem.answer)
            raise
        self._journal.update_batch(name, SUBMITTED, status.remote)
        return Parcel(name, status.remote, attempts)

    def _submitted(self, kind: str, file: str, name: str) -> BatchStatus:
        """Have a file worked off, once: after every answer that leaves a doubt it is looked for before the next try.

        Raises CallFailed, ProviderStopped or Rung where it is certain that no batch came to be, else _Uncertain.
        """
        tries = 0
        while True:
            try:
                return self._desk.submit(kind, file, name)
            except CallFailed as problem:
                stop_if_told(problem)
                if problem.answer.verdict in ("failed", "refused"):
                    raise
                tries += 1
                if not self._offer.is_found and problem.answer.booking is None:
                    raise _Uncertain(problem) from problem
                if self._offer.is_found and problem.answer.booking != "not_charged":
                    try:
                        status = self._found(name, file)
                    except Exception as doubt:
                        raise _Uncertain(doubt) from doubt
                    if status is not None:
                        return status
                if tries >= (MOST_TRIES if self._offer.requests > 1 else MOST_TRIES_OF_ONE):
                    raise
                self._patience.rest(problem.answer.wait or FIRST_REST * tries)


class _Uncertain(Exception):
    """A batch may have come to be, and could not be looked for: the next run does."""

    def __init__(self, why: Exception) -> None:
        super().__init__(str(why))
        self.why = why
