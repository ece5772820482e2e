"""Texts that are written letter by letter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Letters(Protocol):
    """Pages of texts by their numbers, of one sheet or of several."""

    def __contains__(self, number: object) -> bool: ...

    def painted(self, number: int, operators: Mapping[str, tuple[str, str]]) -> str:
        """What draws a page, in the fonts of all: each ink by what sets it for filling, by its marker (#RRGGBB)."""

    def fonts_in(self, pdf: Any) -> Any:
        """These fonts, by their names, in a document."""
