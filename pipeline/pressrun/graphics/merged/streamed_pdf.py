"""A PDF written object by object: nothing of it stays in memory but where its objects are.

What is no stream is packed, some hundred objects together (ISO 32000-1, 7.5.7), which makes pages a tenth as large; the
table of places is packed likewise (7.5.8). Standards of PDF 1.4 know neither: there each object stands alone.
"""

from __future__ import annotations

import errno
import hashlib
import re
import zlib
from array import array
from collections.abc import Sequence
from typing import BinaryIO

from pressrun.model.xmp import writable

PACKED_TOGETHER = 200  # objects
LEVEL = 6
KIDS = 32  # of a node of the page tree
FARTHEST = 10**10  # bytes, from which on a table that is not packed has no room for a place


class StreamedPdf:
    """``out`` is written from where it stands to its end. Objects are numbered by ``reserve``; each is put once, in any
    order. Raises OSError where it cannot be written, or would be too large for PDF 1.4, which ``packs`` nothing."""

    def __init__(self, out: BinaryIO, packs: bool = True) -> None:
        self._out, self._at, self._packs = out, 0, packs
        self._kinds, self._first, self._second = bytearray(b"\0"), array("Q", [0]), array("H", [0xFFFF])
        self._packed: list[tuple[int, bytes]] = []
        self.digest = hashlib.sha256()
        self._write(b"%%PDF-%s\n%%\xbf\xf7\xa2\xfe\n" % (b"1.6" if packs else b"1.4"))

    @property
    def size(self) -> int:
        """Bytes written so far."""
        return self._at

    def reserve(self) -> int:
        """The number of an object that will be put."""
        self._kinds.append(0)
        self._first.append(0)
        self._second.append(0)
        return len(self._kinds) - 1

    def put(self, number: int, body: bytes) -> None:
        """An object that is no stream."""
        if not self._packs:
            self._begin(number)
            self._write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
            return
        self._packed.append((number, body))
        if len(self._packed) == PACKED_TOGETHER:
            self._pack()

    def add(self, body: bytes) -> int:
        """The same under a number of its own, which is answered."""
        number = self.reserve()
        self.put(number, body)
        return number

    def put_stream(self, number: int, entries: bytes, data: bytes) -> None:
        """A stream; ``entries`` are those of its dictionary, but for its length."""
        self._begin(number)
        self._write(b"%d 0 obj\n<< %s /Length %d >>\nstream\n" % (number, entries, len(data)))
        self._write(data)
        self._write(b"\nendstream\nendobj\n")

    def add_stream(self, entries: bytes, data: bytes) -> int:
        """The same under a number of its own, which is answered."""
        number = self.reserve()
        self.put_stream(number, entries, data)
        return number

    def finish(self, root: int, info: int, identifier: bytes) -> None:
        """The end; ``identifier`` is the file's, in hex."""
        said = b"/Root %d 0 R /Info %d 0 R /ID [ <%s> <%s> ]" % (root, info, identifier, identifier)
        start = self._packed_table(said) if self._packs else self._plain_table(said)
        self._write(b"startxref\n%d\n%%%%EOF\n" % start)

    def _begin(self, number: int) -> None:
        if not self._packs and self._at >= FARTHEST:
            raise OSError(errno.EFBIG, "too large for PDF 1.4; put it out in chunks")
        self._kinds[number], self._first[number] = 1, self._at

    def _plain_table(self, said: bytes) -> int:
        """Where objects are (ISO 32000-1, 7.5.4); the place of that."""
        start = self._at
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % len(self._kinds))
        for at in range(1, len(self._first), PACKED_TOGETHER):
            self._write(b"".join(b"%010d 00000 n \n" % place for place in self._first[at : at + PACKED_TOGETHER]))
        self._write(b"trailer << /Size %d %s >>\n" % (len(self._kinds), said))
        return start

    def _packed_table(self, said: bytes) -> int:
        self._pack()
        number = self.reserve()
        start = self._at
        self._begin(number)
        wide = max(4, (start.bit_length() + 7) // 8)
        table = bytearray()
        for kind, first, second in zip(self._kinds, self._first, self._second, strict=True):
            table += bytes((kind,)) + first.to_bytes(wide) + second.to_bytes(2)
        entries = b"/Type /XRef /Size %d /W [ 1 %d 2 ] %s /Filter /FlateDecode" % (len(self._kinds), wide, said)
        self.put_stream(number, entries, zlib.compress(bytes(table), LEVEL))
        return start

    def _pack(self) -> None:
        if not self._packed:
            return
        bodies, places, at = [], [], 0
        packing = self.reserve()
        for index, (number, body) in enumerate(self._packed):
            places.append(b"%d %d" % (number, at))
            bodies.append(body)
            at += len(body) + 1
            self._kinds[number], self._first[number], self._second[number] = 2, packing, index
        head = b" ".join(places) + b"\n"
        data = zlib.compress(head + b"\n".join(bodies), LEVEL)
        entries = b"/Type /ObjStm /N %d /First %d /Filter /FlateDecode" % (len(bodies), len(head))
        self._packed.clear()
        self.put_stream(packing, entries, data)

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self.digest.update(data)
        self._at += len(data)


class PageTree:
    """The pages of a file in their order, in nodes of some pages each."""

    def __init__(self, pdf: StreamedPdf) -> None:
        self._pdf = pdf
        self._nodes: list[tuple[int, list[int]]] = []
        self.count = 0

    def parent(self) -> int:
        """The node that the next page is in."""
        if not self._nodes or len(self._nodes[-1][1]) == KIDS:
            self._nodes.append((self._pdf.reserve(), []))
        return self._nodes[-1][0]

    def add(self, page: int) -> None:
        """The next page, which names its parent."""
        self.parent()
        self._nodes[-1][1].append(page)
        self.count += 1

    def finish(self) -> int:
        """The root of the tree."""
        level = [(number, kids, len(kids)) for number, kids in self._nodes]
        while len(level) > 1:
            above = []
            for start in range(0, len(level), KIDS):
                some = level[start : start + KIDS]
                node = self._pdf.reserve()
                for number, kids, count in some:
                    self._node(number, kids, count, node)
                above.append((node, [number for number, _, _ in some], sum(count for _, _, count in some)))
            level = above
        number, kids, count = level[0]
        self._node(number, kids, count, None)
        return number

    def _node(self, number: int, kids: Sequence[int], count: int, parent: int | None) -> None:
        under = b"" if parent is None else b" /Parent %d 0 R" % parent
        listed = b" ".join(b"%d 0 R" % kid for kid in kids)
        self._pdf.put(number, b"<< /Type /Pages%s /Count %d /Kids [ %s ] >>" % (under, count, listed))


def text_string(text: str) -> bytes:
    """A text as PDFs have it (ISO 32000-1, 7.9.2.2): in ASCII where that does, else in UTF-16."""
    text = writable(text)
    if text.isascii():
        return b"(%s)" % re.sub(rb"[\\()]", rb"\\\g<0>", text.encode())
    return b"<feff%s>" % text.encode("utf-16-be").hex().encode()
