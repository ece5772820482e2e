"""The local executor: every task comes back once, whatever happens to its worker."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import executor_tasks as tasks

from pressrun.executors.local import LocalExecutor, WorkerDied, WorkersCannotStart
from pressrun.model.errors import PressrunError

SCRIPT = Path(tasks.__file__)


@pytest.fixture(scope="module")
def executor() -> Iterator[LocalExecutor]:
    with LocalExecutor(2, tasks.begin, ("said", 1)) as executor:
        yield executor


def is_running(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def wait_until(what: Any, seconds: float = 10) -> bool:
    until = time.monotonic() + seconds
    while not what() and time.monotonic() < until:
        time.sleep(0.02)
    return bool(what())


def test_every_task_comes_back_once_with_its_result(executor: LocalExecutor) -> None:
    assert dict(executor.run(range(300), tasks.square)) == {number: number**2 for number in range(300)}
    assert list(executor.run([], tasks.square)) == []
    assert list(executor.run([4], tasks.square)) == [(4, 16)]


def test_each_worker_was_set_up_once_and_serves_several_runs(executor: LocalExecutor) -> None:
    pids = {pid for _ in range(3) for _, pid in executor.run(range(20), tasks.who)}
    assert len(pids) <= 2
    assert os.getpid() not in pids
    assert all(said == [("said", 1)] for _, said in executor.run(range(20), tasks.what_was_said))


def test_results_come_in_the_order_of_completion(executor: LocalExecutor) -> None:
    given = [("sleep", 0.5), ("sleep", 0.0), ("sleep", 0.01)]
    assert [task for task, _ in executor.run(given, tasks.act, ahead=0)][-1] == given[0]


def test_exceptions_are_results(executor: LocalExecutor) -> None:
    given = [("raise", 1), ("picky", 0), ("sys.exit", 2), ("unpicklable", 3), ("sleep", 0)]
    outcomes = dict(executor.run(given, tasks.act))
    failed = outcomes["raise", 1]
    assert isinstance(failed, PressrunError)
    assert (failed.message, failed.hint) == ("failed as told", "1")
    assert "in act" in failed.__notes__[0]
    assert isinstance(outcomes["picky", 0], RuntimeError)
    assert "Picky: what" in str(outcomes["picky", 0])
    assert isinstance(outcomes["sys.exit", 2], RuntimeError)
    assert isinstance(outcomes["unpicklable", 3], Exception)
    assert outcomes["sleep", 0] == 0


def test_a_task_that_cannot_be_sent_is_a_failed_task(executor: LocalExecutor) -> None:
    stubborn = ("size", lambda: None)
    outcomes = list(executor.run([("sleep", 0), stubborn, ("sleep", 0)], tasks.act))
    assert len(outcomes) == 3
    assert [isinstance(outcome, Exception) for task, outcome in outcomes if task is stubborn] == [True]


def test_large_tasks_and_results_do_not_block_each_other(executor: LocalExecutor) -> None:
    big = 5_000_000
    given = [("bytes", big), ("size", b"x" * big)] * 6
    outcomes = [outcome for _, outcome in executor.run(given, tasks.act)]
    assert sorted(len(one) if isinstance(one, bytes) else one for one in outcomes) == [big] * 12


@pytest.mark.parametrize("ahead", [0, 1, 5])
def test_tasks_are_read_only_as_far_as_workers_can_take_them(executor: LocalExecutor, ahead: int) -> None:
    taken = []

    def source() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    for done, _ in enumerate(executor.run(source(), tasks.square, ahead=ahead), 1):
        assert len(taken) <= done + executor.jobs * (1 + ahead)
    assert len(taken) == 100


@pytest.mark.parametrize("death", [("exit", 0), ("exit", 3), ("kill", signal.SIGKILL), ("kill", signal.SIGSEGV)])
def test_a_worker_that_dies_costs_nobody_else_anything(executor: LocalExecutor, death: tuple[str, int]) -> None:
    given = [("sleep", number / 10_000) for number in range(40)]
    given[10:10] = [death]
    outcomes = dict(executor.run(given, tasks.act))
    assert len(outcomes) == 41
    died = outcomes.pop(death)
    assert isinstance(died, WorkerDied)
    assert ("out of memory" in str(died)) == (death == ("kill", signal.SIGKILL))
    assert all(outcome == task[1] for task, outcome in outcomes.items())


def test_many_deaths_among_many_tasks(executor: LocalExecutor) -> None:
    given = [("exit" if number % 7 == 0 else "sleep", number) for number in range(1, 22)]
    given = [(what, value if what == "exit" else value / 10_000) for what, value in given]
    outcomes = dict(executor.run(given, tasks.act))
    assert {task for task, outcome in outcomes.items() if isinstance(outcome, WorkerDied)} == {
        ("exit", 7), ("exit", 14), ("exit", 21),
    }  # fmt: skip
    assert len(outcomes) == 21


def test_a_task_whose_worker_died_by_accident_succeeds_the_second_time(executor: LocalExecutor, tmp_path: Path) -> None:
    given = [("once", str(tmp_path / name)) for name in "abc"] + [("sleep", 0)]
    assert dict(executor.run(given, tasks.act)) == {task: task[1] for task in given}


def test_a_suspect_is_tried_with_nothing_beside_it(executor: LocalExecutor, tmp_path: Path) -> None:
    log = str(tmp_path / "log")
    given = [("log", (log, 0.02, f"{number}", number == 3)) for number in range(12)]
    outcomes = list(executor.run(given, tasks.act))
    assert [task[1][2] for task, outcome in outcomes if isinstance(outcome, WorkerDied)] == ["3"]
    lines = Path(log).read_text().splitlines()
    second = [index for index, line in enumerate(lines) if line == "begin 3"][1]
    assert lines[second + 1] == "end 3"
    begun = [line for line in lines[:second] if line.startswith("begin")]
    assert len(begun) == len([line for line in lines[:second] if line.startswith("end")])


def test_a_worker_killed_between_runs_is_replaced(executor: LocalExecutor) -> None:
    (pid,) = {pid for _, pid in executor.run([0], tasks.who)}
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not is_running(pid))
    assert dict(executor.run(range(20), tasks.square)) == {number: number**2 for number in range(20)}


def test_a_failing_start_is_raised_as_it_was() -> None:
    with LocalExecutor(2, tasks.begin_badly) as executor, pytest.raises(PressrunError, match="no profile") as caught:
        list(executor.run(range(5), tasks.square))
    assert caught.value.hint == "bring one"


def test_workers_that_die_at_the_start_do_not_go_on_for_ever() -> None:
    with LocalExecutor(2, tasks.begin_deadly) as executor, pytest.raises(WorkersCannotStart, match="exit code 9"):
        list(executor.run(range(1000), tasks.square))


def test_a_run_left_early_does_not_haunt_the_next(executor: LocalExecutor) -> None:
    left = executor.run(range(50), tasks.square)
    next(left)
    assert dict(executor.run(range(100, 120), tasks.square)) == {number: number**2 for number in range(100, 120)}
    again = executor.run(range(5), tasks.square)
    first = next(again)
    left.close()
    assert dict([first, *again]) == {number: number**2 for number in range(5)}


def test_an_exception_of_the_caller_ends_the_workers_in_a_moment() -> None:
    executor = LocalExecutor(2)
    pids = {pid for _, pid in executor.run(range(20), tasks.who)}
    began = time.monotonic()
    with contextlib.suppress(ZeroDivisionError), executor:
        for _ in executor.run([("sleep", 0.0), *[("sleep", 60.0)] * 5], tasks.act):
            raise ZeroDivisionError
    assert time.monotonic() - began < 10
    assert not any(is_running(pid) for pid in pids)
    executor.close()


def test_a_failing_source_of_tasks_is_the_callers_to_see(executor: LocalExecutor) -> None:
    def source() -> Iterator[int]:
        yield 1
        raise ValueError("the CSV ends here")

    with pytest.raises(ValueError, match="CSV"):
        list(executor.run(source(), tasks.square))
    assert list(executor.run([2], tasks.square)) == [(2, 4)]


def test_inline_is_this_process() -> None:
    with LocalExecutor(1, tasks.begin, ("inline",), inline=True) as executor:
        assert [pid for _, pid in executor.run(range(3), tasks.who)] == [os.getpid()] * 3
        assert tasks.started_with == [("inline",)]
        (failed,) = [outcome for _, outcome in executor.run([("raise", 1)], tasks.act)]
        assert isinstance(failed, PressrunError)
    tasks.started_with.clear()


def test_at_least_one_job() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        LocalExecutor(0)


def test_nothing_is_left_behind() -> None:
    def handles() -> int:
        return len(os.listdir("/proc/self/fd"))

    with LocalExecutor(1) as warm_up:  # the resource tracker of multiprocessing stays, once it was started
        list(warm_up.run([1], tasks.square))
    before = handles()
    for _ in range(2):
        with LocalExecutor(2) as executor:
            pids = {pid for _, pid in executor.run(range(10), tasks.who)}
            list(executor.run([("exit", 1), ("sleep", 0)], tasks.act))
    assert handles() == before
    assert not any(is_running(pid) for pid in pids)


# from outside


@contextlib.contextmanager
def running(seconds: float) -> Iterator[tuple["subprocess.Popen[str]", list[int]]]:
    """A run in a process group of its own, as a terminal would have it, and the numbers of its workers."""
    process = subprocess.Popen(
        [sys.executable, "-W", "error", str(SCRIPT), str(seconds)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        own, *workers = map(int, process.stdout.readline().split())
        assert own == process.pid
        yield process, workers
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.mark.parametrize("seconds", [0.05, 60.0])
@pytest.mark.parametrize("moment", [0.0, 0.2])
def test_ctrl_c_ends_everything_quietly_and_soon(seconds: float, moment: float) -> None:
    with running(seconds) as (process, workers):
        time.sleep(moment)
        began = time.monotonic()
        os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to the workers too
        out, err = process.communicate(timeout=20)
        assert time.monotonic() - began < 6
        assert process.returncode == 130
        assert out.endswith("interrupted\n")
        assert err == ""  # no worker tells of a KeyboardInterrupt, no semaphore is reported as leaked
        assert not any(is_running(pid) for pid in workers)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_workers_do_not_outlive_a_parent_that_was_killed(number: int) -> None:
    with running(0.3) as (process, workers):
        assert workers
        os.kill(process.pid, number)
        process.wait()
        assert wait_until(lambda: not any(is_running(pid) for pid in workers), 5)


def test_a_script_without_a_guard_is_told_so(tmp_path: Path) -> None:
    script = tmp_path / "unguarded.py"
    script.write_text(
        f"import sys\nsys.path[:0] = [{str(SCRIPT.parent)!r}, {str(SCRIPT.parents[2] / 'pipeline')!r}]\n"
        "import executor_tasks as tasks\nfrom pressrun.executors.local import LocalExecutor\n"
        "with LocalExecutor(2) as executor:\n    print(list(executor.run([1], tasks.square)))\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "__name__ == '__main__'" in done.stderr.splitlines()[-1]
