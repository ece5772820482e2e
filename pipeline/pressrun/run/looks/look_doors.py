"""What stays between two looks at sheets of a job, and doors behind which nothing is kept."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from pressrun import registry
from pressrun.doors import Doors, journal_options
from pressrun.model.composition import PlacedPicture
from pressrun.model.executor import B, Executor, K, TaskKind
from pressrun.model.journal import Journal, JournalOptions, Result
from pressrun.model.picture import PictureHad, PicturesHad
from pressrun.model.printing_conditions import PrintConditions
from pressrun.model.project import Project
from pressrun.model.settings import Settings
from pressrun.readers.campaign_root import campaign_root
from pressrun.readers.file_stamps import Stamps, stamps
from pressrun.run.files.placed_files import Looked
from pressrun.run.job import kit_of, with_layouts
from pressrun.run.looks.scratch_store import ScratchStore
from pressrun.run.planned_job import load_job
from pressrun.run.worker import bench as worker

AUTHORED = ("brands", "templates", "jobs")  # folders of a campaign in which people write
MADE_KEPT = 200_000_000  # bytes of what was made for looks
RESULTS_KEPT = 500
FILES_KEPT = 2_000  # files that rows name
COPIED = 10  # times as long as reading the journal takes, it is taken to be as it was
T = TypeVar("T")
R = TypeVar("R")


class Warm:
    """The job as it was read, what was made, the fonts and the bench."""

    def __init__(self, open_bench: Callable[[worker.Kit], worker.Bench]) -> None:
        self.store: ScratchStore | None = None
        self.results: OrderedDict[str, Result] = OrderedDict()
        self._open_bench = open_bench
        self._files: tuple[object, dict[tuple[Path, int, int], PlacedPicture]] = None, {}
        self._journal: Journal | None = None
        self._journal_stamp: object = None
        self._journal_until = 0.0
        self._project: Project | None = None
        self._stamps: Stamps = frozenset()
        self._elsewhere: tuple[Path, ...] = ()
        self._read_at = 0.0
        self._looks: tuple[str, dict[str, PrintConditions]] = "", {}
        self._kit: worker.Kit | None = None
        self._kit_for: Project | None = None
        self._bench: worker.Bench | None = None

    def loaded(self, job_file: Path, settings: Settings, since: float | None = None) -> Project:
        """The job as its files are now, or were after ``since`` (of the monotonic clock): the last one, if they are
        still the same. Raises InputError."""
        if self._project is not None and since is not None and self._read_at > since:
            return self._project
        self._read_at = time.monotonic()
        now = self._stamps_now(job_file)
        if self._project is None or self._stamps != now:
            self._project = None  # also where it cannot be loaded
            self._project = load_job(job_file, settings)
            self._elsewhere = tuple(_outside(self._project))
            self._stamps = now | stamps((), self._elsewhere)
        return self._project

    def _stamps_now(self, job_file: Path) -> Stamps:
        """Of all that a look may depend on: what people write, and what was read from elsewhere."""
        root = campaign_root(job_file)
        return stamps((root / name for name in AUTHORED), self._elsewhere)

    def files_of(self, project: Project) -> Looked:
        """What is known of files that rows name."""
        looks = project.brand_digest, project.conditions
        if self._files[0] != looks or len(self._files[1]) > FILES_KEPT:
            self._files = looks, {}
        return self._files[1]

    def journal_of(self, options: JournalOptions, folder: Path) -> Journal:
        """The campaign's journal as it stands: read anew where somebody wrote in it, which is a copy of all of it."""
        begun = time.monotonic()
        if self._journal is not None and begun < self._journal_until:
            return self._journal
        stamp = options.stamp(folder)
        if self._journal is None or stamp is None or stamp != self._journal_stamp:
            self._forget_journal()
            self._journal, self._journal_stamp = options.reader(folder)(), stamp
            self._journal.record(self.results.values())
            self._journal_until = time.monotonic() + COPIED * (time.monotonic() - begun)
        return self._journal

    def _forget_journal(self) -> None:
        journal, self._journal = self._journal, None
        if journal is not None:
            journal.close()

    def kit_of(self, project: Project, doors: Doors, scripts: frozenset[tuple[str, str]]) -> worker.Kit:
        """The kit for a project as it is now: the last one with its layouts, if the fonts and the brand will do."""
        kit = self._kit
        if kit is not None and self._kit_for is project and scripts <= kit.scripts:
            return kit
        looks = project.brand_digest, project.conditions
        if kit is None or self._looks != looks or not scripts <= kit.scripts:
            self._close_bench()
            kit = kit_of(project, doors, scripts | (kit.scripts if kit else frozenset()))
        self._looks, self._kit, self._kit_for = looks, with_layouts(kit, project), project
        return self._kit

    def bench_of(self, kit: worker.Kit) -> worker.Bench:
        if self._bench is None:
            self._bench = self._open_bench(kit)
        self._bench.kit = kit
        return self._bench

    def remember(self, had: PicturesHad) -> None:
        """Pictures that need not be made again; those that nobody looked at for long are let go of."""
        for one in had.pictures.values():
            for result in _results(one):
                self.results[result.key] = result
                self.results.move_to_end(result.key)
        while len(self.results) > RESULTS_KEPT:
            self.results.popitem(last=False)
        if self.store and self._kit:
            kit = self._kit
            self.store.shrink(MADE_KEPT, {*kit.logos.values(), *(digest for digest, _ in kit.fonts)})

    def close(self) -> None:
        self._forget_journal()
        self._close_bench()

    def _close_bench(self) -> None:
        if self._bench is not None:
            self._bench.close()
        self._bench = None


class LookDoors(Doors):
    """Doors behind which all is done here and now, on the bench that is warm, and nothing is kept."""

    def __init__(self, root: Path, settings: Settings, warm: Warm) -> None:
        self._warm = warm
        super().__init__(root, settings, reading=True)
        store = warm.store = warm.store or ScratchStore(self.store)
        self.store, self.open_store = store, lambda: store
        self.open_journal = journal_options(root).reader(self.folder)

    def read_journal(self) -> Journal:
        return self._warm.journal_of(journal_options(self.root), self.folder)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.dismiss_workers()  # the journal stays for the next look

    def in_workers(
        self, open_bench: Callable[[K], B], kit: K, tasks: Iterable[T], function: Callable[[B, T], R], kind: TaskKind
    ) -> Iterator[tuple[T, R | Exception]]:
        executor: Executor = registry.executor("inline").open(self._warm.bench_of, kit, 1)  # type: ignore[arg-type]
        return executor.run(tasks, function)  # whose bench is the one for the kit that is asked for


def _outside(project: Project) -> Iterator[Path]:
    """The files of a project that are not where people write."""
    folders = tuple(f"{name}/" for name in AUTHORED)
    return (project.root / name for name in project.inputs if not name.startswith(folders))


def _results(had: PictureHad) -> Iterator[Result]:
    yield had.made.result()
    for final in had.finals.values():
        yield final.result()
