"""The rows of a job in one document: which pages there are, in which order, and how they are found."""

from __future__ import annotations

import gc

import pikepdf
import pytest
from merged_kit import JOB, NAMES, Mailing, bookmarks, looks, opened, rows_on
from PIL import ImageChops

from pressrun import registry
from pressrun.expand import expand_rows
from pressrun.load import load_project
from pressrun.model.errors import InputError
from pressrun.model.job import Row
from pressrun.run.merged import batches
from pressrun.run.pictures import retries


def test_rows_follow_each_other_in_one_file_whose_index_and_bookmarks_tell_their_pages(mailing: Mailing) -> None:
    ran = mailing.run()
    assert list(ran.files) == ["card.pdf"]
    assert rows_on(ran.words()) == ["p1", "p2", "p3", "p4", "p5", "p6"]
    (document,) = ran.documents
    assert document["index"] == {f"p{number}": [number, number] for number in range(1, 7)}
    assert (document["pages"], document["records"]) == (6, 6)
    assert [(one["row"], one["pages"], one["serial"]) for one in ran.records] == [
        (f"p{number}", [number, number], number) for number in range(1, 7)
    ]
    assert bookmarks(ran.files["card.pdf"]) == [(0, f"p{number}", number) for number in range(1, 7)]
    assert ran.report.counts.planned == ran.report.counts.made == 1


def test_pages_look_like_the_files_that_rows_have_alone(mailing: Mailing) -> None:
    merged = mailing.run().files["card.pdf"]
    alone = mailing.set(output=None, save_as="{{ person.id }}").run().files
    for number in range(1, 7):
        difference = ImageChops.difference(looks(merged, number), looks(alone[f"p{number}.pdf"], 1))
        assert difference.getbbox() is None, number


def test_what_pages_share_is_in_the_file_once(mailing: Mailing) -> None:
    ran = mailing.run()
    with opened(ran.files["card.pdf"]) as pdf:
        streams = [one for one in pdf.objects if isinstance(one, pikepdf.Stream)]
        assert sum(1 for one in streams if one.get("/Subtype") == "/Image") == 1
        assert sum(1 for one in streams if one.get("/N") == 4) == 1
        assert sum(1 for one in streams if "/Length1" in one or one.get("/Subtype") == "/CIDFontType0C") <= 4
        spots = {str(page.Resources.ColorSpace) for page in pdf.pages if "/ColorSpace" in page.Resources}
        assert len(spots) == 1


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (["person.postcode"], ["p4", "p2", "p5", "p6", "p3", "p1"]),
        (["person.copies", "person.name"], ["p4", "p1", "p5", "p6", "p3", "p2"]),
        ("person.route", ["p2", "p4", "p5", "p1", "p3", "p6"]),
    ],
)
def test_rows_are_sorted_and_then_numbered(mailing: Mailing, sort: object, expected: list[str]) -> None:
    ran = mailing.output(sort=sort).run()
    assert [one["row"] for one in ran.records] == expected
    words = ran.words()
    assert rows_on(words) == expected
    assert [f"No. {number:04}" in page for number, page in enumerate(words, start=1)] == [True] * 6


def test_rows_in_another_order_than_their_files_are_not_held_together(mailing: Mailing) -> None:
    mailing.output(sort="person.name", by="person.route")
    project = load_project(mailing.root / JOB, registry)

    def held() -> int:
        gc.collect()
        return sum(isinstance(one, Row) for one in gc.get_objects())

    gc.collect()
    gc.freeze()  # what other tests left is not looked at each time
    try:
        for _ in (1, 2):
            assert max(held() for _ in expand_rows(project)) <= 2 < len(NAMES)
    finally:
        gc.unfreeze()


def test_a_quantity_is_so_many_copies_and_none_leaves_a_row_out(mailing: Mailing) -> None:
    ran = mailing.output(quantity="person.copies").run()
    assert rows_on(ran.words()) == ["p1", "p2", "p2", "p2", "p3", "p3", "p5", "p6"]
    assert ran.documents[0]["index"] == {"p1": [1, 1], "p2": [2, 4], "p3": [5, 6], "p5": [7, 7], "p6": [8, 8]}
    with opened(ran.files["card.pdf"]) as pdf:
        contents = [[one.objgen for one in page.obj.Contents] for page in pdf.pages]
    assert contents[1] == contents[2] == contents[3] != contents[4]


@pytest.mark.parametrize("written", ["", "two", "-1", "1.5"])
def test_what_is_no_number_of_copies_is_told_with_its_row(mailing: Mailing, written: str) -> None:
    mailing.set(rows={"person": {"file": "people.csv", "key": "id"}})
    mailing.edit("jobs/people.csv", "Hamburg,2,", f"Hamburg,{written},")
    ran = mailing.output(quantity="person.copies").run()
    assert ("bad-value", "p3") in ran.codes
    assert "p3" not in ran.documents[0]["index"]
    assert ran.report.exit == 1


def test_every_row_begins_in_front_where_backs_are_blank(mailing: Mailing) -> None:
    ran = mailing.output(blank_backs=True, quantity="person.copies").run()
    assert rows_on(ran.words())[:4] == ["p1", "", "p2", ""]
    assert ran.documents[0]["index"]["p2"] == [3, 8]
    with opened(ran.files["card.pdf"]) as pdf:
        assert len(pdf.pages) == 16
        front, back = pdf.pages[0], pdf.pages[1]
        assert [front.obj[box] == back.obj[box] for box in ("/MediaBox", "/BleedBox", "/TrimBox")] == [True] * 3


def test_pages_of_a_document_stay_together(mailing: Mailing) -> None:
    ran = mailing.set(layouts=["letter"]).output(blank_backs=True).run()
    words = ran.words("letter.pdf")
    assert len(words) == 14, "two pages each, and of p2 a third and a blank one"
    assert ran.documents[0]["index"]["p2"] == [3, 6]
    assert "For 3 of you" in words[4]
    assert not words[5].strip()
    assert rows_on(words)[6] == "p3"


def test_slip_sheets_stand_before_groups_and_are_in_nobodys_pages(mailing: Mailing) -> None:
    slip = {"by": "person.route", "text": "Route {{ group.value }}: {{ group.count }} of {{ brand.name }}"}
    ran = mailing.output(sort="person.route", slip=slip).run()
    words = ran.words()
    assert rows_on(words) == ["", "p2", "p4", "p5", "", "p1", "p3", "p6"]
    assert "Route east: 3 of Harbour Post" in " ".join(words[0].split())
    assert "Route north: 3" in words[4]
    assert bookmarks(ran.files["card.pdf"])[:3] == [(0, "east", 1), (1, "p2", 2), (1, "p4", 3)]
    assert ran.documents[0]["index"]["p1"] == [6, 6]


def test_chunks_have_so_many_rows_at_the_most(mailing: Mailing) -> None:
    ran = mailing.output(chunk=4).run()
    assert list(ran.files) == ["card-1.pdf", "card-2.pdf"]
    assert rows_on(ran.words("card-1.pdf")) == ["p1", "p2", "p3", "p4"]
    assert rows_on(ran.words("card-2.pdf")) == ["p5", "p6"]
    assert [one["index"] for one in ran.documents][1] == {"p5": [1, 1], "p6": [2, 2]}


def test_files_by_a_value_are_named_by_their_first_row(mailing: Mailing) -> None:
    ran = mailing.output(by="person.route", sort="person.name").set(save_as="{{ person.route }}/{{ layout.name }}").run()
    assert list(ran.files) == ["east/card.pdf", "north/card.pdf"]
    assert rows_on(ran.words("east/card.pdf")) == ["p2", "p4", "p5"]
    assert [one["serial"] for one in ran.records] == [1, 2, 3, 4, 5, 6], "numbers go on from file to file"


def test_single_rows_are_printed_again_with_their_numbers(mailing: Mailing) -> None:
    mailing.output(sort="person.postcode")
    again = mailing.run(only="person.id in ['p6', 'p5']")
    words = again.words()
    assert rows_on(words) == ["p5", "p6"]
    assert ["No. 0003" in words[0], "No. 0004" in words[1]] == [True, True]
    assert rows_on(mailing.run(only="serial > 4").words()) == ["p3", "p1"]


def test_pdf_vt_tells_which_pages_are_of_which_row(mailing: Mailing) -> None:
    slip = {"by": "person.route"}
    ran = mailing.output(sort="person.route", slip=slip, quantity="person.copies", pdf_vt=True).run()
    with opened(ran.files["card.pdf"]) as pdf:
        root = pdf.Root.DPartRoot
        leaves = [leaf for some in root.DPartRootNode.DParts for leaf in some]
        told = []
        for leaf in leaves:
            first = pdf.pages.index(pikepdf.Page(leaf.Start)) + 1
            last = pdf.pages.index(pikepdf.Page(leaf.get("/End", leaf.Start))) + 1
            name = str(leaf.DPM.CIP4_Root.CIP4_Recipient.CIP4_UniqueID) if "/DPM" in leaf else ""
            told.append((name, first, last))
            assert all(page.obj.DPart.objgen == leaf.objgen for page in pdf.pages[first - 1 : last])
        assert told == [("", 1, 1), ("p2", 2, 4), ("p5", 5, 5), ("", 6, 6), ("p1", 7, 7), ("p3", 8, 9), ("p6", 10, 10)]
        packet = pdf.Root.Metadata.read_bytes().decode()
        assert "PDF/VT-1</pdfvtid:GTS_PDFVTVersion>" in packet
        assert "PDF/X-4</pdfxid:GTS_PDFXVersion>" in packet


def test_titles_and_names_may_have_any_letters(mailing: Mailing) -> None:
    mailing.set(rows={"person": {"file": "people.csv", "key": "name"}}).set(save_as="cards")
    mailing.edit("templates/layouts/card.yaml", "person.id", "person.street | replace(' ', '-')")
    ran = mailing.run()
    assert [title for _, title, _ in bookmarks(ran.files["cards.pdf"])][4:] == ["Emil (Em) O'Hara", "Fanny Ähren"]


def test_a_file_that_is_not_merged_beside_one_that_is(mailing: Mailing) -> None:
    mailing.edit("templates/layouts/card.yaml", "[press-pdf]", "[press-pdf, proof-png]")
    ran = mailing.set(save_as="{{ person.id }}").run()
    assert list(ran.files) == ["p1.pdf"]
    assert len(list((ran.folder / "assets").glob("*.png"))) == 6
    assert ran.report.counts.planned == 7


def test_a_run_without_any_copies_is_a_mistake(mailing: Mailing) -> None:
    with pytest.raises(InputError) as error:
        mailing.output(quantity="0").run()
    assert [finding.code for finding in error.value.findings] == ["no-rows"]


def test_technical_layers_of_all_rows_are_in_the_file_once(mailing: Mailing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "TOGETHER", 1)  # each row is made by itself
    lines = {"die": "north", "crease": "east"}
    inks = "".join(f'  {one}: {{srgb: "#FF00FF", cmyk: [0, 100, 0, 0], spot: {one}, technical: {one}}}\n' for one in lines)
    mailing.edit("brands/post/brand.yaml", "typography:", f"{inks}typography:")
    mailing.edit("templates/layouts/card.yaml", '"PANTONE 7597 C"]', '"PANTONE 7597 C", die, crease]')
    with (mailing.root / "templates/layouts/card.yaml").open("a") as layout:
        for one, route in lines.items():
            box = "box: {in: trim, x: 10mm, y: 120mm, width: 20mm, height: 10mm}"
            layout.write(f"  - {{type: shape, id: {one}, when: person.route == '{route}', stroke: {one}, {box}}}\n")
    with opened(mailing.run().files["card.pdf"]) as pdf:
        layers = pdf.Root.OCProperties.OCGs
        assert len({layer.objgen for layer in layers}) == len(layers) == 2
        assert {layer.objgen for layer in pdf.Root.OCProperties.D.ON} == {layer.objgen for layer in layers}


def test_a_row_that_is_printed_again_brings_no_slip_sheet_along(mailing: Mailing) -> None:
    mailing.output(sort="person.route", slip={"by": "person.route", "text": "Route {{ group.value }}"})
    assert rows_on(mailing.run(only="person.id == 'p6'").words()) == ["p6"]


def test_what_a_slip_sheet_cannot_say_is_told_before_anything_is_made(
    mailing: Mailing, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailing.output(sort="person.copies", slip={"by": "person.id", "text": "{{ 6 / person.copies }}"})
    monkeypatch.setattr(retries, "have_pictures", lambda *_: pytest.fail("nothing is to be paid"))
    with pytest.raises(InputError) as error:
        mailing.run()
    assert [(finding.code, finding.row) for finding in error.value.findings] == [("wrong-value", "p4")]


def test_an_x1a_that_is_to_tell_its_records_is_refused(mailing: Mailing) -> None:
    mailing.output(pdf_vt=True).edit("templates/layouts/card.yaml", "[press-pdf]", "[press-pdf, press-pdf-x1a]")
    with pytest.raises(InputError) as error:
        mailing.run()
    (finding,) = (one for one in error.value.findings if one.is_error)
    assert finding.code == "cannot-merge"
    assert "press-pdf-x1a" in finding.message
    assert finding.place
    assert finding.place.file == "templates/layouts/card.yaml"


def test_a_file_that_is_called_as_its_first_row_is_told_with_the_line_that_names_it(mailing: Mailing) -> None:
    alone = "{{ layout.name }}-{{ person.id }}"
    ran = mailing.set(save_as=alone).output().run()
    assert list(ran.files) == ["card-p1.pdf"]
    (told,) = [one for one in ran.notes if one["code"] == "named-by-first-row"]
    assert told["hint"] == 'write save_as: "{{ layout.name }}" in `one-pdf`, below `output`'
    ran = mailing.output(save_as="{{ layout.name }}").run()
    assert list(ran.files) == ["card.pdf"]
    assert "named-by-first-row" not in {one["code"] for one in ran.notes}


def test_files_of_one_route_each_are_named_by_it(mailing: Mailing) -> None:
    ran = mailing.set(save_as="{{ person.id }}").output(by="person.route").run()
    (told,) = [one for one in ran.notes if one["code"] == "named-by-first-row"]
    assert "{{ layout.name }}-{{ person.route }}" in told["hint"]
    ran = mailing.set(save_as="{{ layout.name }}-{{ person.route }}").output(by="person.route").run()
    assert "named-by-first-row" not in {one["code"] for one in ran.notes}


def test_a_row_without_copies_is_told_where_it_stands(mailing: Mailing) -> None:
    for sort in ([], ["person.name"]):
        ran = mailing.output(quantity="person.copies", sort=sort).run()
        (told,) = [one for one in ran.notes if one["code"] == "no-copies"]
        assert (told["row"], told["place"]) == ("p4", {"file": "jobs/people.csv", "line": 5})
    ran = mailing.run(only="person.id == 'p1'")
    assert not [one for one in ran.notes if one["code"] == "no-copies"]


def test_that_output_is_no_list_is_told_with_what_to_write(mailing: Mailing) -> None:
    mailing.set(output=["one-pdf", "files"])
    with pytest.raises(InputError, match="singles: true"):
        load_project(mailing.root / JOB, registry)


def test_a_fault_in_the_name_of_a_merged_file_is_told_at_its_place(mailing: Mailing) -> None:
    mailing.output(save_as="{{ person.nickname }}")
    with pytest.raises(InputError, match="nickname"):
        load_project(mailing.root / JOB, registry)
