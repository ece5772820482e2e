"""Forks, adopted masters and chosen branches: a picture changed beside itself, and what runs take."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from job_campaign import Campaign, Ended, by_status
from PIL import Image, ImageChops
from takes_kit import as_json, journal, line, notes, paths, picture_of, pixels, saved, shell

from pressrun.model.errors import InputError
from pressrun.stores.folder import FolderStore

Say = Callable[..., Ended]
POST, SIBLING, CARD = "MUG/en-GB/post-1.png", "MUG/en-GB/post-2.png", "MUG/en-GB/card-1.pdf"
OF_THE_TAKE = {
    f"MUG/{locale}/{name}" for locale in ("en-GB", "de-DE") for name in ("post-1.png", "card-1.pdf", "card-1-proof.png")
}


def fork(campaign: Campaign, say: Say, what: str, wish: str, *more: str) -> dict[str, Any]:
    [answer] = as_json(say(campaign, "fork", what, wish, "--json", *more))
    return dict(answer)


def codes(ended: Ended) -> list[str]:
    assert ended.code == 2, ended.err
    return [finding["code"] for finding in json.loads(ended.out)]


def test_a_fork_is_a_branch_and_siblings_stay_as_they_are(takes: Campaign, say: Say) -> None:
    before, digests = picture_of(takes, POST), takes.assets()
    made = fork(takes, say, POST, "make it a snowy winter scene", "--name", "snow")
    assert (made["parent"], made["branch"], made["cost_usd"]) == (before, "snow", 0.0)
    assert pixels(takes, made["key"]).tobytes() != pixels(takes, before).tobytes()
    takes.run()
    assert takes.assets() == digests  # the trunk is what runs take
    report = takes.run(branch="snow")
    assert by_status(report, "made") == OF_THE_TAKE
    assert picture_of(takes, POST) == made["key"]
    assert takes.assets()[SIBLING] == digests[SIBLING]
    assert line(takes, POST)["pictures"][0]["prompt"].endswith("make it a snowy winter scene")
    takes.run()
    assert takes.assets() == digests


def test_a_new_layout_on_the_branch_asks_for_nothing(takes: Campaign, say: Say) -> None:
    made = fork(takes, say, POST, "snow", "--name", "snow")
    takes.run(branch="snow")
    [picture] = line(takes, CARD)["pictures"]  # the card takes another master, which was not forked
    assert (picture["key"], picture["master"]) == (made["key"], "square")
    assert "branch-of-other-master" in notes(takes)
    assert notes(takes)["not-on-branch"].startswith("2 pictures")


def test_all_masters_at_once(takes: Campaign, say: Say) -> None:
    made = as_json(say(takes, "fork", POST, "snow", "--name", "snow", "--all-masters", "--json"))
    assert len(made) == 2
    takes.run(branch="snow")
    assert {picture_of(takes, POST), picture_of(takes, CARD)} == {one["key"] for one in made}
    assert "branch-of-other-master" not in notes(takes)


def test_forks_of_forks_and_the_tree(takes: Campaign, say: Say) -> None:
    root = picture_of(takes, POST)
    snow = fork(takes, say, POST, "make it snow", "--name", "snow")
    night = fork(takes, say, snow["key"][:12], "now at night")
    assert (night["branch"], night["parent"], night["root"]) == ("now-at-night", snow["key"], root)
    with journal(takes) as opened:
        assert [one.parent for one in opened.parents(night["key"])] == [snow["key"]]
    takes.run(branch="now-at-night")
    assert picture_of(takes, POST) == night["key"]
    assert line(takes, POST)["pictures"][0]["prompt"].endswith("make it snow\n\nnow at night")
    tree = say(takes, "show", POST, "--tree").out.splitlines()
    assert tree[0].startswith(f"picture {root[:12]}")
    assert "fork: make it snow" in tree[1]
    assert "branch snow" in tree[1]
    assert tree[2].startswith("   └─ picture ")
    assert "fork: now at night" in tree[2]
    assert any("← this file" in one for one in tree)


def test_the_same_wish_is_asked_for_once_and_another_try_is_another_picture(takes: Campaign, say: Say) -> None:
    one, again = (fork(takes, say, POST, "snow") for _ in range(2))
    other = fork(takes, say, POST, "snow", "--take", "2")
    assert one == again
    assert (other["branch"], other["key"] != one["key"]) == ("snow-2", True)


def test_a_branch_is_chosen_for_all_later_runs(takes: Campaign, say: Say) -> None:
    root = picture_of(takes, POST)
    made = fork(takes, say, POST, "snow", "--name", "snow")
    assert say(takes, "choose", POST, "snow").code == 0
    takes.run()
    assert picture_of(takes, POST) == made["key"]
    assert "chosen" in say(takes, "show", POST, "--tree").out
    takes.run(branch="trunk")
    assert picture_of(takes, POST) == root
    assert say(takes, "choose", POST, "snwo").code == 2
    assert say(takes, "choose", made["key"][:12], "trunk").code == 0
    takes.run()
    assert picture_of(takes, POST) == root


def test_the_job_may_name_the_branch(takes: Campaign, say: Say) -> None:
    made = fork(takes, say, POST, "snow", "--name", "snow")
    takes.edit(takes.job, "provider: {type: fpo}", "branch: snow\nprovider: {type: fpo}")
    takes.run()
    assert picture_of(takes, POST) == made["key"]


def test_a_branch_nobody_has(takes: Campaign, say: Say) -> None:
    with pytest.raises(InputError) as raised:
        takes.run(branch="snow")
    assert [finding.code for finding in raised.value.findings] == ["unknown-branch"]
    fork(takes, say, POST, "snow", "--name", "snow")
    fork(takes, say, POST, "rain", "--name", "rain")
    assert codes(say(takes, "fork", POST, "fog", "--name", "snow", "--json")) == ["branch-exists"]
    assert codes(say(takes, "fork", POST, "fog", "--name", "trunk", "--json")) == ["branch-exists"]
    assert codes(say(takes, "fork", "gone", "fog", "--json")) == ["no-picture"]
    assert codes(say(takes, "fork", POST, "fog", "--conversation", "--json")) == ["no-conversation"]


def test_a_branch_that_is_lost_is_not_replaced_by_something_else(takes: Campaign, say: Say) -> None:
    made = fork(takes, say, POST, "snow", "--name", "snow")
    lost = FolderStore(takes.root / ".pressrun").path(made["sha256"])
    lost.unlink()
    with pytest.raises(InputError) as raised:
        takes.run(branch="snow")
    [finding] = {one.code: one for one in raised.value.findings}.values()
    assert finding.code == "lost-picture"
    assert "pressrun fork" in str(finding.hint)
    assert fork(takes, say, POST, "snow", "--name", "snow") == made
    takes.run(branch="snow")


def test_outside_a_mask_every_pixel_is_the_original_s(takes: Campaign, say: Say) -> None:
    cover = Image.new("RGBA", (96, 96), (0, 0, 0, 255))
    cover.paste((0, 0, 0, 0), (30, 30, 80, 80))
    mask = saved(cover, takes.root / "mask.png")
    made = fork(takes, say, POST, "a field in autumn", "--mask", str(mask), "--feather", "4")
    apart = ImageChops.difference(pixels(takes, picture_of(takes, POST)), pixels(takes, made["key"])).getbbox()
    assert apart is not None
    left, top, right, bottom = apart
    assert left >= 30
    assert top >= 30
    assert right <= 80
    assert bottom <= 80
    assert right - left > 30
    other = fork(takes, say, POST, "a field in autumn", "--mask", str(mask), "--feather", "9")
    assert other["key"] != made["key"]


@pytest.mark.parametrize(
    ("mode", "size", "color", "kind", "code"),
    [
        ("RGBA", (95, 96), (0, 0, 0, 0), "PNG", "mask-size"),
        ("RGB", (96, 96), (0, 0, 0), "PNG", "mask-kind"),
        ("RGB", (96, 96), (0, 0, 0), "JPEG", "mask-kind"),
        ("RGBA", (96, 96), (0, 0, 0, 255), "PNG", "mask-closed"),
    ],
)
def test_masks_that_cannot_lie_on_the_picture(
    takes: Campaign, say: Say, mode: str, size: tuple[int, int], color: Any, kind: str, code: str
) -> None:
    mask = saved(Image.new(mode, size, color), takes.root / "mask.bin", kind)
    assert codes(say(takes, "fork", POST, "fog", "--mask", str(mask), "--json")) == [code]


# masters retouched by hand


def test_an_adopted_master_stands_until_it_is_given_back(takes: Campaign, say: Say) -> None:
    root, digests = picture_of(takes, POST), takes.assets()
    hand = saved(pixels(takes, root).resize((192, 192)), takes.root / "hand.png")
    assert say(takes, "adopt", POST, str(hand)).code == 0
    report = takes.run()
    assert by_status(report, "made") == {"MUG/en-GB/post-1.png", "MUG/de-DE/post-1.png"}
    [picture] = line(takes, POST)["pictures"]
    assert (picture["provider"], picture["cost_usd"]) == ("by hand", 0.0)
    assert pixels(takes, picture["key"]).size == (192, 192)
    assert not by_status(takes.run(), "made")
    tree = say(takes, "show", POST, "--tree").out
    assert "adopt: hand.png" in tree
    assert say(takes, "adopt", POST, "--undo").code == 0
    takes.run()
    assert takes.assets() == digests
    assert codes(say(takes, "show", "x", "--json")) == ["no-asset"]
    assert say(takes, "adopt", POST, "--undo").code == 2


def test_a_fork_may_be_retouched_too(takes: Campaign, say: Say) -> None:
    made = fork(takes, say, POST, "snow", "--name", "snow")
    hand = saved(Image.effect_noise((96, 96), 40).convert("RGB"), takes.root / "hand.webp", "WEBP")
    assert say(takes, "adopt", made["key"], str(hand)).code == 0
    takes.run(branch="snow")
    retouched = picture_of(takes, POST)
    assert retouched not in (made["key"], made["root"])
    takes.run()
    assert picture_of(takes, POST) == made["root"]
    assert say(takes, "adopt", retouched[:12], "--undo").code == 0
    takes.run(branch="snow")
    assert picture_of(takes, POST) == made["key"]


def test_an_approval_does_not_pass_to_the_retouched_picture(takes: Campaign, say: Say) -> None:
    say(takes, "approve", POST)
    hand = saved(Image.effect_noise((96, 96), 40).convert("RGB"), takes.root / "hand.png")
    say(takes, "adopt", POST, str(hand))
    takes.run()
    assert line(takes, POST)["decision"] == ""
    say(takes, "approve", POST)
    takes.run(approved_only=True)
    assert paths(takes) == {POST}


@pytest.mark.parametrize(
    ("mode", "size", "kind"),
    [("RGB", (96, 48), "PNG"), ("RGB", (48, 48), "PNG"), ("F", (96, 96), "TIFF"), ("RGB", (96, 96), "PPM")],
)
def test_files_that_cannot_stand_for_a_picture(
    takes: Campaign, say: Say, mode: str, size: tuple[int, int], kind: str
) -> None:
    hand = saved(Image.new(mode, size), takes.root / "hand.bin", kind)
    assert say(takes, "adopt", POST, str(hand)).code == 2
    assert say(takes, "adopt", POST, takes.job).code == 2
    with journal(takes) as opened:
        assert opened.branches() == {}


def test_as_processes(takes: Campaign) -> None:
    done = shell(takes, "fork", POST, "make it a snowy winter scene")
    assert done.code == 0, done.err
    assert f"Now: pressrun run {takes.job} --branch snowy-winter-scene" in done.out
    done = shell(takes, "run", takes.job, "--branch", "snowy-winter-scene", "--json")
    assert done.code == 0, done.err
    assert done.json["counts"]["made"] == len(OF_THE_TAKE)
    assert shell(takes, "fork", POST, "more", "--dry-run").out.startswith("1 of 1 pictures to make")
