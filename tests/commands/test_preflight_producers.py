"""No false alarms: press pages as other programs write them have only what is truly wrong with them."""

from __future__ import annotations

import importlib.util
import io
import subprocess
from collections.abc import Callable
from pathlib import Path
from shutil import which
from typing import Any

import pikepdf
import pytest
import typst
from pikepdf import Array, Name, Stream, String
from press_samples import MM, PROFILE

from pressrun.readers.press_pdf.document import read_press_pdf
from pressrun.readers.press_pdf.preflight import judge

FONT = sorted((Path(__file__).parents[2] / "brands").glob("*/fonts/*.ttf"))[0]
SIZE = 111 * MM, 154 * MM


def reportlab(folder: Path) -> bytes:
    canvas = importlib.import_module("reportlab.pdfgen.canvas")
    colors = importlib.import_module("reportlab.lib.colors")
    importlib.import_module("reportlab.pdfbase.pdfmetrics").registerFont(
        importlib.import_module("reportlab.pdfbase.ttfonts").TTFont("F", str(FONT))
    )
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=SIZE, initialFontName="F")
    page.setFillColor(colors.CMYKColor(0.3, 0.2, 0, 0))
    page.rect(0, 0, *SIZE, stroke=0, fill=1)
    page.setFillColor(colors.CMYKColor(0, 0, 0, 1))
    page.setFont("F", 14)
    page.drawString(40, 200, "Kaffee aus Kenia")
    page.setFillColor(colors.CMYKColorSep(0, 0.6, 1, 0, spotName="PANTONE 151 C", density=1))
    page.circle(100, 100, 30, stroke=0, fill=1)
    page.save()
    return out.getvalue()


def of_typst(folder: Path) -> bytes:
    (folder / "a.typ").write_text(
        "#set page(width: 111mm, height: 154mm, fill: cmyk(20%, 10%, 0%, 0%))\n"
        "#set text(fill: cmyk(0%, 0%, 0%, 100%), size: 14pt)\n= Kaffee\naus Kenia #lorem(20)\n"
    )
    return typst.compile(str(folder / "a.typ"))


def ghostscript(folder: Path) -> bytes:
    (folder / "a.pdf").write_bytes(reportlab(folder))
    subprocess.run(
        ["gs", "-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite", "-sColorConversionStrategy=CMYK",
         "-dProcessColorModel=/DeviceCMYK", f"-sOutputFile={folder}/b.pdf", f"{folder}/a.pdf"], check=True,
    )  # fmt: skip
    return (folder / "b.pdf").read_bytes()


def weasyprint(folder: Path) -> bytes:
    page = f"""<style>@font-face {{font-family: F; src: url({FONT.as_uri()})}} body {{font: 14pt F; background: #def}}
    @page {{size: 105mm 148mm; bleed: 3mm; margin: 10mm; background: #def}}</style><h1>Kaffee</h1><p>aus Kenia</p>"""
    return bytes(importlib.import_module("weasyprint").HTML(string=page).write_pdf())


def skia(folder: Path) -> bytes:
    skia = importlib.import_module("skia")
    out = skia.DynamicMemoryWStream()
    document = skia.PDF.MakeDocument(out)
    canvas = document.beginPage(*SIZE)
    canvas.drawRect(skia.Rect(0, 0, *SIZE), skia.Paint(Color=0xFFAACCEE))
    canvas.drawString("Kaffee", 40, 100, skia.Font(skia.Typeface.MakeFromFile(str(FONT)), 20), skia.Paint())
    document.endPage()
    document.close()
    return bytes(out.detachAsData())


def finished(data: bytes) -> bytes:
    """With the boxes and the output intent that such programs leave out."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        profile = pdf.make_indirect(Stream(pdf, PROFILE.data, N=4))
        pdf.Root.OutputIntents = Array([pikepdf.Dictionary(
            Type=Name.OutputIntent, S=Name.GTS_PDFX, OutputConditionIdentifier=String("FOGRA39"), DestOutputProfile=profile)])  # fmt: skip
        for page in pdf.pages:
            if "/TrimBox" not in page.obj:
                page.obj.TrimBox = Array([3 * MM, 3 * MM, SIZE[0] - 3 * MM, SIZE[1] - 3 * MM])
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


PRODUCERS: dict[str, tuple[Callable[[Path], bytes], set[str]]] = {
    "reportlab": (reportlab, set()), "typst": (of_typst, set()), "gs": (ghostscript, set()),
    "weasyprint": (weasyprint, {"rgb"}), "skia": (skia, {"rgb"}),
}  # fmt: skip


@pytest.mark.parametrize("name", PRODUCERS)
def test_only_what_is_wrong_is_found(name: str, tmp_path: Path) -> None:
    if name == "gs" and (which("gs") is None or importlib.util.find_spec("reportlab") is None):
        pytest.skip("Ghostscript is not installed")
    if name in ("reportlab", "weasyprint", "skia"):
        pytest.importorskip(name)
    make, wrong = PRODUCERS[name]
    found: Any = judge(read_press_pdf(finished(make(tmp_path))), "a.pdf")
    assert {one.code for one in found} - {"no-standard", "black-knocks-out"} == wrong
