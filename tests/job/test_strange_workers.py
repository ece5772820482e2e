"""Workers that would make other bytes are given nothing, and are named with what differs."""

from __future__ import annotations

import json
import operator
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from dask_cluster import cluster_of
from job_campaign import Campaign

from pressrun.doors import Doors, store_options
from pressrun.executors.dask import DaskOptions
from pressrun.manifest import contact_sheet
from pressrun.model.elsewhere import open_elsewhere
from pressrun.model.executor import UnfitWorker
from pressrun.model.settings import Settings
from pressrun.run.job import kit_for, run_job
from pressrun.run.planned_job import prepare


def hiding(folder: Path, name: str, text: str) -> Path:
    """A folder of packages, with one file."""
    (folder / name).parent.mkdir(parents=True)
    (folder / name).write_text(text)
    return folder


@pytest.mark.heavy
def test_a_worker_of_another_version_is_refused_and_named_with_the_package(fresh: Campaign, tmp_path: Path) -> None:
    older = hiding(
        tmp_path / "packages/older",
        "picosvg-0.0.1.dist-info/METADATA",
        "Metadata-Version: 2.1\nName: picosvg\nVersion: 0.0.1\n",
    )
    without = hiding(tmp_path / "packages/without", "pressrun/__init__.py", "")
    with cluster_of(tmp_path, ours=None, older=older, without=without) as cluster:
        store = {"type": "folder", "path": str(tmp_path / "shared")}
        (fresh.root / ".env").write_text(f"PRESSRUN_STORE={json.dumps(store)}\n")
        prepared = prepare(fresh.root / fresh.job, Settings(inline=True))
        with prepared.doors as doors:
            opener = store_options(fresh.root).opener_elsewhere(doors.folder)
            sent = kit_for(prepared).elsewhere(doors.store, doors.journal, opener, b"chance")
        executor = DaskOptions(scheduler=cluster.address).open(open_elsewhere, sent, 1)

        def until_all_are_known() -> Iterator[int]:
            until = time.monotonic() + 60
            while len(executor.refused) < 2 and time.monotonic() < until:
                time.sleep(0.02)
                yield 0

        assert {done for _, done in executor.run(until_all_are_known(), operator.is_)} == {
            False
        }  # by the one that is ours
        executor.close()
        told = sorted(why.message.split(" ", 3)[3] for why in executor.refused)
        assert told[0] == "has no Pressrun, or one of another version"
        assert told[1].startswith("has picosvg 0.0.1 where we have picosvg ")
        assert [name for name, program in cluster.workers.items() if program.poll() is not None] == []
        for name in ("ours", "without"):
            cluster.workers[name].kill()
            cluster.workers[name].wait()
        with pytest.raises(UnfitWorker, match=r"has picosvg 0\.0\.1 where we have picosvg") as caught:
            list(executor.run([0], operator.is_))  # there is nobody else
        executor.close()
    assert (caught.value.exit_code, caught.value.hint) == (2, UnfitWorker.CURE)


def test_a_run_tells_which_workers_it_goes_on_without(warm: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    why = UnfitWorker("the worker tls://b:8786 has picosvg 0.0.1 where we have picosvg 0.22.4", UnfitWorker.CURE)
    monkeypatch.setattr(Doors, "refused_workers", (why,))
    said: list[str] = []

    class Heard:
        def begin(self, phase: str, total: int) -> None: ...
        def step(self, count: int = 1) -> None: ...
        def say(self, line: str) -> None:
            said.append(line)

    monkeypatch.setattr(contact_sheet, "BY_MAIL", 3)  # so that it is long enough to be kept
    assert run_job(warm.root / warm.job, Settings(inline=True), cast(Any, Heard())).exit == 0
    (line,) = [one for one in said if "[unfit-worker]" in one]
    assert line.startswith("warning: the worker tls://b:8786 has picosvg 0.0.1")
    monkeypatch.setattr(Doors, "refused_workers", ())
    said.clear()
    assert run_job(warm.root / warm.job, Settings(inline=True), cast(Any, Heard())).exit == 0
    assert [one for one in said if "[unfit-worker]" in one] == []
