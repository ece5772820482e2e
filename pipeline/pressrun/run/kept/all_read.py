"""All that a run of a job reads, in one digest: two runs that read the same leave the same record.

A list of what a run reads could forget something, above all what is not there and would be used if it were. So nothing
is listed: all that lies in the campaign's folder counts, used or not, by its bytes and its name; with it the program,
the packages that are installed, the settings, the variables that are for us, what the user allows, and what the journal
says. Passed over are what runs write themselves, and what is hidden (but ``.env``): of a run that read there, or
outside of the campaign, the digest stands for nothing.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from pressrun.doors import journal_options, now, store_options
from pressrun.model.errors import PressrunError
from pressrun.model.settings import Settings
from pressrun.readers.campaign_root import campaign_root
from pressrun.readers.user_config import config_path
from pressrun.stores.folder.options import FolderOptions
from pressrun.stores.sqlite import SqliteOptions

PACKAGE = Path(__file__).parents[2]
MOST_FILES, MOST_BYTES = 200_000, 1_000_000_000  # of a campaign's folder: more takes longer to read than is gained
OURS = ("PRESSRUN_", "OPENAI_")  # what the variables that a run goes by begin with
COARSEST_CLOCK = 3 * 10**9  # nanoseconds: a file whose last change is younger may change again at the same time

Stamp = tuple[int, int, int, int, str]


class CannotTell(Exception):
    """What lies in the folder cannot be told by its bytes."""


class Digests(Struct, frozen=True):
    """What was read, told: ``around`` is of all but the campaign's ``files``, whose own these are, by their paths."""

    around: str
    files: dict[str, str]

    def of_all(self) -> str:
        return self.without(())

    def without(self, paths: Collection[str]) -> str:
        """Of all but these files; their names count."""
        read = hashlib.sha256(self.around.encode())
        for path, own in self.files.items():
            read.update(_line(path, "" if path in paths else own))
        return read.hexdigest()


class AllRead(Struct, frozen=True):
    """What is there on a ``day`` (in UTC) before a run reads any of it. ``seen`` tells each file by its size, times,
    number and, of a link, where it leads to; ``young`` are those that were changed a moment before, whose next change
    these may not show, and ``read`` their bytes."""

    root: Path
    job_file: Path
    settings: Settings
    seen: dict[str, Stamp]
    young: tuple[str, ...]
    read: str
    day: str

    @classmethod
    def now(cls, job_file: Path, settings: Settings) -> Self | None:
        """None where that cannot be told."""
        try:
            root = campaign_root(job_file)
            if settings.keep is not None:
                return None
            seen = stamps_of(root, _written_by_runs(root, settings.out))
            if sum(size for size, *_ in seen.values()) > MOST_BYTES:
                return None
            young = young_of(seen)
            day = now().date().isoformat()
            return cls(root, job_file.resolve(), settings, seen, young, _digest_of(root, young), day)
        except (PressrunError, OSError, CannotTell):
            return None

    @property
    def name(self) -> str:
        """Tells the job and the settings that it is about."""
        of_machine = Settings()
        settings = replace(
            self.settings, out=self.settings.out and self.settings.out.resolve(), jobs=of_machine.jobs,
            verbose=of_machine.verbose, inline=of_machine.inline, sheets_at_once=of_machine.sheets_at_once,
        )  # fmt: skip
        said = repr((self.job_file.relative_to(self.root).as_posix(), settings))
        return hashlib.sha256(f"run of {said}".encode("utf-8", "surrogatepass")).hexdigest()

    def is_still_so(self) -> bool:
        """Whether nothing was changed since."""
        try:
            there = stamps_of(self.root, _written_by_runs(self.root, self.settings.out))
            return there == self.seen and _digest_of(self.root, self.young) == self.read
        except (PressrunError, OSError, CannotTell):
            return False

    def digests_of(self, journal: str) -> Digests | None:
        """The same; None where it cannot be read any more."""
        try:
            return self.digests(journal)
        except OSError:
            return None

    def digests(self, journal: str) -> Digests:
        """Of all of it, with the fingerprint of the ``journal``. Raises OSError."""
        read = hashlib.sha256(_program().encode())
        variables = sorted(one for one in os.environ.items() if one[0].startswith(OURS))  # .env is among the files
        links = [os.path.islink(self.root / name) and os.readlink(self.root / name) for name in ("runs", ".pressrun")]
        led = [(path, target) for path, (*_, target) in self.seen.items() if target]  # what leads outside is refused
        config = config_path()
        allowed = config.read_bytes() if config.is_file() else b""
        read.update(repr((variables, links, led, allowed, journal)).encode("utf-8", "surrogatepass"))
        return Digests(read.hexdigest(), dict(_each_digest(self.root, self.seen)))

    def counts(self, paths: Iterable[str]) -> bool:
        """Whether these files, by their paths from the campaign's folder, are among what counts."""
        return all(path in self.seen for path in paths)


def _written_by_runs(root: Path, out: Path | None) -> tuple[str, ...]:
    """The folders in a campaign that runs write to, besides hidden ones. Raises InputError, CannotTell."""
    store, journal = store_options(root), journal_options(root)
    written = [root / "runs", *((out.resolve(),) if out else ())]
    if isinstance(store, FolderOptions) and store.path:
        written.append(store.path.resolve())
    if isinstance(journal, SqliteOptions) and journal.path and journal.path.resolve().is_relative_to(root):
        raise CannotTell
    return tuple(map(str, written))


def stamps_of(root: Path, apart: tuple[str, ...]) -> dict[str, Stamp]:
    """The files below a folder but for those ``apart`` and what is hidden, by their path from it. Raises OSError,
    CannotTell."""
    seen: dict[str, Stamp] = {}
    for path, status, is_link in _below(str(root), apart):
        target = os.path.relpath(os.path.realpath(path), os.path.realpath(root)) if is_link else ""
        stamp = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, target)
        seen[os.path.relpath(path, root)] = stamp
        if len(seen) > MOST_FILES:
            raise CannotTell
    return seen


def young_of(seen: Mapping[str, Stamp]) -> tuple[str, ...]:
    """Those that were changed a moment ago, whose next change their stamps may not show."""
    latest = time.time_ns() - COARSEST_CLOCK
    return tuple(path for path, (_, _, changed, *_) in seen.items() if changed > latest)


def _below(folder: str, apart: tuple[str, ...]) -> Iterator[tuple[str, os.stat_result, bool]]:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if (entry.name.startswith(".") and entry.name != ".env") or entry.path in apart:
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _below(entry.path, apart)
            elif entry.is_file():
                yield entry.path, entry.stat(), entry.is_symlink()
            else:  # a link to a folder, which may lead anywhere; a pipe
                raise CannotTell


def _digest_of(root: Path, paths: Iterable[str]) -> str:
    read = hashlib.sha256()
    for path, own in _each_digest(root, paths):
        read.update(_line(path, own))
    return read.hexdigest()


def _each_digest(root: Path, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    for path in paths:
        with (root / path).open("rb") as file:
            yield path, hashlib.file_digest(file, "sha256").hexdigest()


def _line(path: str, digest: str) -> bytes:
    return f"{path}\0{digest}\n".encode("utf-8", "surrogateescape")


def _program() -> str:
    """What makes the files: our own package by its bytes, all others by what is installed."""
    own = sorted(
        os.path.relpath(os.path.join(folder, name), PACKAGE)
        for folder, _, names in os.walk(PACKAGE)
        for name in names
        if not name.endswith(".pyc")
    )
    installed = {
        name
        for folder in sys.path
        if os.path.isdir(folder)
        for name in os.listdir(folder)
        if name.endswith((".dist-info", ".egg-info", ".egg-link"))
    }
    machine = (sys.version, sys.platform, platform.machine(), sorted(installed))
    return f"{_digest_of(PACKAGE, own)} {machine}"
