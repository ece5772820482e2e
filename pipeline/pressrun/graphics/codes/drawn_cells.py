"""The same part of many sheets, drawn below each other on a few pages."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence

import numpy
import pikepdf
from pikepdf import Stream
from PIL import Image

from pressrun.graphics.codes.barcodes import Pixels
from pressrun.graphics.drawn.pdfium import opened
from pressrun.graphics.pages.page_content import Writer
from pressrun.graphics.pages.written_inks import SeenInks
from pressrun.model.color import Ink
from pressrun.model.rendering import Overlay, Vectors

ROWS = 10_000  # pixels that a page is high, at most: what is drawn far from its edges is less exact

Box = tuple[int, int, int, int]


def drawn_cells(
    cells: Sequence[Sequence[Vectors]], size: tuple[float, float], look: Callable[[Ink], str], whole: tuple[int, int],
    corner: tuple[int, int], ground: Image.Image,
) -> Iterator[Pixels]:  # fmt: skip
    """In gray, what vectors that cover what they lie on show on a part of their sheets, whose size in points and
    pixels (``whole``) is one: that which this ``ground``, which is in gray, is of, from the ``corner`` on."""
    width, height = ground.size
    together = max(1, ROWS // height)
    pages = [cells[start : start + together] for start in range(0, len(cells), together)]
    with opened(_written(pages, size, look, whole, (*corner, width, height))) as drawn:
        for number, some in enumerate(pages):
            column = bytearray(ground.tobytes() * len(some))
            drawn.on_gray(number, (width, height * len(some)), column)
            yield from numpy.frombuffer(column, numpy.uint8).reshape(len(some), height, width)


def _written(
    pages: Sequence[Sequence[Sequence[Vectors]]], size: tuple[float, float], look: Callable[[Ink], str],
    whole: tuple[int, int], box: Box,
) -> bytes:  # fmt: skip
    """A PDF in which a pixel is a unit."""
    left, top, width, height = box
    across, down = whole[0] / size[0], whole[1] / size[1]
    with pikepdf.new() as pdf:
        for cells in pages:
            writer = Writer(pdf, Overlay(size, (), b"", {}), SeenInks(pdf, look), _no_picture, _no_picture)
            parts, resources = [], pikepdf.Dictionary()
            for row, vectors in enumerate(cells):
                content, resources = writer.drawn(vectors)
                foot = height * (len(cells) - 1 - row)
                place = f"{across:.8f} 0 0 {down:.8f} {-left} {foot + height + top - whole[1]} cm"
                parts.append(f"q 0 {foot} {width} {height} re W n {place}\n".encode() + content + b"Q\n")
            pdf.add_blank_page(page_size=(width, height * len(cells)))
            page = pdf.pages[-1].obj
            page.Contents, page.Resources = pdf.make_stream(b"".join(parts)), resources
        out = io.BytesIO()
        pdf.save(out, compress_streams=False)
    return out.getvalue()


def _no_picture(*_: object) -> Stream:
    raise AssertionError("vectors are no pictures")
