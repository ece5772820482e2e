"""Pages to look at: jobs, walls, sheets, pictures, over HTTP."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat
from studio_samples import LAYOUTS, RUN, asset, lines, write_many, write_run

from pressrun.commands.studio.tiles import Shelf, shelf_of

Open = Callable[..., Any]


def shape(answer: Any) -> dict[str, Any]:
    """What a wall's page hands to its script."""
    block = answer.text.partition('id="shape">')[2].partition("</script>")[0]
    return dict(json.loads(block))


def test_in_arabic_no_part_of_a_caption_is_taken_apart_and_two_languages_are_both(studio: Open, campaign: Path) -> None:
    """Of "take 2 · Square" the name of the layout was cut off: it stood at the far end."""
    visit = studio(campaign)
    tile = visit.get(f"/runs/{RUN}/tiles?from=0&count=1", **{"accept-language": "ar"}).json()["tiles"][0]
    assert tile["what"] == "\u2066Square\u2069"
    write_run(campaign, "20270302-100000-launch", lines(1, ("en-GB", "de-DE")), pictured=False)
    page = visit.get(f"/runs/20270302-100000-launch/sheets/{lines(1)[0]['id']}").text
    assert "Decide about both languages …" in page
    assert '<option value="" selected>—</option>' in page, "the source's own sheet stands beside no other copy"


def test_what_is_chosen_is_seen_as_chosen_where_nothing_has_it(studio: Open, campaign: Path) -> None:
    page = studio(campaign).get(f"/runs/{RUN}?finding=any-error&key.product=SKU-00009").text
    for value, name in (("any-error", "any error"), ("SKU-00009", "SKU-00009")):
        assert f'<option value="{value}" selected>{name} (0)</option>' in page
    assert 'id="approve-all" disabled>' in page


def test_a_page_brings_its_first_tiles_and_a_missing_picture_is_no_page(studio: Open, campaign: Path) -> None:
    visit, first = studio(campaign), lines(1)[0]
    brought = shape(visit.get(f"/runs/{RUN}"))["tiles"]
    assert brought == visit.get(f"/runs/{RUN}/tiles?from=0&count=60").json()["tiles"]
    (campaign / "runs" / RUN / first["path"]).unlink()
    answer = visit.get(f"/runs/{RUN}/pictures/{first['id']}/tile", accept="image/avif,image/webp,*/*;q=0.8")
    assert (answer.status_code, answer.text) == (404, "the file is no longer where it was delivered")


def test_jobs_and_their_runs_are_listed(studio: Open, campaign: Path) -> None:
    write_run(campaign, "20270302-100000-launch", lines(1), pictured=False)
    answer = studio(campaign).get("/")
    assert answer.status_code == 200
    assert f"/runs/20270302-100000-launch/against/{RUN}" in answer.text


def test_a_press_file_and_its_proof_are_one_tile(studio: Open, campaign: Path) -> None:
    tiles = studio(campaign).get(f"/runs/{RUN}/tiles?from=0&count=400").json()["tiles"]
    assert len(tiles) == 4 * 3 * 2
    assert [one["formats"] for one in tiles[:2]] == [["jpeg"], ["press-pdf", "proof-png"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", 24), ("locale=de-DE", 8), ("layout=social/square", 12), ("format=proof-png", 12), ("key.product=SKU-00002", 6),
        ("decision=undecided", 24), ("decision=approved", 0), ("branch=trunk", 24), ("cost=free", 24), ("finding=none", 22),
        ("finding=text-too-long", 2), ("finding=any-error", 2), ("q=sku-00003+a5", 3), ("locale=de-DE&layout=social/square", 4),
        ("nonsense=1", 24),
    ],
)  # fmt: skip
def test_an_address_is_a_work_list(studio: Open, tmp_path: Path, query: str, expected: int) -> None:
    found = [{"severity": "error", "code": "text-too-long", "message": "the text is too long", "layer": "headline"}]
    listed = [one | {"findings": found} if "SKU-00001/de-DE" in one["row"] else one for one in lines(4)]
    write_run(tmp_path, RUN, listed, pictured=False)
    assert shape(studio(tmp_path).get(f"/runs/{RUN}?{query}"))["total"] == expected


def test_a_page_is_short_where_thousands_are_in_one_group(studio: Open, tmp_path: Path) -> None:
    write_many(tmp_path, RUN, 100)
    visit = studio(tmp_path)
    first, last = (visit.get(f"/runs/{RUN}?order=worst&page={number}") for number in (1, 10))
    assert [page.text.count('class="card"') for page in (first, last)] == [60, 60]
    assert shape(first)["total"] == 600


def test_the_worst_come_first(studio: Open, tmp_path: Path) -> None:
    weak = [{"layer": "headline", "chosen": "ink", "contrast": 1.5}]
    small = [{"id": "headline", "lines": 3, "overflow": False, "size_pt": 12.0, "text": "Kaum zu lesen"}]
    failed = {"status": "failed", "sha256": None, "bytes": 0}
    write_run(tmp_path, RUN, [
        asset(1, "en-GB", LAYOUTS[0]), asset(2, "en-GB", LAYOUTS[0], choices=weak),
        asset(3, "en-GB", LAYOUTS[0], text=small), asset(4, "en-GB", LAYOUTS[0], **failed),
    ], pictured=False)  # fmt: skip
    visit = studio(tmp_path)
    tiles = visit.get(f"/runs/{RUN}/tiles?order=worst&from=0&count=9").json()["tiles"]
    title = tiles[0]["title"]
    under = f'<span class="caption-row caption-title" dir="auto" title="{title}">{title}</span>'
    assert under in visit.get(f"/runs/{RUN}?order=worst").text, "no heading says what it is of"
    assert under not in visit.get(f"/runs/{RUN}").text
    products = [one["title"] for one in tiles]
    assert products[:2] == ["SKU-00004", "SKU-00003"]


def test_without_scripts_pages_follow_each_other_and_no_group_is_cut(studio: Open, tmp_path: Path) -> None:
    write_run(tmp_path, RUN, lines(40), pictured=False)
    first, second = (studio(tmp_path).get(f"/runs/{RUN}?page={number}").text for number in (1, 2))
    for page in (first, second):
        assert page.count('class="tile"') % 6 == 0
    assert f"/runs/{RUN}?page=2" in first
    assert re.findall(r'<h2 dir="auto">(.+?)</h2>', first + second) == [f"SKU-{number:05d}" for number in range(20)]


def test_a_sheet_shows_its_text_beside_that_of_the_source(studio: Open, campaign: Path) -> None:
    visit = studio(campaign)
    german = next(one for one in lines(1) if one["locale"] == "de-DE")
    page = visit.get(f"/runs/{RUN}/sheets/{german['id']}").text
    assert "Words in de-DE" in page
    assert "Words in en-GB" in page
    assert "Words in ar-AE" in visit.get(f"/runs/{RUN}/sheets/{german['id']}?source=ar-AE").text


def test_a_press_file_is_seen_as_its_proof(studio: Open, campaign: Path) -> None:
    visit = studio(campaign)
    press = next(one for one in lines(1) if one["format"] == "press-pdf")
    proof = next(one for one in lines(1) if one["format"] == "proof-png" and one["row"] == press["row"])
    ramps = (Image.linear_gradient("L"), Image.radial_gradient("L"), Image.linear_gradient("L").rotate(90))
    drawn = Image.merge("RGB", ramps).resize((1050, 1480))
    drawn.save(campaign / "runs" / RUN / proof["path"])
    seen = visit.get(f"/runs/{RUN}/pictures/{press['id']}/full")
    assert seen.content == (campaign / "runs" / RUN / proof["path"]).read_bytes()
    tile = Image.open(io.BytesIO(visit.get(f"/runs/{RUN}/pictures/{press['id']}/tile").content)).convert("RGB")
    assert tile.height < drawn.height
    apart = ImageChops.difference(tile, drawn.resize(tile.size, Image.Resampling.LANCZOS))
    assert max(ImageStat.Stat(apart).mean) < 2


def test_pictures_are_not_sent_again_when_they_are_known(studio: Open, campaign: Path) -> None:
    visit = studio(campaign)
    path = f"/runs/{RUN}/pictures/{lines(1)[0]['id']}/tile"
    tag = visit.get(path).headers["etag"]
    assert visit.client.get(path, headers={"if-none-match": tag}).status_code == 304


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_pages_speak_a_visitors_language(studio: Open, campaign: Path, language: str) -> None:
    visit = studio(campaign)
    page = visit.get(f"/runs/{RUN}", **{"accept-language": f"{language}-XX,en;q=0.5"}).text
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page
    visit.get("/language/de?to=//elsewhere.example/")
    assert '<html lang="de"' in visit.get("/").text


@pytest.mark.parametrize(("language", "title"), [("de", "Zu wenig Kontrast"), ("ar", "تباين ضعيف")])
def test_what_is_found_has_a_title_in_the_language_of_the_page(
    studio: Open, tmp_path: Path, language: str, title: str
) -> None:
    """What it says is English, and set so on a page that runs the other way."""
    found = [{"severity": "error", "code": "low-contrast", "message": "3.1:1 is too little", "hint": "take ink", "layer": "headline"},
             {"severity": "note", "code": "of-a-plug-in", "message": "nobody knows it"}]  # fmt: skip
    write_run(tmp_path, RUN, [one | {"findings": found} for one in lines(1)], pictured=False)
    visit = studio(tmp_path)
    page = visit.get(f"/runs/{RUN}/sheets/{lines(1)[0]['id']}", **{"accept-language": language}).text
    assert f"{title}</p>" in page
    for said in ("3.1:1 is too little", "take ink", "nobody knows it"):
        assert re.search(rf'lang="en" dir="ltr">{said}<', page), said
    assert f">{title} (" in visit.get(f"/runs/{RUN}", **{"accept-language": language}).text
    told = visit.get("/runs/nothing", **{"accept-language": language, "accept": "application/json"}).json()["findings"]
    assert told[0]["title"] == {"de": "Kein solcher Lauf", "ar": "لا دفعة بهذا الاسم"}[language]


@pytest.mark.parametrize("path", ["/runs/nothing", f"/runs/{RUN}/sheets/ffff", f"/runs/{RUN}/pictures/ffff/tile", f"/runs/{RUN}/masters/{'0' * 64}/tile"])
def test_what_is_not_there_is_told(studio: Open, campaign: Path, path: str) -> None:
    answer = studio(campaign).get(path)
    assert answer.status_code == 404
    assert "findings" in answer.text


def test_a_damaged_record_is_told_and_the_other_runs_are_still_there(studio: Open, campaign: Path) -> None:
    broken = write_run(campaign, "20270303-100000-launch", lines(1), pictured=False)
    (broken / "assets.jsonl").write_text('{"row": ')
    visit = studio(campaign)
    assert "damaged-record" in visit.get("/runs/20270303-100000-launch").text
    (broken / "manifest.json").write_text("[")
    assert visit.get("/").status_code == 200
    assert visit.get(f"/runs/{RUN}").status_code == 200


def test_a_run_without_files_and_a_campaign_without_runs_have_pages(studio: Open, tmp_path: Path) -> None:
    (tmp_path / "brands").mkdir()
    assert studio(tmp_path).get("/").status_code == 200
    write_run(tmp_path, RUN, [])
    assert studio(tmp_path).get(f"/runs/{RUN}").status_code == 200


def test_of_a_large_run_the_beginning_comes_first(
    studio: Open, campaign: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pressrun.commands.studio.campaign.LARGE", 1)
    monkeypatch.setattr("pressrun.commands.studio.campaign.BEGINNING", 3)
    reading = threading.Event()

    def slowly(folder: Path, most: int | None = None) -> Shelf:
        assert most or reading.wait(20)
        return shelf_of(folder, most)

    monkeypatch.setattr("pressrun.commands.studio.campaign.shelf_of", slowly)
    visit = studio(campaign)
    assert '"partial":true' in visit.get(f"/runs/{RUN}").text
    assert len(visit.get(f"/runs/{RUN}/tiles?from=0&count=9&partial=1").json()["tiles"]) == 2  # of 3 files
    first = lines(1)[0]["id"]
    assert visit.get(f"/runs/{RUN}/pictures/{first}/tile").status_code == 200, "it waits for nothing else"
    reading.set()
    assert len(visit.get(f"/runs/{RUN}/tiles?from=0&count=99").json()["tiles"]) == 24
    assert '"partial":false' in visit.get(f"/runs/{RUN}").text


def test_all_runs_of_a_job_are_on_one_wall_each_version_of_a_sheet_once(studio: Open, campaign: Path) -> None:
    later = "20990101-100000-launch"
    other = [{**one, "sha256": "c" * 64, "says": "new"} if one["id"] == lines(1)[0]["id"] else one for one in lines(4)]
    write_run(campaign, later, other, started="2099-01-01T10:00:00Z")
    visit, first = studio(campaign), lines(1)[0]["id"]
    wall = "/runs/job:launch"
    assert wall.replace(":", "%3A") in visit.get("/").text
    told = visit.get(f"{wall}/tiles?from=0&count=400").json()["tiles"]
    assert len(told) == 25
    assert [(one["of"], one["runs"]) for one in told if one["file"] == first] == [(later, 1), (RUN, 1)]
    assert {one["runs"] for one in told if one["file"] != first} == {2}
    old = visit.get(f"{wall}/tiles?run={RUN}&from=0&count=400").json()["tiles"]
    assert len(old) == 24
    page = visit.get(f"{wall}?group=versions").text
    assert '["SKU-00000 · English (United Kingdom) · Square",2]' in page
    answer = visit.send(f"{wall}/decisions", {"tiles": [f"{RUN}/{first}"], "verdict": "approve"}).json()
    assert answer["states"] == {f"{RUN}/{first}": "approved"}
    assert visit.get(f"/runs/{RUN}/tiles?decision=approved&from=0&count=9").json()["tiles"][0]["file"] == first
    assert visit.get(f"{wall}/compare?with={RUN}/{first}&with={later}/{first}").status_code == 200
    assert visit.get("/runs/job:nothing").status_code == 404


def test_no_first_page_waits_for_what_makes_files() -> None:
    """A studio is there in under a second: it imports neither what reads jobs nor what reads pictures."""
    slow = ("numpy", "pressrun.load", "pressrun.registry", "pressrun.model.brand", "pressrun.model.layout", "pressrun.model.job")
    code = f"import sys, pressrun.commands.studio.server; print([one for one in {slow} if one in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
