"""Worker processes on this machine. Where that is safe they are forked from a process that has imported what they need,
and done nothing else (see `beginnings`): a fork after Typst has run deadlocks.

Each worker has pipes of its own and nothing is shared between workers: no lock that a dead one could keep, and no
doubt about which task it died of. (A `ProcessPoolExecutor` loses everybody's tasks with one worker, cannot say whose
fault it was, and leaves its workers waiting for ever when the parent is killed; here they see their pipe close.)
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from multiprocessing import connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Generic, Literal, Self, TypeVar, cast

from msgspec import Struct, field
from pydantic import Field

from pressrun.executors.local.beginnings import beginning, interrupts_held_back, the_caller_left_out
from pressrun.executors.local.process import TELL, work
from pressrun.model.errors import PressrunError
from pressrun.model.executor import B, Closing, Executor, ExecutorOptions, K, WorkerDied, WorkersCannotStart, too_late
from pressrun.model.waiting_tasks import PackedTask, WaitingTasks

T = TypeVar("T")
R = TypeVar("R")

FAILED_STARTS = 2  # in a row, before it is clear that workers cannot start here
GRACE_SECONDS = 2.0  # for the tasks in hand, when a run is stopped
TERMINATE_SECONDS = 1.0
START_SECONDS = 600.0  # for a worker to get ready
WATCH_SECONDS = 10.0  # between two looks at what workers are doing
TELL_SECONDS = 1.0  # of silence, after which a worker that is late has said where it is
LONGEST_TRACE = 65_536  # bytes: what a pipe holds


class _Worker(Struct, eq=False):
    """A process with the tasks it holds, the first of which it is doing ``since`` then, by the monotonic clock."""

    process: BaseProcess
    tasks: connection.Connection[Any, Any]
    answers: connection.Connection[Any, Any]
    traces: connection.Connection[Any, Any]
    since: float
    jobs: deque[PackedTask[Any]] = field(default_factory=deque)
    ready: bool = False


class LocalExecutor(Generic[B]):
    """`jobs` processes; see :class:`pressrun.model.executor.Executor`. Use it as a context, or `close` it."""

    refused: tuple[PressrunError, ...] = ()  # none is strange to us

    def __init__(self, jobs: int, open_bench: Callable[[K], B], kit: K) -> None:
        if jobs < 1:
            raise ValueError("jobs must be at least 1")
        self.jobs = jobs
        self._start_call = (open_bench, kit)
        self._workers: list[_Worker] = []
        self._failed_starts = 0
        self._runs = 0
        self._watched = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def run(
        self, tasks: Iterable[T], function: Callable[[B, T], R], *, ahead: int = 1, deadline: float | None = None
    ) -> Iterator[tuple[T, R | Exception]]:
        """Each worker holds the task it does and `ahead` more, so that it need not wait for us (0 for long tasks of
        unequal length, which should not queue behind one another). A task whose worker died is tried once more, alone,
        and given back with `WorkerDied` if that worker dies too; one that is late is not tried again, and its worker
        is ended. When the iterator is left early, or on Ctrl-C, the tasks in hand get a moment to finish, then the
        workers are ended. Not for several threads at once.
        """
        return self._run(WaitingTasks(tasks, function), 1 + ahead, deadline)

    def close(self) -> None:
        """End the workers: they finish what they are doing if that takes a moment, else they are terminated."""
        workers, self._workers = self._workers, []
        for worker in workers:
            worker.tasks.close()  # what tells a worker that nothing more comes
        until = time.monotonic() + GRACE_SECONDS
        for worker in workers:
            _drain(worker, until)
        for worker in workers:
            if worker.process.is_alive():
                worker.process.terminate()
        for worker in workers:
            worker.process.join(TERMINATE_SECONDS)
            if worker.process.exitcode is None:
                worker.process.kill()
                worker.process.join()
            worker.answers.close()
            worker.traces.close()
            worker.process.close()

    def _run(self, waiting: WaitingTasks[T], most: int, deadline: float | None) -> Iterator[tuple[T, R | Exception]]:
        self._runs += 1
        run = self._runs
        if self._in_hand():  # of a run that was left, and whose iterator somebody still holds
            self.close()
        try:
            while True:
                alone = bool(waiting.suspects) or any(job.alone for worker in self._workers for job in worker.jobs)
                while not alone and self._has_room(most) and (job := waiting.take()):
                    self._send(job)
                yield from waiting.unpackable()
                if waiting.suspects and not self._in_hand():
                    self._send(waiting.suspects.popleft())
                if not self._in_hand():
                    return
                speaking, late = self._watch(deadline)
                for worker in speaking:
                    yield from self._receive(worker, waiting)
                for worker in late:
                    yield from self._give_up(worker, deadline, waiting)
        finally:
            if run == self._runs and self._in_hand():
                self.close()

    def _in_hand(self) -> bool:
        return any(worker.jobs for worker in self._workers)

    def _has_room(self, most: int) -> bool:
        return len(self._workers) < self.jobs or any(len(worker.jobs) < most for worker in self._workers)

    def _least_busy(self) -> _Worker:
        """An idle worker, else a new one while there may be more, else the one with the least to do."""
        least = min(self._workers, key=lambda worker: len(worker.jobs), default=None)
        if least is None or (least.jobs and len(self._workers) < self.jobs):
            return self._start_worker()
        return least

    def _start_worker(self) -> _Worker:
        open_bench, _ = self._start_call
        context = beginning(open_bench.__module__)
        theirs, tasks = context.Pipe(duplex=False)
        answers, answering = context.Pipe(duplex=False)
        traces, tracing = context.Pipe(duplex=False)
        process = context.Process(target=work, args=(theirs, answering, tracing), name="pressrun worker", daemon=True)
        # Sent through our pipe, not as an argument: `start` keeps the reading end of its own open while it writes, and
        # would wait for ever for a process that died before it read more than a pipe holds.
        start_call = pickle.dumps((dict(os.environ), *self._start_call), pickle.HIGHEST_PROTOCOL)
        try:
            with interrupts_held_back(), the_caller_left_out():
                process.start()
        except (EOFError, ConnectionError) as gone:
            raise WorkersCannotStart("the process that workers are forked from has ended", "try fewer --jobs") from gone
        theirs.close()
        answering.close()
        tracing.close()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it died; the sentinel tells
            tasks.send_bytes(start_call)
        worker = _Worker(process, tasks, answers, traces, time.monotonic())
        self._workers.append(worker)
        return worker

    def _send(self, job: PackedTask[Any]) -> None:
        worker = self._least_busy()
        if worker.ready and not worker.jobs:
            worker.since = time.monotonic()
        worker.jobs.append(job)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it died; the sentinel tells
            worker.tasks.send_bytes(job.message)

    def _watch(self, deadline: float | None) -> tuple[list[_Worker], list[_Worker]]:
        """Wait for workers that have something to say, or have died, or are late."""
        handles: dict[Any, _Worker] = {}
        for worker in self._workers:
            handles[worker.answers] = worker
            handles[worker.process.sentinel] = worker
        now = time.monotonic()
        due = min((worker.since + _limit(worker, deadline) for worker in self._workers if worker.jobs), default=now)
        found = connection.wait(list(handles), min(WATCH_SECONDS, max(0.0, due - now)))
        speaking = list(dict.fromkeys(handles[handle] for handle in found))
        now = time.monotonic()
        # While we were stopped (Ctrl-Z) or busy elsewhere, so may they have been, or what they said lay unread.
        unwatched = max(0.0, now - self._watched - 2 * WATCH_SECONDS)
        self._watched = now
        for worker in self._workers:
            worker.since += unwatched
        return speaking, [
            worker
            for worker in self._workers
            if worker.jobs and worker not in speaking and now - worker.since >= _limit(worker, deadline)
        ]

    def _receive(self, worker: _Worker, waiting: WaitingTasks[T]) -> Iterator[tuple[T, R | Exception]]:
        try:
            if not worker.answers.poll():
                raise EOFError
            answer = worker.answers.recv_bytes()
        except (EOFError, OSError):
            yield from self._bury(worker, waiting)
            return
        if not worker.ready:
            failure = pickle.loads(answer)
            if failure is not None:
                raise failure
            worker.ready, self._failed_starts = True, 0
            worker.since = time.monotonic()
            return
        job = worker.jobs.popleft()
        worker.since = time.monotonic()
        try:
            outcome = cast("R | Exception", pickle.loads(answer))
        except Exception as error:
            outcome = error
        yield job.task, outcome

    def _bury(self, worker: _Worker, waiting: WaitingTasks[T]) -> Iterator[tuple[T, R | Exception]]:
        how, trace = self._end(worker)
        if not worker.ready:
            waiting.unbegun(worker.jobs)
            self._failed_starts += 1
            if self._failed_starts >= FAILED_STARTS:
                raise WorkersCannotStart(
                    f"worker processes end before they can work: {how}",
                    "try fewer --jobs",
                )
        elif worker.jobs and (guilty := waiting.bury(worker.jobs)):
            died = WorkerDied(f"the process working on this ended twice: {how}")
            died.add_note(trace)
            yield guilty.task, died

    def _give_up(
        self, worker: _Worker, deadline: float | None, waiting: WaitingTasks[T]
    ) -> Iterator[tuple[T, R | Exception]]:
        """End a worker that is late: asked where it is, then killed."""
        said = b""
        if TELL is not None and worker.ready:
            with contextlib.suppress(ProcessLookupError, TypeError):
                os.kill(worker.process.pid, TELL)  # type: ignore[arg-type]  # it was started
            said = _told_until_silent(worker)
        worker.process.kill()
        if not worker.ready or deadline is None:
            yield from self._bury(worker, waiting)
            return
        _, trace = self._end(worker, said)
        guilty = worker.jobs.popleft()
        waiting.unbegun(worker.jobs)
        yield guilty.task, too_late("process", deadline, trace)

    def _end(self, worker: _Worker, said: bytes = b"") -> tuple[str, str]:
        """Put a dead worker away: how it ended, and where it says it was; ``said`` has been read already."""
        self._workers.remove(worker)
        worker.process.join(TERMINATE_SECONDS)
        if worker.process.exitcode is None:  # its pipe is closed, yet it runs: no use to us
            worker.process.kill()
            worker.process.join()
        how, trace = _how_it_ended(worker.process.exitcode), said
        pid = worker.process.pid
        with contextlib.suppress(OSError):
            while len(trace) < LONGEST_TRACE and (piece := os.read(worker.traces.fileno(), LONGEST_TRACE)):
                trace += piece
        for pipe in (worker.tasks, worker.answers, worker.traces):
            pipe.close()
        worker.process.close()
        return how, trace.decode(errors="replace").strip() or f"process {pid}, {how}: it did not say where it was"


def _drain(worker: _Worker, until: float) -> None:
    """Wait for a worker to end by itself, reading what it still says: it must not wait for us."""
    process, answers = worker.process, worker.answers
    open_handles: list[Any] = [answers, process.sentinel]
    while process.is_alive() and (left := until - time.monotonic()) > 0:
        if answers in connection.wait(open_handles, left):
            try:
                answers.recv_bytes()
            except (EOFError, OSError):
                open_handles.remove(answers)


def _limit(worker: _Worker, deadline: float | None) -> float:
    """Seconds that a worker has for what it is doing."""
    return START_SECONDS if not worker.ready else float("inf") if deadline is None else deadline


def _told_until_silent(worker: _Worker) -> bytes:
    """What a worker that was asked where it is says, which it does word by word."""
    said = b""
    while len(said) < LONGEST_TRACE and connection.wait([worker.traces], TELL_SECONDS):
        if not (piece := os.read(worker.traces.fileno(), LONGEST_TRACE)):
            break  # it has ended
        said += piece
    return said


def _how_it_ended(code: int | None) -> str:
    if code is not None and code < 0:
        name = signal.Signals(-code).name if -code in {int(one) for one in signal.Signals} else str(-code)
        return f"killed by {name}" + (" (most likely out of memory)" if -code == signal.SIGKILL else "")
    return f"exit code {code}"


class LocalOptions(ExecutorOptions):
    """Processes of this machine."""

    type: Literal["local"] = Field(default="local", description="Processes of this machine.")

    def open(self, open_bench: Callable[[K], Closing], kit: K, workers: int) -> Executor:
        return LocalExecutor(workers, open_bench, kit)
