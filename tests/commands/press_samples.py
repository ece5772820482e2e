"""Press PDFs made by hand: a sound one, and whatever a test breaks of it."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image

from pressrun.graphics.color import inks

MM = 72 / 25.4
PROFILE = inks.load_profile("fogra39-300", Path())
XMP = b"""<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" pdf:Trapped="False" pdfxid:GTS_PDFXVersion="PDF/X-4"
 xmp:CreateDate="2027-03-01T09:30:00Z" xmp:ModifyDate="2027-03-01T09:30:00Z" xmp:MetadataDate="2027-03-01T09:30:00Z">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">A card</rdf:li></rdf:Alt></dc:title>
<xmpMM:DocumentID>uuid:1</xmpMM:DocumentID><xmpMM:VersionID>1</xmpMM:VersionID>
<xmpMM:RenditionClass>default</xmpMM:RenditionClass></rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
INFO = {"GTS_PDFXVersion": String("PDF/X-4"), "Title": String("A card"), "Trapped": Name("/False"),
        "CreationDate": String("D:20270301093000Z"), "ModDate": String("D:20270301093000+00'00'")}  # fmt: skip
Break = Callable[[pikepdf.Pdf, pikepdf.Page], Any]


def sound(path: Path, *breaks: Break, pages: int = 1, **saving: Any) -> Path:
    """A sound A6 press PDF at `path`: 3 mm bleed, a flat CMYK ground, an output intent. Then broken as asked."""
    path.write_bytes(whole(*breaks, pages=pages, **saving))
    return path


def whole(*breaks: Break, pages: int = 1, **saving: Any) -> bytes:
    """The same in memory. It keeps all that PDF/X-4 asks for."""
    pdf = pikepdf.new()
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=(111 * MM, 154 * MM))
        page.obj.TrimBox = Array([3 * MM, 3 * MM, 108 * MM, 151 * MM])
        page.obj.BleedBox = Array([0, 0, 111 * MM, 154 * MM])
        page.obj.Resources = Dictionary(XObject=Dictionary(), Font=Dictionary(), ColorSpace=Dictionary())
        page.contents_add(b"0.2 0.1 0 0 k 0 0 400 500 re f")
    profile = Stream(pdf, PROFILE.data, N=4)
    intent = Dictionary(
        Type=Name.OutputIntent, S=Name.GTS_PDFX, OutputConditionIdentifier=String("FOGRA39"), Info=String("coated"),
        DestOutputProfile=pdf.make_indirect(profile),
    )  # fmt: skip
    pdf.Root.OutputIntents = Array([intent])
    pdf.Root.Metadata = pdf.make_indirect(Stream(pdf, XMP, Type=Name.Metadata, Subtype=Name.XML))
    for name, value in INFO.items():
        pdf.docinfo[f"/{name}"] = value
    for broken in breaks:
        broken(pdf, pdf.pages[-1])
    out = io.BytesIO()
    as_it_is: dict[str, Any] = {"fix_metadata_version": False}
    if "encryption" not in saving:
        as_it_is |= {"force_version": "1.6", "compress_streams": False}
    pdf.save(out, **(as_it_is | saving))
    return out.getvalue()


def draw(content: str) -> Break:
    return lambda pdf, page: page.contents_add(content.encode())


def picture(pixels: numpy.ndarray, space: Any, millimetres: float = 50, **keys: Any) -> Break:
    """Place raw 8-bit samples, `millimetres` wide and as high."""

    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        height, width = pixels.shape[:2]
        page.Resources.XObject.Im = Stream(
            pdf, pixels.astype(numpy.uint8).tobytes(), Type=Name.XObject, Subtype=Name.Image, Width=width,
            Height=height, BitsPerComponent=8, ColorSpace=space, **keys,
        )  # fmt: skip
        side = millimetres * MM
        page.contents_add(f"q {side:.3f} 0 0 {side:.3f} 20 20 cm /Im Do Q".encode())

    return add


def jpeg_picture(ink: tuple[int, int, int, int], *, decode: bool) -> Break:
    """A CMYK JPEG of one ink (percent), as Adobe's applications write it: inverted, and told so by Decode."""

    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        out = io.BytesIO()
        Image.new("CMYK", (600, 600), tuple(round(part * 2.55) for part in ink)).save(out, "JPEG", quality=95)
        keys = {"Decode": Array([1, 0] * 4)} if decode else {}
        page.Resources.XObject.Im = Stream(
            pdf, out.getvalue(), Type=Name.XObject, Subtype=Name.Image, Width=600, Height=600, BitsPerComponent=8,
            ColorSpace=Name.DeviceCMYK, Filter=Name.DCTDecode, **keys,
        )  # fmt: skip
        page.contents_add(b"q 140 0 0 140 20 20 cm /Im Do Q")

    return add


def text(size: float, mode: int = 0, base: str = "Helvetica", ink: str = "0 0 0 1") -> Break:
    """A line of text in a font that is not embedded."""

    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.Resources.Font.F1 = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/" + base))
        page.contents_add(f"{ink} k {ink} K BT {mode} Tr /F1 1 Tf {size} 0 0 {size} 40 40 Tm (Words) Tj ET".encode())

    return add


def spots(*names: str) -> Break:
    """A square in each of these spot inks."""

    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        tint = Dictionary(FunctionType=2, N=1, Domain=Array([0, 1]), C0=Array([0] * 4), C1=Array([0, 1, 1, 0]))
        for index, name in enumerate(names):
            page.Resources.ColorSpace[f"/S{index}"] = Array(
                [Name.Separation, Name("/" + name), Name.DeviceCMYK, pdf.make_indirect(tint)]
            )
            page.contents_add(f"/S{index} cs 1 scn {40 * index} 40 30 30 re f".encode())

    return add


def flat(width: int, height: int, *color: int) -> numpy.ndarray:
    return numpy.full((height, width, len(color)), color, numpy.uint8)
