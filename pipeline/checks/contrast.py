"""Contrast of text against what actually lies under it: the page with and without its text, compared."""

from __future__ import annotations

from collections.abc import Iterator

import numpy
from PIL import Image, ImageChops, ImageFilter

from pipeline.model.color import relative_luminance
from pipeline.model.finding import Finding, Severity
from pipeline.model.inspection import Inspection
from pipeline.model.sheet import TextMark

# WCAG 2.2, success criterion 1.4.3: 4.5:1, and 3:1 from 18 pt, or from 14 pt where bold.
NORMAL, LARGE = 4.5, 3.0
ERROR_SHARE = 0.6  # of the ratio asked for, below which text is not weak but lost
_LINEAR = numpy.array([relative_luminance((value, value, value)) for value in range(256)], dtype=numpy.float32)


def contrast(inspection: Inspection) -> Iterator[Finding]:
    scale = inspection.page.width / inspection.sheet.boxes.bleed.width
    marks = {mark.layer: mark for mark in inspection.sheet.marks if isinstance(mark, TextMark)}
    for fact in inspection.facts:
        mark = marks[fact.layer]
        rect = fact.rect
        box = (
            max(0, int(rect.x * scale) - 2),
            max(0, int(rect.y * scale) - 2),
            min(inspection.page.width, int(rect.right * scale) + 3),
            min(inspection.page.height, int(rect.bottom * scale) + 3),
        )
        if box[2] <= box[0] or box[3] <= box[1]:
            continue
        measured = measure(inspection.page.crop(box), inspection.textless.crop(box))
        needed = LARGE if fact.size >= 18 or (fact.size >= 14 and mark.weight >= 700) else NORMAL
        if measured is None:
            yield inspection.finding(
                Severity.ERROR, "invisible-text", "the text cannot be told from its ground", fact.layer
            )
        elif measured < needed:
            severity = Severity.ERROR if measured < needed * ERROR_SHARE else Severity.WARNING
            yield inspection.finding(
                severity,
                "low-contrast",
                f"contrast {measured:.1f}:1 where {needed:g}:1 is readable",
                fact.layer,
                "strengthen the shade, or list another colour as a candidate",
            )


def measure(page: Image.Image, textless: Image.Image) -> float | None:
    """WCAG contrast ratio of the text's pixels against the worst tenth of the ground around them; None if no
    pixel differs. The text's luminance is that of the pixels that differ most: the insides of strokes."""
    difference = ImageChops.difference(page, textless).convert("L")
    changed = numpy.asarray(difference)
    most = int(changed.max(initial=0))
    if most < 6:
        return None
    core = changed >= most * 0.7
    near = numpy.asarray(
        difference.point(lambda value: 255 if value > most * 0.15 else 0).filter(ImageFilter.MaxFilter(5))
    )
    text = _luminance(numpy.asarray(page)[core])
    ground = _luminance(numpy.asarray(textless)[near > 0])
    own = float(numpy.median(text))
    ratios = (numpy.maximum(ground, own) + 0.05) / (numpy.minimum(ground, own) + 0.05)
    return float(numpy.quantile(ratios, 0.1))


def _luminance(
    pixels: numpy.ndarray[tuple[int, ...], numpy.dtype[numpy.uint8]],
) -> numpy.ndarray[tuple[int, ...], numpy.dtype[numpy.float32]]:
    light: numpy.ndarray[tuple[int, ...], numpy.dtype[numpy.float32]] = (
        _LINEAR[pixels[:, 0]] * numpy.float32(0.2126)
        + _LINEAR[pixels[:, 1]] * numpy.float32(0.7152)
        + _LINEAR[pixels[:, 2]] * numpy.float32(0.0722)
    )
    return light
