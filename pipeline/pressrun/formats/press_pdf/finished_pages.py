"""How a press PDF is written: plate beneath the live overlay, boxes, inks and identification put right in one pass."""

from __future__ import annotations

import functools
import hashlib
import io
import uuid
import zlib
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence

import pikepdf
from msgspec import Struct
from msgspec.structs import replace
from pikepdf import Array, Dictionary, Name, Stream, String

from pressrun.graphics.inked.flat_pages import flattened
from pressrun.graphics.pages.hidden_layers import switched_on
from pressrun.graphics.pages.large_streams import STATIC_ID, LargeStreams
from pressrun.graphics.pages.page_content import Writer, image_stream
from pressrun.graphics.pages.page_kinds import below_any_standard, kind_of, shows_undefined
from pressrun.graphics.pages.pdf_info import info_of, pdf_date
from pressrun.graphics.pages.placed_pages import PlacedPages, SharedSpots, as_it_is
from pressrun.graphics.pages.press_pages import PressPages
from pressrun.graphics.pages.spot_fills import SpotFills, spot_fills, spot_form
from pressrun.graphics.pages.written_inks import PressInks, SharedInks
from pressrun.graphics.pixels.jpeg_frames import jpeg_size
from pressrun.graphics.texts.words_copied import fonts_of_words_alone
from pressrun.model.errors import BelowStandard
from pressrun.model.rendering import Document, FlatPicture, Metadata, Overlay, Piece, Pieces, Rendering
from pressrun.model.stored_bytes import Content, Written, digest_of, head_of, whole
from pressrun.model.xmp import xmp_packet
from pressrun.readers.press_pdf.standard import OF_CONTENT, X1A, X4, Standard, kept_to

pikepdf.settings.set_flate_compression_level(1)  # half the time; a page's vectors grow by 1 kB beside its plate


def press_pages(renderings: Sequence[Rendering]) -> Written:
    """See `write_press_pages`."""
    return _written(renderings, X4)


def press_pieces(renderings: Sequence[Rendering]) -> Pieces:
    """See `write_press_pieces`. Raises BelowStandard."""
    return _pieces(renderings, X4)


def flat_pages(renderings: Sequence[Rendering]) -> Written:
    """See `write_flat_pages`. Raises TextInTransparency, BelowStandard."""
    return _written(flattened(renderings, _transparent), X1A)


def flat_pieces(renderings: Sequence[Rendering]) -> Pieces:
    """See `write_flat_pieces`. Raises TextInTransparency, BelowStandard."""
    return _pieces(flattened(renderings, _transparent), X1A)


def _transparent(rendering: Rendering) -> bytes:
    return whole(_written([rendering], None))


def _pieces(renderings: Sequence[Rendering], standard: Standard) -> Pieces:
    large, like_each = LargeStreams(), LargeStreams()
    renderings = [replace(one, metadata=one.metadata.of_all_rows) for one in renderings]
    pikepdf.settings.set_flate_compression_level(6)
    try:
        written = _finished(renderings, large, standard, in_part=True)
    finally:
        pikepdf.settings.set_flate_compression_level(1)
    alike = _alike(renderings, written)
    if written.standard:
        alike = [some for some in alike if some[0] not in written.below]
    kinds = tuple(some[0] for some in alike)
    try:
        of_each = _judged(like_each, _finished([renderings[number] for number in kinds], like_each, standard))
    except BelowStandard as fault:
        pages = (number for kind in fault.pages for number in alike[kind])
        raise BelowStandard(fault.standard, fault.told, fault.codes, pages) from fault
    return Pieces(written.data, tuple(map(whole, large.streams)), whole(of_each), kinds, written.below)


def _alike(renderings: Sequence[Rendering], written: _Finished) -> list[list[int]]:
    """The numbers of pages that are of one kind, kind by kind."""
    alike: dict[Hashable, list[int]] = {}
    for number, (rendering, texts) in enumerate(zip(renderings, written.texts, strict=True)):
        alike.setdefault(kind_of(rendering, texts), []).append(number)
    return list(alike.values())


def _written(renderings: Sequence[Rendering], standard: Standard | None) -> Written:
    """Pages that keep to a standard where all on them does, but X-1a, by which a format is named, in any case."""
    large = LargeStreams()
    try:
        finished = _finished(renderings, large, standard)
        several = len(renderings) > SEVERAL
        return _judged(large, finished, [some[0] for some in _alike(renderings, finished)] if several else None)
    except BelowStandard as fault:
        if standard is X1A or not fault.codes <= OF_CONTENT:
            raise
        return _written(renderings, None)


class _Finished(Struct, frozen=True):
    """What qpdf writes, with stand-ins for what is large; the file's own identifier, and what it says that it is. What
    its ``texts`` are set in, and whether all of it is there, is said of each page, and of those ``below`` any standard
    what they show, by number."""

    data: bytes
    own_id: bytes
    standard: Standard | None
    texts: Sequence[Hashable]
    below: Mapping[int, tuple[str, str | None]]


def _judged(large: LargeStreams, written: _Finished, pages: Collection[int] | None = None) -> Written:
    """The file as it is, if it is what it says; of its pages some may be asked, by their numbers, and of pictures that
    are not in memory, and which it holds as they are, the ends. Raises BelowStandard."""
    data, standard = large.laid_in(written.data, written.own_id), written.standard
    if standard:
        asked = data if isinstance(data, bytes) else large.in_short(written.data, written.own_id)
        kept_to(standard, asked, pages)
    return data


def _finished(
    renderings: Sequence[Rendering], large: LargeStreams, standard: Standard | None, in_part: bool = False
) -> _Finished:
    """It says that it is what a standard asks for where all pages are, or, ``in_part``, any of them."""
    first = renderings[0]
    texts, when = first.overlay.texts, pdf_date(first.metadata.date)
    with pikepdf.open(io.BytesIO(texts)) if texts else pikepdf.new() as pdf, PlacedPages(pdf, as_it_is) as placed:
        shared = SharedInks(has_layers=standard is not X1A)
        drawn = [_drawn(pdf, rendering, large, placed, shared) for rendering in renderings]
        by_typst = [_by_typst(one.overlay) for one in renderings]
        fonts_of_words_alone(pdf, (pdf.pages[at] for numbers in by_typst for at in numbers))
        set_in = [frozenset(_set_in(pdf.pages[at]) for at in numbers) for numbers in by_typst]
        del pdf.pages[:]
        for tags in ("/StructTreeRoot", "/MarkInfo", "/ViewerPreferences"):
            if tags in pdf.Root:
                del pdf.Root[tags]
        plates: dict[Content, Stream] = {}
        below: dict[int, tuple[str, str | None]] = {}
        inked: dict[tuple[int, int], bool] = {}
        live, pages, writer = [texts], list[pikepdf.Page](), PressPages(pdf, when)
        for rendering, (content, resources, spots) in zip(renderings, drawn, strict=True):
            jpeg = rendering.plate_jpeg
            if jpeg is not None and jpeg not in plates:  # pages may share it
                plates[jpeg] = _cmyk_image(pdf, jpeg, large)
            plate = None if jpeg is None else plates[jpeg]
            page, told = writer.page(rendering, content, resources, plate, spots)
            if fault := below_any_standard(rendering.sheet, page, inked):
                below[len(pages)] = fault
            pages.append(page)
            documents = " ".join(rendering.overlay.documents).encode()
            live += [content, documents, told, repr((rendering.sheet.boxes, rendering.crop_marks)).encode()]
        pdf.pages.extend(pages)
        own_id = _own_id(b"".join(live), large.streams)
        is_kept = len(below) < len(renderings) if in_part else not below
        kept = standard if standard is X1A or is_kept else None
        _identify(pdf, first.metadata, own_id, kept)
        _add_output_intent(pdf, first, large)
        if shared.layers:
            pdf.Root.OCProperties = switched_on(list(shared.layers.values()))
        out = io.BytesIO()
        pdf.save(
            out,
            static_id=True,
            force_version=(standard or X4).version,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=True,
            fix_metadata_version=False,
        )
        return _Finished(out.getvalue(), own_id, kept, set_in, {} if standard is X1A else below)


def _by_typst(overlay: Overlay) -> list[int]:
    """The numbers of its pages of texts that Typst has set. The others share their fonts, which have all of their
    letters."""
    return [number for number in overlay.text_pages if not overlay.letters or number not in overlay.letters]


def _set_in(page: pikepdf.Page) -> Hashable:
    """The fonts of a page of texts, and whether one shows what it does not have."""
    fonts = page.obj.Resources.get("/Font", Dictionary())
    named = sorted(str(font.get("/BaseFont", font.objgen)) for font in fonts.values())  # one of drawings has no name
    return tuple(named), shows_undefined(page)


SEVERAL = 48  # pages, from which on one of every kind is judged
PDFX_NAMES, XMP_MM = 'xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/"', 'xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"'


_digest = functools.lru_cache(maxsize=2)(digest_of)  # a run's files have the same plate, which is of megabytes


def _own_id(live: bytes, streams: Iterable[Content]) -> bytes:
    """An identifier for a file, the same for the same pages. qpdf's own takes an MD5 of the whole file, as long as
    writing it; ``live`` holds all words and inks, and ``streams`` the pixels."""
    pixels = "".join(map(_digest, streams)).encode()
    return hashlib.sha256(live + pixels).hexdigest()[: len(STATIC_ID)].encode()


def _drawn(
    pdf: pikepdf.Pdf, rendering: Rendering, large: LargeStreams, placed: PlacedPages,
    shared: SharedInks,
) -> tuple[bytes, Dictionary, SpotFills]:  # fmt: skip
    """What an overlay has on its page, and the resources of that, in a document that has its texts: its segments in
    inks as the brand writes them, the spot where the layout prints it, else CMYK. Besides the spots over its plate."""
    overlay = rendering.overlay

    def image(piece: Piece) -> Stream:
        if not piece.spots:
            return process_image(piece)
        fills = spot_fills(pdf, piece.spots, inks, large.stand_in)
        return spot_form(pdf, process_image(piece) if piece.jpeg else None, fills)

    def process_image(piece: Piece) -> Stream:
        assert piece.jpeg, "a page for print has its pieces in inks"
        alpha = {}
        if piece.alpha:
            data, size = large.stand_in(piece.alpha), jpeg_size(head_of(piece.jpeg))
            alpha["SMask"] = image_stream(pdf, data, size, ColorSpace=Name.DeviceGray, Filter=Name.FlateDecode)
        return _cmyk_image(pdf, piece.jpeg, large, **alpha)

    def page_of(document: Document, number: int) -> Stream:
        form = placed.form(document, number)
        spots.give(form, {name: inks.spot(ink) for name, ink in document.inks})
        return form

    inks = PressInks(pdf, overprints=overlay.overprints, shared=shared)
    spots = SharedSpots(shared.spots)
    content, resources = Writer(pdf, overlay, inks, image, page_of).drawn(overlay.segments)
    if flat := rendering.flat:
        content = _lay_flat(resources, flat, _flat_image(pdf, flat, inks, large), overlay.size[1]) + content
    return content, resources, spot_fills(pdf, rendering.plate_spots, inks, large.stand_in)


def _lay_flat(resources: Dictionary, flat: FlatPicture, image: Stream, height: float) -> bytes:
    """What draws pixels where they lie, over the plate."""
    if "/XObject" not in resources:
        resources.XObject = Dictionary()
    resources.XObject["/Flat"] = image
    rect = flat.rect
    return f"q {rect.width:.4f} 0 0 {rect.height:.4f} {rect.x:.4f} {height - rect.bottom:.4f} cm /Flat Do Q\n".encode()


def _flat_image(pdf: pikepdf.Pdf, flat: FlatPicture, inks: PressInks, large: LargeStreams) -> Stream:
    if flat.is_jpeg:
        return _cmyk_image(pdf, flat.data, large)
    space = inks.space_with(flat.spots)
    return image_stream(pdf, large.stand_in(flat.data), flat.size, ColorSpace=space, Filter=Name.FlateDecode)


def _cmyk_image(pdf: pikepdf.Pdf, jpeg: Content, large: LargeStreams, **entries: pikepdf.Object) -> Stream:
    """A CMYK JPEG as Pillow writes it: inverted, as Adobe has it."""
    return image_stream(
        pdf,
        large.stand_in(jpeg),
        jpeg_size(head_of(jpeg)),
        ColorSpace=Name.DeviceCMYK,
        Filter=Name.DCTDecode,
        Decode=Array([1, 0] * 4),
        **entries,
    )


def _identify(pdf: pikepdf.Pdf, metadata: Metadata, own_id: bytes, standard: Standard | None) -> None:
    """Info and XMP that say the same, and by which standard the file is made (ISO 15930-4 wants that in Info, -7 in the
    XMP; Info repeats it, since portals look there)."""
    info = info_of(metadata)
    info.Trapped = Name("/False")
    document = uuid.UUID(own_id.decode())
    extra = (
        "<pdf:Producer>Pressrun</pdf:Producer><pdf:Trapped>False</pdf:Trapped>"
        f"<xmpMM:DocumentID {XMP_MM}>uuid:{document}</xmpMM:DocumentID>"
        f"<xmpMM:VersionID {XMP_MM}>1</xmpMM:VersionID>"
        f"<xmpMM:RenditionClass {XMP_MM}>default</xmpMM:RenditionClass>"
    )
    if standard:
        info.GTS_PDFXVersion = String(standard.name)
    if standard is X4:
        extra += f"<pdfxid:GTS_PDFXVersion {PDFX_NAMES}>{X4.name}</pdfxid:GTS_PDFXVersion>"
    pdf.trailer.Info = pdf.make_indirect(info)
    pdf.Root.Metadata = pdf.make_indirect(
        Stream(pdf, xmp_packet(metadata, extra), Type=Name.Metadata, Subtype=Name.XML)
    )


@functools.lru_cache(maxsize=4)
def _compressed(profile: bytes) -> bytes:
    return zlib.compress(profile, 9)


def _add_output_intent(pdf: pikepdf.Pdf, rendering: Rendering, large: LargeStreams) -> None:
    profile = Stream(pdf, large.stand_in(_compressed(rendering.profile)), N=4, Filter=Name.FlateDecode)
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFX,
        OutputConditionIdentifier=String(rendering.condition or "Custom"),
        Info=String(rendering.condition_name),
        DestOutputProfile=pdf.make_indirect(profile),
    )
    if rendering.paper:
        intent.OutputCondition = String(rendering.paper)
    if rendering.is_registered:
        intent.RegistryName = String("http://www.color.org")
    pdf.Root.OutputIntents = Array([intent])
