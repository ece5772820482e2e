"""Text that does not fit, text that was cut where the layout allows it, lines that touch, and loose ones."""

from __future__ import annotations

from collections.abc import Iterator

from pressrun.language.bidi import unmarked
from pressrun.model.finding import Finding, Severity
from pressrun.model.geometry import type_told
from pressrun.model.inspection import Inspection

QUOTED = 120  # letters: more of a text is not read in a list of findings


def _quoted(text: str) -> str:
    """As people wrote it, on one line; of a long text its beginning."""
    words = unmarked(text).replace("\n", "\\n").replace("\t", "\\t")
    return f"'{words}'" if len(words) <= QUOTED else f"'{words[:QUOTED].rpartition(' ')[0] or words[:QUOTED]} …'"


def text_fit(inspection: Inspection) -> Iterator[Finding]:
    for fact in inspection.facts:
        if fact.overflow:
            yield inspection.finding(
                Severity.ERROR,
                "text-overflow",
                f"{_quoted(fact.text)} does not fit even at {type_told(fact.size, inspection.sheet.target)}",
                fact.layer,
                "shorten the text, enlarge the box, or allow a smaller size or more lines",
            )
        elif fact.shortened:
            yield inspection.finding(
                Severity.WARNING, "text-shortened", f"{_quoted(fact.text)} was cut with an ellipsis", fact.layer
            )
        if fact.apart:
            yield inspection.finding(
                Severity.WARNING,
                "lines-touch",
                f"lines of {_quoted(fact.text)} touch: marks or letters of one reach into the next",
                fact.layer,
                f"write `leading: {fact.apart:g}`; for all of a language in the role, under the brand's `locales`",
            )
        if fact.loosest:
            yield inspection.finding(
                Severity.WARNING,
                "loose-lines",
                f"words of {_quoted(fact.text)} stand up to {fact.loosest:.1f} times as far apart as by themselves",
                fact.layer,
                "make the column wider or the type smaller, write `hyphenate: true`, or leave `justify` out",
            )
