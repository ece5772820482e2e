"""What detectors find in the picture files that rows name: looked for once a file, before the sheets that show it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from msgspec.structs import replace

from pressrun.doors import Doors
from pressrun.model.errors import InputError, PressrunError
from pressrun.model.executor import trace_of
from pressrun.model.finding import Finding, Severity
from pressrun.model.journal import Result
from pressrun.model.named_files import files_named
from pressrun.model.placed_page import PDF, SVG
from pressrun.model.plan import PlannedSheet
from pressrun.retouch import DetectionJob, detect_in, detection_key
from pressrun.run.files.placed_files import PlacedFiles
from pressrun.run.worker import kit as worker


def with_detected(
    sheets: Iterable[PlannedSheet], files: PlacedFiles, doors: Doors, kit: worker.Kit
) -> Iterator[PlannedSheet]:  # fmt: skip
    """The same sheets, a window of them at a time, once what their files show is known. A file in which nothing can be
    looked for is a fault of the sheets that show it."""
    rest = iter(sheets)
    while window := list(islice(rest, doors.settings.sheets_at_once)):
        wanted = {sheet.of: list(_wanted(sheet, files)) for sheet in window}
        failed = _detected([job for jobs in wanted.values() for job in jobs], files, doors, kit)
        for sheet in window:
            fault = next((failed[job.key] for job in wanted[sheet.of] if job.key in failed), None)
            yield replace(sheet, fault=replace(fault, row=sheet.row.id, place=sheet.row.place)) if fault else sheet


def _wanted(sheet: PlannedSheet, files: PlacedFiles) -> Iterator[DetectionJob]:
    detect = files.detects(sheet.drawn_by)
    if not detect or sheet.fault:
        return
    try:
        named = set(files_named(files.words.of(sheet).values()))
    except InputError:  # told where the sheet is filled in
        return
    for written in sorted(named):
        picture = files.place(written)
        if picture.media_type not in (SVG, PDF):
            yield DetectionJob(detection_key(picture.digest, detect), picture.digest, detect)


def _detected(jobs: list[DetectionJob], files: PlacedFiles, doors: Doors, kit: worker.Kit) -> dict[str, Finding]:
    """Have every answer in the journal; what came to nothing, by key."""
    needed = {job.key: job for job in jobs}
    known = doors.journal.lookup(needed)
    missing = [job for key, job in needed.items() if key not in known]
    failed: dict[str, Finding] = {}
    if not missing:
        return failed
    files.keep()
    for job, outcome in doors.in_workers(worker.open_bench, kit, missing, detect_in, "retouching"):
        if isinstance(outcome, PressrunError) and outcome.stops_the_run:
            raise outcome
        if isinstance(outcome, Result):
            doors.journal.record([outcome])
        else:
            message = f"nothing can be looked for in a picture of the row: {outcome}"
            failed[job.key] = Finding(Severity.ERROR, "picture-failed", message, trace=trace_of(outcome))
    return failed
