"""Text that does not fit, text that was cut where the layout allows it, and lines that touch."""

from __future__ import annotations

from collections.abc import Iterator

from pressrun.model.finding import Finding, Severity
from pressrun.model.geometry import length_told
from pressrun.model.inspection import Inspection


def text_fit(inspection: Inspection) -> Iterator[Finding]:
    for fact in inspection.facts:
        if fact.overflow:
            yield inspection.finding(
                Severity.ERROR,
                "text-overflow",
                f"{fact.text!r} does not fit even at {length_told(fact.size, inspection.sheet.target)}",
                fact.layer,
                "shorten the text, enlarge the box, or allow a smaller size or more lines",
            )
        elif fact.shortened:
            yield inspection.finding(
                Severity.WARNING, "text-shortened", f"{fact.text!r} was cut with an ellipsis", fact.layer
            )
        if fact.apart:
            yield inspection.finding(
                Severity.WARNING,
                "lines-touch",
                f"lines of {fact.text!r} touch: marks or letters of one reach into the next",
                fact.layer,
                f"write `leading: {fact.apart:g}`; for all of a language in the role, under the brand's `locales`",
            )
