"""JSON from outside: its numbers stay as they are written, and no key of an object is given twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pressrun.readers.cells import Figure
from pressrun.readers.suggestion import shortened


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name, value in pairs:
        if name in said:
            raise ValueError(f"'{shortened(name)}' is given twice")
        said[name] = value
    return said


def _constant(name: str) -> str | None:
    """What is no number, as Python writes it where a value is missing, is none."""
    return None if name == "NaN" else name


AS_WRITTEN: Mapping[str, Any] = {
    "parse_float": Figure, "parse_int": str, "parse_constant": _constant, "object_pairs_hook": _no_key_twice
}  # fmt: skip
"""How Python's decoder is to read it."""
