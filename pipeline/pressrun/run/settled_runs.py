"""Which runs are kept whole, and how: see `kept_runs`.

Only what cannot come out another way is kept: a run without a fault, whose pictures were there or are drawn by us, of
files that all lie in the campaign. What others may answer anew (a database, a seller of pictures, a batch), what is
measured and tried again, code that is not ours, and merged documents go the whole way each time.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from pressrun import registry
from pressrun.language.page_words import page_words
from pressrun.manifest import contact_sheet
from pressrun.manifest.recorded_assets import ASSETS, TABLE
from pressrun.manifest.runs_read import MANIFEST
from pressrun.model.errors import PressrunError
from pressrun.model.journal import Result
from pressrun.model.journal.results import RUN
from pressrun.model.paid_provider import PaidProvider
from pressrun.model.run_record import Counts, RunReport
from pressrun.model.store import Store
from pressrun.run.contact_cards import told_of_stand_ins
from pressrun.run.contact_pages import INDEX, page_path
from pressrun.run.kept_runs import QUICK, RECIPE, AskedRun, KeptRun, today
from pressrun.run.prepared import Prepared

LINES_AT_ONCE = 4000  # in an object: some megabytes, before they are packed

_LAYOUT = re.compile(rb'"layout":("(?:[^"\\]|\\.)*")')
_LOCALE = re.compile(rb'\],"locale":("(?:[^"\\]|\\.)*")')
_STANDING = re.compile(rb'"[mrf]*"\);\n$')


def keep(asked: AskedRun, journal: str, prepared: Prepared, report: RunReport) -> None:
    """Keep a run that has come to its end, if it is one to be kept; ``journal`` is the fingerprint of the journal
    before it was planned. Where nothing can be written, the next run goes the whole way: this one is done."""
    with contextlib.suppress(PressrunError, OSError):
        _keep(asked, journal, prepared, report)


def _keep(asked: AskedRun, journal: str, prepared: Prepared, report: RunReport) -> None:
    doors, read = prepared.doors, asked.read
    if not (read and journal and _is_settled(prepared, report) and read.counts(_paths_read(prepared))):
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
        today(doors) if any(isinstance(task.provider, PaidProvider) for task in prepared.plan.planned) else "",
        _all_reused(json.loads((folder / MANIFEST).read_bytes())),
        prepared.project.brand.name,
        sorted(lines.locales),
        sorted(lines.layouts),
        told_of_stand_ins(prepared.plan, page_words(doors.language)),
        pieces,
        _pages(folder),
        {key: result.digest for key, result in found.items()},
        asked.heard.said,
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
        and all(one.sql is None for one in (*job.rows.values(), *job.tables.values()))
        and all(task.provider.type == "fpo" for task in plan.to_make)
        and not prepared.doors.refused_workers  # which are told of, and next time others may be there
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
    return {**manifest, "counts": Counts(planned, 0, planned, 0).to_json()}


def _put(lines: Iterable[bytes], store: Store) -> list[str]:
    """Objects of some lines each."""
    rest = iter(lines)
    digests: list[str] = []
    while some := b"".join(islice(rest, LINES_AT_ONCE)):
        digests.append(store.put(zlib.compress(some, QUICK)))
    return digests


def _paths_read(prepared: Prepared) -> Iterator[str]:
    """From the campaign's folder, or in full."""
    project = prepared.project
    yield from project.inputs
    named = (project.find_file(written) for written in prepared.files.names)
    sent = (
        Path(reference.path)
        for task in prepared.plan.pictures
        for reference in (*task.request.references, *((task.request.mask,) if task.request.mask else ()))
        if reference.path
    )
    files = (*project.font_files, *project.logos.values(), *project.step_files.values())
    for path in (*files, *named, *sent):
        if path is not None:
            yield project.campaign.shown(path.resolve())
