"""Values of Arrow's types in Python, which has doubles alone: 0.1 of 32 bits would be 0.10000000149011612."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any


def has_short_fractions(kind: Any) -> bool:
    """Whether a type is, or may have within it, fractions of fewer bits than a double."""
    return "float" in str(kind)


def with_own_digits(values: Iterable[Any], kind: Any) -> Iterator[Any]:
    """The values of a type with its short fractions as such, also within lists and records."""
    return (_with_own_digits(value, kind) for value in values)


def _with_own_digits(value: Any, kind: Any) -> Any:
    import numpy as np
    from pyarrow import types

    if value is None:
        return None
    if types.is_float32(kind) or types.is_float16(kind):
        return np.float32(value) if types.is_float32(kind) else np.float16(value)
    if types.is_struct(kind):
        return {field.name: _with_own_digits(value[field.name], field.type) for field in kind}
    if types.is_map(kind):
        return [(_with_own_digits(key, kind.key_type), _with_own_digits(one, kind.item_type)) for key, one in value]
    if types.is_dictionary(kind):
        return _with_own_digits(value, kind.value_type)
    if types.is_nested(kind) and not types.is_union(kind):  # lists of every kind
        return [_with_own_digits(one, kind.value_type) for one in value]
    return value
