"""Pages without transparency, as ISO 15930-4 (PDF/X-1a) wants them: what shows through something, and what it shows,
becomes pixels in the same inks, under all that stays live."""

from __future__ import annotations

import io
import math
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import BinaryIO, Self

import numpy
import pikepdf
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray
from pikepdf import Array
from PIL import Image, ImageFilter

from pressrun.graphics.color.inks import PressProfile, to_cmyk
from pressrun.graphics.drawn.pdfium import opened, pages_file
from pressrun.graphics.inked.page_parts import part_of
from pressrun.graphics.pages.page_content import write_shown_pages
from pressrun.graphics.pages.placed_pages import mixes
from pressrun.graphics.pages.seen_pages import on_paper
from pressrun.graphics.pixels.joined_jpeg import JoinedJpeg, strip_rows
from pressrun.graphics.pixels.set_aside import set_aside
from pressrun.graphics.pixels.strips import strip_boxes
from pressrun.graphics.separations.plates import separated
from pressrun.model.color import Ink
from pressrun.model.errors import TextInTransparency
from pressrun.model.geometry import Rect
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
from pressrun.model.separations import PROCESS, Color, Separations
from pressrun.model.sheet import Sheet, TextMark

DENSITY, OF_TEXT = 300.0, 1200.0  # pixels per inch of what becomes pixels, and of text that may
MOST_PIXELS = 80_000_000  # A5 at the density of text
STRIP = 4_000_000  # of them at a time
PLATE = "plate"  # as a piece
LOOKED_AT = 72.0  # pixels per inch at which it is looked what lies over what
QUALITY = 92
Mask = NDArray[numpy.bool_]


class _Parted(Struct, frozen=True):
    """The segments of a page that become pixels, and those that stay; ``where`` the former are, and ``texts`` among
    them, if there are any."""

    flat: tuple[Segment, ...]
    live: tuple[Segment, ...]
    where: Mask
    texts: Mask | None


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
        if parted.texts is not None and not rendering.flatten:
            refused.append(number)
            hidden += [(layer, rendering.sheet.page) for layer in _layers(rendering.sheet, parted.texts)]
        if not refused:
            made.append(_flattened(rendering, parted, written))
    if refused:
        raise TextInTransparency(list(dict.fromkeys(hidden)), refused)
    return made


def _flattened(rendering: Rendering, parted: _Parted, written: Callable[[Rendering], bytes]) -> Rendering:
    overlay, has_texts = rendering.overlay, parted.texts is not None
    box = _box(parted.where, overlay.size) if not rendering.plate_spots else Rect(0, 0, *overlay.size)
    density = _density(box, OF_TEXT if has_texts else DENSITY)
    press = PressProfile("", rendering.profile, "", "")
    alone = _over_its_plate(rendering, parted.flat)
    size = max(1, round(box.width * density / 72)), max(1, round(box.height * density / 72))
    with _Plates(size) as plates:
        for _, first, _, last in strip_boxes(size, STRIP):
            row = box.height / size[1]
            strip = Rect(box.x, box.y + first * row, box.width, (last - first) * row)
            seen = part_of(alone.overlay, strip, (size[0] / box.width, size[1] / box.height))
            data = _cut(written(replace(alone, overlay=seen)), strip, overlay.size[1])
            plates.add(*separated(data, press, density))
        flat = plates.picture(box, _spots(rendering), press, lossless=has_texts)
    live = replace(overlay, levels=(Level(parted.live),), pieces=_used(overlay, parted.live))
    return replace(rendering, overlay=live, plate_spots=(), flat=flat)


def _over_its_plate(rendering: Rendering, segments: Sequence[Segment]) -> Rendering:
    """A page of some of its segments, which has its plate as a piece under them."""
    overlay, pieces = rendering.overlay, dict(rendering.overlay.pieces)
    if rendering.plate_jpeg is not None:
        pieces[PLATE] = Piece(Image.new("RGB", (1, 1)), rendering.plate_jpeg, None, rendering.plate_spots)
        segments = (Pixels(PLATE, Rect(0, 0, *overlay.size)), *segments)
    alone = replace(overlay, levels=(Level(tuple(segments)),), pieces=pieces)
    return replace(rendering, overlay=alone, plate_jpeg=None, plate_spots=(), crop_marks=False)


def texts_in_transparency(overlay: Overlay, sheet: Sheet) -> tuple[str, ...]:
    """The layers of texts that `flattened` would make pixels of."""
    if not any(map(_Transparent(overlay).is_so, overlay.segments)):
        return ()
    texts = _parted(overlay).texts
    return _layers(sheet, texts) if texts is not None else ()


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
    cover: Mask = numpy.zeros((1, 1), numpy.bool_)
    flat: set[int] = set()
    texts: Mask | None = None
    for at, mask in _masks_from_the_top(overlay, segments):
        is_so = transparent.is_so(segments[at])
        if not is_so and not (mask & cover).any():
            continue
        cover = cover | mask if is_so else cover
        if any(isinstance(one, TextPage) for one in unfolded([segments[at]])):
            lost = mask & cover
            texts = lost if texts is None else texts | lost
        cover = cover | mask
        flat.add(at)
    chosen = [(at in flat, segment) for at, segment in enumerate(segments)]
    to_pixels, stay = (tuple(one for is_flat, one in chosen if is_flat is wanted) for wanted in (True, False))
    return _Parted(to_pixels, stay, cover, texts)


def _masks_from_the_top(overlay: Overlay, segments: Sequence[Segment]) -> Iterator[tuple[int, Mask]]:
    """What each segment covers, however little, a pixel further, and its number: one after the other, since a poster
    has many."""
    if not segments:
        return
    scale = LOOKED_AT / 72
    size = max(1, math.ceil(overlay.size[0] * scale)), max(1, math.ceil(overlay.size[1] * scale))
    alone = replace(overlay, levels=tuple(Level((one,)) for one in segments))
    with pages_file() as out:
        write_shown_pages(out, [alone], [lambda ink: ink.srgb], _how_much_covers, on_paper)
        with opened(out) as pages:
            for number in reversed(range(len(pages))):
                drawn = pages.alone(number, size).getchannel("A")
                yield number, numpy.asarray(drawn.filter(ImageFilter.MaxFilter(3))) > 0


def _how_much_covers(piece: Piece) -> Image.Image:
    """A piece without its colours."""
    if piece.seen.mode != "RGBA":
        return Image.new("L", (1, 1))
    alpha = piece.seen.getchannel("A")
    return Image.merge("LA", (Image.new("L", alpha.size), alpha))


def _layers(sheet: Sheet, lost: Mask) -> tuple[str, ...]:
    """The layers of texts that are among pixels."""
    scale = LOOKED_AT / 72
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


class _Plates:
    """The plates of a page that come in strips, from the top: each lies in a file until all are there. A strip has no
    plate of a spot that is not in it."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._size, self._rows = size, 0
        self._files: dict[str, BinaryIO] = {}
        self._shown: set[str] = set()
        self._looks: dict[str, tuple[Color, ...]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        for file in self._files.values():
            file.close()

    def add(self, strip: Separations) -> None:
        assert strip.size[0] == self._size[0]
        for ink, plate in strip.plates.items():
            if ink not in self._files:
                self._files[ink] = pages_file()
            self._files[ink].seek(self._rows * self._size[0])
            self._files[ink].write(plate.tobytes())
            if plate.getextrema()[1]:
                self._shown.add(ink)
        self._looks |= strip.looks
        self._rows += strip.size[1]

    def picture(self, rect: Rect, spots: Mapping[str, Ink], press: PressProfile, *, lossless: bool) -> FlatPicture:
        inks = sorted(self._shown.difference(PROCESS))
        if not inks and not lossless:
            return FlatPicture(rect, self._size, set_aside(self._write_jpeg), is_jpeg=True)
        named = tuple(spots[ink].in_full if ink in spots else _foreign(ink, self._looks, press) for ink in inks)
        return FlatPicture(rect, self._size, set_aside(partial(self._write_packed, inks=(*PROCESS, *inks))), named)

    def _write_jpeg(self, out: BinaryIO) -> None:
        joined, rows = JoinedJpeg(out, self._size, QUALITY), strip_rows(self._size[0])
        for strip in self._strips(PROCESS, rows * self._size[0]):
            joined.add(Image.merge("CMYK", strip))
        joined.finish()

    def _write_packed(self, out: BinaryIO, inks: Sequence[str]) -> None:
        packer = zlib.compressobj(6)
        for strip in self._strips(inks, STRIP):
            samples = numpy.stack([numpy.asarray(plane) for plane in strip], axis=2)
            out.write(packer.compress(samples.tobytes()))
        out.write(packer.flush())

    def _strips(self, inks: Sequence[str], pixels: int) -> Iterator[list[Image.Image]]:
        """The plates of some inks, so many pixels of each at a time."""
        for file in self._files.values():
            file.seek(0)
        for _, first, width, last in strip_boxes(self._size, pixels):
            size, count = (width, last - first), width * (last - first)
            yield [Image.frombytes("L", size, self._files[ink].read(count).ljust(count, b"\0")) for ink in inks]


def _foreign(ink: str, looks: Mapping[str, tuple[Color, ...]], press: PressProfile) -> Ink:
    """A spot that a placed page brings along."""
    look = looks.get(ink, ((0, 0, 0),))[-1]
    pixel = to_cmyk(Image.new("RGB", (1, 1), look), press).getpixel((0, 0))
    cyan, magenta, yellow, black = (part / 2.55 for part in pixel)  # type: ignore[union-attr]  # four of them
    return Ink(ink, "#{:02X}{:02X}{:02X}".format(*look), (cyan, magenta, yellow, black), ink)
