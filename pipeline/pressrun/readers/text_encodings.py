"""The encoding of a table that a person saved: certain by its first bytes or because it is valid, else guessed, and
told. A guess is taken only where every encoding in which the text makes sense has the same words.

A word makes sense that is of letters of one script; one with a sign inside, or with Greek among Latin, does not.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path

from pressrun.model.finding import Finding, Place, Severity
from pressrun.readers.text_file import no_plain_file, unreadable, wrong_encoding

UTF_8 = "utf-8-sig"  # with or without a byte order mark
CANDIDATES = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "mac_roman", "koi8-r",
    "cp874", "shift_jis", "gb18030", "big5", "euc_kr",
)  # fmt: skip
LARGEST = 64_000_000  # bytes that are looked at for a guess
MOST_WORDS = 20_000
_CHUNK = 1 << 20
_WORD = re.compile(rb"[A-Za-z'\x80-\xff]*[\x80-\xff][A-Za-z'\x80-\xff]*")
_MARKS = ((codecs.BOM_UTF8, UTF_8), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
          (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip


def told_encoding(
    path: Path, file: str, said: str | None, asked_at: Place | None
) -> tuple[str | None, list[Finding]]:
    """The name by which Python reads a file, or None, and what is to be told of that. Raises OSError."""
    if said is not None:
        try:
            name = codecs.lookup(said).name
        except LookupError:
            hint = f"known ones are utf-8, utf-16, {', '.join(CANDIDATES)}"
            message = f"'{said}' is no encoding"
            return None, [Finding(Severity.ERROR, "unknown-encoding", message, asked_at or Place(file), hint)]
        return (UTF_8 if name == "utf-8" else name), []
    with path.open("rb") as opened:
        head = opened.read(_CHUNK)
        for mark, name in _MARKS:
            if head.startswith(mark):
                return name, []
        if b"\0" in head:
            return _without_mark(head, file)
        opened.seek(0)
        if _is_utf_8(iter(lambda: opened.read(_CHUNK), b"")):
            return UTF_8, []
        opened.seek(0)
        raw = opened.read(LARGEST)
    if b"\0" in raw:
        return None, [wrong_encoding(raw, file)]
    return _guessed(raw, file)


def _without_mark(head: bytes, file: str) -> tuple[str | None, list[Finding]]:
    """UTF-16 has a zero in every second byte of what is plain."""
    sample = head[: len(head) // 2 * 2]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    for name, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros * 4 > len(sample) // 2 and not others:
            return name, []
    return None, [wrong_encoding(head, file)]


def _is_utf_8(chunks: Iterable[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in chunks:
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _guessed(raw: bytes, file: str) -> tuple[str | None, list[Finding]]:
    words = dict.fromkeys(match[0] for _, match in zip(range(MOST_WORDS), _WORD.finditer(raw), strict=False))
    read = {name: said for name in CANDIDATES if (said := _read_as(name, words)) is not None}
    if not read:
        return None, [wrong_encoding(raw, file)]
    first = next(iter(read))
    for number, word in enumerate(words):
        meant: dict[str, str] = {}
        for name, said in read.items():
            meant.setdefault(said[number], name)
        if len(meant) > 1:
            shown = ", ".join(f"'{said}' ({name})" for said, name in list(meant.items())[:4])
            place = _line(raw, word, file)
            message = f"the text is not UTF-8, and may be read in several ways: {shown}"
            hint = f"write the encoding in which it is right, like encoding: {first}, or save it as UTF-8"
            return None, [Finding(Severity.ERROR, "not-utf-8", message, place, hint)]
    sample = max(read[first], key=len)
    message = f"the text is not UTF-8, and is read as {first}: '{sample}'"
    hint = f"write encoding: {first} if that is right, or save it as UTF-8"
    return first, [Finding(Severity.WARNING, "guessed-encoding", message, _line(raw, next(iter(words)), file), hint)]


def _read_as(name: str, words: Mapping[bytes, None]) -> list[str] | None:
    """The words in an encoding; None where one of them makes no sense in it."""
    said: list[str] = []
    for word in words:
        try:
            text = word.decode(name)
        except UnicodeDecodeError:
            return None
        if not _makes_sense(text):
            return None
        said.append(text)
    return said


def _makes_sense(text: str) -> bool:
    """Whether a word may be one: its letters are of one script, capitals come first, and signs stand at its ends."""
    inner = text.strip("'\u2018\u2019\u201a\u201c\u201d\u201e«»…–—€£°®™©·•¿¡ \u00a0")
    if any(one.islower() and not other.isascii() and other.isupper() for one, other in pairwise(inner)):
        return False  # a capital within
    scripts = {_script(letter) for letter in inner if letter != "'" and letter != "\u2019"}
    return "" not in scripts and len(scripts - {"MARK"}) <= 1


def _script(letter: str) -> str:
    """The first word of a letter's name (LATIN, CYRILLIC …); an empty text for what is none."""
    category = unicodedata.category(letter)
    if category in ("Mn", "Mc"):
        return "MARK"
    if not category.startswith("L"):
        return ""
    first = unicodedata.name(letter, "").split(" ")[0]
    return "CJK" if first in ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "FULLWIDTH", "HALFWIDTH") else first


def _line(raw: bytes, word: bytes, file: str) -> Place:
    at = raw.index(word)
    return Place(file, raw.count(b"\n", 0, at) + 1, at - raw.rfind(b"\n", 0, at))


def decoded_text(
    path: Path, file: str, said: str | None, *, asked_at: Place | None = None
) -> tuple[str | None, list[Finding]]:
    """The whole text of a file in its encoding; None and why, where it has none. Codes: those of `told_encoding`,
    `no_plain_file` and `unreadable`, ``too-large``, ``not-utf-8``."""
    if odd := no_plain_file(path, file, asked_at=asked_at):
        return None, [odd]
    try:
        if path.stat().st_size > LARGEST:
            message = f"'{file}' has over {LARGEST // 1_000_000} MB; save it as CSV, of which there may be more"
            return None, [Finding(Severity.ERROR, "too-large", message, asked_at or Place(file))]
        encoding, findings = told_encoding(path, file, said, asked_at)
        return (None if encoding is None else path.read_text(encoding)), findings
    except UnicodeError as error:
        message = f"the text is not {said or 'what it seems to be'}: {error}"
        place = (asked_at if said else None) or Place(file)
        return None, [Finding(Severity.ERROR, "not-utf-8", message, place, "write its own encoding")]
    except OSError as error:
        return None, [unreadable(path, file, error, asked_at=asked_at)]
