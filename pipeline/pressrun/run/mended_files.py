"""Anybody's PDF mended: what is safe is repaired, and the pages are shown to look as they did."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

import pikepdf
from msgspec import Struct, field
from msgspec.structs import replace

from pressrun.graphics.drawn import pdfium
from pressrun.graphics.drawn.same_pages import differences
from pressrun.model.finding import Severity
from pressrun.readers.press_pdf.bleed import reached_sides
from pressrun.readers.press_pdf.boxes import POINTS_PER_MM, overlaps
from pressrun.readers.press_pdf.budget import Budget, Spent
from pressrun.readers.press_pdf.document import read_press_pdf
from pressrun.readers.press_pdf.facts import PageFacts, PressFile, Rectangle
from pressrun.readers.press_pdf.graphics_state import inset
from pressrun.readers.press_pdf.limits import PressLimits
from pressrun.readers.press_pdf.operators import BROKEN, first_line
from pressrun.readers.press_pdf.preflight import judge
from pressrun.readers.press_pdf.profiles.profile import load_profile
from pressrun.readers.press_pdf.repairs.bleed import Bled, Outwards, draw_bleed, lacking_sides, make_room, source_strips
from pressrun.readers.press_pdf.repairs.boxes import mended_boxes
from pressrun.readers.press_pdf.repairs.identity import identified, mended_identity
from pressrun.readers.press_pdf.repairs.inks import mended_spots, without_unused_colors
from pressrun.readers.press_pdf.repairs.repair import Condition, Left, Mender, Patient, Repair
from pressrun.readers.press_pdf.traits import ImageUse, OverBudget, Problem
from pressrun.run.composed_ink import measure_composed_ink

SAFE: tuple[Mender, ...] = (mended_boxes, mended_spots, without_unused_colors, mended_identity)
# What a file says of itself, which the content has nothing to do with.
NOT_OF_CONTENT = frozenset({
    "no-output-intent", "no-standard", "metadata-differs", "no-metadata", "trapped-unknown", "no-file-id",
    "no-document-id", "no-title-or-dates", "standard-not-kept",
})  # fmt: skip
MOST_PIXELS = 100_000_000  # of one picture
PIXEL = 72 / 100 * 1.5  # points, that a cut may lie within where pages are compared
Told = TypeVar("Told", Repair, Left)


class Untouchable(Exception):
    """A file that is not mended, with the reason; ``code`` is that of the finding, ``hint`` is what helps."""

    def __init__(self, code: str, reason: str, hint: str | None = None) -> None:
        super().__init__(reason)
        self.hint, self.code = hint, code


class Asked(Struct, frozen=True):
    """What is asked of a repair: the figures it works by, the printing condition (None: none is added), the trimmed
    size in mm where the user says it, a PDF date for files without one, how bleed is made of the pages' edges (None: it
    is not), and whether text may be mirrored there."""

    limits: PressLimits
    condition: Condition | None
    size: tuple[float, float] | None
    date: str
    bleed: Outwards | None = None
    over_text: bool = False


class Mended(Struct, frozen=True):
    """``data`` is the mended file, the same as before where nothing was ``done``. ``bled`` are the pages with new
    bleed, ``text_at_edge`` those of them where text lies in what was drawn once more."""

    data: bytes
    done: tuple[Repair, ...] = ()
    left: tuple[Left, ...] = ()
    bled: tuple[Bled, ...] = ()
    text_at_edge: tuple[int, ...] = ()


class _Heard(Struct):
    done: list[Repair] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)

    def hear(self, said: Iterable[Repair | Left]) -> None:
        for one in said:
            if isinstance(one, Repair):
                self.done.append(one)
            else:
                self.left.append(one)


def mended(data: bytes, asked: Asked) -> Mended:
    """A file with all safe repairs, and with bleed where that is asked for. Raises Untouchable, Unreadable."""
    file = read_press_pdf(data, asked.limits.total_ink)
    _refuse(file)
    heard = _Heard()
    try:
        now = _repaired(data, file, asked, SAFE, heard)
        now = _identified(now, asked, heard)
        if not heard.done:
            now = data
        _prove(data, now, [_in_user_space(page, page.boxes.media) for page in file.pages])
        bled = _bled(now, asked)
    except (Spent, *BROKEN) as error:
        raise Untouchable("not-mended", f"it cannot be written anew: {first_line(error)}") from error
    if bled.bled:
        cuts = [(page, page.boxes.finished or page.boxes.media) for page in _read(now, asked).pages]
        _prove(now, bled.data, [inset(_in_user_space(page, cut), PIXEL) for page, cut in cuts])
    return replace(bled, done=_merged(heard.done), left=_merged(heard.left))


def pdf_date(seconds: float) -> str:
    """A moment as PDF writes it, in UTC (ISO 32000-1, 7.9.4)."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("D:%Y%m%d%H%M%SZ")


def _refuse(file: PressFile) -> None:
    if file.is_encrypted:
        raise Untouchable("not-mended", "it is encrypted", "ask who made it for an unprotected file")
    if file.is_signed:
        raise Untouchable("not-mended", "it is signed, and would be no more", "ask for an unsigned file")
    if file.lost:
        raise Untouchable("not-mended", "it is damaged, and parts of it are missing", "ask for the file once more")
    if file.over_budget or not file.pages or any(_is_unread(page) for page in file.pages):
        raise Untouchable("not-mended", "it cannot be read to its end", "see what `pressrun preflight` says of it")
    if any(use.width * use.height > MOST_PIXELS for page in file.pages for use, _ in page.of(ImageUse)):
        raise Untouchable("not-mended", "a picture in it is too large to be drawn and compared", "place a smaller one")


def _is_unread(page: PageFacts) -> bool:
    return not page.was_read or any(True for _ in page.of(OverBudget)) or any(True for _ in page.of(Problem))


def _repaired(
    data: bytes, file: PressFile, asked: Asked, menders: Iterable[Mender], heard: _Heard, version: str = ""
) -> bytes:
    digest = hashlib.sha256(data).hexdigest()

    def work(pdf: pikepdf.Pdf) -> None:
        budget = Budget(len(data))
        patient = Patient(pdf, file, budget, asked.limits, asked.condition, asked.size, digest, asked.date)
        for mender in menders:
            heard.hear(mender(patient))
        if version and "/Version" in pdf.Root:
            del pdf.Root["/Version"]

    return _rewritten(data, work, version)


def _rewritten(data: bytes, work: Callable[[pikepdf.Pdf], None], version: str = "") -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        work(pdf)
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, fix_metadata_version=False, force_version=version)
        return out.getvalue()


def _identified(data: bytes, asked: Asked, heard: _Heard) -> bytes:
    """The file with an intent and the name of the standard, where its content keeps the standard."""
    file = _read(data, asked)
    if file.intents and any(claim.startswith("PDF/X") for claim in file.identification.claims):
        return data
    levels = load_profile("x4").levels
    measure_composed_ink(file, data, asked.limits.total_ink)
    hindering = [one for one in judge(file, "", replace(asked.limits, bleed=0.0), levels)
                 if one.severity is Severity.ERROR and one.code not in NOT_OF_CONTENT]  # fmt: skip
    if hindering:
        more = f", and {len(hindering) - 1} more" if len(hindering) > 1 else ""
        message = f"intent and standard are not added, since the content is not PDF/X-4: {hindering[0].message}{more}"
        heard.left.append(Left(message, "see what `pressrun preflight --profile x4` says of it"))
        return data
    return _repaired(data, file, asked, (identified,), heard, "1.6")


def _read(data: bytes, asked: Asked) -> PressFile:
    return read_press_pdf(data, asked.limits.total_ink)


def _in_user_space(page: PageFacts, box: Rectangle) -> Rectangle:
    return box[0] / page.unit, box[1] / page.unit, box[2] / page.unit, box[3] / page.unit


def _prove(before: bytes, after: bytes, shown: Sequence[Rectangle]) -> None:
    """Raises Untouchable where a page looks otherwise than before."""
    if before == after:
        return
    for difference in differences(before, after, shown):
        reason = f"page {difference.page} would look otherwise than before, on {difference.part:.2%} of it"
        raise Untouchable("looks-otherwise", reason)


# ---------------------------------------------------------------------------------------------------------------- bleed


def _bled(data: bytes, asked: Asked) -> Mended:
    """The file with bleed on the pages that lack it. Raises Untouchable where text would be mirrored."""
    if (how := asked.bleed) is None:
        return Mended(data)
    needed = asked.limits.bleed * POINTS_PER_MM
    lacking = {page.number: sides for page in _read(data, asked).pages if (sides := lacking_sides(page, needed))}
    if not lacking:
        return Mended(data)
    data, bleeds = _with_room(data, asked, lacking)
    drawn: dict[int, tuple[PageFacts, tuple[str, ...]]] = {}
    bled = []
    for page in _read(data, asked).pages:
        if (lacks := lacking.get(page.number)) and (trim := page.boxes.finished):
            there = set(reached_sides(page, needed))
            ends, shown = (tuple(one for one in lacks if (one in there) is is_there) for is_there in (False, True))
            bled.append(Bled(page.number, ends, shown, trim, bleeds[page.number]))
            if ends:
                drawn[page.number] = page, ends
    at_edge = []
    with pdfium.opened(data) as pages:
        for number, (facts, sides) in drawn.items():
            strips = list(source_strips(facts, sides, needed, how))
            letters = [tuple(edge * facts.unit for edge in one.ink) for one in pages.glyphs(number - 1)]
            if any(overlaps(letter, strip) for letter in letters for strip in strips):  # type: ignore[arg-type]
                at_edge.append(number)
    if at_edge and how is Outwards.MIRROR and not asked.over_text:
        named = ", ".join(map(str, at_edge))
        reason = f"text within {asked.limits.bleed:g} mm of the edge would stand mirrored in the bleed (page {named})"
        hint = "use --bleed stretch, or say --over-text to mirror it all the same"
        raise Untouchable("text-in-made-bleed", reason, hint)

    def work(pdf: pikepdf.Pdf) -> None:
        for number, (facts, sides) in drawn.items():
            draw_bleed(pdf, pdf.pages[number - 1], facts, sides, needed, how)

    return Mended(_rewritten(data, work), bled=tuple(bled), text_at_edge=tuple(at_edge))


def _with_room(data: bytes, asked: Asked, numbers: Iterable[int]) -> tuple[bytes, dict[int, Rectangle]]:
    """The file with pages that reach as far as their bleed, and how far each does: artwork may go on beyond a page."""
    facts = {page.number: page for page in _read(data, asked).pages}
    bleeds: dict[int, Rectangle] = {}

    def work(pdf: pikepdf.Pdf) -> None:
        for number in numbers:
            page = pdf.pages[number - 1].obj
            bleeds[number] = make_room(page, facts[number], asked.limits.bleed * POINTS_PER_MM)

    return _rewritten(data, work), bleeds


def _merged(told: list[Told]) -> tuple[Told, ...]:
    """What is the same on several pages, once."""
    pages: dict[Told, list[int]] = {}
    for one in told:
        pages.setdefault(replace(one, pages=()), []).extend(one.pages)
    return tuple(replace(one, pages=tuple(numbers)) for one, numbers in pages.items())
