"""A PDF whose pages may be placed: their boxes, and what is to be told of them before anything is made."""

from __future__ import annotations

import functools
import io
from collections.abc import Iterator, Sequence
from typing import Any

import pikepdf
from msgspec.structs import asdict, replace

from pressrun.graphics.color.inks import PressProfile
from pressrun.graphics.drawn.spot_looks import full_inks
from pressrun.graphics.pages.pdf_graph import color_spaces, reached
from pressrun.graphics.pages.placed_pages import (
    NO_SPOTS,
    bleed_of,
    comments_left_out,
    embedded_profile,
    prepared,
    trim_of,
)
from pressrun.model.finding import Severity
from pressrun.model.placed_page import FinePart, FormPage, PageFault, PdfPage, SpotInk
from pressrun.readers.press_pdf.boxes import is_cut_off
from pressrun.readers.press_pdf.document import Unreadable, read_press_pdf
from pressrun.readers.press_pdf.facts import PageFacts, PressFile
from pressrun.readers.press_pdf.preflight import Levels, judge
from pressrun.readers.press_pdf.profiles.profile import load_profile
from pressrun.readers.press_pdf.streams import filters_of, is_lzw
from pressrun.readers.press_pdf.traits import LZW, LineDrawn, TextShown

# Of what a printer would send back, that which a page brings along wherever it is placed, and in whatever size.
OF_A_PAGE = (
    "rgb", "managed-rgb", "icc-cmyk", "unknown-color-space", "rgb-group", "transfer-curve", "halftone",
    "font-not-embedded", "font-broken", "undefined-glyph", "white-overprint", "postscript", "opi", "reference",
    "alternate-pictures", "broken-page", "key-of-wrong-type", "too-much", "lzw", "broken-profile", "damaged-picture",
    "no-ink",
)  # fmt: skip
MENDED = "mend it in the program that it was made with, and export it as PDF/X-4"
OF_A_FILE = ("encrypted", "external-stream", "damaged", "several-output-intents")


class Locked(Exception):
    """A PDF that does not open without a password."""


class NoPages(Exception):
    """A PDF that cannot be read, with the reason."""


def pages_of(data: bytes, profile: PressProfile) -> tuple[PdfPage, ...]:
    """The pages of a PDF to be printed by ``profile``. Raises Locked and NoPages."""
    try:
        whole = read_press_pdf(data, bleed=0)
        if whole.locked:
            raise Locked
        with pikepdf.open(io.BytesIO(data)) as pdf:
            has_fields = "/AcroForm" in pdf.Root
            lost = [list(_left_out(page)) if facts.annotations else []
                    for page, facts in zip(pdf.pages, whole.pages, strict=True)]  # fmt: skip
        of_file = [*_told(replace(whole, pages=()), OF_A_FILE), *_other_condition(whole, data, profile)]
        pages = _shown(prepared(data, True), of_file, lost)
        if has_fields:
            bare = _shown(prepared(data, False), of_file, lost)
            pages = tuple(_of_form(page, one) for page, one in zip(pages, bare, strict=True))
    except (Unreadable, pikepdf.PdfError, ValueError) as error:
        raise NoPages(str(error)) from error
    if not pages:
        raise NoPages("it has no pages")
    return pages


def _shown(
    data: bytes, of_file: Sequence[PageFault], of_pages: Sequence[Sequence[PageFault]]
) -> tuple[PdfPage, ...]:
    """The pages of a document as they are placed, each with what is to be told of it besides."""
    file = read_press_pdf(data, bleed=0)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return tuple(
            _page(pdf, page, [*of_file, *_told(_of_page(file, page, facts), OF_A_PAGE, _levels()), *gone,
                              *_empty(facts, len(file.pages))], facts)
            for page, facts, gone in zip(pdf.pages, file.pages, of_pages, strict=True)
        )  # fmt: skip


def _of_form(page: PdfPage, bare: PdfPage) -> FormPage:
    return FormPage(**asdict(page), bare=bare)


def _empty(page: PageFacts, pages: int) -> Iterator[PageFault]:
    """What a reader of many files lets be is a fault of the one page that is to be shown."""
    if page.is_empty:
        named = f"it has {pages} pages: name another by `page`"
        hint = named if pages > 1 else "look at the file, or leave the layer out"
        yield PageFault("empty-page", "nothing is drawn on it but white, or nothing at all", hint, Severity.WARNING)


def _left_out(page: pikepdf.Page) -> Iterator[PageFault]:
    for kind in comments_left_out(page):
        message = f"an annotation ({kind}) that viewers print is not placed with it"
        hint = "make it part of the page where it is to be printed (flatten it)"
        yield PageFault("annotation-left-out", message, hint, Severity.WARNING)


def _of_page(file: PressFile, page: pikepdf.Page, facts: PageFacts) -> PressFile:
    """What a file is as far as it comes along with one of its pages."""
    streams = (one for one in reached(page.obj) if isinstance(one, pikepdf.Stream))
    packed = LZW in file.forbidden and any(is_lzw(filters_of(one)) for one in streams)
    return replace(file, pages=(facts,), forbidden=(LZW,) if packed else ())


@functools.cache
def _levels() -> Levels:
    """What a sheet that places a page could not be PDF/X-4 for is an error of the page."""
    levels = load_profile("x4").levels
    return {code: Severity.ERROR for code in OF_A_PAGE if levels.get(code) is Severity.ERROR}


def _told(file: PressFile, codes: tuple[str, ...], levels: Levels | None = None) -> Iterator[PageFault]:
    for finding in judge(file, "", levels=levels):
        if finding.code in codes:
            yield PageFault(finding.code, finding.message, finding.hint or MENDED, finding.severity)


def _other_condition(file: PressFile, data: bytes, profile: PressProfile) -> Iterator[PageFault]:
    for intent in file.intents[:1]:
        named = intent.identifier.strip()
        is_ours = named == profile.condition if profile.condition and named else False
        if is_ours or embedded_profile(data) == profile.data:
            continue
        message = f"its inks are for {named or 'another printing condition'}, not for {profile.description}"
        hint = "export it for the condition of the job, or convert its inks"
        yield PageFault("other-output-intent", message, hint, Severity.WARNING)


def _page(pdf: pikepdf.Pdf, page: pikepdf.Page, faults: list[PageFault], facts: PageFacts) -> PdfPage:
    rotation = int(page.obj.get("/Rotate", 0)) % 360 // 90 * 90
    unit = float(page.obj.get("/UserUnit", 1))
    spots, fine = tuple(_spots(pdf, page)), tuple(_fine(facts))
    return PdfPage(bleed_of(page), trim_of(page), rotation, unit if unit > 0 else 1.0, tuple(faults), spots, fine=fine)


def _fine(facts: PageFacts) -> Iterator[FinePart]:
    """The smallest text and the thinnest line, of all and of those in several inks."""
    texts = [(text.size, text.mixed) for text, at in facts.of(TextShown) if not is_cut_off(facts, at)]
    lines = [(line.width, line.mixed) for line, at in facts.of(LineDrawn) if not is_cut_off(facts, at)]
    for is_text, found in ((True, texts), (False, lines)):
        for mixed in (False, True):
            sizes = [size for size, in_several in found if in_several or not mixed]
            if sizes:
                yield FinePart(is_text, min(sizes) / facts.unit, mixed)


def _spots(pdf: pikepdf.Pdf, page: pikepdf.Page) -> Iterator[SpotInk]:
    found: dict[str, Any] = {}
    mixed: set[str] = set()
    for space in color_spaces(page.obj.Resources):
        if space[0] == "/Separation":
            found[str(space[1])] = space
        elif space[0] == "/DeviceN":
            found.update((str(name), found.get(str(name))) for name in space[1])
            if len(space[1]) > 1:
                mixed.update(str(name) for name in space[1])
    own = {name: space for name, space in found.items() if name not in NO_SPOTS}
    alone = [space for space in own.values() if space is not None]
    inks = iter(full_inks(pdf, alone))
    for name, space in own.items():
        yield SpotInk(name[1:], None if space is None else next(inks), name in mixed)
