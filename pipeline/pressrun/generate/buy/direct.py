"""Buying: pictures of a provider that costs money, each asked for once, within the budget, as fast as it bears.

One thread decides (which picture, when, whether the budget allows it); every call has a thread of its own, see
`call.py`.
"""

from __future__ import annotations

import hashlib
import heapq
import math
import queue
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from pressrun.generate.buy.breaker import Breaker, kind_of
from pressrun.generate.buy.budget import Cap, dollars
from pressrun.generate.buy.call import Caller, Ended
from pressrun.generate.buy.findings import in_doubt, no_picture, no_price, note, over_budget
from pressrun.generate.buy.interrupts import Bell, listening
from pressrun.generate.buy.order import Came, Order, most_telling
from pressrun.generate.buy.pace import Pacer
from pressrun.generate.buy.unknown_charges import may_ask
from pressrun.model.answer import Answer
from pressrun.model.errors import Interrupted, PressrunError, ProviderStopped
from pressrun.model.finding import Finding
from pressrun.model.journal import Journal
from pressrun.model.paid_provider import PaidClient, PaidProvider
from pressrun.model.picture import PictureMade
from pressrun.model.plan import PictureTask
from pressrun.model.progress import Progress
from pressrun.model.store import Store
from pressrun.model.stored import stored

CLAIMED_AHEAD = 32  # keys taken at once; another run on the same store takes the next ones
LOOK_AGAIN_SECONDS = 0.5  # for pictures that another run is buying
MOST_FAILURES = 5  # answers of a server in trouble (5xx, unreachable) before a picture is given up
MOST_PAUSES_TOGETHER = 2  # the same of several takes in one call, before each is asked for alone
MOST_PAUSES = 20  # refusals for speed before a picture is given up


@dataclass(frozen=True, slots=True)
class Terms:
    """``cap_usd`` in dollars for this run; ``retry_unknown`` asks again for what was perhaps paid. ``minute`` is the
    length of a minute in seconds, for rehearsals in a hurry. ``owed_usd`` counts against the cap as well: what batches
    of earlier runs came to, that this run collected. ``scratch`` is the folder for what is fetched before it is read;
    without one, the system's own."""

    run: str = ""
    cap_usd: Decimal | None = None
    retry_unknown: bool = False
    minute: float = 60.0
    owed_usd: Decimal = Decimal(0)
    scratch: Path | None = None


@dataclass(slots=True)
class Bought:
    """What came of it, by key. ``found`` are pictures that another run bought meanwhile; ``stopped`` is why pictures
    are missing that nobody asked for: the budget. ``collected_usd`` was charged for attempts of earlier runs;
    ``saved_usd`` is what direct calls would have cost more than the batches did."""

    made: dict[str, PictureMade] = field(default_factory=dict)
    found: set[str] = field(default_factory=set)
    failed: dict[str, Finding] = field(default_factory=dict)
    notes: list[Finding] = field(default_factory=list)
    stopped: PressrunError | None = None
    collected_usd: Decimal = Decimal(0)
    saved_usd: Decimal = Decimal(0)

    def add(self, more: Bought) -> None:
        """Take what came of other pictures in."""
        self.made |= more.made
        self.found |= more.found
        self.failed |= more.failed
        self.notes += more.notes
        self.stopped = more.stopped or self.stopped
        self.collected_usd += more.collected_usd
        self.saved_usd += more.saved_usd


def buy(
    tasks: Sequence[PictureTask], provider: PaidProvider, store: Store, journal: Journal, terms: Terms,
    environment: Mapping[str, str], progress: Progress,
) -> Bought:  # fmt: skip
    """Buy the pictures, in their order as far as the pace allows.

    Raises MissingTool without a key, ProviderStopped when no further picture will be served, Interrupted, JournalError,
    CannotWrite: what was paid until then is kept. Reaching the budget is no exception: see ``Bought.stopped``.
    """
    client = provider.open_client(environment)
    try:
        return _Buyer(tasks, provider, client, store, journal, terms, progress).run()
    finally:
        client.close()


class _Buyer:
    def __init__(
        self, tasks: Sequence[PictureTask], provider: PaidProvider, client: PaidClient, store: Store,
        journal: Journal, terms: Terms, progress: Progress,
    ) -> None:  # fmt: skip
        self.provider, self.store, self.journal = provider, store, journal
        self.caller = Caller(provider, client, store, journal, terms.run)
        self.terms, self.progress = terms, progress
        self.bought = Bought()
        committed = journal.spending(terms.run).committed if terms.run else Decimal(0)
        self.budget = Cap(terms.cap_usd, committed + terms.owed_usd)
        self.pacer = Pacer(provider.limits(), terms.minute, time.monotonic())
        self.breaker = Breaker()
        self.lost: list[PictureTask] = []  # paid, or perhaps, and to be paid again by whoever wants them
        self.todo = deque(self._priced(tasks))
        self.claimed: deque[Order] = deque()
        self.later: list[tuple[float, int, Order]] = []
        self.elsewhere: dict[str, PictureTask] = {}
        self.elsewhere_at = 0.0
        self.under_way: set[str] = set()
        self.calls = 0
        self.inbox: queue.SimpleQueue[Came | None] = queue.SimpleQueue()
        self.ending: PressrunError | BaseException | None = None
        self.turn = 0

    def run(self) -> Bought:
        with listening(lambda: self.inbox.put(None)) as bell:
            try:
                while self._unfinished():
                    self._ask_to_end(bell)
                    wait = self._launch() if self.ending is None else math.inf
                    self._handle(wait)
            finally:
                # What is still under way is in the ledger: whoever claims it next sees that it may be paid.
                rest = [task.key for order in (*self.claimed, *self._delayed()) for task in order.tasks]
                self.journal.release_all([*rest, *self.under_way])
        if isinstance(self.ending, (Interrupted, ProviderStopped)):
            raise type(self.ending)(f"{self.ending.message}; {self._kept()}", self.ending.hint)
        if self.ending is not None:
            raise self.ending
        return self.bought

    def _kept(self) -> str:
        """What of this run is paid and kept, for whoever sees it end early."""
        count = len(self.bought.made) - len(self.bought.found)
        if not count:
            return "nothing was bought"
        pictures = "1 picture is" if count == 1 else f"{count} pictures are"
        paid = self.journal.spent(self.terms.run) if self.terms.run else self.budget.spent
        return f"{pictures} kept, for {dollars(paid)}"

    def _unfinished(self) -> bool:
        waiting = self.todo or self.claimed or self.later or self.elsewhere
        return bool(self.under_way or (waiting and self.ending is None))

    def _delayed(self) -> list[Order]:
        return [order for _, _, order in self.later]

    def _priced(self, tasks: Sequence[PictureTask]) -> list[PictureTask]:
        """Under a cap, nothing is bought blindly."""
        if self.terms.cap_usd is None:
            return list(tasks)
        blind = [task for task in tasks if task.quoted_usd is None]
        for task in blind:
            self._fail(task, no_price(task))
        if blind:
            self.bought.stopped = self.budget.reached(0, len(blind), None)
        return [task for task in tasks if task.quoted_usd is not None]

    # what leaves

    def _launch(self) -> float:
        """Send what may be sent now; seconds until there may be more to send."""
        while True:
            now = time.monotonic()
            wait = math.inf
            if self.breaker.waits:
                return wait
            if self.elsewhere:
                self._look_elsewhere(now)
                wait = LOOK_AGAIN_SECONDS
            order = self._next(now)
            if order is None:
                return min(wait, self.later[0][0] - now if self.later else math.inf)
            ready_in = self.pacer.ready_in(order.tokens, now, len(order.tasks))
            if ready_in > 0:
                self.claimed.appendleft(order)
                return min(wait, ready_in)
            if not self.budget.admits(order.quoted_usd):
                if len(order.tasks) > 1:  # some of its takes may be
                    self.claimed.extendleft(self._order([task]) for task in reversed(order.tasks))
                    continue
                self.claimed.appendleft(order)
                if not self.under_way:  # nothing can come in cheaper than it was reserved
                    self._stop_at_budget()
                return wait
            self._send(order, now)

    def _next(self, now: float) -> Order | None:
        """The next order that is ours and due."""
        if self.later and self.later[0][0] <= now:
            return heapq.heappop(self.later)[2]
        while not self.claimed and self.todo:
            self._claim([self.todo.popleft() for _ in range(min(CLAIMED_AHEAD, len(self.todo)))])
        return self.claimed.popleft() if self.claimed else None

    def _claim(self, tasks: list[PictureTask]) -> None:
        """Take pictures for this run: those another run has are waited for, those perhaps paid are not asked for."""
        ours = self.journal.claim_all(task.key for task in tasks)
        self.elsewhere |= {task.key: task for task in tasks if task.key not in ours}
        self._take_stored([task for task in tasks if task.key in ours])
        rest = [task for task in tasks if task.key in ours and task.key not in self.bought.made]
        paid = self.journal.paid_attempts(task.key for task in rest)
        free_to_ask = []
        for task in rest:
            earlier = paid.get(task.key, [])
            if may_ask(self.journal, earlier, self.terms.retry_unknown):
                free_to_ask.append(task)
            else:
                self._fail(task, in_doubt(task, earlier))
        self.claimed += self._orders(free_to_ask)
        free = [task.key for task in tasks if task.key in ours and task.key in (*self.bought.made, *self.bought.failed)]
        self.journal.release_all(free)

    def _order(self, tasks: Sequence[PictureTask]) -> Order:
        kind = kind_of(self.provider.resolve(tasks[0].request))
        return Order(tuple(tasks), sum(self.provider.tokens(task.request) for task in tasks), kind)

    def _orders(self, tasks: Sequence[PictureTask]) -> Iterator[Order]:
        """Takes of the same picture in one call, as far as the provider makes several at once."""
        alike: dict[str, list[PictureTask]] = {}
        for task in tasks:
            together = self.provider.together(task.request) > 1
            name = self.provider.key(replace(task.request, take=1)) if together else task.key
            alike.setdefault(name, []).append(task)
        for group in alike.values():
            most = self.provider.together(group[0].request)
            yield from (self._order(group[at : at + most]) for at in range(0, len(group), most))

    def _take_stored(self, tasks: list[PictureTask]) -> None:
        """What another run has finished in the meantime."""
        for key, made in stored(self.journal, self.store, [task.key for task in tasks]).items():
            self.bought.made[key] = made
            self.bought.found.add(key)
            self.progress.step()

    def _look_elsewhere(self, now: float) -> None:
        """Pictures another run is buying: taken when it has them, bought here when it lets go of them."""
        if now < self.elsewhere_at:
            return
        self.elsewhere_at = now + LOOK_AGAIN_SECONDS
        tasks, self.elsewhere = list(self.elsewhere.values()), {}
        self._claim(tasks)

    def _send(self, order: Order, now: float) -> None:
        order.held = tuple(self.budget.reserve(task.quoted_usd) for task in order.tasks)
        order.sent_at = now
        self.pacer.sent(order.tokens, now, len(order.tasks))
        self.breaker.sent(order.kind)
        self.calls += 1
        self.under_way |= {task.key for task in order.tasks}
        name = f"call {order.tasks[0].key[:8]}"
        threading.Thread(target=self._call, args=(order,), name=name, daemon=True).start()

    def _call(self, order: Order) -> None:
        """One call, in a thread of its own."""
        try:
            self.inbox.put(Came(order, self.caller.make(order.tasks)))
        except BaseException as error:
            self.inbox.put(Came(order, broken=error))

    # what comes back

    def _handle(self, wait: float) -> None:
        """Wait for the end of a call, and draw the conclusions; then those of all that ended meanwhile."""
        # With nothing under way and nothing to wait for, nobody would ever wake us.
        waits = bool(self.under_way) or wait != math.inf
        try:
            came = self.inbox.get(timeout=None if wait == math.inf else max(0.001, wait)) if waits else None
            while True:
                if came is not None:
                    self._conclude(came)
                came = self.inbox.get_nowait()
        except queue.Empty:
            return

    def _conclude(self, came: Came) -> None:
        order, now = came.order, time.monotonic()
        self.calls -= 1
        self.under_way -= {task.key for task in order.tasks}
        told = most_telling(came.ended)
        rooms, overloaded, wait = (told.rooms, told.overloaded, told.wait) if told else ({}, False, None)
        self.pacer.came(order.sent_at, now, rooms, overloaded, wait, order.tokens, len(order.tasks))
        if told is None:
            self.breaker.broke(order.kind)
            self._broke(order, came.broken)
            return
        self.ending = self.ending or self.breaker.came(order.kind, came.ended)
        again = []
        for held, end in zip(order.held, came.ended, strict=True):
            answer, task = end.answer, end.task
            charged = answer.booking == "charged"
            self.budget.settle(held, task.quoted_usd, answer.cost_usd, charged, answer.booking is not None)
            if answer.verdict == "again":
                again.append(end)
                continue
            if end.made is not None:
                self.bought.made[task.key] = end.made
                self.bought.notes += [note(task, "picture-size", text) for text in end.notes]
                self.progress.step()
            elif answer.verdict == "stop":
                self.ending = self.ending or ProviderStopped(answer.message, answer.hint)
                self.progress.step()
            else:
                self._fail(task, no_picture(task, answer))
                if answer.booking in (None, "charged"):
                    self.lost.append(task)
            self.journal.release_all([task.key])
        self._ask_again(order, again, now)

    def _broke(self, order: Order, broken: BaseException | None) -> None:
        """A call ended in a way no call should: nothing is known of it, and nothing more is asked for."""
        for task, held in zip(order.tasks, order.held, strict=True):
            self.budget.settle(held, task.quoted_usd, None, charged=False, known=False)
        self.ending = self.ending or broken
        self.journal.release_all([task.key for task in order.tasks])

    def _ask_again(self, order: Order, ended: list[Ended], now: float) -> None:
        """What asking once more may help: all of a call is put off; the rest of one, and one that is too large for the
        limit, is asked for take by take."""
        if not ended:
            return
        if len(ended) < len(order.tasks) or (len(ended) > 1 and order.pauses >= MOST_PAUSES_TOGETHER):
            self.claimed += [self._order([end.task]) for end in ended]
        elif not self._delay(order, ended[0].answer, now):
            self.ending = self.ending or self.breaker.given_up(ended[0].answer.message)
            for end in ended:
                self._fail(end.task, no_picture(end.task, end.answer))
                self.journal.release_all([end.task.key])

    def _delay(self, order: Order, answer: Answer, now: float) -> bool:
        """Put an order off; false if it was put off too often."""
        if answer.overloaded and answer.booking == "not_charged":
            order.pauses += 1
        else:
            order.failures += 1
        if order.failures >= MOST_FAILURES or order.pauses >= MOST_PAUSES:
            return False
        tries = order.failures + order.pauses
        # No two orders come back at the same moment, and none of them by chance.
        spread = hashlib.sha256(f"{order.tasks[0].key}/{tries}".encode()).digest()[0] / 255
        backoff = min(60.0, 0.5 * 2 ** min(tries, 7)) * (0.5 + spread / 2) * self.terms.minute / 60
        pause = backoff if answer.wait is None else answer.wait + spread * 0.1
        self.turn += 1
        heapq.heappush(self.later, (now + pause, self.turn, order))
        return True

    def _fail(self, task: PictureTask, finding: Finding) -> None:
        self.bought.failed[task.key] = finding
        self.progress.step()

    # ends

    def _stop_at_budget(self) -> None:
        """Nothing more is asked for: what is left is told, with its price."""
        left = [task for order in (*self.claimed, *self._delayed()) for task in order.tasks]
        self.journal.release_all([task.key for task in left])
        left += [*self.elsewhere.values(), *self.todo]
        self.claimed.clear()
        self.later.clear()
        self.elsewhere.clear()
        self.todo.clear()
        for task in left:
            self._fail(task, over_budget(task))
        price, lost = (self._expected(tasks) for tasks in (left, self.lost))
        self.bought.stopped = self.budget.reached(len(self.bought.made), len(left), price, len(self.lost), lost)

    def _expected(self, tasks: Sequence[PictureTask]) -> Decimal:
        return sum((self.budget.expected(task.quoted_usd or Decimal(0)) for task in tasks), Decimal(0))

    def _ask_to_end(self, bell: Bell) -> None:
        if not bell.rings:
            return
        calls = self.calls
        told = "1 call is" if calls == 1 else f"{calls} calls are"
        if bell.rings > 1:
            said = f"ended at once; {told} left without an answer: unknown, perhaps charged; {self._kept()}"
            raise Interrupted(said)
        if not isinstance(self.ending, Interrupted):
            if calls:
                self.progress.say(f"Ending: {told} still under way and paid for; Ctrl-C again leaves them unanswered.")
            self.ending = Interrupted("interrupted")

