"""What lies under the live layers of sheets, and how it is painted where it is too large to be painted as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import BinaryIO

from msgspec import Struct
from PIL import Image

from pressrun import export as export_stage
from pressrun import plate
from pressrun.graphics.pixels.joined_jpeg import JoinedJpeg
from pressrun.graphics.pixels.reduced_strips import ReducedStrips
from pressrun.graphics.plates import spot_layers
from pressrun.graphics.plates.canvas import Canvas, Painting
from pressrun.graphics.plates.ground import Ground
from pressrun.graphics.plates.placed_pixels import Drawn, Photograph
from pressrun.graphics.plates.spot_layers import JoinedCovers
from pressrun.model.color import Ink
from pressrun.model.rendering import InkLimit, SpotLayer
from pressrun.model.sheet import Sheet
from pressrun.model.store import Store
from pressrun.model.stored_bytes import Content, StoredBytes


class Plate(Struct, frozen=True):
    """What lies under the live layers of a sheet: the press JPEG (print with pictures only) and the spots over it, the
    RGBA of a cut-out, and its look on paper; ``limits`` are of pictures on it that had too much ink."""

    jpeg: Content | None
    cutout: Image.Image | None
    ground: Ground
    spots: tuple[SpotLayer, ...] = ()
    limits: tuple[InkLimit, ...] = ()


class Painted(Struct, frozen=True):
    """A plate as it is stored: the press JPEG, what is seen, and what comes with it."""

    jpeg: Content | None
    seen: Image.Image
    spots: tuple[SpotLayer, ...] = ()
    limits: tuple[InkLimit, ...] = ()


def painted_in_strips(
    sheet: Sheet, canvas: Canvas, seen: tuple[int, int], photograph: Photograph, drawn: Drawn, store: Store
) -> Painted:
    """A plate for print, of which no more than a strip is in memory at a time, and what is ``seen`` of it at that size.
    Its JPEG goes into the store as it is made. Raises CannotWrite."""
    whole, full = canvas.whole(sheet.boxes.bleed), plate.spots_of(sheet, canvas)
    return painted_of(plate.paint_strips(sheet, canvas, photograph, drawn), whole, canvas, seen, full, store)


def painted_of(
    strips: Iterable[Painting], whole: tuple[int, int], canvas: Canvas, seen: tuple[int, int], full: Mapping[str, Ink],
    store: Store,
) -> Painted:  # fmt: skip
    """The same of strips from the top, which together are so many pixels; ``full`` are the spots on them in full."""
    made: list[Callable[[StoredBytes], Painted]] = []
    digest = store.put_written(lambda out: made.append(_painted_into(out, strips, whole, canvas, seen, full)))
    return made[0](StoredBytes.of(store, digest))


def _painted_into(
    out: BinaryIO, strips: Iterable[Painting], whole: tuple[int, int], canvas: Canvas, seen: tuple[int, int],
    full: Mapping[str, Ink],
) -> Callable[[StoredBytes], Painted]:  # fmt: skip
    """What is known of a plate when its JPEG is written, as far as it does not hang on where that lies."""
    jpeg = JoinedJpeg(out, whole, export_stage.PLATE_QUALITY)
    covers = {spot: JoinedCovers(ink, whole) for spot, ink in full.items()}
    small = ReducedStrips(whole, seen, canvas.mode)
    small_covers = {spot: ReducedStrips(whole, seen, "L") for spot in full}
    told = Painting(small.picture, canvas, {spot: cover.picture for spot, cover in small_covers.items()})
    for strip in strips:
        for limit in strip.limits.values():
            told.tell(limit)
        small.add(strip.picture)
        for spot, cover in strip.spots.items():
            small_covers[spot].add(cover)
        picture: Image.Image | None = strip.picture
        if full:
            parted = spot_layers.parted(strip, None, full)
            picture = parted.picture
            for joined in covers.values():
                joined.add(parted.layers, strip.picture.height)
        assert picture, "a plate is of process inks, though there may be nothing of them"
        jpeg.add(picture)
    jpeg.finish()
    layers = tuple(layer for cover in covers.values() if (layer := cover.layer()))
    look, limits = export_stage.proof_of(told, full, seen), tuple(told.limits.values())
    return lambda stored: Painted(stored, look, layers, limits)
