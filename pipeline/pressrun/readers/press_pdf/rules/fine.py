"""Fonts, small text and thin lines (ISO 15930-7; GWG 2015)."""

from __future__ import annotations

from collections.abc import Iterator

from pressrun.model.geometry import told_below
from pressrun.readers.press_pdf.boxes import is_cut_off
from pressrun.readers.press_pdf.facts import PageFacts, Rectangle
from pressrun.readers.press_pdf.limits import PressLimits
from pressrun.readers.press_pdf.rules.rule import ERROR, NOTE, WARNING, Fault, page_rule
from pressrun.readers.press_pdf.traits import LineDrawn, TextBeyond, TextShown

OTHER_FONT = "other letters than designed, words that run into each other"
NO_LETTERS = "boxes, blanks or nothing where letters should be"


@page_rule("font-not-embedded", ERROR, clause="ISO 15930-7, fonts", paper=OTHER_FONT)
def font_not_embedded(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    fonts: dict[str, list[Rectangle]] = {}
    for text, at in page.of(TextShown):
        if not text.font.embedded:
            fonts.setdefault(text.font.name, []).extend(at)
    for name, places in fonts.items():
        yield Fault(f"the font {name} is not embedded", at=tuple(places))


@page_rule("font-broken", ERROR, clause="ISO 15930-7, fonts; ISO 32000-1, 9.9", paper=OTHER_FONT)
def font_broken(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    fonts: dict[tuple[str, str], list[Rectangle]] = {}
    for text, at in page.of(TextShown):
        if text.font.broken:
            fonts.setdefault((text.font.name, text.font.broken), []).extend(at)
    for (name, why), places in fonts.items():
        yield Fault(f"the program of the font {name} cannot be used: {why}", "embed the font again", tuple(places))


@page_rule(
    "font-not-subset", None, clause="ISO 32000-1, 9.6.4",
    paper="nothing; the file is larger, and gives the whole font to whoever has it",
)  # fmt: skip
def font_not_subset(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    fonts: dict[str, list[Rectangle]] = {}
    for text, at in page.of(TextShown):
        if text.font.embedded and not text.font.subset and text.font.kind != "Type3":
            fonts.setdefault(text.font.name, []).extend(at)
    for name, places in fonts.items():
        yield Fault(f"the font {name} is embedded whole", "embed the letters that are used", tuple(places))


@page_rule("undefined-glyph", ERROR, clause="ISO 15930-7, fonts", paper=NO_LETTERS)
def undefined_glyph(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    for text, at in page.of(TextShown):
        if text.undefined:
            yield Fault(f"text shows what {text.font.name} does not have (.notdef)", "choose another font", tuple(at))


@page_rule("type3-font", NOTE, clause="ISO 32000-1, 9.6.5; GWG 2015, fonts", paper="letters a little fatter or coarser")
def type3_font(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    for text, at in page.of(TextShown):
        if text.font.kind == "Type3":
            yield Fault(f"the letters of {text.font.name} are drawings (Type 3)", "choose an outline font", tuple(at))


@page_rule("small-text", WARNING, clause="GWG 2015, small text", paper="letters that fill in or break up")
def small_text(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    fonts: dict[str, list[tuple[float, list[Rectangle]]]] = {}
    for text, at in page.of(TextShown):
        if text.size < limits.smallest_text - 0.01:
            fonts.setdefault(text.font.name, []).append((text.size, at))
    for name, found in fonts.items():
        size = told_below(min(one for one, _ in found), limits.smallest_text)
        message = f"text in {name} is {size} pt; under {limits.smallest_text:g} pt it may fill in"
        yield Fault(message, at=tuple(place for _, at in found for place in at))


@page_rule("thin-line", WARNING, clause="GWG 2015, thin lines", paper="lines that break, or are not there")
def thin_line(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    thin = [(line, at) for line, at in page.of(LineDrawn) if line.width < limits.thinnest_line - 0.001]
    if thin:
        line, _ = min(thin, key=lambda one: one[0].width)
        weight = told_below(line.width, limits.thinnest_line)
        what = "an area as narrow as a line" if line.filled else "a line"
        message = f"{what} is {weight} pt thick; under {limits.thinnest_line:g} pt it may not print"
        yield Fault(message, at=tuple(place for _, at in thin for place in at))


@page_rule(
    "small-in-several-inks", WARNING, clause="GWG 2015, small text", paper="letters and lines with coloured shadows"
)
def small_in_several_inks(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    texts = [(text.size, at) for text, at in page.of(TextShown) if text.mixed]
    lines = [(line.width, at) for line, at in page.of(LineDrawn) if line.mixed]
    for what, found, limit in (("text", texts, limits.mixed_text), ("a line", lines, limits.mixed_line)):
        small = [(size, at) for size, at in found if size < limit - 0.01 and not is_cut_off(page, at)]
        if small:
            size = told_below(min(one for one, _ in small), limit)
            message = f"{what} of {size} pt is printed in several inks: where the plates are a hair apart it frays"
            yield Fault(message, "use black alone, or one or two inks", tuple(place for _, at in small for place in at))
    left_out = [
        (text.size, at) for text, at in page.of(TextShown) if text.reversed and text.size < limits.reversed_text - 0.01
    ]
    if left_out:
        size = told_below(min(one for one, _ in left_out), limits.reversed_text)
        message = f"light text of {size} pt is left out of a ground of several inks, which may run into its letters"
        hint = "make it larger or bolder, or its ground of one or two inks"
        yield Fault(message, hint, tuple(place for _, at in left_out for place in at))


@page_rule(
    "off-page", WARNING, clause="practice: what is on the page is meant to be read", paper="words that are missing"
)
def off_page(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    if any(True for _ in page.of(TextBeyond)):
        yield Fault(
            "text lies beyond the edges of the page, and is not printed", "move it onto the page, or leave it out"
        )
