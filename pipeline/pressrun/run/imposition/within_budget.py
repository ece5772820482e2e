"""Files of anybody are looked through before their pages are taken: what wants more than sound ones do is refused."""

from __future__ import annotations

import pikepdf
from pikepdf import Array, Stream

from pressrun.graphics.pages.pdf_graph import reached
from pressrun.readers.press_pdf.budget import Budget
from pressrun.readers.press_pdf.operators import BROKEN
from pressrun.readers.press_pdf.streams import filters_of, unpacked
from pressrun.run.imposition.times_drawn import TimesDrawn

_AS_THEY_ARE = frozenset({"/FlateDecode", "/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode"})


def require_within(pdf: pikepdf.Pdf, budget: Budget) -> None:
    """Spend on everything that is unpacked when pages are placed: what they draw, as often as it is drawn, and what is
    packed otherwise than a sheet may have it. Raises Spent."""
    times = TimesDrawn()
    for one in reached(pdf.Root):
        budget.visit()
        if isinstance(one, Array):
            continue
        if isinstance(one, Stream) and _is_unpacked(one):
            times.content(one, _unpack(one, budget))
        if one.get("/Type") == "/Page":
            drawn = one.get("/Contents")
            for stream in drawn if isinstance(drawn, Array) else [drawn]:
                if isinstance(stream, Stream):
                    times.content(one, _unpack(stream, budget))
    times.require_within()


def _is_unpacked(stream: Stream) -> bool:
    filters = filters_of(stream)
    if stream.get("/Subtype") == "/Form" or stream.get("/PatternType") == 1 or "/N" in stream:  # the last, a profile
        return True
    return len(filters) > 1 or any(one not in _AS_THEY_ARE for one in filters)


def _unpack(stream: Stream, budget: Budget) -> bytes:
    try:
        return unpacked(stream, budget)
    except BROKEN:  # it stays as it is
        return b""
