"""JSON and JSON Lines as columns: an array of objects, alone or in an object; or an object a line. Numbers stay as they
are written."""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.record import Record
from pressrun.readers.cells import Figure
from pressrun.readers.composed_text import composed
from pressrun.readers.json_text import AS_WRITTEN
from pressrun.readers.text_file import read_text
from pressrun.readers.written_table import MOST_COLUMNS, WrittenTable

SUFFIXES = (".json", ".jsonl", ".ndjson")
_BLANK = " \t\r\n"
_WRAPPED = re.compile(r'\s*\{\s*"(?:[^"\\]|\\.)*"\s*:\s*(?=\[\s*\{)')
_WRAPPED_END = re.compile(r"\]\s*\}\s*\Z")
_WORDS = {True: "true", False: "false", None: ""}
Item = tuple[int, dict[str, Any]]  # with the line that it begins in


def read_json_table(
    path: Path, file: str, *, asked_at: Place | None = None
) -> tuple[WrittenTable | None, list[Finding]]:
    """Read objects, of which each is a row; what one leaves out is empty. Lists and objects within stay what they are.

    Codes: those of `read_text`, ``bad-json``, ``empty-file``, ``too-large``.
    """
    text, findings = read_text(path, file, asked_at=asked_at)
    if text is None:
        return None, findings
    is_one = path.suffix.lower() == ".json"
    try:
        items = _in_one_object(text) if is_one else None
        items = items or list(_items(text, is_one))
    except _NoTable as fault:
        line = text.count("\n", 0, fault.at) + 1
        column = fault.at - (text.rfind("\n", 0, fault.at) + 1) + 1
        return None, [Finding(Severity.ERROR, "bad-json", fault.message, Place(file, line, column), fault.hint)]
    headers = list(dict.fromkeys(name for _, item in items for name in item))
    if not headers:
        hint = 'write a list of objects, like [{"sku": "A-1", "name": "Mug"}]'
        return None, [Finding(Severity.ERROR, "empty-file", "there is no row in it", Place(file), hint)]
    if len(headers) > MOST_COLUMNS:
        message = f"the rows have {len(headers):,} different keys; {MOST_COLUMNS:,} are the most"
        return None, [Finding(Severity.ERROR, "too-large", message, Place(file))]
    columns = tuple([_cell(item.get(name), file) for _, item in items] for name in headers)
    lines = array("Q", [line for line, _ in items])
    names = tuple(composed(name).strip() for name in headers)
    return WrittenTable(file, 1, names, columns, lines), []


class _NoTable(Exception):
    def __init__(self, message: str, at: int, hint: str | None = None) -> None:
        super().__init__(message)
        self.message, self.at, self.hint = message, at, hint


def _in_one_object(text: str) -> list[Item] | None:
    """The rows of an object that has nothing else in it, as services on the web answer; None of any other."""
    if (begun := _WRAPPED.match(text)) is None or (end := _WRAPPED_END.search(text)) is None:
        return None
    try:
        return list(_items(text[: end.start() + 1], True, begun.end()))
    except _NoTable:
        return None


def _items(text: str, is_one: bool, begin: int = 0) -> Iterator[Item]:
    """The objects of an array, or of lines, each with its line."""
    decoder = json.JSONDecoder(**AS_WRITTEN, strict=False)
    at, line, counted = _after_blanks(text, begin), 1, 0
    in_list = is_one and text[at : at + 1] == "["
    if in_list:
        at = _after_blanks(text, at + 1)
    while text[at : at + 1] != "]" if in_list else at < len(text):
        if at == len(text):
            raise _NoTable("the list is not closed", at, "the file ends too early: write it again")
        line, counted = line + text.count("\n", counted, at), at
        try:
            item, end = decoder.raw_decode(text, at)
            json.dumps(item, ensure_ascii=False).encode()  # JSON can escape half a character, which no file can hold
        except json.JSONDecodeError as error:
            raise _NoTable(f"this is no JSON: {error.msg[:1].lower()}{error.msg[1:]}", error.pos) from None
        except UnicodeEncodeError as error:
            half = ord(error.object[error.start])
            raise _NoTable(f"the row has half a character in it (\\u{half:04x})", at, "write the whole of it") from None
        except (ValueError, RecursionError) as error:
            raise _NoTable(f"this cannot be used: {error}", at) from None
        if not isinstance(item, dict):
            hint = "a row is an object: its keys are the columns"
            raise _NoTable("a row of the table should be an object", at, hint)
        yield line, item
        at = _after_blanks(text, end)
        if in_list and text[at : at + 1] not in (",", "]"):
            raise _NoTable("a comma is missing between two rows, or the list is not closed", at)
        if in_list and text[at] == ",":
            at = _after_blanks(text, at + 1)
        elif is_one and not in_list and at < len(text):
            hint = "put the rows into a list, [ … ], or call the file .jsonl"
            raise _NoTable("something stands behind the object", at, hint)
    if in_list and (at := _after_blanks(text, at + 1)) < len(text):
        raise _NoTable("something stands behind the list", at, "put all rows into one list")


def _after_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at] in _BLANK:
        at += 1
    return at


def _cell(value: Any, file: str) -> Any:
    """Scalars as text, lists and objects in a form that templates can only read."""
    if isinstance(value, str):
        return value if type(value) is Figure else composed(value)
    if isinstance(value, list):
        return tuple(_cell(one, file) for one in value)
    if isinstance(value, dict):
        return Record._of({key: _cell(one, file) for key, one in value.items()}, file)
    return _WORDS[value]
