"""Blanks that a text prints double: a gap in the line that nobody meant."""

from __future__ import annotations

import re

from pressrun.model.finding import Finding, Place, Severity

DOUBLE = "  "
_BETWEEN_WORDS = re.compile(r"[^\s\"\\]+ {2,}[^\s\"\\]+")  # as it stands in a table's content, too


def double_blank(text: str) -> str | None:
    """The words around the first double blank within a line; None where there is none."""
    found = _BETWEEN_WORDS.search(text)
    return found[0] if found else None


def told_blank(words: str, place: Place | None, layout: str, layer: str, row: str) -> Finding:
    message = f"'{words}' has more than one blank in a row, and is printed so"
    hint = "`trim: true` beside the table makes them one; a gap that is meant is a no-break or an em space"
    return Finding(Severity.WARNING, "double-blank", message, place, hint, layout, layer, row)
