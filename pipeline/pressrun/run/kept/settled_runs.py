"""Which runs are kept whole, and which checks, and how: see `kept_runs` and `kept_checks`.

Only what cannot come out another way is kept: a run without a fault, whose pictures were there or are drawn by us, of
files that all lie in the campaign. What others may answer anew (a database, a seller of pictures, a batch), what is
measured and tried again, code that is not ours, and merged documents go the whole way each time.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import json
from collections.abc import Iterator, Sequence
from itertools import chain, repeat
from pathlib import Path

from pressrun import registry
from pressrun.deliver import write_file
from pressrun.doors import Doors
from pressrun.language.page_words import page_words
from pressrun.manifest import assets_csv_header, contact_sheet
from pressrun.manifest.recorded_assets import ASSETS, TABLE
from pressrun.manifest.runs_read import MANIFEST
from pressrun.model.errors import PressrunError
from pressrun.model.finding import Finding
from pressrun.model.journal import Result
from pressrun.model.journal.results import RUN
from pressrun.model.paid_provider import PaidProvider
from pressrun.model.project import Project
from pressrun.model.run_record import RunReport
from pressrun.run.contact.cards import told_of_stand_ins
from pressrun.run.contact.pages import INDEX, page_path
from pressrun.run.kept.carried_rows import Splice
from pressrun.run.kept.kept_checks import AskedCheck
from pressrun.run.kept.kept_lines import lines_in_pieces, put_by_name, values_in_pieces
from pressrun.run.kept.kept_runs import (
    CARDS,
    FILES,
    NOTED,
    RECIPE,
    ROWS,
    UNUSABLE,
    WORDS,
    AskedRun,
    KeptRun,
    kept_for_itself,
)
from pressrun.run.kept.lines_read import LinesRead, all_reused, index_reused, table_line_reused
from pressrun.run.kept.row_digests import files_of_rows, row_digests, told_of_all
from pressrun.run.prepared import Prepared


def keep(asked: AskedRun, journal: str, prepared: Prepared, report: RunReport) -> None:
    """Keep a run that has come to its end, if it is one to be kept; ``journal`` is the fingerprint of the journal
    before it was planned. Where nothing can be written, the next run goes the whole way: this one is done."""
    with contextlib.suppress(PressrunError, OSError):
        _keep(asked, journal, prepared, report)


def _keep(asked: AskedRun, journal: str, prepared: Prepared, report: RunReport) -> None:
    doors, read = prepared.doors, asked.read
    if not (read and _is_settled(prepared, report) and is_as_read(asked, prepared, journal)):
        return
    keys = [task.key for task in prepared.plan.pictures]
    found = doors.journal.lookup(keys)
    if len(found) < len(set(keys)):
        return
    folder, project = Path(report.folder), prepared.project
    digests = asked.digests or read.digests(journal)
    row_files = sorted(files_of_rows(project, doors.settings.only) & digests.files.keys())
    lines = LinesRead(row_digests(project, doors.settings.only) if row_files else iter(()))
    told = {
        TABLE: lines_in_pieces(_table(folder / TABLE)),
        INDEX: lines_in_pieces(_index(folder / contact_sheet.FOLDER / INDEX)),
        WORDS: values_in_pieces(prepared.files.words.noted.values()),
        NOTED: values_in_pieces(prepared.files.noted.values()),
    }
    by_name = chain(lines.in_pieces(folder / ASSETS), *(zip(repeat(name), some) for name, some in told.items()))
    put = put_by_name(by_name, doors.store)
    pieces = {name: put.get(name, []) for name in (*told, ASSETS, FILES, ROWS, CARDS)}
    manifest = json.loads((folder / MANIFEST).read_bytes())
    kept = KeptRun(
        digests.of_all(),
        digests.without(row_files),
        row_files,
        told_of_all(project) if row_files else "",
        read.day if any(isinstance(task.provider, PaidProvider) for task in prepared.plan.planned) else "",
        all_reused(manifest),
        project.brand.name,
        sorted(lines.locales),
        sorted(lines.layouts),
        told_of_stand_ins(prepared.plan, page_words(doors.language)),
        pieces,
        _pages(folder),
        {key: result.digest for key, result in found.items()},
        sorted(lines.shown),
        asked.heard.said,
        [note.to_dict() for note in report.notes],
        len(project.notes),
        [one.to_dict() for one in prepared.files.words.told()],
    )  # fmt: skip
    remember(kept, asked, doors)


def remember(kept: KeptRun, asked: AskedRun, doors: Doors) -> None:
    """Have the next run that is asked for likewise find it, if it reads the same. What the one before had for itself
    alone is let go: should another kept run have some of it, too, that one goes the whole way once."""
    assert asked.read
    name, data = asked.read.name, kept.packed()
    before = doors.journal.lookup([name]).get(name)
    digest = doors.store.put(data)
    doors.journal.record([Result.of(name, RUN, digest, len(data), {"recipe": RECIPE})])
    if before is not None and before.kind == RUN:
        with contextlib.suppress(*UNUSABLE):
            own = {before.digest, *kept_for_itself(doors.store.read(before.digest))}
            doors.store.discard(own - {digest, *kept.own})


def keep_spliced(splice: Splice, run: KeptRun, asked: AskedRun, prepared: Prepared) -> None:
    """The same for a ``run`` whose rows were carried over singly."""
    with contextlib.suppress(PressrunError, OSError):
        if asked.digests and is_as_read(asked, prepared):
            remember(splice.kept(run, asked.digests), asked, prepared.doors)


def is_as_read(asked: AskedRun, prepared: Prepared, journal: str | None = None) -> bool:
    """Whether a run read what was there when it was asked for, and no more than is counted; ``journal`` is the
    fingerprint that its journal had, where it was made since."""
    read, journal = asked.read, asked.journal if journal is None else journal
    if not (read and journal and read.counts(_paths_read(prepared))):
        return False
    return prepared.doors.journal.fingerprint() == journal and read.is_still_so()


def keep_check(asked: AskedCheck, prepared: Prepared, findings: Sequence[Finding]) -> None:
    """Keep a check that found no error, if it is one to be kept; where nothing can be written, the next one works it
    out again. An error is looked at again: what it is about may lie where nothing is counted."""
    paid = any(isinstance(task.provider, PaidProvider) for task in prepared.plan.planned)
    if (
        not any(finding.is_error for finding in findings)
        and _goes_by_files_alone(prepared.project)
        and prepared.doors.journal.fingerprint()  # whether others are at work on what it says is theirs to tell
        and asked.read.counts(_paths_read(prepared))
        and asked.is_still_so()
    ):
        with contextlib.suppress(PressrunError, OSError):
            asked.file.parent.mkdir(parents=True, exist_ok=True)
            write_file(asked.file.parent, asked.file.name, asked.packed(findings, of_today=paid))
            asked.sweep()


def _goes_by_files_alone(project: Project) -> bool:
    """Whether nothing in it may be answered anew by others, or is measured, and no code but ours has a part in it."""
    job = project.job
    asks = any(one.sql is not None for one in (*job.rows.values(), *job.tables.values()))
    return not (asks or project.existing or project.conformance or registry.PLUG_INS)


def _is_settled(prepared: Prepared, report: RunReport) -> bool:
    """Whether another run would come out the same way, if it read the same."""
    project, plan, counts = prepared.project, prepared.plan, report.counts
    return (
        report.exit == 0
        and not (counts.failed or report.problems or report.log)
        and counts.planned > contact_sheet.BY_MAIL  # a smaller run is done before it is looked up
        and not project.job.output
        and _goes_by_files_alone(project)
        and all(task.provider.type == "fpo" for task in plan.to_make)
        and not prepared.doors.refused_workers  # which are told of, and next time others may be there
    )


def _table(path: Path) -> Iterator[bytes]:
    """The table for a spreadsheet, likewise."""
    yield assets_csv_header()
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.reader(file)):
            if number:
                yield table_line_reused(row)


def _index(path: Path) -> Iterator[bytes]:
    """The lines of the contact sheet's index, likewise."""
    with path.open("rb") as lines:
        yield from map(index_reused, lines)


def _pages(folder: Path) -> list[str]:
    digests: list[str] = []
    while (page := folder / page_path(len(digests) + 1)).exists():
        with page.open("rb") as file:
            digests.append(hashlib.file_digest(file, "sha256").hexdigest())
    return digests


def _paths_read(prepared: Prepared) -> Iterator[str]:
    """From the campaign's folder, or in full; empty for one that was not found."""
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
        yield project.campaign.shown(path.resolve()) if path else ""  # it may come to lie where nothing counts
