"""What a job puts out in files that many rows are in: each made as soon as its last row has come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from pressrun.model.plan import PlannedSheet
from pressrun.model.project import Project
from pressrun.model.run_record import AssetPicture
from pressrun.model.task import ReadySheet
from pressrun.run.merged.documents import Division, MergedDocument
from pressrun.run.merged.files import Merging
from pressrun.run.merged.record import MergedRecord
from pressrun.run.merged.slip_sheets import Slips


class MergedOutput:
    """Takes the sheets of a run as they come. Of a document nothing is kept but what the record says of it."""

    def __init__(self, division: Division, merging: Merging, record: MergedRecord) -> None:
        self._division, self._merging, self._record = division, merging, record
        self._is_empty = True

    def alone(self, sheets: Iterable[ReadySheet]) -> list[ReadySheet]:
        """The sheets with the files that each has by itself."""
        return [self._division.alone(ready) for ready in sheets]

    def add(self, sheets: Iterable[ReadySheet]) -> None:
        """Have what is full now that these have come."""
        self._have(document for ready in sheets for document in self._division.full(ready))

    def finish(self) -> MergedRecord | None:
        """Have the rest, and answer what is told of all; nothing where there are no documents."""
        self._have(self._division.rest())
        return None if self._is_empty else self._record

    def _have(self, documents: Iterable[MergedDocument]) -> None:
        for file, records in self._merging.files(documents):
            self._record.add(file, records)
            self._is_empty = False


@contextmanager
def merged_output(
    project: Project, merging: Merging, slips: Slips, pictures: Callable[[PlannedSheet], tuple[AssetPicture, ...]]
) -> Iterator[MergedOutput]:
    """Of a job whose ``output`` says so; ``pictures`` answers what is told of those on a sheet."""
    division = Division(project, slips)
    record = MergedRecord(project, division, pictures)
    try:
        yield MergedOutput(division, merging, record)
    finally:
        record.close()
