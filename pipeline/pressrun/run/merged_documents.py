"""Files that many rows are in: which rows, in which order, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from pressrun import registry
from pressrun.model.file_facts import FileFacts
from pressrun.model.finding import Finding
from pressrun.model.journal import Result
from pressrun.model.output import OnePdf
from pressrun.model.plan import PlannedSheet
from pressrun.model.project import Project
from pressrun.model.task import BatchMade, FileTask, ReadySheet
from pressrun.run.slip_sheets import Slips, SlipTexts


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that follow each other in a document; ``slip`` is the sheet before them, if there is one."""

    group: str
    slip: ReadySheet | None
    records: tuple[ReadySheet, ...]


@dataclass(frozen=True, slots=True)
class MergedDocument:
    """A file that many rows are in, in the order of its pages."""

    layout: str
    take: int
    condition: str
    format: str
    path: str
    parts: tuple[Part, ...]

    @property
    def sheets(self) -> Iterator[ReadySheet]:
        """All whose pages are in it, slip sheets before their groups."""
        for part in self.parts:
            if part.slip:
                yield part.slip
            yield from part.records


@dataclass(frozen=True, slots=True)
class LaidRecord:
    """A row in its file: its pages are in a ``batch`` from the page ``start`` (from 0) on, so many of them, and in the
    file from the page ``first`` (from 1) on, in so many ``copies``, each with a blank back if it has one."""

    ready: ReadySheet
    part: Part
    batch: BatchMade
    start: int
    facts: FileFacts
    first: int
    copies: int
    has_blank: bool

    @property
    def is_slip(self) -> bool:
        return self.ready is self.part.slip

    @property
    def last(self) -> int:
        """Its last page in the file."""
        return self.first + self.copies * (self.facts.size.pages + self.has_blank) - 1


@dataclass(frozen=True, slots=True)
class MergedFile:
    """What became of a document: the file in the store, if it has any pages, with the rows in it; ``failed`` are those
    that are not, each with the reason."""

    document: MergedDocument
    result: Result | None
    failed: tuple[tuple[ReadySheet, Finding], ...]
    reused: bool


def parted(
    project: Project, sheets: Iterable[ReadySheet], slips: Slips
) -> tuple[list[ReadySheet], list[MergedDocument]]:
    """The sheets with the files that each has alone, and the documents that many are in."""
    output = project.job.output
    if output is None:
        return list(sheets), []
    alone: list[ReadySheet] = []
    shared: dict[tuple[str, int, str, str], list[ReadySheet]] = {}
    for ready in sheets:
        own = []
        for file in ready.files:
            if project.job.merges(registry.FORMATS[file.format]):
                planned = (ready.sheet.layout, ready.sheet.take, ready.sheet.condition, file.format)
                shared.setdefault(planned, []).append(replace(ready, files=(file,)))
            else:
                own.append(file)
        alone.append(replace(ready, files=tuple(own)))
    documents = [one for key, records in shared.items() for one in _documents(*key, records, output.one_pdf, slips)]
    return alone, documents


def slip_faults(project: Project, sheets: Iterable[PlannedSheet]) -> list[Finding]:
    """What is wrong with the texts of the slip sheets between planned sheets, before anything is paid."""
    output = project.job.output
    if output is None or output.one_pdf.slip is None:
        return []
    texts = SlipTexts(project)
    planned = (
        ReadySheet(sheet, None, tuple(FileTask(name, "", path) for name, path in sheet.paths), None)
        for sheet in sheets
        if not sheet.fault
    )
    parted(project, planned, texts)
    return texts.faults


def _documents(
    layout: str, take: int, condition: str, format: str, records: Sequence[ReadySheet], said: OnePdf,
    slips: Slips,
) -> Iterator[MergedDocument]:
    chunks: list[Sequence[ReadySheet]] = []
    for _, group in groupby(records, lambda ready: ready.sheet.row.stands.document):
        some = list(group)
        size = said.chunk or len(some)
        chunks += (some[start : start + size] for start in range(0, len(some), size))
    named: dict[str, list[int]] = {}
    for number, chunk in enumerate(chunks):
        named.setdefault(chunk[0].files[0].path, []).append(number)
    for number, chunk in enumerate(chunks):
        path = chunk[0].files[0].path
        if len(alike := named[path]) > 1:
            stem, dot, ending = path.rpartition(".")
            path = f"{stem}-{alike.index(number) + 1:0{len(str(len(alike)))}}{dot}{ending}"
        parts = []
        for at, (value, group) in enumerate(groupby(chunk, lambda ready: ready.sheet.row.stands.group), start=1):
            members = tuple(group)
            parts.append(Part(value, slips.before(members, value, at, format), members))
        yield MergedDocument(layout, take, condition, format, path, tuple(parts))


def laid(document: MergedDocument, batches: Mapping[str, tuple[BatchMade, int]], said: OnePdf) -> Iterator[LaidRecord]:
    """The rows of a document that have pages. ``batches`` has, by the key of a row's file, the batch that its pages are
    in, and its number there."""
    page = 1
    starts: dict[int, list[int]] = {}
    for part in document.parts:
        for ready in (part.slip, *part.records) if part.slip else part.records:
            if (found := batches.get(ready.files[0].key)) is None:
                continue
            batch, number = found
            if id(batch) not in starts:
                at = 0
                starts[id(batch)] = [at := at + pages for pages in (0, *(one.size.pages for one in batch.facts))]
            facts = batch.facts[number]
            copies = 1 if ready is part.slip else ready.sheet.row.stands.copies
            has_blank = said.blank_backs and facts.size.pages % 2 == 1
            one = LaidRecord(ready, part, batch, starts[id(batch)][number], facts, page, copies, has_blank)
            page = one.last + 1
            yield one
