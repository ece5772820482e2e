"""The making of files that many rows are in: pages by workers, some hundred rows together, and one file of them all."""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO

from msgspec import Struct
from msgspec.structs import replace

from pressrun import registry
from pressrun.doors import Doors
from pressrun.graphics.merged.merged_pdf import MergedPdf, OpenPieces, Title
from pressrun.model.errors import PressrunError
from pressrun.model.executor import trace_of
from pressrun.model.file_facts import FileFacts
from pressrun.model.finding import Finding, Severity
from pressrun.model.journal import Result
from pressrun.model.journal.results import FILE
from pressrun.model.progress import Progress
from pressrun.model.project import Project
from pressrun.model.task import BatchAnswer, BatchMade, BatchTask, Failed, ReadySheet, SheetTask
from pressrun.run.merged.documents import LaidRecord, MergedDocument, MergedFile, laid
from pressrun.run.merged.slip_sheets import Slips
from pressrun.run.worker import bench as worker
from pressrun.run.worker.merged_batches import BELOW_STANDARD, make_batches

RECIPE = 4
TOGETHER, MOST_TOGETHER = 192, 512  # rows whose pages are made together: about so many, and at the most
PICTURES = 24  # different ones on them, at the most


class _Batch(Struct, frozen=True):
    """Rows of a document whose pages are made together. Where one ends hangs on the rows in it alone, so that a row
    more or less changes no more than one or two of them. ``shows``: it is to show what its first page looks like."""

    key: str
    format: str
    records: tuple[ReadySheet, ...]
    shows: bool

    def task(self, index: int, only: Iterable[int] | None = None) -> BatchTask:
        """The making of it, or of some of its rows."""
        numbers = range(len(self.records)) if only is None else only
        tasks = []
        for number in numbers:
            ready = self.records[number]
            assert ready.content, "a row without its words has no pages"
            tasks.append(SheetTask(number, ready.sheet.row.id, ready.content, ready.files))
        return BatchTask(index, self.format, tuple(tasks), self.shows)


class Merging:
    """Pages and files of a job's documents."""

    def __init__(self, project: Project, doors: Doors, kit: worker.Kit, progress: Progress, slips: Slips) -> None:
        assert project.job.output
        self._project, self._doors, self._said = project, doors, project.job.output.one_pdf
        self._kit, self._progress, self._slips = kit, progress, slips

    def files(self, documents: Iterable[MergedDocument]) -> Iterator[tuple[MergedFile, list[LaidRecord]]]:
        """Have documents, each with the rows in it: from the store where nothing of it has changed, else made. The
        pages of all are made first: many a document has too few for all workers."""
        waiting = deque((document, _batches(document.sheets, shows=True)) for document in documents)
        incomplete = self._make([one for _, batches in waiting for one in batches])
        while waiting:
            yield self._of_pages(*waiting.popleft(), incomplete)

    def _of_pages(
        self, document: MergedDocument, batches: Sequence[_Batch], incomplete: Mapping[str, BatchMade]
    ) -> tuple[MergedFile, list[LaidRecord]]:
        there, failed = self._made(batches, incomplete)
        spoiling, keeps = _spoiling(document, there)
        failed += spoiling
        for ready, _ in spoiling:
            del there[ready.files[0].key]
        if failed:
            document = document.printed(there, self._slips)
            tried = {*there, *(ready.files[0].key for ready, _ in failed)}
            slips = _batches(part.slip for part in document.parts if part.slip and part.slip.files[0].key not in tried)
            others, unset = self._made(slips, self._make(slips))
            there, failed = {**there, **others}, failed + unset
        failed += ((ready, ready.failed) for ready in document.lost if ready.failed)
        records = list(laid(document, there, self._said))
        return self._file(document, records, tuple(failed), keeps), records

    def _make(self, batches: Sequence[_Batch]) -> dict[str, BatchMade]:
        """Have their pages; those with rows that failed are answered by key."""
        doors = self._doors
        found = doors.journal.lookup(one.key for one in batches)
        facts = {key: result.facts for key, result in found.items()}
        parts = {key: (result.digest, *facts[key]["streams"]) for key, result in found.items()}
        sound = doors.store.present((digest for some in parts.values() for digest in some), recorded=True)
        there = {key for key, some in parts.items() if sound.issuperset(some)}
        wanted = {one.key: one for one in batches}
        lacking = {key: lost for key in there & wanted.keys() if (lost := facts[key].get("lost"))}
        incomplete = {
            key: replace(BatchMade.of(0, found[key]), failed=failed)
            for key, failed in self._failed_again([(wanted[key], lost) for key, lost in lacking.items()])
        }
        missing = [one for key, one in wanted.items() if key not in there or key in lacking.keys() - incomplete.keys()]
        self._progress.step(sum(len(one.records) for one in batches) - sum(len(one.records) for one in missing))
        for batch, made in self._worked(missing) if missing else ():
            self._progress.step(len(batch.records))
            if made.failed:
                incomplete[batch.key] = made.made
            if made.result:
                doors.journal.record([replace(made.result, key=batch.key)])
        return incomplete

    def _failed_again(
        self, lacking: Sequence[tuple[_Batch, Sequence[int]]]
    ) -> Iterator[tuple[str, tuple[Failed, ...]]]:
        """Of batches that lack these rows, which are tried again, those that still do, by key. One that a row has come
        to is made anew as a whole: no file shows how its pages came together."""
        numbers = {batch.key: lost for batch, lost in lacking}
        alone = [replace(batch, records=tuple(batch.records[at] for at in lost)) for batch, lost in lacking]
        for batch, made in self._worked(alone) if alone else ():
            if not made.result:
                yield batch.key, tuple(replace(one, index=numbers[batch.key][one.index]) for one in made.failed)

    def _worked(self, batches: Sequence[_Batch]) -> Iterator[tuple[_Batch, BatchAnswer]]:
        """What workers make of each. Where one dies of a batch, its rows are tried alone: one of them is to blame."""
        died: list[_Batch] = []
        for task, answer in self._in_workers((one.task(index) for index, one in enumerate(batches))):
            if isinstance(answer, BatchAnswer):
                yield batches[task.index], answer
            else:
                died.append(batches[task.index])
        for batch in died:
            deadly: list[Failed] = []
            for task, answer in self._in_workers([batch.task(at, [at]) for at in range(len(batch.records))]):
                if not isinstance(answer, BatchAnswer):
                    deadly.append(_died(batch, task.index, answer))
            well = [at for at in range(len(batch.records)) if at not in {one.index for one in deadly}]
            made = BatchAnswer(0, None)
            for _, answer in self._in_workers([batch.task(0, well)]) if well else ():
                if isinstance(answer, BatchAnswer):
                    made = answer
                else:
                    deadly += (_died(batch, at, answer) for at in well)
            yield batch, BatchAnswer.of(replace(made.made, failed=(*made.failed, *deadly)))

    def _in_workers(self, tasks: Iterable[BatchTask]) -> Iterator[tuple[BatchTask, BatchAnswer | Exception]]:
        alone = ((task,) for task in tasks)
        for (task,), answer in self._doors.in_workers(worker.open_bench, self._kit, alone, make_batches, "sheets"):
            if isinstance(answer, PressrunError) and answer.stops_the_run:
                raise answer
            yield task, answer if isinstance(answer, Exception) else answer[0]

    def _made(
        self, batches: Sequence[_Batch], incomplete: Mapping[str, BatchMade]
    ) -> tuple[dict[str, tuple[BatchMade, int]], list[tuple[ReadySheet, Finding]]]:
        """Where the pages of each row are, by the key of its file, and the rows that have none."""
        results = self._doors.journal.lookup(one.key for one in batches)
        there: dict[str, tuple[BatchMade, int]] = {}
        failed: list[tuple[ReadySheet, Finding]] = []
        for index, batch in enumerate(batches):
            made = incomplete.get(batch.key) or BatchMade.of(index, results[batch.key])
            faults = {one.index: one.finding for one in made.failed}
            failed += ((batch.records[at], finding) for at, finding in faults.items())
            well = [at for at in range(len(batch.records)) if at not in faults]
            there |= {batch.records[at].files[0].key: (made, number) for number, at in enumerate(well)}
        return there, failed

    def _file(
        self, document: MergedDocument, records: Sequence[LaidRecord],
        failed: tuple[tuple[ReadySheet, Finding], ...], keeps: bool,
    ) -> MergedFile:  # fmt: skip
        if not records:
            return MergedFile(document, None, failed, reused=False)
        key, store, journal = self._key(document, records, keeps), self._doors.store, self._doors.journal
        if (result := journal.lookup([key]).get(key)) and store.present([result.digest], recorded=True):
            return MergedFile(document, result, failed, reused=True)
        sizes: list[int] = []
        digest = store.put_written(lambda out: sizes.append(self._write(out, document, records, keeps)))
        facts = _facts_of(records, registry.FORMATS[document.format].media_type, self._thumb(document, records))
        result = Result.of(key, FILE, digest, sizes[0], facts.to_json())
        journal.record([result])
        return MergedFile(document, result, failed, reused=False)

    def _thumb(self, document: MergedDocument, records: Sequence[LaidRecord]) -> str:
        """What a file looks like; its first page is drawn for that where no row is there of the batch that was to show
        it."""
        if thumb := next((one.facts.thumb for one in records if one.facts.thumb), ""):
            return thumb
        made = self._worked([_Batch("", document.format, (records[0].ready,), shows=True)])
        return next((facts.thumb for _, one in made for facts in one.made.facts), "")

    def _key(self, document: MergedDocument, records: Sequence[LaidRecord], keeps: bool) -> str:
        """The hash of all that a file depends on: the pages of its rows, their order, copies, names."""
        batches = {id(one.batch): (one.batch.digest, one.batch.streams) for one in records}
        numbers = {batch: number for number, batch in enumerate(batches)}
        said = [
            (one.part.group, one.is_slip, one.ready.sheet.row.id, one.copies, numbers[id(one.batch)], one.start)
            for one in records
        ]
        told = (self._title(document), self._said.blank_backs, self._said.pdf_vt, keeps, [*batches.values()], said)
        return worker.file_key(f"merged {RECIPE}", json.dumps(told))

    def _title(self, document: MergedDocument) -> tuple[str, str, str]:
        project = self._project
        rows = [one for part in document.parts for one in part.records]
        first = rows[0].sheet.row
        told = [project.brand.name, project.job_name, document.layout, first.stands.document]
        told += [str(document.number)] if self._said.chunk else []
        return " · ".join(filter(None, told)), f"{len(rows)} records", first.locale

    def _write(self, out: BinaryIO, document: MergedDocument, records: Sequence[LaidRecord], keeps: bool) -> int:
        """The file's bytes, as they come; how many they are. ``keeps``: it is what its standard asks for."""
        store, packs = self._doors.store, registry.FORMATS[document.format].packs_objects
        merged = MergedPdf(out, store.read, self._said.pdf_vt, packs, keeps)
        opened: tuple[int, OpenPieces] | None = None
        part = None
        for one in records:
            if opened is None or opened[0] != id(one.batch):
                opened = id(one.batch), merged.opened(store.read(one.batch.digest), one.batch.streams)
            pieces, pages = opened[1], range(one.start, one.start + one.facts.size.pages)
            row = one.ready.sheet.row.id
            merged.begin_record(None if one.is_slip else row)
            first = 0
            for _ in range(one.copies):
                page = merged.add(pieces, pages)
                first = first or page
                if one.has_blank:
                    merged.add_blank(pieces, pages[-1])
            if one.part is not part and one.part.group:
                merged.bookmark(one.part.group, first)
            part = one.part
            if not one.is_slip:
                merged.bookmark(row, first, inside=bool(part.group))
        return merged.finish(Title(*self._title(document)))


def _batches(sheets: Iterable[ReadySheet], shows: bool = False) -> list[_Batch]:
    """``shows``: the first shows its first page."""
    batches: list[_Batch] = []
    some: list[ReadySheet] = []
    pictures: set[str] = set()

    def close() -> None:
        if some:
            keys = "".join(ready.files[0].key for ready in some)
            is_shown = shows and not batches
            key = hashlib.sha256(f"batch {RECIPE} {'shown ' if is_shown else ''}{keys}".encode()).hexdigest()
            batches.append(_Batch(key, some[0].files[0].format, tuple(some), is_shown))
        some.clear()
        pictures.clear()

    for ready in sheets:
        assert ready.content, "a row without its words has no pages"
        placed = [*ready.content.files.values(), *(one for slot in ready.content.slots.values() for one in slot)]
        shown = {picture.digest for picture in placed}
        if len(some) == MOST_TOGETHER or len(pictures | shown) > PICTURES:
            close()
        some.append(ready)
        pictures |= shown
        if int(ready.files[0].key[:8], 16) % TOGETHER == 0:
            close()
    close()
    return batches


def _spoiling(
    document: MergedDocument, there: Mapping[str, tuple[BatchMade, int]]
) -> tuple[list[tuple[ReadySheet, Finding]], bool]:
    """Rows with pages that take its standard from a file which has it without them, each with what is wrong; and
    whether the file keeps it. Where no row does, none is to blame."""
    below: list[tuple[ReadySheet, Finding]] = []
    sound = 0
    for ready in (one for part in document.parts for one in part.records if one.files[0].key in there):
        batch, number = there[ready.files[0].key]
        found = (one for one in batch.facts[number].findings if one.code == BELOW_STANDARD)
        if fault := next(found, None):
            message = f"{fault.message}, so its pages are not in the file, which keeps its standard without them"
            below.append((ready, replace(fault, message=message, row=ready.sheet.row.id)))
        else:
            sound += 1
    return (below, True) if sound else ([], not below)


def _died(batch: _Batch, at: int, error: Exception) -> Failed:
    row = batch.records[at].sheet
    finding = Finding(
        Severity.ERROR, "worker-died", str(error), layout=row.layout, row=row.row.id, trace=trace_of(error)
    )  # fmt: skip
    return Failed(at, finding)


def _facts_of(records: Sequence[LaidRecord], media_type: str, thumb: str) -> FileFacts:
    """What is known of a whole file; of its rows it is told elsewhere."""
    first = next((one for one in records if not one.is_slip), records[0]).facts
    size = replace(first.size, pages=records[-1].last)
    return FileFacts(media_type, size, (), (), (), thumb)
