"""A table: rows of a list in columns, which goes on over pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from pressrun.layers.table.measured import MeasuredTable, TableLooks
from pressrun.layers.table.options import Column, TableOptions
from pressrun.layers.table.portion import marks_of
from pressrun.layers.table.widths import TOLERANCE, TooWide
from pressrun.model.composition import CannotCompose, Composing, Portion
from pressrun.model.geometry import Rect, length_told
from pressrun.model.layout import Misfit, NameUsed
from pressrun.model.sheet import Mark
from pressrun.model.table_content import CELL_ANCHORS, CELLS, ColumnTexts, TableContent, TableTexts, Written

MISFIT = 0.005  # of a table's width that percentages may miss


class TableLayer(TableOptions):
    """Each row is an item of ``rows``, each of its cells what a column makes of it. On a page that flows the table goes
    on as long as there are rows, with its header on each; elsewhere rows that do not fit are an error."""

    FLOWS: ClassVar[bool] = True
    HUGS: ClassVar[bool] = True
    LOOKS_ALIKE: ClassVar[bool] = True

    @property
    def table_texts(self) -> TableTexts:
        group = self.group
        return TableTexts(
            self.rows,
            tuple(_column(column, ("columns", at)) for at, column in enumerate(self.columns)),
            Written(group.by, ("group", "by")) if group else None,
            Written(group.heading, ("group", "heading")) if group and group.heading else None,
            tuple(Written(one, ("group", "subtotal", at)) for at, one in enumerate(group.subtotal if group else ())),
            tuple(Written(one, ("total", at)) for at, one in enumerate(self.total)),
            Written(group.continued, ("group", "continued")) if group and group.continued else None,
        )

    def references(self) -> Iterable[NameUsed]:
        yield NameUsed("role", self.role, ("role",))
        for name, path in ((self.color, ("color",)), (self.zebra, ("zebra",))):
            if name:
                yield NameUsed("color", name, path)
        for at, column in enumerate(self.columns):
            if column.role:
                yield NameUsed("role", column.role, ("columns", at, "role"))
            if column.color:
                yield NameUsed("color", column.color, ("columns", at, "color"))
        yield from self.header.references(("header",))
        yield from self.total_look.references(("total_look",))
        yield from self.rules.references()
        if self.group:
            yield from self.group.heading_look.references(("group", "heading_look"))
            yield from self.group.subtotal_look.references(("group", "subtotal_look"))

    def misfits(self, rect: Rect, target: str) -> Iterator[Misfit]:
        columns = [column for column in self.columns if column.when is None]
        asked = [column.asked(rect.width) for column in columns]
        taken, share = sum(one.value for one in asked if one.kind == "fixed"), rect.width * MISFIT + TOLERANCE
        path = ("columns",)
        if taken > rect.width + share or (taken >= rect.width and any(one.kind != "fixed" for one in asked)):
            told = length_told(taken, target), length_told(rect.width, target)
            yield Misfit("table-too-wide", *_too_wide(*told), path)
        of_table = any("%" in column.width for column in columns) and all(one.kind == "fixed" for one in asked)
        if of_table and taken < rect.width - share and len(columns) == len(self.columns):
            said = f"the widths of the columns add up to {taken / rect.width:.1%} of the table"
            yield Misfit("widths-do-not-add-up", said, "give one of them a share of the rest: 1fr", path)

    def compose(self, composing: Composing) -> Iterator[Mark]:
        portion = self.compose_portion(composing, 0)
        if portion.until is not None:
            rows = TableContent.read(composing.content[CELLS]).rows
            left = sum(1 for row in rows[portion.until :] if row.kind == "row")
            message = f"{left} of {sum(1 for row in rows if row.kind == 'row')} rows do not fit into the box"
            hint = "make the box higher or the type smaller, set a `limit`, or let the page flow"
            raise CannotCompose("rows-do-not-fit", message, hint)
        yield from portion.marks

    def extent(self, composing: Composing) -> Rect | None:
        rect = composing.rect(self)
        if not (written := composing.content.get(CELLS, "")):
            return Rect(rect.x, rect.y, 0, 0)
        table = self._measured(composing, written, rect)
        return table.extent(rect, 0, len(table.content.rows), is_mirrored=composing.mirrored(self))

    def compose_portion(self, composing: Composing, start: int) -> Portion:
        rect = composing.rect(self)
        if not (written := composing.content.get(CELLS, "")):
            return Portion((), None, extent=Rect(rect.x, rect.y, 0, 0))
        return self._portion(composing, self._measured(composing, written, rect), rect, start)

    def _measured(self, composing: Composing, written: str, rect: Rect) -> MeasuredTable:
        looks = composing.once(lambda _: TableLooks(self, composing))
        try:
            return looks.measured(composing, written, rect.width)
        except TooWide as problem:
            told = length_told(problem.needed, "print"), length_told(problem.room, "print")
            raise CannotCompose("table-too-wide", *_too_wide(*told)) from None

    def _portion(self, composing: Composing, table: MeasuredTable, rect: Rect, start: int) -> Portion:
        end = table.page_end(start, rect.height)
        if end == start and table.content.rows:
            return Portion((), start)
        marks = marks_of(self, composing, table, rect, start, end)
        until = end if end < len(table.content.rows) else None
        extent = table.extent(rect, start, end, is_mirrored=composing.mirrored(self))
        return Portion(tuple(marks), until, *table.entries(start, end), extent)


def _column(column: Column, path: tuple[str | int, ...]) -> ColumnTexts:
    spans = isinstance(column.span, str) or column.span > 1
    return ColumnTexts(
        Written(column.header, (*path, "header")),
        Written(column.text, (*path, "text")),
        Written(column.when, (*path, "when")) if column.when else None,
        Written(str(column.span), (*path, "span")) if spans else None,
        Written(column.anchor, (*path, "anchor")) if column.anchor and column.anchor not in CELL_ANCHORS else None,
        column.align in ("end", "decimal"),
    )


def _too_wide(needed: str, room: str) -> tuple[str, str]:
    return f"the columns are {needed} wide, and the table {room}", "narrow some, or give them shares: 1fr, 2fr"
