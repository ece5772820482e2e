"""One job that buys from two servers, draws, and takes from a folder: money, keys and the record hold for each."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from decimal import Decimal

import pytest
from job_campaign import JOB, Campaign, Ended, kill, wait_until
from PIL import Image
from takes_kit import journal

from pressrun.providers.openai.rehearsal.server import Rehearsal, serve

Here = Callable[..., Ended]

Say = Callable[..., Ended]
PAID = ("hero", "scene")
SLOTS = """    provider: {{type: openai, base_url: "{first}", profile: rehearsal, quality: low}}
  scene:
    prompt: scene.j2
    provider: {{type: openai, base_url: "{second}", profile: rehearsal, quality: low, model: gpt-image-2.5-flare}}
    masters: {{any: {{size: 1024x640, stage: [50%, 90%]}}}}
  backdrop:
    prompt: scene.j2
    masters: {{any: {{size: 96x96}}}}
  photo:
    provider: {{type: library}}
    references: ["photos/{{{{ product.sku }}}}.jpg"]
    masters: {{any: {{size: 96x96}}}}
"""
LAYERS = "".join(
    f"  - {{type: image, id: of-{slot}, picture: {slot}, box: {{in: trim, x: {x}px, y: 80px, width: 30px, height: 30px}}}}\n"
    for slot, x in (("scene", 0), ("backdrop", 40), ("photo", 80))
)


@pytest.fixture
def servers() -> Iterator[tuple[Rehearsal, Rehearsal]]:
    with ExitStack() as leaving:
        first, second = (serve(vary=True, latency=0.05, batch_delay=0.3) for _ in range(2))
        leaving.callback(first.close)
        leaving.callback(second.close)
        yield first, second


@pytest.fixture
def shop(fresh: Campaign, servers: tuple[Rehearsal, Rehearsal]) -> Campaign:
    """Two products, each with two pictures to be bought, one that is drawn and a photograph."""
    first, second = servers
    for old, new in {
        "square: {size: 96x96": "square: {size: 1024x640",
        "      tall: {size: 96x144, space: top third}\n": "",
        "      wide: {size: 144x96, space: top third}\n": "",
        "    steps: [{type: tone}]\n": SLOTS.format(first=first.base_url, second=second.base_url),
        '    references: ["{{ product.packshot }}"]\n': "",
        "layouts: [post, card]": "layouts: [post]",
        "locale: region.locale": "where: product.sku != 'BAG' and region.locale == 'en-GB'\nlocale: region.locale",
    }.items():
        fresh.edit(fresh.job, old, new)
    fresh.edit("templates/layouts/post.yaml", "  - {type: shape, id: panel", LAYERS + "  - {type: shape, id: panel")
    photos = fresh.root / "brands/testa/photos"
    photos.mkdir()
    for sku, color in {"MUG": "red", "TIN": "blue"}.items():
        photo = Image.new("RGB", (96, 96), color)
        photo.paste("white", (0, 0, 96, 32))
        photo.save(photos / f"{sku}.jpg")
    return fresh


def charges(servers: tuple[Rehearsal, Rehearsal]) -> list[list[str]]:
    """What each server charged for, by the prompt that it was asked."""
    return [[one["prompt_sha256"] for one in server.settle()["charges"]] for server in servers]


def charged_usd(servers: tuple[Rehearsal, Rehearsal]) -> Decimal:
    return sum((Decimal(str(one["usd"])) for server in servers for one in server.settle()["charges"]), Decimal(0))


def test_each_picture_is_had_of_its_own_provider_and_booked_once(
    shop: Campaign, servers: tuple[Rehearsal, Rehearsal], here: Here
) -> None:
    planned = here(shop, "plan", "--json").json["pictures"]
    assert len({one["key"] for one in planned}) == 8  # the same words for two models are two pictures
    assert {one["slot"] for one in planned if float(one["quoted_usd"])} == set(PAID)
    report = shop.run(max_cost=1.0)
    assert report.exit == 0, [asset.findings for asset in report.assets]
    assert [len(one) for one in charges(servers)] == [2, 2]
    for line in shop.lines():
        assert {one["slot"]: one["provider"] for one in line["pictures"]} == {
            "hero": "openai", "scene": "openai", "backdrop": "fpo", "photo": "library",
        }  # fmt: skip
    said = shop.manifest()
    assert said["provider"] == "fpo"
    assert said["providers"] == {"hero": "openai", "scene": "openai", "backdrop": "fpo", "photo": "library"}
    with journal(shop) as opened:
        assert Counter(one.detail["slot"] for one in opened.attempts()) == {"hero": 2, "scene": 2}
        assert opened.spent() == opened.spent(said["run"]) == charged_usd(servers)
    shop.run()
    assert [len(one) for one in charges(servers)] == [2, 2]


def test_what_is_approved_is_bought_no_second_time(
    shop: Campaign, servers: tuple[Rehearsal, Rehearsal], say: Say
) -> None:
    shop.run()
    say(shop, "approve", "MUG/en-GB/post.png")
    report = shop.run(approved_only=True)
    assert [asset.decision for asset in report.assets] == ["approved"]
    assert [len(one) for one in charges(servers)] == [2, 2]
    final = shop.run(final=True)
    assert final.exit == 0
    assert [len(one) for one in charges(servers)] == [3, 3]  # finals of two drafts; the others are as they are


@pytest.mark.parametrize("pictures", [1, 2, 3])
def test_a_cap_bites_in_the_order_of_the_plan(
    pictures: int, shop: Campaign, servers: tuple[Rehearsal, Rehearsal], here: Here
) -> None:
    planned = [one for one in here(shop, "plan", "--json").json["pictures"] if float(one["quoted_usd"])]
    assert [one["slot"] for one in planned] == [*PAID, *PAID]  # row by row, not server by server
    cap = sum(Decimal(one["quoted_usd"]) for one in planned[:pictures]) * Decimal("1.02")
    report = shop.run(max_cost=float(cap))
    assert report.exit == 4
    with journal(shop) as opened:
        bought = {one.picture for one in opened.attempts()}
    assert bought == {one["key"] for one in planned[:pictures]}
    assert charged_usd(servers) <= cap


def test_one_kind_of_provider_can_be_named_for_all_that_is_made(
    shop: Campaign, servers: tuple[Rehearsal, Rehearsal]
) -> None:
    assert shop.run(provider="fpo").exit == 0
    assert charges(servers) == [[], []]
    assert shop.manifest()["providers"] == {"hero": "fpo", "scene": "fpo", "backdrop": "fpo", "photo": "library"}


def test_a_fork_is_asked_of_whom_its_picture_came_from(
    shop: Campaign, servers: tuple[Rehearsal, Rehearsal], say: Say
) -> None:
    shop.run()
    keys = {one["slot"]: one["key"] for line in shop.lines() for one in line["pictures"]}
    assert say(shop, "fork", keys["scene"][:16], "in the snow").code == 0
    assert [len(one) for one in charges(servers)] == [2, 3]
    assert say(shop, "fork", keys["backdrop"][:16], "in the snow").code == 0
    assert [len(one) for one in charges(servers)] == [2, 3]


def test_batches_of_both_are_handed_in_before_either_is_waited_for(
    shop: Campaign, servers: tuple[Rehearsal, Rehearsal], here: Here
) -> None:
    said = here(shop, "plan", "--lane", "batch", "--json").json
    direct = here(shop, "plan", "--json").json
    assert 2 * float(said["quoted_usd"]) == pytest.approx(float(direct["quoted_usd"]))
    ended = shop.command("run", "--lane", "batch", PRESSRUN_EXECUTOR="inline")
    assert ended.code == 0, ended.err
    told = [line for line in ended.err.splitlines() if "Handed in" in line or " is completed" in line]
    assert ["Handed" in line for line in told] == [True, True, False, False]
    assert [len(one) for one in charges(servers)] == [2, 2]
    with journal(shop) as opened:
        assert len({batch.shard["address"] for batch in opened.batches()}) == 2
        assert not opened.open_attempts()
        assert opened.spent() == charged_usd(servers)


@pytest.mark.parametrize("lane", ["direct", "batch"])
def test_killed_at_any_moment_nothing_is_paid_twice(
    lane: str, shop: Campaign, servers: tuple[Rehearsal, Rehearsal]
) -> None:
    chance = random.Random(20270301)
    for _ in range(2):
        process = shop.start("run", JOB, "--lane", lane, PRESSRUN_EXECUTOR="inline")
        begun = sum(map(len, charges(servers)))
        wait_until(lambda begun=begun: sum(map(len, charges(servers))) > begun, 6)
        time.sleep(chance.uniform(0, 0.3))
        kill(process)
    # What was perhaps paid is not asked for again unbidden: the ledger says so, picture by picture.
    ended = shop.command("run", "--lane", lane, PRESSRUN_EXECUTOR="inline")
    for prompts in charges(servers):
        assert max(Counter(prompts).values(), default=0) <= 1
    with journal(shop) as opened:
        kept = [one for one in opened.attempts() if one.state == "charged"]
        unknown = [one for one in opened.open_attempts() if one.standing == "unknown"]
        assert len(kept) <= sum(map(len, charges(servers))) <= len(kept) + len(unknown)
        assert ended.code == (1 if unknown else 0)
