"""Where lines may end by sense: behind phrases in Japanese, behind words in Chinese and Korean."""

from __future__ import annotations

import functools

import budoux
import regex

# What does not begin a line, and what does not end one (UAX #14: closing and small signs, opening ones).
_NO_START = regex.compile(r"[\p{lb=CL}\p{lb=CP}\p{lb=EX}\p{lb=IS}\p{lb=NS}\p{lb=CJ}\p{lb=PO}\p{lb=SY}\p{M}]", regex.V1)
_NO_END = regex.compile(r"[\p{lb=OP}\p{lb=PR}]", regex.V1)
_EAST_ASIAN = regex.compile(r"[\p{Hani}\p{Hira}\p{Kana}\p{Bopo}]", regex.V1)
_HANGUL = regex.compile(r"\p{Hang}")
_DASHES = regex.compile(r"[―—─⸺⸻–]{2}\Z|[⸺⸻]\Z")  # in Japanese two make one, and lead on to what is behind them
_BLANK = regex.compile(r"(\s+)")


def phrases(text: str, shapes: str) -> tuple[tuple[str, ...], ...]:
    """The pieces of each line of a text, blanks apart, that are better not broken: empty where the language needs none.
    ``shapes`` as in `pressrun.language.locale_formats.han_shapes`."""
    korean = shapes == "KR" and _HANGUL.search(text)
    if not korean and not (shapes and shapes != "KR" and _EAST_ASIAN.search(text)):
        return ()
    return tuple(
        tuple(
            piece
            for part in _BLANK.split(line) if part
            for piece in ((part,) if korean or part.isspace() else _pieces(part, "ja" if shapes == "JP" else shapes))
        )
        for line in text.split("\n")
    )  # fmt: skip


def _pieces(part: str, language: str) -> list[str]:
    pieces: list[str] = []
    for piece in _parser(language).parse(part):
        leads_on = pieces and language == "ja" and _DASHES.search(pieces[-1])
        if pieces and (leads_on or not _may_break(pieces[-1][-1], piece[0])):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def _may_break(before: str, behind: str) -> bool:
    """Whether a line may end between two letters: not within a Latin word or a number, nor where signs forbid it."""
    if _NO_START.match(behind) or _NO_END.match(before):
        return False
    if before == behind and before in "―—─⸺–…‥":
        return False  # JIS X 4051: what is inseparable
    return bool(_EAST_ASIAN.match(before) or _EAST_ASIAN.match(behind) or not (before.isalnum() and behind.isalnum()))


@functools.cache
def _parser(language: str) -> budoux.Parser:
    if language == "ja":
        return budoux.load_default_japanese_parser()
    if language == "SC":
        return budoux.load_default_simplified_chinese_parser()
    return budoux.load_default_traditional_chinese_parser()
