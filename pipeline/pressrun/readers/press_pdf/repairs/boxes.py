"""Page boxes from crop marks or sizes, and boxes that contradict one another (ISO 32000-1, 14.11.2; ISO 15930-7)."""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf

from pressrun.readers.press_pdf.boxes import POINTS_PER_MM, TOLERANCE, contains
from pressrun.readers.press_pdf.facts import Object, PageFacts, Rectangle
from pressrun.readers.press_pdf.graphics_state import common, inset
from pressrun.readers.press_pdf.repairs.marks import Disagreement, NoMarks, trim_by_marks
from pressrun.readers.press_pdf.repairs.repair import Done, Left, Patient, Repair

ALIKE = 0.1  # mm, by which a page may differ from the size that it is
INCH = 25.4
SIZES: dict[str, tuple[float, float]] = {
    **{f"A{n}": (int(1000 * 2 ** (-0.25 - n / 2) + 0.2), int(1000 * 2 ** (0.25 - n / 2) + 0.2)) for n in range(9)},
    "letter": (8.5 * INCH, 11 * INCH), "legal": (8.5 * INCH, 14 * INCH), "tabloid": (11 * INCH, 17 * INCH),
    "DL": (99, 210), "a business card": (85, 55),
}  # fmt: skip
USUAL_BLEEDS = (0.0, 3.0, 5.0, 2.0, INCH / 8)  # mm


def mended_boxes(patient: Patient) -> Done:
    """A TrimBox where none is, and boxes brought within one another where that is what they mean already."""
    for facts, page in zip(patient.file.pages, patient.pdf.pages, strict=True):
        yield from _within_media(facts, page.obj)
        yield from _one_trim(facts, page.obj)
        if facts.boxes.finished is None:
            yield from _trim(patient, facts, page)


def _within_media(facts: PageFacts, page: Object) -> Done:
    media = facts.boxes.media
    for key, box in (("/CropBox", facts.boxes.crop), ("/BleedBox", facts.boxes.bleed)):
        if box and not contains(media, box) and (inside := common(media, box)) is not None:
            set_box(page, key, inside, facts.unit)
            message = f"the {key[1:]}, which reached out of the MediaBox, ends at it, as all programs take it"
            yield Repair("box-nesting", message, (facts.number,))


def _one_trim(facts: PageFacts, page: Object) -> Done:
    boxes = facts.boxes
    if boxes.trim and boxes.art:
        if _differ(boxes.trim, boxes.art) <= TOLERANCE:
            del page["/ArtBox"]
            yield Repair("two-trims", "the ArtBox, which said what the TrimBox says, is gone", (facts.number,))
        else:
            hint = "take out the one that is not meant"
            yield Left("the TrimBox and the ArtBox differ, and either may be the cut", hint, (facts.number,))


def _trim(patient: Patient, facts: PageFacts, page: pikepdf.Page) -> Done:
    shown = facts.boxes.crop or facts.boxes.media
    bleed = facts.boxes.bleed
    try:
        found = trim_by_marks(page, facts.boxes.media, facts.unit, patient.budget)
        words = "its crop marks"
        bleed = bleed or _bleed_among_marks(patient, facts, found)
    except (Disagreement, NoMarks) as reason:
        if isinstance(reason, Disagreement) and patient.size is None:
            yield Left(f"{reason}: no cut is read from them", "say --size, or set the TrimBox by hand", (facts.number,))
            return
        sized = _by_size(patient.size, shown)
        if sized is None:
            what = f"{patient.size[0]:g} x {patient.size[1]:g} mm is larger than it" if patient.size else (
                "it has no crop marks, and is of no usual size")  # fmt: skip
            yield Left(f"nothing tells where the page is cut: {what}", "say --size WIDTHxHEIGHT in mm", (facts.number,))
            return
        found, words = sized
        bleed = bleed or (shown if isinstance(reason, NoMarks) else _bleed_among_marks(patient, facts, found))
    if not contains(bleed, found):
        hint = "set the boxes by hand"
        yield Left("the BleedBox is smaller than the cut would be", hint, (facts.number,))
        return
    set_box(page.obj, "/TrimBox", found, facts.unit)
    set_box(page.obj, "/BleedBox", bleed, facts.unit)
    width, height = ((found[side + 2] - found[side]) / POINTS_PER_MM for side in (0, 1))
    least = min(abs(found[side] - bleed[side]) for side in range(4)) / POINTS_PER_MM
    around = f"{least:.1f} mm of bleed" if least >= ALIKE / 2 else "no bleed"
    message = f"a TrimBox of {width:.1f} x {height:.1f} mm by {words}, with {around} around it"
    yield Repair("no-trim-box", message, (facts.number,))


def _bleed_among_marks(patient: Patient, facts: PageFacts, trim: Rectangle) -> Rectangle:
    """As much around the trim as is needed: what lies farther out are the marks."""
    return common(facts.boxes.media, inset(trim, -patient.limits.bleed * POINTS_PER_MM)) or trim


def _by_size(asked: tuple[float, float] | None, shown: Rectangle) -> tuple[Rectangle, str] | None:
    """The trim in the middle of what is shown, and by what it is known; a usual size needs a usual bleed too."""
    sides = [(shown[side + 2] - shown[side]) / POINTS_PER_MM for side in (0, 1)]
    for bleed, name, size in _candidates(asked, sides):
        margins = [(side - length) / 2 for side, length in zip(sides, size, strict=True)]
        if min(margins) < -ALIKE / 2 or (bleed is not None and max(abs(one - bleed) for one in margins) > ALIKE / 2):
            continue
        across, up = (max(one, 0.0) * POINTS_PER_MM for one in margins)
        return (shown[0] + across, shown[1] + up, shown[2] - across, shown[3] - up), name
    return None


def _candidates(
    asked: tuple[float, float] | None, sides: list[float]
) -> Iterator[tuple[float | None, str, tuple[float, float]]]:
    if asked is not None:
        yield None, "the size that was said", asked
        return
    for bleed in USUAL_BLEEDS:
        for name, (short, long) in SIZES.items():
            for size in ((short, long), (long, short)):
                around = f" and {bleed:.4g} mm around it" if bleed else ""
                yield bleed, f"its size, {name}{around}", size


def _differ(one: Rectangle, other: Rectangle) -> float:
    return max(abs(first - second) for first, second in zip(one, other, strict=True))


def set_box(page: Object, key: str, box: Rectangle, unit: float) -> None:
    """A box that is given in points, as a page of that UserUnit has it."""
    page[key] = pikepdf.Array([edge / unit for edge in box])
