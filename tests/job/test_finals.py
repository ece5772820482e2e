"""Draft and final: a campaign in low quality, and what is approved of it made well."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from job_campaign import Campaign, Ended, by_status
from PIL import Image
from takes_kit import journal, line, notes, paths, picture_of, pixels, saved, with_takes

from pressrun.model.errors import InputError

Say = Callable[..., Ended]
POST, SECOND = "MUG/en-GB/post-1.png", "MUG/en-GB/post-2.png"


@pytest.fixture
def drafted(fresh: Campaign) -> Campaign:
    """A campaign of which there are drafts alone."""
    with_takes(fresh).run(quality="low")
    return fresh


def test_drafts_and_finals_are_different_pictures_of_one_lineage(drafted: Campaign, say: Say) -> None:
    draft = picture_of(drafted, POST)
    say(drafted, "approve", "--where", "take == 1")
    report = drafted.run(final=True)
    final = picture_of(drafted, POST)
    assert final != draft
    assert {path[-5] for path in paths(drafted) if path.endswith("png") and "post" in path} == {"1"}
    assert len(report.assets) == 6
    assert {one["decision"] for one in drafted.lines()} == {"approved"}
    assert notes(drafted)["not-approved"].startswith("4 sheets")
    with journal(drafted) as opened:
        assert [(one.parent, one.kind) for one in opened.parents(final)] == [(draft, "final")]
    assert not by_status(drafted.run(final=True), "made")
    assert "final" in say(drafted, "show", POST, "--tree").out


def test_finals_are_approved_through_their_drafts_until_they_are_spoken_of_themselves(
    drafted: Campaign, say: Say
) -> None:
    say(drafted, "approve", POST, SECOND)
    drafted.run(final=True)
    assert paths(drafted) == {POST, SECOND}
    drafted.run(quality="high", approved_only=True)
    assert paths(drafted) == {POST, SECOND}
    say(drafted, "reject", picture_of(drafted, SECOND))
    drafted.run(final=True)
    assert paths(drafted) == {POST}
    assert notes(drafted)["rejected"].startswith("1 sheet")


def test_the_final_s_quality_is_asked_for_by_name(drafted: Campaign, say: Say) -> None:
    say(drafted, "approve", POST)
    drafted.run(final=True, quality="medium")
    medium = picture_of(drafted, POST)
    drafted.run(final=True)
    assert picture_of(drafted, POST) != medium
    drafted.run(final=True, quality="low")  # that is what the draft is
    with journal(drafted) as opened:
        assert opened.parents(picture_of(drafted, POST)) == []


def test_an_adopted_draft_is_final_as_it_is(drafted: Campaign, say: Say) -> None:
    hand = saved(Image.effect_noise((96, 96), 40).convert("RGB"), drafted.root / "hand.png")
    say(drafted, "adopt", POST, str(hand))
    drafted.run(quality="low")
    adopted = picture_of(drafted, POST)
    say(drafted, "approve", POST)
    drafted.run(final=True)
    assert picture_of(drafted, POST) == adopted


def test_a_final_that_was_retouched_stays_so(drafted: Campaign, say: Say) -> None:
    say(drafted, "approve", POST)
    drafted.run(final=True)
    hand = saved(pixels(drafted, picture_of(drafted, POST)).rotate(180), drafted.root / "hand.png")
    say(drafted, "adopt", POST, str(hand))
    drafted.run(final=True)
    assert line(drafted, POST)["pictures"][0]["provider"] == "by hand"


def test_what_is_approved_on_a_branch_is_finished_as_it_was_seen(drafted: Campaign, say: Say) -> None:
    assert say(drafted, "fork", POST, "in the snow", "--name", "snow").code == 0
    drafted.run(quality="low", branch="snow")
    fork = picture_of(drafted, POST)
    say(drafted, "approve", POST)
    say(drafted, "run", drafted.job, "--quality", "low", "--approved-only")
    assert paths(drafted) == {POST}
    assert picture_of(drafted, POST) == fork
    drafted.run(final=True)
    assert paths(drafted) == {POST}
    assert line(drafted, POST)["pictures"][0]["prompt"].endswith("in the snow")


def test_the_latest_approval_says_which_branch(drafted: Campaign, say: Say) -> None:
    trunk = picture_of(drafted, POST)
    say(drafted, "approve", POST)
    say(drafted, "fork", POST, "in the snow", "--name", "snow")
    say(drafted, "choose", POST, "snow")
    drafted.run(quality="low", approved_only=True)
    assert picture_of(drafted, POST) == trunk  # the branch that runs take is not what was approved
    drafted.run(quality="low")
    say(drafted, "approve", POST)
    drafted.run(quality="low", approved_only=True)
    assert picture_of(drafted, POST) != trunk


def test_a_fork_of_a_final_is_shown_by_the_run_that_it_names(drafted: Campaign, say: Say) -> None:
    say(drafted, "approve", POST)
    drafted.run(final=True)
    said = say(drafted, "fork", POST, "in the snow", "--name", "snow").out
    assert f"Now: pressrun run {drafted.job} --final --branch snow" in said
    fork = say(drafted, "run", drafted.job, "--final", "--branch", "snow")
    assert fork.code == 0
    assert "not-on-branch" not in notes(drafted)
    assert line(drafted, POST)["pictures"][0]["prompt"].endswith("in the snow")
    assert line(drafted, POST)["decision"] == ""  # nobody has approved that
    drafted.run(final=True)
    assert not line(drafted, POST)["pictures"][0]["prompt"].endswith("in the snow")
    assert line(drafted, POST)["decision"] == "approved"


def test_a_file_that_is_not_in_the_latest_run_is_shown_from_an_earlier_one(drafted: Campaign, say: Say) -> None:
    say(drafted, "approve", POST)
    before = picture_of(drafted, SECOND)
    draft = drafted.manifest()["run"]
    drafted.run(final=True)
    assert f"run {draft}" in say(drafted, "show", SECOND).out
    assert SECOND in say(drafted, "show", SECOND, "--tree").out
    assert f"run {draft}" in say(drafted, "show", before[:12]).out  # and a picture by its key, as the tree has it
    assert say(drafted, "show", SECOND, "--run", drafted.manifest()["run"]).code == 2
    assert say(drafted, "show", "no-such-file").code == 2


def test_without_an_approval_there_is_nothing_to_finish(drafted: Campaign, say: Say) -> None:
    with pytest.raises(InputError) as raised:
        drafted.run(final=True)
    assert [finding.code for finding in raised.value.findings] == ["nothing-left"]
    assert say(drafted, "run", drafted.job, "--from-draft").code == 2
    assert say(drafted, "plan", drafted.job, "--final").code == 2
