"""Streams of a PDF that are laid into it after it is written."""

from __future__ import annotations

import re

STATIC_ID = b"31415926535897932384626433832795"  # what qpdf writes for a fixed file identifier


class LargeStreams:
    """Streams that are put into the file when it is written otherwise, since qpdf copies all that it is given several
    times: until then a word stands for each, with a zero byte, which only data of streams can hold."""

    PLACE = re.compile(rb"/Length \d+ >>\nstream\n\0large (\d+)\0")
    OFFSET = re.compile(rb"\d{10}(?= 00000 n)|(?<=startxref\n)\d+")

    def __init__(self) -> None:
        self.streams: list[bytes] = []

    def stand_in(self, data: bytes) -> bytes:
        self.streams.append(data)
        return b"\0large %d\0" % (len(self.streams) - 1)

    def laid_in(self, written: bytes, identifier: bytes) -> bytes:
        """What qpdf wrote, with the streams in it, under an identifier of its own."""
        parts: list[bytes] = []
        moves: list[tuple[int, int]] = []  # from which offset on all is moved, and by how many bytes
        at = 0
        for place in self.PLACE.finditer(written):
            data = self.streams[int(place[1])]
            opening = b"/Length %d >>\nstream\n" % len(data)
            parts += [written[at : place.start()], opening, data]
            moves.append((place.end(), len(opening) + len(data) - len(place[0])))
            at = place.end()

        def moved(offset: re.Match[bytes]) -> bytes:
            was = int(offset[0])
            return b"%0*d" % (len(offset[0]), was + sum(by for start, by in moves if was >= start))

        table = written.rindex(b"\nxref\n")
        tail = self.OFFSET.sub(moved, written[table:]).replace(STATIC_ID, identifier)
        return b"".join((*parts, written[at:table], tail))
