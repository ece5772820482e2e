"""Small text and thin lines in several inks: plates never lie exactly over each other, and fine things fray."""

from __future__ import annotations

from collections.abc import Iterator

from pressrun.model.color import Ink, is_hard_to_register
from pressrun.model.finding import Finding, Severity
from pressrun.model.inspection import Inspection
from pressrun.model.sheet import ShapeMark, TextMark

SMALL_TEXT, THIN_LINE = 12.0, 1.0  # points under which a fringe of a tenth of a millimetre shows


def registration(inspection: Inspection) -> Iterator[Finding]:
    if inspection.sheet.target != "print":
        return
    placed = list(inspection.sheet.placed)
    marks = {one.mark.layer: one.mark for one in placed if isinstance(one.mark, TextMark)}
    fine = [
        (fact.layer, ink, f"text of {fact.size * scale:.4g} pt")
        for fact in inspection.facts
        for ink, scale in marks[fact.layer].inks_set.items()
        if fact.size * scale < SMALL_TEXT
    ]
    fine += [
        (mark.layer, mark.stroke, f"a line of {mark.stroke_width * one.enlargement:.4g} pt")
        for one in placed
        if isinstance(mark := one.mark, ShapeMark) and mark.stroke and mark.stroke_width * one.enlargement < THIN_LINE
    ]
    for layer, ink, what in fine:
        if _frays(ink):
            printed = " ".join(f"{part:g}" for part in ink.cmyk)
            yield inspection.finding(
                Severity.WARNING,
                "small-in-several-inks",
                f"{what} is printed in {ink.name} (cmyk {printed}): where the plates are a hair apart it has fringes",
                layer,
                "use black alone (0 0 0 100), a colour of one or two inks, or a spot ink",
            )


def _frays(ink: Ink) -> bool:
    return ink.spot is None and is_hard_to_register(ink.cmyk)
