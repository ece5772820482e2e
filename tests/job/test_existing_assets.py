"""What a library has is not made again: files by layout, pictures by slot; and lines that cannot be used are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from job_campaign import Campaign
from PIL import Image

from pressrun.load import load_project
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding
from pressrun.model.settings import Settings
from pressrun.plan import Plan
from pressrun.run.job import registry
from pressrun.run.planned_job import prepare

TABLE = "jobs/library/assets.csv"


def with_library(campaign: Campaign, *lines: str) -> Campaign:
    """The campaign with a library of these lines, and two files in it."""
    folder = campaign.root / "jobs/library"
    folder.mkdir()
    (folder / "old.png").write_bytes(b"a finished file")
    Image.linear_gradient("L").convert("RGB").resize((96, 96)).save(folder / "photo.jpg")
    (campaign.root / TABLE).write_text("\n".join(lines) + "\n", "utf-8")
    campaign.edit(campaign.job, "provider:", "existing: library/assets.csv\nprovider:")
    return campaign


def planned(campaign: Campaign, **settings: object) -> Plan:
    prepared = prepare(campaign.root / campaign.job, Settings(**settings))  # type: ignore[arg-type]
    prepared.doors.journal.close()
    return prepared.plan


def files(plan: Plan) -> set[str]:
    return {path for sheet in plan.sheets for _, path, _ in sheet.files}


def findings(campaign: Campaign) -> list[Finding]:
    try:
        return [one for one in load_project(campaign.root / campaign.job, registry).notes if one.severity > "note"]
    except InputError as error:
        return list(error.findings)


def told(campaign: Campaign) -> list[str]:
    return [f"{one.severity} {one.code} {one.place}" for one in findings(campaign)]


def test_only_the_missing_variants_are_planned(fresh: Campaign) -> None:
    every = files(planned(fresh))
    with_library(fresh, "path,product,region,layout", "old.png,MUG,de-DE,post", "old.png,TIN,en-GB,card")
    plan = planned(fresh)
    gone = every - files(plan)
    assert {path.rsplit(".", 1)[0].removesuffix("-proof") for path in gone} == {"MUG/de-DE/post", "TIN/en-GB/card"}
    (note,) = [finding for finding in plan.findings if finding.code == "existing"]
    assert str(len(gone)) in note.message


def test_one_format_of_a_sheet(fresh: Campaign) -> None:
    every = planned(fresh)
    formats = next(sheet.files for sheet in every.sheets if sheet.layout == "card")
    assert len(formats) > 1
    with_library(fresh, "path,product,region,layout,format", f"old.png,MUG,de-DE,card,{formats[0][0]}")
    (sheet,) = [one for one in planned(fresh).sheets if one.layout == "card" and one.row.id == "MUG/de-DE"]
    assert [file.format for file in sheet.files] == [file.format for file in formats[1:]]


def test_a_column_left_empty_stands_for_all(fresh: Campaign) -> None:
    with_library(fresh, "path,product,region,layout", "old.png,MUG,,post")
    assert not [sheet for sheet in planned(fresh).sheets if sheet.layout == "post" and "MUG" in sheet.row.id]


def test_everything_is_there(fresh: Campaign) -> None:
    rows = {sheet.row.id for sheet in planned(fresh).sheets}
    with_library(fresh, "path,row,layout", *(f"old.png,{row},{layout}" for row in rows for layout in ("post", "card")))
    report = fresh.run()
    assert (report.exit, report.counts.planned) == (0, 0)


def test_the_assets_csv_of_a_run_can_be_given(fresh: Campaign) -> None:
    first = fresh.run()
    fresh.edit(fresh.job, "provider:", f"existing: ../runs/{first.run}/assets.csv\nprovider:")
    assert planned(fresh).sheets == ()


def test_a_picture_that_exists_is_placed_and_not_bought(fresh: Campaign) -> None:
    with_library(fresh, "picture,product,slot,master", "photo.jpg,MUG,hero,square")
    plan = planned(fresh)
    mine = {use.key for sheet in plan.sheets if "MUG" in sheet.row.id for use in sheet.slots if use.master == "square"}
    assert len(mine) == 1
    assert mine <= plan.in_store
    assert [task.quoted_usd for task in plan.pictures if task.key in mine] == [0]
    assert fresh.run().exit == 0
    pictures = [
        picture for line in fresh.lines() if "MUG" in line["row"] for picture in line["pictures"]
        if picture["master"] == "square"
    ]  # fmt: skip
    assert {picture["provider"] for picture in pictures} == {"library"}
    assert {picture["digital_source_type"] for picture in pictures} == {"digitalCreation"}


def test_a_picture_for_all_rows(fresh: Campaign) -> None:
    with_library(fresh, "picture,slot", "photo.jpg,hero")
    assert len(planned(fresh).pictures) == 1


def test_another_take_is_still_made(fresh: Campaign) -> None:
    with_library(fresh, "path,row,layout,take", "old.png,MUG/de-DE,post,1")
    assert "MUG/de-DE" not in {sheet.row.id for sheet in planned(fresh).sheets if sheet.layout == "post"}
    assert "MUG/de-DE" in {sheet.row.id for sheet in planned(fresh, take=2).sheets if sheet.layout == "post"}


def test_a_picture_that_cannot_be_placed(fresh: Campaign) -> None:
    with_library(fresh, "picture,slot", "old.png,hero")
    with pytest.raises(InputError) as caught:
        planned(fresh)
    (finding,) = caught.value.findings
    assert (finding.code, str(finding.place)) == ("broken-picture", f"{TABLE}:2")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["path,layout,product", "gone.png,post,MUG"], "error missing-file {}:2"),
        (["path,layout,product", ",post,MUG"], "error missing-file {}:2"),
        (["path,layout,product", "/etc/passwd,post,MUG"], "error outside-campaign {}:2"),
        (["path,layout,product", "old.png,post,"], "error wrong-line {}:2"),
        (["path,layout,slot,product", "old.png,,,MUG"], "error wrong-line {}:2"),
        (["path,layout,slot,product", "old.png,post,hero,MUG"], "error wrong-line {}:2"),
        (["path,slot,product", "photo.jpg,hreo,MUG"], "error unknown-picture {}:2"),
        (["path,slot,master,product", "photo.jpg,hero,sqare,MUG"], "error unknown-master {}:2"),
        (["path,layout,product", "old.png,posst,MUG"], "warning unknown-layout {}:2"),
        (["path,layout,product,format", "old.png,post,MUG,tiff"], "warning unknown-format {}:2"),
        (["path,layout,product", "old.png,post,MUGG"], "warning unknown-row {}:2"),
        (["path,layout,product,take", "old.png,post,MUG,one"], "error bad-cell {}:2:18"),
        (["layout,product", "post,MUG"], "error missing-column {}:1"),
        (["path,product", "old.png,MUG"], "error missing-column {}:1"),
    ],
)
def test_lines_that_cannot_be_used(fresh: Campaign, lines: list[str], expected: str) -> None:
    assert told(with_library(fresh, *lines)) == [expected.format(TABLE)]


def test_a_table_that_is_not_there(fresh: Campaign) -> None:
    fresh.edit(fresh.job, "provider:", "existing: library/assets.csv\nprovider:")
    (finding,) = findings(fresh)
    assert finding.is_error
    assert finding.place is not None
    assert Path(finding.place.file).name == "spring.yaml"
