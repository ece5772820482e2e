"""Merged files as other programs read them, and as ours judges them; and how little of one is in memory."""

from __future__ import annotations

import io
import tracemalloc

import pdf_oxide
import pikepdf
import pytest
from merged_kit import Mailing, Ran, opened
from needed import tool
from pikepdf import Array, Dictionary, Name, Stream, String

from pressrun.graphics.merged.merged_pdf import MergedPdf, Title
from pressrun.model.rendering import Metadata
from pressrun.model.xmp import xmp_packet
from pressrun.readers.press_pdf.standard import X4, standard_faults

ALL = {
    "sort": ["person.route"], "quantity": "person.copies", "slip": {"by": "person.route"}, "blank_backs": True,
    "pdf_vt": True,
}  # fmt: skip


@pytest.fixture
def ran(mailing: Mailing) -> Ran:
    """A run with all that a merged file can have."""
    return mailing.output(**ALL).run()


def test_the_file_is_what_x4_asks_for(ran: Ran) -> None:
    data = ran.files["card.pdf"]
    assert [finding for finding in standard_faults(data, X4.profile) if finding.code != "empty-page"] == []
    with opened(data) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert pdf.pdf_version == "1.6"
        assert str(pdf.docinfo["/GTS_PDFXVersion"]) == "PDF/X-4"
        assert str(pdf.docinfo["/Title"]) == "Harbour Post · mailing · card"
        assert len({bytes(part) for part in pdf.trailer.ID}) == 1


def test_another_library_finds_nothing_against_it(ran: Ran) -> None:
    document = pdf_oxide.PdfDocument.from_bytes(ran.files["card.pdf"])
    assert document.page_count() == 20
    assert document.validate_pdf_x("4")["errors"] == []


def test_poppler_and_ghostscript_open_all_pages(ran: Ran) -> None:
    path = ran.folder / "assets/card.pdf"
    assert "Pages:           20" in tool("pdfinfo", path)
    assert "PDF/X-4" in tool("pdfinfo", path)
    fonts = tool("pdffonts", path).splitlines()[2:]
    assert fonts
    assert all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in fonts), "embedded, in part, with their letters"
    said = tool("gs", "-q", "-dBATCH", "-dNOPAUSE", "-dSAFER", "-sDEVICE=bbox", "-r20", path)
    assert "rror" not in said


def test_a_file_is_larger_than_what_is_in_memory_of_it() -> None:
    count, size = 60, 400_000
    metadata = Metadata("", "", "", "en", "", 0)
    pieces = []
    for number in range(count):
        with pikepdf.new() as pdf:
            pdf.add_blank_page()
            image = Stream(pdf, b"\0large 0\0", Subtype=Name.Image, Type=Name.XObject, Filter=Name.DCTDecode)
            pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(Plate=image))
            pdf.pages[0].obj.Contents = Stream(pdf, b"/Plate Do %% (1 0 R) %d" % number)
            extra = "<x>uuid:00000000-0000-0000-0000-000000000000</x>"
            packet = Stream(pdf, xmp_packet(metadata, extra), Type=Name.Metadata, Subtype=Name.XML)
            pdf.Root.Metadata, pdf.trailer.Info = packet, pdf.make_indirect(Dictionary(Title=String("a (1 0 R)")))
            pdf.Root.Kept = Array([1])
            out = io.BytesIO()
            pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)
            pieces.append(out.getvalue())

    class Sink(io.RawIOBase):
        def write(self, data: object) -> int:
            return len(data)  # type: ignore[arg-type]

    tracemalloc.start()
    merged = MergedPdf(Sink(), lambda name: name.encode() * (size // len(name)))  # type: ignore[arg-type]
    for number, piece in enumerate(pieces):
        merged.add(merged.opened(piece, [f"{number:04}"]), [0])
    written = merged.finish(Title("many", "pictures", "en"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert written > count * size
    assert peak < 8 * size
