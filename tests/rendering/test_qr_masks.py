"""A QR code is in the mask that zxing-cpp takes by itself, which takes four times as long to find it."""

from __future__ import annotations

import hashlib

import pytest
import zxingcpp
from PIL import Image

from pressrun.graphics.codes.barcodes import reading, symbol
from pressrun.graphics.codes.qr_masks import MASKS

SAID = ("7", "4006381333931", "https://northlight.example/{}", "{} in Zürich, 14 °C", "{0} {0} {0}", "漢字 {}")
LEVELS = ("L", "M", "Q", "H", "")


def cells_of(code: zxingcpp.Barcode) -> tuple[str, ...]:
    pixels = memoryview(code.to_image(scale=1, add_quiet_zones=False)).tolist()
    return tuple("".join("0" if pixel else "1" for pixel in row) for row in pixels)


@pytest.mark.parametrize("level", LEVELS)
def test_the_mask_is_the_one_that_is_penalised_least(level: str) -> None:
    taken: set[int] = set()
    for said in SAID:
        options = {"ec_level": level} if level else {}
        options |= {} if said.isascii() else {"eci": "UTF-8"}
        for number in range(12):
            words = said.format(hashlib.sha256(str(number).encode()).hexdigest()[: 5 * number + 1])
            made = symbol("qr", words, level)
            plain = cells_of(zxingcpp.create_barcode(words, zxingcpp.BarcodeFormat.QRCode, **options))
            assert made.rows == plain, words
            taken |= {
                mask for mask in range(MASKS)
                if plain == cells_of(zxingcpp.create_barcode(words, zxingcpp.BarcodeFormat.QRCode, data_mask=mask, **options))
            }  # fmt: skip
    assert len(taken) >= MASKS - 1, "or the test says little"


@pytest.mark.parametrize(("kind", "value"), [("qr", "https://northlight.example"), ("ean-13", "4006381333931")])
def test_a_code_is_read_whether_it_is_alone_on_its_picture_or_not(kind: str, value: str) -> None:
    rows = symbol(kind, value).rows
    small = Image.frombytes(
        "L", (len(rows[0]), len(rows)), "".join(rows).encode().translate(bytes.maketrans(b"01", b"\xff\0"))
    )
    code = small.resize((3 * small.width, 3 * small.height if kind == "qr" else 90), Image.Resampling.NEAREST)
    ground = Image.new("L", (code.width + 60, code.height + 60), 255)
    ground.paste(code, (30, 30))
    assert value in reading(ground, kind, thorough=False)
    ground.paste(0, (2, 2, 6, 6))
    assert value in reading(ground, kind, thorough=False)
