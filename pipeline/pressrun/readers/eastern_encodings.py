"""Encodings of Chinese, Japanese and Korean in one or two bytes a letter. Nearly any bytes are some text in them, so
that one makes sense where most of its letters are those in common use: the national character sets (JIS X 0208,
GB 2312, Big5, KS X 1001) have these in a first level of their own, and what is rare behind it."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable

from msgspec import Struct

_COMMON = 0.75  # of the letters of a text; of bytes that were meant otherwise it is half and less
_WORD = re.compile(r"[^\s,;|\t\"\x00-\x1f]*[^\x00-\x7f\s,;|\t\"][^\s,;|\t\"\x00-\x1f]*")
_LATIN = re.compile(r"[\x00-\x7f]")
_HALF_WIDTH = re.compile(r"[\uff61-\uff9f]+")
_NEVER_FIRST = "｡｣､･ｰﾞﾟｧｨｩｪｫｬｭｮｯ"


class _Writing(Struct, frozen=True):
    """A way to write: the scripts of its letters, as their names begin; the encodings that tables in it are saved in,
    likeliest first; its character set, and between which first bytes that has syllables and letters of its first level.
    """

    scripts: frozenset[str]
    encodings: tuple[str, ...]
    standard: str
    first: int
    last: int

    def has_common(self, letter: str) -> bool:
        if unicodedata.name(letter, "").split(" ")[0] not in self.scripts:
            return False
        try:
            lead = letter.encode(self.standard)[0]
        except UnicodeEncodeError:
            return False
        return self.first <= lead <= self.last


_HAN = frozenset(("CJK", "FULLWIDTH"))
_WRITINGS = {
    "Jpan": _Writing(_HAN | {"HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}, ("cp932", "euc_jp"), "euc_jp", 0xA1, 0xCF),
    "Hans": _Writing(_HAN, ("gb18030",), "gb2312", 0xA1, 0xD7),
    "Hant": _Writing(_HAN, ("cp950", "big5hkscs", "gb18030"), "big5", 0xA1, 0xC6),
    "Kore": _Writing(_HAN | {"HANGUL"}, ("cp949",), "euc_kr", 0xA1, 0xC8),
}
ENCODINGS = tuple(dict.fromkeys(name for writing in _WRITINGS.values() for name in writing.encodings))


class Reading(Struct, frozen=True):
    """A text in one encoding: its words with letters beyond ASCII, each once."""

    encoding: str
    words: tuple[str, ...]


def eastern_readings(raw: bytes, scripts: Iterable[str], most: int) -> list[Reading]:
    """In which encodings a text makes sense in these scripts (Jpan, Hans …), likeliest first; of its words so many at
    most."""
    writings = [_WRITINGS[script] for script in sorted(_WRITINGS.keys() & scripts)]
    found: list[tuple[float, int, Reading]] = []
    for writing in writings:
        for order, encoding in enumerate(writing.encodings):
            text = decoded(raw, encoding)
            if text is None:
                continue
            letters = [one for one in set(text) if not one.isascii() and unicodedata.category(one)[0] == "L"]
            share = sum(map(writing.has_common, letters)) / len(letters) if letters else 0
            if share >= _COMMON:
                words = tuple(dict.fromkeys(match[0] for match in _WORD.finditer(text)))[:most]
                found.append((-share, order, Reading(encoding, words)))
    if not found and "Jpan" in scripts:
        found = _rare_japanese(raw, most)
    ranked: dict[tuple[str, ...], Reading] = {}  # what comes to the same words is one
    for _, _, reading in sorted(found, key=lambda one: one[:2]):
        ranked.setdefault(reading.words, reading)
    return list(ranked.values())


def _rare_japanese(raw: bytes, most: int) -> list[tuple[float, int, Reading]]:
    """A few words of rarer letters (薔薇, ｶﾞﾗｽ), where they can hardly be of another language: all letters are Japanese,
    and stand as they do there."""
    found: list[tuple[float, int, Reading]] = []
    for order, encoding in enumerate(_WRITINGS["Jpan"].encodings):
        text = decoded(raw, encoding)
        words = tuple(dict.fromkeys(match[0] for match in _WORD.finditer(text or "")))
        if all(map(_may_be_japanese, words)) and any(len(_LATIN.sub("", word)) > 1 for word in words):
            found.append((0, order, Reading(encoding, words[:most])))
    return found


def _may_be_japanese(word: str) -> bool:
    """Whether of a word's letters none is of two bytes of Latin: a rare one beside a plain one (Käse is K酳e), one that
    stands alone, or a half-width sound that no word begins with."""
    if not all(one.isascii() or unicodedata.category(one)[0] in "PSN" or _is_of_jis(one) for one in word):
        return False
    for run in _HALF_WIDTH.finditer(word):
        before, behind = word[: run.start()][-1:], word[run.end() :][:1]
        beside = any(one.isascii() and one.isalnum() for one in (before, behind))
        if run[0][0] in _NEVER_FIRST or len(run[0]) < (3 if beside else 2):
            return False
    common = _WRITINGS["Jpan"].has_common
    rare = [at for at, one in enumerate(word) if not one.isascii() and not _HALF_WIDTH.match(one) and not common(one)]
    beside_rare = "".join(word[max(at - 1, 0) : at + 2] for at in rare)
    return not any(one.isascii() and one.isalnum() for one in beside_rare)


def _is_of_jis(letter: str) -> bool:
    """Whether JIS X 0208 or what Windows adds to it (髙) has a letter, or it is a half-width katakana."""
    if _HALF_WIDTH.match(letter):
        return True
    try:
        return len(letter.encode("cp932")) == 2
    except UnicodeEncodeError:
        return False


def decoded(raw: bytes, encoding: str) -> str | None:
    """The text, or None where there is a byte that is none of it, or a letter that nobody has."""
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(raw)  # whose end may be cut off
    except UnicodeDecodeError:
        return None
    odd = (one for one in set(text) if not one.isascii() and unicodedata.category(one) in ("Co", "Cn", "Cc", "Cs"))
    return None if any(odd) else text
