"""Objects of opened PDFs written into one that is streamed: what several of them have, such as a font, a plate or a
profile, is in it once."""

from __future__ import annotations

import hashlib
import re
import zlib
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Stream

from pressrun.graphics.streamed_pdf import LEVEL, StreamedPdf

_REFERENCE = re.compile(rb"\((?:[^\\()]|\\.)*\)|<[0-9A-Fa-f]+>|\b(\d+) (\d+) R\b", re.DOTALL)
_PAGES = frozenset({"/Page", "/Pages", "/Catalog"})
Number = tuple[int, int]  # an object's, and its generation


@dataclass(slots=True)
class _Cut:
    """An object as qpdf writes it, with what it refers to between its ``parts``."""

    parts: list[bytes]
    references: list[Number]
    data: bytes | None
    next: int = 0  # of the references, the first that was not looked at


class CopiedObjects:
    """Copies into a file. Of each document the objects are numbered anew by ``begin``; what one says is compared with
    all that was said before, unless it refers to itself. Where it is not to ``compare``, all are as they were: of what
    looks alike each may yet come to mean something else, as layers and contents do that are switched on and off."""

    def __init__(self, pdf: StreamedPdf, compare: bool = True) -> None:
        self._pdf, self._compare = pdf, compare
        self._known: dict[bytes, int] = {}
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
        return self._written(cut)

    def _copy(self, first: Number) -> None:
        """What lies below comes first; who refers to what is still open there, has made a ring."""
        around = {first: self._cut(self._below(first))}
        waiting = [first]
        while waiting:
            own = waiting[-1]
            cut = around[own]
            while cut.next < len(cut.references):
                below = cut.references[cut.next]
                cut.next += 1
                if below in around and below not in self._numbers:
                    self._numbers[below] = self._pdf.reserve()
                elif below not in self._numbers:
                    around[below] = self._cut(self._below(below))
                    waiting.append(below)
                    break
            else:
                waiting.pop()
                del around[own]
                self._put(own, cut)

    def _below(self, number: Number) -> Any:
        """What is referred to; pages, which lead everywhere, are left out."""
        assert self._source is not None
        one = self._source.get_object(number)
        return None if isinstance(one, Dictionary) and str(one.get("/Type")) in _PAGES else one

    def _put(self, own: Number, cut: _Cut) -> None:
        text = self._written(cut)
        if not self._compare and own not in self._numbers:
            self._numbers[own] = self._pdf.reserve()
        if own in self._numbers:  # it is not compared, or in a ring
            self._write(self._numbers[own], text, cut.data)
            return
        said = hashlib.blake2b(text + (b"\0" if cut.data is not None else b""), digest_size=16)
        said.update(cut.data or b"")
        known = said.digest()
        if known not in self._known:
            self._known[known] = self._pdf.reserve()
            self._write(self._known[known], text, cut.data)
        self._numbers[own] = self._known[known]

    def _write(self, number: int, text: bytes, data: bytes | None) -> None:
        if data is None:
            self._pdf.put(number, text)
            return
        entries = text.strip()[2:-2].strip()
        if b"/Filter" not in entries and data:
            data, entries = zlib.compress(data, LEVEL), entries + b" /Filter /FlateDecode"
        self._pdf.put_stream(number, entries, data)

    def _written(self, cut: _Cut) -> bytes:
        pieces = [cut.parts[0]]
        for below, part in zip(cut.references, cut.parts[1:], strict=True):
            pieces += (b"%d 0 R" % self._numbers[below], part)
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
