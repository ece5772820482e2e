"""The press PDF: plate beneath the live overlay, boxes, inks and identification put right in one finishing pass."""

from __future__ import annotations

import functools
import hashlib
import io
import math
import re
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from pipeline.model.color import Ink
from pipeline.model.geometry import PageBoxes, Rect
from pipeline.model.rendering import FormatKind, Metadata, Rendering
from pipeline.model.sheet import Sheet
from pipeline.model.xmp import xmp_packet

# Crop marks, in points: how far they stand off the bleed, how long and how thick they are (0.25 pt is usual).
MARK_GAP, MARK_LENGTH, MARK_WEIGHT = 2.0, 14.0, 0.25


def write_press_pdf(rendering: Rendering, size: tuple[int, int]) -> bytes:
    """Finish the overlay into one press-ready page; ``size`` is not used, vectors have no density."""
    sheet = rendering.sheet
    with pikepdf.open(io.BytesIO(rendering.overlay)) as pdf:
        page = pdf.pages[0]
        _write_exact_inks(pdf, page, sheet)
        plate = rendering.plate_jpeg()
        _lay_plate(pdf, page, sheet.boxes.bleed, plate)
        if "/Group" in page.obj:
            page.obj.Group.CS = Name.DeviceCMYK
        _set_boxes(page, sheet.boxes, rendering.crop_marks)
        if rendering.crop_marks:
            _draw_crop_marks(pdf, page, sheet.boxes)
        _identify(pdf, rendering.metadata)
        _add_output_intent(pdf, rendering)
        out = io.BytesIO()
        pdf.save(
            out,
            static_id=True,
            force_version="1.6",
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=True,
            fix_metadata_version=False,
        )
        return _with_own_id(out.getvalue(), rendering.overlay, plate)


STATIC_ID = b"31415926535897932384626433832795"  # what qpdf writes for a fixed file identifier
PLATE_SAMPLE = 65536


def _with_own_id(data: bytes, overlay: bytes, plate: bytes | None) -> bytes:
    """Give the file an identifier of its own, the same for the same page. qpdf's own takes an MD5 of the whole file,
    as long as writing it; the overlay holds all words, and the end of a JPEG depends on all before it."""
    digest = hashlib.sha256(overlay + (plate or b"")[-PLATE_SAMPLE:]).hexdigest()[: len(STATIC_ID)]
    trailer = data.rfind(b"trailer")
    return data[:trailer] + data[trailer:].replace(STATIC_ID, digest.encode())


_NUMBER = rb"-?(?:\d+\.?\d*|\.\d+)"
_PROCESS = re.compile(rb" [kK](?=\s)")
_FOUR = re.compile(rb"(?:^|\s)" + rb" ".join([rb"(" + _NUMBER + rb")"] * 4) + rb"$")
_FOUR_LONGEST = 60  # bytes that four numbers can take
_MARKED = re.compile(rb"/(c\d+) cs " + rb" ".join([rb"(" + _NUMBER + rb")"] * 3) + rb" scn(?=\s)")


def _write_exact_inks(pdf: pikepdf.Pdf, page: pikepdf.Page, sheet: Sheet) -> None:
    """Put inks in as the brand writes them: Typst rounds each to a 255th (70 % comes as 0.70196), and artwork came
    through it in colours that mark an ink."""
    inks = sorted(sheet.inks(), key=lambda ink: (ink.cmyk, ink.spot or ""))
    rounded = {_in_steps(ink.cmyk, 100): _exact(ink) for ink in inks}
    marked = {tuple(bytes.fromhex(ink.marker[1:])): ink for ink in inks}
    spots: dict[str, Ink] = {}

    def artwork(match: re.Match[bytes]) -> bytes:
        ink = marked.get(tuple(round(float(part) * 255) for part in match.groups()[1:]))
        if ink is None:
            return match[0]
        if ink.spot is None:
            return b" " + _exact(ink) + b" k"  # the name before it needed no space
        name = f"Spot{len(spots)}" if ink.spot not in spots else f"Spot{list(spots).index(ink.spot)}"
        spots.setdefault(ink.spot, ink)
        return f"/{name} cs 1 scn".encode()

    content = page.obj.Contents.read_bytes()
    content = _MARKED.sub(artwork, _with_exact_process(content, rounded))
    page.obj.Contents = pdf.make_stream(content)
    spaces = _resources(page, "/ColorSpace")
    for name, space in list(spaces.items()):
        if not isinstance(space, Array):
            continue
        if space[0] == "/Separation" and "/C1" in space[3]:
            exact = rounded.get(_in_steps(space[3].C1, 1))
            space[3].C1 = Array([Decimal(part.decode()) for part in exact.split()]) if exact else space[3].C1
        elif space[0] == "/ICCBased" and not re.search(name.encode() + rb" (?:cs|CS)\b", content):
            del spaces[name]  # only artwork used it
    for number, (spot, ink) in enumerate(spots.items()):
        spaces[f"/Spot{number}"] = _spot_space(pdf, spaces, spot, ink)


def _with_exact_process(content: bytes, exact: dict[tuple[int, ...], bytes]) -> bytes:
    """Each ``c m y k k`` with the numbers as written. Found from its end: a pattern that begins with a number would
    try every number of the page."""
    parts: list[bytes] = []
    done = 0
    for operator in _PROCESS.finditer(content):
        end = operator.start()
        numbers = _FOUR.search(content, max(done, end - _FOUR_LONGEST), end)
        wanted = exact.get(_in_steps(numbers.groups(), 1)) if numbers else None
        if numbers and wanted:
            parts += [content[done : numbers.start(1)], wanted]
            done = end
    return b"".join([*parts, content[done:]])


def _exact(ink: Ink) -> bytes:
    return " ".join(f"{part / 100:.6g}" for part in ink.cmyk).encode()


def _spot_space(pdf: pikepdf.Pdf, spaces: pikepdf.Object, spot: str, ink: Ink) -> Array:
    """The spot's colour space: the one the page has already (a name is defined once in a file), else a new one."""
    for space in spaces.values():
        if isinstance(space, Array) and space[0] == "/Separation" and str(space[1]) == f"/{spot}":
            return space
    tint = Dictionary(
        FunctionType=2,
        N=1,
        Domain=Array([0, 1]),
        C0=Array([0] * 4),
        C1=Array([Decimal(f"{p / 100:.6g}") for p in ink.cmyk]),
    )
    return Array([Name.Separation, Name(f"/{spot}"), Name.DeviceCMYK, pdf.make_indirect(tint)])


def _resources(page: pikepdf.Page, kind: str) -> pikepdf.Object:
    """The page's resources of one kind, made if there are none."""
    if "/Resources" not in page.obj:
        page.obj.Resources = Dictionary()
    if kind not in page.obj.Resources:
        page.obj.Resources[kind] = Dictionary()
    return page.obj.Resources[kind]


def _in_steps(parts: Iterable[Any], whole: float) -> tuple[int, ...]:
    """Ink in 255ths, half a step up, as Typst rounds."""
    return tuple(math.floor(float(part) / whole * 255 + 0.5 + 1e-6) for part in parts)


def _lay_plate(pdf: pikepdf.Pdf, page: pikepdf.Page, bleed: Rect, jpeg: bytes | None) -> None:
    """Put the CMYK plate under everything. It carries no profile: DeviceCMYK is the output intent's own colour."""
    if jpeg is None:
        return
    width, height = _jpeg_size(jpeg)
    plate = Stream(
        pdf,
        jpeg,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=width,
        Height=height,
        ColorSpace=Name.DeviceCMYK,
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
        Decode=Array([1, 0] * 4),
    )
    _resources(page, "/XObject")["/Plate"] = plate
    draw = f"/Artifact BMC q {bleed.width:.4f} 0 0 {bleed.height:.4f} 0 0 cm /Plate Do Q EMC\n"
    page.contents_add(draw.encode(), prepend=True)


def _jpeg_size(jpeg: bytes) -> tuple[int, int]:
    """Width and height from a JPEG's frame header (ITU-T T.81, B.2.2)."""
    at = 2
    while at < len(jpeg):
        marker, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(jpeg[at + 7 : at + 9]), int.from_bytes(jpeg[at + 5 : at + 7])
        at += 2 + length
    raise ValueError("no frame header in the plate")


def _pdf_box(rect: Rect, page_height: float) -> Array:
    """A rectangle in PDF's upward coordinates, unrounded: rounding puts a box outside the one around it."""
    return Array([rect.x, page_height - rect.bottom, rect.right, page_height - rect.y])


def _set_boxes(page: pikepdf.Page, boxes: PageBoxes, crop_marks: bool) -> None:
    height = boxes.bleed.height
    margin = MARK_GAP + MARK_LENGTH + 2 if crop_marks else 0.0
    page.obj.MediaBox = _pdf_box(boxes.bleed.inset(-margin, -margin, -margin, -margin), height)
    page.obj.BleedBox = _pdf_box(boxes.bleed, height)
    page.obj.TrimBox = _pdf_box(boxes.trim, height)
    for other in ("/ArtBox", "/CropBox"):
        if other in page.obj:
            del page.obj[other]


def _draw_crop_marks(pdf: pikepdf.Pdf, page: pikepdf.Page, boxes: PageBoxes) -> None:
    """Corner marks in all inks (/Separation /All), outside the bleed."""
    height = boxes.bleed.height
    tint = Stream(pdf, b"{ dup dup dup }", FunctionType=4, Domain=Array([0, 1]), Range=Array([0, 1] * 4))
    all_inks = Array([Name.Separation, Name.All, Name.DeviceCMYK, pdf.make_indirect(tint)])
    _resources(page, "/ColorSpace")["/Registration"] = all_inks
    trim, bleed = boxes.trim, boxes.bleed
    lines = []
    for x in (trim.x, trim.right):
        for start, end in ((height + MARK_GAP, height + MARK_GAP + MARK_LENGTH), (-MARK_GAP, -MARK_GAP - MARK_LENGTH)):
            lines.append(f"{x:.4f} {start:.4f} m {x:.4f} {end:.4f} l")
    for y in (height - trim.y, height - trim.bottom):
        for start, end in (
            (-MARK_GAP, -MARK_GAP - MARK_LENGTH),
            (bleed.width + MARK_GAP, bleed.width + MARK_GAP + MARK_LENGTH),
        ):
            lines.append(f"{start:.4f} {y:.4f} m {end:.4f} {y:.4f} l")
    draw = f"/Artifact BMC q /Registration CS 1 SCN {MARK_WEIGHT} w {' '.join(lines)} S Q EMC\n"
    page.contents_add(draw.encode())


def _identify(pdf: pikepdf.Pdf, metadata: Metadata) -> None:
    """Info and XMP that say the same."""
    when = datetime.fromtimestamp(metadata.date, UTC).strftime("D:%Y%m%d%H%M%SZ")
    info = pdf.make_indirect(
        Dictionary(
            Title=String(metadata.title),
            Subject=String(metadata.description),
            Author=String(metadata.creator),
            Creator=String("Pressrun"),
            Producer=String("Pressrun"),
            CreationDate=String(when),
            ModDate=String(when),
            Trapped=Name("/False"),
        )
    )
    pdf.trailer.Info = info
    extra = "<pdf:Producer>Pressrun</pdf:Producer><pdf:Trapped>False</pdf:Trapped>"
    pdf.Root.Metadata = pdf.make_indirect(
        Stream(pdf, xmp_packet(metadata, extra), Type=Name.Metadata, Subtype=Name.XML)
    )


@functools.lru_cache(maxsize=4)
def _compressed(profile: bytes) -> bytes:
    return zlib.compress(profile, 9)


def _add_output_intent(pdf: pikepdf.Pdf, rendering: Rendering) -> None:
    profile = Stream(pdf, _compressed(rendering.profile), N=4, Filter=Name.FlateDecode)
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFX,
        OutputConditionIdentifier=String(rendering.condition or "Custom"),
        Info=String(rendering.condition_name),
        DestOutputProfile=pdf.make_indirect(profile),
    )
    if rendering.condition:
        intent.RegistryName = String("http://www.color.org")
    pdf.Root.OutputIntents = Array([intent])


PRESS_PDF = FormatKind("press-pdf", frozenset({"print"}), ".pdf", "application/pdf", 2, 0.0, write_press_pdf)
