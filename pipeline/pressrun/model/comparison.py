"""A text that an expression or a template compares with something that rows have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from msgspec import Struct

Node = TypeVar("Node")


class Comparison(Struct, frozen=True):
    """``literal`` is compared with ``attribute`` of ``name`` (None: with the thing itself). It stands at a line and a
    column of the text, which count from 1; the column is None where it is not known."""

    name: str
    attribute: str | None
    literal: str
    line: int = 1
    column: int | None = None


def sides_compared(first: Node, following: Iterable[tuple[str, Node, Iterable[Node]]]) -> Iterator[tuple[Node, Node]]:
    """What may be a cell, with what may be a text that it is to be, of a chain of comparisons: what is ``following`` is
    a sign, what stands behind it, and what is in that where it is a list."""
    for sign, second, listed in following:
        if sign in ("==", "!="):
            yield from ((first, second), (second, first))
        elif sign in ("in", "not in"):
            yield from ((first, one) for one in listed)
        first = second
