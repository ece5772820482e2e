"""The one file that imports PDFium: pages as pixels.

PDFium is not made for several threads: one of them calls it at a time.
"""

from __future__ import annotations

import ctypes
import math
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import Any, BinaryIO, cast

import pypdfium2
from msgspec import Struct
from PIL import Image

from pressrun.graphics.pixels.strips import large_parts
from pressrun.graphics.plates.ground import Ground
from pressrun.model.inspection import PixelBox

VERSION = str(pypdfium2.PYPDFIUM_INFO)
_OPAQUE, _TRANSPARENT = pypdfium2.raw.FPDFBitmap_BGRx, pypdfium2.raw.FPDFBitmap_BGRA
_GRAY = pypdfium2.raw.FPDFBitmap_Gray
IN_MEMORY = 16_000_000  # bytes of pages that are to be drawn; those of a poster are drawn from a file
_ONE_AT_A_TIME = threading.Lock()


class Glyph(Struct, frozen=True):
    """A letter on a page, in the units of its user space: where its baseline begins, how large it is, its ``ink`` and
    its ``advance`` box (left, bottom, right, top)."""

    text: str
    x: float
    y: float
    size: float
    ink: tuple[float, float, float, float]
    advance: tuple[float, float, float, float]


class Pages:
    """A PDF's pages, to be drawn."""

    def __init__(self, document: pypdfium2.PdfDocument) -> None:
        self._document = document
        self._last: tuple[int, Any] | None = None  # a page is taken apart when it is opened, and often drawn twice

    def close(self) -> None:
        with _ONE_AT_A_TIME:
            self._turn_over()
            self._document.close()

    def _turn_over(self) -> None:
        if self._last:
            self._last[1].close()
            self._last = None

    def __len__(self) -> int:
        return len(self._document)

    def over(self, number: int, *grounds: Ground, mixes: bool = False) -> tuple[Ground, ...]:
        """Each of some grounds with a page on it, stretched to it. ``mixes``: some of it is laid on otherwise than by
        covering what is there, which PDFium does only where it knows how much is."""
        draw = _draw_mixed if mixes else partial(_draw, layout=_OPAQUE)
        with self._page(number) as page:
            return tuple(ground.drawn_on(partial(draw, page, ground.size)) for ground in grounds)

    def part(
        self, number: int, picture: Image.Image, corner: tuple[int, int], whole: tuple[int, int], mixes: bool
    ) -> Image.Image:
        """A picture that shows a part of a ground of ``whole`` size, from this ``corner`` on, with the same part of a
        page on it; ``mixes`` as in `over`."""
        pixels = bytearray(picture.tobytes("raw", "RGBX"))
        if mixes:
            pixels[3::4] = b"\xff" * (len(pixels) // 4)
        layout = _TRANSPARENT if mixes else _OPAQUE
        with self._page(number) as page:
            _draw(page, whole, pixels, layout, (*corner, *picture.size))
        return Image.frombuffer("RGBX", picture.size, pixels, "raw", "RGBX", 0, 1).convert("RGB")

    def on_gray(self, number: int, size: tuple[int, int], pixels: bytearray, part: PixelBox | None = None) -> None:
        """Draw a page of this size, or a ``part`` of it, onto gray pixels: it covers what is there, and mixes nowhere.
        """
        left, top, right, bottom = part or (0, 0, *size)
        with self._page(number) as page:
            _draw(page, size, pixels, _GRAY, (left, top, right - left, bottom - top))

    def alone(self, number: int, size: tuple[int, int], part: PixelBox | None = None) -> Image.Image:
        """A page as RGBA of ``size`` pixels, or a ``part`` of it, with straight alpha on a transparent ground."""
        left, top, right, bottom = part or (0, 0, *size)
        shown = right - left, bottom - top
        pixels = bytearray(b"\xff\xff\xff\0" * (shown[0] * shown[1]))
        with self._page(number) as page:
            _draw(page, size, pixels, _TRANSPARENT, (left, top, *shown))
        return Image.frombytes("RGBA", shown, pixels)

    def gray(self, number: int, size: tuple[int, int], *, is_isolated: bool = False) -> Image.Image:
        """A page in gray, of ``size`` pixels, on white, with which it mixes unless it ``is_isolated``."""
        drawn = Image.new("L", size, 255)
        for part in large_parts(size):
            if is_isolated:
                alone = self.alone(number, size, part)
                drawn.paste(alone.getchannel("R"), part, alone.getchannel("A"))
            else:
                drawn.paste(self._gray_part(number, size, part), part)
        return drawn

    def _gray_part(self, number: int, size: tuple[int, int], part: PixelBox) -> Image.Image:
        left, top, right, bottom = part
        shown = right - left, bottom - top
        pixels = bytearray(b"\xff") * (shown[0] * shown[1] * 4)
        with self._page(number) as page:
            _draw(page, size, pixels, _TRANSPARENT, (left, top, *shown))
        return Image.frombytes("L", shown, bytes(pixels[::4]))

    def on_cutout(self, number: int, picture: Image.Image) -> Image.Image:
        """A cut-out (RGBA) with a page on it."""
        return Image.alpha_composite(picture, self.alone(number, picture.size))

    def glyphs(self, number: int) -> tuple[Glyph, ...]:
        """The letters of a page that show something, in the order of its content."""
        with self._page(number) as page:
            text = page.get_textpage()
            try:
                found = [_glyph(text, index) for index in range(text.count_chars())]
            finally:
                text.close()
        return tuple(glyph for glyph in found if glyph.text.strip())

    @contextmanager
    def _page(self, number: int) -> Iterator[Any]:
        with _ONE_AT_A_TIME:
            if self._last is None or self._last[0] != number:
                self._turn_over()
                self._last = number, self._document[number]
            yield self._last[1]


class _PagesFile(tempfile.SpooledTemporaryFile[bytes]):
    def write(self, data: Any) -> int:
        if self.tell() + len(data) > IN_MEMORY:
            self.rollover()  # before, and not when all of it has been in memory
        return super().write(data)


def pages_file() -> BinaryIO:
    """Where pages may be written that are `opened` then: large ones are never in memory as a whole."""
    return cast(BinaryIO, _PagesFile())


@contextmanager
def opened(pdf: bytes | BinaryIO) -> Iterator[Pages]:
    """The pages of a PDF; of a file no more than what is being drawn is in memory."""
    with _ONE_AT_A_TIME:
        document = pypdfium2.PdfDocument(pdf)
    with closing(Pages(document)) as pages:
        yield pages


def rasterise(pdf: bytes, size: tuple[int, int]) -> list[Image.Image]:
    """All pages of a PDF as RGBA pictures of ``size`` pixels, with straight alpha on a transparent ground."""
    with opened(pdf) as pages:
        return [pages.alone(number, size) for number in range(len(pages))]


def _glyph(text: Any, index: int) -> Glyph:
    raw, x, y, matrix = pypdfium2.raw, ctypes.c_double(), ctypes.c_double(), pypdfium2.raw.FS_MATRIX()
    raw.FPDFText_GetCharOrigin(text, index, x, y)
    raw.FPDFText_GetMatrix(text, index, matrix)
    return Glyph(
        chr(raw.FPDFText_GetUnicode(text, index)),
        x.value,
        y.value,
        raw.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d),
        text.get_charbox(index),
        text.get_charbox(index, loose=True),
    )


def _draw_mixed(page: Any, size: tuple[int, int], pixels: bytearray) -> None:
    """Draw a page onto opaque pixels, whose fourth byte nobody else looks at."""
    pixels[3::4] = b"\xff" * (len(pixels) // 4)
    _draw(page, size, pixels, _TRANSPARENT)


def _draw(
    page: Any, size: tuple[int, int], pixels: bytearray, layout: int, part: tuple[int, int, int, int] | None = None
) -> None:
    """Draw a page of this size onto pixels of four bytes each, or one; of a ``part``: its left and upper edge, and its
    size."""
    left, top, width, height = part or (0, 0, *size)
    buffer = (ctypes.c_ubyte * len(pixels)).from_buffer(pixels)
    bitmap = pypdfium2.raw.FPDFBitmap_CreateEx(width, height, layout, buffer, len(pixels) // height)
    flags = 0 if layout == _GRAY else pypdfium2.raw.FPDF_REVERSE_BYTE_ORDER  # red first
    pypdfium2.raw.FPDF_RenderPageBitmap(bitmap, page, -left, -top, *size, 0, flags)
    pypdfium2.raw.FPDFBitmap_Destroy(bitmap)
