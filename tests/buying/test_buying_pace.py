"""Pace: as many pictures a minute as the provider allows, and hardly one refused."""

from __future__ import annotations

import heapq
import math
import os
from typing import Any

import pytest

from pressrun.generate.buy.pace import Pacer
from pressrun.model.answer import Room
from pressrun.model.paid_provider import RateLimits
from pressrun.providers.openai.rehearsal.pace import Rate

# Seconds of a rehearsed minute: 60 is the real thing. Shorter ones measure this machine as well.
MINUTE = float(os.environ.get("PRESSRUN_MINUTE", "12"))


def answers(shop: Any) -> dict[str, int]:
    return dict(shop.server.charges()["requests"]["/v1/images/generations"])


@pytest.mark.parametrize("retry_after", [True, False], ids=["header", "text"])
def test_pictures_at_250_a_minute(open_shop: Any, retry_after: bool) -> None:
    """The limiter lets 50 through at once, then 250 a minute; hardly a call is refused."""
    shop = open_shop(rate=Rate(images=250, minute=MINUTE, burst=50, retry_after=retry_after), latency=0.05)
    bought = shop.buy(*(f"barn {number}" for number in range(200)), minute=MINUTE)
    assert len(bought.made) == 200
    counts = answers(shop)
    assert counts.get("429", 0) < 0.02 * sum(counts.values())


def test_tokens_a_minute_are_kept_too(open_shop: Any) -> None:
    shop = open_shop(rate=Rate(tokens=3_000, minute=2.0))
    bought = shop.buy(*(f"barn {number}" for number in range(60)), minute=2.0)
    assert len(bought.made) == 60
    assert answers(shop).get("429", 0) <= 3


def test_without_a_word_about_limits_the_calls_at_once_follow_refusals(open_shop: Any) -> None:
    shop = open_shop(faults=[{"fault": "rate_limit_text", "times": 6, "after": 10, "seconds": 0.05}])
    bought = shop.buy(*(f"barn {number}" for number in range(60)))
    assert len(bought.made) == 60
    assert answers(shop) == {"200": 60, "429": 6}


def pacer(**limits: Any) -> Pacer:
    return Pacer(RateLimits(**limits), 60.0, 0.0)


def test_calls_at_once_double_until_they_are_too_many() -> None:
    pace = pacer(calls=100)
    assert pace.calls == 4
    for _ in range(4):
        pace.sent(0, 0.0)
    assert pace.ready_in(0, 0.0) == math.inf
    for _ in range(4):
        pace.came(0.0, 1.0, {}, False, None, 0)
    assert pace.calls == 8
    for _ in range(8):
        pace.sent(0, 1.0)
    for _ in range(8):
        pace.came(1.0, 2.0, {}, True, 3.0, 0)
    assert pace.calls == 4, "once for all that were under way"
    assert pace.ready_in(0, 2.5) == pytest.approx(2.5), "and none leaves before the pause is over"
    pace.sent(0, 5.0)
    pace.came(5.0, 6.0, {}, False, None, 0)
    assert pace.calls == 4, "then one more a round"


def test_the_pace_that_is_told_is_reached() -> None:
    """On a clock of its own: a limiter that lets 50 through at once, then 250 a minute, answers after a second."""
    pace, now, level, filled, made = pacer(), 0.0, 50.0, 0.0, 0
    under_way: list[tuple[float, float, bool, int]] = []
    while made < 500:
        wait = pace.ready_in(0, now)
        if under_way and under_way[0][0] <= now + wait:
            now, sent_at, refused, left = heapq.heappop(under_way)
            pace.came(sent_at, now, {"images": Room(250, left)}, refused, 0.5 if refused else None, 0)
            made += not refused
            continue
        now += wait
        level, filled = min(50.0, level + (now - filled) * 250 / 60), now
        refused = level < 1
        level -= not refused
        pace.sent(0, now)
        heapq.heappush(under_way, (now + 1.0, now, refused, int(level)))
    assert 450 / now * 60 > 0.95 * 250


def test_a_limit_known_beforehand_is_kept_from_the_first_call() -> None:
    pace = pacer(images=5, calls=100)
    for _ in range(4):
        assert pace.ready_in(0, 0.0) == 0
        pace.sent(0, 0.0)
        pace.came(0.0, 0.0, {}, False, None, 0)
    pace.sent(0, 0.0)
    assert pace.ready_in(0, 0.0) == pytest.approx(12.0, rel=0.02)
    assert pace.ready_in(0, 12.2) == 0


def test_a_limit_that_is_told_is_learned() -> None:
    pace = pacer()
    pace.sent(0, 0.0)
    pace.came(0.0, 1.0, {"images": Room(60, 0)}, False, None, 0)
    assert 0 <= pace.ready_in(0, 1.0) < 1.1
    pace.sent(0, 2.0)
    pace.came(2.0, 2.0, {"images": Room(60, 0)}, True, 5.0, 0)
    assert pace.ready_in(0, 2.0) == pytest.approx(5.0, rel=0.1)


def test_what_is_larger_than_the_limit_waits_for_all_of_it() -> None:
    pace = pacer(tokens=1000)
    assert pace.ready_in(5000, 0.0) == 0
    pace.sent(5000, 0.0)
    assert pace.ready_in(10, 0.0) > 200
