"""Where databases differ in what they understand."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct


class Dialect(Struct, frozen=True):
    """Where two databases differ, as SQL over a column (the value of a function is a condition or an expression).

    ``is_object``: it holds a JSON object; Python writes two numbers in it that no database reads. ``items``: how many
    the JSON list has that it holds, or null where it is none. ``field``: what a JSON object has under a name.
    ``quoted``: its value as SQL would write it.
    """

    is_object: Callable[[str], str]
    items: Callable[[str], str]
    field: Callable[[str, str], str]
    quoted: Callable[[str], str]
