"""What fails leaves where the program was: in ``log.jsonl`` beside the manifest, and on the terminal with --verbose."""

from __future__ import annotations

import json
from typing import Any

import pytest
from job_campaign import Campaign

from pressrun import plate
from pressrun.commands.cli import run_command
from pressrun.providers.fpo import FpoProvider


@pytest.fixture
def here(fresh: Campaign) -> Campaign:
    """A campaign whose sheets are made in this process."""
    fresh.edit(fresh.job, "date: 2027-03-01", "date: 2027-03-01\nexecutor: {type: inline}")
    return fresh


def fails(*_: Any, **__: Any) -> None:
    raise ZeroDivisionError("by accident")


def log_of(campaign: Campaign) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (campaign.latest / "log.jsonl").read_text("utf-8").splitlines()]


def test_a_run_without_failures_has_no_log(here: Campaign) -> None:
    assert here.run().log == ()
    assert not (here.latest / "log.jsonl").exists()


def test_failed_sheets_are_logged_with_their_trace(
    here: Campaign, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(plate, "settle", fails)
    monkeypatch.chdir(here.root)
    assert run_command(["run", here.job, "--verbose"]) == 1
    log = log_of(here)
    assert {line["code"] for line in log} == {"internal-error"}
    assert len({(line["row"], line["layout"]) for line in log}) == len(log)  # a sheet once, whatever its formats
    assert all("in settle" in line["trace"] or "in fails" in line["trace"] for line in log)
    assert "Traceback" in capsys.readouterr().err
    assert not any("Traceback" in line for line in (here.latest / "assets.jsonl").read_text("utf-8").splitlines())


def test_without_verbose_the_terminal_shows_no_trace(
    here: Campaign, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(plate, "settle", fails)
    monkeypatch.chdir(here.root)
    assert run_command(["run", here.job]) == 1
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err


def test_failed_pictures_are_logged_with_their_trace(here: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FpoProvider, "generate", fails)
    assert here.run().exit == 1
    log = log_of(here)
    assert {line["code"] for line in log} == {"picture-failed"}
    assert all("in fails" in line["trace"] for line in log)
