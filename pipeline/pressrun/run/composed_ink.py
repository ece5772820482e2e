"""Ink of what lies over each other in anybody's press file: no object has too much of it, and their plates together do.
Where it may be so, pages are separated, and their plates added up."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping

import pikepdf

from pressrun.model.separations import InkPeak
from pressrun.readers.press_pdf.alike import in_turns
from pressrun.readers.press_pdf.facts import PageFacts, PressFile, Rectangle
from pressrun.readers.press_pdf.level import INK_TOLERANCE
from pressrun.readers.press_pdf.operators import BROKEN
from pressrun.readers.press_pdf.traits import InkTogether, OverBudget, Problem, UnknownInk

DENSITY, MOST_PIXELS = 100.0, 4_000_000  # pixels an inch, and of a page: A1 is looked at less closely
MOST_PAGES = 40  # of a file: each is drawn once for every ink
MOST_IN_PICTURES = 100_000_000  # pixels on one page, which are decoded for its plates
AT_ONCE = 8  # the file is read anew for each lot, and the plates of one are in memory
MARKED = 6.0  # points around the place that is told
TITLE = "what overprints or blends"


def measure_composed_ink(file: PressFile, data: bytes, limit: float, most: int | None = None) -> None:
    """Note on the pages of a file that was read where inks lie on each other that are more than a ``limit`` (percent)
    together, over an area that is wider than a stroke of small letters. Of many pages ``most`` are looked at, which
    are of all kinds that there are."""
    doubtful = {page.number: page for page in file.pages if page.most_together > limit + INK_TOLERANCE}
    turns = in_turns(((page.boxes, frozenset(page.laid_over)), number) for number, page in doubtful.items())
    measured: list[PageFacts] = []
    for page in map(doubtful.__getitem__, turns):
        if why := _not_measured(page, len(measured), MOST_PAGES if most is None else most):
            page.saw(UnknownInk(TITLE, why), page.boxes.media)
        else:
            measured.append(page)
    if measured:
        _measure(sorted(measured, key=lambda page: page.number), data, limit)


def _not_measured(page: PageFacts, before: int, most: int) -> str:
    if any(True for kind in (OverBudget, Problem) for _ in page.of(kind)):
        return "the page cannot be read to its end"
    if sum(image.width * image.height for image in page.images) > MOST_IN_PICTURES:
        return "its pictures have more pixels than are taken apart"
    return f"{most} other pages were measured, of each kind some, and no more are" if before >= most else ""


def _measure(pages: list[PageFacts], data: bytes, limit: float) -> None:
    from pressrun.graphics.separations.ink_sums import ink_peak
    from pressrun.graphics.separations.plates import separated
    from pressrun.graphics.separations.printed_pages import profile_for

    profile = profile_for(data)
    alike: dict[float, list[PageFacts]] = {}  # by their densities
    for page in pages:
        alike.setdefault(_density(_looked_at(page)), []).append(page)
    for density, several in alike.items():
        for at in range(0, len(several), AT_ONCE):
            some = several[at : at + AT_ONCE]
            boxes = {page.number - 1: _own(_looked_at(page), page.unit) for page in some}
            try:
                printed = separated(data, profile, density, list(boxes), functools.partial(_box_of, boxes))
            except (*BROKEN, OSError):
                for page in some:
                    page.saw(UnknownInk(TITLE, "the page cannot be drawn"), page.boxes.media)
                continue
            for page, plates in zip(some, printed, strict=True):
                peak = ink_peak(plates, limit)
                if peak.percent > max(limit, page.heaviest) + INK_TOLERANCE:
                    together = InkTogether(round(peak.percent, 1), round(peak.over, 4))
                    page.saw(together, _place(peak, _looked_at(page), page.rotation))


def _density(box: Rectangle) -> float:
    size = (box[2] - box[0]) * (box[3] - box[1]) / 72**2
    return min(DENSITY, math.sqrt(MOST_PIXELS / max(size, 1e-6)))


def _box_of(boxes: Mapping[int, Rectangle], page: pikepdf.Page) -> Rectangle:
    return boxes[page.index]


def _own(box: Rectangle, unit: float) -> Rectangle:
    """A box as its page measures it."""
    return box[0] / unit, box[1] / unit, box[2] / unit, box[3] / unit


def _looked_at(page: PageFacts) -> Rectangle:
    """Marks stand around it, in all inks."""
    boxes = page.boxes
    inner = boxes.bleed or boxes.finished or boxes.crop or boxes.media
    left, bottom, right, top = (
        choose(*edges) for choose, edges in zip((max, max, min, min), zip(inner, boxes.media, strict=True), strict=True)
    )
    return (left, bottom, right, top) if left < right and bottom < top else boxes.media


def _place(peak: InkPeak, box: Rectangle, rotation: int) -> Rectangle:
    """Where a peak is that is told from the upper left of a page as it is shown, turned clockwise."""
    left, bottom, right, top = box
    x, y = {
        90: (left + peak.y, bottom + peak.x),
        180: (right - peak.x, bottom + peak.y),
        270: (right - peak.y, top - peak.x),
    }.get(rotation, (left + peak.x, top - peak.y))
    return x - MARKED, y - MARKED, x + MARKED, y + MARKED
