"""Placed pages: what a printer would send back of them, and what their spots are."""

from __future__ import annotations

from collections.abc import Iterator

from pressrun.model.color import spot_key
from pressrun.model.finding import Finding, Severity
from pressrun.model.inspection import Inspection
from pressrun.model.placed_page import PageMark

ON_SCREENS = (
    "broken-page", "too-much", "font-not-embedded", "font-broken", "key-of-wrong-type", "damaged-picture", "empty-page",
)  # fmt: skip
CLOSE = 2.0  # percent of an ink


def placed_pages(inspection: Inspection) -> Iterator[Finding]:
    is_print = inspection.sheet.target == "print"
    spellings: dict[str, str] = {}  # of spots that the layout has no ink for, as the first page has them
    for one in inspection.sheet.placed:
        mark = one.mark
        if not isinstance(mark, PageMark):
            continue
        for fault in mark.faults:
            if is_print or fault.code in ON_SCREENS:
                message = f"{mark.told}: {fault.message}"
                yield inspection.finding(fault.severity, fault.code, message, mark.layer, fault.hint)
        if is_print:
            yield from _spots(inspection, mark, spellings)
        yield from _texts(inspection, mark)


def _texts(inspection: Inspection, mark: PageMark) -> Iterator[Finding]:
    """Letters of a drawing that no family draws which it asks for."""
    for text, families in mark.texts:
        if missing := inspection.faces.missing(text, families):
            asked = ", ".join(families) or "no family"
            message = f"{mark.told}: its text asks for {asked}, which has no {' '.join(missing)}"
            hint = "name a family of the brand's fonts in it, or turn its words into paths"
            yield inspection.finding(Severity.ERROR, "artwork-font", message, mark.layer, hint)


def _spots(inspection: Inspection, mark: PageMark, spellings: dict[str, str]) -> Iterator[Finding]:
    own = dict(mark.inks)
    for name, printed in own.items():
        if printed.spot and printed.spot != name and spot_key(printed.spot) == spot_key(name):
            yield _spelled_twice(inspection, mark, name, printed.spot)
    for spot in mark.spots:
        ink = own.get(spot.name)
        if ink is None:
            first = spellings.setdefault(spot_key(spot.name), spot.name)
            if first != spot.name:
                yield _spelled_twice(inspection, mark, spot.name, first)
                continue
            message = f"{mark.told}: it prints {spot.name}, which is no ink of the layout"
            hint = "list the spot among the layout's inks, or convert it in the file"
            yield inspection.finding(Severity.WARNING, "unlisted-spot", message, mark.layer, hint)
        elif spot.cmyk and max(abs(a - b) for a, b in zip(spot.cmyk, ink.cmyk, strict=True)) > CLOSE:
            theirs, ours = (", ".join(f"{part:g}" for part in parts) for parts in (spot.cmyk, ink.cmyk))
            message = f"{mark.told}: {spot.name} stands for {theirs} there, and for {ours} here"
            hint = "what stands for a spot is the brand's own; correct the one that is wrong"
            yield inspection.finding(Severity.NOTE, "spot-alternate-differs", message, mark.layer, hint)


def _spelled_twice(inspection: Inspection, mark: PageMark, name: str, used: str) -> Finding:
    message = f"{mark.told}: its '{name}' is '{used}' here: both are printed on one plate, called '{used}'"
    return inspection.finding(Severity.WARNING, "spot-spelled-twice", message, mark.layer, "spell both alike")
