"""The figures that rules measure with."""

from __future__ import annotations

from msgspec import Struct

LIGHT = 20.0  # percent of ink on all plates, up to which a tone is light


class PressLimits(Struct, frozen=True):
    """``total_ink`` in percent, ``bleed`` in mm, resolutions in ppi (line art: pictures of one bit), sizes of text and
    widths of lines in points, ``jpeg_quality`` from 1 to 100 as programs number it."""

    total_ink: float = 300.0
    bleed: float = 3.0
    resolution_error: float = 150.0
    resolution_warning: float = 225.0
    line_art_error: float = 550.0
    line_art_warning: float = 800.0
    smallest_text: float = 5.0
    thinnest_line: float = 0.125
    mixed_text: float = 12.0
    reversed_text: float = 8.0
    mixed_line: float = 1.0
    overprint_below: float = 12.0
    jpeg_quality: float = 40.0
