"""A sheet with its guides: page boxes, the box of each layer, baselines, and beside it what was measured."""

from __future__ import annotations

import bisect
import functools
import io
import math
from collections.abc import Collection, Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace
from PIL import Image, ImageDraw, ImageFont

from pressrun.graphics.typefaces import fonts
from pressrun.graphics.typefaces.characters import has_right_to_left
from pressrun.model.code_mark import CodeMark
from pressrun.model.finding import Finding, Severity
from pressrun.model.geometry import SCREEN_DENSITY, Rect, bounds, point_moved, type_told
from pressrun.model.pixel_logo import PixelLogoMark
from pressrun.model.placed_page import PageMark
from pressrun.model.sheet import LogoMark, Mark, PictureMark, Placed, ShadeMark, ShapeMark, Sheet, TextMark
from pressrun.model.task import Intermediates
from pressrun.model.toned_picture import TonedPictureMark

Color = tuple[int, int, int]
Box = tuple[float, float, float, float]

BOARD, INK, SOFT, HAIR = (243, 243, 241), (28, 28, 30), (104, 104, 108), (208, 208, 206)
TRIM, BLEED, SAFE, BASELINE = (214, 0, 111), (205, 48, 30), (0, 133, 124), (0, 122, 204)
FOLD, CONTAINER = (120, 70, 0), (92, 107, 0)
SEVERITIES: dict[Severity, Color] = {Severity.ERROR: (176, 0, 32), Severity.WARNING: (148, 87, 0), Severity.NOTE: SOFT}
KINDS: dict[type[Mark], tuple[str, Color]] = {
    TextMark: ("text", (25, 82, 196)),
    PictureMark: ("picture", (123, 44, 168)),
    TonedPictureMark: ("picture", (123, 44, 168)),
    LogoMark: ("logo", (178, 84, 0)),
    PixelLogoMark: ("logo", (178, 84, 0)),
    PageMark: ("artwork", (150, 60, 90)),
    CodeMark: ("code", (0, 110, 110)),
    ShapeMark: ("shape", (84, 92, 104)),
    ShadeMark: ("shade", (84, 92, 104)),
}
SMALLEST = 1000  # pixels that the longer edge of a page is shown with, at least
MARGIN, GAP, PANEL = 56, 28, 400
LINE_HEIGHT = 1.35


class _Entry(Struct, frozen=True):
    """What is told of a layer beside the page."""

    layer: str
    kind: str
    color: Color
    told: str
    contrast: float | None
    findings: tuple[Finding, ...]


def with_guides(looked_at: Intermediates, findings: Iterable[Finding], title: str) -> Image.Image:
    """A page (the bleed box as sRGB) on a board, its guides drawn over it and what was measured told beside it. A small
    page is shown larger."""
    page, sheet, contrasts = looked_at.page, looked_at.sheet, looked_at.contrasts
    times = max(1, math.ceil(SMALLEST / max(page.size)))
    shown = _opaque(page).resize((page.width * times, page.height * times), Image.Resampling.BICUBIC)
    board = _Board(shown, sheet)
    found = list(findings)
    every = sheet.placed
    texts = [one.mark.layer for one in every if isinstance(one.mark, TextMark)]
    baselines = dict(zip(texts, looked_at.baselines, strict=False))
    figures = {name for one in every if isinstance(one.mark, CodeMark) for name in one.mark.words}
    unnamed = {"ground", *(figures - {one.layer for one in found})}  # figures are their code's, unless one is told of
    placed = [one for one in every if one.mark.layer not in unnamed]
    marks = [replace(one.mark, rect=one.bounds) for one in placed]
    board.page_boxes()
    for _, rect in looked_at.containers:
        board.container(rect)
    for one in placed:
        board.layer(one, baselines.get(one.mark.layer, ()))
    for mark in marks:
        board.name(mark, contrasts.get(mark.layer))
    for name, rect in looked_at.containers:
        board.name_container(name, rect)
    entries = [_entry(mark, sheet.target, contrasts, found) for mark in reversed(marks)]
    entries += _without_marks(found, {mark.layer for mark in marks})
    return board.told(title, entries, [one for one in found if not one.layer])


def _without_marks(findings: Iterable[Finding], drawn: Collection[str]) -> Iterator[_Entry]:
    """Layers that are told of and draw nothing themselves: stacks and groups, and what could not be composed."""
    by_layer: dict[str, list[Finding]] = {}
    for one in findings:
        if one.layer and one.layer not in drawn:
            by_layer.setdefault(one.layer, []).append(one)
    for layer, own in by_layer.items():
        yield _Entry(layer, "layer", SOFT, "draws nothing itself", None, tuple(own))


def _opaque(page: Image.Image) -> Image.Image:
    """A cut-out on a checkerboard."""
    if page.mode != "RGBA":
        return page.convert("RGB")
    tile = Image.new("RGB", (16, 16), (255, 255, 255))
    for place in ((0, 0), (8, 8)):
        tile.paste((225, 225, 225), (*place, place[0] + 8, place[1] + 8))
    ground = Image.new("RGB", page.size)
    for x in range(0, page.width, 16):
        for y in range(0, page.height, 16):
            ground.paste(tile, (x, y))
    ground.paste(page, (0, 0), page)
    return ground


def _entry(mark: Mark, target: str, contrasts: Mapping[str, float], findings: Iterable[Finding]) -> _Entry:
    kind, color = KINDS[type(mark)]
    own = tuple(finding for finding in findings if finding.layer == mark.layer)
    return _Entry(mark.layer, kind, color, _told(mark, target), contrasts.get(mark.layer), own)


def _told(mark: Mark, target: str) -> str:
    size = " × ".join(_page_length(edge, target) for edge in (mark.rect.width, mark.rect.height))
    if isinstance(mark, TextMark) and mark.fit:
        lines = f"{mark.fit.lines} of {mark.lines} lines" if mark.lines > 1 else "1 line"
        return f"{type_told(mark.fit.size, target)} of {type_told(mark.size_max, target)}, {lines}"
    if isinstance(mark, PictureMark) and mark.ppi:
        return f"{size}, {mark.ppi:.0f} ppi"
    return size


class _Board:
    """Where a page is shown, and its guides are drawn."""

    def __init__(self, page: Image.Image, sheet: Sheet) -> None:
        self._sheet, self._page = sheet, page
        self._scale = page.width / sheet.boxes.bleed.width
        size = (MARGIN + page.width + GAP + PANEL + MARGIN, 2 * MARGIN + page.height)
        self._image = Image.new("RGB", size, BOARD)
        self._image.paste(page, (MARGIN, MARGIN))
        self._draw = ImageDraw.Draw(self._image, "RGBA")
        self._taken: list[Box] = []
        self._read: list[Box] = []  # what names should not stand on

    def _box(self, rect: Rect) -> tuple[int, int, int, int]:
        edges = (rect.x, rect.y, rect.right, rect.bottom)
        left, top, right, bottom = (MARGIN + round(edge * self._scale) for edge in edges)
        return left, top, max(left, right - 1), max(top, bottom - 1)

    # ------------------------------------------------------------------------------------------------ on the page

    def page_boxes(self) -> None:
        """Bleed, trim and safe area, each named in the margin."""
        boxes, target = self._sheet.boxes, self._sheet.target
        named = [("page" if target == "screen" else "trim", boxes.trim, TRIM)]
        if boxes.bleed != boxes.trim:
            named.insert(0, ("bleed", boxes.bleed, BLEED))
        if boxes.safe != boxes.trim:
            named.append(("safe", boxes.safe, SAFE))
        x = float(MARGIN)
        for name, rect, color in named:
            self._outline(rect, color, dash=0 if name != "safe" else 9)
            size = " × ".join(_page_length(edge, target) for edge in (rect.width, rect.height))
            self._draw.rectangle((x, MARGIN - 25, x + 9, MARGIN - 16), fill=color)
            x = self._text((x + 15, MARGIN - 30), f"{name} {size}", SOFT, 15) + 24
        for fold in boxes.folds:
            left, top, right, bottom = self._box(fold)
            line = (left, top, right, top) if fold.width else (left, top, left, bottom)
            for piece in _dashes(line, 14):
                self._halo(piece, FOLD)
        if boxes.folds:
            self._draw.rectangle((x, MARGIN - 25, x + 9, MARGIN - 16), fill=FOLD)
            self._text((x + 15, MARGIN - 30), "folds", SOFT, 15)

    def layer(self, placed: Placed, baselines: Iterable[float]) -> None:
        """The box of a layer, and of a text what it takes of it and its baselines, turned as it is."""
        mark = placed.mark
        _, color = KINDS[type(mark)]
        if isinstance(mark, TextMark) and mark.fit:
            extent = bounds(mark.fit.extent, placed.matrix)
            self._outline(extent, color, dash=3)
            for baseline in baselines:
                begins, ends = (
                    self._point(*point_moved(x, baseline, placed.matrix)) for x in (mark.rect.x, mark.rect.right)
                )
                self._baseline(begins, ends)
            self._read.append(self._box(extent))
        elif isinstance(mark, (LogoMark, CodeMark)):
            self._read.append(self._box(placed.bounds))
        self._outline(placed.bounds, color, dash=0)

    def container(self, rect: Rect) -> None:
        """What a group, a stack or a grid takes: dashed, since it draws nothing itself."""
        self._outline(rect, CONTAINER, dash=6)

    def name_container(self, name: str, rect: Rect) -> None:
        self._name(name, rect, CONTAINER)

    def name(self, mark: Mark, contrast: float | None) -> None:
        """The layer's id, with the contrast that it has, where nothing has to be read."""
        _, color = KINDS[type(mark)]
        self._name(f"{mark.layer}  {contrast:.1f}" if contrast is not None else mark.layer, mark.rect, color)

    def _outline(self, rect: Rect, color: Color, dash: int) -> None:
        left, top, right, bottom = self._box(rect)
        level = ((left, y, right, y) for y in (top, bottom))
        upright = ((x, top, x, bottom) for x in (left, right))
        for edge in (*level, *upright):
            for piece in _dashes(edge, dash):
                self._halo(piece, color)

    def _point(self, x: float, y: float) -> tuple[int, int]:
        return MARGIN + round(x * self._scale), MARGIN + round(y * self._scale)

    def _baseline(self, begins: tuple[int, int], ends: tuple[int, int]) -> None:
        (left, top), (right, bottom) = sorted((begins, ends))
        if left == right or top == bottom:
            top, bottom = sorted((top, bottom))
            self._halo((left, top, max(left, right - 1), max(top, bottom - 1)), BASELINE)
            return
        for color, width in (((255, 255, 255, 110), 3), ((*BASELINE, 255), 1)):
            self._draw.line((begins, ends), fill=color, width=width)

    def _halo(self, line: tuple[int, int, int, int], color: Color) -> None:
        """A hairline that is seen on light and on dark."""
        left, top, right, bottom = line
        self._draw.rectangle((left - 1, top - 1, right + 1, bottom + 1), fill=(255, 255, 255, 110))
        self._draw.rectangle(line, fill=(*color, 255))

    def _name(self, said: str, rect: Rect, color: Color) -> None:
        width, height = self._width(said, 15, bold=True) + 12, 22
        place = next(self._free(self._box(rect), width, height))
        self._taken.append(place)
        self._draw.rounded_rectangle(place, 3, fill=(*color, 235))
        self._text((place[0] + 6, place[1] + 1), said, (255, 255, 255), 15, bold=True)

    def _free(self, box: tuple[int, int, int, int], width: float, height: float) -> Iterator[Box]:
        """Places for a name, the best first: on the box's corners, outside of it where that is on the page."""
        left, top, right, bottom = box
        least, most = MARGIN, MARGIN + self._page.width
        places = [
            (x, y)
            for y in (top - height, top, bottom + 1, bottom - height)
            for x in (left, right - width, (left + right - width) / 2)
            if least <= x and x + width <= most and MARGIN <= y <= MARGIN + self._page.height - height
        ]
        places += [(max(least, min(left, most - width)), top + step * height) for step in range(200)]
        for avoided in ([*self._taken, *self._read], self._taken):
            for x, y in places:
                place = (x, y, x + width, y + height)
                if not any(_meet(place, other) for other in avoided):
                    yield place
        yield left, top, left + width, top + height

    # ---------------------------------------------------------------------------------------------- beside the page

    def told(self, title: str, entries: Iterable[_Entry], others: Iterable[Finding]) -> Image.Image:
        """The board with what is known of each layer, the topmost first, and what else was found."""
        x = MARGIN + self._page.width + GAP
        self._draw.rectangle((x - 8, 0, *self._image.size), fill=BOARD)  # over boxes that reach so far out
        y = self._paragraph((x, MARGIN - 6), title, INK, 20, bold=True) + 14
        for entry in entries:
            self._need(y + 90)
            self._draw.line((x, y, x + PANEL, y), fill=HAIR)
            y += 9
            self._draw.rectangle((x, y + 5, x + 11, y + 16), fill=entry.color)
            end = self._text((x + 20, y), entry.layer, INK, 17, bold=True)
            self._text((end + 8, y + 2), entry.kind, SOFT, 15)
            if entry.contrast is not None:
                said = f"{entry.contrast:.1f} : 1"
                worst = max((one.severity for one in entry.findings if one.code in _OF_CONTRAST), default=None)
                color = SEVERITIES[worst] if worst else INK
                self._text((x + PANEL - self._width(said, 17, bold=True), y), said, color, 17, bold=True)
            y = self._paragraph((x + 20, y + 24), entry.told, SOFT, 15)
            for finding in entry.findings:
                self._need(y + 90)
                y = self._paragraph((x + 20, y + 2), finding.message, SEVERITIES[finding.severity], 15)
            y += 9
        self._draw.line((x, y, x + PANEL, y), fill=HAIR)
        for finding in others:
            self._need(y + 90)
            y = self._paragraph((x, y + 9), finding.message, SEVERITIES[finding.severity], 15)
        return self._image

    def _need(self, height: float) -> None:
        """Room down to there: a board with many layers is higher than its page."""
        if height + MARGIN <= self._image.height:
            return
        taller = Image.new("RGB", (self._image.width, round(height * 1.25) + MARGIN), BOARD)
        taller.paste(self._image, (0, 0))
        self._image = taller
        self._draw = ImageDraw.Draw(taller, "RGBA")

    def _paragraph(self, at: tuple[float, float], text: str, color: Color, size: int, bold: bool = False) -> float:
        """Words in lines as wide as the panel; the answer is where they end."""
        x, y = at
        room = MARGIN + self._page.width + GAP + PANEL - x
        line = ""
        words = (part for word in text.split() for part in self._parts(word, room, size, bold))
        for word in words:
            if line and self._width(f"{line} {word}", size, bold) > room:
                self._text((x, y), line, color, size, bold)
                y, line = y + size * LINE_HEIGHT, ""
            line = f"{line} {word}" if line else word
        self._text((x, y), line, color, size, bold)
        return y + size * LINE_HEIGHT

    def _parts(self, word: str, room: float, size: int, bold: bool) -> Iterator[str]:
        """A word in pieces that are no wider than there is room: an address has no blanks."""
        while self._width(word, size, bold) > room:
            fitting = bisect.bisect_right(range(len(word)), room, key=lambda end: self._width(word[:end], size, bold))
            yield word[: max(1, fitting - 1)]
            word = word[max(1, fitting - 1) :]
        yield word

    def _text(self, at: tuple[float, float], text: str, color: Color, size: int, bold: bool = False) -> float:
        """A text from its upper left corner on; the answer is where it ends."""
        self._draw.text(at, text, fill=color, font=_font(size, bold, has_right_to_left(text)))
        return at[0] + self._width(text, size, bold)

    def _width(self, text: str, size: int, bold: bool = False) -> float:
        return float(_font(size, bold, has_right_to_left(text)).getlength(text))


_OF_CONTRAST = ("low-contrast", "invisible-text")


@functools.lru_cache(maxsize=16)
def _font(size: int, bold: bool, shaped: bool) -> ImageFont.FreeTypeFont:
    """``shaped``: for letters that join, and run from right to left."""
    data = fonts.firago_bold() if bold else fonts.firago_regular()
    engine = ImageFont.Layout.RAQM if shaped else ImageFont.Layout.BASIC
    return ImageFont.truetype(io.BytesIO(data), size, layout_engine=engine)


def _page_length(points: float, target: str) -> str:
    """An edge of the page as people say it: in pixels, or in millimetres."""
    return f"{round(points * SCREEN_DENSITY / 72, 1):g} px" if target == "screen" else f"{points * 25.4 / 72:.4g} mm"


def _dashes(edge: tuple[int, int, int, int], dash: int) -> Iterator[tuple[int, int, int, int]]:
    """A level or upright line in pieces of so many pixels, with as much between them; whole where ``dash`` is 0."""
    left, top, right, bottom = edge
    if not dash:
        yield edge
    elif top == bottom:
        yield from ((x, top, min(x + dash - 1, right), top) for x in range(left, right + 1, 2 * dash))
    else:
        yield from ((left, y, left, min(y + dash - 1, bottom)) for y in range(top, bottom + 1, 2 * dash))


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
