"""Files that rows have each, beside the document of all of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from merged_kit import JOB, Mailing, looks, rows_on
from PIL import ImageChops
from starlette.testclient import TestClient

from pressrun.commands import cli
from pressrun.commands.studio.server import app_of, close
from pressrun.model.errors import InputError
from pressrun.run.imposition.press_sheets import press_files
from pressrun.run.merged import files as merged_files
from pressrun.run.worker import sheet_tasks

ROWS = [f"p{number}" for number in range(1, 7)]


@pytest.fixture
def singles(mailing: Mailing) -> Mailing:
    return mailing.set(save_as="cards/{{ person.id }}").output(singles=True, save_as="all-{{ layout.name }}")


def told(mailing: Mailing) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as error:
        mailing.run()
    return [(one.code, one.message) for one in error.value.findings if one.is_error]


def test_each_row_has_its_file_beside_the_one_of_all(singles: Mailing) -> None:
    ran = singles.run()
    assert list(ran.files) == ["all-card.pdf", *(f"cards/{row}.pdf" for row in ROWS)]
    assert rows_on(ran.words("all-card.pdf")) == ROWS
    for number, row in enumerate(ROWS, start=1):
        alone, together = looks(ran.files[f"cards/{row}.pdf"], 1), looks(ran.files["all-card.pdf"], number)
        assert ImageChops.difference(alone, together).getbbox() is None, row
    assert [one["path"] for one in ran.documents] == ["assets/all-card.pdf"]
    assert ran.documents[0]["index"] == {row: [number, number] for number, row in enumerate(ROWS, start=1)}
    assert ran.report.counts.planned == ran.report.counts.made == 7
    assert sorted(asset.row for asset in ran.report.assets) == ["", *ROWS]


def test_the_files_have_the_bytes_that_they_have_without_each_other(singles: Mailing) -> None:
    both = singles.run().files
    document = singles.output(save_as="all-{{ layout.name }}").run().files
    alone = singles.set(output=None).run().files
    assert both == {**document, **alone}


def test_an_unchanged_run_makes_neither_again_and_one_that_was_killed_goes_on(
    singles: Mailing, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(merged_files.Merging, "_write", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            singles.run()
    monkeypatch.setattr(sheet_tasks, "make_sheets", lambda *_: pytest.fail("the rows' own files are there"))
    resumed = singles.run()
    monkeypatch.setattr(merged_files.Merging, "_write", lambda *_: pytest.fail("nothing is to be written"))
    again = singles.run()
    assert again.files == resumed.files
    assert again.documents == resumed.documents
    assert (again.report.counts.made, again.report.counts.reused) == (0, 7)


def test_a_changed_row_makes_its_own_file_and_the_document_alone(singles: Mailing) -> None:
    before = singles.run()
    singles.edit("jobs/people.csv", "Cleo", "Clea")
    after = singles.run()
    changed = {name for name in before.files if before.files[name] != after.files[name]}
    assert changed == {"all-card.pdf", "cards/p3.pdf"}
    assert after.report.counts.made == 2


def test_a_document_that_is_called_as_a_file_in_it_is_told(singles: Mailing) -> None:
    singles.output(singles=True)
    found = told(singles)
    assert found[0] == ("same-file", "cards/p1.pdf would be a file of the row p1, and one that many rows are in")


@pytest.mark.parametrize(("said", "hint"), [({}, "by a `save_as` in `one-pdf`"), ({"save_as": "all"}, "name more of what differs")])
def test_where_each_row_has_pictures_their_names_are_told_apart_from_that_of_all(
    mailing: Mailing, said: dict[str, str], hint: str
) -> None:
    mailing.edit("templates/layouts/card.yaml", "[press-pdf]", "[press-pdf, proof-png]")
    with pytest.raises(InputError) as error:
        mailing.set(save_as="{{ layout.name }}").output(**said).run()
    assert {(one.code, hint in (one.hint or "")) for one in error.value.findings if one.is_error} == {("same-file", True)}


def test_a_file_that_is_called_as_one_of_several_documents_is_told(singles: Mailing) -> None:
    singles.set(save_as="card-{{ serial }}").output(singles=True, save_as="card", chunk=3)
    assert ("same-file", "card-2.pdf would be a file of the row p2, and one of several with many rows, card.pdf by name") in (
        told(singles)
    )
    ran = singles.output(singles=True, save_as="card", chunk=6).run()
    assert len(ran.files) == 7, "where there is one document, it has no number"


@pytest.mark.parametrize("number", ["{{ 1000 + serial }}", "{{ serial + 2 }}", "0{{ serial }}"])
def test_a_number_that_no_document_has_is_free(singles: Mailing, number: str) -> None:
    singles.set(save_as=f"card-{number}").output(singles=True, save_as="card", chunk=3)
    assert {"card-1.pdf", "card-2.pdf"} < set(singles.run().files)


def test_the_plan_counts_what_is_made(
    singles: Mailing, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(singles.root)
    for said, expected in (({"singles": True}, 7), ({}, 1), ({"chunk": 4}, 2)):
        singles.output(save_as="all", **said)
        capsys.readouterr()
        assert cli.run_command(["plan", JOB, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["files"] == expected == singles.run().report.counts.planned


def test_a_row_that_is_rejected_or_has_no_copies_is_in_neither(
    singles: Mailing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(singles.root)
    singles.output(singles=True, save_as="all", quantity="person.copies").run()
    assert cli.run_command(["reject", "cards/p2.pdf", "--reason", "moved"]) == 0
    ran = singles.run()
    assert list(ran.files) == ["all.pdf", *(f"cards/{row}.pdf" for row in ("p1", "p3", "p5", "p6"))]
    assert set(ran.documents[0]["index"]) == {"p1", "p3", "p5", "p6"}


def test_single_rows_that_are_asked_for_come_in_both(singles: Mailing) -> None:
    ran = singles.run(only="person.id == 'p4'")
    assert list(ran.files) == ["all-card.pdf", "cards/p4.pdf"]
    assert "No. 0004" in ran.words("cards/p4.pdf")[0]


@pytest.mark.parametrize("columns", ["path,row,layout", "path,row,layout,format"])
def test_a_row_whose_own_file_exists_is_in_the_one_of_all(singles: Mailing, columns: str) -> None:
    library = singles.root / "jobs/library"
    library.mkdir()
    (library / "old.pdf").write_bytes(b"made by hand")
    line = ",".join(("old.pdf", "p2", "card", "press-pdf")[: columns.count(",") + 1])
    (library / "assets.csv").write_text(f"{columns}\n{line}\n", "utf-8")
    ran = singles.set(existing="library/assets.csv").run()
    assert list(ran.files) == ["all-card.pdf", *(f"cards/{row}.pdf" for row in ROWS if row != "p2")]
    assert rows_on(ran.words("all-card.pdf")) == ROWS


def test_no_page_is_imposed_twice(singles: Mailing) -> None:
    singles.edit("templates/layouts/card.yaml", "[press-pdf]", "[press-pdf, press-pdf-x1a]")
    ran = singles.run()
    found = press_files([str(ran.folder)], singles.root)
    assert [file.name for file in found.files] == ["assets/all-card.pdf"]
    assert [(one.code, one.message) for one in found.findings] == [
        ("pages-twice", "left off 6 files of one row each, as the file of all rows has the same pages"),
        ("pages-twice", "left off 7 files in press-pdf-x1a, as press-pdf has the same pages"),
    ]
    named = press_files([str(ran.folder / "assets/cards/p1.pdf")], singles.root)
    assert len(named.files) == 1
    assert not named.findings


def test_a_page_that_is_there_in_one_format_alone_is_imposed_in_that(singles: Mailing) -> None:
    singles.edit("templates/layouts/card.yaml", "[press-pdf]", "[press-pdf, press-pdf-x1a]")
    folder = singles.run().folder
    lines = [json.loads(line) for line in (folder / "assets.jsonl").read_text("utf-8").splitlines()]
    for line in lines:
        if line["path"].endswith(("/all-card.pdf", "/all-card-x1a.pdf", "/p2.pdf")):
            line["status"] = "failed"
    (folder / "assets.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    found = press_files([str(folder)], singles.root)
    assert {file.name for file in found.files} == {
        f"assets/cards/{row}{'-x1a' if row == 'p2' else ''}.pdf" for row in ROWS
    }


def test_what_sheets_were_on_their_way_has_a_folder_for_each_row(singles: Mailing, tmp_path: Path) -> None:
    singles.run(keep=tmp_path / "kept")
    assert sorted(path.parent.name for path in (tmp_path / "kept").rglob("sheet.json")) == ROWS


def test_in_the_studio_the_document_has_a_name_and_rows_are_no_languages(singles: Mailing) -> None:
    run = singles.run().folder.name
    app = app_of(singles.root, "way-in", "Mara")
    try:
        visitor = TestClient(app, base_url="http://127.0.0.1", follow_redirects=True)
        assert visitor.get("/?token=way-in").status_code == 200
        tiles = visitor.get(f"/runs/{run}/tiles?from=0&count=9").json()["tiles"]
        assert [tile["title"] for tile in tiles][-1] == "all-card"
        assert all(tile["title"] for tile in tiles)
        for tile in tiles:
            assert 'data-do="series"' not in visitor.get(f"/runs/{run}/sheets/{tile['id']}").text
            alike = visitor.get(f"/runs/{run}/sheets/{tile['id']}/series").json()["tiles"]
            assert [one["id"] for one in alike] == [tile["id"]]
    finally:
        close(app)


def test_progress_says_what_it_counts(
    singles: Mailing, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(singles.root)
    monkeypatch.setenv("PRESSRUN_EXECUTOR", "inline")
    assert cli.run_command(["run", JOB]) == 0
    told = capsys.readouterr()
    assert "rows in files: 12 of 12" in told.err.splitlines()
    assert "7 files: 7 made" in told.out


def test_preflight_of_a_run_judges_its_press_files(
    singles: Mailing, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(singles.root)
    folder = singles.run().folder
    capsys.readouterr()
    cli.run_command(["preflight", str(folder), "--json"])
    judged = [Path(one["file"]).relative_to(folder).as_posix() for one in json.loads(capsys.readouterr().out)]
    assert sorted(judged) == sorted(["assets/all-card.pdf", *(f"assets/cards/{row}.pdf" for row in ROWS)])
    assert cli.run_command(["preflight", str(folder / "assets")]) == 2
    assert "name its PDFs, or the folder of a run" in capsys.readouterr().err
