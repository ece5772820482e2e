"""A job's budget is the job's: over all runs, those that were killed included; and the ledger adds up."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from small_campaign import EACH, Campaign
from warm_process import WarmProcess

from pressrun.providers.openai.rehearsal.server import Rehearsal, serve
from pressrun.stores.sqlite import SqliteJournal

RUN = ["-m", "pressrun", "run", "jobs/mini.yaml"]
ALONE = {**os.environ, "PRESSRUN_EXECUTOR": "inline"}  # what is killed here is who buys, not who draws


@pytest.fixture
def server() -> Any:
    with serve(latency=0.02) as server:
        yield server


@pytest.fixture
def campaign(
    tmp_path: Path, server: Rehearsal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Campaign:
    campaign = Campaign(tmp_path, capsys)
    campaign.write(_provider(server))
    monkeypatch.chdir(tmp_path)
    return campaign


def _provider(server: Rehearsal) -> str:
    return f'profile: rehearsal, quality: low, calls: 1, base_url: "{server.base_url}"'


def budget(campaign: Campaign, usd: float) -> None:
    job = campaign.folder / "jobs/mini.yaml"
    lines = [line for line in job.read_text("utf-8").splitlines() if not line.startswith("budget:")]
    job.write_text("\n".join([*lines, f"budget: {{usd: {usd}}}", ""]), "utf-8")


def charges(server: Rehearsal) -> list[dict[str, Any]]:
    return list(server.settle()["charges"])


def test_a_budget_is_not_begun_anew_by_every_run(campaign: Campaign, server: Rehearsal) -> None:
    budget(campaign, EACH * 1.2)
    assert campaign("run")[0] == 4
    assert len(charges(server)) == 1
    code, out, err = campaign("run")
    assert code == 4
    assert len(charges(server)) == 1
    assert "stopped at the job's budget" in out
    assert "--max-cost" not in err, "that is the run's, and would not help"
    assert "budget: {usd: 0.02}" in out
    assert "of which its runs have spent, or perhaps spent, $0.0059" in campaign("plan")[1]
    budget(campaign, 0.02)
    assert campaign("run")[0] == 0
    assert len(charges(server)) == 3


def test_max_cost_is_the_run_s_and_never_more_than_the_job_s(campaign: Campaign, server: Rehearsal) -> None:
    budget(campaign, EACH * 2.2)
    assert campaign("run", "--max-cost", str(EACH * 1.2))[0] == 4
    assert len(charges(server)) == 1
    code, out, _ = campaign("run", "--max-cost", "5")
    assert code == 4
    assert len(charges(server)) == 2
    assert "the job's budget" in out


def test_what_is_perhaps_charged_is_held_against_the_budget(campaign: Campaign, server: Rehearsal) -> None:
    server.fault("disconnect_after")
    budget(campaign, EACH * 2.2)
    assert campaign("run")[0] == 4
    assert len(charges(server)) == 2
    assert campaign("run", "--retry-unknown")[0] == 4
    assert len(charges(server)) == 2
    data = json.loads(campaign.said(["ledger", "--json"])[1])
    assert (data["all"]["pictures"], data["all"]["perhaps"]) == (1, 1)


def test_a_killed_run_counts_and_is_shown(campaign: Campaign, tmp_path: Path) -> None:
    with serve(latency=600) as slow:
        campaign.write(_provider(slow))
        budget(campaign, EACH * 1.2)
        process = WarmProcess(RUN, cwd=tmp_path, env=ALONE, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        while not slow.service.in_flight:
            assert process.poll() is None
            time.sleep(0.02)
        process.kill()
        process.wait()
        (killed,) = SqliteJournal(tmp_path / ".pressrun/journal.db").runs()
        assert (killed.job, killed.exit, killed.was_killed) == ("mini", None, True)

        out = campaign.said(["show"])[1]
        assert "perhaps charged: 1 asked for" in out
        assert f"killed: {killed.name}" in out
        assert "1 unknown" in campaign.said(["show", killed.name])[1]
        shown = json.loads(campaign.said(["show", killed.name, "--json"])[1])
        assert shown["killed"] is True
        assert len(shown["perhaps_charged"]) == 1
        ledger = json.loads(campaign.said(["ledger", "--json"])[1])
        assert ledger["killed"][0]["run"] == killed.name
        assert ledger["by_job"]["mini"]["perhaps"] == 1
        asked = len(slow.charges()["requests"])

        # Its quote is held against the job's budget, so that nothing more fits in.
        assert campaign("run", "--only", "product.sku != 'M-1'")[0] == 4
        assert len(slow.charges()["requests"]) == asked


def test_a_killed_run_that_was_carried_on_is_no_news(tmp_path: Path) -> None:
    from pressrun.commands.report.ledger_totals import killed_runs

    path = tmp_path / "journal.db"
    with SqliteJournal(path) as journal:
        journal.begin_run("a", "spring", "2027-03-01T10:00:00+00:00")
    with SqliteJournal(path) as journal:
        assert [run.name for run in killed_runs(journal)] == ["a"]
        journal.begin_run("b", "spring", "2027-03-01T11:00:00+00:00")
        assert [run.name for run in killed_runs(journal)] == ["a"]
        assert [(run.name, run.exit, run.alive) for run in journal.runs()][-1] == ("b", None, True)
        journal.end_run("b", 0)
        assert killed_runs(journal) == []


def test_the_ledger_adds_up_by_job_day_model_and_lane(campaign: Campaign, server: Rehearsal) -> None:
    assert campaign("run", "--only", "product.sku == 'M-1'")[0] == 0
    assert campaign("run", "--only", "product.sku == 'M-2'", "--lane", "batch")[0] == 0
    server.fault("disconnect_after")
    assert campaign("run", "--only", "product.sku == 'M-3'")[0] == 1
    data = json.loads(campaign.said(["ledger", "--json"])[1])
    billed = [Decimal(one["nano_usd"]) / 10**9 for one in charges(server)]
    whole = data["all"]
    assert Decimal(whole["spent_usd"]) == sum(billed[:2])
    assert (whole["calls"], whole["pictures"], whole["perhaps"], whole["unpriced"]) == (3, 2, 1, 0)
    assert set(data) == {"all", "by_job", "by_day", "by_model", "by_lane", "killed"}
    for part in ("by_job", "by_day", "by_model", "by_lane"):
        assert sum(Decimal(one["spent_usd"]) for one in data[part].values()) == sum(billed[:2])
        assert sum(one["calls"] for one in data[part].values()) == 3
    assert {name: one["pictures"] for name, one in data["by_lane"].items()} == {"direct": 1, "batch": 1}
    assert set(data["by_model"]) == {"gpt-image-2"}
    text = campaign.said(["ledger"])[1]
    assert "by lane" in text
    assert "$0.0059 (1)" in text


def test_a_ledger_of_nothing_says_so(campaign: Campaign) -> None:
    code, out, _ = campaign.said(["ledger"])
    assert (code, out) == (0, "Nothing was ever asked for that costs money.\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=lambda one: one.name)
def test_a_run_that_is_asked_to_end_keeps_what_is_paid(
    campaign: Campaign, tmp_path: Path, number: signal.Signals
) -> None:
    with serve(latency=1.5) as slow:
        campaign.write(_provider(slow))
        process = WarmProcess(RUN, cwd=tmp_path, env=ALONE, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
        while not slow.service.in_flight:
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(number)
        told = process.communicate()[1]
        assert process.returncode == 130, told
        assert "1 picture is kept" in told
        with SqliteJournal(tmp_path / ".pressrun/journal.db") as journal:
            assert [attempt.state for attempt in journal.attempts()] == ["charged"]
            assert [run.exit for run in journal.runs()] == [130]
        assert len(slow.settle()["charges"]) == 1


def test_a_closed_terminal_loses_no_call(campaign: Campaign, tmp_path: Path) -> None:
    """The terminal goes, and with it everything that could be written to: the call under way is waited for."""
    with serve(latency=1.5) as slow:
        campaign.write(_provider(slow))
        ours, theirs = os.openpty()
        process = subprocess.Popen(
            [sys.executable, *RUN], cwd=tmp_path, env=ALONE, stdin=theirs, stdout=theirs, stderr=theirs,
            start_new_session=True, preexec_fn=_take_terminal,
        )  # fmt: skip
        os.close(theirs)
        while not slow.service.in_flight:
            assert process.poll() is None
            time.sleep(0.02)
        os.close(ours)
        process.wait(timeout=60)
        with SqliteJournal(tmp_path / ".pressrun/journal.db") as journal:
            assert [attempt.state for attempt in journal.attempts()] == ["charged"]
        assert len(slow.settle()["charges"]) == 1


def _take_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def test_who_ignores_a_hang_up_goes_on(campaign: Campaign, tmp_path: Path) -> None:
    """nohup: what was told to outlive its terminal does."""
    with serve(latency=0.3) as slow:
        campaign.write(_provider(slow))
        command = ["nohup", sys.executable, *RUN]
        process = subprocess.Popen(
            command, cwd=tmp_path, env=ALONE, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        while not slow.service.in_flight:
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGHUP)
        assert process.wait() == 0
        assert len(slow.settle()["charges"]) == 3

