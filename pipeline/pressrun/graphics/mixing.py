"""Pages whose layers are mixed, as a press mixes them: ink by ink, and not in light.

Where blending is in inks, each is blended by itself, as the light that it leaves (ISO 32000-1, 11.3.5.2 and 11.7.4.2).
So three of them are drawn as red, green and blue, and black once more, as gray.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Sequence

from PIL import Image, ImageChops

from pressrun.graphics import spot_layers
from pressrun.graphics.ground import Ground
from pressrun.graphics.inks import PressProfile, proofed
from pressrun.graphics.jpeg_frames import jpeg_size
from pressrun.graphics.page_content import shown_pages
from pressrun.graphics.pdfium import opened
from pressrun.graphics.reduced_strips import reduced
from pressrun.graphics.seen_pages import in_planes
from pressrun.model.color import Ink
from pressrun.model.rendering import Overlay, Piece
from pressrun.model.stored_bytes import Content, StoredBytes, head_of

Channels = list[Image.Image]  # as the light that inks leave


def mixed(overlay: Overlay, plate: Image.Image, profile: PressProfile) -> list[tuple[Image.Image, Image.Image]]:
    """For each level of an overlay, laid over a plate in CMYK: what its texts stand on, and the page with it, in sRGB.
    They are as large as the plate; what is the same of two levels is one picture."""
    colors, levels = _drawn(overlay, plate, (0, 1, 2))
    blacks, _ = _drawn(overlay, plate, (3, 3, 3))
    seen = []
    for black in blacks:  # one after the other: of a large page each takes 48 MB
        seen.append(_seen([*colors.pop(0), *black[:1]], profile))
    return [(seen[under], seen[page]) for under, page in levels]


def _drawn(overlay: Overlay, plate: Image.Image, inks: Sequence[int]) -> tuple[list[Channels], list[tuple[int, int]]]:
    """Three inks of what is drawn, from the plate on, and for each level what of that is under it, and with it."""
    look = functools.partial(_light_left, inks)
    ground = Ground.of(_lit(plate, inks), overlay.size[0], look)
    different = len(set(inks))
    drawn, levels = [_channels(ground, different)], []
    lit, placed = functools.partial(_piece_lit, inks=inks), functools.partial(in_planes, planes=tuple(inks))
    with opened(shown_pages([overlay], [look], lit, placed)) as pages:
        numbers = iter(range(len(pages)))
        for level in overlay.levels:
            under = len(drawn) - 1
            if level.under:
                (below,) = pages.over(next(numbers), ground, mixes=True)
                under = len(drawn)
                drawn.append(_channels(below, different))
            (ground,) = pages.over(next(numbers), ground, mixes=True)
            levels.append((under, len(drawn)))
            drawn.append(_channels(ground, different))
    return drawn, levels


def _channels(ground: Ground, count: int) -> Channels:
    return [ground.picture.getchannel(number) for number in range(count)]


def _light_left(inks: Sequence[int], ink: Ink) -> str:
    return "#" + "".join(f"{255 - round(ink.cmyk[one] * 2.55):02X}" for one in inks)


def _lit(picture: Image.Image, inks: Sequence[int]) -> Image.Image:
    channels = [ImageChops.invert(channel) for channel in picture.split()]
    return Image.merge("RGB", [channels[one] for one in inks])


def _piece_lit(piece: Piece, inks: Sequence[int]) -> Image.Image:
    lit = _lit(piece_in_inks(piece), inks)
    if piece.seen.mode == "RGBA":
        lit.putalpha(piece.seen.getchannel("A"))
    return lit


def piece_in_inks(piece: Piece) -> Image.Image:
    """A piece in CMYK where it covers, of the size in which it is seen; what stands for its spots is in it."""
    size = piece.seen.size
    assert piece.jpeg or piece.spots, "a page for print has its pieces in inks"
    picture = press_picture(piece.jpeg, size) if piece.jpeg else Image.new("CMYK", size)
    if not piece.spots:
        return picture
    return spot_layers.with_layers(picture, _alpha_of(piece), piece.spots, piece.seen)


def _alpha_of(piece: Piece) -> Image.Image:
    """How much of a piece's picture in process inks there is, of the size in which the piece is seen."""
    if not piece.jpeg:
        return Image.new("L", piece.seen.size)
    if not piece.alpha:
        return Image.new("L", piece.seen.size, 255)
    return spot_layers.reduced_cover(piece.alpha, jpeg_size(head_of(piece.jpeg)), piece.seen.size)


def press_picture(jpeg: Content, size: tuple[int, int]) -> Image.Image:
    """A picture of a press file in CMYK, reduced to a size."""
    if isinstance(jpeg, StoredBytes):
        return reduced(jpeg, size)
    with Image.open(io.BytesIO(jpeg)) as picture:
        return picture.resize(size, Image.Resampling.BOX)


def _seen(channels: Channels, profile: PressProfile) -> Image.Image:
    return proofed(Image.merge("CMYK", [ImageChops.invert(channel) for channel in channels]), profile)
