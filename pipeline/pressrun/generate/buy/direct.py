"""Buying: pictures of a provider that costs money, each asked for once, within the budget, as fast as it bears.

One thread decides (which picture, when, whether the budget allows it); every call has a thread of its own, see
`call.py`.
"""

from __future__ import annotations

import contextlib
import hashlib
import heapq
import math
import queue
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from decimal import Decimal

from pressrun.generate.buy.budget import Cap
from pressrun.generate.buy.call import fetched
from pressrun.generate.buy.counter import Counter
from pressrun.generate.buy.findings import in_doubt, no_picture, no_price, note, over_budget
from pressrun.generate.buy.interrupts import Bell, listening
from pressrun.generate.buy.lanes import model_of
from pressrun.generate.buy.order import Came, Ended, Order, most_telling
from pressrun.generate.buy.terms import Bought, Terms
from pressrun.generate.buy.unknown_charges import may_ask
from pressrun.model.answer import Answer
from pressrun.model.dollars import dollars
from pressrun.model.errors import Interrupted, PressrunError, ProviderStopped
from pressrun.model.finding import Finding
from pressrun.model.journal import Attempt, Journal
from pressrun.model.paid_provider import PaidProvider
from pressrun.model.plan import PictureTask, by_provider
from pressrun.model.progress import Progress
from pressrun.model.sound_results import stored
from pressrun.model.store import Store

CLAIMED_AHEAD = 32  # keys taken at once; another run on the same store takes the next ones
HEARD_WITHIN_SECONDS = 0.5  # a signal just before a wait, or in another thread, does not end the wait
LOOK_AGAIN_SECONDS = 0.5  # for pictures that another run is buying
MOST_FAILURES = 5  # answers of a server in trouble (5xx, unreachable) before a picture is given up
MOST_PAUSES_TOGETHER = 2  # the same of several takes in one call, before each is asked for alone
MOST_PAUSES = 20  # refusals for speed before a picture is given up


def buy(
    tasks: Sequence[PictureTask], store: Store, journal: Journal, terms: Terms, environment: Mapping[str, str],
    progress: Progress, lost: Sequence[PictureTask] = (),
) -> Bought:  # fmt: skip
    """Buy the pictures, each of its own provider, in their order as far as the pace allows. ``lost`` were paid by
    batch, and did not come: they count among what is still needed.

    Raises MissingTool without a key, ProviderStopped when no further picture will be served, Interrupted, JournalError,
    CannotWrite: what was paid until then is kept. Reaching the budget is no exception: see ``Bought.stopped``.
    """
    with contextlib.ExitStack() as leaving:
        counters: dict[str, Counter] = {}
        for provider, group in by_provider(tasks):
            assert isinstance(provider, PaidProvider)
            counter = Counter(provider, environment, store, journal, terms)
            leaving.callback(counter.close)
            counters |= {task.key: counter for task in group}
        return _Buyer(tasks, counters, store, journal, terms, progress, lost).run()


class _Buyer:
    def __init__(
        self, tasks: Sequence[PictureTask], counters: Mapping[str, Counter], store: Store, journal: Journal,
        terms: Terms, progress: Progress, lost: Sequence[PictureTask],
    ) -> None:  # fmt: skip
        self.counters, self.store, self.journal = counters, store, journal
        self.several = len(set(counters.values())) > 1
        self.places = {task.key: number for number, task in enumerate(tasks)}
        self.terms, self.progress = terms, progress
        self.bought = Bought()
        committed = journal.spending(terms.run).committed if terms.run else Decimal(0)
        self.budget = Cap(terms.cap_usd, committed, terms.owed_usd, terms.budget, journal.factors())
        self.beaten = False  # to what was left of the job's budget, by another run of it
        self.lost_before = lost
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
        if not self.budget.is_set:
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
            if self.elsewhere:
                self._look_elsewhere(now)
                wait = LOOK_AGAIN_SECONDS
            order, ready_in = self._next(now)
            if order is None:
                return min(wait, ready_in, self.later[0][0] - now if self.later else math.inf)
            if self.beaten or not self.budget.admits(order.quoted_usd, order.model):
                if len(order.tasks) > 1:  # some of its takes may be
                    counter = self._counter(order)
                    self.claimed.extendleft(counter.order([task]) for task in reversed(order.tasks))
                    continue
                self.claimed.appendleft(order)
                if not self.under_way:  # nothing can come in cheaper than it was reserved
                    self._stop_at_budget()
                return wait
            self._send(order, now)

    def _next(self, now: float) -> tuple[Order | None, float]:
        """The next order that is ours and may leave, else in how many seconds one may.

        One server does not wait for another where the budget reaches for all that is left; where it does not, calls
        leave strictly in the order of the plan.
        """
        if self.later and self.later[0][0] <= now:
            self.claimed.appendleft(heapq.heappop(self.later)[2])
        while self.todo and (not self.claimed or self._stands_idle()):
            self._claim([self.todo.popleft() for _ in range(min(CLAIMED_AHEAD, len(self.todo)))])
        soonest = math.inf
        for at, order in enumerate(self.claimed):
            ready_in = self._counter(order).ready_in(order, now)
            if ready_in <= 0:
                del self.claimed[at]
                return order, 0
            soonest = min(soonest, ready_in)
            if not self._side_by_side():
                break
        return None, soonest

    def _counter(self, order: Order) -> Counter:
        return self.counters[order.tasks[0].key]

    def _side_by_side(self) -> bool:
        """Whether several servers are bought from, and the budget reaches for all that is left."""
        if not self.budget.is_set or not self.several:
            return self.several
        left = [*self.todo, *(task for order in (*self.claimed, *self._delayed()) for task in order.tasks)]
        return self.budget.has_room(self._expected(left))

    def _stands_idle(self) -> bool:
        """Whether pictures are left for a server that none of those at hand is for."""
        if not self._side_by_side():
            return False
        busy = {self._counter(order) for order in self.claimed}
        return any(self.counters[task.key] not in busy for task in self.todo)

    def _claim(self, tasks: list[PictureTask]) -> None:
        """Take pictures for this run: those another run has are waited for, those perhaps paid are not asked for."""
        ours = self.journal.claim_all(task.key for task in tasks)
        self.elsewhere |= {task.key: task for task in tasks if task.key not in ours}
        self._take_stored([task for task in tasks if task.key in ours])
        rest = [task for task in tasks if task.key in ours and task.key not in self.bought.made]
        paid = self.journal.paid_attempts(task.key for task in rest)
        free_to_ask = []
        self._fetch(rest, paid)
        for task in rest:
            earlier = paid.get(task.key, [])
            if task.key in self.bought.made or task.key in self.bought.failed:
                continue
            if may_ask(self.journal, earlier, self.terms.retry_unknown):
                free_to_ask.append(task)
            else:
                self._fail(task, in_doubt(task, earlier))
        for counter in dict.fromkeys(self.counters[task.key] for task in free_to_ask):
            self.claimed += counter.orders([task for task in free_to_ask if self.counters[task.key] is counter])
        self.claimed = deque(sorted(self.claimed, key=lambda order: self.places[order.tasks[0].key]))
        free = [task.key for task in tasks if task.key in ours and task.key in (*self.bought.made, *self.bought.failed)]
        self.journal.release_all(free)

    def _fetch(self, tasks: Sequence[PictureTask], paid: Mapping[str, Sequence[Attempt]]) -> None:
        """Pictures that were paid before, and lie at an address: free to have, if they can be had."""
        lying = [(task, one) for task in tasks for one in paid.get(task.key, ()) if one.address]
        for end in fetched([(self.counters[task.key].caller, task, one) for task, one in lying]):
            if end.made is not None:
                self.bought.found.add(end.task.key)
                self._have(end)
            elif not self.terms.retry_unknown and end.task.key not in self.bought.made:
                self._fail(end.task, no_picture(end.task, end.answer))

    def _have(self, end: Ended) -> None:
        assert end.made is not None
        self.bought.made[end.task.key] = end.made
        self.bought.notes += [note(end.task, "picture-size", text) for text in end.notes]
        self.progress.step()

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
        order.held = tuple(self.budget.reserve(task.quoted_usd, order.model) for task in order.tasks)
        order.sent_at = now
        counter = self._counter(order)
        counter.pacer.sent(order.tokens, now, len(order.tasks))
        counter.breaker.sent(order.kind)
        self.calls += 1
        self.under_way |= {task.key for task in order.tasks}
        name = f"call {order.tasks[0].key[:8]}"
        threading.Thread(target=self._call, args=(order,), name=name, daemon=True).start()

    def _call(self, order: Order) -> None:
        """One call, in a thread of its own."""
        try:
            self.inbox.put(Came(order, self._counter(order).caller.make(order.tasks, order.held)))
        except BaseException as error:
            self.inbox.put(Came(order, broken=error))

    # what comes back

    def _handle(self, wait: float) -> None:
        """Wait for the end of a call, and draw the conclusions; then those of all that ended meanwhile."""
        # With nothing under way and nothing to wait for, nobody would ever wake us.
        waits = bool(self.under_way) or wait != math.inf
        try:
            came = self.inbox.get(timeout=min(max(0.001, wait), HEARD_WITHIN_SECONDS)) if waits else None
            while True:
                if came is not None:
                    self._conclude(came)
                came = self.inbox.get_nowait()
        except queue.Empty:
            return

    def _conclude(self, came: Came) -> None:
        order, now, counter = came.order, time.monotonic(), self._counter(came.order)
        self.calls -= 1
        self.under_way -= {task.key for task in order.tasks}
        told = most_telling(came.ended)
        rooms, overloaded, wait = (told.rooms, told.overloaded, told.wait) if told else ({}, False, None)
        counter.pacer.came(order.sent_at, now, rooms, overloaded, wait, order.tokens, len(order.tasks))
        self.beaten = told is not None and told.verdict == "over_budget"
        if told is None or self.beaten:
            counter.breaker.broke(order.kind)
            self._unsent(order) if self.beaten else self._broke(order, came.broken)
            return
        self.ending = self.ending or counter.breaker.came(order.kind, came.ended)
        again = []
        for held, end in zip(order.held, came.ended, strict=True):
            answer, task = end.answer, end.task
            charged = answer.booking == "charged"
            known = answer.booking is not None
            self.budget.settle(held, task.quoted_usd, answer.cost_usd, charged, known, order.model)
            if answer.verdict == "again":
                again.append(end)
                continue
            if end.made is not None:
                self._have(end)
            elif answer.verdict == "stop":
                self.ending = self.ending or ProviderStopped(answer.message, answer.hint)
                self.progress.step()
            else:
                self._fail(task, no_picture(task, answer))
                if answer.booking in (None, "charged"):
                    self.bought.lost.append(task)
            self.journal.release_all([task.key])
        self._ask_again(order, again, now)

    def _unsent(self, order: Order) -> None:
        """A call for which another run of the job left no room: it leaves when one under way costs less."""
        for task, held in zip(order.tasks, order.held, strict=True):
            self.budget.settle(held, task.quoted_usd, None, charged=False, known=True)
        self.claimed.appendleft(order)

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
            self.claimed += [self._counter(order).order([end.task]) for end in ended]
        elif not self._delay(order, ended[0].answer, now):
            self.ending = self.ending or self._counter(order).breaker.given_up(ended[0].answer.message)
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
        gone = [*self.lost_before, *self.bought.lost]
        price, lost = self._expected(left), self._expected(gone)
        self.bought.stopped = self.budget.reached(len(self.bought.made), len(left), price, len(gone), lost)

    def _expected(self, tasks: Sequence[PictureTask]) -> Decimal:
        priced = ((task, task.quoted_usd or Decimal(0)) for task in tasks)
        return sum((self.budget.expected(quote, model_of(task)) for task, quote in priced), Decimal(0))

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

