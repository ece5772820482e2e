"""Characters that no font of the layer draws: Typst says nothing of them."""

from __future__ import annotations

from collections.abc import Iterator

from pressrun.model.finding import Finding, Severity
from pressrun.model.inspection import Inspection
from pressrun.model.sheet import TextMark


def glyphs(inspection: Inspection) -> Iterator[Finding]:
    for mark in inspection.sheet.marks:
        if isinstance(mark, TextMark) and (missing := inspection.missing(mark.text, mark.families)):
            named = ", ".join(f"{character} (U+{ord(character):04X})" for character in missing[:8])
            yield inspection.finding(
                Severity.ERROR,
                "missing-glyph",
                f"no font of {', '.join(mark.families)} draws {named}",
                mark.layer,
                "name a font that covers it under the role's fallbacks",
            )
