"""Whether two PDFs look alike, page by page."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence

import numpy
import pikepdf
from msgspec import Struct

from pressrun.graphics.drawn import pdfium

PPI = 100
MOST_PIXELS = 20_000_000  # of one page; larger ones are compared at fewer to the inch
Box = tuple[float, float, float, float]


class Difference(Struct, frozen=True):
    """A page, from 1, that looks otherwise: the part of its pixels that differ, and by how much of 255 at the most."""

    page: int
    part: float
    most: int


def differences(before: bytes, after: bytes, shown: Sequence[Box]) -> Iterator[Difference]:
    """Each page that differs within what is ``shown`` of it, in its own user space and points."""
    frames = dict(enumerate(shown, 1))
    first, second = framed(before, frames), framed(after, frames)
    with pdfium.opened(first) as old, pdfium.opened(second) as new:
        for at, box in enumerate(shown):
            size = pixels_of(box)
            one, other = (numpy.asarray(pages.alone(at, size)) for pages in (old, new))
            apart = numpy.abs(one.astype(numpy.int16) - other).max(axis=2)
            if apart.any():
                yield Difference(at + 1, float((apart > 0).mean()), int(apart.max()))


def pixels_of(box: Box, ppi: float = PPI) -> tuple[int, int]:
    width, height = (max(1.0, (box[side + 2] - box[side]) * ppi / 72) for side in (0, 1))
    fewer = min(1.0, (MOST_PIXELS / (width * height)) ** 0.5)
    return max(1, round(width * fewer)), max(1, round(height * fewer))


def framed(data: bytes, shown: Mapping[int, Box]) -> bytes:
    """The file with pages, by their numbers from 1, cut down to what is shown of them, unturned and unscaled."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for number, box in shown.items():
            page = pdf.pages[number - 1].obj
            page["/MediaBox"] = page["/CropBox"] = pikepdf.Array(box)
            page["/Rotate"] = 0
            if "/UserUnit" in page:
                del page["/UserUnit"]
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()
