"""What the studio's pages and the contact sheet say is said in all their languages."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from typing import get_args

import pytest
import yaml
from babel import Locale

import pressrun
from pressrun.commands.explanations.code_table import code_table
from pressrun.commands.studio.gate import BESIEGED, LINK_OVER, NO_TOKEN, WAYS_IN
from pressrun.language.page_words import LANGUAGES, finding_title, page_words, spoken, words_of
from pressrun.model.settings import Language
from pressrun.run.contact.cards import ALL_STAND_INS, SOME_STAND_INS

ROOM = resources.files("pressrun.commands.studio")
SHEET = resources.files("pressrun.manifest.contact_sheet")
OTHERS = sorted(set(LANGUAGES) - {"en"})
FROM_COMMANDS = ("designs", "imposition", "mend", "output", "preflight", "preflight-content")  # areas that no page tells of
TOLD_OF_FILES = ("language/choices_told.py", "run/contact/cards.py", "run/pictures/previews.py", "commands/report/contact_part.py")


def said_by_templates() -> set[str]:
    pages = "".join(one.read_text("utf-8") for one in (ROOM / "pages").iterdir())
    return set(re.findall(r'\b(?:t|counted)\("([^"]+)"', pages)) - {"group ", "order ", "quality ", "facet ", "why ", "file ", "its ", "means "}


def said_by_scripts() -> set[str]:
    scripts = "".join(one.read_text("utf-8") for one in (ROOM / "scripts").iterdir() if one.name.endswith(".js"))
    return set(re.findall(r'\b(?:t|counted)\("([^"]+)"', scripts))


def said_by_the_sheet() -> set[str]:
    """By its page and its scripts, and what is told of a run and its files."""
    page = "".join(one.read_text("utf-8") for one in SHEET.iterdir() if one.name.endswith((".html", ".js")))
    told = "".join((Path(pressrun.__file__).parent / one).read_text("utf-8") for one in TOLD_OF_FILES)
    of_files = re.findall(r"""\bwords(?:\.counted)?\(["']([^"']+)["']""", told)
    return {*re.findall(r'\b(?:t|counted)\("([^"]+)"', page), *of_files, ALL_STAND_INS, SOME_STAND_INS}


def whole(words: set[str]) -> set[str]:
    """Without the forms for numbers of things."""
    return {one.partition("|")[0] for one in words}


@pytest.mark.parametrize("language", OTHERS)
def test_every_word_has_its_translation(language: str) -> None:
    wanted = said_by_templates() | said_by_scripts() | said_by_the_sheet() | whole(set(words_of("en")))
    assert sorted(wanted - set(words_of(language))) == []
    assert sorted(whole(set(words_of(language))) - wanted - set(handed_on())) == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_finding_that_a_page_can_tell_of_has_a_title(language: str) -> None:
    """Its message is English on every page, so that its title has to say what it is about."""
    codes = {code for code, entry in code_table().items() if entry.area not in FROM_COMMANDS}
    assert {code for code in codes if not finding_title(code, language)} == set()
    text = (resources.files("pressrun.language.page_words") / "findings" / f"{language}.yaml").read_text("utf-8")
    keys = [key.value for key, _ in yaml.compose(text).value]
    assert (set(keys) - codes, len(keys)) == (set(), len(set(keys)))
    assert not finding_title("low-contrast", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_written_twice(language: str) -> None:
    """What is free to ask for, and a filter of what was not paid, had one key: the later took the place of both."""
    text = (resources.files("pressrun.language.page_words") / f"{language}.yaml").read_text("utf-8")
    keys = [key.value for key, _ in yaml.compose(text).value]
    assert sorted(key for key in set(keys) if keys.count(key) > 1) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_of_things_have_every_form_of_the_language(language: str) -> None:
    forms = {*Locale(language).plural_form.tags, "other"}
    words = words_of(language)
    for english in whole({one for one in words if "|" in one}):
        assert {one.partition("|")[2] for one in words if one.startswith(f"{english}|")} == forms, english


def test_numbers_take_the_form_that_goes_with_them() -> None:
    said = {one: [page_words(one).counted("{count} lines", count) for count in (1, 2, 3, 11)] for one in LANGUAGES}
    assert said == {
        "en": ["1 line", "2 lines", "3 lines", "11 lines"],
        "de": ["1 Zeile", "2 Zeilen", "3 Zeilen", "11 Zeilen"],
        "ar": ["سطر واحد", "سطران", "3 أسطر", "11 سطرًا"],
    }


def test_the_languages_that_can_be_asked_for_are_those_that_are_spoken() -> None:
    assert set(get_args(Language)) == set(LANGUAGES)


def test_english_says_all_that_is_no_sentence() -> None:
    """What has forms in another language and is counted has them in English."""
    for language in OTHERS:
        assert whole({key for key in words_of(language) if "|" in key}) <= set(words_of("en"))


def handed_on() -> tuple[str, ...]:
    """What templates translate that comes from the record."""
    return ("error", "warning", "note", "undecided", "approved", "rejected", "paid", "undone", "Open again", "Resolve",
            "on no file of this run", "no longer in the store", WAYS_IN, LINK_OVER, NO_TOKEN, BESIEGED)  # fmt: skip


def test_scripts_are_handed_what_they_say() -> None:
    listed = set((ROOM / "script_words.txt").read_text("utf-8").splitlines())
    assert said_by_scripts() <= listed


@pytest.mark.parametrize("language", OTHERS)
def test_parts_that_are_filled_in_stay(language: str) -> None:
    for english, said in words_of(language).items():
        words, _, form = english.partition("|")
        left_out = {"{count}"} if form in ("zero", "one", "two") else set()  # "two files" may be one word
        parts = set(re.findall(r"{\w+}", words))
        assert parts - left_out <= set(re.findall(r"{\w+}", said)) <= parts, english


def test_the_first_language_that_is_spoken_is_taken() -> None:
    assert [spoken(said) for said in ("fr, de;q=0.8", "ar-EG", "", "xx")] == ["de", "ar", "en", "en"]
