"""Breaks by sense: where the copy marks them, lines end there and nowhere else, as far as that fits."""

from __future__ import annotations

import re
from itertools import accumulate

from msgspec.structs import replace

from pressrun.graphics.typefaces.characters import is_alphabetic
from pressrun.model.spans import BREAK, Span

LONGEST_GLUED = 40  # letters that are kept on one line among marked-up words: more would make the whole text smaller
NO_BREAK_SPACE, NO_WIDTH = "\u00a0", "\u200b"
_PIECE = re.compile(r"\s+|\S(?:.*\S)?")


def with_breaks(text: str, sign: str) -> str:
    """A text in which the sign of its copy marks breaks. Between words of scripts that have blanks it stands for one,
    where none is beside it."""
    said, *others = text.split(sign)
    for other in others:
        before, behind = said[-1:], other[:1]
        has_blank = before == " " or behind == " "
        words = bool(before.strip() and behind.strip()) and is_alphabetic(before + behind)
        said = f"{said.rstrip(' ')}{' ' if has_blank or words else ''}{BREAK}{other.lstrip(' ')}"
    return said


def sense_phrases(text: str) -> tuple[tuple[str, ...], ...]:
    """The pieces of each line of a text that are better not broken, blanks between them apart; none of a text without
    such marks."""
    if BREAK not in text:
        return ()
    lines = ([_PIECE.findall(part) for part in line.split(BREAK)] for line in text.split("\n"))
    return tuple(tuple(piece for part in line for piece in part) for line in lines)


def without_breaks(text: str) -> str:
    return text.replace(BREAK, "")


def glued(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Spans whose blanks do not part what the marks keep together, where these are of one line."""
    text = "".join([span.text for span in spans])
    if BREAK not in text:
        return spans
    kept = "\n".join(_glued(line) if BREAK in line else line for line in text.split("\n"))
    ends = list(accumulate(len(span.text) for span in spans))
    parts = (kept[end - len(span.text) : end] for span, end in zip(spans, ends, strict=True))
    at_break = (re.sub(rf"(?<=\S){BREAK}(?=\S)", NO_WIDTH, part).replace(BREAK, "") for part in parts)
    return tuple(replace(span, text=part) for span, part in zip(spans, at_break, strict=True) if part)


def _glued(line: str) -> str:
    return BREAK.join(part if len(part) > LONGEST_GLUED else _held(part) for part in line.split(BREAK))


def _held(part: str) -> str:
    """With blanks that do not break, but for those at either end."""
    core = part.strip()
    if not core:
        return part
    at = part.index(core)
    return part[:at] + core.replace(" ", NO_BREAK_SPACE) + part[at + len(core) :]
