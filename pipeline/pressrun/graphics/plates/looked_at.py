"""Pages whose plates and pieces are too large to be decoded as a whole, in as many pixels as somebody looks at."""

from __future__ import annotations

import io
import zlib

from msgspec.structs import replace

from pressrun.graphics.pixels.jpeg_frames import jpeg_size
from pressrun.graphics.pixels.reduced_strips import reduced, to_be_looked_at
from pressrun.graphics.plates.spot_layers import reduced_cover
from pressrun.model.geometry import proof_density
from pressrun.model.plate_density import is_large
from pressrun.model.rendering import Piece, Rendering
from pressrun.model.stored_bytes import StoredBytes


def page_to_be_looked_at(page: Rendering, density: float) -> Rendering:
    """At so many pixels per inch; nothing of it is delivered. Where those are no more than a proof has, pieces have as
    many as they are seen with."""
    if isinstance(page.plate_jpeg, StoredBytes):
        page = replace(page, plate_jpeg=to_be_looked_at(page.plate_jpeg, page.sheet.boxes.bleed, density))
    if density > proof_density(page.sheet.boxes.bleed):
        return page
    pieces = {key: _in_small(piece) for key, piece in page.overlay.pieces.items()}
    return replace(page, overlay=replace(page.overlay, pieces=pieces))


def _in_small(piece: Piece) -> Piece:
    size, out = piece.seen.size, io.BytesIO()
    if not isinstance(piece.jpeg, StoredBytes) or not is_large(jpeg_size(piece.jpeg.head)):
        return piece
    reduced(piece.jpeg, size).save(out, "JPEG", quality=100, subsampling=0)
    alpha = piece.alpha and zlib.compress(reduced_cover(piece.alpha, jpeg_size(piece.jpeg.head), size).tobytes(), 1)
    spots = tuple(
        replace(one, size=size, cover=zlib.compress(reduced_cover(one.cover, one.size, size).tobytes(), 1))
        for one in piece.spots
    )
    return replace(piece, jpeg=out.getvalue(), alpha=alpha, spots=spots)
