"""Runs that are kept whole. What a run leaves is a result like any other: its key is all that it read (`all_read`), so
a run that reads the same has the same record, and need not expand, plan, fill or look up anything.

A kept record is only carried over where the store still has every object that it names, sound; the files are delivered
from there as ever. Which runs are kept is said in `settled_runs`. Nothing is imported here that files are made with:
that takes as long as all the rest.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

from pressrun.deliver import Delivery, add_to_file, delivering, finish_file, write_file
from pressrun.doors import Doors, folder_of, get_workers_ready, journal_options
from pressrun.language.page_words import page_words
from pressrun.manifest import contact_sheet, manifest_json
from pressrun.manifest.recorded_assets import ASSETS, TABLE, RecordedAssets
from pressrun.manifest.runs_read import MANIFEST
from pressrun.model.errors import PressrunError
from pressrun.model.finding import Finding
from pressrun.model.journal.results import RUN
from pressrun.model.progress import Progress
from pressrun.model.run_record import Cost, Counts, RunReport
from pressrun.model.settings import Settings
from pressrun.model.store import Store
from pressrun.run.all_read import AllRead
from pressrun.run.begun_runs import begun_run, sweep_killed
from pressrun.run.contact_cards import TIME, header_told
from pressrun.run.contact_pages import INDEX, page_path, thumb_path

RECIPE = 1  # to be raised when a kept run says something else
QUICK = 1  # of zlib: records are long, and most of each line is in the line before

_FILE = re.compile(rb'\{"id":"[^"]*","path":("(?:[^"\\]|\\.)*"),"sha256":"([0-9a-f]{64})"')
_THUMB = re.compile(rb'\],"status":"[a-z]+","thumb":"([0-9a-f]{64})"')
_OBJECT = re.compile(rb'"(?:sha256|whole|thumb)":"([0-9a-f]{64})"')


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


@dataclass(frozen=True, slots=True)
class AskedRun:
    """A run that is asked for: what there is to read, as far as that can be told, and its ``report``, if it was carried
    over. ``journal`` is the journal's fingerprint; empty where it has none, None where there is no journal yet."""

    job_file: Path
    settings: Settings
    heard: Heard
    read: AllRead | None = None
    journal: str | None = None
    report: RunReport | None = None

    @classmethod
    def of(cls, job_file: Path, settings: Settings, listener: Progress) -> Self:
        """Carried over, if a run that has read the same is kept. Raises CannotWrite, and what the store does."""
        asked = cls(job_file, settings, Heard(listener), AllRead.now(job_file, settings))
        if asked.read is None:
            return asked
        if not journal_options(asked.read.root).is_there(folder_of(asked.read.root)):
            get_workers_ready(asked.read.root, settings)
            return asked
        with Doors(asked.read.root, settings, idle=True) as doors:
            journal = doors.journal.fingerprint()
            kept = _found(asked.read, journal, doors) if journal else None
            if kept is None:
                if doors.journal.lookup([asked.read.name]):  # it read something else, or what it made is gone
                    get_workers_ready(asked.read.root, settings)
                return replace(asked, journal=journal or "")
            sweep_killed(doors)
            return replace(asked, journal=journal, report=_carried(kept, doors, listener))


def today(doors: Doors) -> str:
    """The day, in UTC."""
    return doors.clock().date().isoformat()


def _found(read: AllRead, journal: str, doors: Doors) -> KeptRun | None:
    """The kept run that stands for this one, if all that it names is there and sound."""
    result = doors.journal.lookup([read.name]).get(read.name)
    if result is None or result.kind != RUN or result.facts.get("recipe") != RECIPE or doors.journal.damaged():
        return None
    try:
        kept = KeptRun.unpacked(doors.store.read(result.digest))
        if kept.read != read.digest(journal) or kept.day not in ("", today(doors)):
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
                page_words(doors.language), kept.stand_ins,
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
