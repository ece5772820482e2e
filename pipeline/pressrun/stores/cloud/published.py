"""A run's files in a bucket under the names that they have in its folder, for whoever serves them from there.

What lies in the same bucket already is copied there, and does not come here first. The manifest is written last:
whoever sees it sees all that it names. What was left in the middle is known by a marker, and nothing of it is believed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BufferedReader
from pathlib import Path
from typing import Literal

from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.store import Published, PublishedFile
from pressrun.stores.cloud.at_once import at_once
from pressrun.stores.cloud.bucket import PART, Bucket, NotThere
from pressrun.stores.cloud.headers import BEGINNING, headers_of, headers_of_record
from pressrun.stores.cloud.object_name import object_name

UNDER_WAY = ".publishing"
UNREADABLE = (ValueError, KeyError, TypeError)  # what a list that is not ours raises
Way = Literal["copied", "sent", "there"]


class PublishedFolder:
    """See :class:`pressrun.model.store.Publisher`. ``store`` is the address of a store whose objects have the headers
    that are asked for here; those in this bucket are copied."""

    def __init__(
        self, url: str, region: str | None, endpoint: str | None, cache_control: str | None, store: str | None
    ) -> None:
        bucket, self._folder = _parted(url)
        self.address = url.rstrip("/")
        self._bucket = Bucket(bucket, region, endpoint)
        self._cache_control = cache_control
        near, objects = _parted(store) if store else ("", "")
        self._objects = objects if near == bucket else None

    def publish(self, folder: Path, files: Iterable[PublishedFile], records: Sequence[str]) -> Published:
        there = self._there(records)
        self._bucket.put(self._named(UNDER_WAY), b"", True, headers_of_record(UNDER_WAY))
        ways = Counter(at_once(lambda one: self._put(folder, one, there), files))
        for name in records:
            self._bucket.put(self._named(name), _read(folder, name), True, headers_of_record(name))
        self._bucket.delete(self._named(UNDER_WAY))
        return Published(ways["copied"], ways["sent"], ways["there"])

    def _there(self, records: Sequence[str]) -> Mapping[str, str]:
        """The digest by path of what lies there since it was published to the end; nothing where it was not."""
        if self._bucket.has(self._named(UNDER_WAY)):
            return {}
        found: dict[str, str] = {}
        for name in records:
            if name.endswith(".jsonl"):
                with contextlib.suppress(NotThere, *UNREADABLE):
                    lines = map(json.loads, self._bucket.get(self._named(name)).splitlines())
                    found |= {line["path"]: line["sha256"] for line in lines}
        return found

    def _put(self, folder: Path, file: PublishedFile, there: Mapping[str, str]) -> Way:
        name = self._named(file.path)
        if there.get(file.path) == file.sha256:
            return "there"
        if self._objects is not None:
            with contextlib.suppress(NotThere):  # as of a file that was made before the store was this one
                self._bucket.copy(_joined(self._objects, object_name(file.sha256)), name)
                return "copied"
        if _size(folder, file.path) > PART:
            with _opened(folder, file.path) as opened:
                _require(hashlib.file_digest(opened, "sha256").hexdigest(), file)
                opened.seek(0)
                headers = headers_of(opened.read(BEGINNING), self._cache_control)
            self._bucket.put_file(name, folder / file.path, headers)
        else:
            data = _read(folder, file.path)
            _require(hashlib.sha256(data).hexdigest(), file)
            self._bucket.put(name, data, True, headers_of(data, self._cache_control))
        return "sent"

    def _named(self, path: str) -> str:
        return _joined(self._folder, path)


def _parted(url: str) -> tuple[str, str]:
    """The address of a bucket, and the folder in it."""
    scheme, _, rest = url.rstrip("/").partition("://")
    bucket, _, folder = rest.partition("/")
    return f"{scheme}://{bucket}", folder


def _joined(folder: str, path: str) -> str:
    return f"{folder}/{path}" if folder else path


def _size(folder: Path, path: str) -> int:
    with _telling_what_is_lost(path):
        return (folder / path).stat().st_size


def _read(folder: Path, path: str) -> bytes:
    with _opened(folder, path) as opened:
        return opened.read()


@contextlib.contextmanager
def _opened(folder: Path, path: str) -> Iterator[BufferedReader]:
    with _telling_what_is_lost(path), open(folder / path, "rb") as opened:
        yield opened


@contextlib.contextmanager
def _telling_what_is_lost(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        message, hint = f"cannot be read: {error.strerror or error}", "run the job again to have it"
        raise InputError([Finding(Severity.ERROR, "lost-file", message, Place(path), hint)]) from error


def _require(digest: str, file: PublishedFile) -> None:
    if digest != file.sha256:
        message, hint = "has other bytes than the run delivered", "run the job again to have it as it was"
        raise InputError([Finding(Severity.ERROR, "changed-file", message, Place(file.path), hint)])
