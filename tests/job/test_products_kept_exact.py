"""A job's own masked edits: the product's photograph stays as it is, pixel by pixel, whatever the model draws."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from job_campaign import Campaign, Ended
from PIL import Image, ImageChops
from takes_kit import as_json, journal, line, picture_of, pixels, saved

from pressrun.providers.openai.rehearsal.server import Rehearsal, serve
from pressrun.stores.folder import FolderStore

Say = Callable[..., Ended]
POST = "MUG/en-GB/post.png"
SIZE, HOLE = (1024, 640), (600, 100, 1000, 500)


@pytest.fixture
def server() -> Iterator[Rehearsal]:
    running = serve(vary=True)
    yield running
    running.close()


@pytest.fixture
def masked(fresh: Campaign, server: Rehearsal) -> Campaign:
    """One photograph, of which the part under the mask is to be drawn anew."""
    for old, new in {
        "{type: fpo}": f"{{type: openai, base_url: {server.base_url}, profile: rehearsal}}",
        "square: {size: 96x96": "square: {size: 1024x640",
        "    steps: [{type: tone}]\n": "    mask: mask.png\n    feather: 4\n",
        '    references: ["{{ product.packshot }}"]\n': "    references: [photo.png]\n",
        "      tall: {size: 96x144, space: top third}\n": "",
        "      wide: {size: 144x96, space: top third}\n": "",
        "layouts: [post, card]": "layouts: [post]",
        "locale: region.locale": "where: product.sku == 'MUG' and region.locale == 'en-GB'\nlocale: region.locale",
    }.items():
        fresh.edit(fresh.job, old, new)
    saved(Image.effect_noise(SIZE, 60).convert("RGB"), fresh.root / "brands/testa/photo.png")
    cover = Image.new("RGBA", SIZE, (0, 0, 0, 255))
    cover.paste((0, 0, 0, 0), HOLE)
    saved(cover, fresh.root / "brands/testa/mask.png")
    return fresh


def changed(campaign: Campaign, digest: str) -> tuple[int, int, int, int] | None:
    """Where a picture of the store differs from the photograph."""
    store = FolderStore(campaign.root / ".pressrun")
    with Image.open(store.path(digest)) as made, Image.open(campaign.root / "brands/testa/photo.png") as photo:
        return ImageChops.difference(made.convert("RGB"), photo.convert("RGB")).getbbox()


@pytest.mark.parametrize("lane", ["direct", "batch"])
def test_outside_the_mask_every_pixel_is_the_photograph_s(
    masked: Campaign, server: Rehearsal, say: Say, lane: str
) -> None:
    assert say(masked, "run", masked.job, "--quality", "low", "--lane", lane).code in (0, 1)
    [picture] = line(masked, POST)["pictures"]
    apart = changed(masked, picture["sha256"])
    assert apart is not None
    assert apart[0] >= HOLE[0]
    assert apart[1] >= HOLE[1]
    assert apart[2] <= HOLE[2]
    assert apart[3] <= HOLE[3]
    assert picture["digital_source_type"] == "compositeWithTrainedAlgorithmicMedia"
    with journal(masked) as opened:
        raw = opened.lookup([picture["key"]])[picture["key"]].digest
    assert changed(masked, raw) == (0, 0, *SIZE)  # what came is kept as it came
    say(masked, "run", masked.job, "--quality", "low")
    assert len(server.settle()["charges"]) == 1


def test_what_is_made_of_it_is_made_of_the_exact_picture(masked: Campaign, server: Rehearsal, say: Say) -> None:
    say(masked, "run", masked.job, "--quality", "low")
    [picture] = line(masked, POST)["pictures"]
    assert say(masked, "picture", POST, "master.png").code == 0
    assert changed(masked, picture["sha256"]) == _apart(masked, "master.png")
    mask = masked.root / "brands/testa/mask.png"
    [made] = as_json(say(masked, "fork", POST, "a bird", "--mask", str(mask), "--name", "bird", "--json"))
    say(masked, "run", masked.job, "--quality", "low", "--branch", "bird")
    apart = ImageChops.difference(pixels(masked, made["key"]), Image.open(masked.root / "master.png")).getbbox()
    assert apart is not None
    assert apart[0] >= HOLE[0]
    assert picture_of(masked, POST) == made["key"]
    say(masked, "approve", "--where", "product.sku == 'MUG'")
    say(masked, "run", masked.job, "--final", "--from-draft")
    assert len(server.settle()["charges"]) == 3


def test_another_edge_is_another_composite_of_the_same_edit(masked: Campaign, server: Rehearsal, say: Say) -> None:
    say(masked, "run", masked.job, "--quality", "low")
    before = line(masked, POST)["pictures"][0]
    masked.edit(masked.job, "feather: 4", "feather: 40")
    say(masked, "run", masked.job, "--quality", "low")
    after = line(masked, POST)["pictures"][0]
    assert (after["key"], len(server.settle()["charges"])) == (before["key"], 1)
    assert after["sha256"] != before["sha256"]


def test_a_master_of_another_shape_is_told_before_anything_is_bought(
    masked: Campaign, server: Rehearsal, say: Say
) -> None:
    masked.edit(masked.job, "size: 1024x640", "size: 1024x1024")
    ended = say(masked, "run", masked.job, "--json")
    assert (ended.code, [one["code"] for one in json.loads(ended.out)]) == (2, ["mask-shape"])
    assert server.settle()["charges"] == []


def _apart(campaign: Campaign, name: str) -> tuple[int, int, int, int] | None:
    with Image.open(campaign.root / name) as made, Image.open(campaign.root / "brands/testa/photo.png") as photo:
        return ImageChops.difference(made.convert("RGB"), photo.convert("RGB")).getbbox()
