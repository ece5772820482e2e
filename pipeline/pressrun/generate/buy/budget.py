"""The cap on a run and the budget of its job: what is spent, and whether one more call could cross it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial

from msgspec import Struct

from pressrun.model.dollars import dollars, to_the_cent
from pressrun.model.errors import BudgetReached
from pressrun.model.journal import Limit, Money


class JobBudget(Struct, frozen=True):
    """Dollars that all runs of a job together may spend; ``elsewhere`` tells what those beside this one have, or may
    have, spent by now. The ``limit`` is for the ledger, where it also holds for runs that ask at one instant."""

    usd: Decimal
    elsewhere: Callable[[], Decimal]
    limit: Limit

    @classmethod
    def of(cls, usd: float | None, job: str, run: str, journal: Money) -> JobBudget | None:
        """The budget that a job names, held against the ledger; None where it names none."""
        if usd is None:
            return None
        exact = Decimal(str(usd))
        return cls(exact, partial(journal.committed, job, run), Limit(job, exact))


class Cap:
    """Dollars of one run, within those of its job. A call is reserved at its quote before it leaves, and settled when
    it ended. ``owed`` is what it collected of other runs' making: of its own cap, and in the job's books already.

    Once a call of a model has cost more than its quote, in this run or before it (``factors``), that model's quotes are
    raised by as much: the cap holds all the same.
    """

    def __init__(
        self, cap: Decimal | None, committed: Decimal = Decimal(0), owed: Decimal = Decimal(0),
        budget: JobBudget | None = None, factors: Mapping[str, Decimal] | None = None,
    ) -> None:  # fmt: skip
        self.cap = cap
        self.budget = budget
        self.spent = committed + owed
        self.owed = owed
        self.in_flight = Decimal(0)
        self.unknown = Decimal(0)
        self._below_quotes = Decimal(0)  # so much less was charged: what is enough stays what it was before
        self._factors = dict(factors or {})

    @property
    def is_set(self) -> bool:
        """Whether there is any limit, so that nothing may be bought blindly."""
        return self.cap is not None or self.budget is not None

    def _room(self) -> tuple[Decimal | None, Decimal | None]:
        """What may still be committed: of the run's cap, and of the job's budget."""
        committed = self.spent + self.unknown + self.in_flight
        of_run = None if self.cap is None else self.cap - committed
        if self.budget is None:
            return of_run, None
        return of_run, self.budget.usd - self.budget.elsewhere() - (committed - self.owed)

    def expected(self, quote: Decimal, model: str = "") -> Decimal:
        """What a call of this quote may cost, by what the model's calls have cost so far."""
        return quote * self._factors.get(model, Decimal(1))

    def admits(self, quote: Decimal | None, model: str = "") -> bool:
        """Whether a call of this quote cannot cross the cap, whatever those under way turn out to cost."""
        return not self.is_set or (quote is not None and self.has_room(self.expected(quote, model)))

    def has_room(self, expected: Decimal) -> bool:
        """Whether this much more may be spent."""
        return all(room is None or expected <= room for room in self._room())

    def reserve(self, quote: Decimal | None, model: str = "") -> Decimal:
        """Set a call's price aside; give the amount back to ``settle``."""
        held = self.expected(quote or Decimal(0), model)
        self.in_flight += held
        return held

    def await_elsewhere(self, quote: Decimal | None, model: str = "") -> None:
        """Set aside what another run of the job ordered, and this one waits for."""
        self.owed += self.reserve(quote, model)

    def settle(
        self, held: Decimal, quote: Decimal | None, cost: Decimal | None, charged: bool, known: bool, model: str = ""
    ) -> None:
        """A call ended: charged at ``cost`` (None: not said, so its quote counts), not charged, or nobody knows."""
        self.in_flight -= held
        if not known:
            self.unknown += held
        elif charged:
            self.spent += held if cost is None else cost
            self._below_quotes += Decimal(0) if cost is None else max(held - cost, Decimal(0))
            if cost is not None and quote and cost > self.expected(quote, model):
                self._factors[model] = cost / quote

    def reached(
        self, made: int, missing: int, price: Decimal | None, lost: int = 0, lost_usd: Decimal = Decimal(0)
    ) -> BudgetReached:
        """The error that ends a run: what was spent, and what the rest would cost; ``lost`` pictures of this run were
        paid, or perhaps, and never came."""
        of_run, of_job = self._room()
        budget = self.budget if of_job is not None and (of_run is None or of_job < of_run) else None
        perhaps = f", {dollars(self.unknown)} more perhaps charged" if self.unknown else ""
        pictures = "1 picture is" if missing == 1 else f"{missing} pictures are"
        rest = "for a price nobody knows" if price is None else f"for {dollars(price)}"
        spent = f"{dollars(self.spent)} spent on {made} picture{'' if made == 1 else 's'}{perhaps}"
        if budget is not None:
            limit = f"the job's budget of {dollars(budget.usd)}"
            if others := budget.elsewhere():
                spent += f", and {dollars(others)}, perhaps, by its other runs"
        else:
            limit = "the budget" if self.cap is None else f"the budget of {dollars(self.cap)}"
        message = f"stopped at {limit}: {spent}; {pictures} missing, {rest}"
        if price is None:
            return BudgetReached(message, "write `price:` in the job's provider, or run it without a cap")
        again = f"; {lost} that {'was' if lost == 1 else 'were'} lost among it, with --retry-unknown" if lost else ""
        if budget is not None and of_job is not None:
            enough = to_the_cent(budget.usd - of_job + self._below_quotes + price + lost_usd)
            return BudgetReached(message, f"write `budget: {{usd: {enough}}}` in the job to buy the rest{again}")
        enough = to_the_cent(price + lost_usd)
        return BudgetReached(message, f"run it again with --max-cost {enough} to buy the rest{again}", enough)
