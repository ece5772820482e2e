"""One job for coated paper and for newsprint: of each sheet for print one file for each, in its own inks."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from job_campaign import Campaign, Ended
from PIL import ImageCms

from pressrun.graphics.color import inks

Here = Callable[..., Ended]

CONDITIONS = """print:
  conditions:
    coated: {}
    news: {profile: news.icc, condition: IFRA26, total_ink: 260, paper: "newsprint, 45 g/m2"}
"""
CARD = "MUG/en-GB/card"


def of_newsprint() -> bytes:
    """A sound press profile that is not the shipped one: it has another name."""
    shipped = inks.load_profile("fogra39-300", Path())
    name = shipped.description.encode()
    assert name in shipped.data
    return shipped.data.replace(name, b"Newsprint".ljust(len(name)), 1)


@pytest.fixture
def two(fresh: Campaign) -> Campaign:
    (fresh.root / "brands/testa/news.icc").write_bytes(of_newsprint())
    fresh.edit(fresh.job, "locale: region.locale\n", "where: region.locale == 'en-GB'\nlocale: region.locale\n")
    path = fresh.root / fresh.job
    path.write_text(path.read_text("utf-8") + CONDITIONS, "utf-8")
    return fresh


def test_each_sheet_for_print_has_files_for_each_condition_and_those_for_screens_one(two: Campaign) -> None:
    report = two.run()
    assert report.exit == 0, [asset.findings for asset in report.assets]
    lines = {line["path"]: line for line in two.lines()}
    printed = {path: line["condition"] for path, line in lines.items() if line["layout"] == "card"}
    assert {path.removeprefix("assets/") for path in printed if "MUG" in path} == {
        f"{CARD}-coated.pdf", f"{CARD}-coated-proof.png", f"{CARD}-news.pdf", f"{CARD}-news-proof.png",
    }  # fmt: skip
    assert all(f"-{condition}" in path for path, condition in printed.items())
    assert {line["condition"] for line in lines.values() if line["layout"] == "post"} == {""}
    assert len({line["id"] for line in lines.values()}) == len(lines)


def test_a_plan_counts_the_files_of_all_conditions_and_no_picture_twice(two: Campaign, here: Here) -> None:
    told = here(two, "plan", "--json").json
    several = told["files"], len(told["pictures"])
    path = two.root / two.job
    path.write_text(path.read_text("utf-8").replace(CONDITIONS, ""), "utf-8")
    told = here(two, "plan", "--json").json
    rows = told["rows"]
    assert several == (told["files"] + 2 * rows, len(told["pictures"]))


def test_each_file_says_for_which_condition_it_is_and_embeds_its_profile(two: Campaign) -> None:
    two.run()
    for condition, identifier, paper in (
        ("coated", "FOGRA39", "gloss or matt coated"), ("news", "IFRA26", "newsprint, 45 g/m2"),
    ):  # fmt: skip
        with pikepdf.open(two.latest / "assets" / f"{CARD}-{condition}.pdf") as pdf:
            (intent,) = pdf.Root.OutputIntents
            assert str(intent.OutputConditionIdentifier) == identifier
            assert (str(intent.OutputCondition), str(intent.RegistryName)) == (paper, "http://www.color.org")
            profile = intent.DestOutputProfile.read_bytes()
        name = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile)))
        assert name.startswith("Newsprint") is (condition == "news")


def test_what_is_there_for_one_condition_is_not_made_again_when_another_joins_or_changes(two: Campaign) -> None:
    two.run()
    two.edit(two.job, "total_ink: 260", "total_ink: 280")
    two.run()
    assert {line["condition"]: line["status"] for line in two.lines()} == {
        "": "reused", "coated": "reused", "news": "made",
    }  # fmt: skip


def test_what_a_limit_of_ink_costs_is_told_for_each_condition(two: Campaign) -> None:
    """By how much pictures change (CIEDE2000) is another thing on each paper."""
    two.edit(two.job, "coated: {}", "coated: {total_ink: 200}")
    two.edit(two.job, "total_ink: 260", "total_ink: 120")
    two.run()
    told: dict[str, set[str]] = {}
    for line in two.lines():
        limited = [one["message"] for one in line["findings"] if one["code"] == "ink-limited"]
        if line["path"].endswith(".pdf"):
            told.setdefault(line["condition"], set()).update(limited)
    changed = {}
    for condition, most in (("coated", 200), ("news", 120)):
        assert told[condition], condition
        assert all(f"was brought down to {most} %" in message for message in told[condition])
        changed[condition] = max(float(message.split("what changed is ")[1].split()[0]) for message in told[condition])
    assert changed["news"] > changed["coated"] > 0


def test_conditions_that_are_alike_share_their_plates_and_files(two: Campaign) -> None:
    two.edit(two.job, CONDITIONS.partition("news: ")[2].strip(), "{}")
    two.run()
    made = {line["path"]: line["sha256"] for line in two.lines() if line["layout"] == "card"}
    assert all(made[path] == made[path.replace("-news", "-coated")] for path in made)


def test_a_press_sheet_takes_the_files_for_one_condition(two: Campaign, here: Here) -> None:
    two.run()
    done = here(two, "sheet", "--onto", "sra3-10up", "--condition", "news", "--out", "news.pdf")
    assert done.code == 0, done.err
    assert "mixed-output-intents" not in done.out + done.err
    with pikepdf.open(two.root / "news.pdf") as sheet:
        assert [str(one.OutputConditionIdentifier) for one in sheet.Root.OutputIntents] == ["IFRA26"]
    done = here(two, "sheet", "--onto", "sra3-10up", "--condition", "newz")
    assert done.code == 2
    assert "did you mean 'news'" in done.err
