"""However a command ends: a line and an exit code, never a traceback."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from warm_process import run_warm

BEGINNING = """
import ctypes, os, signal, sys, time
from pressrun.commands import cli, interruption

@cli.cli.command("slow")
def slow():
    {body}

cli.main(["slow"])
"""
# What loses an exception, or gives it another shape, on its way out of a function that it called back.
LOSING = {
    "ctypes": """
    compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(lambda a, b: ring() or 0)
    ctypes.CDLL(None).qsort((ctypes.c_int * 8)(), 8, 4, compare)
    time.sleep(60)
    """,
    "a finaliser": """
    class Dying:
        def __del__(self):
            ring()
    Dying()
    time.sleep(60)
    """,
    "SQLite": """
    import sqlite3
    connection = sqlite3.connect(":memory:")
    connection.create_function("ring", 0, lambda: ring() or 0)
    connection.execute("SELECT ring()").fetchall()
    """,
    "another exception": """
    try:
        ring()
    except BaseException:
        raise RuntimeError("out of foreign code") from None
    """,
    "an error of the system": """
    try:
        ring()
    except BaseException:
        raise OSError(5, "out of foreign code") from None
    """,
    "nothing": "    ring()",
}


def python(program: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=cwd,
                          timeout=60)  # fmt: skip


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("body", LOSING.values(), ids=LOSING)
def test_a_signal_in_the_middle_of_c_code(body: str, number: signal.Signals) -> None:
    ring = f"ring = lambda: (os.kill(os.getpid(), {int(number)}), time.sleep(0.01))[1]"
    ended = python(BEGINNING.format(body=ring + "\n" + textwrap.indent(textwrap.dedent(body).strip(), "    ")))
    assert ended.returncode == 130, ended.stderr
    assert "Traceback" not in ended.stderr
    assert "Exception ignored" not in ended.stderr


@pytest.mark.parametrize("arguments", [["check", "a.yaml"], ["run", "a.yaml"], ["show"], ["doctor"], ["init", "a"]])
def test_a_current_folder_that_was_deleted(arguments: list[str], tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    program = f"import os, shutil; shutil.rmtree({os.fspath(gone)!r}); from pressrun.commands import cli; cli.main({arguments!r})"
    ended = python(program, gone) if arguments == ["run", "a.yaml"] else run_warm(["-c", program], cwd=gone, timeout=60)
    assert ended.returncode == 2, ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_an_error_of_the_system_is_one_line(tmp_path: Path) -> None:
    ended = python(BEGINNING.format(body="open('/proc/self/mem', 'rb').read(1)"))
    assert (ended.returncode, len(ended.stderr.splitlines())) == (2, 1)


def test_few_file_handles_are_one_line(tmp_path: Path) -> None:
    shutil.copytree(Path(__file__).parents[1] / "job" / "campaign", tmp_path / "campaign")
    ended = python(
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16)); from pressrun.commands import cli;"
        "cli.main(['run', 'jobs/spring.yaml', '--jobs', '1', '--quiet'])", tmp_path / "campaign",
    )  # fmt: skip
    assert (ended.returncode, len(ended.stderr.splitlines())) == (2, 1)
