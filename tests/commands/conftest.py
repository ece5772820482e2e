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

from pressrun.commands import cli
from pressrun.commands.starter import write_campaign
from pressrun.model.run_record import RunReport

REPOSITORY = Path(__file__).parents[2]
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
        paths = os.pathsep.join(filter(None, (str(REPOSITORY), os.environ.get("PYTHONPATH"))))
        return subprocess.run(
            [sys.executable, "-m", "pressrun", *map(str, arguments)],
            cwd=cwd, text=True, capture_output=True, timeout=180, check=False,
            env={**os.environ, "PYTHONPATH": paths, **environment},
        )  # fmt: skip

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
