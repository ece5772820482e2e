"""Pages whose layers are mixed, as a press mixes them: ink by ink, and not in light.

Where blending is in inks, each is blended by itself, as the light that it leaves (ISO 32000-1, 11.3.5.2 and 11.7.4.2).
So three of them are drawn as red, green and blue, and black once more, as gray.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Sequence
from typing import BinaryIO

from PIL import Image, ImageChops

from pressrun.graphics.color.inks import PressProfile, proofed
from pressrun.graphics.drawn.pdfium import opened, pages_file
from pressrun.graphics.pages.page_content import write_shown_pages
from pressrun.graphics.pages.seen_pages import in_planes
from pressrun.graphics.pixels.jpeg_frames import jpeg_size
from pressrun.graphics.pixels.reduced_strips import reduced
from pressrun.graphics.pixels.strips import large_parts
from pressrun.graphics.plates import spot_layers
from pressrun.model.color import Ink
from pressrun.model.rendering import Overlay, Piece
from pressrun.model.stored_bytes import Content, StoredBytes, head_of

Channels = list[Image.Image]  # as the light that inks leave


def mixed(
    overlay: Overlay, plate: Image.Image, profile: PressProfile
) -> tuple[list[Image.Image], list[tuple[int, int]]]:
    """What is seen of an overlay laid over a plate in CMYK, level by level, in sRGB and as large as the plate; and for
    each level the numbers of what its texts stand on, and of the page with it, of which the plate is 0."""
    colors, blacks = _drawn(overlay, plate, (0, 1, 2)), _drawn(overlay, plate, (3, 3, 3))
    seen = []
    while colors:  # one after the other: of a large page each takes 48 MB
        seen.append(_seen([*colors.pop(0), *blacks.pop(0)], profile))
    return seen, _levels(overlay)


def _levels(overlay: Overlay) -> list[tuple[int, int]]:
    """For each level what is under its texts, and with it: the numbers of what is drawn, of which the plate is 0."""
    levels, last = [], 0
    for level in overlay.levels:
        under = last + 1 if level.under else last
        last = under + 1
        levels.append((under, last))
    return levels


def _drawn(overlay: Overlay, plate: Image.Image, inks: Sequence[int]) -> list[Channels]:
    """Inks of what is drawn over the plate."""
    look = functools.partial(_light_left, inks)
    lit, placed = functools.partial(_piece_lit, inks=inks), functools.partial(in_planes, planes=tuple(inks))
    with pages_file() as out:
        write_shown_pages(out, [overlay], [look], lit, placed)
        return _laid_on(out, overlay, plate, inks)


def _laid_on(out: BinaryIO, overlay: Overlay, plate: Image.Image, inks: Sequence[int]) -> list[Channels]:
    different = len(set(inks))
    with opened(out) as pages:
        drawn = [[Image.new("L", plate.size) for _ in range(different)] for _ in range(len(pages))]
        for box in large_parts(plate.size):
            ground, corner = _lit(plate.crop(box), inks).convert("RGB"), box[:2]
            strips: list[Image.Image] = []
            for level in overlay.levels:
                for _ in range(1 + bool(level.under)):  # both are laid on what is there before
                    strips.append(pages.part(len(strips), ground, corner, plate.size, mixes=True))
                ground = strips[-1]
            for strip, channels in zip(strips, drawn, strict=True):
                for at, channel in enumerate(channels):
                    channel.paste(strip.getchannel(at), corner)
    return drawn


def _light_left(inks: Sequence[int], ink: Ink) -> str:
    return "#" + "".join(f"{255 - round(ink.cmyk[one] * 2.55):02X}" for one in inks)


def _lit(picture: Image.Image, inks: Sequence[int]) -> Image.Image:
    """The light that three inks leave, or one, which is gray then."""
    different = sorted(set(inks))
    light = [ImageChops.invert(picture.getchannel(ink)) for ink in different]
    return Image.merge("RGB", light) if len(light) > 1 else light[0]


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
    seen = Image.new("RGB", channels[0].size)
    for box in large_parts(seen.size):
        inks = [ImageChops.invert(channel.crop(box)) for channel in channels]
        seen.paste(proofed(Image.merge("CMYK", inks), profile), box[:2])
    return seen
