"""What a provider that costs money must be able to do.

A call is made once: whether to ask again, how fast, and within which budget is decided by whoever buys, never here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar, Protocol

from msgspec import Struct

from pressrun.model.answer import Answer
from pressrun.model.batch import BatchDesk, BatchOffer, LanePrice
from pressrun.model.destination import Destination
from pressrun.model.finding import Finding
from pressrun.model.picture import PictureRequest
from pressrun.model.provider import ProviderOptions, ReadReference


class RateLimits(Struct, frozen=True):
    """How many images and tokens a minute may be asked for, where that is known beforehand, and calls at once."""

    images: int | None = None
    tokens: int | None = None
    calls: int = 64


class PaidClient(Protocol):
    """An open connection to a provider; ``ask_takes`` is called from many threads at once."""

    def ask_takes(
        self, request: PictureRequest, count: int, attempt: str, read: ReadReference, files: Mapping[str, str]
    ) -> list[Answer]:
        """Make one call for ``count`` takes of a resolved request, marked with the attempt's number; an answer for
        each, where takes that did not come are to be asked for again. ``files`` are references that lie there already,
        by digest. Raises nothing but programming errors."""
        ...

    def fetch(self, request: PictureRequest, address: str, cost_usd: Decimal | None) -> Answer:
        """Fetch the picture of a request that was paid before, and lies at an address. Costs nothing."""
        ...

    def close(self) -> None:
        """Hang up: calls under way break off."""
        ...


class PaidProvider(ProviderOptions):
    """Options of a provider whose calls cost money. Requests are given as they are in the plan, not yet resolved."""

    PAID: ClassVar[bool] = True
    READS_REFERENCES: ClassVar[bool] = True

    def resolve(self, request: PictureRequest) -> PictureRequest:
        """The request with this provider's model and quality filled in."""
        return request

    def advice(self, today: dt.date) -> list[Finding]:
        """What is worth knowing before a run: unknown or retiring models."""
        return []

    def why_unpriced(self, request: PictureRequest) -> tuple[str, str]:
        """Why nobody knows the price of a request, and what to write so that it is known."""
        return f"the provider {self.type} tells no price", "run it without a cap"

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

    def destination(self, environment: Mapping[str, str]) -> Destination | None:
        """Where it sends what it is asked, and which key; None where it does not leave this process."""
        return None

    def open_client(self, environment: Mapping[str, str]) -> PaidClient:
        """Ready to ask. Raises MissingTool where there is no key for it in the environment."""
        raise NotImplementedError

    def offers(self) -> tuple[BatchOffer, ...]:
        """Which batches it takes, one offer a lane."""
        return ()

    def offer(self, lane: str) -> BatchOffer | None:
        """The offer of a lane; None where it has none."""
        return next((one for one in self.offers() if one.lane == lane), None)

    def uploads(self) -> bool:
        """Whether references are uploaded once, and named in calls."""
        return False

    def lane_price(self, request: PictureRequest, lane: str) -> LanePrice:
        """What it costs by a lane, where it has one."""
        return LanePrice(Decimal(1))

    def pixels(self, request: PictureRequest) -> tuple[int, int] | None:
        """The size in which a picture comes; None where the model chooses it."""
        return request.size

    def open_desk(self, environment: Mapping[str, str], lane: str) -> BatchDesk:
        """Ready to take batches of a lane, where it does. Raises MissingTool as `open_client` does."""
        raise NotImplementedError
