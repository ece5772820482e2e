"""References of kinds that image models do not take are sent as PNG: drawings (SVG), TIFF, AVIF, HEIC, GIF, BMP; those
in inks or of another colour profile in sRGB."""

from __future__ import annotations

import functools
import io
import threading

from PIL import Image, UnidentifiedImageError

from pressrun.graphics.photos.photographs import in_srgb, widely_read
from pressrun.graphics.svg.limits import UnusableSvg
from pressrun.graphics.texts.typst_engine import Typesetter, TypesettingFailed, svg_size

JPEG = b"\xff\xd8"  # as one begins
LONGEST = 1536  # pixels of the longer edge: more than models look at
_one_at_a_time = threading.Lock()  # Typst is not for two threads


def as_master(data: bytes, longest: int) -> tuple[bytes, bytes | None]:
    """A picture as it is placed, and, of a drawing or of one that moves, also the file that came: the pixels of the
    first are ``longest`` on the longer edge, those of the other are its first frame. What cannot be read stays."""
    try:
        if data[:4] == b"GIF8":
            out = io.BytesIO()
            with Image.open(io.BytesIO(data), formats=("GIF",)) as moving:
                moving.convert("RGBA" if moving.has_transparency_data else "RGB").save(out, "PNG")
            return out.getvalue(), data
        if is_drawing(data):
            return _drawn(data, longest), data
    except Exception:  # Pillow's decoders raise many kinds
        return data, None
    return data, None


def is_drawing(data: bytes) -> bool:
    """Whether these are the bytes of an SVG that can be drawn."""
    if b"<svg" not in data[:4096]:
        return False
    try:
        svg_size(data)
    except UnusableSvg:
        return False
    return True


def as_pixels(name: str, data: bytes) -> tuple[str, bytes]:
    """A reference's name and bytes as they are sent: a drawing as a PNG on a transparent ground, a photograph of a
    kind that models do not take as a PNG of its first picture, one in inks or of another profile's colours in sRGB, all
    else as it is. Raises as :func:`widely_read`."""
    png = f"{name.rsplit('.', 1)[0]}.png"
    if not is_drawing(data):
        try:
            read = in_srgb(widely_read(data))
        except UnidentifiedImageError:  # the server says what it thinks of it
            return name, data
        return (name if read is data or read[:2] == JPEG else png), read
    try:
        return png, _drawn(data, LONGEST)
    except TypesettingFailed:
        return name, data  # the server says what it thinks of it


@functools.lru_cache(maxsize=32)
def _drawn(svg: bytes, longest: int) -> bytes:
    width, height = svg_size(svg)
    scale = longest / max(width, height)
    with _one_at_a_time:
        typesetter = Typesetter(())
        try:
            return typesetter.rasterise_svg(svg, max(1, round(width * scale)), max(1, round(height * scale)))
        finally:
            typesetter.close()
