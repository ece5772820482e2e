"""Finished PDFs taken apart into their objects, as they are written, so that they go into another file as they are.

Only what our own formats write is cut: by qpdf, without packed objects, which escapes every parenthesis of a text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from msgspec import Struct

_REFERENCE = re.compile(rb"\((?:[^\\()]|\\.)*\)|<[0-9A-Fa-f]+>|\b(\d+) 0 R\b", re.DOTALL)
_LENGTH = re.compile(rb"/Length (\d+)\b")
_TABLE = re.compile(rb"xref\n0 (\d+)\n")
_START = re.compile(rb"startxref\n(\d+)\n%%EOF\s*\Z")
_TRAILER = re.compile(rb"/(Root|Info) (\d+) 0 R")
_STAND_IN = re.compile(rb"\0large (\d+)\0\Z")
_ENTRY = rb" (\[[^\[\]]*\]|\((?:[^\\()]|\\.)*\)|<[0-9A-Fa-f]*>|/\w+)"
_STREAM = b">>\nstream\n"


class CutObject(Struct, frozen=True):
    """An object: its text in ``parts``, with the numbers of what it refers to between them. Of a stream that is its
    dictionary, and ``data`` what follows; ``large`` is the number of the stream that it stands for, if it does."""

    parts: tuple[bytes, ...]
    references: tuple[int, ...]
    data: bytes | None = None
    large: int | None = None

    def written(self, numbers: Sequence[int]) -> bytes:
        """Its text, with other numbers of what it refers to."""
        pieces = [self.parts[0]]
        for number, part in zip(numbers, self.parts[1:], strict=True):
            pieces += (b"%d 0 R" % number, part)
        return b"".join(pieces)


class CutPdf:
    """The objects of a PDF by number."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        start = _START.search(data, len(data) - 64)
        assert start, "not written by qpdf"
        table = _TABLE.match(data, int(start[1]))
        assert table, "its objects are packed"
        entries = data[table.end() : table.end() + 20 * int(table[1])]
        self._places = {
            number: int(entries[20 * number : 20 * number + 10])
            for number in range(1, int(table[1]))
            if entries[20 * number + 17 : 20 * number + 18] == b"n"
        }
        trailer = data[table.end() + len(entries) :]
        named = {match[1].decode(): int(match[2]) for match in _TRAILER.finditer(trailer)}
        self.root, self.info = named["Root"], named["Info"]
        self._cut: dict[int, CutObject] = {}

    def object(self, number: int) -> CutObject:
        """An object by its number."""
        if number not in self._cut:
            self._cut[number] = self._object(number)
        return self._cut[number]

    def _object(self, number: int) -> CutObject:
        data = self._data
        begin = data.index(b"obj\n", self._places[number]) + 4
        end = data.index(b"\nendobj", begin)
        opened = data.find(_STREAM, begin, end)
        if opened < 0:
            return _cut(data[begin:end])
        text = data[begin : opened + 2]
        length = _LENGTH.search(text)
        assert length, "a stream without its length"
        content = data[opened + len(_STREAM) : opened + len(_STREAM) + int(length[1])]
        inner = text[2 : length.start()] + text[length.end() : -2]
        stands_in = _STAND_IN.match(content)
        return _cut(inner.strip(), content, int(stands_in[1]) if stands_in else None)

    @cached_property
    def pages(self) -> tuple[int, ...]:
        """The numbers of its pages, in order."""
        found: list[int] = []

        def descend(number: int) -> None:
            node = self.object(number)
            if b"/Kids" not in b"".join(node.parts):
                found.append(number)
                return
            for kid in self.under(number, b"/Kids"):
                descend(kid)

        descend(self.under(self.root, b"/Pages")[0])
        return tuple(found)

    def under(self, number: int, key: bytes) -> tuple[int, ...]:
        """What an object refers to under a key: one object, or those of an array of references."""
        cut = self.object(number)
        found: list[int] = []
        reading = False
        for part, reference in zip(cut.parts, cut.references, strict=False):
            ends = part.rstrip()
            if reading and part.strip() == b"":
                found.append(reference)
                continue
            if reading:
                break
            if ends.endswith((key, key + b" [")):
                reading = True
                found.append(reference)
                if not ends.endswith(b"["):
                    break
        return tuple(found)

    def entry(self, number: int, key: bytes) -> bytes | None:
        """The text of an entry that is an array of numbers or a string, if there is one."""
        text = b"".join(self.object(number).parts)
        found = re.search(re.escape(key) + _ENTRY, text, re.DOTALL)
        return found[1] if found else None


def _cut(text: bytes, data: bytes | None = None, large: int | None = None) -> CutObject:
    parts, references, at = [], [], 0
    for match in _REFERENCE.finditer(text):
        if match[1]:
            parts.append(text[at : match.start()])
            references.append(int(match[1]))
            at = match.end()
    parts.append(text[at:])
    return CutObject(tuple(parts), tuple(references), data, large)
