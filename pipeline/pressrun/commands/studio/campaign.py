"""The campaign in the studio: its runs, read once and kept while they are looked at, and what is decided of them."""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from pressrun import doors
from pressrun.commands.studio.every_run import PREFIX, shelf_of_all
from pressrun.commands.studio.names_kept import keep_names, names_kept
from pressrun.commands.studio.standing_decisions import Standing
from pressrun.commands.studio.tiles import Shelf, Tile, manifest_of, place_of, shelf_of
from pressrun.decisions.branches import TRUNK
from pressrun.language.names import Names, row_names
from pressrun.manifest.recorded_assets import ASSETS
from pressrun.manifest.runs_read import find_run, job_file_among, run_names
from pressrun.model.errors import InputError, PressrunError
from pressrun.model.finding import Finding, Severity
from pressrun.model.journal import Journal
from pressrun.model.store import Store

if TYPE_CHECKING:
    from pressrun.model.project import Project

KEPT = 4  # runs that are kept in memory
LARGE = 6_000_000  # bytes of a record that takes a while to be read
MANY = 5_000  # tiles
BEGINNING = 600  # files of a large run that are shown meanwhile
HEAD_START = 2.0  # seconds that a first page has for its pictures, before the rest of its run is read
PATIENCE, HURRY = 4.0, 0.2  # seconds that a first page waits for the names of rows; of a large run


class OpenRun:
    """A run that is looked at."""

    def __init__(self, root: Path, shelf: Shelf, journal: Journal, partial: bool = False) -> None:
        """``partial``: the shelf has only the beginning of it, while the rest is read."""
        self.root, self.shelf, self.journal, self.partial = root, shelf, journal, partial
        self._standing = Standing(journal, shelf)
        self.found: dict[Any, Any] = {}  # what addresses found, see `filters`
        self.options: dict[Any, Any] = {}
        self.gone: Sequence[OpenRun] | None = None  # see `Campaign.gone_since`
        self.is_looking_back = False
        self._names, self._naming = names_kept(root, shelf.job), threading.Event()
        if self._names.rows or partial:
            self._naming.set()
        if not partial:
            threading.Thread(target=self._name, daemon=True).start()

    @property
    def standing(self) -> Standing:
        return self._standing.fresh()

    @property
    def standing_now(self) -> Standing:
        """The same, with what was decided a moment ago about another run with the same sheets."""
        return self._standing.fresh(at_once=True)

    @property
    def job_file(self) -> Path:
        """Raises InputError where it is gone."""
        manifest = self.shelf.manifest
        return job_file_among(manifest.get("inputs", {}), self.shelf.job, self.shelf.run, self.root)

    def project(self) -> Project:
        """The job with all that it names, as it is now. Raises InputError."""
        from pressrun import registry
        from pressrun.load import load_project

        return load_project(self.job_file, registry)

    @property
    def names(self) -> Names:
        """What its rows are called: as far as the job was read by now, and by their keys where it cannot be."""
        self._naming.wait(PATIENCE if len(self.shelf.tiles) < MANY else HURRY)
        return self._names

    def _name(self) -> None:
        try:
            self._names = Names(row_names(self.project()))
            keep_names(self.root, self.shelf.job, self._names)
        except (PressrunError, OSError):
            pass
        finally:
            self._naming.set()

    @cached_property
    def branch_of(self) -> Mapping[str, str]:
        """Picture → the branch that it stands at the end of."""
        return {head: name for names in self.journal.branches().values() for name, head in names.items()}

    def forget_branches(self) -> None:
        """There is another one."""
        self.__dict__.pop("branch_of", None)
        self.found.clear()

    def branches(self, tile: Tile) -> list[str]:
        """The branches that a tile's pictures are on."""
        return list(dict.fromkeys(self.branch_of.get(key, TRUNK) for key in tile.pictures))


class RunTold(Struct, frozen=True):
    """A finished run in a list."""

    name: str
    manifest: Mapping[str, Any]


class Campaign:
    """A folder with runs. Its journal is opened with the first run that is looked at."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.folder = doors.folder_of(self.root)
        self._open: OrderedDict[Path, tuple[tuple[int, int], OpenRun]] = OrderedDict()
        self._begun: dict[Path, tuple[tuple[int, int], OpenRun]] = {}  # the beginnings of large ones
        self._lock, self._opening = threading.RLock(), threading.Lock()
        self._journal: Journal | None = None
        self._reading: dict[Path, threading.Timer] = {}

    @property
    def journal(self) -> Journal:
        with self._opening:  # whoever comes first: two may read at once
            if self._journal is None:
                self._journal = doors.journal_options(self.root).opener(self.folder)()
            return self._journal

    @cached_property
    def store(self) -> Store:
        return doors.store_opener(self.root)()

    def runs(self) -> list[RunTold]:
        """Finished runs, the newest first; one whose record is damaged is told without its numbers."""
        found = []
        for name in reversed(run_names(self.root)):
            try:
                found.append(RunTold(name, manifest_of(self.root / "runs" / name)))
            except InputError:
                found.append(RunTold(name, {}))
        return found

    def run(self, name: str) -> OpenRun:
        """A run by its name or `latest`, and nothing outside the campaign's folder of runs; all of a job as one, by
        the job's name behind ``job:``. Raises InputError."""
        if name.startswith(PREFIX):
            return self._all_of(name.removeprefix(PREFIX))
        folder = self._folder_of(name)
        with self._lock:
            if known := self._known(folder):
                self._open.move_to_end(folder)
                return known
            stamp = _stamp(folder / ASSETS)
            opened = OpenRun(self.root, shelf_of(folder), self.journal)
            self._open[folder] = stamp, opened
            self._begun.pop(folder, None)
            while len(self._open) > KEPT:
                self._open.popitem(last=False)
            return opened

    def glance(self, name: str) -> OpenRun:
        """The same, but of a large run that nobody looked at yet its beginning; the rest is for `read_on`. Raises
        InputError."""
        folder = None if name.startswith(PREFIX) else self._folder_of(name)
        if folder is None or not _is_large(folder) or self._known(folder):
            return self.run(name)
        stamp, begun = _stamp(folder / ASSETS), self._begun.get(folder)
        if begun is None or begun[0] != stamp:
            begun = stamp, OpenRun(self.root, shelf_of(folder, BEGINNING), self.journal, partial=True)
            self._begun[folder] = begun
        return begun[1]

    def read_on(self, run: OpenRun) -> None:
        """Have the rest of a run read, once its beginning can be looked at: both at a time would take as long as one
        after the other. A page's script asks for it as soon as its pictures are there; pages without wait."""
        folder = run.shelf.folder
        with self._opening:
            if not run.partial or folder in self._reading:
                return
            reading = self._reading[folder] = threading.Timer(HEAD_START, self._read, (folder,))
            reading.daemon = True
            reading.start()

    def warm(self, name: str) -> None:
        """Have a run read before somebody asks for it, if that takes no longer than they would wait. Raises
        InputError."""
        if not _is_large(self._folder_of(name)):
            self.run(name)

    def gone_since(self, run: OpenRun, most: int) -> Sequence[OpenRun] | None:
        """The sheets that a run has no more of ``most`` runs of its job before it, the newest first: each of those runs
        with these alone. None while it takes a while to read them."""
        with self._opening:
            if run.gone is None and not run.is_looking_back:
                run.is_looking_back = True
                names = [one.name for one in self.runs() if one.manifest.get("job") == run.shelf.job]
                at = names.index(run.shelf.run) if run.shelf.run in names else len(names)
                folders = [self.root / "runs" / name for name in names[at + 1 : at + 1 + most]]
                reading = threading.Thread(target=self._look_back, args=(run, folders), daemon=True)
                reading.start()
            else:
                return run.gone
        if not any(map(_is_large, folders)):
            reading.join()
        return run.gone

    def _look_back(self, run: OpenRun, folders: Iterable[Path]) -> None:
        there = frozenset(map(place_of, run.shelf.tiles))
        found: list[OpenRun] = []
        try:
            for folder in folders:
                with contextlib.suppress(InputError, OSError):  # which is told where the runs are listed
                    found.append(OpenRun(self.root, shelf_of(folder, but_for=there), self.journal, partial=True))
        finally:
            run.gone = found

    def _read(self, folder: Path) -> None:
        try:
            with contextlib.suppress(InputError):  # which is told to who asks for it
                self.run(folder.name)
        finally:
            self._reading.pop(folder, None)

    def _folder_of(self, name: str) -> Path:
        if name != "latest" and name not in run_names(self.root):
            find_run(self.root / "nowhere" if "/" in name else self.root, name)  # says what is wrong with it
            raise InputError([Finding(Severity.ERROR, "no-run", f"there is no finished run '{name}'")])
        return find_run(self.root, name).resolve()

    def _known(self, folder: Path) -> OpenRun | None:
        known = self._open.get(folder)
        return known[1] if known and known[0] == _stamp(folder / ASSETS) else None

    def _all_of(self, job: str) -> OpenRun:
        folders = [self.root / "runs" / one.name for one in self.runs() if one.manifest.get("job") == job]
        if not folders:
            raise InputError([Finding(Severity.ERROR, "no-run", f"there is no finished run of '{job[:60]}'")])
        stamps = [_stamp(folder / ASSETS) for folder in folders]
        stamp = sum(size for size, _ in stamps), hash(tuple(stamps))
        place = Path(f"{PREFIX}{job}")
        with self._lock:
            known = self._open.get(place)
            if known and known[0] == stamp:
                self._open.move_to_end(place)
                return known[1]
        opened = OpenRun(self.root, shelf_of_all(job, _shelves(folders)), self.journal)
        with self._lock:
            self._open[place] = stamp, opened
            while len(self._open) > KEPT:
                self._open.popitem(last=False)
        return opened

    def close(self) -> None:
        for reading in list(self._reading.values()):
            reading.cancel()
        if self._journal is not None:
            self._journal.close()


def _shelves(folders: Iterable[Path]) -> Iterator[Shelf]:
    """One at a time: together they may be much. A run that cannot be read is told where the runs are listed."""
    for folder in folders:
        with contextlib.suppress(InputError):
            yield shelf_of(folder)


def _is_large(folder: Path) -> bool:
    return _stamp(folder / ASSETS)[0] >= LARGE


def _stamp(path: Path) -> tuple[int, int]:
    try:
        said = path.stat()
    except OSError:
        return 0, 0
    return said.st_size, said.st_mtime_ns
