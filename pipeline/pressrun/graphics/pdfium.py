"""The one file that imports PDFium: pages as pixels.

PDFium is not made for several threads: one of them works with it at a time, from opening a document to closing it.
"""

from __future__ import annotations

import contextlib
import ctypes
import threading
from collections.abc import Callable

import pypdfium2
from PIL import Image

VERSION = str(pypdfium2.PYPDFIUM_INFO)

_ONE_AT_A_TIME = threading.Lock()


class Ground:
    """An sRGB picture that pages are drawn over; its bytes are laid out once, as PDFium takes them."""

    def __init__(self, picture: Image.Image) -> None:
        self.picture = picture
        self.pixels = picture.tobytes("raw", "RGBX")


def drawn_over(ground: Ground, pdf: bytes) -> list[Image.Image]:
    """All pages of a PDF, each drawn over the ground and stretched to it."""
    size = ground.picture.size
    return [
        Image.frombytes("RGB", size, pixels, "raw", "RGBX")
        for pixels in _drawn(pdf, size, lambda: bytearray(ground.pixels), pypdfium2.raw.FPDFBitmap_BGRx)
    ]


def rasterise(pdf: bytes, size: tuple[int, int]) -> list[Image.Image]:
    """All pages of a PDF as RGBA pictures of ``size`` pixels, with straight alpha on a transparent ground."""
    clear = b"\xff\xff\xff\0" * (size[0] * size[1])
    return [
        Image.frombytes("RGBA", size, pixels)
        for pixels in _drawn(pdf, size, lambda: bytearray(clear), pypdfium2.raw.FPDFBitmap_BGRA)
    ]


def _drawn(pdf: bytes, size: tuple[int, int], canvas: Callable[[], bytearray], layout: int) -> list[bytearray]:
    """Each page drawn on a canvas of its own, four bytes a pixel."""
    width, height = size
    drawn = []
    with _ONE_AT_A_TIME, contextlib.closing(pypdfium2.PdfDocument(pdf)) as document:
        for page in document:
            with contextlib.closing(page):
                pixels = canvas()
                buffer = (ctypes.c_ubyte * len(pixels)).from_buffer(pixels)
                bitmap = pypdfium2.raw.FPDFBitmap_CreateEx(width, height, layout, buffer, width * 4)
                flags = pypdfium2.raw.FPDF_REVERSE_BYTE_ORDER  # red first
                pypdfium2.raw.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, flags)
                pypdfium2.raw.FPDFBitmap_Destroy(bitmap)
                del buffer
                drawn.append(pixels)
    return drawn
