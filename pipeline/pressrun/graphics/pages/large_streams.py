"""Streams of a PDF that are laid into it after it is written."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Callable

from pressrun.model.stored_bytes import Content, JoinedBytes, StoredBytes, Written

STATIC_ID = b"31415926535897932384626433832795"  # what qpdf writes for a fixed file identifier


class LargeStreams:
    """Streams that are put into the file when it is written otherwise, since qpdf copies all that it is given several
    times: until then a word stands for each, with a zero byte, which only data of streams can hold."""

    PLACE = re.compile(rb"/Length \d+ >>\nstream\n\0large (\d+)\0")
    OFFSET = re.compile(rb"\d{10}(?= 00000 n)|(?<=startxref\n)\d+")

    def __init__(self) -> None:
        self.streams: list[Content] = []

    def stand_in(self, data: Content) -> bytes:
        self.streams.append(data)
        return b"\0large %d\0" % (len(self.streams) - 1)

    def laid_in(self, written: bytes, identifier: bytes) -> Written:
        """What qpdf wrote, with the streams in it, under an identifier of its own."""
        parts = self._laid_in(written, identifier, lambda data: data)
        held = [part for part in parts if isinstance(part, bytes)]
        return b"".join(held) if len(held) == len(parts) else JoinedBytes(tuple(parts))

    def in_short(self, written: bytes, identifier: bytes) -> bytes:
        """The same, without the middle of what is not in memory: it ends and begins as it does in the file."""
        parts = self._laid_in(written, identifier, lambda data: data if isinstance(data, bytes) else _ends(data))
        return b"".join(part for part in parts if isinstance(part, bytes))

    def _laid_in(self, written: bytes, identifier: bytes, of: Callable[[Content], Content]) -> list[Content]:
        parts: list[Content] = []
        moves: list[tuple[int, int]] = []  # from which offset on all is moved, and by how many bytes
        at = 0
        for place in self.PLACE.finditer(written):
            if int(place[1]) >= len(self.streams):  # data of a placed file that looks like a word of ours
                continue
            data = of(self.streams[int(place[1])])
            opening = b"/Length %d >>\nstream\n" % len(data)
            parts += [written[at : place.start()], opening, data]
            moves.append((place.end(), len(opening) + len(data) - len(place[0])))
            at = place.end()

        starts = [start for start, _ in moves]
        by = [0, *itertools.accumulate(by for _, by in moves)]

        def moved(offset: re.Match[bytes]) -> bytes:
            was = int(offset[0])
            return b"%0*d" % (len(offset[0]), was + by[bisect_right(starts, was)])

        table = written.rindex(b"\nxref\n")
        tail = self.OFFSET.sub(moved, written[table:]).replace(STATIC_ID, identifier)
        return [*parts, written[at:table], tail]


def _ends(data: StoredBytes) -> bytes:
    return data.head + data.tail
