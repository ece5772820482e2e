"""A store in a bucket: asked little, believed only what it answered, and told in one line when it does not."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import obstore
import pytest
from pydantic import ValidationError
from s3_server import S3Server

from pressrun.model.disk import CannotRead, CannotWrite
from pressrun.model.errors import PressrunError
from pressrun.model.store import ObjectMissing
from pressrun.stores.cloud import CloudOptions, CloudStore, bucket

Open = Callable[..., CloudStore]


@pytest.fixture
def said(s3: S3Server) -> dict[str, str]:
    return s3.options()


@pytest.fixture
def opened(said: dict[str, str], tmp_path: Path) -> Open:
    """Opens the same bucket on a machine of that name, which has a cache of its own."""

    def open_store(machine: str = "one", **more: Any) -> CloudStore:
        store = CloudOptions.model_validate(said | more).opener(tmp_path / machine)()
        assert isinstance(store, CloudStore)
        return store

    return open_store


@contextlib.contextmanager
def out_of_order(s3: S3Server, fault: Any, times: int = -1) -> Iterator[None]:
    s3.fault, s3.faults_left = fault, times
    try:
        yield
    finally:
        s3.fault = None


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket, "SECONDS", 0.7)
    monkeypatch.setattr(bucket, "RETRIES", 1)


def name(digest: str) -> str:
    return f"objects/{digest[:2]}/{digest[2:]}"


@pytest.mark.parametrize(
    ("url", "endpoint", "problem"),
    [
        ("s3://prints/spring", "https://minio.example:9000", None),
        ("az://prints/spring", "http://127.0.0.1:10000/devstoreaccount1", None),
        ("gs://prints/spring", "https://minio.example:9000", "alone"),
        ("s3://prints", "https://key:secret@minio.example", "pattern"),
        ("s3://key:secret@prints", None, "pattern"),
    ],
)
def test_addresses(url: str, endpoint: str | None, problem: str | None) -> None:
    with contextlib.nullcontext() if problem is None else pytest.raises(ValidationError, match=problem):
        CloudOptions.model_validate({"url": url, "endpoint": endpoint})


def test_another_machine_reads_what_one_put_and_keeps_it_at_hand(s3: S3Server, opened: Open) -> None:
    one, other = opened("one"), opened("other")
    digests = one.put_many(b"%d" % number for number in range(40))
    assert list(other.read_many(digests)) == [b"%d" % number for number in range(40)]
    s3.requests.clear()
    assert list(other.read_many(digests)) == [b"%d" % number for number in range(40)]
    assert s3.requests == []


def test_what_the_journal_has_is_not_asked_for(s3: S3Server, opened: Open) -> None:
    digests = opened("one").put_many(b"%d" % number for number in range(40))
    other = opened("other")
    s3.requests.clear()
    assert other.present(digests, recorded=True) == frozenset(digests)
    assert s3.requests == []
    absent = hashlib.sha256(b"absent").hexdigest()
    assert other.present([*digests[:2], absent]) == frozenset(digests[:2])
    assert [method for method, _ in s3.requests] == ["HEAD"] * 3


@pytest.mark.parametrize("how", ["gone", "damaged"])
def test_a_lost_object_counts_as_missing_once_it_was_read_in_vain_and_is_made_again(
    opened: Open, how: str
) -> None:
    store = opened("one")
    digest = store.put(b"bytes")
    if how == "gone":
        obstore.delete(store._bucket._at, name(digest))
    else:
        obstore.put(store._bucket._at, name(digest), b"other bytes")
    other = opened("other")
    assert other.present([digest], recorded=True)
    with pytest.raises(ObjectMissing, match="made anew"):
        other.read(digest)
    assert opened("other").present([digest], recorded=True) == frozenset()
    assert opened("other").put(b"bytes") == digest
    assert opened("other").present([digest], recorded=True) == {digest}
    assert opened("third").read(digest) == b"bytes"


def test_of_many_who_put_the_same_one_writes(s3: S3Server, opened: Open) -> None:
    stores = [opened(f"machine {number}") for number in range(8)]
    barrier = threading.Barrier(8)
    digests = []

    def put(store: CloudStore) -> None:
        barrier.wait()
        digests.append(store.put(b"the same" * 1000))

    threads = [threading.Thread(target=put, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(digests)) == 1
    assert opened("reader").read(digests[0]) == b"the same" * 1000


def test_what_is_large_goes_in_parts_and_is_there_whole(
    s3: S3Server, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pressrun.stores.cloud as cloud

    size = 6 * 1024 * 1024
    monkeypatch.setattr(cloud, "PART", size)
    monkeypatch.setattr(bucket, "PART", size)
    store = opened()
    data = bytes(range(256)) * (2 * size // 256) + b"the rest"
    s3.requests.clear()
    digest = store.put_written(lambda out: out.write(data) and None)
    assert [method for method, _ in s3.requests] == ["POST", *["PUT"] * 3, "POST"]
    assert opened("other").read(digest) == data
    assert store.put(data) == digest
    assert not list((store._cache.root / "sending").rglob("*.*"))


def test_an_upload_that_broke_off_is_no_object(s3: S3Server, opened: Open, hasty: None) -> None:
    store = opened()
    digest = hashlib.sha256(b"bytes").hexdigest()
    with out_of_order(s3, ("500 Internal Server Error", "InternalError")), pytest.raises(CannotWrite):
        store.put(b"bytes")
    assert store.present([digest]) == frozenset()
    assert store.put(b"bytes") == digest
    assert store.present([digest]) == {digest}


def test_the_cache_lets_go_what_was_used_least_lately(opened: Open) -> None:
    store = opened(cache_gb=0.0001)  # 100 kB
    kept = store.put(b"k" * 10_000)
    for number in range(15):
        store.put(b"%d" % number * 9_000)
        store.read(kept)
    store.sweep()
    cached = [path.stat().st_size for path in (store._cache.root / "objects").rglob("*") if path.is_file()]
    assert 0 < sum(cached) <= 100_000
    assert store._cache.present([kept])
    assert opened("other").read(kept) == b"k" * 10_000


def test_without_room_for_a_cache_all_is_delivered(opened: Open, tmp_path: Path) -> None:
    store = opened(cache_gb=0)
    digests = store.put_many(b"%d" % number for number in range(5))
    store.deliver_many([(digest, f"{number}.txt") for number, digest in enumerate(digests)], tmp_path / "run")
    assert [(tmp_path / "run" / f"{number}.txt").read_bytes() for number in range(5)] == [b"0", b"1", b"2", b"3", b"4"]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (("503 Slow Down", "SlowDown"), "too much at once"),
        (("503 Service Unavailable", "ServiceUnavailable"), "cannot serve us now"),
        (("500 Internal Server Error", "InternalError"), "a fault of its own"),
        (("403 Forbidden", "AccessDenied"), "does not let us"),
        (("403 Forbidden", "RequestTimeTooSkewed"), "clock is wrong"),
        (("403 Forbidden", "InvalidAccessKeyId"), "does not know the key"),
        (("301 Moved Permanently", "PermanentRedirect"), "another region"),
        (("400 Bad Request", "AuthorizationHeaderMalformed"), "another region"),
        (5.0, "does not answer"),
        ("half", "broke off"),
        ("cut", "does not answer"),
    ],
    ids=str,
)
def test_what_a_bucket_refuses_is_told_in_one_line_and_nothing_is_lost(
    s3: S3Server, opened: Open, hasty: None, fault: Any, words: str
) -> None:
    writer, reader = opened("writer"), opened("reader")
    digest = writer.put(b"there before")
    doings: list[Callable[[], Any]] = [lambda: reader.read(digest)]
    if fault != "half":
        doings += [lambda: writer.put(b"new"), lambda: opened("third")]
    with out_of_order(s3, fault):
        for do in doings:
            with pytest.raises((CannotRead, CannotWrite)) as caught:
                do()
            error: PressrunError = caught.value
            assert words in error.message
            assert error.hint
            assert "\n" not in str(error)
            assert error.exit_code == 2
    assert reader.read(digest) == b"there before"
    assert reader.read(writer.put(b"new")) == b"new"


def test_a_refusal_is_not_taken_from_the_name_of_what_is_put(s3: S3Server, opened: Open, hasty: None) -> None:
    data = next(data for data in map(b"%d".__mod__, range(10_000)) if "503" in hashlib.sha256(data).hexdigest())
    writer = opened("writer")
    with out_of_order(s3, ("403 Forbidden", "AccessDenied")), pytest.raises(CannotWrite, match="does not let us"):
        writer.put(data)


def test_a_moment_of_weakness_is_waited_out(s3: S3Server, opened: Open) -> None:
    store = opened()
    with out_of_order(s3, ("503 Slow Down", "SlowDown"), times=2):
        digest = store.put(b"bytes")
    assert opened("other").read(digest) == b"bytes"


def test_a_server_that_is_gone_and_back(s3: S3Server, opened: Open, hasty: None) -> None:
    store = opened()
    digest = store.put(b"bytes")
    s3.stop()
    try:
        assert store.read(digest) == b"bytes"
        for do in (lambda: store.put(b"new"), lambda: opened("other")):
            with pytest.raises((CannotRead, CannotWrite), match="does not answer"):
                do()
    finally:
        s3.start()
    assert opened("other").read(store.put(b"new")) == b"new"


def test_a_bucket_that_does_not_exist_is_told_when_it_is_opened(opened: Open) -> None:
    with pytest.raises(CannotRead, match="no such bucket") as caught:
        opened(url="s3://nobody-has-this/spring")
    assert "PRESSRUN_STORE" in (caught.value.hint or "")
