"""What was written, read back: boxes, colour spaces and fonts of press PDFs, size and colour tag of pictures."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
from PIL import Image

from pipeline.model.finding import Finding, Severity
from pipeline.model.inspection import Inspection, WrittenFile


def written_files(inspection: Inspection) -> Iterator[Finding]:
    for file in inspection.files:
        if file.media_type == "application/pdf":
            problems = _read_pdf(inspection, file)
        else:
            problems = _read_picture(file)
        for code, message in problems:
            yield inspection.finding(Severity.ERROR, code, f"{file.format}: {message}")


def _read_picture(file: WrittenFile) -> Iterator[tuple[str, str]]:
    with Image.open(io.BytesIO(file.data)) as picture:
        if picture.size != file.size:
            yield "wrong-size", f"{picture.width} x {picture.height} pixels instead of {file.size[0]} x {file.size[1]}"
        if not picture.info.get("icc_profile"):
            yield "untagged-color", "the file carries no colour profile"


def _read_pdf(inspection: Inspection, file: WrittenFile) -> Iterator[tuple[str, str]]:
    boxes = inspection.sheet.boxes
    with pikepdf.open(io.BytesIO(file.data)) as pdf:
        if len(pdf.pages) != 1:
            yield "wrong-pages", f"{len(pdf.pages)} pages instead of one"
        page = pdf.pages[0]
        for name, rect in (("/TrimBox", boxes.trim), ("/BleedBox", boxes.bleed)):
            found = [float(value) for value in page.obj.get(name, [0, 0, 0, 0])]
            if abs(found[2] - found[0] - rect.width) > 0.01 or abs(found[3] - found[1] - rect.height) > 0.01:
                yield "wrong-box", f"{name[1:]} is {found}"
        resources: Any = page.obj.get("/Resources", {})
        for name in _device_colors(resources, set()):
            yield "not-press-color", f"{name} is used on a page for press"
        for name, font in resources.get("/Font", {}).items():
            if not _embedded(font):
                yield "font-not-embedded", f"font {name} is not embedded"


def _embedded(font: Any) -> bool:
    if "/DescendantFonts" in font:
        font = font.DescendantFonts[0]
    descriptor = font.get("/FontDescriptor", {})
    return font.get("/Subtype") == "/Type3" or any(
        key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")
    )


def _device_colors(resources: Any, seen: set[tuple[int, int]]) -> Iterator[str]:
    """Names of colour spaces on the page that are neither CMYK nor gray ink, through forms and patterns."""
    for value in resources.get("/ColorSpace", {}).values():
        if not isinstance(value, pikepdf.Array):
            continue
        if value[0] == "/ICCBased" and value[1].get("/N") == 3:
            yield "an RGB colour space"
        elif value[0] in ("/CalRGB", "/Lab"):
            yield f"the colour space {value[0]}"
    for drawn in resources.get("/XObject", {}).values():
        if drawn.objgen in seen:
            continue
        seen.add(drawn.objgen)
        if drawn.get("/Subtype") == "/Image" and drawn.get("/ColorSpace") == "/DeviceRGB":
            yield "an RGB picture"
        elif drawn.get("/Subtype") == "/Form":
            yield from _device_colors(drawn.get("/Resources", {}), seen)
