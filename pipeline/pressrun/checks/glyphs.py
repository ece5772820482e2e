"""Letters that no font of the layer draws, and words that come out of two of them: Typst says nothing of either."""

from __future__ import annotations

from collections.abc import Iterator

from pressrun.graphics.typefaces.script_fonts import extra_for, installed
from pressrun.model.composition import Faces
from pressrun.model.finding import Finding, Severity
from pressrun.model.inspection import Inspection
from pressrun.model.sheet import TextMark, ungrouped

MOST = 8  # letters that a message names


def glyphs(inspection: Inspection) -> Iterator[Finding]:
    for mark in ungrouped(inspection.sheet.marks):
        if not isinstance(mark, TextMark):
            continue
        missing = _missing(mark, inspection.faces)
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
        if any(run.imitates for run in mark.runs):
            yield inspection.finding(
                Severity.NOTE,
                "imitated-small-capitals",
                f"no small capitals are in the font ({mark.runs[0].families[0]}): smaller capitals stand for them",
                mark.layer,
                "use a family that has them (the OpenType feature smcp)",
            )
        parts = [(run.text, run.families) for run in mark.runs] or [(mark.text, mark.families)]
        mixed = dict(found for text, families in parts for found in inspection.faces.mixed_words(text, families))
        for word, lacking in mixed.items():
            yield inspection.finding(
                Severity.ERROR,
                "word-in-two-fonts",
                f"{word!r} is set in two typefaces: the first that has its other letters lacks {_named(lacking)}",
                mark.layer,
                "use a font that has them, or name one that has the whole word as the family of this language",
            )


def _missing(mark: TextMark, faces: Faces) -> str:
    """The characters that no font draws where they stand, each once."""
    markers = "".join(mark.paragraphs.markers) if mark.paragraphs else ""
    if not mark.runs:
        return faces.missing(mark.text + markers, mark.families)
    missing = [faces.missing(run.text, run.families) for run in mark.runs if run.logo is None]
    return "".join(dict.fromkeys("".join([*missing, faces.missing(markers, mark.families)])))


def _named(characters: str) -> str:
    return ", ".join(f"{character} (U+{ord(character):04X})" for character in characters[:MOST])
