"""Boxes, bleed and pages (ISO 15930-7; GWG 2015)."""

from __future__ import annotations

from collections.abc import Iterator

from pressrun.model.geometry import told_below
from pressrun.readers.press_pdf.bleed import AT_TRIM, SIDES, unfilled_sides
from pressrun.readers.press_pdf.boxes import POINTS_PER_MM, contains, overlaps
from pressrun.readers.press_pdf.facts import PageFacts, PressFile, Rectangle, WhiteEdge
from pressrun.readers.press_pdf.limits import PressLimits
from pressrun.readers.press_pdf.rules.rule import ERROR, NOTE, WARNING, Fault, file_rule, page_rule
from pressrun.readers.press_pdf.structure import CUT_IN_PRINT
from pressrun.readers.press_pdf.traits import Transparency

BLEED_TOLERANCE = 0.1  # points
OUTSIDE = frozenset({"PrinterMark", "TrapNet"})  # annotations that PDF/X lets stand on the page
CUT = "cut in the wrong place"
MOST_UNITS = 14_400  # of a page's sides
SMALLEST = 1.0  # points; no page is cut as small as that


@page_rule("empty-page", NOTE, clause="GWG 2015, empty pages", paper="a blank page")
def empty_page(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    if page.is_empty:
        yield Fault("nothing is drawn on it but white, or nothing at all")


@page_rule("no-trim-box", ERROR, clause="ISO 15930-7, page boxes", paper=CUT)
def no_trim_box(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    if page.was_read and page.boxes.finished is None:
        yield Fault("no TrimBox says where the page is cut")


@page_rule("two-trims", WARNING, clause="ISO 15930-7, page boxes", paper=CUT)
def two_trims(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    if page.boxes.trim and page.boxes.art:
        yield Fault("there are a TrimBox and an ArtBox; PDF/X allows one of them")


@page_rule("box-nesting", ERROR, clause="ISO 15930-7, page boxes", paper=CUT)
def box_nesting(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    boxes, finished = page.boxes, page.boxes.finished
    for name, box in (("TrimBox", finished), ("BleedBox", boxes.bleed), ("CropBox", boxes.crop)):
        if box and not contains(boxes.media, box):
            yield Fault(f"the {name} reaches out of the MediaBox", at=(box,))
    if finished and boxes.bleed and not contains(boxes.bleed, finished):
        yield Fault("the TrimBox reaches out of the BleedBox", at=(finished,))


@page_rule("box-empty", ERROR, clause="ISO 32000-1, 14.11.2", paper=CUT)
def box_empty(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    boxes = page.boxes
    named = (("MediaBox", boxes.media), ("TrimBox", boxes.finished), ("BleedBox", boxes.bleed), ("CropBox", boxes.crop))
    for name, box in named if page.was_read else ():
        if box and min(box[2] - box[0], box[3] - box[1]) < SMALLEST:
            yield Fault(f"the {name} has no area")


@page_rule("user-unit", WARNING, clause="GWG 2015, page geometry", paper="a page ten times too large or too small")
def user_unit(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    if page.unit != 1:
        yield Fault(
            f"the page is scaled by a UserUnit of {page.unit:g}, which not all programs heed", "export it at 1:1"
        )


@page_rule("page-too-large", WARNING, clause="ISO 32000-1, annex C", paper="a page that is cut off, or not there")
def page_too_large(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    media = page.boxes.media
    longest = max(media[2] - media[0], media[3] - media[1])
    if longest / page.unit > MOST_UNITS:
        message = f"the page is {longest / POINTS_PER_MM / 1000:.2f} m long; without a UserUnit, 5.08 m are the most"
        yield Fault(message, "make the file at a tenth of its size, and say so")


@file_rule("print-area", WARNING, clause="ISO 15930-7, viewer preferences", paper="white at the edge, where it is cut")
def print_area(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    if CUT_IN_PRINT in file.forbidden:
        message = "the file asks programs to show or print less than its bleed, in its ViewerPreferences"
        yield Fault(message, "take ViewArea, ViewClip, PrintArea and PrintClip out")


@page_rule(
    "crop-box", WARNING, clause="GWG 2015, page geometry", paper="white at the edge, where the bleed was cut off"
)
def crop_box(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    boxes, finished = page.boxes, page.boxes.finished
    if boxes.crop and (boxes.bleed or finished) and not contains(boxes.crop, boxes.bleed or finished or boxes.crop):
        yield Fault(
            "the CropBox cuts into the bleed", "take it out, or make it as large as the MediaBox", (boxes.crop,)
        )


@page_rule("bleed", ERROR, clause="GWG 2015, bleed", paper="a white hair along the edge where the cut is off")
def bleed(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    widths = page.boxes.bleed_widths()
    if widths and limits.bleed > 0 and min(widths) < limits.bleed * POINTS_PER_MM - BLEED_TOLERANCE:
        least = max(0.0, min(widths)) / POINTS_PER_MM
        what = "there is no bleed" if least < 0.05 else f"the bleed is {told_below(least, limits.bleed)} mm"
        yield Fault(f"{what}, {limits.bleed:g} mm are needed", "let the ground reach beyond the trim")


@page_rule(
    "bleed-not-filled", WARNING, clause="GWG 2015, bleed", paper="a white hair along the edge where the cut is off"
)
def bleed_not_filled(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    widths = page.boxes.bleed_widths()
    if not widths or limits.bleed <= 0 or min(widths) < limits.bleed * POINTS_PER_MM - BLEED_TOLERANCE:
        return  # told by `bleed`
    sides: dict[str, list[Rectangle]] = {}
    for side, at in unfilled_sides(page, limits.bleed * POINTS_PER_MM):
        sides.setdefault(side, []).append(at)
    if sides:
        bare = max(_across(side, at) for side, places in sides.items() for at in places)
        is_at_trim = bare > limits.bleed * POINTS_PER_MM - AT_TRIM
        ends = "at the trim" if is_at_trim else f"before the {limits.bleed:g} mm of bleed do"
        yield Fault(
            f"artwork ends {ends} ({', '.join(sides)}), and nothing fills the bleed there",
            f"let it reach {limits.bleed:g} mm beyond the trim",
            tuple(place for places in sides.values() for place in places),
        )


def _across(side: str, at: Rectangle) -> float:
    """How wide a strip along a side is."""
    edge, _ = SIDES[side]
    return at[2] - at[0] if edge % 2 == 0 else at[3] - at[1]


@page_rule(
    "white-in-bleed", WARNING, clause="GWG 2015, bleed", paper="a white hair along the edge where the cut is off"
)
def white_in_bleed(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    if any(seen.kind == "a blend mode" for seen, _ in page.of(Transparency)):
        return  # white that is mixed with what lies below is no white
    pictures: dict[str, list[WhiteEdge]] = {}
    for one in page.white_edges:
        if not any(contains(later.at, one.at) for later in page.covered[one.after :]):
            pictures.setdefault(one.name, []).append(one)
    for name, edges in pictures.items():
        sides = ", ".join(dict.fromkeys(one.side for one in edges))
        message = f"the picture {name} is white in the bleed ({sides}): what it shows ends at the trim or just beyond"
        hint = f"take a picture that goes on for {limits.bleed:g} mm, or place it larger"
        yield Fault(message, hint, tuple(one.at for one in edges))


@file_rule("page-sizes", NOTE, clause="GWG 2015, page geometry", paper="one page smaller than the others in the stack")
def page_sizes(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    sizes = {_size(page) for page in file.pages if page.boxes.finished}
    if len(sizes) > 1:
        yield Fault(f"the pages are of {len(sizes)} sizes")


@file_rule("page-rotation", NOTE, clause="GWG 2015, page geometry", paper="a page on its side, or on its head")
def page_rotation(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    turns = {page.rotation for page in file.pages if page.was_read}
    if len(turns) > 1:
        yield Fault(f"pages are turned differently: by {', '.join(f'{turn}°' for turn in sorted(turns))}")
    for turn in sorted(turns):
        if turn % 90:
            yield Fault(f"a page is turned by {turn}°, which no program does", "turn it by 90, 180 or 270°")


@page_rule(
    "annotation", ERROR, clause="ISO 15930-7, annotations", paper="a note or a frame that was for the screen alone"
)
def annotation(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    inside = page.boxes.bleed or page.boxes.crop or page.boxes.media
    kinds: dict[str, list[Rectangle]] = {}
    for kind, at in page.annotations:
        if kind not in OUTSIDE and overlaps(at, inside):
            kinds.setdefault(kind, []).append(at)
    for kind, places in kinds.items():
        yield Fault(f"there is an annotation ({kind}) on the page", "take it out: PDF/X forbids it", tuple(places))


def _size(page: PageFacts) -> tuple[float, float]:
    left, bottom, right, top = page.boxes.finished or page.boxes.media
    return round(right - left, 1), round(top - bottom, 1)
