"""Worker processes on this machine, spawned (a fork after Typst has run deadlocks).

Each worker has two pipes of its own and nothing is shared between workers: no lock that a dead one could keep, and no
doubt about which task it died of. (A `ProcessPoolExecutor` loses everybody's tasks with one worker, cannot say whose
fault it was, and leaves its workers waiting for ever when the parent is killed; here they see their pipe close.)
"""

from __future__ import annotations

import contextlib
import pickle
import queue
import signal
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing import connection, get_context
from multiprocessing.context import SpawnProcess
from types import TracebackType
from typing import Any, Generic, Self, TypeVar, cast

from pressrun.model.errors import PressrunError

T = TypeVar("T")
R = TypeVar("R")

FAILED_STARTS = 2  # in a row, before it is clear that workers cannot start here
GRACE_SECONDS = 2.0  # for the tasks in hand, when a run is stopped
TERMINATE_SECONDS = 1.0


class WorkerDied(PressrunError):
    """The process doing a task ended (killed, out of memory, crashed), and did so again when it was tried alone."""


class WorkersCannotStart(PressrunError):
    """No worker gets as far as taking a task."""


@dataclass(slots=True)
class _Job(Generic[T]):
    """A task, as sent: `alone` once a worker has died of it."""

    task: T
    message: bytes
    alone: bool = False


@dataclass(slots=True, eq=False)
class _Worker:
    """A process with the tasks it holds, the first of which it is doing."""

    process: SpawnProcess
    tasks: connection.Connection[Any, Any]
    answers: connection.Connection[Any, Any]
    jobs: deque[_Job[Any]] = field(default_factory=deque)
    ready: bool = False


class LocalExecutor:
    """`jobs` processes, each of which calls `initializer(*initargs)` once. Use it as a context, or `close` it.

    `inline` does everything in this process, one task after the other: for debugging only.
    """

    def __init__(
        self,
        jobs: int,
        initializer: Callable[..., object] | None = None,
        initargs: tuple[Any, ...] = (),
        *,
        inline: bool = False,
    ) -> None:
        if jobs < 1:
            raise ValueError("jobs must be at least 1")
        self.jobs = jobs
        self.inline = inline
        self._start_call = (initializer, initargs)
        self._started_inline = False
        self._workers: list[_Worker] = []
        self._failed_starts = 0
        self._runs = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def run(
        self, tasks: Iterable[T], function: Callable[[T], R], *, ahead: int = 1
    ) -> Iterator[tuple[T, R | Exception]]:
        """Do `function(task)` for every task, and give each task back with its result, in order of completion.

        An exception is a result, not raised. `tasks` is read only as far as workers can take them: each holds the one
        it does and `ahead` more, so that it need not wait for us (0 for long tasks of unequal length, which should not
        queue behind one another). A task whose worker died is tried once more, alone, and given back with `WorkerDied`
        if that worker dies too. When the iterator is left early, or on Ctrl-C, the tasks in hand get a moment to
        finish, then the workers are ended.
        Raises what `initializer` raised, or `WorkersCannotStart`. Not for several threads at once.
        """
        return self._run_inline(tasks, function) if self.inline else self._run(iter(tasks), function, 1 + ahead)

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
            worker.process.close()

    def _run(self, tasks: Iterator[T], function: Callable[[T], R], most: int) -> Iterator[tuple[T, R | Exception]]:
        self._runs += 1
        run = self._runs
        if self._in_hand():  # of a run that was left, and whose iterator somebody still holds
            self.close()
        suspects: deque[_Job[T]] = deque()
        again: deque[_Job[T]] = deque()  # were behind a suspect, and are not to blame
        more = True
        try:
            while True:
                alone = bool(suspects) or any(job.alone for worker in self._workers for job in worker.jobs)
                while not alone and (again or more) and self._has_room(most):
                    if again:
                        self._send(again.popleft())
                        continue
                    try:
                        task = next(tasks)
                    except StopIteration:
                        more = False
                        break
                    try:
                        job = _Job(task, pickle.dumps((function, task), pickle.HIGHEST_PROTOCOL))
                    except Exception as error:
                        yield task, error
                        continue
                    self._send(job)
                if suspects and not self._in_hand():
                    self._send(suspects.popleft())
                if not self._in_hand():
                    return
                for worker in self._wait():
                    yield from self._receive(worker, suspects, again)
        finally:
            if run == self._runs and self._in_hand():
                self.close()

    def _run_inline(self, tasks: Iterable[T], function: Callable[[T], R]) -> Iterator[tuple[T, R | Exception]]:
        initializer, initargs = self._start_call
        if initializer is not None and not self._started_inline:
            initializer(*initargs)
        self._started_inline = True
        for task in tasks:
            try:
                outcome: R | Exception = function(task)
            except Exception as error:
                outcome = error
            yield task, outcome

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
        context = get_context("spawn")
        theirs, tasks = context.Pipe(duplex=False)
        answers, answering = context.Pipe(duplex=False)
        process = context.Process(target=_work, args=(theirs, answering), name="pressrun worker", daemon=True)
        # Sent through our pipe, not as an argument: `start` keeps the reading end of its own open while it writes, and
        # would wait for ever for a process that died before it read more than a pipe holds.
        start_call = pickle.dumps(self._start_call, pickle.HIGHEST_PROTOCOL)
        with _interrupts_held_back():
            process.start()
        theirs.close()
        answering.close()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it died; the sentinel tells
            tasks.send_bytes(start_call)
        worker = _Worker(process, tasks, answers)
        self._workers.append(worker)
        return worker

    def _send(self, job: _Job[Any]) -> None:
        worker = self._least_busy()
        worker.jobs.append(job)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it died; the sentinel tells
            worker.tasks.send_bytes(job.message)

    def _wait(self) -> list[_Worker]:
        """The workers that have something to say, or have died."""
        handles: dict[Any, _Worker] = {}
        for worker in self._workers:
            handles[worker.answers] = worker
            handles[worker.process.sentinel] = worker
        return list(dict.fromkeys(handles[handle] for handle in connection.wait(list(handles))))

    def _receive(
        self, worker: _Worker, suspects: deque[_Job[T]], again: deque[_Job[T]]
    ) -> Iterator[tuple[T, R | Exception]]:
        try:
            if not worker.answers.poll():
                raise EOFError
            answer = worker.answers.recv_bytes()
        except (EOFError, OSError):
            yield from self._bury(worker, suspects, again)
            return
        if not worker.ready:
            failure = pickle.loads(answer)
            if failure is not None:
                raise failure
            worker.ready, self._failed_starts = True, 0
            return
        job = worker.jobs.popleft()
        try:
            outcome = cast("R | Exception", pickle.loads(answer))
        except Exception as error:
            outcome = error
        yield job.task, outcome

    def _bury(
        self, worker: _Worker, suspects: deque[_Job[T]], again: deque[_Job[T]]
    ) -> Iterator[tuple[T, R | Exception]]:
        self._workers.remove(worker)
        worker.process.join(TERMINATE_SECONDS)
        if worker.process.exitcode is None:  # its pipe is closed, yet it runs: no use to us
            worker.process.kill()
            worker.process.join()
        how = _how_it_ended(worker.process.exitcode)
        worker.tasks.close()
        worker.answers.close()
        worker.process.close()
        if not worker.ready:
            again.extend(job for job in worker.jobs if not job.alone)
            suspects.extend(job for job in worker.jobs if job.alone)
            self._failed_starts += 1
            if self._failed_starts >= FAILED_STARTS:
                raise WorkersCannotStart(
                    f"worker processes end before they can work: {how}",
                    "a script that runs Pressrun needs `if __name__ == '__main__':` around it; or: try fewer --jobs",
                )
            return
        if not worker.jobs:
            return
        guilty = worker.jobs.popleft()
        again.extend(worker.jobs)
        if guilty.alone:
            yield guilty.task, WorkerDied(f"the process working on this ended twice: {how}")
        else:
            guilty.alone = True
            suspects.append(guilty)


def _work(
    tasks: connection.Connection[Any, Any],
    answers: connection.Connection[Any, Any],
) -> None:
    """A worker's life: get ready, say so, then answer one task after the other until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; what to do is the parent's to say
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    try:
        start_call = tasks.recv_bytes()
    except (EOFError, OSError):
        return  # the parent is gone
    # Emptied by a thread, so that the parent never waits for a worker that waits for the parent.
    inbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    closed = threading.Event()
    threading.Thread(target=_fetch, args=(tasks, inbox, closed), daemon=True).start()
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the parent is gone
        try:
            initializer, initargs = pickle.loads(start_call)
            if initializer is not None:
                initializer(*initargs)
        except Exception as error:
            answers.send_bytes(_to_send(error))
            return
        answers.send_bytes(_to_send(None))
        while (message := inbox.get()) is not None and not closed.is_set():
            answers.send_bytes(_answer(message))


def _fetch(
    tasks: connection.Connection[Any, Any], inbox: queue.SimpleQueue[bytes | None], closed: threading.Event
) -> None:
    with contextlib.suppress(EOFError, OSError):
        while True:
            inbox.put(tasks.recv_bytes())
    closed.set()  # the next task is not begun any more
    inbox.put(None)


def _answer(message: bytes) -> bytes:
    try:
        function, task = pickle.loads(message)
        return _to_send(function(task))
    except Exception as error:
        return _to_send(error)
    except (SystemExit, KeyboardInterrupt) as error:
        return _to_send(RuntimeError(f"a task must not end its process: {error!r}"))


def _to_send(outcome: object) -> bytes:
    """The outcome pickled; an exception carries where it arose, or is told in words if it does not survive the trip."""
    if isinstance(outcome, Exception):
        outcome.add_note("".join(traceback.format_exception(outcome)).rstrip())
        try:
            message = pickle.dumps(outcome, pickle.HIGHEST_PROTOCOL)
            pickle.loads(message)
            return message
        except Exception:
            outcome = RuntimeError(f"{type(outcome).__name__}: {outcome}", outcome.__notes__)
    return pickle.dumps(outcome, pickle.HIGHEST_PROTOCOL)


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


@contextlib.contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """A process started meanwhile is born deaf to Ctrl-C; for us it is only delayed."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _how_it_ended(code: int | None) -> str:
    if code is not None and code < 0:
        name = signal.Signals(-code).name if -code in {int(one) for one in signal.Signals} else str(-code)
        return f"killed by {name}" + (" (most likely out of memory)" if -code == signal.SIGKILL else "")
    return f"exit code {code}"
