"""How a field's text looks: the font, size and colour of its default appearance (ISO 32000-2, 12.7.4.3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pikepdf
from msgspec import Struct

from pressrun.designs.form_pdf.fields import Widget
from pressrun.graphics.typefaces.font_names import type_named, weight_named
from pressrun.model.design import PaintNamed, TypeNamed
from pressrun.readers.press_pdf.budget import Budget
from pressrun.readers.press_pdf.facts import Object
from pressrun.readers.press_pdf.keys import Keys, is_number, numbers
from pressrun.readers.press_pdf.operators import Scratch, each_operator

BLACK = PaintNamed((0.0,))
PAINTS = {"g": 1, "rg": 3, "k": 4}
PROGRAMS = ("/FontFile", "/FontFile2", "/FontFile3")
BOLD_FLAG, ITALIC_FLAG = 1 << 18, 1 << 6  # of font descriptors (table 121)
SHORT_NAMES = {
    "Helv": "Helvetica", "HeBo": "Helvetica-Bold", "HeOb": "Helvetica-Oblique", "HeBO": "Helvetica-BoldOblique",
    "TiRo": "Times-Roman", "TiBo": "Times-Bold", "TiIt": "Times-Italic", "TiBI": "Times-BoldItalic",
    "Cour": "Courier", "CoBo": "Courier-Bold", "CoOb": "Courier-Oblique", "CoBO": "Courier-BoldOblique",
    "ZaDb": "ZapfDingbats", "Symb": "Symbol",
}  # fmt: skip
"""What programs call the standard fonts in forms whose resources do not have them."""


class Look(Struct, frozen=True):
    """``size`` 0 is as large as fits; ``ascent`` and ``descent`` of the font, in em; ``is_plain`` where its colour is
    one that we can read."""

    type: TypeNamed
    size: float
    color: PaintNamed
    ascent: float
    descent: float
    is_plain: bool = True


class Looks:
    """Those of one form's widgets."""

    def __init__(self, form: Object, keys: Keys, budget: Budget) -> None:
        self._fonts = keys.dictionary(keys.dictionary(form, "/DR"), "/Font")
        self._keys, self._budget, self._scratch = keys, budget, Scratch()

    def of(self, widget: Widget) -> Look:
        font, size, color, plain = "Helv", 0.0, BLACK, True

        def visit(operator: str, operands: Sequence[Any]) -> None:
            nonlocal font, size, color, plain
            if operator == "Tf" and len(operands) == 2 and is_number(operands[1]):
                font, size = str(operands[0]).removeprefix("/"), abs(numbers(operands[1:])[0])
            elif operator in PAINTS and len(operands) == PAINTS[operator] and all(map(is_number, operands)):
                color, plain = PaintNamed(tuple(min(1.0, max(0.0, part)) for part in numbers(operands))), True
            elif operator in ("sc", "scn"):
                plain = False

        each_operator(widget.says.encode("latin-1", "replace"), self._scratch, 0, visit, self._budget)
        type_, ascent, descent = self._type(font)
        return Look(type_, size, color, ascent, descent, plain)

    def _type(self, name: str) -> tuple[TypeNamed, float, float]:
        keys, font = self._keys, self._fonts.get(f"/{name}")
        carrier = next(keys.dictionaries(font, "/DescendantFonts"), font)
        descriptor = keys.dictionary(carrier, "/FontDescriptor")
        base = keys.name(font, "/BaseFont") or SHORT_NAMES.get(name, name)
        found = type_named(base, travels=any(key in descriptor for key in PROGRAMS))
        flags = keys.count(descriptor, "/Flags")
        weight = weight_named(str(keys.count(descriptor, "/FontWeight"))) if "/FontWeight" in descriptor else 400
        family = keys.text(descriptor, "/FontFamily") or found.family
        bold = 700 if flags & BOLD_FLAG else 400
        italic = found.italic or bool(flags & ITALIC_FLAG)
        # Viewers go by the bounding box of a font that does not say, or says 0: this is Helvetica's.
        ascent = (keys.number(descriptor, "/Ascent", 0) or 931) / 1000
        descent = (keys.number(descriptor, "/Descent", 0) or -225) / 1000
        return TypeNamed(family, max(found.weight, weight, bold), italic, found.travels), ascent, -abs(descent)


def paint(parts: list[Any]) -> PaintNamed | None:
    """The colour of a border or ground; None where there is none."""
    return PaintNamed(numbers(parts)) if len(parts) in (1, 3, 4) and _are_numbers(parts) else None


def _are_numbers(parts: list[Any]) -> bool:
    return not any(isinstance(part, pikepdf.Object) for part in parts)
