"""Sheets side by side, and a run against another: what changed, and why, from what the records say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from studio_samples import LAYOUTS, RUN, asset, lines, write_run

from pressrun.stores.sqlite import SqliteJournal

Open = Callable[..., Any]
LATER = "20270302-100000-launch"


def picture(**other: Any) -> list[dict[str, Any]]:
    return [asset(1, "en-GB", LAYOUTS[0])["pictures"][0] | other]


@pytest.mark.parametrize(
    ("other", "why", "told"),
    [
        ({"text": [{"id": "headline", "lines": 1, "overflow": False, "size_pt": 39.0, "text": "Other words"}]}, "Text", "Other words"),
        ({"text": [{"id": "headline", "lines": 2, "overflow": False, "size_pt": 20.0, "text": "Words in en-GB"}]}, "Size of the text", "<bdi>26.67 px</bdi> · 2 lines"),
        ({"pictures": picture(key="a" * 64, prompt="Subject: snow")}, "Prompt", "Subject: snow"),
        ({"pictures": picture(key="a" * 64, model="gpt-image-2")}, "Model", "gpt-image-2"),
        ({"pictures": picture(key="a" * 64, take=2)}, "Take", "2"),
        ({"pictures": picture(steps=["tone"])}, "Retouching", "tone"),
        ({"pictures": picture(sha256="b" * 64)}, "Recipe of the retouching", "bbbbbbbbbbbb"),
        ({"choices": [{"layer": "headline", "chosen": "paper", "contrast": 7.0}]}, "Choice of ink or logo", "paper"),
        ({}, "Layout, brand or what it places", "social/square"),
    ],
)  # fmt: skip
def test_why_a_sheet_changed_is_told(studio: Open, tmp_path: Path, other: dict[str, Any], why: str, told: str) -> None:
    first = asset(1, "en-GB", LAYOUTS[0])
    write_run(tmp_path, RUN, [first, asset(2, "en-GB", LAYOUTS[0])], pictured=False, inputs={"jobs/a.csv": "1"})
    later = [first | other | {"sha256": "c" * 64}, asset(3, "en-GB", LAYOUTS[0])]
    write_run(tmp_path, LATER, later, pictured=False, inputs={"jobs/a.csv": "2"})
    page = studio(tmp_path).get(f"/runs/{LATER}/against/{RUN}").text
    assert f"<b>{why}</b>" in page
    assert told in page
    assert "jobs/a.csv" in page
    assert page.count('<a class="pair"') == 1
    assert "SKU-00002" in page
    assert "SKU-00003" in page


def test_of_a_long_prompt_the_words_that_differ_are_shown(studio: Open, tmp_path: Path) -> None:
    prompt = "Scene: a quiet kitchen in the morning, soft light from the left, linen and oak, nothing that tells a brand <b>"
    first = asset(1, "en-GB", LAYOUTS[0]) | {"pictures": picture(prompt=prompt)}
    write_run(tmp_path, RUN, [first], pictured=False)
    other = picture(prompt=prompt.replace("quiet kitchen", "busy <i>"), key="a" * 64)
    write_run(tmp_path, LATER, [first | {"pictures": other, "sha256": "c" * 64}], pictured=False)
    page = studio(tmp_path).get(f"/runs/{LATER}/against/{RUN}").text
    assert "<b>Prompt</b> <bdi>Hero, square</bdi>" in page
    assert "Scene: a <del>quiet kitchen</del><ins>busy &lt;i&gt;</ins> in the morning" in page
    assert "nothing that tells" not in page


def test_a_partial_run_loses_nothing_and_other_engines_are_named(studio: Open, tmp_path: Path) -> None:
    """It made some of the sheets; of what files are made with, what is another version is told."""
    write_run(tmp_path, RUN, lines(2))
    later = write_run(tmp_path, LATER, lines(1)) / "manifest.json"
    later.write_text(later.read_text("utf-8").replace('["one"]', '["one", "typst 9"]'), "utf-8")
    page = studio(tmp_path).get(f"/runs/{LATER}/against/{RUN}").text
    assert "Gone" not in page
    assert "<dt>only in the earlier run</dt><dd>6</dd>" in page
    assert "it was asked for others." in page
    assert "<bdi>typst 9</bdi>" in page


def test_a_sheet_is_led_to_beside_its_takes_languages_branches_and_runs(studio: Open, tmp_path: Path) -> None:
    first, german, arabic = (one for one in lines(1) if one["format"] == "jpeg")
    other = {**first, "id": "f" * 12, "take": 2, "sha256": "e" * 64}
    write_run(tmp_path, RUN, [first, german, arabic, other])
    write_run(tmp_path, LATER, [{**first, "sha256": "d" * 64}], started="2099-01-01T10:00:00Z")
    journal = SqliteJournal(tmp_path / ".pressrun" / "journal.db")
    journal.set_head(first["pictures"][0]["key"], "snow scene", "a" * 64)
    journal.close()
    visit, sheet = studio(tmp_path), f"/runs/{RUN}/sheets/{first['id']}"
    told = {one["id"]: one["caption"] for one in visit.get(f"/runs/{RUN}/tiles?from=0&count=9").json()["tiles"]}
    assert told[other["id"]] == f"{told[first['id']]} · take 2"
    page = visit.get(sheet).text
    for what, others in {
        "takes": [other["id"]], "languages": [german["id"], arabic["id"]], "branches": [f"{first['id']}@snow%20scene"],
    }.items():  # fmt: skip
        assert f'/beside/{what}"' in page
        answer = visit.client.get(f"{sheet}/beside/{what}", follow_redirects=False)
        ways = "&".join(f"with={one}" for one in (first["id"], *others))
        assert answer.headers["location"] == f"/runs/{RUN}/compare?{ways}"
    both = visit.get(f"{sheet}/beside/runs")
    assert str(both.url).endswith(f"?with={RUN}/{first['id']}&with={LATER}/{first['id']}")
    assert visit.get(f"{sheet}/beside/nothing").status_code == 400
    assert visit.get(f"/runs/{RUN}/sheets/{german['id']}/beside/takes").status_code == 404
    assert f"{sheet}/branch/snow%20scene" in visit.get(f"{sheet}/beside/branches").text
    assert visit.get(f"/runs/{RUN}/compare?with={first['id']}&with={first['id']}@nobody").status_code == 400


def test_a_take_that_was_made_later_is_seen_beside_the_first(studio: Open, tmp_path: Path) -> None:
    """The link to other runs led nowhere: only the same take was looked for."""
    first = lines(1)[0]
    second = {**first, "id": "f" * 12, "take": 2, "sha256": "e" * 64}
    failed = {**first, "sha256": None, "status": "failed", "media_type": ""}
    write_run(tmp_path, RUN, [first])
    write_run(tmp_path, LATER, [second])
    write_run(tmp_path, "20270303-100000-launch", [failed])
    visit, both = studio(tmp_path), f"?with={RUN}/{first['id']}&with={LATER}/{second['id']}"
    assert '/beside/takes"' in visit.get(f"/runs/{LATER}/sheets/{second['id']}").text
    takes = str(visit.get(f"/runs/{LATER}/sheets/{second['id']}/beside/takes").url)
    assert takes.endswith(f"?with={second['id']}&with={RUN}/{first['id']}")
    compared = visit.get(takes.removeprefix("http://127.0.0.1")).text
    assert compared.index(f"/runs/{RUN}/pictures/") < compared.index(f"/runs/{LATER}/pictures/"), "in their order"
    against = visit.get(f"/runs/{LATER}/against/{RUN}").text
    assert "<dt>only in the earlier run</dt><dd>0</dd>" in against
    assert "<dt>changed sheets</dt><dd>1</dd>" in against, "another take is another sheet, and the other is not gone"
    for run, sheet in ((RUN, first), (LATER, second)):
        assert str(visit.get(f"/runs/{run}/sheets/{sheet['id']}/beside/runs").url).endswith(both)


def test_two_to_six_sheets_stand_side_by_side(studio: Open, campaign: Path) -> None:
    visit, ids = studio(campaign), [one["id"] for one in lines(4) if one["format"] == "jpeg"]
    page = visit.get(f"/runs/{RUN}/compare?" + "&".join(f"with={one}" for one in ids)).text
    assert page.count('<figure class="side">') == 6
    assert visit.get(f"/runs/{RUN}/compare?with={ids[0]}").status_code == 400
    assert visit.get(f"/runs/{RUN}/compare?with={ids[0]}&with=ffff").status_code == 404


@pytest.mark.parametrize("other", [
    {"pictures": picture(key="e" * 64, sha256="d" * 64)}, {"says": "of other words"},
])  # fmt: skip
def test_what_changed_since_it_was_decided_is_seen_in_both_versions(
    studio: Open, tmp_path: Path, other: dict[str, Any]
) -> None:  # fmt: skip
    campaign, first = tmp_path, {**lines(1)[0], "says": "words"}
    write_run(campaign, RUN, [first])
    visit = studio(campaign)
    visit.send(f"/runs/{RUN}/decisions", {"tiles": [first["id"]], "verdict": "approve"})
    write_run(campaign, "20270301-200000-launch", [{**first, "says": "words that nobody decided about"}])
    write_run(campaign, LATER, [{**first, **other}], started="2099-01-01T10:00:00Z")
    sheet = visit.get(f"/runs/{LATER}/sheets/{first['id']}").text
    assert 'class="badge state changed"' in sheet
    assert f"/runs/{LATER}/sheets/{first['id']}/earlier" in sheet
    both = visit.get(f"/runs/{LATER}/sheets/{first['id']}/earlier").text
    assert f"/runs/{RUN}/pictures/{first['id']}/view" in both
    assert f"/runs/{LATER}/pictures/{first['id']}/view" in both
