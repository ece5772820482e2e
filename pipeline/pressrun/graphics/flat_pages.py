"""Pages without transparency, as ISO 15930-4 (PDF/X-1a) wants them: what shows through something, and what it shows,
becomes pixels in the same inks, under all that stays live."""

from __future__ import annotations

import io
import math
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy
import pikepdf
from numpy.typing import NDArray
from pikepdf import Array
from PIL import Image, ImageFilter

from pressrun.graphics.inks import PressProfile, to_cmyk
from pressrun.graphics.joined_jpeg import JoinedJpeg, strip_rows
from pressrun.graphics.jpeg_frames import jpeg_size
from pressrun.graphics.page_content import shown_pages
from pressrun.graphics.pdfium import opened
from pressrun.graphics.placed_pages import mixes
from pressrun.graphics.reduced_strips import to_be_looked_at
from pressrun.graphics.separations.plates import separated
from pressrun.graphics.strips import strip_boxes
from pressrun.model.color import Ink
from pressrun.model.errors import TextInTransparency
from pressrun.model.geometry import Rect
from pressrun.model.plate_density import is_large
from pressrun.model.rendering import (
    FlatPicture,
    Group,
    Level,
    Overlay,
    Piece,
    Pixels,
    PlacedPage,
    Rendering,
    Segment,
    Shading,
    TextPage,
    Tiling,
    Vectors,
    unfolded,
)
from pressrun.model.separations import PROCESS, Separations
from pressrun.model.sheet import Sheet, TextMark
from pressrun.model.stored_bytes import StoredBytes

DENSITY, OF_TEXT = 300.0, 1200.0  # pixels per inch of what becomes pixels, and of text that may
MOST_PIXELS = 80_000_000  # A5 at the density of text
LOOKED_AT = 72.0  # pixels per inch at which it is looked what lies over what
QUALITY = 92
Mask = NDArray[numpy.bool_]


@dataclass(frozen=True, slots=True)
class _Parted:
    """The segments of a page that become pixels, and those that stay; ``where`` the former are, and ``texts`` those
    among them."""

    flat: tuple[Segment, ...]
    live: tuple[Segment, ...]
    where: Mask
    texts: tuple[Mask, ...]


def flattened(renderings: Sequence[Rendering], written: Callable[[Rendering], bytes]) -> list[Rendering]:
    """Pages with a picture in place of what is transparent and what shows through that; ``written`` writes a page with
    transparency. Raises TextInTransparency, of all pages, where texts would become pixels, unless the layout allows
    that."""
    made: list[Rendering] = []
    hidden: list[tuple[str, int | None]] = []
    refused: list[int] = []
    for number, rendering in enumerate(renderings):
        overlay = rendering.overlay
        if not (rendering.plate_spots or any(map(_Transparent(overlay).is_so, overlay.segments))):
            made.append(rendering)
            continue
        parted = _parted(overlay)
        if parted.texts and not rendering.flatten:
            refused.append(number)
            hidden += [(layer, rendering.sheet.page) for layer in _layers(rendering.sheet, parted.texts)]
        if not refused:
            made.append(_flattened(rendering, parted, written))
    if refused:
        raise TextInTransparency(list(dict.fromkeys(hidden)), refused)
    return made


def _flattened(rendering: Rendering, parted: _Parted, written: Callable[[Rendering], bytes]) -> Rendering:
    overlay, has_texts = rendering.overlay, bool(parted.texts)
    box = _box(parted.where, overlay.size) if not rendering.plate_spots else Rect(0, 0, *overlay.size)
    density = _density(box, OF_TEXT if has_texts else DENSITY)
    flat = replace(rendering, overlay=replace(overlay, levels=(Level(parted.flat),)), crop_marks=False)
    if isinstance(rendering.plate_jpeg, StoredBytes):
        flat = _of_large_plate(flat, rendering.plate_jpeg, box, density)
    press = PressProfile("", rendering.profile, "", "")
    (printed,) = separated(_cut(written(flat), box, overlay.size[1]), press, density)
    return replace(
        rendering,
        overlay=replace(overlay, levels=(Level(parted.live),), pieces=_used(overlay, parted.live)),
        plate_spots=(),
        flat=_picture(printed, box, _spots(rendering), press, lossless=has_texts),
    )


def _of_large_plate(flat: Rendering, jpeg: StoredBytes, box: Rect, density: float) -> Rendering:
    """A page with so much of a plate that is too large to be decoded as a whole as is looked at."""
    bleed = flat.sheet.boxes.bleed
    if flat.plate_spots:  # which lie over all of it
        return replace(flat, plate_jpeg=to_be_looked_at(jpeg, bleed, density))
    width, height = jpeg_size(jpeg.head)
    across, down = width / bleed.width, height / bleed.height
    part = (
        max(0, math.floor(box.x * across)), max(0, math.floor(box.y * down)),
        min(width, math.ceil(box.right * across)), min(height, math.ceil(box.bottom * down)),
    )  # fmt: skip
    data = to_be_looked_at(jpeg, bleed, density, part)
    place = Rect(part[0] / across, part[1] / down, (part[2] - part[0]) / across, (part[3] - part[1]) / down)
    return replace(flat, plate_jpeg=None, flat=FlatPicture(place, jpeg_size(data), data, is_jpeg=True))


def texts_in_transparency(overlay: Overlay, sheet: Sheet) -> tuple[str, ...]:
    """The layers of texts that `flattened` would make pixels of."""
    if not any(map(_Transparent(overlay).is_so, overlay.segments)):
        return ()
    texts = _parted(overlay).texts
    return _layers(sheet, texts) if texts else ()


def _used(overlay: Overlay, segments: Iterable[Segment]) -> dict[str, Piece]:
    used = {one.piece for one in unfolded(segments) if isinstance(one, Pixels)}
    return {key: piece for key, piece in overlay.pieces.items() if key in used}


class _Transparent:
    def __init__(self, overlay: Overlay) -> None:
        self._overlay = overlay

    def is_so(self, segment: Segment) -> bool:
        """Whether anything shows through a segment."""
        if isinstance(segment, Vectors):
            tiled = (path.fill.segments for path in segment.paths if isinstance(path.fill, Tiling))
            return not segment.is_opaque or any(self.is_so(one) for segments in tiled for one in segments)
        if isinstance(segment, Pixels):
            piece = self._overlay.pieces[segment.piece]
            return piece.alpha is not None or bool(piece.spots)
        if isinstance(segment, PlacedPage):
            return segment.is_mixed or mixes(self._overlay.documents[segment.document])
        return isinstance(segment, Group) and (segment.is_mixed or any(map(self.is_so, segment.segments)))


def _parted(overlay: Overlay) -> _Parted:
    """From the top down: what is transparent, and what lies under any of that. What lies beside it may be drawn over
    the pixels as well as under them."""
    segments, transparent = overlay.segments, _Transparent(overlay)
    masks = _masks(overlay, segments)
    cover = numpy.zeros_like(masks[0]) if masks else numpy.zeros((1, 1), numpy.bool_)
    flat: set[int] = set()
    texts: list[Mask] = []
    for at in reversed(range(len(segments))):
        is_so = transparent.is_so(segments[at])
        if not is_so and not (masks[at] & cover).any():
            continue
        cover = cover | masks[at] if is_so else cover
        if any(isinstance(one, TextPage) for one in unfolded([segments[at]])):
            texts.append(masks[at] & cover)
        cover = cover | masks[at]
        flat.add(at)
    chosen = [(at in flat, segment) for at, segment in enumerate(segments)]
    to_pixels, stay = (tuple(one for is_flat, one in chosen if is_flat is wanted) for wanted in (True, False))
    return _Parted(to_pixels, stay, cover, tuple(texts))


def _masks(overlay: Overlay, segments: Sequence[Segment]) -> list[Mask]:
    """What each segment covers, however little, a pixel further."""
    if not segments:
        return []
    scale = LOOKED_AT / 72
    size = max(1, math.ceil(overlay.size[0] * scale)), max(1, math.ceil(overlay.size[1] * scale))
    alone = replace(overlay, levels=tuple(Level((one,)) for one in segments))
    with opened(shown_pages([alone], [lambda ink: ink.srgb])) as pages:
        drawn = [pages.alone(number, size).getchannel("A") for number in range(len(pages))]
    return [numpy.asarray(one.filter(ImageFilter.MaxFilter(3))) > 0 for one in drawn]


def _layers(sheet: Sheet, hidden: Iterable[Mask]) -> tuple[str, ...]:
    """The layers of texts that are among pixels."""
    scale, lost = LOOKED_AT / 72, numpy.logical_or.reduce(list(hidden))
    texts = [one for one in sheet.placed if isinstance(one.mark, TextMark)]

    def meets(bounds: Rect) -> bool:
        left, top = max(0, math.floor(bounds.x * scale)), max(0, math.floor(bounds.y * scale))
        return bool(lost[top : math.ceil(bounds.bottom * scale), left : math.ceil(bounds.right * scale)].any())

    named = [one.mark.layer for one in texts if meets(one.bounds)] or [one.mark.layer for one in texts]
    return tuple(dict.fromkeys(named))


def _box(where: Mask, size: tuple[float, float]) -> Rect:
    """Around what becomes pixels, in points."""
    rows, columns = numpy.flatnonzero(where.any(axis=1)), numpy.flatnonzero(where.any(axis=0))
    point = 72 / LOOKED_AT
    left, top = float(columns[0]) * point, float(rows[0]) * point
    right, bottom = min(size[0], float(columns[-1] + 1) * point), min(size[1], float(rows[-1] + 1) * point)
    return Rect(left, top, right - left, bottom - top)


def _density(box: Rect, wanted: float) -> float:
    return min(wanted, math.sqrt(MOST_PIXELS / (box.width / 72 * box.height / 72)))


def _cut(data: bytes, box: Rect, height: float) -> bytes:
    """A press file whose page is no more than a part of it."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        edges = Array([box.x, height - box.bottom, box.right, height - box.y])
        page = pdf.pages[0].obj
        page.MediaBox = page.BleedBox = page.TrimBox = edges
        out = io.BytesIO()
        pdf.save(out, compress_streams=False)
    return out.getvalue()


def _spots(rendering: Rendering) -> dict[str, Ink]:
    """The spots of a page by their names."""
    overlay = rendering.overlay
    layers = (*rendering.plate_spots, *(layer for piece in overlay.pieces.values() for layer in piece.spots))
    placed = (ink for document in overlay.documents.values() for _, ink in document.inks)
    inks = (*(layer.ink for layer in layers), *overlay.inks.values(), *_painted(overlay.segments), *placed)
    return {ink.spot: ink for ink in inks if ink.spot is not None}


def _painted(segments: Iterable[Segment]) -> Iterator[Ink]:
    for segment in unfolded(segments):
        for path in segment.paths if isinstance(segment, Vectors) else ():
            fill = path.fill
            if isinstance(fill, Shading):
                yield from (stop.ink for stop in fill.stops)
            elif isinstance(fill, Tiling):
                yield from _painted(fill.segments)
                fill = fill.ground
            yield from (ink for ink in (fill, path.stroke) if isinstance(ink, Ink))


def _picture(
    printed: Separations, rect: Rect, spots: Mapping[str, Ink], press: PressProfile, *, lossless: bool
) -> FlatPicture:
    inks = [ink for ink in printed.spots if printed.plates[ink].getextrema()[1]]
    if not inks and not lossless:
        return FlatPicture(rect, printed.size, _jpeg(printed), is_jpeg=True)
    planes = [printed.plates[ink] for ink in (*PROCESS, *inks)]
    named = tuple(spots[ink].in_full if ink in spots else _foreign(ink, printed, press) for ink in inks)
    packer, packed = zlib.compressobj(6), []
    for box in strip_boxes(printed.size):
        samples = numpy.stack([numpy.asarray(plane.crop(box)) for plane in planes], axis=2)
        packed.append(packer.compress(samples.tobytes()))
    return FlatPicture(rect, printed.size, b"".join((*packed, packer.flush())), spots=named)


def _jpeg(printed: Separations) -> bytes:
    """The plates of the process, of which as much as is encoded at once is laid together."""
    out = io.BytesIO()
    if not is_large(printed.size):
        printed.process.save(out, "JPEG", quality=QUALITY, subsampling=0)
        return out.getvalue()
    joined, rows = JoinedJpeg(out, printed.size, QUALITY), strip_rows(printed.size[0])
    for box in strip_boxes(printed.size, rows * printed.size[0]):
        joined.add(Image.merge("CMYK", [printed.plates[ink].crop(box) for ink in PROCESS]))
    joined.finish()
    return out.getvalue()


def _foreign(ink: str, printed: Separations, press: PressProfile) -> Ink:
    """A spot that a placed page brings along."""
    look = printed.looks.get(ink, ((0, 0, 0),))[-1]
    pixel = to_cmyk(Image.new("RGB", (1, 1), look), press).getpixel((0, 0))
    cyan, magenta, yellow, black = (part / 2.55 for part in pixel)  # type: ignore[union-attr]  # four of them
    return Ink(ink, "#{:02X}{:02X}{:02X}".format(*look), (cyan, magenta, yellow, black), ink)
