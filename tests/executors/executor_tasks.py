"""What workers are asked to do in the tests; importable by them, which have to import little."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from pressrun.executors.local import LocalExecutor
from pressrun.model.errors import PressrunError

started_with: list[Any] = []


class Picky(Exception):
    """Pickles, but does not unpickle: it is made from two things, and remembers one."""

    def __init__(self, what: str, where: str) -> None:
        super().__init__(what)
        self.where = where


def begin(*said: Any) -> None:
    started_with.append(said)


def begin_badly(*_: Any) -> None:
    raise PressrunError("no profile", "bring one")


def begin_deadly(*_: Any) -> None:
    os._exit(9)


def what_was_said(_: int) -> list[Any]:
    return started_with


def who(_: int) -> int:
    return os.getpid()


def square(number: int) -> int:
    return number * number


def act(task: tuple[str, Any]) -> Any:
    """Do as the task says: `("exit", 3)`, `("kill", 9)`, `("sleep", 0.1)` …"""
    what, value = task
    match what:
        case "exit":
            os._exit(value)
        case "kill":
            os.kill(os.getpid(), value)
            time.sleep(10)
        case "sleep":
            time.sleep(value)
        case "raise":
            raise PressrunError("failed as told", str(value))
        case "picky":
            raise Picky("what", "where")
        case "sys.exit":
            sys.exit(value)
        case "bytes":
            return b"x" * value
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


def note(path: str, line: str) -> None:
    with open(path, "a") as file:
        file.write(line + "\n")


def main() -> None:
    """A run to be interrupted: tells its process and those of its workers, then works for a long time."""
    seconds = float(sys.argv[1])
    with LocalExecutor(2) as executor:
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
    signal.signal(signal.SIGINT, signal.default_int_handler)
    main()
