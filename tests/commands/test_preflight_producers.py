"""No false alarms: press pages as other programs write them have only what is truly wrong with them."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from pathlib import Path
from shutil import which

import needed
import pikepdf
import pytest
import typst
from fpdf import FPDF
from fpdf.drawing import DeviceCMYK
from pikepdf import Array, Name, Stream, String
from press_samples import MM, PROFILE, whole
from reportlab.lib import colors
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfgen import canvas

from pressrun.readers.press_pdf.document import read_press_pdf
from pressrun.readers.press_pdf.preflight import judge

FONT = sorted((Path(__file__).parents[2] / "brands").glob("*/fonts/*.ttf"))[0]
SIZE = 111 * MM, 154 * MM


def reportlab(folder: Path) -> bytes:
    pdfmetrics.registerFont(ttfonts.TTFont("F", str(FONT)))
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


def finished(data: bytes) -> bytes:
    """With the boxes and the output intent that such programs leave out."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        profile = pdf.make_indirect(Stream(pdf, PROFILE.data, N=4))
        pdf.Root.OutputIntents = Array([pikepdf.Dictionary(
            Type=Name.OutputIntent, S=Name.GTS_PDFX, OutputConditionIdentifier=String("FOGRA39"), DestOutputProfile=profile)])  # fmt: skip
        for page in pdf.pages:
            if "/TrimBox" not in page.obj:
                _, _, width, height = (float(edge) for edge in page.mediabox)
                page.obj.TrimBox = Array([3 * MM, 3 * MM, width - 3 * MM, height - 3 * MM])
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


def of_fpdf(folder: Path) -> bytes:
    page = FPDF(unit="pt", format=SIZE)
    page.add_page()
    page.add_font("F", "", FONT)
    page.set_font("F", size=14)
    page.set_fill_color(DeviceCMYK(0.3, 0.2, 0, 0))
    page.rect(0, 0, *SIZE, style="F")
    page.cell(text="Kaffee aus Kenia")
    return bytes(page.output())


def of_matplotlib(folder: Path) -> bytes:
    out = io.BytesIO()
    matplotlib, figures = needed.package("matplotlib"), needed.package("matplotlib.figure")
    with matplotlib.rc_context({"pdf.fonttype": 42, "font.size": 9}):
        figure = figures.Figure(figsize=(SIZE[0] / 72, SIZE[1] / 72))
        axes = figure.add_axes((0.2, 0.2, 0.6, 0.6))
        axes.plot([1, 3, 2], label="Kaffee")
        axes.legend()
        axes.set_title("Kaffee aus Kenia")
        figure.savefig(out, format="pdf")
    return out.getvalue()


PAPER = (
    "<style>@page{size:111mm 154mm;margin:0} body{margin:0;background:#cde} svg{width:60mm}</style><h1>Kaffee</h1>"
    '<svg viewBox="0 0 60 40"><circle cx="20" cy="20" r="15" fill="#a33"/></svg><p style="opacity:.7">aus Kenia</p>'
)


def of_chromium(folder: Path) -> bytes:
    (folder / "a.html").write_text(PAPER, "utf-8")
    subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
                    f"--print-to-pdf={folder}/a.pdf", f"{folder}/a.html"], check=True, capture_output=True)  # fmt: skip
    return (folder / "a.pdf").read_bytes()


def of_cairo(folder: Path) -> bytes:
    (folder / "a.pdf").write_bytes(reportlab(folder))
    subprocess.run(["pdftocairo", "-pdf", f"{folder}/a.pdf", f"{folder}/b.pdf"], check=True)
    return (folder / "b.pdf").read_bytes()


def of_libreoffice(folder: Path) -> bytes:
    (folder / "a.txt").write_text("Kaffee aus Kenia\nund Äthiopien\n", "utf-8")
    subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/office", "--headless", "--convert-to", "pdf",
                    "--outdir", str(folder), f"{folder}/a.txt"], check=True, capture_output=True)  # fmt: skip
    return (folder / "a.pdf").read_bytes()


IN_RGB = {"rgb", "managed-rgb", "rgb-group", "thin-line", "bleed-not-filled"}
PRODUCERS: dict[str, tuple[Callable[[Path], bytes], str, set[str]]] = {
    "reportlab": (reportlab, "", set()),
    "typst": (of_typst, "", set()),
    "gs": (ghostscript, "gs", set()),
    "pikepdf": (lambda folder: whole(), "", set()),
    "fpdf2": (of_fpdf, "", set()),
    "matplotlib": (of_matplotlib, "", IN_RGB),
    "chromium": (of_chromium, "chromium", IN_RGB),
    "cairo": (of_cairo, "pdftocairo", IN_RGB),
    "libreoffice": (of_libreoffice, "soffice", IN_RGB | {"page-sizes"}),
}
"""What makes each file, the program that it needs, and what is truly wrong with it."""


HEAVY = ("matplotlib",)
NAMES = [pytest.param(name, marks=pytest.mark.heavy) if name in HEAVY else name for name in PRODUCERS]


@pytest.mark.parametrize("name", NAMES)
def test_only_what_is_wrong_is_found(name: str, tmp_path: Path) -> None:
    make, program, wrong = PRODUCERS[name]
    if program and which(program) is None:
        needed.absent(program)
    found = judge(read_press_pdf(finished(make(tmp_path))), "a.pdf")
    assert {one.code for one in found} <= {"no-standard", "black-knocks-out", *wrong}
