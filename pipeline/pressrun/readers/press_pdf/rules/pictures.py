"""Pictures: pixels for their size, and what compression did to them (GWG 2015)."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from pressrun.readers.press_pdf.boxes import POINTS_PER_MM, overlaps, size_mm
from pressrun.readers.press_pdf.facts import PageFacts, Rectangle
from pressrun.readers.press_pdf.limits import PressLimits
from pressrun.readers.press_pdf.rules.rule import ERROR, NOTE, WARNING, Fault, page_rule
from pressrun.readers.press_pdf.traits import BrokenPicture, ImageUse

TINY = 256  # pixels in all: a flat tint drawn as a picture, which has no resolution to speak of
HAIR = 0.6  # points that what is made for the bleed may reach into the page, so that no gap shows
SOFT = "a picture that is soft, or in visible steps"


@page_rule("resolution", ERROR, clause="GWG 2015, image resolution", paper=SOFT)
def resolution(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    for image, at in page.of(ImageUse):
        least, good = limits.resolution_error, limits.resolution_warning
        if image.bits == 1:
            least, good = limits.line_art_error, limits.line_art_warning
        if image.width * image.height <= TINY or _is_cut_away(page, at):
            continue
        for fault in _resolution(f"{image.title} comes to {image.ppi:.0f} ppi", image.ppi, least, good):
            milder = WARNING if image.is_soft_mask else fault.severity  # a soft edge is not meant to be sharp
            yield replace(fault, at=tuple(at), severity=milder)
    for picture in page.plate_pictures:
        if picture.width * picture.height <= TINY:
            continue
        left, _, _, top = page.boxes.finished or page.boxes.media
        width, height = size_mm(picture.at)
        across, down = ((picture.at[0] - left) / POINTS_PER_MM, (top - picture.at[3]) / POINTS_PER_MM)
        what = (
            f"the picture of layer '{picture.layer}' ({picture.width} x {picture.height}), {width:.0f} x {height:.0f}"
            f" mm in the plate, {across:.0f} mm from the left and {down:.0f} mm from the top of the page, has"
            f" {picture.ppi:.0f} ppi of its own"
        )
        for fault in _resolution(what, picture.ppi, limits.resolution_error, limits.resolution_warning):
            yield replace(fault, layer=picture.layer, at=(picture.at,))


def _is_cut_away(page: PageFacts, at: list[Rectangle]) -> bool:
    """Whether a picture lies in the bleed alone, as an edge does that was stretched outwards: nobody sees how sharp."""
    trim = page.boxes.finished
    if trim is None:
        return False
    inner = (trim[0] + HAIR, trim[1] + HAIR, trim[2] - HAIR, trim[3] - HAIR)
    return bool(at) and not any(overlaps(inner, place) for place in at)


def _resolution(what: str, ppi: float, least: float, good: float) -> Iterator[Fault]:
    """``what`` has been told with its ppi. Half a pixel of rounding is no fault."""
    if ppi < least - 0.5:
        yield Fault(f"{what}; {least:g} is the least")
    elif ppi < good - 0.5:
        yield Fault(f"{what}; {good:g} would be good", severity=WARNING)


@page_rule("damaged-picture", ERROR, clause="ISO 32000-1, 8.9.5", paper="a picture that is not there, or half of it")
def broken_picture(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    for seen, at in page.of(BrokenPicture):
        message = f"the picture {seen.name} is broken: {seen.text}"
        yield Fault(message, "place it again", tuple(at), WARNING if seen.perhaps else None)


@page_rule("jpeg-artefacts", WARNING, clause="GWG 2015, compression", paper="blocks and dirty halos around edges")
def jpeg_artefacts(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    for image, at in page.of(ImageUse):
        if image.quality is not None and image.quality < limits.jpeg_quality and image.width * image.height > TINY:
            message = (
                f"{image.title} was saved as a JPEG of quality {image.quality}; under {limits.jpeg_quality:g} it shows"
            )
            yield Fault(message, "place the original, or one saved with less compression", tuple(at))


@page_rule("plate-not-known", NOTE, clause="ISO 32000-1, 14.5", paper=SOFT)
def plate_not_known(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    if page.plate_problem:
        message = f"what the file says of the pictures in its plate cannot be read: {page.plate_problem}"
        yield Fault(message, "look at the picture files, or at the record of the run")
