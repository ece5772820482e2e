"""What one page has of a table, as marks: what lies behind its rows, its rules, its texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from pressrun.graphics.paths.outlines import steps
from pressrun.layers.table.cells import CellLook, oriented, placed, stacked, with_fit
from pressrun.layers.table.measured import Cell, MeasuredTable, RowSet
from pressrun.layers.table.options import Rule, TableOptions
from pressrun.model.composition import Composing
from pressrun.model.geometry import Rect
from pressrun.model.sheet import Mark, ShapeMark, TextMark
from pressrun.model.table_content import TableRow

HEADER = "header"


class _Line(Struct, frozen=True):
    """A row on the page: its number in the table (None: the header), and where it is."""

    number: int | None
    row: TableRow
    set: RowSet
    top: float

    @property
    def bottom(self) -> float:
        return self.top + self.set.height


def marks_of(
    said: TableOptions, composing: Composing, table: MeasuredTable, rect: Rect, start: int, end: int
) -> list[Mark]:
    """The marks of the rows from ``start`` to before ``end``, with the header above them."""
    return _Portion(said, composing, table, rect, start, end).marks()


class _Portion:
    def __init__(
        self, said: TableOptions, composing: Composing, table: MeasuredTable, rect: Rect, start: int, end: int
    ) -> None:
        self.said, self.composing, self.table = said, composing, table
        self.is_mirrored = composing.mirrored(said)
        self.width = table.offsets[-1]
        self.left = rect.right - self.width if self.is_mirrored else rect.x
        self.lines = list(self._lines(rect.y, start, end))
        self.merged = self._merged()
        self.foot = self._feet()

    def _lines(self, top: float, start: int, end: int) -> Iterator[_Line]:
        table = self.table
        if table.header:
            yield _Line(None, TableRow("row", table.content.header), table.header, top)
            top += table.header.height
        repeated = table.repeated(start)
        if repeated is not None:
            row, again = table.again(repeated)
            yield _Line(repeated, row, again, top)
            top += again.height
        for number in range(start, end):
            yield _Line(number, table.content.rows[number], table.rows[number], top)
            top += table.heights[number]

    def marks(self) -> list[Mark]:
        if not self.lines:
            return []
        return [*self._fills(), *self._rules(), *self._texts()]

    def x(self, first: int, until: int) -> tuple[float, float]:
        """The left edge and the width of columns."""
        begin, end = self.table.offsets[first], self.table.offsets[until]
        return self.left + (self.width - end if self.is_mirrored else begin), end - begin

    # --------------------------------------------------------------------------------------------- behind and between

    def _fills(self) -> Iterator[ShapeMark]:
        for line in self.lines:
            kind = HEADER if line.number is None else line.row.kind
            fill = self.table.looks.row(kind).fill
            if kind == "row":
                fill = self.said.zebra if line.number in self.table.is_even else None
            if fill:
                rect = Rect(self.left, line.top, self.width, line.set.height)
                yield ShapeMark(self._name(line, "fill"), rect, "rect", self.composing.ink(fill), None, 0.0, 0.0)

    def _rules(self) -> Iterator[ShapeMark]:
        rules, first, last = self.said.rules, self.lines[0], self.lines[-1]
        whole = [(self.left, self.left + self.width)]
        yield from self._drawn("above", rules.above, [(first.top, whole)])
        yield from self._drawn("end", rules.end, [(last.bottom, whole)])
        below = [(line.bottom, whole) for line in self.lines if line.number is None]
        yield from self._drawn("below_header", rules.below_header, below)
        pairs = [(one, two) for one, two in zip(self.lines, self.lines[1:], strict=False) if one.number is not None]
        sums = [(two.top, whole) for _, two in pairs if two.row.kind in ("subtotal", "total")]
        yield from self._drawn("above_sums", rules.above_sums, sums)
        between = [
            (two.top, self._between(two.number)) for one, two in pairs if one.row.kind == "row" == two.row.kind
        ]  # fmt: skip
        yield from self._drawn("between", rules.between, between)
        if rules.columns:
            yield from self._uprights(rules.columns)

    def _between(self, number: int | None) -> list[tuple[float, float]]:
        """Where a rule is drawn above a row: not through cells that are one with those above."""
        parts = []
        for at in range(len(self.table.columns)):
            if (number, at) not in self.merged:
                x, width = self.x(at, at + 1)
                parts.append((x, x + width))
        joined: list[tuple[float, float]] = []
        for begin, end in sorted(parts):
            if joined and abs(joined[-1][1] - begin) < 0.001:
                joined[-1] = (joined[-1][0], end)
            else:
                joined.append((begin, end))
        return joined

    def _drawn(
        self, name: str, rule: Rule | None, at: list[tuple[float, list[tuple[float, float]]]]
    ) -> Iterator[ShapeMark]:
        """Rules of one kind, in one outline."""
        if rule and at:
            taken = [step for y, parts in at for begin, end in parts for step in ((begin, y, "m"), (end, y, "l"))]
            top, bottom = at[0][0], at[-1][0]
            yield self._outline(name, rule, Rect(self.left, top, self.width, bottom - top), taken)

    def _uprights(self, rule: Rule) -> Iterator[ShapeMark]:
        """Rules between columns, but not through headings and cells that go over several."""
        taken: list[tuple[float | str, ...]] = []
        for at in range(1, len(self.table.columns)):
            x, width = self.x(at, at + 1)
            x += width if self.is_mirrored else 0.0
            goes_on = False
            for line in self.lines:
                goes_on, above = not any(cell.first < at < cell.until for cell in self._cells(line)), goes_on
                if goes_on and above:
                    taken[-1] = (x, line.bottom, "l")
                elif goes_on:
                    taken += [(x, line.top, "m"), (x, line.bottom, "l")]
        if taken:
            top, bottom = self.lines[0].top, self.lines[-1].bottom
            yield self._outline("columns", rule, Rect(self.left, top, self.width, bottom - top), taken)

    def _outline(self, name: str, rule: Rule, rect: Rect, taken: Iterable[tuple[float | str, ...]]) -> ShapeMark:
        ink, width = self.composing.ink(rule.color), rule.width.points(0)
        layer = f"{self.composing.layer}/{name}"
        return ShapeMark(layer, rect, "figure", None, ink, width, 0.0, outline=steps(taken))

    # ---------------------------------------------------------------------------------------------------------- texts

    def _merged(self) -> frozenset[tuple[int | None, int]]:
        """The cells, by row and column, that are one with those above them on this page."""
        found = set()
        for one, two in zip(self.lines, self.lines[1:], strict=False):
            if one.number is None or not one.row.kind == "row" == two.row.kind:
                continue
            for at, column in enumerate(self.table.columns):
                if column.merge and one.row.cells[at] == two.row.cells[at]:
                    found.add((two.number, at))
        return frozenset(found)

    def _feet(self) -> dict[tuple[int | None, int], float]:
        """Where cells end that others below are one with, by row and column."""
        found: dict[tuple[int | None, int], float] = {}
        for one, two in reversed(list(pairwise(self.lines))) if self.merged else ():
            for at in range(len(self.table.columns)):
                if (two.number, at) in self.merged:
                    found[one.number, at] = found.get((two.number, at), two.bottom)
        return found

    def _baseline(self, line: _Line, at: int, look: CellLook, above: float, taken: float) -> float:
        """Where the first baseline of a cell stands on the page; see :meth:`CellLook.baseline`."""
        height = self.foot.get((line.number, at), line.bottom) - line.top
        return line.top + look.baseline(above, taken, height, line.set.baseline)

    def _texts(self) -> list[TextMark]:
        found: list[TextMark] = []
        alike: list[_Line] = []
        for line in self.lines:
            if line.set.texts is None:
                alike.append(line)
                continue
            found += self._columns_of(alike)
            alike = []
            found += self._apart(line)
        return found + self._columns_of(alike)

    def _cells(self, line: _Line) -> Iterable[Cell]:
        return self.table.header_cells if line.number is None else self.table.cells(line.row)

    def _apart(self, line: _Line) -> Iterator[TextMark]:
        for cell in self._cells(line):
            mark = (line.set.texts or {}).get(cell.first)
            if mark is None or (line.number, cell.first) in self.merged:
                continue
            name = self._name(line, str(cell.first + 1))
            x, _ = self._text_room(cell)
            right = self.table.right(cell.look, cell.text) if mark.fit and mark.fit.lines == 1 else None
            above, taken = (mark.fit.edges[0] * mark.fit.size, mark.fit.extent.height) if mark.fit else (0.0, 0.0)
            baseline = self._baseline(line, cell.first, cell.look, above, taken)
            yield placed(mark, x - self._short_of_edge(cell.first, right), baseline, name)

    def _columns_of(self, lines: list[_Line]) -> list[TextMark]:
        """Rows that are alike, as one text a column; numbers that stand by their separators are one text for each
        width of what is behind it, and merged cells for each place in their rows."""
        marks: list[TextMark] = []
        places: list[tuple[float, float, str]] = []
        for at, place in enumerate(self.table.content.columns if lines else ()):
            look = self.table.looks.cell("row", place)
            of_widths: dict[tuple[float | None, float], dict[int, str]] = {}
            for number, line in enumerate(lines):
                text = line.row.cells[at]
                if text.strip() and (line.number, at) not in self.merged:
                    right = self.table.right(look, text)
                    down = line.set.baseline
                    if look.anchor != "baseline":
                        down = self._baseline(line, at, look, look.reach[0], sum(look.reach)) - line.top
                    alike = right if right is None else round(right, 2), round(down, 3)
                    of_widths.setdefault(alike, {})[number] = text
            x, width = self._text_room(Cell(at, at + 1, "", look))
            for (right, down), texts in of_widths.items():
                first, last = min(texts), max(texts)
                said = "\n".join(oriented(texts.get(one, ""), self.composing) for one in range(first, last + 1))
                if mark := look.mark(self.composing, said):
                    count, pitch = last + 1 - first, lines[first].set.height
                    room = Rect(x, 0, width - self._short_of_edge(at, right), count * pitch)
                    stack = replace(stacked(mark, count, pitch), rect=room, anchor="top")
                    marks.append(with_fit(stack, look, pitch, max(look.width(text) for text in texts.values())))
                    places.append((x, lines[first].top + down, self._name(lines[first], str(at + 1))))
        fits = iter(self.composing.fitted([mark for mark in marks if mark.fit is None]))
        fitted = [mark if mark.fit else next(fits) for mark in marks]
        return [placed(mark, *place) for mark, place in zip(fitted, places, strict=True)]

    def _text_room(self, cell: Cell) -> tuple[float, float]:
        x, width = self.x(cell.first, cell.until)
        _, end, _, start = cell.look.padding
        return x + (end if self.is_mirrored else start), width - start - end

    def _short_of_edge(self, at: int, right: float | None) -> float:
        """How far from the right edge of its column a number ends that has so much behind its separator."""
        return 0.0 if right is None else max(0.0, self.table.most_right[at] - right)

    def _name(self, line: _Line, part: str) -> str:
        row = HEADER if line.number is None else str(line.number + 1)
        return f"{self.composing.layer}/{row}.{part}"
