"""Logos that are lost on their ground: by how much of it looks like the colour that carries them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy

from pressrun.graphics.color.ciede2000 import distances, to_lab
from pressrun.model.color import relative_luminance
from pressrun.model.finding import Finding, Severity
from pressrun.model.geometry import Rect, told_below
from pressrun.model.inspection import Inspection, PixelBox, TextGround
from pressrun.model.light import luminances, ratios_of
from pressrun.model.provenance import SourceType
from pressrun.model.sheet import LogoMark, PictureMark

GRAPHIC = 3.0  # WCAG 2.2, success criterion 1.4.11, of what is no text
NEAR = 0.99  # of that: as near as two ways of measuring one ground come to each other
LOST = 1.5, 12.0  # contrast ratio and CIEDE2000, below both of which a form is hardly seen
MOST = 0.6  # of its ground: what is lost on less, as on a pattern, is seen in its other parts
LOOKED_AT = 64  # pixels along a logo's longer side
Colors = tuple[tuple[int, int, int], ...]


def logo_contrast(inspection: Inspection) -> Iterator[Finding]:
    """Logos whose worst tenth is weak are looked at: on a busy ground that tells little. Real pictures may differ from
    the stand-in of a rehearsal, on which a logo is weak at most."""
    if inspection.sheet.is_cutout:
        return  # nobody knows what it will stand on
    weak = {choice.layer: choice for choice in inspection.choices if choice.contrast < GRAPHIC * NEAR}
    for one in inspection.sheet.placed if weak else ():
        mark = one.mark
        if not isinstance(mark, LogoMark) or mark.layer not in weak or mark.layer not in inspection.grounds:
            continue
        look = inspection.logo_look(one)
        box = _pixels(inspection, look.place) if look else None
        if look is None or box is None:
            continue
        faint, lost = _shares(inspection.grounds[mark.layer], box, look.colors)
        if faint < MOST:
            continue
        chosen, contrast = weak[mark.layer].chosen, weak[mark.layer].contrast
        if lost >= MOST:
            said = f"the logo {chosen} is lost on a ground of its own colour, {contrast:.1f}:1"
        else:
            said = f"contrast of the logo {chosen} {told_below(contrast, GRAPHIC)}:1 where {GRAPHIC:g}:1 is clear"
        yield inspection.finding(
            Severity.ERROR if lost >= MOST and not _is_on_stand_in(inspection, look.place) else Severity.WARNING,
            "logo-contrast",
            said,
            mark.layer,
            "list another version of it as a candidate, or stand it on another ground",
        )


def _pixels(inspection: Inspection, place: Rect) -> PixelBox | None:
    """Those of the page that lie under it; None where it misses the page."""
    width, height = inspection.page.size
    scale = width / inspection.sheet.boxes.bleed.width
    left, top = max(0, round(place.x * scale)), max(0, round(place.y * scale))
    right, bottom = min(width, round(place.right * scale)), min(height, round(place.bottom * scale))
    return (left, top, right, bottom) if left < right and top < bottom else None


def _shares(ground: TextGround, box: PixelBox, colors: Colors) -> tuple[float, float]:
    """How much of a ground all of some colours are weak on, and how much they are lost on."""
    under = ground.crop(box).convert("RGB")
    pixels = numpy.asarray(under.reduce(max(1, max(under.size) // LOOKED_AT))).reshape(-1, 3)
    lights, labs = luminances(pixels), to_lab(numpy.array([*pixels, *colors]) / 255)
    ratios = numpy.array([ratios_of(lights, relative_luminance(color)) for color in colors]).max(axis=0)
    apart = distances(labs[: len(pixels)], labs[len(pixels) :]).max(axis=1)
    return float((ratios < GRAPHIC).mean()), float(((ratios < LOST[0]) & (apart < LOST[1])).mean())


def _is_on_stand_in(inspection: Inspection, place: Rect) -> bool:
    return any(
        isinstance(one.mark, PictureMark)
        and one.bounds.meets(place)
        and (fact := inspection.pictures.get(one.mark.digest)) is not None
        and fact.source_type == SourceType.ALGORITHMIC
        for one in inspection.sheet.placed
    )
