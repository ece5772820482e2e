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
