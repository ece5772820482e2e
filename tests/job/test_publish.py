"""`pressrun publish`: a run's files in a bucket, with what whoever fetches them is told, and the manifest last."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import obstore
import pytest
from job_campaign import Campaign, Ended
from obstore.store import from_url
from s3_server import S3Server

from pressrun.commands import cli
from pressrun.stores.cloud import bucket

Publish = Callable[..., Ended]
TYPES = {".jpg": "image/jpeg", ".png": "image/png", ".pdf": "application/pdf", ".webp": "image/webp"}


@pytest.fixture
def publish(warm: Campaign, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Publish:
    """Publishes the last run of a finished campaign: `publish(to, "--json")`."""
    monkeypatch.chdir(warm.root)

    def command(to: dict[str, Any] | str, *more: str) -> Ended:
        code = cli.run_command(["publish", "--to", to if isinstance(to, str) else json.dumps(to), *more])
        printed = capsys.readouterr()
        return Ended(code, printed.out, printed.err)

    return command


def fetched(s3: S3Server, to: dict[str, str], path: str) -> tuple[bytes, dict[str, str]]:
    answer = obstore.get(from_url(to["url"], endpoint=s3.url, client_options={"allow_http": True}), path)
    return bytes(answer.bytes()), dict(answer.attributes)


@pytest.fixture
def elsewhere(s3: S3Server) -> dict[str, str]:
    """A bucket that is not the store's."""
    return s3.options() | {"cache_control": "public, max-age=86400"}


def test_files_are_served_as_they_were_delivered_and_the_manifest_comes_last(
    s3: S3Server, warm: Campaign, publish: Publish, elsewhere: dict[str, str]
) -> None:
    s3.requests.clear()
    done = publish(elsewhere, "--json")
    assets = warm.assets()
    assert done.code == 0
    assert json.loads(done.out) == {
        "run": warm.latest.resolve().name, "to": elsewhere["url"], "files": len(assets), "copied": 0, "sent": len(assets), "there": 0
    }  # fmt: skip
    for path, digest in assets.items():
        data, headers = fetched(s3, elsewhere, f"assets/{path}")
        assert hashlib.sha256(data).hexdigest() == digest
        assert headers["Content-Type"] == TYPES[Path(path).suffix]
        assert headers["Cache-Control"] == "public, max-age=86400"
    data, headers = fetched(s3, elsewhere, "manifest.json")
    assert data == (warm.latest / "manifest.json").read_bytes()
    assert (headers["Content-Type"], headers["Cache-Control"]) == ("application/json", "no-cache")
    written = [path.rpartition("/")[2] for method, path in s3.requests if method == "PUT"]
    assert written[0] == ".publishing"
    assert written[-2:] == ["assets.jsonl", "manifest.json"]
    with pytest.raises(FileNotFoundError):
        fetched(s3, elsewhere, ".publishing")


def test_what_is_there_is_not_sent_again_but_after_it_was_cut_off(
    s3: S3Server, warm: Campaign, publish: Publish, elsewhere: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket, "SECONDS", 0.7)
    monkeypatch.setattr(bucket, "RETRIES", 1)
    count = len(warm.assets())
    assert publish(elsewhere).code == 0
    assert json.loads(publish(elsewhere, "--json").out)["there"] == count
    put = bucket.Bucket.put
    left = 2

    def cut_off(self: Any, name: str, *given: Any) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            s3.fault, s3.faults_left = ("403 Forbidden", "AccessDenied"), -1
        put(self, name, *given)

    monkeypatch.setattr(bucket.Bucket, "put", cut_off)
    done = publish(elsewhere)
    s3.fault = None
    monkeypatch.setattr(bucket.Bucket, "put", put)
    assert done.code == 2
    assert "cannot write to s3://" in done.err
    assert json.loads(publish(elsewhere, "--json").out)["sent"] == count


def test_what_the_store_has_in_the_same_bucket_is_copied_there(
    s3: S3Server, fresh: Campaign, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = s3.options()
    (fresh.root / ".env").write_text(f"PRESSRUN_STORE={json.dumps(store)}\n")
    monkeypatch.chdir(fresh.root)
    assert fresh.run().exit == 0
    delivered = fresh.assets()
    for path in fresh.latest.glob("assets/**/*.*"):
        path.unlink()  # nothing of it can come from here
    shop = store | {"url": store["url"].replace("/spring", "/shop/spring")}
    told = json.loads(publish(shop, "--json").out)
    assert (told["copied"], told["sent"]) == (len(delivered), 0)
    for path, digest in delivered.items():
        data, headers = fetched(s3, shop, f"assets/{path}")
        assert hashlib.sha256(data).hexdigest() == digest
        assert headers["Content-Type"] == TYPES[Path(path).suffix]


def test_what_is_not_what_the_run_delivered_is_not_published(
    s3: S3Server, warm: Campaign, publish: Publish, elsewhere: dict[str, str]
) -> None:
    first, *_ = warm.assets()
    path = warm.latest / "assets" / first
    path.unlink()
    path.write_bytes(b"a draft")
    done = publish(elsewhere)
    assert (done.code, f"assets/{first}: " in done.err) == (2, True)
    assert "[changed-file]" in done.err
    path.unlink()
    assert "[lost-file]" in publish(elsewhere).err
    with pytest.raises(FileNotFoundError):
        fetched(s3, elsewhere, "manifest.json")


@pytest.mark.parametrize(
    ("to", "told"), [("folder", "nobody serves files from there"), ("s3:/bucket", "there is no 's3:/bucket'")]
)
def test_a_place_that_is_no_bucket_is_told(publish: Publish, to: str, told: str) -> None:
    done = publish(to)
    assert done.code == 2
    assert told in done.err
