"""A press PDF opened and read, page by page."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeVar

import pikepdf
from msgspec.structs import replace
from PIL import ImageCms

from pressrun.readers.opened_pdfs import opened_once
from pressrun.readers.press_pdf.boxes import POINTS_PER_MM
from pressrun.readers.press_pdf.budget import Budget, Spent, TooLong, bounded_streams
from pressrun.readers.press_pdf.bytes_in_file import Streams
from pressrun.readers.press_pdf.content import Shared, read_page
from pressrun.readers.press_pdf.facts import Boxes, Object, OutputIntent, PageFacts, PressFile
from pressrun.readers.press_pdf.identification import read_identification
from pressrun.readers.press_pdf.identified import Identification
from pressrun.readers.press_pdf.keys import Keys
from pressrun.readers.press_pdf.operators import BROKEN, first_line
from pressrun.readers.press_pdf.streams import unpacked
from pressrun.readers.press_pdf.structure import Structure
from pressrun.readers.press_pdf.traits import OverBudget, Problem

_PROFILE_SPACES = {"GRAY": 1, "RGB": 3, "CMYK": 4}
PROFILES_KEPT = 16
_PROFILES: dict[bytes, tuple[int, str]] = {}
Part = TypeVar("Part")
NOWHERE = (0.0, 0.0, 0.0, 0.0)
Chosen = Callable[[int], Iterable[int]]


class Unreadable(Exception):
    """Not a PDF, or one so broken that not even its pages are found."""


def read_press_pdf(
    source: Path | bytes, ink_limit: float = 300.0, pages: Chosen | None = None, bleed: float = 3.0,
    opened: Callable[[bytes], AbstractContextManager[pikepdf.Pdf]] = opened_once,
) -> PressFile:  # fmt: skip
    """Read a file, its pictures measured against `ink_limit` (percent on all plates; inf: not measured) and looked at
    in their `bleed` (mm; 0: they are not). All pages are read, or those whose numbers (from 0) `pages` answers
    for how many there are. ``opened`` may leave it open for others. Raises Unreadable, OSError."""
    data = source.read_bytes() if isinstance(source, Path) else source
    try:
        with bounded_streams(), opened(data) as pdf:
            shared = Shared(Budget(len(data)), Streams(pdf, data), ink_limit, bleed * POINTS_PER_MM)
            return _Reader(pdf, shared, pages).file()
    except pikepdf.PasswordError:
        return PressFile(is_encrypted=True, locked=True)
    except (*BROKEN, Spent) as error:
        raise Unreadable(first_line(error)) from error


class _Reader:
    """Reads one file; what is of the wrong type is noted, and what cannot be read is told."""

    def __init__(self, pdf: pikepdf.Pdf, shared: Shared, asked: Chosen | None) -> None:
        self.pdf, self.shared, self.budget, self.asked = pdf, shared, shared.budget, asked
        self.wrong: dict[str, None] = {}
        self.over: dict[str, None] = {}
        self.keys = Keys(lambda text: self.wrong.setdefault(text))

    def file(self) -> PressFile:
        pdf, keys, read = self.pdf, self.keys, self.read
        root = pdf.Root
        form = keys.dictionary(root, "/AcroForm")
        structure = Structure(pdf, keys, self.budget)
        layers = keys.list(keys.dictionary(root, "/OCProperties"), "/OCGs")
        file = PressFile(
            version=pdf.pdf_version,
            identification=read(lambda: read_identification(pdf, keys, self.budget), Identification()),
            is_encrypted=pdf.is_encrypted,
            intents=read(self.intents, ()),
            actions=read(lambda: tuple(dict.fromkeys(structure.actions())), ()),
            attachments=read(lambda: tuple(dict.fromkeys(structure.attachments())), ()),
            forbidden=read(lambda: tuple(dict.fromkeys(structure.forbidden())), ()),
            has_form=len(keys.list(form, "/Fields")) > 0,
            is_signed=bool(keys.count(form, "/SigFlags") & 1),
            layers=len(layers),
            pages=tuple(self.pages()),
        )
        warned = pdf.get_warnings()
        lost = self.shared.streams.lost() if warned else 0
        repairs = (*map(first_line, warned), *self.shared.scratch.complaints)
        return replace(file, repairs=repairs, lost=lost, wrong_types=tuple(self.wrong), over_budget=tuple(self.over))

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
        for number, page in self.numbered():
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

    def numbered(self) -> Iterator[tuple[int, pikepdf.Page]]:
        """The pages that are read, with their numbers from 1."""
        if self.asked is None:
            yield from enumerate(self.pdf.pages, 1)
            return
        for number in self.asked(len(self.pdf.pages)):
            yield number + 1, self.pdf.pages[number]

    def intents(self) -> tuple[OutputIntent, ...]:
        intents = self.keys.dictionaries(self.pdf.Root, "/OutputIntents")
        return tuple(self.intent(intent) for intent in intents if intent.get("/S") == "/GTS_PDFX")

    def intent(self, intent: Object) -> OutputIntent:
        embedded = self.keys.stream(intent, "/DestOutputProfile")
        identifier, info = (self.keys.text(intent, key) for key in ("/OutputConditionIdentifier", "/Info"))
        if embedded is None:
            registered = bool(self.keys.text(intent, "/RegistryName")) or "/DestOutputProfileRef" in intent
            return OutputIntent(identifier, info, 0, False, is_registered=registered)
        components, kind = self.profile(embedded)
        return OutputIntent(identifier, info, components, True, kind, self.keys.count(embedded, "/N"))

    def profile(self, embedded: pikepdf.Stream) -> tuple[int, str]:
        """How many inks a profile has (0: none that is known), and its class: kept, since most files have one of a few.
        """
        try:
            key = hashlib.sha256(embedded.read_raw_bytes()).digest() + str(embedded.get("/Filter")).encode()
            if key not in _PROFILES:
                profile = ImageCms.ImageCmsProfile(io.BytesIO(unpacked(embedded, self.budget))).profile
                if len(_PROFILES) >= PROFILES_KEPT:
                    del _PROFILES[next(iter(_PROFILES))]
                space = profile.xcolor_space.strip()
                _PROFILES[key] = _PROFILE_SPACES.get(space, 0), profile.device_class
            return _PROFILES[key]
        except (ImageCms.PyCMSError, OSError, TooLong, *BROKEN):
            return 0, ""
