"""Which lane is taken, what it is quoted at, and how it is said."""

from __future__ import annotations

import pytest
from batch_shop import provider_at, tasks_for
from hypothesis import given
from hypothesis import strategies as st

from pressrun.generate.buy.lanes import LEAST_SECONDS, choose, direct_seconds, quoted_for
from pressrun.model.duration import seconds_of, spoken
from pressrun.model.errors import InputError, MissingTool
from pressrun.model.paid_provider import RateLimits
from pressrun.model.plan import Plan
from pressrun.providers.fpo import FpoProvider

HOUR = 3600.0
PROVIDER = provider_at("http://127.0.0.1:9/v1", tier=5)  # 250 pictures a minute


@pytest.mark.parametrize(
    ("deadline", "count", "lane", "until"),
    [
        (30 * HOUR, 10, "batch", None),  # the whole window
        (24 * HOUR, 10, "batch", None),
        (6 * HOUR, 1000, "batch", 6 * HOUR - (1.25 * 240 + 120)),  # in a batch as long as direct calls can follow
        (0.5 * HOUR, 10, "direct", None),
        (2 * HOUR, 100_000, "direct", None),  # 100 000 pictures take direct calls 6.7 hours
    ],
)
def test_auto_goes_by_deadline_and_count(deadline: float, count: int, lane: str, until: float | None) -> None:
    choice = choose("auto", deadline, count, PROVIDER)
    assert (choice.lane, choice.until) == (lane, until)
    assert choice.why
    assert not choice.asked_for


def test_who_asks_for_batches_gets_them_or_is_told_why_not() -> None:
    assert choose("batch", None, 5, PROVIDER).lane == "batch"
    assert choose("direct", None, 5, PROVIDER).lane == "direct"
    nowhere = provider_at("http://127.0.0.1:9/v1", profile="localai")
    with pytest.raises(MissingTool, match="--lane direct"):
        choose("batch", None, 5, nowhere)
    assert choose("auto", 30 * HOUR, 5, nowhere).lane == "direct"
    with pytest.raises(InputError, match="no time for a batch"):
        choose("batch", 600, 5, PROVIDER)
    assert choose("batch", None, 5, FpoProvider(type="fpo")).lane == "direct"


@given(st.floats(60, 40 * HOUR), st.integers(1, 100_000), st.integers(1, 1000))
def test_whatever_is_chosen_direct_calls_can_still_keep_the_deadline(deadline: float, count: int, pace: int) -> None:
    provider = provider_at("http://127.0.0.1:9/v1", images_per_minute=pace)
    choice = choose("auto", deadline, count, provider)
    if choice.until is not None:
        assert choice.until >= LEAST_SECONDS
        assert choice.until + count * 60 / pace < deadline


def test_the_plan_says_where_half_the_price_is_not_confirmed() -> None:
    for model, said in (("gpt-image-2", False), ("gpt-image-2.6-flare", True)):
        tasks = tasks_for(["a barn"], provider_at("http://127.0.0.1:9/v1", model=model))
        plan = quoted_for(Plan(1, tuple(tasks), (), tuple(tasks), ()), "batch", None)
        (finding,) = plan.findings
        assert finding.code == "lane"
        assert (f"not confirmed for {model}" in finding.message) is said


def test_more_pictures_take_longer() -> None:
    times = [direct_seconds(count, RateLimits()) for count in (1, 10, 1000)]
    assert times == sorted(times)
    assert direct_seconds(250, RateLimits(images=250)) == pytest.approx(1.25 * 60 + 120)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("6h", 6 * HOUR), ("90m", 5400), ("1h30m", 5400), ("2d", 48 * HOUR), ("1.5h", 5400), ("45s", 45)],
)
def test_times(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds
    assert spoken(seconds)


@pytest.mark.parametrize("text", ["", "6", "h", "6 hours", "-6h", "6h-", "tomorrow"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match="write 6h"):
        seconds_of(text)
