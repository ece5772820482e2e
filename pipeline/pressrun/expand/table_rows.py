"""The cells of a table, rendered for one row of the job."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pressrun.expand.item_lists import CompiledList, compiled
from pressrun.language.lookup import EvaluationError, Lookup
from pressrun.language.markup import without_tags
from pressrun.language.templates import Template, Templates
from pressrun.model.finding import Place
from pressrun.model.item_list import LEFT_OVER
from pressrun.model.project import KeyPath
from pressrun.model.record import EmptyCell, Header, Record
from pressrun.model.table_content import (
    CELL_ANCHORS,
    CELLS,
    GROUP_FIELDS,
    GROUP_VIEW,
    CellAnchor,
    ColumnTexts,
    RowKind,
    TableContent,
    TableRow,
    TableTexts,
    Written,
)
from pressrun.model.template import Bare, TemplateFault
from pressrun.readers.suggestion import did_you_mean

_GROUP = Header(GROUP_FIELDS, "the group")
_ONE_VALUE = re.compile(r"\s*\{\{[^{}]*\}\}\s*")
_EMPTY = "write `| default('')` right behind the value in the column's text, or an if around what goes with it"
Names = Mapping[str, Any]


class FaultAt(Exception):
    """What cannot be rendered, with the way to it from its layer."""

    def __init__(self, fault: TemplateFault, path: KeyPath) -> None:
        super().__init__(str(fault))
        self.fault, self.path = fault, path


class CompiledTable:
    """A table's words, ready for every row. Raises InputError for expressions that may not run."""

    def __init__(self, said: TableTexts, texts: Templates, place_of: Callable[[KeyPath], Place | None]) -> None:
        self._said, self._texts = said, texts
        self._empty: list[EmptyCell] = []
        self._bare: list[Bare] = []
        self._items = CompiledList(said.items, ("rows",), place_of)
        self._by = compiled(said.by.text, place_of(said.by.path)) if said.by else None
        written = [one for column in said.columns for one in (column.when, column.span, column.anchor) if one]
        self._expressions = {one: compiled(one.text, place_of(one.path)) for one in written}
        templates = [*(one for column in said.columns for one in (column.header, column.text)), *said.of_groups,
                     *said.total]  # fmt: skip
        self._templates: dict[Written, Template] = {one: texts.text(one.text) for one in templates}

    def empty_cells(self) -> list[EmptyCell]:
        """Those that the fields just made print among other words."""
        found, self._empty = self._empty, []
        return found

    def bare_values(self) -> list[Bare]:
        """The numbers and dates that the fields just made print as they are."""
        found, self._bare = self._bare, []
        return found

    def fields(self, names: Names, tables: Mapping[str, Lookup]) -> dict[str, str]:
        """What the table's content has. Raises FaultAt."""
        said, context = self._said, self._texts.context(names)
        try:
            items = self._items.items(names, tables)
        except EvaluationError as error:
            raise _fault(error, ("rows",), None) from None
        shown = [(at, one) for at, one in enumerate(said.columns) if not one.when or self._test(one.when, names)]
        header = tuple([self._rendered(one.header, context) for _, one in shown])
        columns = [one for _, one in shown]
        rows: list[TableRow] = []
        every: list[tuple[Any, Names]] = list(zip(items.items, items.names(names), strict=True))
        for number, (value, members) in enumerate(self._groups(every), start=1 if self._by else 0):
            group = {**names, items.name: members[0][0], GROUP_VIEW: _group(value, members)}
            if said.heading:
                headings = [one for one in (said.heading, said.continued) if one]
                texts = tuple([self._rendered(one, self._context(group)) for one in headings])
                rows.append(TableRow("heading", texts, (), number))
            rows += [self._row(columns, of_item, number) for _, of_item in members]
            if said.subtotal:
                rows.append(self._sums("subtotal", said.subtotal, shown, group, number))
        if said.total and every:
            whole = {**names, GROUP_VIEW: _group("", every)}
            rows.append(self._sums("total", said.total, shown, whole, 0))
        written = TableContent(tuple([at for at, _ in shown]), header, tuple(rows)).written()
        return {CELLS: written} | ({LEFT_OVER: str(items.left_over)} if items.left_over else {})

    def _groups(self, every: list[tuple[Any, Names]]) -> list[tuple[Any, list[tuple[Any, Names]]]]:
        """The items of each group together, in the order in which groups come first."""
        if self._by is None or self._said.by is None:
            return [("", every)] if every else []
        found: dict[Any, tuple[Any, list[tuple[Any, Names]]]] = {}
        for item, names in every:
            try:
                value = self._by.evaluate(names)
            except EvaluationError as error:
                raise _fault(error, self._said.by.path, names) from None
            found.setdefault(value, (value, []))[1].append((item, names))
        return list(found.values())

    def _row(self, columns: list[ColumnTexts], names: Names, group: int) -> TableRow:
        context = self._context(names)
        cells = tuple([self._cell(one.text, context, names) for one in columns])
        spans: tuple[int, ...] = ()
        if any(one.span for one in columns):
            spans = tuple([self._span(one.span, names) if one.span else 1 for one in columns])
        anchors: tuple[CellAnchor | None, ...] = ()
        if any(one.anchor for one in columns):
            anchors = tuple([self._anchor(one.anchor, names) if one.anchor else None for one in columns])
        return TableRow(
            "row", cells, spans if any(span != 1 for span in spans) else (), group, anchors if any(anchors) else ()
        )

    def _cell(self, written: Written, context: Any, names: Names) -> str:
        """A cell of an item; an empty one, where all that stands in it is a value that the item does not have."""
        try:
            return self._rendered(written, context, names)
        except FaultAt as found:
            if found.fault.code != "empty-value":
                raise
            said = without_tags(written.text) if self._templates[written].marks_up else written.text
            if _ONE_VALUE.fullmatch(said):
                return ""
            found.fault.hint = _EMPTY
            raise

    def _span(self, written: Written, names: Names) -> int:
        try:
            value = self._expressions[written].evaluate(names)
            if not isinstance(value, int) or value < 1:
                raise EvaluationError(f"{written.text}: a cell goes over a number of columns, from 1, not '{value}'")
        except EvaluationError as error:
            raise _fault(error, written.path, names) from None
        return int(value)

    def _anchor(self, written: Written, names: Names) -> CellAnchor | None:
        try:
            value = self._expressions[written].evaluate(names)
            if value and value not in CELL_ANCHORS:
                message = f"{written.text}: a cell stands at one of {', '.join(CELL_ANCHORS)}, not '{value}'"
                raise EvaluationError(message, did_you_mean(str(value), CELL_ANCHORS, "places"))
        except EvaluationError as error:
            raise _fault(error, written.path, names) from None
        return next((one for one in CELL_ANCHORS if one == value), None)

    def _sums(
        self, kind: RowKind, written: tuple[Written, ...], shown: Iterable[tuple[int, ColumnTexts]], names: Names,
        group: int,
    ) -> TableRow:  # fmt: skip
        """A row of sums: a text goes on over the empty cells behind it, but for a number that stands under others."""
        context = self._context(names)
        columns = list(shown)
        cells = [self._rendered(written[at], context) if at < len(written) else "" for at, _ in columns]
        spans = [1] * len(cells)
        empty = 0
        for at in range(len(cells) - 1, -1, -1):
            stays = columns[at][1].of_figures and any(map(str.isdecimal, cells[at]))
            spans[at], empty = (1 if stays else 1 + empty, 0) if cells[at] else (1, empty + 1)
        return TableRow(kind, tuple(cells), tuple(spans) if any(span != 1 for span in spans) else (), group)

    def _context(self, names: Names) -> Any:
        return self._texts.context(names)

    def _rendered(self, written: Written, context: Any, names: Names | None = None) -> str:
        template = self._templates[written]
        if template.constant is not None:
            return template.constant
        try:
            text = template.render_in(context)
            if template.allowance.empty:
                self._empty += template.empty_in(text)
            if template.allowance.bare:
                self._bare += template.allowance.bare
            return text
        except TemplateFault as fault:
            raise FaultAt(_of_item(fault, names), written.path) from None

    def _test(self, written: Written, names: Names) -> bool:
        try:
            return self._expressions[written].test(names)
        except EvaluationError as error:
            raise _fault(error, written.path, None) from None


def _group(value: Any, members: list[tuple[Any, Names]]) -> Record:
    return Record(_GROUP, (value, tuple([item for item, _ in members]), len(members)))


def _fault(error: EvaluationError, path: KeyPath, names: Names | None) -> FaultAt:
    return FaultAt(_of_item(TemplateFault("bad-value", error.message, hint=error.hint), names), path)


def _of_item(fault: TemplateFault, names: Names | None) -> TemplateFault:
    """The fault, which tells of which item it is."""
    if names is not None and "loop" in names:
        fault.message = f"{fault.message} (item {names['loop'].index} of {names['loop'].length})"
    return fault
