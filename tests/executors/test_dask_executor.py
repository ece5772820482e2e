"""What is particular to workers of a Dask cluster: nobody ends them, so they are told."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import executor_tasks as tasks
import needed

from pressrun.executors.dask import DaskOptions
from pressrun.model.executor import WorkerDied


def read_when_there(path: Path, lines: int) -> list[str]:
    until = time.monotonic() + 60
    while time.monotonic() < until and (not path.exists() or path.read_text().count("\n") < lines):
        time.sleep(0.05)
    return path.read_text().splitlines()


@pytest.mark.heavy
def test_who_left_is_told_to_those_at_work(tmp_path: Path) -> None:
    needed.package("distributed")
    said = tmp_path / "said"
    executor = DaskOptions(scheduler="local").open(tasks.Bench, "kit", 1)
    left = executor.run(["", str(said), str(said)], tasks.until_cancelled)
    next(left)
    assert read_when_there(said, 1) == ["begun"]
    left.close()  # type: ignore[attr-defined]  # it is a generator
    assert read_when_there(said, 2) == ["begun", "cancelled"]  # and the next was not begun
    executor.close()


@pytest.mark.heavy
def test_a_task_that_takes_workers_with_it_is_tried_alone_and_told(tmp_path: Path) -> None:
    needed.package("distributed")
    said = tmp_path / "said"
    given = [("log", (str(said), 0.02, f"{number}", number == 3)) for number in range(8)]
    executor = DaskOptions(scheduler="local").open(tasks.Bench, "kit", 2)
    outcomes = list(executor.run(given, tasks.act))
    executor.close()
    assert len(outcomes) == 8
    assert [task[1][2] for task, outcome in outcomes if isinstance(outcome, WorkerDied)] == ["3"]
    lines = said.read_text().splitlines()
    assert 2 <= lines.count("begin 3") <= 3  # a worker may be gone with what it made before, which is suspected then
    again = len(lines) - 1 - lines[::-1].index("begin 3")
    meanwhile = lines[again + 1 : lines.index("end 3", again)]
    assert not [line for line in meanwhile if line.startswith("begin")], "the last time nothing is begun beside it"
