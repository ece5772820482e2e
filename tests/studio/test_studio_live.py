"""Runs under way: told of whoever started them, started and stopped here by who may spend."""

from __future__ import annotations

import contextlib
import io
import os
import socket
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from studio_samples import RUN
from studio_served import until

from pressrun.commands.starter import write_campaign
from pressrun.commands.studio import live
from pressrun.commands.studio.gate import Visitor
from pressrun.load import load_project
from pressrun.model.journal import RunEntry
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


def test_a_run_that_was_started_here_is_known_by_its_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of one job that are begun at once are two."""
    pids, ended = iter((7, 8)), None
    monkeypatch.setattr("subprocess.Popen", lambda *_, **__: SimpleNamespace(
        pid=next(pids), stdout=io.StringIO(), poll=lambda: ended, wait=lambda: ended))  # fmt: skip
    monkeypatch.setattr(live, "run_names", lambda _: [])
    monkeypatch.setattr(live, "_told", lambda campaign, alive: [])
    ledger, runs, here = [RunEntry("1-launch", "launch", "", None, True, 6, "here")], live.Runs(), "here"
    monkeypatch.setattr("socket.gethostname", lambda: here)
    campaign: Any = SimpleNamespace(root=tmp_path, journal=SimpleNamespace(runs=lambda: ledger))
    for _ in range(2):
        runs.start(campaign, tmp_path / "launch.yaml", [])

    def mine() -> list[str]:
        return [one["run"] for one in runs.told(campaign)["mine"]]

    assert mine() == ["", ""]
    ledger += [RunEntry(name, "launch", "", None, True, *at) for name, at in {
        "2-launch": (8, "elsewhere"), "3-launch": (8, "here"), "4-launch": (7, "here"),
    }.items()]  # fmt: skip
    assert mine() == ["4-launch", "3-launch"]
    ended = 2
    assert mine() == [""], "it says why it ended in a place of its own, until the job is run again"


def test_a_run_has_ended_when_the_ledger_says_so_though_its_process_still_puts_things_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subprocess.Popen", lambda *_, **__: SimpleNamespace(
        pid=7, stdout=io.StringIO(), poll=lambda: None, wait=lambda: None))  # fmt: skip
    monkeypatch.setattr(live, "run_names", lambda _: [])
    monkeypatch.setattr(live, "_told", lambda campaign, alive: [one.name for one in alive])
    monkeypatch.setattr("socket.gethostname", lambda: "here")
    ledger, runs = [RunEntry("1-launch", "launch", "", 1, False, 7, "here")], live.Runs()
    campaign: Any = SimpleNamespace(root=tmp_path, journal=SimpleNamespace(runs=lambda: ledger))
    runs.start(campaign, tmp_path / "launch.yaml", [])
    assert [one["exit"] for one in runs.told(campaign)["mine"]] == [None], "another had its number before"
    ledger.append(RunEntry("2-launch", "launch", "", 0, False, 7, "here"))
    assert [one["exit"] for one in runs.told(campaign)["mine"]] == [0]


def test_the_ledger_knows_the_process_of_a_run(tmp_path: Path) -> None:
    with contextlib.closing(SqliteJournal(tmp_path / "journal.db")) as journal:
        journal.begin_run("1-launch", "launch", "2027-03-04T10:00:00+00:00")
        [run] = journal.runs()
        assert (run.pid, run.host) == (os.getpid(), socket.gethostname())


def test_a_job_that_does_not_load_says_why(studio: Open, campaign: Path) -> None:
    (campaign / "jobs").mkdir()
    (campaign / "jobs" / "broken.yaml").write_text("brand: nobody\nlayots: []\n")
    visit = studio(campaign)
    assert visit.send("/live/start", {"job": "../broken"}).status_code == 400
    assert visit.send("/live/start", {"job": "broken", "most_usd": "all"}).status_code == 400
    visit.send("/live/start", {"job": "broken", "most_usd": 0})
    until(lambda: visit.get("/live").json()["mine"][0]["exit"] == 2)
    assert "broken.yaml:2" in "".join(visit.get("/live").json()["mine"][0]["said"])


def test_a_broken_job_is_told_on_the_first_page_until_it_is_mended(
    studio: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_campaign(tmp_path / "first", "Plain")
    job = tmp_path / "first" / "jobs" / "first-run.yaml"
    sound, loaded = job.read_text("utf-8"), 0
    visit = studio(tmp_path / "first")

    def counted_load(path: Path, registry: Any) -> Any:
        nonlocal loaded
        loaded += 1
        return load_project(path, registry)

    monkeypatch.setattr("pressrun.load.load_project", counted_load)

    def told() -> list[Any]:
        return list(visit.get("/jobs/first-run/faults", **{"accept-language": "de"}).json()["findings"])

    assert 'data-faults="first-run"' in visit.get("/").text
    assert told() == told() == []
    assert loaded == 1, "as they are, files are read once"
    job.write_text(sound.replace("budget:", "bugdet:"), "utf-8")
    until(lambda: told() != [])
    [found] = told()
    by_itself = visit.get("/jobs/first-run/faults", accept="text/html").text
    assert "budget" in by_itself and "<noscript>" in visit.get("/").text, "without scripts, too"  # noqa: PT018
    assert (found["title"], found["place"]["file"], found["hint"]) == ("Unbekannter Schlüssel", "jobs/first-run.yaml", "did you mean 'budget'?")
    job.write_text(sound, "utf-8")
    until(lambda: told() == [])
    signed = visit.client.app.state.keys.signed(Visitor("Ann", "look", 4_000_000_000, RUN))
    guest = studio(tmp_path / "first", f"/?link={signed}", visit.client.app)
    assert guest.get("/jobs/first-run/faults").status_code == 403
    assert studio(tmp_path / "first", app=visit.client.app).get("/jobs/..%2Ffirst-run/faults").status_code == 404


def test_a_run_is_stopped_and_carries_on(studio: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSRUN_EXECUTOR", "inline")
    write_campaign(tmp_path / "first", "Plain")
    visit = studio(tmp_path / "first")
    started = visit.send("/live/start", {"job": "first-run", "most_usd": 0}).json()["id"]
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
