"""Copies of the small campaign: fresh, or with a first run behind them (made once a session)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from job_campaign import Campaign, Ended
from takes_kit import with_takes

from pressrun.commands import cli


@pytest.fixture
def fresh(tmp_path: Path) -> Campaign:
    """A campaign that was never run."""
    return Campaign.new(tmp_path / "campaign")


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    """A campaign with one undisturbed run behind it; only to be looked at, or copied."""
    campaign = Campaign.new(tmp_path_factory.mktemp("finished") / "campaign")
    assert campaign.run().exit == 0
    return campaign


@pytest.fixture
def warm(finished: Campaign, tmp_path: Path) -> Campaign:
    """A copy of the finished campaign: everything is in its store."""
    return finished.copy(tmp_path / "warm")


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """The command without a process of its own, and without workers: ``here(campaign, "run", "--json")``."""

    monkeypatch.setenv("PRESSRUN_EXECUTOR", "inline")

    def command(campaign: Campaign, *arguments: str) -> Ended:
        monkeypatch.chdir(campaign.root)
        capsys.readouterr()
        name, *rest = arguments
        code = cli.run_command([name, campaign.job, *rest])
        printed = capsys.readouterr()
        return Ended(code, printed.out, printed.err)

    return command


@pytest.fixture(scope="session")
def with_two_takes(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    """A finished campaign with two takes of every picture; only to be copied."""
    campaign = with_takes(Campaign.new(tmp_path_factory.mktemp("takes") / "campaign"))
    campaign.run()
    return campaign


@pytest.fixture
def takes(with_two_takes: Campaign, tmp_path: Path) -> Campaign:
    return with_two_takes.copy(tmp_path / "takes")


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Any command in a campaign's folder, likewise: ``say(campaign, "approve", "--list")``."""

    monkeypatch.setenv("PRESSRUN_EXECUTOR", "inline")

    def command(campaign: Campaign, *arguments: str) -> Ended:
        monkeypatch.chdir(campaign.root)
        capsys.readouterr()
        code = cli.run_command([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Ended(code, printed.out, printed.err)

    return command
