"""Where lines may end by sense: behind phrases in Japanese, behind words in Chinese, Korean and Thai."""

from __future__ import annotations

import functools

import budoux
import regex

from pressrun.graphics.typefaces.characters import letters_of
from pressrun.language.thai_words import parts_of_word, thai_words

# What does not begin a line, and what does not end one (UAX #14: closing and small signs, opening ones).
_NO_START = regex.compile(r"[\p{lb=CL}\p{lb=CP}\p{lb=EX}\p{lb=IS}\p{lb=NS}\p{lb=CJ}\p{lb=PO}\p{lb=SY}\p{M}]", regex.V1)
_NO_END = regex.compile(r"[\p{lb=OP}\p{lb=PR}]", regex.V1)
_EAST_ASIAN = regex.compile(r"[\p{Hani}\p{Hira}\p{Kana}\p{Bopo}]", regex.V1)
_LEADS_TO_FIGURES = regex.compile(r"[\p{lb=IS}\p{lb=SY}\p{lb=HY}]")  # UAX #14, LB25
# What is said of the word before it, in Chinese: no line begins with it.
_PARTICLES = frozenset("的了着著吗嗎呢吧啊啦们們")
_HANGUL = regex.compile(r"\p{Hang}")
_SYLLABLE = regex.compile(r"[\p{Hani}\p{Hira}\p{Kana}\p{Bopo}\p{Hang}]")
_DASHES = regex.compile(r"[―—─⸺⸻–]{2}\Z|[⸺⸻]\Z")  # in Japanese two make one, and lead on to what is behind them
THAI = "TH"
BY_WORDS = frozenset((THAI, "KR"))  # paragraphs, too: a word that is parted is read as two
# Signs that no Thai line begins with: what repeats a word, what abbreviates one, and what closes.
_THAI_NO_START = regex.compile(r"[ๆฯ\p{lb=WJ}\p{lb=CL}\p{lb=CP}\p{lb=EX}\p{lb=IS}\p{lb=QU}\p{M}%/]", regex.V1)
_THAI_NO_END = regex.compile(r"[\p{lb=WJ}\p{lb=OP}\p{lb=PR}\p{lb=QU}]", regex.V1)
_THAI_WORD = regex.compile(r"(?P<before>\P{Thai}*)(?P<word>\p{Thai}+?)(?P<behind>[ๆฯ]*\P{Thai}*)")
_BLANK = regex.compile(r"(\s+)")
# Where kanji, katakana and letters of the West meet, and behind hiragana, which ends words.
_OTHER_LETTERS = regex.compile(
    r"(?<=[\p{Hani}\p{Hira}])(?=\p{Kana})|(?<=[\p{Kana}ー\p{Hira}])(?=\p{Hani})"
    r"|(?<=[\p{Latn}\p{Nd}])(?=[\p{Hani}\p{Hira}\p{Kana}])|(?<=[\p{Hani}\p{Hira}\p{Kana}ー])(?=[\p{Latn}\p{Nd}])",
    regex.V1,
)


def phrases(text: str, shapes: str) -> tuple[tuple[str, ...], ...]:
    """The pieces of each line of a text, blanks apart, that are better not broken: empty where the language needs none.
    ``shapes`` as in `pressrun.language.locale_formats.han_shapes`, or `THAI`."""
    if shapes == THAI:
        return _in_thai(text) if any(map(_is_thai, text)) else ()
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


def _in_thai(text: str) -> tuple[tuple[str, ...], ...]:
    lines: list[tuple[str, ...]] = []
    for line in text.split("\n"):
        pieces: list[str] = []
        for part in filter(None, _BLANK.split(line)):
            words = [part] if part.isspace() else thai_words(part)
            if not words:
                return ()
            for word in words:
                if pieces and not pieces[-1].isspace() and _belongs(pieces[-1], word):
                    pieces[-1] += word
                else:
                    pieces.append(word)
        lines.append(tuple(pieces))
    return tuple(lines)


def _belongs(before: str, word: str) -> bool:
    """Whether no line ends between two pieces of Thai, of which neither is a blank."""
    if word.isspace():
        return False
    if _THAI_NO_START.match(word) or _THAI_NO_END.match(before[-1]):
        return True
    return not (_is_thai(before[-1]) or _is_thai(word[0]))


def _is_thai(letter: str) -> bool:
    return "\u0e00" <= letter <= "\u0e7f"


def parted(phrase: str) -> list[str]:
    """The pieces of a phrase that does not fit into a line: its words and the blanks between them; of a word of Thai,
    those that it is of; of what has no blanks in East Asia, what is written in one kind of letters; of that, what no
    line may end within."""
    if thai := _THAI_WORD.fullmatch(phrase):
        parts = parts_of_word(thai["word"])
        parts[0] = thai["before"] + parts[0]
        parts[-1] += thai["behind"]
        return parts
    for words in (_BLANK.split(phrase), _OTHER_LETTERS.split(phrase)):
        if len(words) > 1:
            return [word for word in words if word]
    pieces: list[str] = []
    for letter in letters_of(phrase):
        if pieces and not (_is_one_by_one(pieces[-1][-1], letter) and _may_break(pieces[-1][-1], letter[0])):
            pieces[-1] += letter
        else:
            pieces.append(letter)
    return pieces


def _is_one_by_one(before: str, behind: str) -> bool:
    return bool(_SYLLABLE.match(before) or _SYLLABLE.match(behind))


def _pieces(part: str, language: str) -> list[str]:
    pieces: list[str] = []
    for piece in _parser(language).parse(part):
        goes_on = piece in _PARTICLES if language != "ja" else pieces and _DASHES.search(pieces[-1])
        if pieces and (goes_on or not _may_break(pieces[-1][-1], piece[0])):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def _may_break(before: str, behind: str) -> bool:
    """Whether a line may end between two letters: not within a Latin word or a number, nor where signs forbid it."""
    if _NO_START.match(behind) or _NO_END.match(before):
        return False
    if behind.isdecimal() and _LEADS_TO_FIGURES.match(before):
        return False
    if before == behind and before in "―—─⸺–…‥":
        return False  # JIS X 4051: what is inseparable
    return bool(_SYLLABLE.match(before) or _SYLLABLE.match(behind) or not (before.isalnum() and behind.isalnum()))


@functools.cache
def _parser(language: str) -> budoux.Parser:
    if language == "ja":
        return budoux.load_default_japanese_parser()
    if language == "SC":
        return budoux.load_default_simplified_chinese_parser()
    return budoux.load_default_traditional_chinese_parser()
