"""Annotations: what they are, where they lie, and how those look that are printed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf

from pressrun.readers.press_pdf.boxes import rectangle
from pressrun.readers.press_pdf.budget import Budget
from pressrun.readers.press_pdf.facts import Object, PageFacts
from pressrun.readers.press_pdf.graphics_state import across
from pressrun.readers.press_pdf.keys import Keys
from pressrun.readers.press_pdf.matrix import Matrix

MOST = 20_000  # on one page


def read_annotations(page: Object, facts: PageFacts, keys: Keys) -> None:
    for annotation in list(keys.dictionaries(page, "/Annots"))[:MOST]:
        kind = keys.name(annotation, "/Subtype", "unknown")
        try:
            at = rectangle(annotation.get("/Rect"), facts.unit)
        except ValueError:
            at = None
        facts.annotations.append((kind, at or facts.boxes.media))


def drawn_annotations(page: Object, keys: Keys, budget: Budget) -> Iterator[tuple[Any, Matrix]]:
    """The normal appearance of each annotation, and the matrix that brings its box onto its place."""
    for annotation in list(keys.dictionaries(page, "/Annots"))[:MOST]:
        budget.visit()
        if drawn := appearance(annotation, keys):
            yield drawn


def appearance(annotation: Object, keys: Keys, state: str = "") -> tuple[Any, Matrix] | None:
    """The normal appearance of an annotation (in another state than its own, if one is named), and the matrix that
    brings its box onto its place (ISO 32000, 12.5.5). None where it shows nothing."""
    normal = keys.dictionary(annotation, "/AP").get("/N")
    if isinstance(normal, pikepdf.Dictionary) and not isinstance(normal, pikepdf.Stream):
        normal = normal.get(f"/{state}" if state else str(annotation.get("/AS", "/Off")))
    if not isinstance(normal, pikepdf.Stream):
        return None
    try:
        at, box = rectangle(annotation.get("/Rect")), rectangle(normal.get("/BBox"))
    except ValueError:
        return None
    if at is None or box is None:
        return None
    shown = across(keys.matrix(normal, "/Matrix"), *box)
    width, height = shown[2] - shown[0], shown[3] - shown[1]
    if width <= 0 or height <= 0:
        return None
    a, d = (at[2] - at[0]) / width, (at[3] - at[1]) / height
    return normal, Matrix(a, 0, 0, d, at[0] - shown[0] * a, at[1] - shown[1] * d)
