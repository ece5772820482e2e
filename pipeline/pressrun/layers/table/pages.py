"""Where a table is parted between pages: never within a row, and so that what belongs together stays."""

from __future__ import annotations

from collections.abc import Sequence

from pressrun.model.table_content import TableRow

TOLERANCE = 0.01  # points
SUMS = ("subtotal", "total")


def page_end(rows: Sequence[TableRow], heights: Sequence[float], start: int, room: float) -> int:
    """Before which row a page ends that begins with the row ``start`` and has so much room (points): ``start`` itself
    where not even one row fits. A page that has only bad ends is as full as can be."""
    end, taken = start, 0.0
    while end < len(rows) and taken + heights[end] <= room + TOLERANCE:
        taken += heights[end]
        end += 1
    if end == len(rows):
        return end
    return next((at for at in range(end, start, -1) if is_good_end(rows, start, at)), end)


def is_good_end(rows: Sequence[TableRow], start: int, end: int) -> bool:
    """Whether no heading is left alone, no sum parted from its rows, and no single row from those of its group, at
    the foot of the page or at the head of the next."""
    before, behind = rows[end - 1], rows[end]
    if before.kind == "heading" or behind.kind in SUMS:
        return False
    if behind.kind == "heading" or before.kind in SUMS:
        return True
    follows = rows[end + 1].kind if end + 1 < len(rows) else None
    leads = rows[end - 2].kind if end - 2 >= 0 else None
    alone_behind = follows != "row" and end - start > 2
    alone_before = leads == "heading" and end - 2 > start
    return not alone_behind and not alone_before
