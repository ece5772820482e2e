"""Sets that go by one approved picture: as an anchor that is sent along, or as the master that variants are edits of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import ExifTags, Image, ImageChops
from small_campaign import Campaign

from pressrun.providers.openai.rehearsal.server import Rehearsal, serve
from pressrun.stores.folder import FolderStore
from pressrun.stores.sqlite import SqliteJournal

FIRST, SECOND = "M-1.png", "M-2.png"


@pytest.fixture(scope="module")
def drawn() -> Iterator[Rehearsal]:
    with serve(latency=0.01) as server:
        yield server


@pytest.fixture
def pressrun(
    tmp_path: Path, drawn: Rehearsal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Campaign:
    campaign = Campaign(tmp_path, capsys)
    campaign.write(f'profile: rehearsal, quality: low, calls: 1, output_format: jpeg, base_url: "{drawn.base_url}"')
    monkeypatch.chdir(tmp_path)
    return campaign


def with_slot(campaign: Campaign, keys: str, templates: dict[str, str] | None = None) -> Campaign:
    job = campaign.folder / "jobs/mini.yaml"
    job.write_text(job.read_text("utf-8").replace("    masters:", f"{keys}\n    masters:"), "utf-8")
    for name, text in (templates or {}).items():
        (campaign.folder / "templates/prompts" / name).write_text(text, "utf-8")
    return campaign


def anchored(campaign: Campaign) -> Campaign:
    numbered = "{% for one in references %}Image {{ one.number }}: {{ one.purpose }}\n{% endfor %}"
    numbered = "{{ product.name }} on a table\n" + numbered
    return with_slot(campaign, "    anchor: hero/first", {"still-life.j2": numbered})


def with_edits(campaign: Campaign, of: str = "hero/first") -> Campaign:
    edit = f'    edit: {{of: "{of}", prompt: change.j2}}'
    return with_slot(campaign, edit, {"change.j2": "It shows {{ product.name }} instead"})


def planned(campaign: Campaign, *more: str) -> dict[str, Any]:
    code, out, err = campaign("plan", "--json", *more)
    assert code == 0, err
    return dict(json.loads(out))


def lines(campaign: Campaign) -> dict[str, Any]:
    text = (campaign.folder / "runs/latest/assets.jsonl").read_text("utf-8")
    return {Path(one["path"]).name: one for one in map(json.loads, text.splitlines())}


def approve(campaign: Campaign, name: str) -> None:
    assert campaign.said(["approve", name])[0] == 0


def charged(server: Rehearsal) -> int:
    return int(server.settle()["totals"]["count"])


def test_others_wait_for_the_anchor_and_are_asked_for_with_it(pressrun: Campaign, drawn: Rehearsal) -> None:
    before = charged(drawn)
    anchored(pressrun)
    plan = planned(pressrun)
    assert [one["take"] for one in plan["pictures"]] == [1]
    assert [one["waits_for"] for one in plan["waiting"]] == ["hero/first"] * 2
    assert "Image 1: the approved picture of this set" in plan["waiting"][0]["prompt"]
    text = pressrun("plan")[1]
    assert "To make: 1, for" in text
    assert "Later: 2 hero/square pictures" in text
    assert "[waits-for-approval]" in text
    assert "waits for hero/first" in pressrun("plan", "--prompts")[1]

    code, _, err = pressrun("run")
    assert (code, charged(drawn) - before) == (0, 1)
    assert "2 sheets wait until hero/first is approved" in err
    assert pressrun("run")[0] == 0  # which asks for nothing, as nobody said a word
    assert (list(lines(pressrun)), charged(drawn) - before) == ([FIRST], 1)

    code, out, err = pressrun.said(["approve", FIRST])
    assert (code, err) == (0, "")
    assert "Now: pressrun run jobs/mini.yaml makes what waited for hero/first\n" in out
    assert "waiting" not in planned(pressrun)
    assert pressrun("run")[0] == 0
    assert (sorted(lines(pressrun)), charged(drawn) - before) == ([FIRST, SECOND, "M-3.png"], 3)
    first = lines(pressrun)[FIRST]["pictures"][0]
    assert "Image 1" not in first["prompt"]
    assert "waited for" not in pressrun.said(["approve", SECOND])[1]
    second = lines(pressrun)[SECOND]["pictures"][0]
    assert second["prompt"].splitlines()[1].startswith("Image 1: the approved picture of this set")


def test_an_anchor_may_be_a_take_that_was_asked_for_by_hand(pressrun: Campaign, drawn: Rehearsal) -> None:
    anchored(pressrun)
    assert pressrun("run", "--take", "2")[0] == 0
    approve(pressrun, next(name for name in lines(pressrun) if name.startswith("M-1")))
    before = charged(drawn)
    assert not planned(pressrun).get("waiting")
    assert pressrun("run")[0] == 0
    assert {"M-2.png", "M-3.png"} <= set(lines(pressrun))
    assert charged(drawn) - before == 3  # the others, by it, and the first take, which the job asks for


def test_keys_hold_what_the_anchor_shows(pressrun: Campaign) -> None:
    anchored(pressrun)
    pressrun("run")
    approve(pressrun, FIRST)
    before = {one["key"] for one in planned(pressrun)["pictures"]}
    assert pressrun.said(["fork", FIRST, "in snow", "--max-cost", "1"])[0] == 0
    assert {one["key"] for one in planned(pressrun)["pictures"]} == before  # a fork that nobody approved is no anchor
    run = pressrun("run", "--branch", "snow")
    assert run[0] == 0, run
    approve(pressrun, FIRST)
    after = {one["key"] for one in planned(pressrun)["pictures"]}
    assert len(after & before) == 1  # the first row's own, which goes by none


def test_variants_are_edits_of_the_approved_master_and_the_journal_knows(pressrun: Campaign, drawn: Rehearsal) -> None:
    with_edits(pressrun)
    plan = planned(pressrun)
    assert [one["prompt"] for one in plan["pictures"]] == ["A quiet cup on a table"]
    assert plan["waiting"][0]["prompt"].startswith("It shows A louder cup instead\n\nChange this and nothing else.")
    pressrun("run")
    approve(pressrun, FIRST)
    edit = next(one for one in planned(pressrun)["pictures"] if not one["in_store"])
    made = next(one for one in planned(pressrun)["pictures"] if one["in_store"])
    assert float(edit["quoted_usd"]) > float(made["quoted_usd"])  # the master is sent along, and read
    before = charged(drawn)
    assert pressrun("run")[0] == 0
    assert charged(drawn) - before == 2
    master = lines(pressrun)[FIRST]["pictures"][0]["key"]
    journal = SqliteJournal(pressrun.folder / ".pressrun/journal.db")
    descents = {one.child: one for one in journal.children(master)}
    journal.close()
    said = {picture["key"]: picture for one in lines(pressrun).values() for picture in one["pictures"]}
    assert {said[key]["take"] for key in descents} == {1}
    assert {(one.kind, one.instruction) for one in descents.values()} == {
        ("edit", "It shows A louder cup instead"), ("edit", "It shows A mug instead")
    }  # fmt: skip
    tree = pressrun.said(["show", "--tree"])[1]
    assert "edit: It shows A louder cup instead" in tree
    assert pressrun("run")[0] == 0
    assert charged(drawn) - before == 2  # paid once


def test_a_mask_on_edits_keeps_the_master_exact_outside_it(pressrun: Campaign, drawn: Rehearsal) -> None:
    """The first is made from its prompt alone: there is nothing for the mask to lie on."""
    with_edits(pressrun)
    hole = (300, 200, 700, 600)
    mask = Image.new("RGBA", (1024, 1024), (0, 0, 0, 255))
    mask.paste((0, 0, 0, 0), hole)
    mask.save(pressrun.folder / "jobs/mask.png")
    with_slot(pressrun, "    mask: mask.png\n    feather: 0")
    before = charged(drawn)
    assert pressrun("run")[0] == 0
    approve(pressrun, FIRST)
    assert pressrun("run")[0] == 0
    assert charged(drawn) - before == 3
    shown = {name: one["pictures"][0] for name, one in lines(pressrun).items()}
    store = FolderStore(pressrun.folder / ".pressrun")
    pixels = {name: Image.open(store.path(one["sha256"])).convert("RGB") for name, one in shown.items()}
    first = pixels.pop(FIRST)
    assert len(pixels) == 2
    for picture in pixels.values():
        assert ImageChops.difference(picture, first).getbbox() == hole
    assert "mask" not in [reference["name"] for reference in shown[FIRST].get("references", [])]
    assert pressrun("run")[0] == 0
    assert charged(drawn) - before == 3


def test_other_words_are_another_edit_and_leave_the_rest(pressrun: Campaign) -> None:
    with_edits(pressrun)
    pressrun("run")
    approve(pressrun, FIRST)
    before = {one["key"] for one in planned(pressrun)["pictures"]}
    products = pressrun.folder / "jobs/products.csv"
    products.write_text(products.read_text("utf-8").replace("A mug", "A jug"), "utf-8")
    assert len({one["key"] for one in planned(pressrun)["pictures"]} - before) == 1


def test_a_row_may_be_named_by_what_others_have(pressrun: Campaign) -> None:
    """Each product has a master of its own."""
    with_edits(pressrun, "hero/{{ product.of }}")
    (pressrun.folder / "jobs/products.csv").write_text(
        "sku,of,name\nM-1,M-1,A cup\nM-2,M-1,A blue cup\nM-3,M-3,A mug\nM-4,M-3,A blue mug\n", "utf-8"
    )
    waits = [one["waits_for"] for one in planned(pressrun)["waiting"]]
    assert waits == ["hero/M-1", "hero/M-3"]
    pressrun("run")
    approve(pressrun, "M-3.png")
    assert [one["waits_for"] for one in planned(pressrun)["waiting"]] == ["hero/M-1"]


def test_a_draft_that_was_approved_stays_the_anchor_of_finals(pressrun: Campaign, drawn: Rehearsal) -> None:
    anchored(pressrun)
    pressrun("run")
    approve(pressrun, FIRST)
    pressrun("run")
    approve(pressrun, SECOND)
    before = charged(drawn)
    assert pressrun("run", "--final", "--max-cost", "5")[0] == 0
    assert charged(drawn) - before == 2
    assert pressrun("run", "--final", "--max-cost", "5")[0] == 0
    assert pressrun("run")[0] == 0
    assert charged(drawn) - before == 2


def test_whose_a_reference_is_goes_with_what_is_made_of_it_and_of_that(pressrun: Campaign) -> None:
    """By direct calls and in a batch: a variant of a picture that was made from a photograph is the photographer's,
    too."""
    exif = Image.Exif()
    exif[ExifTags.Base.Artist], exif[ExifTags.Base.Copyright] = "Ada Berg", "CC BY 4.0"
    Image.new("RGB", (64, 64), "#a0b0c0").save(pressrun.folder / "brands/mini/photo.jpg", exif=exif)
    with_edits(with_slot(pressrun, "    references: [photo.jpg]"))
    pressrun("run", "--lane", "batch")
    approve(pressrun, FIRST)
    assert pressrun("run")[0] == 0
    for one in lines(pressrun).values():
        assert one["pictures"][0]["came_with"] == {"creator": "Ada Berg", "rights": "CC BY 4.0"}


def test_nothing_but_what_waits_is_no_run(pressrun: Campaign) -> None:
    anchored(pressrun)
    code, _, err = pressrun("run", "--only", "product.sku == 'M-2'")
    assert code == 2
    assert "[nothing-left]" in err
    assert "everything waits for hero/first" in err


def test_what_is_checked_and_previewed_needs_no_approval(pressrun: Campaign) -> None:
    anchored(pressrun)
    ended, out, err = pressrun("check")
    assert ended == 0, (out, err)
    code, out, err = pressrun("preview", "--row", "M-2", "--out", "look")
    assert code == 0, (out, err)
    assert [path.name for path in (pressrun.folder / "look").iterdir()]


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ("    edit: {of: hreo/first, prompt: change.j2}", "unknown-picture"),
        ("    edit: {of: hero-first, prompt: change.j2}", "unknown-picture"),
        ("    edit: {of: hero/first, prompt: chnage.j2}", "missing-template"),
        ("    edit: {of: hero/first, prompt: change.j2}\n    anchor: hero/first", "two-anchors"),
        ("    anchor: hero/M-9", "unknown-row"),
        ("    anchor: hero/{{ product.skuu }}", "unknown-column"),
    ],
)
def test_what_cannot_be_an_anchor_is_told(pressrun: Campaign, keys: str, code: str) -> None:
    with_slot(pressrun, keys, {"change.j2": "It shows {{ product.name }} instead"})
    ended, _, err = pressrun("plan")
    assert (ended, f"[{code}]" in err) == (2, True), err


def test_slots_that_go_by_each_other_are_told(pressrun: Campaign) -> None:
    with_slot(pressrun, "    anchor: side/first")
    job = pressrun.folder / "jobs/mini.yaml"
    side = (
        "  side:\n    prompt: still-life.j2\n    anchor: hero/first\n    masters: {square: {size: 1024x1024}}\nlayouts"
    )
    job.write_text(job.read_text("utf-8").replace("layouts", side, 1), "utf-8")
    ended, _, err = pressrun("plan")
    assert (ended, "[anchor-loop]" in err) == (2, True), err
