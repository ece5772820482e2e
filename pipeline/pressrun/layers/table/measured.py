"""A table measured: how wide its columns are and how high its rows, before it is parted into pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from pressrun.language.markup import pieces
from pressrun.layers.table.cells import FIGURE, CellLook, decimal_separators, right_of_separator, text_options
from pressrun.layers.table.options import Column, Look, TableOptions
from pressrun.layers.table.pages import SUMS, page_end
from pressrun.layers.table.widths import widths
from pressrun.model.composition import Composing
from pressrun.model.geometry import Rect
from pressrun.model.sheet import TextMark
from pressrun.model.table_content import CELL_ANCHORS, CellAnchor, TableContent, TableRow

ROOM = 0.05  # points that a cell is wider than its text, so that none is broken by a rounding
LINE = 2.5  # em of each line that a cell may take: more than any takes
PLAIN_LOOK = Look()


class Cell(Struct, frozen=True):
    """A cell of a row: over columns from ``first`` to before ``until``."""

    first: int
    until: int
    text: str
    look: CellLook


class RowSet(Struct):
    """How a row is set: its ``height``, the ``baseline`` below its top that its cells have in common, and the texts of
    cells that are set each for itself, by their first column; None where all cells are lines of one text a column."""

    height: float
    baseline: float
    texts: dict[int, TextMark] | None = None


Taken = tuple[CellLook, float, float]
"""A cell's look, what its text takes above its first baseline, and in all: in points."""


def _row_set(cells: Sequence[Taken], texts: dict[int, TextMark] | None = None, least: float = 0.0) -> RowSet:
    """The least row that has these cells."""
    on_one_line = [(look, above, taken) for look, above, taken in cells if look.anchor == "baseline"]
    baseline = max((look.padding[0] + above for look, above, _ in on_one_line), default=0.0)
    below = max((taken - above + look.padding[2] for look, above, taken in on_one_line), default=0.0)
    others = (taken + look.padding[0] + look.padding[2] for look, _, taken in cells if look.anchor != "baseline")
    return RowSet(max(least, baseline + below, *others), baseline, texts)


class TableLooks:
    """What a table layer looks like in one locale."""

    def __init__(self, said: TableOptions, composing: Composing) -> None:
        self.said = said
        self._separators, self._text_layer = decimal_separators(composing.locale), composing.text_layer
        self._right = "start" if composing.direction == "rtl" else "end"
        self._looks: dict[tuple[str, int], CellLook] = {}
        self._last: tuple[tuple[str, float], MeasuredTable] | None = None

    def measured(self, composing: Composing, written: str, width: float) -> MeasuredTable:
        """The table with these cells, so wide; once for all its pages. Raises TooWide."""
        if self._last is None or self._last[0] != (written, width):
            self._looks = {}  # what they have measured is of one table, whatever else was set before
            self._last = (written, width), MeasuredTable(self, composing, TableContent.read(written), width)
        return self._last[1]

    def row(self, kind: str) -> Look:
        said = self.said
        group = said.group
        of_kinds = {"header": said.header, "total": said.total_look}
        if group:
            of_kinds |= {"heading": group.heading_look, "subtotal": group.subtotal_look}
        return of_kinds.get(kind, PLAIN_LOOK)

    def cell(self, kind: str, at: int) -> CellLook:
        """The look of the cells of a column (by its place in the layer) in rows of a kind."""
        if (kind, at) not in self._looks:
            self._looks[kind, at] = self._cell(kind, self.said.columns[at])
        return self._looks[kind, at]

    def anchored(self, kind: str, at: int, anchor: CellAnchor) -> CellLook:
        """That of one that stands elsewhere in its row; what is measured in it they have in common."""
        return replace(self.cell(kind, at), anchor=anchor)

    def _cell(self, kind: str, column: Column) -> CellLook:
        said, row = self.said, self.row(kind)
        own = column if kind in ("row", "subtotal", "total") else PLAIN_LOOK
        size = (row.size or own.size or said.size).points(0)
        decimal = column.align == "decimal"
        figures = column.figures if own is column else "plain"
        options = text_options({
            "role": row.role or own.role or said.role,
            "color": row.color or own.color or said.color,
            "size": f"{size:.6f}pt",
            "lines": column.lines,
            "align": "start" if kind == "heading" else self._right if decimal else column.align,
            "figures": figures,
            "features": ("tabular",) if decimal and own is column else None,
            "markup": said.markup,
            "overflow": said.overflow,
        })  # fmt: skip
        top, right, bottom, left = (one.points(size) for one in row.padding or said.padding)
        anchor = next((one for one in CELL_ANCHORS if one == own.anchor), None)  # else it is asked of each item
        return CellLook(
            self._text_layer(options), size, (top, right, bottom, left), column.lines, said.markup is not False,
            figures == "plain", row.anchor or anchor or said.anchor,
            self._separators if decimal and own is column else "",
        )  # fmt: skip


class MeasuredTable:
    """Columns and rows of one table. ``offsets`` are where columns begin, from the side where reading does."""

    def __init__(self, looks: TableLooks, composing: Composing, content: TableContent, width: float) -> None:
        self.looks, self.content, self.said = looks, content, looks.said
        self.columns = [self.said.columns[at] for at in content.columns]
        self._composing = composing
        self._again: dict[int, tuple[TableRow, RowSet]] = {}
        self.header_cells: list[Cell] = []
        self._measure_texts()
        self.most_right = [0.0] * len(self.columns)
        natural = [self._natural(at) for at in range(len(self.columns))]
        self.widths = widths([column.asked(width) for column in self.columns], natural, width)
        self.offsets = [sum(self.widths[:at]) for at in range(len(self.widths) + 1)]
        self.header = self._header()
        self.rows = self._rows()
        self.heights = [row.height for row in self.rows]
        self.is_even = self._even_rows()

    @property
    def header_height(self) -> float:
        return self.header.height if self.header else 0.0

    def page_end(self, start: int, room: float) -> int:
        """Before which row a page so high ends that begins with the row ``start``."""
        repeated = self.repeated(start)
        above = self.header_height + (self.again(repeated)[1].height if repeated is not None else 0.0)
        return page_end(self.content.rows, self.heights, start, room - above)

    def extent(self, rect: Rect, start: int, end: int, *, is_mirrored: bool) -> Rect:
        """What these rows take of a box, with what stands above them; no more than there is."""
        repeated = self.repeated(start)
        again = self.again(repeated)[1].height if repeated is not None else 0.0
        high = self.header_height + again + sum(self.heights[start:end])
        width = self.offsets[-1]
        return Rect(rect.right - width if is_mirrored else rect.x, rect.y, width, min(high, rect.height))

    def entries(self, start: int, end: int) -> tuple[str, str]:
        """What a running head calls the first and the last of these rows; sums are none of theirs."""
        rows = self.content.rows
        named = [at for at in range(start, end) if rows[at].kind not in SUMS]
        if not named:  # sums alone are of a row on a page before
            named = [at for at in range(start - 1, -1, -1) if rows[at].kind not in SUMS][:1]
        return (self._entry(named[0]), self._entry(named[-1])) if named else ("", "")

    def _entry(self, at: int) -> str:
        """Its group's heading, or its first cell."""
        rows = self.content.rows
        own = rows[at]
        named = (row for row in reversed(rows[: at + 1]) if row.kind == "heading" and row.group == own.group)
        said = next(named, own).cells[0]
        return "".join(piece.text for piece in pieces(said)) if self.said.markup else said

    def repeated(self, start: int) -> int | None:
        """The heading that stands again above the row that a page begins with."""
        rows, group = self.content.rows, self.said.group
        if not group or not group.repeat or not 0 < start < len(rows) or rows[start].kind == "heading":
            return None
        if rows[start].group == 0:
            return None
        own = rows[start].group
        headings = (at for at in range(start, -1, -1) if rows[at].kind == "heading")
        at = next(headings, None)
        return at if at is not None and rows[at].group == own else None

    def again(self, heading: int) -> tuple[TableRow, RowSet]:
        """A heading as it stands where its group goes on."""
        row, known = self.content.rows[heading], self._again
        if len(row.cells) < 2:
            return row, self.rows[heading]
        if heading not in known:
            row = replace(row, cells=row.cells[1:])
            known[heading] = row, self._apart([list(self.cells(row))], self.alike)[0]
        return known[heading]

    def cells(self, row: TableRow, kind: str = "") -> Iterator[Cell]:
        """The cells of a row that say something."""
        if row.kind == "heading":
            yield Cell(0, len(self.columns), row.cells[0], self.looks.cell("heading", self.content.columns[0]))
            return
        covered = 0
        for at, text in enumerate(row.cells):
            if at < covered:
                continue
            covered = min(at + (row.spans[at] if row.spans else 1), len(self.columns))
            if text.strip():
                kind_of, place = kind or row.kind, self.content.columns[at]
                anchor = row.anchors[at] if row.anchors else None
                look = self.looks.anchored(kind_of, place, anchor) if anchor else self.looks.cell(kind_of, place)
                yield Cell(at, covered, text, look)

    def width_of(self, cell: Cell) -> float:
        """The room of its text."""
        _, end, _, start = cell.look.padding
        return self.offsets[cell.until] - self.offsets[cell.first] - start - end

    # ------------------------------------------------------------------------------------------------------- measured

    def _measure_texts(self) -> None:
        """Texts of rows; those of other kinds are few, and are measured where they decide how wide a column is."""
        for at, place in enumerate(self.content.columns):
            look = self.looks.cell("row", place)
            texts = [row.cells[at] for row in self.content.rows if row.kind == "row"]
            look.measure(self._composing, texts)
            self._measure_rights(look, texts)
            if self.columns[at].width == "content":
                self.looks.cell("header", place).measure(self._composing, [self.content.header[at]])
            for kind in SUMS:
                sums = self.looks.cell(kind, place)
                texts = [row.cells[at] for row in self.content.rows
                         if row.kind == kind and not (row.spans and row.spans[at] > 1)]  # fmt: skip
                sums.measure(self._composing, texts)
                self._measure_rights(sums, texts)

    def _measure_rights(self, look: CellLook, texts: list[str]) -> None:
        if look.decimal:
            plain = (text for text in dict.fromkeys(texts) if look.is_plain_cell(text))
            rights = (right_of_separator(text, look.decimal) for text in plain)
            look.measure(self._composing, [FIGURE, *(right for right in rights if right)])

    def right(self, look: CellLook, text: str) -> float | None:
        """How much of a plain cell stands to the right of its separator; None of what is no number."""
        if not look.decimal or not look.is_plain_cell(text):
            return None
        said = right_of_separator(text, look.decimal)
        return None if said is None else look.width(said) - look.width(FIGURE)

    def _natural(self, at: int) -> float:
        """How wide a column is whose cells all are on one line."""
        place, widest = self.content.columns[at], 0.0
        left = right = other = 0.0
        for row in self.content.rows:
            if row.kind == "heading" or (row.spans and row.spans[at] > 1) or not row.cells[at].strip():
                continue
            look, text = self.looks.cell(row.kind, place), row.cells[at]
            behind = self.right(look, text)
            if behind is None:
                other = max(other, look.width(text))
            else:
                left, right = max(left, look.width(text) - behind), max(right, behind)
        self.most_right[at] = right
        header = self.looks.cell("header", place)
        is_wide = self.columns[at].header_span > 1
        own = self.looks.cell("row", place)
        widest = max(left + right, other) + own.padding[1] + own.padding[3]
        of_header = 0.0 if is_wide else header.width(self.content.header[at]) + header.padding[1] + header.padding[3]
        return max(widest, of_header) + ROOM

    def _header(self) -> RowSet | None:
        if not any(text.strip() for text in self.content.header):
            return None
        spans = tuple([column.header_span for column in self.columns])
        row = TableRow("row", self.content.header, spans if any(span > 1 for span in spans) else ())
        self.header_cells = list(self.cells(row, "header"))
        return self._apart([self.header_cells])[0]

    def _rows(self) -> list[RowSet]:
        """Rows whose cells are all on one line are alike; all others are fitted, all at once."""
        places = self.content.columns
        body = [self.looks.cell("row", place) for place in places]
        self.alike = alike = _row_set([(look, look.reach[0], sum(look.reach)) for look in body])
        apart = [at for at, row in enumerate(self.content.rows) if not self._is_simple(row)]
        cells = [list(self.cells(self.content.rows[at])) for at in apart]
        texts = dict(zip(apart, self._apart(cells, alike), strict=True))
        return [texts.get(at, alike) for at in range(len(self.content.rows))]

    def _is_simple(self, row: TableRow) -> bool:
        if row.kind != "row" or row.spans or row.anchors:
            return False
        return all(
            cell.look.is_plain_cell(cell.text) and cell.look.width(cell.text) <= self.width_of(cell)
            for cell in self.cells(row)
        )

    def _apart(self, rows: list[list[Cell]], alike: RowSet | None = None) -> list[RowSet]:
        """Rows of which each cell is set for itself."""
        marks: list[TextMark] = []
        owners: list[tuple[int, Cell]] = []
        for number, cells in enumerate(rows):
            for cell in cells:
                if mark := cell.look.mark(self._composing, cell.text):
                    high = LINE * cell.look.size * cell.look.lines
                    marks.append(replace(mark, rect=Rect(0, 0, max(self.width_of(cell), 1.0), high), anchor="top"))
                    owners.append((number, cell))
        set_in: list[dict[int, TextMark]] = [{} for _ in rows]
        taken: list[list[Taken]] = [[] for _ in rows]
        for (number, cell), mark in zip(owners, self._composing.fitted(marks), strict=True):
            if mark.fit:
                high = mark.fit.extent.height
                taken[number].append((cell.look, mark.fit.edges[0] * mark.fit.size, high))
                set_in[number][cell.first] = replace(mark, rect=replace(mark.rect, height=high + ROOM))
        least = alike.height if alike else 0.0
        return [_row_set(some, texts, least) for some, texts in zip(taken, set_in, strict=True)]

    def _even_rows(self) -> frozenset[int]:
        """Every second row of those between two headings."""
        even: set[int] = set()
        count = 0
        for at, row in enumerate(self.content.rows):
            count = count + 1 if row.kind == "row" else 0
            if row.kind == "row" and count % 2 == 0:
                even.add(at)
        return frozenset(even)
