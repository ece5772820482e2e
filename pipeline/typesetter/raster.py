"""The one file that imports PDFium: pages as pixels with straight alpha."""

from __future__ import annotations

import numpy
import pypdfium2
from PIL import Image

VERSION = str(pypdfium2.PYPDFIUM_INFO)


def rasterise(pdf: bytes, size: tuple[int, int]) -> list[Image.Image]:
    """All pages as RGBA pictures of exactly ``size`` pixels on a transparent ground."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pictures = []
        for page in document:
            width, _ = page.get_size()
            bitmap = page.render(
                scale=size[0] / width,
                fill_color=(255, 255, 255, 0),
                rev_byteorder=True,
                maybe_alpha=False,
                force_bitmap_format=pypdfium2.raw.FPDFBitmap_BGRA,
                may_draw_forms=False,
            )
            pixels = bitmap.to_numpy()
            picture = Image.fromarray(numpy.ascontiguousarray(pixels[: size[1], : size[0]]), "RGBA")
            if picture.size != size:
                canvas = Image.new("RGBA", size, (255, 255, 255, 0))
                canvas.paste(picture)
                picture = canvas
            pictures.append(picture)
            bitmap.close()
            page.close()
        return pictures
    finally:
        document.close()
