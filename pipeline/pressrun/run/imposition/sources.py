"""PDFs whose pages are imposed: read one after the other, large ones by windows, their boxes noted, and what does not
go together on one sheet told."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import pikepdf
from msgspec import Struct, field
from pikepdf import Stream

from pressrun.graphics.pages.pdf_graph import color_spaces
from pressrun.graphics.pages.placed_pages import NO_SPOTS, bleed_of, comments_left_out, made_ready, trim_of
from pressrun.model.color import spot_key
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.geometry import Matrix, Rect
from pressrun.model.placed_page import PdfPage
from pressrun.readers.press_pdf.budget import Budget, Spent
from pressrun.readers.press_pdf.operators import BROKEN, first_line
from pressrun.readers.press_pdf.preflight import on_pages
from pressrun.readers.press_pdf.streams import unpacked
from pressrun.run.imposition.inks_used import PROCESS, process_inks
from pressrun.run.imposition.windows import Windows, is_large
from pressrun.run.imposition.within_budget import require_within

X4 = "PDF/X-4"
_ORIGIN = re.compile(rb"cv\.iptc\.org/newscodes/digitalsourcetype/(\w+)")


class SourceFile(Struct, frozen=True):
    """A PDF: what it is called, its bytes or where they are, how it is told on a slug line, and how many copies are
    wanted of it. Where its pages are of several rows, ``rows`` has that of each. ``from_right`` tells that it is read
    from there. Of a file of a run, ``documents`` are how many pages each document in it has, and ``told`` the errors
    that the run told of it; None for other files."""

    name: str
    data: bytes | Path
    label: str = ""
    quantity: int = 1
    rows: Sequence[str] = ()
    documents: Sequence[int] = ()
    from_right: bool = False
    told: tuple[str, ...] | None = None

    def opened(self) -> BinaryIO:
        """Its bytes to be read. Raises InputError."""
        if isinstance(self.data, bytes):
            return io.BytesIO(self.data)
        try:
            return self.data.open("rb")
        except OSError as error:
            message = f"cannot be read: {error.strerror or error}"
            raise InputError([Finding(Severity.ERROR, "cannot-read", message, Place(self.name))]) from error


class PageShape(Struct, frozen=True, eq=False):
    """The boxes of a page: ``matrix`` takes its own units to points from the upper left of its bleed box, as it is
    read, which its finished edges (``trim``) and its ``bleed`` are in."""

    matrix: Matrix
    trim: Rect
    bleed: Rect

    @classmethod
    def of(cls, facts: PdfPage) -> PageShape:
        return cls(facts.matrix, facts.box(facts.trim), facts.box(facts.bleed))


class SourcePage(Struct, frozen=True, eq=False):
    """A page, by its ``number`` from 1 in its file. Pages of one ``shape`` share it."""

    file: SourceFile
    number: int
    shape: PageShape

    @property
    def trim(self) -> Rect:
        return self.shape.trim

    @property
    def bleed(self) -> Rect:
        return self.shape.bleed

    @property
    def name(self) -> str:
        """What it is called on a slug line: its row, else its file and page."""
        if self.number <= len(self.file.rows):
            return self.file.rows[self.number - 1]
        return self.file.label or f"{self.file.name} p. {self.number}"

    def fault(self, severity: Severity, code: str, message: str, hint: str | None = None) -> Finding:
        told = f"page {self.number}: {message}"
        return Finding(severity, code, told, Place(self.file.name), hint, page=self.number)


class Sources(Struct):
    """What PDFs have, whose pages were taken in order. ``intent`` is the one output intent of all, and ``is_x4``
    whether every file says that it is PDF/X-4, ``modified`` the date of the newest as PDF writes it, ``origins`` how
    their pictures came to be, ``inks`` those of the four that they print with. ``kept`` is the document of ``intent``
    and of the colour spaces of ``spots``; a spot that is met among other inks alone has none. ``digests`` are of the
    files."""

    kept: pikepdf.Pdf = field(default_factory=pikepdf.new)
    pages: list[SourcePage] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    spots: dict[str, Any] = field(default_factory=dict)
    inks: tuple[str, ...] = ()
    intent: Any = None
    is_x4: bool = False
    is_transparent: bool = False
    modified: str = ""
    origins: list[str] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)


def read_sources(files: Iterable[SourceFile], take: Callable[[pikepdf.Pdf], None]) -> Sources:
    """Read PDFs: ``take`` gets their pages in order, as documents of some of them. Raises InputError with all that
    cannot be read."""
    reading = _Reading(take)
    faults: list[Finding] = []
    for file in files:
        try:
            with file.opened() as data:
                reading.add(file, data)
        except InputError as error:
            faults += error.findings
        except pikepdf.PasswordError:
            message, hint = "opens only with a password", "save it without one"
            faults.append(_unusable(file, "encrypted", message, hint))
        except Spent as error:
            message = f"wants more work than sound files do: {error}"
            faults.append(_unusable(file, "too-much", message, "export it again"))
        except BROKEN as error:
            message = f"is no PDF that can be read: {first_line(error)}"
            faults.append(_unusable(file, "not-a-pdf", message, "export it again"))
    if faults:
        raise InputError(faults)
    return reading.finished()


def _unusable(file: SourceFile, code: str, message: str, hint: str) -> Finding:
    return Finding(Severity.ERROR, code, message, Place(file.name), hint)


class _Reading:
    """Reads one file after the other."""

    def __init__(self, take: Callable[[pikepdf.Pdf], None]) -> None:
        self._take, self._sources = take, Sources()
        self._intents: dict[bytes, tuple[str, str]] = {}
        self._claims: list[bool] = []
        self._definitions: dict[str, tuple[bytes, str]] = {}
        self._told: set[tuple[str, str]] = set()
        self._shapes: dict[PdfPage, PageShape] = {}
        self._inks: set[str] = set()

    def add(self, file: SourceFile, data: BinaryIO) -> None:
        """Raises InputError, Spent, and what pikepdf does."""
        size = data.seek(0, io.SEEK_END)
        budget = Budget(size)
        self._sources.digests.append(_digest(data))
        with pikepdf.open(data, inherit_page_attributes=False) as pdf:
            if pdf.is_encrypted:
                raise InputError([_unusable(file, "encrypted", "is encrypted", "save it without protection")])
            self._note(file, pdf, budget)
            large = is_large(pdf, size)
            if not large:
                if not len(pdf.pages):
                    raise InputError([_unusable(file, "no-pages", "has no pages", "export it again")])
                self._window(file, pdf, 0, budget)
        number = 0
        for window in Windows(data) if large else ():
            budget.wait_anew()
            number = self._window(file, window, number, budget)
        if large and not number:
            raise InputError([_unusable(file, "no-pages", "has no pages", "export it again")])

    def _note(self, file: SourceFile, pdf: pikepdf.Pdf, budget: Budget) -> None:
        """What a file says of itself. Raises Spent."""
        sources = self._sources
        metadata = pdf.Root.get("/Metadata")
        packet = unpacked(metadata, budget) if isinstance(metadata, Stream) else b""
        self._claims.append(f">{X4}<".encode() in packet or f'GTS_PDFXVersion="{X4}"'.encode() in packet)
        sources.origins += [one.decode() for one in _ORIGIN.findall(packet)]
        sources.modified = max(sources.modified, _modified(pdf))

    def _window(self, file: SourceFile, pdf: pikepdf.Pdf, before: int, budget: Budget) -> int:
        """Take the pages of a document, of which there were some before; how many there are then."""
        require_within(pdf, budget)
        sources = self._sources
        self._comments(file, pdf, before)
        with pikepdf.open(io.BytesIO(made_ready(pdf, True, keeps_steps=True))) as window:
            for number, page in enumerate(window.pages, before + 1):
                facts = _facts(page)
                shape = self._shapes.setdefault(facts, PageShape.of(facts))
                sources.pages.append(SourcePage(file, number, shape))
                sources.is_transparent = sources.is_transparent or "/Group" in page.obj
            if not before:
                self._intent(window, file, budget)
            self._spots(window, file)
            if len(self._inks) < len(PROCESS):
                self._inks |= set(process_inks([(window, budget)]))
            self._take(window)
            return before + len(window.pages)

    def _comments(self, file: SourceFile, pdf: pikepdf.Pdf, before: int) -> None:
        pages: dict[str, list[int]] = {}
        for number, page in enumerate(pdf.pages, before + 1):
            for kind in comments_left_out(page):
                pages.setdefault(kind, []).append(number)
        for kind, numbers in pages.items():
            message = f"{on_pages(numbers)}an annotation ({kind}) that viewers print is not on the sheet"
            hint = "make it part of the page where it is to be printed (flatten it)"
            self._sources.findings.append(
                Finding(Severity.WARNING, "annotation-left-out", message, Place(file.name), hint, page=numbers[0])
            )

    def finished(self) -> Sources:
        """What all have."""
        sources = self._sources
        if len(self._intents) > 1:
            sources.findings.append(_mixed([(told, name) for told, name in self._intents.values()]))
            sources.intent = None
        sources.inks = tuple(ink for ink in PROCESS if ink in self._inks)
        alone = not any(one.code == "spot-defined-twice" for one in sources.findings)
        sources.is_x4 = bool(self._claims) and all(self._claims) and sources.intent is not None and alone
        return sources

    def _intent(self, pdf: pikepdf.Pdf, file: SourceFile, budget: Budget) -> None:
        digest, told, intent = _intent(pdf, budget)
        if not self._intents and intent is not None:
            self._sources.intent = self._sources.kept.copy_foreign(pdf.make_indirect(intent))
        self._intents.setdefault(digest, (told, file.name))

    def _spots(self, pdf: pikepdf.Pdf, file: SourceFile) -> None:
        """Note the spots of a document, and tell which are defined otherwise than in one before."""
        sources = self._sources
        for space in color_spaces(pdf.Root):
            is_alone = space[0] == "/Separation"
            names = [space[1]] if is_alone else list(space[1]) if space[0] == "/DeviceN" else []
            for name in (one for one in map(str, names) if one not in NO_SPOTS):
                sources.spots.setdefault(name, None)
                if not is_alone:
                    continue
                if sources.spots[name] is None:
                    sources.spots[name] = sources.kept.copy_foreign(pdf.make_indirect(space))
                key, defined = spot_key(name[1:]), name.encode() + _definition(space)
                first, where = self._definitions.setdefault(key, (defined, file.name))
                if first != defined and (file.name, key) not in self._told:
                    self._told.add((file.name, key))
                    sources.findings.append(_twice(name, file, where))


def _digest(data: BinaryIO) -> str:
    digest = hashlib.sha256()
    data.seek(0)
    while piece := data.read(1 << 20):
        digest.update(piece)
    return digest.hexdigest()


def _facts(page: pikepdf.Page) -> PdfPage:
    unit = float(page.obj.get("/UserUnit", 1))
    rotation = int(page.obj.get("/Rotate", 0)) % 360 // 90 * 90
    return PdfPage(bleed_of(page), trim_of(page), rotation, unit if unit > 0 else 1.0)


def _modified(pdf: pikepdf.Pdf) -> str:
    """When it was last changed, as PDF writes dates."""
    info: Any = pdf.trailer.get("/Info", {})
    return max((str(info[key]) for key in ("/ModDate", "/CreationDate") if key in info), default="")


def _intent(pdf: pikepdf.Pdf, budget: Budget) -> tuple[bytes, str, Any]:
    """A file's output intent with a digest, and what it is called; nothing of one that has none."""
    for intent in pdf.Root.get("/OutputIntents", []):
        if intent.get("/S") == "/GTS_PDFX":
            profile = intent.get("/DestOutputProfile")
            told = str(intent.get("/OutputConditionIdentifier", ""))
            data = unpacked(profile, budget) if isinstance(profile, Stream) else told.encode()
            return hashlib.sha256(data).digest(), told, intent
    return b"", "", None


def _mixed(intents: Sequence[tuple[str, str]]) -> Finding:
    told = "; ".join(f"{condition or 'none'} ({name})" for condition, name in intents[:3])
    more = f"; and {len(intents) - 3} more" if len(intents) > 3 else ""
    message = f"the files are for different printing conditions: {told}{more}; the sheet has no output intent"
    hint = "export all for the condition of this press; of a run with several, --condition takes those of one"
    return Finding(Severity.WARNING, "mixed-output-intents", message, Place(intents[1][1]), hint)


def _definition(space: Any) -> bytes:
    """What stands for a spot where there is no such ink, as bytes."""
    parts = [space[2].unparse(resolved=True)] if not isinstance(space[2], pikepdf.Array) else [b"array"]
    function = space[3]
    data = function.read_bytes() if isinstance(function, Stream) else b""
    values = [
        f"{key}={value.unparse() if hasattr(value, 'unparse') else value}"
        for key, value in sorted(function.items())
        if key not in ("/Length", "/Filter", "/DecodeParms")
    ]
    return b"|".join([*parts, data, ",".join(values).encode()])


def _twice(name: str, file: SourceFile, where: str) -> Finding:
    message = f"the spot '{name[1:]}' is defined otherwise than in {where}: the sheet has both definitions"
    return Finding(Severity.WARNING, "spot-defined-twice", message, Place(file.name), "define it once, in all files")
