"""The sheet of a long run, whose data and thumbnails are in a folder beside it, in a real browser that opens it from disk.
Every test also fails on a message in the console."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from chromium import hindrances
from contact_sheet_samples import HEADER, card, kept, png
from msgspec.structs import replace

from pressrun.manifest.contact_sheet import FOLDER, THUMB_NAME, Card

END, RIGHT, DOWN, ENTER, ESCAPE, HOME = "\ue010", "\ue014", "\ue015", "\ue007", "\ue00c", "\ue011"
CARDS = "#assets li[data-index]"
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
            row = f"Tin {product} · {locale}"
            cards.append(
                card(product * 6 + number, png(60 + product, 40), product=f"P{product:02}", name=f"Tin {product}",
                     locale=locale, row=row, findings=findings, layout=f"social/{number // 3}")
            )  # fmt: skip
    return cards


def rows(browser: Any) -> list[str]:
    return list(browser.js("return [...document.querySelectorAll('.card')].map(card => card.title)"))


def opened(browser: Any, page: Path, fragment: str = "") -> None:
    browser.open(page, fragment)
    browser.wait("document.documentElement.dataset.known === 'whole'")
    sought(browser)


def sought(browser: Any) -> None:
    """Until all texts were looked through."""
    browser.wait("!document.getElementById('tally').textContent.includes('looking')")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("warning contrast", ["Tin 0", "Tin 5", "Tin 10"]),  # by the index alone
        ("p11 DE-de", ["Tin 11", "Tin 11"]),
        ("ar-AE 2.10:1", ["Tin 10"]),  # a finding's own words, which a page has
        ("limestone 71", ["Tin 11"]),
        ("nowhere", []),
        ("6b1f", []),  # four digits of a digest
        ("6b1f6b1f number 71.", ["Tin 11"]),
    ],
)
def test_search_finds_what_any_page_says(browser: Any, written: Write, words: str, expected: list[str]) -> None:
    [page] = written(long_run(), 18)
    opened(browser, page)
    assert browser.text("#tally") == "72 assets"
    browser.search(words)
    sought(browser)
    assert [row.split(" · ")[0] for row in rows(browser)] == expected
    assert browser.text("#tally").startswith(f"{len(expected)} of 72 assets")
    assert browser.count(".empty") == (0 if expected else 1)
    browser.js("document.getElementById('clear').click()")
    assert rows(browser)[0] == "Tin 0 · en-GB"


def test_filters_count_all_and_speak_of_names(browser: Any, written: Write) -> None:
    names = {"locales": {"en-GB": "British English", "de-DE": "German", "ar-AE": "Arabic"}}
    names["layouts"] = {"social/0": "Square", "social/1": "Square"}
    opened(browser, written(long_run(), 18, header=replace(HEADER, **names))[0])
    select = "[...document.getElementById(arguments[0]).options].map(option => option.textContent)"
    assert browser.js(f"return {select}", "facet-product") == ["All", *(f"Tin {at} (6)" for at in range(12))]
    assert browser.js(f"return {select}", "facet-locale")[1:] == [
        "British English (24)", "German (24)", "Arabic (24)",
    ]  # fmt: skip
    assert browser.js(f"return {select}", "facet-layout")[1:] == ["Square (social/0) (36)", "Square (social/1) (36)"]
    browser.choose("facet-locale", "ar-AE")
    browser.choose("facet-finding", "code:text.contrast")
    assert rows(browser) == ["Tin 0 · ar-AE", "Tin 5 · ar-AE", "Tin 10 · ar-AE"]


def test_pictures_and_facts_come_from_the_folder(browser: Any, written: Write) -> None:
    previews = (("hero/square, 1 of 1", png(9, 6)),)
    opened(browser, written([replace(one, previews=previews) for one in long_run()], 18)[0], "#q=contrast")
    browser.wait("[...document.querySelectorAll('.well img')].filter(picture => picture.naturalWidth).length === 3")
    assert browser.js("return [...document.querySelectorAll('.well img')].map(i => i.naturalWidth)") == [60, 65, 70]
    browser.js("document.querySelector('.card').click()")
    assert browser.text("#detail-title") == "Tin 0 · ar-AE"
    assert browser.text("#detail-position") == "1 of 3"
    browser.wait("document.querySelector('.prompt-text')?.textContent.endsWith('number 2.')")
    assert browser.count(".previews img") == 1
    browser.press(RIGHT)
    browser.wait("document.querySelector('.prompt-text')?.textContent.endsWith('number 32.')")
    assert browser.hash["open"] == "asset-32"
    browser.wait("document.querySelector('.detail-picture img').naturalWidth === 65")


@pytest.mark.parametrize("page", ["", "&page=4", "&page=1", "&page=99"])
def test_a_link_opens_a_file_wherever_it_is(browser: Any, written: Write, page: str) -> None:
    opened(browser, written(long_run(), 18)[0], f"#open=asset-70{page}")
    browser.wait("document.getElementById('detail').open")
    assert browser.text("#detail-title") == "Tin 11 · de-DE"


def test_of_very_many_only_those_in_sight_are_in_the_page(browser: Any, written: Write) -> None:
    opened(browser, written(long_run(500), 250)[0])
    assert browser.text("#tally") == "3,000 assets"
    assert 0 < browser.count(CARDS) < 150
    browser.js("document.getElementById('skip').click()")
    assert browser.focused == "asset-0"
    browser.press(END)
    assert browser.focused == "asset-2999"
    assert browser.count(CARDS) < 150
    inside = (
        "const box = document.activeElement.getBoundingClientRect(); return [box.top >= 0, box.bottom <= innerHeight]"
    )
    assert browser.js(inside) == [True, True]
    browser.press(ENTER)
    browser.wait("document.getElementById('detail').open")
    assert browser.text("#detail-position") == "3,000 of 3,000"
    browser.press(ESCAPE)
    browser.wait("!location.hash.includes('open') && document.activeElement.closest('li[data-index]')?.dataset.index === '2999'")
    browser.press(HOME, RIGHT, DOWN)
    columns = int(browser.js("return document.querySelector('.tiles').style.getPropertyValue('--columns')"))
    assert browser.focused == f"asset-{min(1 + columns, 5) if columns < 6 else 7}"
    assert browser.js("return document.querySelectorAll('.card[tabindex=\"0\"]').length") == 1


def test_a_group_is_whole_however_many_pages_it_is_on(browser: Any, written: Write) -> None:
    cards = [replace(one, product="P00", name="Tin 0") if at < 45 else one for at, one in enumerate(long_run())]
    opened(browser, written(cards, 10)[0])
    assert browser.text(".group-count") == "45"
    assert browser.count("h2[id^=group]") >= 1


def test_one_of_a_product_each_are_no_wall_of_headings(browser: Any, written: Write) -> None:
    opened(browser, written(long_run(), 18)[0], "#q=contrast")
    assert browser.count("h2[id^=group]") == 0
    browser.choose("group", "finding")
    assert browser.count("h2[id^=group]") == 1
    browser.js("location.hash = '#locale=ar-AE'")
    browser.wait("document.querySelectorAll('h2[id^=group]').length > 3")


def test_of_very_many_products_the_list_holds_those_that_match(browser: Any, written: Write) -> None:
    cards = [card(number, product=f"P{number:04}", locale=LOCALES[number % 3]) for number in range(1200)]
    opened(browser, written(cards, 400)[0])
    count = "return document.getElementById('facet-product').options.length"
    assert browser.js(count) == 502
    browser.search("P119")
    sought(browser)
    assert browser.js(count) == 12
    browser.choose("facet-product", "P1195")
    assert rows(browser) == ["CED-250 · en-GB · 1195"]


def test_a_page_that_travels_alone_says_what_is_missing(browser: Any, written: Write, tmp_path: Path) -> None:
    [page] = written(long_run(), 18)
    (tmp_path / FOLDER).rename(tmp_path / "elsewhere")
    browser.open(page)
    browser.wait("document.documentElement.dataset.known === 'missing'")
    assert f"The folder {FOLDER} belongs beside this page" in browser.text("#notice")


def test_a_thumbnail_or_page_that_is_gone_leaves_the_rest(browser: Any, written: Write, tmp_path: Path) -> None:
    [page] = written(long_run(), 18)
    name = kept(png(60, 40))[:THUMB_NAME]
    (tmp_path / FOLDER / "thumbs" / name[:2] / f"{name[2:]}.jpg").unlink()
    (tmp_path / FOLDER / "page-1.js").unlink()
    opened(browser, page, "#q=contrast")
    browser.wait("document.querySelectorAll('.well .blank').length === 1")
    browser.wait("document.querySelectorAll('.well img[src]').length === 2")
    browser.js("document.querySelector('.card').click()")
    browser.wait("document.querySelector('#detail-facts').textContent.includes('page-1.js')")


def test_further_pages_of_a_document_are_shown(browser: Any, written: Write, tmp_path: Path) -> None:
    pages = [
        card(at, png(60 + at, 40), format="proof-png", sheet="one", path=f"assets/leaf-{at}.png") for at in range(4)
    ]
    press = card(9, format="press-pdf", sheet="one", path="assets/leaf.pdf")
    opened(browser, written([press, *pages, *long_run()], 18)[0])
    assert browser.count("#assets li[data-index='0']") == 1
    assert browser.text("#tally") == "73 sheets of 77 files"
    browser.js("document.querySelector('.card').click()")
    browser.wait("document.querySelectorAll('.page-strip button').length === 4")
    browser.js("document.querySelectorAll('.page-strip button')[2].click()")
    browser.wait("document.querySelector('.detail-picture img').naturalWidth === 62")
    assert (
        browser.js("return document.querySelectorAll('.page-strip button')[2].getAttribute('aria-pressed')") == "true"
    )
    browser.press("\ue00f")  # page down
    browser.wait("document.querySelector('.detail-picture img').naturalWidth === 63")
    assert browser.count(".delivered-link") == 5


HOSTILE = (
    '</script><img src=x onerror="window.harmed=1"><script>window.harmed=1</script><!--<script>\'"${1}\n\u2028\u202e'
)


@pytest.mark.parametrize("policy", [True, False])
def test_data_of_the_folder_never_becomes_markup(browser: Any, written: Write, tmp_path: Path, policy: bool) -> None:
    pairs = ((HOSTILE, HOSTILE),)
    named = dict.fromkeys(("id", "row", "locale", "layout", "format", "size", "direction", "name", "keys"), HOSTILE)
    bad = card(0, path="javascript:window.harmed=1//x.png", findings=((HOSTILE,) * 3,), prompts=pairs, texts=pairs,
               provenance=pairs, previews=((HOSTILE, png(3, 2)),), **named)  # fmt: skip
    cards = [replace(bad, product=f"{number}{HOSTILE}") for number in range(4)]
    [page] = written(cards, 1, header=replace(HEADER, job=HOSTILE, brand=HOSTILE, locales={HOSTILE: HOSTILE}))
    if not policy:
        body = page.read_bytes()
        assert body.count(b"Content-Security-Policy") == 1
        page.write_bytes(body.replace(b"Content-Security-Policy", b"X-No-Policy"))
    opened(browser, page, "#group=none")
    browser.choose("facet-locale", HOSTILE)
    assert browser.count(CARDS) == 4
    for group in ("finding", "locale", "layout", "product"):
        browser.choose("group", group)
    browser.js("document.querySelector('.card').click()")
    browser.wait("document.querySelector('.prompt-text')")
    assert browser.text(".prompt-text") == HOSTILE
    assert browser.text(".findings code") == HOSTILE
    assert browser.js("return window.harmed") is None
    assert browser.count("img[onerror], img[src=x]") == 0


def test_the_policy_lets_in_nothing_that_is_not_on_the_disk(browser: Any, written: Write) -> None:
    opened(browser, written(long_run(), 18)[0])
    browser.js("const made = document.createElement('script'); made.textContent = 'window.harmed = 1';"
               "document.body.append(made)")  # fmt: skip
    browser.js("const made = document.createElement('script'); made.src = 'https://example.invalid/x.js';"
               "document.body.append(made)")  # fmt: skip
    browser.js("const made = document.createElement('iframe'); made.src = 'javascript:parent.harmed = 1';"
               "document.body.append(made)")  # fmt: skip
    assert browser.js("return window.harmed") is None
    assert len(browser.complaints()) >= 3


@pytest.mark.parametrize("width", [360, 1400])
def test_nothing_is_wider_than_the_window(browser: Any, written: Write, width: int) -> None:
    cards = [replace(one, row="W" * 200, product=one.product + "P" * 90) for one in long_run(60)]
    emulate = browser.driver.execute_cdp_cmd
    window = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    emulate("Emulation.setDeviceMetricsOverride", window)
    [page] = written(cards, 60)
    try:
        for fragment in ("", "#q=social", "#group=locale"):
            opened(browser, page, fragment)
            assert browser.js("return document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    finally:
        emulate("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("fragment", ["", "#open=asset-2"], ids=["wall", "detail"])
def test_it_can_be_read_and_used_by_everybody(browser: Any, written: Write, fragment: str, dark: bool) -> None:
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
    try:
        [page] = written(long_run(), 18)
        page.write_bytes(page.read_bytes().replace(b"Content-Security-Policy", b"X-No-Policy"))  # axe is put into it
        opened(browser, page, fragment)
        assert hindrances(browser.driver) == []
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
