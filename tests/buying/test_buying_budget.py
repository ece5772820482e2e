"""The cap: nothing leaves that could cross it, and what is left is told with its price."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pressrun.generate.buy.budget import Cap, JobBudget
from pressrun.model.journal import Limit

BARNS = [f"a red barn in a field of ripe rye, number {number}" for number in range(10)]


def quote(shop: Any, **options: Any) -> Decimal:
    price = shop.provider(**options).quote(shop.tasks(BARNS[:1], shop.provider(**options))[0].request)
    assert price is not None
    return price


def test_it_stops_before_the_call_that_could_cross_it(open_shop: Any) -> None:
    shop = open_shop(latency=0.02)
    price = quote(shop)
    bought = shop.buy(*BARNS, cap=str(price * 4))
    assert bought.stopped is not None
    assert bought.stopped.exit_code == 4
    assert shop.charged == len(bought.made) == 4
    assert shop.charged_usd <= price * 4
    assert {finding.code for finding in bought.failed.values()} == {"over-budget"}
    assert "6 pictures are missing" in bought.stopped.message
    assert "--max-cost 0.02" in str(bought.stopped.hint)


def test_a_cap_that_is_just_enough_is_enough(open_shop: Any) -> None:
    shop = open_shop()
    bought = shop.buy(*BARNS, cap=str(quote(shop) * len(BARNS)))
    assert bought.stopped is None
    assert len(bought.made) == 10


def test_what_costs_less_than_its_quote_leaves_room_for_more(open_shop: Any) -> None:
    """Three times a quote, but the bill is a little lower: what is left over counts once the calls are in."""
    shop = open_shop()
    price = quote(shop)
    billed = shop.buy("a red barn in a field of ripe rye, number A") and shop.charged_usd
    assert billed < price
    bought = shop.buy(*BARNS, run="second", cap=str(billed * 3 + price))
    assert len(bought.made) == 4


def test_a_cap_of_nothing_buys_nothing(open_shop: Any) -> None:
    shop = open_shop()
    bought = shop.buy(*BARNS, cap="0")
    assert bought.stopped is not None
    assert shop.asked() == 0
    assert len(bought.failed) == 10


def test_what_is_there_is_had_under_any_cap(open_shop: Any) -> None:
    shop = open_shop()
    shop.buy(*BARNS[:3])
    bought = shop.buy(*BARNS, cap="0", run="second")
    assert len(bought.made) == 3
    assert shop.charged == 3


def test_perhaps_charged_counts_as_charged(open_shop: Any) -> None:
    shop = open_shop(faults=[{"fault": "disconnect_after", "times": 2}])
    bought = shop.buy(*BARNS, cap=str(quote(shop) * 5), calls=1)
    assert len(bought.made) == 3
    assert shop.charged == 5
    assert shop.charged_usd <= quote(shop) * 5


def test_refused_and_failed_calls_leave_the_cap_alone(open_shop: Any) -> None:
    shop = open_shop(faults=[{"fault": "server_error", "times": 3}, {"fault": "moderation_output", "times": 1}])
    bought = shop.buy(*BARNS[:5], cap=str(quote(shop) * 4), calls=1)
    assert bought.stopped is None
    assert len(bought.made) == 4


def test_under_a_cap_nothing_is_bought_blindly(open_shop: Any) -> None:
    shop = open_shop(also_models=["house-model"])
    bought = shop.buy(*BARNS, cap="100", model="house-model")
    assert shop.asked() == 0
    assert {finding.code for finding in bought.failed.values()} == {"price-unknown"}
    assert bought.stopped is not None
    assert "a price nobody knows" in bought.stopped.message


def test_a_price_by_hand_is_a_price(open_shop: Any) -> None:
    shop = open_shop(also_models=["house-model"])
    bought = shop.buy(*BARNS, cap="0.035", model="house-model", price="0.01")
    assert len(bought.made) == 3
    assert shop.journal.spent("run") == Decimal("0.03")


def test_without_a_cap_an_unknown_price_is_unknown_and_not_nothing(open_shop: Any) -> None:
    shop = open_shop(also_models=["house-model"])
    bought = shop.buy("a barn", model="house-model")
    (made,) = bought.made.values()
    assert made.provenance.cost_usd is None
    assert shop.journal.spending("run").unpriced == 1


def test_quotes_are_raised_once_a_call_costs_more_than_its_own() -> None:
    budget = Cap(Decimal(10))
    held = budget.reserve(Decimal(1))
    budget.settle(held, Decimal(1), Decimal(2), charged=True, known=True)
    assert budget.spent == 2
    assert budget.expected(Decimal(1)) == 2
    assert budget.admits(Decimal(4))
    assert not budget.admits(Decimal("4.01"))


def test_what_was_raised_is_not_lowered_by_a_call_that_cost_less() -> None:
    budget = Cap(Decimal(10))
    for cost in ("2", "1", "0.5"):
        budget.settle(budget.reserve(Decimal(1)), Decimal(1), Decimal(cost), charged=True, known=True)
        assert budget.expected(Decimal(1)) == 2
    assert budget.expected(Decimal(1), "another model") == 1


@pytest.mark.parametrize(("price", "told"), [("0.0249", "0.03"), ("1", "1.00"), ("0.001", "0.01")])
def test_the_hint_is_rounded_up_to_the_cent(price: str, told: str) -> None:
    assert f"--max-cost {told} " in str(Cap(Decimal(1)).reached(1, 2, Decimal(price)).hint)


def test_a_cheap_call_lowers_no_quote_and_one_model_raises_no_other() -> None:
    budget = Cap(Decimal(10), factors={"known": Decimal(3)})
    for cost in ("0.5", "2", "1"):
        budget.settle(budget.reserve(Decimal(1), "dear"), Decimal(1), Decimal(cost), charged=True, known=True, model="dear")
    budget.settle(budget.reserve(Decimal(1)), Decimal(1), Decimal("0.5"), charged=True, known=True)
    assert [budget.expected(Decimal(1), model) for model in ("dear", "known", "")] == [2, 3, 1]


def test_what_is_enough_for_a_job_stays_the_figure_of_its_plan_where_pictures_cost_less() -> None:
    limit = Limit("job", Decimal("0.10"))
    cap = Cap(None, budget=JobBudget(Decimal("0.10"), lambda: Decimal(0), limit))
    cap.settle(cap.reserve(Decimal("0.0852")), Decimal("0.0852"), Decimal("0.0845"), charged=True, known=True)
    reached = cap.reached(1, 1, Decimal("0.0852"))
    assert "write `budget: {usd: 0.18}`" in str(reached.hint), "twice the quote, as before anything was paid"
    assert "other runs" not in str(reached)
