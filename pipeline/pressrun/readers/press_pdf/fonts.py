"""Whether a font's program travels in the file."""

from __future__ import annotations

import re

from pressrun.readers.press_pdf.facts import FontUse, Object

_SUBSET = re.compile(r"[A-Z]{6}\+")
_PROGRAMS = ("/FontFile", "/FontFile2", "/FontFile3")


def read_font(font: Object, size: float) -> FontUse:
    """A font as it is used at `size` points. Type 3 fonts are drawings on the page, so they always travel along."""
    kind = str(font.get("/Subtype", "/unknown"))[1:]
    name = str(font.get("/BaseFont", font.get("/Name", "/unnamed")))[1:]
    carrier = font
    if kind == "Type0" and "/DescendantFonts" in font:
        carrier = font.DescendantFonts[0]
    descriptor = carrier.get("/FontDescriptor")
    embedded = kind == "Type3" or (descriptor is not None and any(key in descriptor for key in _PROGRAMS))
    subset = _SUBSET.match(name) is not None
    return FontUse(name[7:] if subset else name, kind, embedded, subset, size)
