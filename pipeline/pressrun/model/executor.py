"""Who does the tasks: what every executor can, in this process, on this machine or on many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol, TypeVar

from pydantic import Field

from pressrun.model.authored import Authored
from pressrun.model.errors import PressrunError

if TYPE_CHECKING:
    from pressrun.model.journal.results import Results
    from pressrun.model.step import BrandColors
    from pressrun.model.store import Store

T = TypeVar("T")
R = TypeVar("R")
K = TypeVar("K")

TaskKind = Literal["pictures", "retouching", "sheets"]


class WorkerDied(PressrunError):
    """The worker doing a task ended (killed, out of memory, crashed), again when it was tried alone, or did not come to
    an end in its time. Its notes have what is known of where it was."""


def too_late(worker: str, seconds: float, trace: str) -> WorkerDied:
    """What is said of a worker, as its executor calls it, that had so many seconds."""
    late = WorkerDied(
        f"the {worker} working on this did not come to an end within {seconds:g} s",
        "`executor: {deadlines: …}` in the job sets a longer time",
    )
    late.add_note(trace)
    return late


class WorkersCannotStart(PressrunError):
    """No worker gets as far as taking a task."""


class UnfitWorker(PressrunError):
    """A worker whose engines are not ours, or that does not reach the store: it is given no task."""

    exit_code = 2
    CURE: ClassVar[str] = "install the same packages there: files would not be the same"


class Closing(Protocol):
    """What is closed when nobody needs it any more."""

    def close(self) -> None: ...


B = TypeVar("B", bound=Closing)  # an executor's benches


class Bench(Protocol):
    """A worker's own tools, as much of them as making pictures takes."""

    @property
    def store(self) -> Store: ...
    @property
    def results(self) -> Results: ...
    @property
    def brand_colors(self) -> BrandColors: ...
    def close(self) -> None: ...


class Executor(Protocol):
    """Workers, each with a bench of its own, which the executor opens before the worker's first task and closes after
    its last: a task's function has its tools from there, and from no global of the process."""

    def run(
        self, tasks: Iterable[T], function: Callable[[Any, T], R], *, ahead: int = 1, deadline: float | None = None
    ) -> Iterator[tuple[T, R | Exception]]:
        """Do `function(bench, task)` for every task, and give each back with its result, in order of completion.

        An exception is a result, not raised; its notes have its trace. `tasks` is read only as far as workers can take
        them: each holds the one it does and at most `ahead` more. A task whose worker dies, or that takes longer than
        `deadline` seconds, is given back with `WorkerDied`, and costs no other task anything. Raises what opening a
        bench raised, or `WorkersCannotStart`. One run at a time; one that is left early ends there.
        """
        ...

    @property
    def refused(self) -> Sequence[PressrunError]:
        """Workers that are given no task, each with why, as far as is known by now."""
        ...

    def close(self) -> None:
        """End the workers: they finish what they are doing if that takes a moment."""
        ...


class Deadlines(Authored):
    """How many seconds a task may take, by kind, before its worker counts as dead. Generous: they are there so that a
    run never waits for ever."""

    pictures: float = Field(default=900, gt=0, description="A picture drawn or taken from a folder, in seconds.")
    retouching: float = Field(default=900, gt=0, description="All steps of one picture, in seconds.")
    sheets: float = Field(default=900, gt=0, description="A handful of sheets, as workers are given them, in seconds.")

    def of(self, kind: TaskKind) -> float:
        """The deadline of a kind of task, in seconds."""
        seconds: float = getattr(self, kind)
        return seconds


class ExecutorOptions(Authored):
    """What a job or the environment says of an executor."""

    KEEPS_DEADLINES: ClassVar[bool] = True
    FAR: ClassVar[bool] = False
    """Whether workers may be on other machines: they are sent values and digests, and answer with what they made."""
    SHEETS_AT_ONCE: ClassVar[int] = 32
    """The most that a worker is handed together; it sets them together on plates that are at hand."""

    type: str
    deadlines: Deadlines = Field(default=Deadlines(), description="How long a task may take, by kind.")

    def open(self, open_bench: Callable[[K], Closing], kit: K, workers: int) -> Executor:
        """Workers that call `open_bench(kit)` once each; at most `workers` of them, at least one."""
        raise NotImplementedError


def trace_of(error: BaseException) -> str:
    """Where an error arose, as far as whoever caught it noted that."""
    return "\n".join(getattr(error, "__notes__", ()))
