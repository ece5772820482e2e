"""Money: every call that may cost is written down before it leaves, and settled when its answer is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, Protocol

from msgspec import Struct, field

from pressrun.model.journal.results import Result, noted

State = Literal["charged", "refused", "failed", "not_charged", "written_off"]
"""How an attempt ended. `written_off`: perhaps charged, and the user said to ask again all the same."""

Standing = Literal["in_flight", "in_batch", "unknown"]

ENDED = ("settled", "dropped", "lost")
"""States of a batch that nothing more comes of: its rows were read and booked; it never reached the provider; the
provider no longer knows it. Of an attempt that is still open then, nobody knows whether it was charged."""


class Quote(Struct, frozen=True):
    """A call about to be made for one picture. `quoted_usd` is `None` where the price is not known.

    `batch` is a row of the batches, for a picture that is asked for by batch. `held_usd` is what is set aside for it
    where bills were seen to be higher than quotes.
    """

    picture: str
    provider: str
    model: str
    quoted_usd: Decimal | float | None
    detail: Mapping[str, Any] = field(default_factory=dict)
    run: str = ""
    batch: str | None = None
    held_usd: Decimal | None = None


class Limit(Struct, frozen=True):
    """Dollars that all runs of a job together may have committed."""

    job: str
    usd: Decimal


class OverLimit(Exception):
    """Calls that, with all that the runs of their job have committed by now, would cross its limit."""


class Settlement(Struct, frozen=True):
    """How one attempt ended. `result` is recorded in the same transaction, so neither is ever there alone. `address` is
    where a picture lies that was paid, and could not be fetched yet."""

    attempt: int
    state: State
    cost_usd: Decimal | float | None = None
    usage: Mapping[str, Any] | None = None
    digest: str | None = None
    result: Result | None = None
    address: str | None = None


class Attempt(Struct, frozen=True):
    """An attempt as the journal has it. `standing` is set while it is open; `pid` and `host` made it. `address` is
    where its picture lies as long as nobody could fetch it."""

    id: int
    picture: str
    run: str
    provider: str
    model: str
    quoted_usd: Decimal | None
    detail_json: str
    state: State | Literal["open"]
    standing: Standing | None
    cost_usd: Decimal | None
    usage_json: str | None
    digest: str | None
    batch: str | None
    pid: int
    host: str
    address: str | None = None

    @property
    def detail(self) -> dict[str, Any]:
        """What the caller noted before the call."""
        return noted(self.detail_json)

    @property
    def usage(self) -> dict[str, Any] | None:
        """What the provider counted, if it said."""
        return None if self.usage_json is None else noted(self.usage_json)


class Spending(Struct, frozen=True):
    """Dollars, exactly. `spent` was charged; the others are quotes: calls under way, in batches, perhaps charged
    (unknown or written off).

    `unpriced` counts attempts whose price nobody knows: charged without a cost, or perhaps charged without a quote.
    """

    spent: Decimal
    in_flight: Decimal
    in_batch: Decimal
    unknown: Decimal
    unpriced: int

    @property
    def committed(self) -> Decimal:
        """The most that may have been spent when all that is open has come in."""
        return self.spent + self.in_flight + self.in_batch + self.unknown


class Batch(Struct, frozen=True):
    """One shard. `id` is our own name for it, `remote` the provider's (none until the provider took it).

    `alive` says whether the journal that began it is still open somewhere.
    """

    id: str
    state: str
    remote: str | None
    shard_json: str
    alive: bool

    @property
    def shard(self) -> dict[str, Any]:
        """What is in it, as its maker noted."""
        return noted(self.shard_json)


class RunEntry(Struct, frozen=True):
    """A run as the ledger has it: what it is called, whose job it is, when it began (ISO 8601, UTC), the exit code it
    ended with. One without an end whose process is no longer `alive` was killed. ``pid`` is that of the process on this
    ``host``, None where nobody knows."""

    name: str
    job: str
    started: str
    exit: int | None
    alive: bool
    pid: int | None = None
    host: str = ""

    @property
    def was_killed(self) -> bool:
        return self.exit is None and not self.alive


class Money(Protocol):
    """Attempts, batches, and claims: who is making which picture, so that two runs do not pay for the same one; and the
    runs in whose name all that is done.

    Every method is one transaction, on disk when it returns. An attempt that is open when its process ends, however it
    ends, is `unknown` from then on, and its claims are free.
    """

    @property
    def address(self) -> str:
        """What tells this journal from every other on the machine: part of the names that batches have."""
        ...

    def begin_run(self, name: str, job: str, started: str) -> None:
        """Write down that a run of a job begins."""
        ...

    def end_run(self, name: str, exit: int) -> None:
        """A run ended by itself, with this exit code."""
        ...

    def runs(self) -> list[RunEntry]:
        """Every run that was begun, the oldest first."""
        ...

    def committed(self, job: str, but: str = "") -> Decimal:
        """The most that all runs of a job, but one, may have spent when all that is open has come in: what its budget
        has to be held against."""
        ...

    def factors(self) -> dict[str, Decimal]:
        """By model: how many times its quote the dearest of its latest calls cost, where that is more than once."""
        ...

    def proven(self) -> set[str]:
        """The kinds (as attempts have them in their detail) of which a picture was paid and kept."""
        ...

    def begin_attempts(self, quotes: Sequence[Quote], within: Limit | None = None) -> list[int]:
        """Write down calls before they leave (takes of one call, rows of a batch), all or none; their numbers. Raises
        OverLimit: two processes that ask at one instant are not both let in where there is room for one."""
        ...

    def finish_attempts(self, settlements: Sequence[Settlement]) -> list[int]:
        """Settle several at once, all or none; returns those that were still open. `KeyError` for an unknown number.

        A second settlement of the same attempt changes nothing and records nothing, so that two processes that fetch
        the same batch book it once.
        """
        ...

    def deliver(self, attempt: int, result: Result) -> None:
        """Record the picture of an attempt that was paid before, and whose picture lay at an address."""
        ...

    def attempts(self, run: str | None = None) -> list[Attempt]:
        """The ledger: every attempt of a run, or of all, in the order they were begun."""
        ...

    def open_attempts(self, pictures: Iterable[str] | None = None) -> list[Attempt]:
        """Attempts without an end, of these pictures or of all: in flight, in a batch, or unknown. Oldest first."""
        ...

    def paid_attempts(self, pictures: Iterable[str]) -> dict[str, list[Attempt]]:
        """Attempts that were, or may have been, paid for, by picture, the oldest first: charged, or without an end."""
        ...

    def spent(self, run: str | None = None) -> Decimal:
        """Dollars charged, exactly, by a run or by all."""
        ...

    def spending(self, run: str | None = None) -> Spending:
        """What was spent, and what may still come: what a cap has to be held against."""
        ...

    def claim_all(self, keys: Iterable[str]) -> set[str]:
        """Take those of `keys` that nobody alive has, this journal included. A dead process' claims are taken over.

        Once one is yours, `lookup` again before paying: whoever had it may just have finished.
        """
        ...

    def release_all(self, keys: Iterable[str]) -> None:
        """Let go of several keys; nothing happens to those that are not ours."""
        ...

    def begin_batch(
        self, batch: str, shard: Mapping[str, Any], quotes: Sequence[Quote] = (), within: Limit | None = None
    ) -> None:
        """Write down a batch before it is sent, in state `begun`, with an attempt for each of its pictures. Raises
        OverLimit as `begin_attempts` does."""
        ...

    def update_batch(
        self, batch: str, state: str, remote: str | None = None, shard: Mapping[str, Any] | None = None
    ) -> None:
        """Set a batch's state, and what else became known of it; `KeyError` if there is none of that name."""
        ...

    def end_batch(self, batch: str, state: str, settlements: Iterable[Settlement] = ()) -> None:
        """Settle what a batch came to, and set its last state, at once: none is over whose pictures are not booked,
        and none is still open whose pictures all are. `KeyError` as for `update_batch` and `finish_attempts`."""
        ...

    def batches(self, *states: str) -> list[Batch]:
        """All batches in these states, or all there are, by name."""
        ...
