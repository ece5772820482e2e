"""What every executor keeps: each task comes back once, with what became of it, done at a bench of its worker's own."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import executor_tasks as tasks
import needed

from pressrun import registry
from pressrun.model.errors import PressrunError
from pressrun.model.executor import Executor, WorkerDied, trace_of

WORKERS = 2
DEADLINED = [name for name, options in registry.EXECUTORS.items() if options.KEEPS_DEADLINES]


said: dict[str, dict[str, str]] = {}  # what is said of an executor beside its name


def opened(name: str, kit: Any = "kit", open_bench: Any = tasks.Bench) -> Executor:
    if name == "dask":
        needed.package("distributed")
    return registry.EXECUTORS[name].model_validate({"type": name, **said.get(name, {})}).open(open_bench, kit, WORKERS)


def each(names: Iterable[str]) -> list[Any]:
    """As parameters; those that take a cluster take seconds, too."""
    return [pytest.param(name, marks=pytest.mark.heavy) if name == "dask" else name for name in names]


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    """A cluster that all tests here share: to start one takes seconds."""
    LocalCluster = needed.package("distributed").LocalCluster
    with LocalCluster(n_workers=WORKERS, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=60) as cluster:
        said["dask"] = {"scheduler": cluster.scheduler_address}
        yield


@pytest.fixture(scope="module", params=each(registry.EXECUTORS))
def name(request: pytest.FixtureRequest) -> str:
    if request.param == "dask":
        request.getfixturevalue("cluster")
    return str(request.param)


@pytest.fixture(scope="module")
def executor(name: str) -> Iterator[Executor]:
    executor = opened(name)
    yield executor
    executor.close()


def test_every_task_comes_back_once_with_its_result(executor: Executor) -> None:
    given = list(executor.run(range(300), tasks.square))
    assert Counter(given) == Counter((number, number**2) for number in range(300))
    assert list(executor.run([], tasks.square)) == []
    assert list(executor.run([4], tasks.square)) == [(4, 16)]


def test_each_worker_has_a_bench_of_its_own_with_the_kit_on_it(executor: Executor) -> None:
    assert {done for _, done in executor.run(range(40), tasks.hard_at_work)} == {("kit", True)}


def test_a_bench_is_opened_once_a_worker_and_closed_where_it_was_opened(name: str, tmp_path: Path) -> None:
    said = tmp_path / "benches"
    executor = opened(name, said)
    for _ in range(3):
        assert len(list(executor.run(range(20), tasks.hard_at_work))) == 20
    executor.close()
    executor.close()
    opening, closing = (
        [line.removeprefix(what) for line in said.read_text().splitlines() if line.startswith(what)]
        for what in ("opened", "closed")
    )
    assert 1 <= len(opening) <= WORKERS
    assert sorted(opening) == sorted(closing)


def test_exceptions_are_results_with_their_trace(executor: Executor) -> None:
    outcomes = dict(executor.run([("raise", 1), ("sleep", 0)], tasks.act))
    assert outcomes["sleep", 0] == 0
    failed = outcomes["raise", 1]
    assert isinstance(failed, PressrunError)
    assert (failed.message, failed.hint) == ("failed as told", "1")
    assert "in act" in trace_of(failed)


def test_a_bench_that_cannot_be_opened_is_raised_as_it_was(name: str) -> None:
    executor = opened(name, open_bench=tasks.open_badly)
    with pytest.raises(PressrunError, match="no profile") as caught:
        list(executor.run(range(5), tasks.square))
    assert caught.value.hint == "bring one"
    executor.close()


@pytest.mark.parametrize("ahead", [0, 1, 5])
def test_tasks_are_read_only_as_far_as_workers_can_take_them(executor: Executor, ahead: int) -> None:
    taken = []

    def source() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    for done, _ in enumerate(executor.run(source(), tasks.square, ahead=ahead), 1):
        assert len(taken) <= done + WORKERS * (1 + ahead)
    assert len(taken) == 100


def test_a_failing_source_of_tasks_is_the_callers_to_see(executor: Executor) -> None:
    def source() -> Iterator[int]:
        yield 1
        raise ValueError("the CSV ends here")

    with pytest.raises(ValueError, match="CSV"):
        list(executor.run(source(), tasks.square))
    assert list(executor.run([2], tasks.square)) == [(2, 4)]


def test_a_run_left_early_does_not_haunt_the_next(executor: Executor) -> None:
    left = executor.run(range(50), tasks.square)
    next(left)
    assert dict(executor.run(range(100, 120), tasks.square)) == {number: number**2 for number in range(100, 120)}
    again = executor.run(range(5), tasks.square)
    first = next(again)
    left.close()  # type: ignore[attr-defined]
    assert dict([first, *again]) == {number: number**2 for number in range(5)}


@pytest.mark.parametrize("name", each(DEADLINED), scope="function")
def test_a_task_that_does_not_return_is_given_up_and_told_where_it_was(name: str, tmp_path: Path) -> None:
    never = ("await", str(tmp_path / "never"))
    given = [("sleep", 0), never, *[("sleep", number / 1000) for number in range(9)]]
    executor = opened(name)
    list(executor.run(range(20), tasks.hard_at_work))  # a deadline is for tasks, not for starting
    outcomes = list(executor.run(given, tasks.act, deadline=3))
    assert Counter(task for task, _ in outcomes) == Counter(given)
    late = dict(outcomes)[never]
    assert isinstance(late, WorkerDied)
    assert "within 3 s" in str(late)
    assert "in act" in trace_of(late)
    assert all(outcome == task[1] for task, outcome in outcomes if task != never)
    Path(never[1]).touch()  # a thread can only be left to itself
    executor.close()


@pytest.mark.parametrize("name", each(DEADLINED), scope="function")
def test_all_workers_hanging_at_once_are_replaced(name: str, tmp_path: Path) -> None:
    never = [("await", str(tmp_path / f"never {number}")) for number in range(WORKERS + 1)]
    executor = opened(name)
    list(executor.run(range(20), tasks.hard_at_work))
    outcomes = dict(executor.run([*never, ("sleep", 0)], tasks.act, deadline=3))
    assert {task for task, outcome in outcomes.items() if isinstance(outcome, WorkerDied)} == set(never)
    assert outcomes["sleep", 0] == 0
    for _, path in never:
        Path(path).touch()
    executor.close()
