"""One call for a picture, or for several takes of one: written down, made, its pictures kept, and booked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from pressrun.generate.buy.delivery import receive
from pressrun.model.answer import Answer
from pressrun.model.errors import PictureFailed
from pressrun.model.journal import Journal, Quote, Result, Settlement
from pressrun.model.paid_provider import PaidClient, PaidProvider
from pressrun.model.picture import PictureMade
from pressrun.model.plan import PictureTask
from pressrun.model.store import Store


@dataclass(frozen=True, slots=True)
class Ended:
    """What a call came to for one of its pictures; ``notes`` are worth saying of one that came."""

    task: PictureTask
    answer: Answer
    made: PictureMade | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Caller:
    """Makes calls for one run; ``make`` is called from many threads at once."""

    provider: PaidProvider
    client: PaidClient
    store: Store
    journal: Journal
    run: str

    def make(self, tasks: Sequence[PictureTask]) -> list[Ended]:
        """Ask for these pictures, which differ in nothing but their takes. Whatever ends the process, what is in the
        journal is what left the house. Raises JournalError, CannotWrite."""
        request = self.provider.resolve(tasks[0].request)
        kind = self.provider.type
        attempts = self.journal.begin_attempts(
            [Quote(task.key, kind, request.model, task.quoted_usd, _detail(task), self.run) for task in tasks]
        )
        # The first attempt's number names the call to the provider.
        answers = self.client.ask_takes(request, len(tasks), str(attempts[0]), self.store.read)
        ended, settlements = [], []
        for task, attempt, answer in zip(tasks, attempts, answers, strict=True):
            end, result = self._received(task, answer)
            ended.append(end)
            booking = end.answer.booking
            if booking is not None:
                cost = answer.cost_usd if booking == "charged" else Decimal(0)
                settlements.append(Settlement(attempt, booking, cost, answer.usage, result=result))
        self.journal.finish_attempts(settlements)
        return ended

    def _received(self, task: PictureTask, answer: Answer) -> tuple[Ended, Result | None]:
        if answer.verdict != "picture":
            return Ended(task, answer), None
        try:
            delivery = receive(task.key, self.provider, self.provider.resolve(task.request), answer, self.store)
        except PictureFailed as unusable:
            said = replace(
                answer, verdict="failed", message=unusable.message, hint=unusable.hint, remedy=unusable.remedy
            )
            return Ended(task, said), None
        made = delivery.made
        return Ended(task, answer, made, delivery.notes), made.result()


def _detail(task: PictureTask) -> dict[str, Any]:
    width, height = task.request.size
    take = task.request.take
    return {"slot": task.slot, "master": task.master, "row": task.row, "size": f"{width}x{height}", "take": take}
