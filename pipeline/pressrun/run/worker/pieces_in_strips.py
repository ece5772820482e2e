"""Pieces above live layers that are too large to be painted as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import BinaryIO

from PIL import Image

from pressrun import export as export_stage
from pressrun import plate
from pressrun.graphics.pixels.joined_jpeg import JoinedJpeg
from pressrun.graphics.pixels.packed_strips import PackedStrips
from pressrun.graphics.pixels.reduced_strips import ReducedStrips
from pressrun.graphics.plates.canvas import Canvas, Painting
from pressrun.graphics.plates.placed_pixels import Drawn, Photograph
from pressrun.graphics.plates.spot_layers import JoinedCovers, spots_in
from pressrun.model.rendering import InkLimit, Piece
from pressrun.model.sheet import PictureMark, ShadeMark
from pressrun.model.store import Store
from pressrun.model.stored_bytes import StoredBytes
from pressrun.plate import PaintedPiece
from pressrun.run.worker.painted_plates import painted_of

Box = tuple[int, int, int, int]


def piece_in_strips(
    mark: PictureMark | ShadeMark, canvas: Canvas, seen: float, photograph: Photograph, drawn: Drawn, store: Store
) -> tuple[Piece, Box]:
    """A piece for print, of which no more than a strip is in memory at a time, ``seen`` at that share of its size, and
    the box that it takes, from the upper left of its mark on: left, top, width and height. Raises CannotWrite."""
    left, top, right, bottom = plate.piece_extent(mark, canvas, photograph, drawn)
    whole = right - left, bottom - top
    small = max(1, round(whole[0] * seen)), max(1, round(whole[1] * seen))
    own_left, own_top, _, _ = canvas.box(mark.rect)
    box = left - own_left, top - own_top, *whole
    if isinstance(mark, PictureMark) and plate.is_opaque(mark, photograph):
        full = spots_in(plate.inks_of(mark))
        strips = plate.opaque_strips(mark, canvas, photograph, drawn)
        made = painted_of(strips, whole, canvas, small, full, store)
        return Piece(made.seen, made.jpeg, None, made.spots, next(iter(made.limits), None)), box
    joining = _Joining(mark, canvas, whole, small)
    digest = store.put_written(lambda out: joining.join(out, plate.piece_strips(mark, canvas, photograph, drawn)))
    return joining.piece(lambda: StoredBytes.of(store, digest)), box


class _Joining:
    """Strips through which something shows: what is known of them when they are joined."""

    def __init__(
        self, mark: PictureMark | ShadeMark, canvas: Canvas, whole: tuple[int, int], seen: tuple[int, int]
    ) -> None:
        self._canvas, self._whole = canvas, whole
        self._covers = [JoinedCovers(ink, whole) for ink in spots_in(plate.inks_of(mark)).values()]
        self._small, self._small_alpha = ReducedStrips(whole, seen, canvas.mode), ReducedStrips(whole, seen, "L")
        self._alpha = PackedStrips()
        self._limits = Painting(self._small.picture, canvas)

    def join(self, out: BinaryIO, strips: Iterable[PaintedPiece]) -> None:
        """Write their picture in process inks, and keep the rest in small or packed."""
        jpeg = JoinedJpeg(out, self._whole, export_stage.PLATE_QUALITY)
        for strip in strips:
            parted, size = strip.parted, strip.color.size
            assert parted, "strips are parted"
            assert strip.alpha, "strips have their alpha"
            self._limits.tell(strip.limit)
            self._small.add(strip.color)
            self._small_alpha.add(strip.alpha)
            for cover in self._covers:
                cover.add(parted.layers, size[1])
            jpeg.add(parted.picture or Image.new(strip.color.mode, size))
            self._alpha.add(parted.alpha or Image.new("L", size, 255 if parted.picture else 0))
        jpeg.finish()

    def piece(self, stored: Callable[[], StoredBytes]) -> Piece:
        alpha, layers = self._alpha.finish(), [cover.layer() for cover in self._covers]
        seen = export_stage.proof_of(Painting(self._small.picture, self._canvas), {}, self._small.picture.size)
        if self._small_alpha.picture.getextrema()[0] != 255:
            seen.putalpha(self._small_alpha.picture)
        limit: InkLimit | None = next(iter(self._limits.limits.values()), None)
        spots = tuple(layer for layer in layers if layer)
        if not self._alpha.most:
            return Piece(seen, None, None, spots, limit)
        return Piece(seen, stored(), None if self._alpha.least == 255 else alpha, spots, limit)
