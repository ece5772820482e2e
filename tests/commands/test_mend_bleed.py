"""Bleed that `mend` makes of the page's own edge: where it comes from, how it looks, and what is told of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy
import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary
from PIL import Image, ImageDraw
from press_breaks import boxed
from press_samples import MM, Break, sound, text

BLEED = 3 * MM
TRIM = (0.0, 0.0, 105 * MM, 148 * MM)
STRIPES = "".join(f"{0.1 * at} 0 0.5 0 k {7.5 * MM * at:.4f} 0 {7.5 * MM:.4f} {148 * MM:.4f} re f " for at in range(10))
LEFT_MARK = f"0 1 1 0 k {1 * MM:.3f} {60 * MM:.3f} {1 * MM:.3f} {20 * MM:.3f} re f "
GROUND = f"0 0.3 0.5 0 k 0 0 {105 * MM:.4f} {148 * MM:.4f} re f "


def cut_off(*content: str) -> Break:
    """A page of A6 that ends at its trim, with content of its own."""

    def change(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.obj.MediaBox = page.obj.TrimBox = page.obj.BleedBox = Array(TRIM)
        page.obj.Contents = pdf.make_stream("".join(content).encode())

    return change


def mended(pressrun: Any, path: Path, *options: Any) -> dict[str, Any]:
    [answer] = json.loads(pressrun("mend", path, "--to", path.parent / "out", *options, "--json").stdout)
    return dict(answer)


def pixels(path: Path, ppi: float = 254) -> numpy.ndarray:
    """Ten pixels a millimetre."""
    return numpy.asarray(pypdfium2.PdfDocument(path.read_bytes())[0].render(scale=ppi / 72).to_pil().convert("RGB")).astype(int)


def codes(answer: dict[str, Any]) -> list[str]:
    return [one["code"] for one in answer["findings"]]


@pytest.mark.parametrize("how", ["mirror", "stretch"])
def test_the_edge_goes_on_into_the_bleed(how: str, tmp_path: Path, pressrun: Any) -> None:
    path = sound(tmp_path / "card.pdf", cut_off(GROUND, LEFT_MARK))
    answer = mended(pressrun, path, "--bleed", how)
    assert codes(answer) == ["bleed-made"]
    before, after = pixels(path), pixels(Path(answer["written"]))
    assert after.shape[:2] == (1540, 1110)
    assert (after[32:-32, 32:-32] == before[2:-2, 2:-2]).all()
    around = after.copy()
    around[30:-30, 30:-30] = before[1, -2]
    marked = (around != before[1, -2]).any(axis=2)
    # the mark from 1 to 2 mm inside lies as far outside, but for a hair, or is not drawn out at all
    rows, columns = numpy.nonzero(marked)
    if how == "mirror":
        assert (columns.min(), columns.max()) == (pytest.approx(13, abs=1), pytest.approx(22, abs=1))
        assert (rows.min(), rows.max()) == (pytest.approx(1540 - 830, abs=1), pytest.approx(1540 - 630, abs=1))
    else:
        assert not len(rows)


def test_what_is_made_is_drawn_and_not_pixels(tmp_path: Path, pressrun: Any) -> None:
    path = sound(tmp_path / "card.pdf", cut_off(GROUND))
    with pikepdf.open(mended(pressrun, path, "--bleed", "mirror")["written"]) as pdf:
        page = pdf.pages[0]
        assert [one.Subtype for one in page.Resources.XObject.values()] == ["/Form"]
        assert [float(edge) for edge in page.obj.TrimBox] == pytest.approx(TRIM)
        assert [float(edge) for edge in page.obj.BleedBox] == pytest.approx([-BLEED, -BLEED, 105 * MM + BLEED, 148 * MM + BLEED])


def test_a_page_that_bleeds_is_left_alone(tmp_path: Path, pressrun: Any) -> None:
    assert mended(pressrun, sound(tmp_path / "card.pdf"), "--bleed", "mirror")["written"] is None


def test_only_the_sides_that_lack_it_are_drawn(tmp_path: Path, pressrun: Any) -> None:
    """The ground reaches into the bleed at all sides but the right, where it ends at the trim."""
    ends = f"0 0.3 0.5 0 k 0 0 {108 * MM:.4f} {154 * MM:.4f} re f"

    def change(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.obj.Contents = pdf.make_stream(ends.encode())

    answer = mended(pressrun, sound(tmp_path / "card.pdf", change), "--bleed", "mirror")
    assert codes(answer) == ["bleed-made"]
    assert "(right)" in answer["findings"][0]["message"]
    after = pixels(Path(answer["written"]))
    assert (after[5:-5, 5:-5] == after[800, 500]).all()


OVER_THE_EDGE = f"0 0.3 0.5 0 k {-3 * MM:.4f} {-3 * MM:.4f} {108 * MM:.4f} {154 * MM:.4f} re f "  # but at the right
MARKS_BEYOND = f"0 1 1 0 k {-2 * MM:.3f} {60 * MM:.3f} {1 * MM:.3f} {20 * MM:.3f} re f "


def test_artwork_that_the_page_cuts_off_is_the_bleed(tmp_path: Path, pressrun: Any) -> None:
    """It goes on beyond the MediaBox at all sides but the right, where its edge is mirrored; words at its left are not."""
    path = sound(tmp_path / "card.pdf", text(8), cut_off(OVER_THE_EDGE, MARKS_BEYOND, LEFT_MARK, words_at(2.5)))
    answer = mended(pressrun, path, "--bleed", "mirror", "--profile", own(tmp_path))
    assert [one["message"] for one in answer["findings"] if one["code"] == "bleed-made"] == [
        "page 1: the bleed (right) is the page's own edge, mirrored",
        "page 1: the bleed (left, bottom, top) is artwork that the page had cut off",
    ]
    after = pixels(Path(answer["written"]))
    assert (after[5:-5, -35:-5] == after[5, 5]).all()
    marked = numpy.nonzero((after[:, :30] != after[5, 5]).any(axis=2).any(axis=0))[0]
    assert (marked.min(), marked.max()) == (pytest.approx(10, abs=1), pytest.approx(19, abs=1)), "its own mark alone"
    with pikepdf.open(answer["written"]) as pdf:
        assert pdf.pages[0].Contents[0].read_bytes().count(b" Do ") == 1


def test_a_page_of_which_all_was_cut_off_has_nothing_drawn(tmp_path: Path, pressrun: Any) -> None:
    wide = f"0 0.3 0.5 0 k {-9 * MM:.4f} {-9 * MM:.4f} {130 * MM:.4f} {170 * MM:.4f} re f "
    answer = mended(pressrun, sound(tmp_path / "card.pdf", cut_off(wide)), "--bleed", "mirror")
    assert codes(answer) == ["bleed-made"]
    with pikepdf.open(answer["written"]) as pdf:
        assert "/XObject" not in pdf.pages[0].Resources or not len(pdf.pages[0].Resources.XObject)


@pytest.mark.parametrize("how", ["mirror", "stretch"])
def test_a_ground_that_ends_a_hair_inside_the_trim_leaves_no_gap(how: str, tmp_path: Path, pressrun: Any) -> None:
    ends = f"0 0.3 0.5 0 k {0.1 * MM:.4f} {0.1 * MM:.4f} {104.8 * MM:.4f} {147.8 * MM:.4f} re f"
    answer = mended(pressrun, sound(tmp_path / "card.pdf", cut_off(ends)), "--bleed", how)
    after = pixels(Path(answer["written"]))
    assert (after[3:-3, 3:-3] == after[800, 500]).all()


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_turned_page_bleeds_too(turned: int, tmp_path: Path, pressrun: Any) -> None:
    def turn(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.obj["/Rotate"] = turned

    answer = mended(pressrun, sound(tmp_path / "card.pdf", cut_off(GROUND), turn), "--bleed", "mirror")
    after = pixels(Path(answer["written"]))
    assert after.shape[:2] == ((1540, 1110) if turned % 180 == 0 else (1110, 1540))
    assert (after[3:-3, 3:-3] == after[800, 800]).all()


@pytest.mark.parametrize("unit", [2.0, 0.5])
def test_a_page_in_other_units_bleeds_as_far(unit: float, tmp_path: Path, pressrun: Any) -> None:
    def scale(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.obj["/UserUnit"] = unit

    answer = mended(pressrun, sound(tmp_path / "card.pdf", cut_off(GROUND), scale), "--bleed", "mirror")
    with pikepdf.open(answer["written"]) as pdf:
        left = float(pdf.pages[0].obj.BleedBox[0])
    assert left * unit == pytest.approx(-BLEED, abs=0.001)


def words_at(millimetres: float) -> str:
    return f"0 0 0 1 k BT /F1 8 Tf {millimetres * MM:.3f} {70 * MM:.3f} Td (Words) Tj ET "


TEXT: dict[str, tuple[float, list[str], int, list[str]]] = {
    "far enough": (3.3, ["mirror"], 0, ["bleed-made"]),
    "too near": (2.5, ["mirror"], 1, ["text-in-made-bleed"]),
    "too near, and forced": (2.5, ["mirror", "--over-text"], 0, ["bleed-made", "text-in-made-bleed"]),
    "too near to be mirrored, and stretched": (2.5, ["stretch"], 0, ["bleed-made"]),
    "across the edge, and stretched": (-1, ["stretch"], 0, ["bleed-made", "text-in-made-bleed"]),
}


@pytest.mark.parametrize("case", TEXT)
def test_text_at_the_edge_is_told_and_not_mirrored_unasked(case: str, tmp_path: Path, pressrun: Any) -> None:
    at, options, exit_code, expected = TEXT[case]
    path = sound(tmp_path / "card.pdf", text(8), cut_off(GROUND, words_at(at)))
    done = pressrun("mend", path, "--to", tmp_path / "out", "--profile", own(tmp_path), "--bleed", *options, "--json")
    [answer] = json.loads(done.stdout)
    assert [one for one in codes(answer) if one != "black-knocks-out"] == expected
    assert done.exit_code == exit_code
    assert (answer["written"] is None) == (exit_code == 1)


def own(folder: Path) -> Path:
    """A profile that lets the words of the tests be in a font that is not there."""
    path = folder / "own.yaml"
    path.write_text("extends: sheet-fed\nseverities: {font-not-embedded: off}\n", "utf-8")
    return path


def test_an_edge_stretched_out_of_a_sharp_picture_is_not_called_coarse(tmp_path: Path, pressrun: Any) -> None:
    """What is stretched lies in the bleed alone, and is cut off; in the page it would be told."""

    def photograph(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        cut_off(f"q {105 * MM:.4f} 0 0 {148 * MM:.4f} 0 0 cm /Photo Do Q")(pdf, page)
        ramp = numpy.linspace(20, 150, 1240).astype(numpy.uint8)
        page.Resources.XObject = Dictionary(Photo=pikepdf.Stream(
            pdf, numpy.repeat(ramp, 4).tobytes() * 1748, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image,
            Width=1240, Height=1748, BitsPerComponent=8, ColorSpace=pikepdf.Name.DeviceCMYK,
        ))  # fmt: skip

    path = sound(tmp_path / "card.pdf", photograph)
    answer = mended(pressrun, path, "--bleed", "stretch")
    assert codes(answer) == ["bleed-made"]


def test_the_edges_are_shown_before_and_after(tmp_path: Path, pressrun: Any) -> None:
    path = sound(tmp_path / "card.pdf", cut_off(STRIPES))
    report = tmp_path / "report.html"
    answer = mended(pressrun, path, "--bleed", "mirror", "--report", report)
    picture = Image.open(tmp_path / "out" / "card-edges-1.png")
    assert answer["findings"][0]["hint"].endswith(picture.filename.split("/")[-1])
    page = report.read_text("utf-8")
    assert page.count("data:image/png;base64,") == 1
    assert "<figure><img " in page
    assert "figure img{max-width:100%;height:auto}" in page, "wider than the page, the edge after is out of sight"
    whole = numpy.asarray(picture.convert("RGB"))
    assert len({tuple(one) for one in whole.reshape(-1, 3)[::7].tolist()}) > 10


def test_of_a_page_without_end_only_what_is_shown_is_drawn(
    tmp_path: Path, pressrun: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Outlines were drawn to the end of the page: of a box of 2^40 points pixel for pixel, for ever."""
    drawn: list[float] = []
    monkeypatch.setattr(ImageDraw.ImageDraw, "rectangle", lambda self, edges, **_: drawn.extend(edges))
    wide = sound(tmp_path / "card.pdf", boxed(MediaBox=(0, 0, 1e9, 154), BleedBox=(0, 0, 1e9, 154), TrimBox=(3, 3, 1e9 - 3, 151)))
    mended(pressrun, wide, "--bleed", "mirror")
    assert drawn
    assert max(map(abs, drawn)) <= 640


def test_the_edges_are_shown_as_they_are_printed(tmp_path: Path, pressrun: Any) -> None:
    """Yellow that overprints cyan is green on paper, and yellow in a viewer that knows no overprint."""

    def overprinted(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        cut_off("1 0 0 0 k 0 0 300 420 re f /G gs 0 0 1 0 k 0 0 300 420 re f")(pdf, page)
        page.obj.Resources.ExtGState = Dictionary(G=Dictionary(OP=True, op=True, OPM=1))

    mended(pressrun, sound(tmp_path / "card.pdf", overprinted), "--bleed", "mirror")
    with Image.open(tmp_path / "out" / "card-edges-1.png") as picture:
        red, green, blue = picture.convert("RGB").resize((3, 3)).getpixel((1, 0))
    assert green > red + 40
    assert green > blue + 20


def test_shared_resources_stay_as_the_other_page_has_them(tmp_path: Path, pressrun: Any) -> None:
    def shared(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        resources = pdf.make_indirect(Dictionary(XObject=Dictionary()))
        for one in pdf.pages:
            one.obj.Resources = resources
        cut_off(GROUND)(pdf, page)

    path = sound(tmp_path / "cards.pdf", shared, pages=2)
    with pikepdf.open(mended(pressrun, path, "--bleed", "mirror")["written"]) as pdf:
        assert [len(page.Resources.XObject) for page in pdf.pages] == [0, 1]
