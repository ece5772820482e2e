"""Drawings (SVG) as references: sent as pixels, since image models take nothing else."""

from __future__ import annotations

import functools
import threading

from pressrun.graphics.typst_engine import Typesetter, TypesettingFailed, UnusableSvg, svg_size

LONGEST = 1536  # pixels of the longer edge: more than models look at
_one_at_a_time = threading.Lock()  # Typst is not for two threads


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
    """A reference's name and bytes as they are sent: a drawing as a PNG on a transparent ground, all else as it is."""
    if not is_drawing(data):
        return name, data
    try:
        return f"{name.rsplit('.', 1)[0]}.png", _drawn(data)
    except TypesettingFailed:
        return name, data  # the server says what it thinks of it


@functools.lru_cache(maxsize=32)
def _drawn(svg: bytes) -> bytes:
    width, height = svg_size(svg)
    scale = LONGEST / max(width, height)
    with _one_at_a_time:
        typesetter = Typesetter(())
        try:
            return typesetter.rasterise_svg(svg, max(1, round(width * scale)), max(1, round(height * scale)))
        finally:
            typesetter.close()
