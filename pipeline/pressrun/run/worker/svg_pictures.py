"""SVGs as pictures on plates."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from PIL import Image

from pressrun import plate
from pressrun.graphics.drawn import pdfium as raster
from pressrun.graphics.pages.large_tiles import with_large_tiles
from pressrun.graphics.texts.typst_engine import Typesetter
from pressrun.model.inspection import PixelBox

WHOLE = 16_000_000  # pixels of one that is drawn as a whole, though only a part of it is asked for
KEPT = 32_000_000  # pixels of those that are kept for the next strip


class SvgPictures:
    """Draws them in sRGB. Renderers differ by tens of levels at edges; so whoever asks for parts has them from the
    picture that others see whole, and only where that would be too large from a renderer that draws parts. Where these
    begin is not seen."""

    def __init__(self, typesetter: Typesetter, read: Callable[[str], bytes]) -> None:
        self._typesetter, self._read = typesetter, read
        self._pictures: OrderedDict[tuple[str, int, int], Image.Image] = OrderedDict()
        self._pages = ("", 0, 0), b""  # the last one too large for that, as a PDF

    def whole(self, digest: str, width: int, height: int) -> Image.Image:
        return plate.opened(self._typesetter.rasterise_svg(self._read(digest), width, height))

    def part(self, digest: str, width: int, height: int, part: PixelBox) -> Image.Image:
        """What is in a box of one that has this size."""
        which = digest, width, height
        if width * height <= WHOLE:
            if which not in self._pictures:
                self._pictures[which] = self.whole(*which)
                while sum(one.width * one.height for one in self._pictures.values()) > KEPT:
                    self._pictures.popitem(last=False)
            self._pictures.move_to_end(which)
            return self._pictures[which].crop(part)
        if self._pages[0] != which:
            drawn = self._typesetter.drawn_svg(self._read(digest), 1000, 1000 * height / width)
            self._pages = which, with_large_tiles(drawn)
        with raster.opened(self._pages[1]) as pages:
            return pages.alone(0, (width, height), part)
