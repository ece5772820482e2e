"""Folds: small texts and codes that stand in one, and colour that was to end at one and ends a little beyond it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from pressrun.model.code_mark import CodeMark
from pressrun.model.finding import Finding, Severity
from pressrun.model.geometry import POINTS_PER_UNIT, Rect, length_told
from pressrun.model.inspection import Inspection
from pressrun.model.sheet import PictureMark, ShadeMark, ShapeMark

LARGE = 18.0  # points from which letters are read with a fold through them, as WCAG 2 calls text large
TRAP = 1.2 * POINTS_PER_UNIT["mm"]  # how far colour may be led around a fold on purpose, since folds wander
STRAY = 6.0 * POINTS_PER_UNIT["mm"]  # beyond this a layer is meant to stand on both panels


def folds(inspection: Inspection) -> Iterator[Finding]:
    at_folds = inspection.sheet.boxes.folds
    if not at_folds:
        return
    placed = list(inspection.sheet.placed)
    words = {word for one in placed if isinstance(one.mark, CodeMark) for word in one.mark.words}
    small = [fact for fact in inspection.facts if fact.size < LARGE and fact.layer not in words]
    taken = [(fact.layer, "a text", fact.rect) for fact in small]
    taken += [(one.mark.layer, "a code", one.bounds) for one in placed if isinstance(one.mark, CodeMark)]
    for layer, what, rect in taken:
        if any(_is_crossed(rect, fold) for fold in at_folds):
            hint = "put its box into one panel: `in: panel-1`"
            yield inspection.finding(Severity.WARNING, "in-fold", f"{what} stands in a fold", layer, hint)
    for one in placed:
        if not isinstance(one.mark, (PictureMark, ShadeMark, ShapeMark)):
            continue
        rect = one.bounds
        beyond = [
            past
            for fold in at_folds
            if _is_crossed(rect, fold)
            for past, rest in permutations(_sides(rect, fold))
            if TRAP < past < STRAY < rest
        ]
        if beyond:
            told = length_told(max(beyond), inspection.sheet.target)
            hint = "end it at the fold; boxes that are `in: bleed` are measured from the bleed's edge"
            yield inspection.finding(Severity.WARNING, "past-fold", f"ends {told} beyond a fold", one.mark.layer, hint)


def _is_crossed(rect: Rect, fold: Rect) -> bool:
    return min(_sides(rect, fold)) > 0


def _sides(rect: Rect, fold: Rect) -> tuple[float, float]:
    """How much of it lies before the line of a fold, and how much behind."""
    return (fold.y - rect.y, rect.bottom - fold.y) if fold.width else (fold.x - rect.x, rect.right - fold.x)
