"""Many files get their names in a process of its own; whatever becomes of it, they are there or it is said why."""

from __future__ import annotations

import functools
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from pressrun import deliver
from pressrun.deliver import delivering, point_latest
from pressrun.model.store import ObjectMissing
from pressrun.stores.folder import FolderStore

COUNT = 40


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliver, "MANY", 10)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "store")


def opener(store: FolderStore) -> Callable[[], FolderStore]:
    return functools.partial(FolderStore, store.root)


def listed(store: FolderStore, count: int = COUNT) -> list[tuple[str, str]]:
    names = [f"قهوة & co/{number % 7}/file {number}.txt" for number in range(count)]
    return [(store.put(name.encode()), name) for name in names]


def check(folder: Path, files: list[tuple[str, str]]) -> None:
    found = {path.relative_to(folder / "assets").as_posix() for path in folder.rglob("*.txt")}
    assert found == {name for _, name in files}
    for _, name in files:
        assert (folder / "assets" / name).read_text("utf-8") == name


@pytest.mark.parametrize(("count", "beside", "processes"), [(COUNT, True, 1), (COUNT, False, 0), (9, True, 0)])
def test_every_file_has_its_name_once_it_is_waited_for(
    store: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, beside: bool, processes: int
) -> None:
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *a, **k: started.append(real(*a, **k)) or started[-1])
    files = listed(store, count)
    with delivering(store, tmp_path / "run", opener(store) if beside else None) as delivery:
        for at in range(0, len(files), 15):
            delivery.add(files[at : at + 15])
        delivery.finish()
        check(tmp_path / "run", files)
    assert [process.returncode for process in started] == [0] * processes


@pytest.mark.parametrize("program", ["false", "no-such-program"])
def test_where_the_process_fails_the_files_are_delivered_all_the_same(
    store: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.setattr(deliver.spawn, "get_executable", lambda: program)
    files = listed(store)
    with delivering(store, tmp_path / "run", opener(store)) as delivery:
        delivery.add(files)
        delivery.finish()
        check(tmp_path / "run", files)


def test_what_is_wrong_is_said_as_ever(store: FolderStore, tmp_path: Path) -> None:
    files = listed(store)
    store.path(files[-1][0]).unlink()
    with delivering(store, tmp_path / "run", opener(store)) as delivery:
        delivery.add(files)
        with pytest.raises(ObjectMissing):
            delivery.finish()


def test_nothing_goes_on_after_a_failure(store: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *a, **k: started.append(real(*a, **k)) or started[-1])
    with suppress(KeyboardInterrupt), delivering(store, tmp_path / "run", opener(store)) as delivery:
        delivery.add(listed(store))
        raise KeyboardInterrupt
    assert started[0].returncode is not None


def test_the_latest_run_is_found_when_the_campaign_was_moved(tmp_path: Path) -> None:
    run = tmp_path / "before" / "runs" / "one"
    run.mkdir(parents=True)
    (run / "manifest.json").write_text("{}")
    point_latest(run.parent, run)
    moved = (tmp_path / "before").rename(tmp_path / "after")
    assert (moved / "runs" / "latest" / "manifest.json").read_text() == "{}"


@pytest.mark.parametrize("stopped_by", [KeyboardInterrupt, ValueError, SystemExit])
def test_a_run_that_does_not_end_leaves_no_folder(stopped_by: type[BaseException], tmp_path: Path) -> None:
    def run(fault: type[BaseException] | None) -> None:
        with deliver.new_run_folder(tmp_path, "spring") as folder:
            (folder / "post.jpg").write_bytes(b"done")
            if fault:
                raise fault

    run(None)
    with pytest.raises(stopped_by):
        run(stopped_by)
    assert [path.name for path in tmp_path.iterdir()] == ["spring"]
