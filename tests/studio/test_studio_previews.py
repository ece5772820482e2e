"""Drawing for many at once: the newest wish replaces the waiting one, and who waits for the same gets the same."""

from __future__ import annotations

import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pressrun.commands.starter import write_campaign
from pressrun.commands.studio.previews import Drawn, Previews, Saves
from pressrun.model.settings import Settings
from pressrun.run.placed_files import PlacedFiles
from pressrun.run.preview import Preview, Wanted

JOB = Path("jobs/spring.yaml")


class Slow(Previews):
    """Draws as soon as it is allowed to."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.allowed = threading.Semaphore(0), threading.Semaphore(0)
        self.rows: list[str] = []

    def _draw(self, job: Path, take: int, wanted: Wanted, since: float) -> Drawn:
        self.rows.append(wanted.row)
        self.begun.release()
        assert self.allowed.acquire(timeout=20)
        return Drawn(f"{wanted.row} {len(self.rows)}".encode(), wanted.row, ())

    def waiting(self, count: int) -> None:
        """Until so many have a wish."""
        while len(self._newest) < count:
            threading.Event().wait(0.005)


@pytest.fixture
def threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(8)


def test_the_newest_wish_replaces_the_one_that_waits(threads: ThreadPoolExecutor) -> None:
    slow = Slow()
    first = threads.submit(slow.look, "Ada", JOB, 1, Wanted(row="a"))
    assert slow.begun.acquire(timeout=20)
    older = threads.submit(slow.look, "Ben", JOB, 1, Wanted(row="b"))
    slow.waiting(2)
    number = slow._newest["Ben"]
    newer = threads.submit(slow.look, "Ben", JOB, 1, Wanted(row="c"))
    while slow._newest["Ben"] == number:
        threading.Event().wait(0.005)
    slow.allowed.release(2)
    assert [one.result(20) for one in (first, older, newer)] == [Drawn(b"a 1", "a", ()), None, Drawn(b"c 2", "c", ())]
    assert slow.rows == ["a", "c"]


def test_who_waits_for_the_same_gets_what_was_drawn_meanwhile_and_nothing_older(threads: ThreadPoolExecutor) -> None:
    slow = Slow()
    first = threads.submit(slow.look, "Ada", JOB, 1, Wanted(row="a"))
    assert slow.begun.acquire(timeout=20)
    others = [threads.submit(slow.look, f"{number}", JOB, 1, Wanted(row="a")) for number in range(5)]
    slow.waiting(6)
    slow.allowed.release(2)
    assert first.result(20) == Drawn(b"a 1", "a", ())  # may have been begun before the others' change
    assert {one.result(20) for one in others} == {Drawn(b"a 2", "a", ())}
    assert not slow._newest


def test_saves_are_counted_for_all_who_listen(tmp_path: Path) -> None:
    layouts = tmp_path / "templates" / "layouts"
    layouts.mkdir(parents=True)
    now = [0.0]
    saved = Saves(tmp_path, lambda: now[0])
    assert saved.count() == 0
    (layouts / "post.yaml").write_text("page:")
    assert saved.count() == 0  # they were looked at just now
    now[0] = 1.0
    assert saved.count() == 1
    (layouts / ".post.yaml.swp").write_text("hidden")
    now[0] = 2.0
    assert saved.count() == 1


def test_looks_let_go_of_what_earlier_ones_made(tmp_path: Path) -> None:
    """However often somebody looks, what stays of a look is what the newest needs."""
    write_campaign(tmp_path, "Plain")
    preview = Preview(tmp_path / "jobs" / "first-run.yaml", Settings(), small=True)
    copy = tmp_path / "jobs" / "data" / "copy.csv"
    try:
        for number in range(6):
            if number > 3:
                copy.write_text(copy.read_text("utf-8").replace("Made for every", f"Made {number} for every"), "utf-8")
            assert preview.looks(Wanted(("social/square",)))[0].png
        gc.collect()
        here = [one for one in gc.get_objects() if isinstance(one, PlacedFiles) and one._project.root == tmp_path]
        assert len(here) <= 1
        bench = preview._warm._bench
        assert bench is not None
        assert len(bench.composer._settings) <= 3, "one of each project: the first, and one a change"
    finally:
        preview.close()
