"""Spots over pixels in process inks.

In the file a spot is laid over the plate: a fill in its own ink, whose soft mask is this cover. Each such layer takes
away from what lies under it as much as it covers, whoever draws it; so what is under it is told without that.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy
from msgspec import Struct
from PIL import Image

from pressrun.graphics.pixels.reduced_strips import ReducedStrips
from pressrun.graphics.plates.canvas import Painting
from pressrun.model.color import Ink
from pressrun.model.inspection import PixelBox
from pressrun.model.plate_density import is_large
from pressrun.model.rendering import SpotLayer

STRIP = 256  # rows that are reckoned at once: a plate may have 20 million pixels


class Parted(Struct, frozen=True):
    """What is laid on, one on the other: a picture in process inks, with its alpha where it has one, and spots.
    ``picture`` is None where there is nothing but spots."""

    picture: Image.Image | None
    alpha: Image.Image | None
    layers: tuple[SpotLayer, ...]


def spots_in(inks: Iterable[Ink | None]) -> dict[str, Ink]:
    """The spots among inks, each in full."""
    return {ink.spot: ink.in_full for ink in inks if ink is not None and ink.spot is not None}


def parted(painting: Painting, alpha: Image.Image | None, inks: Mapping[str, Ink]) -> Parted:
    """A painting in which colours are as much as they cover, as layers that give the same when they are laid on one
    after the other. ``inks`` are its spots in full; its ``alpha`` is opaque if there is none."""
    size = painting.picture.size
    picture, own = Image.new("CMYK", size), Image.new("L", size)
    covers = {spot: Image.new("L", size) for spot in painting.spots}
    for box in _strips(size):
        rest = numpy.asarray(alpha.crop(box), numpy.float32) if alpha else numpy.full(_shape(box), 255.0, numpy.float32)
        above = numpy.full(_shape(box), 255.0, numpy.float32)  # what is left for what lies lower
        for spot in reversed(painting.spots):
            cover = numpy.asarray(painting.spots[spot].crop(box), numpy.float32)
            covers[spot].paste(_bytes(cover * 255 / numpy.maximum(above, 1)), box)
            above, rest = above - cover, rest - cover
        inner = numpy.asarray(painting.picture.crop(box), numpy.float32)
        picture.paste(_bytes(inner * (255 / numpy.maximum(rest, 1))[..., None], "CMYK"), box)
        own.paste(_bytes(rest * 255 / numpy.maximum(above, 1)), box)
    layers = tuple(
        SpotLayer(inks[spot], size, zlib.compress(cover.tobytes(), 6))
        for spot, cover in covers.items()
        if cover.getbbox()
    )
    least, most = own.getextrema()
    if alpha is None or least == 255:
        return Parted(picture, None, layers)
    return Parted(picture if most else None, own if most else None, layers)


def _bytes(levels: numpy.ndarray, mode: str = "L") -> Image.Image:
    return Image.fromarray(numpy.rint(levels.clip(0, 255)).astype(numpy.uint8), mode)


def _strips(size: tuple[int, int]) -> Iterator[PixelBox]:
    for top in range(0, size[1], STRIP):
        yield 0, top, size[0], min(size[1], top + STRIP)


def _shape(box: PixelBox) -> tuple[int, int]:
    return box[3] - box[1], box[2] - box[0]


def in_process_inks(painting: Painting, inks: Mapping[str, Ink]) -> Image.Image:
    """A painting with what stands for its spots, given in full; colours are as much as they cover."""
    if not painting.spots:
        return painting.picture
    picture = Image.new("CMYK", painting.picture.size)
    for box in _strips(picture.size):
        strip = painting.crop(box)
        levels = numpy.array(strip.picture, numpy.float32)
        for spot, cover in strip.spots.items():
            levels += numpy.asarray(cover, numpy.float32)[..., None] * numpy.array(inks[spot].cmyk, numpy.float32) / 100
        picture.paste(_bytes(levels, "CMYK"), box)
    return picture


def laid_over(picture: Image.Image, layers: Sequence[SpotLayer]) -> Image.Image:
    """A picture in process inks under layers of spots, as what stands for these looks."""
    for layer in layers:
        color = tuple(round(part * 2.55) for part in layer.ink.cmyk)
        picture.paste(color, (0, 0, *picture.size), _cover(layer, picture.size))
    return picture


def with_layers(
    picture: Image.Image, alpha: Image.Image, layers: Sequence[SpotLayer], seen: Image.Image
) -> Image.Image:
    """The colours, where it covers, of what is seen of a picture of so much ``alpha`` under layers of spots, in process
    inks; all are of one size."""
    levels = numpy.asarray(picture, numpy.float32) * (numpy.asarray(alpha, numpy.float32) / 255)[..., None]
    for layer in layers:
        share = numpy.asarray(_cover(layer, seen.size), numpy.float32)[..., None] / 255
        levels = levels * (1 - share) + numpy.array(layer.ink.cmyk, numpy.float32) * 2.55 * share
    if seen.mode == "RGBA":
        levels *= (255 / numpy.maximum(numpy.asarray(seen.getchannel("A"), numpy.float32), 1))[..., None]
    return _bytes(levels, "CMYK")


def _cover(layer: SpotLayer, size: tuple[int, int]) -> Image.Image:
    return reduced_cover(layer.cover, layer.size, size)


def reduced_cover(packed: bytes, whole: tuple[int, int], size: tuple[int, int]) -> Image.Image:
    """A cover (8 bits a pixel, deflated) at another size; of a large one a strip at a time is in memory."""
    if not is_large(whole):
        return Image.frombytes("L", whole, zlib.decompress(packed)).resize(size, Image.Resampling.BOX)
    strips, unpacking = ReducedStrips(whole, size, "L"), zlib.decompressobj()
    for left, top, right, bottom in _strips(whole):
        rows = bytearray()
        while (lacks := (right - left) * (bottom - top) - len(rows)) > 0:
            rows += unpacking.decompress(packed, lacks)
            packed = unpacking.unconsumed_tail
        strips.add(Image.frombytes("L", (right - left, bottom - top), bytes(rows)))
    return strips.picture


class JoinedCovers:
    """The cover of a spot over a plate that comes in strips, from the top."""

    def __init__(self, ink: Ink, size: tuple[int, int]) -> None:
        self._ink, self._size = ink, size
        self._packing, self._packed = zlib.compressobj(6), bytearray()
        self._shows = False

    def add(self, layers: Iterable[SpotLayer], rows: int) -> None:
        """A strip, of which this is what lies over it."""
        own = next((layer for layer in layers if layer.ink.spot == self._ink.spot), None)
        self._packed += self._packing.compress(zlib.decompress(own.cover) if own else bytes(self._size[0] * rows))
        self._shows |= own is not None

    def layer(self) -> SpotLayer | None:
        """All of it; None where there is nothing."""
        self._packed += self._packing.flush()
        return SpotLayer(self._ink, self._size, bytes(self._packed)) if self._shows else None
