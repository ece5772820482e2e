"""The stories, in a real browser: fifty thousand files scrolled, five hundred approved by keyboard, a pin."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from studio_samples import RUN, lines, write_run

from pressrun.stores.sqlite import SqliteJournal

Served = tuple[str, Path]
ESCAPE, RIGHT = "\ue00c", "\ue014"
WALL, MANY = f"/runs/{RUN}", "/runs/20270301-120000-many"
ARROWED = """
    const told = [...document.querySelectorAll(".from-to")].find((one) => one.textContent.includes("Quite other words"));
    return ["del", ".to", "ins"].map((one) => told.querySelector(one).getBoundingClientRect().left)"""
LOADED_AHEAD = """data.next.length === 3 && data.next.every((id) => performance.getEntriesByType("resource")
    .some((one) => one.name.endsWith(`/pictures/${id}/view`)))"""
READY = "document.querySelectorAll('.tile[data-id]').length > 1"


def test_fifty_thousand_files_are_scrolled_by_what_is_in_sight(browser: Any, served: Served) -> None:
    browser.open(served[0] + MANY)
    browser.wait(READY)
    browser.wait("document.getElementById('tally').textContent === '33,336 sheets'")  # of a long run the beginning comes first
    browser.js("""
        window.tasks = []; new PerformanceObserver((list) => tasks.push(...list.getEntries().map((one) => one.duration)))
            .observe({type: "longtask"});
        window.most = 0; let step = 0; const height = document.documentElement.scrollHeight;
        (function go() {
            window.scrollTo(0, height * step / 60); step += 1;
            most = Math.max(most, document.querySelectorAll(".tile").length);
            if (step <= 60) requestAnimationFrame(go); else window.arrived = true;
        })()""")
    browser.wait("window.arrived")
    assert browser.js("return most") < 120
    browser.wait("[...document.querySelectorAll('.tile[data-id]')].some((one) => Number(one.dataset.place) > 33300)")
    browser.wait("document.querySelector('.tile .blank-word')")
    assert browser.text(".tile .blank-word") == "No picture"
    browser.open("about:blank")  # what is still asked for is given up, else it would complain later
    browser.complaints()  # the pictures were never made


def test_five_hundred_are_approved_by_keyboard(browser: Any, served: Served) -> None:
    browser.open(f"{served[0]}{WALL}?layout=print/a5-flyer")
    browser.wait(READY)
    browser.js("document.querySelector('.tile a.card').focus()")
    browser.press("a" * 500)
    browser.wait("document.querySelector('[data-state=approved] b').textContent === '500'")
    browser.press("u" * 11)  # ten deep
    browser.wait("document.querySelector('[data-state=approved] b').textContent === '490'")
    journal = SqliteJournal(served[1] / ".pressrun" / "journal.db")
    history = journal.decision_history()
    journal.close()
    assert len(history) == 510
    assert [one.verdict for one in history[-10:]] == ["withdraw"] * 10
    assert [one.subject for one in history[-10:]] == [one.subject for one in history[499:489:-1]]
    assert len({one.subject for one in history[:500]}) == 500


def test_a_sheet_is_stepped_through_with_zoom_and_place_kept(browser: Any, served: Served) -> None:
    browser.open(f"{served[0]}{WALL}?layout=social/square&locale=de-DE")
    browser.wait(READY)
    browser.js("document.querySelector('.tile a.card').click()")
    browser.wait("document.getElementById('picture') && document.getElementById('picture').naturalWidth > 0")
    browser.press("1")
    browser.wait("document.getElementById('zoom-level').textContent === '100 %'")
    browser.press("++")
    zoomed = browser.text("#zoom-level")
    browser.wait("performance.getEntriesByType('resource').filter((one) => one.name.includes('/sheets/')).length >= 3")
    browser.wait(LOADED_AHEAD)
    before = browser.js("return location.pathname")
    browser.press("n")
    browser.wait(f"location.pathname !== '{before}' && document.getElementById('place').textContent === '2 / 170'")
    browser.wait("document.getElementById('picture').naturalWidth > 0")
    assert browser.text("#zoom-level") == zoomed
    browser.press("p")
    browser.wait(f"location.pathname === '{before}'")


def test_a_rejection_asks_for_its_reason(browser: Any, served: Served) -> None:
    browser.open(f"{served[0]}{WALL}?layout=social/square&locale=ar-AE")
    browser.wait(READY)
    browser.js("document.querySelector('.tile a.card').focus()")
    browser.press("r")
    browser.wait("document.getElementById('reason').open")
    browser.press("too dark\ue007")
    browser.wait("document.querySelector('[data-state=rejected] b').textContent === '1'")
    browser.press("?")
    assert browser.js("return document.getElementById('help').open")
    browser.press(ESCAPE)


def test_a_comment_is_pinned_on_the_picture(browser: Any, served: Served) -> None:
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.by import By

    browser.open(f"{served[0]}{WALL}/sheets/{0:012x}")
    browser.wait("document.getElementById('picture').naturalWidth > 0")
    browser.press("c")
    browser.press(ESCAPE)  # it led back to the wall
    assert not browser.js("return document.getElementById('viewport').classList.contains('pinning')")
    browser.press("bc")
    assert browser.js("return document.getElementById('bare').getAttribute('aria-pressed')") == "false"
    browser.wait("document.getElementById('picture').naturalWidth > 0")
    ActionChains(browser.driver).move_to_element(browser.driver.find_element(By.ID, "picture")).click().perform()
    browser.wait("document.activeElement.id === 'comment-text'")
    browser.press("Here, please.")
    browser.js("document.getElementById('comment-form').requestSubmit()")
    browser.wait("document.querySelectorAll('#comments li').length === 1")
    assert browser.count(".canvas .pin") == 1
    assert "Here, please." in browser.text("#comments li")
    browser.js("document.activeElement.blur()")
    picture = "document.getElementById('picture')"
    browser.press("b")
    assert not browser.js("return document.querySelector('.canvas .pin').checkVisibility()"), "without its layout, other things are there"
    browser.wait(f"{picture}.complete && {picture}.naturalWidth === 0")  # its complaint comes now, not later
    browser.press("b")
    assert browser.js("return document.querySelector('.canvas .pin').checkVisibility()")
    browser.wait(f"{picture}.naturalWidth > 0")
    browser.complaints()  # of the picture alone, which this run has no file of
    x, y = browser.js("const pin = document.querySelector('#comments li').dataset; return [Number(pin.x), Number(pin.y)]")
    assert abs(x - 0.5) < 0.02
    assert abs(y - 0.5) < 0.02


@pytest.mark.parametrize(("width", "height"), [(1400, 900), (820, 1180), (390, 844)])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("page", ["/", WALL, f"{WALL}/sheets/{0:012x}"], ids=["home", "wall", "sheet"])
def test_pages_can_be_read_and_used_by_everybody(
    browser: Any, served: Served, page: str, width: int, height: int, dark: bool
) -> None:
    browser.size(width, height, dark)
    browser.open(served[0] + page)
    browser.wait("document.readyState === 'complete'")
    assert browser.serious() == []
    browser.open(f"{served[0]}/language/ar?to={page}")
    browser.wait("document.readyState === 'complete' && document.dir === 'rtl'")
    assert browser.js("return document.documentElement.scrollWidth <= innerWidth + 1"), "wider than the screen, mirrored"
    browser.open(f"{served[0]}/language/en?to={page}")
    assert browser.js("return document.documentElement.scrollWidth <= innerWidth + 1"), "wider than the screen"


@pytest.fixture(scope="module")
def later(served: Served) -> str:
    """A run after the first: one sheet says other words, one could not be made, one has lost its picture's file."""
    some = lines(3)
    some[0] |= {"sha256": "c" * 64, "text": [{**some[0]["text"][0], "text": "Quite other words"}]}
    fault = {"severity": "error", "code": "missing-picture", "message": "there is no picture for hero/square"}
    some[3] |= {"sha256": None, "status": "failed", "findings": [fault], "media_type": ""}
    some[6] |= {"sha256": "d" * 64}
    name = "20270228-090000-launch"
    folder = write_run(served[1], name, some)
    (folder / some[6]["path"]).unlink()
    return name


@pytest.mark.parametrize("page", ["against", "compare", "all"])
@pytest.mark.parametrize("width", [1400, 390])
def test_comparisons_can_be_read_by_everybody_with_pictures_or_without(
    browser: Any, served: Served, later: str, page: str, width: int
) -> None:
    ids = [one["id"] for one in lines(3) if one["format"] == "jpeg"][:3]
    ways = "&".join(f"with={run}/{one}" for one in ids for run in (RUN, later))
    address = {"against": f"{WALL}/against/{later}", "compare": f"{WALL}/compare?{ways}", "all": "/runs/job:launch"}[page]
    browser.size(width, 900)
    browser.open(served[0] + address)
    browser.wait("document.readyState === 'complete'")
    if page == "compare":
        browser.press("s")
        browser.press("4")
        assert browser.js("return [...document.querySelectorAll('.side')].findIndex((one) => one.matches('.over'))") == 3
        assert browser.js("return getComputedStyle(document.querySelectorAll('.side')[2]).display") == "none"
    assert browser.serious() == []
    assert browser.js("return document.documentElement.scrollWidth <= innerWidth + 1"), "wider than the screen"
    if page == "against":
        browser.open(f"{served[0]}/language/ar?to={address}")
        browser.wait("document.dir === 'rtl'")
        before, arrow, after = browser.js(ARROWED)
        assert before > arrow > after
        browser.open(f"{served[0]}/language/en?to=/")
    browser.complaints()  # of the picture whose file is gone


def test_in_arabic_sides_and_slider_go_from_right_to_left(browser: Any, served: Served, later: str) -> None:
    first = lines(1)[0]["id"]
    address = f"{WALL}/compare?with={RUN}/{first}%26with={later}/{first}"
    browser.open(f"{served[0]}/language/ar?to={address}")
    browser.wait("document.dir === 'rtl' && document.readyState === 'complete'")
    first_left, second_left = browser.js(
        "return [...document.querySelectorAll('.side')].map((one) => one.getBoundingClientRect().left)"
    )
    assert first_left > second_left
    browser.press("s")
    browser.js("const slide = document.getElementById('slide'); slide.value = 30; slide.dispatchEvent(new Event('input'))")
    assert browser.js("return document.querySelector('.side.over .side-view').style.clipPath") == "inset(0px 30% 0px 0px)"
    browser.open(f"{served[0]}/language/en?to=/")
    browser.complaints()


def test_a_job_that_comes_and_is_mended_is_looked_at_again_by_itself(browser: Any, served: Served) -> None:
    browser.open(served[0])
    job = served[1] / "jobs" / "late.yaml"
    job.parent.mkdir(exist_ok=True)
    job.write_text("brand: nobody\nlayots: []\n", "utf-8")
    browser.wait("document.querySelector('[data-faults=late]:not([hidden])')")
    assert "jobs/late.yaml:1:8" in browser.text("[data-faults=late]")
    before = browser.text("[data-faults=late]")
    job.write_text("brand: somebody\nlayots: []\n", "utf-8")
    browser.wait(f"document.querySelector('[data-faults=late]').textContent.trim() !== {before!r}")
    job.unlink()
    browser.wait("!document.querySelector('[data-faults=late]')")


def test_filters_that_are_rarely_used_are_folded_unless_they_are_in_the_address(browser: Any, served: Served) -> None:
    folded = "!document.getElementById('facets-more').checkVisibility()"
    browser.open(f"{served[0]}{WALL}?layout=social/square")
    browser.wait(READY)
    assert browser.js(f"return {folded}")
    browser.js("document.getElementById('filters-toggle').click()")
    assert not browser.js(f"return {folded}")
    browser.open(f"{served[0]}{WALL}?format=jpeg")
    browser.wait(READY)
    assert not browser.js(f"return {folded}")


def test_one_decision_is_for_a_series_but_for_what_is_held_out(browser: Any, served: Served) -> None:
    some = [one["id"] for one in lines(170) if one["format"] == "jpeg" and one["keys"]["product"] == "SKU-00160"]
    browser.open(f"{served[0]}{WALL}/sheets/{some[0]}")
    browser.wait("document.getElementById('picture').naturalWidth > 0")
    browser.press("s")
    browser.wait("document.getElementById('series').open")
    assert browser.text("#series-approve") == "Approve 3"
    browser.js("document.querySelector(`#series-list input[value='${arguments[0]}']`).click()", some[2])
    assert browser.text("#series-approve") == "Approve 2"
    browser.js("document.getElementById('series-approve').click()")
    browser.wait("document.getElementById('toast').textContent === '2 decided, 1 held out'")
    browser.open(f"{served[0]}{WALL}?decision=approved&key.product=SKU-00160&layout=social/square")
    browser.wait(READY)
    assert sorted(browser.js("return [...document.querySelectorAll('.tile')].map((one) => one.dataset.id)")) == some[:2]
