"""Python in a process of its own, forked from one that has imported Pressrun: to import it anew takes longer than what
most of these processes are started for.

`WarmProcess` and `run_warm` stand for `subprocess.Popen` and `subprocess.run` with ``[sys.executable, …]``. What an
interpreter reads as it starts cannot be given to one that has started: `READ_AT_START` names it.
"""

from __future__ import annotations

import contextlib
import os
import runpy
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterable, Mapping
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

READ_AT_START = ("PYTHON", "LANG", "LC_")  # beginnings of names

forking = get_context("forkserver")
IMPORTED = [
    "pressrun.commands.cli", "pressrun.run.job", "pressrun.run.rows", "pressrun.commands.report.plan_told",
    "pressrun.decisions.forks", "pressrun.providers.openai.client", "pressrun.generate.buy.batches",
    "pymupdf_fonts", "typst", "runpy", "rich.console", "json", "random",
]  # fmt: skip


class WarmProcess:
    """``python …``: ``-m module``, ``-c program`` or a script's path, then its arguments. Streams are `subprocess.PIPE`
    (as text), `subprocess.DEVNULL`, or None: whatever the process forked from has."""

    def __init__(
        self, arguments: Iterable[object], *, cwd: Path | str | None = None, env: Mapping[str, str] | None = None,
        stdin: int | None = None, stdout: int | None = None, stderr: int | None = None, start_new_session: bool = False,
    ) -> None:  # fmt: skip
        self.args = [str(argument) for argument in arguments]
        environment = dict(os.environ if env is None else env)
        assert not [name for name in environment if _differs(name, environment[name])], "needs a real start"
        ends: list[Any] = [stdin, stdout, stderr]
        ours: list[TextIO | None] = [None, None, None]
        for number, asked in enumerate(ends):
            if asked == subprocess.PIPE:
                reading, writing = forking.Pipe(duplex=False)
                theirs, kept = (reading, writing) if number == 0 else (writing, reading)
                ends[number] = theirs
                ours[number] = os.fdopen(os.dup(kept.fileno()), "r" if number else "w", encoding="utf-8", errors="replace")
                kept.close()
        self.stdin, self.stdout, self.stderr = ours
        set_up, telling = forking.Pipe(duplex=False)
        forking.set_forkserver_preload(IMPORTED)  # not as this is imported, which who is forked does: theirs is Pressrun's
        self._process = forking.Process(
            target=_live, args=(telling, self.args, str(cwd or Path.cwd()), environment, ends, start_new_session)
        )
        self._process.start()
        for end in (*ends, telling):
            if isinstance(end, Connection):
                end.close()
        with contextlib.suppress(EOFError):
            set_up.recv()
        set_up.close()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """What it says until it ends, by standard output and by standard error."""
        if self.stdin:
            self.stdin.close()
        said = {}

        def read(stream: TextIO) -> None:
            with stream:
                said[stream] = stream.read()

        readers = [threading.Thread(target=read, args=(one,), daemon=True) for one in (self.stdout, self.stderr) if one]
        for reader in readers:
            reader.start()
        until = None if timeout is None else time.monotonic() + timeout
        for reader in readers:
            reader.join(until and max(0.0, until - time.monotonic()))
            if reader.is_alive():
                raise subprocess.TimeoutExpired(self.args, timeout or 0)
        self.wait(until and max(0.01, until - time.monotonic()))
        return said.get(self.stdout, ""), said.get(self.stderr, "")  # type: ignore[arg-type]  # None is no key

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for stream in (self.stdin, self.stdout, self.stderr):
            if stream:
                stream.close()
        self.wait()


def run_warm(
    arguments: Iterable[object], *, timeout: float | None = None, cwd: Path | str | None = None,
    env: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:  # fmt: skip
    """A process to its end, and what it said."""
    process = WarmProcess(arguments, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        out, err = process.communicate(timeout)
    except BaseException:
        process.kill()
        raise
    return subprocess.CompletedProcess(process.args, process.wait(), out, err)


def needs_real_start(environment: Mapping[str, str]) -> bool:
    return any(_differs(name, value) for name, value in environment.items())


def _differs(name: str, value: str) -> bool:
    return name.startswith(READ_AT_START) and os.environ.get(name) != value


def _live(
    telling: Connection, arguments: list[str], cwd: str, environment: dict[str, str], ends: list[Any], session: bool
) -> None:
    """In the forked process: become what was asked for."""
    if session:
        os.setsid()
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.stdin.close()
    for number, end in enumerate(ends):
        if isinstance(end, Connection):
            os.dup2(end.fileno(), number)
            end.close()
        elif end == subprocess.DEVNULL or number == 0:
            nothing = os.open(os.devnull, os.O_RDWR)
            if nothing != number:
                os.dup2(nothing, number)
                os.close(nothing)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)
    telling.send(None)
    telling.close()
    try:
        _python(arguments)
    except SystemExit:
        raise
    except BaseException:
        traceback.print_exc()
        sys.exit(1)


def _python(arguments: list[str]) -> None:
    kind, *rest = arguments
    if kind == "-m":
        sys.argv = rest
        sys.path.insert(0, os.getcwd())
        runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
    elif kind == "-c":
        sys.argv = ["-c", *rest[1:]]
        sys.path.insert(0, "")
        exec(compile(rest[0], "<string>", "exec"), {"__name__": "__main__"})
    else:
        sys.argv = arguments
        sys.path.insert(0, str(Path(kind).parent))
        runpy.run_path(kind, run_name="__main__")
