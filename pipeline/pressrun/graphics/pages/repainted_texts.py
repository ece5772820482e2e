"""Pages of texts that Typst has set, with every ink in the place of its marker."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping

import pikepdf

from pressrun.graphics.pages.written_inks import Operators

_STRING = rb"\((?:[^\\()]|\\.)*\)"
_NUMBER = rb"(-?(?:\d+\.?\d*|\.\d+))"
_READ = re.compile(
    _STRING
    + rb"|/c\d+ (?:cs|(CS)) " + rb" ".join([_NUMBER] * 3) + rb" (?:scn|SCN)(?![A-Za-z])"
    + rb"|(/\w+\s*(?:<<(?:[^()>]|" + _STRING + rb"|<[0-9A-Fa-f]*>)*>>)?\s*B[DM]C\b)"
    + rb"|\b(EMC)\b",
    re.DOTALL,
)  # fmt: skip
_KEPT = (b"/ReversedChars", b"/ActualText")  # what tells how letters are read (ISO 32000-1, 14.8.2.5.3 and 14.9.4)


def repainted(content: bytes, operators: Mapping[str, Operators]) -> bytes:
    """A page's content without its tags, and with the operators that each marker (#RRGGBB) stands for."""
    painted = {
        tuple(bytes.fromhex(marker[1:])): (fill.encode(), stroke.encode())
        for marker, (fill, stroke) in operators.items()
    }
    kept: list[bool] = []  # of the marked content that is open

    def put(match: re.Match[bytes]) -> bytes:
        stroke, *parts, begun, ended = match.groups()
        if parts[0]:
            found = painted.get(tuple(round(float(part) * 255) for part in parts))
            return match[0] if found is None else b" " + found[stroke is not None]  # the name needed no space
        if begun:
            kept.append(any(kind in begun for kind in _KEPT))
            return match[0] if kept[-1] else b" "
        return b" " if ended and not kept.pop() else match[0]

    return _READ.sub(put, content)


def spelled_out(texts: bytes) -> frozenset[int]:
    """Pages with words that are spelled out beside their glyphs (ActualText: ISO 32000, 14.9.4), by number from 0: a
    glyph stands for one word in the whole document, and here for another. They are laid out in pieces, with a place for
    each, which is not quite where it stands when the document says nothing else."""
    if not texts:
        return frozenset()
    with pikepdf.open(io.BytesIO(texts)) as pdf:
        contents = ((number, page.obj.get("/Contents")) for number, page in enumerate(pdf.pages))
        return frozenset(number for number, content in contents if content and b"/ActualText" in content.read_bytes())
