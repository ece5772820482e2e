"""Real processes, killed at any moment; full disks and folders nobody may write to."""

import contextlib
import importlib.util
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from warm_process import WarmProcess

from pressrun.model.disk import CannotWrite
from pressrun.model.journal import JournalError, Result
from pressrun.stores.folder import FolderStore
from pressrun.stores.sqlite import SqliteJournal

PROCESSES = Path(__file__).with_name("store_processes.py")
CRASH_STEP = int(os.environ.get("PRESSRUN_CRASH_STEP", "29"))  # 1: at every single line
NOBODY = 65534


def load_processes() -> ModuleType:
    spec = importlib.util.spec_from_file_location("store_processes", PROCESSES)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


processes = load_processes()


def test_killed_at_many_lines_of_the_store_a_second_run_ends_the_same(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(PROCESSES), "crash", str(tmp_path), str(CRASH_STEP)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["wrong"] == []
    assert told["killed"] == -(-told["lines"] // CRASH_STEP)
    assert told["unknown"] > 0


def test_two_runs_at_once_killed_at_random_moments_pay_nothing_twice(tmp_path: Path) -> None:
    chance = random.Random(20270301)
    certain: set[str] = set()
    for _ in range(8):
        runs = [
            WarmProcess([PROCESSES, "campaign", tmp_path, seed], stdout=subprocess.PIPE)
            for seed in (1, 2)
        ]
        for run in runs:
            assert run.stdout is not None
            for _ in range(chance.randrange(1, 25)):
                certain.add(run.stdout.readline().strip())
            run.send_signal(signal.SIGKILL)
        for run in runs:
            certain |= {line.strip() for line in run.communicate()[0].splitlines(keepends=True) if line.endswith("\n")}
        assert processes.inspect(tmp_path) == []
    certain.discard("")
    assert len(certain) > 10  # how far runs get before they are killed is chance; that they did something is not
    store = FolderStore(tmp_path / "store")
    with SqliteJournal(tmp_path / "store" / "journal.db") as journal:
        for name in certain:
            result = journal.lookup([processes.key_of(name)])[processes.key_of(name)]
            assert store.read(result.digest) == processes.picture_of(name)
        calls = [line.split()[1] for line in (tmp_path / "charges.log").read_text().splitlines()]
        assert len(calls) == len(set(calls))
        kept = sum(attempt.state == "charged" for attempt in journal.attempts())
        assert kept <= len(calls) <= kept + len([one for one in journal.open_attempts() if one.standing == "unknown"])


def test_two_undisturbed_runs_at_once_share_the_work(tmp_path: Path) -> None:
    runs = [
        WarmProcess([PROCESSES, "campaign", tmp_path, 1], stdout=subprocess.DEVNULL)
        for _ in range(2)
    ]
    assert [run.wait() for run in runs] == [0, 0]
    assert processes.inspect(tmp_path) == []
    assert len((tmp_path / "charges.log").read_text().splitlines()) == 400
    assert not list((tmp_path / "store" / "partial").iterdir())
    assert len(processes.delivered(tmp_path)) == 800


# nowhere to write


@contextlib.contextmanager
def as_somebody_without_rights() -> Iterator[None]:
    """Root may write anywhere: become nobody for a moment. Others stay who they are."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that nobody may enter too (pytest's own are private)."""
    folder = Path(tempfile.mkdtemp(prefix="pressrun-"))
    folder.chmod(0o755)
    yield folder
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir():
            path.chmod(0o755)
    shutil.rmtree(folder)


def test_a_read_only_folder_is_told_and_nothing_is_left_in_it(open_folder: Path) -> None:
    store = FolderStore(open_folder / "store")
    digest = store.put(b"there before")
    (open_folder / "out").mkdir(mode=0o555)
    for path in [open_folder, *open_folder.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = sorted(open_folder.rglob("*"))
    with as_somebody_without_rights():
        assert store.read(digest) == b"there before"
        assert store.verify(digest)
        for attempt in (
            lambda: store.put(b"new"),
            lambda: store.deliver(digest, open_folder / "out" / "name"),
            lambda: store.deliver(digest, open_folder / "new" / "name"),
        ):
            with pytest.raises(CannotWrite, match="read-only for you") as caught:
                attempt()
            assert caught.value.exit_code == 2
            assert caught.value.hint
        with pytest.raises(JournalError) as refused:
            SqliteJournal(open_folder / "store" / "journal.db")
        assert refused.value.hint == "the store's folder must be writable"
    assert sorted(open_folder.rglob("*")) == before


FULL_DISK = """
import pathlib, sys
sys.path.insert(0, sys.argv[2])
from pressrun.model.disk import CannotWrite
from pressrun.stores.folder import FolderStore
from pressrun.model.journal import JournalError, Result
from pressrun.stores.sqlite import SqliteJournal
root = pathlib.Path(sys.argv[1])
store, journal = FolderStore(root / "store"), SqliteJournal(root / "store" / "journal.db")
kept = []
(root / "ballast").write_bytes(b"x" * 300_000)
try:
    for number in range(10_000):
        digest = store.put(b"%d" % number * 20_000, durable=True)
        journal.record([Result.of("key %d" % number, "file", digest, 1)])
        kept.append(digest)
    sys.exit("the disk was never full")
except (CannotWrite, JournalError) as error:
    assert error.exit_code == 2 and "make room" in error.hint, repr(error)
assert kept
assert not list((root / "store" / "partial").iterdir())
assert all(store.verify(digest) for digest in kept)
assert [one.digest for one in journal.lookup("key %d" % number for number in range(len(kept))).values()]
try:  # now fill the rest, and let the journal itself meet the end of the disk
    with open(root / "filler", "wb", buffering=0) as filler:
        while filler.write(b"x" * 512):
            pass
except OSError:
    pass
try:
    for number in range(10_000):
        journal.record([Result.of("more %d" % number, "file", "d" * 64, 1, {"x": "y" * 500})])
    sys.exit("the disk was never full for the journal")
except JournalError as error:
    assert "make room" in error.hint, repr(error)
lost = number
for made_room in ("filler", "ballast"):
    (root / made_room).unlink()
assert len(journal.lookup("key %d" % number for number in range(len(kept)))) == len(kept)
assert len(journal.lookup("more %d" % number for number in range(10_000))) == lost
journal.record([Result.of("afterwards", "file", "d" * 64, 1)])
store.put(b"afterwards")
journal.close()
print("survived")
"""


def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    """On a file system of two megabytes, where this machine lets us mount one."""
    mount = "mount -t tmpfs -o size=2m tmpfs"
    inside = ["unshare", "--mount", "--map-root-user", "sh", "-c"]
    if not shutil.which("unshare") or subprocess.run([*inside, f"{mount} {tmp_path}"], capture_output=True).returncode:
        pytest.skip("no right to mount a small file system; ENOSPC is simulated in test_folder_store")
    script = tmp_path.parent / "full_disk.py"
    script.write_text(FULL_DISK)
    command = f'{mount} "{tmp_path}" && "{sys.executable}" "{script}" "{tmp_path}" "{PROCESSES.parents[2]}/pipeline"'
    done = subprocess.run([*inside, command], capture_output=True, text=True)
    assert done.stdout.strip() == "survived", done.stderr


def test_a_record_is_certain_once_it_returned(tmp_path: Path) -> None:
    """Read by another connection at once, without the writer having closed."""
    with SqliteJournal(tmp_path / "journal.db") as writer, SqliteJournal(tmp_path / "journal.db") as reader:
        for number in range(20):
            writer.record([Result.of(f"key {number}", "file", "d", number)])
            assert reader.lookup([f"key {number}"])[f"key {number}"].size == number
