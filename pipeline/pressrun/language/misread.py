"""Words that went wrong before they came here: UTF-8 that was read in an older encoding (SchÃ¶n), letters that an
encoding had not (s?cak, �), and errors of a spreadsheet (#N/A)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

_LATIN, _CYRILLIC = ("cp1252", "cp1250"), ("cp1251",)
_READ_AS = (*_LATIN, *_CYRILLIC)


def _of_later_bytes(names: Iterable[str]) -> str:
    return "".join([rf"\x80-\x9F{re.escape(bytes(range(0x80, 0xC0)).decode(name, 'ignore'))}" for name in names])


SUSPECT = (
    rf"[\u00C2-\u00F4\u0102\u0110\u0139\u0143][{_of_later_bytes(_LATIN)}]"
    rf"|[\u0402-\u040F\u0420\u0421][{_of_later_bytes(_CYRILLIC)}]"
    r"|\uFFFD|#[NRVD]|\?\?|\w\?\w"
)
"""Letters that stand for the first byte of one in UTF-8 and for the next, and other signs: what nearly no text has that
is right."""
_ERRORS = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!)")  # as Excel and LibreOffice write them in English
_SMALL, _LETTERS = r"[^\W\d_A-Z]", r"[^\W\d_]*"
_LOST = re.compile(rf"(?<!\S)\?{{3,}}(?!\S)|(?<![\w/=&?.:]){_LETTERS}(?:{_SMALL}\?{_SMALL}{_LETTERS})+(?![\w/=&?.])")
_LETTER = rb"(?:[\xC2-\xDF][\x80-\xBF]|[\xE0-\xEF][\x80-\xBF]{2}|[\xF0-\xF4][\x80-\xBF]{3})"
_ANY, _SEVERAL = re.compile(_LETTER), re.compile(_LETTER + rb"{2,}")
_ALONE = re.compile(rb"[\xC2-\xC5][\x80-\xBF]|\xE2[\x80-\x84][\x80-\xBF]")
_BLANKS = " \n\t"  # between words; a no-break space may be half of a letter
_ENDS = frozenset("\u00a0\u2018\u2019\u201a\u201c\u201d\u201e\u2026\u2013\u2014\u2039\u203a\u00ab\u00bb")


class Misread(Struct, frozen=True):
    """A word as it is printed, and as it was meant, where that is known."""

    word: str
    meant: str = ""


def misread(text: str) -> Misread | None:
    """The first word that went wrong, if there is one."""
    for found in (_lost(text), *(_in_utf_8(text, name) for name in _READ_AS)):
        for one in found:
            return one
    return None


def _lost(text: str) -> Iterator[Misread]:
    if found := _ERRORS.search(text) or _LOST.search(text):
        yield Misread(found[0])
    elif "\ufffd" in text:
        yield Misread(next(word for word in text.split() if "\ufffd" in word))


def _in_utf_8(text: str, name: str) -> Iterator[Misread]:
    data = b"".join(_byte(letter, name) for letter in text)  # a byte a letter: places are the same in both
    for found in (*_SEVERAL.finditer(data), *(_ALONE.finditer(data) if name != "cp1251" else ())):
        begin, end = found.span()
        first = max(text.rfind(blank, 0, begin) for blank in _BLANKS) + 1
        last = min((at for blank in _BLANKS if (at := text.find(blank, end)) >= 0), default=len(text))
        if text[begin:end].isalpha() and text[first:last].isupper():
            continue  # DĹŽKA, ORĂŞENESC, СІРІ
        if _decoded(found[0]) and (end - begin > 2 or not _may_be_meant(text, begin)):
            meant, done = "", first
            for one in _ANY.finditer(data, first, last):
                meant += text[done : one.start()] + (_decoded(one[0]) or text[one.start() : one.end()])
                done = one.end()
            yield Misread(text[first:last], meant + text[done:last])


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return ""


def _may_be_meant(text: str, at: int) -> bool:
    """Whether such a pair stands in texts that are right: a capital at the end of a word in capitals, and a quotation
    mark, dots, a dash or a blank behind it (AMANHÃ…)."""
    if text[at + 1] not in _ENDS:
        return False
    before, behind = text[at - 1 : at], text[at + 2 : at + 3]
    if before.isalpha():
        return not before.islower()
    return text[at] != "Ã" if text[at + 1] == "\u00a0" else not behind.isalpha()


def _byte(letter: str, name: str) -> bytes:
    if letter.isascii():
        return letter.encode()
    try:
        return letter.encode(name)
    except UnicodeEncodeError:
        # Five bytes are nothing in cp1252: programs leave them as they are.
        return bytes([ord(letter)]) if 0x80 <= ord(letter) < 0xA0 else b"\0"
