"""What Unicode says of the characters of a text, by the tables that `regex` carries."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import regex

NO_BREAK_SPACE, WORD_JOINER = "\u00a0", "\u2060"
# Letters that join, or hang from one line: tracking would tear them (CSS Text 3, section 8, and its appendix of
# cursive scripts; the headline of the northern Indian scripts has no property of its own).
_JOINED = regex.compile(r"[[\p{Joining_Type:D}\p{Joining_Type:R}]&&\p{L}]|[\p{Deva}\p{Beng}\p{Guru}]", regex.V1)
_ALPHABETIC = regex.compile(r"[\p{Latn}\p{Grek}\p{Cyrl}\p{Common}\p{Inherited}]*", regex.V1)
_RIGHT_TO_LEFT = regex.compile(r"[\p{Bidi_Class:R}\p{Bidi_Class:AL}]", regex.V1)
_DIRECTED = regex.compile("[\u202a-\u202e\u2066-\u2069]")
# What stands between right-to-left letters, marks of direction and line breaks.
_STRETCH = regex.compile(
    r"(?:[^\p{Bidi_Class:R}\p{Bidi_Class:AL}\p{M}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\n]\p{M}*)+", regex.V1
)
_RIGHT_TO_LEFT_ONLY = frozenset({"R", "AL", "NSM", "BN", "WS", "ON", "CS", "ES", "B"})
_NOT_LEFT_TO_RIGHT = frozenset({"R", "AL", "AN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", ""})
_UNSEEN = regex.compile(r"[\p{White_Space}\p{Default_Ignorable_Code_Point}]")
# A word within which no line ends, at the end of a text and behind a blank.
_LAST_WORD = regex.compile(r"""(?<=[^ \n]) [\p{Ps}\p{Pi}¿¡"']?[\p{L}\p{M}\p{N}\p{Pf}']+\p{P}*\Z""")
_BETWEEN_WORDS = regex.compile(r"[[\p{Pd}\p{lb=IN}\p{lb=NS}]&&\p{P}&&[^-]]", regex.V1)
_SIGN_OF_NUMBER = regex.compile(r"(?<=\p{Nd})[\p{Sc}\p{Po}]|[\p{Sc}\p{Po}](?=\p{Nd})")
_UNSPACED = regex.compile(
    r"(?<!\u2060)[\p{lb=ID}\p{lb=CJ}\p{lb=NS}\p{lb=H2}\p{lb=H3}\p{lb=SA}](?!\u2060)"
)
_IGNORABLE = regex.compile(r"\p{Default_Ignorable_Code_Point}")


def signs_of_numbers(text: str) -> set[str]:
    """Signs of currencies and per cent, and points, that stand beside figures."""
    return set(_SIGN_OF_NUMBER.findall(text))


def is_joined(text: str) -> bool:
    """Whether letters of it join, so that nothing may come between them."""
    return _JOINED.search(text) is not None


def is_alphabetic(text: str) -> bool:
    """Whether all its letters are Latin, Greek or Cyrillic, which a line of cap height and descender is made for."""
    return _ALPHABETIC.fullmatch(text) is not None


def has_right_to_left(text: str) -> bool:
    """Whether any letter of it runs from right to left."""
    return _RIGHT_TO_LEFT.search(text) is not None


def is_directed(text: str) -> bool:
    """Whether its author has put embeddings, overrides or isolates into it (UAX #9)."""
    return _DIRECTED.search(text) is not None


def runs_one_way(text: str, direction: str) -> bool:
    """Whether all of it has the direction of its page (UAX #9), so that it stands as it is written."""
    if direction == "ltr" and text.isascii():
        return True
    classes = {unicodedata.bidirectional(character) for character in text}
    if direction == "rtl":
        return has_right_to_left(text) and classes <= _RIGHT_TO_LEFT_ONLY
    return classes.isdisjoint(_NOT_LEFT_TO_RIGHT)


def last_blank(text: str) -> int | None:
    """Where the blank before the last word of a text is, if no line ends within that word."""
    found = _LAST_WORD.search(text)
    return found.start() if found else None


def seen_end(text: str, end: int) -> int:
    """Where what is seen before a place ends: before blanks, and characters with no look of their own."""
    while end and _UNSEEN.match(text, end - 1):
        end -= 1
    return end


def between_right_to_left(text: str, change: Callable[[str, bool], str]) -> str:
    """The text with each stretch between its right-to-left letters changed; the second argument says whether such a
    letter stands right before it."""

    def changed(match: regex.Match[str]) -> str:
        return change(match[0], match.start() > 0 and has_right_to_left(text[match.start() - 1]))

    return str(_STRETCH.sub(changed, text))


def letters_of(text: str) -> list[str]:
    """The text in pieces that are one letter each to its readers, with all marks (UAX #29, grapheme clusters)."""
    return list(regex.findall(r"\X", text))


def stands_between_words(character: str) -> bool:
    """Whether it is a dash, a leader or a middle dot, which may be of another typeface than the words beside it."""
    return _BETWEEN_WORDS.match(character) is not None


def needs_no_glyph(character: str) -> bool:
    """Whether a character is blank: a space, a line break, or default-ignorable (joiners, variation selectors, marks
    of direction, fillers). Signs like U+0600, which are formats but seen, need one."""
    if unicodedata.category(character) in {"Zs", "Zl", "Zp", "Cc"}:
        return True
    return is_ignorable(character)


def has_breaks_without_blanks(text: str) -> bool:
    """Whether it has letters of a script that is written without blanks, where they are not joined to others."""
    return _UNSPACED.search(text) is not None


def has_ignorable(text: str) -> bool:
    """Whether any character of it is ignorable."""
    return _IGNORABLE.search(text) is not None


def is_ignorable(character: str) -> bool:
    """Whether a character has no look of its own: joiners, variation selectors, marks of direction, fillers."""
    return _IGNORABLE.match(character) is not None
