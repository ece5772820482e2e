"""Text too small and lines too thin for a press, of our own layers and of placed pages (GWG 2015): `preflight` asks the
same of files."""

from __future__ import annotations

from collections.abc import Iterator

from pressrun.model.finding import Finding, Severity
from pressrun.model.geometry import enlargement, told_below
from pressrun.model.inspection import Inspection
from pressrun.model.item_list import whole_layer
from pressrun.model.placed_page import PageMark
from pressrun.model.sheet import Placed, ShapeMark
from pressrun.readers.press_pdf.limits import PressLimits

LIMITS = PressLimits()
_TEXT, _LINE = (LIMITS.mixed_text, LIMITS.smallest_text), (LIMITS.mixed_line, LIMITS.thinnest_line)
ROUNDED = 0.999  # of a size that was given in another unit


def fine_print(inspection: Inspection) -> Iterator[Finding]:
    if inspection.sheet.target != "print":
        return
    small: dict[str, float] = {}
    for fact in inspection.facts:
        if fact.size < LIMITS.smallest_text * ROUNDED:
            name = whole_layer(fact.layer)
            small[name] = min(fact.size, small.get(name, fact.size))
    for layer, size in small.items():
        least = LIMITS.smallest_text
        message = f"text is {told_below(size, least)} pt; under {least:g} pt it may fill in"
        yield inspection.finding(Severity.WARNING, "small-text", message, layer, "set it larger, or cut the text")
    for one in inspection.sheet.placed:
        if isinstance(one.mark, PageMark):
            yield from _of_page(inspection, one, one.mark)
        elif isinstance(one.mark, ShapeMark) and one.mark.stroke and one.mark.stroke_width:
            width = one.mark.stroke_width * one.enlargement
            if width < LIMITS.thinnest_line * ROUNDED:
                message = f"a line is {told_below(width, LIMITS.thinnest_line)} pt thick"
                yield _thin(inspection, message, one.mark.layer)


def _of_page(inspection: Inspection, placed: Placed, mark: PageMark) -> Iterator[Finding]:
    scale = enlargement(mark.matrix) * placed.enlargement
    for part in mark.fine:
        size = part.size * scale
        what, mixed, least = ("text", *_TEXT) if part.is_text else ("a line", *_LINE)
        if part.mixed and size < mixed * ROUNDED:
            message = f"{mark.told}: {what} of {told_below(size, mixed)} pt is printed in several inks"
            hint = "use black alone, or one or two inks, in the file"
            yield inspection.finding(Severity.WARNING, "small-in-several-inks", message, mark.layer, hint)
        elif not part.mixed and size < least * ROUNDED:
            message = f"{mark.told}: {what} of {told_below(size, least)} pt"
            if not part.is_text:
                yield _thin(inspection, message, mark.layer)
                continue
            message += f"; under {least:g} pt it may fill in"
            yield inspection.finding(Severity.WARNING, "small-text", message, mark.layer, "set it larger in the file")


def _thin(inspection: Inspection, message: str, layer: str) -> Finding:
    told = f"{message}; under {LIMITS.thinnest_line:g} pt it may not print"
    return inspection.finding(Severity.WARNING, "thin-line", told, layer, "make it at least 0.25 pt")
