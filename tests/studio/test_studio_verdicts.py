"""Decisions in the studio are those that commands write, and commands hear of them."""

from __future__ import annotations

import csv
import io
import json
import threading
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import pytest
from studio_samples import RUN, lines, write_run
from studio_served import until

from pressrun.commands.studio.tiles import Place, Shelf, shelf_of
from pressrun.decisions.latest_decisions import sheet_content, sheet_subject
from pressrun.model.journal import Decision
from pressrun.stores.sqlite import SqliteJournal

Open = Callable[..., Any]
DECISIONS = f"/runs/{RUN}/decisions"


def history(root: Path) -> list[Decision]:
    journal = SqliteJournal(root / ".pressrun" / "journal.db")
    try:
        return journal.decision_history()
    finally:
        journal.close()


def test_an_approval_is_what_the_command_writes(studio: Open, campaign: Path) -> None:
    first = lines(1)[0]
    answer = studio(campaign).send(DECISIONS, {"tiles": [first["id"]], "verdict": "approve"}).json()
    assert answer["states"] == {first["id"]: "approved"}
    assert answer["counts"]["approved"] == 1
    [kept] = history(campaign)
    assert kept.subject == sheet_subject("launch", first["row"], first["layout"], 1)
    assert kept.content == sheet_content([first["pictures"][0]["sha256"]])
    assert (kept.verdict, kept.who) == ("approve", "Mara")
    assert kept.at


def test_a_rejection_keeps_its_reason_and_undo_gives_back_what_stood(studio: Open, campaign: Path) -> None:
    visit, first = studio(campaign), lines(1)[0]["id"]
    visit.send(DECISIONS, {"tiles": [first], "verdict": "approve"})
    answer = visit.send(DECISIONS, {"tiles": [first], "verdict": "reject", "reason": "too dark"}).json()
    assert answer["before"] == [{"id": first, "verdict": "approve", "reason": ""}]
    assert "too dark" in visit.get(f"/runs/{RUN}/sheets/{first}").text
    again = visit.send(DECISIONS, {"restore": answer["before"]}).json()
    assert again["states"] == {first: "approved"}
    assert [one.verdict for one in history(campaign)] == ["approve", "reject", "approve"]


def test_what_is_undone_is_undecided_again_and_not_changed(studio: Open, campaign: Path) -> None:
    visit, first = studio(campaign), lines(1)[0]["id"]
    answer = visit.send(DECISIONS, {"tiles": [first], "verdict": "approve"}).json()
    again = visit.send(DECISIONS, {"restore": answer["before"]}).json()
    assert again["states"] == {first: "undecided"}
    assert (again["counts"]["undecided"], again["counts"]["changed"]) == (24, 0)


def test_a_rule_decides_about_all_that_it_finds(studio: Open, campaign: Path) -> None:
    answer = studio(campaign).send(DECISIONS, {"rule": "locale=de-DE", "verdict": "approve"}).json()
    assert answer["counts"] == {"undecided": 16, "changed": 0, "approved": 8, "approved-before": 0, "rejected": 0}


def test_a_series_is_every_language_of_a_picture_and_layout_but_those_held_out(studio: Open, campaign: Path) -> None:
    first, german, arabic = (one["id"] for one in lines(1) if one["format"] == "jpeg")
    answer = studio(campaign).send(DECISIONS, {"series": first, "but": [arabic], "verdict": "approve"}).json()
    assert answer["states"] == {first: "approved", german: "approved"}


def test_what_is_odd_in_a_series_is_held_out_and_says_why(studio: Open, tmp_path: Path) -> None:
    some = [one for one in lines(1) if one["format"] == "jpeg"]
    small = {"id": "headline", "lines": 4, "overflow": True, "size_pt": 20.0, "text": "x"}
    fault = {"severity": "error", "code": "text-overflow", "message": "too long"}
    some[1] |= {"text": [small], "findings": [fault]}
    write_run(tmp_path, RUN, some)
    visit = studio(tmp_path)
    visit.send(f"/runs/{RUN}/comments", {"tile": some[2]["id"], "text": "The comma."})
    told = visit.get(f"/runs/{RUN}/sheets/{some[0]['id']}/series").json()["tiles"]
    assert [(one["id"], one["odd"]) for one in told] == [
        (some[1]["id"], ["any-error", "odd-findings", "odd-small"]), (some[2]["id"], ["odd-comments"]), (some[0]["id"], []),
    ]  # fmt: skip


def test_approved_last_time_and_unchanged_is_counted_apart_and_what_changed_is_undecided(studio: Open, campaign: Path) -> None:
    visit = studio(campaign)
    visit.send(DECISIONS, {"rule": "", "verdict": "approve"})
    later = lines(4)
    for one in later:
        if "SKU-00003" in one["row"]:
            one["pictures"][0] |= {"key": "e" * 64, "sha256": "d" * 64}
    write_run(campaign, "20990101-100000-launch", later, started="2099-01-01T10:00:00Z", pictured=False)
    page = studio(campaign).get("/runs/20990101-100000-launch").text
    states = json.loads(page.partition('id="shape">')[2].partition("</script>")[0])["states"]
    assert states["approved-before"] == 18
    assert states["undecided"] + states["changed"] == 6


def test_what_a_command_decides_is_seen_without_a_restart(studio: Open, campaign: Path) -> None:
    visit, first = studio(campaign), lines(1)[0]
    visit.get(f"/runs/{RUN}")
    journal = SqliteJournal(campaign / ".pressrun" / "journal.db")
    content = sheet_content([first["pictures"][0]["sha256"]])
    journal.decide([Decision(sheet_subject("launch", first["row"], first["layout"], 1), "reject", "CLI", "no", content, "2027")])
    journal.close()
    standing = visit.client.app.state.campaign.run(RUN)._standing  # type: ignore[attr-defined]
    standing._clock = lambda: standing._read_at + 60
    tiles = visit.get(f"/runs/{RUN}/tiles?from=0&count=1").json()["tiles"]
    assert tiles[0]["state"] == "rejected"


def test_a_list_goes_out_and_comes_back(studio: Open, campaign: Path) -> None:
    visit = studio(campaign)
    sent = visit.get(f"/runs/{RUN}/list.csv?layout=social/square")
    rows = list(csv.DictReader(io.StringIO(sent.content.decode("utf-8-sig"))))
    assert len(rows) == 12
    rows[0] |= {"decision": "approve"}
    rows[1] |= {"decision": "no", "comment": "wrong price"}
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    files = {"list": ("returned.csv", out.getvalue().encode(), "text/csv")}
    answer = visit.client.post(f"/runs/{RUN}/list?csrf={visit.csrf}", files=files)
    assert answer.status_code == 200
    assert [(one.verdict, one.reason) for one in history(campaign)] == [("approve", ""), ("reject", "wrong price")]


def test_a_list_that_says_nonsense_decides_nothing(studio: Open, campaign: Path) -> None:
    visit = studio(campaign)
    files = {"list": ("returned.csv", b"path,decision\nassets/none.jpg,approve\nx,perhaps\n", "text/csv")}
    answer = visit.client.post(f"/runs/{RUN}/list?csrf={visit.csrf}", files=files)
    assert answer.status_code == 400
    assert "unknown-decision" in answer.text
    assert f'<a href="/runs/{RUN}">' in answer.text, "back to where it was sent from"
    assert history(campaign) == []


def test_who_did_what_is_written_down(studio: Open, campaign: Path) -> None:
    visit = studio(campaign)
    visit.send(DECISIONS, {"tiles": [lines(1)[0]["id"]], "verdict": "approve"})
    [line] = [json.loads(line) for line in (campaign / ".pressrun" / "studio" / "audit.jsonl").read_text().splitlines()]
    assert (line["who"], line["what"], line["verdicts"]) == ("Mara", "decide", {"approve": 1})
    page = visit.get("/audit").text
    assert "Mara" in page
    assert "approved: 1" in page
    assert "{" not in page.partition("<main")[2].partition("</main")[0]


def test_comments_are_pinned_answered_and_resolved_and_outlive_the_server(studio: Open, campaign: Path) -> None:
    visit, first = studio(campaign), lines(1)[0]["id"]
    path = f"/runs/{RUN}/comments"
    [said] = visit.send(path, {"tile": first, "text": "The cup leans.", "x": 0.25, "y": 0.5}).json()["comments"]
    assert (said["who"], said["at_x"], said["at_y"]) == ("Mara", 0.25, 0.5)
    visit.send(path, {"to": said["number"], "text": "It does."})
    visit.send(path, {"to": said["number"], "resolved": True})
    [kept] = studio(campaign).client.app.state.comments._all.values()  # type: ignore[attr-defined]
    assert [answer.text for answer in kept.answers] == ["It does."]
    assert (kept.resolved_by, len(kept.resolved_at)) == ("Mara", len("2027-03-01T10:00:00Z"))
    told = visit.get(f"/runs/{RUN}/sheets/{first}").text
    assert f'Resolved by Mara, <bdi dir="ltr">{kept.resolved_at[:10]}' in told


def test_a_comment_that_was_cut_off_takes_no_other_with_it(studio: Open, campaign: Path) -> None:
    first = lines(1)[0]["id"]
    studio(campaign).send(f"/runs/{RUN}/comments", {"tile": first, "text": "One"})
    log = campaign / ".pressrun" / "studio" / "comments.jsonl"
    log.write_bytes(log.read_bytes() + b'{"kind": "comm')
    studio(campaign).send(f"/runs/{RUN}/comments", {"tile": first, "text": "Two"})
    page = studio(campaign).get(f"/runs/{RUN}/sheets/{first}").text
    assert page.count('class="comment ') == 2


def test_what_a_run_left_out_is_told_to_be_read_while_the_runs_before_it_are(
    studio: Open, campaign: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, later, reading = lines(1)[0], "20990101-100000-launch", threading.Event()
    studio(campaign).send(DECISIONS, {"tiles": [gone["id"]], "verdict": "reject", "reason": "too dark"})
    note = {"severity": "note", "code": "rejected", "message": "1 sheet left out: rejected"}
    write_run(campaign, later, lines(4)[1:], started="2099-01-01T10:00:00Z", notes=[note])
    monkeypatch.setattr("pressrun.commands.studio.left_out.PATIENCE", 0.0)

    def slowly(folder: Path, most: int | None = None, but_for: Collection[Place] = ()) -> Shelf:
        assert not but_for or reading.wait(20)
        return shelf_of(folder, most, but_for)

    monkeypatch.setattr("pressrun.commands.studio.campaign.shelf_of", slowly)
    visit = studio(campaign)
    visit.get(f"/runs/{later}/tiles?from=0&count=0")  # it is read already
    monkeypatch.setattr("pressrun.commands.studio.campaign.LARGE", 1)
    page = visit.get(f"/runs/{later}").text
    assert "the runs before it are being read" in page
    assert '"looksBack":true' in page
    assert visit.get(f"/runs/{later}/left-out").status_code == 202
    reading.set()
    until(lambda: visit.get(f"/runs/{later}/left-out").status_code == 204)
    page = visit.get(f"/runs/{later}").text
    assert "too dark" in page.partition('id="left-out"')[2]
    assert '"looksBack":false' in page


def test_what_a_run_left_out_since_it_was_rejected_is_shown_with_why(studio: Open, campaign: Path) -> None:
    visit, gone = studio(campaign), lines(1)[0]
    visit.send(DECISIONS, {"tiles": [gone["id"]], "verdict": "reject", "reason": "too dark"})
    note = {"severity": "note", "code": "rejected", "message": "1 sheet left out: rejected"}
    write_run(campaign, "20990101-100000-launch", lines(4)[1:], started="2099-01-01T10:00:00Z", notes=[note])
    later = studio(campaign)
    page = later.get("/runs/20990101-100000-launch").text
    out = page.partition('id="left-out"')[2].partition("</section>")[0]
    assert f'href="/runs/{RUN}/sheets/{gone["id"]}"' in out
    assert all(said in out for said in ("too dark", "rejected", f"/runs/{RUN}/pictures/{gone['id']}/tile"))
    assert 'href="#left-out"' in page
    later.send(DECISIONS, {"tiles": [gone["id"]], "verdict": "approve"})
    assert 'id="left-out"' not in later.get("/runs/20990101-100000-launch").text
    assert 'id="left-out"' not in later.get(f"/runs/{RUN}").text
