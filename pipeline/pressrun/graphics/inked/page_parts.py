"""Parts of pages for print: of their pixels there is what a part shows, in as many as it is drawn with."""

from __future__ import annotations

import io
import math
import zlib
from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace
from PIL import Image

from pressrun.graphics.pixels.joined_jpeg import rows_of
from pressrun.graphics.pixels.jpeg_frames import jpeg_size
from pressrun.graphics.pixels.packed_strips import unpacked
from pressrun.model.geometry import IDENTITY, Matrix, Rect, after, inverse, point_moved
from pressrun.model.plate_density import is_large
from pressrun.model.rendering import Group, Level, Overlay, Piece, Pixels, Segment, SpotLayer
from pressrun.model.stored_bytes import Content, StoredBytes, head_of

MARGIN = 2  # pixels around a part, which are drawn with it and not seen
NEAR = 2  # pixels of a picture beside those of a part, which what is between them is made of
INSET = 0.01  # pixels: PDFium draws a picture in all pixels that it touches, be it by what a float is off
Box = tuple[float, float, float, float]
Rows = Callable[[int, int], Image.Image]


def part_of(overlay: Overlay, part: Rect, scale: tuple[float, float]) -> Overlay:
    """What is seen of an overlay in a part of its page (points), which is drawn in so many pixels a point across and
    down. It stays as large as it is, and where it is."""
    cutting = _Cutting(overlay, part, scale)
    levels = tuple(Level(tuple(cutting.segments(level.segments, IDENTITY))) for level in overlay.levels)
    return replace(overlay, levels=levels, pieces={**overlay.pieces, **cutting.pieces})


class _Cut(Struct, frozen=True):
    """What of a piece is seen: the share of it (left, top, right, bottom), in so many pixels; where nobody sees the
    pixels of a piece one by one, not in more than it has."""

    share: Box
    size: tuple[int, int]
    at_most: bool


class _Cutting:
    def __init__(self, overlay: Overlay, part: Rect, scale: tuple[float, float]) -> None:
        self._overlay, self._scale = overlay, scale
        self._seen = part.inset(*(-MARGIN / scale[at] for at in (1, 0, 1, 0)))
        self.pieces: dict[str, Piece] = {}

    def segments(self, segments: Iterable[Segment], place: Matrix) -> Iterator[Segment]:
        """Those that a matrix takes to the page."""
        for one in segments:
            if isinstance(one, Pixels):
                yield from self._pixels(one, place)
            elif isinstance(one, Group):
                yield replace(one, segments=tuple(self.segments(one.segments, after(one.matrix, place))))
            else:
                yield one

    def _pixels(self, one: Pixels, place: Matrix) -> Iterator[Pixels]:
        piece, rect = self._overlay.pieces[one.piece], one.rect
        seen = _seen_through(place, self._seen)
        left, top = max(rect.x, seen.x), max(rect.y, seen.y)
        right, bottom = min(rect.right, seen.right), min(rect.bottom, seen.bottom)
        if left >= right or top >= bottom:
            return
        if (left, top, right, bottom) == (rect.x, rect.y, rect.right, rect.bottom) and not is_large(_size_of(piece)):
            yield one
            return
        upright = place[0] > 0 and place[3] > 0 and not place[1] and not place[2]
        across, down = self._scale[0] * math.hypot(*place[:2]), self._scale[1] * math.hypot(*place[2:4])
        size = (
            (self._touched(0, left, right, place), self._touched(1, top, bottom, place)) if upright
            else (math.ceil((right - left) * across), math.ceil((bottom - top) * down))
        )  # fmt: skip
        share = (
            (left - rect.x) / rect.width, (top - rect.y) / rect.height,
            (right - rect.x) / rect.width, (bottom - rect.y) / rect.height,
        )  # fmt: skip
        key = f"{one.piece} {len(self.pieces)}"
        self.pieces[key] = _cut(piece, _Cut(share, (max(1, size[0]), max(1, size[1])), not upright))
        inset = INSET / down, INSET / across
        yield Pixels(key, Rect(left, top, right - left, bottom - top).inset(*inset, *inset))

    def _touched(self, axis: int, first: float, last: float, place: Matrix) -> int:
        """How many pixels of the part, counted from its edge, are touched from one place to another."""
        corner = (self._seen.x, self._seen.y)[axis]
        ends = (((end * place[3 * axis] + place[4 + axis]) - corner) * self._scale[axis] for end in (first, last))
        low, high = ends
        return math.ceil(high - INSET) - math.floor(low + INSET)


def _seen_through(place: Matrix, seen: Rect) -> Rect:
    """Around what is seen of a page, as what a matrix takes there measures it."""
    try:
        back = inverse(place)
    except ZeroDivisionError:
        return Rect(0, 0, 0, 0)
    corners = [point_moved(x, y, back) for x in (seen.x, seen.right) for y in (seen.y, seen.bottom)]
    across, down = zip(*corners, strict=True)
    return Rect(min(across), min(down), max(across) - min(across), max(down) - min(down))


def _size_of(piece: Piece) -> tuple[int, int]:
    return jpeg_size(head_of(piece.jpeg)) if piece.jpeg else piece.spots[0].size


def _cut(piece: Piece, cut: _Cut) -> Piece:
    jpeg, alpha = None, None
    if piece.jpeg:
        whole, out = jpeg_size(head_of(piece.jpeg)), io.BytesIO()
        _resized(_jpeg_rows(piece.jpeg), whole, cut).save(out, "JPEG", quality=100, subsampling=0)
        jpeg = out.getvalue()
        alpha = piece.alpha and _packed_part(piece.alpha, whole, cut)[1]
    spots = [SpotLayer(one.ink, *_packed_part(one.cover, one.size, cut)) for one in piece.spots]
    return replace(piece, jpeg=jpeg, alpha=alpha, spots=tuple(spots))


def _packed_part(packed: bytes, whole: tuple[int, int], cut: _Cut) -> tuple[tuple[int, int], bytes]:
    made = _resized(lambda first, last: unpacked(packed, whole[0], first, last), whole, cut)
    return made.size, zlib.compress(made.tobytes(), 1)


def _jpeg_rows(jpeg: Content) -> Rows:
    def rows(first: int, last: int) -> Image.Image:
        if isinstance(jpeg, StoredBytes):
            with jpeg.opened() as file:
                return rows_of(file, first, last)
        with Image.open(io.BytesIO(jpeg)) as picture:
            return picture.crop((0, first, picture.width, last))

    return rows


def _resized(rows: Rows, whole: tuple[int, int], cut: _Cut) -> Image.Image:
    """A share of a picture of which rows can be had: of all its pixels no more than those are in memory."""
    left, top, right, bottom = (share * whole[at % 2] for at, share in enumerate(cut.share))
    width, height = cut.size
    if cut.at_most:
        width, height = min(width, math.ceil(right - left)), min(height, math.ceil(bottom - top))
    first, last = max(0, math.floor(top) - NEAR), min(whole[1], math.ceil(bottom) + NEAR)
    finer = width > right - left or height > bottom - top
    way = Image.Resampling.BILINEAR if finer else Image.Resampling.BOX
    box = left, max(0.0, top - first), min(right, whole[0]), min(bottom - first, last - first)
    return rows(first, last).resize((width, height), way, box=box)
