"""How fast to ask: units a minute as the provider tells them, and as many calls at once as it bears."""

from __future__ import annotations

import math
from collections.abc import Mapping

from pressrun.model.answer import Room
from pressrun.model.paid_provider import RateLimits

FIRST_CALLS = 4.0  # at once, until it is known what the provider bears
SLOWEST = 0.8  # of the limit, after refusals
SAFETY = 0.01  # units kept back, so that rounding of either side is no refusal


class Bucket:
    """``limit`` units a ``minute`` (seconds), refilled all the time.

    As much as a minute's worth may be saved up, until the provider refuses: then no more than it ever said was left.
    """

    def __init__(self, limit: int, minute: float, now: float) -> None:
        self._minute = minute
        self._level = float(limit)
        self._most = float(limit)
        self._most_told = 1.0
        self._at = now
        self._ease = 1.0
        self.limit = limit

    @property
    def _per_second(self) -> float:
        return self.limit * self._ease / self._minute

    def _refill(self, now: float) -> None:
        self._level = min(self._most, self._level + max(0.0, now - self._at) * self._per_second)
        self._at = max(self._at, now)

    def ready_in(self, units: int, now: float) -> float:
        """Seconds until ``units`` can be taken; more than all that fits waits for a full bucket."""
        self._refill(now)
        missing = min(units + SAFETY, self._most) - self._level
        return max(0.0, missing / self._per_second)

    def take(self, units: int, now: float) -> None:
        self._refill(now)
        self._level -= units

    def told(self, room: Room, now: float, refused: bool) -> None:
        """What an answer said: it counts in whole units, so up to one more may be there, unless it just refused."""
        self._refill(now)
        # Who saves nothing up refuses what comes a moment early: a little slower, until it goes well.
        self._ease = max(SLOWEST, self._ease * 0.95) if refused else min(1.0, self._ease + 0.001)
        self.limit = room.limit
        self._most_told = max(self._most_told, float(room.remaining))
        self._most = min(max(self._most, self._most_told), float(room.limit))
        self._level = min(self._level, float(room.remaining if refused else room.remaining + 1), self._most)

    def empty(self, now: float, wait: float, units: int) -> None:
        """It refused ``units`` for ``wait`` more seconds: that tells its level exactly."""
        self._refill(now)
        self._most = min(self._most, max(self._most_told, float(units)))
        self._level = min(self._level, units - wait * self.limit / self._minute)


class Pacer:
    """Decides when the next call may leave.

    Calls at once: doubled every round until the first refusal for speed, then one more a round, halved at each refusal
    (once for all calls that were under way) that no limit a minute explains. Times are seconds of any one clock that
    only goes forward.
    """

    def __init__(self, limits: RateLimits, minute: float, now: float) -> None:
        self._limits, self._minute = limits, minute
        self._window = min(FIRST_CALLS, float(limits.calls))
        self._slow_start = True
        self._cut_at = -math.inf
        self._rest_until = -math.inf
        self._strain = 0
        self._under_way = 0
        self._buckets: dict[str, Bucket] = {}
        for name, limit in (("images", limits.images), ("tokens", limits.tokens)):
            if limit is not None:
                self._buckets[name] = Bucket(limit, minute, now)

    @property
    def calls(self) -> int:
        """How many calls may be under way at once, now."""
        return max(1, int(self._window))

    def ready_in(self, tokens: int, now: float, images: int = 1) -> float:
        """Seconds until a call of so many tokens may leave; infinite while as many as may be are under way."""
        if self._under_way >= self.calls:
            return math.inf
        waits = [bucket.ready_in(_units(name, tokens, images), now) for name, bucket in self._buckets.items()]
        return max(0.0, self._rest_until - now, *waits) if waits else max(0.0, self._rest_until - now)

    def sent(self, tokens: int, now: float, images: int = 1) -> None:
        """A call leaves."""
        self._under_way += 1
        for name, bucket in self._buckets.items():
            bucket.take(_units(name, tokens, images), now)

    def came(
        self, sent_at: float, now: float, rooms: Mapping[str, Room], overloaded: bool, wait: float | None, tokens: int,
        images: int = 1,
    ) -> None:  # fmt: skip
        """A call ended. ``overloaded`` if it was refused for speed, with the ``wait`` asked for, if any."""
        self._under_way -= 1
        for name, room in rooms.items():
            own: int | None = getattr(self._limits, name, None)
            room = Room(min(room.limit, own or room.limit), room.remaining)
            bucket = self._buckets.get(name)
            if bucket is None:
                bucket = self._buckets[name] = Bucket(room.limit, self._minute, now)
                # Those under way have not all been counted yet by the answer.
                bucket.take(self._under_way * _units(name, tokens, images), now)
            bucket.told(room, now, overloaded)
        if overloaded:
            short = [name for name, room in rooms.items() if room.remaining < _units(name, tokens, images)]
            for name in short if wait is not None else ():
                self._buckets[name].empty(now, wait or 0.0, _units(name, tokens, images))
            self._slow_down(sent_at, now, wait, explained=bool(short))
        else:
            self._strain = 0
            more = 1.0 if self._slow_start else 1 / self._window
            self._window = min(float(self._limits.calls), self._window + more)

    def _slow_down(self, sent_at: float, now: float, wait: float | None, explained: bool) -> None:
        if sent_at >= self._cut_at and not explained:
            self._cut_at = now
            self._slow_start = False
            self._strain += 1
            self._window = max(1.0, self._window / 2)
        pause = wait if wait is not None else min(30.0, 0.5 * 2 ** min(self._strain, 8)) * self._minute / 60
        self._rest_until = max(self._rest_until, now + pause)


def _units(name: str, tokens: int, images: int) -> int:
    return tokens if name == "tokens" else images
