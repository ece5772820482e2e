"""What one call of a provider that costs money comes to."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from msgspec import Struct, field

from pressrun.model.picture import Picture

Verdict = Literal["picture", "again", "refused", "failed", "lost", "stop", "over_budget"]
"""``again``: nothing was made, and asking once more may help. ``lost``: no answer, or none that can be read, to a call
that may have been charged. ``stop``: no further picture will be served. ``over_budget``: nobody was asked, since other
runs of the job took what was left."""

Booking = Literal["charged", "refused", "failed", "not_charged"]


class Room(Struct, frozen=True):
    """What an answer said of one limit: ``limit`` units a minute, of which ``remaining`` may be taken now."""

    limit: int
    remaining: int


class Answer(Struct, frozen=True):
    """What one call came to.

    ``booking`` is None where nobody can say whether it was charged. ``wait`` is the pause asked for, in seconds;
    ``overloaded`` says that there were too many calls. ``usage`` goes into the ledger; ``previews`` are pictures of the
    work half done. ``rooms`` are the limits told, by what they count: ``images``, ``tokens``. ``remedy`` is what would
    keep other calls from ending the same way. ``address`` is where a picture lies that was paid and could not be
    fetched.
    """

    verdict: Verdict
    booking: Booking | None
    message: str = ""
    hint: str | None = None
    picture: Picture | None = None
    cost_usd: Decimal | None = None
    usage: Mapping[str, Any] | None = None
    wait: float | None = None
    overloaded: bool = False
    previews: tuple[bytes, ...] = ()
    rooms: Mapping[str, Room] = field(default_factory=dict)
    remedy: str | None = None
    address: str = ""
