"""Imposed sheets as a PDF: each page once, as a form, placed wherever it stands."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import uuid
from collections.abc import Sequence
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from pressrun.graphics.hidden_layers import switched_on
from pressrun.graphics.outlines import rectangle, written
from pressrun.graphics.placed_pages import bleed_of
from pressrun.model.geometry import Matrix, after, turned_about
from pressrun.model.provenance import composite
from pressrun.model.rendering import Metadata
from pressrun.model.xmp import xmp_packet
from pressrun.run.imposition.lettering import letter, letters_in
from pressrun.run.imposition.position import Position, PressSheet, Side
from pressrun.run.imposition.shared_objects import SharedObjects
from pressrun.run.imposition.side_marks import Inks
from pressrun.run.imposition.sources import X4, SourcePage, Sources

PDFX_NAMES, XMP_MM = 'xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/"', 'xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"'


class SheetWriter:
    """Writes sheets of the pages of some sources into one document."""

    def __init__(self, sources: Sources, pages: Sequence[SourcePage], process: tuple[str, ...]) -> None:
        self._sources, self._pages = sources, pages
        self._pdf = pikepdf.new()
        self._shared = SharedObjects() if len(sources.opened) > 1 else None
        self._forms: dict[int, Any] = {}
        self._letters: dict[str, Any] = {}
        self._spaces = self._own_spaces()
        self.inks = Inks(process, tuple((name[1:], f"Ink{at}") for at, name in enumerate(sources.spots)))
        self._is_transparent = any("/Group" in page.page.obj for page in pages)

    def add(self, sheet: PressSheet, side: Side, marks: str) -> None:
        """A side of a sheet as a further page, with the operators of its marks."""
        content = [f"q 1 0 0 -1 0 {written(sheet.height, 6)} cm"]
        content += [self._placed(position) for position in side.positions]
        content += [marks, "Q"]
        forms = Dictionary({f"/P{number}": self._form(number) for number in dict.fromkeys(side.pages)})
        for name in sorted(letters_in(marks)):
            forms[f"/{name}"] = self._letter(name)
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, sheet.width, sheet.height]),
            TrimBox=Array([0, 0, sheet.width, sheet.height]),
            Resources=Dictionary(XObject=forms, ColorSpace=self._spaces),
            Contents=self._pdf.make_stream("\n".join(content).encode()),
        )
        if self._is_transparent:
            page.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceCMYK)
        self._pdf.pages.append(pikepdf.Page(self._pdf.make_indirect(page)))

    def finished(self, title: str) -> bytes:
        """The whole document; the same pages give the same bytes."""
        pdf, sources = self._pdf, self._sources
        if sources.intent is not None:
            pdf.Root.OutputIntents = Array([pdf.copy_foreign(sources.intent)])
        if layers := self._layers():
            pdf.Root.OCProperties = switched_on(layers)
        _identify(pdf, title, sources)
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, force_version="1.6", compress_streams=True, fix_metadata_version=False,
                 object_stream_mode=pikepdf.ObjectStreamMode.disable)  # fmt: skip
        return out.getvalue()

    def close(self) -> None:
        self._pdf.close()

    def _placed(self, position: Position) -> str:
        clip = rectangle(position.cell.clip)
        matrix = " ".join(written(part, 6) for part in page_matrix(self._pages[position.page], position))
        return f"q {clip} W n {matrix} cm /P{position.page} Do Q"

    def _form(self, number: int) -> Any:
        if number not in self._forms:
            page = self._pages[number].page
            form: Any = page.as_form_xobject(handle_transformations=False)
            form.BBox = Array(bleed_of(page))
            own: Any = self._pdf.copy_foreign(form)
            if "/Group" in own:
                group = {key: value for key, value in own.Group.items() if key != "/I"}
                own.Group = Dictionary({**group, "/I": True})  # as that of a page is (ISO 32000-1, 11.4.7)
            self._forms[number] = self._shared.settle(own) if self._shared else own
        return self._forms[number]

    def _letter(self, name: str) -> Any:
        """A letter of the slug line, once for all sheets; it takes the ink that it is placed in."""
        if name not in self._letters:
            drawn, box = letter(name)
            keys: dict[str, Any] = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": Array(box)}
            self._letters[name] = self._pdf.make_stream(drawn.encode(), **keys, Resources=Dictionary())
        return self._letters[name]

    def _layers(self) -> list[Any]:
        """The finisher's layers of all files, each once: what files share is one."""
        roots: list[Any] = [pdf.Root for pdf, _ in self._sources.opened]
        groups = [one for root in roots if "/OCProperties" in root for one in root.OCProperties.OCGs]
        own: list[Any] = [self._pdf.copy_foreign(one) for one in groups]
        settled = [self._shared.settle(one) if self._shared else one for one in own]
        return list({one.objgen: one for one in settled}.values())

    def _own_spaces(self) -> Any:
        """The colour spaces of marks: all inks at once, and each spot as the sources define it."""
        pdf = self._pdf
        tint = Stream(pdf, b"{ dup dup dup }", FunctionType=4, Domain=Array([0, 1]), Range=Array([0, 1] * 4))
        every = Array([Name.Separation, Name.All, Name.DeviceCMYK, pdf.make_indirect(tint)])
        spaces = {"/Registration": every}
        own: Any
        for at, (name, space) in enumerate(self._sources.spots.items()):
            if space is None:  # it is met among other inks alone
                own = Array([Name.Separation, Name(name), Name.DeviceCMYK, pdf.make_indirect(_dark(pdf))])
            else:
                own = pdf.copy_foreign(space)
            spaces[f"/Ink{at}"] = own
        return pdf.make_indirect(Dictionary(spaces))


def _dark(pdf: pikepdf.Pdf) -> Stream:
    return Stream(pdf, b"{ 0 exch 0 exch 0 exch }", FunctionType=4, Domain=Array([0, 1]), Range=Array([0, 1] * 4))


def page_matrix(page: SourcePage, position: Position) -> Matrix:
    """From a page's own units to the side: the middle of its finished edges is that of its cell."""
    trim, place = page.trim, position.trim
    middle = trim.x + trim.width / 2, trim.y + trim.height / 2
    turned = after(page.facts.matrix, turned_about(*middle, position.cell.turned))
    across, down = place.x + place.width / 2 - middle[0], place.y + place.height / 2 - middle[1]
    return after(turned, (1.0, 0.0, 0.0, 1.0, across, down))


def _identify(pdf: pikepdf.Pdf, title: str, sources: Sources) -> None:
    """Info and XMP that say the same; PDF/X-4 where all that is placed is, for one printing condition."""
    when = _seconds(sources.modified)
    stamp = dt.datetime.fromtimestamp(when, dt.UTC).strftime("D:%Y%m%d%H%M%SZ")
    info = Dictionary(
        Title=String(title), Creator=String("Pressrun"), Producer=String("Pressrun"), CreationDate=String(stamp),
        ModDate=String(stamp), Trapped=Name("/False"),
    )  # fmt: skip
    files = {id(page.file): page.file for page in sources.pages}
    digests = (hashlib.sha256(file.data).hexdigest() for file in files.values())
    document = uuid.uuid5(uuid.NAMESPACE_URL, "\n".join((title, *digests)))
    extra = (
        "<pdf:Producer>Pressrun</pdf:Producer><pdf:Trapped>False</pdf:Trapped>"
        f"<xmpMM:DocumentID {XMP_MM}>uuid:{document}</xmpMM:DocumentID>"
        f"<xmpMM:VersionID {XMP_MM}>1</xmpMM:VersionID>"
        f"<xmpMM:RenditionClass {XMP_MM}>default</xmpMM:RenditionClass>"
    )
    if sources.is_x4:
        info.GTS_PDFXVersion = String(X4)
        extra += f"<pdfxid:GTS_PDFXVersion {PDFX_NAMES}>{X4}</pdfxid:GTS_PDFXVersion>"
    pdf.trailer.Info = pdf.make_indirect(info)
    origin = composite("composite", *sources.origins)
    metadata = Metadata(title, "", "", "x-default", origin, when)
    pdf.Root.Metadata = pdf.make_indirect(
        Stream(pdf, xmp_packet(metadata, extra), Type=Name.Metadata, Subtype=Name.XML)
    )


def _seconds(date: str) -> int:
    """A date as PDF writes it, as seconds since 1970; 0 for none."""
    digits = "".join(one for one in date.removeprefix("D:")[:14] if one.isdigit())
    try:
        return int(
            dt.datetime.strptime(digits.ljust(8, "0").ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC).timestamp()
        )
    except ValueError:
        return 0
