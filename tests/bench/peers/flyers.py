"""An A5 page with bleed as PDF: an RGB picture, seven texts of which the headline is fitted, a code."""

from __future__ import annotations

import html
import io
from functools import cache
from pathlib import Path

from tests.bench import words
from tests.bench.clock import Cost
from tests.bench.peers import GREEN, HEAD, Ground, fitted

MM = 72 / 25.4
BOX = (128 * MM, 23 * MM, (22.0, 42.0))  # of the headline
TEXTS = [  # x, y and width in mm from the bleed's corner; size in pt; which font; what
    (13, 155, 88, 12.0, "head", "Small batches, roasted on Tuesdays"),
    (13, 174, 88, 8.0, "label", "{name}"),
    (13, 182, 64, 34.0, "head", "£{price}"),
    (13, 194, 88, 8.0, "label", "250 g of whole beans"),
    (13, 198, 88, 6.5, "label", "While stocks last. Prices include VAT."),
    (109, 188, 32, 8.0, "label", "Scan to read on"),
]


def _said(index: int) -> list[str]:
    return [what.format(name=words.name(index), price=words.price(index)) for *_, what in TEXTS]


def _address(index: int) -> str:
    return f"https://northlight.example/uk/{index}"


@cache
def _black(address: str) -> list[tuple[int, int]]:
    import zxingcpp

    code = zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    rows = memoryview(code.to_image(scale=1, add_quiet_zones=False)).tolist()
    return [(x, y) for y, row in enumerate(rows) for x, light in enumerate(row) if not light]


def weasyprint(ground: Ground, folder: Path, count: int) -> dict[str, float]:
    """WeasyPrint with its font configuration and picture cache kept."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts, pictures = FontConfiguration(), dict[str, object]()
    style = CSS(
        string="@page{size:154mm 216mm;margin:0}body{margin:0}div,img,svg{position:absolute}"
        f"@font-face{{font-family:Head;src:url({HEAD.as_uri()})}}"
        f"@font-face{{font-family:Label;src:url({ground.label_font.as_uri()})}}",
        font_config=fonts,
    )
    place = "<div style='left:{}mm;top:{}mm;width:{}mm;font:{}pt {};color:{}'>{}</div>"
    with Cost() as cost:
        for index in range(count):
            size, lines = fitted(words.headline(index), HEAD, *BOX)
            parts = [f"<img src='{ground.picture.as_uri()}' style='left:0;top:0;width:154mm;height:149mm'>"]
            parts.append(place.format(13, 27, 140, f"{size:.2f}", "Head", GREEN, "<br>".join(map(html.escape, lines))))
            for (x, y, width, points, font, _), text in zip(TEXTS, _said(index), strict=True):
                parts.append(place.format(x, y, width, points, font.title(), GREEN, html.escape(text)))
            code = "".join(f"M{x} {y}h1v1h-1z" for x, y in _black(_address(index)))
            parts.append(
                f"<svg viewBox='0 0 29 29' style='left:113mm;top:155mm;width:28mm;height:28mm'><path d='{code}'/></svg>"
            )
            page = HTML(string="".join(parts))
            page.write_pdf(folder / f"{index}.pdf", stylesheets=[style], font_config=fonts, cache=pictures)
    return cost.of(count)


def reportlab(ground: Ground, folder: Path, count: int) -> dict[str, float]:
    """ReportLab's canvas; the picture is a JPEG, which it takes as it is."""
    from reportlab.lib.colors import HexColor
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(TTFont("Head", str(HEAD)))
    pdfmetrics.registerFont(TTFont("Label", str(ground.label_font)))
    with Cost() as cost:
        for index in range(count):
            canvas = Canvas(str(folder / f"{index}.pdf"), pagesize=(154 * MM, 216 * MM))
            canvas.drawImage(str(ground.picture), 0, 67 * MM, 154 * MM, 149 * MM)
            canvas.setFillColor(HexColor(GREEN))
            size, lines = fitted(words.headline(index), HEAD, *BOX)
            canvas.setFont("Head", size)
            for number, line in enumerate(lines):
                canvas.drawString(13 * MM, (216 - 27) * MM - size * (0.9 + 1.05 * number), line)
            for (x, y, _, points, font, _), text in zip(TEXTS, _said(index), strict=True):
                canvas.setFont(font.title(), points)
                canvas.drawString(x * MM, (216 - y) * MM - points, text)
            path, step = canvas.beginPath(), 28 * MM / 29
            for column, row in _black(_address(index)):
                path.rect(113 * MM + column * step, (216 - 155) * MM - (row + 1) * step, step, step)
            canvas.drawPath(path, stroke=0, fill=1)
            canvas.save()
    return cost.of(count)


SHEET = """#set page(width: 154mm, height: 216mm, margin: 0mm)
#set text(fill: rgb("%s"), bottom-edge: "baseline", top-edge: "ascender", fallback: false)
#let at(x, y, body) = place(top + left, dx: x, dy: y, body)
#let data = json(bytes(sys.inputs.sheet))
#let fonts = (head: (font: "Fraunces", weight: 600), label: (font: "FiraGO", weight: 700))
#at(0mm, 0mm, image("%s", width: 154mm, height: 149mm))
#at(13mm, 27mm, layout(_ => {
  let fits(size) = measure(block(width: 128mm, par(leading: 0.05em, text(..fonts.head, size: size)[#data.head]))).height <= 23mm
  let size = 42pt
  while size > 22pt and not fits(size) { size -= 1pt }
  block(width: 128mm, par(leading: 0.05em, text(..fonts.head, size: size)[#data.head]))
}))
#for (x, y, width, size, font, text_) in data.texts { at(x * 1mm, y * 1mm, text(..fonts.at(font), size: size * 1pt)[#text_]) }
#at(113mm, 155mm, image(bytes(data.code), width: 28mm))
"""


def typst(ground: Ground, folder: Path, count: int) -> dict[str, float]:
    """A document written by hand, compiled once for each sheet by one compiler that stays."""
    import json

    import typst as engine

    source = folder / "sheet.typ"
    source.write_text(SHEET % (GREEN, ground.picture.name))
    (folder / ground.picture.name).write_bytes(ground.picture.read_bytes())
    fonts = [str(HEAD.parent), str(ground.label_font.parent)]
    compiler = engine.Compiler(str(source), root=str(folder), font_paths=fonts, ignore_system_fonts=True)
    with Cost() as cost:
        for index in range(count):
            path = "".join(f"M{x} {y}h1v1h-1z" for x, y in _black(_address(index)))
            code = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29"><path d="{path}"/></svg>'
            texts = [[*place[:5], text] for place, text in zip(TEXTS, _said(index), strict=True)]
            sheet = {"head": words.headline(index), "texts": texts, "code": code}
            out = io.BytesIO(compiler.compile(format="pdf", sys_inputs={"sheet": json.dumps(sheet)}))
            (folder / f"{index}.pdf").write_bytes(out.getvalue())
    return cost.of(count)
