"""PDF/X-1a: no transparency, the same inks. What was transparent becomes pixels under all that stays live; text that
would become pixels is refused by its layer's name, unless the layout allows it."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy
import pdf_oxide
import pikepdf
import pytest
from PIL import Image, ImageFilter
from rendering_kit import PROFILE, Press
from test_press_pdf import PAGES

from pressrun.graphics.inked import flat_pages, page_parts
from pressrun.graphics.pixels import joined_jpeg, set_aside
from pressrun.graphics.pixels.packed_strips import PackedStrips, unpacked
from pressrun.graphics.separations.plates import separated
from pressrun.model.finding import Finding
from pressrun.model.separations import Separations
from pressrun.model.stored_bytes import digest_of, opened, whole
from pressrun.model.task import Failed, Made
from pressrun.readers.press_pdf.document import read_press_pdf
from pressrun.readers.press_pdf.preflight import judge
from pressrun.readers.press_pdf.profiles.profile import load_profile

PAGE = """
page: {trim: 200pt x 160pt, bleed: 6pt, safe: 0pt}
target: print
inks: [cmyk, PANTONE 7579 C]
formats: [press-pdf, press-pdf-x1a]
layers:
  - {type: image, id: hero, picture: hero, box: {in: bleed}}
  - {type: text, id: foot, text: What is above this is live, size: 6pt, box: {x: 2pt, y: 148pt, width: 90pt, height: 9pt}}
"""
WORDS = """
  - {type: text, id: words, text: Words, color: ink, size: 20pt, box: {x: 20pt, y: 20pt, width: 100pt, height: 30pt}}
"""
BESIDE = """
  - {type: code, id: code, value: "1", color: ink, box: {x: 20pt, y: 95pt, width: 30pt, height: 30pt}}
  - {type: shape, id: veil, fill: forest, opacity: 0.5, box: {x: 10pt, y: 90pt, width: 150pt, height: 50pt}}
"""
OVER_WORDS = """
  - {type: shape, id: veil, fill: forest, opacity: 0.5, box: {x: 10pt, y: 10pt, width: 120pt, height: 50pt}}
"""
DOT = """
  - {type: shape, id: dot, shape: ellipse, fill: flame, box: {x: 90pt, y: 60pt, width: 80pt, height: 80pt}}
"""
CARD = """
  - {type: shape, id: card, fill: paper, shadow: soft, box: {x: 20pt, y: 70pt, width: 90pt, height: 60pt}}
"""
CUT = """
  - type: image
    id: cut
    picture: cutout
    fit: contain
    shadow: contact
    box: {x: 110pt, y: 70pt, width: 60pt, height: 80pt}
"""
IN_A_GROUP = """
  - type: group
    id: together
    blend: multiply
    box: {x: 10pt, y: 10pt, width: 120pt, height: 60pt}
    layers:
      - {type: shape, id: panel, fill: flame, box: {in: group}}
      - {type: text, id: words, text: Words, color: ink, size: 20pt, box: {x: 5pt, y: 5pt, width: 100pt, height: 30pt}}
"""
FLAT = {
    "nothing transparent": WORDS,
    "a veil beside the words": BESIDE + WORDS,
    "a veil under the words": DOT.replace("y: 60pt", "y: 10pt") + OVER_WORDS + WORDS,
    "words below, beside a veil": WORDS + BESIDE,
    "a spot that covers": DOT + WORDS,
    "a spot seen through": DOT.replace("shape: ellipse", "opacity: 0.6") + WORDS,
    "a shadow": CARD + WORDS,
    "a cut-out over a code": BESIDE.partition("  - {type: shape")[0].replace("x: 20pt", "x: 120pt") + WORDS + CUT,
}
COVERING = ("nothing transparent", "a spot that covers")
ALLOWED = {"words under a veil": WORDS + OVER_WORDS, "words in a mixed group": IN_A_GROUP}


SLOTS = {"hero": ["gray"], "cutout": ["cutout"]}


def made(press: Press, layers: str, head: str = "") -> Made | Failed:
    return press.make(press.task(head + PAGE + layers, slots=SLOTS, title="T", description="d"))


def refused(press: Press, layers: str) -> Finding:
    """Why there is no X-1a of a page, which is written with its transparency all the same; alone it fails."""
    one = made(press, layers)
    assert isinstance(one, Made), one.finding
    assert [file.key for file in one.files] == ["key-press-pdf"], "a file of another standard under that name"
    ((key, finding),) = one.refused
    alone = press.make(press.task(PAGE + layers, formats=("press-pdf-x1a",), slots=SLOTS))
    assert isinstance(alone, Failed)
    assert (key, alone.finding.code) == ("key-press-pdf-x1a", finding.code)
    return finding


def files(press: Press, layers: str, head: str = "") -> tuple[bytes, bytes]:
    """The page as X-4 and as X-1a."""
    one = made(press, layers, head)
    assert isinstance(one, Made), one.finding
    x4, x1a = (press.store.read(file.digest) for file in one.files)
    return x4, x1a


def everything(root: Any) -> Iterator[Any]:
    """All dictionaries and streams of a file."""
    seen, left = set(), [root]
    while left:
        one = left.pop()
        if isinstance(one, pikepdf.Array):
            left += list(one)
        elif isinstance(one, pikepdf.Dictionary | pikepdf.Stream) and (not one.objgen[0] or one.objgen not in seen):
            seen.add(one.objgen)
            yield one
            left += [value for name, value in one.items() if name != "/Parent"]


def has_transparency(data: bytes) -> bool:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return any(
            "/SMask" in one or one.get("/S") == "/Transparency" or float(one.get("/ca", 1)) < 1
            or str(one.get("/BM", "/Normal")) != "/Normal"
            for one in everything(pdf.Root)
        )  # fmt: skip


def plates(data: bytes) -> Separations:
    (page,) = separated(data, PROFILE, 100)
    return page


def differing(one: Separations, other: Separations, more_than: int = 6) -> float:
    """The share of pixels of which an ink differs, but for those at its edges."""
    assert list(one.plates) == list(other.plates)
    shares = []
    for ink, plate in one.plates.items():
        flat = numpy.asarray(plate.filter(ImageFilter.MaxFilter(5))).astype(int)
        flat = flat - numpy.asarray(plate.filter(ImageFilter.MinFilter(5))) <= 6
        off = abs(numpy.asarray(plate).astype(int) - numpy.asarray(other.plates[ink])) > more_than
        shares.append(float((off & flat).mean()))
    return max(shares)


@pytest.mark.parametrize("page", {**FLAT, **ALLOWED})
def test_the_same_inks_without_transparency(press: Press, page: str) -> None:
    x4, x1a = files(press, {**FLAT, **ALLOWED}[page], "flatten: true" if page in ALLOWED else "")
    assert not has_transparency(x1a)
    assert has_transparency(x4) is (page not in COVERING)
    assert differing(plates(x4), plates(x1a)) < 0.001


@pytest.mark.parametrize("page", PAGES)
def test_our_own_profile_finds_no_fault(press: Press, page: str) -> None:
    task = press.task(PAGES[page], formats=("press-pdf-x1a",), slots={"hero": ["ramp-600"]}, title="T", description="d")
    one = press.make(task)
    assert isinstance(one, Made)
    profile = load_profile("x1a")
    told = judge(read_press_pdf(press.store.read(one.files[0].digest)), "", profile.limits, profile.levels)
    assert [finding.code for finding in told if finding.is_error and finding.code != "resolution"] == []


def test_it_says_so_as_its_standard_wants(press: Press) -> None:
    _, data = files(press, FLAT["a spot seen through"])
    assert data.startswith(b"%PDF-1.4")
    assert pdf_oxide.PdfDocument.from_bytes(data).page_count() == 1
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert str(pdf.docinfo["/GTS_PDFXVersion"]) == "PDF/X-1a:2003"
        assert str(pdf.docinfo["/Trapped"]) == "/False"
        (intent,) = pdf.Root.OutputIntents
        assert str(intent.OutputConditionIdentifier) == "FOGRA39"
        assert "/OCProperties" not in pdf.Root
        assert not any("/ICCBased" in str(one.get("/ColorSpace", "")) for one in everything(pdf.Root))


@pytest.mark.parametrize("page", ["a veil under the words", "words below, beside a veil"])
def test_text_that_lies_over_transparency_or_beside_it_stays_live(press: Press, page: str) -> None:
    _, data = files(press, FLAT[page])
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert any("/Font" in one for one in everything(pdf.Root))


@pytest.mark.parametrize("page", ALLOWED)
def test_text_that_would_become_pixels_is_refused_by_its_layers_name(press: Press, page: str) -> None:
    finding = refused(press, ALLOWED[page])
    assert (finding.code, finding.layer) == ("text-in-transparency", "words")
    assert "'words'" in finding.message


@pytest.mark.parametrize("page", ALLOWED)
def test_where_the_layout_allows_it_text_becomes_pixels_of_its_own_density(press: Press, page: str) -> None:
    _, data = files(press, ALLOWED[page], "flatten: true")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        steps = [(str(one.operator), list(one.operands)) for one in pikepdf.parse_content_stream(pdf.pages[0])]
        at = steps.index(("Do", [pikepdf.Name.Flat]))
        place, operands = steps[at - 1]
        assert place == "cm"
        assert int(pdf.pages[0].obj.Resources.XObject.Flat.Width) / (float(operands[0]) / 72) == pytest.approx(1200, rel=0.01)


@pytest.mark.skipif(not shutil.which("gs"), reason="Ghostscript is not there")
@pytest.mark.parametrize("page", ["a spot seen through", "a shadow"])
def test_ghostscript_separates_the_same_plates(press: Press, page: str, tmp_path: Path) -> None:
    _, data = files(press, FLAT[page])
    (tmp_path / "page.pdf").write_bytes(data)
    command = ["gs", "-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=tiffsep", "-r72", f"-sOutputFile={tmp_path}/p.tif"]
    subprocess.run([*command, str(tmp_path / "page.pdf")], check=True, capture_output=True)
    names = {path.name for path in tmp_path.glob("p*")}
    assert any("7579" in name for name in names) is (page == "a spot seen through")


@pytest.mark.parametrize(
    ("faulty", "rule"),
    [
        (WORDS.replace("text: Words", 'text: "Words \\U00012000"'), "undefined-glyph"),
        ("  - {type: artwork, id: placed, file: rgb.pdf, box: {x: 20pt, y: 60pt, width: 60pt, height: 40pt}}\n", "rgb"),
    ],
    ids=["a letter that no font has", "a placed page in RGB"],
)
def test_a_page_that_cannot_be_x1a_is_never_delivered_under_its_name(press: Press, faulty: str, rule: str) -> None:
    finding = refused(press, faulty)
    assert finding.code == "below-standard"
    assert f"[{rule}]" in finding.message


TURNED = """
  - type: group
    id: turned
    rotate: 20
    opacity: 0.8
    box: {x: 90pt, y: 20pt, width: 90pt, height: 90pt}
    layers:
      - {type: image, id: small, picture: hero, opacity: 0.7, box: {in: group}}
"""
PHOTOGRAPHS = """
  - {type: image, id: veil, picture: hero, opacity: 0.5, box: {x: 11.3pt, y: 33.7pt, width: 90.1pt, height: 61.9pt}}
"""
IN_STRIPS = {
    "a veil under the words": FLAT["a veil under the words"],
    "a spot seen through": FLAT["a spot seen through"],
    "a cut-out over a code": FLAT["a cut-out over a code"],
    "photographs": PHOTOGRAPHS,
    "a turned photograph": TURNED,
}


@pytest.mark.parametrize("page", IN_STRIPS)
def test_a_page_is_flattened_in_strips_without_a_seam(press: Press, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    _, usual = files(press, IN_STRIPS[page])
    monkeypatch.setattr(page_parts, "is_large", lambda size: True)
    _, whole_page = files(press, IN_STRIPS[page])
    monkeypatch.setattr(flat_pages, "STRIP", 30_000)
    monkeypatch.setattr(joined_jpeg, "STRIP_PIXELS", 1)
    _, in_strips = files(press, IN_STRIPS[page])
    assert differing(plates(usual), plates(in_strips)) < 0.001
    one, other = (separated(data, PROFILE, 300)[0] for data in (whole_page, in_strips))
    for ink, plate in one.plates.items():
        apart = numpy.abs(numpy.asarray(plate, numpy.int16) - numpy.asarray(other.plates[ink], numpy.int16))
        assert apart.mean(axis=1).max() < 3  # where a shadow ends between two pixels


SPOT_BETWEEN = """
  - {type: code, id: code, value: "1", color: ink, box: {x: 30pt, y: 72pt, width: 26pt, height: 26pt}}
  - {type: code, id: upper, value: "2", color: ink, box: {x: 20pt, y: 12pt, width: 26pt, height: 26pt}}
  - {type: code, id: lower, value: "3", color: ink, box: {x: 20pt, y: 115pt, width: 26pt, height: 26pt}}
  - {type: shape, id: veil, fill: forest, opacity: 0.5, box: {x: 10pt, y: 10pt, width: 120pt, height: 30pt}}
  - {type: shape, id: lower-veil, fill: forest, opacity: 0.5, box: {x: 10pt, y: 113pt, width: 120pt, height: 30pt}}
  - type: image
    id: toned
    picture: hero
    duotone: {shadows: flame, lights: paper}
    opacity: 0.7
    box: {x: 20pt, y: 70pt, width: 90pt, height: 30pt}
"""


def test_a_spot_that_is_not_in_all_strips_stays_where_it_is(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    _, usual = files(press, SPOT_BETWEEN)
    monkeypatch.setattr(flat_pages, "STRIP", 30_000)
    _, in_strips = files(press, SPOT_BETWEEN)
    assert differing(plates(usual), plates(in_strips)) < 0.001
    assert plates(in_strips).plates["PANTONE 7579 C"].getextrema()[1] > 80


@pytest.mark.parametrize("has_room", [True, False])
def test_what_is_set_aside_is_read_from_any_place(monkeypatch: pytest.MonkeyPatch, has_room: bool) -> None:
    data = numpy.random.default_rng(1).bytes(200_000)
    if not has_room:
        monkeypatch.setattr(set_aside, "HELD", 1000)
    kept = set_aside.set_aside(lambda out: out.writelines([data[:70_000], data[70_000:]]))
    assert isinstance(kept, bytes) is has_room
    assert whole(kept) == data
    assert digest_of(kept) == hashlib.sha256(data).hexdigest()
    with opened(kept) as one, opened(kept) as other:
        one.seek(150_000)
        assert other.read(10) == data[:10]
        assert one.read(10) == data[150_000:150_010]


def test_what_is_packed_and_cut_off_is_no_picture() -> None:
    strips = PackedStrips()
    strips.add(Image.effect_noise((64, 64), 60))
    packed = strips.finish()
    assert unpacked(packed, 64, 10, 64).size == (64, 54)
    for first in (10, 63):
        with pytest.raises(ValueError, match="before row 64"):
            unpacked(packed[: len(packed) // 2], 64, first, 64)
