"""Operators without operands, or with those of others: whatever reads a page ends, and what is wrong is told."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String
from press_samples import PROFILE, draw, whole

from pressrun.graphics.color.light_spaces import on_paper_of
from pressrun.graphics.pages import placed_pages, spot_parts
from pressrun.graphics.pages.seen_pages import seen
from pressrun.graphics.separations.plates import separated
from pressrun.graphics.svg.artwork import UnusableArtwork
from pressrun.model.errors import InputError
from pressrun.readers.press_pdf.document import read_press_pdf
from pressrun.readers.press_pdf.operators import OPERATORS
from pressrun.readers.press_pdf.preflight import judged
from pressrun.readers.press_pdf.profiles.profile import load_profile
from pressrun.run.imposition.sources import SourceFile, read_sources
from pressrun.run.mended_files import Asked, Untouchable, mended

STRICT = load_profile("x4")
OPERANDS = (
    "", "1", "-1 2", "1 2 3", "1 2 3 4", "1 2 3 4 5 6 7", "1e400", "99999999999 99999999999 99999999999 99999999999",
    "/Gold", "/Gold 1", "1 /Gold", "/Pattern", "0 /Gold", "/Gold /Gold", "(a)", "(a) /F", "[1]", "[(a) /Gold]",
    "<</A 1>>", "null", "true", "/OC /Gold",
)  # fmt: skip
AFTER = "0 0 10 10 re f BT /Gold 9 Tf (a) Tj ET"  # paints with whatever was set
RAMP = Dictionary(FunctionType=2, N=1, Domain=Array([0, 1]), C0=Array([0, 0, 0, 0]), C1=Array([0, 0.2, 0.8, 0]))
# What `/Gold` is in the resources: of the right kind, and of a wrong one.
AXIAL = Dictionary(ShadingType=2, ColorSpace=Name.DeviceCMYK, Coords=Array([0, 0, 9, 9]), Function=RAMP)
NAMED: dict[str, Callable[[pikepdf.Pdf], Any]] = {
    "ColorSpace": lambda pdf: Array([Name.Separation, Name.Gold, Name.DeviceCMYK, RAMP]),
    "ExtGState": lambda pdf: Dictionary(OP=True, op=True, OPM=1, BM=Name.Multiply),
    "Font": lambda pdf: Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica),
    "Pattern": lambda pdf: Dictionary(PatternType=2, Shading=AXIAL),
    "Shading": lambda pdf: AXIAL,
    "XObject": lambda pdf: Stream(pdf, b"0 0 9 9 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9])),
    "Properties": lambda pdf: pdf.Root.OCProperties.OCGs[0],
}
USES = {
    "ColorSpace": "/Gold cs 1 scn 0 0 9 9 re f", "ExtGState": "/Gold gs 0 0 9 9 re f", "Font": "BT /Gold 9 Tf (a) Tj ET",
    "Pattern": "/Pattern cs /Gold scn 0 0 9 9 re f", "Shading": "/Gold sh", "XObject": "/Gold Do",
    "Properties": "/OC /Gold BDC 0 0 9 9 re f EMC",
}  # fmt: skip
WRONG: tuple[Callable[[pikepdf.Pdf], Any], ...] = (
    lambda pdf: 1, lambda pdf: Name.X, lambda pdf: Array([]), lambda pdf: Array([Name.Separation, 4, 4, 4]),
    lambda pdf: Array([Name.DeviceN, 1, 2, 3]), lambda pdf: Array([Name.Indexed, Name.DeviceRGB]),
    lambda pdf: Array([Name.ICCBased, 1]), lambda pdf: Array([Name.Lab, 3]), lambda pdf: Array([Name.Pattern, 5]),
    lambda pdf: Dictionary(), lambda pdf: Dictionary(OP=Name.X, OPM=Name.Y, BM=3), lambda pdf: Dictionary(BM=Array([1])),
    lambda pdf: Dictionary(Subtype=Name.Type3, CharProcs=3), lambda pdf: Dictionary(Subtype=Name.Type3, CharProcs=Dictionary(a=4)),
    lambda pdf: Dictionary(PatternType=2), lambda pdf: Dictionary(PatternType=2, Shading=3), lambda pdf: Stream(pdf, b"x"),
    lambda pdf: Dictionary(ShadingType=Name.X, ColorSpace=4), lambda pdf: Stream(pdf, b"q", Subtype=Name.Form, BBox=Name.X, Resources=3),
    lambda pdf: Stream(pdf, b"x", Subtype=Name.Image), lambda pdf: Stream(pdf, b"x", Subtype=Name.Image, Filter=Name.DCTDecode),
    lambda pdf: Stream(pdf, b"x", Subtype=Name.Image, Width=Name.X, Height=3, ColorSpace=Name.DeviceRGB, BitsPerComponent=8),
    lambda pdf: Stream(pdf, b"x", Subtype=Name.Image, Width=9, Height=3, ColorSpace=Name.DeviceCMYK, Decode=Name.X),
)  # fmt: skip


def of_pages(contents: list[tuple[str, dict[str, Callable[[pikepdf.Pdf], Any]]]]) -> bytes:
    """A page for each content, with what `/Gold` is in its resources; the layer of that name is off."""

    def fill(pdf: pikepdf.Pdf, _: pikepdf.Page) -> None:
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("Gold")))
        pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
        for page, (content, named) in zip(pdf.pages, contents, strict=True):
            page.contents_add(content.encode())
            page.obj.Resources = Dictionary({f"/{kind}": Dictionary(Gold=one(pdf)) for kind, one in named.items()})

    return whole(fill, pages=len(contents))


def of_operators() -> bytes:
    return of_pages([
        ("\n".join(f"q {operands} {operator} {AFTER} Q" for operands in OPERANDS), NAMED) for operator in sorted(OPERATORS)
    ])  # fmt: skip


def of_resources() -> bytes:
    return of_pages([(USES[kind], NAMED | {kind: wrong}) for kind in NAMED for wrong in WRONG])


def placed(data: bytes) -> None:
    ready = placed_pages.prepared(data, False)
    for part in (
        lambda: spot_parts.without_spots(ready, 1, ("Gold",)),
        lambda: spot_parts.spot_alone(ready, 1, "Gold", (0.0,) * 4),
    ):
        with suppress(UnusableArtwork):  # which is told
            part()


def impose(data: bytes) -> None:
    with suppress(InputError):
        read_sources([SourceFile("a.pdf", data)], lambda _: None)


def mend(data: bytes) -> None:
    with suppress(Untouchable):
        mended(data, Asked(STRICT.limits, None, None, "D:20270301093000Z"))


WALKERS: dict[str, Callable[[bytes], object]] = {
    "separations": lambda data: separated(data, PROFILE, 4),
    "pictures of pages": lambda data: seen(data, on_paper_of(PROFILE.data)),
    "placed pages": placed,
    "imposition": impose,
    "mending": mend,
}


@pytest.mark.parametrize("walker", WALKERS)
@pytest.mark.parametrize("broken", [of_operators, of_resources])
def test_what_reads_pages_ends(broken: Callable[[], bytes], walker: str) -> None:
    WALKERS[walker](broken())


def test_each_is_told_by_its_page() -> None:
    file = read_press_pdf(of_operators(), STRICT.limits.total_ink)
    found = judged(file, "a.pdf", STRICT.limits, STRICT.levels)
    told = {page for one in found if one.finding.code == "broken-page" for page in one.pages}
    assert told >= {at for at, operator in enumerate(sorted(OPERATORS), 1) if operator in TAKING}


TAKING = {"c", "cm", "CS", "cs", "Do", "g", "G", "gs", "K", "k", "l", "m", "re", "RG", "rg", "sh", "Td", "TD", "Tf", "TL",
          "Tm", "Tr", "v", "w", "y"}  # fmt: skip


def test_on_plates_they_change_nothing() -> None:
    square = "10 10 100 100 re f"
    broken = "/Gold G (a) rg gs 1 2 k cs /None Do sh 3 Tf /Gold scn Tr /X Tr"
    whole_page, with_them = (
        separated(whole(draw(one)), PROFILE, 36)[0] for one in (f"0 1 0 0 k {square}", f"0 1 0 0 k {broken} {square}")
    )
    for ink, plate in whole_page.plates.items():
        assert numpy.array_equal(numpy.asarray(plate), numpy.asarray(with_them.plates[ink])), ink
