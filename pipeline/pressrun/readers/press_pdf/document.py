"""A press PDF opened and read, page by page."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pikepdf
from PIL import ImageCms

from pressrun.readers.press_pdf.content import read_page
from pressrun.readers.press_pdf.facts import Boxes, Object, OutputIntent, PageFacts, PressFile
from pressrun.readers.press_pdf.operators import BROKEN, first_line

_PROFILE_SPACES = {"GRAY": 1, "RGB": 3, "CMYK": 4}
_STANDARD = re.compile(rb"GTS_PDFXVersion[^P]{1,40}(PDF/X-[0-9][0-9a-z:-]*)")


class Unreadable(Exception):
    """Not a PDF, or one so broken that not even its pages are found."""


def read_press_pdf(source: Path | bytes, ink_limit: float = 300.0) -> PressFile:
    """Read a file, its pictures measured against `ink_limit` (percent on all plates). Raises Unreadable, OSError."""
    data = source.read_bytes() if isinstance(source, Path) else source
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return _read(pdf, ink_limit)
    except pikepdf.PasswordError:
        return PressFile(is_encrypted=True, locked=True)
    except BROKEN as error:
        raise Unreadable(first_line(error)) from error


def _read(pdf: pikepdf.Pdf, ink_limit: float) -> PressFile:
    root = pdf.Root
    pages = tuple(_page(page, number, ink_limit) for number, page in enumerate(pdf.pages, 1))
    names = root.get("/Names", pikepdf.Dictionary())
    form = root.get("/AcroForm")
    layers: Object = root.get("/OCProperties", pikepdf.Dictionary()).get("/OCGs", [])
    return PressFile(
        version=pdf.pdf_version,
        standard=_standard(pdf),
        title=str(pdf.docinfo.get("/Title", "")),
        is_encrypted=pdf.is_encrypted,
        intents=tuple(_intent(intent) for intent in root.get("/OutputIntents", []) if intent.get("/S") == "/GTS_PDFX"),
        scripts=tuple(dict.fromkeys(_scripts(pdf))),
        attachments=_names(names.get("/EmbeddedFiles")),
        has_form=form is not None and len(form.get("/Fields", [])) > 0,
        layers=len(layers),
        repairs=tuple(first_line(warning) for warning in pdf.get_warnings()),
        pages=pages,
    )


def _page(page: pikepdf.Page, number: int, ink_limit: float) -> PageFacts:
    try:
        return read_page(page, number, ink_limit)
    except BROKEN as error:
        facts = PageFacts(number, Boxes((0.0, 0.0, 0.0, 0.0)), is_empty=False)
        facts.problems.append(f"it cannot be read: {first_line(error)}")
        return facts


def _standard(pdf: pikepdf.Pdf) -> str:
    """What the file says it is, by its XMP, else by its Info dictionary."""
    if "/Metadata" in pdf.Root:
        packet = pdf.Root.Metadata.read_bytes()
        if match := _STANDARD.search(packet):
            return match[1].decode()
    return str(pdf.docinfo.get("/GTS_PDFXVersion", ""))


def _intent(intent: Object) -> OutputIntent:
    embedded = intent.get("/DestOutputProfile")
    components = 0
    if embedded is not None:
        try:
            profile = ImageCms.ImageCmsProfile(io.BytesIO(embedded.read_bytes()))
            components = _PROFILE_SPACES.get(profile.profile.xcolor_space.strip(), 0)
        except (ImageCms.PyCMSError, OSError, *BROKEN):
            components = 0
    identifier, info = (str(intent.get(key, "")) for key in ("/OutputConditionIdentifier", "/Info"))
    return OutputIntent(identifier, info, components, embedded is not None)


def _names(tree: Object, depth: int = 0) -> tuple[str, ...]:
    """The names in a name tree."""
    if tree is None or depth > 32:
        return ()
    own = [str(name) for name in list(tree.get("/Names", []))[::2]]
    return (*own, *(name for kid in tree.get("/Kids", []) for name in _names(kid, depth + 1)))


def _scripts(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Where JavaScript waits: at opening, by name, at events of the document, pages, annotations and form fields."""
    root = pdf.Root
    if _is_script(root.get("/OpenAction")):
        yield "when the file is opened"
    for name in _names(root.get("/Names", pikepdf.Dictionary()).get("/JavaScript")):
        yield f"named {name}"
    holders = [("the document", root)]
    for number, page in enumerate(pdf.pages, 1):
        holders.append((f"page {number}", page.obj))
        holders += [(f"an annotation on page {number}", annotation) for annotation in page.obj.get("/Annots", [])]
    form = root.get("/AcroForm", pikepdf.Dictionary())
    holders += [("a form field", field) for field in form.get("/Fields", [])]
    for where, holder in holders:
        events = holder.get("/AA", pikepdf.Dictionary())
        if _is_script(holder.get("/A")) or any(_is_script(action) for _, action in events.items()):
            yield f"at {where}"


def _is_script(action: Object) -> bool:
    return isinstance(action, pikepdf.Dictionary) and ("/JS" in action or action.get("/S") == "/JavaScript")
