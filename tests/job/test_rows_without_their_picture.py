"""What is not shown is not opened; what is missing or cannot be placed fails its row alone, before any picture is had
for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from job_campaign import Campaign, Ended, by_status, told

Here = Callable[..., Ended]

PPM = b"P6 1 1 255 abc"
PRODUCTS = "jobs/data/products.csv"
JOB = "jobs/staff.yaml"


@pytest.fixture
def staff(fresh: Campaign) -> Campaign:
    """Cards of three people: one has a photo, one has none, and one has a wrong one."""
    (fresh.root / "jobs/people.csv").write_text("id,photo\nada,tin.svg\nbob,\ncyd,gone.png\n")
    (fresh.root / "templates/layouts/staff.yaml").write_text(
        "{page: {trim: 120px x 120px}, target: screen, formats: [png], layers: ["
        "{type: image, id: photo, file: 'packshots/{{ person.photo }}', when: person.photo, box: {height: 60px}},"
        "{type: text, id: name, text: '{{ person.id }}', role: headline, color: ink, size: 10px, box: {y: 70px}}]}"
    )
    (fresh.root / JOB).write_text(
        "{brand: testa, date: 2027-03-01, rows: {person: {file: people.csv, key: id}}, locale: \"'en-GB'\","
        " layouts: [staff], save_as: '{{ person.id }}', provider: {type: fpo}}"
    )
    fresh.job = JOB
    return fresh


def test_a_missing_photo_fails_its_person_alone(staff: Campaign) -> None:
    report = staff.run()
    assert (by_status(report, "made"), by_status(report, "failed")) == ({"ada.png", "bob.png"}, {"cyd.png"})
    [failed] = [line for line in staff.lines() if line["status"] == "failed"]
    assert told(failed["findings"][0]) == "error missing-picture jobs/people.csv:4"
    assert failed["findings"][0]["message"] == "there is no picture 'packshots/gone.png' in jobs/ or brands/testa/"
    assert report.exit == 1


def test_a_photo_whose_name_is_written_wrong_is_answered_with_the_one_that_is_there(staff: Campaign, here: Here) -> None:
    staff.edit("jobs/people.csv", "gone.png", "tinn.svg")
    assert "— did you mean 'tin.svg'?" in here(staff, "check").out


def test_a_missing_photo_of_a_sheet_of_many_is_told_by_the_line_that_names_it(staff: Campaign, here: Here) -> None:
    staff.edit(JOB, "key: id}", "key: id, group_by: \"'all'\"}")
    staff.edit(JOB, "person.id }}'", "person }}'")
    (staff.root / "templates/layouts/staff.yaml").write_text(
        "{page: {trim: 120px x 120px}, target: screen, formats: [png], layers: [{type: stack, layers: [{type: image,"
        " id: photo, repeat: {of: rows, where: item.person.photo}, file: 'packshots/{{ item.person.photo }}', box: {height: 9px}}]}]}"
    )
    staff.edit(JOB, "'{{ person }}'", "all")
    done = here(staff, "check", "--json")
    assert done.found == ["error missing-picture jobs/people.csv:4"]


def test_a_photo_beside_its_table_is_told_by_the_name_that_finds_it(staff: Campaign) -> None:
    (staff.root / "jobs/data/packshots").mkdir(parents=True)
    (staff.root / "jobs/data/packshots/gone.png").write_bytes(b"")
    staff.run()
    [failed] = [line for line in staff.lines() if line["status"] == "failed"]
    hint = "write data/packshots/gone.png: a name begins beside the job or in the brand's folder"
    assert failed["findings"][0]["hint"] == hint


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "broken-picture"), (b"%PDF-1.7", "broken-picture"), (PPM, "unknown-picture-kind")],
    ids=["nothing", "no picture", "a PPM"],
)
def test_a_photo_that_cannot_be_placed_fails_its_person_alone(staff: Campaign, data: bytes, code: str) -> None:
    (staff.root / "brands/testa/packshots/gone.png").write_bytes(data)
    report = staff.run()
    assert (by_status(report, "made"), by_status(report, "failed")) == ({"ada.png", "bob.png"}, {"cyd.png"})
    [failed] = [line for line in staff.lines() if line["status"] == "failed"]
    assert told(failed["findings"][0]) == f"error {code} jobs/people.csv:4"
    assert report.exit == 1


def test_a_picture_of_the_layout_that_cannot_be_placed_stops_the_run(staff: Campaign, here: Here) -> None:
    staff.edit("jobs/people.csv", "cyd,gone.png", "cyd,tin.svg")
    staff.edit("templates/layouts/staff.yaml", "layers: [", "layers: [{type: image, file: wall.png, box: {}},")
    (staff.root / "brands/testa/wall.png").write_bytes(b"")
    for command in ("check", "run"):
        done = here(staff, command, "--json")
        assert (done.code, done.found) == (2, ["error broken-picture templates/layouts/staff.yaml:1:92"])
    assert not (staff.root / "runs").exists()


def test_it_is_told_before_anything_is_made(staff: Campaign, here: Here) -> None:
    done = here(staff, "check", "--json")
    assert done.code == 1
    assert done.found == ["error missing-picture jobs/people.csv:4"]
    assert not (staff.root / "runs").exists()


def test_a_file_that_no_row_shows_is_not_opened(staff: Campaign, here: Here) -> None:
    staff.edit("templates/layouts/staff.yaml", "when: person.photo", "when: 'false'")
    assert staff.run().exit == 0
    assert here(staff, "check", "--json").found == []


def test_no_picture_is_had_for_a_row_that_cannot_be_made(fresh: Campaign) -> None:
    (fresh.root / "templates/layouts/post.yaml").write_text(
        "{page: {trim: 120px x 120px}, target: screen, formats: [png], layers: ["
        "{type: image, picture: hero, box: {in: bleed}},"
        "{type: text, id: n, text: '{{ product.sku.no_such() }}', when: \"product.sku == 'TIN'\", role: headline,"
        " color: ink, size: 9px}]}"
    )
    fresh.edit(fresh.job, "layouts: [post, card]", "layouts: [post]")
    report = fresh.run()
    assert report.exit == 1
    masters = [line["key"] for asset in fresh.lines() for line in asset["pictures"]]
    assert masters
    assert not any(asset["pictures"] for asset in fresh.lines() if asset["status"] == "failed")


TOO_LONG = "Bartholomaeus"


def test_what_else_is_wrong_with_a_row_is_told_with_its_missing_photo(staff: Campaign, here: Here) -> None:
    staff.edit("templates/layouts/staff.yaml", "size: 10px, box: {y: 70px}", "size: 30px, lines: 1, box: {y: 70px}")
    staff.edit("jobs/people.csv", "cyd,gone.png", f"{TOO_LONG},gone.png")
    done = here(staff, "check", "--json")
    assert sorted(done.found) == [
        "error missing-picture jobs/people.csv:4", "error text-overflow jobs/people.csv:4"
    ]  # fmt: skip


def test_nothing_is_told_of_what_the_missing_photo_would_decide(staff: Campaign, here: Here) -> None:
    """Of a row of photo and name the photo takes the room that its shape has."""
    (staff.root / "templates/layouts/staff.yaml").write_text(
        "{page: {trim: 120px x 120px}, target: screen, formats: [png], layers: ["
        "{type: stack, id: line, run: across, box: {height: 40px}, layers: ["
        "{type: image, id: photo, file: 'packshots/{{ person.photo }}', fit: contain, when: person.photo},"
        "{type: text, id: name, text: '{{ person.id }}', role: headline, color: ink, size: 20px, lines: 1}]}]}"
    )
    staff.edit("jobs/people.csv", "cyd,gone.png", f"{TOO_LONG},gone.png")
    assert here(staff, "check", "--json").found == ["error missing-picture jobs/people.csv:4"]


def test_what_else_is_wrong_is_told_with_a_picture_of_the_layout_that_cannot_be_placed(
    staff: Campaign, here: Here
) -> None:
    staff.edit("jobs/people.csv", "cyd,gone.png", f"{TOO_LONG},tin.svg")
    staff.edit("templates/layouts/staff.yaml", "size: 10px, box: {y: 70px}", "size: 30px, lines: 1, box: {y: 70px}")
    staff.edit("templates/layouts/staff.yaml", "layers: [", "layers: [{type: image, file: wall.png, box: {}},")
    (staff.root / "brands/testa/wall.png").write_bytes(b"")
    done = here(staff, "check", "--json")
    assert done.code == 2
    assert [one.split()[1] for one in done.found] == ["broken-picture", "text-overflow"]


def test_what_else_is_wrong_is_told_with_a_reference_that_cannot_be_sent(fresh: Campaign, here: Here) -> None:
    (fresh.root / "templates/layouts/post.yaml").write_text(
        "{page: {trim: 120px x 120px}, target: screen, formats: [png], layers: ["
        "{type: image, picture: hero, box: {in: bleed}},"
        "{type: image, file: 'packshots/{{ product.sku }}-none.png', box: {height: 20px}},"
        "{type: text, id: n, text: 'Bartholomaeus', role: headline, lines: 1, color: ink, size: 30px}]}"
    )
    fresh.edit(fresh.job, "layouts: [post, card]", "layouts: [post]")
    fresh.edit(fresh.job, '"{{ product.packshot }}"', '"{{ product.sku }}.png"')
    for sku in ("MUG", "TIN", "BAG"):
        (fresh.root / f"jobs/{sku}.png").write_bytes(b"")
    found = {one.split()[1] for one in here(fresh, "check", "--json").found}
    assert found >= {"reference-kind", "missing-picture", "text-overflow"}
