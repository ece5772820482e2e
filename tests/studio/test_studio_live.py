"""Runs under way: told of whoever started them, started and stopped here by who may spend."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from studio_served import until

from pressrun.commands.starter import write_campaign
from pressrun.commands.studio import live
from pressrun.commands.studio.gate import Visitor
from pressrun.stores.sqlite import SqliteJournal

Open = Callable[..., Any]


def test_a_run_started_elsewhere_is_told_of(studio: Open, campaign: Path) -> None:
    visit = studio(campaign)
    with contextlib.closing(SqliteJournal(campaign / ".pressrun" / "journal.db")) as journal:
        journal.begin_run("20270304-100000-launch", "launch", "2027-03-04T10:00:00+00:00")
        [told] = visit.get("/live").json()["under_way"]
        assert (told["run"], told["spent_usd"], told["files"]) == ("20270304-100000-launch", 0.0, 0)
        journal.end_run("20270304-100000-launch", 0)
        assert visit.get("/live").json()["under_way"] == []


def test_a_run_that_was_started_here_is_told_of_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the one of its job that the ledger did not have before."""
    monkeypatch.setattr(live, "_under_way", lambda _: [{"run": one, "job": job} for one, job in ledger])
    monkeypatch.setattr(live.subprocess, "Popen", lambda *_, **__: SimpleNamespace(
        pid=7, stdout=io.StringIO(), poll=lambda: ended, wait=lambda: ended))  # fmt: skip
    monkeypatch.setattr(live, "run_names", lambda _: [])
    ledger, ended, runs = [("1-launch", "launch")], None, live.Runs()
    campaign: Any = SimpleNamespace(root=tmp_path)
    runs.start(campaign, tmp_path / "launch.yaml", [])
    assert runs.told(campaign)["mine"][0]["run"] == ""
    ledger += [("2-other", "other"), ("3-launch", "launch")]
    assert runs.told(campaign)["mine"][0]["run"] == "3-launch"
    ended = 2
    assert runs.told(campaign)["mine"][0]["run"] == "", "it says why it ended in a place of its own"


def test_a_job_that_does_not_load_says_why(studio: Open, campaign: Path) -> None:
    (campaign / "jobs").mkdir()
    (campaign / "jobs" / "broken.yaml").write_text("brand: nobody\nlayots: []\n")
    visit = studio(campaign)
    assert visit.send("/live/start", {"job": "../broken"}).status_code == 400
    assert visit.send("/live/start", {"job": "broken", "max_usd": "all"}).status_code == 400
    visit.send("/live/start", {"job": "broken", "max_usd": 0})
    until(lambda: visit.get("/live").json()["mine"][0]["exit"] == 2)
    assert "broken.yaml:2" in "".join(visit.get("/live").json()["mine"][0]["said"])


def test_a_run_is_stopped_and_carries_on(studio: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSRUN_EXECUTOR", "inline")
    write_campaign(tmp_path / "first", "Plain")
    visit = studio(tmp_path / "first")
    started = visit.send("/live/start", {"job": "first-run", "max_usd": 0}).json()["id"]
    until(lambda: bool(visit.get("/live").json()["mine"][0]["said"]))
    visit.send("/live/stop", {"id": started})
    until(lambda: visit.get("/live").json()["mine"][0]["exit"] is not None)
    assert visit.get("/live").json()["mine"][0]["exit"] in (130, 0)  # it may have been done by then
    assert visit.send("/live/stop", {"id": 1}).status_code == 404


def test_only_who_may_spend_starts_and_stops(studio: Open, campaign: Path) -> None:
    owner = studio(campaign)
    signed = owner.client.app.state.keys.signed(Visitor("Ann", "decide", 4_000_000_000))
    guest = studio(campaign, f"/?link={signed}", owner.client.app)
    for path in ("/live/start", "/live/stop"):
        assert guest.send(path, {"job": "launch", "id": 1}).status_code == 403
