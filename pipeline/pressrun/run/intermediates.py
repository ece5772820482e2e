"""What a sheet was on its way to its files, for people who want to look at it."""

from __future__ import annotations

from collections.abc import Iterable

from pressrun.graphics.page_content import shown_pages
from pressrun.model.finding import Finding
from pressrun.model.inspection import Inspection
from pressrun.model.rendering import Overlay
from pressrun.model.sheet import TextMark
from pressrun.model.store import Store
from pressrun.model.task import Intermediates


def intermediates(
    store: Store, inspection: Inspection, overlay: Overlay, plate_jpeg: bytes | None, findings: Iterable[Finding]
) -> Intermediates:
    """Put what a sheet is drawn of into the store, and say what was measured on it."""
    drawn = {"overlay.pdf": store.put(shown_pages([overlay], [inspection.look]))}
    if plate_jpeg:
        drawn["plate.jpg"] = store.put(plate_jpeg)
    contrasts = {choice.layer: choice.contrast for choice in inspection.choices} | _of_texts(inspection)
    return Intermediates(inspection.sheet, inspection.choices, contrasts, tuple(findings), drawn)


def _of_texts(inspection: Inspection) -> dict[str, float]:
    """The contrast of each text in the colour that it has to what lies under its letters."""
    colors = {
        mark.layer: bytes.fromhex(inspection.look(mark.inks[0])[1:])
        for mark in inspection.sheet.marks
        if isinstance(mark, TextMark)
    }
    return {
        fact.layer: round(inspection.grounds[fact.layer].contrast(fact.rect, (red, green, blue)), 2)
        for fact in inspection.facts
        for red, green, blue in (colors[fact.layer],)
    }
