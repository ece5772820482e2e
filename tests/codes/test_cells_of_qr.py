"""A QR code is cell for cell what the library draws, whose mask is the one with the least that hinders."""

from __future__ import annotations

import random
from typing import Any

import numpy
import pytest
import zxingcpp

from pressrun.graphics.codes.barcodes import symbol

LETTERS = ("0123456789", "abcdefXYZ./:?", "ABC 0123", "\x00\x01\x7f", "0")


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


@pytest.mark.parametrize("said", ["Grüße", "ÄÖÜ" * 20, "Übermut für 5 €", "قهوة", "日本", "☕"])
@pytest.mark.parametrize("kind", ["qr", "rmqr", "aztec", "data-matrix", "pdf417"])
def test_other_letters_are_in_utf_8_which_the_code_says(kind: str, said: str) -> None:
    """Capital umlauts in Latin 1 are read as Japanese, and what is in no encoding that it names is guessed."""
    try:
        made = symbol(kind, said)
    except ValueError:
        assert kind == "rmqr"
        return
    cells = [[255 * (cell == "0") for cell in row for _ in range(4)] for row, high in zip(made.rows, made.heights, strict=True) for _ in range(round(4 * high))]
    picture = numpy.pad(numpy.array(cells, numpy.uint8), 32, constant_values=255)
    [read] = zxingcpp.read_barcodes(picture)
    assert read.bytes == said.encode()
    assert read.text == said == made.reads
