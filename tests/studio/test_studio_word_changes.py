"""Long texts that are much the same are told by the words that differ."""

from __future__ import annotations

from pressrun.commands.studio.word_changes import Part, word_changes

PROMPT = "Scene: a quiet kitchen in the morning, soft light from the left, linen and oak, nothing that tells a brand, no people"


def test_words_that_differ_are_told_with_those_around_them() -> None:
    assert word_changes(PROMPT, PROMPT.replace("quiet kitchen", "busy café")) == [
        Part("same", "Scene: a "), Part("gone", "quiet kitchen"), Part("new", "busy café"),
        Part("same", " in the morning, soft "), Part("left", " … "),
    ]  # fmt: skip


def test_what_is_added_or_taken_away_is_told_where_it_stands() -> None:
    assert word_changes(PROMPT, f"{PROMPT}, one hand")[-2:] == [
        Part("same", "tells a brand, no people"), Part("new", ", one hand"),
    ]  # fmt: skip
    without = word_changes(PROMPT, PROMPT.replace(", linen and oak", ""))
    assert [part for part in without if part.kind in ("gone", "new")] == [Part("gone", "linen and oak, ")]


def test_both_texts_can_be_read_where_nothing_is_left_out() -> None:
    before = "A matte black bag of coffee beans on a ledge, seen from above"
    after = "A glossy white bag of coffee beans on a table, seen from above"
    parts = word_changes(before, after)
    assert "".join(part.text for part in parts if part.kind != "new") == before
    assert "".join(part.text for part in parts if part.kind != "gone") == after


def test_a_script_without_spaces_is_told_by_its_characters() -> None:
    before = "清晨安静的厨房里柔和的光线从左侧照进来亚麻布和橡木没有任何品牌的标志也没有人物出现画面上方三分之一保持平静并且比其余部分稍暗一些" * 2
    parts = word_changes(before, before.replace("左侧", "右侧", 1))
    assert [part for part in parts if part.kind in ("gone", "new")] == [Part("gone", "左"), Part("new", "右")]


def test_short_texts_and_those_that_have_little_in_common_are_shown_whole() -> None:
    assert word_changes("Subject: snow", "Subject: rain") == []
    assert word_changes(PROMPT, "An entirely different sentence about boats, written at sea by somebody who likes storms") == []
    assert word_changes(PROMPT, "") == []
