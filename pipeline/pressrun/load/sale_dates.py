"""When the sales of a shop's export are on, by the date of the job: the price of one that is over, or has not begun, is
not what is paid."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from pressrun.model.finding import Finding, Place, Severity
from pressrun.readers.bad_cell import BadCell
from pressrun.readers.cells import ReadAs, typed
from pressrun.readers.written_dates import iso_date
from pressrun.readers.written_table import WrittenTable, capped

STARTS, ENDS, SPAN = "sale_starts", "sale_ends", "sale_span"
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{1,2}:\d{2}\S*)?\Z", re.ASCII)  # sales last for whole days


class SaleDates(Struct, frozen=True):
    """The first and the last day of each row's sale, as they are written; '' where it has none."""

    starts: Sequence[Any]
    ends: Sequence[Any]

    @classmethod
    def of(cls, columns: Sequence[Sequence[Any]], taken: Mapping[str, int]) -> SaleDates | None:
        """Those of an export with columns of them, of which one may be of both days (``2027-03-01/2027-03-31``)."""
        if SPAN in taken:
            parts = [cell.partition("/") if isinstance(cell, str) else (cell, "", "") for cell in columns[taken[SPAN]]]
            return cls([first for first, _, _ in parts], [last for _, _, last in parts])
        if not {STARTS, ENDS} & taken.keys():
            return None
        none = [""] * len(columns[0])
        return cls(*(columns[taken[name]] if name in taken else none for name in (STARTS, ENDS)))

    def off(
        self, table: WrittenTable, price: int, today: dt.date, types: Mapping[str, ReadAs]
    ) -> tuple[frozenset[int], list[Finding]]:
        """The rows whose sale is not on, by the column of its ``price``. Codes: ``sale-not-on``, a note; and
        ``unread-sale-date``, where that cannot be told."""
        off: list[tuple[int, str]] = []
        unread: list[tuple[int, str, BadCell]] = []
        for row, cell in enumerate(table.columns[price]):
            if cell in ("", None):
                continue
            try:
                first, last = _day(self.starts[row], types.get(STARTS)), _day(self.ends[row], types.get(ENDS))
            except BadCell as fault:
                unread.append((row, f"{self.starts[row]} – {self.ends[row]}".strip(" –"), fault))
                continue
            if last is not None and last < today:
                off.append((row, f"ended on {last}"))
            elif first is not None and first > today:
                off.append((row, f"begins on {first}"))

        def place(one: tuple[int, *tuple[Any, ...]]) -> Place:
            return table.cell_places([(one[0], price)])[0]

        def told(one: tuple[int, str]) -> Finding:
            message = f"a sale that {one[1]} is none on {today}, the date of the job: its price is left out"
            return Finding(Severity.NOTE, "sale-not-on", message, place(one))

        def told_unread(one: tuple[int, str, BadCell]) -> Finding:
            message = f"the dates of this sale, {one[1]}, are not {one[2].expected}: it is printed as if it were on"
            hint = f"{one[2].hint}, or say how they are written: `dates: {{{STARTS}: en-US, {ENDS}: en-US}}`"
            return Finding(Severity.WARNING, "unread-sale-date", message, place(one), hint)

        found = [*capped(off, told, place, "sales are not on"), *capped(unread, told_unread, place, "sales likewise")]
        return frozenset(row for row, _ in off), found


def are_days(columns: Sequence[Sequence[Any]], numbers: Iterable[int]) -> bool:
    """Whether cells of these columns are days as exports write them, or empty, as not all are."""
    try:
        days = [_day(cell, None) for number in numbers for cell in columns[number]]
    except BadCell:
        return False
    return any(days)


def _day(cell: Any, kind: ReadAs | None) -> dt.date | None:
    if not (written := str(cell or "").strip()):
        return None
    if kind not in (None, "text"):
        day: dt.date = typed(written, kind)
        return day
    match = _MOMENT.match(written)
    return iso_date(match[1] if match else written)
