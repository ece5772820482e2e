"""What workers are asked to do in the tests; importable by them, which have to import little."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from pressrun.executors.local import LocalExecutor
from pressrun.executors.local.beginnings import get_ready
from pressrun.model.errors import PressrunError

benches: list[Bench] = []  # all that this process has opened


class Picky(Exception):
    """Pickles, but does not unpickle: it is made from two things, and remembers one."""

    def __init__(self, what: str, where: str) -> None:
        super().__init__(what)
        self.where = where


class Bench:
    """A bench that says so when it is opened and closed, in a file, where its kit names one."""

    def __init__(self, kit: Any) -> None:
        self.kit = kit
        self.thread = threading.get_ident()
        benches.append(self)
        self.say("opened")

    def say(self, what: str) -> None:
        if isinstance(self.kit, Path):
            note(str(self.kit), f"{what} {os.getpid()} {threading.get_ident()}")

    def close(self) -> None:
        self.say("closed")


def open_badly(kit: Any) -> Bench:
    raise PressrunError("no profile", "bring one")


def open_deadly(kit: Any) -> Bench:
    os._exit(9)


def hard_at_work(bench: Bench, _: int) -> tuple[Any, bool]:
    """The kit, and whether the bench is of the thread that works at it; long enough for others to have their turn."""
    time.sleep(0.01)
    return bench.kit, bench.thread == threading.get_ident()


def who(bench: Bench, _: int) -> int:
    return os.getpid()


def square(bench: Bench, number: int) -> int:
    return number * number


def act(bench: Bench, task: tuple[str, Any]) -> Any:
    """Do as the task says: `("exit", 3)`, `("kill", 9)`, `("sleep", 0.1)` …"""
    what, value = task
    match what:
        case "exit":
            os._exit(value)
        case "kill":
            os.kill(os.getpid(), value)
            time.sleep(60)
        case "sleep":
            time.sleep(value)
        case "await":  # until another task has touched the file
            while not Path(value).exists():
                time.sleep(0.01)
        case "touch":
            Path(value).touch()
        case "stop":  # as Ctrl-Z would
            os.kill(os.getpid(), signal.SIGSTOP)
        case "raise":
            raise PressrunError("failed as told", str(value))
        case "picky":
            raise Picky("what", "where")
        case "sys.exit":
            sys.exit(value)
        case "bytes":
            return b"x" * value
        case "variable":
            return os.environ.get(value)
        case "handler":
            return signal.getsignal(value) == signal.SIG_DFL
        case "is open":
            return value in [os.readlink(one) for one in Path("/proc/self/fd").iterdir() if one.is_symlink()]
        case "collect":
            return gc.collect() >= 0
        case "imported":
            return value in sys.modules
        case "size":
            return len(value)
        case "unpicklable":
            return lambda: value
        case "once":  # dies the first time, works the second
            path = Path(value)
            if not path.exists():
                path.touch()
                os._exit(1)
        case "log":  # (file, seconds): says when it begins and ends, to see what runs beside what
            path, seconds, name, deadly = value
            note(path, f"begin {name}")
            time.sleep(seconds)
            note(path, f"end {name}")
            if deadly:
                os._exit(1)
    return value


def until_cancelled(bench: Any, path: str) -> None:
    """Says into a file when it begins, and when it was told that nobody waits any more."""
    if not path:
        return
    note(path, "begun")
    until = time.monotonic() + 60
    while not bench.cancelled() and time.monotonic() < until:
        time.sleep(0.01)
    note(path, "cancelled" if bench.cancelled() else "left to itself")


def note(path: str, line: str) -> None:
    with open(path, "a") as file:
        file.write(line + "\n")


def main() -> None:
    """A run to be interrupted: tells its process and those of its workers, then works for a long time. These are
    forked from a process of their own, or from a fork of this one, as a command's are."""
    seconds = float(sys.argv[1])
    if "forking" in sys.argv:
        get_ready(forking=True)
    with LocalExecutor(2, Bench, None) as executor:
        workers = sorted({pid for _, pid in executor.run(range(20), who)})
        try:
            print(os.getpid(), *workers, flush=True)
            for task, _ in executor.run([("sleep", seconds)] * 1000, act):
                print(task, flush=True)
        except KeyboardInterrupt:
            print("interrupted", flush=True)
            executor.close()
            sys.exit(130)


if __name__ == "__main__":
    import executor_tasks  # workers import what they call by name, and know no script

    signal.signal(signal.SIGINT, signal.default_int_handler)
    executor_tasks.main()
