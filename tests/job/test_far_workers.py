"""Sheets made by workers on other machines: they share the bucket and nothing else, and bytes are equal."""

from __future__ import annotations

import _thread
import json
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import needed
import pytest
from dask_cluster import Cluster, cluster_of_two
from job_campaign import Campaign, Ended, wait_until
from msgspec.structs import replace
from s3_server import S3Server

from pressrun.executors import dask
from pressrun.executors.dask import DaskExecutor, DaskOptions
from pressrun.executors.inline import InlineOptions
from pressrun.model.elsewhere import open_elsewhere
from pressrun.model.errors import PressrunError
from pressrun.model.executor import UnfitWorker, WorkersCannotStart
from pressrun.model.run_record import RunReport
from pressrun.model.settings import Settings
from pressrun.run.job import kit_for, run_job
from pressrun.run.planned_job import prepare
from pressrun.run.sheets import Making
from pressrun.run.worker import bench

OF_A_SHEET = 5  # objects: its plates, files, thumbnail


def delivered(report: RunReport) -> dict[str, bytes]:
    folder = Path(report.folder, "assets")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def cluster(s3: S3Server, tmp_path: Path) -> Iterator[Cluster]:
    """Of this test alone, which kills what is in it; the keys of the bucket were there before it."""
    with cluster_of_two(tmp_path) as cluster:
        yield cluster


def far(campaign: Campaign, store: dict[str, str], scheduler: str) -> Campaign:
    said = {"PRESSRUN_STORE": store, "PRESSRUN_EXECUTOR": {"type": "dask", "scheduler": scheduler}}
    (campaign.root / ".env").write_text("".join(f"{name}={json.dumps(value)}\n" for name, value in said.items()))
    return campaign


@pytest.mark.heavy
def test_two_workers_without_a_common_disk_one_killed_make_equal_bytes(
    warm: Campaign, fresh: Campaign, s3: S3Server, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PRESSRUN_EXECUTOR", raising=False)
    expected = delivered(warm.run())
    killed: list[str] = []
    send = DaskExecutor._send

    def send_and_kill(self: DaskExecutor[Any], one: Any, job: Any) -> None:
        send(self, one, job)
        if not killed:
            killed.append(one.address)
            os.kill(self._client.run(os.getpid, workers=[one.address])[one.address], signal.SIGKILL)

    monkeypatch.setattr(DaskExecutor, "_send", send_and_kill)
    far(fresh, s3.options(), cluster.address)
    report = run_job(fresh.root / fresh.job, Settings(jobs=1))
    assert len(killed) == 1
    assert report.exit == 0
    assert delivered(report) == expected
    assert run_job(fresh.root / fresh.job, Settings(jobs=1)).counts.made == 0


@pytest.mark.heavy
def test_a_scheduler_lost_in_the_middle_is_told_and_what_came_in_is_kept(
    fresh: Campaign, s3: S3Server, cluster: Cluster, here: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PRESSRUN_EXECUTOR")
    receive, came = DaskExecutor._receive, 0

    def receive_and_kill(self: DaskExecutor[Any], *given: Any) -> Iterator[Any]:
        nonlocal came
        for outcome in receive(self, *given):
            came += 1
            yield outcome
            cluster.scheduler.kill()
            cluster.scheduler.wait()

    monkeypatch.setattr(DaskExecutor, "_receive", receive_and_kill)
    ended = here(far(fresh, s3.options(), cluster.address), "run", "--jobs", "1", "--quiet")
    assert ended.code == 1
    assert "does not answer any more" in ended.err
    assert f"To carry on: pressrun run {fresh.job} --jobs 1 --quiet" in ended.err
    monkeypatch.setenv("PRESSRUN_EXECUTOR", "inline")
    carried = run_job(fresh.root / fresh.job, Settings())
    assert came >= 1
    assert 0 < carried.counts.made < len(carried.assets)


@pytest.mark.heavy
def test_who_stops_a_run_stops_the_sheets_that_workers_have_in_hand(
    fresh: Campaign, s3: S3Server, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the first of a task's eight sheets is on its way into the bucket, Ctrl-C: the seven others are not made."""
    monkeypatch.delenv("PRESSRUN_EXECUTOR", raising=False)
    told, sheets, sent, held = threading.Event(), threading.Event(), threading.Event(), list[str]()
    make, send, wait = Making.make, DaskExecutor._send, dask._wait

    def make_sheets(self: Making, *given: Any) -> Any:
        sheets.set()
        return make(self, *given)

    def send_sheets(self: DaskExecutor[Any], *given: Any) -> None:
        if sheets.is_set():
            sent.set()
        send(self, *given)

    def wait_for_those_in_hand(*given: Any) -> None:  # who have been told by then
        told.set()
        wait(*given)

    def hold(method: str, path: str) -> None:
        if sent.is_set() and method == "PUT" and not told.is_set():
            if not held:
                _thread.interrupt_main()
            held.append(path)
            assert told.wait(60)

    monkeypatch.setattr(Making, "make", make_sheets)
    monkeypatch.setattr(DaskExecutor, "_send", send_sheets)
    monkeypatch.setattr(dask, "_wait", wait_for_those_in_hand)
    monkeypatch.setattr(s3, "watch", hold)
    far(fresh, s3.options(), cluster.address)
    with pytest.raises(KeyboardInterrupt):
        run_job(fresh.root / fresh.job, Settings(jobs=1))
    assert 1 <= len(held) <= 2  # of each worker what it was at
    put = s3.put[s3.put.index(held[0]) :]
    assert len(put) <= len(held) * OF_A_SHEET, "twelve sheets put forty"
    assert not wait_until(lambda: s3.put[-1] != put[-1], 1)


@pytest.mark.heavy
def test_a_folder_that_all_machines_have_is_a_store_for_them(
    fresh: Campaign, warm: Campaign, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PRESSRUN_EXECUTOR", raising=False)
    expected = delivered(warm.run())
    far(fresh, {"type": "folder", "path": str(tmp_path / "shared")}, cluster.address)
    report = run_job(fresh.root / fresh.job, Settings(jobs=1))
    assert delivered(report) == expected


def test_a_kit_has_no_path_no_key_and_no_address_of_the_journal(
    fresh: Campaign, s3: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    far(fresh, s3.options(), "tls://cluster.example:8786")
    with (fresh.root / ".env").open("a") as lines:
        lines.write("OPENAI_API_KEY=sk-geheim\n")
    prepared = prepare(fresh.root / fresh.job, Settings(inline=True))
    with prepared.doors as doors:
        kit = kit_for(prepared)
        from pressrun.doors import store_options

        sent = kit.elsewhere(doors.store, doors.journal, store_options(fresh.root).opener_elsewhere(doors.folder), b"chance")
        message = pickle.dumps((open_elsewhere, sent))
    for secret in (str(fresh.root), fresh.root.name, str(Path.home()), "sk-geheim", os.environ["AWS_SECRET_ACCESS_KEY"], "journal.db"):
        assert secret.encode() not in message.replace(b"pressrun.model.journal", b""), secret
    near = open_elsewhere(sent)
    near.close()
    monkeypatch.setattr(bench, "ENGINES", ("typst 0.99.0", *bench.ENGINES[1:]))
    with pytest.raises(UnfitWorker, match=r"has typst 0\.99\.0 where we have typst"):
        open_elsewhere(sent)
    monkeypatch.undo()
    with pytest.raises(UnfitWorker, match="does not see the campaign's store"):
        open_elsewhere(replace(sent, nonce="0" * 64))


def test_plates_of_earlier_runs_are_painted_by_nobody_again(
    warm: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = {"type": "folder", "path": str(tmp_path / "shared")}
    (warm.root / ".env").write_text(f"PRESSRUN_STORE={json.dumps(store)}\nPRESSRUN_EXECUTOR=inline\n")
    monkeypatch.setattr(InlineOptions, "FAR", True)  # its one worker is sent what goes to other machines
    monkeypatch.delenv("PRESSRUN_EXECUTOR", raising=False)
    painted: list[str] = []
    paint = bench.plate.paint

    def noted(sheet: Any, *given: Any) -> Any:
        painted.append(sheet.layout)
        return paint(sheet, *given)

    monkeypatch.setattr(bench.plate, "paint", noted)
    assert run_job(warm.root / warm.job, Settings()).exit == 0
    assert painted, "the store is a new one"
    painted.clear()
    warm.edit("jobs/data/copy.csv", "Good morning", "Good day")
    assert run_job(warm.root / warm.job, Settings()).counts.made > 0
    assert painted == []


def test_nobody_is_sent_programs_over_an_open_line() -> None:
    with pytest.raises(WorkersCannotStart, match="anybody") as caught:
        DaskOptions(scheduler="tcp://cluster.example:8786").open(open_elsewhere, None, 1)  # type: ignore[arg-type]
    assert "insecure: true" in (caught.value.hint or "")
    for said in ("tls://cluster.example:8786", "tcp://127.0.0.1:8786", "local"):
        assert DaskOptions(scheduler=said).problem is None
    assert DaskOptions(scheduler="tcp://cluster.example:8786", insecure=True).problem is None


@pytest.mark.heavy
def test_a_scheduler_that_is_not_there_is_told_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    needed.package("distributed")
    monkeypatch.setattr(dask, "WAIT_SECONDS", 0.5)
    executor = DaskOptions(scheduler="tcp://127.0.0.1:1").open(open_elsewhere, None, 1)  # type: ignore[arg-type]
    with pytest.raises(PressrunError, match="no scheduler answers"):
        list(executor.run([1], pickle.dumps))  # type: ignore[arg-type]
    executor.close()
