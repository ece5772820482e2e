"""What a file may not contain, and whether it is whole (ISO 15930-7)."""

from __future__ import annotations

from collections.abc import Iterator

from pressrun.readers.press_pdf.facts import PageFacts, PressFile
from pressrun.readers.press_pdf.limits import PressLimits
from pressrun.readers.press_pdf.rules.rule import ERROR, NOTE, WARNING, Fault, file_rule, page_rule
from pressrun.readers.press_pdf.traits import LZW, OverBudget, Problem, Unbalanced, WrongType, XObjectKind

NOTHING = "nothing: a workflow refuses the file"
MISSING = "parts of the page missing, or shown as an error message"


@file_rule("encrypted", ERROR, clause="ISO 15930-7, encryption", paper=NOTHING)
def encrypted(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    hint = "save it without protection"
    if file.locked:
        yield Fault("the file opens only with a password", hint)
    elif file.is_encrypted:
        yield Fault("the file is encrypted, which PDF/X forbids", hint)
    elif "encrypted stream" in file.forbidden:
        yield Fault("a part of the file is encrypted (Crypt), which PDF/X forbids", hint)


@file_rule("no-pages", ERROR, clause="ISO 32000-1, 7.7.3", paper=NOTHING)
def no_pages(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    if not file.pages:
        yield Fault("the file has no pages")


@file_rule("javascript", ERROR, clause="ISO 15930-7, actions and forms", paper=NOTHING)
def javascript(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    for kind, where in file.actions:
        if kind == "JavaScript":
            yield Fault(f"there is JavaScript {where}", "take it out: PDF/X forbids it")


@file_rule("action", WARNING, clause="ISO 15930-7, actions and forms", paper=NOTHING)
def action(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    for kind, where in file.actions:
        if kind != "JavaScript":
            yield Fault(f"there is an action ({kind}) {where}", "take it out: PDF/X forbids it")


@file_rule(
    "attachment", WARNING, clause="ISO 15930-7, embedded files", paper="nothing; what is attached travels along unseen"
)
def attachment(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    if "portfolio" in file.forbidden:
        yield Fault("the file is a portfolio: a cover for others that are in it", "send the files themselves")
    for name in file.attachments:
        yield Fault(f"the file '{name}' is attached", "take it out: PDF/X-4 forbids attachments")


@file_rule("form-fields", ERROR, clause="ISO 15930-7, actions and forms", paper="fields empty, or filled in otherwise")
def form_fields(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    if "XFA" in file.forbidden:
        yield Fault("the file is an XFA form", "print it to PDF from the program that made it")
    elif file.has_form:
        yield Fault("the file has form fields", "flatten the form")


@file_rule(
    "layers",
    NOTE,
    clause="ISO 15930-7, optional content",
    paper="another language or version than the one that was proofed",
)
def layers(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    if file.layers:
        yield Fault(f"the file has {file.layers} layers; which are printed depends on the viewer")


@file_rule(
    "automatic-layers",
    WARNING,
    clause="ISO 15930-7, optional content",
    paper="layers that come and go between screen and press",
)
def automatic_layers(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    if "automatic layers" in file.forbidden:
        yield Fault("layers switch themselves on and off by where the file is shown", "take their automatic states out")


@file_rule("damaged", WARNING, clause="ISO 32000-1, 7.5", paper=MISSING)
def damaged(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    if file.repairs:
        yield Fault(f"the file is damaged and was repaired to be read: {file.repairs[0]}")


@file_rule("objects-missing", ERROR, clause="ISO 32000-1, 7.3.10", paper=MISSING)
def objects_missing(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    if file.lost:
        some = "an object that it names is" if file.lost == 1 else f"{file.lost} objects that it names are"
        yield Fault(f"the file is damaged, and {some} not in it: pages may be missing or empty", "have it sent again")


@file_rule("lzw", WARNING, clause="ISO 15930-7, compression", paper=NOTHING)
def lzw(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    inline = any(drawn.kind == LZW for page in file.pages for drawn, _ in page.of(XObjectKind))
    if inline or LZW in file.forbidden:
        yield Fault("LZW packs a part of the file, which PDF/X forbids", "save it with Flate (ZIP) compression")


@file_rule("external-stream", ERROR, clause="ISO 15930-7, external content", paper=MISSING)
def external_stream(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    if "external stream" in file.forbidden:
        yield Fault("a part of the file lies in another file", "embed what is linked")


@file_rule("preseparated", ERROR, clause="ISO 15930-7, composite pages", paper="each plate as a black page of its own")
def preseparated(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    if "preseparated" in file.forbidden:
        yield Fault("the pages are plates that were separated before", "export composite pages")


@file_rule(
    "presentation",
    WARNING,
    clause="ISO 15930-7, composite pages",
    paper="one step of several that were to follow each other",
)
def presentation(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    if "presentation" in file.forbidden:
        yield Fault("pages have steps of a presentation", "export it for print")
    if "transition" in file.forbidden:
        yield Fault("pages turn themselves, or fade into one another, on a screen", severity=NOTE)


def _of_kind(page: PageFacts, *kinds: str) -> Iterator[tuple[str, Fault]]:
    for drawn, at in page.of(XObjectKind):
        if drawn.kind in kinds:
            yield drawn.kind, Fault(f"{drawn.kind} is drawn on the page, which PDF/X forbids", at=tuple(at))


@page_rule("postscript", ERROR, clause="ISO 15930-7, PostScript XObjects", paper=MISSING)
def postscript(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    yield from (fault for _, fault in _of_kind(page, "PostScript"))


@page_rule("opi", ERROR, clause="ISO 15930-7, OPI", paper="a coarse preview in place of a picture")
def opi(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    yield from (fault for _, fault in _of_kind(page, "OPI"))


@page_rule(
    "reference", ERROR, clause="ISO 15930-7, external content", paper="a stand-in in place of what it stands for"
)
def reference(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    yield from (fault for _, fault in _of_kind(page, "a reference to another file"))


@page_rule(
    "alternate-pictures", WARNING, clause="ISO 15930-7, alternate images", paper="the coarser of two pictures, perhaps"
)
def alternate_pictures(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    for drawn, at in page.of(XObjectKind):
        if drawn.kind == "alternate pictures":
            yield Fault("a picture has alternates, one of which a device may choose", "keep the one meant", tuple(at))


@page_rule("broken-page", ERROR, clause="ISO 32000-1, 7.8.2", paper=MISSING)
def broken_page(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    for problem, _ in page.of(Problem):
        yield Fault(problem.text)


@page_rule("unbalanced-state", WARNING, clause="ISO 32000-1, 8.4.2",
           paper="what follows in the wrong place, size or colour")  # fmt: skip
def unbalanced_state(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    for seen, _ in page.of(Unbalanced):
        yield Fault(seen.text, "export the page again")


@file_rule("key-of-wrong-type", ERROR, clause="ISO 32000-1, 7.3", paper=MISSING)
def key_of_wrong_type(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    for text in file.wrong_types:
        yield Fault(text, "export the file again")


@page_rule("key-of-wrong-type", ERROR, clause="ISO 32000-1, 7.3", paper=MISSING)
def key_of_wrong_type_on_page(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    for wrong, _ in page.of(WrongType):
        yield Fault(wrong.text, "export the page again")


@file_rule("too-much", ERROR, clause="practice: a workflow must come to an end", paper=NOTHING)
def too_much(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    for text in file.over_budget:
        yield Fault(f"the file was not read to its end: {text}", "export it again")


@page_rule("too-much", ERROR, clause="practice: a workflow must come to an end", paper=NOTHING)
def too_much_on_page(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    for spent, _ in page.of(OverBudget):
        yield Fault(f"it was not read to its end: {spent.text}", "export it again")
