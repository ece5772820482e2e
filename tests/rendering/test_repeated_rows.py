"""A JPEG has the same bytes whatever was encoded before it: rows that the last page had, too, are taken from that."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy
import pytest
from PIL import Image

from pressrun.formats.raster import JPEG
from pressrun.graphics.pixels import repeated_rows
from pressrun.graphics.pixels.repeated_rows import RepeatedRows

SIZES = [(1, 1), (7, 5), (33, 16), (47, 101), (270, 270)]


def encoded(pixels: bytes, size: tuple[int, int], is_fine: bool, **told: object) -> bytes:
    """As Pillow has it on its own."""
    out, subsampling = io.BytesIO(), 0 if is_fine else 2
    picture = Image.frombuffer("RGBX", size, pixels, "raw", "RGBX", 0, 1)
    picture.save(out, "JPEG", quality=88, subsampling=subsampling, **told)
    return out.getvalue()


def much_alike(size: tuple[int, int]) -> Iterator[bytes]:
    """A page, the same again, and others of which each has other pixels in a place or two than the one before."""
    chance = numpy.random.default_rng(3)
    page = chance.integers(0, 256, size[0] * size[1] * 4, numpy.uint8)
    for times in (0, 0, 1, 1, 2, 3):
        for at in chance.integers(0, page.size, times):
            page[at] ^= 0x5A
        yield page.tobytes()


@pytest.mark.parametrize("is_fine", [True, False])
@pytest.mark.parametrize("size", SIZES)
def test_bytes_are_those_of_the_page_alone(size: tuple[int, int], is_fine: bool) -> None:
    rows = RepeatedRows()
    for number, page in enumerate(much_alike(size)):
        told = {"comment": f"page {number}".encode(), "dpi": (96, 96)}
        whole = encoded(page, size, is_fine, restart_marker_rows=1, **told)
        assert rows.jpeg(page, size, 88, is_fine=is_fine, **told) == whole


def test_pixels_are_those_of_an_encoder_that_never_begins_anew() -> None:
    for page in much_alike((90, 70)):
        for is_fine in (True, False):
            ours = Image.open(io.BytesIO(RepeatedRows().jpeg(page, (90, 70), 88, is_fine=is_fine)))
            assert ours.tobytes() == Image.open(io.BytesIO(encoded(page, (90, 70), is_fine))).tobytes()


def test_pages_of_another_kind_come_between(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, size = RepeatedRows(), (64, 64)
    first, other, *_ = much_alike(size)
    alone = [RepeatedRows().jpeg(page, size, 88, is_fine=True) for page in (first, other)]
    assert rows.jpeg(first, size, 88, is_fine=True) == alone[0]
    rows.jpeg(first, (32, 128), 88, is_fine=True)
    rows.jpeg(first, size, 70, is_fine=True)
    rows.jpeg(first, size, 88, is_fine=False)
    assert rows.jpeg(other, size, 88, is_fine=True) == alone[1]


def test_only_rows_that_differ_are_encoded(monkeypatch: pytest.MonkeyPatch) -> None:
    heights: list[int] = []
    save = Image.Image.save
    monkeypatch.setattr(Image.Image, "save", lambda one, *a, **k: (heights.append(one.height), save(one, *a, **k)))
    rows, size = RepeatedRows(), (64, 100)
    page = bytearray(64 * 100 * 4)
    rows.jpeg(bytes(page), size, 88, is_fine=True)
    page[64 * 4 * 50] = 200
    rows.jpeg(bytes(page), size, 88, is_fine=True)
    assert heights == [100, 8 + 8 + 4]  # the first one, that of line 50, and what is cut off at the foot
    monkeypatch.setattr(repeated_rows, "KEPT", 10)
    rows.jpeg(bytes(page), size, 88, is_fine=True)
    rows.jpeg(bytes(page), size, 88, is_fine=True)
    assert heights[2:] == [8 + 4, 100]  # a large page is not remembered


def test_the_longest_edge_that_a_job_may_have_is_written() -> None:
    assert JPEG.longest_edge
    for size in ((1, JPEG.longest_edge), (JPEG.longest_edge, 1)):
        picture = Image.open(io.BytesIO(RepeatedRows().jpeg(bytes(4 * JPEG.longest_edge), size, 92, is_fine=True)))
        assert picture.size == size
