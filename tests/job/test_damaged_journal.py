"""Rows of the journal that do not say what they should: told once, set aside, and what they stood for is made again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from job_campaign import Campaign, Ended

from pressrun.commands import doctor_probes

Say = Callable[..., Ended]

BROKEN = {
    "half of a picture": "UPDATE results SET facts = substr(facts, 1, 9) WHERE kind = 'picture'",
    "no object": "UPDATE results SET facts = '[1]' WHERE kind IN ('picture', 'file')",
    "half of a file": "UPDATE results SET facts = substr(facts, 1, 40) WHERE kind = 'file'",
    "half of all": "UPDATE results SET facts = substr(facts, 2)",
    "a decision": "INSERT INTO decisions (subject, verdict, who, reason, content) VALUES ('[\"spring\"', 'reject', '', '', '')",
    "a verdict": "INSERT INTO decisions (subject, verdict, who, reason, content) VALUES ('a', 'rejekt', '', '', '')",
    "a call": "UPDATE attempts SET detail = '{', usage = 'x'",
}
OTHERWISE = {
    "no sizes": "UPDATE results SET facts = '{}' WHERE kind = 'picture'",
    "words for numbers": "UPDATE results SET facts = json_set(facts, '$.width', 'wide', '$.take', 'one') WHERE kind = 'picture'",
    "a cost in words": "UPDATE results SET facts = json_set(facts, '$.cost_usd', 'dear') WHERE kind = 'picture'",
    "no UTF-8": "UPDATE results SET facts = CAST(x'7b2261223a22ff227d' AS TEXT) WHERE kind = 'picture'",
    "no digest": "UPDATE results SET digest = 'sound'",
    "a retouched one": "UPDATE results SET facts = '{}' WHERE kind = 'retouched'",
}


@pytest.fixture(autouse=True)
def only_the_journal(monkeypatch: pytest.MonkeyPatch) -> None:
    """`doctor` tries much else, which has nothing to do with it."""
    for trial in ("_workers", "_libraries", "_firago", "_typst", "_profile", "_outside"):
        monkeypatch.setattr(doctor_probes, trial, lambda *_: iter(()))


def damage(campaign: Campaign, statement: str) -> None:
    with closing(sqlite3.connect(campaign.root / ".pressrun" / "journal.db")) as journal, journal:
        holder = journal.execute("INSERT INTO holders (pid, host) VALUES (1, 'gone') RETURNING id").fetchone()[0]
        journal.execute(
            "INSERT INTO attempts (picture, run, provider, model, quoted, detail, holder, state, cost)"
            f" VALUES ('{'a' * 64}', '', 'openai', 'gpt-image-2', 40, '{{}}', {holder}, 'charged', 40)"
        )
        assert journal.execute(statement).rowcount


@pytest.mark.parametrize("statement", [*BROKEN.values(), *OTHERWISE.values()], ids=[*BROKEN, *OTHERWISE])
def test_a_damaged_row_is_told_and_its_thing_made_again(warm: Campaign, say: Say, statement: str) -> None:
    before = warm.assets()
    damage(warm, statement)
    for command in (["check", warm.job], ["plan", warm.job], ["show"], ["show", "--tree"], ["ledger"], ["doctor"]):
        assert say(warm, *command).code in (0, 3)
    for command in ("plan", "run"):
        told = say(warm, command, warm.job)
        assert told.code == 0
        assert ("damaged-rows" in told.out + told.err) == (statement in BROKEN.values()), command
    assert warm.assets() == before
    assert "damaged-rows" not in say(warm, "plan", warm.job).out
    again = say(warm, "run", warm.job, "--json")
    assert again.json["counts"]["reused"] == again.json["counts"]["planned"]


def test_what_is_noted_of_a_file_ends_one_run_and_heals_in_the_next(warm: Campaign, say: Say) -> None:
    before = warm.assets()
    damage(warm, "UPDATE results SET facts = json_remove(facts, '$.size') WHERE kind = 'file'")
    while (ended := say(warm, "run", warm.job)).code:
        assert "damaged" in ended.err
        assert "run the job again" in ended.err
    assert warm.assets() == before


def test_money_of_a_damaged_call_is_still_counted(warm: Campaign, say: Say) -> None:
    damage(warm, BROKEN["a call"])
    before = say(warm, "ledger", "--json").json
    say(warm, "run", warm.job)
    assert say(warm, "ledger", "--json").json == before
    with closing(sqlite3.connect(warm.root / ".pressrun" / "journal.db")) as journal:
        kept = journal.execute("SELECT row FROM damaged").fetchall()
        assert len(kept) == 1
        assert journal.execute("SELECT cost, detail, usage FROM attempts").fetchall() == [(40, "{}", None)]


def test_a_journal_without_its_tables_says_the_way_out(warm: Campaign, say: Say) -> None:
    with closing(sqlite3.connect(warm.root / ".pressrun" / "journal.db")) as journal, journal:
        journal.execute("DROP TABLE results")
    ended = say(warm, "run", warm.job)
    assert ended.code == 2
    assert "move the file away" in ended.err
