"""Runs that are kept whole. What a run leaves is a result like any other: its key is all that it read (`all_read`), so
a run that reads the same has the same record, and need not expand, plan, fill or look up anything.

Only what cannot come out another way is kept: a run without a fault, whose pictures were there or are drawn by us, of
files that all lie in the campaign. What others may answer anew (a database, a seller of pictures, a batch), what is
measured and tried again, code that is not ours, and merged documents go the whole way each time. A kept record is only
carried over where the store still has every object that it names, sound; the files are delivered from there as ever.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Self

from pressrun import registry
from pressrun.deliver import Delivery, add_to_file, delivering, finish_file, write_file
from pressrun.doors import Doors, folder_of, journal_options
from pressrun.manifest import contact_sheet, manifest_json
from pressrun.manifest.recorded_assets import ASSETS, RecordedAssets
from pressrun.manifest.runs_read import MANIFEST
from pressrun.model.errors import PressrunError
from pressrun.model.finding import Finding
from pressrun.model.journal import Result
from pressrun.model.journal.results import RUN
from pressrun.model.paid_provider import PaidProvider
from pressrun.model.progress import Progress
from pressrun.model.run_record import Cost, Counts, RunReport
from pressrun.model.store import Store
from pressrun.run.all_read import AllRead
from pressrun.run.begun_runs import begun_run, sweep_killed
from pressrun.run.contact_cards import TIME, header_told, told_of_stand_ins
from pressrun.run.contact_pages import INDEX, page_path, thumb_path
from pressrun.run.prepared import Prepared
from pressrun.run.record import TABLE

RECIPE = 1  # to be raised when a kept run says something else
LINES_AT_ONCE = 4000  # in an object: some megabytes, before they are packed
QUICK = 1  # of zlib: records are long, and most of each line is in the line before

_FILE = re.compile(rb'\{"id":"[^"]*","path":("(?:[^"\\]|\\.)*"),"sha256":"([0-9a-f]{64})"')
_THUMB = re.compile(rb'\],"status":"[a-z]+","thumb":"([0-9a-f]{64})"')
_OBJECT = re.compile(rb'"(?:sha256|whole|thumb)":"([0-9a-f]{64})"')
_LAYOUT = re.compile(rb'"layout":("(?:[^"\\]|\\.)*")')
_LOCALE = re.compile(rb'\],"locale":("(?:[^"\\]|\\.)*")')
_STANDING = re.compile(rb'"[mrf]*"\);\n$')


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A run as the next one that reads the same would leave it. ``read`` is the digest of all that was read, and
    ``day`` the one it holds for, where a seller's advice goes by it. Of the files that are written, ``pieces`` has the
    objects that they are put together from; ``pictures`` the digest of each by its key; ``said`` the lines that were
    told."""

    read: str
    day: str
    manifest: dict[str, Any]
    brand: str
    locales: list[str]
    layouts: list[str]
    stand_ins: str
    pieces: dict[str, list[str]]
    pages: list[str]
    pictures: dict[str, str]
    said: list[str]
    notes: list[dict[str, Any]]

    def packed(self) -> bytes:
        return zlib.compress(json.dumps(asdict(self), ensure_ascii=False).encode("utf-8", "surrogatepass"), QUICK)

    @classmethod
    def unpacked(cls, data: bytes) -> Self:
        """Raises ValueError, TypeError."""
        return cls(**json.loads(zlib.decompress(data).decode("utf-8", "surrogatepass")))


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


# keeping


def keep(read: AllRead, journal: str | None, prepared: Prepared, report: RunReport, said: Iterable[str]) -> None:
    """Keep a run that has come to its end; ``journal`` is the fingerprint of the journal before it began."""
    doors = prepared.doors
    if not journal or not _is_settled(prepared, report) or read.read_elsewhere(prepared):
        return
    keys = [task.key for task in prepared.plan.pictures]
    found = doors.journal.lookup(keys)
    if len(found) < len(set(keys)) or doors.journal.fingerprint() != journal or not read.is_still_so():
        return
    folder = Path(report.folder)
    lines = _Lines(folder / ASSETS)
    pieces = {
        ASSETS: _put(lines, doors.store),
        TABLE: _put(_table(folder / TABLE), doors.store),
        INDEX: _put(_index(folder / contact_sheet.FOLDER / INDEX), doors.store),
    }
    kept = KeptRun(
        read.digest(journal),
        _day(doors) if any(isinstance(task.provider, PaidProvider) for task in prepared.plan.planned) else "",
        _all_reused(json.loads((folder / MANIFEST).read_bytes())),
        prepared.project.brand.name,
        sorted(lines.locales),
        sorted(lines.layouts),
        told_of_stand_ins(prepared.plan),
        pieces,
        _pages(folder),
        {key: result.digest for key, result in found.items()},
        list(said),
        [note.to_dict() for note in report.notes],
    )
    data = kept.packed()
    doors.journal.record([Result.of(read.name, RUN, doors.store.put(data), len(data), {"recipe": RECIPE})])


def _is_settled(prepared: Prepared, report: RunReport) -> bool:
    """Whether another run would come out the same way, if it read the same."""
    project, plan, counts = prepared.project, prepared.plan, report.counts
    job = project.job
    return (
        report.exit == 0
        and not (counts.failed or report.problems or report.log)
        and counts.planned > contact_sheet.BY_MAIL  # a smaller run is done before it is looked up
        and not (job.output or project.existing or project.conformance or registry.PLUG_INS)
        and all(rows.sql is None for rows in job.rows.values())
        and all(task.provider.type == "fpo" for task in plan.to_make)
    )


class _Lines:
    """The lines of the assets of a run, as they are where every file was there; what they name is known at their
    end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.locales: set[str] = set()
        self.layouts: set[str] = set()

    def __iter__(self) -> Iterator[bytes]:
        locales, layouts = set[bytes](), set[bytes]()
        with self._path.open("rb") as lines:
            for line in lines:
                locales.update(_first(_LOCALE, line))
                layouts.update(_first(_LAYOUT, line))
                # A quote within a text is escaped, and what follows a list is no name that people gave.
                line = line.replace(b'"reused":false', b'"reused":true')
                yield line.replace(b'],"status":"made"', b'],"status":"reused"')
        self.locales, self.layouts = set(map(json.loads, locales)), set(map(json.loads, layouts))


def _first(pattern: re.Pattern[bytes], line: bytes) -> list[bytes]:
    found = pattern.search(line)
    return [found[1]] if found else []


def _table(path: Path) -> Iterator[bytes]:
    """The lines of the table for a spreadsheet, likewise."""
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.reader(file)):
            out = io.StringIO()
            csv.writer(out).writerow(row if number == 0 else [*row[:2], "reused", *row[3:]])
            yield out.getvalue().encode()


def _index(path: Path) -> Iterator[bytes]:
    """The lines of the contact sheet's index, likewise."""
    with path.open("rb") as lines:
        for line in lines:
            yield _STANDING.sub(lambda found: b'"%s");\n' % (b"r" * (len(found[0]) - len('"");\n'))), line)


def _pages(folder: Path) -> list[str]:
    digests: list[str] = []
    while (page := folder / page_path(len(digests) + 1)).exists():
        with page.open("rb") as file:
            digests.append(hashlib.file_digest(file, "sha256").hexdigest())
    return digests


def _all_reused(manifest: dict[str, Any]) -> dict[str, Any]:
    planned = manifest["counts"]["planned"]
    return {**manifest, "counts": asdict(Counts(planned, 0, planned, 0))}


def _put(lines: Iterable[bytes], store: Store) -> list[str]:
    """Objects of some lines each."""
    rest = iter(lines)
    digests: list[str] = []
    while some := b"".join(islice(rest, LINES_AT_ONCE)):
        digests.append(store.put(zlib.compress(some, QUICK)))
    return digests


def _day(doors: Doors) -> str:
    return doors.clock().date().isoformat()


# carrying over


def carried_over(read: AllRead, progress: Progress) -> tuple[RunReport | None, str | None]:
    """The report of a run that reads what a kept one has read; None where there is none. With it the fingerprint of
    the journal, empty where it has none; None where there is no journal yet. Raises CannotWrite, and what the store
    does."""
    if not journal_options(read.root).is_there(folder_of(read.root)):
        return None, None
    with Doors(read.root, read.settings) as doors:
        journal = doors.journal.fingerprint()
        kept = _found(read, journal, doors) if journal else None
        if kept is None:
            return None, journal or ""
        sweep_killed(doors)
        return _carried(kept, doors, progress), journal


def _found(read: AllRead, journal: str, doors: Doors) -> KeptRun | None:
    """The kept run that stands for this one, if all that it names is there and sound."""
    result = doors.journal.lookup([read.name]).get(read.name)
    if result is None or result.kind != RUN or result.facts.get("recipe") != RECIPE or doors.journal.damaged():
        return None
    try:
        kept = KeptRun.unpacked(doors.store.read(result.digest))
        if kept.read != read.digest(journal) or kept.day not in ("", _day(doors)):
            return None
        return kept if _is_whole(kept, doors) else None
    except (PressrunError, OSError, ValueError, TypeError, zlib.error):
        return None


def _is_whole(kept: KeptRun, doors: Doors) -> bool:
    results = doors.journal.lookup(kept.pictures)
    if {key: result.digest for key, result in results.items()} != kept.pictures:
        return False
    objects = {*kept.pages, *kept.pictures.values(), *(one for some in kept.pieces.values() for one in some)}
    if len(doors.store.present(objects, recorded=True)) < len(objects):
        return False
    for lines in _read(kept.pieces[ASSETS], doors.store):
        named = {found.decode() for found in _OBJECT.findall(lines)}
        if len(doors.store.present(named, recorded=True)) < len(named):
            return False
    return True


def _carried(kept: KeptRun, doors: Doors, progress: Progress) -> RunReport:
    manifest, store = kept.manifest, doors.store
    counts, cost = Counts(**manifest["counts"]), Cost(**manifest["cost"])
    for line in kept.said:
        progress.say(line)
    with begun_run(doors, manifest["job"]) as (folder, started, ended):
        with delivering(store, folder, None if doors.settings.inline else doors.open_store) as delivery:
            if counts.planned > doors.settings.sheets_at_once:  # as where they are worked out
                progress.begin("files", counts.planned)
            for lines in _read(kept.pieces[ASSETS], store):
                add_to_file(folder, ASSETS, lines)
                delivered = _deliver(lines, delivery)
                if counts.planned > doors.settings.sheets_at_once:
                    progress.step(delivered)
            _write(folder, TABLE, kept, store)
            below = folder / contact_sheet.FOLDER
            below.mkdir(exist_ok=True)
            _write(below, INDEX, kept, store)
            delivery.add_below((digest, page_path(number)) for number, digest in enumerate(kept.pages, 1))
            finish_file(folder, ASSETS)
            began = started.strftime(TIME)
            header = header_told(
                manifest["job"], kept.brand, folder.name, began, counts, cost, kept.locales, kept.layouts,
                kept.stand_ins,
            )  # fmt: skip
            write_file(folder, contact_sheet.SHEET, contact_sheet.front_page(header, counts.planned))
            delivery.finish()
        told = {"run": folder.name, "started": began, "finished": doors.clock().strftime(TIME)}
        write_file(folder, MANIFEST, manifest_json({**manifest, **told}))
        ended(0)
    return RunReport(
        str(folder), folder.name, manifest["job"], counts, cost, manifest["findings"], 0,
        RecordedAssets(folder, counts.planned), notes=tuple(map(Finding.from_dict, kept.notes)),
    )  # fmt: skip


def _deliver(lines: bytes, delivery: Delivery) -> int:
    """Have the files delivered that lines of the record name, with their thumbnails; answers how many lines there
    were."""
    each = lines.splitlines()
    files: dict[str, str] = {}
    for line in each:
        file, thumb = _FILE.match(line), _THUMB.search(line)
        assert file  # as they were all checked when they were kept
        files[json.loads(file[1])] = file[2].decode()
        if thumb:
            files[thumb_path(thumb[1].decode())] = thumb[1].decode()
    delivery.add_below((digest, path) for path, digest in files.items())
    return len(each)


def _write(folder: Path, name: str, kept: KeptRun, store: Store) -> None:
    for data in _read(kept.pieces[name], store):
        add_to_file(folder, name, data)
    finish_file(folder, name)


def _read(pieces: Sequence[str], store: Store) -> Iterator[bytes]:
    """Raises ObjectMissing."""
    for digest, packed in zip(pieces, store.read_many(pieces), strict=True):
        yield zlib.decompress(store.read(digest) if packed is None else packed)
