"""What is told of rows that a join finds no partner for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pressrun.model.finding import Finding, Severity
from pressrun.readers.shape import bare_cells
from pressrun.readers.suggestion import shortened
from pressrun.readers.written_table import WrittenTable

_LISTED = 5  # keys
Key = tuple[Any, ...]


def unmatched_rows(
    table: WrittenTable, other: WrittenTable, own: Sequence[int], theirs: Sequence[int], *, left_out: bool
) -> list[Finding]:
    """A note of rows whose keys, in the columns ``own``, the other table does not have in ``theirs``: a warning where
    that has none of them, or has one in other letters (a-1 for A-1). Code: ``join-unmatched``."""
    there = {key: None for key in _keys(other, theirs) if any(key)}
    missing = [(row, key) for row, key in enumerate(_keys(table, own)) if any(key) and key not in there]
    if not missing:
        return []
    rows = "1 row" if len(missing) == 1 else f"{len(missing)} rows"
    verb = "is" if len(missing) == 1 else "are"
    message = f"{rows} of {table.file} {verb} not in {other.file}{f', and {verb} left out' if left_out else ''}: "
    message += _listed([key for _, key in missing])
    by_form = {form: key for key in there if any(form := _form(key))}
    alike = next(((key, by_form[form]) for _, key in missing if (form := _form(key)) in by_form), None)
    hint = f"'{_told(alike[0])}' is there as '{_told(alike[1])}'" if alike else None
    none_there = not any(key in there for key in _keys(table, own))
    if none_there and not alike:
        hint = f"{other.file} has {_listed(list(there))}" if there else f"{other.file} has no row with a key"
    severity = Severity.WARNING if alike or none_there else Severity.NOTE
    return [Finding(severity, "join-unmatched", message, table.place(missing[0][0]), hint)]


def _keys(table: WrittenTable, numbers: Sequence[int]) -> list[Key]:
    return list(zip(*(bare_cells(table.columns[number]) for number in numbers), strict=True))


def _form(key: Key) -> Key:
    """A key without what people write in one table only: capitals, blanks, signs between, zeros before."""
    letters = ("".join(sign for sign in str(part).casefold() if sign.isalnum()) for part in key)
    return tuple(text.lstrip("0") or text for text in letters)


def _told(key: Key) -> str:
    return ", ".join(shortened(str(part)) for part in key)


def _listed(keys: Sequence[Key]) -> str:
    several = list(dict.fromkeys(map(_told, keys)))
    return ", ".join(several[:_LISTED]) + (" …" if len(several) > _LISTED else "")
