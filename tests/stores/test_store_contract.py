"""What every store keeps, whatever it is made of."""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest

from pressrun import registry
from pressrun.model.store import ObjectMissing, Store
from pressrun.model.stored_bytes import JoinedBytes, StoredBytes

ABSENT = hashlib.sha256(b"never put").hexdigest()


@pytest.fixture(params=list(registry.STORES))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    said = request.getfixturevalue("s3").options() if request.param == "cloud" else {"type": request.param}
    opener = registry.STORES[request.param].model_validate(said).opener(tmp_path / "kept")
    return pickle.loads(pickle.dumps(opener))()  # as a worker gets it  # type: ignore[no-any-return]


def test_what_is_put_is_read_under_its_digest(store: Store) -> None:
    for durable in (False, True):
        assert store.put(b"bytes", durable) == hashlib.sha256(b"bytes").hexdigest()
    assert store.read(store.put(b"")) == b""


def test_many_are_put_as_they_are_read(store: Store) -> None:
    seen = []

    def source() -> Iterator[bytes]:
        for number in range(50):
            seen.append(number)
            yield b"%d" % (number % 40)

    digests = store.put_many(source())
    assert digests == [hashlib.sha256(b"%d" % (number % 40)).hexdigest() for number in range(50)]
    assert store.present(digests) == frozenset(digests)


def test_those_that_are_there_are_told_from_those_that_are_not(store: Store) -> None:
    assert store.present([]) == frozenset()
    there = store.put(b"there")
    assert store.present(iter([ABSENT, there, there])) == {there}
    with pytest.raises(ObjectMissing):
        store.read(ABSENT)
    assert store.present([ABSENT, there], recorded=True) == {there}


def test_what_is_discarded_is_gone_until_it_is_put_again(store: Store) -> None:
    gone, stays = store.put_many([b"gone", b"stays"])
    store.discard(iter([gone, ABSENT]))
    store.discard([gone])
    assert store.present([gone, stays]) == {stays}
    with pytest.raises(ObjectMissing):
        store.read(gone)
    assert store.put(b"gone") == gone
    assert store.read(gone) == b"gone"


def test_many_are_read_in_their_order(store: Store) -> None:
    one, other = store.put_many([b"one", b"other"])
    assert list(store.read_many(iter([other, ABSENT, one, other]))) == [b"other", None, b"one", b"other"]
    with pytest.raises(ObjectMissing):
        store.read(ABSENT)


def test_what_is_written_is_opened_and_read_from_where_one_likes(store: Store) -> None:
    stored = StoredBytes.of(store, store.put_written(lambda out: out.write(b"0123456789") and None))
    assert (len(stored), stored.head, stored.tail, stored.read()) == (10, b"0123456789", b"0123456789", b"0123456789")
    joined = JoinedBytes((b"before ", stored, b"", b" behind"))
    with joined.opened() as file:
        assert file.read() == joined.read() == b"before 0123456789 behind"
        for at, wanted in ((9, b"234"), (0, b"bef"), (15, b"89 "), (-3, b"ind")):
            file.seek(at, os.SEEK_SET if at >= 0 else os.SEEK_END)
            assert file.read(3) == wanted
        assert file.read(1) == b""
    with pytest.raises(ObjectMissing):
        store.opened(ABSENT)


def test_many_are_delivered_and_replace_what_had_their_names(store: Store, tmp_path: Path) -> None:
    run = tmp_path / "run"
    one, other = store.put_many([b"one", b"other"])
    store.deliver_many([(one, "assets/a/b.txt"), (other, "assets/a/c.txt"), (one, "top.txt")], run)
    store.deliver_many([(other, "top.txt")], run)
    found = {path.relative_to(run).as_posix(): path.read_bytes() for path in run.rglob("*") if path.is_file()}
    assert found == {"assets/a/b.txt": b"one", "assets/a/c.txt": b"other", "top.txt": b"other"}
    with pytest.raises(ObjectMissing):
        store.deliver_many([(ABSENT, "none.txt")], run)
    assert not (run / "none.txt").exists()


@pytest.mark.parametrize("name", ["../out.txt", "assets/../../out.txt"])
def test_no_name_leads_out_of_the_folder(store: Store, tmp_path: Path, name: str) -> None:
    digest = store.put(b"bytes")
    with pytest.raises(Exception, match="not below"):
        store.deliver_many([(digest, name)], tmp_path / "run")
    assert not (tmp_path / "out.txt").exists()


def test_editing_a_delivered_file_does_no_harm(store: Store, tmp_path: Path) -> None:
    digest = store.put(b"as made")
    store.deliver_many([(digest, "file")], tmp_path)
    delivered = tmp_path / "file"
    delivered.chmod(0o644)
    delivered.write_bytes(b"as edited")
    assert digest not in store.present([digest]) or store.read(digest) == b"as made"
    assert store.read(store.put(b"as made")) == b"as made"


def test_what_is_kept_has_an_address_and_is_not_swept(store: Store) -> None:
    digest = store.put(b"bytes")
    assert store.sweep() == 0
    assert digest in store.address(digest).replace("/", "")
    assert store.present([digest]) == {digest}
