"""What a table says: where its layer writes the words of it, and the cells that a row's data make of them."""

from __future__ import annotations

import functools
import itertools
import json
from typing import Literal, get_args

from msgspec import Struct

from pressrun.model.item_list import ItemList

CELLS = "cells"  # the field of a table's content that has them
GROUP_VIEW = "group"  # the name under which headings and subtotals know what they are for
GROUP_FIELDS = ("value", "rows", "size")

CellAnchor = Literal["baseline", "top", "middle", "bottom"]
"""Where a cell stands in a row that is higher than it needs."""
CELL_ANCHORS: tuple[CellAnchor, ...] = get_args(CellAnchor)
RowKind = Literal["row", "heading", "subtotal", "total"]


class Written(Struct, frozen=True):
    """A template or an expression, and the way to it from its layer."""

    text: str
    path: tuple[str | int, ...]

    @property
    def name(self) -> str:
        """What it is called in a layer's content."""
        return ".".join(map(str, self.path))


class ColumnTexts(Struct, frozen=True):
    """``header`` and ``text`` are templates, ``when`` (of the whole column), ``span`` and ``anchor`` (of a cell)
    expressions. ``of_figures``: numbers stand under each other, at its end or by their decimals."""

    header: Written
    text: Written
    when: Written | None
    span: Written | None
    anchor: Written | None = None
    of_figures: bool = False


class TableTexts(Struct, frozen=True):
    """``by`` is an expression over an item, all others templates; ``subtotal`` and ``total`` have one a column."""

    items: ItemList
    columns: tuple[ColumnTexts, ...]
    by: Written | None = None
    heading: Written | None = None
    subtotal: tuple[Written, ...] = ()
    total: tuple[Written, ...] = ()
    continued: Written | None = None

    @property
    def of_groups(self) -> tuple[Written, ...]:
        """What is said of each group."""
        return (*(one for one in (self.heading, self.continued) if one), *self.subtotal)


class TableRow(Struct, frozen=True):
    """``cells`` has a text a column; of a heading the first alone, and what stands in its place where its group goes
    on, if that is another text. ``spans``: over how many columns each of them goes, where some go over several.
    ``anchors``: where each stands in a higher row, where that is not as in its column. ``group`` counts the groups from
    1; 0 is outside of all."""

    kind: RowKind
    cells: tuple[str, ...]
    spans: tuple[int, ...] = ()
    group: int = 0
    anchors: tuple[CellAnchor | None, ...] = ()


class TableContent(Struct, frozen=True):
    """The cells of a table. ``columns`` are those that it has here, by their place in the layer; ``header`` and the
    rows have a cell for each of these."""

    columns: tuple[int, ...]
    header: tuple[str, ...]
    rows: tuple[TableRow, ...]

    @property
    def is_empty(self) -> bool:
        return not self.rows and not any(text.strip() for text in self.header)

    def written(self) -> str:
        """As a field of a layer's content has it."""
        rows = [
            [row.kind, row.cells, row.spans, row.group, *([row.anchors] if row.anchors else ())] for row in self.rows
        ]
        return json.dumps([self.columns, self.header, rows], ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def read(cls, written: str) -> TableContent:
        """The inverse of `written`."""
        return _read(written)


@functools.lru_cache(maxsize=4)  # page after page of one table
def _read(written: str) -> TableContent:
    columns, header, rows = json.loads(written)
    of_rows = [
        TableRow(kind, tuple(cells), tuple(spans), group, tuple(itertools.chain(*anchors)))
        for kind, cells, spans, group, *anchors in rows
    ]
    return TableContent(tuple(columns), tuple(header), tuple(of_rows))
