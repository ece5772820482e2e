"""Tasks: what a worker is handed, and what it answers. Both travel between processes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace
from PIL import Image

from pressrun.model.choice import Choice
from pressrun.model.composition import PlacedPicture
from pressrun.model.file_facts import FileFacts
from pressrun.model.file_metadata import NOTHING_SAID, Particulars
from pressrun.model.finding import Finding
from pressrun.model.geometry import Rect
from pressrun.model.journal.results import BATCH, FILE, Result
from pressrun.model.plan import PlannedSheet
from pressrun.model.sheet import Sheet


class SheetContent(Struct, frozen=True):
    """One row's share of a sheet: rendered templates by layer (a layer left out is one its ``when`` refused; of several
    with one name it has the ``when`` that held), masters by slot, files by the path the row writes, and each picture's
    IPTC source type by digest. ``variant`` is that of its layout, where something in it was changed by hand; ``sizes``
    (points) are those that layers share with others of their groups, once they are known; ``condition`` is the
    printing condition that it is made for, where its job has several; ``particulars`` are what its files say of
    themselves, but for what its pictures came with."""

    layout: str
    locale: str
    title: str
    description: str
    layers: dict[str, dict[str, str]]
    slots: dict[str, tuple[PlacedPicture, ...]]
    files: dict[str, PlacedPicture]
    source_types: dict[str, str]
    variant: str = ""
    sizes: dict[str, float] = field(default_factory=dict)
    condition: str = ""
    particulars: Particulars = NOTHING_SAID

    @property
    def drawn_by(self) -> str:
        """The name of the layout that it is drawn by, as the kit has it."""
        return self.variant or self.layout


class FileTask(Struct, frozen=True):
    """One file of a sheet: its format, its key (hash of all it depends on) and the path it will have. ``ending`` is
    that of its path, where each page of the sheet's document has a file of its own; ``merged`` as it was planned."""

    format: str
    key: str
    path: str
    ending: str = ""
    merged: bool = False

    def path_of(self, page: int) -> str:
        """The path of the file that has this page alone, where each has one: ``flyer-2.png`` for ``flyer.png``."""
        return f"{self.path.removesuffix(self.ending)}-{page}{self.ending}" if self.ending else self.path

    def key_of(self, page: int) -> str:
        """Likewise its key: the first page's stands for all."""
        return self.key if page == 1 else hashlib.sha256(f"{self.key} page {page}".encode()).hexdigest()


class SheetTask(Struct, frozen=True):
    """One page to be made in one or several formats. ``row`` is the row's id; ``index`` the task's own number;
    ``shows``: what was settled and measured on the way is wanted too, with ``keeps`` also what it was drawn of."""

    index: int
    row: str
    content: SheetContent
    files: tuple[FileTask, ...]
    shows: bool = False
    keeps: bool = False


class FileResult(Struct, frozen=True):
    """A finished file in the store: the key of what it was made from, its bytes by digest and number, what it is."""

    key: str
    digest: str
    bytes: int
    facts: FileFacts

    def result(self) -> Result:
        """For the record."""
        return Result.of(self.key, FILE, self.digest, self.bytes, self.facts.to_json())


class Intermediates(Struct, frozen=True):
    """What a sheet was on its way to its files: settled, with the contrast of each text and logo to what it stands on,
    by layer. ``drawn`` is what it was drawn of, if that was asked for: files by name; ``baselines`` are those of each
    text of the sheet, in points from the top before its groups turn it, if they were asked for, and ``containers`` the
    rectangles of groups, stacks and grids with something in them, with their names. ``page`` is the bleed box as people
    see it."""

    sheet: Sheet
    choices: tuple[Choice, ...]
    contrasts: Mapping[str, float]
    findings: tuple[Finding, ...]
    drawn: Mapping[str, bytes]
    page: Image.Image
    baselines: tuple[tuple[float, ...], ...] = ()
    containers: tuple[tuple[str, Rect], ...] = ()


class Made(Struct, frozen=True):
    """A worker's answer for one sheet; ``shown`` is page by page. What a format ``refused`` is told by the keys of its
    files: the sheet's other files are there."""

    index: int
    files: tuple[FileResult, ...]
    shown: tuple[Intermediates, ...] = ()
    refused: tuple[tuple[str, Finding], ...] = ()


class Failed(Struct, frozen=True):
    """A task that could not be done: data, so that the other rows finish."""

    index: int
    finding: Finding


class BatchTask(Struct, frozen=True):
    """Rows whose pages are made together, for a file that many are in. ``shows``: what its first page looks like is
    kept as a thumbnail."""

    index: int
    format: str
    records: tuple[SheetTask, ...]
    shows: bool


class BatchMade(Struct, frozen=True):
    """The pages of rows, in the store: by ``digest`` what of them is no large stream, and by ``streams`` these.
    ``facts`` are of each row whose pages are there, in their order; ``failed`` are the others."""

    index: int
    digest: str
    bytes: int
    streams: tuple[str, ...]
    facts: tuple[FileFacts, ...]
    failed: tuple[Failed, ...] = ()

    @classmethod
    def of(cls, index: int, result: Result) -> BatchMade:
        """From the record, without the rows that failed. Raises DamagedRow."""

        def read(said: Mapping[str, Any]) -> BatchMade:
            facts = tuple(map(FileFacts.from_json, said["records"]))
            return cls(index, result.digest, result.size, tuple(said["streams"]), facts)

        return result.read(read)


class BatchAnswer(Struct, frozen=True):
    """A worker's answer: what rows became, as it is recorded but for its key (None where all ``failed``). Their facts
    are text by then: as values, of thousands of rows, they would take as long to send as to write down."""

    index: int
    result: Result | None
    failed: tuple[Failed, ...] = ()

    @classmethod
    def of(cls, made: BatchMade) -> BatchAnswer:
        """The record keeps of the rows that failed their numbers alone: why they did is found out anew."""
        if not made.facts:
            return cls(made.index, None, made.failed)
        said: dict[str, Any] = {"streams": made.streams, "records": [one.to_json() for one in made.facts]}
        if made.failed:
            said["lost"] = sorted(one.index for one in made.failed)
        return cls(made.index, Result.of("", BATCH, made.digest, made.bytes, said), made.failed)

    @property
    def made(self) -> BatchMade:
        """What was made. Raises DamagedRow."""
        made = BatchMade.of(self.index, self.result) if self.result else BatchMade(self.index, "", 0, (), ())
        return replace(made, failed=self.failed)


class Outcome(Struct, frozen=True):
    """What became of one file: its result, or the finding that says why there is none. ``further`` are the results of
    the pages behind the first, where each has a file of its own."""

    result: Result | None
    finding: Finding | None
    reused: bool
    further: tuple[Result, ...] = ()


class ReadySheet(Struct, frozen=True):
    """A planned sheet with its content and the keys of its files; ``failed`` if a picture of it is missing; what it
    ``says``, as decisions are bound to it."""

    sheet: PlannedSheet
    content: SheetContent | None
    files: tuple[FileTask, ...]
    failed: Finding | None
    says: str = ""
