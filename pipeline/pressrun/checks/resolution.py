"""Pixels per inch of placed pictures against the layout's floor and target."""

from __future__ import annotations

import math
from collections.abc import Iterator

from pressrun.model.finding import Finding, Severity
from pressrun.model.geometry import told_below
from pressrun.model.inspection import Inspection
from pressrun.model.pixel_logo import PixelLogoMark
from pressrun.model.plate_density import PRESS_DENSITY, plate_density, press_density
from pressrun.model.sheet import PictureMark, is_on_plate

# Ratios this near to a limit are taken as meeting it: a pixel rounded away is no lack of resolution.
TOLERANCE = 0.995


def resolution(inspection: Inspection) -> Iterator[Finding]:
    floor, target = inspection.layout.floor_and_target
    on_plate, above = _painted(inspection)
    for one in inspection.sheet.placed:
        mark = one.mark
        if not isinstance(mark, (PictureMark, PixelLogoMark)) or mark.ppi is None:
            continue
        density = mark.ppi / one.enlargement
        if density < floor * TOLERANCE:
            yield inspection.finding(
                Severity.ERROR,
                "resolution-below-floor",
                f"{told_below(density, floor, 0)} ppi, and the layout asks for {floor:g} at the least",
                mark.layer,
                "use a larger master or file, or a smaller box; or have the picture enlarged"
                f" ×{floor / density:.2f}, and adopt it",
            )
        elif (painted := on_plate if is_on_plate(mark) else above) < min(density, target, PRESS_DENSITY) * TOLERANCE:
            message = f"{told_below(painted, target, 0)} ppi of {target:g}: a page this large is painted no finer"
            hint = "where it is seen from afar, ask for less by `resolution` in the layout"
            yield inspection.finding(Severity.WARNING, "resolution-below-target", message, mark.layer, hint)
        elif density < target * TOLERANCE:
            message = f"{told_below(density, target, 0)} ppi of {target:g}"
            yield inspection.finding(Severity.WARNING, "resolution-below-target", message, mark.layer)


def _painted(inspection: Inspection) -> tuple[float, float]:
    """Pixels per inch of what is painted: on the plate, and above it."""
    sheet = inspection.sheet
    if sheet.target == "screen":
        return math.inf, math.inf
    return plate_density(sheet, inspection.layout), press_density(sheet.boxes.bleed)
