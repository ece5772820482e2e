"""The encoding of a table that a person saved: certain by its first bytes or because it is valid, else guessed, and
told. Of the encodings in which the text makes sense those are preferred whose letters belong to the job's locales; a
cell that these read in different ways is a fault where it is printed.

A word makes sense that is of letters of one script; one with a sign inside, or with Greek among Latin, does not.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice, pairwise
from pathlib import Path
from typing import AnyStr, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from pressrun.model.finding import Finding, Place, Severity
from pressrun.readers.eastern_encodings import ENCODINGS, decoded, eastern_readings
from pressrun.readers.text_file import no_plain_file, unreadable, wrong_encoding
from pressrun.readers.written_table import TableFormat, WrittenTable

TableT = TypeVar("TableT", bound=WrittenTable)
UTF_8 = "utf-8-sig"  # with or without a byte order mark
_OF_MANY_BYTES = ("shift_jis", "gb18030", "big5", "euc_kr", *ENCODINGS)
CANDIDATES = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "mac_roman", "koi8-r",
    "cp874", "iso8859_2", "mac_latin2", "mac_cyrillic", "mac_greek", "mac_turkish", "cp850", "cp852", "cp866",
    "shift_jis", "gb18030", "big5", "euc_kr",
)  # fmt: skip
LARGEST = 64_000_000  # bytes that are looked at for a guess
MOST_WORDS = 20_000
_MOST_FOUND = 2_000_000  # words, each as often as it is there
_SHOWN = 8
_CHUNK = 1 << 20
_WORD = re.compile(rb"[A-Za-z'\x80-\xff]*[\x80-\xff][A-Za-z'\x80-\xff]*")
_SIGNS = "'\u2018\u2019\u201a\u201c\u201d\u201e\u2039\u203a«»…–—€£¥°®™©·•¿¡§×½¼¾± \u00a0"
_MARKS = ((codecs.BOM_UTF8, UTF_8), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
          (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip


class Encoded(Struct, frozen=True):
    """The name by which Python reads a file, and others in which it may be meant."""

    name: str
    others: tuple[str, ...] = ()


def told_encoding(
    path: Path, file: str, how: TableFormat, asked_at: Place | None
) -> tuple[Encoded | None, list[Finding]]:
    """The encoding of a file, or None, and what is to be told of that. Raises OSError."""
    if how.encoding is not None:
        try:
            name = codecs.lookup(how.encoding).name
        except LookupError:
            hint = f"known ones are utf-8, utf-16, {', '.join(CANDIDATES)}"
            message = f"'{how.encoding}' is no encoding"
            return None, [Finding(Severity.ERROR, "unknown-encoding", message, asked_at or Place(file), hint)]
        return Encoded(UTF_8 if name == "utf-8" else name), []
    with path.open("rb") as opened:
        head = opened.read(_CHUNK)
        for mark, name in _MARKS:
            if head.startswith(mark):
                return Encoded(name), []
        if b"\0" in head:
            return _without_mark(head, file)
        opened.seek(0)
        if _is_utf_8(iter(lambda: opened.read(_CHUNK), b"")):
            return Encoded(UTF_8), []
        opened.seek(0)
        raw = opened.read(LARGEST)
    if b"\0" in raw:
        return None, [wrong_encoding(raw, file)]
    return _guessed(raw, file, how)


def _without_mark(head: bytes, file: str) -> tuple[Encoded | None, list[Finding]]:
    """UTF-16 has a zero in every second byte of what is plain."""
    sample = head[: len(head) // 2 * 2]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    for name, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros * 4 > len(sample) // 2 and not others:
            return Encoded(name), []
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


def _guessed(raw: bytes, file: str, how: TableFormat) -> tuple[Encoded | None, list[Finding]]:
    eastern = eastern_readings(raw, how.scripts(), MOST_WORDS) if how.scripts is not None else []
    found = dict.fromkeys(match[0] for match in islice(_WORD.finditer(raw), _MOST_FOUND))
    words = list(islice(found, MOST_WORDS))
    read = {name: said for name in CANDIDATES if (said := _read_as(name, words)) is not None}
    if not read and not eastern:
        return None, [_unknown(raw, file)]
    known = how.letters() if how.letters is not None else frozenset()
    preferred = {name: said for name, said in read.items() if _letters_in(said) <= known} if known else {}
    if known and not preferred and not eastern and any(_script(letter) == "CJK" for letter in known):
        return None, [_unknown(raw, file)]  # of whose encodings any sequence of bytes may be a word
    ways: dict[tuple[str, ...], str] = {one.words: one.encoding for one in eastern}
    for name, said in (preferred or ({} if eastern else read)).items():  # what comes to the same words is one
        ways.setdefault(tuple(said) if len(raw) < LARGEST and len(found) <= MOST_WORDS else (name,), name)
    first, *others = ways.values()
    told = eastern[0].words if eastern else read[first]
    shown = _telling(told)
    listed = ", ".join(f"'{word}'" for word in shown)
    message = f"the text is not UTF-8, and is read as {first}: {listed}"
    hint = f"write encoding: {first} if that is right, or save it as UTF-8"
    if eastern:  # where a letter may have two forms in bytes: what a word was is not told by encoding it
        place = _line(decoded(raw, first) or "", shown[0], file)
    else:
        place = _line(raw, words[told.index(shown[0])], file)
    return Encoded(first, tuple(others)), [Finding(Severity.WARNING, "guessed-encoding", message, place, hint)]


def _unknown(raw: bytes, file: str) -> Finding:
    """That nobody can tell a table's encoding but who saved it."""
    fault = wrong_encoding(raw, file)
    return replace(fault, hint=f"{fault.hint}, or write its encoding beside the file, like `encoding: cp1252`")


def _telling(words: Sequence[str]) -> list[str]:
    """A few words that have as many of the odd letters as may be: who reads them sees whether they are right."""
    left = {letter for word in words for letter in word if not letter.isascii()}
    chosen: list[str] = []
    some = sorted(dict.fromkeys(words[:2_000]), key=len)
    while left and len(chosen) < _SHOWN:
        best = max(some, key=lambda word: len(left.intersection(word)))
        if not left.intersection(best):
            break
        chosen.append(best)
        left.difference_update(best)
    return chosen


def with_doubts(table: TableT, encoded: Encoded) -> TableT:
    """The table, with a fault in each column that has a word which the other encodings read in another way."""
    if not encoded.others:
        return table
    in_doubt = re.compile(f"[{_doubtful(encoded)}]")
    found: dict[int, tuple[int | None, str]] = {}
    for number, header in enumerate(table.headers):
        if in_doubt.search(header):
            found[number] = None, header
            continue
        for at, cell in enumerate(table.columns[number]):
            if not cell.isascii() and in_doubt.search(cell):
                found[number] = at, cell
                break
    places = table.cell_places((row, number) for number, (row, _) in found.items())
    faults = dict(table.faults)
    for (number, (_, cell)), place in zip(found.items(), places, strict=True):
        word = next((one for one in cell.split() if in_doubt.search(one)), cell).strip(_SIGNS + ".,;:!?()") or cell
        ways = {word: encoded.name}
        for other in encoded.others:
            ways.setdefault(word.encode(encoded.name, "ignore").decode(other, "replace"), other)
        shown = ", ".join(f"'{said}' ({name})" for said, name in list(ways.items())[:4])
        message = f"the text is not UTF-8, and may be read in several ways: {shown}"
        hint = f"write the encoding in which it is right, like encoding: {encoded.name}, or save it as UTF-8"
        fault = Finding(Severity.ERROR, "not-utf-8", message, place, hint)
        faults[number] = (fault, *faults.get(number, ()))
    return replace(table, faults=faults)


def _doubtful(encoded: Encoded) -> str:
    """What a regular expression finds of which the encodings make different letters; in brackets."""
    names = (encoded.name, *encoded.others)
    if any(name in _OF_MANY_BYTES for name in names):
        return r"^\x00-\x7f"
    read = [[bytes([byte]).decode(name, "replace") for byte in range(0x80, 0x100)] for name in names]
    found = [letters[0] for letters in zip(*read, strict=True) if len(set(letters)) > 1]
    if any(unicodedata.combining(letter) for letter in found):  # which is one with its letter by now
        return r"^\x00-\x7f"
    return "".join(map(re.escape, found))


def _read_as(name: str, words: Sequence[bytes]) -> list[str] | None:
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
    inner = text.strip(_SIGNS)
    if len(inner) > 1 and inner[-1] in "²³" and inner[-2].isascii():  # m²
        inner = inner[:-1]
    if any(one.islower() and not other.isascii() and other.isupper() for one, other in pairwise(inner)):
        return False  # a capital within
    if any(
        one.isalpha() and not two.isascii() and two.isupper() and three.islower() for one, two, three in _threes(inner)
    ):
        return False
    scripts = {_script(letter) for letter in inner if letter != "'" and letter != "\u2019"}
    return "" not in scripts and len(scripts - {"MARK"}) <= 1


def _threes(text: str) -> Iterable[tuple[str, str, str]]:
    return zip(text, text[1:], text[2:], strict=False)


def _letters_in(words: Iterable[str]) -> set[str]:
    """Letters and marks beyond ASCII, casefolded."""
    found = {letter for word in words for letter in unicodedata.normalize("NFC", word).casefold()}
    return {letter for letter in found if not letter.isascii() and unicodedata.category(letter)[0] in "LM"}


@lru_cache(maxsize=70_000)
def _script(letter: str) -> str:
    """The first word of a letter's name (LATIN, CYRILLIC …); an empty text for what is none."""
    category = unicodedata.category(letter)
    if category in ("Mn", "Mc"):
        return "MARK"
    if not category.startswith("L"):
        return ""
    first = unicodedata.name(letter, "").split(" ")[0]
    return "CJK" if first in ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "FULLWIDTH", "HALFWIDTH") else first


def _line(text: AnyStr, word: AnyStr, file: str) -> Place:
    at = text.index(word)
    newline = b"\n" if isinstance(text, bytes) else "\n"
    return Place(file, text.count(newline, 0, at) + 1, at - text.rfind(newline, 0, at))


def decoded_text(
    path: Path, file: str, how: TableFormat, *, asked_at: Place | None = None
) -> tuple[tuple[str, Encoded] | None, list[Finding]]:
    """The whole text of a file and its encoding, or None and why. Codes: those of `told_encoding`,
    `no_plain_file` and `unreadable`, ``too-large``, ``not-utf-8``."""
    if odd := no_plain_file(path, file, asked_at=asked_at):
        return None, [odd]
    try:
        if path.stat().st_size > LARGEST:
            message = f"'{file}' has over {LARGEST // 1_000_000} MB; save it as CSV, of which there may be more"
            return None, [Finding(Severity.ERROR, "too-large", message, asked_at or Place(file))]
        encoded, findings = told_encoding(path, file, how, asked_at)
        return None if encoded is None else (path.read_text(encoded.name), encoded), findings
    except UnicodeError as error:
        message = f"the text is not {how.encoding or 'what it seems to be'}: {error}"
        place = (asked_at if how.encoding else None) or Place(file)
        return None, [Finding(Severity.ERROR, "not-utf-8", message, place, "write its own encoding")]
    except OSError as error:
        return None, [unreadable(path, file, error, asked_at=asked_at)]
