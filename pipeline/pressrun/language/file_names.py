"""Names of files made from data: one rule for every system the files may travel to."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Any

from pressrun.language.sandbox import printable
from pressrun.model.template import ValueFault

MAX_PART = 120  # characters of one folder or file name; file systems take 255 bytes
MAX_PATH = 400

# Joiners (U+200C, U+200D) stay: Persian and Hindi are written with them.
_UNFIT = re.compile(
    r'[\x00-\x1f\x7f-\x9f<>:"|?*\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]'
)
_PLAIN_PART = r"(?!(?i:con|prn|aux|nul|com|lpt))[A-Za-z0-9_+-][A-Za-z0-9_+., -]{0,99}(?<![., ])"
_PLAIN = re.compile(rf"(?:{_PLAIN_PART}/)*+{_PLAIN_PART}", re.ASCII)  # most are
_PLAIN_PATH = 200  # characters
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?\Z", re.IGNORECASE)


def part_of_a_name(value: Any) -> Any:
    """What ``save_as`` may print: a value without separators, so that data cannot choose the folder. ValueFault."""
    if type(value) is not str:
        value = printable(value)
    text = value if isinstance(value, str) else str(value)  # an undefined value raises here
    if fault := fault_in_value(text):
        raise ValueFault("unsafe-name", fault, "only the template of `save_as` may make folders, with /")
    return value


@functools.lru_cache(maxsize=4096)  # a folder has many files
def fault_in_value(text: str) -> str | None:
    """Why a value cannot be part of a name, if so."""
    if "/" in text or "\\" in text:
        return f"'{_shown(text)}' has a path separator in it"
    if text.strip() in (".", ".."):
        return f"'{text}' is no name"
    if unfit := _UNFIT.search(text):
        shown = f"'{unfit[0]}'" if unfit[0].isprintable() else f"the invisible character U+{ord(unfit[0]):04X}"
        return f"'{_shown(text)}' has {shown} in it, which names of files may not"
    return None


def checked_path(written: str) -> str:
    """The path, in Unicode's composed form, if every system can have it. Raises ValueFault."""
    if len(written) <= _PLAIN_PATH and _PLAIN.fullmatch(written):
        return written
    path = unicodedata.normalize("NFC", written)
    parts = path.split("/")
    if not path.strip():
        raise ValueFault("unsafe-name", "the name is empty")
    if path.startswith("/"):
        raise ValueFault("unsafe-name", f"'{_shown(path)}' begins with /", "names are inside the run's own folder")
    if len(path) > MAX_PATH:
        raise ValueFault("unsafe-name", f"'{_shown(path)}' is longer than {MAX_PATH} characters")
    for part in parts:
        if not part.strip():
            raise ValueFault("unsafe-name", f"'{_shown(path)}' has an empty part", "is a cell empty there?")
        if fault := _fault_in_part(part):
            raise ValueFault("unsafe-name", fault)
    return path


@functools.lru_cache(maxsize=4096)
def _fault_in_part(part: str) -> str | None:
    """Why a part of a path cannot be one, if so."""
    if fault := fault_in_value(part):
        return fault
    if part != part.strip() or part.endswith("."):
        return f"'{_shown(part)}' begins or ends with a blank, or ends with a dot"
    if _RESERVED.match(part):
        return f"Windows keeps the name '{_shown(part)}' for itself"
    if len(part) > MAX_PART or len(part.encode()) > 240:
        return f"'{_shown(part)}' is too long for a name"
    return None


def _shown(text: str) -> str:
    clean = "".join(character if character.isprintable() else "�" for character in text)
    return clean if len(clean) <= 60 else clean[:59] + "…"
