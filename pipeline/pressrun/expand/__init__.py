"""expand: row sets become rows, rows × prompt templates become prompts, and rows × layouts the words of sheets. Pure.

The order is that of the job's ``expand`` and of its files, and the same input gives the same answers for ever.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pressrun.expand.compiled import Compiled
from pressrun.expand.content import Contents
from pressrun.expand.prompts import GoneBy, SlotPrompts, slot_prompts
from pressrun.expand.row_texts import RowTexts
from pressrun.expand.rows import combinations, only_expression
from pressrun.language.expression import Expression
from pressrun.language.lookup import EvaluationError
from pressrun.model.errors import InputError
from pressrun.model.file_metadata import Particulars, SheetTold
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.job import Prompt, Row
from pressrun.model.project import KeyPath, Project


def expand_rows(project: Project, only: str | None = None) -> Iterator[Row]:
    """The job's rows, one by one. `only` is a further condition, an expression like ``where``.

    A row carries its own findings; one with an error among them (`Row.fault`) cannot be made. Raises InputError at
    once if `only` is no expression over rows. Where `only` speaks of ``layout``, ask :func:`is_wanted` instead.
    """
    parts = _compiled(project)
    return combinations(parts, only_expression(parts, only) if only else None)


def is_wanted(
    project: Project, row: Row, layout_name: str, only: str | None, take: int = 1,
    said_in: str = "--only",
) -> bool:  # fmt: skip
    """Whether `only` (which may speak of ``layout`` and ``take``) lets this row through in this layout. `said_in` is
    the flag where it stands. Raises InputError where it cannot be worked out for this row."""
    if not only:
        return True
    parts = _compiled(project)
    names = _contents(project).names(row, layout_name, take)
    try:
        return _expression_of_only(project, only, said_in).test({**parts.tables, **names})
    except EvaluationError as error:
        place = Place(said_in, 1, 1)
        raise InputError([Finding(Severity.ERROR, "bad-value", error.message, place, error.hint, row=row.id)]) from None


def prompts_for(project: Project, row: Row, slots: Collection[str] | None = None) -> list[Prompt]:
    """One prompt a slot (of all, or of these), master and take. Rows that show the same get the very same requests.

    Raises InputError if a template cannot be rendered for this row or a reference picture is missing.
    """
    every = _prompts(project)
    return [prompt for name, one in every.items() if slots is None or name in slots for prompt in one.of(row)]


def gone_by(project: Project, row: Row, slot: str) -> GoneBy | None:
    """The approved picture that a row's pictures of a slot go by, if they go by one. Raises InputError."""
    return _prompts(project)[slot].gone_by(row)


def layout_content(
    project: Project, row: Row, layout_name: str, take: int = 1, drawn_by: str = "",
    noted: list[Finding] | None = None,
) -> dict[str, dict[str, str]]:  # fmt: skip
    """The rendered fields of each layer, by `pressrun.model.layout.layer_name`; layers refused by ``when`` are absent.
    ``drawn_by`` names the variant of the layout that is meant, if one is; ``noted`` gets warnings of the row's cells.

    Raises InputError with every fault that the layout has for this row.
    """
    return _contents(project).layers(row, layout_name, take, drawn_by or layout_name, noted)


def row_of_layer(project: Project, row: Row, layout_name: str, take: int, drawn_by: str, layer: str) -> Row:
    """The row of a group for which a repeated ``layer`` is there, by its name with the number of its item; any other
    layer is there for the row itself."""
    return _contents(project).member(row, layout_name, take, drawn_by, layer)


def layers_shown(project: Project, row: Row, layout_name: str, take: int, drawn_by: str) -> frozenset[int] | None:
    """The layers, by their places, that a sheet has of the layout, or the variant of one, that it is ``drawn_by``; None
    where that cannot be worked out for this row."""
    return _contents(project).shown(row, layout_name, take, drawn_by)


def row_texts(project: Project) -> RowTexts:
    """What layouts say for a row, of all layouts at once."""
    return _contents(project).row_texts()


def slip_text(project: Project, row: Row, layout_name: str, take: int, group: Mapping[str, Any]) -> str:
    """What the slip sheet before a group of rows says; ``row`` is the first of them. Raises InputError."""
    return _contents(project).slip_text(row, layout_name, take, group)


def sheet_told(project: Project, row: Row, layout_name: str, own: SheetTold, take: int = 1) -> SheetTold:
    """What files say of themselves: as brand and job have it, else their ``own`` title and description. Raises
    InputError."""
    said = _contents(project).metadata(row, layout_name, take)
    title, description = (said.get((name,), "").strip() for name in ("title", "description"))
    return SheetTold(title or own.title, description or own.description, _particulars(tuple(said.items())))


@functools.lru_cache(maxsize=64)  # most sheets say the same
def _particulars(said: tuple[tuple[KeyPath, str], ...]) -> Particulars:
    return Particulars.of(dict(said))


def save_path(project: Project, row: Row, layout_name: str, take: int = 1, merged: bool = False) -> str:
    """Where the files of this row, layout and take go, or those ``merged`` of many rows that begin with this one: a
    relative path with / and without an ending.

    Raises InputError where data would choose a folder, or the name is one that some system cannot have.
    """
    return _contents(project).path(row, layout_name, take, merged)


def rows_without_copies(project: Project) -> tuple[Finding, ...]:
    """What is told of the rows whose quantity is 0, once the rows were gone through."""
    return _compiled(project).without_copies


# Projects compare by identity; a few are remembered, since tests and servers load several, and look at parts of them.
@functools.lru_cache(maxsize=8)
def _compiled(project: Project) -> Compiled:
    return Compiled(project)


@functools.lru_cache(maxsize=8)
def _contents(project: Project) -> Contents:
    return Contents(_compiled(project))


@functools.lru_cache(maxsize=4)
def _prompts(project: Project) -> dict[str, SlotPrompts]:
    return slot_prompts(_compiled(project))


@functools.lru_cache(maxsize=4)
def _expression_of_only(project: Project, only: str, said_in: str) -> Expression:
    return only_expression(_compiled(project), only, said_in)
