"""The pages in a real browser, opened from disk. Every test also fails on a message in the console."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from contact_sheet_samples import HEADER, card, png, small_run
from msgspec.structs import replace

# The codes by which WebDriver names keys.
ENTER, ESCAPE, END, HOME, LEFT, UP, RIGHT, DOWN = "\ue007\ue00c\ue010\ue011\ue012\ue013\ue014\ue015"
CARDS = "#assets li"
Write = Callable[..., list[Path]]


def headings(browser: Any) -> list[str]:
    return list(browser.js("return [...document.querySelectorAll('h2[id^=group]')].map(h => h.textContent)"))


def options(browser: Any, facet: str) -> dict[str, str]:
    code = "[...document.getElementById(arguments[0]).options].map(option => [option.value, option.textContent])"
    found = browser.js(f"return Object.fromEntries({code})", facet)
    assert isinstance(found, dict)
    return found


def test_shows_header_and_every_asset(browser: Any, written: Write) -> None:
    browser.open(*written(small_run()))
    assert browser.text("h1") == "Spring launch"
    assert browser.text("#notice") == "Stand-ins"
    assert browser.text("#figures .alarm dd") == "1"
    assert browser.count(CARDS) == 12
    assert headings(browser) == ["CED-250", "MOR-500"]
    assert browser.text("#tally") == "12 assets"
    browser.wait("document.querySelectorAll('.well img[src]').length === 11")
    assert browser.text(".blank.failed .blank-why") == "Refused."


@pytest.mark.parametrize(
    ("facet", "value", "shown"),
    [
        ("product", "MOR-500", 6),
        ("locale", "ar-AE", 4),
        ("layout", "print/a5-flyer", 6),
        ("format", "png", 6),
        ("status", "failed", 1),
        ("status", "reused", 1),
        ("finding", "any", 3),
        ("finding", "none", 9),
        ("finding", "severity:error", 2),
        ("finding", "code:font.fallback", 1),
    ],
)
def test_filters(browser: Any, written: Write, facet: str, value: str, shown: int) -> None:
    browser.open(*written(small_run()))
    promised = options(browser, f"facet-{facet}")[value]
    browser.choose(f"facet-{facet}", value)
    assert browser.count(CARDS) == shown
    assert promised.endswith(f"({shown})")
    assert browser.text("#tally").startswith(f"{shown} of 12 assets")
    assert browser.hash == {facet: value}


def test_filters_combine_and_counts_follow(browser: Any, written: Write) -> None:
    browser.open(*written(small_run()))
    browser.choose("facet-locale", "ar-AE")
    assert options(browser, "facet-product")["CED-250"] == "CED-250 (2)"
    assert options(browser, "facet-locale")["de-DE"] == "de-DE (4)"
    browser.choose("facet-product", "CED-250")
    browser.choose("facet-layout", "social/square")
    assert browser.count(CARDS) == 1
    browser.js("document.getElementById('clear').click()")
    assert browser.count(CARDS) == 12
    assert browser.hash == {}


def test_a_facet_of_one_value_is_not_shown(browser: Any, written: Write) -> None:
    browser.open(*written([card(1), card(2)]))
    assert browser.js("return [...document.querySelectorAll('#facets label')].every(label => label.hidden)")


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("locale", ["en-GB", "de-DE", "ar-AE"]),
        ("layout", ["social/square", "print/a5-flyer"]),
        ("finding", ["text.overflow", "picture.refused", "picture.resolution", "No findings"]),
        ("none", []),
    ],
)
def test_grouping(browser: Any, written: Write, group: str, expected: list[str]) -> None:
    browser.open(*written(small_run()))
    browser.choose("group", group)
    assert headings(browser) == expected
    assert browser.count(CARDS) == 12
    assert browser.hash == {"group": group}


def test_group_counts_follow_the_filters(browser: Any, written: Write) -> None:
    browser.open(*written(small_run()))
    browser.choose("facet-locale", "de-DE")
    assert browser.text(".group-count") == "2"
    browser.choose("facet-product", "MOR-500")
    assert headings(browser) == ["MOR-500"]


@pytest.mark.parametrize(
    ("words", "shown"),
    [("refused", 1), ("LIMESTONE mor-500", 6), ("cedar number 11", 1), ("استيقظ", 4), ("nowhere", 0)],
)
def test_search(browser: Any, written: Write, words: str, shown: int) -> None:
    browser.open(*written(small_run()))
    browser.search(words)
    assert browser.count(CARDS) == shown
    assert browser.count(".empty") == (0 if shown else 1)


def test_search_ignores_latin_accents(browser: Any, written: Write) -> None:
    browser.open(*written([card(1, row="Café crème"), card(2, row="Tea")]))
    browser.search("cafe creme")
    assert browser.count(CARDS) == 1


def test_arrow_keys_move_enter_opens_escape_returns(browser: Any, written: Write) -> None:
    browser.open(*written(small_run()))
    browser.choose("group", "none")
    browser.js("document.getElementById('skip').click()")
    assert browser.focused == "asset-0"
    browser.press(RIGHT, RIGHT, LEFT)
    assert browser.focused == "asset-1"
    tracks = browser.js("return getComputedStyle(document.querySelector('.grid')).gridTemplateColumns")
    columns = len(tracks.split())
    browser.press(DOWN)
    assert browser.focused == f"asset-{1 + columns}"
    browser.press(UP)
    assert browser.focused == "asset-1"
    browser.press(END)
    assert browser.focused == "asset-11"
    browser.press(HOME, RIGHT, ENTER)
    browser.wait("document.getElementById('detail').open")
    assert browser.hash["open"] == "asset-1"
    browser.press(RIGHT)
    assert browser.hash["open"] == "asset-2"
    browser.press(ESCAPE)
    browser.wait("!document.getElementById('detail').open")
    # The browser gives the focus back where it was, and the page moves it in a task of its own.
    browser.wait("document.activeElement.closest('li[data-index]')?.dataset.index === '2'")
    assert browser.focused == "asset-2"
    assert "open" not in browser.hash


def test_slash_goes_to_the_search(browser: Any, written: Write) -> None:
    browser.open(*written(small_run()))
    browser.press("/")
    assert browser.js("return document.activeElement.id") == "search"
    browser.press("a/b")
    assert browser.js("return document.activeElement.value") == "a/b"


def test_detail_tells_everything(browser: Any, written: Write, tmp_path: Path) -> None:
    [page] = written(small_run())
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "4.png").write_bytes(png(640, 480))
    browser.open(page, "#open=asset-4")
    assert browser.text("#detail-title") == "CED-250 · de-DE · spring"
    assert browser.text(".prompt-text") == "A cedar tin on a limestone ledge, number 4."
    assert browser.text(".findings li") == "error text.overflowToo long."
    assert "6b1f6b1f" in browser.text(".provenance")
    assert browser.text(".texts dd") == "Wake up slowly"
    assert browser.text(".fit") == "41.5 pt, 2 lines"
    link = browser.js("return document.querySelector('.delivered-link').href")
    assert link == (tmp_path / "assets" / "4.png").as_uri()
    browser.wait("document.querySelector('.detail-picture img').naturalWidth === 640")


def test_a_finding_says_what_to_do_below_what_is(browser: Any, written: Write) -> None:
    findings = (("error", "sheet-failed", "The picture is broken.\nSave it again."),)
    browser.open(written([card(0, findings=findings), card(1, status="failed", thumb=None, findings=findings)])[0])
    assert browser.text(".blank.failed .blank-why") == "The picture is broken."
    browser.js("document.querySelector('.card').click()")
    assert browser.text(".findings li p:nth-of-type(2)") == "The picture is broken."
    assert browser.text(".findings .hint") == "Save it again."


def test_a_press_pdf_is_shown_by_its_proof(browser: Any, written: Write, tmp_path: Path) -> None:
    same = {"layout": "print/a5-flyer", "row": "CED-250 · en-GB", "size": "148 × 210 mm + 3 mm", "sheet": "one"}
    press, proof = card(0, path="assets/a.pdf", format="press-pdf", **same), card(1, format="proof-png", **same)
    [page] = written([press, proof, card(2)])
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "1.png").write_bytes(png(640, 480))
    (tmp_path / "assets" / "2.png").write_bytes(png(320, 240))
    browser.open(page, "#open=asset-0")
    browser.wait("document.querySelector('.detail-picture img').naturalWidth === 640")
    paths = browser.js("return [...document.querySelectorAll('.delivered-link .path')].map(path => path.textContent)")
    assert paths == ["assets/a.pdf", "assets/1.png"]
    assert "148\u00a0×\u00a0210\u00a0mm\u00a0+\u00a03\u00a0mm" in browser.text(".detail-what")


def test_a_press_pdf_and_its_proof_are_one_tile(browser: Any, written: Write) -> None:
    broken = (("warning", "picture.resolution", "212 ppi"),)
    same = {"row": "CED-250 · en-GB", "sheet": "one", "findings": broken}
    press = card(0, path="assets/a.pdf", format="press-pdf", **same)
    proof = card(1, format="proof-png", status="failed", **{**same, "findings": (*broken, ("error", "no-proof", "x"))})
    browser.open(*written([press, proof, card(2)]))
    assert browser.count(CARDS) == 2
    assert browser.text("#tally") == "2 sheets of 3 files"
    assert browser.text(".caption-what") == "social/square · press-pdf, proof-png"
    assert browser.text("#assets li .signs").endswith("1 error1 warning")  # what both say is said once
    assert options(browser, "facet-format")["proof-png"] == "proof-png (1)"
    for facet, value in (("format", "press-pdf"), ("format", "proof-png"), ("status", "failed"), ("status", "made")):
        browser.choose(f"facet-{facet}", value)
        assert browser.count(CARDS) == (2 if value == "made" else 1)
        browser.js("document.getElementById('clear').click()")
    browser.js("location.hash = '#open=asset-1'")
    browser.wait("document.getElementById('detail').open")
    assert browser.count(".delivered-link") == 1
    assert browser.text(".undelivered") == "proof-png failed assets/1.png"


def test_a_picture_is_seen_at_its_pixels_and_beyond(browser: Any, written: Write, tmp_path: Path) -> None:
    [page] = written([card(0), card(1), card(2, thumb=None)])
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "0.png").write_bytes(png(3000, 2000))
    browser.open(page, "#open=asset-0")
    picture = "document.querySelector('.detail-picture img')"
    browser.wait(f"{picture}.naturalWidth === 3000")
    fitted = browser.js(f"return {picture}.clientWidth")
    assert fitted < 1280
    browser.js("document.getElementById('zoom-in').click()")
    ratio = browser.js("return devicePixelRatio")
    assert browser.js(f"return {picture}.clientWidth") * ratio == 3000
    browser.press("++")
    assert browser.js(f"return {picture}.clientWidth") * ratio == 12_000
    assert browser.text("#zoom-level") == "400 %"
    frame = "document.querySelector('.detail-picture')"
    middle = browser.js(f"return ({frame}.scrollLeft + {frame}.clientWidth / 2) / {frame}.scrollWidth")
    assert middle == pytest.approx(0.5, abs=0.01)
    browser.press("---")
    assert browser.js(f"return {picture}.clientWidth") == fitted
    browser.js(f"{picture}.click()")
    assert browser.text("#zoom-level") == "100 %"
    browser.press(RIGHT)
    assert browser.hash["open"] == "asset-1"
    assert browser.text("#zoom-level") == "Fitted"
    browser.press(RIGHT)
    assert browser.js("return document.getElementById('zoom-in').disabled")


def test_a_caption_leaves_out_what_its_heading_says(browser: Any, written: Write) -> None:
    [page] = written(small_run())
    captions = "return [...new Set([...document.querySelectorAll('.caption-row')].map(c => c.textContent))]"
    browser.open(page)
    assert browser.js(captions) == ["en-GB · spring", "de-DE · spring", "ar-AE · spring"]
    browser.choose("group", "locale")
    assert browser.js(captions) == ["CED-250 · spring", "MOR-500 · spring"]
    browser.choose("group", "none")
    assert browser.js(captions)[0] == "CED-250 · en-GB · spring"


def test_the_masthead_tells_when_and_for_how_much(browser: Any, written: Write) -> None:
    header = replace(HEADER, started="2027-03-01T09:05:00Z", costs=(("spent", "$1.20"), ("saved by reuse", "$3.40")))
    browser.open(*written(small_run(), header=header))
    assert browser.text("#origin") == "Northlight · 1 Mar 2027, 09:05 UTC"
    assert browser.js("return document.querySelector('#origin time').dateTime") == "2027-03-01T09:05:00Z"
    figures = "return [...document.querySelectorAll('#figures div')].slice(-2).map(f => f.textContent)"
    assert browser.js(figures) == ["spent$1.20", "saved by reuse$3.40"]


def test_prompt_is_copied(browser: Any, written: Write) -> None:
    browser.open(written(small_run())[0], "#open=asset-0&q=cedar")
    browser.js("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    browser.js("document.querySelector('.copy').click()")
    browser.wait("document.querySelector('.copy').textContent === 'Copied'")
    assert browser.js("return window.copied") == "A cedar tin on a limestone ledge, number 0."


def test_prompt_is_copied_where_pages_on_disk_have_no_clipboard(browser: Any, written: Write) -> None:
    browser.open(written(small_run())[0], "#open=asset-0")
    browser.js(
        "Object.defineProperty(navigator, 'clipboard', {value: undefined});"
        "document.execCommand = () => { window.copied = document.activeElement.value; return true; }"
    )
    browser.js("document.querySelector('.copy').click()")
    browser.wait("document.querySelector('.copy').textContent === 'Copied'")
    assert browser.js("return window.copied").endswith("number 0.")


def test_texts_run_in_their_locales_direction(browser: Any, written: Write) -> None:
    browser.open(written(small_run())[0], "#open=asset-2")
    style = browser.js(
        "const text = document.querySelector('.texts dd');"
        "return [text.lang, getComputedStyle(text).direction, text.textContent]"
    )
    assert style == ["ar-AE", "rtl", "استيقظ على مهل"]


def test_link_restores_the_view(browser: Any, written: Write) -> None:
    [page] = written(small_run())
    browser.open(page, "#locale=ar-AE&finding=none&q=cedar&group=layout")
    assert browser.count(CARDS) == 4
    assert browser.js("return document.getElementById('facet-locale').value") == "ar-AE"
    assert browser.js("return document.getElementById('search').value") == "cedar"
    assert headings(browser) == ["social/square", "print/a5-flyer"]
    browser.js("location.hash = '#product=MOR-500'")
    browser.wait("document.querySelectorAll('#assets li').length === 6")
    assert headings(browser) == ["MOR-500"]


def test_link_with_unknown_parts_does_no_harm(browser: Any, written: Write) -> None:
    browser.open(written(small_run())[0], "#locale=xx&group=__proto__&open=nobody&constructor=1&%E0%A4%A")
    assert browser.count(CARDS) == 0
    assert browser.js("return document.getElementById('group').value") == "product"
    browser.js("document.getElementById('clear').click()")
    assert browser.count(CARDS) == 12


HOSTILE = '</script><img src=x onerror="window.harmed=1"><script>window.harmed=1</script><!--<script>\'"${1}\u2028'


def test_data_never_becomes_markup(browser: Any, written: Write, tmp_path: Path) -> None:
    pairs = ((HOSTILE, HOSTILE),)
    bad = card(
        0,
        path="javascript:window.harmed=1//../../x.png",
        findings=((HOSTILE, HOSTILE, HOSTILE),),
        prompts=pairs,
        provenance=pairs,
        texts=pairs,
        **dict.fromkeys(
            ("id", "row", "product", "locale", "layout", "format", "size", "direction", "name", "keys"), HOSTILE
        ),
    )
    header = replace(HEADER, job=HOSTILE, brand=HOSTILE, provider_note=HOSTILE, counts=((HOSTILE, 1),), costs=((HOSTILE, HOSTILE),))
    browser.open(*written([bad, card(1), replace(bad, id="thumbless", thumb="", status="failed")], header=header))
    for group in ("finding", "locale", "layout"):
        browser.choose("group", group)
    browser.choose("facet-locale", HOSTILE)
    assert browser.count(CARDS) == 2
    browser.js("document.querySelector('.card').click()")
    assert browser.text(".prompt-text") == HOSTILE
    assert browser.text("h1") == HOSTILE
    link = browser.js("return document.querySelector('.delivered-link').href")
    assert link.startswith(tmp_path.as_uri() + "/javascript%3A")
    assert browser.js("return window.harmed") is None
    assert browser.count("img[onerror], img[src=x]") == 0


def test_policy_stops_a_script_that_got_in_anyway(browser: Any, written: Write) -> None:
    browser.open(*written(small_run()))
    browser.js(
        "const made = document.createElement('script'); made.textContent = 'window.harmed = 1';"
        "document.body.append(made);"
        'const picture = \'<img src="https://example.invalid/x.png" onerror="window.harmed=1">\';'
        "document.body.insertAdjacentHTML('beforeend', picture)"
    )
    assert browser.js("return window.harmed") is None
    assert len(browser.complaints()) >= 2


def test_of_two_hundred_cards_only_those_in_sight_are_drawn(browser: Any, written: Write) -> None:
    thumb = png(2, 2)
    browser.open(*written([card(number, thumb=thumb) for number in range(200)]))
    browser.wait("document.querySelectorAll('.well img[src]').length > 0")
    assert browser.count(".well img[src]") < 100
