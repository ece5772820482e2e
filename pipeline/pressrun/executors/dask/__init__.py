"""Workers of a Dask cluster, on this machine or on many. A task is given to one worker by its name, and by us alone:
Dask does again what it thinks lost, and what is at work twice may take every worker with it."""

from __future__ import annotations

import contextlib
import itertools
import os
import pickle
import queue
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, ClassVar, Generic, Literal, TypeVar
from urllib.parse import urlsplit

from msgspec import Struct, field
from pydantic import Field

from pressrun.executors.dask import worker as far
from pressrun.model.errors import MissingTool, PressrunError
from pressrun.model.executor import (
    B,
    Closing,
    Executor,
    ExecutorOptions,
    K,
    UnfitWorker,
    WorkerDied,
    WorkersCannotStart,
    too_late,
)
from pressrun.model.waiting_tasks import PackedTask, WaitingTasks

T = TypeVar("T")
R = TypeVar("R")

WAIT_SECONDS = 30.0  # for the scheduler, whatever is asked of it
START_SECONDS = 120.0  # for a worker's bench, which imports Pressrun and fetches fonts
WATCH_SECONDS = 0.5
GRACE_SECONDS = 5.0  # for the tasks in hand, when a run is stopped
LOOPBACK = ("localhost", "127.0.0.1", "::1")
CARRY_ON = "see that it runs, then run the same command again: what came in is kept"

_TOKENS = itertools.count()


class SchedulerLost(PressrunError):
    """The scheduler does not answer any more; nothing is connected to it again without being told."""


class _Worker(Struct, eq=False):
    address: str
    jobs: dict[Any, PackedTask[Any]] = field(default_factory=dict)  # the one at work first
    opening: Any = None
    ready: bool = False
    since: float = 0.0


class DaskExecutor(Generic[B]):
    """See :class:`pressrun.model.executor.Executor`."""

    def __init__(self, connect: Callable[[], tuple[Any, Any]], open_bench: Callable[[K], B], kit: K) -> None:
        self._start_call = pickle.dumps((open_bench, kit), pickle.HIGHEST_PROTOCOL)
        self._connect = connect
        self._client: Any = None  # of distributed, whose types are few
        self._cluster: Any = None
        self._token = ""
        self._workers: dict[str, _Worker] = {}
        self._unfit: dict[str, PressrunError] = {}
        self._ended: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._numbers = itertools.count()
        self._runs = 0

    def run(
        self, tasks: Iterable[T], function: Callable[[B, T], R], *, ahead: int = 1, deadline: float | None = None
    ) -> Iterator[tuple[T, R | Exception]]:
        self._runs += 1
        return self._run(WaitingTasks(tasks, function), 1 + ahead, deadline, self._runs)

    @property
    def refused(self) -> Sequence[PressrunError]:
        return tuple(self._unfit.values())

    def close(self) -> None:
        client, self._client = self._client, None
        if client is None:
            return
        # Nothing of this may keep a run from ending.
        with contextlib.suppress(Exception):
            client.sync(client._run, far.cancel, self._token, on_error="ignore", callback_timeout=GRACE_SECONDS)
        until = time.monotonic() + GRACE_SECONDS
        _wait([future for worker in self._workers.values() for future in worker.jobs], until)
        idle = [one.address for one in self._workers.values() if one.ready]
        with contextlib.suppress(Exception):
            _wait([self._submit(client, address, far.close_bench, self._token) for address in idle], until)
        self._workers.clear()
        with contextlib.suppress(Exception):
            client.close(timeout=WAIT_SECONDS)
        if self._cluster is not None:
            with contextlib.suppress(Exception):
                self._cluster.close(timeout=WAIT_SECONDS)
        self._cluster = None

    # ---------------------------------------------------------------------------------------------------- the run

    def _run(
        self, waiting: WaitingTasks[T], most: int, deadline: float | None, run: int
    ) -> Iterator[tuple[T, R | Exception]]:
        if self._in_hand():  # of a run that was left
            self.close()
        try:
            while True:
                if self._client is None and (first := waiting.take()):
                    waiting.again.appendleft(first)
                    self._begin()
                while self._client is not None and waiting:
                    idle = self._idle(1 if waiting.suspects and not waiting.again else most)
                    if idle is None or (job := waiting.take()) is None:
                        break
                    self._send(idle, job)
                yield from waiting.unpackable()
                if self._client is None or not (waiting or self._in_hand()):
                    return
                try:
                    ended = self._ended.get(timeout=WATCH_SECONDS)
                except queue.Empty:
                    yield from self._watch(deadline, waiting)
                else:
                    yield from self._receive(ended, waiting)
        finally:
            if run == self._runs and self._in_hand():
                self.close()

    def _begin(self) -> None:
        self._token = f"{os.getpid()}-{next(_TOKENS)}-{os.urandom(4).hex()}"
        self._client, self._cluster = self._connect()
        self._workers, self._unfit = {}, {}
        self._ended = queue.SimpleQueue()
        until = time.monotonic() + WAIT_SECONDS
        while not self._look_round():
            if time.monotonic() > until:
                raise WorkersCannotStart(f"no worker came to {self._where} within {WAIT_SECONDS:g} s", "start some")
            time.sleep(0.1)
        until = time.monotonic() + START_SECONDS
        while not any(worker.ready for worker in self._workers.values()):
            with contextlib.suppress(queue.Empty):
                for _ in self._receive(self._ended.get(timeout=WATCH_SECONDS), WaitingTasks((), far.do)):
                    pass
            self._look_round()
            if not self._workers and self._unfit:
                raise next(iter(self._unfit.values()))
            if time.monotonic() > until:
                raise WorkersCannotStart(f"no worker at {self._where} gets ready", "see the workers' own logs")

    @property
    def _where(self) -> str:
        return "the scheduler" if self._client is None else str(self._client.scheduler.address)

    def _look_round(self) -> bool:
        """Open benches at workers that are new; whether there are any. Raises SchedulerLost."""
        new = [address for address in self._alive() if address not in self._workers and address not in self._unfit]
        strange = self._without_us(new) if new else ()
        for address in new:
            one = self._workers[address] = _Worker(address, since=time.monotonic())
            if address in strange:
                self._refuse(one, UnfitWorker("has no Pressrun, or one of another version", UnfitWorker.CURE))
                continue
            one.opening = self._submit(self._client, address, far.open_bench, self._token, self._start_call)
            one.opening.add_done_callback(self._ended.put)
        return bool(self._workers or self._unfit)

    def _without_us(self, addresses: list[str]) -> set[str]:
        """Those that do not have this package. Of a task with a function that it cannot find a worker ends,
        while a call beside the tasks is answered."""
        with contextlib.suppress(Exception):
            run, wait = self._client._run, WAIT_SECONDS
            said = self._client.sync(run, far.is_here, workers=addresses, on_error="return", callback_timeout=wait)
            failed = {address: answer for address, answer in said.items() if isinstance(answer, Exception)}
            return {address for address, error in failed.items() if not isinstance(error, OSError)}  # of the line
        return set()

    def _alive(self) -> set[str]:
        client = self._client
        try:
            if client.status != "running":
                raise OSError(client.status)
            info = client.sync(client.scheduler.identity, n_workers=-1, callback_timeout=WAIT_SECONDS)
        except Exception as error:
            raise SchedulerLost(f"{self._where} does not answer any more", CARRY_ON) from error
        return set(info["workers"])

    def _submit(self, client: Any, address: str, function: Callable[..., Any], *args: Any) -> Any:
        number = next(self._numbers)
        return client.submit(
            function, *args, key=f"pressrun-{self._token}-{number}", workers=[address], allow_other_workers=False,
            retries=0, pure=False, priority=-number,
        )  # fmt: skip

    def _send(self, one: _Worker, job: PackedTask[Any]) -> None:
        future = self._submit(self._client, one.address, far.do, self._token, job.message)
        if not one.jobs:
            one.since = time.monotonic()
        one.jobs[future] = job
        future.add_done_callback(self._ended.put)

    def _idle(self, most: int) -> _Worker | None:
        ready = [one for one in self._workers.values() if one.ready and not any(job.alone for job in one.jobs.values())]
        least = min(ready, key=lambda one: len(one.jobs), default=None)
        return None if least is None or len(least.jobs) >= most else least

    def _in_hand(self) -> bool:
        return any(worker.jobs for worker in self._workers.values())

    # ------------------------------------------------------------------------------------------------- what comes in

    def _receive(self, future: Any, waiting: WaitingTasks[T]) -> Iterator[tuple[T, Any]]:
        owner = next((one for one in self._workers.values() if future in one.jobs or one.opening is future), None)
        if owner is None:
            return
        if future.status != "finished":
            if future.status == "error":  # Dask itself could not do it
                error = future.exception(timeout=WAIT_SECONDS)
                if owner.opening is future:
                    self._refuse(owner, UnfitWorker(f"cannot begin: {error}", UnfitWorker.CURE))
                else:
                    yield owner.jobs.pop(future).task, error if isinstance(error, Exception) else WorkerDied(str(error))
            return  # the worker is gone, or the scheduler: the next look round tells
        if (answer := self._fetched(future, owner)) is None:
            return  # the worker is gone with what it made: the next look round tells
        if owner.opening is future:
            owner.opening = None
            failure = pickle.loads(answer)
            if isinstance(failure, UnfitWorker):
                self._refuse(owner, failure)
                return
            if failure is not None:
                raise failure
            owner.ready = True
            return
        job = owner.jobs.pop(future)
        owner.since = time.monotonic()
        if isinstance(answer, far.NoBench):
            del self._workers[owner.address]  # it ended and came back under its old name
            waiting.unbegun((job, *owner.jobs.values()))
            return
        try:
            outcome = pickle.loads(answer)
        except Exception as error:
            outcome = error
        yield job.task, outcome

    def _fetched(self, future: Any, owner: _Worker) -> Any:
        """What a worker made, which lies with it until then; None where it is gone. Raises SchedulerLost."""
        until = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                return future.result(timeout=min(GRACE_SECONDS, WAIT_SECONDS))
            except Exception as error:
                if owner.address not in self._alive():
                    return None
                if time.monotonic() > until:
                    raise SchedulerLost(f"{self._where} does not answer any more", CARRY_ON) from error
                time.sleep(0.1)

    def _refuse(self, one: _Worker, why: UnfitWorker) -> None:
        del self._workers[one.address]
        self._unfit[one.address] = UnfitWorker(f"the worker {one.address} {why.message}", why.hint)

    def _watch(self, deadline: float | None, waiting: WaitingTasks[T]) -> Iterator[tuple[T, Exception]]:
        """Bury workers that are gone, give up what is late, welcome those that are new."""
        alive = self._alive()
        for one in [one for one in self._workers.values() if one.address not in alive]:
            yield from self._bury(one, waiting)
        self._look_round()
        if not self._workers and self._unfit:
            raise next(iter(self._unfit.values()))
        if deadline is not None:
            now = time.monotonic()
            for one in [one for one in self._workers.values() if one.jobs and now - one.since >= deadline]:
                yield from self._give_up(one, deadline, waiting)

    def _bury(self, one: _Worker, waiting: WaitingTasks[T]) -> Iterator[tuple[T, Exception]]:
        del self._workers[one.address]
        for future in one.jobs:
            future.cancel()
        if one.jobs and (guilty := waiting.bury(one.jobs.values())):
            yield guilty.task, WorkerDied(f"the worker doing this ended twice, now {one.address}")

    def _give_up(self, one: _Worker, deadline: float, waiting: WaitingTasks[T]) -> Iterator[tuple[T, Exception]]:
        said = ""
        with contextlib.suppress(Exception):
            run, at = self._client._run, [one.address]
            said = self._client.sync(run, far.where, self._token, workers=at, callback_timeout=GRACE_SECONDS)[at[0]]
        del self._workers[one.address]
        for future in one.jobs:
            future.cancel()
        with contextlib.suppress(Exception):  # it needs a nanny; without one the worker is left to itself
            self._client.restart_workers([one.address], timeout=WAIT_SECONDS, raise_for_error=False)
        if one.address in self._alive():
            self._unfit[one.address] = WorkersCannotStart(f"the worker {one.address} does not come to an end", CARRY_ON)
        guilty, *others = one.jobs.values()
        waiting.unbegun(others)
        yield guilty.task, too_late("worker", deadline, said or f"{one.address}: it did not say where it was")


class DaskOptions(ExecutorOptions):
    """A Dask cluster: the one of a scheduler, or workers of this machine."""

    FAR: ClassVar[bool] = True
    SHEETS_AT_ONCE: ClassVar[int] = 64  # a scheduler hands out some hundred tasks a second, whatever is in them

    type: Literal["dask"] = Field(default="dask", description="Workers of a Dask cluster.")
    scheduler: str = Field(
        default="local", pattern=r"^(local|(tcp|tls)://.+)$",
        description="The scheduler's address, `tls://host:8786`; `local`: a cluster of this machine, for this run.",
    )  # fmt: skip
    insecure: bool = Field(
        default=False,
        description="Also talk to another machine by `tcp://`, where whoever reaches the port may run programs.",
    )

    @property
    def problem(self) -> str | None:
        """Why this must not be used, or None."""
        address = urlsplit(self.scheduler)
        if address.scheme == "tcp" and address.hostname not in LOOPBACK and not self.insecure:
            return f"{self.scheduler} runs programs for anybody who reaches it"
        return None

    def open(self, open_bench: Callable[[K], Closing], kit: K, workers: int) -> Executor:
        if self.problem:
            raise WorkersCannotStart(self.problem, "use tls://, or say `insecure: true` in `executor:`")
        return DaskExecutor(lambda: self._connected(workers), open_bench, kit)

    def _connected(self, workers: int) -> tuple[Any, Any]:
        try:
            from distributed import Client, LocalCluster
        except ImportError:
            raise MissingTool("workers of Dask need the extra", "pip install 'pressrun[dask]'") from None
        cluster = None
        if self.scheduler == "local":
            try:
                cluster = LocalCluster(
                    n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0",
                    silence_logs=50,
                )  # fmt: skip
            except RuntimeError as error:
                raise WorkersCannotStart(
                    "Dask's own workers do not start",
                    "a script that runs Pressrun on them needs `if __name__ == '__main__':` around it",
                ) from error
        try:
            address = cluster.scheduler_address if cluster else self.scheduler
            return Client(address, timeout=WAIT_SECONDS, set_as_default=False), cluster
        except (OSError, TimeoutError, ValueError, TypeError) as error:
            raise WorkersCannotStart(
                f"no scheduler answers at {self.scheduler}", "start it, or correct `executor: {scheduler: …}`"
            ) from error


def _wait(futures: Iterable[Any], until: float) -> None:
    for future in futures:
        with contextlib.suppress(Exception):
            future.result(timeout=max(0.0, until - time.monotonic()))
