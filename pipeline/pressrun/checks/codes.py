"""Codes that scanners cannot read: too fine, too pale, nothing clear around them, on a picture, turned, covered."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy

from pressrun.graphics.codes.barcodes import cleared, is_corrected
from pressrun.graphics.codes.clear_zones import cut_off, in_its_zone
from pressrun.model.code_mark import CodeMark
from pressrun.model.color import relative_luminance
from pressrun.model.finding import Finding, Severity
from pressrun.model.geometry import POINTS_PER_UNIT, SCREEN_DENSITY, Rect, bounds, length_told, told_below
from pressrun.model.inspection import Inspection
from pressrun.model.light import Light, PixelArray, luminances
from pressrun.model.placed_page import PageMark
from pressrun.model.sheet import LogoMark, PictureMark, Placed, ShapeMark
from pressrun.model.symbology import SYMBOLOGIES

# On a screen a module is a whole number of pixels, or is blurred.
LEAST_PIXELS = 2.0
ROUNDED = 0.995  # of a limit, which a size in another unit misses by a rounding
ODD = 0.5  # degrees that bars may be off the raster
# Symbol contrast, lightest reflectance less darkest: the limits of grades 2 and 1 (ISO/IEC 15415, 7.8.3).
FAINT, LOST = 0.40, 0.20
# Of a module: of bars drawn narrower than by that, readers of EAN, Code 128 and PDF417 take the widths for others.
MOST_REDUCED = 0.4
ROOM = "leave `quiet` out, or leave room around it"
SEEN = 0.25  # of a module, under which nobody sees that a zone is cut


def code_size(inspection: Inspection) -> Iterator[Finding]:
    for one in inspection.sheet.placed:
        if isinstance(one.mark, CodeMark):
            yield from _size(inspection, one.mark, one.enlargement)
            yield from _reduction(inspection, one.mark)
            yield from _logo(inspection, one.mark)


def code_contrast(inspection: Inspection) -> Iterator[Finding]:
    every = list(inspection.sheet.placed)
    for at, one in enumerate(every):
        if isinstance(mark := one.mark, CodeMark):
            zone = bounds(mark.zone, one.matrix)
            above = [other for other in every[at + 1 :] if other.mark.layer not in mark.words]
            is_clear = mark.has_its_zone and not any(other.bounds.meets(zone) for other in above)
            is_told = _in_its_zone(inspection, mark, at) is not None
            yield from _contrast(inspection, mark, one, zone, is_clear, is_told)


def code_place(inspection: Inspection) -> Iterator[Finding]:
    """What is below a code that has no ground of its own, what stands in its clear zone, and how it is turned."""
    below: list[Placed] = []
    for at, one in enumerate(inspection.sheet.placed):
        mark = one.mark
        if not isinstance(mark, CodeMark):
            below.append(one)
            continue
        if mark.ground is None and _is_on_a_picture(bounds(mark.zone, one.matrix), below):
            message = "the code stands on a picture, which scanners have to tell it from"
            hint = "give it a ground, or a shape below it that is as large as its quiet zone"
            yield inspection.finding(Severity.WARNING, "code-over-picture", message, mark.layer, hint)
        if (layer := _in_its_zone(inspection, mark, at)) is not None:
            message = f"'{layer}' stands nearer to the code than {_quiet_told(mark)} modules"
            yield inspection.finding(Severity.WARNING, "code-quiet-zone", message, mark.layer, ROOM)
        elif (beyond := cut_off(inspection, one)) > SEEN * mark.module * one.enlargement:
            far = length_told(beyond, inspection.sheet.target)
            message = f"{far} of the {_quiet_told(mark)} modules that are to be clear around it lie beyond the page"
            yield inspection.finding(Severity.WARNING, "code-quiet-zone", message, mark.layer, ROOM)
        if SYMBOLOGIES[mark.kind].is_linear and (angle := _odd_angle(one)):
            message = f"its bars are turned by {angle:g}°: the raster makes stairs of their edges"
            hint = "turn it by 0 or 90 degrees, along the paper's run if it can be"
            yield inspection.finding(Severity.WARNING, "code-turned", message, mark.layer, hint)


def code_reading(inspection: Inspection) -> Iterator[Finding]:
    """Every code is read again from what the page looks like."""
    for one in inspection.sheet.placed:
        mark = one.mark
        if not isinstance(mark, CodeMark):
            continue
        read = inspection.read_code(one)
        if mark.reads in read:
            continue
        if read:
            message = f"the code reads '{_short(read[0])}' on the page, and says '{_short(mark.reads)}'"
        else:
            message = f"nothing can be read of the code on the page, which says '{_short(mark.reads)}'"
        hint = "look what lies on it or below it, and how large and how dark it is"
        yield inspection.finding(Severity.ERROR, "code-unreadable", message, mark.layer, hint)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"


def _odd_angle(one: Placed) -> float:
    """By how many degrees it is off a right angle; 0 of one that is upright or lies on its side."""
    a, b, _, _, _, _ = one.matrix
    angle = math.degrees(math.atan2(b, a)) % 90
    return round(angle, 1) if ODD < angle < 90 - ODD else 0.0


def _is_on_a_picture(zone: Rect, below: list[Placed]) -> bool:
    for one in reversed(below):
        mark = one.mark
        if isinstance(mark, ShapeMark) and mark.is_plain and mark.fill and one.bounds.contains(zone):
            return False
        if isinstance(mark, (PictureMark, PageMark)) and one.bounds.meets(zone):
            return True
    return False


def _size(inspection: Inspection, mark: CodeMark, enlargement: float) -> Iterator[Finding]:
    one, module = SYMBOLOGIES[mark.kind], mark.module * enlargement
    if one.is_linear:
        what = "the code has modules of"
        each, hint = "", "enlarge it, or take a kind of code that needs fewer"
    else:
        what = f"{len(mark.value)} characters make a code of {len(mark.modules)} modules to a side,"
        each, hint = " each", "shorten what it says (a short address), or enlarge its box"
    if inspection.sheet.target == "print":
        size, good, least = module / POINTS_PER_UNIT["mm"], one.good, one.least
        if mark.least is not None:
            good = least = mark.least / POINTS_PER_UNIT["mm"]
        if size < good * ROUNDED:
            severity = Severity.ERROR if size < least * ROUNDED else Severity.WARNING
            message = f"{what} {told_below(size, good, 2)} mm{each}; under {good:g} mm many scanners fail"
            yield inspection.finding(severity, "code-too-fine", message, mark.layer, hint)
    elif (size := module / 72 * SCREEN_DENSITY) < LEAST_PIXELS * ROUNDED:
        message = f"{what} {told_below(size, LEAST_PIXELS)} pixels{each}; under {LEAST_PIXELS:g} they blur"
        yield inspection.finding(Severity.WARNING, "code-too-fine", message, mark.layer, hint)


def _reduction(inspection: Inspection, mark: CodeMark) -> Iterator[Finding]:
    most = MOST_REDUCED * mark.module
    if mark.reduction <= most / ROUNDED:
        return
    unit = "mm" if inspection.sheet.target == "print" else "px"
    of_unit = POINTS_PER_UNIT[unit]
    bars, asked, most = mark.module / of_unit, mark.reduction / of_unit, math.floor(1000 * most / of_unit) / 1000
    message = f"bars of {bars:.2f} {unit} are drawn narrower by {asked:.3g} {unit}; readers take {MOST_REDUCED:.0%}"
    hint = f"bar_width_reduction: {most:g}{unit} at most, or enlarge the code"
    yield inspection.finding(Severity.ERROR, "code-bars-too-narrow", message, mark.layer, hint)


def _in_its_zone(inspection: Inspection, mark: CodeMark, at: int) -> str | None:
    return in_its_zone(inspection, at, relative_luminance(mark.ink.rgb) + FAINT)


def _quiet_told(mark: CodeMark) -> str:
    return " and ".join(f"{side:g}" for side in dict.fromkeys(SYMBOLOGIES[mark.kind].quiet) if side) or "1"


def _logo(inspection: Inspection, mark: CodeMark) -> Iterator[Finding]:
    """How much of its correction a logo in it uses up: one of twice the area would use up twice as much."""
    logos = (one.mark for one in inspection.sheet.placed if isinstance(one.mark, LogoMark))
    logo = next((one for one in logos if one.layer == mark.layer), None)
    if logo is None:
        return
    share = logo.rect.width / mark.core.width

    def is_read(share: float, in_its_place: str = "0") -> bool:
        return is_corrected(cleared(mark.modules, share, in_its_place), mark.kind, mark.reads)

    if is_read(share * math.sqrt(2)):
        return
    sizes = range(int(100 * share), 0, -1)
    sound = next((percent for percent in sizes if is_read(percent / 100 * math.sqrt(2))), None)
    smaller = f"logo_size: {sound}%" if sound else "a smaller logo_size"
    if sound or is_read(share, "1"):  # on a light logo, or a dark one
        severity, message = Severity.WARNING, "the logo takes more than half of what its correction makes up for"
    else:
        severity, message = Severity.ERROR, "the logo hides more of it than its correction makes up for"
    hint = f"{smaller}, or more correction, up to `error_correction: H`"
    yield inspection.finding(severity, "code-logo-too-large", message, mark.layer, hint)


def _contrast(
    inspection: Inspection, mark: CodeMark, one: Placed, zone: Rect, is_clear: bool, is_told: bool
) -> Iterator[Finding]:
    """Of a code that has a ground ``is_clear`` says that nothing else can be seen around it: then nobody looks.
    ``is_told``: what stands in its zone is told of the settled sheet."""
    own = relative_luminance(mark.ink.rgb)
    flat = numpy.array([relative_luminance(mark.ground.rgb)], numpy.float32) if mark.ground else None
    around = flat if flat is not None and is_clear else _around(inspection, bounds(mark.core, one.matrix), zone)
    ground = around if flat is None else flat
    is_linear = SYMBOLOGIES[mark.kind].is_linear
    if not is_linear and min(float(around.min()), float(ground.min())) - own >= FAINT:
        return  # no share of it is too dark
    if _middle(ground) < own:
        message = "the code is lighter than its ground, which many scanners do not read"
        yield inspection.finding(
            Severity.WARNING, "code-inverted", message, mark.layer, "draw it dark on a light ground"
        )
    elif (contrast := _least(ground, own)) < FAINT:
        severity = Severity.ERROR if contrast < LOST else Severity.WARNING
        lighter = told_below(100 * max(0.0, contrast), 100 * FAINT, 0)
        message = f"the ground is only {lighter}% lighter than the code; scanners ask for {FAINT:.0%}"
        yield inspection.finding(severity, "code-contrast", message, mark.layer, "take a darker color, or a ground")
    elif is_linear and (contrast := _in_red_light(inspection, mark, one, zone)) < FAINT:
        severity = Severity.ERROR if contrast < LOST else Severity.WARNING
        lighter = told_below(100 * max(0.0, contrast), 100 * FAINT, 0)
        message = f"in the red light of scanners the ground is only {lighter}% lighter than the bars, of {FAINT:.0%}"
        hint = "draw bars in black, blue or green, and grounds in white, yellow, orange or red"
        yield inspection.finding(severity, "code-contrast", message, mark.layer, hint)
    elif not is_told and _least(around, own) < FAINT:
        message = f"something dark stands nearer to the code than {_quiet_told(mark)} modules"
        yield inspection.finding(Severity.WARNING, "code-quiet-zone", message, mark.layer, ROOM)


def _in_red_light(inspection: Inspection, mark: CodeMark, one: Placed, zone: Rect) -> float:
    """How much lighter the ground is than bars where they are scanned at 660 nm (ISO/IEC 15416): to it red,
    orange and yellow are white."""
    own = relative_luminance((mark.ink.rgb[0],) * 3)
    if mark.ground:
        return relative_luminance((mark.ground.rgb[0],) * 3) - own
    return _least(_around(inspection, bounds(mark.core, one.matrix), zone, _red), own)


def _red(pixels: PixelArray) -> Light:
    return luminances(numpy.repeat(pixels[..., :1], 3, axis=-1))


def _middle(ground: Light) -> float:
    return float(numpy.median(ground) if ground.size > 1 else ground[0])


def _least(ground: Light, own: float) -> float:
    """How much lighter than the code nine tenths of the ground are, at the least."""
    return float(numpy.quantile(ground, 0.1) if ground.size > 1 else ground[0]) - own


def _around(
    inspection: Inspection, core: Rect, zone: Rect, light_of: Callable[[PixelArray], Light] = luminances
) -> Light:
    """Luminances of the page in the quiet zone, as wide as it has to be, and of the page's own pixels alone."""
    scale = inspection.page.width / inspection.sheet.boxes.bleed.width
    left, top, right, bottom = _pixels(zone, scale, 0)
    box = (max(0, left), max(0, top), min(inspection.page.width, right), min(inspection.page.height, bottom))
    if box[0] >= box[2] or box[1] >= box[3]:
        return numpy.ones(1, dtype=numpy.float32)  # beside the page, where nothing is
    light = light_of(numpy.asarray(inspection.page.crop(box).convert("RGB")))
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
