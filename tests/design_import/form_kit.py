"""Forms as programs write them: a page, a font that travels along, and fields with the appearance that they have when
they are filled, drawn as Acrobat draws it."""

from __future__ import annotations

import functools
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pikepdf
import pymupdf_fonts
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, String
from reportlab.pdfgen.canvas import Canvas

FONTS = {"F0": "figo", "F1": "figbo"}
NAMES = {"F0": "FiraGO-Regular", "F1": "FiraGO-Bold"}
MULTILINE, COMB, RADIO, PUSHBUTTON, COMBO = 1 << 12, 1 << 24, 1 << 15, 1 << 16, 1 << 17
Box = tuple[float, float, float, float]


@functools.cache
def _font(key: str) -> TTFont:
    return TTFont(io.BytesIO(pymupdf_fonts.myfont(FONTS[key])))


def _advance(key: str, text: str) -> float:
    """In em."""
    font = _font(key)
    cmap, widths = font.getBestCmap(), font["hmtx"].metrics
    return sum(widths[cmap[ord(letter)]][0] for letter in text) / font["head"].unitsPerEm


def simple_font(pdf: pikepdf.Pdf, key: str) -> Any:
    """FiraGO in full, in the encoding of Windows, as forms have their fonts."""
    font, name = _font(key), Name(f"/{NAMES[key]}")
    per_mille = 1000 / font["head"].unitsPerEm
    program = pdf.make_stream(pymupdf_fonts.myfont(FONTS[key]))
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=name, Flags=32, FontBBox=Array([-500, -300, 1500, 1100]), ItalicAngle=0,
        Ascent=font["hhea"].ascent * per_mille, Descent=font["hhea"].descent * per_mille, CapHeight=689, StemV=80,
        FontFile2=program,
    )  # fmt: skip
    widths = [round(_advance(key, chr(code)) * 1000) for code in range(32, 127)]
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font, Subtype=Name.TrueType, BaseFont=name, FirstChar=32, LastChar=126, Widths=Array(widths),
            Encoding=Name.WinAnsiEncoding, FontDescriptor=pdf.make_indirect(descriptor),
        )
    )  # fmt: skip


@dataclass
class Form:
    """A form in the making: a page of ``size`` with a mark of its designer, and what is added to it."""

    size: tuple[float, float] = (300.0, 200.0)
    trim: Box | None = None
    bleed: Box | None = None
    turn: int = 0
    unit: float = 1.0
    pdf: pikepdf.Pdf = field(default_factory=pikepdf.new)

    def __post_init__(self) -> None:
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=self.size)
        canvas.setFillColorCMYK(0.8, 0.4, 0.0, 0.1)
        canvas.rect(0, 0, self.size[0], 12, stroke=0, fill=1)
        canvas.showPage()
        canvas.save()
        self.pdf.pages.extend(pikepdf.open(io.BytesIO(out.getvalue())).pages)
        page = self.page
        page.obj["/Annots"] = Array()
        for key, box in (("/TrimBox", self.trim), ("/BleedBox", self.bleed)):
            if box:
                page.obj[key] = Array(list(box))
        if self.turn:
            page.obj["/Rotate"] = self.turn
        if self.unit != 1:
            page.obj["/UserUnit"] = self.unit
        fonts = Dictionary({f"/{key}": simple_font(self.pdf, key) for key in FONTS})
        fonts["/Helv"] = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        resources = Dictionary(Font=fonts)
        self.pdf.Root["/AcroForm"] = Dictionary(Fields=Array(), DR=resources, DA=String("/F0 10 Tf 0 g"))

    @property
    def page(self) -> pikepdf.Page:
        return self.pdf.pages[0]

    @property
    def form(self) -> Any:
        return self.pdf.Root.AcroForm

    def widget(self, at: Box, parent: Any = None, **keys: Any) -> Any:
        """A widget that is a field itself, or one of those of its ``parent``."""
        made = self.pdf.make_indirect(
            Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=Array(list(at)), F=4, **keys)
        )
        self.page.obj.Annots.append(made)
        if parent is None:
            self.form.Fields.append(made)
        else:
            made["/Parent"] = parent
            parent.Kids.append(made)
        return made

    def parent(self, parent: Any = None, **keys: Any) -> Any:
        """A field of which there are others below."""
        made = self.pdf.make_indirect(Dictionary(Kids=Array(), **keys))
        if parent is None:
            self.form.Fields.append(made)
        else:
            made["/Parent"] = parent
            parent.Kids.append(made)
        return made

    def text(
        self, at: Box, value: str, *, key: str = "F0", size: float = 10.0, written: float | None = None,
        color: str = "0 g", align: int = 0, turn: int = 0, lines: Sequence[str] = (), comb: int = 0, parent: Any = None,
        drawn: bool = True, **keys: Any,
    ) -> Any:  # fmt: skip
        """A text field and how it looks with its value; ``written`` is the size that it asks for, if it shows another."""
        asked = size if written is None else written
        given: dict[str, Any] = {"DA": String(f"/{key} {asked:g} Tf {color}")} if "DA" not in keys else {}
        if turn:
            given["MK"] = Dictionary(R=turn)
        own = {} if parent is not None and "V" in parent else {"V": String(value)}
        kind = {} if "FT" in keys or (parent is not None and "FT" in parent) else {"FT": Name.Tx}
        made = self.widget(at, parent, **kind, **own, Q=align, **given, **keys)
        if drawn:
            width, height = at[2] - at[0], at[3] - at[1]
            along = (height, width) if turn % 180 else (width, height)
            shown = _several(key, size, along, lines) if lines else _comb(key, size, along, value, comb) if comb else (
                _one(key, size, along, value, align)
            )  # fmt: skip
            made["/AP"] = Dictionary(N=self.appearance(along, turn, f"/Tx BMC q BT {color} {shown} ET Q EMC"))
        return made

    def appearance(self, along: tuple[float, float], turn: int, content: str) -> Any:
        width, height = along
        matrix = {0: (1, 0, 0, 1, 0, 0), 90: (0, 1, -1, 0, height, 0), 180: (-1, 0, 0, -1, width, height),
                  270: (0, -1, 1, 0, 0, width)}[turn]  # fmt: skip
        return self.pdf.make_stream(
            content.encode("latin-1"), Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, width, height]),
            Matrix=Array(list(matrix)), Resources=Dictionary(Font=self.form.DR.Font),
        )  # fmt: skip

    def bytes(self) -> bytes:
        out = io.BytesIO()
        self.pdf.save(out, deterministic_id=True)
        return out.getvalue()


def _one(key: str, size: float, along: tuple[float, float], value: str, align: int) -> str:
    width, height = along
    wide = _advance(key, value) * size
    x = (2.0, (width - wide) / 2, width - 2 - wide)[align]
    return f"/{key} {size:g} Tf {x:.4f} {_middle(key, size, height):.4f} Td ({value}) Tj"


def _middle(key: str, size: float, height: float) -> float:
    font = _font(key)
    ascent, descent = (font["hhea"].ascent, font["hhea"].descent)
    return height / 2 - (ascent + descent) / 2 / font["head"].unitsPerEm * size


def _several(key: str, size: float, along: tuple[float, float], lines: Iterable[str]) -> str:
    said = [f"/{key} {size:g} Tf {1.3 * size:g} TL 2 {along[1] - 2 - 0.95 * size:.4f} Td"]
    return " ".join([*said, *(f"({line}) Tj T*" for line in lines)])


def _comb(key: str, size: float, along: tuple[float, float], value: str, cells: int) -> str:
    cell, y, at = along[0] / cells, _middle(key, size, along[1]), 0.0
    moves = []
    for index, letter in enumerate(value):
        x = index * cell + (cell - _advance(key, letter) * size) / 2
        moves.append(f"{x - at:.4f} {y if not index else 0:.4f} Td ({letter}) Tj")
        at = x
    return f"/{key} {size:g} Tf " + " ".join(moves)
