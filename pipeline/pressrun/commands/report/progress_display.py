"""Progress on a terminal as bars with counts and time left, in a log as plain lines. On standard error, always."""

from __future__ import annotations

import contextlib
import sys
from types import TracebackType
from typing import Self

from rich.console import Console as RichConsole
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from pressrun.commands.terminal import harmless, tell

LINES_A_PHASE = 10  # how often a log hears of a phase


class Console:
    """A listener to a run's progress; quiet, it says nothing. Where the terminal is closed meanwhile, nobody is told
    any more, and the run goes on."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._console = RichConsole(stderr=True)
        self._bars = not quiet and self._console.is_terminal
        self._progress = Progress(
            TextColumn("{task.description:<11}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=self._console,
            disable=not self._bars,
        )
        self._task: TaskID | None = None
        self._phase, self._total, self._done, self._told = "", 0, 0, 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with _to_whom_it_may_reach():
            self._progress.stop()

    def begin(self, phase: str, total: int) -> None:
        self._phase, self._total, self._done, self._told = phase, total, 0, 0
        if self._bars:
            with _to_whom_it_may_reach():
                self._progress.start()  # not before, as it has a thread of its own, and workers are forked from us
            self._task = self._progress.add_task(phase, total=total)

    def step(self, count: int = 1) -> None:
        self._done += count
        if self._bars and self._task is not None:
            with _to_whom_it_may_reach():
                self._progress.advance(self._task, count)
        elif not self._quiet:
            tenth = self._done * LINES_A_PHASE // max(1, self._total)
            if tenth > self._told:
                self._told = tenth
                _tell(f"{self._phase}: {self._done} of {self._total}")

    def say(self, line: str) -> None:
        if self._bars:
            with _to_whom_it_may_reach():
                self._console.print(harmless(line, sys.stderr), markup=False, highlight=False)
        elif not self._quiet:
            _tell(line)


def _tell(line: str) -> None:
    with _to_whom_it_may_reach():
        tell(line, err=True)


def _to_whom_it_may_reach() -> contextlib.AbstractContextManager[None]:
    return contextlib.suppress(OSError)
