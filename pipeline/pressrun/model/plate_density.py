"""How finely the plates of printed pages are painted."""

from __future__ import annotations

import math

from pressrun.model.geometry import Rect

PRESS_DENSITY = 300.0  # pixels per inch
MOST_PIXELS = 72_000_000  # of a press plate: A1 at 300 ppi, in a worker of 0.9 GB; larger pages are seen from afar
LONGEST_EDGE = 65_000  # pixels that a JPEG takes


def press_density(page: Rect) -> float:
    """Pixels per inch at which a plate for print is painted: 300, or as many as fit."""
    width, height = page.width / 72, page.height / 72
    return min(PRESS_DENSITY, math.sqrt(MOST_PIXELS / (width * height)), LONGEST_EDGE / max(width, height))
