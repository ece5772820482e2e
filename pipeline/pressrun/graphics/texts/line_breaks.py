"""Where lines may end, in the texts of which that is certain (UAX #14, as of Unicode 16)."""

from __future__ import annotations

import functools
import unicodedata

import regex

# The classes of characters that are known here, each with its sign; of all others Typst must be asked: those whose
# words only a dictionary tells, of East Asia, pictograms, and what is rare.
_KNOWN = {
    "AL": "A", "AI": "A", "HL": "H", "NU": "N", "SP": " ", "LF": "\n", "CM": "c", "ZWJ": "c", "GL": "G", "IS": ",",
    "CP": ")", "EX": "!", "PO": "%", "PR": "$", "SY": "/", "HY": "-", "IN": "…", "WJ": "j",
}  # fmt: skip
_CLASSES = {name: regex.compile(rf"\p{{lb={name}}}") for name in (*_KNOWN, "BA", "B2", "OP", "QU")}
_WORD = "AHN"
# Pairs between which no line ends.
_TOGETHER = frozenset(
    (*(before + after for before in _WORD for after in _WORD + "($%"), *(")" + after for after in _WORD)),
) | {"%A", "%H", "%N", "$A", "$H", "$N", ",A", ",H", ",N", "-N", "/H"}
JOINER = "\u200d"
# Words of nothing but letters and digits, which most short texts are: a line may end behind the blanks between them.
_PLAIN_WORD = r"[[\p{lb=AL}&&[\x21-\x7e\u00c0-\u024f]]0-9]+"
_PLAIN = regex.compile(f"{_PLAIN_WORD}(?: +{_PLAIN_WORD})*", regex.V1)
_BLANKS = regex.compile(" +")
_LINK = regex.compile(r"://|www\.")  # Typst has its own rules for addresses
_HYPHEN = "-"
_JOINING, _DASHES = frozenset({"ja", "zh"}), regex.compile("―{2,}|—{2,}")
# Typst begins a line with the hyphen that ends the one before (in Spanish not before a capital).
_REPEATING = frozenset({"cs", "dsb", "es", "hr", "pl", "pt", "sk"})


def joined_dashes(text: str, language: str) -> list[tuple[int, int]]:
    """From where to where dashes stand that are set as one line, each an em long (``ideographs.typ``)."""
    return [match.span() for match in _DASHES.finditer(text)] if language in _JOINING else []


def line_ends(text: str, language: str) -> tuple[int, ...] | None:
    """The places behind which a line of a text may end, its end among them; None where that is not certain."""
    ends: list[int] = []
    at = 0
    for line in text.split("\n"):
        within = _ends_within(line, language)
        if within is None:
            return None
        ends += [at + end for end in within[:-1]]
        at += len(line) + 1
        ends.append(at)
    return (*ends[:-1], len(text))


@functools.lru_cache(maxsize=8192)
def _ends_within(text: str, language: str) -> tuple[int, ...] | None:
    """Those of a text without line breaks."""
    if _PLAIN.fullmatch(text):
        return (*[blanks.end() for blanks in _BLANKS.finditer(text)], len(text))
    if _LINK.search(text) or (_HYPHEN in text and language in _REPEATING):
        return None
    if language in _JOINING and joined_dashes(text, language):
        return None
    ends = []
    before, spaces, earlier = "\n", False, "\n"  # the last sign that is no space, and the one before it
    for at, character in enumerate(text):
        sign = _sign(character)
        if sign == " ":
            spaces = True
            continue
        if sign == "c" and not spaces and before != "\n":
            continue  # a mark goes with its letter
        if sign in ("", "c"):
            return None
        may = _may_end(earlier, before, spaces, sign)
        if may is None or (may and text[at - 1] == JOINER):
            return None
        if may:
            ends.append(at)
        earlier, before, spaces = " " if spaces else before, sign, False
    return (*ends, len(text))


@functools.lru_cache(maxsize=4096)
def _sign(character: str) -> str:
    """A character's class in one sign, empty where it is none of the known. An en dash stands for what a line may end
    behind, an em dash for what it may end on either side of."""
    name = next((name for name, of_class in _CLASSES.items() if of_class.match(character)), "")
    if unicodedata.east_asian_width(character) in ("F", "W", "H") or character == "·":  # changes with Unicode's version
        return ""
    if name == "OP":
        return "("
    if name == "QU":
        return {"Pi": "‹", "Pf": "›"}.get(unicodedata.category(character), '"')
    if name == "BA":
        return "–" if character in "–\u0964\u0965" else ""
    if name == "B2":
        return "—"
    return _KNOWN.get(name, "")


@functools.cache
def _may_end(earlier: str, before: str, spaces: bool, after: str) -> bool | None:
    """Whether a line may end between two characters; None where that is not certain."""
    if "j" in (before, after):
        return None if spaces or before == "\n" else False
    if before == "\n":
        return (None if after in ",)!/›" else True) if spaces else False  # a line begins here
    return _behind_spaces(earlier, before, after) if spaces else _may_part(earlier, before, after)


def _behind_spaces(earlier: str, before: str, after: str) -> bool | None:
    if after in ")!/" and before not in '("‹›':
        return False
    if before == "(" or after in ",›)!/" or before == after == "—":
        return None
    if before == "‹" and earlier not in _WORD + ",!)%":
        return None
    return True


def _may_part(earlier: str, before: str, after: str) -> bool | None:
    if after == "G":
        return None if before in "–-" else False
    if after in '),!/-–…"‹›' or before in 'G("‹›':
        return False
    if before + after in _TOGETHER:
        return False
    if before + after == "-A":
        return True if earlier in "AN" else None
    if before + after in ("–A", "–N"):
        return None if earlier == "H" else True
    return True if before + after in ("A—", "—A") else None
