"""PDFs whose pages are imposed: opened, their boxes read, and what does not go together on one sheet told."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Stream

from pressrun.graphics.pdf_graph import color_spaces
from pressrun.graphics.placed_pages import NO_SPOTS, bleed_of, prepared, trim_of
from pressrun.model.color import spot_key
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.geometry import Rect
from pressrun.model.placed_page import PdfPage
from pressrun.readers.press_pdf.budget import Budget, Spent
from pressrun.readers.press_pdf.operators import BROKEN, first_line
from pressrun.run.imposition.within_budget import require_within

X4 = "PDF/X-4"
_ORIGIN = re.compile(rb"cv\.iptc\.org/newscodes/digitalsourcetype/(\w+)")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A PDF: what it is called, its bytes, how it is told on a slug line, and how many copies are wanted of it. Where
    its pages are of several rows, ``rows`` has that of each."""

    name: str
    data: bytes
    label: str = ""
    quantity: int = 1
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class SourcePage:
    """A page, by its ``number`` from 1 in its file; ``page`` is pikepdf's."""

    file: SourceFile
    number: int
    facts: PdfPage
    page: pikepdf.Page

    @property
    def trim(self) -> Rect:
        """The finished page in points, from the upper left of its bleed box, as it is read."""
        return self.facts.box(self.facts.trim)

    @property
    def bleed(self) -> Rect:
        return self.facts.box(self.facts.bleed)

    @property
    def name(self) -> str:
        """What it is called on a slug line: its row, else its file and page."""
        if self.number <= len(self.file.rows):
            return self.file.rows[self.number - 1]
        return self.file.label or f"{self.file.name} p. {self.number}"

    def fault(self, severity: Severity, code: str, message: str, hint: str | None = None) -> Finding:
        told = f"page {self.number}: {message}"
        return Finding(severity, code, told, Place(self.file.name), hint, page=self.number)


@dataclass(slots=True)
class Sources:
    """Opened PDFs with all their pages in order; closed by ``close``. ``intent`` is the one output intent of all, and
    ``is_x4`` whether every file says that it is PDF/X-4, ``modified`` the date of the newest as PDF writes it,
    ``origins``
    how their pictures came to be."""

    pages: list[SourcePage] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    spots: dict[str, Any] = field(default_factory=dict)
    intent: Any = None
    is_x4: bool = False
    modified: str = ""
    origins: list[str] = field(default_factory=list)
    opened: list[tuple[pikepdf.Pdf, Budget]] = field(default_factory=list)

    def __enter__(self) -> Sources:
        return self

    def __exit__(self, *_: object) -> None:
        for pdf, _budget in self.opened:
            pdf.close()


def open_sources(files: Iterable[SourceFile]) -> Sources:
    """Open PDFs. Raises InputError with all that cannot be read."""
    sources = Sources()
    faults: list[Finding] = []
    intents: dict[bytes, tuple[str, Any, str]] = {}
    claims: list[bool] = []
    definitions: dict[str, tuple[bytes, str]] = {}
    for file in files:
        try:
            budget = Budget(len(file.data))
            pdf, original = _opened(file, budget)
        except InputError as error:
            faults += error.findings
            continue
        sources.opened.append((pdf, budget))
        try:
            sources.pages += [SourcePage(file, number, _facts(page), page) for number, page in enumerate(pdf.pages, 1)]
            digest, told, intent = _intent(pdf)
        except BROKEN as error:
            faults += _broken(file, error).findings
            continue
        intents.setdefault(digest, (told, intent, file.name))
        claims.append(original.is_x4)
        sources.modified = max(sources.modified, original.modified)
        sources.origins += original.origins
        sources.findings += _spots(pdf, file, sources.spots, definitions)
    if faults:
        sources.__exit__()
        raise InputError(faults)
    if len(intents) > 1:
        sources.findings.append(_mixed(list(intents.values())))
    else:
        sources.intent = next((intent for _, intent, _ in intents.values()), None)
    alone = not any(one.code == "spot-defined-twice" for one in sources.findings)
    sources.is_x4 = bool(claims) and all(claims) and sources.intent is not None and alone
    return sources


@dataclass(frozen=True, slots=True)
class _Original:
    """What a file says of itself before it is prepared."""

    is_x4: bool
    modified: str
    origins: tuple[str, ...]


def _opened(file: SourceFile, budget: Budget) -> tuple[pikepdf.Pdf, _Original]:
    """A file as it prints, with what it says of itself. Raises InputError."""
    try:
        with pikepdf.open(io.BytesIO(file.data)) as original:
            if original.is_encrypted:
                raise _unusable(file, "encrypted", "is encrypted", "save it without protection")
            require_within(original, budget)
            told = _original(original)
            if not len(original.pages):
                raise _unusable(file, "no-pages", "has no pages", "export it again")
        return pikepdf.open(io.BytesIO(prepared(file.data, True, keeps_steps=True))), told
    except pikepdf.PasswordError:
        message, hint = "opens only with a password", "save it without one"
        raise _unusable(file, "encrypted", message, hint) from None
    except Spent as error:
        message = f"wants more work than sound files do: {error}"
        raise _unusable(file, "too-much", message, "export it again") from error
    except BROKEN as error:
        raise _broken(file, error) from error


def _broken(file: SourceFile, error: Exception) -> InputError:
    return _unusable(file, "not-a-pdf", f"is no PDF that can be read: {first_line(error)}", "export it again")


def _unusable(file: SourceFile, code: str, message: str, hint: str) -> InputError:
    return InputError([Finding(Severity.ERROR, code, message, Place(file.name), hint)])


def _facts(page: pikepdf.Page) -> PdfPage:
    unit = float(page.obj.get("/UserUnit", 1))
    rotation = int(page.obj.get("/Rotate", 0)) % 360 // 90 * 90
    return PdfPage(bleed_of(page), trim_of(page), rotation, unit if unit > 0 else 1.0)


def _original(pdf: pikepdf.Pdf) -> _Original:
    metadata = pdf.Root.get("/Metadata")
    packet = metadata.read_bytes() if isinstance(metadata, Stream) else b""
    is_x4 = f">{X4}<".encode() in packet or f'GTS_PDFXVersion="{X4}"'.encode() in packet
    return _Original(is_x4, _modified(pdf), tuple(one.decode() for one in _ORIGIN.findall(packet)))


def _modified(pdf: pikepdf.Pdf) -> str:
    """When it was last changed, as PDF writes dates."""
    info: Any = pdf.trailer.get("/Info", {})
    return max((str(info[key]) for key in ("/ModDate", "/CreationDate") if key in info), default="")


def _intent(pdf: pikepdf.Pdf) -> tuple[bytes, str, Any]:
    """A file's output intent with a digest, and what it is called; nothing of one that has none."""
    for intent in pdf.Root.get("/OutputIntents", []):
        if intent.get("/S") == "/GTS_PDFX":
            profile = intent.get("/DestOutputProfile")
            told = str(intent.get("/OutputConditionIdentifier", ""))
            data = profile.read_bytes() if isinstance(profile, Stream) else told.encode()
            return hashlib.sha256(data).digest(), told, pdf.make_indirect(intent)
    return b"", "", None


def _mixed(intents: Sequence[tuple[str, Any, str]]) -> Finding:
    told = "; ".join(f"{condition or 'none'} ({name})" for condition, _, name in intents[:3])
    more = f"; and {len(intents) - 3} more" if len(intents) > 3 else ""
    message = f"the files are for different printing conditions: {told}{more}; the sheet has no output intent"
    hint = "export all for the condition of this press"
    return Finding(Severity.WARNING, "mixed-output-intents", message, Place(intents[1][2]), hint)


def _spots(
    pdf: pikepdf.Pdf, file: SourceFile, spots: dict[str, Any], definitions: dict[str, tuple[bytes, str]]
) -> Iterator[Finding]:
    """Note the spots of a file, and tell which are defined otherwise than in one before."""
    seen: set[str] = set()
    for space in color_spaces(pdf.Root):
        is_alone = space[0] == "/Separation"
        names = [space[1]] if is_alone else list(space[1]) if space[0] == "/DeviceN" else []
        for name in (one for one in map(str, names) if one not in NO_SPOTS):
            spots.setdefault(name, None)
            if not is_alone:
                continue
            spots[name] = spots[name] or pdf.make_indirect(space)
            key, defined = spot_key(name[1:]), name.encode() + _definition(space)
            first, where = definitions.setdefault(key, (defined, file.name))
            if first != defined and key not in seen:
                seen.add(key)
                yield _twice(name, file, where)


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
