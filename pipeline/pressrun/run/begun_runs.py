"""The beginning and the end of a run: its folder, and its line in the ledger."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

from pressrun.deliver import new_run_folder, point_latest, sweep
from pressrun.doors import Doors
from pressrun.manifest.runs_read import MANIFEST
from pressrun.model.errors import Interrupted, PressrunError
from pressrun.model.settings import Settings


def sweep_killed(doors: Doors) -> None:
    """Take away what runs that were killed left half-written where runs are written."""
    sweep(runs_of(doors.root, doors.settings), [run.name for run in doors.journal.runs() if run.was_killed], MANIFEST)


def runs_of(root: Path, settings: Settings) -> Path:
    """The folder that runs are written to."""
    return settings.out or root / "runs"


@contextlib.contextmanager
def begun_run(doors: Doors, job: str) -> Iterator[tuple[Path, dt.datetime, Callable[[int], None]]]:
    """A new run of a job: its folder, when it began, and what takes its exit code at its end. ``latest`` is moved to a
    run that comes to it. Raises CannotWrite."""
    started = doors.clock()
    runs = runs_of(doors.root, doors.settings)
    with (
        new_run_folder(runs, f"{started:%Y%m%d-%H%M%S}-{job}") as folder,
        written_down(doors, folder.name, job, started) as ended,
    ):
        yield folder, started, ended
    point_latest(runs, folder)


@contextlib.contextmanager
def written_down(doors: Doors, run: str, job: str, started: dt.datetime) -> Iterator[Callable[[int], None]]:
    """A run in the ledger, from its beginning to its end; what is yielded takes the exit code."""
    doors.journal.begin_run(run, job, started.isoformat(timespec="seconds"))
    code = 0

    def ended(said: int) -> None:
        nonlocal code
        code = said

    try:
        yield ended
    except BaseException as error:
        doors.journal.end_run(run, error.exit_code if isinstance(error, PressrunError) else Interrupted.exit_code)
        raise
    doors.journal.end_run(run, code)
