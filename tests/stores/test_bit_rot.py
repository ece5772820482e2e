"""Objects that change without a trace, or are no files any more: found before they are used, and healed."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from pressrun.commands.store_probe import digests_of
from pressrun.model.store import ObjectMissing
from pressrun.stores.folder import FolderStore
from pressrun.stores.folder.seals import TRUSTED_FOR

DATA = b"a picture that was paid " * 100


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / ".pressrun")


def rot(path: Path) -> None:
    """One bit, with the size and the time kept."""
    status = path.stat()
    data = bytearray(path.read_bytes())
    data[7] ^= 1
    os.chmod(path, 0o644)
    path.write_bytes(data)
    os.chmod(path, status.st_mode)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def not_read_for_long(path: Path) -> None:
    status = path.stat()
    # Whole seconds, since what is behind them is the seal; one more, since the seal may be later than the clock.
    months = (-(-TRUSTED_FOR // 10**9) + 1) * 10**9
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns - months))


def test_what_was_not_read_for_long_is_hashed_before_it_is_delivered(store: FolderStore, tmp_path: Path) -> None:
    digest = store.put(DATA)
    not_read_for_long(store.path(digest))
    rot(store.path(digest))
    with pytest.raises(ObjectMissing):
        store.deliver(digest, tmp_path / "out" / "a.png")
    assert not (tmp_path / "out" / "a.png").exists()
    assert store.put(DATA) == digest
    store.deliver(digest, tmp_path / "out" / "a.png")
    assert (tmp_path / "out" / "a.png").read_bytes() == DATA


def test_what_was_read_whole_is_trusted_for_a_while(store: FolderStore) -> None:
    digest = store.put(DATA)
    path = store.path(digest)
    not_read_for_long(path)
    assert store.verify(digest)
    assert abs(time.time_ns() - path.stat().st_mtime_ns) < TRUSTED_FOR
    before = path.stat()
    assert store.verify(digest)
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.read_bytes() == DATA


def test_every_object_can_be_read_at_once(store: FolderStore) -> None:
    digests = [store.put(DATA + bytes([number])) for number in range(20)]
    rot(store.path(digests[3]))
    assert [digest for digest in digests_of(store.root / "objects") if not store.is_whole(digest)] == [digests[3]]
    assert {*digests_of(store.root / "objects")} == {*digests} - {digests[3]}
    assert not store.verify(digests[3])


@pytest.mark.parametrize("full", [False, True])
def test_an_object_replaced_by_a_folder_heals(store: FolderStore, full: bool) -> None:
    digest = store.put(DATA)
    path = store.path(digest)
    path.unlink()
    path.mkdir()
    if full:
        (path / "inside").write_text("kept")
    assert store.put(DATA) == digest
    assert store.read(digest) == DATA
    assert [aside.is_dir() for aside in (store.root / "damaged").iterdir()] == [True]


def test_a_folder_of_objects_replaced_by_a_file_heals(store: FolderStore) -> None:
    digest = store.put(DATA)
    folder = store.path(digest).parent
    store.path(digest).unlink()
    folder.rmdir()
    folder.write_text("no folder")
    assert not store.verify(digest)
    assert store.put(DATA) == digest
    assert store.read(digest) == DATA
