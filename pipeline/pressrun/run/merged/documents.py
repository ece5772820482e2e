"""Files that many rows are in: which rows, in which order, and what became of them."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from pressrun.model.file_facts import FileFacts
from pressrun.model.finding import Finding
from pressrun.model.journal import Result
from pressrun.model.output import OnePdf
from pressrun.model.plan import PlannedSheet
from pressrun.model.project import Project
from pressrun.model.task import BatchMade, ReadySheet
from pressrun.run.merged.slip_sheets import Slips, SlipTexts
from pressrun.run.sheet_content import unmade


class Series(Struct, frozen=True):
    """The documents of a job in one layout, take, printing condition and format."""

    layout: str
    take: int
    condition: str
    format: str


class Part(Struct, frozen=True):
    """Rows that follow each other in a document; ``slip`` is the sheet before them, if there is one."""

    group: str
    slip: ReadySheet | None
    records: tuple[ReadySheet, ...]


class MergedDocument(Struct, frozen=True):
    """A file that many rows are in, in the order of its pages. It is called as its first row says (``named``); where
    several of its ``series`` are called so, it is the ``number``-th of them. ``lost`` are rows that would be in it, and
    have a fault or failed; where there are no others, there is no file."""

    series: Series
    named: str
    number: int
    parts: tuple[Part, ...]
    lost: tuple[ReadySheet, ...] = ()

    @property
    def layout(self) -> str:
        return self.series.layout

    @property
    def format(self) -> str:
        return self.series.format

    @property
    def first(self) -> ReadySheet:
        return self.parts[0].records[0] if self.parts else self.lost[0]

    @property
    def sheets(self) -> Iterator[ReadySheet]:
        """All whose pages are in it, slip sheets before their groups."""
        for part in self.parts:
            if part.slip:
                yield part.slip
            yield from part.records

    def printed(self, keys: Collection[str], slips: Slips) -> MergedDocument:
        """The document with those rows alone whose files have these keys, and with slip sheets that count them; the
        others are lost."""
        every = [one for part in self.parts for one in part.records]
        records = [one for one in every if one.files[0].key in keys]
        others = [one for one in every if one.files[0].key not in keys]
        return replace(self, parts=parts_of(records, slips, self.format), lost=(*self.lost, *others))


class LaidRecord(Struct, frozen=True):
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


class MergedFile(Struct, frozen=True):
    """What became of a document: the file in the store, if it has any pages, with the rows in it; ``failed`` are those
    that are not, each with the reason."""

    document: MergedDocument
    result: Result | None
    failed: tuple[tuple[ReadySheet, Finding], ...]
    reused: bool


class Division:
    """Divides the sheets of a job, as they come, into files that each has alone and documents that many are in. Of
    those that are in a document none is remembered once it is full: there may be any number of them."""

    def __init__(self, project: Project, slips: Slips) -> None:
        assert project.job.output
        self._said, self._slips = project.job.output.one_pdf, slips
        self._open: dict[Series, list[ReadySheet]] = {}
        self._named: dict[Series, Counter[str]] = {}

    @property
    def series(self) -> Collection[Series]:
        """Those that there have been so far, in the order in which the first sheet of each came."""
        return self._open.keys()

    def alone(self, ready: ReadySheet) -> ReadySheet:
        """A sheet with the files alone that it has by itself."""
        return replace(ready, files=tuple(file for file in ready.files if not file.merged))

    def taken(self, ready: ReadySheet) -> Iterator[ReadySheet | MergedDocument]:
        """A sheet with one file each, as it comes into the document that is open in its series; and the documents to
        which nothing comes any more."""
        for file in (one for one in ready.files if one.merged):
            one = replace(ready, files=(file,))
            series = series_of(one)
            records = self._open.setdefault(series, [])
            if records and records[0].sheet.row.stands.document != ready.sheet.row.stands.document:
                yield self._closed(series)
            records.append(one)
            yield one
            if len(records) == self._said.chunk:
                yield self._closed(series)

    def full(self, ready: ReadySheet) -> Iterator[MergedDocument]:
        """The documents to which nothing comes any more, now that this sheet has come."""
        return (one for one in self.taken(ready) if isinstance(one, MergedDocument))

    def rest(self) -> Iterator[MergedDocument]:
        """The documents to which something might have come still."""
        for series, records in self._open.items():
            if records:
                yield self._closed(series)

    def path(self, series: Series, named: str, number: int) -> str:
        """What a document is called at the end, when it is known how many of its series have its name."""
        count = self._named[series][named]
        if count <= 1:
            return named
        stem, dot, ending = named.rpartition(".")
        return f"{stem}-{number:0{len(str(count))}}{dot}{ending}"

    def _closed(self, series: Series) -> MergedDocument:
        records = [one for one in self._open[series] if not one.failed]
        lost = tuple(one for one in self._open[series] if one.failed)
        self._open[series].clear()
        named = (records or lost)[0].files[0].path
        known = self._named.setdefault(series, Counter())
        known[named] += bool(records)
        return MergedDocument(series, named, known[named], parts_of(records, self._slips, series.format), lost)


def series_of(ready: ReadySheet) -> Series:
    """That of a sheet with one file."""
    sheet = ready.sheet
    return Series(sheet.layout, sheet.take, sheet.condition, ready.files[0].format)


def parts_of(records: Iterable[ReadySheet], slips: Slips, format: str) -> tuple[Part, ...]:
    """Rows by the groups that they are in, each with the slip sheet before it."""
    parts = []
    for at, (value, group) in enumerate(groupby(records, lambda ready: ready.sheet.row.stands.group), start=1):
        members = tuple(group)
        parts.append(Part(value, slips.before(members, value, at, format), members))
    return tuple(parts)


def slip_faults(project: Project, sheets: Iterable[PlannedSheet]) -> list[Finding]:
    """What is wrong with the texts of the slip sheets between planned sheets, before anything is paid."""
    output = project.job.output
    if output is None or output.one_pdf.slip is None:
        return []
    texts = SlipTexts(project)
    deque(divided(project, sheets, texts), maxlen=0)
    return texts.faults


def divided(project: Project, sheets: Iterable[PlannedSheet], slips: Slips) -> Iterator[MergedDocument]:
    """The documents that sheets come to, as far as they are sound, before anything is made."""
    division = Division(project, slips)
    for sheet in sheets:
        if not sheet.fault:
            yield from division.full(ReadySheet(sheet, None, unmade(sheet), None))
    yield from division.rest()


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
