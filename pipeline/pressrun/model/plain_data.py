"""Values as plain data, as keys and records have them."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, to_builtins


def plain(value: Struct) -> dict[str, Any]:
    """The fields by name, and so those of the values within: what JSON may be written of."""
    said: dict[str, Any] = to_builtins(value, enc_hook=_bare)
    return said


def _bare(value: Any) -> Any:
    """A text or number that has more to it, such as one of NumPy, without that."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, float):
        return float(value)
    raise NotImplementedError(f"no plain data: {value!r}")
