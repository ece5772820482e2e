"""What work costs: seconds on the wall, and of processors, of this process and of all that it started."""

from __future__ import annotations

import ctypes
import os
import resource
import time
from collections.abc import Iterator
from multiprocessing import forkserver
from pathlib import Path

PROC = Path("/proc")
PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h


def cpu_seconds() -> float:
    """Of this process, its living descendants, and those of them that have ended and were waited for."""
    if not PROC.is_dir():
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(one.ru_utime + one.ru_stime for one in used)
    ticks = os.sysconf("SC_CLK_TCK")
    return sum(sum(map(int, fields[11:15])) for _, fields in _family(os.getpid())) / ticks


def _family(root: int) -> Iterator[tuple[int, list[str]]]:
    """Process numbers with the fields of their stat after the name: parent first, times from the eleventh."""
    processes = {}
    for folder in PROC.iterdir():
        try:
            processes[int(folder.name)] = (folder / "stat").read_text().rpartition(")")[2].split()
        except (ValueError, OSError):
            continue  # no process, or one that has just ended
    wanted = [root]
    while wanted:
        number = wanted.pop()
        if number in processes:
            yield number, processes[number]
            wanted += [child for child, fields in processes.items() if int(fields[1]) == number]


def _adopt_orphans() -> None:
    """What a process leaves running or unread when it ends, as the one that its workers were forked from, is ours."""
    if PROC.is_dir():
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def largest_worker() -> float:
    """Megabytes of the largest process so far that this one started, workers too: what these took is known when the one
    that they are forked from has ended, which is ended here."""
    forkserver._forkserver._stop()  # type: ignore[attr-defined]  # not in its stub
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def largest_process() -> float:
    """The same with this process."""
    return max(largest_worker(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


class Cost:
    """``with Cost() as cost: …`` and then ``cost.of(files)``."""

    def __enter__(self) -> Cost:
        _adopt_orphans()
        self._wall, self._cpu = time.perf_counter(), cpu_seconds()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds, self.cpu = time.perf_counter() - self._wall, cpu_seconds() - self._cpu

    def of(self, files: int) -> dict[str, float]:
        """``worker_mb`` is what the largest process took that this one started, if there was any."""
        largest = largest_worker()
        worker = {"worker_mb": largest} if largest else {}
        return {"value": files / self.seconds, "cpu_ms": 1000 * self.cpu / files, **worker}
