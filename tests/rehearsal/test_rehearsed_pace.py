"""The limiter: how many get through, what the headers say, and that waiting as told is enough."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import openai
import pytest

from pressrun.providers.openai.rehearsal.pace import Limiter, Rate, duration
from pressrun.providers.openai.rehearsal.refusal import Refusal

ASK: dict[str, Any] = {"model": "gpt-image-2", "prompt": "a red barn", "size": "1024x1024", "quality": "low"}


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def admitted(limiter: Limiter, **wanted: int) -> bool:
    try:
        limiter.admit("gpt-image-2", **({"images": 1, "tokens": 0} | wanted))
    except Refusal:
        return False
    return True


def test_a_bucket_refills_all_the_time() -> None:
    clock = Clock()
    limiter = Limiter(Rate(images=250), clock)
    assert sum(admitted(limiter) for _ in range(300)) == 250
    clock.now += 0.24
    assert [admitted(limiter), admitted(limiter)] == [True, False]
    clock.now += 60
    assert sum(admitted(limiter) for _ in range(300)) == 250


def test_a_small_burst_holds_the_pace_from_the_start() -> None:
    clock = Clock()
    limiter = Limiter(Rate(images=60, burst=1), clock)
    got = 0
    for _ in range(600):
        got += admitted(limiter)
        clock.now += 0.1
    assert got == 60


def test_the_refusal_says_how_long_and_a_refused_call_takes_nothing() -> None:
    clock = Clock()
    limiter = Limiter(Rate(images=5), clock)
    for _ in range(5):
        limiter.admit("gpt-image-2", images=1, tokens=0)
    for _ in range(3):
        with pytest.raises(Refusal) as caught:
            limiter.admit("gpt-image-2", images=1, tokens=0)
        assert "Limit 5, Used 5, Requested 1. Please try again in 12s." in caught.value.message
        assert caught.value.headers["retry-after"] == "12"
        assert caught.value.headers["retry-after-ms"] == "12000"
    clock.now += 12
    assert admitted(limiter)


def test_more_than_the_limit_never_goes() -> None:
    with pytest.raises(Refusal, match=r"Limit 5, Requested 10\."):
        Limiter(Rate(images=5), Clock()).admit("gpt-image-2", images=10, tokens=0)


def test_tokens_are_limited_too() -> None:
    clock = Clock()
    limiter = Limiter(Rate(tokens=6000), clock)
    assert admitted(limiter, tokens=5000)
    with pytest.raises(Refusal, match="tokens per min") as caught:
        limiter.admit("gpt-image-2", images=1, tokens=2000)
    assert caught.value.kind == "tokens"
    clock.now += 10
    assert admitted(limiter, tokens=2000)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.24, "240ms"), (0.0001, "1ms"), (1, "1s"), (1.5, "1.5s"), (51.84, "51.84s"), (60, "1m0s"), (360, "6m0s")],
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_headers_of_answers(start: Any) -> None:
    client, _ = start(rate=Rate(images=10, tokens=100_000, minute=6000))  # nothing to speak of comes back meanwhile
    headers = client.images.with_raw_response.generate(**ASK, n=4).headers
    assert headers["x-ratelimit-limit-images"] == "10"
    assert headers["x-ratelimit-remaining-images"] == "6"
    assert headers["x-ratelimit-reset-images"].endswith("s")
    assert headers["x-ratelimit-limit-tokens"] == "100000"
    assert 99_000 < int(headers["x-ratelimit-remaining-tokens"]) < 99_999
    assert headers["x-request-id"].startswith("req_")
    assert int(headers["openai-processing-ms"]) >= 0
    plain, _ = start(rate=Rate(images=10, reset="seconds"))
    assert plain.images.with_raw_response.generate(**ASK).headers["x-ratelimit-reset-images"] == "6"
    free, _ = start()
    assert not [name for name in free.images.with_raw_response.generate(**ASK).headers if "ratelimit" in name]


def test_a_run_that_waits_as_told_keeps_the_pace(start: Any) -> None:
    client, server = start(rate=Rate(images=300, burst=10, minute=6.0))

    def one(number: int) -> None:
        while True:
            try:
                client.images.generate(**ASK | {"prompt": f"barn {number}"})
                return
            except openai.RateLimitError as error:
                time.sleep(int(error.response.headers["retry-after-ms"]) / 1000)

    began = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, range(60)))
    took = time.monotonic() - began
    assert took >= 50 / 50 * 0.97, "60 at 50 a second, ten of them at once"
    assert server.charges()["totals"]["count"] == 60
    assert server.charges()["requests"]["/v1/images/generations"]["200"] == 60
