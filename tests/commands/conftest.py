"""Commands as users call them: in this process for the many, as real processes for a handful."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from warm_process import needs_real_start, run_warm

from pressrun.commands import cli
from pressrun.commands.starter import write_campaign
from pressrun.model.run_record import RunReport

LONGEST = 180  # seconds that any command may take on a busy machine
Call = Callable[..., Result]


@pytest.fixture(scope="session")
def pressrun() -> Call:
    """Call a command in this process; PressrunErrors come out as ``result.exception``."""

    def call(*arguments: object, stand: bool = False) -> Result:
        result = CliRunner().invoke(cli.cli, [str(argument) for argument in arguments], standalone_mode=stand)
        if result.exception is None and isinstance(result.return_value, int):
            result.exit_code = result.return_value
        elif isinstance(result.exception, click.ClickException):
            result.exit_code = result.exception.exit_code
        return result

    return call


@pytest.fixture(scope="session")
def process() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Call the command as a shell does."""

    def call(*arguments: object, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, **environment}
        if not needs_real_start(env):
            return run_warm(["-m", "pressrun", *arguments], cwd=cwd, timeout=LONGEST, env=env)
        command = [sys.executable, "-m", "pressrun", *map(str, arguments)]
        return subprocess.run(command, cwd=cwd, text=True, capture_output=True, timeout=LONGEST, check=False, env=env)

    return call


@pytest.fixture(scope="session")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RunReport]:
    """The starter campaign, run once: its folder, and what the run said."""
    from pressrun.model.settings import Settings
    from pressrun.run.job import run_job

    root = tmp_path_factory.mktemp("campaign") / "first"
    write_campaign(root, "Ørsted & Söhne")
    report = run_job(root / "jobs" / "first-run.yaml", Settings(inline=True))
    return root, report
