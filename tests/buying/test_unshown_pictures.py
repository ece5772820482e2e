"""A picture that no sheet shows is neither planned nor paid: what a layer stands under, and what others go by, counts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from small_campaign import Campaign

from pressrun import registry
from pressrun.commands.studio.campaign import Campaign as StudioCampaign
from pressrun.decisions.latest_decisions import sheet_content
from pressrun.doors import Doors
from pressrun.load import load_project
from pressrun.model.journal import Decision, Verdict
from pressrun.model.settings import Settings
from pressrun.providers.openai.rehearsal.server import Rehearsal, serve
from pressrun.run.edits.prompt_edits import PromptEdit, changed_prompts

PRODUCTS = "sku,name,photo\nM-1,A cup,one.png\nM-2,A jug,\nM-3,A mug,\n"
STILL = "type: image, picture: hero, box: {in: bleed}"
PHOTO = "type: image, file: '{{ product.photo }}', box: {in: bleed}"
NONE, WITH = "when: not product.photo", "when: product.photo"


@pytest.fixture
def pressrun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Campaign:
    campaign = Campaign(tmp_path, capsys)
    campaign.write("quality: low")
    write(campaign, "jobs/products.csv", PRODUCTS)
    Image.linear_gradient("L").resize((640, 640)).save(tmp_path / "jobs/one.png")
    monkeypatch.chdir(tmp_path)
    return campaign


@pytest.fixture(scope="module")
def drawn() -> Iterator[Rehearsal]:
    with serve(latency=0.01) as server:
        yield server


@pytest.fixture
def paid(pressrun: Campaign, drawn: Rehearsal) -> Campaign:
    at = f'{{type: openai, profile: rehearsal, calls: 1, output_format: jpeg, base_url: "{drawn.base_url}", '
    edit(pressrun, "jobs/mini.yaml", "{type: openai, ", at)
    return pressrun


def charged(server: Rehearsal) -> int:
    return int(server.settle()["totals"]["count"])


def kept(campaign: Campaign) -> list[str]:
    """The rows of the sheets of the last run, all of which are approved."""
    lines = (campaign.folder / "runs/latest/assets.jsonl").read_text("utf-8").splitlines()
    assert {json.loads(line)["decision"] for line in lines} == {"approved"}
    return [json.loads(line)["row"] for line in lines]


def write(campaign: Campaign, name: str, text: str) -> None:
    (campaign.folder / name).write_text(text, "utf-8")


def edit(campaign: Campaign, name: str, old: str, new: str) -> None:
    text = (campaign.folder / name).read_text("utf-8")
    assert old in text
    write(campaign, name, text.replace(old, new))


def lay_out(campaign: Campaign, keys: str) -> None:
    page = "page: {trim: [320px, 320px], bleed: 0mm, safe: 8px}\ntarget: screen\nformats: [png]\n"
    write(campaign, "templates/layouts/card.yaml", page + keys)


def planned(campaign: Campaign, *more: str) -> dict[str, Any]:
    code, out, err = campaign("plan", "--json", *more)
    assert code == 0, err + out
    return dict(json.loads(out))


def things(plan: dict[str, Any], of: str = "pictures") -> list[str]:
    """What the pictures of a plan are of, in the order of purchase."""
    return [one["prompt"].split()[1] for one in plan[of]]


LAYERS = {
    "two layers": f"layers: [{{{PHOTO}, {WITH}}}, {{{STILL}, {NONE}}}]",
    "a group": f"layers: [{{type: group, id: all, {NONE}, layers: [{{type: group, layers: [{{{STILL}}}]}}]}}]",
    "a stack": f"layers: [{{type: stack, {NONE}, layers: [{{type: image, picture: hero, box: {{height: 90px}}}}]}}]",
    "alternatives": f"layers: [{{id: one, {PHOTO}, {WITH}}}, {{id: one, {STILL}, when: product.sku}}]",
    "items": f"layers: [{{{STILL}, repeat: {{of: \"('a', 'b')\", where: not product.photo}}}}]",
    "a pattern": f"layers: [{{type: shape, {NONE}, picture: hero, fill: {{pattern: picture, size: 40px}}}}]",
    "a page": f"pages: [{{layers: []}}, {{{NONE}, layers: [{{{STILL}}}]}}]",
}


@pytest.mark.parametrize("keys", LAYERS.values(), ids=LAYERS)
def test_a_picture_is_wanted_by_the_rows_that_show_it(pressrun: Campaign, keys: str) -> None:
    lay_out(pressrun, keys)
    if "pages" in keys:
        edit(pressrun, "templates/layouts/card.yaml", "[png]", "[screen-pdf]")
    assert things(planned(pressrun)) == ["jug", "mug"]


def test_where_pages_decide_the_rows_that_may_show_it_want_it(pressrun: Campaign) -> None:
    lay_out(pressrun, f"pages: [{{layers: [{{{STILL}, when: page.number > 1 and not product.photo}}]}}]")
    edit(pressrun, "templates/layouts/card.yaml", "[png]", "[screen-pdf]")
    assert things(planned(pressrun)) == ["jug", "mug"]


def test_a_picture_that_some_layout_shows_is_planned_once(pressrun: Campaign) -> None:
    lay_out(pressrun, f"layers: [{{{STILL}}}]")
    whole = (pressrun.folder / "templates/layouts/card.yaml").read_text("utf-8")
    write(pressrun, "templates/layouts/whole.yaml", whole)
    lay_out(pressrun, LAYERS["two layers"])
    edit(pressrun, "jobs/mini.yaml", "layouts: [card]", "layouts: [card, whole]")
    edit(pressrun, "jobs/mini.yaml", '"{{ product.sku }}"', '"{{ product.sku }}-{{ layout.name }}"')
    plan = planned(pressrun)
    assert things(plan) == ["cup", "jug", "mug"]
    assert [one["uses"] for one in plan["pictures"]] == [1, 2, 2]


def test_a_change_by_hand_shows_a_picture_or_takes_it_away(pressrun: Campaign) -> None:
    lay_out(pressrun, f"layers: [{{id: photo, {PHOTO}, {WITH}}}, {{id: still, {STILL}, {NONE}}}]")
    changes = (
        "overrides:\n"
        f"  - {{row: M-1, add: [{{id: more, {STILL}}}]}}\n"
        "  - {row: M-3, change: {still: {hidden: true}}}\n"
    )
    write(pressrun, "jobs/overrides.yaml", changes)
    edit(pressrun, "jobs/mini.yaml", "layouts: [card]", "layouts: [card]\noverrides: overrides.yaml")
    assert things(planned(pressrun)) == ["cup", "jug"]


def test_what_others_go_by_is_made_though_its_row_does_not_show_it(pressrun: Campaign) -> None:
    lay_out(pressrun, LAYERS["two layers"])
    write(pressrun, "jobs/products.csv", PRODUCTS + "M-4,A pot,one.png\n")
    edit(pressrun, "jobs/mini.yaml", "    masters:", "    anchor: hero/first\n    masters:")
    plan = planned(pressrun)
    assert (things(plan), things(plan, "waiting")) == (["cup"], ["jug", "mug"])


ANCHOR = "    anchor: hero/first\n    masters:"


def test_an_anchor_that_no_shown_picture_goes_by_is_not_bought(paid: Campaign, drawn: Rehearsal) -> None:
    before = charged(drawn)
    lay_out(paid, LAYERS["two layers"])
    edit(paid, "jobs/mini.yaml", "    masters:", ANCHOR)
    write(paid, "jobs/products.csv", "sku,name,photo\nM-1,A cup,one.png\nM-2,A jug,one.png\n")
    assert things(planned(paid)) == []
    assert (paid("run")[0], charged(drawn) - before) == (0, 0)

    write(paid, "jobs/products.csv", PRODUCTS)
    assert paid("run", "--only", "product.sku == 'M-1'")[0] == 0  # to be looked at before the others
    assert charged(drawn) - before == 1
    assert paid.said(["approve", "M-1.png"])[0] == 0
    assert (paid("run")[0], charged(drawn) - before) == (0, 3)


def test_what_an_anchor_goes_by_itself_is_wanted_with_it(pressrun: Campaign) -> None:
    lay_out(pressrun, f"layers: [{{{STILL}, {NONE}}}, {{{STILL.replace('hero', 'board')}, when: product.sku == 'X'}}]")
    edit(pressrun, "jobs/mini.yaml", "  hero:\n", "  hero:\n    anchor: board/M-1\n")
    board = "  board: {prompt: still-life.j2, anchor: board/M-4, masters: {square: {size: 1024x1024}}}\n"
    edit(pressrun, "jobs/mini.yaml", "pictures:\n", "pictures:\n" + board)
    write(pressrun, "jobs/products.csv", PRODUCTS + "M-4,A pot,one.png\n")
    plan = planned(pressrun)
    assert things(plan) == ["pot"]
    assert {one["waits_for"] for one in plan["waiting"]} == {"board/M-1", "board/M-4"}
    write(pressrun, "jobs/products.csv", "sku,name,photo\nM-1,A cup,one.png\nM-4,A pot,one.png\n")
    assert "waiting" not in (plan := planned(pressrun))
    assert things(plan) == []


def test_no_prompt_of_a_picture_that_no_sheet_shows_is_written(paid: Campaign, drawn: Rehearsal) -> None:
    before = charged(drawn)
    write(paid, "jobs/products.csv", "sku,name,photo,scene\nM-1,A cup,one.png,\nM-2,A jug,,On snow\n")
    write(paid, "templates/prompts/still-life.j2", "{{ product.name }} {{ product.scene[0].upper() }}\n")
    lay_out(paid, LAYERS["two layers"])
    code, _, err = paid("run")
    assert (code, charged(drawn) - before) == (0, 1), err
    lay_out(paid, f"layers: [{{{STILL}}}]")
    assert paid("run")[0] != 0
    assert charged(drawn) - before == 1


def test_what_people_said_holds_whatever_a_sheet_hides(paid: Campaign, drawn: Rehearsal) -> None:
    """A word on a sheet is one on what it shows; that on a picture holds on each sheet that comes to show it."""
    lay_out(paid, LAYERS["two layers"])
    paid("run")
    assert [paid.said(["approve", f"M-{row}.png"])[0] for row in (1, 2, 3)] == [0, 0, 0]
    before = charged(drawn)
    write(paid, "jobs/products.csv", PRODUCTS.replace("M-3,A mug,", "M-3,A mug,one.png"))
    edit(paid, "templates/prompts/still-life.j2", "table", "{{ 'tray' if product.photo else 'table' }}")
    code, _, err = paid("run", "--approved-only")
    assert (code, charged(drawn) - before) == (0, 0), err
    assert kept(paid) == ["M-1", "M-2"]
    write(paid, "jobs/products.csv", PRODUCTS)
    write(paid, "templates/prompts/still-life.j2", "{{ product.name }} on a table\n")
    assert (paid("run", "--approved-only")[0], charged(drawn) - before) == (0, 0)
    assert kept(paid) == ["M-1", "M-2", "M-3"]


def test_a_changed_prompt_is_told_of_and_priced_for_pictures_that_are_shown(pressrun: Campaign) -> None:
    lay_out(pressrun, LAYERS["two layers"])
    write(pressrun, "jobs/products.csv", "sku,name,photo,scene\nM-1,A cup,one.png,\nM-2,A jug,,snow\n")
    scene = "{% block scene %}on a table{% endblock %} {{ product.name }} {{ product.scene[0].upper() }}\n"
    write(pressrun, "templates/prompts/still-life.j2", scene)
    square = "      square: {size: 1024x1024}\n"
    edit(pressrun, "jobs/mini.yaml", square, f"{square}      tall: {{size: 1024x2048}}\n")
    project = load_project(pressrun.folder / "jobs/mini.yaml", registry)
    with Doors(project.root, Settings(inline=True), reading=True) as doors:
        change = PromptEdit("hero", "scene", "on a beach")
        told = changed_prompts(project, change, doors.read_journal(), doors.store)
    assert [(one.prompt.master, one.row) for one in told] == [("square", "M-2")]


def test_what_was_said_on_an_anchors_sheet_holds_when_nothing_goes_by_it_any_more(
    paid: Campaign, drawn: Rehearsal
) -> None:
    """A word on a sheet is one on what it shows; that it is one on the anchor, too, is kept apart."""
    before = charged(drawn)
    lay_out(paid, LAYERS["two layers"])
    edit(paid, "jobs/mini.yaml", "    masters:", ANCHOR)
    paid("run", "--only", "product.sku == 'M-1'")
    [line] = (paid.folder / "runs/latest/assets.jsonl").read_text("utf-8").splitlines()
    assert [one["shown"] for one in json.loads(line)["pictures"]] == [False]
    assert paid.said(["approve", "M-1.png"])[0] == 0
    _, listed, _ = paid.said(["approve", "--list"])
    assert listed.count("M-1 card") == 2
    assert listed.count("what others go by") == 1

    write(paid, "jobs/products.csv", "sku,name,photo\nM-1,A cup,one.png\nM-2,A jug,one.png\n")
    code, _, err = paid("run", "--approved-only")
    assert (code, kept(paid)) == (0, ["M-1"]), err
    assert "no longer as they were" not in err

    write(paid, "jobs/products.csv", PRODUCTS)
    assert (paid("run")[0], charged(drawn) - before) == (0, 3)  # the anchor is approved as it was
    assert paid.said(["approve", "M-1.png", "--undo"])[0] == 0
    assert len(planned(paid)["waiting"]) == 2


def test_who_rejects_a_sheet_that_shows_no_anchor_takes_the_anchors_approval_back(paid: Campaign) -> None:
    lay_out(paid, LAYERS["two layers"])
    edit(paid, "jobs/mini.yaml", "    masters:", ANCHOR)
    paid("run", "--only", "product.sku == 'M-1'")
    paid.said(["approve", "M-1.png"])
    assert "waiting" not in planned(paid)
    paid.said(["reject", "M-1.png"])
    assert "everything waits for hero/first" in paid("plan")[2]
    paid.said(["approve", "M-1.png"])
    assert "waiting" not in planned(paid)


def test_a_file_tells_of_no_picture_that_it_does_not_show(paid: Campaign) -> None:
    lay_out(paid, LAYERS["two layers"])
    paid("run", "--only", "product.sku == 'M-1'")
    alone = (paid.folder / "runs/latest/assets/M-1.png").read_bytes()
    edit(paid, "jobs/mini.yaml", "    masters:", ANCHOR)
    paid("run", "--only", "product.sku == 'M-1'")
    assert (paid.folder / "runs/latest/assets/M-1.png").read_bytes() == alone
    [line] = (paid.folder / "runs/latest/assets.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["status"] == "reused"


def test_in_the_studio_too_a_word_on_an_anchors_sheet_is_one_on_the_anchor(paid: Campaign) -> None:
    lay_out(paid, LAYERS["two layers"])
    edit(paid, "jobs/mini.yaml", "    masters:", ANCHOR)
    paid("run", "--only", "product.sku == 'M-1'")
    campaign = StudioCampaign(paid.folder)
    standing = campaign.run("latest").standing
    [tile] = campaign.run("latest").shelf.tiles

    def say(verdict: Verdict) -> tuple[str, bool]:
        standing.decide(list(standing.decisions_on(tile, verdict, "Ann", "", "2027-01-01T00:00:00Z")))
        return standing.word(tile).state, "everything waits" not in paid("plan")[2] and "waiting" not in planned(paid)

    assert say("approve") == ("approved", True)
    assert say("reject") == ("rejected", False)
    assert say("approve") == ("approved", True)
    standing.decide(list(standing.decisions_on(tile, "withdraw", "Ann", "", "2027-01-01T00:00:00Z")))
    assert standing.word(tile).state == "undecided"
    assert len(planned(paid)["waiting"]) == 2
    # Earlier versions bound a decision about a sheet to all that it was had with.
    whole = sheet_content([campaign.journal.lookup(tile.unshown)[tile.unshown[0]].digest], tile.says)
    standing.decide([Decision(tile.subject("mini"), "approve", "Ann", "", whole, "2027-01-01T00:00:00Z")])
    assert (standing.word(tile).state, "waiting" in planned(paid)) == ("approved", False)
    standing.decide(list(standing.decisions_on(tile, "withdraw", "Ann", "", "2027-01-01T00:00:00Z")))
    assert standing.word(tile).state == "undecided"
    campaign.close()
