"""One record among two hundred that has something amiss, of every kind that a page alone can have: it is named, and the
others are not."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
from merged_kit import Mailing, Ran
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from pressrun.model.task import BatchAnswer, BatchTask
from pressrun.readers.press_pdf.standard import standard_faults
from pressrun.run.merged import batches
from pressrun.run.merged import files as merged_files
from pressrun.run.worker.bench import Bench

ROWS = 200
CARD, PEOPLE = "templates/layouts/card.yaml", "jobs/people.csv"
LAYERS = """
  - {type: text, id: note, text: "{{ person.note }}", role: body, color: ink, size: 7pt, overflow: error,
     when: "person.note != ''", box: {in: safe, y: 118mm, width: 50mm, height: 5mm}}
  - {type: text, id: mixed, text: Fine, role: body, color: deep, size: 7pt, when: "person.extra == 'mixed'",
     box: {in: safe, y: 118mm, width: 50mm, height: 5mm}}
  - {type: text, id: unseen, text: Unseen, role: body, color: paper, size: 7pt, when: "person.extra == 'unseen'",
     box: {in: safe, y: 118mm, width: 50mm, height: 5mm}}
  - {type: artwork, id: advert, file: advert.pdf, page: "{{ person.advert }}", when: "person.advert != ''",
     box: {in: safe, y: 124mm, width: 25mm, height: 15mm}}
  - {type: code, id: ticket, code: qr, value: "{{ person.ticket }}", when: "person.ticket != ''",
     box: {in: safe, x: 60mm, y: 108mm, width: 12mm, height: 12mm}}
  - {type: image, id: face, file: "{{ person.face }}", when: "person.face != ''",
     box: {in: safe, x: 75mm, y: 108mm, width: 15mm, height: 15mm}}
  - {type: shape, id: dark, fill: deep, when: "person.extra == 'veil'", box: {in: bleed, y: 130mm, height: 10mm}}
  - {type: group, id: veil, blend: multiply, when: "person.extra == 'veil'",
     layers: [{type: shape, id: darker, fill: deep, box: {in: bleed, y: 130mm, height: 10mm}}]}
"""
NOTED = "note", "extra", "advert", "ticket", "face"
SOUND = {5: {"name": "שלום"}, 15: {"advert": "1"}, 25: {"note": "Dear"}, 35: {"ticket": "SHORT"}}
AMISS = {
    45: ({"name": "שלום \U00013080"}, {"below-standard"}),
    55: ({"note": "More words than there is room for in a box as small as that is"}, {"text-overflow"}),
    65: ({"extra": "mixed"}, {"small-in-several-inks"}),
    75: ({"extra": "unseen"}, {"invisible-text"}),
    85: ({"advert": "2"}, {"below-standard"}),
    95: ({"ticket": "LONG" * 60}, {"code-too-fine"}),
    105: ({"face": "coarse.png"}, {"resolution-below-floor"}),
    115: ({"extra": "veil"}, {"ink-over-limit"}),
}  # fmt: skip
OF_ALL = {"stand-in-picture"}


def _campaign(root: Path) -> Mailing:
    mailing = Mailing.new(root)
    (root / CARD).write_text((root / CARD).read_text() + LAYERS)
    mailing.edit("brands/post/brand.yaml", "  paper:", '  deep: {srgb: "#221133", cmyk: [80, 80, 60, 60]}\n  paper:')
    rows = [",".join(("id,name,street,postcode,town,copies,route", *NOTED))]
    for number in range(ROWS):
        said = {"name": f"Person {number}", **SOUND.get(number, {}), **AMISS.get(number, ({}, set()))[0]}
        cells = (f"n{number:03}", said["name"], f"{number} Quay", f"1{number:04}", "Town", "1", "r")
        rows.append(",".join((*cells, *(said.get(name, "") for name in NOTED))))
    (root / PEOPLE).write_text("\n".join(rows))
    (root / "jobs/advert.pdf").write_bytes(_advert())
    Image.effect_mandelbrot((8, 8), (-2, -1, 1, 1), 50).convert("RGB").save(root / "jobs/coarse.png")
    return mailing


def _advert() -> bytes:
    """A page in inks, and one in RGB."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(100, 60), invariant=1)
    canvas.setFillColorCMYK(0, 0.5, 1, 0)
    canvas.rect(0, 0, 100, 60, stroke=0, fill=1)
    canvas.showPage()
    canvas.setFillColorRGB(1, 0, 0)
    canvas.rect(0, 0, 100, 60, stroke=0, fill=1)
    canvas.save()
    return out.getvalue()


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(batches, "TOGETHER", 1 << 40)  # all of them are made together, whatever keys they have
        return _campaign(tmp_path_factory.mktemp("amiss") / "post").run()


@pytest.mark.parametrize("number", AMISS)
def test_it_is_named(ran: Ran, number: int) -> None:
    expected = AMISS[number][1]
    told = {code for code, row in ran.codes if row == f"n{number:03}"} - OF_ALL
    assert expected <= told


def test_the_others_are_not(ran: Ran) -> None:
    amiss = {f"n{number:03}" for number in AMISS}
    assert {code for code, row in ran.codes if row not in amiss} <= OF_ALL


def test_a_placed_page_in_rgb_takes_no_standard_from_the_pages_of_others(ran: Ran) -> None:
    (data,) = ran.files.values()
    assert standard_faults(data, "x4") == []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert str(pdf.trailer.Info.GTS_PDFXVersion) == "PDF/X-4"
        assert len(pdf.pages) == len(ran.records) == ROWS - 2
    told = [one for asset in ran.report.assets for one in asset.findings if one.code == "below-standard"]
    assert {(one.row, one.layer) for one in told} == {("n045", "name"), ("n085", "advert")}
    assert any("DeviceRGB" in one.message for one in told)


@pytest.mark.parametrize("together", [1, 1 << 40], ids=["each alone", "in one"])
def test_where_all_pages_are_in_rgb_they_are_made_and_say_so(
    mailing: Mailing, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    monkeypatch.setattr(batches, "TOGETHER", together)
    (mailing.root / "jobs/advert.pdf").write_bytes(_advert())
    with (mailing.root / CARD).open("a") as card:
        card.write("  - {type: artwork, id: advert, file: advert.pdf, page: 2, box: {in: safe, y: 124mm, width: 25mm}}\n")
    ran = mailing.output(sort="person.route", slip={"by": "person.route"}).run()
    (data,) = ran.files.values()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert "/GTS_PDFXVersion" not in pdf.trailer.Info
        assert b"GTS_PDFXVersion" not in pdf.Root.Metadata.read_bytes()
    assert len(ran.records) == 6
    told = {one.row for asset in ran.report.assets for one in asset.findings if one.code == "below-standard"}
    assert told == {f"p{number}" for number in range(1, 7)}


def test_a_page_that_shows_what_its_font_lacks_is_no_page_like_others(mailing: Mailing) -> None:
    mailing.edit(PEOPLE, "Ben Summer", "בן")
    mailing.edit(PEOPLE, "Dora Frost", "דורה \U00013080")
    ran = mailing.run()
    told = [one for asset in ran.report.assets for one in asset.findings if one.code == "below-standard"]
    assert [(one.row, one.layer) for one in told] == [("p4", "name")]
    assert told[0].message.startswith("its pages are not PDF/X-4, and so not in the file: ")
    assert "U+13080" in told[0].message
    (data,) = ran.files.values()
    assert standard_faults(data, "x4") == []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) == 5
        assert str(pdf.trailer.Info.GTS_PDFXVersion) == "PDF/X-4"


def test_a_row_that_stays_bad_is_tried_alone_and_the_file_is_not_written_again(
    mailing: Mailing, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailing.edit(PEOPLE, "Dora Frost", "דורה \U00013080")
    first = mailing.run()
    tried = _tried(monkeypatch)
    again = mailing.run()
    assert tried == [["p4"]]
    assert again.codes == first.codes
    assert again.files == first.files
    assert sorted(one.status for one in again.report.assets) == ["failed", "reused"]


def test_a_row_that_failed_once_comes_to_its_file_as_if_it_never_had(
    mailing: Mailing, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as patched:
        _tried(patched, lost="p4")
        once = mailing.run()
    assert [one["row"] for one in once.records] == ["p1", "p2", "p3", "p5", "p6"]
    assert mailing.run().files == Mailing.new(tmp_path / "other").run().files


def _tried(monkeypatch: pytest.MonkeyPatch, lost: str | None = None) -> list[list[str]]:
    """The rows whose pages are made together, from now on; of one the worker dies."""
    tried: list[list[str]] = []
    make = merged_files.make_batches

    def spied(bench: Bench, tasks: tuple[BatchTask, ...]) -> list[BatchAnswer]:
        rows = [record.row for task in tasks for record in task.records]
        tried.append(rows)
        if lost in rows:
            raise MemoryError
        return make(bench, tasks)

    monkeypatch.setattr(merged_files, "make_batches", spied)
    return tried
