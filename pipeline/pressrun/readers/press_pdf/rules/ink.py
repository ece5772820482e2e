"""How much ink there is, which inks there are, and what overprints or knocks out (GWG 2015)."""

from __future__ import annotations

from collections.abc import Iterator

from pressrun.model.color import spot_key
from pressrun.readers.press_pdf.boxes import is_cut_off, overlaps
from pressrun.readers.press_pdf.facts import PageFacts, PressFile
from pressrun.readers.press_pdf.level import INK_TOLERANCE
from pressrun.readers.press_pdf.limits import PressLimits
from pressrun.readers.press_pdf.rules.rule import ERROR, NOTE, WARNING, Fault, file_rule, page_rule
from pressrun.readers.press_pdf.traits import (
    HiddenText,
    ImageUse,
    InkSum,
    InkTogether,
    Registration,
    SpotDefined,
    TextShown,
    UnknownInk,
    Unprinted,
    WhiteOverprint,
)

PROCESS_KEYS = frozenset(("cyan", "magenta", "yellow", "black", "key"))
VANISHED = "white words and logos that are not there"
WET = "ink that does not dry: it sets off on the next sheet and cracks in the fold"


@page_rule("total-ink", ERROR, clause="ISO 12647-2, total ink; GWG 2015, total ink", paper=WET)
def total_ink(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    sums = [(seen.total, at) for seen, at in page.of(InkSum) if seen.total > limits.total_ink + INK_TOLERANCE]
    heavy = [(total, at) for total, at in sums if not is_cut_off(page, at)]
    if heavy:
        places = tuple(place for _, at in heavy for place in at)
        most = max(total for total, _ in heavy)
        yield Fault(f"a colour has {most:.0f} % of ink; {limits.total_ink:g} % is the limit", at=places)
    for together, at in page.of(InkTogether):
        part = f" on {together.part:.0%} of the page" if together.part >= 0.005 else ""
        message = (
            f"what overprints or blends has up to {together.total:.0f} % of ink{part}, with what is below it; "
            f"{limits.total_ink:g} % is the limit"
        )
        yield Fault(message, "let it knock out, or make what is below it lighter", tuple(at))
    for image, at in page.of(ImageUse):
        if image.max_ink is not None and image.max_ink > limits.total_ink + INK_TOLERANCE:
            part = f" on {image.heavy:.0%} of it" if image.heavy >= 0.005 else ""
            message = f"{image.title} has up to {image.max_ink:.0f} % of ink{part}; {limits.total_ink:g} % is the limit"
            yield Fault(message, "separate it again with the profile of the printing condition", tuple(at))


@page_rule("ink-not-measured", NOTE, clause="GWG 2015, total ink", paper=WET)
def ink_not_measured(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    for image, at in page.of(ImageUse):
        if image.problem:
            yield Fault(f"the ink of {image.title} is not known: {image.problem}", at=tuple(at))
    for seen, at in page.of(UnknownInk):
        yield Fault(f"the ink of {seen.title} is not known: {seen.problem}", at=tuple(at))


@page_rule("white-overprint", ERROR, clause="GWG 2015, white overprint", paper=VANISHED)
def white_overprint(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    for seen, at in page.of(WhiteOverprint):
        message = f"white in {seen.by} is set to overprint, and would vanish in print"
        yield Fault(message, "knock it out", tuple(at))


@page_rule(
    "black-knocks-out",
    NOTE,
    clause="GWG 2015, black overprint",
    paper="a white hair around letters where plates are off",
)
def black_knocks_out(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    small = [
        (text, at) for text, at in page.of(TextShown) if text.knocks_out and text.size < limits.overprint_below - 0.01
    ]
    if small:
        least = min(text.size for text, _ in small)
        message = f"black text from {least:.4g} pt knocks out of coloured ground"
        yield Fault(message, "set it to overprint", tuple(place for _, at in small for place in at))


@page_rule(
    "registration-color",
    ERROR,
    clause="GWG 2015, registration colour",
    paper="400 % of ink, and every plate off by a hair is seen",
)
def registration_color(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    inside = page.boxes.bleed or page.boxes.finished
    for _, at in page.of(Registration):
        artwork = tuple(place for place in at if inside is not None and overlaps(place, inside))
        if artwork:
            yield Fault("artwork is painted in all plates (/All), as only marks are", "use black", artwork)


@page_rule("no-ink", WARNING, clause="ISO 32000-1, 8.6.6.4", paper="nothing where something is meant to be")
def no_ink(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    for _, at in page.of(Unprinted):
        message = "artwork is painted in no ink (/None), and is not printed"
        yield Fault(message, "give it an ink, or leave it out", tuple(at))
    for seen, at in page.of(HiddenText):
        yield Fault(
            f"text is {seen.text}: it is not to be seen in print", "give it a colour, or leave it out", tuple(at)
        )


@file_rule("spot-spelled-twice", WARNING, clause="GWG 2015, spot colours", paper="two plates for one ink")
def spot_spelled_twice(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    spellings: dict[str, list[str]] = {}
    for spot in file.spots:
        spellings.setdefault(spot_key(spot), []).append(spot)
    for alike in spellings.values():
        if len(alike) > 1:
            named = " and ".join(f"'{spot}'" for spot in alike)
            message = f"{named} are one ink under {len(alike)} names, and make {len(alike)} plates"
            yield Fault(message, "name it alike in all places")


@file_rule("process-named-spot", WARNING, clause="GWG 2015, spot colours",
           paper="a fifth plate, or one ink where another was meant")  # fmt: skip
def process_named_spot(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    for spot in file.spots:
        if spot_key(spot).removeprefix("process") in PROCESS_KEYS:
            message = f"the spot '{spot}' has the name of a process ink, and makes a plate of its own"
            yield Fault(message, "write it as the standard does: Cyan, Magenta, Yellow, Black")
    belied = {seen.name: None for page in file.pages for seen, _ in page.of(SpotDefined) if seen.belies}
    for name in belied:
        yield Fault(f"what is called {name} is not that ink where it is shown", "name the spot otherwise")


@file_rule(
    "spot-defined-twice",
    WARNING,
    clause="ISO 15930-7, spot colours",
    paper="one spot in two tones, where it is printed in CMYK",
)
def spot_defined_twice(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    definitions: dict[str, dict[str, None]] = {}
    for page in file.pages:
        for seen, _ in page.of(SpotDefined):
            definitions.setdefault(seen.name, {})[seen.definition] = None
    for name, different in definitions.items():
        if len(different) > 1 and name not in ("All", "None"):
            message = f"the spot '{name}' is defined in {len(different)} ways"
            yield Fault(message, "define it once, in one library")
