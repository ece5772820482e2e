"""How often the pages of a file draw what they draw by name: forms within forms are counted once for every way to them,
since whoever prints the sheet goes all of these ways."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator
from typing import Any

from pikepdf import Dictionary, Object, Stream

from pressrun.readers.press_pdf.budget import MOST_DRAWS, Spent

_NAMED = re.compile(rb"/([^\x00-\x20/\[\]()<>{}%]+)[\x00\t\n\f\r ]+(Do|scn|SCN|gs)\b")
_KINDS = {b"Do": "/XObject", b"scn": "/Pattern", b"SCN": "/Pattern", b"gs": "/ExtGState"}


class TimesDrawn:
    """Told of every content, and asked in the end."""

    def __init__(self) -> None:
        self._draws: dict[Hashable, Counter[Hashable]] = {}

    def content(self, owner: Object, data: bytes) -> None:
        """What a page, a form or a pattern draws; a page's streams come one after the other."""
        found = self._draws.setdefault(_key(owner), Counter())
        resources = owner.get("/Resources")
        if not isinstance(resources, Dictionary):
            return
        for (name, operator), count in Counter(_NAMED.findall(data)).items():
            drawn = _drawn(resources, _KINDS[operator], name)
            if drawn is not None:
                found[_key(drawn)] += count

    def require_within(self) -> None:
        """Raises Spent where a page draws more than any sound one does."""
        totals: dict[Hashable, int] = {}
        for start in self._draws:
            for one in self._inner_first(start, totals):
                inner = self._draws[one]
                totals[one] = sum(count * (1 + totals.get(drawn, 0)) for drawn, count in inner.items())
                if totals[one] > MOST_DRAWS:
                    raise Spent("it draws its forms more often than any sound page does")

    def _inner_first(self, start: Hashable, done: dict[Hashable, int]) -> Iterator[Hashable]:
        """What is drawn below something, before it, but for what is ``done``. Raises Spent for a ring."""
        around: dict[Hashable, Iterator[Hashable]] = {}
        waiting = [start] if start not in done else []
        while waiting:
            one = waiting[-1]
            below = around.setdefault(one, iter(self._draws.get(one, ())))
            deeper = next((drawn for drawn in below if drawn in self._draws and drawn not in done), None)
            if deeper is None:
                waiting.pop()
                del around[one]
                yield one
            elif deeper in around:
                raise Spent("a form in it is drawn within itself")
            else:
                waiting.append(deeper)


def _key(one: Object) -> Hashable:
    return one.objgen if one.objgen[0] else one.unparse()


def _drawn(resources: Any, kind: str, name: bytes) -> Object | None:
    """The content that is drawn by a name: a form, a pattern, or the soft mask of a state."""
    some = resources.get(kind)
    one: Any = some.get("/" + name.decode("latin-1")) if isinstance(some, Dictionary) else None
    if kind == "/ExtGState":
        mask = one.get("/SMask") if isinstance(one, Dictionary) else None
        one = mask.get("/G") if isinstance(mask, Dictionary) else None
    return one if isinstance(one, Stream) and (one.get("/Subtype") == "/Form" or one.get("/PatternType") == 1) else None
