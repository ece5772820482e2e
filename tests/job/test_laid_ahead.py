"""The files of a run that reads almost the same are laid out while rows are compared: nobody can tell it by what the run
leaves, and nothing stays where it does not have them."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest
from carried_kit import Worked, left, the_whole_way, worked
from job_campaign import Campaign
from test_carried_rows import CHANGES, long_runs, of_which_one_is_kept

from pressrun import deliver, run_job
from pressrun.deliver import AHEAD, LaidAhead
from pressrun.model.errors import InputError
from pressrun.model.progress import Silence
from pressrun.model.run_record import RunReport
from pressrun.model.settings import Settings
from pressrun.run.kept import kept_runs
from pressrun.stores.sqlite import SqliteJournal

__all__ = ["long_runs", "of_which_one_is_kept", "worked"]

Moved = list[set[str]]


@pytest.fixture(autouse=True)
def moved(monkeypatch: pytest.MonkeyPatch) -> Moved:
    """What was laid out, of each run that took it; few files are many here."""
    found: Moved = []
    move = LaidAhead.move

    def heard(ahead: LaidAhead, run: Path) -> None:
        move(ahead, run)
        found.append({path.relative_to(run).as_posix() for path in run.rglob("*") if path.is_file()})

    monkeypatch.setattr(LaidAhead, "move", heard)
    monkeypatch.setattr(kept_runs, "MANY", 2)
    monkeypatch.setenv("PRESSRUN_EXECUTOR", "inline")
    return found


@pytest.fixture
def kept(of_which_one_is_kept: Campaign, tmp_path: Path, moved: Moved) -> Campaign:
    """The variables that say who makes files are read, too: a run of these is kept."""
    campaign = of_which_one_is_kept.copy(tmp_path / "kept")
    assert run(campaign).exit == 0
    return campaign


def run(campaign: Campaign) -> RunReport:
    return run_job(campaign.root / campaign.job, Settings())


def files_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


@pytest.mark.parametrize(
    "name",
    ["a cell", "copy of half the rows", "a line more between", "a row more", "a cell that fails", "the order of two"],
)
def test_a_change_leaves_what_working_it_out_leaves(
    kept: Campaign, tmp_path: Path, worked: Worked, moved: Moved, name: str
) -> None:
    worked.clear()
    change = CHANGES[name]
    change(kept)
    other = kept.copy(tmp_path / "other")
    report = run(kept)
    assert [len(worked), len(moved)] == ([1, 0] if change.made is None else [0, 1])
    whole = the_whole_way(other)
    assert left(kept, report) == left(other, whole)
    assert files_below(Path(report.folder)) == files_below(Path(whole.folder))
    assert not [*(kept.root / "runs").glob(f"{AHEAD}*")]


def test_a_small_picture_that_no_file_has_any_more_goes(kept: Campaign, tmp_path: Path, moved: Moved) -> None:
    kept.edit("jobs/data/copy.csv", "Der Tee zieht", "Ein ganz anderes Wort")
    report = run(kept)
    (laid,) = moved
    gone = laid - files_below(Path(report.folder))
    assert gone
    assert all("/thumbs/" in path for path in gone)


def test_no_more_is_told_to_be_done_than_was_begun(kept: Campaign, moved: Moved) -> None:
    class Heard(Silence):
        left = 0

        def begin(self, phase: str, total: int) -> None:
            self.left = total

        def step(self, count: int = 1) -> None:
            self.left -= count
            assert self.left >= 0

    CHANGES["a cell"](kept)
    assert run_job(kept.root / kept.job, Settings(), progress=Heard()).exit == 0
    assert len(moved) == 1


@pytest.mark.parametrize("program", ["false", "no-such-program"])
def test_where_the_process_fails_the_files_are_there_all_the_same(
    kept: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moved: Moved, program: str
) -> None:
    monkeypatch.setattr(deliver.spawn, "get_executable", lambda: program)
    CHANGES["a cell"](kept)
    other = kept.copy(tmp_path / "other")
    assert left(kept, run(kept)) == left(other, the_whole_way(other))
    assert len(moved) == 1


@pytest.mark.parametrize("kind", ["file", "thumbnail"])
def test_a_file_that_the_store_has_lost_is_made_again_and_no_run_is_begun_in_vain(
    kept: Campaign, tmp_path: Path, worked: Worked, moved: Moved, kind: str
) -> None:
    line = kept.lines()[-1]
    digest = line["sha256" if kind == "file" else "thumb"]
    (kept.root / ".pressrun/objects" / digest[:2] / digest[2:]).unlink()
    CHANGES["a cell"](kept)
    worked.clear()
    report = run(kept)
    assert (len(worked), moved) == (1, [])
    assert report.exit == 0
    assert (Path(report.folder) / line["path"]).exists()
    with SqliteJournal(kept.root / ".pressrun/journal.db") as journal:
        assert {one.exit for one in journal.runs()} == {0}
    assert not [*(kept.root / "runs").glob(f"{AHEAD}*")]


def test_a_job_that_is_wrong_leaves_nothing_of_it(
    kept: Campaign, monkeypatch: pytest.MonkeyPatch, moved: Moved
) -> None:
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *a, **k: started.append(real(*a, **k)) or started[-1])
    (kept.root / "jobs/data/products.csv").write_text("sku\n")
    before = kept.files()
    with pytest.raises(InputError):
        run(kept)
    assert (len(started), started[0].returncode is None, moved) == (1, False, [])
    assert kept.files() == before


def test_what_a_killed_run_has_laid_out_goes(kept: Campaign) -> None:
    of_one_alive, of_one_killed = (kept.root / "runs" / f"{AHEAD}{name}" for name in ("alive", "killed"))
    for folder in (of_one_alive, of_one_killed):
        (folder / "assets").mkdir(parents=True)
        (folder / "assets/post.jpg").write_bytes(b"laid out")
    with deliver._holding(of_one_alive):
        run(kept)
        assert (of_one_alive.exists(), of_one_killed.exists()) == (True, False)
        os.utime(of_one_alive, (0, 0))
        run(kept)
        assert not of_one_alive.exists()


def test_what_another_run_sweeps_away_before_it_is_held_is_not_laid_out(
    kept: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Path] = []
    real = tempfile.mkdtemp

    def swept(*asked: Any, **how: Any) -> str:
        folder = real(*asked, **how)
        if how.get("prefix") == AHEAD:
            made.append(Path(folder))
            deliver.sweep(kept.root / "runs", (), "manifest.json")
        return folder

    monkeypatch.setattr(tempfile, "mkdtemp", swept)
    (kept.root / "jobs/data/products.csv").write_text("sku\n")
    with pytest.raises(InputError):
        run(kept)
    assert [folder.exists() for folder in made] == [False]
