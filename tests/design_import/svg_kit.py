"""Drawings for tests, and what is asked of what was read of them."""

from __future__ import annotations

import base64
import io

from PIL import Image

from pressrun.designs.svg import read_svg
from pressrun.model.design import Design, DesignFile, DesignPart, TextPart
from pressrun.model.layout import Target

MM = 72 / 25.4
NAMES = (
    'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" '
    'xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd"'
)


def picture() -> str:
    out = io.BytesIO()
    Image.new("RGB", (8, 6), "red").save(out, "PNG")
    return f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"


def read(inside: str, head: str = 'width="200" height="100" viewBox="0 0 200 100"', **asked: Target) -> Design:
    svg = inside if "<svg" in inside else f"<svg {NAMES} {head}>{inside}</svg>"
    return read_svg(DesignFile("card.svg", "card", svg.encode(), **asked))


def texts(design: Design) -> list[TextPart]:
    return [one for one in design.parts if isinstance(one, TextPart)]


def only(design: Design) -> TextPart:
    [text] = texts(design)
    return text


def kinds(design: Design) -> list[tuple[type[DesignPart], str]]:
    return [(type(one), one.id) for one in design.parts]


def columns(design: Design) -> dict[str, str]:
    return {f"{column.rows}.{column.name}": column.sample for column in design.columns}


def codes(design: Design) -> list[str]:
    return [note.code for note in design.notes]


def baseline(text: TextPart) -> float:
    at_foot = text.anchor == "bottom"
    return text.box.y + (text.box.height - 0.22 * text.sizes[1] if at_foot else 0.74 * text.sizes[1])
