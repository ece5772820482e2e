"""Pages of other documents as forms in one that is being written: on press as they are, but for what a form cannot
carry; for screens with their inks in the space of a printing condition."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from pressrun.graphics.pages.hidden_layers import take_layers_apart
from pressrun.graphics.pages.operands import BROKEN
from pressrun.graphics.pages.pdf_graph import color_spaces, reached
from pressrun.graphics.pages.spot_parts import spot_alone, without_spots
from pressrun.model.color import spot_key
from pressrun.model.placed_page import Edges, PageMark
from pressrun.model.rendering import Document

NO_SPOTS = frozenset({"/All", "/None", "/Cyan", "/Magenta", "/Yellow", "/Black"})


@functools.lru_cache(maxsize=8)
def prepared(data: bytes, fields: bool, keeps_steps: bool = False) -> bytes:
    """A document whose pages show by themselves what they show in print: nothing of layers that are switched off, and
    with what form fields show, if it is asked for. ``keeps_steps``: what is for the finisher stays on its own layers.
    Raises pikepdf.PdfError."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return made_ready(pdf, fields, keeps_steps)


def made_ready(pdf: pikepdf.Pdf, fields: bool, keeps_steps: bool = False) -> bytes:
    """The same of an opened document, which is changed by it. Raises pikepdf.PdfError."""
    for page in pdf.pages:
        page.obj.Resources = page.resources  # which may be inherited
        _keep_fields_alone(page, fields)
        page.contents_coalesce()
    take_layers_apart(pdf, keeps_steps)
    if fields and "/AcroForm" in pdf.Root:
        pdf.generate_appearance_streams()
        pdf.flatten_annotations("print")
    for name in ("/AcroForm", "/StructTreeRoot", "/Names", "/Outlines", "/OpenAction", "/AA"):
        if name in pdf.Root:
            del pdf.Root[name]
    for page in pdf.pages:
        if "/Annots" in page.obj:
            del page.obj["/Annots"]
        page.contents_coalesce()
    _drop_unused(pdf)
    out = io.BytesIO()
    pdf.save(out, static_id=True, encryption=False)
    return out.getvalue()


def _drop_unused(pdf: pikepdf.Pdf) -> None:
    """Take what no content names out of the resources of pages and forms. qpdf reads each form of a page for that, once
    a page: in place of one that was looked at with a page before it sees the names alone that this asks of its page."""
    stubs: dict[tuple[int, int], Any] = {}
    for page in pdf.pages:
        resources: Any = page.resources
        drawn = resources.get("/XObject")
        forms: dict[str, Any] = {}
        if isinstance(drawn, Dictionary):
            forms = {name: one for name, one in drawn.items() if isinstance(one, Stream) and _is_form(one)}
        known = {name: one for name, one in forms.items() if one.objgen in stubs}
        for name, one in known.items():
            drawn[name] = stubs[one.objgen]
        for form in forms.values():
            if form.objgen[0] and form.objgen not in stubs and (names := _asked_of_page(form)) is not None:
                stub = Stream(pdf, names, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 0, 0]))
                stubs[form.objgen] = pdf.make_indirect(stub)
        page.remove_unreferenced_resources()
        for own in [drawn, page.resources.get("/XObject")] if known else []:
            for name in own.keys() & known.keys():
                own[name] = known[name]


def _is_form(one: Any) -> bool:
    return bool(one.get("/Subtype") == "/Form")


def _asked_of_page(form: Any) -> bytes | None:
    """Content that names the fonts and forms which a form, and those below it, have not among their own resources: they
    take these from the page. None where that cannot be read."""
    asked: dict[bytes, None] = {}
    try:
        for one in filter(_is_form, (one for one in reached(form) if isinstance(one, Stream))):
            own = one.get("/Resources", Dictionary())
            for use in pikepdf.parse_content_stream(one, operators="Tf Do"):
                kind = "/Font" if str(use.operator) == "Tf" else "/XObject"
                if str(use.operands[0]) not in own.get(kind, Dictionary()):
                    asked[pikepdf.unparse_content_stream([use])] = None
    except BROKEN:
        return None
    return b"\n".join(asked)


def _keep_fields_alone(page: pikepdf.Page, fields: bool) -> None:
    """Comments and links are nothing that is printed."""
    if "/Annots" in page.obj:
        kept = [one for one in page.obj.Annots if fields and one.get("/Subtype") == "/Widget"]
        page.obj.Annots = Array(kept)


_NO_COMMENTS = frozenset({"/Widget", "/Link", "/Popup", "/Text", "/PrinterMark", "/TrapNet"})
_HIDDEN, _PRINT = 1 << 1, 1 << 2  # flags of an annotation (ISO 32000-1, 12.5.3)


def comments_left_out(page: pikepdf.Page) -> tuple[str, ...]:
    """The kinds of what lies on a page and is printed by viewers, but is no part of it, as a stamp is."""
    found: dict[str, None] = {}
    annotations = page.obj.get("/Annots")
    for one in annotations if isinstance(annotations, Array) else ():
        if not isinstance(one, Dictionary):
            continue
        kind, flags, looks = str(one.get("/Subtype", "")), one.get("/F", 0), one.get("/AP")
        prints = isinstance(flags, int) and flags & _PRINT and not flags & _HIDDEN
        if prints and kind not in _NO_COMMENTS and isinstance(looks, Dictionary) and "/N" in looks:
            found[kind[1:]] = None
    return tuple(found)


def as_it_is(document: Document) -> bytes:
    """A document in its own inks."""
    data = prepared(document.data, document.fields)
    if document.alone:
        return spot_alone(data, document.page, document.alone, document.look)
    return without_spots(data, document.page, document.taken) if document.taken else data


def document_of(mark: PageMark, data: bytes, profile: bytes, target: str) -> Document:
    """The document of which a mark places a page, or what is in some of its inks; ``profile`` is how they are seen."""
    look: tuple[float, ...] = ()
    if mark.alone:
        ((_, ink),) = mark.inks
        look = tuple(part / 255 for part in ink.rgb) if target == "screen" else tuple(part / 100 for part in ink.cmyk)
    page = mark.number if mark.taken or mark.alone else 0
    return Document(data, profile, mark.fields, mark.inks, mark.taken, mark.alone, look, page)


def mixes(document: Document) -> bool:
    """Whether anything in it is laid on otherwise than by covering what lies below."""
    return _mixes(as_it_is(document))


@functools.lru_cache(maxsize=16)
def _mixes(data: bytes) -> bool:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return any(
            str(one.get("/BM", "/Normal")) not in ("/Normal", "/Compatible")
            or min(float(one.get("/ca", 1)), float(one.get("/CA", 1))) < 1
            or isinstance(one.get("/SMask"), (Dictionary, Stream))
            for one in reached(pdf.Root)
            if not isinstance(one, Array)
        )


def overprints(document: Document) -> bool:
    """Whether anything in it may lie on what is below without sparing it out; what is technical is no colour."""
    return not document.alone and _overprints(as_it_is(document))


@functools.lru_cache(maxsize=16)
def _overprints(data: bytes) -> bool:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return any(
            bool(one.get(name, False))
            for one in reached(pdf.Root)
            if isinstance(one, Dictionary)
            for name in ("/OP", "/op")
        )


class PlacedPages:
    """What is placed in a document that is being written. The documents that it is taken from stay open until that is
    done; what several pages of one share comes along once."""

    def __init__(self, pdf: pikepdf.Pdf, made: Callable[[Document], bytes]) -> None:
        """``made`` answers a document as it is placed."""
        self._pdf, self._made = pdf, made
        self._open: dict[bytes, pikepdf.Pdf] = {}

    def __enter__(self) -> PlacedPages:
        return self

    def __exit__(self, *_: object) -> None:
        for document in self._open.values():
            document.close()

    def form(self, document: Document, number: int) -> Stream:
        """A page, by its number from 1, as far as its bleed box."""
        data = self._made(document)
        if data not in self._open:
            self._open[data] = pikepdf.open(io.BytesIO(data))
        page = self._open[data].pages[number - 1]
        form: Any = page.as_form_xobject(handle_transformations=False)
        form.BBox = Array(bleed_of(page))
        return self._pdf.copy_foreign(form)  # type: ignore[return-value]  # a form is a stream


@functools.lru_cache(maxsize=8)
def embedded_profile(data: bytes) -> bytes | None:
    """The ICC profile of the printing condition that a document is for, if it has one in four inks."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for intent in pdf.Root.get("/OutputIntents", []):
            profile = intent.get("/DestOutputProfile")
            if intent.get("/S") == "/GTS_PDFX" and isinstance(profile, Stream) and profile.get("/N") == 4:
                return profile.read_bytes()
    return None


def bleed_of(page: pikepdf.Page) -> Edges:
    """The bleed box of a page, in its own units, as far as there is a page."""
    left, bottom, right, top = _edges(page.mediabox)
    for box in (page.cropbox, page.bleedbox) if "/BleedBox" not in page.obj else (page.bleedbox,):
        inner = _edges(box)
        left, bottom, right, top = max(left, inner[0]), max(bottom, inner[1]), min(right, inner[2]), min(top, inner[3])
    return left, bottom, right, top


def shown_of(page: pikepdf.Page) -> Edges:
    """What a viewer shows of a page: its crop box, as far as there is a page."""
    (left, bottom, right, top), inner = _edges(page.mediabox), _edges(page.cropbox)
    return max(left, inner[0]), max(bottom, inner[1]), min(right, inner[2]), min(top, inner[3])


def trim_of(page: pikepdf.Page) -> Edges:
    """The trim box of a page, within its bleed box; ISO 15930 lets an ArtBox stand for it."""
    bleed = bleed_of(page)
    box = page.obj.get("/TrimBox", page.obj.get("/ArtBox"))
    if box is None:
        return bleed
    left, bottom, right, top = _edges(box)
    return max(left, bleed[0]), max(bottom, bleed[1]), min(right, bleed[2]), min(top, bleed[3])


def _edges(box: Any) -> Edges:
    x1, y1, x2, y2 = (float(part) for part in box)
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


class SharedSpots:
    """The spots of a file, each with one definition, whatever pages bring along: the ``definitions`` of its own, and
    ``names`` that it has for others, are by their `spot_key`."""

    def __init__(self, definitions: dict[str, Array], names: Mapping[str, str] = MappingProxyType({})) -> None:
        self._known: dict[str, Any] = definitions
        self._names: dict[str, Any] = {key: Name(name) for key, name in names.items()}  # as the first has it

    def give(self, drawn: Any, own: Mapping[str, Array]) -> None:
        """Name and define every spot of what is drawn as the file has it: ``own`` are definitions of this sheet, by
        what the spots are called there."""
        for name, space in own.items():
            self._known.setdefault(spot_key(name), space)
        for space in list(color_spaces(drawn)):
            if space[0] == "/Separation" and str(space[1]) not in NO_SPOTS:
                name = self._name(space[1])
                known = self._known.setdefault(spot_key(str(name)[1:]), space)
                space[1], space[2], space[3] = name, known[2], known[3]
            elif space[0] == "/Separation" and str(space[1]) not in ("/All", "/None"):
                known = self._known.setdefault(str(space[1]), space)  # an ink that every file has, by its own name
                space[2], space[3] = known[2], known[3]
            elif space[0] == "/DeviceN":
                for at, name in enumerate(space[1]):
                    if str(name) not in NO_SPOTS:
                        space[1][at] = self._name(name)
                self._name_colorants(space)

    def _name_colorants(self, space: Any) -> None:
        """What a space of several inks says of each of them by its name (ISO 32000-1, 8.6.6.5)."""
        said: Any = space[4].get("/Colorants") if len(space) > 4 and isinstance(space[4], Dictionary) else None
        for written in list(said.keys()) if isinstance(said, Dictionary) else ():
            name = written if written in NO_SPOTS else str(self._name(Name(written)))
            if name != written:
                said[name] = said[written]
                del said[written]

    def _name(self, written: Any) -> Any:
        key = spot_key(str(written)[1:])
        return self._names.setdefault(key, self._known[key][1] if key in self._known else written)
