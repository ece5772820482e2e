"""A map of how much ink a page has by place: what is over the limit stands out, and the place with most is marked."""

from __future__ import annotations

import functools
import io
import math

import numpy
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from pressrun.graphics.separations.ink_sums import areas_over, ink_peak, ink_sums
from pressrun.graphics.typefaces import fonts
from pressrun.model.separations import Color, InkPeak, Separations

BOARD, INK, SOFT, HAIR, ALARM = (246, 246, 244), (28, 28, 30), (104, 104, 108), (208, 208, 206), (176, 0, 32)
COLD = ((255, 255, 255), (225, 236, 238), (166, 205, 213), (94, 155, 188), (30, 86, 142))  # from no ink to the limit
HOT = ((255, 176, 66), (233, 66, 40), (122, 0, 44))  # from the limit to `MOST`
MOST = 400.0
SWATCHES: dict[str, Color] = {
    "Cyan": (0, 158, 224), "Magenta": (226, 0, 122), "Yellow": (255, 230, 0), "Black": (29, 29, 27)
}  # fmt: skip
SMALLEST, MARGIN, GAP, PANEL, BAR = 900, 48, 36, 300, 22
MILLIMETRES = 25.4 / 72


def ink_map(printed: Separations, limit: float, title: str) -> Image.Image:
    """The map of a page whose inks may be as much together as ``limit`` percent, on a board with its legend. What is
    coloured as over the limit is what its words count: areas, no strokes and no single pixels."""
    sums, peak = ink_sums(printed), ink_peak(printed, limit)
    times = max(1, math.ceil(SMALLEST / max(printed.size)))
    over = areas_over(printed, limit)
    shown = _colored(numpy.where(over, sums, numpy.minimum(sums, limit)), limit)
    shown = shown.resize((shown.width * times, shown.height * times), Image.Resampling.NEAREST)
    _outline(shown, over)
    board = _Board(shown, limit)
    board.mark(peak, printed.density * times / 72)
    board.legend()
    board.panel(title, peak, printed)
    return board.image


def _colored(sums: NDArray[numpy.float32], limit: float) -> Image.Image:
    table = numpy.zeros((round(MOST) + 1, 3), numpy.uint8)
    levels = numpy.arange(len(table), dtype=float)
    cold, hot = numpy.linspace(0, limit, len(COLD)), numpy.linspace(limit, max(MOST, limit + 1), len(HOT))
    for channel in range(3):
        low = numpy.interp(levels, cold, [color[channel] for color in COLD])
        high = numpy.interp(levels, hot, [color[channel] for color in HOT])
        table[:, channel] = numpy.rint(numpy.where(levels > limit, high, low))
    return Image.fromarray(table[numpy.clip(numpy.rint(sums), 0, MOST).astype(numpy.uint16)], "RGB")


def _outline(shown: Image.Image, over: NDArray[numpy.bool_]) -> None:
    """A dark line around what is over the limit."""
    if not over.any():
        return
    wide = numpy.pad(over, 1, mode="edge")
    inner = wide[:-2, 1:-1] & wide[2:, 1:-1] & wide[1:-1, :-2] & wide[1:-1, 2:]
    line = Image.fromarray(((over & ~inner) * 255).astype(numpy.uint8), "L")
    shown.paste((60, 0, 20), (0, 0), line.resize(shown.size, Image.Resampling.NEAREST))


class _Board:
    """Where a map is shown, and what is told of it."""

    def __init__(self, shown: Image.Image, limit: float) -> None:
        self._shown, self._limit = shown, limit
        height = max(shown.height + GAP + BAR + 28, 420)
        self.image = Image.new("RGB", (MARGIN + shown.width + GAP + PANEL + MARGIN, 2 * MARGIN + height), BOARD)
        self.image.paste(shown, (MARGIN, MARGIN))
        self._draw = ImageDraw.Draw(self.image)
        edge = (MARGIN - 1, MARGIN - 1, MARGIN + shown.width, MARGIN + shown.height)
        self._draw.rectangle(edge, outline=HAIR)

    def mark(self, peak: InkPeak, scale: float) -> None:
        """A cross where most ink lies, with how much it is."""
        x, y = MARGIN + peak.x * scale, MARGIN + peak.y * scale
        color = ALARM if peak.over else INK
        for width, line in ((7, (255, 255, 255)), (3, color)):
            reach = 15 if width == 7 else 13
            self._draw.line((x - reach, y, x + reach, y), fill=line, width=width)
            self._draw.line((x, y - reach, x, y + reach), fill=line, width=width)
        said = f"{peak.percent:.0f} %"
        room = self._width(said, 20, bold=True) + 18
        left = x + 22 if x + 22 + room < MARGIN + self._shown.width else x - 22 - room
        top = min(max(MARGIN + 4, y - 15), MARGIN + self._shown.height - 34)
        self._draw.rounded_rectangle((left - 2, top - 2, left + room + 2, top + 32), 6, fill=(255, 255, 255))
        self._draw.rounded_rectangle((left, top, left + room, top + 30), 5, fill=color)
        self._text((left + 9, top + 2), said, (255, 255, 255), 20, bold=True)

    def legend(self) -> None:
        """The colours below the map, in percent, with the limit."""
        left, top = MARGIN, MARGIN + self._shown.height + GAP
        width = self._shown.width
        steps = numpy.linspace(0, MOST, width, dtype=numpy.float32)[None].repeat(BAR, axis=0)
        self.image.paste(_colored(steps, self._limit), (left, top))
        self._draw.rectangle((left - 1, top - 1, left + width, top + BAR), outline=HAIR)
        step = 50 if width >= 460 else 100
        at_limit = left + width * self._limit / MOST
        for percent in range(0, round(MOST) + 1, step):
            x = left + (width - 1) * percent / MOST
            self._draw.line((x, top + BAR, x, top + BAR + 5), fill=SOFT)
            said = f"{percent} %" if percent in (0, MOST) else f"{percent}"
            self._text((x - self._width(said, 14) / 2, top + BAR + 7), said, SOFT, 14)
        said = f"limit {self._limit:g} %"
        self._draw.line((at_limit, top - 6, at_limit, top + BAR), fill=INK, width=2)
        room = self._width(said, 14, bold=True)
        self._text((min(at_limit - room / 2, left + width - room), top - 25), said, INK, 14, bold=True)

    def panel(self, title: str, peak: InkPeak, printed: Separations) -> None:
        """Beside the map: what it is of, where most ink lies, and how much of each ink the page has."""
        x, y = MARGIN + self._shown.width + GAP, float(MARGIN - 4)
        y = self._paragraph((x, y), title, INK, 19, bold=True) + 14
        color = ALARM if peak.over else INK
        self._text((x, y), f"{peak.percent:.0f} %", color, 44, bold=True)
        y += 56
        y = self._paragraph((x, y), f"of ink where most of it lies, {_place(peak)}", SOFT, 15) + 4
        if peak.over:
            share = f"{100 * peak.over:.1f} %" if peak.over >= 0.001 else "less than 0.1 %"
            y = self._paragraph((x, y), f"{share} of the page is over the limit of {self._limit:g} %", ALARM, 15)
        else:
            y = self._paragraph((x, y), f"Nothing is over the limit of {self._limit:g} %", SOFT, 15)
        y += 20
        self._text((x, y), "Ink", SOFT, 14)
        for said, right in (("of the page", 80.0), ("most", 0.0)):
            self._text((x + PANEL - right - self._width(said, 14), y), said, SOFT, 14)
        y += 24
        for ink, plate in printed.plates.items():
            histogram = plate.histogram()
            mean = sum(level * many for level, many in enumerate(histogram)) / (2.55 * sum(histogram))
            self._draw.line((x, y, x + PANEL, y), fill=HAIR)
            swatch = SWATCHES.get(ink) or printed.looks.get(ink, (SOFT,))[-1]
            self._draw.rectangle((x, y + 9, x + 13, y + 22), fill=swatch, outline=HAIR)
            self._text((x + 22, y + 5), self._cut(ink, PANEL - 172), INK, 16)
            told = ((f"{mean:.1f} %", 80.0), (f"{plate.getextrema()[1] / 2.55:.0f} %", 0.0))  # type: ignore[operator]
            for said, right in told:
                self._text((x + PANEL - right - self._width(said, 16), y + 5), said, INK, 16)
            y += 31
        self._draw.line((x, y, x + PANEL, y), fill=HAIR)

    def _cut(self, text: str, room: float) -> str:
        while self._width(text, 16) > room:
            text = text[:-2].rstrip() + "…"
        return text

    def _paragraph(self, at: tuple[float, float], text: str, color: Color, size: int, bold: bool = False) -> float:
        """Words in lines as wide as the panel; the answer is where they end."""
        (x, y), line = at, ""
        for word in text.split():
            if line and self._width(f"{line} {word}", size, bold) > PANEL:
                self._text((x, y), line, color, size, bold)
                y, line = y + size * 1.35, ""
            line = f"{line} {word}" if line else word
        self._text((x, y), line, color, size, bold)
        return y + size * 1.35

    def _text(self, at: tuple[float, float], text: str, color: Color, size: int, bold: bool = False) -> None:
        self._draw.text(at, text, fill=color, font=_font(size, bold))

    def _width(self, text: str, size: int, bold: bool = False) -> float:
        return float(_font(size, bold).getlength(text))


def _place(peak: InkPeak) -> str:
    across, down = (f"{points * MILLIMETRES:.1f}" for points in (peak.x, peak.y))
    return f"{across} mm from the left and {down} mm from the top of the bleed"


@functools.lru_cache(maxsize=16)
def _font(size: int, bold: bool) -> ImageFont.FreeTypeFont:
    data = fonts.firago_bold() if bold else fonts.firago_regular()
    return ImageFont.truetype(io.BytesIO(data), size, layout_engine=ImageFont.Layout.BASIC)
