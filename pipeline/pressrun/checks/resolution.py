"""Pixels per inch of placed pictures against the layout's floor and target."""

from __future__ import annotations

from collections.abc import Iterator

from pressrun.model.finding import Finding, Severity
from pressrun.model.inspection import Inspection
from pressrun.model.sheet import PictureMark

# Ratios this near to a limit are taken as meeting it: a pixel rounded away is no lack of resolution.
TOLERANCE = 0.995


def effective_density(mark: PictureMark) -> float:
    """Picture pixels per inch of paper, the poorer direction."""
    across = mark.size[0] * mark.crop[2] / (mark.rect.width / 72)
    down = mark.size[1] * mark.crop[3] / (mark.rect.height / 72)
    return min(across, down)


def resolution(inspection: Inspection) -> Iterator[Finding]:
    floor, target = inspection.layout.floor_and_target
    for mark in inspection.sheet.marks:
        if not isinstance(mark, PictureMark) or mark.media_type == "image/svg+xml":
            continue
        density = effective_density(mark)
        if density < floor * TOLERANCE:
            yield inspection.finding(
                Severity.ERROR,
                "resolution-below-floor",
                f"{density:.0f} ppi, and the layout asks for {floor:.0f} at the least",
                mark.layer,
                "use a larger master or file, or a smaller box; or have the picture enlarged"
                f" ×{floor / density:.2f}, and adopt it",
            )
        elif density < target * TOLERANCE:
            yield inspection.finding(
                Severity.WARNING, "resolution-below-target", f"{density:.0f} ppi of {target:.0f}", mark.layer
            )
