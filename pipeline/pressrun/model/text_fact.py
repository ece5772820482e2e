"""What became of one text of a sheet."""

from __future__ import annotations

from msgspec import Struct

from pressrun.model.geometry import Rect


class TextFact(Struct, frozen=True):
    """What became of one text: size in points, lines, overflow, the extent it takes, and the palette colours of marked
    words. ``apart`` and ``loosest``: as of its fit."""

    layer: str
    text: str
    size: float
    lines: int
    overflow: bool
    rect: Rect
    shortened: bool = False
    inks: tuple[str, ...] = ()
    apart: float = 0.0
    loosest: float = 0.0
