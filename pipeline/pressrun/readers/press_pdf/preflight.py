"""What a printer would send a file back for. Limits follow PDF/X (ISO 15930) and the Ghent Workgroup's usual ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pressrun.model.color import spot_key
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.geometry import told_below
from pressrun.readers.press_pdf.boxes import POINTS_PER_MM, contains, overlaps, size_mm
from pressrun.readers.press_pdf.color_space import ColorSpace
from pressrun.readers.press_pdf.facts import PageFacts, PlatePicture, PressFile
from pressrun.readers.press_pdf.traits import (
    GroupSpace,
    ImageUse,
    LineDrawn,
    OverBudget,
    Problem,
    TextShown,
    WhiteOverprint,
    WrongType,
)

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
INK_TOLERANCE = 2.0  # percent: what rounding to 8 bits and JPEG do to a separation that keeps its limit
BLEED_TOLERANCE = 0.1  # points
TINY = 256  # pixels in all: a flat tint drawn as a picture, which has no resolution to speak of
OUTSIDE = frozenset({"PrinterMark", "TrapNet"})  # annotations that PDF/X lets stand on the page


@dataclass(frozen=True, slots=True)
class PressLimits:
    """``total_ink`` in percent, ``bleed`` in mm, resolutions in ppi (line art: pictures of one bit), text in points."""

    total_ink: float = 300.0
    bleed: float = 3.0
    resolution_error: float = 150.0
    resolution_warning: float = 225.0
    line_art_error: float = 550.0
    line_art_warning: float = 800.0
    smallest_text: float = 5.0
    thinnest_line: float = 0.125
    mixed_text: float = 12.0
    mixed_line: float = 1.0


@dataclass(frozen=True, slots=True)
class PageFault:
    """A finding before it is known on which pages it stands."""

    severity: Severity
    code: str
    message: str
    hint: str | None = None
    layer: str | None = None


def judge(file: PressFile, name: str, limits: PressLimits | None = None) -> list[Finding]:
    """Every finding about a file, the gravest first; what is the same on several pages is said once."""
    limits = limits or PressLimits()
    pages: dict[PageFault, list[int]] = {fault: [] for fault in _of_file(file)}
    for page in file.pages:
        for fault in _of_page(page, limits):
            pages.setdefault(fault, []).append(page.number)
    found = [
        Finding(
            fault.severity,
            fault.code,
            f"{_listed(numbers, len(file.pages))}{fault.message}",
            Place(name),
            fault.hint,
            layer=fault.layer,
        )
        for fault, numbers in pages.items()
    ]
    return sorted(found, key=lambda finding: -finding.severity.rank)


def _listed(numbers: list[int], count: int) -> str:
    """``pages 1–3, 7: ``; nothing for what is of the file, or of its only page."""
    if not numbers or count == 1:
        return ""
    runs: list[list[int]] = []
    for number in dict.fromkeys(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    shown = ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
    return f"page{'s' if len(numbers) > 1 else ''} {shown}: "


def _of_file(file: PressFile) -> Iterator[PageFault]:
    if file.locked:
        yield PageFault(ERROR, "encrypted", "the file opens only with a password", "save it without protection")
        return
    if file.is_encrypted:
        yield PageFault(ERROR, "encrypted", "the file is encrypted, which PDF/X forbids", "save it without protection")
    for text in file.wrong_types:
        yield PageFault(ERROR, "key-of-wrong-type", text, "export the file again")
    for text in file.over_budget:
        yield PageFault(ERROR, "too-much", f"the file was not read to its end: {text}", "export it again")
    if not file.pages:
        yield PageFault(ERROR, "no-pages", "the file has no pages")
    if not file.intents:
        hint = "export as PDF/X with the profile of the printing condition"
        yield PageFault(
            ERROR, "no-output-intent", "no output intent says which printing condition the inks are for", hint
        )
    for intent in file.intents:
        if intent.is_embedded and intent.components != 4:
            kind = {1: "gray", 3: "RGB"}.get(intent.components, "broken")
            yield PageFault(ERROR, "wrong-output-intent", f"the output intent's profile is {kind}, not CMYK")
    if len(file.intents) > 1:
        yield PageFault(ERROR, "several-output-intents", f"{len(file.intents)} output intents; a printer needs one")
    for where in file.scripts:
        yield PageFault(ERROR, "javascript", f"there is JavaScript {where}", "take it out: PDF/X forbids it")
    for name in file.attachments:
        yield PageFault(
            WARNING, "attachment", f"the file '{name}' is attached", "take it out: PDF/X-4 forbids attachments"
        )
    if file.has_form:
        yield PageFault(ERROR, "form-fields", "the file has form fields", "flatten the form")
    if file.layers:
        yield PageFault(NOTE, "layers", f"the file has {file.layers} layers; which are printed depends on the viewer")
    if file.repairs:
        yield PageFault(WARNING, "damaged", f"the file is damaged and was repaired to be read: {file.repairs[0]}")
    if not file.standard:
        yield PageFault(NOTE, "no-standard", "the file does not say that it is PDF/X")
    sizes = {tuple(round(edge, 1) for edge in _size(page)) for page in file.pages if page.boxes.finished}
    if len(sizes) > 1:
        yield PageFault(NOTE, "page-sizes", f"the pages are of {len(sizes)} sizes")


    spellings: dict[str, list[str]] = {}
    for spot in file.spots:
        spellings.setdefault(spot_key(spot), []).append(spot)
    for alike in spellings.values():
        if len(alike) > 1:
            named = " and ".join(f"'{spot}'" for spot in alike)
            message = f"{named} are one ink under {len(alike)} names, and make {len(alike)} plates"
            yield PageFault(WARNING, "spot-spelled-twice", message, "name it alike in all places")


def _size(page: PageFacts) -> tuple[float, float]:
    left, bottom, right, top = page.boxes.finished or page.boxes.media
    return right - left, top - bottom


def _of_page(page: PageFacts, limits: PressLimits) -> Iterator[PageFault]:
    for problem, _ in page.of(Problem):
        yield PageFault(ERROR, "broken-page", problem.text)
    for wrong, _ in page.of(WrongType):
        yield PageFault(ERROR, "key-of-wrong-type", wrong.text, "export the page again")
    for spent, _ in page.of(OverBudget):
        yield PageFault(ERROR, "too-much", f"it was not read to its end: {spent.text}", "export it again")
    if not page.was_read:
        return
    if page.is_empty:
        yield PageFault(NOTE, "empty-page", "nothing is drawn")
    yield from _boxes(page, limits)
    for font in page.fonts:
        if not font.embedded:
            yield PageFault(ERROR, "font-not-embedded", f"the font {font.name} is not embedded")
    for space in page.spaces:
        yield from _color(space)
    for group, _ in page.of(GroupSpace):
        if "RGB" in group.label:
            yield PageFault(WARNING, "rgb-group", f"transparency is blended in {group.label}", "blend in CMYK")
    for image in page.images:
        yield from _image(image, limits)
    for picture in page.plate_pictures:
        yield from _plate_picture(picture, page, limits)
    if page.plate_problem:
        message = f"what the file says of the pictures in its plate cannot be read: {page.plate_problem}"
        yield PageFault(NOTE, "plate-not-known", message, "look at the picture files, or at the record of the run")
    if page.heaviest_fill > limits.total_ink + INK_TOLERANCE:
        yield PageFault(
            ERROR, "total-ink", f"a colour has {page.heaviest_fill:.0f} % of ink; {limits.total_ink:g} % is the limit"
        )
    if any(True for _ in page.of(WhiteOverprint)):
        yield PageFault(
            ERROR, "white-overprint", "white is set to overprint, and would vanish in print", "knock it out"
        )
    yield from _fine(page, limits)
    bleed = page.boxes.bleed or page.boxes.crop or page.boxes.media
    kinds = [kind for kind, at in page.annotations if kind not in OUTSIDE and overlaps(at, bleed)]
    for kind in dict.fromkeys(kinds):
        yield PageFault(
            ERROR, "annotation", f"there is an annotation ({kind}) on the page", "take it out: PDF/X forbids it"
        )


def _boxes(page: PageFacts, limits: PressLimits) -> Iterator[PageFault]:
    boxes = page.boxes
    finished = boxes.finished
    if finished is None:
        yield PageFault(ERROR, "no-trim-box", "no TrimBox says where the page is cut")
    if boxes.trim and boxes.art:
        yield PageFault(WARNING, "two-trims", "there are a TrimBox and an ArtBox; PDF/X allows one of them")
    named = (("TrimBox", finished), ("BleedBox", boxes.bleed), ("CropBox", boxes.crop))
    for name, box in named:
        if box and not contains(boxes.media, box):
            yield PageFault(ERROR, "box-nesting", f"the {name} reaches out of the MediaBox")
    if finished and boxes.bleed and not contains(boxes.bleed, finished):
        yield PageFault(ERROR, "box-nesting", "the TrimBox reaches out of the BleedBox")
    if boxes.crop and (boxes.bleed or finished) and not contains(boxes.crop, boxes.bleed or finished or boxes.crop):
        yield PageFault(
            WARNING, "crop-box", "the CropBox cuts into the bleed", "take it out, or make it as large as the MediaBox"
        )
    widths = boxes.bleed_widths()
    if widths and limits.bleed > 0 and min(widths) < limits.bleed * POINTS_PER_MM - BLEED_TOLERANCE:
        least = max(0.0, min(widths)) / POINTS_PER_MM
        what = "there is no bleed" if least < 0.05 else f"the bleed is {told_below(least, limits.bleed)} mm"
        yield PageFault(
            ERROR, "bleed", f"{what}, {limits.bleed:g} mm are needed", "let the ground reach beyond the trim"
        )


def _color(space: ColorSpace) -> Iterator[PageFault]:
    ground = space.ground
    if ground.kind in ("DeviceRGB", "CalRGB"):
        yield PageFault(
            ERROR, "rgb", f"{space.label} is used: what it becomes in print is left to chance", "convert it to CMYK"
        )
    elif ground.kind == "ICCBased" and ground.components == 3:
        hint = "convert it to CMYK, if the printer does not ask for RGB"
        yield PageFault(WARNING, "managed-rgb", f"{space.label} is used: it is separated at the printer's", hint)
    elif ground.kind == "Lab":
        yield PageFault(WARNING, "managed-rgb", "Lab is used: it is separated at the printer's", "convert it to CMYK")
    elif ground.kind == "ICCBased" and ground.components == 4:
        hint = "use plain CMYK for colours of the output intent"
        yield PageFault(WARNING, "icc-cmyk", "CMYK with a profile of its own is used: it may be separated again", hint)
    elif ground.kind == "unknown":
        yield PageFault(ERROR, "unknown-color-space", "a colour space is used that cannot be read")


def _image(image: ImageUse, limits: PressLimits) -> Iterator[PageFault]:
    what = f"the picture {image.name} ({image.width} x {image.height})"
    least, good = limits.resolution_error, limits.resolution_warning
    if image.bits == 1:
        least, good = limits.line_art_error, limits.line_art_warning
    if image.width * image.height > TINY:
        yield from _resolution(f"{what} comes to {image.ppi:.0f} ppi", image.ppi, least, good)
    if image.max_ink is not None and image.max_ink > limits.total_ink + INK_TOLERANCE:
        part = f" on {image.heavy:.0%} of it" if image.heavy >= 0.005 else ""
        message = f"{what} has up to {image.max_ink:.0f} % of ink{part}; {limits.total_ink:g} % is the limit"
        yield PageFault(ERROR, "total-ink", message, "separate it again with the profile of the printing condition")
    if image.problem:
        yield PageFault(NOTE, "ink-not-measured", f"the ink of {what} is not known: {image.problem}")


def _plate_picture(picture: PlatePicture, page: PageFacts, limits: PressLimits) -> Iterator[PageFault]:
    if picture.width * picture.height <= TINY:
        return
    left, _, _, top = page.boxes.finished or page.boxes.media
    width, height = size_mm(picture.at)
    across, down = ((picture.at[0] - left) / POINTS_PER_MM, (top - picture.at[3]) / POINTS_PER_MM)
    what = (
        f"the picture of layer '{picture.layer}' ({picture.width} x {picture.height}), {width:.0f} x {height:.0f} mm"
        f" in the plate, {across:.0f} mm from the left and {down:.0f} mm from the top of the page, has"
        f" {picture.ppi:.0f} ppi of its own"
    )
    for fault in _resolution(what, picture.ppi, limits.resolution_error, limits.resolution_warning):
        yield replace(fault, layer=picture.layer)


def _resolution(what: str, ppi: float, least: float, good: float) -> Iterator[PageFault]:
    """``what`` has been told with its ppi. Half a pixel of rounding is no fault."""
    if ppi < least - 0.5:
        yield PageFault(ERROR, "resolution", f"{what}; {least:g} is the least")
    elif ppi < good - 0.5:
        yield PageFault(WARNING, "resolution", f"{what}; {good:g} would be good")


def _fine(page: PageFacts, limits: PressLimits) -> Iterator[PageFault]:
    small = [font for font in page.fonts if font.smallest < limits.smallest_text - 0.01]
    for font in small:
        size = told_below(font.smallest, limits.smallest_text)
        message = f"text in {font.name} is {size} pt; under {limits.smallest_text:g} pt it may fill in"
        yield PageFault(WARNING, "small-text", message)
    lines = [line for line, _ in page.of(LineDrawn)]
    thin = min((line.width for line in lines), default=None)
    if thin is not None and thin < limits.thinnest_line - 0.001:
        weight = told_below(thin, limits.thinnest_line)
        message = f"a line is {weight} pt thick; under {limits.thinnest_line:g} pt it may not print"
        yield PageFault(WARNING, "thin-line", message)
    texts = min((text.size for text, _ in page.of(TextShown) if text.mixed), default=None)
    mixed = min((line.width for line in lines if line.mixed), default=None)
    for what, found, limit in (("text", texts, limits.mixed_text), ("a line", mixed, limits.mixed_line)):
        if found is not None and found < limit - 0.01:
            size = told_below(found, limit)
            message = f"{what} of {size} pt is printed in several inks: where the plates are a hair apart it frays"
            yield PageFault(WARNING, "small-in-several-inks", message, "use black alone, or one or two inks")
