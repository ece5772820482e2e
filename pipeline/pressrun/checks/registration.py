"""Small text and thin lines in several inks: plates never lie exactly over each other, and fine things fray."""

from __future__ import annotations

from collections.abc import Iterator

from pressrun.model.color import Ink, is_hard_to_register
from pressrun.model.finding import Finding, Severity
from pressrun.model.inspection import Inspection
from pressrun.model.item_list import whole_layer
from pressrun.model.sheet import ShapeMark, TextMark
from pressrun.readers.press_pdf.limits import PressLimits

# Under these a fringe of a tenth of a millimetre shows.
SMALL_TEXT, THIN_LINE = PressLimits().mixed_text, PressLimits().mixed_line


def registration(inspection: Inspection) -> Iterator[Finding]:
    if inspection.sheet.target != "print":
        return
    placed = list(inspection.sheet.placed)
    marks = {one.mark.layer: one.mark for one in placed if isinstance(one.mark, TextMark)}
    fine = [
        (fact.layer, ink, "text", fact.size * scale)
        for fact in inspection.facts
        for ink, scale in marks[fact.layer].inks_set.items()
        if fact.size * scale < SMALL_TEXT
    ]
    fine += [
        (mark.layer, mark.stroke, "a line", mark.stroke_width * one.enlargement)
        for one in placed
        if isinstance(mark := one.mark, ShapeMark) and mark.stroke and mark.stroke_width * one.enlargement < THIN_LINE
    ]
    sizes: dict[tuple[str, Ink, str], dict[str, float]] = {}  # of a table's texts, and of what is repeated, together
    for layer, ink, kind, size in fine:
        if _frays(ink):
            of_kind = sizes.setdefault((whole_layer(layer), ink, kind), {})
            of_kind[layer] = min(size, of_kind.get(layer, size))
    for (name, ink, kind), of_kind in sizes.items():
        printed = " ".join(f"{part:g}" for part in ink.cmyk)
        others = f" (and {len(of_kind) - 1} more)" if len(of_kind) > 1 else ""
        what = f"{kind} of {min(of_kind.values()):.4g} pt{others}"
        yield inspection.finding(
            Severity.WARNING,
            "small-in-several-inks",
            f"{what} is printed in {ink.name} (cmyk {printed}): where the plates are a hair apart it has fringes",
            next(iter(of_kind)) if len(of_kind) == 1 else name,
            "use black alone (0 0 0 100), a colour of one or two inks, or a spot ink",
        )


def _frays(ink: Ink) -> bool:
    return ink.spot is None and is_hard_to_register(ink.cmyk)
