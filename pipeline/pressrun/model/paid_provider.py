"""What a provider that costs money must be able to do, and what one call of it comes to.

A call is made once: whether to ask again, how fast, and within which budget is decided by whoever buys, never here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol

from pressrun.model.finding import Finding
from pressrun.model.picture import Picture, PictureRequest
from pressrun.model.provider import ProviderOptions, ReadReference

if TYPE_CHECKING:
    from pressrun.model.batch import BatchDesk, BatchOffer

Verdict = Literal["picture", "again", "refused", "failed", "lost", "stop"]
"""``again``: nothing was made, and asking once more may help. ``lost``: no answer, or none that can be read, to a call
that may have been charged. ``stop``: no further picture will be served."""

Booking = Literal["charged", "refused", "failed", "not_charged"]


@dataclass(frozen=True, slots=True)
class Room:
    """What an answer said of one limit: ``limit`` units a minute, of which ``remaining`` may be taken now."""

    limit: int
    remaining: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What one call came to.

    ``booking`` is None where nobody can say whether it was charged. ``wait`` is the pause asked for, in seconds;
    ``overloaded`` says that there were too many calls. ``facts`` go into the ledger; ``previews`` are pictures of the
    work half done. ``rooms`` are the limits told, by what they count: ``images``, ``tokens``.
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


@dataclass(frozen=True, slots=True)
class RateLimits:
    """How many images and tokens a minute may be asked for, where that is known beforehand, and calls at once."""

    images: int | None = None
    tokens: int | None = None
    calls: int = 64


class PaidClient(Protocol):
    """An open connection to a provider; ``ask_takes`` is called from many threads at once."""

    def ask_takes(self, request: PictureRequest, count: int, attempt: str, read: ReadReference) -> list[Answer]:
        """Make one call for ``count`` takes of a resolved request, marked with the attempt's number; an answer for
        each, where takes that did not come are to be asked for again. Raises nothing but programming errors."""
        ...

    def close(self) -> None:
        """Hang up: calls under way break off."""
        ...


class PaidProvider(ProviderOptions):
    """Options of a provider whose calls cost money. Requests are given as they are in the plan, not yet resolved."""

    PAID: ClassVar[bool] = True
    PARALLEL: ClassVar[str] = "network"
    READS_REFERENCES: ClassVar[bool] = True

    def resolve(self, request: PictureRequest) -> PictureRequest:
        """The request with this provider's model and quality filled in."""
        return request

    def faults(self, request: PictureRequest, read: ReadReference) -> list[Finding]:
        """What would make the call fail, known before it is made."""
        return []

    def advice(self, today: dt.date) -> list[Finding]:
        """What is worth knowing before a run: unknown or retiring models."""
        return []

    def tokens(self, request: PictureRequest) -> int:
        """How many tokens the call is likely to take, for keeping the pace; 0 where that is not counted."""
        return 0

    def together(self, request: PictureRequest) -> int:
        """How many takes of it one call may be asked for."""
        return 1

    def limits(self) -> RateLimits:
        """What is known of the pace beforehand."""
        return RateLimits()

    def key_variable(self, environment: Mapping[str, str]) -> str | None:
        """The environment variable that its key is read from; None where it needs none."""
        return None

    def open_client(self, environment: Mapping[str, str]) -> PaidClient:
        """Ready to ask. Raises MissingTool where there is no key for it in the environment."""
        raise NotImplementedError

    def batches(self) -> BatchOffer | None:
        """Which batches it takes; None if it takes none."""
        return None

    def open_desk(self, environment: Mapping[str, str]) -> BatchDesk:
        """Ready to take batches, where it does. Raises MissingTool as `open_client` does."""
        raise NotImplementedError
