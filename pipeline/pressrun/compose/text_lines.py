"""Fitted texts letter by letter, where sums over advances tell where each stands: what need not be set by Typst."""

from __future__ import annotations

from pressrun.compose.text_fit import TextFitter
from pressrun.graphics.texts.set_letters import SetLine
from pressrun.graphics.typefaces.characters import has_ignorable
from pressrun.model.sheet import TextMark
from pressrun.model.spans import ROOM_BEFORE


def set_lines(fitter: TextFitter, mark: TextMark) -> list[SetLine] | None:
    """The lines of a text in their places; None where only Typst can tell."""
    fit = mark.fit
    if fit is None or fit.overflow or mark.direction == "rtl":
        return None
    if any(run.lines for run in mark.runs) or has_ignorable(mark.text):
        return None
    broken = fitter.broken(mark, fit)
    if broken is None:
        return None
    text, lines = broken
    found: list[SetLine] = []
    share, leading = ROOM_BEFORE[mark.align], mark.leading_at(fit.size) * fit.size
    down = fit.column.y + fit.edges[0] * fit.size
    for number, line in enumerate(lines):
        stretches = text.stretches(line.start, line.seen, line.seen if line.forced else line.end)
        if stretches is None or line.scale != 1:
            return None
        aside = share * (fit.column.width - line.width * fit.size)
        found.append(SetLine(fit.column.x + aside, down + number * leading, fit.size, stretches))
    return found
