"""Where the text of a widget stands, as the program that filled it drew it."""

from __future__ import annotations

import io
import math

import pikepdf
from msgspec import Struct

from pressrun.designs.form_pdf.fields import Widget
from pressrun.graphics.drawn import pdfium
from pressrun.readers.press_pdf.annotations import appearance
from pressrun.readers.press_pdf.facts import Object
from pressrun.readers.press_pdf.keys import Keys

SAME_LINE = 0.3  # of a letter's size: baselines that are no farther apart are one


class ShownLine(Struct, frozen=True):
    """A line from ``left`` to ``right`` at a ``baseline``, from the widget's middle in its text's directions, y
    upwards."""

    left: float
    right: float
    baseline: float
    size: float


def alone(widget: Widget, form: Object, keys: Keys, state: str = "", turn: int = 0) -> bytes | None:
    """A PDF whose page is the widget's rectangle and nothing but its appearance (in a state, where it has several), on
    its page turned like the form's; None where it has none."""
    drawn = appearance(widget.look, keys, state)
    if drawn is None:
        return None
    stream, matrix = drawn
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(72, 72))
    page.obj["/MediaBox"] = pikepdf.Array(list(widget.at))
    page.obj["/Rotate"] = turn
    copied = pdf.copy_foreign(stream)
    resources = keys.dictionary(copied, "/Resources")
    known = keys.dictionary(keys.dictionary(form, "/DR"), "/Font")
    if known.keys() and "/Font" not in resources:  # some programs leave them to the form
        copied["/Resources"] = pikepdf.Dictionary({**dict(resources.items()), "/Font": _copied(pdf, known)})
    page.obj["/Resources"] = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Shown=copied))
    written = " ".join(f"{number:.6f}" for number in matrix)
    page.obj["/Contents"] = pdf.make_stream(f"q {written} cm /Shown Do Q".encode())
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _copied(pdf: pikepdf.Pdf, fonts: Object) -> Object:
    return pikepdf.Dictionary(
        {key: pdf.copy_foreign(font) if font.is_indirect else font for key, font in fonts.items()}
    )


def shown_lines(widget: Widget, form: Object, keys: Keys) -> list[ShownLine]:
    """The lines of its appearance, from the first to the last."""
    pdf = alone(widget, form, keys)
    if pdf is None:
        return []
    with pdfium.opened(pdf) as pages:
        glyphs = pages.glyphs(0)
    lines: list[list[_Letter]] = []
    for letter in (_letter(widget, glyph) for glyph in glyphs):
        if lines and abs(lines[-1][0].baseline - letter.baseline) < SAME_LINE * letter.size:
            lines[-1].append(letter)
        else:
            lines.append([letter])
    return [
        ShownLine(min(one.x for one in line), max(one.right for one in line), line[0].baseline, line[0].size)
        for line in lines
        if line[0].size > 0
    ]


class _Letter(Struct, frozen=True):
    x: float
    right: float
    baseline: float
    size: float


def _letter(widget: Widget, glyph: pdfium.Glyph) -> _Letter:
    angle = math.radians(widget.turn)

    def local(x: float, y: float) -> tuple[float, float]:
        across, up = x - widget.middle[0], y - widget.middle[1]
        return across * math.cos(angle) + up * math.sin(angle), up * math.cos(angle) - across * math.sin(angle)

    x, baseline = local(glyph.x, glyph.y)
    corners = [local(*corner) for corner in (glyph.advance[:2], glyph.advance[2:])]
    return _Letter(x, max(corner[0] for corner in corners), baseline, glyph.size)
