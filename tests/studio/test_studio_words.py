"""What the pages say is said in all their languages."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from pressrun.commands.studio.words import LANGUAGES, spoken, words_of

ROOM = resources.files("pressrun.commands.studio")


def said_by_templates() -> set[str]:
    pages = "".join(one.read_text("utf-8") for one in (ROOM / "pages").iterdir())
    return set(re.findall(r'\bt\("([^"]+)"', pages)) - {"group ", "order ", "facet ", "why ", "file ", "its ", "means "}


def said_by_scripts() -> set[str]:
    scripts = "".join(one.read_text("utf-8") for one in (ROOM / "scripts").iterdir() if one.name.endswith(".js"))
    return set(re.findall(r'\bt\("([^"]+)"', scripts))


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_every_word_has_its_translation(language: str) -> None:
    wanted = said_by_templates() | said_by_scripts() | set(words_of("en"))
    assert sorted(wanted - set(words_of(language))) == []
    assert sorted(set(words_of(language)) - wanted - set(handed_on())) == []


def handed_on() -> tuple[str, ...]:
    """What templates translate that comes from the record."""
    return ("error", "warning", "note", "undecided", "approved", "rejected", "paid", "Open again", "Resolve",
            "on no file of this run", "no longer in the store")  # fmt: skip


def test_scripts_are_handed_what_they_say() -> None:
    listed = set((ROOM / "words" / "scripts.txt").read_text("utf-8").splitlines())
    assert said_by_scripts() <= listed


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_parts_that_are_filled_in_stay(language: str) -> None:
    for english, said in words_of(language).items():
        assert set(re.findall(r"{\w+}", english)) == set(re.findall(r"{\w+}", said)), english


def test_the_first_language_that_is_spoken_is_taken() -> None:
    assert [spoken(said) for said in ("fr, de;q=0.8", "ar-EG", "", "xx")] == ["de", "ar", "en", "en"]
