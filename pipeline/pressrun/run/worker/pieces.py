"""Pieces of pixels that lie above live layers: painted once for all sheets and places that show them in one size."""

from __future__ import annotations

import io
import zlib
from typing import Any, Protocol

from msgspec import Struct
from msgspec.structs import astuple, replace
from PIL import Image, ImageFilter

from pressrun import export as export_stage
from pressrun import plate
from pressrun.graphics.plates.canvas import Canvas, Painting
from pressrun.graphics.plates.spot_layers import Parted, spots_in
from pressrun.model.errors import PressrunError
from pressrun.model.geometry import PROOF_DENSITY, Rect
from pressrun.model.inspection import PixelBox
from pressrun.model.journal import Result, Results
from pressrun.model.journal.results import PIECE
from pressrun.model.rendering import InkLimit, Piece, Pixels, SpotLayer
from pressrun.model.sheet import PictureMark, ShadeMark
from pressrun.model.store import Store
from pressrun.model.stored_bytes import StoredBytes
from pressrun.run.worker.pieces_in_strips import piece_in_strips

KEPT = 12
FAINT = 8  # levels of 255 that nobody sees in what is below
AT_EDGES = 0.002  # of a picture: what a corner of a smooth edge leaves


class PaintingTools(Protocol):
    """What pieces are painted with, and kept in; ``spreads`` as it comes to be known of the pictures in them."""

    store: Store
    results: Results
    spreads: dict[str, float]

    def photograph(self, digest: str) -> Image.Image: ...

    def drawn(self, digest: str, width: int, height: int, part: PixelBox | None = None) -> Image.Image: ...


class _Cut(Struct, frozen=True):
    """A piece, and the box that it takes in pixels of its canvas, from the upper left of its mark on."""

    piece: Piece
    box: tuple[int, int, int, int]


class Pieces:
    """The pieces that a bench handled last."""

    def __init__(self, tools: PaintingTools) -> None:
        self._tools = tools
        self._kept: dict[str, _Cut] = {}

    def piece(
        self, mark: PictureMark | ShadeMark, canvas: Canvas, enlarged: float, seen: float
    ) -> tuple[Pixels, Piece]:
        """A mark as it is placed: kept at hand, else from the store, else painted and stored. What is ``enlarged`` by
        that factor has as many more pixels. In print it is ``seen`` at so many an inch."""
        canvas = replace(canvas, density=canvas.density * enlarged)
        key = plate.piece_key(mark, canvas)
        if canvas.profile and seen != PROOF_DENSITY:
            key += f" at {seen:.4f}"
        if key not in self._kept:
            while len(self._kept) >= KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = self._stored(key, mark) or self._painted(key, mark, canvas, enlarged * seen)
        cut = self._kept[key]
        left, top, _, _ = canvas.box(mark.rect)
        point = 72 / canvas.density
        x, y, width, height = cut.box
        return Pixels(key, Rect((left + x) * point, (top + y) * point, width * point, height * point)), cut.piece

    def _stored(self, key: str, mark: PictureMark | ShadeMark) -> _Cut | None:
        store = self._tools.store
        result = self._tools.results.lookup([key]).get(key)
        if result is None:
            return None
        try:
            seen: Image.Image = Image.open(io.BytesIO(store.read(result.digest)))
            seen.load()
            press, alpha = (result.facts[name] for name in ("press", "alpha"))
            is_much = "strips" in result.facts
            jpeg = (StoredBytes.of(store, press) if is_much else store.read(press)) if press else None
            x, y, width, height = result.facts["box"]
            self._tools.spreads.update(result.facts["spreads"])
            full = spots_in(plate.inks_of(mark))
            spots = tuple(
                SpotLayer(full[spot], (width, height), store.read(digest))
                for spot, digest in result.facts.get("spots", ())
            )
            limit = InkLimit(*result.facts["limit"]) if "limit" in result.facts else None
            kept = store.read(alpha) if alpha else None
            return _Cut(Piece(seen, jpeg, kept, spots, limit, _is_mixed(seen)), (x, y, width, height))
        except (PressrunError, ValueError, TypeError, KeyError):
            return None  # damaged or swept away: painted again

    def _painted(self, key: str, mark: PictureMark | ShadeMark, canvas: Canvas, seen_density: float) -> _Cut:
        tools = self._tools
        if plate.has_strips(mark, canvas):
            scale = seen_density / canvas.density
            made, box = piece_in_strips(mark, canvas, scale, tools.photograph, tools.drawn, tools.store)
            cut = _Cut(replace(made, is_mixed=_is_mixed(made.seen)), box)
            self._keep(key, mark, cut)
            return cut
        painted = plate.paint_piece(mark, canvas, tools.photograph, tools.drawn)
        seen, jpeg, alpha = painted.color, None, None
        press = painted.parted or Parted(painted.color, painted.alpha, ())
        if canvas.profile:
            scale = seen_density / canvas.density
            size = max(1, round(seen.width * scale)), max(1, round(seen.height * scale))
            jpeg = export_stage.encode_plate(press.picture) if press.picture else None
            seen = export_stage.proof_of(Painting(painted.color, canvas), {}, size)
            alpha = zlib.compress(press.alpha.tobytes()) if press.alpha else None
        if painted.alpha:
            seen.putalpha(painted.alpha.resize(seen.size, Image.Resampling.BOX))
        piece = Piece(seen, jpeg, alpha, press.layers, painted.limit, _is_mixed(seen))
        cut = _Cut(piece, (*painted.offset, *painted.color.size))
        self._keep(key, mark, cut)
        return cut

    def _keep(self, key: str, mark: PictureMark | ShadeMark, cut: _Cut) -> None:
        tools, piece, put = self._tools, cut.piece, self._tools.store.put
        data = export_stage.encode_plate(piece.seen)
        digest = mark.digest if isinstance(mark, PictureMark) else ""
        is_stored = isinstance(piece.jpeg, StoredBytes)
        facts: dict[str, Any] = {
            "box": list(cut.box),
            "press": piece.jpeg.digest if isinstance(piece.jpeg, StoredBytes) else piece.jpeg and put(piece.jpeg),
            "alpha": put(piece.alpha) if piece.alpha else None,
            "spreads": {digest: tools.spreads[digest]} if digest in tools.spreads else {},
            **({"strips": True} if is_stored else {}),
        }
        if piece.spots:
            facts["spots"] = [[layer.ink.spot, put(layer.cover)] for layer in piece.spots]
        if piece.limit:
            facts["limit"] = astuple(piece.limit)
        tools.results.record([Result.of(key, PIECE, put(data), len(data), facts)])


def _is_mixed(seen: Image.Image) -> bool:
    """Whether what lies below shows through more of a picture than its smooth edges, which are two pixels wide."""
    if seen.mode != "RGBA":
        return False
    partly = seen.getchannel("A").point(lambda level: 255 * (FAINT < level < 255 - FAINT))
    inside = partly.filter(ImageFilter.MinFilter(3)).histogram()[255]
    return inside > AT_EDGES * seen.width * seen.height
