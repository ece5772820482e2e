"""Objects of opened PDFs written into one that is streamed: what several of them have, such as a font, a plate or a
profile, is in it once."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
from msgspec import Struct
from pikepdf import Array, Dictionary, Stream

from pressrun.graphics.merged.streamed_pdf import LEVEL, StreamedPdf

_REFERENCE = re.compile(rb"\((?:[^\\()]|\\.)*\)|<[0-9A-Fa-f]+>|\b(\d+) (\d+) R\b", re.DOTALL)
_PAGES = frozenset({"/Page", "/Pages", "/Catalog"})
Number = tuple[int, int]  # an object's, and its generation


class _Cut(Struct):
    """An object as qpdf writes it, with what it refers to between its ``parts``."""

    parts: list[bytes]
    references: list[Number]
    data: bytes | None
    next: int = 0  # of the references, the first that was not looked at


class CopiedObjects:
    """Copies into a file. Of each document the objects are numbered anew by ``begin``; what one says is compared with
    all that was said before, and what several say that refer to each other is compared together. Where it is not to
    ``compare``, all are as they were: of what looks alike each may yet come to mean something else, as layers and
    contents do that are switched on and off."""

    def __init__(self, pdf: StreamedPdf, compare: bool = True) -> None:
        self._pdf, self._compare = pdf, compare
        self._known: dict[bytes, list[int]] = {}
        self._source: pikepdf.Pdf | None = None
        self._numbers: dict[Number, int] = {}

    def begin(self, source: pikepdf.Pdf) -> None:
        """What is copied from now on is of this document."""
        self._source, self._numbers = source, {}

    def number(self, one: Any) -> int:
        """An indirect object with all below it, unless the file has it; its number there."""
        own: Number = one.objgen
        if own not in self._numbers:
            self._copy(own)
        return self._numbers[own]

    def new(self, one: Any) -> int:
        """The same for what there is no second of, which is not compared."""
        cut = self._cut(one)
        number = self._pdf.reserve()
        self._write(number, self._settled(cut), cut.data)
        return number

    def text(self, one: Any) -> bytes:
        """What is no object of its own, as it is written; all that it refers to is copied."""
        return self._settled(self._cut(one))

    def _settled(self, cut: _Cut) -> bytes:
        for below in cut.references:
            if below not in self._numbers:
                self._copy(below)
        return self._written(cut, self._numbers.__getitem__)

    def _copy(self, first: Number) -> None:
        """What lies below comes first; objects that lead back to each other come together (Tarjan, 1972)."""
        cuts = {first: self._cut(self._below(first))}
        place, back = {first: 0}, {first: 0}  # in the order they came; the first that each leads back to
        waiting, open_ = [first], [first]
        while waiting:
            own = waiting[-1]
            cut = cuts[own]
            while cut.next < len(cut.references):
                below = cut.references[cut.next]
                cut.next += 1
                if below in self._numbers:
                    continue
                if below in place:
                    back[own] = min(back[own], place[below])
                    continue
                place[below] = back[below] = len(place)
                cuts[below] = self._cut(self._below(below))
                waiting.append(below)
                open_.append(below)
                break
            else:
                waiting.pop()
                if waiting:
                    back[waiting[-1]] = min(back[waiting[-1]], back[own])
                if back[own] == place[own]:
                    ring = [open_.pop()]
                    while ring[-1] != own:
                        ring.append(open_.pop())
                    self._put({one: cuts.pop(one) for one in reversed(ring)})

    def _below(self, number: Number) -> Any:
        """What is referred to; pages, which lead everywhere, are left out."""
        assert self._source is not None
        one = self._source.get_object(number)
        return None if isinstance(one, Dictionary) and str(one.get("/Type")) in _PAGES else one

    def _put(self, ring: dict[Number, _Cut]) -> None:
        """Write objects that refer to each other, mostly one alone, unless the same are there."""
        known = self._hash(ring) if self._compare else b""
        there = self._known.get(known)
        numbers = there or [self._pdf.reserve() for _ in ring]
        self._numbers.update(zip(ring, numbers, strict=True))
        if there:
            return
        if known:
            self._known[known] = numbers
        for number, cut in zip(numbers, ring.values(), strict=True):
            self._write(number, self._written(cut, self._numbers.__getitem__), cut.data)

    def _hash(self, ring: dict[Number, _Cut]) -> bytes:
        """What objects say, of each other by their places among them."""
        places = {own: -at for at, own in enumerate(ring, 1)}

        def number(below: Number) -> int:
            return places[below] if below in places else self._numbers[below]

        said = hashlib.blake2b(digest_size=16)
        for cut in ring.values():
            text = self._written(cut, number)
            said.update(b"%d %d " % (len(text), -1 if cut.data is None else len(cut.data)) + text)
            said.update(cut.data or b"")
        return said.digest()

    def _write(self, number: int, text: bytes, data: bytes | None) -> None:
        if data is None:
            self._pdf.put(number, text)
            return
        entries = text.strip()[2:-2].strip()
        if b"/Filter" not in entries and data:
            data, entries = zlib.compress(data, LEVEL), entries + b" /Filter /FlateDecode"
        self._pdf.put_stream(number, entries, data)

    def _written(self, cut: _Cut, number: Callable[[Number], int]) -> bytes:
        pieces = [cut.parts[0]]
        for below, part in zip(cut.references, cut.parts[1:], strict=True):
            pieces += (b"%d 0 R" % number(below), part)
        return b"".join(pieces)

    def _cut(self, one: Any) -> _Cut:
        parts, references, at = [], [], 0
        text, data = _said(one), one.read_raw_bytes() if isinstance(one, Stream) else None
        for match in _REFERENCE.finditer(text):
            if match[1]:
                parts.append(text[at : match.start()])
                references.append((int(match[1]), int(match[2])))
                at = match.end()
        parts.append(text[at:])
        return _Cut(parts, references, data)


def _said(one: Any) -> bytes:
    """An object as qpdf writes it, but for the length of a stream."""
    if isinstance(one, Stream):
        keys: Any = one.stream_dict
        one = Dictionary({key: value for key, value in keys.items() if key != "/Length"})
    if isinstance(one, pikepdf.Object):
        return one.unparse(resolved=True)
    return Array([one]).unparse().strip(b"[ ]")
