"""What is known of a template before it is rendered, and how its faults are told."""

from __future__ import annotations

from dataclasses import dataclass


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


@dataclass(frozen=True, slots=True)
class Use:
    """A name that a template takes from outside, with the attribute it reads of it (None: the thing itself).

    `guarded`: it may be missing (``| default``, ``is defined``). `printed`: it stands alone between ``{{`` and ``}}``.
    """

    name: str
    attribute: str | None
    line: int
    column: int | None
    guarded: bool = False
    printed: bool = False


@dataclass(frozen=True, slots=True)
class TemplateNames:
    """What can be told of a template without rendering it. `others` are the templates it names, with the lines."""

    uses: tuple[Use, ...]
    others: tuple[tuple[str, int], ...]
    filters: frozenset[str]
    faults: tuple[TemplateFault, ...]
