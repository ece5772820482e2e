"""Contrast of a text's colour against what actually lies under it: the page and what the text stands on, compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy
from PIL import Image, ImageChops, ImageFilter

from pressrun.model.code_mark import CodeMark
from pressrun.model.color import relative_luminance
from pressrun.model.finding import Finding, Severity
from pressrun.model.geometry import told_below
from pressrun.model.inspection import Inspection, PixelBox, TextGround
from pressrun.model.light import Light, least_contrast, luminances, worst_tenth
from pressrun.model.sheet import Mark, TextMark

# WCAG 2.2, success criterion 1.4.3: 4.5:1, and 3:1 from 18 pt, or from 14 pt where bold.
NORMAL, LARGE = 4.5, 3.0
EDGE = 3  # pixels around a text that its smooth edges may reach
UNSEEN = 6  # of 255
ERROR_SHARE = 0.6  # of the ratio asked for, below which text is not weak but lost


def contrast(inspection: Inspection) -> Iterator[Finding]:
    width, height = inspection.page.size
    scale = width / inspection.sheet.boxes.bleed.width
    marks = {one.mark.layer: one.mark for one in inspection.sheet.placed if isinstance(one.mark, TextMark)}
    of_codes = {name for one in inspection.sheet.placed if isinstance(one.mark, CodeMark) for name in one.mark.words}
    told = {one.layer for one in inspection.choices if one.asked is not None and one.contrast < one.asked}
    for fact in inspection.facts:
        if fact.layer in of_codes:
            continue  # in the code's ink on its ground, which are judged by more than this
        mark, rect = marks[fact.layer], fact.rect
        box = (
            max(0, int(rect.x * scale) + 1 - EDGE),
            max(0, int(rect.y * scale) + 1 - EDGE),
            min(width, int(rect.right * scale) + EDGE),
            min(height, int(rect.bottom * scale) + EDGE),
        )
        if box[2] <= box[0] or box[3] <= box[1]:
            continue
        colored = inspection.faces.is_colored(mark.text, mark.families)
        ground = inspection.grounds[fact.layer]
        area = (mark.rect if mark.rect.contains(rect, 0) else rect).inset(*[-EDGE / scale] * 4)
        is_plain = not colored and _is_uncovered(mark, inspection.above.get(fact.layer))
        if is_plain and _stands_out(inspection, mark, fact.size, ground.extremes(area)):
            continue
        page, under = inspection.page.crop(box), ground.crop(box)
        strokes = what_differs(page, under)
        if strokes is None:
            yield inspection.finding(
                Severity.ERROR, "invisible-text", "the text cannot be told from its ground", fact.layer
            )
            continue
        for ink, share in mark.inks_set.items():
            needed = asked_of(mark, fact.size * share)
            own = None if colored else _luminance(inspection.look(ink))
            if own is not None and least_contrast(*ground.extremes(area), own) >= needed:
                continue  # whichever of the ground's pixels its letters stand on
            measured = measure(page, under, strokes, own)
            if measured < needed and fact.layer not in told:  # by the check of legibility
                severity = Severity.ERROR if measured < needed * ERROR_SHARE else Severity.WARNING
                of_some = f" of the words in {ink.name}" if mark.runs and ink != mark.inks[0] else ""
                yield inspection.finding(
                    severity,
                    "low-contrast",
                    f"contrast{of_some} {told_below(measured, needed)}:1 where {needed:g}:1 is readable",
                    fact.layer,
                    "strengthen the shade, or list another colour as a candidate",
                )


def asked_of(mark: TextMark, size: float) -> float:
    """The contrast ratio by which a text can be read that is set in a size (points)."""
    return LARGE if size >= 18 or (size >= 14 and mark.weight >= 700) else NORMAL


def _stands_out(inspection: Inspection, mark: TextMark, size: float, extremes: tuple[float, float]) -> bool:
    """Whether all inks of a text can be read on whichever of the ground's pixels its letters stand on."""
    return all(
        least_contrast(*extremes, _luminance(inspection.look(ink))) >= asked_of(mark, size * share)
        for ink, share in mark.inks_set.items()
    )


def _is_uncovered(mark: TextMark, above: Sequence[Mark] | None) -> bool:
    """Whether nobody need look at a text to know that it is seen: it has letters, is in no group, and below texts
    alone."""
    if above is None or not any(letter.isalnum() for letter in mark.text):
        return False
    return all(isinstance(one, TextMark) for one in above)


def _luminance(color: str) -> float:
    red, green, blue = bytes.fromhex(color[1:])
    return relative_luminance((red, green, blue))


def light_under(ground: TextGround, box: PixelBox) -> Light:
    """The luminances of all that lies in a box of the page's pixels: what is known of a text's ground before its
    strokes are drawn there. Of the ground half the resolution is enough."""
    return luminances(numpy.asarray(ground.crop(box).reduce(2)))


def what_differs(page: Image.Image, textless: Image.Image) -> Image.Image | None:
    """How far each pixel differs in luma, of 255: a text's strokes; None where nobody would see them."""
    difference = ImageChops.difference(page, textless).convert("L")
    return difference if _most(difference) >= UNSEEN else None


def _most(difference: Image.Image) -> float:
    most = difference.getextrema()[1]
    assert isinstance(most, (int, float))
    return most


def measure(page: Image.Image, textless: Image.Image, strokes: Image.Image, own: float | None) -> float:
    """WCAG contrast ratio of a text against the worst tenth of the ground around its strokes.

    ``own`` is the luminance of its colour: the criterion is of colours as they are meant, and the pixels of small
    letters are mixed with their ground. Without it, it is that of the pixels that differ most, the insides of strokes.
    """
    most = _most(strokes)
    faint = int(most * 0.06) + 1  # the least difference that tells
    # Around the strokes: where a quarter of the resolution still sees a difference, or its neighbour does. Of the
    # ground half the resolution is enough: a finer grain is no ground for letters, and takes four times as long.
    near = (numpy.asarray(strokes.reduce(4).filter(ImageFilter.MaxFilter(3))) >= faint).repeat(2, 0).repeat(2, 1)
    half = numpy.asarray(textless.reduce(2))
    ground = luminances(half[near[: half.shape[0], : half.shape[1]]])
    if not ground.size:  # a text of a pixel or two, lost in the reduction
        ground = luminances(half)
    if own is None:
        core = numpy.flatnonzero(numpy.asarray(strokes) >= most * 0.7)
        own = float(numpy.median(luminances(numpy.asarray(page.convert("RGB")).reshape(-1, 3)[core])))
    return worst_tenth(ground, own)
