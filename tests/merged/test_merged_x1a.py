"""Many rows in one PDF/X-1a: what is transparent becomes pixels, nothing is packed, and a row that cannot be is left out."""

from __future__ import annotations

import pytest
from merged_kit import Mailing, Ran, looks, opened
from needed import tool
from PIL import ImageChops, ImageStat

from pressrun.readers.press_pdf.standard import standard_faults

CARD = "templates/layouts/card.yaml"
VEIL = "  - {type: shape, id: veil, shape: rect, fill: accent, opacity: 0.5, box: {in: safe, y: 120mm, height: 10mm}}\n"
OVER = "  - {type: shape, id: over, fill: paper, opacity: 0.5, when: \"person.id == 'p4'\", box: {in: safe, y: 78mm, height: 8mm}}\n"
ROWS = 6


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Cards with a veil beside the words, and over those of one person; another's name has a letter that no font has.
    PDF/X-4 beside PDF/X-1a."""
    mailing = Mailing.new(tmp_path_factory.mktemp("flat") / "post")
    mailing.edit("jobs/people.csv", "Cleo Amber", "Cleo Amber \U00012000")
    mailing.edit(CARD, "[press-pdf]", "[press-pdf, press-pdf-x1a]")
    (mailing.root / CARD).write_text((mailing.root / CARD).read_text() + VEIL + OVER)
    return mailing.run()


def test_it_keeps_to_its_standard(ran: Ran) -> None:
    data = ran.files["card-x1a.pdf"]
    assert standard_faults(data, "x1a") == []
    assert data.startswith(b"%PDF-1.4")
    assert not any(packed in data for packed in (b"/ObjStm", b"/XRef", b"/SMask", b"/Transparency"))
    with opened(data) as pdf:
        assert str(pdf.trailer.Info.GTS_PDFXVersion) == "PDF/X-1a:2003"
        assert "PDF/X-4" not in pdf.Root.Metadata.read_bytes().decode()


def test_qpdf_finds_nothing_amiss(ran: Ran) -> None:
    assert "No syntax or stream encoding errors" in tool("qpdf", "--check", ran.folder / "assets/card-x1a.pdf")


def test_a_row_that_cannot_be_without_transparency_is_left_out_and_told(ran: Ran) -> None:
    assert len(ran.words("card-x1a.pdf")) == ROWS - 2
    assert {row for code, row in ran.codes if code == "text-in-transparency"} == {"p4"}
    assert ran.report.exit == 1


def test_a_row_that_keeps_to_no_standard_is_left_out_of_both_and_told(ran: Ran) -> None:
    assert len(ran.words("card.pdf")) == ROWS - 1
    assert {row for code, row in ran.codes if code == "below-standard"} == {"p3"}
    assert standard_faults(ran.files["card.pdf"], "x4") == []


def test_its_pages_look_as_those_with_transparency(ran: Ran) -> None:
    flat, live = ran.files["card-x1a.pdf"], ran.files["card.pdf"]
    difference = ImageChops.difference(looks(flat, 1), looks(live, 1)).convert("L")
    assert ImageStat.Stat(difference).mean[0] < 1


def test_pictures_that_are_alike_are_there_once(ran: Ran) -> None:
    with opened(ran.files["card-x1a.pdf"]) as pdf:
        drawn = [page.obj.Resources.XObject["/Flat"].objgen for page in pdf.pages]
    assert len(set(drawn)) == 1
