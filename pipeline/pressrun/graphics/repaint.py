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
_TEXT = re.compile(rb"(?<=\n)BT\b.*?\nET(?=\s)", re.DOTALL)  # in strings, line breaks and blanks are written as escapes


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


def shown_pages(overlay: bytes, looks: Mapping[str, str], textless: bool) -> bytes:
    """The overlay in the colours (#RRGGBB) that its markers look like, for the screen and for proofs; where it is asked
    for with a second page that has no text. Only to be drawn: it has no tags and no colour profiles."""
    operators = {marker: _look(color) for marker, color in looks.items()}
    with pikepdf.open(io.BytesIO(overlay)) as pdf:
        page = pdf.pages[0].obj
        content = repainted(page.Contents.read_bytes(), operators)
        resources = page.get("/Resources", Dictionary())
        if "/ColorSpace" in resources:
            del resources["/ColorSpace"]
        contents = [content, _TEXT.sub(b"", content)] if textless else [content]
        out = pikepdf.new()
        for one in contents:
            shown = Dictionary(
                Type=Name.Page, MediaBox=page.MediaBox, Resources=resources, Contents=pdf.make_stream(one)
            )
            out.pages.append(pikepdf.Page(out.copy_foreign(pdf.make_indirect(shown))))
        written = io.BytesIO()
        out.save(written, compress_streams=False)
    return written.getvalue()


def _look(color: str) -> tuple[str, str]:
    parts = " ".join(f"{part / 255:.5g}" for part in bytes.fromhex(color[1:]))
    return f"{parts} rg", f"{parts} RG"
