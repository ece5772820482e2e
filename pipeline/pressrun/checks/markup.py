"""HTML that a cell brought along, printed as it stands."""

from __future__ import annotations

from collections.abc import Iterator

from pressrun.language.plain_text import markup_in
from pressrun.model.finding import Finding, Severity
from pressrun.model.inspection import Inspection
from pressrun.model.sheet import TextMark, ungrouped


def markup(inspection: Inspection) -> Iterator[Finding]:
    for mark in ungrouped(inspection.sheet.marks):
        if isinstance(mark, TextMark) and (found := markup_in(mark.text)):
            yield inspection.finding(
                Severity.WARNING,
                "printed-markup",
                f"{found} is printed as it stands",
                mark.layer,
                "write | plain in the layout, which makes text and line breaks of it, or clean the cell",
            )
