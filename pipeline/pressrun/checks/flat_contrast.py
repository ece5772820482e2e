"""Contrast of texts that stand on one colour: what lies under them is known as it is written, and nothing is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pressrun.checks.contrast import NEAR, asked_of, weak
from pressrun.model.code_mark import CodeMark
from pressrun.model.color import WHITE, Ink, relative_luminance
from pressrun.model.finding import Finding
from pressrun.model.geometry import Rect
from pressrun.model.inspection import Inspection
from pressrun.model.item_list import whole_layer
from pressrun.model.light import least_contrast
from pressrun.model.reach import reach_of
from pressrun.model.remedies import LegibleText
from pressrun.model.sheet import TRANSPARENT, Mark, ShapeMark, TextMark
from pressrun.model.spans import TextFit

CLEAR = 1.5  # of a ratio: how far the colours of a palette may be from how they look in print
ROUNDED_OFF = 0.3  # of the radius of a corner: as far as it reaches into its box


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
                worst[place] = ratio, weak(inspection, mark, ink, ratio, asked, mark.fit.extent)
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
        return one.ink if _inside(one).contains(fit.extent) else None
    return page if page.name != TRANSPARENT else None


def _inside(shape: ShapeMark) -> Rect:
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
    ground = _light(other)
    return least_contrast(ground, ground, _light(one))


def _light(color: str) -> float:
    red, green, blue = bytes.fromhex(color[1:])
    return relative_luminance((red, green, blue))
