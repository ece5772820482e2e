"""How finely the plates of printed pages are painted, and in which parts."""

from __future__ import annotations

import math

from pressrun.model.geometry import Rect
from pressrun.model.layout import Layout
from pressrun.model.sheet import PictureMark, Sheet, is_on_plate

PRESS_DENSITY = 300.0  # pixels per inch
USUAL_PIXELS = 72_000_000  # of a press plate: A1 at 300 ppi; larger pages are seen from afar
MOST_PIXELS = 600_000_000  # of one on which a picture is that fine
LONGEST_EDGE = 65_000  # pixels that a JPEG takes
WHOLE_PIXELS = 20_000_000  # of a plate that is painted as a whole: A3 with its bleed; 4 bytes each, several times over


def press_density(page: Rect, finest: float = 0.0) -> float:
    """Pixels per inch at which a plate for print is painted: 300, or as many as `USUAL_PIXELS` give; of a larger page
    as many as its ``finest`` picture has, up to `MOST_PIXELS`."""
    width, height = page.width / 72, page.height / 72
    usual, most = (math.sqrt(pixels / (width * height)) for pixels in (USUAL_PIXELS, MOST_PIXELS))
    return min(PRESS_DENSITY, max(usual, min(finest, most)), LONGEST_EDGE / max(width, height))


def plate_density(sheet: Sheet, layout: Layout) -> float:
    """The same of the plate of a sheet for print; no picture is taken to be finer than its layout asks."""
    density = press_density(sheet.boxes.bleed)
    if density >= PRESS_DENSITY:
        return density
    own = (mark.ppi for mark in sheet.marks if isinstance(mark, PictureMark) and is_on_plate(mark))
    finest = max((ppi for ppi in own if ppi), default=0.0)
    return press_density(sheet.boxes.bleed, min(finest, layout.floor_and_target[1]))


def is_large(size: tuple[int, int]) -> bool:
    """Whether a plate for print of so many pixels is painted in strips."""
    return size[0] * size[1] > WHOLE_PIXELS
