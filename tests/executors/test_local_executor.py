"""Worker processes on this machine: what they have to keep besides what every executor does."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import executor_tasks as tasks

from pressrun.executors import local
from pressrun.executors.local import LocalExecutor, beginnings
from pressrun.model.executor import WorkerDied, WorkersCannotStart, trace_of

SCRIPT = Path(tasks.__file__)


@pytest.fixture(scope="module")
def executor() -> Iterator[LocalExecutor]:
    with LocalExecutor(2, tasks.Bench, "kit") as executor:
        yield executor


def is_running(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def wait_until(what: Callable[[], bool]) -> None:
    """As long as it takes; what never comes hangs the test."""
    while not what():
        time.sleep(0.02)


def test_workers_are_other_processes_and_serve_several_runs(executor: LocalExecutor) -> None:
    pids = {pid for _ in range(3) for _, pid in executor.run(range(20), tasks.who)}
    assert len(pids) <= 2
    assert os.getpid() not in pids


def test_results_come_in_the_order_of_completion(executor: LocalExecutor, tmp_path: Path) -> None:
    path = str(tmp_path / "go")
    given = [("await", path), ("sleep", 0.0), ("touch", path)]
    assert {task for task, _ in list(executor.run(given, tasks.act, ahead=0))[1:]} == {given[0], given[2]}


def test_what_does_not_travel_is_told_in_words(executor: LocalExecutor) -> None:
    given = [("picky", 0), ("sys.exit", 2), ("unpicklable", 3), ("sleep", 0)]
    outcomes = dict(executor.run(given, tasks.act))
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


def test_a_crash_says_where_it_was(executor: LocalExecutor) -> None:
    [(_, died)] = executor.run([("kill", signal.SIGSEGV)], tasks.act)
    assert isinstance(died, WorkerDied)
    assert "Segmentation fault" in trace_of(died)
    assert "in act" in trace_of(died)


def test_a_stopped_worker_is_late_and_replaced(executor: LocalExecutor) -> None:
    list(executor.run(range(20), tasks.square))
    outcomes = dict(executor.run([("stop", 1), ("sleep", 0)], tasks.act, deadline=3))
    assert isinstance(outcomes["stop", 1], WorkerDied)
    assert outcomes["sleep", 0] == 0


def test_workers_have_the_variables_of_their_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was said when the process began that they are forked from."""
    with LocalExecutor(1, tasks.Bench, None) as executor:
        list(executor.run([1], tasks.square))
    monkeypatch.setenv("PRESSRUN_SAID_LATER", "yes")
    with LocalExecutor(1, tasks.Bench, None) as executor:
        said = dict(executor.run([("variable", "PRESSRUN_SAID_LATER"), ("variable", "PYTHONSAFEPATH")], tasks.act))
    assert list(said.values()) == ["yes", os.environ.get("PYTHONSAFEPATH")]


@pytest.mark.skipif(not beginnings.FORKS, reason="workers are spawned here")
def test_workers_begin_with_nothing_from_the_folder_of_the_run(tmp_path: Path) -> None:
    (tmp_path / "shadow.py").write_text("print('taken from here', flush=True)\n")
    program = (
        "from pressrun.executors.local.beginnings import beginning\n"
        "process = beginning('shadow').Process(target=print, args=('begun',))\nprocess.start()\nprocess.join()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path)
    assert (done.stdout, done.stderr) == ("begun\n", "")


def test_workers_are_spawned_where_no_process_can_be_forked_from(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where TMPDIR is longer than the name of a socket may be."""

    def refused() -> None:
        raise OSError("AF_UNIX path too long")

    monkeypatch.setattr(beginnings.forkserver, "ensure_running", refused)
    with LocalExecutor(1, tasks.Bench, None) as executor:
        assert list(executor.run([2], tasks.square)) == [(2, 4)]


@pytest.mark.skipif(not beginnings.FORKS, reason="workers are spawned here")
def test_threads_that_get_workers_ready_leave_the_variables_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    monkeypatch.setattr(beginnings.forkserver, "ensure_running", lambda: time.sleep(0.02))
    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(beginnings.get_ready, ["json"] * 4))
    assert "PYTHONSAFEPATH" not in os.environ


def test_a_parent_that_was_stopped_too_counts_its_own_absence_as_nobodys_time(
    executor: LocalExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-Z stops the whole group, and a clock goes on: no task is late for it."""
    list(executor.run(range(20), tasks.square))
    real, absence = time.monotonic, [0.0]
    monkeypatch.setattr(local.time, "monotonic", lambda: real() + absence[0])
    given = executor.run([("sleep", 0.0), *[("sleep", 0.5)] * 4], tasks.act, deadline=100)
    outcomes = [next(given)]
    absence[0] = 3600.0
    outcomes += given
    assert [outcome for _, outcome in outcomes] == [0.0] + [0.5] * 4


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


def test_workers_that_die_at_the_start_do_not_go_on_for_ever() -> None:
    with LocalExecutor(2, tasks.open_deadly, None) as executor, pytest.raises(WorkersCannotStart, match="exit code 9"):
        list(executor.run(range(1000), tasks.square))


def test_an_exception_of_the_caller_ends_the_workers_and_their_tasks(tmp_path: Path) -> None:
    executor = LocalExecutor(2, tasks.Bench, None)
    pids = {pid for _, pid in executor.run(range(20), tasks.who)}
    log = tmp_path / "log"
    long = [("log", (str(log), 600.0, f"{number}", False)) for number in range(5)]
    with contextlib.suppress(ZeroDivisionError), executor:
        for _ in executor.run([("sleep", 0.0), *long], tasks.act):
            raise ZeroDivisionError
    assert "end" not in (log.read_text() if log.exists() else "")  # nobody waited for them
    assert not any(is_running(pid) for pid in pids)
    executor.close()


def test_at_least_one_job() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        LocalExecutor(0, tasks.Bench, None)


def test_nothing_is_left_behind() -> None:
    def handles() -> int:
        return len(os.listdir("/proc/self/fd"))

    with LocalExecutor(1, tasks.Bench, None) as warm_up:  # the resource tracker of multiprocessing stays, once it was started
        list(warm_up.run([1], tasks.square))
    before = handles()
    for _ in range(2):
        with LocalExecutor(2, tasks.Bench, None) as executor:
            pids = {pid for _, pid in executor.run(range(10), tasks.who)}
            list(executor.run([("exit", 1), ("sleep", 0)], tasks.act))
    assert handles() == before
    assert not any(is_running(pid) for pid in pids)


# from outside


@contextlib.contextmanager
def running(seconds: float, *how: str) -> Iterator[tuple["subprocess.Popen[str]", list[int]]]:
    """A run in a process group of its own, as a terminal would have it, and the numbers of its workers."""
    process = subprocess.Popen(
        [sys.executable, "-W", "error", str(SCRIPT), str(seconds), *how],
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


@pytest.mark.parametrize("seconds", [0.05, 600.0])
@pytest.mark.parametrize(("moment", "how"), [(0.0, ""), (0.2, ""), (0.2, "forking")])
def test_ctrl_c_ends_everything_quietly_and_waits_for_no_long_task(seconds: float, moment: float, how: str) -> None:
    with running(seconds, how) as (process, workers):
        time.sleep(moment)
        os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to the workers too
        out, err = process.communicate()
        assert process.returncode == 130
        assert out.endswith("interrupted\n")
        assert seconds < 600 or out == "interrupted\n"  # none of the tasks in hand came to its end
        assert err == ""  # no worker tells of a KeyboardInterrupt, no semaphore is reported as leaked
        assert not any(is_running(pid) for pid in workers)


@pytest.mark.parametrize(("number", "how"), [(signal.SIGKILL, ""), (signal.SIGTERM, ""), (signal.SIGKILL, "forking")])
def test_workers_do_not_outlive_a_parent_that_was_killed(number: int, how: str) -> None:
    with running(0.3, how) as (process, workers):
        assert workers
        os.kill(process.pid, number)
        process.wait()
        wait_until(lambda: not any(is_running(pid) for pid in workers))


@pytest.mark.skipif(not beginnings.FORKS, reason="workers are spawned here")
@pytest.mark.parametrize("without_proc", [False, True])
def test_workers_have_nothing_of_a_command_that_they_are_forked_from_but_what_it_imported(
    tmp_path: Path, without_proc: bool
) -> None:
    script = tmp_path / "forking.py"
    asked = (
        "('imported', 'colorsys'), ('is open', __file__), ('handler', signal.SIGTERM), ('handler', signal.SIGHUP), "
        "('collect', None)"
    )
    script.write_text(
        f"import sys\nsys.path[:0] = [{str(SCRIPT.parent)!r}, {str(SCRIPT.parents[2] / 'pipeline')!r}]\n"
        "import colorsys, gc, os, signal, executor_tasks as tasks\n"
        "from pressrun.executors.local import LocalExecutor, beginnings\n"
        "signal.signal(signal.SIGTERM, lambda *asked: None)\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "class Cycle:\n    def __init__(self): self.itself = self\n    def __del__(self): os.write(1, b'let go\\n')\n"
        "gc.disable()\nCycle()\n"
        "listdir = os.listdir\n"
        "def few(path='.'):\n"
        f"    if {without_proc} and path == '/proc/self/fd': raise FileNotFoundError(path)\n"
        "    return listdir(path)\n"
        "os.listdir = few\n"
        "print('begun', flush=True)\nfile = open(__file__)\nassert beginnings.get_ready(forking=True)\n"
        "with LocalExecutor(1, tasks.Bench, None) as executor:\n"
        f"    print([answer for _, answer in executor.run([{asked}], tasks.act)])\n"
        "print(beginnings.util.spawnv_passfds is not beginnings._forked, flush=True)\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "begun\n[True, False, True, False, True]\nTrue\nlet go\n"


@pytest.mark.parametrize("forks", [True, False], ids=["forked", "spawned"])
def test_a_script_needs_no_guard_and_is_run_once(tmp_path: Path, forks: bool) -> None:
    script = tmp_path / "unguarded.py"
    script.write_text(
        f"import sys\nsys.path[:0] = [{str(SCRIPT.parent)!r}, {str(SCRIPT.parents[2] / 'pipeline')!r}]\n"
        "import executor_tasks as tasks\nfrom pressrun.executors.local import LocalExecutor, beginnings\n"
        f"beginnings.FORKS = beginnings.FORKS and {forks}\nprint('begun')\n"
        "with LocalExecutor(2, tasks.Bench, None) as executor:\n    print(sorted(executor.run([1, 2], tasks.square)))\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "begun\n[(1, 1), (2, 4)]\n"

