"""Edits by hand: changes to single sheets, which survive what is made again around them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml
from job_campaign import Campaign, Ended, told

from pressrun.model.errors import InputError
from pressrun.model.settings import Settings
from pressrun.run.edits.override_written import SheetNamed, setting_of, write_override
from pressrun.run.looks.preview import Preview, Wanted

Here = Callable[..., Ended]


def with_overrides(campaign: Campaign, *overrides: dict[str, Any]) -> Campaign:
    """The campaign with these written into `jobs/overrides.yaml`."""
    if "overrides:" not in (campaign.root / campaign.job).read_text("utf-8"):
        campaign.edit(campaign.job, "save_as:", "overrides: overrides.yaml\nsave_as:")
    written = yaml.safe_dump({"overrides": list(overrides)}, allow_unicode=True, sort_keys=False)
    (campaign.root / "jobs" / "overrides.yaml").write_text(written, "utf-8")
    return campaign


class Bench:
    """One campaign that is looked at again and again, with other overrides."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = with_overrides(campaign)
        self.preview = Preview(campaign.root / campaign.job, Settings())

    def marks(self, *overrides: dict[str, Any], layout: str = "post", row: str = "MUG/en-GB") -> dict[str, Any]:
        """The marks of a sheet by layer, with these overrides."""
        with_overrides(self.campaign, *overrides)
        return self.marks_now(layout, row)

    def marks_now(self, layout: str, row: str) -> dict[str, Any]:
        [look] = self.preview.looks(Wanted((layout,), (row,), guides=True))
        assert look.shown
        return {mark.layer: mark for mark in look.shown.sheet.marks}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    bench = Bench(Campaign.new(tmp_path_factory.mktemp("overridden") / "campaign"))
    yield bench
    bench.preview.close()


MUG: dict[str, Any] = {"row": "MUG/en-GB", "layout": "post"}


def test_one_override_makes_the_files_of_exactly_one_sheet_again(warm: Campaign) -> None:
    before = warm.assets()
    with_overrides(warm, {**MUG, "change": {"headline": {"text": "Cup of joy"}}})
    report = warm.run()
    assert [asset.path for asset in report.assets if asset.status == "made"] == ["assets/MUG/en-GB/post.png"]
    [changed] = [path for path, digest in warm.assets().items() if before[path] != digest]
    assert changed.endswith("MUG/en-GB/post.png")
    again = warm.run()
    assert {asset.status for asset in again.assets} == {"reused"}


def test_an_override_written_before_another_changes_no_other_sheet(warm: Campaign) -> None:
    second = {"row": "TIN/de-DE", "layout": "card", "change": {"headline": {"color": "flame"}}}
    with_overrides(warm, second)
    warm.run()
    with_overrides(warm, {**MUG, "change": {"headline": {"text": "Cup of joy"}}}, second)
    assert [asset.path for asset in warm.run().assets if asset.status == "made"] == ["assets/MUG/en-GB/post.png"]


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ({"headline": {"text": "Cup of joy"}}, lambda before, after: after["headline"].text == "Cup of joy"),
        ({"headline": {"text": "{{ product.name }}!"}}, lambda before, after: after["headline"].text == "Camp Mug!"),
        ({"headline": {"size": "9px"}}, lambda before, after: after["headline"].fit.size == 9 * 0.75),
        ({"headline": {"color": "flame"}}, lambda before, after: after["headline"].inks[0].name == "flame"),
        ({"headline": {"shift": ["8px", "-4px"]}}, lambda before, after: moved(before, after, "headline") == (6, -3)),
        ({"packshot": {"shift": ["8px", "4px"]}}, lambda before, after: moved(before, after, "packshot") == (6, 3)),
        ({"headline": {"box": {"height": "40px"}}}, lambda before, after: after["headline"].rect.height == 30),
        ({"scene": {"focus": ["0%", "0%"], "box": {"width": "50%"}}}, lambda before, after: after["scene"].crop[0] == 0),
        ({"scene": {"file": "packshots/tin.svg"}}, lambda before, after: after["scene"].media_type == "image/svg+xml"),
        ({"logo": {"hidden": True}}, lambda before, after: before.keys() - after.keys() == {"logo"}),
    ],
)  # fmt: skip
def test_whatever_a_layer_says_can_be_changed(bench: Bench, change: dict[str, Any], seen: Any) -> None:
    assert seen(bench.marks(), bench.marks({**MUG, "change": change}))


def test_a_group_is_hidden_with_all_that_is_in_it(bench: Bench) -> None:
    post = bench.campaign.root / "templates/layouts/post.yaml"
    before = post.read_text("utf-8")
    groups = "".join(
        f"  - {{type: group, id: {name}, {inside}box: {{in: safe}}}}\n"
        for name, inside in (("outer", ""), ("inner", "inside: outer, "))
    )
    badge = "  - {type: shape, id: badge, inside: inner, shape: rect, fill: flame}\n"
    post.write_text(before + groups + badge, "utf-8")
    try:
        assert bench.marks({**MUG, "change": {"outer": {"hidden": True}}}).keys() == bench.marks().keys() - {"badge"}
    finally:
        post.write_text(before, "utf-8")


def moved(before: dict[str, Any], after: dict[str, Any], layer: str) -> tuple[float, float]:
    one, other = before[layer].rect, after[layer].rect
    assert (one.width, one.height) == (other.width, other.height)
    return round(other.x - one.x, 6), round(other.y - one.y, 6)


def test_layers_are_added_where_they_are_wanted(bench: Bench) -> None:
    sticker = {
        "type": "shape",
        "id": "sticker",
        "shape": "ellipse",
        "fill": "flame",
        "box": {"width": "20px", "height": "20px"},
    }
    badge = {"type": "text", "id": "badge", "text": "New", "role": "price", "size": "8px", "box": {"height": "20px"}}
    marks = bench.marks({**MUG, "add": [{**sticker, "below": "headline"}, badge]})
    assert list(marks) == ["scene", "packshot", "panel", "sticker", "headline", "logo", "badge"]


def test_a_condition_is_for_all_sheets_where_it_holds_and_later_overrides_come_above(bench: Bench) -> None:
    german = {"when": "region.locale == 'de-DE'", "change": {"headline": {"text": "Alle", "color": "flame"}}}
    mug = {"row": "MUG/de-DE", "layout": "post", "change": {"headline": {"text": "Eine"}}}
    told = {
        (row, layout): (mark.text, mark.inks[0].name)
        for row, layout in (("MUG/de-DE", "post"), ("MUG/de-DE", "card"), ("TIN/de-DE", "post"), ("TIN/en-GB", "post"))
        for mark in (bench.marks(german, mug, layout=layout, row=row)["headline"],)
    }
    assert told == {
        ("MUG/de-DE", "post"): ("Eine", "flame"),
        ("MUG/de-DE", "card"): ("Alle", "flame"),
        ("TIN/de-DE", "post"): ("Alle", "flame"),
        ("TIN/en-GB", "post"): ("Tea is ready", "ink"),
    }


CSV = 'row,layout,layer,key,value,was\nMUG/en-GB,post,headline,text,12:30,Good morning\nMUG/en-GB,post,headline,shift,"[4px, 0px]",\n'


def test_a_table_says_the_same(bench: Bench) -> None:
    campaign, before = bench.campaign, bench.marks()
    (campaign.root / "jobs" / "overrides.csv").write_text(CSV, "utf-8")
    campaign.edit(campaign.job, "overrides.yaml", "overrides.csv")
    after = bench.marks_now("post", "MUG/en-GB")
    campaign.edit(campaign.job, "overrides.csv", "overrides.yaml")
    assert after["headline"].text == "12:30"
    assert moved(before, after, "headline") == (3, 0)


@pytest.mark.parametrize(
    ("override", "found"),
    [
        ({"row": "MUG/en-GV", "change": {"headline": {"text": "x"}}}, "error unknown-sheet jobs/overrides.yaml:2:3"),
        ({"row": "MUG/en-GB", "layout": "psot", "change": {"headline": {"text": "x"}}}, "error unknown-layout jobs/overrides.yaml:3:11"),
        ({**MUG, "change": {"haedline": {"text": "x"}}}, "error unknown-layer jobs/overrides.yaml:5:5"),
        ({**MUG, "change": {"headline": {"txet": "x"}}}, "error unknown-key jobs/overrides.yaml:6:7"),
        ({**MUG, "change": {"headline": {"color": "falme"}}}, "error unknown-color jobs/overrides.yaml:6:14"),
        ({**MUG, "change": {"headline": {"text": "{{ prodct.name }}"}}}, "error unknown-name jobs/overrides.yaml:6:17"),
        ({**MUG, "change": {"headline": {"shift": ["4", "0px"]}}}, "error invalid-value jobs/overrides.yaml:7:9"),
        ({**MUG, "change": {"headline": {"box": {"x": "400px", "width": "9px"}}}}, "error box-off-the-page jobs/overrides.yaml:6:7"),
        ({**MUG, "change": {"headline": {"shift": ["400px", "0px"]}}}, "error box-off-the-page jobs/overrides.yaml:6:7"),
        ({**MUG, "change": {"headline": {"box": 3}}}, "error wrong-type jobs/overrides.yaml:6:12"),
        ({**MUG, "add": [{"type": "txt", "text": "x"}]}, "error unknown-type jobs/overrides.yaml:5:11"),
        ({"when": "regoin.locale == 'de-DE'", "change": {"headline": {"text": "x"}}}, "error unknown-name jobs/overrides.yaml:2:9"),
        ({**MUG}, "error invalid-value jobs/overrides.yaml:2:3"),
    ],
)  # fmt: skip
def test_overrides_are_checked_like_everything_else(bench: Bench, override: dict[str, Any], found: str) -> None:
    with pytest.raises(InputError) as raised:
        bench.marks(override)
    assert [told(finding.to_dict()) for finding in raised.value.findings] == [found]


def test_a_row_and_a_layer_that_are_not_there_bring_the_nearest(bench: Bench) -> None:
    for override, meant in (
        ({"row": "MUG/en-GV", "change": {"headline": {"text": "x"}}}, "MUG/en-GB"),
        ({**MUG, "change": {"haedline": {"text": "x"}}}, "headline"),
    ):
        with pytest.raises(InputError) as raised:
            bench.marks(override)
        assert [f"did you mean '{meant}'?" in (one.hint or "") for one in raised.value.findings] == [True]


def test_a_change_for_no_sheet_is_told(fresh: Campaign, here: Here) -> None:
    campaign = with_overrides(fresh, {"when": "region.locale == 'fr-FR'", "change": {"headline": {"text": "x"}}})
    assert "warning unused-override jobs/overrides.yaml:2:3" in here(campaign, "check", "--json").found


def test_a_change_is_stale_when_its_ground_has_changed(fresh: Campaign, here: Here) -> None:
    change = {**MUG, "change": {"headline": {"text": "Cup of joy", "shift": ["4px", "0px"]}}}
    was = {"headline": {"text": "Good morning", "box": {"height": "26px"}}}
    campaign = with_overrides(fresh, {**change, "was": was})

    def stale() -> list[str]:
        findings = here(campaign, "check", "--json").json
        return [finding["message"].split(" ")[0] for finding in findings if finding["code"] == "stale-override"]

    assert stale() == []
    campaign.edit("jobs/data/copy.csv", "headline,,Good morning", "headline,,Good evening")
    assert stale() == ["headline.text"]
    campaign.edit("templates/layouts/post.yaml", "box: {height: 26px}", "box: {height: 25px}")
    assert stale() == ["headline.text", "headline.box"]


def test_what_stands_on_a_file_or_is_laid_over_a_layer_is_stale_when_that_has_changed(
    fresh: Campaign, here: Here
) -> None:
    mug_post = SheetNamed("MUG/en-GB", "post", 1, {})
    path = write_override(fresh.root / fresh.job, mug_post, [setting_of("packshot.focus=[0%, 40%]")], "")
    sticker = {"type": "shape", "id": "sticker", "shape": "ellipse", "fill": "flame", "above": "panel"}
    was = {"panel": {"fill": "paper"}}
    data = yaml.safe_load(path.read_text("utf-8"))
    data["overrides"].append({**MUG, "add": [sticker], "was": was})
    path.write_text(yaml.safe_dump(data), "utf-8")

    def stale() -> list[str]:
        findings = here(fresh, "check", "--json").json
        return [finding["message"].split(" ")[0] for finding in findings if finding["code"] == "stale-override"]

    assert stale() == []
    (mug,) = fresh.root.rglob("mug.svg")
    mug.write_text(mug.read_text("utf-8").replace("<svg", "<svg ", 1), "utf-8")
    assert stale() == ["packshot.shown"]
    fresh.edit("templates/layouts/post.yaml", "fill: paper", "fill: ink")
    assert stale() == ["packshot.shown", "panel.fill"]


def test_each_kind_of_change_is_stale_when_what_it_stands_on_has_changed(fresh: Campaign, here: Here) -> None:
    """Also where the layout said nothing of it before, and in a stack; one that is written anew is stale no more."""
    post = "templates/layouts/post.yaml"
    stack = (
        "  - {type: stack, id: foot, box: {in: safe, y: 60px, height: 40px}, gap: 2px}\n"
        "  - {type: text, id: claim, inside: foot, text: Claim, role: price, size: 8px, box: {height: 12px}}\n"
        "  - {type: text, id: more, inside: foot, text: More, role: price, size: 8px}\n"
    )
    (fresh.root / post).write_text((fresh.root / post).read_text("utf-8") + stack, "utf-8")
    said = (
        "headline.text=Brew", "headline.size=[6px, 9px]", "headline.color=flame", "scene.focus=[0%, 40%]", "panel.hidden=true",
        "packshot.file=packshots/tin.svg", "claim.shift=[2px, 0px]", "more.shift=[1px, 0px]",
    )  # fmt: skip
    job, mug = fresh.root / fresh.job, SheetNamed("MUG/en-GB", "post", 1, {})
    write_override(job, mug, [setting_of(one) for one in said], "")

    def stale() -> set[str]:
        findings = here(fresh, "check", "--json").json
        return {finding["message"].split(" ")[0] for finding in findings if finding["code"] == "stale-override"}

    assert stale() == set()
    fresh.edit("jobs/data/copy.csv", "headline,,Good morning", "headline,,Good evening")
    for old, new in {
        "size: [8px, 14px]": "size: [8px, 12px]", "color: ink, box: {height: 26px}": "color: paper, box: {height: 26px}",
        "picture: hero, box": "picture: hero, focus: [50%, 20%], box", "fill: paper": "fill: ink",
        'file: "{{ product.packshot }}"': "file: packshots/mug.svg", "box: {height: 12px}": "box: {height: 13px}",
        "text: More, role: price, size: 8px": "text: More, role: price, size: 8px, box: {height: 10px}",
    }.items():  # fmt: skip
        fresh.edit(post, old, new)
    assert stale() == {
        "headline.text", "headline.size", "headline.color", "scene.focus", "panel.fill", "claim.box", "more.box",
    }  # fmt: skip
    write_override(job, mug, [setting_of(one) for one in said], "")
    assert stale() == set()


def test_changes_that_do_not_say_what_stood_there_are_told_with_what_does(fresh: Campaign, here: Here) -> None:
    sticker = {"type": "shape", "id": "sticker", "shape": "ellipse", "fill": "flame"}
    with_overrides(fresh, {**MUG, "add": [{**sticker, "above": "panel"}]}, {**MUG, "change": {"headline": {"text": "x"}}})

    def codes() -> list[tuple[str, str]]:
        findings = here(fresh, "check", "--json").json
        return [(one["code"], one["hint"]) for one in findings if one["code"] in ("no-was", "stale-override")]

    ((code, hint),) = codes()
    assert code == "no-was"
    was = yaml.safe_load(hint.removeprefix("write was: ").partition(";")[0])
    with_overrides(fresh, {**MUG, "add": [{**sticker, "above": "panel"}], "was": was}, {**MUG, "add": [{**sticker, "id": "last"}]})
    assert codes() == []  # what is on top of all stands on nothing
    fresh.edit("templates/layouts/post.yaml", "fill: paper", "fill: ink")
    assert [code for code, _ in codes()] == ["stale-override"]
    assert was["panel"]["fill"] == "paper"


def test_a_layer_that_was_added_beside_one_that_is_gone_is_told(bench: Bench) -> None:
    sticker = {"type": "shape", "id": "sticker", "shape": "ellipse", "fill": "flame", "above": "gone"}
    with pytest.raises(InputError, match="post has no layer 'gone'"):
        bench.marks({**MUG, "add": [sticker]})


def test_only_some_rows_know_all_of_the_overrides(fresh: Campaign) -> None:
    campaign = with_overrides(fresh, {**MUG, "change": {"headline": {"text": "x"}}})
    report = campaign.run(only="region.locale == 'de-DE'")
    assert report.exit == 0
