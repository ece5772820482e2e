"""An A5 page with bleed as PDF: an RGB picture, seven texts of which the headline is fitted, a code."""

from __future__ import annotations

import base64
import html
import io
import re
from pathlib import Path

import numpy
import zxingcpp
from PIL import Image
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


def _code(address: str) -> Image.Image:
    """The code in black and white, one pixel a module."""
    code = zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return Image.fromarray(numpy.asarray(code.to_image(scale=1, add_quiet_zones=False)))


def _code_png(address: str) -> str:
    out = io.BytesIO()
    _code(address).save(out, "PNG")
    return f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"


def _runs(address: str) -> tuple[int, list[tuple[int, int, int]]]:
    """The modules along a side of the code, and its dark runs: column, row and length."""
    code = _code(address)
    side, dark = code.width, code.tobytes()
    rows = (dark[at : at + side] for at in range(0, side * side, side))
    return side, [(run.start(), y, len(run[0])) for y, row in enumerate(rows) for run in re.finditer(b"\0+", row)]


def _code_svg(address: str) -> str:
    side, runs = _runs(address)
    path = "".join(f"M{x} {y}h{length}v1h-{length}z" for x, y, length in runs)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><path d="{path}"/></svg>'


def weasyprint(ground: Ground, folder: Path, count: int) -> dict[str, float]:
    """WeasyPrint with its font configuration, its picture cache and its style kept; a sheet's own are its words, the
    headline's size and the code, a picture of one pixel a module. The JPEG goes into the file as it is."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts, pictures = FontConfiguration(), dict[str, object]()
    place = "#{}{{left:{}mm;top:{}mm;width:{}mm;font:{}pt {}}}"
    places = "".join(place.format(f"t{n}", *at[:4], at[4].title()) for n, at in enumerate(TEXTS))
    style = CSS(
        string="@page{size:154mm 216mm;margin:0}div,img{position:absolute}"
        f"body{{margin:0;color:{GREEN}}}@font-face{{font-family:Head;src:url({HEAD.as_uri()})}}"
        f"@font-face{{font-family:Label;src:url({ground.label_font.as_uri()})}}"
        "img{left:0;top:0;width:154mm;height:149mm}"
        "#code{left:113mm;top:155mm;width:28mm;height:28mm;image-rendering:pixelated}"
        "#h{left:13mm;top:27mm;width:140mm;font-family:Head;line-height:1.05}" + places,
        font_config=fonts,
    )

    def write(index: int) -> None:
        size, lines = fitted(words.headline(index), HEAD, *BOX)
        texts = "".join(f"<div id=t{n}>{html.escape(text)}</div>" for n, text in enumerate(_said(index)))
        head = f"<div id=h style='font-size:{size:.2f}pt'>{'<br>'.join(map(html.escape, lines))}</div>"
        page = f"<img src='{ground.picture.as_uri()}'>{head}{texts}<img id=code src='{_code_png(_address(index))}'>"
        HTML(string=page).write_pdf(folder / f"{index}.pdf", stylesheets=[style], font_config=fonts, cache=pictures)

    write(0)
    with Cost() as cost:
        for index in range(count):
            write(index)
    return cost.of(count)


def reportlab(ground: Ground, folder: Path, count: int) -> dict[str, float]:
    """ReportLab's canvas with its accelerator (rl_accel), its fonts read once. It takes the JPEG as it is; by default
    it would write it as text."""
    from reportlab import rl_config
    from reportlab.lib.colors import HexColor
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    rl_config.useA85 = 0
    pdfmetrics.registerFont(TTFont("Head", str(HEAD)))
    pdfmetrics.registerFont(TTFont("Label", str(ground.label_font)))
    green = HexColor(GREEN)

    def write(index: int) -> None:
        canvas = Canvas(str(folder / f"{index}.pdf"), pagesize=(154 * MM, 216 * MM), pageCompression=1)
        canvas.drawImage(str(ground.picture), 0, 67 * MM, 154 * MM, 149 * MM)
        canvas.setFillColor(green)
        size, lines = fitted(words.headline(index), HEAD, *BOX)
        canvas.setFont("Head", size)
        for number, line in enumerate(lines):
            canvas.drawString(13 * MM, (216 - 27) * MM - size * (0.9 + 1.05 * number), line)
        for (x, y, _, points, font, _), text in zip(TEXTS, _said(index), strict=True):
            canvas.setFont(font.title(), points)
            canvas.drawString(x * MM, (216 - y) * MM - points, text)
        side, runs = _runs(_address(index))
        path, step = canvas.beginPath(), 28 * MM / side
        for column, row, length in runs:
            path.rect(113 * MM + column * step, (216 - 155) * MM - (row + 1) * step, length * step, step)
        canvas.drawPath(path, stroke=0, fill=1)
        canvas.save()

    write(0)
    with Cost() as cost:
        for index in range(count):
            write(index)
    return cost.of(count)


SHEET = """#set page(width: 154mm, height: 216mm, margin: 0mm)
#set text(fill: rgb("%s"), bottom-edge: "baseline", top-edge: "ascender", fallback: false)
#let at(x, y, body) = place(top + left, dx: x, dy: y, body)
#let data = json(bytes(sys.inputs.sheet))
#let fonts = (head: (font: "Fraunces", weight: 600), label: (font: "FiraGO", weight: 700))
#at(0mm, 0mm, image("%s", width: 154mm, height: 149mm))
#at(13mm, 27mm, par(leading: 0.05em, text(..fonts.head, size: data.size * 1pt, data.lines.join(linebreak()))))
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
            texts = [[*place[:5], text] for place, text in zip(TEXTS, _said(index), strict=True)]
            size, lines = fitted(words.headline(index), HEAD, *BOX)
            sheet = {"size": size, "lines": lines, "texts": texts, "code": _code_svg(_address(index))}
            out = io.BytesIO(compiler.compile(format="pdf", sys_inputs={"sheet": json.dumps(sheet)}))
            (folder / f"{index}.pdf").write_bytes(out.getvalue())
    return cost.of(count)
