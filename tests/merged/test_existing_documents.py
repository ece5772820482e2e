"""What a library has of a job whose rows are in one file: a line with a row is of its own file, one without is of that
of many, which is not made again where it has the rows that it would have now."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from merged_kit import Mailing, Ran, rows_on

from pressrun.model.errors import InputError

ROWS = [f"p{number}" for number in range(1, 7)]


def has(mailing: Mailing, *lines: str, files: dict[str, bytes] | None = None) -> Mailing:
    """The mailing with a library of these lines, and files in it."""
    library = mailing.root / "jobs/library"
    library.mkdir()
    for name, data in {"old.pdf": b"made by hand", **(files or {})}.items():
        (library / name).write_bytes(data)
    (library / "assets.csv").write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return mailing.set(existing="library/assets.csv")


def told(ran: Ran) -> list[str]:
    return [one["message"] for one in ran.notes if one["code"] == "existing"]


def again(mailing: Mailing, before: Ran) -> Ran:
    """A run of the same job, which is told what that one has made."""
    return mailing.set(existing=f"../runs/{before.report.run}/assets.csv").run()


def without_bookmarks(path: Path) -> None:
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        del pdf.Root["/Outlines"]
        pdf.save(path)


def test_a_row_that_has_a_file_of_its_own_is_in_the_document(mailing: Mailing) -> None:
    ran = has(mailing, "path,row,layout", "old.pdf,p2,card", "old.pdf,p5,card").run()
    assert rows_on(ran.words()) == ROWS
    assert told(ran) == ["2 rows have their own files in the library already, and a page in that of many rows nevertheless"]


def test_of_a_row_that_has_one_the_proof_alone_is_left_out(mailing: Mailing) -> None:
    mailing.edit("templates/layouts/card.yaml", "[press-pdf]", "[press-pdf, proof-png]")
    mailing.set(save_as="{{ person.id }}").output(save_as="all")
    ran = has(mailing, "path,row,layout,format", "old.pdf,p2,card,proof-png").run()
    assert sorted(asset.row for asset in ran.report.assets) == ["", *(row for row in ROWS if row != "p2")]
    assert rows_on(ran.words("all.pdf")) == ROWS
    assert told(ran) == ["1 file is in the library already, and not made again"]


@pytest.mark.parametrize("chunk", [None, 4])
def test_what_a_run_has_made_is_not_made_again(mailing: Mailing, chunk: int | None) -> None:
    mailing.output(save_as="all", **({"chunk": chunk} if chunk else {}))
    ran = again(mailing, mailing.run())
    assert not ran.files
    assert told(ran) == [f"{'2 files are' if chunk else '1 file is'} in the library already, and not made again"]


def test_a_document_that_lacks_a_new_row_is_made_again(mailing: Mailing) -> None:
    before = mailing.output(save_as="all", chunk=4).run()
    people = mailing.root / "jobs/people.csv"
    last = people.read_text().splitlines()[-1]
    people.write_text(people.read_text() + last.replace("p6", "p7") + "\n")
    ran = again(mailing, before)
    assert list(ran.files) == ["all-2.pdf"], "by the name that it has among all"
    assert rows_on(ran.words("all-2.pdf"))[:2] == ["p5", "p6"]
    assert told(ran) == [
        f"all-2.pdf is made again: runs/{before.report.run}/assets/all-2.pdf lacks 1 row (p7)",
        "1 file is in the library already, and not made again",
    ]


def test_a_document_with_a_row_that_is_gone_is_made_again(mailing: Mailing) -> None:
    before = mailing.run()
    people = mailing.root / "jobs/people.csv"
    people.write_text("".join(line for line in people.read_text().splitlines(True) if not line.startswith("p3")))
    ran = again(mailing, before)
    assert rows_on(ran.words()) == [row for row in ROWS if row != "p3"]
    assert told(ran) == [f"card.pdf is made again: runs/{before.report.run}/assets/card.pdf has 1 row (p3) more than there are now"]


def test_rows_under_slip_sheets_are_found_in_the_file(mailing: Mailing) -> None:
    mailing.output(slip={"by": "person.town", "text": "{{ group.value }}"})
    assert not again(mailing, mailing.run()).files


def test_a_file_without_bookmarks_is_believed(mailing: Mailing) -> None:
    before = mailing.run()
    without_bookmarks(before.folder / "assets/card.pdf")
    assert not again(mailing, before).files


def test_a_file_by_any_name_is_the_only_document(mailing: Mailing) -> None:
    assert not has(mailing, "path,layout", "old.pdf,card").run().files


def test_the_document_is_made_where_the_rows_files_alone_exist(mailing: Mailing) -> None:
    mailing.set(save_as="cards/{{ person.id }}").output(singles=True, save_as="all")
    ran = has(mailing, "path,row,layout", *(f"old.pdf,{row},card" for row in ROWS)).run()
    assert list(ran.files) == ["all.pdf"]


def test_and_the_rows_files_where_the_document_alone_exists(mailing: Mailing) -> None:
    mailing.set(save_as="cards/{{ person.id }}").output(singles=True, save_as="all")
    ran = has(mailing, "path,layout,row", "old.pdf,card,").run()
    assert list(ran.files) == [f"cards/{row}.pdf" for row in ROWS]


def test_where_each_row_has_its_file_a_line_names_it(mailing: Mailing) -> None:
    with pytest.raises(InputError) as error:
        has(mailing.set(output=None, save_as="{{ person.id }}"), "path,layout", "old.pdf,card").run()
    assert [(one.code, one.message) for one in error.value.findings] == [
        ("wrong-line", "nothing says which row this file is of")
    ]
