"""No false alarms: press pages as other programs write them have only what is truly wrong with them."""

from __future__ import annotations

import io
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from shutil import which

import pikepdf
import pytest
import typst
from pikepdf import Array, Name, Stream, String
from press_samples import MM, PROFILE
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
                page.obj.TrimBox = Array([3 * MM, 3 * MM, SIZE[0] - 3 * MM, SIZE[1] - 3 * MM])
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


PRODUCERS: dict[str, Callable[[Path], bytes]] = {"reportlab": reportlab, "typst": of_typst, "gs": ghostscript}


@pytest.mark.parametrize("name", PRODUCERS)
def test_only_what_is_wrong_is_found(name: str, tmp_path: Path) -> None:
    if name == "gs" and which("gs") is None:
        if os.environ.get("PRESSRUN_REQUIRE_TOOLS") == "1":
            pytest.fail("gs is required by PRESSRUN_REQUIRE_TOOLS=1")
        pytest.skip("needs gs")
    found = judge(read_press_pdf(finished(PRODUCERS[name](tmp_path))), "a.pdf")
    assert {one.code for one in found} <= {"no-standard", "black-knocks-out"}
