"""Made files read back by other hands than made them: every function here is a key of a case's ``files``."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
import zxingcpp
from PIL import Image, ImageChops, ImageStat

_BEHIND = (zxingcpp.BarcodeFormat.EAN2, zxingcpp.BarcodeFormat.EAN5)
_OF_FIGURES = {"L", "EN", "AN", "ES", "ET", "CS", "ON"}


@dataclass(frozen=True, slots=True)
class Letter:
    """One character that PDFium finds on a page: where its ink begins and ends, and its size, in points."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float


def letters(data: bytes) -> Iterator[Letter]:
    """The characters of a PDF's pages in the order of its text, those without ink left out."""
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            words = page.get_textpage()
            for index in range(words.count_chars()):
                left, bottom, right, top = words.get_charbox(index)
                text = chr(pdfium.FPDFText_GetUnicode(words, index))
                if not text.isspace() and right > left:
                    size = pdfium.FPDFText_GetFontSize(words, index)
                    yield Letter(text, left, right, bottom, top, round(size, 2))


def text(data: bytes) -> str:
    """All text as people copy it out of the file."""
    with pypdfium2.PdfDocument(data) as document:
        found = [page.get_textpage().get_text_bounded() for page in document]
    return "\n".join(found).replace("\r\n", "\n").strip()


def seen(data: bytes) -> str:
    """The letters as they stand on the page, from left to right, without blanks."""
    return "".join(letter.text for letter in sorted(letters(data), key=lambda letter: letter.left + letter.right))


def figures(data: bytes) -> str:
    """Like `seen`, without right-to-left letters and marks of direction: figures, signs and what is Latin."""
    return "".join(one for one in seen(data) if unicodedata.bidirectional(one) in _OF_FIGURES)


def largest(data: bytes) -> str:
    """The letters that are set in the largest size, from left to right."""
    found = sorted(letters(data), key=lambda letter: letter.left + letter.right)
    size = max(letter.size for letter in found)
    return "".join(letter.text for letter in found if letter.size == size)


def uppermost(data: bytes) -> str:
    """The letters of the highest line, from left to right, without blanks."""
    found = sorted(letters(data), key=lambda letter: letter.left + letter.right)
    highest = max(letter.bottom for letter in found)
    return "".join(letter.text for letter in found if letter.top > highest)


def codes(data: bytes) -> list[str]:
    """What a scanner reads on a PDF's pages at 300 pixels per inch, in the order of the alphabet; what stands behind an
    EAN or UPC after a plus."""
    found: list[str] = []
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            picture = page.render(scale=300 / 72).to_pil().convert("L")
            read = zxingcpp.read_barcodes(picture, ean_add_on_symbol=zxingcpp.EanAddOnSymbol.Read)
            more = {one.text: one.extra["EanAddOn"] for one in read if one.extra and "EanAddOn" in one.extra}
            found += [f"{text.removesuffix(add_on)}+{add_on}" for text, add_on in more.items()]
            bare = {text.removesuffix(add_on) for text, add_on in more.items()} | more.keys()
            found += [one.text for one in read if one.text not in bare and one.format not in _BEHIND]
    return sorted(found)


def looks(data: bytes) -> str:
    """The size of a picture in pixels, and how many colours it has, as "600x400 3": one is an empty page."""
    with Image.open(io.BytesIO(data)) as picture:
        colors = picture.convert("RGB").getcolors(maxcolors=picture.width * picture.height) or []
        return f"{picture.width}x{picture.height} {len(colors)}"


def halves(data: bytes) -> str:
    """Whether the upper half of a picture looks like the lower one ("same"), and is no flat ground."""
    with Image.open(io.BytesIO(data)) as picture:
        shown = picture.convert("RGB")
    upper = shown.crop((0, 0, shown.width, shown.height // 2))
    lower = shown.crop((0, shown.height // 2, shown.width, shown.height))
    if max(ImageStat.Stat(upper).stddev) < 10:
        return "flat"
    apart = max(ImageStat.Stat(ImageChops.difference(upper, lower)).mean)
    return "same" if apart < 2 else f"{apart:.1f} levels apart"


READERS: Mapping[str, Callable[[bytes], Any]] = {
    reader.__name__: reader for reader in (text, seen, figures, largest, uppermost, codes, looks, halves)
}  # fmt: skip
