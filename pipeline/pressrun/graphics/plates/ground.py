"""What live layers lie on, as people see it. A plate is measured once, however many sheets share it."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import numpy
from msgspec import Struct
from msgspec.structs import replace
from PIL import Image

from pressrun.graphics.color.stocks import off_stock
from pressrun.graphics.paths import shadings
from pressrun.graphics.plates.canvas import Canvas, Painting, paint_shape
from pressrun.model.color import Ink, relative_luminance
from pressrun.model.geometry import IDENTITY, Rect, bounds
from pressrun.model.inspection import PixelBox, TextGround
from pressrun.model.light import Light, least_contrast, luminances, worst_tenth
from pressrun.model.paint import Gradient
from pressrun.model.sheet import LogoMark, Placed, ShapeMark, TextMark

T = TypeVar("T")
RGB = tuple[int, int, int]
Look = Callable[[Ink], str]
MEASURED_KEPT = 256
COVERED = 255  # of an opacity


class White(Struct, frozen=True):
    """White that is printed on a ``stock`` (#RRGGBB), below the inks of a page of this ``width`` (points): its
    ``cover`` (L, as large as the page), and the ``look`` that an ink has on it."""

    cover: Image.Image
    width: float
    look: Look
    stock: str

    def is_below(self, rect: Rect) -> bool:
        """Whether what is printed in a box (points) is on nothing but white."""
        box = Canvas(self.cover.width / self.width * 72, None).box(rect)
        return self.cover.crop(box).getextrema()[0] == COVERED


class Ground:
    """The bleed box as sRGB pixels of four bytes, as PDFium writes and a JPEG encoder reads them; ``picture`` (RGBX)
    looks at the same bytes."""

    def __init__(
        self, pixels: bytes | bytearray, size: tuple[int, int], width: float, look: Look, is_shared: bool = True,
        white: White | None = None,
    ) -> None:  # fmt: skip
        """``width`` of the bleed box in points; ``look`` answers the colour (#RRGGBB) that an ink has in it, but for
        where there is ``white``; ``is_shared`` by sheets, so that all of it may be measured for the next."""
        self.pixels, self.size, self.width, self.look, self.white = pixels, size, width, look, white
        self.picture = Image.frombuffer("RGBX", size, pixels, "raw", "RGBX", 0, 1)
        self._is_shared = is_shared
        self._kept: dict[Any, Any] = {}

    @classmethod
    def of(cls, picture: Image.Image, width: float, look: Look, white: White | None = None) -> Ground:
        """A picture that shows the bleed box."""
        return cls(picture.tobytes("raw", "RGBX"), picture.size, width, look, white=white)

    def over(self, white: White | None) -> Ground:
        """One that is drawn as on its stock, as it is seen where there is white on that."""
        if white is None:
            return self
        return Ground.of(off_stock(self.picture, white.stock, white.cover), self.width, self.look, white)

    def look_in(self, rect: Rect) -> Look:
        """How inks look in a box (points)."""
        return self.white.look if self.white and self.white.is_below(rect) else self.look

    def drawn_on(self, draw: Callable[[bytearray], None]) -> Ground:
        """The same with what ``draw`` puts on its pixels."""
        pixels = bytearray(self.pixels)
        draw(pixels)
        return Ground(pixels, self.size, self.width, self.look, is_shared=False)

    @property
    def density(self) -> float:
        """Pixels per inch."""
        return self.size[0] / self.width * 72

    def reduced(self, longest: int) -> Ground:
        """The same with a longest edge of so many pixels at the most, for whoever draws over it in small."""
        if max(self.size) <= longest:
            return self

        def reduced() -> Ground:
            picture = self.picture.reduce(max(1, max(self.size) // longest)).convert("RGB")
            picture.thumbnail((longest, longest), Image.Resampling.BILINEAR)
            return Ground.of(picture, self.width, self.look)

        return self.kept(longest, reduced)

    def light(self, box: PixelBox) -> Light:
        """Luminances in a box that begins at even numbers, at half the resolution."""
        if not self._is_shared:
            return luminances(numpy.asarray(self.picture.crop(box).reduce(2)))
        left, top, right, bottom = box
        return self._light[top // 2 : (bottom + 1) // 2, left // 2 : (right + 1) // 2]

    @functools.cached_property
    def _light(self) -> Light:
        return luminances(numpy.asarray(self.picture.reduce(2)))

    def kept(self, key: Any, measured: Callable[[], T]) -> T:
        """What was measured under this key, or is now."""
        if key not in self._kept:
            while len(self._kept) >= MEASURED_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = measured()
        found: T = self._kept[key]
        return found


class ShapedGround(Struct, frozen=True):
    """A ground with flat shapes on it: what most texts stand on."""

    ground: Ground
    shapes: tuple[ShapeMark, ...]

    def crop(self, box: PixelBox) -> Image.Image:
        part = self.ground.picture.crop(box)
        if not self.shapes:
            return part
        seen, white = self._painted(part, box, self.ground.look), self.ground.white
        return Image.composite(self._painted(part, box, white.look), seen, white.cover.crop(box)) if white else seen

    def _painted(self, part: Image.Image, box: PixelBox, look: Look) -> Image.Image:
        part = part.convert("RGB")
        painting = Painting(part, Canvas(self.ground.density, None, box[:2]))
        for shape in self.shapes:
            paint_shape(painting, replace(shape, fill=_seen(shape.ink, look), stroke=_seen(shape.stroke, look)))
        return part.convert("RGBX")

    def light(self, box: PixelBox) -> Light:
        return luminances(numpy.asarray(self.crop(box).reduce(2))) if self.shapes else self.ground.light(box)

    def contrast(self, rect: Rect, rgb: RGB, part: Rect | None = None) -> float:
        def light() -> Light:
            return self._light(self._part(rect))

        def measured() -> float:
            whole = self.ground.kept(("light", self.shapes, rect), light)
            return worst_tenth(self._cut(whole, rect, part) if part else whole, relative_luminance(rgb))

        # Words differ from sheet to sheet, their boxes do not.
        return measured() if part else self.ground.kept(("contrast", self.shapes, rect, rgb), measured)

    def extremes(self, rect: Rect) -> tuple[float, float]:
        return self.ground.kept(("extremes", self.shapes, rect), lambda: self._extremes(self._part(rect)))

    def _part(self, rect: Rect) -> Image.Image | None:
        """What lies under a box; None where it misses the page."""
        box = self._seen_box(rect)
        return self.crop(box) if box[0] < box[2] and box[1] < box[3] else None

    def _seen_box(self, rect: Rect) -> PixelBox:
        left, top, right, bottom = Canvas(self.ground.density, None).box(rect)
        return max(0, left), max(0, top), min(self.ground.size[0], right), min(self.ground.size[1], bottom)

    def _cut(self, light: Light, rect: Rect, part: Rect) -> Light:
        """Of the light under a box what is under a part of it; all of it, where that lies outside."""
        left, top, right, bottom = self._seen_box(rect)
        if light.ndim < 2:
            return light
        down, across = light.shape[0] / (bottom - top), light.shape[1] / (right - left)
        x, y, end, foot = Canvas(self.ground.density, None, (left, top)).box(part)
        columns = slice(max(0, math.floor(x * across)), max(0, math.ceil(end * across)))
        rows = slice(max(0, math.floor(y * down)), max(0, math.ceil(foot * down)))
        cut = light[rows, columns]
        return cut if cut.size else light

    @staticmethod
    def _light(part: Image.Image | None) -> Light:
        """Luminances, averaged down to at most 64 x 64."""
        if part is None:
            return numpy.zeros(1, dtype=numpy.float32)
        return luminances(numpy.asarray(part.reduce(max(1, max(part.size) // 64))))

    @staticmethod
    def _extremes(part: Image.Image | None) -> tuple[float, float]:
        if part is None:
            return 0.0, 1.0
        least, most = numpy.array(part.getextrema()[:3], numpy.uint8).T
        return float(luminances(least)), float(luminances(most))


def _seen(ink: Ink | None, look: Look) -> Ink | None:
    return replace(ink, srgb=look(ink)) if ink else None


class PanelGround:
    """A text's own panel, in its one colour or its gradient."""

    def __init__(self, panel: ShapeMark, ground: Ground, place: Rect) -> None:
        """``place``: where it is on the page, in points."""
        self._panel, self._ground, self._look = panel, ground, ground.look_in(place)
        inks = [stop.ink for stop in panel.fill.stops] if isinstance(panel.fill, Gradient) else [panel.ink]
        self._colors = [bytes.fromhex(self._look(ink)[1:]) for ink in inks if ink]
        lights = [relative_luminance((red, green, blue)) for red, green, blue in self._colors]
        self._extremes = min(lights), max(lights)

    def crop(self, box: PixelBox) -> Image.Image:
        fill, ground = self._panel.fill, self._ground
        if isinstance(fill, Gradient):
            return shadings.pixels(fill, self._panel.rect, ground.density, box, self._look).convert("RGBX")
        return Image.new("RGBX", (box[2] - box[0], box[3] - box[1]), (*self._colors[0], 255))

    def light(self, box: PixelBox) -> Light:
        return luminances(numpy.asarray(self.crop(box).reduce(2)))

    def contrast(self, rect: Rect, rgb: RGB, part: Rect | None = None) -> float:
        return least_contrast(*self._extremes, relative_luminance(rgb))

    def extremes(self, rect: Rect) -> tuple[float, float]:
        return self._extremes


def grounds_of(marks: Iterable[Placed], ground: Ground) -> dict[str, TextGround]:
    """What each text and each logo stands on: its own panel, else the ground with what flat shapes and panels lie lower
    among these marks, which come from the bottom up."""
    lower: list[ShapeMark] = []
    grounds: dict[str, TextGround] = {}
    for one in marks:
        mark, stands = one.mark, one.matrix == IDENTITY
        if isinstance(mark, ShapeMark) and not mark.pixels and mark.is_plain and stands:
            lower.append(mark)
        elif isinstance(mark, TextMark) and mark.panel:
            panel = bounds(mark.panel_shape.rect, one.matrix)
            grounds[mark.layer] = PanelGround(mark.panel_shape, ground, panel)
            if stands:
                lower += [mark.panel_shape] if mark.panel_shape.is_plain else []
        elif isinstance(mark, (TextMark, LogoMark)):
            boxes = (mark.rect, mark.fit.extent) if isinstance(mark, TextMark) and mark.fit else (mark.rect,)
            taken = boxes if stands else [bounds(box, one.matrix) for box in boxes]
            below = [shape for shape in lower if any(map(shape.rect.meets, taken))] if lower else ()
            grounds[mark.layer] = ShapedGround(ground, tuple(below))
    return grounds
