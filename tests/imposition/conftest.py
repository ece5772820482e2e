"""Outside tools that read sheets back."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Tool = Callable[..., str]


@pytest.fixture(scope="session")
def tool() -> Tool:
    """Runs an outside tool and answers what it prints. Skips where it is absent, unless PRESSRUN_REQUIRE_TOOLS=1."""

    def run(name: str, *arguments: str | Path) -> str:
        if shutil.which(name) is None:
            if os.environ.get("PRESSRUN_REQUIRE_TOOLS") == "1":
                pytest.fail(f"{name} is required by PRESSRUN_REQUIRE_TOOLS=1")
            pytest.skip(f"needs {name}")
        done = subprocess.run([name, *map(str, arguments)], capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"
        return done.stdout

    return run
