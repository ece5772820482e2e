"""Steps of a job's pictures: recipes of the brand and the job, what is cut around the stage, and what is made again."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from job_campaign import Campaign, Ended
from PIL import Image

from pressrun.model.finding import Finding

Here = Callable[..., Ended]
BRAND = "brands/testa/brand.yaml"


def with_steps(campaign: Campaign, steps: str, recipes: str = "", layouts: str = "[post]") -> None:
    campaign.edit(campaign.job, "    steps: [{type: tone}]\n", f"    steps: {steps}\n")
    campaign.edit(campaign.job, "layouts: [post, card]", f"layouts: {layouts}\nwhere: product.sku != 'BAG'")
    if recipes:
        campaign.edit(campaign.job, "values: {price", f"recipes: {recipes}\nvalues: {{price")


def finals(campaign: Campaign) -> dict[str, dict[str, Any]]:
    """The picture of every asset of the last run, by its path."""
    manifest = json.loads((campaign.root / "runs/latest/manifest.json").read_text("utf-8"))
    lines = (campaign.root / "runs/latest/assets.jsonl").read_text("utf-8").splitlines()
    assert manifest["counts"]
    return {asset["path"]: asset["pictures"][0] for asset in map(json.loads, lines)}


def written_at(campaign: Campaign, finding: Finding) -> str:
    """What stands where a finding points to, up to the second comma."""
    assert finding.place
    assert finding.place.line
    assert finding.place.column
    line = (campaign.root / finding.place.file).read_text("utf-8").splitlines()[finding.place.line - 1]
    return ",".join(line[finding.place.column - 1 :].split(",")[:2])


def sizes_in_store(campaign: Campaign) -> set[tuple[int, int]]:
    """Of the pictures that assets show."""
    found = set()
    for picture in finals(campaign).values():
        [file] = [path for path in campaign.root.rglob(f"*{picture['sha256'][2:]}*") if path.is_file()]
        with Image.open(file) as opened:
            found.add(opened.size)
    return found


def test_recipes_stand_for_their_steps_and_keys_are_of_what_they_say(fresh: Campaign) -> None:
    fresh.edit(BRAND, "name:", "recipes:\n  warm: [{type: tone, temperature: 0.4}]\nname:")
    with_steps(fresh, "[shot]", "{shot: [{type: crop, shape: '4:5'}, warm]}")
    assert fresh.run().exit == 0
    first = finals(fresh)
    told = [{"type": "crop", "shape": "4:5"}, {"type": "tone", "temperature": 0.4}]
    assert [picture["steps"] for picture in first.values()] == [told] * len(first)
    assert sizes_in_store(fresh) == {(77, 96)}
    fresh.edit(fresh.job, "steps: [shot]", "steps: [{type: crop, shape: '4:5'}, {type: tone, temperature: 0.4}]")
    again = fresh.run()
    assert {asset.status for asset in again.assets} == {"reused"}  # the same steps, written out
    fresh.edit(BRAND, "temperature: 0.4", "temperature: 0.5")
    fresh.edit(fresh.job, "steps: [{type: crop, shape: '4:5'}, {type: tone, temperature: 0.4}]", "steps: [shot]")
    assert fresh.run().exit == 0
    changed = finals(fresh)
    assert all(changed[path]["sha256"] != first[path]["sha256"] for path in first)
    assert all(changed[path]["key"] == first[path]["key"] for path in first)  # nothing is asked for again


def test_a_crop_goes_by_the_stage_of_its_master(fresh: Campaign) -> None:
    with_steps(fresh, "[{type: crop, shape: '2:1', focus: stage}]")
    fresh.run()
    low = finals(fresh)
    fresh.edit(fresh.job, "stage: [50%, 90%]", "stage: [50%, 20%]")
    fresh.run()
    assert all(finals(fresh)[path]["sha256"] != low[path]["sha256"] for path in low)


def test_what_steps_find_is_told_of_every_run(fresh: Campaign) -> None:
    with_steps(fresh, "[{type: flip}, {type: crop, shape: '1:4', keep: [0, 0, 1, 1]}]")
    for _ in range(2):  # the second time it is in the store
        report = fresh.run()
        assert {finding.code for finding in report.notes} == {"subject-cut"}
        assert {written_at(fresh, finding) for finding in report.notes} == {"{type: crop, shape: '1:4'"}


def test_a_step_that_cannot_be_done_fails_its_pictures_alone(fresh: Campaign) -> None:
    fresh.edit(BRAND, "name:", "recipes:\n  close: [{type: flip}, {type: crop, shape: '1:1', focus: region}]\nname:")
    with_steps(fresh, "[{type: tone}, close]")
    report = fresh.run()
    assert report.exit == 1
    found = [finding for asset in report.assets for finding in asset.findings]
    assert {(finding.code, finding.place.file if finding.place else "") for finding in found} == {("picture-failed", BRAND)}
    assert {written_at(fresh, finding) for finding in found} == {"{type: crop, shape: '1:1'"}


def test_check_knows_how_many_pixels_steps_leave(fresh: Campaign, here: Here) -> None:
    before = {finding["code"] for finding in here(fresh, "check", "--json").json}
    with_steps(fresh, "[{type: crop, box: [0.4, 0.4, 0.5, 0.5]}]", layouts="[post, card]")
    after = {finding["code"] for finding in here(fresh, "check", "--json").json}
    assert "resolution-below-floor" in after - before


def test_slots_that_ask_for_one_picture_retouch_it_each_in_its_way(fresh: Campaign) -> None:
    for other in ("tall: {size: 96x144", "wide: {size: 144x96"):
        fresh.edit(fresh.job, f"      {other}, space: top third}}\n", "")
    slot = (fresh.root / fresh.job).read_text("utf-8").split("  hero:\n")[1].split("layouts:")[0]
    fresh.edit(fresh.job, "    steps: [{type: tone}]\n", "    steps: [{type: flip}]\n" + "  other:\n" + slot.replace(
        "{type: tone}", "{type: flip, over: up-down}"))  # fmt: skip
    layout = "templates/layouts/post.yaml"
    fresh.edit(layout, "  - {type: shape, id: panel", "  - {type: image, id: second, picture: other, box: {in: trim, y: 50%}}\n"
               "  - {type: shape, id: panel")  # fmt: skip
    fresh.edit(fresh.job, "layouts: [post, card]", "layouts: [post]\nwhere: product.sku != 'BAG'")
    fresh.run()
    lines = (fresh.root / "runs/latest/assets.jsonl").read_text("utf-8").splitlines()
    for asset in map(json.loads, lines):
        pictures = {picture["slot"]: picture for picture in asset["pictures"]}
        assert pictures["hero"]["key"] == pictures["other"]["key"]
        assert pictures["hero"]["sha256"] != pictures["other"]["sha256"]
