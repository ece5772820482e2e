"""Colours of an overlay put right. Typst is given a colour that stands for each ink, since it rounds inks to 255ths and
knows only sRGB in artwork; what is to be seen, or printed, takes its place afterwards."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping

import pikepdf
from pikepdf import Dictionary, Name

_NUMBER = rb"(-?(?:\d+\.?\d*|\.\d+))"
_MARKED = re.compile(rb"/c\d+ (?:cs|(CS)) " + rb" ".join([_NUMBER] * 3) + rb" (?:scn|SCN)(?![A-Za-z])")


def repainted(content: bytes, operators: Mapping[str, tuple[str, str]]) -> bytes:
    """A page's content with the operators for filling and for stroking that each marker (#RRGGBB) stands for."""
    painted = {
        tuple(bytes.fromhex(marker[1:])): (fill.encode(), stroke.encode())
        for marker, (fill, stroke) in operators.items()
    }

    def paint(match: re.Match[bytes]) -> bytes:
        stroke, *parts = match.groups()
        found = painted.get(tuple(round(float(part) * 255) for part in parts))
        return match[0] if found is None else b" " + found[stroke is not None]  # the name before it needed no space

    return _MARKED.sub(paint, content)


def shown_pages(overlay: bytes, looks: Mapping[int, Mapping[str, str]]) -> bytes:
    """The overlay, each page in the colours (#RRGGBB) that its markers look like, for the screen and for proofs. Only
    to be drawn: it has no tags and no colour profiles. ``looks`` are by page, from 0."""
    with pikepdf.open(io.BytesIO(overlay)) as pdf:
        out = pikepdf.new()
        for number, page in enumerate(pdf.pages):
            operators = {marker: _look(color) for marker, color in looks.get(number, {}).items()}
            content = repainted(page.obj.Contents.read_bytes(), operators)
            resources = page.obj.get("/Resources", Dictionary())
            if "/ColorSpace" in resources:
                del resources["/ColorSpace"]
            shown = Dictionary(
                Type=Name.Page, MediaBox=page.obj.MediaBox, Resources=resources, Contents=pdf.make_stream(content)
            )
            out.pages.append(pikepdf.Page(out.copy_foreign(pdf.make_indirect(shown))))
        written = io.BytesIO()
        out.save(written, compress_streams=False)
    return written.getvalue()


def spelled_out(overlay: bytes) -> frozenset[int]:
    """Pages with words that are spelled out beside their glyphs (ActualText: ISO 32000, 14.9.4), by number from 0: a
    glyph stands for one word in the whole document, and here for another. They are laid out in pieces, with a place for
    each, which is not quite where it stands when the document says nothing else."""
    with pikepdf.open(io.BytesIO(overlay)) as pdf:
        return frozenset(
            number for number, page in enumerate(pdf.pages) if b"/ActualText" in page.obj.Contents.read_bytes()
        )


def _look(color: str) -> tuple[str, str]:
    parts = " ".join(f"{part / 255:.5g}" for part in bytes.fromhex(color[1:]))
    return f"{parts} rg", f"{parts} RG"
