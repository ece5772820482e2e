"""What was written, read back: boxes, colour spaces and fonts of press PDFs, size and colour tag of pictures. What
placed pages bring along is told of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pikepdf
from PIL import Image

from pressrun.graphics.pages.page_content import PLACED
from pressrun.model.finding import Finding, Severity
from pressrun.model.inspection import Inspection, WrittenFile
from pressrun.readers.opened_pdfs import opened_again


def written_files(inspection: Inspection) -> Iterator[Finding]:
    for file in inspection.files:
        problems = _read_pdf(inspection, file) if file.media_type == "application/pdf" else _read_picture(file)
        for code, message in problems:
            yield inspection.finding(Severity.ERROR, code, f"{file.format}: {message}")


def _read_picture(file: WrittenFile) -> Iterator[tuple[str, str]]:
    with file.opened() as data, Image.open(data) as picture:
        if not any(file.size):  # drawn about the page, and no picture of it
            return
        if picture.size != file.size:
            yield "wrong-size", f"{picture.width} x {picture.height} pixels instead of {file.size[0]} x {file.size[1]}"
        if not picture.info.get("icc_profile"):
            yield "untagged-color", "the file carries no colour profile"


def _read_pdf(inspection: Inspection, file: WrittenFile) -> Iterator[tuple[str, str]]:
    every, is_print = file.pages or (inspection.sheet.boxes,), inspection.sheet.target == "print"
    with _opened(file) as pdf:
        if len(pdf.pages) != len(every):
            yield "wrong-pages", f"{len(pdf.pages)} pages instead of {len(every) if len(every) > 1 else 'one'}"
        if is_print and "/OutputIntents" not in pdf.Root:
            yield "no-output-intent", "the file does not say for which printing condition it is"
        colored: set[tuple[int, int]] = set()  # what pages share is looked at once, and told of the first
        lettered: set[tuple[int, int]] = set()
        for number, (page, boxes) in enumerate(zip(pdf.pages, every, strict=False), start=1):
            said = f"page {number}: " if file.pages else ""
            for name, rect in (("/TrimBox", boxes.trim), ("/BleedBox", boxes.bleed)):
                found = [float(value) for value in page.obj.get(name, [0, 0, 0, 0])]
                if abs(found[2] - found[0] - rect.width) > 0.01 or abs(found[3] - found[1] - rect.height) > 0.01:
                    yield "wrong-box", f"{said}{name[1:]} is {found}"
            resources: Any = page.obj.get("/Resources", {})
            for name in dict.fromkeys(_strange_colors(page, resources, colored) if is_print else ()):
                yield "not-press-color", f"{said}{name} is used on a page for press"
            for font in _fonts(resources, lettered):
                if not _embedded(font):
                    yield "font-not-embedded", f"{said}font {font.get('/BaseFont', '')} is not embedded"


@contextmanager
def _opened(file: WrittenFile) -> Iterator[pikepdf.Pdf]:
    """As it was when it was held against its standard, where all of it is in memory."""
    if isinstance(file.written, bytes):
        with opened_again(file.written) as pdf:
            yield pdf
    else:
        with file.opened() as data, pikepdf.open(data) as pdf:
            yield pdf


def _strange_colors(page: pikepdf.Page, resources: Any, seen: set[tuple[int, int]]) -> Iterator[str]:
    yield from _device_colors(resources, seen)
    yield from _rgb_operators(page)
    yield from _rgb_group(page.obj)


def _fonts(resources: Any, seen: set[tuple[int, int]]) -> Iterator[Any]:
    """The fonts of a page, and of the forms on it."""
    for font in resources.get("/Font", {}).values():
        if font.objgen not in seen or not font.objgen[0]:
            seen.add(font.objgen)
            yield font
    for drawn in _drawn(resources):
        if drawn.get("/Subtype") == "/Form" and drawn.objgen not in seen:
            seen.add(drawn.objgen)
            yield from _fonts(drawn.get("/Resources", {}), seen)


def _drawn(resources: Any) -> Iterator[Any]:
    for name, drawn in resources.get("/XObject", {}).items():
        if not name.startswith(PLACED):
            yield drawn


def _embedded(font: Any) -> bool:
    if "/DescendantFonts" in font:
        font = font.DescendantFonts[0]
    descriptor = font.get("/FontDescriptor", {})
    return font.get("/Subtype") == "/Type3" or any(
        key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")
    )


def _device_colors(resources: Any, seen: set[tuple[int, int]]) -> Iterator[str]:
    """Names of colour spaces on the page that are neither CMYK nor gray ink, through forms, pictures and letters."""
    for value in resources.get("/ColorSpace", {}).values():
        yield from _rgb_space(value)
    for drawn in _drawn(resources):
        if drawn.objgen in seen:
            continue
        seen.add(drawn.objgen)
        if drawn.get("/Subtype") == "/Image":
            yield from _rgb_space(drawn.get("/ColorSpace"))
        elif drawn.get("/Subtype") == "/Form":
            yield from _rgb_group(drawn)
            yield from _rgb_operators(drawn)
            yield from _device_colors(drawn.get("/Resources", {}), seen)
    for font in resources.get("/Font", {}).values():
        if font.get("/Subtype") == "/Type3":  # letters that are drawings, with colours of their own
            for letter in font.CharProcs.values():
                yield from _rgb_operators(letter)
            yield from _device_colors(font.get("/Resources", {}), seen)


def _rgb_space(value: Any) -> Iterator[str]:
    if isinstance(value, pikepdf.Array) and value[0] == "/ICCBased" and value[1].get("/N") == 3:
        yield "an ICC-based RGB colour space"
    kind = value[0] if isinstance(value, pikepdf.Array) else value
    if kind in ("/DeviceRGB", "/CalRGB", "/Lab"):
        yield f"the colour space {kind}"


def _rgb_group(value: Any) -> Iterator[str]:
    """A transparency group that blends in RGB."""
    for _ in _rgb_space(value.get("/Group", {}).get("/CS")):
        yield "a transparency group in RGB"


_RGB = re.compile(rb"(?<![^\s\0\]>)])(?:rg|RG)(?![^\s\0/\[<(%])")


def _rgb_operators(content: Any) -> Iterator[str]:
    # Taking a page's content apart is dear, and where these letters never stand alone there is nothing to be found.
    written = _bytes_of(content)
    if not (b"rg" in written or b"RG" in written) or not _RGB.search(written):
        return
    for instruction in pikepdf.parse_content_stream(content, "rg RG"):
        yield f"the operator {instruction.operator}"


def _bytes_of(content: Any) -> bytes:
    """The content of a page, whose streams are read as one, or of a form."""
    if isinstance(content, pikepdf.Page):
        parts: Any = content.obj.get("/Contents", pikepdf.Array())
        return b"\n".join(part.read_bytes() for part in (parts if isinstance(parts, pikepdf.Array) else [parts]))
    return bytes(content.read_bytes())
