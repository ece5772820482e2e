"""Imposed sheets as a PDF: each page once, as a form, placed wherever it stands."""

from __future__ import annotations

import datetime as dt
import uuid
import zlib
from array import array
from collections.abc import Sequence
from typing import Any, BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name

from pressrun.graphics.merged.copied_objects import CopiedObjects
from pressrun.graphics.merged.streamed_pdf import LEVEL, PageTree, StreamedPdf, text_string
from pressrun.graphics.pages.placed_pages import bleed_of
from pressrun.graphics.paths.outlines import rectangle, written
from pressrun.model.geometry import Matrix, after, turned_about
from pressrun.model.provenance import composite
from pressrun.model.rendering import Metadata
from pressrun.model.xmp import xmp_packet
from pressrun.run.imposition.lettering import letter, letters_in
from pressrun.run.imposition.position import Position, PressSheet, Side
from pressrun.run.imposition.side_marks import Inks
from pressrun.run.imposition.sources import X4, SourcePage, Sources

PDFX_NAMES, XMP_MM = 'xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/"', 'xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"'


class SheetWriter:
    """Writes sheets of the pages of some sources into one document, as they come: first the pages by ``take``, then
    `begin`, then side by side. Nothing of them is kept but where it is in the file."""

    def __init__(self, out: BinaryIO) -> None:
        self._pdf = StreamedPdf(out)
        self._copies, self._tree = CopiedObjects(self._pdf), PageTree(self._pdf)
        self._forms, self._layers = array("L"), dict[int, None]()
        self._letters: dict[str, int] = {}
        self._spaces, self._group = 0, b""
        self._pages: Sequence[SourcePage] = ()

    def take(self, source: pikepdf.Pdf) -> None:
        """The pages of a document, each as a form; they are numbered in the order in which they come."""
        self._copies.begin(source)
        for page in source.pages:
            self._forms.append(self._form(source, page))
        if "/OCProperties" in source.Root:
            self._layers |= dict.fromkeys(map(self._copies.number, source.Root.OCProperties.OCGs))

    def begin(self, sources: Sources, order: Sequence[int]) -> Inks:
        """All pages are there: ``order`` are those that positions count, by their numbers. The inks of marks."""
        self._pages = [sources.pages[number] for number in order]
        self._forms = array("L", (self._forms[number] for number in order))
        self._spaces = self._own_spaces(sources)
        self._group = b" /Group << /S /Transparency /CS /DeviceCMYK >>" if sources.is_transparent else b""
        return Inks(sources.inks, tuple((name[1:], f"Ink{at}") for at, name in enumerate(sources.spots)))

    def add(self, sheet: PressSheet, side: Side, marks: str) -> None:
        """A side of a sheet as a further page, with the operators of its marks."""
        content = [f"q 1 0 0 -1 0 {written(sheet.height, 6)} cm"]
        content += [self._placed(position) for position in side.positions]
        content += [marks, "Q"]
        forms = [b"/P%d %d 0 R" % (number, self._forms[number]) for number in dict.fromkeys(side.pages)]
        forms += [b"/%s %d 0 R" % (name.encode(), self._letter(name)) for name in sorted(letters_in(marks))]
        box = f"[ 0 0 {written(sheet.width, 6)} {written(sheet.height, 6)} ]".encode()
        page = (
            b"<< /Type /Page /Parent %d 0 R /MediaBox %s /TrimBox %s%s /Contents %d 0 R"
            b" /Resources << /XObject << %s >> /ColorSpace %d 0 R >> >>"
        )
        drawn = self._stream(b"", "\n".join(content).encode())
        said = (self._tree.parent(), box, box, self._group, drawn, b" ".join(forms), self._spaces)
        self._tree.add(self._pdf.add(page % said))

    def finished(self, title: str, sources: Sources) -> None:
        """The end of the document; the same pages give the same bytes."""
        pdf = self._pdf
        entries = [b"/Type /Catalog /Pages %d 0 R" % self._tree.finish()]
        if sources.intent is not None:
            self._copies.begin(sources.kept)
            entries.append(b"/OutputIntents [ %d 0 R ]" % self._copies.number(sources.intent))
        if self._layers:
            layers = b" ".join(b"%d 0 R" % one for one in self._layers)
            shown = b"<< /Name (Layers) /ON [ %s ] /Order [ %s ] >>" % (layers, layers)
            entries.append(b"/OCProperties << /D %s /OCGs [ %s ] >>" % (shown, layers))
        info, packet = identity(title, sources)
        entries.append(b"/Metadata %d 0 R" % pdf.add_stream(b"/Type /Metadata /Subtype /XML", packet))
        identifier = pdf.digest.hexdigest()[:32].encode()
        pdf.finish(pdf.add(b"<< %s >>" % b" ".join(entries)), pdf.add(info), identifier)

    def _placed(self, position: Position) -> str:
        clip = rectangle(position.cell.clip)
        matrix = " ".join(written(part, 6) for part in page_matrix(self._pages[position.page], position))
        return f"q {clip} W n {matrix} cm /P{position.page} Do Q"

    def _form(self, source: pikepdf.Pdf, page: pikepdf.Page) -> int:
        form: Any = page.as_form_xobject(handle_transformations=False)
        form.BBox = Array(bleed_of(page))
        if "/Group" in form:
            group = {key: value for key, value in form.Group.items() if key != "/I"}
            form.Group = Dictionary({**group, "/I": True})  # as that of a page is (ISO 32000-1, 11.4.7)
        return self._copies.new(form)

    def _letter(self, name: str) -> int:
        """A letter of the slug line, once for all sheets; it takes the ink that it is placed in."""
        if name not in self._letters:
            drawn, box = letter(name)
            edges = " ".join(written(edge) for edge in box).encode()
            keys = b"/Type /XObject /Subtype /Form /BBox [ %s ] /Resources << >>" % edges
            self._letters[name] = self._stream(keys, drawn.encode())
        return self._letters[name]

    def _own_spaces(self, sources: Sources) -> int:
        """The colour spaces of marks: all inks at once, and each spot as the sources define it."""
        self._copies.begin(sources.kept)
        spaces = [b"/Registration [ /Separation /All /DeviceCMYK %d 0 R ]" % self._tint(b"{ dup dup dup }")]
        for at, (name, space) in enumerate(sources.spots.items()):
            if space is None:  # it is met among other inks alone
                named = Name(name).unparse()
                said = b"[ /Separation %s /DeviceCMYK %d 0 R ]" % (named, self._tint(b"{ 0 exch 0 exch 0 exch }"))
            else:
                said = b"%d 0 R" % self._copies.number(space)
            spaces.append(b"/Ink%d %s" % (at, said))
        return self._pdf.add(b"<< %s >>" % b" ".join(spaces))

    def _tint(self, program: bytes) -> int:
        return self._pdf.add_stream(b"/FunctionType 4 /Domain [ 0 1 ] /Range [ 0 1 0 1 0 1 0 1 ]", program)

    def _stream(self, keys: bytes, data: bytes) -> int:
        return self._pdf.add_stream(keys + b" /Filter /FlateDecode", zlib.compress(data, LEVEL))


def page_matrix(page: SourcePage, position: Position) -> Matrix:
    """From a page's own units to the side: the middle of its finished edges is that of its cell."""
    trim, place = page.trim, position.trim
    middle = trim.x + trim.width / 2, trim.y + trim.height / 2
    turned = after(page.shape.matrix, turned_about(*middle, position.cell.turned))
    across, down = place.x + place.width / 2 - middle[0], place.y + place.height / 2 - middle[1]
    return after(turned, (1.0, 0.0, 0.0, 1.0, across, down))


def identity(title: str, sources: Sources) -> tuple[bytes, bytes]:
    """Info and XMP that say the same; PDF/X-4 where all that is placed is, for one printing condition."""
    when = _seconds(sources.modified)
    stamp = dt.datetime.fromtimestamp(when, dt.UTC).strftime("D:%Y%m%d%H%M%SZ").encode()
    said = b"/Title %s /Creator (Pressrun) /Producer (Pressrun) /CreationDate (%s) /ModDate (%s) /Trapped /False"
    info = said % (text_string(title), stamp, stamp)
    document = uuid.uuid5(uuid.NAMESPACE_URL, "\n".join((title, *sources.digests)))
    extra = (
        "<pdf:Producer>Pressrun</pdf:Producer><pdf:Trapped>False</pdf:Trapped>"
        f"<xmpMM:DocumentID {XMP_MM}>uuid:{document}</xmpMM:DocumentID>"
        f"<xmpMM:VersionID {XMP_MM}>1</xmpMM:VersionID>"
        f"<xmpMM:RenditionClass {XMP_MM}>default</xmpMM:RenditionClass>"
    )
    if sources.is_x4:
        info += b" /GTS_PDFXVersion (%s)" % X4.encode()
        extra += f"<pdfxid:GTS_PDFXVersion {PDFX_NAMES}>{X4}</pdfxid:GTS_PDFXVersion>"
    metadata = Metadata(title, "", "", "x-default", composite("composite", *sources.origins), when)
    return b"<< %s >>" % info, xmp_packet(metadata, extra)


def _seconds(date: str) -> int:
    """A date as PDF writes it, as seconds since 1970; 0 for none."""
    digits = "".join(one for one in date.removeprefix("D:")[:14] if one.isdigit())
    try:
        return int(
            dt.datetime.strptime(digits.ljust(8, "0").ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC).timestamp()
        )
    except ValueError:
        return 0
