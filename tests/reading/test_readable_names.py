"""Names of spots as German programs of old write them, in no UTF-8."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from pressrun.graphics.color import inks
from pressrun.readers.press_pdf.document import read_press_pdf
from pressrun.readers.press_pdf.readable_names import with_readable_names
from pressrun.run.files.pdf_pages import pages_of


def printed(spot: bytes, packed: bool) -> bytes:
    """A page with a square in a spot of this name; ``packed``: in a stream of objects."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(200, 200))
    full = pdf.make_stream(b"{ dup 0 exch 0 }", FunctionType=4, Domain=Array([0, 1]), Range=Array([0, 1] * 4))
    page.obj.Resources = Dictionary(ColorSpace=Dictionary(S=Array([Name.Separation, Name("/GrXXXn"), Name.DeviceCMYK, full])))
    page.obj.Contents = pdf.make_stream(b"/S cs 1 scn 20 20 100 100 re f")
    out = io.BytesIO()
    pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    named = out.getvalue().replace(b"/GrXXXn", spot.ljust(7))
    if not packed:
        return named
    with pikepdf.open(io.BytesIO(named)) as again:
        again.save(out := io.BytesIO(), object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


@pytest.mark.parametrize("packed", [False, True])
def test_a_spot_in_no_utf8_is_read_and_placed_by_its_name(packed: bool) -> None:
    data = printed(b"/Gr#fcn", packed)
    assert read_press_pdf(data).spots == ("Grün",)
    (page,) = pages_of(with_readable_names(data), inks.load_profile("fogra39-300", Path()))
    assert [(spot.name, spot.cmyk) for spot in page.spots] == [("Grün", (100, 0, 100, 0))]


@pytest.mark.parametrize("spot", [b"/Green", b"/Gr\xc3\xbcn"])
def test_what_is_in_utf8_stays_as_it_is(spot: bytes) -> None:
    data = printed(spot, False)
    assert with_readable_names(data) == data
