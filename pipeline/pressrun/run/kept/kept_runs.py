"""Runs that are kept whole. What a run leaves is a result like any other: its key is all that it read (`all_read`), so
a run that reads the same has the same record, and need not expand, plan, fill or look up anything.

A kept record is only carried over where the store still has every object that it names, sound; the files are delivered
from there as ever. Which runs are kept is said in `settled_runs`. Nothing is imported here that files are made with:
that takes as long as all the rest.
"""

from __future__ import annotations

import contextlib
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Self

from msgspec import Struct
from msgspec.structs import asdict, replace

from pressrun.deliver import MANY, LaidAhead, add_to_file, delivering, finish_file, laying_ahead, write_file
from pressrun.doors import Doors, folder_of, get_workers_ready, journal_options, may_fork, store_opener
from pressrun.language.page_words import page_words
from pressrun.manifest import contact_sheet, manifest_json
from pressrun.manifest.recorded_assets import ASSETS, TABLE, RecordedAssets
from pressrun.manifest.runs_read import MANIFEST
from pressrun.model.errors import PressrunError
from pressrun.model.finding import Finding
from pressrun.model.journal import Result
from pressrun.model.journal.results import RUN
from pressrun.model.progress import Progress
from pressrun.model.run_record import Cost, Counts, RunReport
from pressrun.model.settings import Settings
from pressrun.model.store import ObjectMissing, Store
from pressrun.run.begun_runs import begun_run, runs_of, sweep_killed
from pressrun.run.contact.cards import TIME, header_told
from pressrun.run.contact.pages import INDEX, page_path, thumb_path
from pressrun.run.kept.all_read import AllRead, Digests
from pressrun.run.kept.kept_lines import QUICK, Piece, contents, values_of, values_read

RECIPE = 7  # to be raised when a kept run says something else

FILES = "files"  # of each line: its path, and the digests of its file and thumbnail
ROWS = "rows"  # of each row: the digest of what it says, and how many lines it has
NOTED = "noted"  # what is left out of files that rows name, with the number of its row
WORDS = "words"  # of each column that a layer prints: the rows whose words are odd
CARDS = "cards"  # of each page of the contact sheet: the numbers of the lines that it shows


class KeptRun(Struct, frozen=True):
    """A run as the next one that reads the same would leave it. ``read`` is the digest of all that was read; ``around``
    that of all but ``row_files``, where their rows can be carried over singly (`carried_rows`), and ``of_all`` what
    rows have in common. ``day`` is the one it holds for, where a seller's advice goes by it. Of the files that are
    written, ``pieces`` has the objects that they are put together from; ``pictures`` the digest of each by its key;
    ``said`` the lines that were told; of the manifest's notes the first ``loaded`` are of loading, and those of ``odd``
    of words that rows print."""

    read: str
    around: str
    row_files: list[str]
    of_all: str
    day: str
    manifest: dict[str, Any]
    brand: str
    locales: list[str]
    layouts: list[str]
    stand_ins: str
    pieces: Mapping[str, Sequence[Piece]]
    pages: list[str]
    pictures: dict[str, str]
    shown: list[str]
    said: list[str]
    notes: list[dict[str, Any]]
    loaded: int
    odd: list[dict[str, Any]]

    def packed(self) -> bytes:
        return zlib.compress(json.dumps(asdict(self), ensure_ascii=False).encode("utf-8", "surrogatepass"), QUICK)

    @classmethod
    def unpacked(cls, data: bytes) -> Self:
        """Raises ValueError, TypeError."""
        return cls(**json.loads(zlib.decompress(data).decode("utf-8", "surrogatepass")))

    def is_of(self, read: Digests) -> bool:
        """Whether it read the same but for what its rows say."""
        return bool(self.row_files) and self.around == read.without(self.row_files)

    def written_from(self) -> Iterator[str]:
        """The objects without which it cannot be carried over, but for the files that its lines name."""
        yield from self.pages
        yield from self.pictures.values()
        yield from self.shown
        yield from self.own

    @property
    def own(self) -> set[str]:
        """The objects that nothing but kept runs goes by."""
        return {one for some in self.pieces.values() for one in some if isinstance(one, str)}


# What reading a kept run raises.
UNUSABLE = (PressrunError, OSError, ValueError, LookupError, TypeError, AttributeError, zlib.error)


def kept_for_itself(packed: bytes) -> set[str]:
    """The objects that nothing but kept runs goes by, of one that may be of another version. Raises some of
    `UNUSABLE`."""
    pieces = json.loads(zlib.decompress(packed))["pieces"]
    return {str(one) for some in pieces.values() for one in some}


class Heard:
    """Hands on what is told of a run, and keeps the lines."""

    def __init__(self, listener: Progress) -> None:
        self._listener = listener
        self.said: list[str] = []

    def begin(self, phase: str, total: int) -> None:
        self._listener.begin(phase, total)

    def step(self, count: int = 1) -> None:
        self._listener.step(count)

    def say(self, line: str) -> None:
        self.said.append(line)
        self._listener.say(line)


class AskedRun(Struct, frozen=True):
    """A run that is asked for: what there is to read, as far as that can be told, and its ``report``, if it was carried
    over. ``journal`` is the journal's fingerprint; empty where it has none, None where there is no journal yet; with it
    what was ``read`` has its ``digests``. ``like`` is the kept run that read the same but for what rows say, and
    ``ahead`` has its files."""

    job_file: Path
    settings: Settings
    heard: Heard
    read: AllRead | None = None
    journal: str | None = None
    report: RunReport | None = None
    digests: Digests | None = None
    like: KeptRun | None = None
    ahead: LaidAhead | None = None

    @classmethod
    def of(cls, job_file: Path, settings: Settings, listener: Progress, forks: bool = False) -> Self:
        """Carried over, if a run that has read the same is kept; else workers begin to get ready, unless who asks
        ``forks`` them when it has imported what they need. Raises CannotWrite, and what the store does."""
        read = AllRead.now(job_file, settings)
        asked = cls(job_file, settings, Heard(listener), read)
        if read is None:
            return asked

        def begin() -> None:
            if not (forks and may_fork(read.root)):
                get_workers_ready(read.root, settings)

        if not journal_options(read.root).is_there(folder_of(read.root)):
            begin()
            return asked
        with Doors(read.root, settings, idle=True) as doors:
            journal = doors.journal.fingerprint()
            known = doors.journal.lookup([read.name]).get(read.name)
            if known is None:
                return replace(asked, journal=journal or "")
            digests = read.digests_of(journal) if journal else None
            kept = _found(known, digests, read.day, doors) if digests else None
            if kept is None or digests is None:  # it read something else, or what it made is gone
                begin()
                return replace(asked, journal=journal or "", digests=digests)
            asked = replace(asked, journal=journal, digests=digests)
            if kept.read != digests.of_all():
                begin()
                has_files = is_laid_ahead(kept, read, settings) or _has_files(kept, doors)
                return replace(asked, like=kept) if has_files and _has_its_record(kept, doors) else asked
            if not (_has_its_record(kept, doors) and _has_files(kept, doors)):
                begin()
                return asked
            sweep_killed(doors)
            try:
                return replace(asked, report=written(kept, doors, listener))
            except ObjectMissing:  # another run has let it go since
                return asked


@contextlib.contextmanager
def laid_ahead(asked: AskedRun) -> Iterator[AskedRun]:
    """With the files of the run that it is like laid out meanwhile: it most likely has all but a few of them, and to
    name them takes as long as to find that out. Only from a store at hand, since others may want money for it."""
    like, read, settings = asked.like, asked.read, asked.settings
    if not (like and read and is_laid_ahead(like, read, settings)):
        yield asked
        return
    open_store = store_opener(read.root)
    store = open_store()
    files = (list(_delivered(values_of(data))) for data in contents(like.pieces[FILES], store))
    with laying_ahead(store, open_store, runs_of(read.root, settings), chain(files, [[*_pages(like)]])) as ahead:
        yield replace(asked, ahead=ahead)


def is_laid_ahead(like: KeptRun, read: AllRead, settings: Settings) -> bool:
    """Whether the files of a kept run are laid out before it is known that they are wanted, which also tells whether
    the store has them all."""
    return not settings.inline and like.manifest["counts"]["planned"] >= MANY and may_fork(read.root)


def _found(result: Result, read: Digests, day: str, doors: Doors) -> KeptRun | None:
    """The kept run that stands for this one, or for all of it but what rows say."""
    if result.kind != RUN or result.facts.get("recipe") != RECIPE or doors.journal.damaged():
        return None
    try:
        kept = KeptRun.unpacked(doors.store.read(result.digest))
    except UNUSABLE:
        return None
    is_of = kept.read == read.of_all() or kept.is_of(read)
    return kept if is_of and kept.day in ("", day) else None


def _has_its_record(kept: KeptRun, doors: Doors) -> bool:
    """Whether all that it names is there and sound, but for the files that its lines name."""
    results = doors.journal.lookup(kept.pictures)
    if {key: result.digest for key, result in results.items()} != kept.pictures:
        return False
    objects = set(kept.written_from())
    return len(doors.store.present(objects, recorded=True)) == len(objects)


def _has_files(kept: KeptRun, doors: Doors) -> bool:
    """Whether the files that its lines name are there and sound."""
    try:
        lines = values_read(kept.pieces[FILES], doors.store)
        named = {digest for _, *digests in lines for digest in digests if digest}
        return len(doors.store.present(named, recorded=True)) == len(named)
    except UNUSABLE:
        return False


def written(kept: KeptRun, doors: Doors, progress: Progress, asked: AskedRun | None = None) -> RunReport:
    """Have a run's folder as a kept one has it, where one is ``asked`` for from what was laid out for it. Raises
    ObjectMissing where another run lets it go meanwhile."""
    manifest, store = kept.manifest, doors.store
    counts, cost = Counts(**manifest["counts"]), Cost(**manifest["cost"])
    if asked and asked.ahead:
        asked.ahead.finish()  # where the store has not all of them, no run has begun
    with begun_run(doors, manifest["job"]) as (folder, started, ended):
        with delivering(store, folder, None if doors.settings.inline else doors.open_store) as delivery:
            tells = counts.planned > doors.settings.sheets_at_once  # as where they are worked out
            if tells:
                progress.begin("files", counts.planned)
            if asked and asked.like and asked.ahead:
                asked.ahead.move(folder)
                delivery.add_below(_others(kept, asked.like, folder, store))
                if tells:
                    progress.step(counts.planned)
            else:
                for data in contents(kept.pieces[FILES], store):
                    files = values_of(data)
                    delivery.add_below(_delivered(files))
                    if tells:
                        progress.step(len(files))
                delivery.add_below(_pages(kept))
            _write(folder, ASSETS, kept, store)
            _write(folder, TABLE, kept, store)
            below = folder / contact_sheet.FOLDER
            below.mkdir(exist_ok=True)
            _write(below, INDEX, kept, store)
            began = started.strftime(TIME)
            header = header_told(
                manifest["job"], kept.brand, folder.name, began, counts, cost, kept.locales, kept.layouts,
                page_words(doors.language), kept.stand_ins,
            )  # fmt: skip
            write_file(folder, contact_sheet.SHEET, contact_sheet.front_page(header, counts.planned))
            delivery.finish()
        told = {"run": folder.name, "started": began, "finished": doors.clock().strftime(TIME)}
        write_file(folder, MANIFEST, manifest_json({**manifest, **told}))
        ended(0)
    for line in kept.said:  # at the end: where an object is gone in between, the whole way says them
        progress.say(line)
    return RunReport(
        str(folder), folder.name, manifest["job"], counts, cost, manifest["findings"], 0,
        RecordedAssets(folder, counts.planned), notes=tuple(map(Finding.from_dict, kept.notes)),
    )  # fmt: skip


def _delivered(files: Sequence[tuple[str, str, str]]) -> Iterator[tuple[str, str]]:
    """(Digest, path) of files, with their thumbnails, each once."""
    thumbs = {thumb for _, _, thumb in files if thumb}
    yield from ((digest, path) for path, digest, _ in files)
    yield from ((thumb, thumb_path(thumb)) for thumb in sorted(thumbs))


def _pages(kept: KeptRun) -> Iterator[tuple[str, str]]:
    """The same of the contact sheet's pages."""
    return ((digest, page_path(number)) for number, digest in enumerate(kept.pages, 1))


def _others(kept: KeptRun, laid: KeptRun, folder: Path, store: Store) -> Iterator[tuple[str, str]]:
    """(Digest, path) of the files of a run that are not in ``folder``, which has those of another one of the same
    lines; what is there only of that one goes."""
    both = list(zip(kept.pieces[FILES], laid.pieces[FILES], strict=True))
    changed = [pair for pair in both if pair[0] != pair[1]]
    now, before = (_named(pieces, store) for pieces in zip(*changed, strict=True)) if changed else ({}, {})
    if gone := before.keys() - now.keys():  # small pictures, which others may show
        gone -= _named([piece for piece, had in both if piece == had], store).keys()
    for path in gone:
        (folder / path).unlink()
        with contextlib.suppress(OSError):
            (folder / path).parent.rmdir()  # only if it is empty
    yield from ((digest, path) for path, digest in now.items() if before.get(path) != digest)
    yield from sorted({*_pages(kept)} - {*_pages(laid)})


def _named(pieces: Sequence[Piece], store: Store) -> dict[str, str]:
    """The digests of files, by their paths."""
    return {path: digest for data in contents(pieces, store) for digest, path in _delivered(values_of(data))}


def _write(folder: Path, name: str, kept: KeptRun, store: Store) -> None:
    for data in contents(kept.pieces[name], store):
        add_to_file(folder, name, data)
    finish_file(folder, name)
