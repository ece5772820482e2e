"""Merged files over several runs: the same bytes, no more made than what has changed, and nothing half-written."""

from __future__ import annotations

import gc
import shutil
from pathlib import Path
from typing import Any

import pytest
from merged_kit import JOB, Mailing, rows_on

from pressrun.commands import cli
from pressrun.commands.report.run_told import run_text
from pressrun.doors import Doors
from pressrun.graphics.texts.text_pages import TextsOfPage
from pressrun.model.executor import UnfitWorker
from pressrun.model.memory_sweeps import without_sweeping
from pressrun.model.rendering import Overlay
from pressrun.model.settings import Settings
from pressrun.model.task import ReadySheet, SheetContent
from pressrun.run.dry.dry_sheets import dry_findings
from pressrun.run.merged import batches
from pressrun.run.merged import files as merged_files
from pressrun.run.merged.documents import Division
from pressrun.run.planned_job import prepare
from pressrun.run.worker import merged_batches
from pressrun.run.worker.later_views import LaterView

MANY = 40


@pytest.fixture
def many(mailing: Mailing, monkeypatch: pytest.MonkeyPatch) -> Mailing:
    """Forty people in batches of a few, whose pages share one picture."""
    monkeypatch.setattr(batches, "TOGETHER", 6)
    people = (f"n{number:02},Person {number},{number} Quay,1{number:04},Town {number},1,r" for number in range(MANY))
    (mailing.root / "jobs/people.csv").write_text("\n".join(["id,name,street,postcode,town,copies,route", *people]))
    return mailing


def made_batches(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The rows of every batch that is made from now on."""
    made: list[tuple[str, ...]] = []
    plain = merged_batches._Batch.made

    def noted(batch: merged_batches._Batch) -> merged_files.BatchMade:
        made.append(tuple(one.row for one in batch._task.records))
        return plain(batch)

    monkeypatch.setattr(merged_batches._Batch, "made", noted)
    return made


def test_the_same_bytes_come_of_another_campaign_folder_and_of_other_workers(mailing: Mailing, tmp_path: Path) -> None:
    first = mailing.run().files
    second = Mailing.new(tmp_path / "elsewhere").run(inline=False, jobs=2).files
    assert first == second


def test_an_unchanged_run_makes_and_writes_nothing(many: Mailing, monkeypatch: pytest.MonkeyPatch) -> None:
    first = many.run()
    made = made_batches(monkeypatch)
    monkeypatch.setattr(merged_files.Merging, "_write", lambda *_: pytest.fail("nothing is to be written"))
    again = many.run()
    assert made == []
    assert again.files == first.files
    assert again.documents == first.documents
    assert again.report.counts.reused == 1


def test_a_row_that_changes_remakes_those_it_is_made_with_and_no_others(
    many: Mailing, monkeypatch: pytest.MonkeyPatch
) -> None:
    many.edit("templates/layouts/card.yaml", "serial | pad(4)", "person.postcode")
    before = many.run()
    made = made_batches(monkeypatch)
    many.edit("jobs/people.csv", "Person 17,", "Somebody,")
    changed = many.run()
    assert len(made) <= 2
    assert "n17" in [row for rows in made for row in rows]
    assert len({row for rows in made for row in rows}) < MANY
    words = changed.words()
    assert len(words) == MANY
    assert "Somebody" in words[17]
    assert before.files != changed.files
    made.clear()
    many.edit("jobs/people.csv", "n05,Person 5,5 Quay,10005,Town 5,1,r\n", "")
    assert len(many.run().words()) == MANY - 1
    assert len(made) <= 2, "a row less moves no other batch"


def test_a_row_that_fails_is_told_and_the_others_are_in_the_file(mailing: Mailing) -> None:
    mailing.edit("templates/layouts/card.yaml", "serial | pad(4)", "person.postcode | pad(5)")
    mailing.edit("jobs/people.csv", "20359", "SW1A 2AA")
    ran = mailing.run()
    assert ("wrong-value", "p3") in ran.codes
    assert sorted(ran.documents[0]["index"]) == ["p1", "p2", "p4", "p5", "p6"]
    assert {(asset.row, asset.status) for asset in ran.report.assets} == {("", "made"), ("p3", "failed")}
    assert ran.report.exit == 1


def test_findings_name_their_row_and_its_line(mailing: Mailing) -> None:
    mailing.edit("jobs/people.csv", "Cleo Amber", "Cleo " + "Amberina Wilhelmina " * 8)
    mailing.edit("templates/layouts/card.yaml", ", overflow: ellipsis", "")
    ran = mailing.run()
    (finding,) = [one for asset in ran.report.assets for one in asset.findings if one.code == "text-overflow"]
    assert (finding.row, finding.place and finding.place.line, finding.layer) == ("p3", 4, "name")
    (line,) = [one for one in ran.records if one["row"] == "p3"]
    assert [one["code"] for one in line["findings"] if one["code"] == "text-overflow"] == ["text-overflow"]


def test_a_run_that_is_stopped_while_it_writes_delivers_nothing_and_keeps_its_pages(
    many: Mailing, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stopped(BaseException):
        pass

    def stopped(*_: object) -> int:
        raise Stopped

    with monkeypatch.context() as patch:
        patch.setattr(merged_files.MergedPdf, "finish", stopped)
        with pytest.raises(Stopped):
            many.run()
    assert not list((many.root / "runs").glob("*/assets/*"))
    assert not list((many.root / ".pressrun/partial").glob("*"))
    made = made_batches(monkeypatch)
    assert len(many.run().words()) == MANY
    assert made == [], "all pages were there already"


def test_a_worker_that_dies_of_a_row_costs_that_row_alone(mailing: Mailing, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = merged_batches._Batch.made

    def deadly(batch: merged_batches._Batch) -> merged_files.BatchMade:
        if any(one.row == "p5" for one in batch._task.records):
            raise SystemError("died")
        return plain(batch)

    monkeypatch.setattr(merged_batches._Batch, "made", deadly)
    ran = mailing.run()
    assert sorted(ran.documents[0]["index"]) == ["p1", "p2", "p3", "p4", "p6"]
    assert ("worker-died", "p5") in ran.codes
    assert ran.report.exit == 1


def test_workers_have_the_pages_of_many_documents_at_once(many: Mailing, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []
    plain = Doors.in_workers

    def noted(doors: Doors, bench: Any, kit: Any, tasks: Any, function: Any, kind: Any) -> Any:
        tasks = list(tasks)
        if function is merged_batches.make_batches:
            given.append(sum(len(batch.records) for some in tasks for batch in some))
        return plain(doors, bench, kit, tasks, function, kind)

    monkeypatch.setattr(Doors, "in_workers", noted)
    ran = many.output(chunk=5).run(inline=False, jobs=2, sheets_at_once=20)
    assert given == [MANY]
    assert [len(document["index"]) for document in ran.documents] == [5] * (MANY // 5)


def test_rows_come_while_others_are_made(many: Mailing, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    taken, made = Division.taken, merged_batches._Batch.made

    def come(division: Division, ready: ReadySheet) -> Any:
        seen.append("come")
        return taken(division, ready)

    def noted(batch: merged_batches._Batch) -> merged_files.BatchMade:
        seen.append("made")
        return made(batch)

    whole = many.run(sheets_at_once=5).files
    shutil.rmtree(many.root / ".pressrun")
    monkeypatch.setattr(Division, "taken", come)
    monkeypatch.setattr(merged_batches._Batch, "made", noted)
    assert many.run(sheets_at_once=5).files == whole
    assert seen.count("come") == MANY
    assert seen.index("made") <= 20, "of the first rows the pages are made before most others have come"


def test_a_bad_row_of_an_early_document_holds_up_no_other(many: Mailing, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = many.output(chunk=5).run(sheets_at_once=10)
    shutil.rmtree(many.root / ".pressrun")
    plain, made = merged_batches._composed, []

    def failing(bench: Any, task: Any) -> Any:
        made.append(task.row)
        if task.row == "n07":
            raise ValueError("planted")
        return plain(bench, task)

    monkeypatch.setattr(merged_batches, "_composed", failing)
    for _ in range(2):  # the second has all pages but those of this row
        made.clear()
        ran = many.run(sheets_at_once=10)
        assert [len(one["index"]) for one in ran.documents] == [5, 4, *[5] * (MANY // 5 - 2)]
        assert {row for code, row in ran.codes if code == "internal-error"} == {"n07"}
        same = [data == ran.files[name] for name, data in sound.files.items()]
        assert same == [True, False, *[True] * (MANY // 5 - 2)]
    assert made == ["n07"]


def test_a_worker_that_is_refused_when_the_last_pages_are_made_is_told_of(
    mailing: Mailing, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    refused: list[UnfitWorker] = []
    plain = merged_files.make_batches

    def made(*args: Any) -> Any:
        refused.append(UnfitWorker("the worker tls://b:8786 has another Pressrun", UnfitWorker.CURE))
        return plain(*args)

    monkeypatch.setattr(merged_files, "make_batches", made)
    monkeypatch.setattr(Doors, "refused_workers", refused)
    monkeypatch.setenv("PRESSRUN_EXECUTOR", "inline")
    monkeypatch.chdir(mailing.root)
    assert cli.run_command(["run", JOB]) == 0
    assert capsys.readouterr().err.count("warning: the worker tls://b:8786 has another Pressrun") == 1


def test_no_more_rows_are_held_than_a_few_documents_and_windows_have(
    many: Mailing, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[int] = []
    plain = merged_files.Merging._write

    def noted(*args: Any) -> int:
        gc.collect()
        held.append(sum(isinstance(one, SheetContent) for one in gc.get_objects()))
        return plain(*args)

    monkeypatch.setattr(merged_files.Merging, "_write", noted)
    gc.collect()
    gc.freeze()  # what other tests left is not looked at each time
    try:
        ran = many.output(chunk=5).run(sheets_at_once=5)
    finally:
        gc.unfreeze()
    assert len(ran.documents) == MANY // 5
    assert max(held) <= 4 * 5


def test_slip_sheets_count_what_is_printed_and_nothing_stands_for_what_is_not(mailing: Mailing) -> None:
    told = "Tour {{ group.number }} {{ group.value }}: {{ group.count }} people, {{ group.copies }} cards"
    slip = {"by": "person.route", "text": told}
    mailing.output(sort=["person.route", "person.id"], slip=slip, quantity="person.copies")
    mailing.edit("templates/layouts/card.yaml", "serial | pad(4)", "person.postcode | pad(5)")
    mailing.edit("jobs/people.csv", "20095,Hamburg,1,north", "20095,Hamburg,,center")  # known before pages are made
    mailing.edit("jobs/people.csv", "10115,Berlin,3", "10115,Berlin,")
    mailing.edit("jobs/people.csv", "20359,Hamburg,2", "SW1A,Hamburg,2")  # while they are made
    mailing.edit("jobs/people.csv", "20457,Hamburg,1,north", "N8,Hamburg,1,coast")
    ran = mailing.run()
    words = ran.words()
    assert rows_on(words) == ["", "p5"]
    assert "Tour 1 east: 1 people, 1 cards" in " ".join(words[0].split())
    assert {asset.row for asset in ran.report.assets if asset.status == "failed"} == {"p1", "p2", "p3", "p6"}
    assert run_text(ran.report).startswith("1 file: 1 made, 0 reused, 0 failed; 4 rows failed. ")
    mailing.edit("jobs/people.csv", "SW1A", "20359")
    words = mailing.run().words()
    assert rows_on(words) == ["", "p5", "", "p3", "p3"]
    assert "Tour 2 north: 1 people, 2 cards" in " ".join(words[2].split())


def test_a_row_with_a_fault_splits_no_document_and_names_none(mailing: Mailing) -> None:
    mailing.output(by="person.route", quantity="person.copies").set(save_as="{{ person.route }}")
    mailing.edit("jobs/people.csv", "10115,Berlin,3", "10115,Berlin,")
    mailing.edit("jobs/people.csv", "20095,Hamburg,1,north", "20095,Hamburg,,center")
    ran = mailing.run()
    assert list(ran.files) == ["east.pdf", "north.pdf"]
    assert {(asset.path, asset.row) for asset in ran.report.assets if asset.status == "failed"} == {
        ("assets/center.pdf", "p6"), ("assets/east.pdf", "p2"),
    }  # fmt: skip


def test_check_counts_every_row_that_has_a_fault_and_names_the_first(many: Mailing) -> None:
    many.output(quantity="person.copies").edit("jobs/people.csv", ",1,r", ",,r")
    prepared = prepare(many.root / JOB, Settings(inline=True), reading=True, waiting=True)
    with prepared.doors:
        (told,) = [one for one in dry_findings(prepared) if one.code == "bad-value"]
    assert told.row == "n00"
    assert told.message.endswith("(and likewise in 39 more rows: n01, n02, n03 …)")


def test_pages_are_let_go_of_once_they_are_written(mailing: Mailing) -> None:
    gc.collect()
    with without_sweeping():
        mailing.run()
        kept = [type(one) for one in gc.get_objects() if type(one) in (Overlay, LaterView, TextsOfPage)]
    assert not kept, "a ring of references holds what pages are made of until Python looks for it"


def test_a_run_sweeps_seldom_and_then_as_before(mailing: Mailing, monkeypatch: pytest.MonkeyPatch) -> None:
    usual, meanwhile = gc.get_threshold(), list[int]()
    made = merged_batches._Batch.made

    def noted(batch: merged_batches._Batch) -> merged_files.BatchMade:
        meanwhile.append(gc.get_threshold()[0])
        return made(batch)

    monkeypatch.setattr(merged_batches._Batch, "made", noted)
    mailing.run()
    assert meanwhile
    assert min(meanwhile) > usual[0]
    assert gc.get_threshold() == usual


def test_only_the_first_page_of_a_file_is_drawn_for_its_picture(many: Mailing, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[object] = []
    plain = LaterView.small.fget
    assert plain
    seen = property(lambda view: (drawn.append(view), plain(view))[1])
    monkeypatch.setattr(LaterView, "small", seen)
    made = made_batches(monkeypatch)
    many.run()
    assert len(made) > 2
    assert len(drawn) == 1


def test_a_file_has_its_picture_though_the_rows_are_lost_that_were_to_show_it(
    many: Mailing, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, lost = merged_batches._Batch.made, set[str]()

    def deadly(batch: merged_batches._Batch) -> merged_files.BatchMade:
        rows = {one.row for one in batch._task.records}
        if batch._task.shows and not lost:
            lost.update(rows)
        if rows & lost:
            raise SystemError("died")
        return plain(batch)

    monkeypatch.setattr(merged_batches._Batch, "made", deadly)
    ran = many.run()
    assert lost
    assert len(ran.documents[0]["index"]) == MANY - len(lost)
    assert [bool(one.thumb) for one in ran.report.assets if one.status == "made"] == [True]
