"""What is held together of a text: as much of it as costs neither type, nor lines, nor words."""

from __future__ import annotations

import itertools
from collections.abc import Generator, Iterator

from msgspec.structs import replace

from pressrun.compose.held_places import Binding, with_held
from pressrun.compose.measured_fit import Cost, Fitted, is_worth_holding
from pressrun.graphics.texts.shaped_texts import ShapedText
from pressrun.language.phrases import parted
from pressrun.model.sheet import TextMark

Edges = tuple[float, float]
Made = tuple[Fitted, Edges]
TRIES = 24  # of a text in which much does not fit
MOST_OF_FEW = 5  # lines, of which one is not missed
AS_THEY_ARE, A_LINE_MORE, SMALLER_TYPE = Cost(), Cost(lines=1), Cost(size=0.9)


def best_made(
    mark: TextMark, blanks: list[Binding], numbers: list[Binding], words: list[Binding]
) -> Generator[TextMark, Made, Made]:
    """Yields the forms of a text that are to be fitted, is sent what each becomes, and answers the best: with all that
    is held, or without what does not fit, which is looked for by halves. Of a few lines, ranges of numbers, and
    words of one letter that end no line, may take one more."""
    best = typed = yield mark
    held: frozenset[int] = frozenset()
    fitted = typed[0]
    if fitted.lines == 1 or fitted.overflow:
        numbers = words = []
    parts: list[tuple[list[Binding], Cost]] = []  # the last is tried first
    if fitted.lines < MOST_OF_FEW:
        parts += [([*blanks, *numbers], SMALLER_TYPE)] if fitted.size > mark.size_min else []
        parts += [(numbers, A_LINE_MORE)]
    parts += [([*blanks, *numbers, *words], AS_THEY_ARE)]
    for _ in range(TRIES):
        while parts and held.issuperset(itertools.chain(*parts[-1][0])):
            parts.pop()
        if not parts:
            break
        part, cost = parts.pop()
        tried = held.union(*part)
        made = yield with_held(mark, tried)
        if is_worth_holding(made[0], fitted, best[0], cost):
            best, held = made, tried
        elif len(part) > 1:
            parts += [(part[len(part) // 2 :], cost), (part[: len(part) // 2], cost)]
    return best


def with_fitting_phrases(mark: TextMark, text: ShapedText) -> TextMark:
    """With those of its phrases in pieces that are wider than a line even in its smallest type."""
    em = (mark.columns.width if mark.columns else mark.rect.width) / mark.size_min
    lines, at = [], 0
    for line in mark.phrases:
        pieces: list[str] = []
        for phrase in line:
            pieces += _fitting(phrase, at, em, text)
            at += len(phrase)
        at += 1
        lines.append(tuple(pieces))
    return mark if tuple(lines) == mark.phrases else replace(mark, phrases=tuple(lines))


def _fitting(phrase: str, at: int, em: float, text: ShapedText) -> Iterator[str]:
    """The pieces of a phrase that begins there, as few as fit."""
    if text.measure(at, at + len(phrase), at + len(phrase))[0] < em or len(pieces := parted(phrase)) < 2:
        yield phrase
        return
    for piece in pieces:
        yield from _fitting(piece, at, em, text)
        at += len(piece)
