"""The making of files that many rows are in: pages by workers, some hundred rows together, and one file of them all."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
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
from pressrun.model.task import BatchAnswer, BatchMade, BatchTask, Failed, ReadySheet
from pressrun.run.merged.batches import RECIPE, Batch, Batches
from pressrun.run.merged.documents import Division, LaidRecord, MergedDocument, MergedFile, Series, laid, series_of
from pressrun.run.merged.slip_sheets import NoSlips, Slips
from pressrun.run.worker import bench as worker
from pressrun.run.worker.merged_batches import BELOW_STANDARD, make_batches


class _Pages(Struct, frozen=True):
    """Where the pages of a document's rows are, by the keys of their files; which have none, and why; whether a file of
    them is what its standard asks for."""

    document: MergedDocument
    there: dict[str, tuple[BatchMade, int]]
    failed: tuple[tuple[ReadySheet, Finding], ...]
    keeps: bool


class Merging:
    """Pages and files of a job's documents, into which rows are put by a ``division``."""

    def __init__(
        self, project: Project, doors: Doors, kit: worker.Kit, progress: Progress, slips: Slips, division: Division
    ) -> None:  # fmt: skip
        assert project.job.output
        self._project, self._doors, self._said = project, doors, project.job.output.one_pdf
        self._kit, self._progress, self._slips, self._division = kit, progress, slips, division
        self._open: dict[Series, Batches] = {}
        self._full: deque[tuple[MergedDocument, list[Batch]]] = deque()
        # Batches that are not there yet, and those with rows that failed, by their identities: rows that say the same
        # have one key, though they are of several documents, each of which tells of its own.
        self._lacking: set[int] = set()
        self._incomplete: dict[int, BatchMade] = {}
        self._again: list[tuple[Batch, Sequence[int]]] = []  # those that lack rows, which are tried again
        self._is_held = False

    def files(self, sheets: Iterable[ReadySheet], *, ends: bool) -> Iterator[tuple[MergedFile, list[LaidRecord]]]:
        """Have the documents that are full when these sheets have come, and all if it ``ends`` with them; each with the
        rows in it: from the store where nothing of it has changed, else made. Pages are made as soon as their rows have
        come, and more come while workers are busy. Where a row has failed that is looked after before more is begun:
        somebody may have to work for it."""
        coming, more = self._coming(sheets, ends), True
        while more:
            self._is_held = False
            for batch, made in self._worked(self._to_make(coming)):
                self._note(batch, made)
                yield from self._sound()
            more = self._is_held
            self._try_again()
            while self._full:
                document, batches = self._full.popleft()
                yield self._of_pages(self._pages(document, batches))
                self._forget(batches)

    def _coming(self, sheets: Iterable[ReadySheet], ends: bool) -> Iterator[Batch]:
        """The batches that are full, as rows come. A slip sheet says how many are behind it: then no row is certain of
        its place before its document is full."""
        counted = not isinstance(self._slips, NoSlips)
        for ready in sheets:
            for one in self._division.taken(ready):
                if isinstance(one, MergedDocument):
                    yield from self._closed(one)
                elif not (counted or one.failed):
                    yield from self._open.setdefault(series_of(one), Batches(shows=True)).add(one)
        for document in self._division.rest() if ends else ():
            yield from self._closed(document)

    def _closed(self, document: MergedDocument) -> Iterator[Batch]:
        if (batches := self._open.pop(document.series, None)) is None:
            some = Batches.of(document.sheets, shows=True)
            yield from some
        else:
            yield from batches.rest()
            some = batches.closed
        self._full.append((document, some))

    def _to_make(self, coming: Iterable[Batch]) -> Iterator[Batch]:
        """Of batches those that are not there, until something has to be done before more is begun."""
        for batch in coming:
            if self._is_missing(batch):
                yield batch
            if self._is_held or (self._full and self._is_there(self._full[0][1])):
                self._is_held = True
                return

    def _is_missing(self, batch: Batch) -> bool:
        store, result = self._doors.store, self._doors.journal.lookup([batch.key]).get(batch.key)
        parts = (result.digest, *result.facts["streams"]) if result else ()
        if result is None or not store.present(parts, recorded=True).issuperset(parts):
            self._lacking.add(id(batch))
            return True
        self._progress.step(len(batch.records))
        if lost := result.facts.get("lost"):
            self._again.append((batch, lost))
            self._is_held = True
        return False

    def _is_there(self, batches: Sequence[Batch]) -> bool:
        return self._lacking.isdisjoint(map(id, batches))

    def _note(self, batch: Batch, made: BatchAnswer) -> None:
        self._lacking.discard(id(batch))
        self._progress.step(len(batch.records))
        self._keep(batch, made)

    def _keep(self, batch: Batch, made: BatchAnswer) -> None:
        if made.failed:
            self._incomplete[id(batch)] = made.made
        if made.result:
            self._doors.journal.record([replace(made.result, key=batch.key)])

    def _forget(self, batches: Iterable[Batch]) -> None:
        for one in batches:
            self._incomplete.pop(id(one), None)

    def _sound(self) -> Iterator[tuple[MergedFile, list[LaidRecord]]]:
        """The documents whose pages are all there, up to one with rows that are in none."""
        while self._full and not self._is_held and self._is_there(self._full[0][1]):
            pages = self._pages(*self._full[0])
            if pages.failed:
                self._is_held = True
            else:
                self._full.popleft()
                yield self._of_pages(pages)

    def _pages(self, document: MergedDocument, batches: Sequence[Batch]) -> _Pages:
        there, failed = self._made(batches)
        spoiling, keeps = _spoiling(document, there)
        for ready, _ in spoiling:
            there.pop(ready.files[0].key, None)  # another row says the same
        return _Pages(document, there, (*failed, *spoiling), keeps)

    def _of_pages(self, pages: _Pages) -> tuple[MergedFile, list[LaidRecord]]:
        document, there, failed = pages.document, pages.there, pages.failed
        if failed:
            document = document.printed(there, self._slips)
            tried = {*there, *(ready.files[0].key for ready, _ in failed)}
            anew = (part.slip for part in document.parts if part.slip and part.slip.files[0].key not in tried)
            slips = Batches.of(anew)
            for batch, made in self._worked(one for one in slips if self._is_missing(one)):
                self._note(batch, made)
            self._try_again()
            others, unset = self._made(slips)
            self._forget(slips)
            there, failed = {**there, **others}, (*failed, *unset)
        failed += tuple((ready, ready.failed) for ready in document.lost if ready.failed)
        records = list(laid(document, there, self._said))
        return self._file(document, records, failed, pages.keeps), records

    def _try_again(self) -> None:
        """Have rows once more that failed before, of batches that are there without them. One that a row has come to is
        made anew as a whole: no file shows how its pages came together."""
        again, self._again = self._again, []
        alone = [replace(batch, records=tuple(batch.records[at] for at in numbers)) for batch, numbers in again]
        lost = dict(zip(map(id, alone), again, strict=True))
        results = self._doors.journal.lookup(batch.key for batch, _ in again) if again else {}
        for part, made in self._worked(alone):
            if not made.result:
                batch, numbers = lost[id(part)]
                failed = tuple(replace(one, index=numbers[one.index]) for one in made.failed)
                self._incomplete[id(batch)] = replace(BatchMade.of(0, results[batch.key]), failed=failed)
        for batch, made in self._worked(batch for batch, _ in again if id(batch) not in self._incomplete):
            self._keep(batch, made)

    def _worked(self, batches: Iterable[Batch]) -> Iterator[tuple[Batch, BatchAnswer]]:
        """What workers make of each. Where one dies of a batch, its rows are tried alone: one of them is to blame."""
        begun: dict[int, Batch] = {}
        died: list[Batch] = []

        def tasks() -> Iterator[BatchTask]:
            for index, one in enumerate(batches):
                begun[index] = one
                yield one.task(index)

        for task, answer in self._in_workers(tasks()):
            batch = begun.pop(task.index)
            if isinstance(answer, BatchAnswer):
                yield batch, answer
            else:
                died.append(batch)
                self._is_held = True
        for batch in died:
            deadly: list[Failed] = []
            for task, answer in self._in_workers([batch.task(at, [at]) for at in range(len(batch.records))]):
                if not isinstance(answer, BatchAnswer):
                    deadly.append(_died(batch, task.index, answer))
            well = [at for at in range(len(batch.records)) if at not in {one.index for one in deadly}]
            made = BatchAnswer(0, None)
            for _, answer in self._in_workers([batch.task(0, well)] if well else ()):
                if isinstance(answer, BatchAnswer):
                    made = answer
                else:
                    deadly += (_died(batch, at, answer) for at in well)
            yield batch, BatchAnswer.of(replace(made.made, failed=(*made.failed, *deadly)))

    def _in_workers(self, tasks: Iterable[BatchTask]) -> Iterator[tuple[BatchTask, BatchAnswer | Exception]]:
        coming = iter(tasks)
        if (first := next(coming, None)) is None:
            return  # nobody is called
        alone = ((task,) for task in chain([first], coming))
        for (task,), answer in self._doors.in_workers(worker.open_bench, self._kit, alone, make_batches, "sheets"):
            if isinstance(answer, PressrunError) and answer.stops_the_run:
                raise answer
            yield task, answer if isinstance(answer, Exception) else answer[0]

    def _made(
        self, batches: Sequence[Batch]
    ) -> tuple[dict[str, tuple[BatchMade, int]], list[tuple[ReadySheet, Finding]]]:
        """Where the pages of each row are, by the key of its file, and the rows that have none."""
        results = self._doors.journal.lookup(one.key for one in batches)
        there: dict[str, tuple[BatchMade, int]] = {}
        failed: list[tuple[ReadySheet, Finding]] = []
        for index, batch in enumerate(batches):
            made = self._incomplete.get(id(batch)) or BatchMade.of(index, results[batch.key])
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
        made = self._worked([Batch("", document.format, (records[0].ready,), shows=True)])
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


def _died(batch: Batch, at: int, error: Exception) -> Failed:
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
