"""Streams are looked at where they lie in their file; where that is not certain, they are read as qpdf reads them."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Dictionary, Name, Stream

from pressrun.readers.press_pdf.bytes_in_file import Streams

PIXELS = b"\xff\xd8" + b"pixels >>\nstream\nendstream " * 400 + b"\xff\xd9"


def written(**ways: object) -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    entries = {"Subtype": Name.Image, "Width": 1, "Height": 1, "Filter": Name.DCTDecode}
    pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(P=Stream(pdf, PIXELS, Note=b">> stream", **entries)))
    out = io.BytesIO()
    pdf.save(out, **ways)  # type: ignore[arg-type]
    return out.getvalue()


WAYS: dict[str, tuple[Callable[[], bytes], bool]] = {
    "as we write": (lambda: written(object_stream_mode=pikepdf.ObjectStreamMode.disable), True),
    "with packed objects": (lambda: written(object_stream_mode=pikepdf.ObjectStreamMode.generate), True),
    "locked": (lambda: written(encryption=pikepdf.Encryption(owner="o", user="")), False),
    "behind something else": (lambda: b"nothing of a PDF\n" + written(), False),
    "with a table that is wrong": (lambda: written().replace(b"1 0 obj", b"\n1 0 obj", 1), True),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_lies_there_is_what_is_read(way: str) -> None:
    write, lies_there = WAYS[way]
    data = write()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        picture = pdf.pages[0].obj.Resources.XObject.P
        found = Streams(pdf, data).of(picture)
        assert found.whole() == picture.read_raw_bytes() == PIXELS
        assert (found.data is data) == lies_there
        assert found.first(2) == b"\xff\xd8"
        assert found.has_in_second_half(b"\xff\xd9")
        assert not found.has_in_second_half(b"\xff\xd8")


def test_one_of_a_wrong_length_is_what_is_made_of_it() -> None:
    data = written().replace(b"/Length %d" % len(PIXELS), b"/Length 10000")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        picture = pdf.pages[0].obj.Resources.XObject.P
        assert Streams(pdf, data).of(picture).whole() == picture.read_raw_bytes()
