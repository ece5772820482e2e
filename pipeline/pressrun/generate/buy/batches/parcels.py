"""Batches on their way: what is in one, how it is journaled before it leaves, and how it is recognised afterwards."""

from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct, field

from pressrun.generate.buy.call import quote_of
from pressrun.model.batch import BatchOffer, Phase
from pressrun.model.journal import Attempt, Limit, Money, Settlement
from pressrun.model.paid_provider import PaidProvider
from pressrun.model.picture import Brief, PictureRequest, Reference
from pressrun.model.plan import PictureTask

BEGUN, SENDING, SUBMITTED = "begun", "sending", "submitted"
"""States of a batch that is not over: written down; handed in, with or without success; taken by the provider."""

_NO_BRIEF = Brief("", (), (), "", (), (), "", "", "", (0.5, 0.5))


class Parcel(Struct):
    """A batch that the provider has; ``attempts`` by picture. ``told`` is what was last said of it."""

    id: str
    remote: str
    attempts: dict[str, Attempt]
    phase: Phase = "validating"
    told: tuple[str, int] = ("", 0)
    missed: int = 0
    cancelled: bool = False

    def named(self, row: str) -> str:
        """The picture of a row; one without a name is the only one."""
        return row or next(iter(self.attempts), "")

    def request_of(self, key: str) -> PictureRequest | None:
        """What was asked for, as far as its answer is judged by it; None for a row that is settled or not ours."""
        attempt = self.attempts.get(self.named(key))
        if attempt is None:
            return None
        detail = attempt.detail
        width, _, height = str(detail["size"]).partition("x")
        credit = tuple(dict(detail.get("credit") or {}).items())
        return PictureRequest(
            "", (int(width), int(height)), _NO_BRIEF, int(detail["take"]),
            detail.get("background", "opaque"),
            references=(Reference("", "", "", credit=credit),) if credit else (),
            mask=Reference("", "", "") if detail.get("masked") else None, model=attempt.model,
        )  # fmt: skip


class Line(Struct, frozen=True):
    """One picture, ready to be handed in."""

    task: PictureTask
    request: PictureRequest
    text: bytes
    quoted_usd: Decimal | None


class Shard(Struct):
    """Lines that go into one batch."""

    kind: str
    lines: list[Line] = field(default_factory=list)
    size: int = 0  # bytes

    @property
    def text(self) -> bytes:
        return b"".join(line.text for line in self.lines)


def shards(kind: str, lines: Iterable[Line], offer: BatchOffer) -> Iterator[Shard]:
    """Lines in their order, in as few batches as the limits allow."""
    shard = Shard(kind)
    for line in lines:
        full = len(shard.lines) >= offer.requests or shard.size + len(line.text) > offer.bytes
        if full and shard.lines:
            yield shard
            shard = Shard(kind)
        shard.lines.append(line)
        shard.size += len(line.text)
    if shard.lines:
        yield shard


def write_down(
    shard: Shard, lane: str, journal: Money, run: str, provider: PaidProvider, about: Mapping[str, Any],
    within: Limit | None,
) -> tuple[str, dict[str, Any]]:  # fmt: skip
    """Journal a shard and an attempt for each of its pictures, before anything of it leaves; our name for it, and what
    was noted of it. Raises OverLimit."""
    name = _name(journal, run)
    noted = {**about, "kind": shard.kind, "rows": len(shard.lines), "run": run}
    quotes = [quote_of(line.task, provider, line.quoted_usd, run, name, lane=lane) for line in shard.lines]
    journal.begin_batch(name, noted, quotes, within)
    return name, noted


def _name(journal: Money, run: str) -> str:
    """A name that no other batch has, of whatever journal, on whatever machine that shares the account."""
    parts = (socket.gethostname(), journal.address, run, str(os.getpid()), str(len(journal.batches())))
    return f"pressrun-{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:32]}"


def open_rows(journal: Money) -> dict[str, dict[str, Attempt]]:
    """Attempts without an end by batch and picture."""
    found: dict[str, dict[str, Attempt]] = {}
    for attempt in journal.open_attempts():
        if attempt.batch:
            found.setdefault(attempt.batch, {})[attempt.picture] = attempt
    return found


def lose(journal: Money, name: str) -> None:
    """A batch of which nobody knows whether it came to be, and that cannot be looked for: perhaps charged."""
    journal.end_batch(name, "lost")


def drop(journal: Money, name: str, attempts: Iterable[Attempt]) -> None:
    """A batch that never reached the provider: nothing of it was charged."""
    unspent = [Settlement(attempt.id, "not_charged", Decimal(0)) for attempt in attempts]
    journal.end_batch(name, "dropped", unspent)
