"""An entry of an open set as a variable of the environment names it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TypeVar

from pydantic import ValidationError

from pressrun.model.authored import Authored
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.readers.suggestion import did_you_mean

E = TypeVar("E", bound=Authored)


def named_in(environment: Mapping[str, str], variable: str, table: Mapping[str, type[E]], default: str) -> E:
    """The entry of an open set that a variable of the environment asks for: a name, an address of its kind, or a JSON
    object of its ``type`` and options. Raises InputError."""
    said = environment.get(variable, "").strip() or default
    place = Place(variable)
    try:
        options = json.loads(said) if said.startswith("{") else _named(said, table)
    except ValueError as error:
        write = f'write a name, or {{"type": "{default}"}} and its options'
        raise InputError([Finding(Severity.ERROR, "bad-setting", f"this is no JSON: {error}", place, write)]) from None
    name = str(options.get("type", default))
    if name not in table:
        hint = did_you_mean(name, table, "entries")
        raise InputError([Finding(Severity.ERROR, "bad-setting", f"there is no '{name}'", place, hint)])
    try:
        return table[name].model_validate(options)
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
        raise InputError([Finding(Severity.ERROR, "bad-setting", fault, place) for fault in faults]) from None


def _named(said: str, table: Mapping[str, type[E]]) -> dict[str, str]:
    """Options, of a name or an address."""
    scheme, is_address, _ = said.partition("://")
    for name, entry in table.items() if is_address else ():
        if scheme.lower() in getattr(entry, "SCHEMES", ()):
            return {"type": name, "url": said}
    return {"type": scheme}
