"""What Jinja says of a fault, without Python's names for things."""

from __future__ import annotations

import re


def reaches_python(attribute: str) -> str:
    return f"'{attribute}' reaches into Python, which templates may not"


_KINDS = {
    "str": "a text", "int": "a number", "float": "a number", "decimal.Decimal": "a number", "bool": "yes or no",
    "pressrun.model.record.Amount": "an amount", "datetime.date": "a date", "NoneType": "an empty cell",
    "tuple": "a list", "list": "a list",
}  # fmt: skip
_OF_LOCALES = frozenset({"language", "region", "script", "territory", "country", "code", "name", "direction"})


def plain_lack(message: str) -> tuple[str, str | None]:
    """What a row, a list or a value does not have, without Python's names for them, and a hint."""
    if at := re.fullmatch(r"(?:tuple|list) object has no element (-?\d+)", message):
        return f"the list has no entry {at[1]}: it is empty, or shorter", None
    if copy := re.match("there is no copy '([^']*)'", message):
        hint = f"fill the cell in, or ask first whether there is a text: {{% if copy.{copy[1]} %}}, or `| default('')`"
        return message, hint
    owner, _, lacking = message.partition(" object' has no attribute ")
    if not lacking:
        return message, None
    kind = _KINDS.get(owner.strip("'"))
    if kind is None:
        return message, None
    hint = "a value has no parts; a filter takes what is in it, as in x | upper"
    if kind == "a text" and lacking.strip("'") in _OF_LOCALES:
        hint = "`locale` is a text like en-GB; of what is in it there are locale | region and locale | script"
    return f"{kind} has no {lacking}", hint


def plain_security(message: str) -> str:
    if attribute := re.search(r"access to attribute '([^']*)'", message):
        return reaches_python(attribute[1])
    if "is not safely callable" in message:
        return "this cannot be called from a template: a value goes through a filter there, as in x | date"
    return message
