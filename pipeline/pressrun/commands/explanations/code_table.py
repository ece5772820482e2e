"""The table of finding codes: one YAML file an area in ``codes/``, each code with its four parts."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from msgspec import Struct

FOLDER = Path(__file__).with_name("codes")


class CodeEntry(Struct, frozen=True):
    """What is to be known of a code: what it ``means``, why it ``matters``, an ``example``, and the ``cure``. ``area``
    is the name of its file."""

    code: str
    area: str
    means: str
    matters: str
    example: str
    cure: str


PARTS = tuple(name for name in CodeEntry.__struct_fields__ if name not in ("code", "area"))


@cache
def code_table() -> dict[str, CodeEntry]:
    """Every entry by its code, in the order of the files. Raises ValueError where the table itself is wrong."""
    table: dict[str, CodeEntry] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for code, parts in yaml.load(path.read_text("utf-8"), yaml.CSafeLoader).items():
            if code in table:
                raise ValueError(f"{path.name}: {code} has an entry in {table[code].area}.yaml too")
            if set(parts) != set(PARTS) or not all(isinstance(part, str) and part.strip() for part in parts.values()):
                raise ValueError(f"{path.name}: {code} needs {', '.join(PARTS)}, each as text")
            table[code] = CodeEntry(code, path.stem, **{name: part.strip() for name, part in parts.items()})
    return table
