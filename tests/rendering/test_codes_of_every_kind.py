"""Every kind of code, read back by another library from the press file as poppler draws it, and from a screen file."""

from __future__ import annotations

import io
import subprocess
from dataclasses import dataclass
from typing import get_args

import pytest
import zxingcpp
from PIL import Image
from rendering_kit import Press

from pressrun.model.symbology import CodeKind

F = zxingcpp.BarcodeFormat


@dataclass(frozen=True)
class Kind:
    """What a layer says, and what a scanner makes of it: a format, a text, and whether that is GS1's."""

    said: str
    format: zxingcpp.BarcodeFormat
    text: str
    is_gs1: bool = False


GS1 = "(01)04006381333931(17)271231(10)AB-12"
KINDS = {
    "qr": Kind("value: 'Grüße ☕ قهوة; \"x\"'", F.QRCode, 'Grüße ☕ قهوة; "x"'),
    "micro-qr": Kind("value: '12345'", F.MicroQRCode, "12345"),
    "rmqr": Kind("value: Lot 27", F.RMQRCode, "Lot 27"),
    "aztec": Kind("value: Grüße 1", F.Aztec, "Grüße 1"),
    "data-matrix": Kind("value: Grüße 2", F.DataMatrix, "Grüße 2"),
    "pdf417": Kind("value: Grüße 3", F.PDF417, "Grüße 3"),
    "ean-13": Kind("value: '400638133393'", F.EAN13, "4006381333931"),
    "ean-8": Kind("value: '9638507'", F.EAN8, "96385074"),
    "upc-a": Kind("value: '036000291452'", F.EAN13, "0036000291452"),
    "upc-e": Kind("value: '123456'", F.UPCE, "0012345000065"),
    "isbn": Kind("value: 978-3-16-148410-0", F.EAN13, "9783161484100"),
    "code-39": Kind("value: AB-123", F.Code39, "AB-123"),
    "code-128": Kind("value: Case 7/b", F.Code128, "Case 7/b"),
    "gs1-128": Kind(f"value: '{GS1}'", F.Code128, GS1, True),
    "gs1-data-matrix": Kind(f"value: '{GS1}'", F.DataMatrix, GS1, True),
    "gs1-digital-link": Kind(
        f"value: '{GS1}', domain: shop.example", F.QRCode, "https://shop.example/01/04006381333931/10/AB-12?17=271231"
    ),
    "itf-14": Kind("value: '1540014128876'", F.ITF, "15400141288763"),
}
PAGE = """
page: {{trim: 700px x 260px, safe: 10px}}
target: {target}
formats: [{format}]
layers:
  - {{type: code, id: c, code: {kind}, {said}, box: {{x: 20px, y: 20px, width: 640px, height: 200px}}}}
"""


def read(page: Image.Image, add_on: bool = False) -> list[zxingcpp.Barcode]:
    asked = zxingcpp.EanAddOnSymbol.Read if add_on else zxingcpp.EanAddOnSymbol.Ignore
    found = zxingcpp.read_barcodes(page, ean_add_on_symbol=asked)
    return [one for one in found if one.format not in (F.EAN2, F.EAN5)]  # which are told beside their number


def by_poppler(pdf: bytes, density: int = 300) -> Image.Image:
    drawn = ["pdftoppm", "-r", str(density), "-png", "-singlefile", "-"]
    done = subprocess.run(drawn, input=pdf, capture_output=True, check=True)
    return Image.open(io.BytesIO(done.stdout)).convert("RGB")


def test_no_kind_is_forgotten() -> None:
    assert tuple(KINDS) == get_args(CodeKind)


@pytest.mark.parametrize("target", ["print", "screen"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_drawn_is_what_is_said(press: Press, kind: str, target: str) -> None:
    one, format = KINDS[kind], "press-pdf" if target == "print" else "png"
    made = press.render(PAGE.format(kind=kind, said=one.said, target=target, format=format))
    assert not [code for code in made.codes if code.startswith("code-")]
    page = by_poppler(made.files[format]) if target == "print" else made.picture(format)
    (found,) = read(page)
    assert (found.format, found.text) == (one.format, one.text)
    assert (found.content_type == zxingcpp.ContentType.GS1) == one.is_gs1


@pytest.mark.parametrize(("kind", "value"), [("ean-13", "9771234567003"), ("upc-a", "036000291452"), ("isbn", "9783161484100")])
@pytest.mark.parametrize("add_on", ["05", "51299"])
def test_an_add_on_is_read_behind_its_number(press: Press, kind: str, value: str, add_on: str) -> None:
    layout = PAGE.format(kind=kind, said=f"value: '{value}', add_on: '{add_on}'", target="print", format="press-pdf")
    made = press.render(layout)
    assert "code-unreadable" not in made.codes
    found = read(by_poppler(made.files["press-pdf"]), add_on=True)
    assert (add_on, True) in [(one.extra["EanAddOn"], one.text.endswith(value + add_on)) for one in found if one.extra]
