"""When to stop buying: the first call of each kind goes alone, and calls that cost and bring nothing end the run.

Faults that hit every call (a proxy that cuts off, a page in place of an answer, a parameter that the server does not
know) would else be paid for picture by picture, as far as the budget reaches.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence

from pressrun.generate.buy.order import Ended
from pressrun.model.errors import ProviderStopped
from pressrun.model.paid_provider import PaidProvider
from pressrun.model.picture import PictureRequest

MOST_IN_A_ROW = 3  # calls without a picture, for the same kind of reason, with no picture between them
RETRY = "what was perhaps paid is asked for again only with --retry-unknown"
_NUMBERS = re.compile(r"\b(?=\w*\d)[\w-]+")  # of requests, times, sizes: what differs between two equal refusals


def kind_of(provider: PaidProvider, request: PictureRequest) -> str:
    """What a call for a resolved request is like, whom it goes to included: calls of the same kind are likely to end
    alike, and to cost what they were quoted at, or not."""
    to = provider.destination({})
    with_ = (bool(request.references), bool(request.mask), bool(request.options))
    return " ".join(map(str, (to.host if to else "", request.model, request.quality, request.background, *with_)))


class Breaker:
    """Told of every call that leaves and of how it ended; decides whether another may leave."""

    def __init__(self) -> None:
        self._proven: set[Hashable] = set()
        self._on_trial: Hashable | None = None
        self._lost = 0
        self._refused: list[str] = []

    @property
    def waits(self) -> bool:
        """Whether the first call of a kind is under way, so that nothing may leave beside it."""
        return self._on_trial is not None

    def sent(self, kind: Hashable) -> None:
        if kind not in self._proven:
            self._on_trial = kind

    def broke(self, kind: Hashable) -> None:
        """A call ended without any answer."""
        if self._on_trial == kind:
            self._on_trial = None

    def came(self, kind: Hashable, ended: Sequence[Ended]) -> ProviderStopped | None:
        """A call ended; what the run ends with, if nothing more should be asked for."""
        self.broke(kind)
        if any(end.made is not None for end in ended):
            self.proved(kind)
            return None
        answer = ended[0].answer
        if answer.verdict == "lost" or (answer.verdict == "failed" and answer.booking == "charged"):
            self._lost += 1
            if self._lost >= MOST_IN_A_ROW:
                said = f"{self._lost} calls in a row were paid, or perhaps paid, and brought no picture"
                hint = "; ".join(part for part in (answer.remedy, RETRY) if part)
                return ProviderStopped(f"stopped: {said}: {answer.message}", hint)
        elif answer.verdict == "failed":
            return self._not_taken(answer.message, answer.remedy)
        return None

    def proved(self, kind: Hashable) -> None:
        """A picture of this kind came."""
        self._proven.add(kind)
        self._lost = 0
        self._refused.clear()

    def given_up(self, message: str) -> ProviderStopped | None:
        """A picture was asked for as often as makes sense, and never came."""
        return self._not_taken(message, "run the same command again when the server is well: what is paid is kept")

    def _not_taken(self, message: str, remedy: str | None) -> ProviderStopped | None:
        alike = _NUMBERS.sub("", message)
        if self._refused and self._refused[-1] != alike:
            self._refused.clear()
        self._refused.append(alike)
        if len(self._refused) < MOST_IN_A_ROW:
            return None
        said = f"{len(self._refused)} pictures in a row could not be had for the same reason"
        return ProviderStopped(f"stopped: {said}: {message}", remedy)
