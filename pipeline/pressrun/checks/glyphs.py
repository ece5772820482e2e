"""Letters that no font of the layer draws, and words that come out of two of them: Typst says nothing of either."""

from __future__ import annotations

from collections.abc import Iterator

from pressrun.graphics.script_fonts import extra_for, installed
from pressrun.model.finding import Finding, Severity
from pressrun.model.inspection import Inspection
from pressrun.model.sheet import TextMark

MOST = 8  # letters that a message names


def glyphs(inspection: Inspection) -> Iterator[Finding]:
    for mark in inspection.sheet.marks:
        if not isinstance(mark, TextMark):
            continue
        missing = inspection.faces.missing(mark.text, mark.families)
        for extra, script in dict.fromkeys(filter(None, map(extra_for, missing))):
            if installed(extra) is None:
                message = f"no font at hand has {script} letters"
                cure = f"pip install 'pressrun[{extra}]', or name a font that has them under the role's fallbacks"
                yield inspection.finding(Severity.ERROR, "missing-script", message, mark.layer, cure)
                missing = "".join(one for one in missing if extra_for(one) != (extra, script))
        if missing:
            yield inspection.finding(
                Severity.ERROR,
                "missing-glyph",
                f"no font of {', '.join(mark.families)} draws {_named(missing)}",
                mark.layer,
                "name a font that covers it under the role's fallbacks",
            )
        for word, lacking in inspection.faces.mixed_words(mark.text, mark.families):
            yield inspection.finding(
                Severity.ERROR,
                "word-in-two-fonts",
                f"{word!r} is set in two typefaces: the first that has its other letters lacks {_named(lacking)}",
                mark.layer,
                "use a font that has them, or name one that has the whole word as the family of this language",
            )


def _named(characters: str) -> str:
    return ", ".join(f"{character} (U+{ord(character):04X})" for character in characters[:MOST])
