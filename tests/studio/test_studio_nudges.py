"""A sheet as its files are now, and changed by hand: written as an override, which the next run obeys."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from studio_samples import TOKEN
from studio_served import serving

from pressrun.commands.starter import write_campaign
from pressrun.model.settings import Settings
from pressrun.run.job import run_job
from pressrun.run.planned_job import load_job

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, Any]:
    """A campaign of one square, run: its folder, the address of its sheet, and the run's report."""
    root = tmp_path_factory.mktemp("nudged")
    write_campaign(root, "Plain")
    job = root / "jobs" / "first-run.yaml"
    text = job.read_text("utf-8").replace("  - social/story\n  - print/a5-flyer\n", "")
    job.write_text(text.replace("locale: region.locale\n", "where: product.sku == 'MUG-350'\nlocale: region.locale\n"), "utf-8")
    report = run_job(job, Settings(inline=True))
    return root, f"/runs/{report.run}/sheets/{report.assets[0].id}", report


def drawn(answer: Any) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(answer.json()["picture"])))


def test_a_sheet_is_drawn_as_its_files_are_now(studio: Open, first: tuple[Path, str, Any]) -> None:
    root, sheet, report = first
    visit = studio(root)
    before = visit.get(f"{sheet}/now")
    assert drawn(before).size == (720, 720)
    assert before.json()["row"] == report.assets[0].row
    copy = root / "jobs" / "data" / "copy.csv"
    text = copy.read_text("utf-8")
    copy.write_text(text.replace("Made for every day", "Made for Sundays"), "utf-8")
    assert drawn(visit.get(f"{sheet}/now")).tobytes() != drawn(before).tobytes()
    copy.write_text(text, "utf-8")
    assert drawn(visit.get(f"{sheet}/now")).tobytes() == drawn(before).tobytes()
    assert drawn(visit.get(f"{sheet}/now?worst=1")).size == (720, 720)


def test_a_job_that_does_not_load_is_told_with_its_places(studio: Open, first: tuple[Path, str, Any]) -> None:
    root, sheet, _ = first
    visit, job = studio(root), root / "jobs" / "first-run.yaml"
    text = job.read_text("utf-8")
    job.write_text(f"{text}layots: []\n", "utf-8")
    answer = visit.client.get(f"{sheet}/now", headers={"accept": "application/json"})
    assert answer.status_code == 400
    [finding] = answer.json()["findings"]
    assert (finding["code"], finding["place"]["line"]) == ("unknown-key", text.count("\n") + 1)
    page = visit.get(f"{sheet}/change").text
    assert f"jobs/first-run.yaml:{finding['place']['line']}:1" in page
    assert "/static/wrong.js" in page, "asked for again when a file is saved"
    assert "/static/wrong.js" not in visit.get("/runs/nothing").text
    job.write_text(text, "utf-8")
    assert visit.get(f"{sheet}/now").status_code == 200


@pytest.mark.parametrize("changes", [
    None, [], [{"layer": "headline"}], [{"layer": "headline", "key": "when", "value": "true"}],
    [{"layer": "nobody", "key": "text", "value": "x"}], [{"layer": "headline", "key": "color", "value": "puce"}],
    [{"layer": "headline", "key": "text", "value": {"a": 1}}], [{"layer": "headline", "key": "color", "value": "{{ nobody.x }}"}],
    [{"layer": "headline", "key": "box.in", "value": "bleed"}], [{"layer": "headline", "key": "box.width", "value": "wide"}],
])  # fmt: skip
def test_what_cannot_be_changed_so_is_told_and_nothing_is_written(
    studio: Open, first: tuple[Path, str, Any], changes: object
) -> None:
    root, sheet, _ = first
    before = {path: path.read_bytes() for path in (root / "jobs").rglob("*") if path.is_file()}
    assert studio(root).send(f"{sheet}/override", {"changes": changes}).status_code == 400
    assert {path: path.read_bytes() for path in (root / "jobs").rglob("*") if path.is_file()} == before


def test_a_headline_is_nudged_and_the_next_run_obeys(studio: Open, first: tuple[Path, str, Any]) -> None:
    root, sheet, report = first
    visit = studio(root)
    before = drawn(visit.get(f"{sheet}/now"))
    layout = (root / "templates" / "layouts" / "social" / "square.yaml").read_bytes()
    changes = [{"layer": "headline", "key": "text", "value": "By hand: hello"}, {"layer": "headline", "key": "shift", "value": ["4px", "0px"]}]
    kept = visit.send(f"{sheet}/override", {"changes": changes, "note": "asked for"}).json()
    assert kept["changed"] == ["headline.text", "headline.shift"]
    assert 'data-was="By hand: hello">By hand: hello<' in visit.get(f"{sheet}/change").text, "the field had the old words again"
    assert drawn(visit.get(f"{sheet}/now")).tobytes() != before.tobytes()
    assert (root / "templates" / "layouts" / "social" / "square.yaml").read_bytes() == layout
    again = run_job(root / "jobs" / "first-run.yaml", Settings(inline=True))
    texts = {one.id: one.text for one in again.assets[0].text}
    assert texts["headline"] == "By hand: hello"
    page = studio(root).get(f"/runs/{again.run}/sheets/{report.assets[0].id}").text
    assert "headline.text" in page


def test_focus_box_and_color_are_nudged_and_a_text_is_what_it_says_and_no_code(studio: Open, first: tuple[Path, str, Any]) -> None:
    root, sheet, report = first
    visit, said = studio(root), "{{ product.name }} {% raw %} 50% {# no"
    page = visit.get(f"{sheet}/change").text
    assert '<span class="soft" id="row" dir="auto">Everyday Mug · English (United Kingdom)</span>' in page
    for field in ('data-layer="scene"', 'name="focus"', 'name="box.width"', '<option value="primary">'):
        assert field in page
    changes = [
        {"layer": "scene", "key": "focus", "value": ["20%", "80%"]}, {"layer": "headline", "key": "color", "value": "accent"},
        {"layer": "headline", "key": "box.width", "value": "300px"}, {"layer": "subline", "key": "text", "value": said},
    ]  # fmt: skip
    changes = [one for one in changes if f'data-layer="{one["layer"]}"' in page] + [{"layer": "name", "key": "text", "value": said}]
    assert visit.send(f"{sheet}/override", {"changes": changes}).status_code == 200
    again = run_job(root / "jobs" / "first-run.yaml", Settings(inline=True))
    made = next(one for one in again.assets if one.id == report.assets[0].id)
    assert {one.id: one.text for one in made.text}["name"] == said.upper()
    changed = {one.key: one.value for one in made.overrides}
    assert list(changed["scene.focus"]) == ["20%", "80%"]
    assert changed["headline.color"] == "accent"
    project = visit.client.app.state.campaign.run("latest").project()
    plain = next(one for one in project.layouts["social/square"].layout.layers if one.id == "headline").box
    [own] = [one for variant in load_job(root / "jobs" / "first-run.yaml", Settings()).variants.values()
             for one in variant.loaded.layout.layers if one.id == "headline"]  # fmt: skip
    assert (own.box.x, own.box.y, own.box.height) == (plain.x, plain.y, plain.height)
    assert own.box.width != plain.width


def test_what_was_rejected_is_the_first_thing_that_people_change(studio: Open, first: tuple[Path, str, Any]) -> None:
    root, _, _ = first
    again = run_job(root / "jobs" / "first-run.yaml", Settings(inline=True))
    visit, one = studio(root), again.assets[0].id
    visit.send(f"/runs/{again.run}/decisions", {"tiles": [one], "verdict": "reject", "reason": "a typo"})
    assert visit.get(f"/runs/{again.run}/sheets/{one}/now").json()["picture"]


def test_a_change_by_hand_is_taken_back_on_the_page(studio: Open, first: tuple[Path, str, Any]) -> None:
    """What is left of it in the file is what was there before it."""
    root, sheet, _ = first
    visit, job, written = studio(root), root / "jobs" / "first-run.yaml", root / "jobs" / "first-run-overrides.yaml"
    for change in [("cta", "text", "Now"), ("cta", "shift", ["4px", "0px"]), ("name", "hidden", True), ("headline", "box.width", "300px")]:
        visit.send(f"{sheet}/override", {"changes": [dict(zip(("layer", "key", "value"), change, strict=True))]})
    page = visit.get(f"{sheet}/change").text
    assert all(f'data-layer="{layer}" data-key="{key}"' in page for layer, key in [("cta", "shift"), ("name", "hidden"), ("headline", "box")])
    assert visit.send(f"{sheet}/override/undo", {"layer": "cta", "key": "text"}).json() == {"file": "jobs/first-run-overrides.yaml"}
    [own] = [one for one in load_job(job, Settings()).overrides.every if one.written.change.get("cta")]
    assert own.written.change["cta"] == {"shift": ["4px", "0px"]}
    assert set(own.written.was["cta"]) == {"box"}, "what the shift stands on"
    assert 'data-layer="cta" data-key="text"' not in visit.get(f"{sheet}/change").text
    before = written.read_bytes()
    for said in ({"layer": "cta", "key": "text"}, {"layer": "nobody", "key": "text"}, {"layer": "cta"}, {"layer": 5, "key": "text"}):
        assert visit.send(f"{sheet}/override/undo", said).status_code == 400
    assert written.read_bytes() == before
    for one in load_job(job, Settings()).overrides.every:
        for layer, keys in one.written.change.items():
            for key in keys:
                assert visit.send(f"{sheet}/override/undo", {"layer": layer, "key": key}).status_code == 200
    assert "Changed by hand so far" not in visit.get(f"{sheet}/change").text
    assert load_job(job, Settings()).overrides.every == ()
    assert [line["what"] for line in visit.client.app.state.audit.lines()].count("override-undo") >= 4


def test_sizes_of_texts_are_told_in_the_unit_of_the_layout(studio: Open, first: tuple[Path, str, Any]) -> None:
    root, sheet, _ = first
    page = studio(root).get(sheet).text
    assert " px</bdi> · 1 line" in page
    assert " pt" not in page


def test_from_a_campaign_without_runs_a_headline_is_changed_run_and_taken_back(
    browser_session: Any, tmp_path: Path
) -> None:
    """What somebody does who reads nothing: run the job, look, change a word, run again, take it back."""
    write_campaign(tmp_path, "Plain")
    job = tmp_path / "jobs" / "first-run.yaml"
    text = job.read_text("utf-8").replace("  - social/story\n  - print/a5-flyer\n", "")
    job.write_text(text.replace("locale: region.locale\n", "where: product.sku == 'MUG-350' and region.locale == 'en-GB'\nlocale: region.locale\n"), "utf-8")
    browser, rows = browser_session, "document.querySelectorAll('table.runs tbody tr').length === "
    browser.size(1400, 900)
    with serving(tmp_path) as address:
        browser.open(f"{address}/?token={TOKEN}")
        for number in (1, 2):
            assert browser.text(".run-form button") == ("Run it", "Run again")[number - 1]
            browser.js("document.querySelector('.run-form button').click()")
            browser.wait(f"{rows}{number}", 90)
            click(browser, "table.runs tbody a")
            browser.wait("document.querySelector('.tile a.card')")
            click(browser, ".tile a.card")
            browser.wait("document.querySelector('a[href$=\"/change\"]')")
            if number == 1:
                click(browser, 'a[href$="/change"]')
                browser.wait("!document.getElementById('now').hidden")
                browser.js("document.querySelector('[data-layer=headline] textarea').select()")
                browser.press("Made by hand")
                click(browser, "#nudge-form .primary")
                browser.wait("document.querySelectorAll('.nudges li').length === 1")
                browser.open(address)
        browser.wait("document.body.textContent.includes('Made by hand')")
        click(browser, 'a[href$="/change"]')
        browser.wait("!document.getElementById('now').hidden")
        click(browser, ".nudges button")
        browser.wait("!document.querySelector('.nudges') && document.getElementById('toast').textContent.startsWith('Taken back.')")
        assert load_job(job, Settings()).overrides.every == ()
        browser.open(address)
        browser.js("runQuoted(document.querySelector('.run-form button'), document.querySelector('.run-form .bill'), async () => ({pictures: 2, price_usd: null}), () => { throw 'bought'; })")
        browser.wait("document.querySelector('.run-form .bill').textContent.includes('Nobody knows what these pictures cost')")
        assert not browser.js("return document.querySelector('.run-form input') || document.querySelector('.run-form .bill button')")
        browser.open("about:blank")
    assert browser.complaints() == []


def click(browser: Any, selector: str) -> None:
    """What is found by it, also where a page that is just told of a change puts it there anew meanwhile."""
    from selenium.common.exceptions import StaleElementReferenceException

    for last in (False, False, True):
        try:
            browser.driver.find_element("css selector", selector).click()
            return
        except StaleElementReferenceException:
            if last:
                raise
