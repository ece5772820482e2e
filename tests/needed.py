"""What a test needs beside `.[test]`: it is skipped on a machine that lacks it, and fails in a full run."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import pytest

TOOLS = "PRESSRUN_REQUIRE_TOOLS"  # programs of other people
HEAVY = "PRESSRUN_REQUIRE_HEAVY"  # packages of `.[heavy]` and weights, for tests marked `heavy`


def absent(what: str, required_by: str = TOOLS) -> NoReturn:
    if os.environ.get(required_by) == "1":
        pytest.fail(f"{what} is required by {required_by}=1")
    pytest.skip(f"needs {what}", allow_module_level=True)


def tool(name: str, *arguments: str | Path) -> str:
    """What a program prints."""
    if shutil.which(name) is None:
        absent(name)
    done = subprocess.run([name, *map(str, arguments)], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"
    return done.stdout


def package(name: str) -> ModuleType:
    """A module of a heavy package, for a file or a test that is marked `heavy`."""
    try:
        return importlib.import_module(name)
    except ImportError:
        absent(name, HEAVY)
