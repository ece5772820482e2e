"""The folder store: what it promises about bytes, names and damage."""

import errno
import hashlib
import io
import os
import pickle
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pressrun.model.disk import CannotRead, CannotWrite
from pressrun.model.store import ObjectMissing
from pressrun.stores.folder import FolderStore
from pressrun.stores.folder import objects as folder

ABSENT = "0" * 64


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "store")


def files_below(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if not path.is_dir())


def tamper(path: Path, data: bytes) -> None:
    """Write into the very file, as an editor run by a stubborn user would."""
    path.chmod(0o644)
    path.write_bytes(data)


@given(data=st.binary(max_size=5000), durable=st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_what_was_put_is_read_back_under_its_sha256(tmp_path: Path, data: bytes, durable: bool) -> None:
    store = FolderStore(tmp_path / "store")
    digest = store.put(data, durable=durable)
    assert digest == hashlib.sha256(data).hexdigest()
    assert store.put(data) == digest
    assert store.read(digest) == data
    assert store.verify(digest)
    assert store.path(digest) == tmp_path / "store" / "objects" / digest[:2] / digest[2:]
    assert stat.S_IMODE(store.path(digest).stat().st_mode) & 0o222 == 0
    assert not list((tmp_path / "store" / "partial").iterdir())


@given(
    data=st.binary(min_size=1, max_size=300),
    damage=st.sampled_from(["truncate", "flip", "append", "empty", "zeros", "swap"]),
    read_only_again=st.booleans(),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80, deadline=None)
def test_no_damage_is_trusted_and_the_object_can_be_put_again(
    tmp_path: Path, data: bytes, damage: str, read_only_again: bool
) -> None:
    store = FolderStore(tmp_path / "store")
    digest = store.put(data)
    other = store.put(bytes(byte ^ 255 for byte in data))
    place = store.path(digest)
    match damage:
        case "truncate":
            tamper(place, data[:-1])
        case "flip":
            tamper(place, bytes([data[0] ^ 1]) + data[1:])
        case "append":
            tamper(place, data + b"\0")
        case "empty":
            tamper(place, b"")
        case "zeros":
            tamper(place, bytes([0 if data[0] else 1]) * len(data))
        case "swap":
            os.replace(store.path(other), place)
    if read_only_again:
        place.chmod(0o444)
    assert not store.verify(digest)
    assert not place.exists()
    with pytest.raises(ObjectMissing):
        store.read(digest)
    assert store.put(data) == digest
    assert store.verify(digest)
    assert store.read(digest) == data


def test_a_short_file_is_noticed_even_with_its_old_time_and_mode(store: FolderStore) -> None:
    """As after a power cut that kept the inode's times, but not all of its data."""
    digest = store.put(b"paid for" * 100)
    place, times = store.path(digest), store.path(digest).stat()
    tamper(place, b"paid for" * 99)
    os.utime(place, ns=(times.st_atime_ns, times.st_mtime_ns))
    place.chmod(0o444)
    assert not store.verify(digest)


def test_reading_checks_every_byte_even_under_a_sound_seal(store: FolderStore) -> None:
    digest = store.put(b"picture")
    place, times = store.path(digest), store.path(digest).stat()
    tamper(place, b"Picture")
    os.utime(place, ns=(times.st_atime_ns, times.st_mtime_ns))
    place.chmod(0o444)
    with pytest.raises(ObjectMissing):
        store.read(digest)
    assert len(list((store.root / "damaged").iterdir())) == 1


def test_a_sound_object_whose_seal_was_lost_is_hashed_once_and_sealed_again(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = store.put(b"copied by a tool that keeps whole seconds only")
    os.utime(store.path(digest), ns=(0, 1_700_000_000 * 10**9))
    store.path(digest).chmod(0o644)
    assert store.verify(digest)

    def no_more(*_: object) -> bool:
        raise AssertionError("hashed again")

    monkeypatch.setattr(FolderStore, "_examine", no_more)
    assert store.verify(digest)


def test_an_object_mended_while_it_was_examined_stays(store: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes find the same damage: the slower one must not move the quicker one's new object away."""
    digest = store.put(b"data")
    tamper(store.path(digest), b"dent")
    examine = hashlib.file_digest

    def examine_slowly(file: io.BufferedReader, name: str) -> "hashlib._Hash":
        FolderStore(store.root).put(b"data")
        return examine(file, name)

    monkeypatch.setattr(hashlib, "file_digest", examine_slowly)
    store.verify(digest)
    assert store.path(digest).read_bytes() == b"data"
    assert store.verify(digest)


def test_an_object_that_is_a_link_or_a_folder_is_moved_aside(store: FolderStore, tmp_path: Path) -> None:
    digest = store.put(b"data")
    (tmp_path / "elsewhere").write_bytes(b"data")
    store.path(digest).unlink()
    store.path(digest).symlink_to(tmp_path / "elsewhere")
    assert not store.verify(digest)
    store.path(digest).mkdir()
    assert not store.verify(digest)
    assert store.put(b"data") == digest
    assert store.read(digest) == b"data"


@pytest.mark.parametrize("digest", ["", "abc", "../../etc/passwd", "A" * 64, "0" * 63 + "\n", "0" * 65])
def test_only_digests_become_paths(store: FolderStore, digest: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        store.path(digest)


def test_an_absent_object_is_a_key_error_that_survives_pickling(store: FolderStore) -> None:
    assert store.present([ABSENT, there := store.put(b"there")]) == {there}
    with pytest.raises(KeyError) as caught:
        store.read(ABSENT)
    again = pickle.loads(pickle.dumps(caught.value))
    assert type(again) is ObjectMissing
    assert ABSENT in str(again)
    with pytest.raises(ObjectMissing):
        store.deliver(ABSENT, store.root / "out" / "name")


def test_threads_putting_the_same_thing_at_once(store: FolderStore) -> None:
    data = [bytes([number]) * 20_000 for number in range(40)]
    failures: list[BaseException] = []

    def put_all() -> None:
        try:
            for one in data:
                store.put(one)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=put_all) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert all(store.verify(hashlib.sha256(one).hexdigest()) for one in data)
    assert not list((store.root / "partial").iterdir())


# delivering


def test_a_delivered_file_is_a_read_only_link(store: FolderStore, tmp_path: Path) -> None:
    digest = store.put(b"file")
    target = tmp_path / "run" / "a" / "b.jpg"
    store.deliver(digest, target, within=tmp_path / "run")
    store.deliver(digest, target, within=tmp_path / "run")
    assert target.stat().st_ino == store.path(digest).stat().st_ino
    assert target.stat().st_mode & 0o222 == 0
    assert files_below(tmp_path / "run") == ["a/b.jpg"]


def test_what_had_the_name_is_replaced_and_a_link_is_not_followed(store: FolderStore, tmp_path: Path) -> None:
    digest = store.put(b"new")
    target = tmp_path / "out.txt"
    target.write_bytes(b"old")
    store.deliver(digest, target)
    assert target.read_bytes() == b"new"
    target.unlink()
    precious = tmp_path / "precious"
    precious.write_bytes(b"precious")
    target.symlink_to(precious)
    store.deliver(digest, target)
    assert not target.is_symlink()
    assert target.read_bytes() == b"new"
    assert precious.read_bytes() == b"precious"
    assert not list(tmp_path.glob("*.part"))


def test_editing_a_delivered_file_never_reaches_another_run(store: FolderStore, tmp_path: Path) -> None:
    digest = store.put(b"as made")
    store.deliver(digest, tmp_path / "one.txt")
    tamper(tmp_path / "one.txt", b"as edited")
    with pytest.raises(ObjectMissing):
        store.deliver(digest, tmp_path / "two.txt")
    assert not (tmp_path / "two.txt").exists()
    store.put(b"as made")
    store.deliver(digest, tmp_path / "two.txt")
    assert (tmp_path / "one.txt").read_bytes() == b"as edited"
    assert (tmp_path / "two.txt").read_bytes() == b"as made"


@pytest.mark.parametrize("number", [errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP])
def test_where_links_do_not_work_it_is_a_copy(
    store: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    digest = store.put(b"file")

    def no_links(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", no_links)
    target = tmp_path / "out" / "file"
    target.parent.mkdir()
    target.write_bytes(b"before")
    store.deliver(digest, target)
    assert target.read_bytes() == b"file"
    assert target.stat().st_nlink == 1
    assert os.access(target, os.W_OK)
    assert files_below(tmp_path / "out") == ["file"]


@pytest.mark.parametrize("name", ["../out.txt", "a/../../out.txt", "a/../b/out.txt"])
def test_a_name_cannot_lead_out_of_its_folder(store: FolderStore, tmp_path: Path, name: str) -> None:
    digest = store.put(b"file")
    with pytest.raises(CannotWrite):
        store.deliver(digest, Path(f"{tmp_path}/run/{name}"), within=tmp_path / "run")
    assert not list(tmp_path.rglob("out.txt"))


def test_a_linked_folder_cannot_lead_out(store: FolderStore, tmp_path: Path) -> None:
    digest = store.put(b"file")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "way").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CannotWrite):
        store.deliver(digest, tmp_path / "run" / "way" / "out.txt", within=tmp_path / "run")
    assert not list((tmp_path / "elsewhere").iterdir())


def test_a_folder_removed_meanwhile_is_made_again(store: FolderStore, tmp_path: Path) -> None:
    digest = store.put(b"file")
    target = tmp_path / "run" / "a" / "one"
    store.deliver(digest, target)
    target.unlink()
    target.parent.rmdir()
    store.deliver(digest, target)
    assert target.read_bytes() == b"file"


def test_a_folder_in_the_way_is_told(store: FolderStore, tmp_path: Path) -> None:
    digest = store.put(b"file")
    (tmp_path / "taken").mkdir()
    with pytest.raises(CannotWrite, match="a folder has that name"):
        store.deliver(digest, tmp_path / "taken")
    (tmp_path / "plain").write_bytes(b"")
    with pytest.raises(CannotWrite) as caught:
        store.deliver(digest, tmp_path / "plain" / "name")
    assert caught.value.exit_code == 2
    assert not list(tmp_path.glob("*.part"))


# leftovers and troubles


def test_only_old_leftovers_are_swept(store: FolderStore) -> None:
    assert store.sweep() == 0
    store.put(b"x")
    fresh, old = store.root / "partial" / ".1-1.part", store.root / "partial" / ".1-2.part"
    for path in (fresh, old):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    assert store.sweep() == 1
    assert fresh.exists()
    assert not old.exists()


@pytest.mark.parametrize("durable", [False, True])
@pytest.mark.parametrize("call", ["write", "replace", "open", "utime", "fsync"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EIO])
def test_a_write_that_fails_is_told_and_leaves_nothing(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch, call: str, number: int, durable: bool
) -> None:
    store.put(b"kept")
    before = files_below(store.root)

    def fail(*_: object, **__: object) -> int:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(folder.os, call, fail)
        if call == "fsync" and not durable:
            store.put(b"data")
            return
        with pytest.raises(CannotWrite) as caught:
            store.put(b"data", durable=durable)
    assert caught.value.exit_code == 2
    assert files_below(store.root) == before
    assert store.read(store.put(b"data")) == b"data"


def test_a_short_write_goes_on(store: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(folder.os, "write", lambda descriptor, data: write(descriptor, data[:7]))
    assert store.read(store.put(b"abc" * 100)) == b"abc" * 100


@pytest.mark.parametrize("number", [errno.EACCES, errno.EMFILE, errno.ENFILE, errno.EIO])
@pytest.mark.parametrize("how", ["read", "verify"])
def test_an_object_is_not_given_up_for_a_lack_of_rights_or_handles(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch, number: int, how: str
) -> None:
    digest = store.put(b"data")
    store.path(digest).chmod(0o644)  # breaks the seal, so that `verify` has to read

    def fail(*_: object, **__: object) -> int:
        raise OSError(number, os.strerror(number))

    damaged = number == errno.EIO
    with monkeypatch.context() as patch:
        patch.setattr("builtins.open", fail)
        if how == "verify" and damaged:
            assert not store.verify(digest)
        else:
            with pytest.raises(ObjectMissing if damaged else CannotRead):
                store.read(digest) if how == "read" else store.verify(digest)
    assert store.verify(digest) is not damaged


def test_stores_of_several_threads_keep_out_of_each_others_way(tmp_path: Path) -> None:
    """What one takes away after itself, under a name that another has begun to write, would be lost."""

    def fill(worker: int) -> list[str]:
        store = FolderStore(tmp_path)
        return [store.put(b"%d of %d" % (number, worker)) for number in range(400)]

    with ThreadPoolExecutor(4) as pool:
        digests = [digest for found in pool.map(fill, range(4)) for digest in found]
    assert FolderStore(tmp_path).present(digests) == set(digests)
