"""Drawing for many at once: the newest wish replaces the waiting one, and who waits for the same gets the same."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from pressrun.commands.starter import write_campaign
from pressrun.commands.studio import previews, saves
from pressrun.commands.studio.easels import Drawn, Elsewhere, Here, Subject
from pressrun.commands.studio.previews import CROWD, Previews
from pressrun.commands.studio.saves import Saves
from pressrun.model.errors import InputError
from pressrun.model.executor import WorkersCannotStart
from pressrun.model.journal import Result
from pressrun.model.settings import Settings
from pressrun.run.files.placed_files import PlacedFiles
from pressrun.run.job import run_job
from pressrun.run.looks.preview import Look, Preview, Wanted
from pressrun.stores.sqlite import SqliteJournal, database

JOB = Path("jobs/spring.yaml")


class Slow:
    """An easel that draws as soon as it is allowed to."""

    def __init__(self) -> None:
        self.begun, self.allowed = threading.Semaphore(0), threading.Semaphore(0)
        self.rows: list[str] = []
        self.is_closed = False

    def draw(self, subject: Subject) -> Drawn:
        [row] = subject.wanted.rows
        self.rows.append(row)
        self.begun.release()
        assert self.allowed.acquire(timeout=20)
        if row == "broken":
            raise KeyboardInterrupt("as a vendor's panic: no Exception")
        return Drawn(f"{row} {len(self.rows)}".encode(), row, ())

    def rest(self) -> None:
        pass

    def close(self) -> None:
        self.is_closed = True


class Crowd:
    """People who look at a job; the first easel is at work for the first of them."""

    def __init__(self, *others: Slow) -> None:
        self.slow = Slow()
        self.previews = Previews(self.slow, others)
        self.first = self.wishes("Ada", "a")
        assert self.slow.begun.acquire(timeout=20)

    def wishes(self, whose: str, row: str) -> Future[Drawn | None]:
        return self.previews.wished(whose, JOB, 1, Wanted(rows=(row,)))


@pytest.fixture
def crowd() -> Iterator[Crowd]:
    made = Crowd()
    yield made
    made.slow.allowed.release(20)
    made.previews.close()


def test_the_newest_wish_replaces_the_one_that_waits_and_keeps_its_turn(crowd: Crowd) -> None:
    older, other, newer = crowd.wishes("Ben", "b"), crowd.wishes("Cem", "d"), crowd.wishes("Ben", "c")
    assert older.result(20) is None
    crowd.slow.allowed.release(3)
    assert [one.result(20) for one in (crowd.first, newer, other)] == [
        Drawn(b"a 1", "a", ()), Drawn(b"c 2", "c", ()), Drawn(b"d 3", "d", ()),
    ]  # fmt: skip


def test_who_waits_for_the_same_gets_what_was_drawn_meanwhile_and_nothing_older(crowd: Crowd) -> None:
    others = [crowd.wishes(f"{number}", "a") for number in range(5)]
    gone = crowd.wishes("gone", "b")
    assert gone.cancel()
    crowd.slow.allowed.release(2)
    assert crowd.first.result(20) == Drawn(b"a 1", "a", ())  # may have been begun before the others' change
    assert {one.result(20) for one in others} == {Drawn(b"a 2", "a", ())}
    assert crowd.slow.rows == ["a", "a"]


def test_a_sheet_that_breaks_its_drawing_stops_no_other(crowd: Crowd) -> None:
    broken, after = crowd.wishes("Ben", "broken"), crowd.wishes("Cem", "c")
    crowd.slow.allowed.release(3)
    with pytest.raises(KeyboardInterrupt):
        broken.result(20)
    assert after.result(20) == Drawn(b"c 3", "c", ())


def test_another_easel_helps_only_where_many_wait() -> None:
    helper = Slow()
    crowd = Crowd(helper)
    try:
        waiting = [crowd.wishes(f"{number}", f"{number}") for number in range(CROWD)]
        assert not helper.begun.acquire(timeout=0.05)
        waiting.append(crowd.wishes("one more", "one more"))
        assert helper.begun.acquire(timeout=20)
        assert helper.rows == ["0"], "who waits longest is first"
        helper.allowed.release(20)
        assert [one.result(20).row for one in waiting if (one.result(20))] == ["0", "1", "one more"]
        crowd.slow.allowed.release(20)
        assert crowd.first.result(20)
        assert crowd.wishes("Ada", "alone").result(20) == Drawn(b"alone 2", "alone", ()), "it is drawn here again"
    finally:
        crowd.slow.allowed.release(20)
        crowd.previews.close()
    assert helper.is_closed
    assert crowd.slow.is_closed
    assert crowd.wishes("late", "x").result(20) is None


def test_an_easel_is_closed_before_another_crowd_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previews, "IDLE", 0.05)

    class Closing(Slow):
        def __init__(self) -> None:
            super().__init__()
            self.closing, self.let = threading.Semaphore(0), threading.Semaphore(0)

        def close(self) -> None:
            self.closing.release()
            assert self.let.acquire(timeout=20)
            super().close()

    helper = Closing()
    helper.allowed.release(20)
    crowd = Crowd(helper)
    try:
        for number in range(CROWD + 1):
            crowd.wishes(f"{number}", f"{number}")
        assert helper.begun.acquire(timeout=20)
        assert helper.closing.acquire(timeout=20), "nobody needs it any more"
        drawn = len(helper.rows)
        for number in range(CROWD + 1):
            crowd.wishes(f"{number}", f"{number} again")
        time.sleep(0.05)
        assert len(helper.rows) == drawn, "it is not closed yet"
        helper.let.release(20)
        while len(helper.rows) == drawn:
            assert helper.begun.acquire(timeout=20), "the crowd waits still"
    finally:
        helper.let.release(20)
        crowd.slow.allowed.release(20)
        crowd.previews.close()


def test_where_no_process_can_be_had_all_is_drawn_here() -> None:
    class Nowhere(Slow):
        def draw(self, subject: Subject) -> Drawn:
            raise WorkersCannotStart("no process")

    crowd = Crowd(Nowhere())
    waiting = [crowd.wishes(f"{number}", f"{number}") for number in range(CROWD + 1)]
    crowd.slow.allowed.release(20)
    assert [one.result(20).row for one in waiting if one.result(20)] == ["0", "1", "2"]
    crowd.previews.close()


def test_a_process_of_its_own_draws_the_same_and_its_death_is_told(tmp_path: Path) -> None:
    write_campaign(tmp_path, "Plain")
    job = tmp_path / "jobs" / "first-run.yaml"
    here, elsewhere = Here(), Elsewhere()
    try:
        subject = Subject(job, 1, Wanted(("social/square",)), time.monotonic())
        drawn = elsewhere.draw(subject)
        assert drawn.picture
        assert drawn == here.draw(subject)
        job.write_text(job.read_text("utf-8").replace("rows:", "rowz:"), "utf-8")
        with pytest.raises(InputError) as told:
            elsewhere.draw(subject._replace(since=time.monotonic()))
        assert any(one.place and one.place.file.endswith("first-run.yaml") for one in told.value.findings)
    finally:
        here.close()
        elsewhere.close()


def test_the_journal_is_copied_for_looks_only_when_somebody_wrote_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_campaign(tmp_path, "Plain")
    job = tmp_path / "jobs" / "first-run.yaml"
    report = run_job(job, Settings(inline=True))
    copied: list[object] = []
    copy = database._as_it_stands
    monkeypatch.setattr(database, "_as_it_stands", lambda path: copied.append(path) or copy(path))
    monkeypatch.setattr("pressrun.run.looks.look_doors.COPIED", 0)
    preview, wanted = Preview(job, Settings(), small=True), Wanted(("social/square",), (report.assets[0].row,))
    try:
        picture = preview.looks(wanted)[0].png
        before = len(copied)
        assert [preview.looks(wanted)[0].png for _ in range(3)] == [picture] * 3
        assert len(copied) == before
        with SqliteJournal(tmp_path / ".pressrun" / "journal.db") as journal:
            journal.record([Result.of("f" * 64, "picture", "e" * 64, 1)])
            preview.looks(wanted)
            assert len(copied) == before + 1
    finally:
        preview.close()


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


def test_a_save_is_heard_of_by_who_listens_without_another_look(tmp_path: Path) -> None:
    layouts = tmp_path / "templates" / "layouts"
    layouts.mkdir(parents=True)
    saved, heard = Saves(tmp_path, lambda: 0.0), threading.Event()
    before = saved.count()
    try:
        with saved.heard(heard.set):
            for number in range(100):  # until the system has begun to watch
                (layouts / "post.yaml").write_text(f"page: {number}")
                if heard.wait(0.1):
                    break
        assert heard.is_set()
        assert saved.known != before, "the clock stands still: nobody else has looked them over"
    finally:
        saved.close()


def test_who_begins_to_listen_does_not_wait_for_a_slow_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, disk = threading.Event(), threading.Event()

    def slow(_: object) -> dict[Path, object]:
        begun.set()
        disk.wait(60)
        return {}

    monkeypatch.setattr(saves, "stamps", slow)
    saved, listening = Saves(tmp_path), threading.Event()

    def listen() -> None:
        with saved.heard(listening.set):
            listening.set()

    looking, listener = threading.Thread(target=saved.count), threading.Thread(target=listen)
    looking.start()
    try:
        assert begun.wait(60)
        listener.start()
        assert listening.wait(10), "the server would answer nobody until then"
    finally:
        disk.set()
        looking.join()
        listener.join()
        saved.close()


def test_no_look_is_interrupted_to_sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_campaign(tmp_path, "Plain")
    job, here = tmp_path / "jobs" / "first-run.yaml", Here()
    swept, threshold, looks = list[str](), gc.get_threshold(), Preview.looks
    meanwhile = list[list[str]]()

    def looked(preview: Preview, wanted: Wanted, since: float | None = None) -> list[Look]:
        swept.clear()
        drawn = looks(preview, wanted, since)
        meanwhile.append(list(swept))
        return drawn

    def sweeps(phase: str, _: object) -> None:
        swept.append(phase)

    monkeypatch.setattr(Preview, "looks", looked)
    gc.callbacks.append(sweeps)
    gc.set_threshold(200, 2, 2)
    try:
        for _ in range(3):
            assert here.draw(Subject(job, 1, Wanted(("social/square",)), time.monotonic())).picture
            here.rest()
        assert meanwhile == [[], [], []]
        assert swept, "they are made up for"
    finally:
        gc.set_threshold(*threshold)
        gc.callbacks.remove(sweeps)
        here.close()


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
