"""A bucket of an object store, with our own patience, and its refusals in our words."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pressrun.model.disk import CannotRead, CannotWrite
from pressrun.model.errors import MissingTool, PressrunError

if TYPE_CHECKING:
    from obstore.store import ObjectStore

Headers = dict[str, str]  # what whoever fetches an object is told of it

logger = logging.getLogger(__name__)

RETRIES = 3
SECONDS = 30.0  # for one request, and for all its retries
PART = 64 * 1024 * 1024  # bytes of an object up to which it is put at once, and of the parts of a larger one
AGAIN = "then run the same command again: what is done is kept"

_WORDS = {
    "NoSuchBucket": ("there is no such bucket", "make it, or correct its name in PRESSRUN_STORE"),
    "NoSuchContainer": ("there is no such container", "make it, or correct its name in PRESSRUN_STORE"),
    "ContainerNotFound": ("there is no such container", "make it, or correct its name in PRESSRUN_STORE"),
    "RequestTimeTooSkewed": ("this machine's clock is wrong", f"set it (timedatectl set-ntp true), {AGAIN}"),
    "InvalidAccessKeyId": ("it does not know the key", "set the provider's variables, for S3 AWS_ACCESS_KEY_ID"),
    "SignatureDoesNotMatch": ("the key and its secret do not belong together", "correct AWS_SECRET_ACCESS_KEY"),
    "ExpiredToken": ("the session of its key has ended", f"sign in again, {AGAIN}"),
    "configured region": ("the bucket lies in another region", "name it: AWS_REGION, or `region` in PRESSRUN_STORE"),
    "AuthorizationHeaderMalformed": (
        "the bucket lies in another region", "name it: AWS_REGION, or `region` in PRESSRUN_STORE",
    ),
    "IllegalLocationConstraint": (
        "the bucket lies in another region", "name it: AWS_REGION, or `region` in PRESSRUN_STORE",
    ),
    "Missing region": ("nobody says in which region it lies", "name it: AWS_REGION, or `region` in PRESSRUN_STORE"),
    "credentials": ("there is no key for it", "set the provider's variables, for S3 AWS_ACCESS_KEY_ID and its secret"),
    "error sending request": ("it does not answer", f"see that it can be reached, {AGAIN}"),
    "timed out": ("it does not answer in time", f"see that it can be reached, {AGAIN}"),
    "error decoding": ("its answer broke off", "run the same command again: what is done is kept"),
    "Content-Range": ("its answer broke off", "run the same command again: what is done is kept"),
    "SlowDown": ("it is asked too much at once", f"wait a while, {AGAIN}"),
    "status code: 503": ("it cannot serve us now", f"wait a while, {AGAIN}"),
    "status code: 500": ("it has a fault of its own", f"wait a while, {AGAIN}"),
}  # fmt: skip
_REFUSED = ("it does not let us", f"give its key the right to read, write and list there, {AGAIN}")


class NotThere(Exception):
    """The bucket has no object of that name."""


class Bucket:
    """Objects below an address. All methods raise `CannotRead` or `CannotWrite` where it cannot be used."""

    def __init__(self, url: str, region: str | None, endpoint: str | None) -> None:
        self.url = url.rstrip("/")
        self._at = _opened(self.url, region, endpoint)
        with self._telling(CannotRead):
            from obstore import list as listed

            for _ in listed(self._at, chunk_size=1):
                break

    def put(self, name: str, data: bytes, replace: bool, headers: Headers) -> None:
        """Whole or not at all; what has the name already is what is put, unless that is to be replaced."""
        from obstore import put
        from obstore.exceptions import AlreadyExistsError

        mode: Literal["overwrite", "create"] = "overwrite" if replace else "create"
        with self._telling(CannotWrite):
            try:
                put(self._at, name, data, attributes=headers, mode=mode, use_multipart=False)
            except AlreadyExistsError:
                return

    def put_file(self, name: str, path: Path, headers: Headers) -> None:
        """A file that may be larger than memory, in parts: it has its name once all are there. Of one that was not sent
        to its end the parts are the provider's to let go."""
        from obstore import put

        with self._telling(CannotWrite):
            put(self._at, name, path, attributes=headers, use_multipart=True, chunk_size=PART, max_concurrency=4)

    def copy(self, name: str, to: str) -> None:
        """One more name for an object, which keeps its headers; nothing of it leaves the provider. Raises NotThere."""
        from obstore import copy

        with self._telling(CannotWrite):
            copy(self._at, name, to, overwrite=True)

    def delete(self, name: str) -> None:
        from obstore import delete

        with self._telling(CannotWrite), contextlib.suppress(FileNotFoundError):
            delete(self._at, name)

    def get(self, name: str) -> bytes:
        """Raises NotThere."""
        from obstore import get

        with self._telling(CannotRead):
            return bytes(get(self._at, name).bytes())

    def has(self, name: str) -> bool:
        from obstore import head

        with self._telling(CannotRead), contextlib.suppress(NotThere):
            try:
                head(self._at, name)
            except FileNotFoundError:
                return False
            return True
        return False

    @contextlib.contextmanager
    def _telling(self, kind: type[PressrunError]) -> Iterator[None]:
        """The library's errors as a line of ours; its own words go to the log."""
        from obstore.exceptions import BaseError

        try:
            yield
        except (BaseError, OSError) as error:
            problem = str(error)
            logger.info("%s: %s", self.url, problem)
            if isinstance(error, FileNotFoundError) and "NoSuchBucket" not in problem and "Container" not in problem:
                raise NotThere from error
            told, hint = _told(problem, type(error).__name__)
            verb = "read" if kind is CannotRead else "write to"
            raise kind(f"cannot {verb} {self.url}: {told}", hint) from error


def _told(problem: str, kind: str) -> tuple[str, str]:
    for words, said in _WORDS.items():
        if words in problem:
            return said
    is_refused = any(f"status code: {status}" in problem for status in (401, 403))
    if is_refused or kind in ("PermissionDeniedError", "UnauthenticatedError"):
        return _REFUSED
    return " ".join(problem.split("Debug source")[0].split())[:200], f"see that it can be reached, {AGAIN}"


def _opened(url: str, region: str | None, endpoint: str | None) -> ObjectStore:
    try:
        from obstore.exceptions import BaseError
        from obstore.store import from_url
    except ImportError:
        raise MissingTool("a store in the cloud needs obstore", "pip install 'pressrun[cloud]'") from None
    said: dict[str, Any] = {name: value for name, value in (("region", region), ("endpoint", endpoint)) if value}
    patience = {
        "max_retries": RETRIES, "retry_timeout": timedelta(seconds=SECONDS),
        "backoff": {"init_backoff": timedelta(milliseconds=100), "max_backoff": timedelta(seconds=5)},
    }  # fmt: skip
    client = {"timeout": f"{SECONDS}s", "connect_timeout": "5s", "allow_http": bool(endpoint)}
    try:
        return from_url(url, client_options=client, retry_config=patience, **said)  # type: ignore[no-any-return, call-overload]
    except (BaseError, ValueError, TypeError, OSError) as error:
        told, hint = _told(str(error), type(error).__name__)
        raise CannotRead(f"cannot open {url}: {told}", hint) from error
