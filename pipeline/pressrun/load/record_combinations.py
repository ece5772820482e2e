"""Which records can meet: the rows of a job as far as they can be told before values are worked out."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from pressrun.language.expression import Expression
from pressrun.language.lookup import EvaluationError
from pressrun.model.made_when_asked import lazy_product
from pressrun.model.project import Rows
from pressrun.model.record import Record

MOST = 200_000

Meeting = Mapping[str, tuple[Record, str]]
"""Row set → record and its key."""


class Combinations:
    """The row sets in the axes of ``expand`` (`asked` are all of them, `sets` those that could be read), and the job's
    ``where`` if it reads nothing but them."""

    def __init__(self, rows: Mapping[str, Rows], axes: Iterable[tuple[str, ...]], where: Expression | None) -> None:
        self.rows = rows
        axes = list(axes)
        self.asked = {name for axis in axes for name in axis}
        self.axes = [axis for axis in axes if all(name in rows for name in axis)]
        self.sets = {name for axis in self.axes for name in axis}
        self.where = where if where is not None and where.names <= self.sets else None
        self._found: dict[frozenset[str], list[dict[str, tuple[Record, str]]]] = {}

    def of(self, names: Iterable[str]) -> Iterator[Meeting]:
        """What the row sets `names` have in common rows, each combination once; all of them where there are too many
        to ask ``where``."""
        wanted = [name for name in self.rows if name in set(names) & self.sets]
        needed = frozenset({*wanted, *(self.where.names if self.where else ())})
        if self.where is None or self._size(needed) > MOST:
            for meeting in itertools.islice(self._meetings(frozenset(wanted)), MOST):
                yield {name: meeting[name] for name in wanted}
            return
        seen: set[tuple[int, ...]] = set()
        for meeting in self._let_through(needed):
            mark = tuple([id(meeting[name][0]) for name in wanted])
            if mark not in seen:
                seen.add(mark)
                yield {name: meeting[name] for name in wanted}

    def _let_through(self, names: frozenset[str]) -> list[dict[str, tuple[Record, str]]]:
        if names not in self._found:
            where = self.where
            self._found[names] = [m for m in self._meetings(names) if where is None or _holds(where, m)]
        return self._found[names]

    def _size(self, names: frozenset[str]) -> int:
        size = 1
        for axis in self._axes_of(names):
            size *= len(self.rows[axis[0]])
        return size

    def _axes_of(self, names: frozenset[str]) -> list[tuple[str, ...]]:
        return [axis for axis in self.axes if names & set(axis)]

    def _meetings(self, names: frozenset[str]) -> Iterator[dict[str, tuple[Record, str]]]:
        axes = self._axes_of(names)
        sets = [name for axis in axes for name in axis]
        for chosen in lazy_product([partial(self._records_along, axis) for axis in axes]):
            yield dict(zip(sets, itertools.chain.from_iterable(chosen), strict=True))

    def _records_along(self, axis: tuple[str, ...]) -> Iterator[tuple[tuple[Record, str], ...]]:
        return zip(*(self.rows[name].keyed() for name in axis), strict=False)


def _holds(where: Expression, meeting: Meeting) -> bool:
    try:
        return where.test({name: record for name, (record, _) in meeting.items()})
    except EvaluationError:
        return True  # told when the rows are expanded
