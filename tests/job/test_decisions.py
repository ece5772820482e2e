"""Approving and rejecting: what is said of files and pictures, and how later runs obey."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from job_campaign import Campaign, Ended
from takes_kit import as_json, journal, line, notes, paths, picture_of, shell

from pressrun.commands.report.run_told import run_text
from pressrun.decisions.latest_decisions import sheet_content, sheet_subject
from pressrun.model.errors import InputError
from pressrun.model.journal import Decision

Say = Callable[..., Ended]
FIRST, SECOND = "MUG/en-GB/post-1.png", "MUG/en-GB/post-2.png"


def test_a_rejected_take_is_left_out_in_every_format_and_a_note_says_so(takes: Campaign, say: Say) -> None:
    before = paths(takes)
    assert say(takes, "reject", "MUG/en-GB/card-1.pdf", "--reason", "too dark", "--by", "Ada").code == 0
    takes.run()
    assert before - paths(takes) == {"MUG/en-GB/card-1.pdf", "MUG/en-GB/card-1-proof.png"}
    assert notes(takes)["rejected"] == "1 sheet left out: rejected"
    assert "1 sheet left out: rejected" in run_text(takes.run()), "and the command tells it"
    [said] = as_json(say(takes, "reject", "--list", "--json"))
    assert (said["verdict"], said["who"], said["reason"]) == ("reject", "Ada", "too dark")
    assert said["at"].endswith("Z")


def test_a_rejected_picture_is_placed_nowhere(takes: Campaign, say: Say) -> None:
    key = picture_of(takes, FIRST)
    assert say(takes, "reject", key[:10]).code == 0
    takes.run()
    assert {FIRST, "MUG/de-DE/post-1.png"} == {path for path in ALL_POSTS if path not in paths(takes)}


ALL_POSTS = {f"MUG/{locale}/post-{take}.png" for locale in ("en-GB", "de-DE") for take in (1, 2)}


def test_only_what_is_approved_and_its_lines_say_so(takes: Campaign, say: Say) -> None:
    assert say(takes, "approve", "--where", "region.locale == 'en-GB' and take == 2").code == 0
    takes.run(approved_only=True)
    assert paths(takes) == {SECOND, "MUG/en-GB/card-2.pdf", "MUG/en-GB/card-2-proof.png"}
    assert {one["decision"] for one in takes.lines()} == {"approved"}
    assert notes(takes)["not-approved"].startswith("6 sheets")
    rows = list(csv.DictReader(io.StringIO((takes.latest / "assets.csv").read_text("utf-8-sig"))))
    assert {row["decision"] for row in rows} == {"approved"}
    takes.run()
    assert line(takes, SECOND)["decision"] == "approved"
    assert line(takes, FIRST)["decision"] == ""


def test_nothing_approved_is_said_before_anything_is_made(takes: Campaign) -> None:
    with pytest.raises(InputError) as raised:
        takes.run(approved_only=True)
    assert [finding.code for finding in raised.value.findings] == ["nothing-left"]


def test_the_latest_word_counts_and_can_be_taken_back(takes: Campaign, say: Say) -> None:
    say(takes, "reject", FIRST)
    takes.run()
    assert FIRST not in paths(takes)
    say(takes, "approve", FIRST)  # the file is in an earlier run only
    takes.run()
    assert line(takes, FIRST)["decision"] == "approved"
    say(takes, "reject", picture_of(takes, FIRST))
    takes.run()
    assert FIRST not in paths(takes)
    assert "MUG/de-DE/post-1.png" not in paths(takes)
    say(takes, "reject", "--undo", picture_key := journal_subjects(takes)[-1])
    assert len(picture_key) == 64
    takes.run()
    assert line(takes, FIRST)["decision"] == "approved"
    say(takes, "approve", "--undo", "--where", "True")
    assert json.loads(say(takes, "approve", "--list", "--json").out) == []


def test_the_list_says_which_decisions_are_about_sheets_that_have_changed_since(takes: Campaign, say: Say) -> None:
    say(takes, "approve", FIRST)
    say(takes, "approve", "MUG/de-DE/post-1.png")
    say(takes, "reject", SECOND)
    say(takes, "reject", picture_of(takes, "MUG/de-DE/post-2.png"))
    assert "outdated" not in say(takes, "approve", "--list").out
    takes.edit("jobs/data/copy.csv", "Good morning", "Good day")
    told = say(takes, "approve", "--list").out
    old = [line.split("  ")[-1] for line in told.splitlines() if "; outdated" in line]
    assert ["MUG/en-GB" in line for line in old] == [True, True], told
    said = as_json(say(takes, "approve", "--list", "--json"))
    assert [one["outdated"] for one in said] == [True, False, True, False]
    takes.edit("jobs/data/copy.csv", "Good day", "Good morning")
    assert "outdated" not in say(takes, "approve", "--list").out
    (takes.root / takes.job).write_text("brand: nobody\n")
    assert [one["outdated"] for one in as_json(say(takes, "approve", "--list", "--json"))] == [None, None, None, False]


def journal_subjects(campaign: Campaign) -> list[str]:
    with journal(campaign) as opened:
        return [one.subject for one in opened.decision_history()]


def test_a_rejection_is_undone_by_an_expression_though_the_file_is_in_no_new_run(takes: Campaign, say: Say) -> None:
    say(takes, "reject", FIRST)
    takes.run()
    assert say(takes, "reject", "--undo", "--where", "layout.name == 'post'").code == 0
    takes.run()
    assert FIRST in paths(takes)


def test_a_changed_picture_is_not_silently_approved(takes: Campaign, say: Say) -> None:
    say(takes, "approve", FIRST)
    takes.edit("jobs/data/products.csv", "morning light on a table", "evening light on a stone")
    takes.run()
    assert line(takes, FIRST)["decision"] == ""
    assert "decision-outdated" in notes(takes)
    with pytest.raises(InputError):
        takes.run(approved_only=True)


@pytest.mark.parametrize(("file", "old", "new"), [
    ("jobs/data/copy.csv", "Good morning", "Good day"), ("templates/layouts/post.yaml", "height: 56px", "height: 57px"),
])  # fmt: skip
def test_a_changed_text_or_layout_is_undecided_until_it_is_as_it_was(
    takes: Campaign, say: Say, file: str, old: str, new: str
) -> None:  # fmt: skip
    say(takes, "approve", FIRST)
    say(takes, "reject", SECOND)
    takes.edit(file, old, new)
    takes.run()
    assert line(takes, FIRST)["decision"] == line(takes, SECOND)["decision"] == ""
    assert notes(takes)["decision-outdated"].startswith("2 sheets no longer as they were")
    with pytest.raises(InputError):
        takes.run(approved_only=True)
    takes.edit(file, new, old)
    takes.run()
    assert line(takes, FIRST)["decision"] == "approved"
    assert SECOND not in paths(takes)


def test_what_is_said_of_a_picture_holds_whatever_is_written_on_it(takes: Campaign, say: Say) -> None:
    say(takes, "approve", picture_of(takes, FIRST)[:12])
    takes.edit("jobs/data/copy.csv", "Good morning", "Good day")
    takes.run(approved_only=True)
    assert line(takes, FIRST)["decision"] == "approved"


def test_a_decision_of_an_earlier_version_is_about_pictures_alone_until_somebody_decides_again(
    takes: Campaign, say: Say
) -> None:  # fmt: skip
    said = line(takes, FIRST)
    subject = sheet_subject("spring", said["row"], said["layout"], said["take"])
    with journal(takes) as opened:
        opened.decide([Decision(subject, "reject", "Ada", "", sheet_content([said["pictures"][0]["sha256"]]))])
    takes.edit("jobs/data/copy.csv", "Good morning", "Good day")
    takes.run()
    assert FIRST not in paths(takes)
    say(takes, "approve", FIRST)
    takes.run()
    assert line(takes, FIRST)["decision"] == ""  # what was approved is the file of the run that has it
    say(takes, "approve", FIRST)
    takes.run(approved_only=True)
    assert paths(takes) == {FIRST}


def mailed(campaign: Campaign, said: dict[str, str], delimiter: str = ",") -> Path:
    """The list of a run with decisions filled in, as a spreadsheet writes it back."""
    rows = list(csv.DictReader(io.StringIO((campaign.latest / "assets.csv").read_text("utf-8-sig"))))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    for row in rows:
        word = said.get(row["path"].removeprefix("assets/"), "")
        writer.writerow({**row, "id": "7.12E+11", "decision": word, "comment": "gut so" if word else ""})
    path = campaign.root / "decisions.csv"
    path.write_bytes(b"\xef\xbb\xbf" + out.getvalue().encode())
    return path


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_list_that_went_round_by_mail(takes: Campaign, say: Say, delimiter: str) -> None:
    path = mailed(takes, {FIRST: "Nein", SECOND: " OK. ", "MUG/en-GB/card-2.pdf": "approve"}, delimiter)
    assert say(takes, "approve", "--from", str(path)).code == 0
    said = json.loads(say(takes, "approve", "--list", "--json").out)
    assert sorted((one["about"], one["verdict"], one["reason"]) for one in said) == [
        ("MUG/en-GB card take 2", "approve", "gut so"),
        ("MUG/en-GB post", "reject", "gut so"),
        ("MUG/en-GB post take 2", "approve", "gut so"),
    ]
    takes.run(approved_only=True)
    assert paths(takes) == {SECOND, "MUG/en-GB/card-2.pdf", "MUG/en-GB/card-2-proof.png"}


def test_a_list_about_files_that_have_changed_decides_nothing_about_them(takes: Campaign, say: Say) -> None:
    path = mailed(takes, {FIRST: "yes", SECOND: "yes"})
    text = path.read_text("utf-8-sig")
    path.write_text(text.replace(line(takes, FIRST)["sha256"], "0" * 64), "utf-8")
    ended = say(takes, "approve", "--from", str(path))
    assert "is not what was looked at" in ended.err
    assert [one["about"] for one in json.loads(say(takes, "approve", "--list", "--json").out)] == [
        "MUG/en-GB post take 2"
    ]


def test_what_is_wrong_with_a_list_is_told_by_line(takes: Campaign, say: Say) -> None:
    path = mailed(takes, {FIRST: "perhaps"})
    ended = say(takes, "approve", "--from", str(path), "--json")
    assert ended.code == 2
    assert [(one["code"], one["place"]["line"]) for one in ended.json] == [("unknown-decision", 2)]
    path = mailed(takes, {FIRST: "X", SECOND: "ok", "MUG/en-GB/card-2.pdf": "✓"})
    [doubtful, *_] = say(takes, "approve", "--from", str(path), "--json").json
    assert (doubtful["code"], doubtful["place"]["line"]) == ("unknown-decision", 2)
    assert doubtful["message"] == "'X' may mean yes or no"
    path = mailed(takes, {"MUG/en-GB/card-1.pdf": "yes", "MUG/en-GB/card-1-proof.png": "no"})
    assert [one["code"] for one in say(takes, "approve", "--from", str(path), "--json").json] == ["contradiction"]
    path.write_text("path,decision\nassets/gone.png,yes\n")
    assert [one["code"] for one in say(takes, "approve", "--from", str(path), "--json").json] == ["no-asset"]
    path.write_text("path,desicion\nassets/gone.png,yes\n")
    assert [one["code"] for one in say(takes, "approve", "--from", str(path), "--json").json] == ["missing-column"]
    with journal(takes) as opened:
        assert opened.decision_history() == []


def test_names_that_mean_nothing(takes: Campaign, say: Say) -> None:
    assert say(takes, "approve").code == 2
    assert say(takes, "approve", "nonsense").code == 2
    assert say(takes, "approve", "--where", "product.sku == 'X'").code == 2
    assert say(takes, "approve", "--where", "product.suk == 'X'").code == 2
    assert say(takes, "approve", "MUG/en-GB/post").code == 2  # begins two files


@pytest.mark.parametrize(
    "condition",
    ["product.suk == 'X'", "product.sku ==", "prodcut.sku == 'X'", "take / 0", "product.sku < take", "1 / 0"],
)
def test_a_fault_is_told_by_the_flag_where_it_stands(takes: Campaign, say: Say, condition: str) -> None:
    for command, flag in (("approve", "--where"), ("reject", "--where"), ("run", "--only")):
        job = [takes.job] if command == "run" else []
        [place] = {one["place"]["file"] for one in say(takes, command, *job, flag, condition, "--json").json}
        assert place == flag


def test_as_processes(takes: Campaign) -> None:
    assert shell(takes, "reject", FIRST).out.startswith("rejected: MUG/en-GB post\n")
    assert shell(takes, "approve", SECOND).code == 0
    done = shell(takes, "run", takes.job, "--approved-only", "--json")
    assert done.code == 0, done.err
    assert paths(takes) == {SECOND}
    assert "approved  MUG/en-GB post take 2" in shell(takes, "approve", "--list").out


@pytest.mark.parametrize("words", [("reject", "approve"), ("approve", "reject"), ("reject",)])
def test_one_rejected_picture_of_a_sheet_is_enough_whatever_is_said_of_the_other(
    words: tuple[str, ...], fresh: Campaign, say: Say
) -> None:
    ground = "  ground: {prompt: scene.j2, masters: {one: {size: 96x96}}}\nlayouts:"
    fresh.edit(fresh.job, "layouts:", ground)
    layer = "  - {type: image, id: ground, picture: ground, box: {in: bleed}}\n  - {type: image, id: scene"
    fresh.edit("templates/layouts/post.yaml", "  - {type: image, id: scene", layer)
    fresh.run()
    posts = {name for name in fresh.assets() if "post" in name}
    pictures = {one["slot"]: one["key"] for one in line(fresh, "MUG/en-GB/post.png")["pictures"]}
    for word, key in zip(words, (pictures["hero"], pictures["ground"]), strict=False):
        assert say(fresh, word, key).code == 0
    fresh.run()
    assert posts - set(fresh.assets()) >= {"MUG/en-GB/post.png"}
