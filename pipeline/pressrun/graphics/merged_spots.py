"""Spots of pages that come into one file from several: each has one name and one definition there."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pikepdf

from pressrun.graphics.cut_pdf import CutPdf
from pressrun.graphics.pdf_graph import color_spaces
from pressrun.graphics.placed_pages import NO_SPOTS, SharedSpots
from pressrun.model.color import spot_key

_SPOT = re.compile(rb"/Separation (/[^\s/\[\]<>()]+) ((?:/\w+|\[[^\[\]]*\]|\d+ 0 R) (?:(\d+) 0 R|<<[^<>]*>>))")
_CODED = re.compile(rb"#([0-9A-Fa-f]{2})")


class MergedSpots:
    """Those that a file has so far, by their `spot_key`: as they are written, and pieces that have them so."""

    def __init__(self) -> None:
        self._written: dict[str, tuple[bytes, bytes]] = {}
        self._pieces: dict[str, bytes] = {}

    def alike(self, pieces: bytes) -> bytes:
        """Pieces whose spots are named and defined as those that came before."""
        differ = False
        for key, written in _spots(pieces):
            self._pieces.setdefault(key, pieces)
            differ |= self._written.setdefault(key, written) != written
        return self._renamed(pieces) if differ else pieces

    def _renamed(self, pieces: bytes) -> bytes:
        with pikepdf.open(io.BytesIO(pieces)) as pdf:
            definitions: dict[str, pikepdf.Array] = {}
            for first in dict.fromkeys(self._pieces.values()):
                with pikepdf.open(io.BytesIO(first)) as other:
                    for space in list(color_spaces(other.Root)):
                        key = spot_key(str(space[1])[1:]) if space[0] == "/Separation" else ""
                        if self._pieces.get(key) == first and key not in definitions:
                            definitions[key] = pdf.copy_foreign(other.make_indirect(space))  # type: ignore[assignment]
            SharedSpots(definitions).give(pdf.Root, {})
            out = io.BytesIO()
            pdf.save(
                out, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable, fix_metadata_version=False
            )
            return out.getvalue()


def _spots(pieces: bytes) -> Iterator[tuple[str, tuple[bytes, bytes]]]:
    """The name and the definition of each spot, as they are written, by its key."""
    pdf: CutPdf | None = None
    for name, definition, function in dict.fromkeys(_SPOT.findall(pieces)):
        called = _CODED.sub(lambda code: bytes([int(code[1], 16)]), name).decode("utf-8", "replace")
        if called in NO_SPOTS:
            continue
        if function:
            pdf = pdf or CutPdf(pieces)
            cut = pdf.object(int(function))
            definition = cut.written([0] * len(cut.references)) + (cut.data or b"")
        yield spot_key(called[1:]), (name, definition)
