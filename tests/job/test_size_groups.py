"""Texts of a group share the smallest size in which all of them fit: those of all rows in a layout, or of one row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from job_campaign import Campaign, Ended, by_status

from pressrun.model.settings import Settings
from pressrun.run.rows import run_rows

CARD, POST = "templates/layouts/card.yaml", "templates/layouts/post.yaml"
COPY = "jobs/data/copy.csv"
LONG = "Der Tee zieht heute lange"
Here = Callable[..., Ended]


def grouped(campaign: Campaign, said: str = "headlines") -> Campaign:
    """With headlines on cards that share a size; TIN's German one is the longest."""
    old = "color: ink, box: {y: 16mm, height: 5mm}, size: [5pt, 9pt]"
    new = "color: ink, box: {y: 16mm, width: 24mm, height: 5mm}, size: [3pt, 20pt], fit_group: " + said
    campaign.edit(CARD, old, new)
    return campaign


@pytest.fixture
def series(warm: Campaign) -> Campaign:
    return grouped(warm)


def sizes(campaign: Campaign, layout: str = "card", run: Path | None = None) -> dict[str, float]:
    """The size of each row's headline."""
    return {
        line["row"]: next(text["size_pt"] for text in line["text"] if text["id"] == "headline")
        for line in campaign.lines(run)
        if line["layout"] == layout
    }


def cards(*rows: str) -> set[str]:
    return {f"{row}/{name}" for row in rows for name in ("card.pdf", "card-proof.png")}


def test_all_rows_have_the_size_of_the_one_that_needs_the_smallest(warm: Campaign, series: Campaign) -> None:
    series.run()
    shared = sizes(series)
    series.edit(CARD, ", fit_group: headlines", "")
    series.run()
    alone = sizes(series)
    assert len(set(alone.values())) > 1
    assert set(shared.values()) == {min(alone.values())}


def test_one_longer_title_makes_again_the_sheets_whose_size_changes(series: Campaign) -> None:
    series.run()
    series.edit(COPY, "Guten Morgen", "Moin")  # which is not the longest
    posts = {"MUG/de-DE/post.png", "BAG/de-DE/post.png"}
    assert by_status(series.run(), "made") == cards("MUG/de-DE", "BAG/de-DE") | posts
    series.edit(COPY, "Der Tee zieht", LONG)
    made = by_status(series.run(), "made")
    assert made == cards(*sizes(series)) | {"TIN/de-DE/post.png"}


def test_a_part_of_the_rows_has_the_size_of_the_whole(series: Campaign) -> None:
    series.edit(COPY, "Der Tee zieht", LONG)
    series.run()
    whole = sizes(series)
    report = series.run(only="product.sku == 'MUG'")
    assert by_status(report, "made") == set()
    assert sizes(series) == {row: size for row, size in whole.items() if row.startswith("MUG")}


def test_the_layouts_of_a_row_share_a_size_and_rows_do_not(warm: Campaign) -> None:
    grouped(warm, "{name: headlines, over: row}")
    warm.edit(POST, "size: [8px, 14px], lines: 2", "size: [3pt, 20pt], fit_group: {name: headlines, over: row}")
    warm.edit(COPY, "Der Tee zieht", LONG)
    warm.run()
    on_cards, on_posts = sizes(warm), sizes(warm, "post")
    assert on_cards == on_posts
    assert on_cards["TIN/de-DE"] < on_cards["MUG/de-DE"]


@pytest.mark.parametrize("said", ["headlines", "{name: headlines, over: row}"])
def test_a_preview_shows_what_a_run_makes(warm: Campaign, here: Here, said: str) -> None:
    grouped(warm, said)
    warm.edit(POST, "size: [8px, 14px], lines: 2", f"size: [3pt, 20pt], fit_group: {said}")
    warm.edit(COPY, "Der Tee zieht", LONG)
    warm.run()
    [shown] = here(warm, "preview", "--row", "MUG/de-DE", "--layout", "card", "--json").json
    [run] = warm.latest.rglob("MUG/de-DE/card-proof.png")
    assert Path(shown["file"]).read_bytes() == run.read_bytes()


def test_what_holds_a_group_small_is_told_by_name(series: Campaign, here: Here) -> None:
    series.edit(COPY, "Der Tee zieht", LONG)
    checked = [one for one in here(series, "check", "--json").json if one["code"] == "text-holds-group-small"]
    series.run()
    noted = [one for one in series.manifest()["notes"] if one["code"] == "text-holds-group-small"]
    assert checked == noted
    [found] = noted
    assert (found["row"], found["layout"], found["layer"]) == ("TIN/de-DE", "card", "headline")
    assert LONG in found["message"]
    [shown] = here(series, "preview", "--row", "MUG/de-DE", "--layout", "card", "--json").json
    assert [one["row"] for one in shown["findings"] if one["code"] == found["code"]] == ["TIN/de-DE"]


@pytest.mark.parametrize("level", ["warning", "'off'"])
def test_a_text_far_smaller_than_its_siblings_is_told_where_nothing_shares_a_size(
    warm: Campaign, here: Here, level: str
) -> None:
    grouped(warm).edit(CARD, ", fit_group: headlines", "")
    warm.edit(CARD, "layers:", f"checks: {{text-fit: {{level: {level}, because: x}}}}\nlayers:")
    assert "text-set-small" not in {one["code"] for one in here(warm, "check", "--json").json}
    warm.edit(COPY, "Der Tee zieht", "Teeblattzubereitungstemperaturanzeige")
    told = [one for one in here(warm, "check", "--json").json if one["code"] == "text-set-small"]
    assert [(one["row"], one["layer"]) for one in told] == ([] if level == "'off'" else [("TIN/de-DE", "headline")])


@pytest.mark.parametrize(
    ("said", "checks"), [("{name: headlines, least: 10%}", "{}"), ("headlines", "{text-fit: {level: 'off', because: x}}")]
)  # fmt: skip
def test_it_is_not_told_where_that_is_meant(warm: Campaign, here: Here, said: str, checks: str) -> None:
    grouped(warm, said).edit(CARD, "layers:", f"checks: {checks}\nlayers:")
    warm.edit(COPY, "Der Tee zieht", LONG)
    assert "text-holds-group-small" not in {one["code"] for one in here(warm, "check", "--json").json}


def test_texts_in_groups_of_layers_and_those_that_are_repeated_share_sizes(warm: Campaign) -> None:
    text = (warm.root / CARD).read_text("utf-8")
    before, _, behind = text.partition("  - {type: text, id: headline")
    headline = (
        "  - {type: group, id: words, box: {y: 16mm, height: 5mm}, layers: [{type: text, id: headline, repeat: "
        "\"[product.name, product.name + ' and more']\", text: '{{ item }}', role: headline, size: [3pt, 20pt],"
        " box: {width: 24mm}, fit_group: headlines}]}\n"
    )
    (warm.root / CARD).write_text(before + headline + behind.partition("\n")[2], "utf-8")
    warm.run()
    found = {text["size_pt"] for line in warm.lines() if line["layout"] == "card" for text in line["text"]
             if text["id"].startswith("headline")}  # fmt: skip
    assert len(found) == 1
    assert found != {20.0}


def test_a_row_that_is_fed_is_a_series_of_its_own(series: Campaign) -> None:
    series.edit(COPY, "Der Tee zieht", LONG)
    fed = [{"product": "MUG", "region": "de-DE"}, {"product": "TIN", "region": "de-DE"}]
    found: dict[str, float] = {}
    for answer in run_rows(series.root / series.job, fed, Settings(inline=True)):
        assert answer.folder
        found |= sizes(series, run=Path(answer.folder))
    assert found["MUG/de-DE"] > found["TIN/de-DE"]


@pytest.mark.parametrize("picture", ["picture: hero, box: {width: 14mm, height: 5mm}", "file: mark.svg, box: {height: 5mm}"])
def test_a_picture_in_a_stack_takes_its_room_from_the_words_beside_it(warm: Campaign, picture: str) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 10"><path fill="#1A1A1A" d="M0 0H28V10H0Z"/></svg>'
    (warm.root / "jobs/mark.svg").write_text(svg)
    row = '  - {type: text, id: headline, text: "{{ copy.headline }}", role: headline, color: ink, box: {y: 16mm, height: 5mm}, size: [5pt, 9pt]}'
    stack = f"""  - type: stack
    id: line
    run: across
    fill: headline
    box: {{y: 16mm, height: 5mm}}
    layers:
      - {{type: image, id: beside, {picture}}}
      - {{type: text, id: headline, text: "{{{{ copy.headline }}}}", role: headline, color: ink, size: [3pt, 20pt], lines: 2, fit_group: headlines}}"""
    warm.edit(CARD, row, stack)
    warm.run()
    shared = sizes(warm)
    warm.edit(CARD, ", fit_group: headlines", "")
    warm.run()
    assert set(shared.values()) == {min(sizes(warm).values())}


def test_one_layout_of_a_series_is_looked_at_without_those_that_share_its_sizes(series: Campaign, here: Here) -> None:
    mark = "layers:\n  - {type: image, id: mark, file: packshots/tin.svg, box: {in: trim, width: 5mm, height: 5mm}}"
    series.edit(CARD, "layers:", mark)
    done = here(series, "preview", "--layout", "post", "--row", "TIN/de-DE")
    assert done.code == 0, done.err
