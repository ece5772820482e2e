"""What a job puts out in files that many rows are in: each made as soon as its last row has come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain

from pressrun import registry
from pressrun.model.plan import PlannedSheet
from pressrun.model.progress import Progress
from pressrun.model.run_record import AssetPicture
from pressrun.model.task import ReadySheet
from pressrun.run.merged.documents import Division
from pressrun.run.merged.files import Merging
from pressrun.run.merged.record import MergedRecord
from pressrun.run.merged.slip_sheets import Slips
from pressrun.run.prepared import Prepared
from pressrun.run.worker import bench as worker


class MergedOutput:
    """Takes the sheets of a run as they come. Of a document nothing is kept but what the record says of it. ``merged``:
    no sheet has files of its own, and nobody has to work for what is on it."""

    def __init__(self, division: Division, merging: Merging, record: MergedRecord, merged: bool) -> None:
        self._division, self._merging, self._record, self._are_merged = division, merging, record, merged
        self._is_empty = True

    def taking(self, windows: Iterable[list[ReadySheet]]) -> Iterator[list[ReadySheet]]:
        """Have all documents while the sheets come, and answer these with the files that each has by itself; where none
        has any, more come while others are made."""
        if self._are_merged:
            yield []
            self._have(chain.from_iterable(windows), ends=True)
            return
        for sheets in windows:
            yield [self._division.alone(ready) for ready in sheets]
            self._have(sheets, ends=False)
        self._have((), ends=True)

    @property
    def told(self) -> MergedRecord | None:
        """What is told of all; nothing where there are no documents."""
        return None if self._is_empty else self._record

    def _have(self, sheets: Iterable[ReadySheet], *, ends: bool) -> None:
        for file, records in self._merging.files(sheets, ends=ends):
            self._record.add(file, records)
            self._is_empty = False


@contextmanager
def merged_output(
    prepared: Prepared, kit: worker.Kit, progress: Progress, slips: Slips,
    pictures: Callable[[PlannedSheet], tuple[AssetPicture, ...]],
) -> Iterator[MergedOutput]:  # fmt: skip
    """Of a job whose ``output`` says so; ``pictures`` answers what is told of those on a sheet."""
    project, doors = prepared.project, prepared.doors
    division = Division(project, slips)
    merging = Merging(project, doors, kit, progress, slips, division)
    record = MergedRecord(project, division, pictures)
    asks_workers = doors.settings.keep or any(map(prepared.files.detects, project.drawn))
    formats = {registry.FORMATS[one] for loaded in project.layouts.values() for one in loaded.layout.formats}
    merged = not asks_workers and all(all(project.job.puts_out(one)) for one in formats)
    try:
        yield MergedOutput(division, merging, record, merged)
    finally:
        record.close()
