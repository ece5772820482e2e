"""Opening a file that a person wrote: missing, unreadable or not UTF-8 are findings with a way out."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from pressrun.model.finding import Finding, Place, Severity
from pressrun.readers.suggestion import closest

LARGEST = 64_000_000  # bytes of a file that a person wrote
_MANY_NAMES = 2000  # folders larger than this are not searched for a similar name


def read_text(path: Path, file: str, *, asked_at: Place | None = None) -> tuple[str | None, list[Finding]]:
    """The UTF-8 text of `path` without its byte order mark, or None and why.

    `file` is the name findings show; `asked_at` is where somebody wrote that name, the better place for a missing file.
    """
    if odd := no_plain_file(path, file, asked_at=asked_at):
        return None, [odd]
    try:
        if path.stat().st_size > LARGEST:
            message = f"'{file}' has over {LARGEST // 1_000_000} MB, which nobody wrote"
            return None, [Finding(Severity.ERROR, "too-large", message, asked_at or Place(file))]
        raw = path.read_bytes()
    except OSError as error:
        return None, [unreadable(path, file, error, asked_at=asked_at)]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None, [wrong_encoding(raw, file)]
    if "\0" in text:
        return None, [wrong_encoding(raw, file)]
    return text, []


def no_plain_file(path: Path, file: str, *, asked_at: Place | None = None) -> Finding | None:
    """The finding for a pipe or a device, which to open might wait for ever."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return None  # whoever opens it says why
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return None
    return Finding(
        Severity.ERROR, "missing-file", f"'{file}' is a pipe or a device, not a file", asked_at or Place(file)
    )


def unreadable(path: Path, file: str, error: OSError, *, asked_at: Place | None = None) -> Finding:
    """The finding for a file that cannot be opened, with the name that was probably meant."""
    place = asked_at or Place(file)
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return Finding(Severity.ERROR, "missing-file", f"there is no file '{file}'", place, _similar_name(path))
    if isinstance(error, IsADirectoryError):
        return Finding(Severity.ERROR, "missing-file", f"'{file}' is a folder, not a file", place)
    if isinstance(error, PermissionError):
        return Finding(Severity.ERROR, "unreadable-file", f"'{file}' may not be read", place, "check its permissions")
    return Finding(Severity.ERROR, "unreadable-file", f"'{file}' cannot be read: {error.strerror or error}", place)


def wrong_encoding(raw: bytes, file: str) -> Finding:
    """The finding for bytes that are no UTF-8 text: what they seem to be, and where that shows."""
    if raw.startswith(b"PK\x03\x04"):
        message = "this is a workbook or another packed file, not text"
        return Finding(Severity.ERROR, "not-utf-8", message, Place(file), "save the sheet as 'CSV UTF-8'")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or _zeros(raw) * 4 > len(raw[:4096]):
        message, place = "the text is UTF-16, not UTF-8", Place(file, 1, 1)
    elif b"\0" in raw:
        message, place = "this is not a text file (it contains zero bytes)", _spot(raw, raw.index(b"\0"), file)
    else:
        offset = _first_bad_byte(raw)
        message = f"the text is not UTF-8 (byte {raw[offset]:02X}); it may be {_legacy(raw, offset)}"
        place = _spot(raw, offset, file)
    hint = "save it as UTF-8 (in Excel: 'CSV UTF-8'; in an editor: 'Save with encoding')"
    return Finding(Severity.ERROR, "not-utf-8", message, place, hint)


def _zeros(raw: bytes) -> int:
    return raw[:4096].count(0)


def _first_bad_byte(raw: bytes) -> int:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return 0


def _legacy(raw: bytes, offset: int) -> str:
    line = raw[raw.rfind(b"\n", 0, offset) + 1 :].split(b"\n", 1)[0].strip()
    try:
        sample = line.decode("cp1252")
    except UnicodeDecodeError:
        return "another encoding"
    return f"Windows-1252 ('{sample[:40]}')"


def _spot(raw: bytes, offset: int, file: str) -> Place:
    before = raw[:offset].removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    line = before.count(b"\n") + 1
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
    return Place(file, line, column)


def _similar_name(path: Path) -> str | None:
    folder = path.parent
    wanted = path.name
    while not os.path.isdir(folder) and folder != folder.parent:
        folder, wanted = folder.parent, folder.name
    try:
        names = sorted(entry.name for _, entry in zip(range(_MANY_NAMES), folder.iterdir(), strict=False))
    except OSError:
        return None
    match = closest(wanted, names)
    return f"did you mean '{match}'?" if match else None
