"""Threads of this process, each with a bench of its own: where no process can be started, or much memory is shared.

A thread cannot be ended from outside: one whose task is late is left to itself, and another takes its place.
"""

from __future__ import annotations

import functools
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, Literal, TypeVar

from msgspec import Struct
from pydantic import Field

from pressrun.model.errors import PressrunError
from pressrun.model.executor import B, Closing, Executor, ExecutorOptions, K, too_late

T = TypeVar("T")
R = TypeVar("R")

GRACE_SECONDS = 2.0  # for the tasks in hand, when a run is stopped


class _Job(Struct, eq=False):
    task: Any
    function: Callable[[Any, Any], Any]
    since: float  # when its worker got it, then when it began it, by the monotonic clock


class _Worker(threading.Thread):
    """One thread and its bench, from the first job to the closing."""

    def __init__(self, open_bench: Callable[[], Any], answers: queue.SimpleQueue[tuple[_Worker, _Job | None, Any]]):
        super().__init__(name="pressrun worker", daemon=True)
        self.job: _Job | None = None  # as the executor sees it: what it was given, and has not answered
        self.inbox: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._open, self._answers = open_bench, answers

    def run(self) -> None:
        try:
            bench = self._open()
        except Exception as error:
            self._answers.put((self, None, error))
            return
        try:
            while (job := self.inbox.get()) is not None:
                job.since = time.monotonic()
                self._answers.put((self, job, _outcome(bench, job)))
        finally:
            bench.close()


class ThreadExecutor(Generic[B]):
    """`workers` threads; see :class:`pressrun.model.executor.Executor`. Each holds one task and none ahead."""

    refused: tuple[PressrunError, ...] = ()  # none is strange to us

    def __init__(self, workers: int, open_bench: Callable[[K], B], kit: K) -> None:
        if workers < 1:
            raise ValueError("workers must be at least 1")
        self._most = workers
        self._open: Callable[[], B] = functools.partial(open_bench, kit)
        self._answers: queue.SimpleQueue[tuple[_Worker, _Job | None, Any]] = queue.SimpleQueue()
        self._workers: list[_Worker] = []

    def run(
        self, tasks: Iterable[T], function: Callable[[B, T], R], *, ahead: int = 1, deadline: float | None = None
    ) -> Iterator[tuple[T, R | Exception]]:
        if any(worker.job for worker in self._workers):  # of a run that was left
            self.close()
        rest, more = iter(tasks), True
        while True:
            while more and (worker := self._idle()):
                try:
                    worker.job = _Job(next(rest), function, time.monotonic())
                except StopIteration:
                    more = False
                else:
                    worker.inbox.put(worker.job)
            busy = [worker for worker in self._workers if worker.job]
            if not busy:
                return
            try:
                worker, job, outcome = self._answers.get(timeout=_left(busy, deadline))
            except queue.Empty:
                for late in [worker for worker in busy if _left([worker], deadline) == 0]:
                    assert late.job is not None
                    assert deadline is not None
                    self._workers.remove(late)
                    late.inbox.put(None)  # should it ever come to an end
                    yield late.job.task, too_late("thread", deadline, _stack_of(late))
                continue
            if worker not in self._workers:
                continue  # late after all, or of a run that was left
            if job is None:
                self._workers.remove(worker)
                raise outcome
            worker.job = None
            yield job.task, outcome

    def close(self) -> None:
        workers, self._workers = self._workers, []
        for worker in workers:
            worker.inbox.put(None)
        until = time.monotonic() + GRACE_SECONDS
        for worker in workers:
            worker.join(max(0.0, until - time.monotonic()))

    def _idle(self) -> _Worker | None:
        """A worker without a task, a new one while there may be more."""
        for worker in self._workers:
            if worker.job is None:
                return worker
        if len(self._workers) == self._most:
            return None
        self._workers.append(_Worker(self._open, self._answers))
        self._workers[-1].start()
        return self._workers[-1]


class ThreadOptions(ExecutorOptions):
    """Threads of one process: slower than processes, since Python and PDFium let one of them work at a time."""

    type: Literal["threads"] = Field(default="threads", description="Threads of one process.")

    def open(self, open_bench: Callable[[K], Closing], kit: K, workers: int) -> Executor:
        return ThreadExecutor(workers, open_bench, kit)


def _outcome(bench: Any, job: _Job) -> Any:
    try:
        return job.function(bench, job.task)
    except Exception as error:
        error.add_note(traceback.format_exc().rstrip())
        return error
    except (SystemExit, KeyboardInterrupt) as error:
        return RuntimeError(f"a task must not end its process: {error!r}")


def _left(busy: list[_Worker], deadline: float | None) -> float | None:
    """Seconds until the first of these is late: 0 if one is, None if none ever will be."""
    if deadline is None:
        return None
    now = time.monotonic()
    return max(0.0, min(worker.job.since + deadline - now for worker in busy if worker.job))


def _stack_of(worker: _Worker) -> str:
    frame = sys._current_frames().get(worker.ident or 0)
    return "".join(traceback.format_stack(frame)).rstrip() if frame else "it has just ended"
