"""Everything in this process, one task after the other: for debugging only."""

from __future__ import annotations

import functools
import traceback
from collections.abc import Callable, Iterable, Iterator
from typing import ClassVar, Generic, Literal, TypeVar

from pydantic import Field

from pressrun.model.errors import PressrunError
from pressrun.model.executor import B, Closing, Executor, ExecutorOptions, K

T = TypeVar("T")
R = TypeVar("R")


class InlineExecutor(Generic[B]):
    """See :class:`pressrun.model.executor.Executor`; a task that kills its worker kills us, and deadlines mean
    nothing."""

    refused: tuple[PressrunError, ...] = ()  # none is strange to us

    def __init__(self, open_bench: Callable[[K], B], kit: K) -> None:
        self._open: Callable[[], B] = functools.partial(open_bench, kit)
        self._bench: B | None = None

    def run(
        self, tasks: Iterable[T], function: Callable[[B, T], R], *, ahead: int = 1, deadline: float | None = None
    ) -> Iterator[tuple[T, R | Exception]]:
        for task in tasks:
            self._bench = self._bench or self._open()
            try:
                outcome: R | Exception = function(self._bench, task)
            except Exception as error:
                error.add_note(traceback.format_exc().rstrip())
                outcome = error
            yield task, outcome

    def close(self) -> None:
        if self._bench is not None:
            self._bench.close()
        self._bench = None


class InlineOptions(ExecutorOptions):
    """This process does everything."""

    KEEPS_DEADLINES: ClassVar[bool] = False

    type: Literal["inline"] = Field(
        default="inline", description="Everything in the process of the command, one thing after the other."
    )

    def open(self, open_bench: Callable[[K], Closing], kit: K, workers: int) -> Executor:
        return InlineExecutor(open_bench, kit)
