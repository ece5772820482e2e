"""The rate limiter: buckets that refill all the time, as the real API's do ("Limit 5, Used 5 … try again in 12s")."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from msgspec import Struct

from pressrun.providers.openai.rehearsal.refusal import Refusal


class Rate(Struct, frozen=True):
    """Limits of one server. None means no limit, and no headers.

    `images` and `tokens` are a minute's worth; `burst` is how many images may come at once after a rest (the whole
    minute's worth if not said). `minute` is the length of a minute in seconds, for rehearsals in a hurry.
    `retry_after` says whether a 429 carries the wait as a header too, or only in its text. `reset` is the form of
    the reset headers: "duration" (`240ms`, `1.5s`, `6m0s`: what the API has long sent) or "seconds" (a whole number:
    what its specification says today).
    """

    images: int | None = None
    tokens: int | None = None
    burst: int | None = None
    minute: float = 60.0
    retry_after: bool = True
    reset: str = "duration"


class ServerBucket:
    """`limit` units a `minute`, refilled continuously, never more than `capacity` saved up."""

    def __init__(self, limit: int, capacity: int, minute: float, now: float) -> None:
        self.limit = limit
        self.capacity = max(1, capacity)
        self._per_second = limit / minute
        self._level = float(self.capacity)
        self._at = now

    def refill(self, now: float) -> None:
        self._level = min(float(self.capacity), self._level + (now - self._at) * self._per_second)
        self._at = now

    def wait(self, units: int) -> float:
        """Seconds until `units` can be taken; infinite if they never can."""
        if units > self.capacity:
            return float("inf")
        return max(0.0, (units - self._level) / self._per_second)

    def take(self, units: int) -> None:
        self._level -= units

    @property
    def remaining(self) -> int:
        return max(0, int(self._level + 1e-9))

    @property
    def reset(self) -> float:
        """Seconds until the bucket is full again."""
        return (self.capacity - self._level) / self._per_second


class Limiter:
    """Admits orders, or refuses them with 429; a refused order costs nothing."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._lock = threading.Lock()
        now = clock()
        self._buckets: dict[str, ServerBucket] = {}
        if rate.images is not None:
            self._buckets["images"] = ServerBucket(rate.images, rate.burst or rate.images, rate.minute, now)
        if rate.tokens is not None:
            self._buckets["tokens"] = ServerBucket(rate.tokens, rate.tokens, rate.minute, now)

    def admit(self, model: str, *, images: int, tokens: int) -> None:
        """Take `images` and `tokens` (an estimate of the whole call) from the buckets, or raise the 429."""
        wanted = {"images": images, "tokens": tokens}
        with self._lock:
            now = self._clock()
            for bucket in self._buckets.values():
                bucket.refill(now)
            for name, bucket in self._buckets.items():
                wait = bucket.wait(wanted[name])
                if wait > 1e-9:
                    raise self._refuse(model, name, bucket, wanted[name], wait)
            for name, bucket in self._buckets.items():
                bucket.take(wanted[name])

    def headers(self) -> dict[str, str]:
        with self._lock:
            now = self._clock()
            for bucket in self._buckets.values():
                bucket.refill(now)
            return self._headers()

    def _headers(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, bucket in self._buckets.items():
            found[f"x-ratelimit-limit-{name}"] = str(bucket.limit)
            found[f"x-ratelimit-remaining-{name}"] = str(bucket.remaining)
            reset = bucket.reset
            found[f"x-ratelimit-reset-{name}"] = (
                duration(reset) if self._rate.reset == "duration" else str(-int(-reset // 1))
            )
        return found

    def _refuse(self, model: str, name: str, bucket: ServerBucket, units: int, wait: float) -> Refusal:
        what = "input-images per min" if name == "images" else "tokens per min (TPM)"
        kind = "input-images" if name == "images" else "tokens"
        text = f"Rate limit reached for {model} (for limit gpt-image) in organization org-rehearsal on {what}: "
        if wait == float("inf"):
            return Refusal(
                429,
                f"{text}Limit {bucket.capacity}, Requested {units}. The request is larger than the limit.",
                kind=kind,
                code="rate_limit_exceeded",
                headers=self._headers(),
            )
        return rate_limited(
            f"{text}Limit {bucket.limit}, Used {bucket.limit - bucket.remaining}, Requested {units}.",
            wait,
            kind=kind,
            header=self._rate.retry_after,
            headers=self._headers(),
        )


def rate_limited(text: str, wait: float, *, kind: str, header: bool, headers: dict[str, str]) -> Refusal:
    """A 429 that asks to wait `wait` seconds, in its text and, if `header`, in the headers too."""
    extra = {"retry-after": str(-int(-wait // 1)), "retry-after-ms": str(-int(-wait * 1000 // 1))} if header else {}
    return Refusal(
        429,
        f"{text} Please try again in {duration(wait)}. "
        "Visit https://platform.openai.com/account/rate-limits to learn more.",
        kind=kind,
        code="rate_limit_exceeded",
        headers=headers | extra,
    )


def duration(seconds: float) -> str:
    """Seconds as the API writes them: `240ms`, `1.5s`, `6m0s`; rounded up, so that waiting it out is enough."""
    milliseconds = -int(-seconds * 1000 // 1)
    if milliseconds < 1000:
        return f"{milliseconds}ms"
    minutes, rest = divmod(milliseconds, 60_000)
    text = f"{rest / 1000:.3f}".rstrip("0").rstrip(".")
    return f"{minutes}m{text}s" if minutes else f"{text}s"
