"""A QR code is cell for cell what the library draws, whose mask is the one with the least that hinders."""

from __future__ import annotations

import random
from typing import Any

import pytest
import zxingcpp

from pressrun.graphics.codes.barcodes import symbol

LETTERS = ("0123456789", "abcdefXYZ./:?", "ABC 0123", "\x00\x01\xff", "0")


@pytest.mark.parametrize("level", "LMQH")
def test_it_is_the_one_with_the_least_that_hinders(level: str) -> None:
    drawn = random.Random(level)
    for length in (1, 17, 60, 60, 60, 150, 600):
        for letters in LETTERS:
            value = "".join(drawn.choices(letters, k=length))
            code: Any = zxingcpp.create_barcode(value, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
            pixels = memoryview(code.to_image(scale=1, add_quiet_zones=False)).tolist()
            rows = tuple("".join("0" if pixel else "1" for pixel in row) for row in pixels)
            assert symbol("qr", value, level).rows == rows
