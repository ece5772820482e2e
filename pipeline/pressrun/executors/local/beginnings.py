"""How worker processes begin: to import what files are made with takes longer than most of what a worker is started
for, so one process does it, and the workers are forked from that. A command imports the same: that process is forked
from the command's own, before it does anything with it.

Only where a process with such libraries can be forked safely: on Linux. Elsewhere, where the system refuses that
process (its socket has no room for a long TMPDIR), and where few files may be open, each is spawned, and imports for
itself.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from multiprocessing import forkserver, get_context, util
from multiprocessing.context import ForkServerContext, SpawnContext
from types import ModuleType

from pressrun.model.signals import asking_to_end

FORKS = sys.platform == "linux"
FEWEST_FILES = 64
MOST_TRIED = 65_536  # numbers of files
_ONE_AT_A_TIME = threading.Lock()  # threads share their variables
_NOT_SAID = ["__main__"]  # what Python has imported, where a program asks for nothing


def beginning(*modules: str) -> ForkServerContext | SpawnContext:
    """What worker processes are started with, which import these modules."""
    return get_context("forkserver") if get_ready(*modules) else get_context("spawn")


def get_ready(*modules: str, forking: bool = False) -> bool:
    """Have the process begin from which workers will be forked: what it imports is there when they are needed. Answers
    whether there is one. With ``forking`` it is forked from this one, if that has a single thread of Python's: for a
    process that has imported what it needs, in which nothing has been set or drawn, nor a server been asked."""
    if not FORKS or _are_files_few():
        return False
    if vars(forkserver._forkserver)["_preload_modules"] == _NOT_SAID:  # a program has one such process, and one list
        forkserver.set_forkserver_preload(list(modules))
    try:
        with interrupts_held_back(), _forked_from_here() if forking and _is_single() else _nothing_taken_from_here():
            forkserver.ensure_running()
    except OSError:
        return False
    return True


def _are_files_few() -> bool:
    """Whether so few files may be open that a worker's cannot all be sent over: Python's process to fork from would end
    with a trace of its own."""
    import resource

    return resource.getrlimit(resource.RLIMIT_NOFILE)[0] < FEWEST_FILES


@contextlib.contextmanager
def interrupts_held_back() -> Iterator[None]:
    """A process started meanwhile is born deaf to Ctrl-C; for us it is only delayed."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def the_caller_left_out() -> Iterator[None]:
    """A process started meanwhile does not import the script that this one was started with, as Python would have it:
    what a worker calls is ours, and a script without ``if __name__ == "__main__":`` would begin its run again in it."""
    with _ONE_AT_A_TIME:
        script = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = script


@contextlib.contextmanager
def _nothing_taken_from_here() -> Iterator[None]:
    """A process started meanwhile imports nothing from the folder that a run is begun in."""
    with _ONE_AT_A_TIME:
        had = os.environ.get("PYTHONSAFEPATH")
        os.environ["PYTHONSAFEPATH"] = "1"
        try:
            yield
        finally:
            if had is None:
                del os.environ["PYTHONSAFEPATH"]
            else:
                os.environ["PYTHONSAFEPATH"] = had


def _is_single() -> bool:
    return threading.active_count() == 1


@contextlib.contextmanager
def _forked_from_here() -> Iterator[None]:
    """A process of Python that is started meanwhile for a program is forked from this one, which has imported that."""
    had, util.spawnv_passfds = util.spawnv_passfds, _forked
    try:
        yield
    finally:
        util.spawnv_passfds = had


def _forked(path: bytes, args: Sequence[object], passfds: Sequence[int]) -> int:
    """Do what ``python … -c program`` does, with no other open files, in a process of its own: its number."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):  # it is closed, or there is none
            stream.flush()  # what waits there would be said twice
    if number := os.fork():
        return number
    try:
        _forget_the_command(passfds)
        exec(str(args[-1]), {})
    finally:
        os._exit(0)  # whatever is left undone is the command's


def _forget_the_command(files: Sequence[int]) -> None:
    """Be as a process that has just begun."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    for asking in asking_to_end():
        signal.signal(asking, signal.SIG_DFL)
    sys.unraisablehook = sys.__unraisablehook__
    gc.freeze()  # what is garbage already would close files by numbers that are others' here
    gc.enable()
    for number in _open_files() - {0, 1, 2, *files}:
        with contextlib.suppress(OSError):  # the one that the folder was read by
            os.close(number)


def _open_files() -> set[int]:
    """As the system tells it: an older one would try each number up to a limit that may be a thousand millions."""
    try:
        return {int(name) for name in os.listdir("/proc/self/fd")}
    except OSError:
        return set(range(min(os.sysconf("SC_OPEN_MAX"), MOST_TRIED)))
