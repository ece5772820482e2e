"""Batches: many pictures handed over in one file, made at leisure and at a part of the price.

What a provider that takes them must be able to do. Which pictures go into which batch, when to ask after them and what
becomes of rows that fail is decided by whoever buys, never here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Literal, Protocol

from msgspec import Struct

from pressrun.model.answer import Answer
from pressrun.model.picture import PictureRequest

Phase = Literal["validating", "working", "completed", "expired", "cancelled", "failed"]
"""``failed``: the batch as a whole was not taken, and none of its rows was looked at."""

ENDED: tuple[Phase, ...] = ("completed", "expired", "cancelled", "failed")


class BatchOffer(Struct, frozen=True):
    """What batches a provider takes: how many ``requests`` and ``bytes`` each, and how many ``seconds`` it may take;
    ``address`` is whom they are sent to. One that ``is_found`` can be looked for where its number was never heard.

    A picture that is made in the background is a batch of one, at the price of a direct call.
    """

    lane: Literal["batch", "background"]
    address: str
    requests: int
    bytes: int
    seconds: float
    is_found: bool = True


class LanePrice(Struct, frozen=True):
    """Which part of a direct call's price a picture costs by a lane, and how many dollars come on top (None: nobody
    knows). One that is not ``confirmed`` is the most that it may be."""

    part: Decimal
    confirmed: bool = True
    more: Decimal | None = Decimal(0)


class BatchStatus(Struct, frozen=True):
    """How a batch stands. ``remote`` is the provider's name for it; ``outputs`` the files its rows are answered in.

    ``message`` is why it failed; ``refused`` says that such pictures are not taken in batches at all.
    """

    remote: str
    phase: Phase
    total: int = 0
    done: int = 0
    message: str = ""
    refused: bool = False
    outputs: tuple[str, ...] = ()


class CallFailed(Exception):
    """A call to do with batches did not succeed; ``answer`` says what that means, ``status`` is HTTP's, if there was
    one. Of a ``lost`` one nobody knows whether it was carried out."""

    def __init__(self, answer: Answer, status: int = 0) -> None:
        super().__init__(answer.message)
        self.answer = answer
        self.status = status


class BatchDesk(Protocol):
    """Where batches are handed in and collected. Every method may raise CallFailed."""

    def kind(self, request: PictureRequest) -> str:
        """Pictures of the same kind go into one batch; an empty one goes into none."""
        ...

    def line(self, row: str, request: PictureRequest, files: Mapping[str, str]) -> bytes:
        """One picture as a line, its end included. ``files`` are uploaded references and masks by their digest."""
        ...

    def send_picture(self, digest: str, data: bytes) -> str:
        """Upload a reference or a mask; the provider's name for it."""
        ...

    def has_file(self, file: str) -> bool:
        """Whether the provider still has an uploaded file."""
        ...

    def send_lines(self, name: str, data: bytes) -> str:
        """Upload a batch's lines; the provider's name for the file."""
        ...

    def submit(self, kind: str, file: str, name: str) -> BatchStatus:
        """Have a file worked off, under our own ``name`` for the batch."""
        ...

    def find(self, name: str, file: str) -> BatchStatus | None:
        """The batch that goes by our name, or was made of that file, if there is one."""
        ...

    def look(self, remote: str) -> BatchStatus | None:
        """How a batch stands; None if the provider knows of none."""
        ...

    def cancel(self, remote: str) -> None:
        """Have no further row begun. What is done is charged, and can be collected."""
        ...

    def rows(
        self, status: BatchStatus, request_of: Callable[[str], PictureRequest | None], folder: Path | None
    ) -> Iterator[tuple[str, Answer]]:
        """The answers to the rows of a batch that ended, by name; rows nobody asked for are passed over.

        The files are fetched whole, into ``folder`` (or the system's for such files), before the first row is read.
        """
        ...

    def close(self) -> None:
        """Hang up."""
        ...
