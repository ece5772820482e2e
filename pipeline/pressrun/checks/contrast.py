"""Contrast of a text's colour against what actually lies under it: the page and what the text stands on, compared; and
of texts on one colour, of which nothing need be drawn."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from math import ceil

import numpy
from msgspec import Struct
from PIL import Image, ImageChops, ImageFilter

from pressrun.model.code_mark import CodeMark
from pressrun.model.color import WHITE, Ink, relative_luminance
from pressrun.model.finding import Finding, Severity
from pressrun.model.geometry import Matrix, Rect, bounds, told_below
from pressrun.model.inspection import Inspection, PixelBox
from pressrun.model.item_list import whole_layer
from pressrun.model.light import Light, least_contrast, luminances, ratios_of, worst_tenth
from pressrun.model.reach import reach_of
from pressrun.model.remedies import LegibleText
from pressrun.model.sheet import TRANSPARENT, Mark, ShadeMark, ShapeMark, Sheet, TextMark
from pressrun.model.spans import TextFit

# WCAG 2.2, success criterion 1.4.3: 4.5:1, and 3:1 from 18 pt (24 pixels of CSS), or from 14 pt where bold.
NORMAL, LARGE = 4.5, 3.0
LARGE_FROM, BOLD_FROM = 18.0, 14.0
# WCAG's sizes are of text as it is seen. A picture for screens that is wider is seen as wide as a phone is: 360 pixels
# of CSS, the commonest width of Android's. One that is more than twice as wide as high is a banner among other text,
# which no phone shows, and is seen in its own size, as paper is.
PHONE = 270.0  # points
BANNER = 2.0

EDGE = 4  # pixels around a text that its smooth edges may reach
UNSEEN = 6  # of 255
NEAR = 0.99  # of a ratio: as near as two ways of measuring one ground come to each other
ERROR_SHARE = 0.6  # of the ratio asked for, below which text is not weak but lost
SUSPECT = 0.02  # of a piece that is too near in light to its letters, from which on these are looked at
LOST = 1.2  # of a ratio: nobody sees a letter there
LETTER = 0.15  # square em: less than what is measured around a single letter
CLEAR = 1.5  # of a ratio: how far the colours of a palette may be from how they look in print
ROUNDED_OFF = 0.3  # of the radius of a corner: as far as it reaches into its box
SAME = 40  # of 255, by which the colour of a letter may be off that of its ink


def contrast(inspection: Inspection) -> Iterator[Finding]:
    """Texts are measured in pieces of a few letters. Where all of a piece's ground is right nobody looks at letters."""
    sheet = inspection.sheet
    places = {one.mark.layer: one for one in sheet.placed if isinstance(one.mark, TextMark)}
    of_codes = {name for one in sheet.placed if isinstance(one.mark, CodeMark) for name in one.mark.words}
    told = {one.layer for one in inspection.choices if one.asked is not None and one.contrast < one.asked}
    for fact in inspection.facts:
        if fact.layer in of_codes:
            continue  # in the code's ink on its ground, which are judged by more than this
        place = places[fact.layer]
        mark, area = place.mark, _Area.of(inspection, fact.rect)
        assert isinstance(mark, TextMark)
        if area is None:
            continue
        look = (inspection.white_look if inspection.is_on_white(fact.rect) else None) or inspection.look
        is_colored = inspection.faces.is_colored(mark.text, mark.families)
        ground = inspection.grounds[fact.layer]
        reach = area.around(mark.rect if mark.rect.contains(fact.rect, 0) else fact.rect)
        inks = [
            _Asked(ink, _luminance(look(ink)), asked_of(sheet, mark, fact.size * share))
            for ink, share in mark.inks_set.items()
        ]
        is_plain = not is_colored and _is_uncovered(mark, inspection.above.get(fact.layer))
        if is_plain and _stand_out(inks, ground.extremes(reach)):
            continue
        light = ground.light(area.box)
        pieces = functools.cache(functools.partial(_pieces, inspection, area, mark, place.matrix))
        if is_plain and not is_doubtful(light, pieces, inks):
            continue
        page = inspection.page.crop(area.box)
        strokes = what_differs(page, ground.crop(area.box))
        if strokes is None:
            yield _invisible(inspection, fact.layer)
            continue
        extremes = ground.extremes(reach)
        letter = LETTER * (fact.size * area.scale / 2) ** 2
        for asked in inks:
            if not is_colored and asked.is_reached(extremes):
                continue  # whichever of the ground's pixels its letters stand on
            if is_colored:
                measured = measure(light, strokes, _own_light(page, strokes))
            else:
                own = _set_in(look(asked.ink), page, strokes) if mark.runs else strokes
                measured = measure(light, own or strokes, asked.light, pieces() if own else (), letter, bool(mark.runs))
            if measured < asked.ratio * NEAR and fact.layer not in told:  # by the check of legibility
                yield _weak(inspection, mark, asked.ink, measured, asked.ratio, fact.rect)


def _invisible(inspection: Inspection, layer: str) -> Finding:
    return inspection.finding(Severity.ERROR, "invisible-text", "the text cannot be told from its ground", layer)


def _weak(inspection: Inspection, mark: TextMark, ink: Ink, measured: float, asked: float, text: Rect) -> Finding:
    """What is told of a text whose contrast in an ink is below what is asked for."""
    severity = Severity.ERROR if measured < asked * ERROR_SHARE else Severity.WARNING
    of_some = f" of the words in {ink.name}" if mark.runs and ink != mark.inks[0] else ""
    return inspection.finding(
        severity,
        "low-contrast",
        f"contrast{of_some} {told_below(measured, asked)}:1{_on_stock(inspection, text)} where {asked:g}:1 is readable",
        mark.layer,
        f"{_remedy_for(inspection, text)}, or list another colour as a candidate",
    )


def _on_stock(inspection: Inspection, text: Rect) -> str:
    return f" on {inspection.stock}" if _stands_on_stock(inspection, text) else ""


def _stands_on_stock(inspection: Inspection, text: Rect) -> bool:
    return inspection.stock != WHITE and not inspection.is_on_white(text)


def _remedy_for(inspection: Inspection, text: Rect) -> str:
    if _stands_on_stock(inspection, text):
        return "print white below it (an ink with `technical: white`)"
    sheet = inspection.sheet
    is_shaded = any(isinstance(one.mark, ShadeMark) for one in sheet.placed)
    return "strengthen the shade" if is_shaded else "put a shade or a panel under it"


def asked_of(sheet: Sheet, mark: TextMark, size: float) -> float:
    """The contrast ratio by which a text can be read that is set in a size (points)."""
    seen, page = size, sheet.boxes.trim
    if sheet.target == "screen" and page.width <= BANNER * page.height:
        seen *= min(1.0, PHONE / page.width)
    return LARGE if seen >= LARGE_FROM or (seen >= BOLD_FROM and mark.weight >= 700) else NORMAL


Piece = tuple[slice, slice]  # rows and columns of a light


class _Asked(Struct, frozen=True):
    """An ink that words are set in, its luminance, and the ratio by which they can be read."""

    ink: Ink
    light: float
    ratio: float

    def is_reached(self, extremes: tuple[float, float]) -> bool:
        return least_contrast(*extremes, self.light) >= self.ratio


class _Area(Struct, frozen=True):
    """What is looked at for a text: a box of the page's pixels, of which a point has ``scale``."""

    box: PixelBox
    scale: float

    @classmethod
    def of(cls, inspection: Inspection, rect: Rect) -> _Area | None:
        """That of a text which takes a rectangle of the page; None where it misses it."""
        width, height = inspection.page.size
        scale = width / inspection.sheet.boxes.bleed.width
        left, top = max(0, int(rect.x * scale) + 1 - EDGE) & ~1, max(0, int(rect.y * scale) + 1 - EDGE) & ~1
        end, foot = rect.x + rect.width, rect.y + rect.height
        right, bottom = min(width, int(end * scale) + EDGE), min(height, int(foot * scale) + EDGE)
        return cls((left, top, right, bottom), scale) if left < right and top < bottom else None

    def around(self, rect: Rect) -> Rect:
        return rect.inset(*[-EDGE / self.scale] * 4)

    def pieces(self, pieces: Iterable[Rect], matrix: Matrix) -> list[Piece]:
        """Those of its text in this box at half the resolution."""
        left, top, right, bottom = self.box
        half, found = self.scale / 2, []
        for part in pieces:
            rect = bounds(part, matrix)
            x, y = max(0, int(rect.x * half) - left // 2), max(0, int(rect.y * half) - top // 2)
            end, foot = ceil(rect.right * half) - left // 2, ceil(rect.bottom * half) - top // 2
            if x < end and y < foot and x < (right - left) / 2 and y < (bottom - top) / 2:
                found.append((slice(y, foot), slice(x, end)))
        return found


def _pieces(inspection: Inspection, area: _Area, mark: TextMark, matrix: Matrix) -> Sequence[Piece]:
    return area.pieces(inspection.pieces(mark), matrix)


def _stand_out(inks: Iterable[_Asked], extremes: tuple[float, float]) -> bool:
    """Whether all inks of a text can be read on whichever of the ground's pixels its letters stand on."""
    return all(asked.is_reached(extremes) for asked in inks)


def is_doubtful(light: Light, pieces: Callable[[], Sequence[Piece]], inks: Iterable[_Asked]) -> bool:
    """Whether some of a ground is so near to an ink in light that its letters have to be looked at there. Of most texts
    none is, in which nobody asks for the ``pieces``."""
    for asked in inks:
        darker, lighter = (asked.light + 0.05) / asked.ratio - 0.05, (asked.light + 0.05) * asked.ratio - 0.05
        near = (light > darker) & (light < lighter)
        if near.any() and any(near[piece].mean() > SUSPECT for piece in pieces()):
            return True
    return False


def _is_uncovered(mark: TextMark, above: Sequence[Mark] | None) -> bool:
    """Whether nobody need look at a text to know that it is seen: it has letters, is in no group, and below texts
    alone."""
    if above is None or not any(letter.isalnum() for letter in mark.text):
        return False
    return all(isinstance(one, TextMark) for one in above)


def _luminance(color: str) -> float:
    red, green, blue = bytes.fromhex(color[1:])
    return relative_luminance((red, green, blue))


def what_differs(page: Image.Image, textless: Image.Image) -> Image.Image | None:
    """How far each pixel differs in luma, of 255: a text's strokes; None where nobody would see them."""
    difference = ImageChops.difference(page, textless).convert("L")
    return difference if _most(difference) >= UNSEEN else None


def _most(difference: Image.Image) -> float:
    most = difference.getextrema()[1]
    assert isinstance(most, (int, float))
    return most


def measure(
    light: Light,
    strokes: Image.Image,
    own: float,
    pieces: Sequence[Piece] = (),
    least: float = 0.0,
    is_mixed: bool = False,
) -> float:
    """WCAG contrast ratio of a text against the worst tenth of the ground around its strokes, in that of its pieces
    where it is worst; without any, in all of it. One with fewer pixels of ground than the ``least`` has no letter.
    ``is_mixed``: other strokes than these stand there, too.

    ``light`` is the ground at half the resolution, ``own`` the luminance of the text's colour: the criterion is of
    colours as they are meant, and the pixels of small letters are mixed with their ground.
    """
    faint = int(_most(strokes) * 0.06) + 1  # the least difference that tells
    # Around the strokes: where a quarter of the resolution still sees a difference, or its neighbour does.
    near = (numpy.asarray(strokes.reduce(4).filter(ImageFilter.MaxFilter(3))) >= faint).repeat(2, 0).repeat(2, 1)
    near = near[: light.shape[0], : light.shape[1]]
    if pieces and not is_mixed:
        near = near | (ratios_of(light, own) < LOST)  # strokes on which cannot be seen
    parts = [part for piece in pieces if (part := light[piece][near[piece]]).size >= max(least, 1)]
    if not parts:  # at worst a text of a pixel or two, lost in the reduction
        parts = [around if (around := light[near]).size else light]
    return min(worst_tenth(part, own) for part in parts)


def _own_light(page: Image.Image, strokes: Image.Image) -> float:
    """The luminance of letters with colours of their own: of the pixels that differ most, the insides of strokes."""
    core = numpy.flatnonzero(numpy.asarray(strokes) >= _most(strokes) * 0.7)
    return float(numpy.median(luminances(numpy.asarray(page.convert("RGB")).reshape(-1, 3)[core])))


def _set_in(color: str, page: Image.Image, strokes: Image.Image) -> Image.Image | None:
    """The strokes of a text in several inks that are in this one; None where they are too fine to be told apart."""
    far = numpy.abs(numpy.asarray(page.convert("RGB")).astype(numpy.int16) - list(bytes.fromhex(color[1:])))
    told = numpy.asarray(strokes)
    # An edge of a letter in another ink may be as near to this ink, and is near to the ground, too.
    own = Image.fromarray(numpy.where((far.max(axis=2) <= SAME) & (told > SAME), told, numpy.uint8(0)))
    return own if own.getbbox() else None


def flat_contrast(inspection: Inspection) -> Iterator[Finding]:
    """Of a table's cells, and of what is repeated, the worst in an ink stands for all. Texts in groups, on pictures, on
    gradients and on edges are judged when they are drawn."""
    sheet = inspection.sheet
    if inspection.stock != WHITE:  # which shows, but where white is printed
        return
    of_codes = {name for one in sheet.placed if isinstance(one.mark, CodeMark) for name in one.mark.words}
    worst: dict[tuple[str, Ink], tuple[float, Finding]] = {}
    for at, mark in enumerate(sheet.marks):
        if not isinstance(mark, TextMark) or isinstance(mark, LegibleText) or mark.fit is None or not mark.text.strip():
            continue
        if mark.layer in of_codes or inspection.faces.is_colored(mark.text, mark.families):
            continue
        ground = _flat_ground(sheet.ground, sheet.marks[:at], mark, mark.fit)
        if ground is None:
            continue
        for ink, ratio, asked in _contrasts(inspection, mark, mark.fit, ground):
            place = whole_layer(mark.layer), ink
            if ratio < asked * NEAR and (place not in worst or ratio < worst[place][0]):
                is_seen = ratio > 1 or len(mark.inks_set) > 1
                weak = _weak(inspection, mark, ink, ratio, asked, mark.fit.extent)
                worst[place] = ratio, weak if is_seen else _invisible(inspection, mark.layer)
    yield from (finding for _, finding in worst.values())


def _flat_ground(page: Ink, below: Sequence[Mark], mark: TextMark, fit: TextFit) -> Ink | None:
    """The one ink under all of a text; None where that is not known."""
    if mark.panel:
        return mark.panel.fill if isinstance(mark.panel.fill, Ink) else None
    for one in reversed(below):
        if not reach_of(one).overlaps(fit.extent):
            continue
        if not isinstance(one, ShapeMark) or not one.is_plain or one.shape != "rect":
            return None
        return one.ink if _without_corners(one).contains(fit.extent) else None
    return page if page.name != TRANSPARENT else None


def _without_corners(shape: ShapeMark) -> Rect:
    return shape.rect.inset(*[shape.radius * ROUNDED_OFF] * 4)


def _contrasts(
    inspection: Inspection, mark: TextMark, fit: TextFit, ground: Ink
) -> Iterator[tuple[Ink, float, float]]:
    """The inks of a text, of candidates the best, each with its contrast and the one that is asked for."""
    for first, share in mark.inks_set.items():
        asked = asked_of(inspection.sheet, mark, fit.size * share)
        inks = mark.inks if first == mark.inks[0] else (first,)
        if max(_ratio(ink.srgb, ground.srgb) for ink in inks) >= asked * CLEAR:
            continue
        look = inspection.look
        ink = max(inks, key=lambda one: _ratio(look(one), look(ground)))
        yield ink, _ratio(look(ink), look(ground)), asked


def _ratio(one: str, other: str) -> float:
    ground = _luminance(other)
    return least_contrast(ground, ground, _luminance(one))
