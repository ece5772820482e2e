"""The PDF for screens: all pages with live texts and vectors in sRGB, their pictures beneath as JPEG."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image

from pressrun.graphics.color import inks
from pressrun.graphics.pages.page_content import Writer, image_stream
from pressrun.graphics.pages.pdf_info import info_of
from pressrun.graphics.pages.placed_pages import PlacedPages
from pressrun.graphics.pages.seen_pages import on_paper
from pressrun.graphics.pages.written_inks import SeenInks
from pressrun.model.format_kind import FormatKind
from pressrun.model.rendering import Metadata, Overlay, Piece, Rendering
from pressrun.model.xmp import xmp_packet


def write_screen_pdf(rendering: Rendering, size: tuple[int, int]) -> bytes:
    """One page; ``size`` is not used, vectors have no density."""
    return write_screen_pages([rendering])


def write_screen_pages(renderings: Sequence[Rendering]) -> bytes:
    """Pages whose texts are in one document, as one file. All of its colours are sRGB."""
    first = renderings[0]
    texts = first.overlay.texts
    with pikepdf.open(io.BytesIO(texts)) if texts else pikepdf.new() as pdf, PlacedPages(pdf, on_paper) as placed:
        profile = pdf.make_indirect(Stream(pdf, inks.srgb_profile(), N=3, Alternate=Name.DeviceRGB))
        srgb = Array([Name.ICCBased, profile])
        drawn = [_drawn(pdf, rendering.overlay, placed, srgb) for rendering in renderings]
        del pdf.pages[:]
        for rendering, (content, resources) in zip(renderings, drawn, strict=True):
            _add_page(pdf, rendering, content, resources)
        for tags in ("/StructTreeRoot", "/MarkInfo", "/ViewerPreferences"):
            if tags in pdf.Root:
                del pdf.Root[tags]
        _identify(pdf, first.metadata)
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, force_version="1.6", fix_metadata_version=False)
    return out.getvalue()


def _drawn(
    pdf: pikepdf.Pdf, overlay: Overlay, placed: PlacedPages, srgb: pikepdf.Object
) -> tuple[bytes, Dictionary]:
    seen = SeenInks(pdf, lambda ink: ink.srgb)
    seen.spaces["/DefaultRGB"] = srgb  # what RGB means on the page (ISO 32000-1, 8.6.5.6)

    def image(piece: Piece) -> Stream:
        return _picture(pdf, piece.seen, 90)

    return Writer(pdf, overlay, seen, image, placed.form).drawn(overlay.segments)


def _add_page(pdf: pikepdf.Pdf, rendering: Rendering, content: bytes, resources: Dictionary) -> None:
    width, height = rendering.overlay.size
    if rendering.plate is not None:
        if "/XObject" not in resources:
            resources["/XObject"] = Dictionary()
        resources["/XObject"]["/Plate"] = _picture(pdf, rendering.plate, rendering.quality)
        content = f"q {width:.4f} 0 0 {height:.4f} 0 0 cm /Plate Do Q\n".encode() + content
    pdf.add_blank_page(page_size=(width, height))
    page = pdf.pages[-1].obj
    page.Contents, page.Resources = pdf.make_stream(content), resources
    page.TrimBox = page.BleedBox = Array([0, 0, width, height])
    page.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)


def _picture(pdf: pikepdf.Pdf, picture: Image.Image, quality: int) -> Stream:
    """A JPEG, or with an alpha channel its pixels without loss."""
    if picture.mode == "RGBA":
        cover = image_stream(pdf, picture.getchannel("A").tobytes(), picture.size, ColorSpace=Name.DeviceGray)
        pixels = picture.convert("RGB").tobytes()
        return image_stream(pdf, pixels, picture.size, ColorSpace=Name.DeviceRGB, SMask=cover)
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=quality, subsampling=0)
    return image_stream(pdf, out.getvalue(), picture.size, ColorSpace=Name.DeviceRGB, Filter=Name.DCTDecode)


def _identify(pdf: pikepdf.Pdf, metadata: Metadata) -> None:
    pdf.trailer.Info = pdf.make_indirect(info_of(metadata))
    packet = Stream(pdf, xmp_packet(metadata), Type=Name.Metadata, Subtype=Name.XML)
    pdf.Root.Metadata = pdf.make_indirect(packet)
    pdf.Root.Lang = String(metadata.locale)


SCREEN_PDF = FormatKind(
    "screen-pdf", frozenset({"screen"}), ".pdf", "application/pdf", 1, 0.0, write_screen_pdf, transparent=True,
    write_pages=write_screen_pages,
)  # fmt: skip
