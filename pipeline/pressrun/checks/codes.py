"""Codes that scanners cannot read: modules too fine, too little contrast, no quiet around them, light on dark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy

from pressrun.model.color import relative_luminance
from pressrun.model.finding import Finding, Severity
from pressrun.model.geometry import SCREEN_DENSITY, Rect, told_below
from pressrun.model.inspection import Inspection
from pressrun.model.light import Light, luminances
from pressrun.model.sheet import CodeMark

# Printed modules in millimetres: GS1 asks for 0.396 on retail packaging and takes 0.25 as what printing can hold;
# telephones read from 0.33 at arm's length. On a screen a module is a whole number of pixels, or is blurred.
GOOD, LEAST = 0.33, 0.25
LEAST_PIXELS = 2.0
ROUNDED = 0.995  # of a limit, which a size in another unit misses by a rounding
QUIET = 4  # modules (ISO/IEC 18004, 9.1)
# Symbol contrast, lightest reflectance less darkest: the limits of grades 2 and 1 (ISO/IEC 15415, 7.8.3).
FAINT, LOST = 0.40, 0.20


def code_size(inspection: Inspection) -> Iterator[Finding]:
    for one in inspection.sheet.placed:
        if isinstance(one.mark, CodeMark):
            yield from _size(inspection, one.mark, one.enlargement)


def code_contrast(inspection: Inspection) -> Iterator[Finding]:
    for one in inspection.sheet.placed:
        if isinstance(one.mark, CodeMark):  # one that is turned is looked at with what its corners leave free
            yield from _contrast(inspection, replace(one.mark, rect=one.bounds))


def _size(inspection: Inspection, mark: CodeMark, enlargement: float) -> Iterator[Finding]:
    count = len(mark.modules) + 2 * mark.quiet
    module = mark.rect.width * enlargement / count
    what = f"{len(mark.value)} characters make a code of {len(mark.modules)} modules to a side"
    hint = "shorten what it says (a short address), or enlarge its box"
    if inspection.sheet.target == "print":
        size = module / 72 * 25.4
        if size < GOOD * ROUNDED:
            severity = Severity.ERROR if size < LEAST * ROUNDED else Severity.WARNING
            message = f"{what}, {told_below(size, GOOD, 2)} mm each; under {GOOD} mm many scanners fail"
            yield inspection.finding(severity, "code-too-fine", message, mark.layer, hint)
    elif (size := module / 72 * SCREEN_DENSITY) < LEAST_PIXELS * ROUNDED:
        message = f"{what}, {told_below(size, LEAST_PIXELS)} pixels each; under {LEAST_PIXELS:g} they blur"
        yield inspection.finding(Severity.WARNING, "code-too-fine", message, mark.layer, hint)


def _contrast(inspection: Inspection, mark: CodeMark) -> Iterator[Finding]:
    own = relative_luminance(mark.ink.rgb)
    around = _around(inspection, mark)
    ground = numpy.array([relative_luminance(mark.ground.rgb)]) if mark.ground else around
    if float(numpy.median(ground)) < own:
        message = "the code is lighter than its ground, which many scanners do not read"
        yield inspection.finding(
            Severity.WARNING, "code-inverted", message, mark.layer, "draw it dark on a light ground"
        )
    elif (contrast := _least(ground, own)) < FAINT:
        severity = Severity.ERROR if contrast < LOST else Severity.WARNING
        lighter = told_below(100 * max(0.0, contrast), 100 * FAINT, 0)
        message = f"the ground is only {lighter}% lighter than the code; scanners ask for {FAINT:.0%}"
        yield inspection.finding(severity, "code-contrast", message, mark.layer, "take a darker color, or a ground")
    elif mark.quiet < QUIET and _least(around, own) < FAINT:
        message = f"something dark stands nearer to the code than {QUIET} modules"
        hint = f"keep quiet: {QUIET}, or leave room around it"
        yield inspection.finding(Severity.WARNING, "code-quiet-zone", message, mark.layer, hint)


def _least(ground: Light, own: float) -> float:
    """How much lighter than the code nine tenths of the ground are, at the least."""
    return float(numpy.quantile(ground, 0.1)) - own


def _around(inspection: Inspection, mark: CodeMark) -> Light:
    """Luminances of the page in the quiet zone, as wide as it has to be, and of the page's own pixels alone."""
    module = mark.rect.width / (len(mark.modules) + 2 * mark.quiet)
    inner = mark.quiet * module
    core = mark.rect.inset(inner, inner, inner, inner)
    zone = core.inset(*[-QUIET * module] * 4)
    scale = inspection.page.width / inspection.sheet.boxes.bleed.width
    left, top, right, bottom = _pixels(zone, scale, 0)
    box = (max(0, left), max(0, top), min(inspection.page.width, right), min(inspection.page.height, bottom))
    light = luminances(numpy.asarray(inspection.page.crop(box).convert("RGB")))
    ring = numpy.ones(light.shape, bool)
    x, y, x_end, y_end = _pixels(core, scale, 1)
    ring[max(0, y - box[1]) : y_end - box[1], max(0, x - box[0]) : x_end - box[0]] = False
    return light[ring] if ring.any() else light.ravel()


def _pixels(rect: Rect, scale: float, more: int) -> tuple[int, int, int, int]:
    """Pixel edges, ``more`` of them further out: an edge's own pixels are half one, half the other."""
    return (
        round(rect.x * scale) - more, round(rect.y * scale) - more,
        round(rect.right * scale) + more, round(rect.bottom * scale) + more,
    )  # fmt: skip
