"""What is known of a template before it is rendered, and how its faults are told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from decimal import Decimal

from msgspec import Struct

from pressrun.model.comparison import Comparison

Bare = Decimal | float | dt.date
"""What templates print as tables have it, unless a filter writes it for readers."""


class TemplateFault(Exception):
    """What is wrong with a template: `line` and `column` count from 1 inside the template `template` ("": a text).
    ``cell`` is the value that is at fault instead, where it is one."""

    def __init__(
        self, code: str, message: str, *, template: str = "", line: int | None = None, column: int | None = None,
        hint: str | None = None, cell: str | None = None,
    ) -> None:  # fmt: skip
        super().__init__(message)
        self.cell = cell
        self.code, self.message, self.template = code, message, template
        self.line, self.column, self.hint = line, column, hint


class ValueFault(Exception):
    """Raised by a filter, or by what sees printed values: the value at hand cannot be used. ``cell`` is that value,
    where it is told as it was written."""

    def __init__(self, code: str, message: str, hint: str | None = None, cell: str | None = None) -> None:
        super().__init__(message)
        self.cell = cell
        self.code, self.message, self.hint = code, message, hint


class Use(Struct, frozen=True):
    """A name that a template takes from outside, with the attribute it reads of it (None: the thing itself).

    `guarded`: it may be missing (``| default``, ``is defined``). `asked`: it stands where its being there is asked
    first (``{% if copy.note %}``). `printed`: it stands alone between ``{{`` and ``}}``. `block` is the innermost
    section that it stands in; empty outside of all.
    """

    name: str
    attribute: str | None
    line: int
    column: int | None
    guarded: bool = False
    printed: bool = False
    block: str = ""
    asked: bool = False


class TemplateNames(Struct, frozen=True):
    """What can be told of a template without rendering it. `others` are the templates it names, with the lines, `bases`
    those of them that it extends. `lent` are the names that it gives to its sections, wherever their words come from,
    each with the section (empty: all of them know it). `compared` are the texts that it compares with cells."""

    uses: tuple[Use, ...]
    others: tuple[tuple[str, int], ...]
    filters: frozenset[str]
    faults: tuple[TemplateFault, ...]
    bases: tuple[str, ...] = ()
    lent: frozenset[tuple[str, str]] = frozenset()
    compared: tuple[Comparison, ...] = ()

    def gives(self, use: Use, lent: Collection[tuple[str, str]] = ()) -> bool:
        """Whether a name that it takes is one that it sets itself, or is ``lent`` to the section where it stands."""
        of_section = (use.block, use.name)
        return ("", use.name) in self.lent or (
            use.block != "" and (of_section in self.lent or of_section in lent or ("", use.name) in lent)
        )
