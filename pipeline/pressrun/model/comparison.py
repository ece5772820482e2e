"""A text that an expression or a template compares with something that rows have."""

from __future__ import annotations

from msgspec import Struct


class Comparison(Struct, frozen=True):
    """``literal`` is compared with ``attribute`` of ``name`` (None: with the thing itself). It stands at a line and a
    column of the text, which count from 1; the column is None where it is not known."""

    name: str
    attribute: str | None
    literal: str
    line: int = 1
    column: int | None = None
