"""Drawing for many at once: the newest wish replaces the waiting one, and who waits for the same gets the same."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pressrun.commands.studio.previews import Drawn, Previews, Saves
from pressrun.run.preview import Wanted

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
