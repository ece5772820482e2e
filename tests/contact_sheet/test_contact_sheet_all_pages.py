"""Filters and search over all pages of a sheet, from any of them, in a real browser. Every test also fails on a message
in the console."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from contact_sheet_samples import HEADER, card, png

from pressrun.manifest.contact_sheet import SEARCH, Card

END, RIGHT, ENTER, TAB = "\ue010", "\ue014", "\ue007", "\ue004"
CARDS = "#assets li"
Write = Callable[..., list[Path]]
LOCALES = ("en-GB", "de-DE", "ar-AE")


def long_run(products: int = 12) -> list[Card]:
    """Products of six files each, in three locales; every fifth product has a warning, in one of its files."""
    cards = []
    for product in range(products):
        for number in range(6):
            locale = LOCALES[number % 3]
            thin = product % 5 == 0 and number == 2
            findings = (("warning", "text.contrast", f"2.{product}:1 on its ground"),) if thin else ()
            row = f"P{product:02} · {locale}"
            made = card(product * 6 + number, product=f"P{product:02}", locale=locale, row=row, findings=findings)
            cards.append(replace(made, thumb=png(60 + product, 40), layout=f"social/{number // 3}"))
    return cards


def rows(browser: Any) -> list[str]:
    return list(browser.js("return [...document.querySelectorAll('.card')].map(card => card.title)"))


def opened(browser: Any, page: Path, fragment: str = "") -> None:
    browser.open(page, fragment)
    browser.wait("document.documentElement.dataset.known === 'whole'")


@pytest.mark.parametrize("page", [0, 1, 3])
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("warning contrast", ["P00", "P05", "P10"]),
        ("p11 DE-de", ["P11", "P11"]),
        ("ar-AE 2.10:1", ["P10"]),
        ("nowhere", []),
    ],
)
def test_search_finds_all_matches_from_any_page(
    browser: Any, written: Write, page: int, words: str, expected: list[str]
) -> None:
    pages = written(long_run(), 18)
    assert len(pages) == 4
    opened(browser, pages[page])
    assert browser.count(CARDS) == 18
    browser.search(words)
    assert [row.split(" · ")[0] for row in rows(browser)] == expected
    assert browser.text("#tally").startswith(f"{len(expected)} of 72 assets on all pages")
    assert browser.count(".empty") == (0 if expected else 1)
    browser.js("document.getElementById('clear').click()")
    assert rows(browser)[0] == f"P{page * 3:02} · en-GB"
    assert browser.count(CARDS) == 18


def test_filters_count_all_pages_and_show_what_they_count(browser: Any, written: Write) -> None:
    opened(browser, written(long_run(), 18)[2])
    select = "[...document.getElementById(arguments[0]).options].map(option => option.textContent)"
    assert browser.js(f"return {select}", "facet-product") == ["All", *(f"P{at:02} (6)" for at in range(12))]
    assert browser.js(f"return {select}", "facet-locale") == ["All", "en-GB (24)", "de-DE (24)", "ar-AE (24)"]
    browser.choose("facet-locale", "ar-AE")
    assert browser.count(CARDS) == 24
    assert {row.split(" · ")[1] for row in rows(browser)} == {"ar-AE"}
    browser.choose("facet-finding", "code:text.contrast")
    assert rows(browser) == ["P00 · ar-AE", "P05 · ar-AE", "P10 · ar-AE"]


def test_tiles_of_other_pages_have_their_own_pictures_and_facts(browser: Any, written: Write) -> None:
    previews = (("hero/square, 1 of 1", png(9, 6)),)
    opened(browser, written([replace(one, previews=previews) for one in long_run()], 18)[3])
    browser.search("warning contrast")
    browser.wait("[...document.querySelectorAll('.well img')].filter(picture => picture.naturalWidth).length === 3")
    assert browser.js("return [...document.querySelectorAll('.well img')].map(i => i.naturalWidth)") == [60, 65, 70]
    assert browser.count("iframe") == 0
    browser.js("document.querySelector('.card').click()")
    assert browser.text("#detail-title") == "P00 · ar-AE"
    assert browser.text("#detail-position") == "1 of 3"
    assert browser.text(".prompt-text").endswith("number 2.")
    assert browser.count(".previews img") == 1
    browser.press(RIGHT)
    assert browser.text("#detail-title") == "P05 · ar-AE"
    browser.wait("document.querySelector('.detail-picture img').naturalWidth === 65")


def test_pictures_come_however_often_the_filter_changes_meanwhile(browser: Any, written: Write) -> None:
    opened(browser, written(long_run(), 6)[11])
    for product in ("P00", "P04", "P02", "P00", "", "P08", "P04"):
        browser.choose("facet-product", product)
    browser.wait("document.querySelectorAll('.well img[src]').length === 6")
    assert browser.js("return [...document.querySelectorAll('.well img')].map(i => i.naturalWidth)") == [64] * 6
    browser.choose("facet-product", "P00")
    browser.wait("[...document.querySelectorAll('.well img')].filter(i => i.naturalWidth === 60).length === 6")


def test_what_is_scattered_over_the_pages_stands_together(browser: Any, written: Write) -> None:
    opened(browser, written(long_run(), 18)[1], "#q=contrast")
    assert browser.count("h2[id^=group]") == 0
    captions = browser.js("return [...document.querySelectorAll('.caption-row')].map(c => c.textContent)")
    assert captions == ["P00 · ar-AE", "P05 · ar-AE", "P10 · ar-AE"]
    browser.choose("group", "finding")
    assert browser.count("h2[id^=group]") == 1
    browser.js("location.hash = '#locale=ar-AE'")
    browser.wait("document.querySelectorAll('h2[id^=group]').length === 12")


def test_a_link_opens_what_is_on_another_page(browser: Any, written: Write) -> None:
    opened(browser, written(long_run(), 18)[0], "#open=asset-70")
    assert browser.text("#detail-title") == "P11 · de-DE"
    browser.wait("document.querySelector('.detail-picture img').naturalWidth === 71")


def test_many_matches_are_shown_a_hundred_at_a_time_by_keyboard_too(browser: Any, written: Write) -> None:
    opened(browser, written(long_run(60), 60)[1])
    browser.search("social/1")
    assert browser.count(CARDS) == 100
    assert browser.text("#more") == "Show 80 more of 80"
    browser.js("document.getElementById('skip').click()")
    browser.press(END, TAB)
    assert browser.js("return document.activeElement.id") == "more"
    browser.press(ENTER)
    assert browser.count(CARDS) == 180
    assert browser.js("return document.activeElement.title") == rows(browser)[100]
    assert browser.js("return document.getElementById('more').hidden")
    browser.choose("facet-locale", "de-DE")
    assert browser.count(CARDS) == 60
    browser.choose("facet-locale", "")
    assert browser.count(CARDS) == 100


def test_details_go_on_beyond_what_is_shown(browser: Any, written: Write) -> None:
    cards = long_run(60)
    opened(browser, written(cards, 60)[0], "#layout=social%2F1")
    browser.js("[...document.querySelectorAll('.card')].at(-1).click()")
    assert browser.text("#detail-position") == "100 of 180"
    browser.press(RIGHT)
    assert browser.text("#detail-position") == "101 of 180"
    assert browser.count(CARDS) == 180


def test_a_group_is_whole_in_a_filter_and_tells_where_a_page_has_a_part_of_it(browser: Any, written: Write) -> None:
    cards = [replace(one, product="P00" if at < 45 else one.product) for at, one in enumerate(long_run())]
    pages = written(cards, 10)
    opened(browser, pages[0], "#group=product")
    assert browser.text(".group-count") == "10 on this page, 45 in all"
    browser.js("document.querySelector('.group-count a').click()")
    browser.wait("document.querySelectorAll('#assets li').length === 45")
    assert browser.count("h2[id^=group]") == 1
    assert browser.text(".group-count") == "45"
    assert browser.hash == {"product": "P00"}


def test_pages_lead_to_each_other_where_nothing_is_filtered(browser: Any, written: Write) -> None:
    cards = [card(number, locale=("en-GB", "de-DE")[number % 2], product=f"P{number // 2}") for number in range(1200)]
    made = written(cards)
    assert len(made) == 3
    opened(browser, made[0])
    assert browser.count(CARDS) == 500
    assert browser.text("#tally") == "500 assets · page 1 of 3, assets 1 to 500 of 1,200"
    browser.choose("group", "locale")
    browser.js("document.querySelector('nav.pages a[rel=next]').click()")
    browser.wait("location.pathname.endsWith('contact-sheet-2.html')")
    browser.wait("document.querySelectorAll('#assets li').length === 500")
    assert browser.hash == {"group": "locale"}
    assert browser.text("nav.pages [aria-current]") == "2"
    browser.wait("document.documentElement.dataset.known === 'whole'")
    browser.choose("facet-locale", "de-DE")
    assert browser.text("#tally").startswith("600 of 1,200 assets on all pages")
    assert browser.js("return [...document.querySelectorAll('nav.pages')].every(nav => nav.hidden)")


def test_a_page_that_travels_alone_filters_itself_and_says_so(browser: Any, written: Write, tmp_path: Path) -> None:
    pages = written(long_run(), 18)
    (tmp_path / SEARCH).unlink()
    browser.open(pages[1], "#locale=ar-AE")
    browser.wait("document.documentElement.dataset.known === 'missing'")
    assert browser.count(CARDS) == 6
    assert "6 of 18 assets on this page" in browser.text("#tally")
    assert SEARCH in browser.text("#tally")
    browser.js("document.querySelector('nav.pages a[rel=next]').click()")
    browser.wait("location.pathname.endsWith('contact-sheet-3.html')")
    assert browser.hash == {"locale": "ar-AE"}


def test_a_page_that_is_gone_leaves_its_tiles_without_pictures(browser: Any, written: Write, tmp_path: Path) -> None:
    pages = written(long_run(), 18)
    pages[0].unlink()
    opened(browser, pages[1])
    browser.search("warning contrast")
    browser.wait("document.querySelectorAll('.well .blank').length === 1")
    browser.wait("document.querySelectorAll('.well img[src]').length === 2")


def test_of_very_many_products_the_list_holds_those_that_match(browser: Any, written: Write) -> None:
    cards = [card(number, product=f"P{number:04}", locale=LOCALES[number % 3]) for number in range(1200)]
    opened(browser, written(cards, 400)[0])
    count = "return document.getElementById('facet-product').options.length"
    assert browser.js(count) == 502
    browser.search("P119")
    assert browser.js(count) == 12
    browser.choose("facet-product", "P1195")
    assert rows(browser) == ["CED-250 · en-GB · 1195"]


HOSTILE = (
    '</script><img src=x onerror="window.harmed=1"><script>window.harmed=1</script><!--<script>\'"${1}\u2028\u202e'
)


@pytest.mark.parametrize("policy", [True, False])
def test_data_of_other_pages_never_becomes_markup(browser: Any, written: Write, tmp_path: Path, policy: bool) -> None:
    pairs = ((HOSTILE, HOSTILE),)
    named = dict.fromkeys(("id", "row", "locale", "layout", "format", "size", "status", "direction", "sheet"), HOSTILE)
    bad = card(0, path="javascript:window.harmed=1//x.png", findings=((HOSTILE,) * 3,), prompts=pairs, texts=pairs,
               provenance=pairs, previews=((HOSTILE, png(3, 2)),), **named)  # fmt: skip
    cards = [replace(bad, product=f"{number}{HOSTILE}") for number in range(4)]
    pages = written(cards, 1, header=replace(HEADER, job=HOSTILE, brand=HOSTILE))
    if not policy:
        for file in tmp_path.glob("*.html"):
            body = file.read_bytes()
            assert body.count(b"Content-Security-Policy") == 1
            file.write_bytes(body.replace(b"Content-Security-Policy", b"X-No-Policy"))
    opened(browser, pages[2], "#group=none")
    browser.choose("facet-locale", HOSTILE)
    assert browser.count(CARDS) == 4
    browser.wait("document.querySelectorAll('.well img[src]').length === 4")
    for group in ("finding", "locale", "layout", "product"):
        browser.choose("group", group)
    browser.js("document.querySelector('.card').click()")
    assert browser.text(".prompt-text") == HOSTILE
    assert browser.text(".findings code") == HOSTILE
    browser.open(tmp_path / SEARCH)
    browser.wait("document.readyState === 'complete'")
    assert browser.js("return window.harmed") is None
    assert browser.js("return document.querySelectorAll('img').length") == 0


def test_pages_listen_to_their_own_frames_alone(browser: Any, written: Write) -> None:
    opened(browser, written(long_run(), 18)[0])
    browser.js("window.postMessage('[]', '*'); window.postMessage([{thumb: 'data:,x', previews: []}], '*')")
    browser.search("warning contrast")
    browser.wait("document.querySelectorAll('.well img[src]').length === 3")
    assert browser.js("return [...document.querySelectorAll('.well img')].every(i => i.src.startsWith('data:image/'))")


def test_the_policy_lets_no_script_in_from_beside_a_page(browser: Any, written: Write, tmp_path: Path) -> None:
    (tmp_path / "beside.js").write_text("window.harmed = 1")
    opened(browser, written(long_run(), 18)[0])
    browser.js("const made = document.createElement('script'); made.src = 'beside.js'; document.body.append(made)")
    browser.js("const made = document.createElement('iframe'); made.src = 'javascript:parent.harmed = 1';"
               "document.body.append(made)")  # fmt: skip
    assert browser.js("return window.harmed") is None
    assert len(browser.complaints()) >= 1


@pytest.mark.parametrize("width", [360, 1400])
def test_what_all_pages_give_is_not_wider_than_the_window(browser: Any, written: Write, width: int) -> None:
    cards = [replace(one, row="W" * 200, product=one.product + "P" * 90) for one in long_run(60)]
    emulate = browser.driver.execute_cdp_cmd
    window = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    emulate("Emulation.setDeviceMetricsOverride", window)
    try:
        for fragment in ("", "#q=social", "#group=locale"):
            opened(browser, written(cards, 60)[0], fragment)
            assert browser.js("return document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    finally:
        emulate("Emulation.clearDeviceMetricsOverride", {})
