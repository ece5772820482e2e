"""Text that runs left to right inside right-to-left copy: telephone numbers, codes, measures, addresses.

By the bidirectional algorithm (UAX #9) the groups of a number with blanks, and signs at either end of a code, move to
the other side of it. Isolates keep such a piece whole; they are put where it is certain what a piece is, and a filter
puts them where only the author knows.
"""

from __future__ import annotations

import re
from typing import Any
from unicodedata import bidirectional, category

from pressrun.graphics.typefaces.characters import between_right_to_left, has_right_to_left, is_directed

LEFT_TO_RIGHT, RIGHT_TO_LEFT, FIRST_STRONG, END = "\u2066", "\u2067", "\u2068", "\u2069"

# Begins with what only telephone numbers begin with, and has seven figures or more (ITU-T E.123 writes them so).
_PHONE = r"(?:\+|\(\+?\d|00|0)[\d()./ \u00a0\u202f\u2011-]*\d"
_SIGNED = r"(?<!\S)[-+−±]\d[\d.,\u066b\u066c]*(?:[ \u00a0\u202f]?[°%‰][CF]?)?"
# A date, a time, an ISBN; two groups may be a range, which runs with the text.
_GROUPED = r"\d+(?P<sign>[-/.:])\d+(?:(?P=sign)\d+)+"
_FIGURES = re.compile(rf"(?<![\d.,/-])(?:(?P<phone>{_PHONE})|(?P<signed>{_SIGNED})|(?P<grouped>{_GROUPED}))(?![\d])")
_LATIN_BEGINS = re.compile(r"(?<!\S)[(\[]?[-+−±]?[@#]?[\d.,°]*[^\W\d_]|(?<!\S)[@#]\w")
_HYPHENS = re.compile(r"[-–—/'\"]+")
_BLANKS = " \u00a0\u202f"
_OUTSIDE_BEFORE = "\"'¿¡" + _BLANKS
_ARABIC_COMMA = "،"  # has no direction of its own (CS), and yet belongs to text from right to left; ؛ and ؟ have
_OUTSIDE_BEHIND = ".,:;!?…\"'-–—|·•" + _ARABIC_COMMA + _BLANKS
_BRACKETS = frozenset({"Ps", "Pe", "Pi", "Pf"})  # brackets and quotes
_BETWEEN = "/\\&=~|"  # what stands between two pieces without a blank
_FEWEST_FIGURES = 7
_ENDS = {"LRI": "PDI", "RLI": "PDI", "FSI": "PDI", "LRE": "PDF", "RLE": "PDF", "LRO": "PDF", "RLO": "PDF"}  # UAX #9
_MARKS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_CELL = re.compile(r"[^\t\n]+")


def isolated(text: str, direction: str) -> str:
    """The text of a page that runs in this `direction`, its left-to-right pieces kept whole. A text that has marks of
    direction already stays as its author wants it."""
    if is_directed(text):
        return text
    if "\t" in text or "\n" in text:  # at which each piece stands for itself: what is kept ends with its line
        return _CELL.sub(lambda cell: isolated(cell[0], direction), text)
    if has_right_to_left(text) or _ARABIC_COMMA in text:
        return between_right_to_left(text, _kept)
    return f"{LEFT_TO_RIGHT}{text}{END}" if direction == "rtl" else text


def unmarked(text: str) -> str:
    """The text as it was written: without marks of direction, which nobody sees."""
    return _MARKS.sub("", text)


def isolate(value: Any) -> str:
    """A piece that keeps its own direction, that of its first letter (left to right if it has none)."""
    return "\n".join(f"{FIRST_STRONG}{line}{END}" if line else line for line in str(value).split("\n"))


def opened_before(text: str, at: int) -> str:
    """The marks of direction that are open at a character, for what begins with it to be set apart as it is set here.
    At the end of a line none are."""
    begun = text.rfind("\n", 0, at) + 1
    opened: list[int] = []
    for place in range(begun, at) if _MARKS.search(text, begun, at) else ():
        kind = bidirectional(text[place])
        if kind in _ENDS:
            opened.append(place)
        elif kind == "PDI" and any(_ends_with(text[one], "PDI") for one in opened):
            while _ends_with(text[opened.pop()], "PDF"):  # embeddings end with the isolate that they are in
                pass
        elif kind == "PDF" and opened and _ends_with(text[opened[-1]], "PDF"):
            opened.pop()
    return "".join(_settled(text, one) for one in opened)


def _ends_with(mark: str, end: str) -> bool:
    return _ENDS[bidirectional(mark)] == end


def _settled(text: str, place: int) -> str:
    """A mark that is opened there; one that goes by its first letter as the one that it comes to."""
    if text[place] != FIRST_STRONG:
        return text[place]
    depth = 0
    for letter in text[place + 1 :].partition("\n")[0]:
        kind = bidirectional(letter)
        depth += (kind in {"LRI", "RLI", "FSI"}) - (kind == "PDI")
        if depth < 0:
            break
        if depth == 0 and kind in {"L", "R", "AL"}:
            return LEFT_TO_RIGHT if kind == "L" else RIGHT_TO_LEFT
    return LEFT_TO_RIGHT


def _kept(stretch: str, glued: bool) -> str:
    prefix = _HYPHENS.match(stretch) if glued else None  # of a Hebrew or Arabic word before it
    if prefix:
        return prefix[0] + _kept(stretch[prefix.end() :], glued=False)
    begins = _LATIN_BEGINS.search(stretch)
    figures, letters = (stretch[: begins.start()], stretch[begins.start() :]) if begins else (stretch, "")
    return _FIGURES.sub(_figures, figures) + _letters(letters)


def _figures(match: re.Match[str]) -> str:
    found = match[0]
    if match["phone"] and sum(character.isdecimal() for character in found) < _FEWEST_FIGURES:
        return found
    return f"{LEFT_TO_RIGHT}{found}{END}"


def _letters(stretch: str) -> str:
    """Letters keep what lies between them; only at the ends can a sign or a figure go astray."""
    start, end = 0, len(stretch.rstrip(_BETWEEN))
    while start < end and (stretch[start] in _OUTSIDE_BEFORE or category(stretch[start]) in {"Ps", "Pi", "Pf"}):
        start += 1
    while start < end and (outside := _outside_behind(stretch[start:end])):
        end -= outside
    before, core, behind = stretch[:start], stretch[start:end], stretch[end:]
    while core.count("(") > core.count(")") and behind.startswith(")"):
        core, behind = core + ")", behind[1:]
    if not core or (core[0].isalpha() and core[-1].isalnum()):
        return stretch
    return f"{before}{LEFT_TO_RIGHT}{core}{END}{behind}"


def _outside_behind(piece: str) -> int:
    """How many characters at its end belong to the text behind a piece: brackets and signs that open or end what is
    there, and what stands between blanks and is no word."""
    if piece[-1] in _OUTSIDE_BEHIND or category(piece[-1]) in _BRACKETS:
        return 1
    last = re.split(f"[{_BLANKS}]", piece)[-1]
    return 0 if last == piece or any(map(str.isalnum, last)) else len(last)
