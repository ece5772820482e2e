"""Patience with a provider of batches: calls made again where that is safe, rests that Ctrl-C ends."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from pressrun.generate.buy.interrupts import Bell
from pressrun.model.batch import CallFailed
from pressrun.model.errors import ProviderStopped

T = TypeVar("T")

MOST_TRIES = 6
FIRST_REST, LONGEST_REST = 2.0, 60.0  # seconds between two looks at a batch; times between them grow by GROWTH
GROWTH = 1.4


class Rung(Exception):
    """Somebody asked to end, at a moment at which nothing is lost by it."""


class Patience:
    """``minute`` is the length of a minute in seconds, for rehearsals in a hurry. ``bell`` counts the wishes to end,
    and ``wake`` is to be called at each."""

    def __init__(self, minute: float) -> None:
        self._scale = minute / 60
        self._woken = threading.Event()
        self.bell = Bell()

    def wake(self) -> None:
        self._woken.set()

    def rest(self, seconds: float) -> None:
        """Wait. Raises Rung as soon as somebody asks to end."""
        self._woken.wait(seconds * self._scale)
        self.heed()

    def heed(self) -> None:
        if self.bell.rings:
            raise Rung

    def tried(self, call: Callable[[], T], tries: int = MOST_TRIES) -> T:
        """A call that may be made again without harm. Raises ProviderStopped where no call will do, CallFailed where
        this one will not, or did not in so many tries."""
        tried = 0
        while True:
            try:
                return call()
            except CallFailed as problem:
                stop_if_told(problem)
                tried += 1
                if problem.answer.verdict == "failed" or tried >= tries:
                    raise
                self.rest(problem.answer.wait or FIRST_REST * GROWTH**tried)


def stop_if_told(problem: CallFailed) -> None:
    """Raise ProviderStopped if no further call will be answered either."""
    answer = problem.answer
    if answer.verdict == "stop":
        hint = "it may take no batches: run it with --lane direct" if problem.status in (404, 405) else answer.hint
        raise ProviderStopped(answer.message, hint) from problem
