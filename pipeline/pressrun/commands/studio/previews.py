"""Sheets as they are now, for everybody who watches: drawn one after the other in the order they were asked for, and
whoever has a newer wish does not wait for the older one."""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from pressrun.commands.studio.easels import Drawn, Easel, Elsewhere, Here, Subject
from pressrun.model.executor import WorkersCannotStart

if TYPE_CHECKING:
    from pressrun.run.looks.preview import Wanted

CROWD = 2  # wishes that wait when one more easel is put up
IDLE = 300.0  # seconds after which one that nobody needs is taken down


class Wish:
    """A sheet that somebody waits for."""

    def __init__(self, whose: str, subject: Subject) -> None:
        self.whose, self.subject = whose, subject
        self.answer: Future[Drawn | None] = Future()

    def is_like(self, other: Wish) -> bool:
        return self.subject == other.subject._replace(since=self.subject.since)


class Previews:
    """Draws sheets of jobs whose fonts stay open. An easel in this process is enough for a few; where many wait, others
    help that are put up for them, up to a core each."""

    def __init__(self, here: Easel | None = None, others: Sequence[Easel] | None = None) -> None:
        self._easels = [here or Here(), *(others if others is not None else _spare())]
        self._seats: dict[int, threading.Thread] = {}
        self._waiting: deque[Wish] = deque()
        self._changed = threading.Condition()
        self._at_work: set[int] = set()
        self._closed = False

    def wished(self, whose: str, job: Path, take: int, wanted: Wanted, draft: str = "") -> Future[Drawn | None]:
        """The sheet as it is now (see `Subject`): None where the same person wishes for another before it is begun,
        InputError where the campaign cannot be read."""
        wish = Wish(whose, Subject(job, take, wanted, time.monotonic(), draft))
        with self._changed:
            if self._closed:
                wish.answer.set_result(None)
                return wish.answer
            older = next((one for one in self._waiting if one.whose == whose), None)
            if older:  # whoever changes their mind keeps their turn
                self._waiting[self._waiting.index(older)] = wish
            else:
                self._waiting.append(wish)
            self._seat()
            self._changed.notify_all()
        if older:
            _answer(older, None)
        return wish.answer

    def look(self, whose: str, job: Path, take: int, wanted: Wanted) -> Drawn | None:
        """The same, waited for."""
        return self.wished(whose, job, take, wanted).result()

    def _seat(self) -> None:
        """As many easels as are needed now are at work."""
        missing = [number for number in range(len(self._easels)) if number not in self._seats]
        if missing and (not self._seats or len(self._waiting) > CROWD):
            number = missing[0]
            self._seats[number] = threading.Thread(target=self._work, args=(number,), daemon=True)
            self._seats[number].start()

    def _work(self, number: int) -> None:
        easel = self._easels[number]
        try:
            while wishes := self._next(number):
                drawn: Drawn | BaseException
                try:
                    drawn = easel.draw(wishes[0].subject)
                except WorkersCannotStart:
                    self._give_back(wishes)
                    break
                except BaseException as error:  # a vendor's panic, too, is told to who waits, and ends nothing else
                    drawn = error
                for wish in wishes:
                    _answer(wish, drawn)
                if not self._waiting:
                    easel.rest()
        finally:
            try:
                easel.close()
            finally:
                self._leave(number)

    def _leave(self, number: int) -> None:
        """The seat is free only now that its easel is closed: whoever has it next opens it again."""
        with self._changed:
            self._seats.pop(number, None)
            if not self._closed:
                self._seat()  # a crowd may have come meanwhile

    def _next(self, number: int) -> list[Wish]:
        """The wish that waits longest, with all that wait for the same, once there is one that the first easel is not
        free for; none where this one is not needed any more."""
        with self._changed:
            self._at_work.discard(number)
            until = time.monotonic() + IDLE
            while not self._closed:
                if (not number or 0 in self._at_work) and (wishes := self._taken()):
                    self._at_work.add(number)
                    self._changed.notify_all()  # what else waits is for the others
                    return wishes
                if number and time.monotonic() > until:
                    break
                self._changed.wait(max(0.0, until - time.monotonic()) + 0.01 if number else None)
            return []

    def _give_back(self, wishes: Iterable[Wish]) -> None:
        """No process can be had: the first easel draws them after all, and nobody asks for another."""
        with self._changed:
            self._waiting.extendleft(wishes)
            del self._easels[1:]
            self._changed.notify_all()

    def _taken(self) -> list[Wish]:
        while self._waiting:
            first = self._waiting[0]
            same = [one for one in self._waiting if one.is_like(first)]
            self._waiting = deque(one for one in self._waiting if not one.is_like(first))
            if wanted := [one for one in same if one.answer.running() or one.answer.set_running_or_notify_cancel()]:
                newest = max(one.subject.since for one in wanted)
                wanted[0].subject = first.subject._replace(since=newest)
                return wanted
        return []

    def close(self) -> None:
        """Let go of the fonts; who still waits gets nothing."""
        with self._changed:
            self._closed = True
            waiting, self._waiting = self._waiting, deque()
            seats = list(self._seats.values())
            self._changed.notify_all()
        for wish in waiting:
            if wish.answer.running() or wish.answer.set_running_or_notify_cancel():
                _answer(wish, None)
        for seat in seats:
            seat.join()


def _spare() -> list[Easel]:
    return [Elsewhere() for _ in range(min(3, (os.cpu_count() or 1) - 1))]


def _answer(wish: Wish, drawn: Drawn | BaseException | None) -> None:
    if wish.answer.cancelled():
        return
    if isinstance(drawn, BaseException):
        wish.answer.set_exception(drawn)
    else:
        wish.answer.set_result(drawn)
