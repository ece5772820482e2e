"""Tilings of a PDF as renderers draw them well: PDFium paints a tile in whole pixels, so that many small ones drift
from where they are to be; a tile that holds many is drawn as what it is. And it lets what is in a tile inherit how
opaque the tile is, which so counts twice: a tile begins anew, as it is to (ISO 32000-1, 8.7.3.1)."""

from __future__ import annotations

import io
import math
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from pressrun.graphics.pages.pdf_graph import reached

MOST_REPEATS = 4000


def with_large_tiles(data: bytes) -> bytes:
    """A PDF of which parts are drawn: what PDFium makes of a small tile hangs on where the part begins."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        enlarge_tiles(pdf)
        out = io.BytesIO()
        pdf.save(out, static_id=True)
    return out.getvalue()


def enlarge_tiles(pdf: pikepdf.Pdf) -> None:
    """Let every tile of a document's patterns begin anew, and hold as many as it takes to cover a page, if they are not
    too many."""
    reach = max((math.hypot(*_size(page)) for page in pdf.pages), default=0.0)
    for one in list(reached(pdf.Root)):
        if isinstance(one, Stream) and one.get("/PatternType") == 1:
            _enlarge(pdf, one, reach)
            _begin_anew(one)


def _begin_anew(tile: Any) -> None:
    tile.write(b"/Anew gs\n" + tile.read_bytes())
    resources = Dictionary(dict(tile.get("/Resources", {}).items()))
    states = Dictionary(dict(resources.get("/ExtGState", {}).items()))
    states.Anew = Dictionary(ca=1, CA=1, BM=Name.Normal, SMask=Name("/None"))
    resources.ExtGState = states
    tile.Resources = resources


def _size(page: pikepdf.Page) -> tuple[float, float]:
    left, bottom, right, top = (float(edge) for edge in page.mediabox)
    return right - left, top - bottom


def _enlarge(pdf: pikepdf.Pdf, tile: Any, reach: float) -> None:
    a, b, c, d = (float(part) for part in list(tile.get("/Matrix", [1, 0, 0, 1, 0, 0]))[:4])
    across, down = float(tile.XStep), float(tile.YStep)
    steps = math.hypot(a, b) * abs(across), math.hypot(c, d) * abs(down)
    if min(steps) <= 0:
        return
    columns, rows = (math.ceil(reach / step) + 1 for step in steps)
    if columns * rows > MOST_REPEATS:
        return
    form = Stream(pdf, tile.read_bytes(), Type=Name.XObject, Subtype=Name.Form, BBox=tile.BBox)
    form.Resources = tile.get("/Resources", Dictionary())
    drawn = [
        f"q 1 0 0 1 {column * across:.6g} {row * down:.6g} cm /Tile Do Q"
        for row in range(rows)
        for column in range(columns)
    ]
    left, bottom, right, top = (float(edge) for edge in tile.BBox)
    wide, high = (columns - 1) * across, (rows - 1) * down
    tile.write("\n".join(drawn).encode())
    tile.BBox = Array([left + min(0, wide), bottom + min(0, high), right + max(0, wide), top + max(0, high)])
    tile.XStep, tile.YStep = columns * across, rows * down
    tile.Resources = Dictionary(XObject=Dictionary(Tile=pdf.make_indirect(form)))
