"""deliver: finished files under their final names, each there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from multiprocessing import spawn
from pathlib import Path
from typing import Any, BinaryIO

from pressrun.model.disk import CannotWrite, telling_why
from pressrun.model.store import Store

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # looked at before it is used

MANY = 2_000  # files, from which on a process of its own is worth its start

LATEST = "latest"
AHEAD = ".ahead-"  # what the folders are called that files are laid out in before their run begins
ABANDONED_AFTER = 3600  # seconds; a run writes its folder down at once


@contextlib.contextmanager
def new_run_folder(runs: Path, name: str) -> Iterator[Path]:
    """A new folder for a run, which goes again if the run does not come to its end. Raises CannotWrite."""
    folder = _new_folder(runs, name)
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)  # the store keeps what is done
        raise


def _new_folder(runs: Path, name: str) -> Path:
    """Make a new folder for a run; where the name is taken, with a number behind it. Raises CannotWrite."""
    latest = runs / LATEST
    if os.path.isdir(latest) and not latest.is_symlink():
        raise CannotWrite(f"{latest} is a folder of its own", "move it away: it has to be a link to the last run")
    if os.path.exists(runs) and not os.path.isdir(runs):
        raise CannotWrite(f"cannot write to {runs}: it is a file", "move it away, or choose a folder with --out")
    with telling_why(f"to {runs}"):
        runs.mkdir(parents=True, exist_ok=True)
        for number in range(1, 1000):
            folder = runs / (name if number == 1 else f"{name}-{number}")
            with contextlib.suppress(FileExistsError):
                folder.mkdir()
                return folder
    raise CannotWrite(f"{runs / name} and 999 more exist", "choose another folder with --out")


def sweep(runs: Path, killed: Iterable[str], record: str) -> None:
    """Take away the folders of killed runs that have no `record`: what is in them is in the store. One that was killed
    before the ledger knew of it has nothing in it, and goes by its age. What was laid out for a run goes with it."""
    for name in killed:
        folder = runs / name
        if folder.is_dir() and not folder.is_symlink() and not (folder / record).exists():
            shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(OSError):
        for folder in runs.glob("????????-??????-*"):
            if time.time() - folder.lstat().st_mtime > ABANDONED_AFTER and not folder.is_symlink():
                with contextlib.suppress(OSError):
                    folder.rmdir()  # only if it is empty
        for folder in runs.glob(f"{AHEAD}*"):
            with _looked_at(folder) as is_held:
                if time.time() - folder.lstat().st_mtime > ABANDONED_AFTER or not is_held:
                    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _holding(folder: Path) -> Iterator[None]:
    """The folder is seen to be ours for as long as this process lives, however that ends. Raises OSError, also where
    another run has swept it away before."""
    if fcntl is None:
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # a disk that knows no locks: its age tells
            fcntl.flock(descriptor, fcntl.LOCK_EX)  # another run may be looking at it, or taking it away
        os.stat(folder)
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _looked_at(folder: Path) -> Iterator[bool]:
    """Whether a process that lives has the folder, as far as can be told; if none has, none takes it meanwhile. Raises
    OSError."""
    if fcntl is None:
        yield True
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        is_held = False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            is_held = True
        yield is_held
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def delivering(
    store: Store, folder: Path, open_store: Callable[[], Store] | None = None
) -> Iterator[Delivery]:  # fmt: skip
    """Gives objects their names below ``folder``, as they come one after the other: many get them in a process of its
    own, which opens the store with ``open_store``."""
    with tempfile.TemporaryFile() as listed:
        delivery = Delivery(store, folder, open_store, listed)
        try:
            yield delivery
        finally:
            delivery.end()


class Delivery:
    """The delivery of a run's files. All that was handed to the process beside is ``listed`` too: where that fails, it
    is done here, as it does no harm to do it twice, and says what is wrong."""

    def __init__(
        self, store: Store, folder: Path, open_store: Callable[[], Store] | None, listed: BinaryIO
    ) -> None:  # fmt: skip
        self._store, self._folder, self._open_store, self._listed = store, folder, open_store, listed
        self._waiting: list[tuple[str, str]] = []
        self._process: subprocess.Popen[bytes] | None = None
        self._failed = False

    def add(self, files: Iterable[tuple[str, str]]) -> None:
        """Files to be delivered: (digest, path below ``assets``) each. Raises what the store does."""
        self.add_below((digest, f"assets/{path}") for digest, path in files)

    def add_below(self, files: Iterable[tuple[str, str]]) -> None:
        """The same with paths below the folder of the run."""
        self._waiting += files
        if len(self._waiting) >= MANY:
            self._hand_over()

    def finish(self) -> None:
        """Wait until all are there. Raises what the store does."""
        if self._process is None and not self._failed:
            self._store.deliver_many(self._waiting, self._folder)
            return
        self._hand_over()
        if self._process is not None:
            assert self._process.stdin
            with contextlib.suppress(OSError):
                self._process.stdin.close()
            self._failed |= self._process.wait() != 0
        if self._failed:
            self._listed.seek(0)
            for files in _unpickled(self._listed):
                self._store.deliver_many(files, self._folder)

    def end(self) -> None:
        """Nothing goes on behind this."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            assert self._process.stdin
            with contextlib.suppress(OSError):
                self._process.stdin.close()

    def _hand_over(self) -> None:
        files, self._waiting = self._waiting, []
        if self._open_store is None:
            self._store.deliver_many(files, self._folder)
            return
        if self._process is None and not self._failed:
            self._start(self._open_store)
        chunk = pickle.dumps(files)
        self._listed.write(chunk)
        self._send(chunk)

    def _start(self, open_store: Callable[[], Store]) -> None:
        self._process = _beside(subprocess.PIPE)
        self._failed = self._process is None
        self._send(pickle.dumps((open_store, self._folder)))

    def _send(self, data: bytes) -> None:
        if self._process is not None and not self._failed:
            assert self._process.stdin
            try:
                self._process.stdin.write(data)
                self._process.stdin.flush()
            except OSError:  # it is gone
                self._failed = True


@contextlib.contextmanager
def laying_ahead(
    store: Store, open_store: Callable[[], Store], runs: Path, files: Iterable[Sequence[tuple[str, str]]]
) -> Iterator[LaidAhead | None]:
    """Gives objects their names (digest, path) beside ``runs``, in a process of its own, for a run that will most
    likely have them; what no run has taken goes again. None where nothing can be written: the run says why."""
    with contextlib.ExitStack() as held:
        try:
            folder = Path(tempfile.mkdtemp(prefix=AHEAD, dir=runs))
            held.callback(shutil.rmtree, folder, ignore_errors=True)
            held.enter_context(_holding(folder))
        except OSError:
            yield None
            return
        with tempfile.TemporaryFile() as listed:
            pickle.dump((open_store, folder), listed)
            for some in files:
                pickle.dump(some, listed)
            listed.seek(0)  # writes what waits, too
            ahead = LaidAhead(store, folder, listed, _beside(listed))
            try:
                yield ahead
            finally:
                ahead.drop()


class LaidAhead:
    """The files that are laid out in ``folder``, as ``listed``; where the ``process`` fails that does it, it is done
    here, and says what is wrong."""

    def __init__(
        self, store: Store, folder: Path, listed: BinaryIO, process: subprocess.Popen[bytes] | None
    ) -> None:  # fmt: skip
        self._store, self._folder, self._listed, self._process = store, folder, listed, process

    def finish(self) -> None:
        """Wait until all are there. Raises what the store does."""
        if self._process is None or self._process.wait() != 0:
            self._listed.seek(0)
            for some in islice(_unpickled(self._listed), 1, None):
                self._store.deliver_many(some, self._folder)

    def move(self, run: Path) -> None:
        """Into the folder of a run that has nothing yet, when they are finished. Raises CannotWrite."""
        with telling_why(str(run)):
            for name in os.listdir(self._folder):
                os.rename(self._folder / name, run / name)

    def drop(self) -> None:
        """No run will have them: nothing goes on for it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()


def _beside(said: int | BinaryIO) -> subprocess.Popen[bytes] | None:
    """A process that delivers what is ``said`` on its standard input; None if there is none to be had."""
    python = [os.fsdecode(spawn.get_executable()), "-P"]  # nothing is taken from the folder that a run is begun in
    quiet = subprocess.DEVNULL
    try:
        return subprocess.Popen([*python, "-m", "pressrun.deliver"], stdin=said, stdout=quiet, stderr=quiet)
    except OSError:
        return None


def _unpickled(file: BinaryIO) -> Iterator[Any]:
    with contextlib.suppress(EOFError):
        while True:
            yield pickle.load(file)


def _deliver_said() -> None:
    """What the process beside does: all that it needs comes in on its standard input."""
    (open_store, folder), *_ = islice(said := _unpickled(sys.stdin.buffer), 1)
    store = open_store()
    for files in said:
        store.deliver_many(files, folder)


def write_file(folder: Path, name: str, data: bytes) -> None:
    """Write one file of the record, whole at any moment that somebody looks. Raises CannotWrite."""
    beside = folder / f".{name}.part"
    with telling_why(str(folder / name)):
        beside.write_bytes(data)
        beside.replace(folder / name)


@contextlib.contextmanager
def writing_file(folder: Path, name: str) -> Iterator[BinaryIO]:
    """The same for what is written as it comes: the file has its name when all is there. Raises CannotWrite."""
    beside = folder / f".{name}.part"
    try:
        with telling_why(str(folder / name)):
            folder.mkdir(parents=True, exist_ok=True)
            with beside.open("wb") as file:
                yield file
            beside.replace(folder / name)
    finally:
        beside.unlink(missing_ok=True)


def add_to_file(folder: Path, name: str, data: bytes) -> None:
    """The same for a file that comes in pieces: it gets its name by ``finish_file``. Raises CannotWrite."""
    with telling_why(str(folder / name)), (folder / f".{name}.part").open("ab") as beside:
        beside.write(data)


def finish_file(folder: Path, name: str) -> None:
    """Give a file that came in pieces its name. Raises CannotWrite."""
    with telling_why(str(folder / name)):
        (folder / f".{name}.part").replace(folder / name)


def point_latest(runs: Path, folder: Path) -> None:
    """Move ``latest`` to a run whose manifest exists; where links cannot be made, a text file names it.

    Raises CannotWrite.
    """
    beside = runs / f".latest-{os.getpid()}"
    with telling_why(str(runs / LATEST)):
        beside.unlink(missing_ok=True)  # of a killed process with the same number
        try:
            beside.symlink_to(folder.name, target_is_directory=True)
        except OSError:
            beside.write_text(folder.name + "\n")
        beside.replace(runs / LATEST)


if __name__ == "__main__":
    _deliver_said()
