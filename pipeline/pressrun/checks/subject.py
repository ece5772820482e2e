"""The subject stays whole: no text, logo or code on the product that stands on the scene."""

from __future__ import annotations

from collections.abc import Iterator

from pressrun.model.code_mark import CodeMark
from pressrun.model.finding import Finding, Severity
from pressrun.model.geometry import Rect, bounds
from pressrun.model.inspection import Inspection
from pressrun.model.sheet import LogoMark, PictureMark, TextMark

OUTLINE = 0.05  # of a cut-out's width and height: what its corners leave free at every edge
TOUCH = 0.01  # of the smaller of the two areas, up to which an overlap is a touch


def text_on_subject(inspection: Inspection) -> Iterator[Finding]:
    """A subject is a cut-out with a contact shadow; its outline is taken as its box, drawn in by `OUTLINE`."""
    placed = inspection.sheet.placed
    subjects = [
        (mark.layer, _outline(one.bounds)) for one in placed
        if isinstance(mark := one.mark, PictureMark) and mark.shadow is not None
    ]  # fmt: skip
    if not subjects:
        return
    taken = [
        (mark.layer, "text", bounds(mark.taken, one.matrix)) for one in placed
        if isinstance(mark := one.mark, TextMark) and mark.fit
    ]  # fmt: skip
    taken += [(one.mark.layer, "a logo", one.bounds) for one in placed if isinstance(one.mark, LogoMark)]
    taken += [(one.mark.layer, "a code", one.bounds) for one in placed if isinstance(one.mark, CodeMark)]
    for layer, what, rect in taken:
        for subject, outline in subjects:
            shared = _shared(rect, outline)
            if shared > TOUCH * min(rect.width * rect.height, outline.width * outline.height):
                share = 100 * shared / (outline.width * outline.height)
                yield inspection.finding(
                    Severity.WARNING,
                    "text-on-subject",
                    f"{what} covers {share:.0f} % of the product ({subject})",
                    layer,
                    "move the box, or make the product or the text smaller",
                )


def _outline(rect: Rect) -> Rect:
    return Rect(
        rect.x + OUTLINE * rect.width,
        rect.y + OUTLINE * rect.height,
        (1 - 2 * OUTLINE) * rect.width,
        (1 - 2 * OUTLINE) * rect.height,
    )


def _shared(a: Rect, b: Rect) -> float:
    if not a.meets(b):
        return 0.0
    width = min(a.right, b.right) - max(a.x, b.x)
    height = min(a.bottom, b.bottom) - max(a.y, b.y)
    return width * height
