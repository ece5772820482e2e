"""A layout of several pages: one press file has them all, pictures are one a page, and the record knows each."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from job_campaign import Campaign
from PIL import Image

LEAFLET = """
page: {trim: [40mm, 30mm], bleed: 2mm, safe: 3mm}
target: print
formats: [press-pdf, proof-png]
resolution: {floor: 40, target: 50}
layers:
  - {type: text, id: folio, text: "{{ page.number }}/{{ page.total }}", role: price, box: {y: 20mm, height: 4mm}, size: 6pt}
pages:
  - id: front
    layers:
      - {type: image, id: scene, picture: hero, box: {in: bleed, height: 20mm}}
      - {type: text, id: headline, text: "{{ copy.headline }}", role: headline, box: {y: 12mm, height: 5mm}, size: [5pt, 9pt]}
  - id: sole
    when: product.sku == 'TIN'
    page: {trim: [30mm, 30mm]}
    layers: []
  - id: back
    ground: sand
    layers:
      - {type: text, id: price, text: "{{ price | money }}", when: page.is_left, role: price, color: ink, box: {height: 5mm}, size: 8pt}
"""


def laid_out(campaign: Campaign, layout: str, *, where: str = "region.locale == 'en-GB' and product.sku in ['MUG', 'TIN']") -> Campaign:
    (campaign.root / "templates" / "layouts" / "leaflet.yaml").write_text(layout)
    campaign.edit("jobs/spring.yaml", "layouts: [post, card]", "layouts: [leaflet]")
    campaign.edit("jobs/spring.yaml", "locale: region.locale", f"where: {where}\nlocale: region.locale")
    return campaign


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    campaign = laid_out(Campaign.new(tmp_path_factory.mktemp("pages") / "campaign"), LEAFLET)
    campaign.run()
    return campaign


def pdf_of(campaign: Campaign, name: str) -> pikepdf.Pdf:
    return pikepdf.open(campaign.latest / "assets" / name)


def test_all_pages_are_in_one_press_file_each_with_its_own_boxes(printed: Campaign) -> None:
    with pdf_of(printed, "MUG/en-GB/leaflet.pdf") as mug, pdf_of(printed, "TIN/en-GB/leaflet.pdf") as tin:
        assert (len(mug.pages), len(tin.pages)) == (2, 3)
        widths = [round(float(page.obj.TrimBox[2] - page.obj.TrimBox[0]) * 25.4 / 72) for page in tin.pages]
        assert widths == [40, 30, 40]
        assert {str(pdf.docinfo["/GTS_PDFXVersion"]) for pdf in (mug, tin)} == {"PDF/X-4"}


def test_figures_of_pages_are_written_once_they_are_counted(printed: Campaign) -> None:
    (file,) = [line for line in printed.lines() if line["path"].endswith("TIN/en-GB/leaflet.pdf")]
    assert [text["text"] for text in file["text"] if text["id"] == "folio"] == ["1/3", "2/3", "3/3"]


def test_a_layer_stands_only_where_its_condition_of_the_page_holds(printed: Campaign) -> None:
    texts = {line["path"]: [text["id"] for text in line["text"]] for line in printed.lines()}
    assert "price" in texts["assets/MUG/en-GB/leaflet-2-proof.png"]  # the second is a left one, the third is not
    assert "price" not in texts["assets/TIN/en-GB/leaflet-3-proof.png"]


def test_each_page_has_a_ground_of_its_own(printed: Campaign) -> None:
    def corner(page: int) -> tuple[int, ...]:
        with Image.open(printed.latest / f"assets/TIN/en-GB/leaflet-{page}-proof.png") as picture:
            return picture.convert("RGB").getpixel((picture.width - 3, picture.height - 3))

    assert corner(2) == (255, 255, 255) != corner(3)


def test_a_second_run_has_all_files_of_a_document_from_the_store(printed: Campaign, tmp_path: Path) -> None:
    again = printed.copy(tmp_path / "again")
    report = again.run()
    assert report.counts.made == 0
    assert [line["sha256"] for line in again.lines()] == [line["sha256"] for line in printed.lines()]


def test_a_document_of_which_a_page_is_lost_is_made_again(printed: Campaign, tmp_path: Path) -> None:
    again = printed.copy(tmp_path / "again")
    (lost,) = [line for line in again.lines() if line["path"].endswith("TIN/en-GB/leaflet-2-proof.png")]
    (file,) = (again.root / ".pressrun").rglob(f"*{lost['sha256'][2:]}*")
    file.unlink()
    again.run()
    remade = {line["path"] for line in again.lines() if line["status"] == "made"}
    assert {path.rpartition("/")[2] for path in remade} == {f"leaflet-{page}-proof.png" for page in (1, 2, 3)}


def test_pictures_are_one_a_page_and_the_record_has_each(printed: Campaign) -> None:
    lines = {line["path"]: line for line in printed.lines()}
    assert set(lines) == {
        *(f"assets/TIN/en-GB/leaflet{end}" for end in (".pdf", "-1-proof.png", "-2-proof.png", "-3-proof.png")),
        *(f"assets/MUG/en-GB/leaflet{end}" for end in (".pdf", "-1-proof.png", "-2-proof.png")),
    }
    assert all((printed.latest / path).is_file() for path in lines)
    assert [lines[f"assets/TIN/en-GB/leaflet{end}"]["size"]["pages"] for end in (".pdf", "-1-proof.png")] == [3, 1]
    assert not [one for line in lines.values() for one in line["findings"] if one.get("check") == "written-files"]


def test_what_is_found_names_its_page(printed: Campaign) -> None:
    (file,) = [line for line in printed.lines() if line["path"].endswith("MUG/en-GB/leaflet.pdf")]
    assert {(one["code"], one["layer"], one["page"]) for one in file["findings"] if one["code"] == "low-contrast"} == {
        ("low-contrast", "headline", 1)
    }
