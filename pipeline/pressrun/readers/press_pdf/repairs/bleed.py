"""Bleed for pages that end at the trim: their own edge, mirrored or stretched outwards, as it is drawn and not as
pixels. What the page shows already stays above it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

import pikepdf
from msgspec import Struct

from pressrun.readers.press_pdf.bleed import SIDES, unfilled_sides
from pressrun.readers.press_pdf.boxes import POINTS_PER_MM, inherited, inherited_box, rectangle
from pressrun.readers.press_pdf.facts import Object, PageFacts, Rectangle
from pressrun.readers.press_pdf.keys import Keys
from pressrun.readers.press_pdf.repairs.boxes import set_box

HAIR = 0.15 * POINTS_PER_MM  # inside the trim, where surely the artwork is: from here on it is drawn once more
STRETCHED = 0.1 * POINTS_PER_MM  # how wide a strip is drawn out
ROUNDING = 0.1  # points
EDGES = tuple(SIDES)  # left, bottom, right, top: as the edges of a box are numbered
Box = Sequence[float]
QUIET = Keys(lambda _: None)


class Outwards(StrEnum):
    MIRROR = "mirror"
    STRETCH = "stretch"

    @property
    def past(self) -> str:
        return "mirrored" if self is Outwards.MIRROR else "stretched"


class Bled(Struct, frozen=True):
    """A page that was given bleed: its number, the sides where its edge was drawn outwards, those where artwork was
    that the page had cut off, and its trim and bleed in points as they are told."""

    page: int
    sides: tuple[str, ...]
    shown: tuple[str, ...]
    trim: Rectangle
    bleed: Rectangle


def lacking_sides(facts: PageFacts, needed: float) -> tuple[str, ...]:
    """The sides of a page where less than ``needed`` points of bleed are, or nothing fills them."""
    widths = facts.boxes.bleed_widths()
    if widths is None:
        return ()
    short = {side for side, width in zip(EDGES, widths, strict=True) if width < needed - ROUNDING}
    short |= {side for side, _ in unfilled_sides(facts, needed)}
    return tuple(side for side in EDGES if side in short)


def source_strips(facts: PageFacts, sides: tuple[str, ...], needed: float, how: Outwards) -> Iterator[Rectangle]:
    """What of the page is drawn once more in its bleed."""
    trim = facts.boxes.finished
    assert trim is not None
    depth = 2 * HAIR + (needed if how is Outwards.MIRROR else STRETCHED)
    for side in sides:
        edge, outwards = SIDES[side]
        strip = list(trim)
        strip[(edge + 2) % 4] = trim[edge] - outwards * depth
        yield strip[0], strip[1], strip[2], strip[3]


def draw_bleed(
    pdf: pikepdf.Pdf, page: pikepdf.Page, facts: PageFacts, sides: tuple[str, ...], needed: float, how: Outwards
) -> None:
    """Draw the edge once more beyond the trim, below all that is there."""
    trim, unit = facts.boxes.finished, facts.unit
    assert trim is not None
    bleed = _bleed(trim, needed)
    source = [trim[edge] if side in sides else bleed[edge] for edge, side in enumerate(EDGES)]
    form = pdf.make_indirect(_form(pdf, page, [edge / unit for edge in source]))
    name = _give(page, form)
    drawn = [_strip(source, bleed, across, up, how, unit, name) for across in (None, "left", "right")
             for up in (None, "bottom", "top")
             if (across or up) and all(side in sides for side in (across, up) if side)]  # fmt: skip
    page.contents_add("".join(drawn).encode(), prepend=True)


def make_room(page: Object, facts: PageFacts, needed: float) -> Rectangle:
    """Let the boxes reach as far as the bleed, which is answered: what lies there is shown."""
    trim, unit = facts.boxes.finished, facts.unit
    assert trim is not None
    bleed = _bleed(trim, needed)
    set_box(page, "/BleedBox", bleed, unit)
    set_box(page, "/MediaBox", _box_around(facts.boxes.media, bleed), unit)
    if (crop := rectangle(inherited_box(page, "/CropBox"), unit)) is not None:
        set_box(page, "/CropBox", _box_around(crop, bleed), unit)
    return bleed


def _form(pdf: pikepdf.Pdf, page: pikepdf.Page, box: list[float]) -> pikepdf.Stream:
    contents = page.obj.get("/Contents")
    streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    data = b"\n".join(one.read_bytes() for one in streams if isinstance(one, pikepdf.Stream))
    form = pikepdf.Stream(pdf, data)
    form["/Type"], form["/Subtype"] = pikepdf.Name.XObject, pikepdf.Name.Form
    form["/BBox"] = pikepdf.Array(box)
    form["/Resources"] = inherited(page.obj, "/Resources", QUIET)
    return form


def _give(page: pikepdf.Page, form: Object) -> str:
    """Name the form in resources that are the page's own: those that it had may be others' too."""
    had = inherited(page.obj, "/Resources", QUIET)
    own = pikepdf.Dictionary(dict(had.items()))
    drawn = dict(QUIET.dictionary(had, "/XObject").items())
    name = next(one for at in range(len(drawn) + 1) if (one := f"/Edge{at or ''}") not in drawn)
    own["/XObject"] = pikepdf.Dictionary({**drawn, name: form})
    page.obj["/Resources"] = own
    return name


def _strip(
    source: Box, bleed: Box, across: str | None, up: str | None, how: Outwards, unit: float, name: str
) -> str:
    """The operators that draw one side's strip, or one corner."""
    a, e, left, right = _axis(source[0], source[2], bleed[0], bleed[2], across and SIDES[across], how)
    d, f, bottom, top = _axis(source[1], source[3], bleed[1], bleed[3], up and SIDES[up], how)
    clip = f"{left / unit:.5f} {bottom / unit:.5f} {(right - left) / unit:.5f} {(top - bottom) / unit:.5f} re W n"
    return f"q {clip} {a:.6f} 0 0 {d:.6f} {e / unit:.5f} {f / unit:.5f} cm {name} Do Q\n"


def _axis(
    low: float, high: float, bleed_low: float, bleed_high: float, side: tuple[int, int] | str | None, how: Outwards
) -> tuple[float, float, float, float]:
    """Along one axis: by what places are multiplied, what is added to them, and from where to where it is seen."""
    if not isinstance(side, tuple):
        return 1.0, 0.0, low, high
    outwards = side[1]
    edge, end = (high, bleed_high) if outwards > 0 else (low, bleed_low)
    axis = edge - outwards * HAIR
    factor = 1.0 if how is Outwards.MIRROR else abs(end - axis) / STRETCHED
    first, last = sorted((axis, end))
    # what lies at the axis stays there, what lies inwards of it comes to lie outwards
    return -factor, axis + factor * axis, first, last


def _bleed(trim: Rectangle, needed: float) -> Rectangle:
    return trim[0] - needed, trim[1] - needed, trim[2] + needed, trim[3] + needed


def _box_around(one: Rectangle, other: Rectangle) -> Rectangle:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])
