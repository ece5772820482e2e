"""Files that many rows are in, as the studio and the contact sheet have them: each has its tile and its name, and a word
about one is about the rows in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from merged_kit import Mailing, Ran, opened, rows_on
from starlette.testclient import TestClient

from pressrun.commands.studio import standing_decisions
from pressrun.commands.studio.server import app_of, close
from pressrun.manifest.merged_rows import merged_rows
from pressrun.run.kept.lines_read import sheet_in


@contextmanager
def studio(root: Path) -> Iterator[TestClient]:
    app = app_of(root, "way-in", "Mara")
    try:
        visitor = TestClient(app, base_url="http://127.0.0.1", follow_redirects=True)
        assert visitor.get("/?token=way-in").status_code == 200
        yield visitor
    finally:
        close(app)


def tiles(visitor: TestClient, run: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = visitor.get(f"/runs/{run}/tiles?from=0&count=9").json()["tiles"]
    return found


def said(visitor: TestClient, run: str, verdict: str, tile: str) -> str:
    """Where a tile stands once this was said of it."""
    csrf = visitor.app.state.keys.csrf(visitor.cookies.get("pressrun-studio"))  # type: ignore[attr-defined]
    word = {"verdict": verdict, "reason": "too pale", "tiles": [tile]}
    answer = visitor.post(f"/runs/{run}/decisions", json=word, headers={"x-csrf": str(csrf)})
    state: str = answer.json()["states"][tile]
    return state


@pytest.fixture
def ran(mailing: Mailing) -> Ran:
    return mailing.output(save_as="all", chunk=4).run()


def test_each_has_a_tile_and_a_name(mailing: Mailing, ran: Ran) -> None:
    with studio(mailing.root) as visitor:
        for run in (ran.folder.name, "job:mailing"):
            assert [tile["title"] for tile in tiles(visitor, run)] == ["all-1", "all-2"]
        first = tiles(visitor, ran.folder.name)[0]["id"]
        alike = visitor.get(f"/runs/{ran.folder.name}/sheets/{first}/series").json()["tiles"]
        assert [one["id"] for one in alike] == [first]


def test_each_has_a_name_on_the_contact_sheet(ran: Ran) -> None:
    page = (ran.folder / "contact-sheet.html").read_text("utf-8")
    found = re.search(r'id="page-data">(.*?)</script>', page, re.S)
    assert found
    index = json.loads(found[1])["index"]
    assert len(index["tiles"]) == 2
    assert {"all-1", "all-2"} <= set(index["words"])


def test_the_lines_of_two_are_of_two_sheets(ran: Ran) -> None:
    lines = [json.loads(line) for line in (ran.folder / "assets.jsonl").read_text("utf-8").splitlines()]
    assert len({sheet_in(line) for line in lines}) == 2


def test_a_word_about_one_is_about_the_rows_in_it(mailing: Mailing, ran: Ran) -> None:
    run = ran.folder.name
    with studio(mailing.root) as visitor:
        first, _ = (tile["id"] for tile in tiles(visitor, run))
        assert said(visitor, run, "reject", first) == "rejected"
        assert [tile["state"] for tile in tiles(visitor, run)] == ["rejected", "undecided"]
    after = mailing.run()
    assert list(after.files) == ["all.pdf"]
    assert rows_on(after.words("all.pdf")) == [row.row for row in merged_rows(ran.folder, "assets/all-2.pdf")]
    with studio(mailing.root) as visitor:
        assert said(visitor, run, "withdraw", first) == "undecided"
    assert len(mailing.run().files) == 2


def test_where_its_rows_stand_apart_it_is_undecided(mailing: Mailing, ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    from pressrun.commands import cli

    mailing.set(save_as="{{ person.id }}").output(singles=True, save_as="all", chunk=4)
    monkeypatch.chdir(mailing.root)
    run = mailing.run().folder.name
    assert cli.run_command(["reject", "p2.pdf", "--reason", "moved"]) == 0
    with studio(mailing.root) as visitor:
        states = {tile["title"]: tile["state"] for tile in tiles(visitor, run)}
    assert states["all-1"] == states["all-2"] == "undecided"
    assert list(states.values()).count("rejected") == 1


@pytest.mark.parametrize(("output", "titles"), [
    ({"save_as": "all", "chunk": 4}, ["Harbour Post · mailing · card · 1", "Harbour Post · mailing · card · 2"]),
    ({"save_as": "{{ person.route }}", "by": "person.route"}, [f"Harbour Post · mailing · card · {route}" for route in ("east", "north")]),
    ({}, ["Harbour Post · mailing · card"]),
])  # fmt: skip
def test_each_says_in_its_title_what_it_is(mailing: Mailing, output: dict[str, Any], titles: list[str]) -> None:
    files = mailing.output(**output).run().files
    found = []
    for data in files.values():
        with opened(data) as pdf:
            found.append(str(pdf.docinfo.Title))
            assert found[-1] in pdf.Root.Metadata.read_bytes().decode()
    assert found == titles


def test_the_rows_of_a_run_are_read_once_for_all_its_files(mailing: Mailing, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = mailing.output(save_as="all", chunk=1).run()
    read: list[Path] = []
    monkeypatch.setattr(
        standing_decisions, "merged_rows", lambda folder, *path: (read.append(folder), merged_rows(folder, *path))[1]
    )
    with studio(mailing.root) as visitor:
        assert len(tiles(visitor, ran.folder.name)) == 6
    assert read == [ran.folder]
