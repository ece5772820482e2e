"""By batch as by call: a few pictures of each kind go ahead, and what hits all of them is paid for a few times."""

from __future__ import annotations

import signal
from decimal import Decimal
from typing import Any

import pytest
from batch_shop import BATCH, barns, provider_at, tasks_for
from msgspec.structs import replace
from test_batch_kills import KILLS, PICTURES, Died, assert_nothing_paid_twice, dying, ended, kill, read_until, start

from pressrun.generate.buy import acquire
from pressrun.generate.buy.breaker import MOST_IN_A_ROW
from pressrun.generate.buy.terms import Terms
from pressrun.model.errors import BudgetReached, ProviderStopped

MANY = 12


def sizes(shop: Any) -> list[int]:
    """How many pictures each batch had, in the order they were handed in."""
    first = {one.batch: one.id for one in reversed(shop.journal.attempts())}
    rows = {batch.id: int(batch.shard["rows"]) for batch in shop.journal.batches()}
    return [rows[name] for name in sorted(rows, key=lambda name: first[name])]


def test_a_few_go_ahead_and_the_others_follow_once_one_has_come(open_shop: Any) -> None:
    shop = open_shop()
    bought = shop.acquire(*barns(MANY))
    assert len(bought.made) == MANY
    assert sizes(shop) == [MOST_IN_A_ROW, MANY - MOST_IN_A_ROW]
    assert shop.lanes == {"batch": MANY}
    # What is known of an earlier run is known.
    assert len(shop.acquire(*barns(MANY, first=100), run="second").made) == MANY
    assert sizes(shop)[2:] == [MANY]


def test_each_kind_has_its_own(open_shop: Any) -> None:
    shop = open_shop()
    provider = provider_at(shop.server.base_url, output_format="png")
    shop.acquire(*barns(MANY), output_format="png")
    tasks = [
        *tasks_for(barns(MANY, first=50), provider),
        *tasks_for(barns(MANY), provider, background="transparent"),
        *tasks_for(barns(MANY), provider, model="gpt-image-2.5-flare"),
    ]
    terms = Terms("second", minute=0.6)
    bought = acquire(tasks, shop.store, shop.journal, terms, lambda provider, count: BATCH, {}, shop.listener)
    assert len(bought.made) == 3 * MANY
    assert sizes(shop)[2:] == [MANY + MOST_IN_A_ROW, MOST_IN_A_ROW, *[MANY - MOST_IN_A_ROW] * 2]


def test_a_run_that_is_killed_meanwhile_is_carried_on(open_shop: Any) -> None:
    shop = open_shop(batch_delay=60)
    process = start(shop, "first")
    read_until(process, "Handed in")
    kill(process)
    assert len(shop.attempts("in_batch")) == MOST_IN_A_ROW
    shop.restart_server(batch_delay=0)
    bought = shop.acquire(*barns(PICTURES), run="second")
    assert len(bought.made) == PICTURES
    assert shop.lanes == {"batch": PICTURES}
    assert sizes(shop) == [MOST_IN_A_ROW, PICTURES - MOST_IN_A_ROW]
    assert_nothing_paid_twice(shop)


def test_no_moment_is_the_wrong_one_to_die(open_shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a run of two batches, of which the second waits for the first. ``PRESSRUN_KILLS`` of 18 and more tries every
    moment."""
    step = max(1, 18 // KILLS)
    at = step - 1
    while True:
        shop = open_shop()
        with dying(at, monkeypatch) as moments:
            try:
                shop.acquire(*barns(MOST_IN_A_ROW + 1))
                moments.dead = False
                break  # it had no such moment
            except Died:
                pass
        shop.reopen()
        assert_nothing_paid_twice(shop)
        bought = shop.acquire(*barns(MOST_IN_A_ROW + 1), run="second")
        assert len(bought.made) == len(shop.charges) == MOST_IN_A_ROW + 1, at
        assert shop.lanes == {"batch": MOST_IN_A_ROW + 1}
        assert shop.journal.spent() == shop.charged_usd
        assert not shop.journal.open_attempts()
        shop.close()
        at += step
    assert at > 40


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_says_what_has_not_left(open_shop: Any, number: signal.Signals) -> None:
    shop = open_shop(batch_delay=60)
    process = start(shop, "first")
    read_until(process, "Handed in")
    process.send_signal(number)
    code, out = ended(process)
    assert code == 130
    assert f"{PICTURES - MOST_IN_A_ROW} pictures are not handed in yet" in out


@pytest.mark.parametrize(
    ("fault", "request_", "way_out"),
    [
        ({"fault": "empty", "charge": True}, {}, "--retry-unknown"),
        ({"fault": "not_a_picture"}, {}, "--retry-unknown"),
        ({"fault": "wrong_alpha"}, {"background": "transparent"}, "cut the picture out"),
    ],
    ids=lambda value: value.get("fault", "") if isinstance(value, dict) else "",
)
def test_what_is_paid_and_lost_stops_what_has_not_left(
    open_shop: Any, fault: dict[str, Any], request_: dict[str, Any], way_out: str
) -> None:
    shop = open_shop(faults=[{**fault, "times": None}])
    with pytest.raises(ProviderStopped, match="in a row") as caught:
        shop.acquire(*barns(60), request=request_)
    assert way_out in str(caught.value.hint)
    assert len(shop.charges) == MOST_IN_A_ROW
    assert shop.journal.spent() == shop.charged_usd


def test_equal_refusals_stop_it_too(open_shop: Any) -> None:
    shop = open_shop()
    with pytest.raises(ProviderStopped, match="Unknown parameter") as caught:
        shop.acquire(*barns(60), extra={"colour": "red"})
    assert "profile" in str(caught.value.hint)
    assert not shop.charges
    assert len(shop.journal.attempts()) == MOST_IN_A_ROW
    assert not shop.journal.open_attempts()


def test_refusals_of_single_pictures_prove_nothing(open_shop: Any) -> None:
    shop = open_shop(faults=[{"fault": "moderation", "times": MOST_IN_A_ROW}])
    bought = shop.acquire(*barns(MANY))
    assert sizes(shop) == [MOST_IN_A_ROW, MOST_IN_A_ROW, MANY - 2 * MOST_IN_A_ROW]
    assert len(bought.made) == MANY - MOST_IN_A_ROW


def test_what_does_not_come_by_batch_keeps_nobody_waiting(open_shop: Any) -> None:
    shop = open_shop(faults=[{"fault": "batch_expired", "done": 0}])
    bought = shop.acquire(*barns(MANY))
    assert len(bought.made) == MANY
    assert shop.lanes == {"direct": MANY}
    assert f"{MANY} pictures did not come by batch" in bought.notes[0].message


def test_bills_above_the_quote_are_known_before_the_others_leave(open_shop: Any) -> None:
    shop = open_shop()
    models = shop.server.service.models
    models["gpt-image-2"] = replace(models["gpt-image-2"], density={"low": 23, "medium": 48, "high": 96})
    half = tasks_for(["barn 0"], provider_at(shop.server.base_url))[0].quoted_usd / 2
    bought = shop.acquire(*barns(MANY), cap=str(half * MANY))
    assert max(attempt.cost_usd for attempt in shop.attempts("charged")) > half * Decimal("1.9")
    assert MOST_IN_A_ROW < len(bought.made) < MANY
    assert shop.charged_usd <= half * MANY
    assert isinstance(bought.stopped, BudgetReached)
    assert bought.stopped.enough_usd >= (MANY - len(bought.made)) * half * 2 * Decimal("0.95")


def test_what_was_lost_by_batch_counts_in_what_is_still_needed(open_shop: Any) -> None:
    shop = open_shop(faults=[{"fault": "empty", "charge": True, "times": 1}])
    half = tasks_for(["barn 0"], provider_at(shop.server.base_url))[0].quoted_usd / 2
    bought = shop.acquire(*barns(MANY), cap=str(half * 5))
    assert isinstance(bought.stopped, BudgetReached)
    assert len(bought.made) == 4
    assert "1 that was lost among it" in str(bought.stopped.hint)
    assert bought.stopped.enough_usd >= half * (MANY - 4)
