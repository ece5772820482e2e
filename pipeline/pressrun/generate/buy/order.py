"""One call to be made, and what it came to: what passes between whoever decides and the threads that call."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from decimal import Decimal

from msgspec import Struct

from pressrun.model.answer import Answer
from pressrun.model.picture import PictureMade
from pressrun.model.plan import PictureTask


class Ended(Struct, frozen=True):
    """What a call came to for one of its pictures; ``notes`` are worth saying of one that came."""

    task: PictureTask
    answer: Answer
    made: PictureMade | None = None
    notes: tuple[str, ...] = ()


class Order(Struct):
    """One call to be made: for a picture, or for several takes of one. ``held`` is what the budget holds for each;
    calls of one ``kind`` are likely to end alike."""

    tasks: tuple[PictureTask, ...]
    tokens: int
    kind: Hashable = None
    model: str = ""
    failures: int = 0
    pauses: int = 0
    held: tuple[Decimal, ...] = ()
    sent_at: float = 0.0

    @property
    def quoted_usd(self) -> Decimal | None:
        quotes = [task.quoted_usd for task in self.tasks]
        return None if None in quotes else sum((quote for quote in quotes if quote is not None), Decimal(0))


class Came(Struct, frozen=True):
    """The end of a call, told by its thread."""

    order: Order
    ended: Sequence[Ended] = ()
    broken: BaseException | None = None


def most_telling(ended: Sequence[Ended]) -> Answer | None:
    """Of one call's answers, the one that tells most of the pace; None of a call that broke."""
    return next((end.answer for end in ended if end.answer.overloaded), ended[0].answer if ended else None)
