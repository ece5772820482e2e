"""Spots of pages that come into one file from several: each has one name and one definition there."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pikepdf

from pressrun.graphics.merged.cut_pdf import CutPdf
from pressrun.graphics.pages.pdf_graph import color_spaces
from pressrun.graphics.pages.placed_pages import NO_SPOTS, SharedSpots
from pressrun.model.color import spot_key

_SPOT = re.compile(rb"/Separation (/[^\s/\[\]<>()]+) ((?:/\w+|\[[^\[\]]*\]|\d+ 0 R) (?:(\d+) 0 R|<<[^<>]*>>))")
_SEVERAL = re.compile(rb"/DeviceN (?:\[([^\[\]]*)\]|(\d+) 0 R)")
_NAME = re.compile(rb"/[^\s/\[\]<>()]+")
_CODED = re.compile(rb"#([0-9A-Fa-f]{2})")


class MergedSpots:
    """Those that a file has so far, by their `spot_key`: their names, how they are defined where they stand alone, and
    pieces that define them so."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._defined: dict[str, bytes] = {}
        self._pieces: dict[str, bytes] = {}

    def alike(self, pieces: bytes) -> bytes:
        """Pieces whose spots are named and defined as those that came before."""
        differ = False
        for name, definition in _spots(pieces):
            key = spot_key(name[1:])
            differ |= self._names.setdefault(key, name) != name
            if definition:
                self._pieces.setdefault(key, pieces)
                differ |= self._defined.setdefault(key, definition) != definition
        return self._renamed(pieces) if differ else pieces

    def _renamed(self, pieces: bytes) -> bytes:
        with pikepdf.open(io.BytesIO(pieces)) as pdf:
            definitions: dict[str, pikepdf.Array] = {}
            for first in dict.fromkeys(self._pieces.values()):
                with pikepdf.open(io.BytesIO(first)) as other:
                    for space in list(color_spaces(other.Root)):
                        key = spot_key(str(space[1])[1:]) if space[0] == "/Separation" else ""
                        if self._pieces.get(key) == first and key not in definitions:
                            definitions[key] = pdf.copy_foreign(other.make_indirect(space))  # type: ignore[assignment]  # an array
            SharedSpots(definitions, self._names).give(pdf.Root, {})
            out = io.BytesIO()
            pdf.save(
                out, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable, fix_metadata_version=False
            )
            return out.getvalue()


def _spots(pieces: bytes) -> Iterator[tuple[str, bytes]]:
    """The name of each spot, and its definition as it is written, which is empty where it is one of several inks."""
    pdf: CutPdf | None = None
    for name, definition, function in dict.fromkeys(_SPOT.findall(pieces)):
        if (called := _called(name)) in NO_SPOTS:
            continue
        if function:
            pdf = pdf or CutPdf(pieces)
            cut = pdf.object(int(function))
            definition = cut.written([0] * len(cut.references)) + (cut.data or b"")
        yield called, definition
    for names, apart in dict.fromkeys(_SEVERAL.findall(pieces)):
        if apart:
            pdf = pdf or CutPdf(pieces)
            names = b"".join(pdf.object(int(apart)).parts)
        yield from ((called, b"") for name in _NAME.findall(names) if (called := _called(name)) not in NO_SPOTS)


def _called(name: bytes) -> str:
    return _CODED.sub(lambda code: bytes([int(code[1], 16)]), name).decode("utf-8", "replace")
