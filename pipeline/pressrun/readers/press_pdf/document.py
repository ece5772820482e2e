"""A press PDF opened and read, page by page."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pikepdf
from PIL import ImageCms

from pressrun.readers.press_pdf.budget import Budget, Spent, TooLong, bounded_streams
from pressrun.readers.press_pdf.content import Shared, read_page
from pressrun.readers.press_pdf.facts import Boxes, Object, OutputIntent, PageFacts, PressFile
from pressrun.readers.press_pdf.keys import Keys
from pressrun.readers.press_pdf.operators import BROKEN, first_line
from pressrun.readers.press_pdf.streams import unpacked
from pressrun.readers.press_pdf.traits import OverBudget, Problem

_PROFILE_SPACES = {"GRAY": 1, "RGB": 3, "CMYK": 4}
_STANDARD = re.compile(rb"GTS_PDFXVersion[^P]{1,40}(PDF/X-[0-9][0-9a-z:-]*)")
Part = TypeVar("Part")
NOWHERE = (0.0, 0.0, 0.0, 0.0)


class Unreadable(Exception):
    """Not a PDF, or one so broken that not even its pages are found."""


def read_press_pdf(source: Path | bytes, ink_limit: float = 300.0) -> PressFile:
    """Read a file, its pictures measured against `ink_limit` (percent on all plates). Raises Unreadable, OSError."""
    data = source.read_bytes() if isinstance(source, Path) else source
    try:
        with bounded_streams(), pikepdf.open(io.BytesIO(data)) as pdf:
            return _Reader(pdf, Shared(Budget(len(data)), ink_limit)).file()
    except pikepdf.PasswordError:
        return PressFile(is_encrypted=True, locked=True)
    except (*BROKEN, Spent) as error:
        raise Unreadable(first_line(error)) from error


class _Reader:
    """Reads one file; what is of the wrong type is noted, and what cannot be read is told."""

    def __init__(self, pdf: pikepdf.Pdf, shared: Shared) -> None:
        self.pdf, self.shared, self.budget = pdf, shared, shared.budget
        self.wrong: dict[str, None] = {}
        self.over: dict[str, None] = {}
        self.keys = Keys(lambda text: self.wrong.setdefault(text))

    def file(self) -> PressFile:
        pdf, keys, read = self.pdf, self.keys, self.read
        root = pdf.Root
        form = keys.dictionary(root, "/AcroForm")
        layers = keys.list(keys.dictionary(root, "/OCProperties"), "/OCGs")
        file = PressFile(
            version=pdf.pdf_version,
            standard=read(self.standard, ""),
            title=self.info("/Title"),
            is_encrypted=pdf.is_encrypted,
            intents=read(self.intents, ()),
            scripts=read(lambda: tuple(dict.fromkeys(self.scripts())), ()),
            attachments=read(lambda: tuple(self.names("/EmbeddedFiles")), ()),
            has_form=len(keys.list(form, "/Fields")) > 0,
            layers=len(layers),
            pages=tuple(self.pages()),
        )
        repairs = (*map(first_line, pdf.get_warnings()), *self.shared.scratch.complaints)
        return replace(file, repairs=repairs, wrong_types=tuple(self.wrong), over_budget=tuple(self.over))

    def read(self, part: Callable[[], Part], instead: Part) -> Part:
        """A part of the file, or what stands for it where it wants too much or cannot be read."""
        try:
            return part()
        except Spent as error:
            self.over.setdefault(str(error))
        except BROKEN as error:
            self.shared.scratch.complaints.append(first_line(error))
        return instead

    def pages(self) -> Iterator[PageFacts]:
        for number, page in enumerate(self.pdf.pages, 1):
            try:
                yield read_page(page, number, self.shared)
            except Spent as error:
                facts = PageFacts(number, Boxes(NOWHERE), is_empty=False, was_read=False)
                facts.saw(OverBudget(str(error)), NOWHERE)
                yield facts
            except BROKEN as error:
                facts = PageFacts(number, Boxes(NOWHERE), is_empty=False, was_read=False)
                facts.saw(Problem(f"it cannot be read: {first_line(error)}"), NOWHERE)
                yield facts

    def info(self, key: str) -> str:
        return self.keys.text(self.keys.dictionary(self.pdf.trailer, "/Info"), key)

    def standard(self) -> str:
        """What the file says it is, by its XMP, else by its Info dictionary."""
        packet = self.keys.stream(self.pdf.Root, "/Metadata")
        if packet is not None and (match := _STANDARD.search(unpacked(packet, self.budget))):
            return match[1].decode()
        return self.info("/GTS_PDFXVersion")

    def intents(self) -> tuple[OutputIntent, ...]:
        intents = self.keys.dictionaries(self.pdf.Root, "/OutputIntents")
        return tuple(self.intent(intent) for intent in intents if intent.get("/S") == "/GTS_PDFX")

    def intent(self, intent: Object) -> OutputIntent:
        embedded = self.keys.stream(intent, "/DestOutputProfile")
        components = 0
        if embedded is not None:
            try:
                profile = ImageCms.ImageCmsProfile(io.BytesIO(unpacked(embedded, self.budget)))
                components = _PROFILE_SPACES.get(profile.profile.xcolor_space.strip(), 0)
            except (ImageCms.PyCMSError, OSError, TooLong, *BROKEN):
                components = 0
        identifier, info = (self.keys.text(intent, key) for key in ("/OutputConditionIdentifier", "/Info"))
        return OutputIntent(identifier, info, components, embedded is not None)

    def names(self, kind: str) -> Iterator[str]:
        """The names in one of the document's name trees, whatever rings it may have."""
        seen: set[tuple[int, int]] = set()
        waiting = [self.keys.dictionary(self.keys.dictionary(self.pdf.Root, "/Names"), kind)]
        while waiting:
            node = waiting.pop()
            self.budget.visit()
            if node.objgen[0] and node.objgen in seen:
                continue
            seen.add(node.objgen)
            yield from (str(name) for name in self.keys.list(node, "/Names")[::2])
            waiting.extend(reversed(list(self.keys.dictionaries(node, "/Kids"))))

    def scripts(self) -> Iterator[str]:
        """Where JavaScript waits: at opening, by name, at events of document, pages, annotations and form fields."""
        root, keys = self.pdf.Root, self.keys
        if _is_script(root.get("/OpenAction")):
            yield "when the file is opened"
        for name in self.names("/JavaScript"):
            yield f"named {name}"
        holders = [("the document", root)]
        for number, page in enumerate(self.pdf.pages, 1):
            holders.append((f"page {number}", page.obj))
            holders += [(f"an annotation on page {number}", one) for one in keys.dictionaries(page.obj, "/Annots")]
        form = keys.dictionary(root, "/AcroForm")
        holders += [("a form field", field) for field in keys.dictionaries(form, "/Fields")]
        for where, holder in holders:
            self.budget.visit()
            events = keys.dictionary(holder, "/AA")
            if _is_script(holder.get("/A")) or any(_is_script(action) for _, action in events.items()):
                yield f"at {where}"


def _is_script(action: Object) -> bool:
    return isinstance(action, pikepdf.Dictionary) and ("/JS" in action or action.get("/S") == "/JavaScript")
