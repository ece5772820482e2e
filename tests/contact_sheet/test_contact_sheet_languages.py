"""The contact sheet in the languages that it speaks, as a browser shows it."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from contact_sheet_samples import HEADER, small_run
from msgspec.structs import replace

from pressrun.language.page_words import LANGUAGES, words_of

LEFT = "\ue012"
OTHERS = sorted(set(LANGUAGES) - {"en"})
SHEET = resources.files("pressrun.manifest.contact_sheet")
BADGES = "[...document.querySelectorAll('.group-head .badge')].map(one => one.textContent)"
EDGES = "[...document.querySelectorAll('.card')].slice(0, 2).map(one => one.getBoundingClientRect().right)"
BUTTONS = "['detail-previous', 'detail-next'].map(id => document.getElementById(id).getBoundingClientRect().left)"
Write = Callable[..., list[Path]]

SHOWN = """
const texts = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let node = walker.nextNode(); node; node = walker.nextNode())
  if (!node.parentElement.closest("script, noscript")) texts.push(node.textContent.trim());
for (const one of document.querySelectorAll("[aria-label], [title], [placeholder]"))
  texts.push(one.ariaLabel || "", one.title || "", one.placeholder || "");
return [...new Set([...texts, document.title])].filter(Boolean);
"""


def english() -> re.Pattern[str]:
    """What the page and its scripts say in English, and in none of the other languages."""
    source = "".join(one.read_text("utf-8") for one in SHEET.iterdir() if one.name.endswith((".html", ".js")))
    said = set(re.findall(r'\b(?:t|counted)\("([^"]+)"', source))
    said |= {words for one, words in words_of("en").items() if one.partition("|")[0] in said}
    alike = {one for one in said for language in OTHERS if words_of(language).get(one) == one}
    parts = (re.sub(r"\\\{\w+\\\}", ".+", re.escape(one)) for one in said - alike if re.search("[a-z]", one))
    return re.compile("|".join(parts))


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("page_size", [None, 4])
def test_nothing_of_the_page_is_left_in_english(
    browser: Any, written: Write, language: str, page_size: int | None
) -> None:
    pages = written(small_run(), page_size, header=replace(HEADER, language=language))
    words = english()
    assert words.fullmatch("Skip to the assets")
    assert words.fullmatch("12 assets")
    for fragment in ("", "#open=asset-4", "#open=asset-7", "#status=failed&group=finding", "#q=zzzz&group=locale"):
        browser.open(pages[0], fragment)
        browser.wait("document.documentElement.dataset.known === 'whole'")
        if "open" in fragment:
            browser.wait("document.querySelector('#detail-facts h3')")
        shown = browser.js(SHOWN)
        assert [one for one in shown if words.fullmatch(one)] == []
        assert len(shown) > 20
    assert browser.js("return document.documentElement.lang") == language


def test_numbers_are_said_as_the_language_says_them(browser: Any, written: Write) -> None:
    said = {}
    for language in LANGUAGES:
        browser.open(*written(small_run(), header=replace(HEADER, language=language)))
        said[language] = [browser.text("#tally"), *browser.js(f"return {BADGES}")]
    assert said == {
        "en": ["12 assets", "1 error", "1 warning", "1 note", "1 error"],
        "de": ["12 Dateien", "1 Fehler", "1 Warnung", "1 Hinweis", "1 Fehler"],
        "ar": ["12 ملفًا", "خطأ واحد", "تحذير واحد", "ملاحظة واحدة", "خطأ واحد"],
    }


@pytest.mark.parametrize("page_size", [None, 4])
@pytest.mark.parametrize("width", [390, 1400])
def test_arabic_runs_from_right_to_left(browser: Any, written: Write, page_size: int | None, width: int) -> None:
    emulate = browser.driver.execute_cdp_cmd
    window = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    emulate("Emulation.setDeviceMetricsOverride", window)
    try:
        browser.open(*written(small_run(), page_size, header=replace(HEADER, language="ar")))
        browser.wait("document.querySelectorAll('.card').length > 3")
        edges = browser.js(f"return {EDGES}")
        assert edges[0] > edges[1]
        root = "document.documentElement"
        assert browser.js(f"return {root}.scrollWidth - {root}.clientWidth + Math.abs({root}.scrollLeft)") == 0
        browser.js("document.querySelector('.card').focus()")
        browser.press(LEFT)
        assert browser.focused == "asset-1"
        browser.js("document.activeElement.click()")
        browser.press(LEFT)
        assert browser.text("#detail-position") == "3 من 12"
        before, behind = browser.js(f"return {BUTTONS}")
        assert before > behind
        turned = browser.js("return getComputedStyle(document.querySelector('.arrow')).transform")
        assert turned == "matrix(-1, 0, 0, 1, 0, 0)"
    finally:
        emulate("Emulation.clearDeviceMetricsOverride", {})
