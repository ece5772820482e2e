"""The batch lane: pictures handed over in batches, which outlive the run, and collected exactly once.

Everything is written down before it leaves: the pictures of a batch before its lines are uploaded, that it is being
handed in before it is, the provider's name for it as soon as there is one. So the next run finds every batch, asks how
it stands, and hands nothing in twice. What a batch could not make goes to the direct lane.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial

from pressrun.generate.buy.batches.collect import Collected, Collector
from pressrun.generate.buy.batches.dispatch import Dispatch
from pressrun.generate.buy.batches.parcels import Parcel
from pressrun.generate.buy.batches.patience import FIRST_REST, GROWTH, LONGEST_REST, Patience
from pressrun.generate.buy.batches.trial import Trial
from pressrun.generate.buy.budget import Cap
from pressrun.generate.buy.findings import in_batch, no_picture, no_price, note, over_budget
from pressrun.generate.buy.lanes import LaneChoice, lane_quote, model_of
from pressrun.generate.buy.order import Ended
from pressrun.generate.buy.terms import Bought, Terms
from pressrun.model.batch import ENDED, BatchDesk, BatchOffer, BatchStatus, CallFailed
from pressrun.model.errors import PressrunError, ProviderStopped
from pressrun.model.finding import Finding, Severity
from pressrun.model.journal import Journal, OverLimit
from pressrun.model.paid_provider import PaidProvider
from pressrun.model.picture import PictureMade
from pressrun.model.plan import PictureTask
from pressrun.model.progress import Progress
from pressrun.model.store import Store

UNKNOWN_LOOKS = 4  # how often a provider may say that it knows of no such batch before it is believed


class BatchLane:
    """The pictures of one provider that come by batch: ``begin`` hands them in, ``wait`` collects them. ``owed`` counts
    against the cap of whoever buys the rest."""

    def __init__(
        self, tasks: Sequence[PictureTask], provider: PaidProvider, desk: BatchDesk, offer: BatchOffer,
        store: Store, journal: Journal, terms: Terms, choice: LaneChoice, budget: Cap,
        patience: Patience, progress: Progress,
    ) -> None:  # fmt: skip
        self.tasks = {task.key: task for task in tasks}
        self.provider, self.desk, self.offer, self.store, self.journal = provider, desk, offer, store, journal
        self.terms, self.choice, self.progress = terms, choice, progress
        self.began = time.monotonic()
        self.patience = patience
        self.dispatch = Dispatch(desk, offer, provider, store, journal, terms, self.patience)
        self.collector = Collector(desk, provider, store, journal, self.patience, terms.scratch)
        self.budget = budget
        self.bought = Bought()
        self.direct: list[str] = []  # why pictures come by calls of their own after all
        self.parcels: list[Parcel] = []
        self.trial = Trial(tasks, provider, journal.proven())
        self.waiting: list[PictureTask] = []  # for one of their kind to come
        self.held: dict[str, Decimal] = {}  # what is set aside for those under way
        self.left: list[PictureTask] = []
        self.owed = Decimal(0)
        self.ending: PressrunError | None = None

    def begin(self) -> None:
        """Pick up what is on its way already, and hand in the rest. Raises Rung."""
        self._pick_up()
        if self.choice.lane != "direct":
            self.waiting = self._free()
            self._hand_in()

    def let_go(self) -> None:
        """Leave whatever it claimed to others."""
        self.dispatch.let_go()

    # what is on its way already

    def _pick_up(self) -> None:
        """Batches of earlier runs that hold pictures of this one."""
        self.parcels = self.dispatch.pick_up(self.tasks.keys())
        pictures = sum(len(parcel.attempts) for parcel in self.parcels)
        if pictures:
            self.progress.say(f"Picking up {_batches(len(self.parcels))} with {_pictures(pictures)}.")
        for parcel in self.parcels:
            for attempt in parcel.attempts.values():
                if attempt.run != self.terms.run or not self.terms.run:
                    # It will be charged while this run waits.
                    self.budget.await_elsewhere(attempt.quoted_usd, attempt.model)

    # what leaves

    def _hand_in(self) -> None:
        portion, self.waiting = self.trial.portion(self.waiting, self._under_way())
        now = [task for task in portion if self._admitted(task)]
        if now and self.waiting:
            wait = in_words(len(self.waiting), "picture waits", "pictures wait")
            self.progress.say(f"{wait} until one of its kind has come.")
        for parcel in self._handed_in(now):
            self.parcels.append(parcel)
            self.patience.heed()
        if self._is_single and now:
            self.progress.say(f"Handed in {_pictures(len(now))}, made in the background.")

    @property
    def _is_single(self) -> bool:
        """Whether each batch is of one picture: too little to be told of."""
        return self.offer.requests == 1

    def _say(self, line: str) -> None:
        if not self._is_single:
            self.progress.say(line)

    def _under_way(self) -> set[str]:
        return {key for parcel in self.parcels for key in parcel.attempts}

    def _free(self) -> list[PictureTask]:
        """The pictures that nobody has or is making."""
        underway = self._under_way()
        free = self.dispatch.free([task for key, task in self.tasks.items() if key not in underway])
        self._keep(free.stored)
        self.bought.found |= free.stored.keys()
        return free.tasks

    def _admitted(self, task: PictureTask) -> bool:
        """Whether the budget allows for a picture, by what those that came have cost: it is set aside then."""
        quote, model = lane_quote(task, self.provider, self.offer.lane), model_of(task)
        if quote is None and self.budget.is_set:
            self._fail(task, no_price(task))
        elif self.budget.admits(quote, model):
            self.held[task.key] = self.budget.reserve(quote, model)
            return True
        else:
            self.left.append(task)
        return False

    def _handed_in(self, tasks: list[PictureTask]) -> Iterator[Parcel]:
        """Hand in batch after batch. One that is not taken ends it, with an error that names the direct lane."""
        try:
            for one in self.dispatch.hand_in(tasks):
                if isinstance(one, Ended):
                    self._draw_conclusion(one)
                    self.ending = self.ending or self.trial.came([one])
                    if self.ending is not None:
                        return
                    continue
                self._say(f"Handed in a batch of {_pictures(len(one.attempts))} as {one.remote}.")
                yield one
        except CallFailed as problem:
            self._not_taken(problem.answer.message, for_good=problem.answer.verdict == "failed")
        except OverLimit:
            sent = self._under_way()
            self.left += [task for task in tasks if task.key not in sent]

    def _not_taken(self, why: str, for_good: bool = True) -> None:
        """A batch was not taken: such pictures never are, or none is for now."""
        if self.choice.asked_for:
            again = "" if for_good else "run the same command again, or "
            self.ending = self.ending or ProviderStopped(
                f"these pictures cannot be had by batch: {why}", f"{again}run it with --lane direct"
            )
        else:
            self.progress.say(f"These pictures cannot be had by batch ({why}): they are bought directly.")

    # waiting

    def wait(self) -> None:
        """Look at the batches, less and less often, until all have ended; in the direct lane, once."""
        rest = FIRST_REST
        while self.parcels and self.ending is None:
            before = [(parcel.phase, parcel.told) for parcel in self.parcels]
            for parcel in list(self.parcels):
                status = self._look(parcel)
                if status is not None and status.phase in ENDED:
                    self.parcels.remove(parcel)
                    self._collect(parcel, status)
            if self.waiting and self.ending is None:
                self._hand_in()
            if not self.parcels or self.choice.lane == "direct":
                return
            self._give_up_in_time()
            moved = before != [(parcel.phase, parcel.told) for parcel in self.parcels]
            rest = FIRST_REST if moved else min(LONGEST_REST, rest * GROWTH)
            self.patience.rest(rest)

    def _look(self, parcel: Parcel) -> BatchStatus | None:
        """How a batch stands, if that can be told now."""
        try:
            status = self.patience.tried(partial(self.desk.look, parcel.remote), 1)
        except CallFailed as problem:
            self._tell(parcel, f"Cannot ask after {parcel.remote}: {problem.answer.message}.", 0)
            return None
        if status is None:
            parcel.missed += 1
            if parcel.missed >= UNKNOWN_LOOKS or self.choice.lane == "direct":
                self._lost(parcel)
            return None
        parcel.missed, parcel.phase = 0, status.phase
        tenth = status.done * 10 // status.total if status.total else 0
        if status.phase not in ENDED:
            self._tell(parcel, f"{parcel.remote} is {status.phase}: {status.done} of {status.total} done.", tenth)
        return status

    def _tell(self, parcel: Parcel, line: str, step: int) -> None:
        """Say how it stands, once a phase and once a tenth."""
        told = (parcel.phase, step)
        if parcel.told != told:
            parcel.told = told
            self._say(line)

    def _give_up_in_time(self) -> None:
        """Cancel what has not come, so that direct calls can still make it before the deadline."""
        until = self.choice.until
        if until is None or (time.monotonic() - self.began) < until * self.terms.minute / 60:
            return
        for parcel in self.parcels:
            if not parcel.cancelled:
                self.patience.tried(partial(self.desk.cancel, parcel.remote))
                parcel.cancelled = True
                self.progress.say(f"{parcel.remote} is cancelled, to keep the deadline: what is done is kept.")

    def _lost(self, parcel: Parcel) -> None:
        """The account knows of no such batch: another key, or too long ago."""
        self.parcels.remove(parcel)
        if self.terms.retry_unknown:
            self.journal.end_batch(parcel.id, "lost")
            return
        for key in parcel.attempts:
            if key in self.tasks:
                hint = "use the key it was sent with, or ask again, and perhaps pay twice, with --retry-unknown"
                said = f"is in the batch {parcel.remote}, which the provider does not know"
                self._fail(self.tasks[key], in_batch(self.tasks[key], said, hint))

    # what comes back

    def _collect(self, parcel: Parcel, status: BatchStatus) -> None:
        try:
            collected = self.collector.collect(parcel, status)
        except CallFailed as problem:
            said = f"is in the batch {parcel.remote}, whose results cannot be fetched: {problem.answer.message}"
            for key in parcel.attempts.keys() & self.tasks.keys():
                self._fail(self.tasks[key], in_batch(self.tasks[key], said, "run it again"))
            return
        if status.phase == "failed" and status.refused:
            self._not_taken(status.message)
        self._book(parcel, collected)
        came = [key for key, row in collected.rows.items() if row.made is not None]
        self._keep(self.dispatch.stored(came))
        ended = [
            Ended(self.tasks[key], row.answer, row.made, row.notes)
            for key, row in collected.rows.items() if key in self.tasks
        ]  # fmt: skip
        for end in ended:
            self._draw_conclusion(end)
        self.ending = self.ending or self.trial.came(ended)
        if ended and all(end.answer.verdict == "again" for end in ended):
            self._leave_to_direct_calls(self.trial.alike(self.waiting, ended[0].task), ended[0].answer.message)
        of = f"{_pictures(len(came))} of {len(parcel.attempts)} for ${collected.charged_usd:.2f}"
        self._say(f"{parcel.remote} is {status.phase}: {of}.")

    def _book(self, parcel: Parcel, collected: Collected) -> None:
        others = any(attempt.run != self.terms.run or not attempt.run for attempt in parcel.attempts.values())
        if others:
            perhaps = sum(
                (parcel.attempts[key].quoted_usd or Decimal(0) for key, row in collected.rows.items()
                 if row.answer.booking is None), Decimal(0),
            )  # fmt: skip
            self.bought.collected_usd += collected.charged_usd
            self.owed += collected.charged_usd + perhaps
        for key, row in collected.rows.items():
            cost = row.answer.cost_usd
            if key in self.held:
                quote, charged = parcel.attempts[key].quoted_usd, row.answer.booking == "charged"
                known, model = row.answer.booking is not None, parcel.attempts[key].model
                self.budget.settle(self.held.pop(key), quote, cost, charged, known, model)
            if row.made is not None and cost is not None and key in self.tasks and self.offer.lane == "batch":
                part = self.provider.lane_price(self.tasks[key].request, self.offer.lane).part
                self.bought.saved_usd += cost / part - cost

    def _draw_conclusion(self, end: Ended) -> None:
        task, answer = end.task, end.answer
        if end.made is not None:
            self.bought.notes += [note(task, "picture-size", text) for text in end.notes]
        elif answer.verdict == "again":
            self.direct.append(answer.message)
        elif answer.verdict == "stop":
            self.ending = self.ending or ProviderStopped(answer.message, answer.hint)
        else:
            self._fail(task, no_picture(task, answer))
            if answer.booking in (None, "charged"):
                self.bought.lost.append(task)

    def _leave_to_direct_calls(self, tasks: Sequence[PictureTask], why: str) -> None:
        """What waited for pictures that do not come by batch."""
        keys = {task.key for task in tasks}
        self.waiting = [task for task in self.waiting if task.key not in keys]
        self.direct += [why] * len(keys)

    def _keep(self, made: Mapping[str, PictureMade]) -> None:
        for key, one in made.items():
            if key in self.tasks and key not in self.bought.made:
                self.bought.made[key] = one
                self.progress.step()

    def _fail(self, task: PictureTask, finding: Finding) -> None:
        self.bought.failed[task.key] = finding
        self.progress.step()

    # ends

    def conclude(self) -> None:
        """What the budget left out, what goes to the direct lane, and what was saved."""
        for task in self.left:
            self._fail(task, over_budget(task))
        if self.left:
            left, lost = self._expected(self.left), self._expected(self.bought.lost)
            made, gone = len(self.bought.made), len(self.bought.lost)
            self.bought.stopped = self._cap().reached(made, len(self.left), left, gone, lost)
        if self.direct:
            more = ", and other reasons" if len(set(self.direct)) > 1 else ""
            said = (
                f"{_pictures(len(self.direct))} did not come by batch ({self.direct[0]}{more}): bought directly, as "
                "far as the budget allows"
            )
            self.bought.notes.append(Finding(Severity.WARNING, "not-by-batch", said))
            self.progress.say(f"{said[0].upper()}{said[1:]}.")
        if self.bought.saved_usd:
            said = f"batches saved ${self.bought.saved_usd:.2f} of what direct calls would have cost"
            self.bought.notes.append(Finding(Severity.NOTE, "batch-saved", said))
            self.progress.say(f"{said[0].upper()}{said[1:]}.")

    def _expected(self, tasks: Sequence[PictureTask]) -> Decimal:
        priced = ((task, lane_quote(task, self.provider, self.offer.lane) or Decimal(0)) for task in tasks)
        return sum((self.budget.expected(quote, model_of(task)) for task, quote in priced), Decimal(0))

    def _cap(self) -> Cap:
        """What is spent by now, and what may be."""
        own = self.journal.spending(self.terms.run).committed if self.terms.run else Decimal(0)
        return Cap(self.terms.cap_usd, own, self.owed, self.terms.budget)


def in_words(count: int, one: str, many: str) -> str:
    """``1 picture``, ``3 pictures``."""
    return f"{count} {one if count == 1 else many}"


def _pictures(count: int) -> str:
    return in_words(count, "picture", "pictures")


def _batches(count: int) -> str:
    return in_words(count, "batch", "batches")
