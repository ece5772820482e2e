"""Objects in a bucket (S3, Google Cloud, Azure), named by the SHA-256 of their bytes, with a cache on this disk.

A question takes milliseconds: what the journal has was put, and is not asked for again; its bytes are hashed when they
are read. What is not there then, or is damaged, is noted beside the cache, counts as missing, and is made again.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO, ClassVar, Literal, Self

from pydantic import Field, model_validator

from pressrun.model.disk import CannotWrite
from pressrun.model.store import ObjectMissing, Publisher, Store
from pressrun.model.store_options import StoreOptions
from pressrun.stores.cloud.at_once import at_once
from pressrun.stores.cloud.bucket import PART, Bucket, NotThere
from pressrun.stores.cloud.cache import Cache
from pressrun.stores.cloud.headers import BEGINNING, headers_of
from pressrun.stores.cloud.object_name import is_digest, object_name
from pressrun.stores.cloud.published import PublishedFolder

TOGETHER = 64  # objects in memory, or waiting to be delivered


class CloudStore:
    """A content-addressed store in a bucket; safe for several threads, processes and machines at once."""

    def __init__(
        self, url: str, region: str | None, endpoint: str | None, cache: Path, room: int,
        cache_control: str | None = None,
    ) -> None:  # fmt: skip
        self._bucket = Bucket(url, region, endpoint)
        self._cache_control = cache_control
        # What is in the cache was in the bucket when it came in: put there, and answered, or read from there.
        self._cache = Cache(cache, room)
        self._put: set[str] = set()  # by this process

    def address(self, digest: str) -> str:
        return f"{self._bucket.url}/{object_name(digest)}"

    def put(self, data: bytes, durable: bool = False) -> str:
        digest = hashlib.sha256(data).hexdigest()
        if self._is_new(digest):
            if len(data) > PART:
                return self.put_written(lambda out: _write(out, data))
            headers = headers_of(data, self._cache_control)
            self._bucket.put(object_name(digest), data, self._cache.is_lost(digest), headers)
            self._keep(digest, data)
            self._put.add(digest)
        return digest

    def put_many(self, data: Iterable[bytes]) -> list[str]:
        return list(at_once(self.put, data))

    def put_written(self, write: Callable[[BinaryIO], None]) -> str:
        with self._cache.sending(write) as (digest, path):
            if self._is_new(digest):
                size = path.stat().st_size
                if size > PART:
                    with open(path, "rb") as file:
                        headers = headers_of(file.read(BEGINNING), self._cache_control)
                    self._bucket.put_file(object_name(digest), path, headers)
                else:
                    data = path.read_bytes()
                    headers = headers_of(data, self._cache_control)
                    self._bucket.put(object_name(digest), data, self._cache.is_lost(digest), headers)
                self._cache.found(digest)
                with contextlib.suppress(CannotWrite), open(path, "rb") as file:
                    self._cache.keep_written(functools.partial(shutil.copyfileobj, file), size)
                self._put.add(digest)
        return digest

    def present(self, digests: Iterable[str], recorded: bool = False) -> frozenset[str]:
        wanted = {one for one in digests if is_digest(one)}
        wanted = {one for one in wanted if not self._cache.is_lost(one)}
        if recorded:
            return frozenset(wanted)
        here = self._cache.present(wanted)
        rest = sorted(wanted - here)
        asked = at_once(lambda one: self._bucket.has(object_name(one)), rest)
        return here | {one for one, there in zip(rest, asked, strict=True) if there}

    def read(self, digest: str) -> bytes:
        with contextlib.suppress(ObjectMissing):
            return self._cache.read(digest)
        try:
            data = self._bucket.get(object_name(digest))
        except NotThere:
            data = None
        if data is None or hashlib.sha256(data).hexdigest() != digest:
            self._cache.lost(digest)
            what = "has no object" if data is None else "has a damaged object"
            raise ObjectMissing(f"{self._bucket.url} {what} {digest}", "run the job again: it is made anew")
        self._keep(digest, data)
        return data

    def opened(self, digest: str) -> BinaryIO:
        with contextlib.suppress(ObjectMissing):
            return self._cache.opened(digest)
        data = self.read(digest)
        with contextlib.suppress(ObjectMissing):
            return self._cache.opened(digest)
        return io.BytesIO(data)

    def read_many(self, digests: Iterable[str]) -> Iterator[bytes | None]:
        return at_once(self._read_if_there, digests)

    def deliver_many(self, files: Iterable[tuple[str, str]], folder: Path) -> None:
        rest = iter(files)
        while some := list(islice(rest, TOGETHER)):
            for _ in at_once(self._fetch, sorted({digest for digest, _ in some})):
                pass
            for digest, path in some:
                try:
                    self._cache.deliver_many([(digest, path)], folder)
                except ObjectMissing:  # another process let it go
                    self._cache.put(self.read(digest))
                    self._cache.deliver_many([(digest, path)], folder)

    def discard(self, digests: Iterable[str]) -> None:
        every = [one for one in digests if is_digest(one)]
        self._put.difference_update(every)
        self._cache.discard(every)  # first: what is in a cache need not be put again
        for _ in at_once(lambda one: self._bucket.delete(object_name(one)), every):
            pass

    def sweep(self) -> int:
        return self._cache.sweep()

    def _is_new(self, digest: str) -> bool:
        return self._cache.is_lost(digest) or not (digest in self._put or self._cache.verify(digest))

    def _fetch(self, digest: str) -> None:
        if not self._cache.present([digest]):
            self.read(digest)

    def _read_if_there(self, digest: str) -> bytes | None:
        try:
            return self.read(digest)
        except ObjectMissing:
            return None

    def _keep(self, digest: str, data: bytes) -> None:
        self._cache.found(digest)
        with contextlib.suppress(CannotWrite):  # it is in the bucket, and that is where it counts
            self._cache.keep(data)


class CloudOptions(StoreOptions):
    """A bucket, by its address; keys come from the provider's own variables and this machine's role."""

    SCHEMES: ClassVar[tuple[str, ...]] = ("s3", "gs", "az")

    type: Literal["cloud"] = Field(default="cloud", description="A bucket of an object store.")
    url: str = Field(
        pattern=r"^(s3|gs|az)://[^/?#@]+(/[^?#]*)?$",
        description="The bucket, and a folder in it: `s3://bucket/campaign`, `gs://…`, or `az://container/…`.",
    )
    region: str | None = Field(default=None, description="Where an S3 bucket lies; left out, what AWS_REGION says.")
    endpoint: str | None = Field(
        default=None, pattern=r"^https?://[^@?#]+$",
        description="The server, where it is not the provider's own: `https://minio.example:9000`.",
    )  # fmt: skip
    cache_control: str | None = Field(
        default=None, pattern=r"^[^\r\n]+$",
        description="How long browsers may keep what they fetch from it, in HTTP's words: `public, max-age=86400`.",
    )  # fmt: skip
    cache: Path | None = Field(
        default=None, description="The folder of the cache; left out, `cache` in the campaign's own store."
    )
    cache_gb: float = Field(
        default=20, ge=0, allow_inf_nan=False,
        description="How large the cache may become, in gigabytes: what was used least lately is let go.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _ask_the_library_for_nothing_that_it_lacks(self) -> Self:
        if self.endpoint and self.url.startswith("gs:"):
            raise ValueError("`endpoint` is of s3:// and az:// alone; Google's own server is the only one for gs://")
        return self

    def opener(self, folder: Path) -> Callable[[], Store]:
        cache = self.cache or folder / "cache"
        return functools.partial(
            CloudStore, self.url, self.region, self.endpoint, cache, self._room, self.cache_control
        )

    def opener_elsewhere(self, folder: Path) -> Callable[[], Store]:
        return functools.partial(
            _elsewhere, self.url, self.region, self.endpoint, self._room, self.cache_control
        )

    def publisher(self, store: StoreOptions) -> Publisher:
        near = None
        mine = (self.endpoint, self.cache_control)
        if isinstance(store, CloudOptions) and (store.endpoint, store.cache_control) == mine:
            near = store.url
        return PublishedFolder(self.url, self.region, self.endpoint, self.cache_control, near)

    @property
    def _room(self) -> int:
        return int(self.cache_gb * 1_000_000_000)


def _elsewhere(
    url: str, region: str | None, endpoint: str | None, room: int, cache_control: str | None
) -> CloudStore:  # fmt: skip
    cache = Path(tempfile.gettempdir(), f"pressrun-cache-{os.getuid()}", hashlib.sha256(url.encode()).hexdigest()[:16])
    return CloudStore(url, region, endpoint, cache, room, cache_control)


def _write(out: BinaryIO, data: bytes) -> None:
    out.write(data)
