"""A campaign is the same wherever its store and its journal are: equal bytes, nothing made or paid twice."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import obstore
import pytest
from job_campaign import Campaign, Ended
from postgres_server import PostgresServer
from s3_server import S3Server

from pressrun import registry
from pressrun.model.errors import PressrunError
from pressrun.model.run_record import RunReport
from pressrun.stores.cloud import bucket


def delivered(report: RunReport) -> dict[str, bytes]:
    folder = Path(report.folder, "assets")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def far(fresh: Campaign, s3: S3Server, postgres: PostgresServer) -> Campaign:
    """A campaign in a bucket and in PostgreSQL."""
    said = {"PRESSRUN_STORE": s3.options(), "PRESSRUN_JOURNAL": postgres.options()}
    (fresh.root / ".env").write_text("".join(f"{name}={json.dumps(value)}\n" for name, value in said.items()))
    return fresh


def test_bytes_are_equal_and_another_machine_makes_nothing_again(
    finished: Campaign, far: Campaign, s3: S3Server, tmp_path: Path
) -> None:
    expected = delivered(finished.copy(tmp_path / "near").run())
    first = far.run()
    assert delivered(first) == expected
    assert not (far.root / ".pressrun" / "objects").exists()
    assert not (far.root / ".pressrun" / "journal.db").exists()
    other = far.copy(tmp_path / "other machine")
    shutil.rmtree(other.root / ".pressrun")
    second = other.run()
    assert delivered(second) == expected
    assert second.counts.made == 0
    s3.requests.clear()
    assert other.run().counts.made == 0
    assert [method for method, _ in s3.requests if method not in ("GET", "HEAD")] == []


def test_what_the_bucket_lost_is_made_again(far: Campaign) -> None:
    first = far.run()
    expected = delivered(first)
    store = registry.STORES["cloud"].model_validate(json.loads(_said(far, "PRESSRUN_STORE"))).opener(far.root / "x")()
    lost = str(next(asset.sha256 for asset in first.assets if asset.sha256))
    obstore.delete(store._bucket._at, f"objects/{lost[:2]}/{lost[2:]}")  # type: ignore[attr-defined]
    shutil.rmtree(far.root / ".pressrun" / "cache")
    with pytest.raises(PressrunError, match="made anew"):
        far.run()
    again = far.run()
    assert delivered(again) == expected
    assert again.counts.made == sum(asset.sha256 == lost for asset in again.assets)


SLOW = 5.0  # seconds until it answers
FAULTS = {
    "a clock that is wrong": (("403 Forbidden", "RequestTimeTooSkewed"), "clock is wrong"),
    "another region": (("301 Moved Permanently", "PermanentRedirect"), "another region"),
    "no right any more": (("403 Forbidden", "AccessDenied"), "does not let us"),
    "too much at once": (("503 Slow Down", "SlowDown"), "too much at once"),
    "slow": (SLOW, "does not answer"),
    "half an upload": ("cut", "does not answer"),
}


def test_whatever_befalls_a_bucket_in_mid_run_is_one_line_and_nothing_is_lost(
    finished: Campaign, far: Campaign, s3: S3Server, monkeypatch: pytest.MonkeyPatch, here: Callable[..., Ended]
) -> None:
    """One after the other befalls it, when a few objects more are there; the last run ends what all have begun."""
    monkeypatch.setattr(bucket, "RETRIES", 1)
    s3.put.clear()
    for fault, words in FAULTS.values():
        monkeypatch.setattr(bucket, "SECONDS", 0.7 if fault == SLOW else 10.0)  # a machine may be busy, too
        enough = len(s3.put) + 10

        def befall(method: str, path: str, fault: Any = fault, enough: int = enough) -> None:
            if len(s3.put) >= enough:
                s3.fault, s3.faults_left = fault, -1

        monkeypatch.setattr(s3, "watch", befall)
        ended = here(far, "run", "--quiet")
        s3.fault = None
        assert (ended.code, ended.out) == (2, ""), fault
        (line,) = ended.err.splitlines()
        assert words in line
        assert " — " in line
        assert line.endswith(("[cannot-write]", "[cannot-read]"))
    monkeypatch.undo()
    report = far.run()
    assert (report.exit, report.counts.failed) == (0, 0)
    assert far.assets() == finished.assets()
    assert report.counts.made < report.counts.planned
    assert len(s3.put) == len(set(s3.put))


def _said(campaign: Campaign, name: str) -> str:
    lines = dict(line.split("=", 1) for line in (campaign.root / ".env").read_text().splitlines())
    return lines[name]
