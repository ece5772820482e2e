"""A press sheet as a technical drawing: paper, gripper, pages with their heads, folds, distances in millimetres."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from PIL import Image, ImageDraw, ImageFont

from pressrun.graphics.typefaces import fonts
from pressrun.model.geometry import Rect
from pressrun.run.imposition.position import Cell, Position, PressSheet, Side

Color = tuple[int, int, int]
PAPER, BOARD, INK, SOFT = (255, 255, 255), (238, 240, 243), (32, 38, 46), (104, 112, 124)
PAGE, PAGE_EDGE, BLEED = (222, 234, 246), (28, 84, 150), (206, 70, 60)
GRIPPER, FOLD, EMPTY = (246, 232, 208), (20, 130, 90), (246, 247, 249)
FINE = 2  # pixels that are drawn for one that is shown
LONG_EDGE = 900  # pixels of the longer edge of a side
MARGIN, LANE, TICK = 96, 22, 5  # around a side, between lines of dimensions, and their ends: pixels
MOST_PARTS = 33  # of a line of dimensions; with more, only the whole is given
MM = 25.4 / 72


def drawn_sheet(sheet: PressSheet, area: Rect, title: str, page: Callable[[int], tuple[str, Rect]], kind: str) -> bytes:
    """A picture (PNG or JPEG) of both sides of a sheet, beside each other. ``area`` is what prints of it; ``page``
    answers what a page is called, and its finished edges."""
    scale = LONG_EDGE / max(sheet.width, sheet.height) * FINE
    width = round(sheet.width * scale) + 2 * MARGIN * FINE
    height = round(sheet.height * scale) + 2 * MARGIN * FINE
    board = Image.new("RGB", (width * len(sheet.sides), height + 52 * FINE), BOARD)
    draw = ImageDraw.Draw(board)
    draw.text((MARGIN * FINE, 18 * FINE), title, fill=INK, font=_font(19 * FINE, True))
    for number, side in enumerate(sheet.sides):
        at = (width * number + MARGIN * FINE, (52 + MARGIN) * FINE)
        _Drawing(board, sheet, scale, at, page).side(side, area)
    shown = board.resize((board.width // FINE, board.height // FINE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    shown.save(out, kind, **({"quality": 90, "subsampling": 0} if kind == "JPEG" else {}))
    return out.getvalue()


class _Drawing:
    """One side, drawn from a point of the board on."""

    def __init__(
        self, board: Image.Image, sheet: PressSheet, scale: float, at: tuple[int, int],
        page: Callable[[int], tuple[str, Rect]],
    ) -> None:  # fmt: skip
        self._board, self._draw = board, ImageDraw.Draw(board)
        self._sheet, self._scale, self._at, self._page_told = sheet, scale, at, page

    def _box(self, rect: Rect) -> tuple[int, int, int, int]:
        return (*self._point(rect.x, rect.y), *self._point(rect.right, rect.bottom))

    def _point(self, x: float, y: float) -> tuple[int, int]:
        return self._at[0] + round(x * self._scale), self._at[1] + round(y * self._scale)

    def side(self, side: Side, area: Rect) -> None:
        paper = Rect(0, 0, self._sheet.width, self._sheet.height)
        self._draw.rectangle(self._box(paper), fill=PAPER, outline=INK, width=FINE)
        self._grippers(area)
        self._dashed_box(area, SOFT)
        taken = {one.cell.trim: one for one in side.positions}
        for cell in side.cells:
            if cell.trim not in taken:
                self._cell(cell, EMPTY, SOFT)
        for cell in side.cells:
            self._dashed_box(cell.clip, BLEED)
        for one in side.positions:
            self._page(one)
        for fold in side.folds:
            (x, y), (right, bottom) = fold.start, fold.end
            beyond = 10 / MM
            across = x != right
            start = (x - beyond, y) if across else (x, y - beyond)
            end = (right + beyond, bottom) if across else (right, bottom + beyond)
            self._dashes(self._point(*start), self._point(*end), FOLD, 9 * FINE, 2 * FINE)
        self._dimensions(side)
        self._text(self._point(0, 0)[0], self._at[1] - 84 * FINE, side.name, 16, SOFT, bold=True)

    def _grippers(self, area: Rect) -> None:
        sheet = self._sheet
        lower = Rect(0, area.bottom, sheet.width, sheet.height - area.bottom)
        if lower.height > 0:
            self._draw.rectangle(self._box(lower), fill=GRIPPER, outline=INK, width=FINE)
            x, y = self._point(sheet.width / 4, area.bottom + lower.height / 2)
            told = f"gripper {_mm(lower.height)}"
            if self._width(told, 11) < sheet.width * self._scale and lower.height * self._scale > 13 * FINE:
                self._text(x, y, told, 11, SOFT, anchor="mm")

    def _cell(self, cell: Cell, fill: Color, edge: Color) -> None:
        self._draw.rectangle(self._box(cell.trim), fill=fill, outline=edge, width=FINE)

    def _page(self, one: Position) -> None:
        """The number of a page as it stands there, what it is called, its size, and where its head is."""
        (name, edges), turned = self._page_told(one.page), one.cell.turned
        trim = _within(one, edges.height, edges.width) if turned % 180 else _within(one, edges.width, edges.height)
        self._draw.rectangle(self._box(one.cell.trim), fill=EMPTY, outline=SOFT, width=FINE)
        self._draw.rectangle(self._box(trim), fill=PAGE, outline=PAGE_EDGE, width=FINE)
        wide, high = round(trim.width * self._scale), round(trim.height * self._scale)
        if turned % 180:
            wide, high = high, wide
        if min(wide, high) < 16 * FINE:
            return
        label = Image.new("RGBA", (wide, high), (0, 0, 0, 0))
        draw = ImageDraw.Draw(label)
        head = min(12 * FINE, high // 6)
        middle, tip = wide // 2, 5 * FINE
        corners = [(middle, tip), (middle - head // 2, tip + head), (middle + head // 2, tip + head)]
        draw.polygon(corners, fill=PAGE_EDGE)
        size = max(10, min(40, high // FINE // 4, wide // FINE // 4))
        draw.text((wide // 2, high // 2), str(one.page + 1), fill=INK, font=_font(size * FINE, True), anchor="mm")
        y = high // 2 + size * FINE * 3 // 4
        for line in (name, f"{_mm(edges.width)} x {_mm(edges.height)}"):
            if y + 14 * FINE < high and self._width(line, 11) < wide - 8 * FINE:
                draw.text((wide // 2, y), line, fill=SOFT, font=_font(11 * FINE, False), anchor="ma")
                y += 14 * FINE
        turned_label = label.rotate(-turned, expand=True)
        self._board.paste(turned_label, self._point(trim.x, trim.y), turned_label)

    # ------------------------------------------------------------------------------------------------- dimensions

    def _dimensions(self, side: Side) -> None:
        """Below and right of the sheet the whole; above and left of it every distance from edge to edge."""
        width, height = self._sheet.width, self._sheet.height
        left, top = self._point(0, 0)
        right, bottom = self._point(width, height)
        self._level([0, width], bottom + LANE * FINE, (bottom, 1))
        self._upright([0, height], right + LANE * FINE, (right, 1))
        self._level(_edges(width, ((one.trim.x, one.trim.right) for one in side.cells)), top - LANE * FINE, (top, -1))
        self._upright(
            _edges(height, ((one.trim.y, one.trim.bottom) for one in side.cells)), left - LANE * FINE, (left, -1)
        )

    def _level(self, edges: Sequence[float], y: int, paper: tuple[int, int]) -> None:
        xs = [self._point(edge, 0)[0] for edge in edges]
        self._draw.line((xs[0], y, xs[-1], y), fill=SOFT, width=FINE)
        for x in xs:
            self._draw.line((x, paper[0] + paper[1] * 4 * FINE, x, y + paper[1] * TICK * FINE), fill=SOFT, width=FINE)
            self._slash(x, y)
        raised = False
        for (x, following), (first, second) in zip(pairwise(xs), pairwise(edges), strict=True):
            told = _mm(second - first)
            raised = self._width(told, 11) + 12 * FINE > following - x and not raised
            lift = (8 + (14 if raised else 0)) * FINE
            self._text((x + following) // 2, y - lift if paper[1] < 0 else y + lift, told, 11, INK, anchor="mm")

    def _upright(self, edges: Sequence[float], x: int, paper: tuple[int, int]) -> None:
        ys = [self._point(0, edge)[1] for edge in edges]
        self._draw.line((x, ys[0], x, ys[-1]), fill=SOFT, width=FINE)
        for y in ys:
            self._draw.line((paper[0] + paper[1] * 4 * FINE, y, x + paper[1] * TICK * FINE, y), fill=SOFT, width=FINE)
            self._slash(x, y)
        raised = False
        for (y, following), (first, second) in zip(pairwise(ys), pairwise(edges), strict=True):
            raised = following - y < 13 * FINE and not raised
            lift = (5 + (28 if raised else 0)) * FINE
            at = x - lift if paper[1] < 0 else x + lift
            self._text(at, (y + following) // 2, _mm(second - first), 11, INK, anchor="rm" if paper[1] < 0 else "lm")

    def _slash(self, x: int, y: int) -> None:
        """The short stroke of architects where a distance ends."""
        by = 4 * FINE
        self._draw.line((x - by, y + by, x + by, y - by), fill=INK, width=FINE)

    def _dashed_box(self, rect: Rect, color: Color) -> None:
        left, top, right, bottom = self._box(rect)
        for y in (top, bottom):
            self._dashes((left, y), (right, y), color, 5 * FINE, FINE)
        for x in (left, right):
            self._dashes((x, top), (x, bottom), color, 5 * FINE, FINE)

    def _dashes(self, start: tuple[int, int], end: tuple[int, int], color: Color, dash: int, width: int) -> None:
        """A level or upright dashed line."""
        (x, y), (right, bottom) = start, end
        if y == bottom:
            for at in range(x, right, 2 * dash):
                self._draw.line((at, y, min(at + dash, right), y), fill=color, width=width)
        else:
            for at in range(y, bottom, 2 * dash):
                self._draw.line((x, at, x, min(at + dash, bottom)), fill=color, width=width)

    def _text(
        self, x: float, y: float, text: str, size: int, color: Color, *, bold: bool = False, anchor: str = "la"
    ) -> None:
        self._draw.text((x, y), text, fill=color, font=_font(size * FINE, bold), anchor=anchor)

    def _width(self, text: str, size: int) -> float:
        return float(_font(size * FINE, False).getlength(text))


def _within(one: Position, width: float, height: float) -> Rect:
    """A page in the middle of its place."""
    place = one.trim
    return Rect(place.x + (place.width - width) / 2, place.y + (place.height - height) / 2, width, height)


def _edges(whole: float, spans: Iterable[tuple[float, float]]) -> list[float]:
    """The edges of cells along an axis, with those of the paper; of all as one, where they are many or overlap."""
    apart = sorted({(round(start, 1), round(end, 1)) for start, end in spans})
    in_each_other = any(end > start + 0.2 for (_, end), (start, _) in pairwise(apart))
    if in_each_other or 2 * len(apart) > MOST_PARTS:
        return [0, min(start for start, _ in apart), max(end for _, end in apart), whole]
    found = [0.0]
    for edge in sorted((*(edge for span in apart for edge in span), whole)):
        if edge - found[-1] > 0.2:
            found.append(edge)
    return found


def _mm(points: float) -> str:
    """A length as people write it on drawings: without a unit, to a tenth of a millimetre."""
    return f"{round(points * MM, 1):g}"


@functools.lru_cache(maxsize=32)
def _font(size: int, bold: bool) -> ImageFont.FreeTypeFont:
    data = fonts.firago_bold() if bold else fonts.firago_regular()
    return ImageFont.truetype(io.BytesIO(data), size, layout_engine=ImageFont.Layout.BASIC)
