"""Pages of many finished PDFs in one, written as they come: what several of them have, such as a plate, a profile or an
ink, is in it once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from typing import BinaryIO
from uuid import UUID

from msgspec import Struct

from pressrun.graphics.merged.cut_pdf import CutPdf
from pressrun.graphics.merged.merged_spots import MergedSpots
from pressrun.graphics.merged.record_parts import RecordParts
from pressrun.graphics.merged.streamed_pdf import PageTree, StreamedPdf, text_string
from pressrun.model.xmp import alternatives

_BOXES = (b"/MediaBox", b"/BleedBox", b"/TrimBox", b"/CropBox")
_STRING = rb" (?:\((?:[^\\()]|\\.)*\)|<[^>]*>)"
_VERSION = re.compile(rb" /GTS_PDFXVersion \((?:[^\\()]|\\.)*\)")
_LAYERS = re.compile(rb"/OCProperties << /D <<[^<>]*>> /OCGs \[[^\[\]]*\] >>")
_VT = (
    '<pdfvtid:GTS_PDFVTVersion xmlns:pdfvtid="http://www.npes.org/pdfvt/ns/id/">PDF/VT-1</pdfvtid:GTS_PDFVTVersion>'
    '<pdfvtid:GTS_PDFVTModDate xmlns:pdfvtid="http://www.npes.org/pdfvt/ns/id/">{}</pdfvtid:GTS_PDFVTModDate>'
)


class Title(Struct, frozen=True):
    """What the file says of itself: its name, what it is about, and the language of both."""

    name: str
    about: str
    locale: str


class _Bookmark(Struct):
    title: str
    page: int
    number: int
    inside: list[_Bookmark]


class OpenPieces:
    """Pieces whose pages go into a file; ``large`` answers the streams that they stand for, by number."""

    def __init__(self, pieces: bytes, names: Sequence[str]) -> None:
        self.pdf = CutPdf(pieces)
        self.names = names
        self.numbers: dict[int, int] = {}

    @property
    def standard(self) -> bytes | None:
        """The standard that it claims to be made by."""
        return self.pdf.entry(self.pdf.info, b"/GTS_PDFXVersion")


class MergedPdf:
    """Pages are added in their order; ``large`` answers a large stream by its name in the pieces. With ``parts`` it
    tells which pages are of one record (PDF/VT-1: ISO 16612-2), and it ``packs`` objects unless they are of PDF 1.4. It
    ``claims`` to be made by the standard of its pieces, where they agree."""

    def __init__(
        self, out: BinaryIO, large: Callable[[str], bytes], parts: bool = False, packs: bool = True,
        claims: bool = True,
    ) -> None:  # fmt: skip
        self._pdf = StreamedPdf(out, packs)
        self._tree, self._large = PageTree(self._pdf), large
        self._known: dict[bytes, int] = {}
        self._bookmarks: list[_Bookmark] = []
        self._first: OpenPieces | None = None
        self._standards: set[bytes | None] = set()
        self._layers: dict[int, None] = {}
        self._parts = RecordParts(self._pdf) if parts else None
        self._claims, self._spots = claims, MergedSpots()

    @property
    def pages(self) -> int:
        """How many it has so far."""
        return self._tree.count

    def opened(self, pieces: bytes, names: Sequence[str]) -> OpenPieces:
        """Pieces, of which pages are to be added; ``names`` are those of their large streams."""
        opened = OpenPieces(self._spots.alike(pieces), names)
        self._first = self._first or opened
        self._standards.add(opened.standard)
        for layer in opened.pdf.under(opened.pdf.root, b"/OCGs"):
            self._layers[self._put(opened, layer)] = None
        return opened

    def add(self, pieces: OpenPieces, pages: Iterable[int]) -> int:
        """Pages of pieces, by their index there, in order; the object of the first is answered."""
        return self._added([self._page_text(pieces, pieces.pdf.pages[index]) for index in pages])

    def add_blank(self, pieces: OpenPieces, index: int) -> int:
        """An empty page of the size of another."""
        page = pieces.pdf.pages[index]
        boxes = ((name, pieces.pdf.entry(page, name)) for name in _BOXES)
        return self._added([b" ".join(b"%s %s" % (name, box) for name, box in boxes if box) + b" /Resources << >>"])

    def _added(self, texts: Sequence[bytes]) -> int:
        first = 0
        for text in texts:
            number = self._pdf.reserve()
            parent = self._tree.parent()
            part = self._parts.of_page(number) if self._parts else b""
            self._pdf.put(number, b"<< /Type /Page /Parent %d 0 R %s%s >>" % (parent, part, text))
            self._tree.add(number)
            first = first or number
        return first

    def begin_record(self, identifier: str | None) -> None:
        """The pages that follow are of one record; of none where it has no name."""
        if self._parts:
            self._parts.begin(identifier)

    def bookmark(self, title: str, page: int, inside: bool = False) -> None:
        """A bookmark to a page, by its object; ``inside`` the last one that is inside of none."""
        into = self._bookmarks[-1].inside if inside and self._bookmarks else self._bookmarks
        into.append(_Bookmark(title, page, self._pdf.reserve(), []))

    def finish(self, title: Title) -> int:
        """The end of the file; its size in bytes."""
        pieces = self._first
        assert pieces, "a file without pages"
        claims = self._claims and len(self._standards) == 1
        pages = self._tree.finish()
        identifier = self._pdf.digest.hexdigest()[:32]
        metadata = self._pdf.add_stream(*self._metadata(pieces, title, identifier, claims))
        info = self._pdf.add(self._info(pieces, title, claims))
        entries = [b"/Type /Catalog /Metadata %d 0 R /Pages %d 0 R" % (metadata, pages)]
        if self._bookmarks:
            entries.append(b"/Outlines %d 0 R /PageMode /UseOutlines" % self._outlines())
        if self._parts:
            entries.append(b"/DPartRoot %d 0 R" % self._parts.finish())
        root = self._pdf.add(self._rest_of_root(pieces, b" ".join(entries)))
        self._pdf.finish(root, info, identifier.encode())
        return self._pdf.size

    def _page_text(self, pieces: OpenPieces, number: int) -> bytes:
        """A page, but for its type and its place."""
        return self._without(pieces, number, (b"/Parent",), (b"/Type /Page",))

    def _without(self, pieces: OpenPieces, number: int, named: Sequence[bytes], said: Sequence[bytes]) -> bytes:
        """The entries of a dictionary, but for references under some names, and what is ``said`` anew."""
        cut = pieces.pdf.object(number)
        written = cut.parts[0]
        for reference, part in zip(cut.references, cut.parts[1:], strict=True):
            name = next((name for name in named if written.endswith(name + b" ")), None)
            if name:
                written = written[: -len(name) - 1] + part.lstrip()
            else:
                written += b"%d 0 R" % self._put(pieces, reference) + part
        for one in said:
            written = written.replace(one, b"", 1)
        return written.strip()[2:-2].strip()

    def _put(self, pieces: OpenPieces, number: int) -> int:
        """An object of pieces, with all that it refers to, unless the file has it; its number there."""
        if number in pieces.numbers:
            return pieces.numbers[number]
        cut = pieces.pdf.object(number)
        ours = [self._put(pieces, one) for one in cut.references]
        text = cut.written(ours)
        data = cut.data
        said = pieces.names[cut.large].encode() if cut.large is not None else data
        known = hashlib.blake2b(b"%s\0%s" % (text, b"" if said is None else b"stream " + said), digest_size=16).digest()
        if known not in self._known:
            ours_too = self._known[known] = self._pdf.reserve()
            if cut.large is not None:
                data = self._large(pieces.names[cut.large])
            if data is None:
                self._pdf.put(ours_too, text)
            else:
                self._pdf.put_stream(ours_too, text, data)
        pieces.numbers[number] = self._known[known]
        return self._known[known]

    def _rest_of_root(self, pieces: OpenPieces, entries: bytes) -> bytes:
        kept = self._without(pieces, pieces.pdf.root, (b"/Metadata", b"/Pages"), (b"/Type /Catalog",))
        if self._layers:  # those of all pieces, and not of the first alone
            listed = b" ".join(b"%d 0 R" % layer for layer in self._layers)
            shown = b"<< /Name (Layers) /ON [ %s ] /Order [ %s ] >>" % (listed, listed)
            entries += b" /OCProperties << /D %s /OCGs [ %s ] >>" % (shown, listed)
        return b"<< %s %s >>" % (entries, _LAYERS.sub(b"", kept))

    def _info(self, pieces: OpenPieces, title: Title, claims: bool) -> bytes:
        text = self._without(pieces, pieces.pdf.info, (), ())
        for name, said in ((b"/Title", title.name), (b"/Subject", title.about)):
            entry = b"%s %s" % (name, text_string(said))
            text = b"%s %s" % (entry, re.sub(name + _STRING, b"", text, count=1, flags=re.DOTALL).strip())
        return b"<< %s >>" % (text if claims else _VERSION.sub(b"", text))

    def _metadata(self, pieces: OpenPieces, title: Title, identifier: str, claims: bool) -> tuple[bytes, bytes]:
        (number,) = pieces.pdf.under(pieces.pdf.root, b"/Metadata")
        cut = pieces.pdf.object(number)
        packet = (cut.data or b"").decode()
        for name, said in (("title", title.name), ("description", title.about)):
            packet = _changed(rf"<dc:{name}>.*?</dc:{name}>", alternatives(f"dc:{name}", said, title.locale), packet)
        packet = _changed(r"(?<=>uuid:)[0-9a-f-]{36}", str(UUID(identifier)), packet)
        if not claims:
            packet = re.sub(r"<pdfxid:GTS_PDFXVersion.*?</pdfxid:GTS_PDFXVersion>", "", packet)
        if self._parts:
            modified = re.search(r"<xmp:ModifyDate>(.*?)<", packet)
            assert modified, "a packet without its date"
            packet = packet.replace("</rdf:Description>", _VT.format(modified[1]) + "</rdf:Description>")
        return cut.written(()), packet.encode()

    def _outlines(self) -> int:
        """The bookmarks (ISO 32000-1, 12.3.3): groups closed, so that they show which there are."""
        root = self._pdf.reserve()
        self._level(self._bookmarks, root)
        first, last = self._bookmarks[0].number, self._bookmarks[-1].number
        count = len(self._bookmarks)
        self._pdf.put(root, b"<< /Type /Outlines /First %d 0 R /Last %d 0 R /Count %d >>" % (first, last, count))
        return root

    def _level(self, bookmarks: Sequence[_Bookmark], parent: int) -> None:
        for at, one in enumerate(bookmarks):
            entries = [b"/Title %s /Parent %d 0 R /Dest [ %d 0 R /Fit ]" % (text_string(one.title), parent, one.page)]
            if at:
                entries.append(b"/Prev %d 0 R" % bookmarks[at - 1].number)
            if at + 1 < len(bookmarks):
                entries.append(b"/Next %d 0 R" % bookmarks[at + 1].number)
            if one.inside:
                first, last, count = one.inside[0].number, one.inside[-1].number, len(one.inside)
                entries.append(b"/First %d 0 R /Last %d 0 R /Count -%d" % (first, last, count))
                self._level(one.inside, one.number)
            self._pdf.put(one.number, b"<< %s >>" % b" ".join(entries))


def _changed(pattern: str, new: str, text: str) -> str:
    changed, count = re.subn(pattern, lambda _: new, text, count=1, flags=re.DOTALL)
    assert count, f"no {pattern}"
    return changed
