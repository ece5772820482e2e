"""The cap on a run: what is spent, what is on its way, and whether one more call could cross it."""

from __future__ import annotations

from decimal import ROUND_UP, Decimal

from pressrun.model.errors import BudgetReached

CENT = Decimal("0.01")


class Cap:
    """Dollars of one run. A call is reserved at its quote before it leaves, and settled when it ended.

    Once a call has cost more than its quote, quotes are raised by that factor: the cap holds all the same.
    """

    def __init__(self, cap: Decimal | None, committed: Decimal = Decimal(0)) -> None:
        self.cap = cap
        self.spent = committed
        self.in_flight = Decimal(0)
        self.unknown = Decimal(0)
        self._factor = Decimal(1)

    def expected(self, quote: Decimal) -> Decimal:
        """What a call of this quote may cost, by what calls have cost so far."""
        return quote * self._factor

    def admits(self, quote: Decimal | None) -> bool:
        """Whether a call of this quote cannot cross the cap, whatever those under way turn out to cost."""
        if self.cap is None:
            return True
        if quote is None:
            return False
        return self.spent + self.unknown + self.in_flight + self.expected(quote) <= self.cap

    def reserve(self, quote: Decimal | None) -> Decimal:
        """Set a call's price aside; give the amount back to ``settle``."""
        held = self.expected(quote or Decimal(0))
        self.in_flight += held
        return held

    def settle(self, held: Decimal, quote: Decimal | None, cost: Decimal | None, charged: bool, known: bool) -> None:
        """A call ended: charged at ``cost`` (None: not said, so its quote counts), not charged, or nobody knows."""
        self.in_flight -= held
        if not known:
            self.unknown += held
        elif charged:
            self.spent += held if cost is None else cost
            if cost is not None and quote and cost > quote * self._factor:
                self._factor = cost / quote

    def reached(
        self, made: int, missing: int, price: Decimal | None, lost: int = 0, lost_usd: Decimal = Decimal(0)
    ) -> BudgetReached:
        """The error that ends a run: what was spent, and what the rest would cost; ``lost`` pictures of this run were
        paid, or perhaps, and never came."""
        assert self.cap is not None
        perhaps = f", {dollars(self.unknown)} more perhaps charged" if self.unknown else ""
        pictures = "1 picture is" if missing == 1 else f"{missing} pictures are"
        rest = "for a price nobody knows" if price is None else f"for {dollars(price)}"
        message = (
            f"stopped at the budget of {dollars(self.cap)}: {dollars(self.spent)} spent on {made} "
            f"picture{'' if made == 1 else 's'}{perhaps}; {pictures} missing, {rest}"
        )
        if price is None:
            return BudgetReached(message, "write `price:` in the job's provider, or run it without a cap")
        enough = to_the_cent(price + lost_usd)
        again = f"; {lost} that {'was' if lost == 1 else 'were'} lost among it, with --retry-unknown" if lost else ""
        return BudgetReached(message, f"run it again with --max-cost {enough} to buy the rest{again}", enough)


def dollars(amount: Decimal) -> str:
    """To the cent, and finer where a cent would hide all of it."""
    return f"${amount:,.2f}" if amount >= CENT or not amount else f"${amount:.4f}"


def to_the_cent(amount: Decimal) -> Decimal:
    """The amount in whole cents, rounded up: a cap that is enough."""
    return amount.quantize(CENT, ROUND_UP)
