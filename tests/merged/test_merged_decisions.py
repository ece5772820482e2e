"""A file that many rows are in stands for them: what is decided about it is decided about each, and about one alone."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import redirect_stdout

import pytest
from merged_kit import Mailing, Ran

from pressrun.commands import cli
from pressrun.model.errors import InputError

Say = Callable[..., str]


@pytest.fixture
def say(mailing: Mailing, monkeypatch: pytest.MonkeyPatch) -> Say:
    monkeypatch.setenv("PRESSRUN_EXECUTOR", "inline")
    monkeypatch.chdir(mailing.root)

    def command(*arguments: str) -> str:
        with redirect_stdout(io.StringIO()) as told:
            assert cli.run_command(list(arguments)) == 0
        return told.getvalue()

    return command


def rows_in(ran: Ran) -> list[str]:
    return [one["row"] for one in ran.records]


def test_a_row_that_is_rejected_is_left_out_and_the_numbers_of_the_others_stay(mailing: Mailing, say: Say) -> None:
    numbers = {one["row"]: one["serial"] for one in mailing.run().records}
    say("reject", "--where", "person.id == 'p2'")
    after = mailing.run()
    assert rows_in(after) == ["p1", "p3", "p4", "p5", "p6"]
    assert {one["row"]: one["serial"] for one in after.records} == {row: numbers[row] for row in rows_in(after)}


def test_rows_that_are_approved_are_all_there_is_of_an_approved_file(mailing: Mailing, say: Say) -> None:
    mailing.run()
    say("approve", "--where", "person.route == 'north'")
    assert rows_in(mailing.run(approved_only=True)) == ["p1", "p3", "p6"]


def test_what_is_said_of_the_file_is_said_of_all_its_rows_and_can_be_taken_back(mailing: Mailing, say: Say) -> None:
    mailing.run()
    say("approve", "card.pdf")
    assert len(rows_in(mailing.run(approved_only=True))) == 6
    say("reject", "card.pdf")
    with pytest.raises(InputError) as error:
        mailing.run()
    assert [finding.code for finding in error.value.findings] == ["nothing-left"]
    say("reject", "card.pdf", "--undo")
    assert len(rows_in(mailing.run())) == 6


def test_the_file_is_shown_with_its_rows(mailing: Mailing, say: Say) -> None:
    mailing.run()
    assert "  rows     6, p1 to p6; records.jsonl has the pages of each\n" in say("show", "card.pdf")
