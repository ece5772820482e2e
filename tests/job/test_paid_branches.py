"""Forks, finals and conversations that cost money, over real HTTP: quoted, capped, asked for once, booked."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from job_campaign import Campaign, Ended, kill, wait_until
from PIL import Image, ImageChops
from takes_kit import as_json, journal, line, picture_of, pixels, saved, shell

from pressrun.providers.openai.rehearsal.server import Rehearsal, serve

Say = Callable[..., Ended]
POST = "MUG/en-GB/post.png"
SIZE = (1024, 640)


@pytest.fixture
def server() -> Iterator[Rehearsal]:
    running = serve(vary=True)
    yield running
    running.close()


def paid(campaign: Campaign, server: Rehearsal) -> Campaign:
    """One product in one language on one layout: a campaign of one paid picture, a draft, which is there."""
    provider = f"{{type: openai, base_url: {server.base_url}, profile: rehearsal}}"
    for old, new in {
        "{type: fpo}": provider,
        "square: {size: 96x96": "square: {size: 1024x640",
        "    steps: [{type: tone}]\n": "",
        '    references: ["{{ product.packshot }}"]\n': "",
        "      tall: {size: 96x144, space: top third}\n": "",
        "      wide: {size: 144x96, space: top third}\n": "",
        "layouts: [post, card]": "layouts: [post]",
        "locale: region.locale": "where: product.sku == 'MUG' and region.locale == 'en-GB'\nlocale: region.locale",
    }.items():
        campaign.edit(campaign.job, old, new)
    assert campaign.run(quality="low").cost.spent_usd > 0
    return campaign


@pytest.fixture
def shop(fresh: Campaign, server: Rehearsal) -> Campaign:
    return paid(fresh, server)


def charges(server: Rehearsal) -> list[dict[str, Any]]:
    return list(server.settle()["charges"])


def fork(campaign: Campaign, say: Say, what: str, wish: str, *more: str) -> dict[str, Any]:
    [answer] = as_json(say(campaign, "fork", what, wish, "--quality", "low", "--json", *more))
    return dict(answer)


def test_a_fork_is_an_edit_of_the_picture_paid_once(shop: Campaign, server: Rehearsal, say: Say) -> None:
    root = picture_of(shop, POST)
    quoted = say(shop, "fork", POST, "make it snow", "--quality", "low", "--dry-run").out
    assert len(charges(server)) == 1
    assert "1 of 1 pictures to make, for about $0.0" in quoted
    made = fork(shop, say, POST, "make it snow", "--name", "snow")
    again = fork(shop, say, POST, "make it snow", "--name", "snow")
    assert (again["key"], again["cost_usd"]) == (made["key"], 0.0)
    bill = charges(server)
    assert [one["endpoint"] for one in bill] == ["/v1/images/generations", "/v1/images/edits"]
    assert Decimal(str(made["cost_usd"])) == Decimal(bill[1]["nano_usd"]) / 10**9
    with journal(shop) as opened:
        assert [one.state for one in opened.attempts()] == ["charged", "charged"]
        assert opened.attempts()[1].run.endswith("-fork")
    shop.run(quality="low", branch="snow")
    [picture] = line(shop, POST)["pictures"]
    assert picture["key"] == made["key"]
    assert picture["prompt"].endswith("make it snow")
    twig = fork(shop, say, POST, "at night", "--run", "latest")
    assert (twig["parent"], twig["root"]) == (made["key"], root)
    assert len(charges(server)) == 3


def test_a_fork_of_a_draft_is_a_draft_and_its_run_is_named(shop: Campaign, server: Rehearsal, say: Say) -> None:
    said = say(shop, "fork", POST, "make it snow", "--name", "snow").out
    draft, fork_ = charges(server)
    assert fork_["quality"] == draft["quality"] == "low"
    assert f"Now: pressrun run {shop.job} --quality low --branch snow" in said
    assert say(shop, "run", shop.job, "--quality", "low", "--branch", "snow").code == 0
    assert line(shop, POST)["pictures"][0]["prompt"].endswith("make it snow")
    say(shop, "approve", POST)
    say(shop, "run", shop.job, "--final", "--from-draft")
    said = say(shop, "fork", POST, "a moon", "--name", "moon").out
    assert f"Now: pressrun run {shop.job} --final --from-draft --branch moon" in said
    assert [one["quality"] for one in charges(server)] == ["low", "low", "high", "high"]
    assert say(shop, "run", shop.job, "--final", "--from-draft", "--branch", "moon").code == 0
    assert line(shop, POST)["pictures"][0]["prompt"].endswith("a moon")
    assert len(charges(server)) == 4


def test_a_fork_asks_whoever_made_the_picture(shop: Campaign, server: Rehearsal, say: Say, monkeypatch: Any) -> None:
    shop.edit(shop.job, f"{{type: openai, base_url: {server.base_url}, profile: rehearsal}}", "{type: fpo}")
    monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-rehearsal")
    assert say(shop, "run", shop.job, "--provider", "openai", "--quality", "low").code == 0
    said = say(shop, "fork", POST, "make it snow", "--name", "snow").out
    assert f"Now: pressrun run {shop.job} --provider openai --quality low --branch snow" in said
    assert charges(server)[-1]["endpoint"] == "/v1/images/edits"


def test_the_jobs_provider_by_its_name_keeps_what_the_job_says_of_it(
    shop: Campaign, server: Rehearsal, say: Say
) -> None:
    planned = json.loads(say(shop, "plan", shop.job, "--provider", "openai", "--quality", "low", "--json").out)
    assert [one["in_store"] for one in planned["pictures"]] == [True]


def test_a_fork_says_what_is_to_stay(shop: Campaign, server: Rehearsal, say: Say) -> None:
    fork(shop, say, POST, "make it snow")
    sent = (
        "make it snow\n\nChange this and nothing else. What it does not speak of stays as it is in the picture: subject, "
        "composition, viewpoint, style and colours. The top third stays calm and even in tone. Add no lettering, logos or "
        "frames that are not asked for."
    )
    assert charges(server)[-1]["prompt_sha256"] == hashlib.sha256(sent.encode()).hexdigest()


def test_a_cap_stops_a_fork_before_the_call(shop: Campaign, server: Rehearsal, say: Say) -> None:
    ended = say(shop, "fork", POST, "make it snow", "--max-cost", "0.001")
    assert ended.code == 4
    assert len(charges(server)) == 1
    with journal(shop) as opened:
        assert opened.branches() == {}


def test_a_mask_of_the_wrong_size_is_said_before_the_call(shop: Campaign, server: Rehearsal, say: Say) -> None:
    mask = saved(Image.new("RGBA", (640, 640), (0, 0, 0, 0)), shop.root / "mask.png")
    ended = say(shop, "fork", POST, "a bird", "--mask", str(mask), "--json")
    assert (ended.code, [one["code"] for one in json.loads(ended.out)]) == (2, ["mask-size"])
    assert len(charges(server)) == 1


def test_a_masked_edit_keeps_the_product_exact(shop: Campaign, server: Rehearsal, say: Say) -> None:
    root = picture_of(shop, POST)
    cover = Image.new("RGBA", SIZE, (0, 0, 0, 255))
    cover.paste((0, 0, 0, 0), (100, 100, 500, 400))
    mask = saved(cover, shop.root / "mask.png")
    made = fork(shop, say, POST, "a bird", "--mask", str(mask), "--name", "bird")
    apart = ImageChops.difference(pixels(shop, root), pixels(shop, made["key"])).getbbox()
    assert apart is not None
    assert apart[0] >= 100
    assert apart[1] >= 100
    assert apart[2] <= 500
    assert apart[3] <= 400
    with journal(shop) as opened:
        facts = opened.lookup([made["key"]])[made["key"]].facts
    assert facts["source_type"] == "compositeWithTrainedAlgorithmicMedia"
    fork(shop, say, POST, "a bird", "--mask", str(mask), "--name", "soft", "--feather", "20")
    assert len(charges(server)) == 2  # another edge of the same edit
    shop.run(quality="low", branch="bird")
    assert line(shop, POST)["pictures"][0]["digital_source_type"] == "compositeWithTrainedAlgorithmicMedia"


def test_a_conversation_goes_on_from_what_was_said(shop: Campaign, server: Rehearsal, say: Say) -> None:
    first = fork(shop, say, POST, "make it snow", "--conversation", "--name", "snow")
    with journal(shop) as opened:
        told = opened.lookup([first["key"]])[first["key"]].facts["facts"]
    assert told["response_id"].startswith("resp_")
    assert "not in the cost" in told["language_model"]
    second = fork(shop, say, first["key"], "now at night", "--conversation", "--name", "night")
    assert second["key"] != fork(shop, say, first["key"], "now at night", "--name", "alone")["key"]
    bill = charges(server)
    assert [one["endpoint"] for one in bill[1:]] == ["/v1/responses", "/v1/responses", "/v1/images/edits"]
    assert Decimal(str(second["cost_usd"])) == Decimal(bill[2]["nano_usd"]) / 10**9
    hand = saved(Image.effect_noise(SIZE, 40).convert("RGB"), shop.root / "hand.png")
    say(shop, "adopt", second["key"], str(hand))
    shop.run(quality="low", branch="night")
    third = fork(shop, say, POST, "and rain", "--conversation")  # of a picture that the server has never seen
    assert third["parent"] != second["key"]


@pytest.mark.parametrize("from_draft", [False, True])
def test_finals_from_drafts(shop: Campaign, server: Rehearsal, say: Say, from_draft: bool) -> None:
    draft = picture_of(shop, POST)
    say(shop, "approve", POST)
    report = shop.run(final=True, from_draft=from_draft)
    assert report.exit == 0
    final = picture_of(shop, POST)
    bill = charges(server)
    assert [one["endpoint"] for one in bill[1:]] == ["/v1/images/edits" if from_draft else "/v1/images/generations"]
    assert bill[1]["nano_usd"] > bill[0]["nano_usd"]
    assert report.cost.spent_usd == pytest.approx(bill[1]["nano_usd"] / 10**9)
    with journal(shop) as opened:
        assert [(one.parent, one.kind) for one in opened.parents(final)] == [(draft, "final")]
    shop.run(final=True, from_draft=from_draft)
    assert len(charges(server)) == 2
    assert line(shop, POST)["decision"] == "approved"
    if not from_draft:
        shop.run(quality="high", approved_only=True)  # other bytes than were looked at, but of an approved draft
        assert picture_of(shop, POST) == final
    say(shop, "reject", final)
    assert say(shop, "run", shop.job, "--final", *(["--from-draft"] if from_draft else [])).code == 2


def test_an_approved_fork_is_finished_from_what_it_shows(shop: Campaign, server: Rehearsal, say: Say) -> None:
    made = fork(shop, say, POST, "make it snow", "--name", "snow")
    shop.run(quality="low", branch="snow")
    say(shop, "approve", POST)
    shop.run(final=True, branch="snow")
    final = picture_of(shop, POST)
    with journal(shop) as opened:
        assert [(one.parent, one.kind) for one in opened.parents(final)] == [(made["key"], "final")]
    assert charges(server)[-1]["endpoint"] == "/v1/images/edits"


def test_as_a_process(shop: Campaign, server: Rehearsal, tmp_path: Path) -> None:
    done = shell(shop, "fork", POST, "make it snow", "--quality", "low", "--name", "snow", "--json")
    assert done.code == 0, done.err
    assert len(charges(server)) == 2
    done = shell(shop, "run", shop.job, "--quality", "low", "--branch", "snow", "--json")
    assert done.code == 0, done.err
    assert len(charges(server)) == 2


def test_a_fork_that_was_killed_is_perhaps_paid_and_not_asked_for_again(fresh: Campaign, say: Say) -> None:
    with contextlib.closing(serve()) as slow:
        paid(fresh, slow)
        slow.service.options.latency = 3.0
        started = fresh.start("fork", POST, "make it snow", "--quality", "low")
        assert wait_until(lambda: len(open_attempts(fresh)) == 1, 60)
        kill(started)
        slow.service.options.latency = 0.0
        ended = say(fresh, "fork", POST, "make it snow", "--quality", "low")
        assert ended.code == 1
        assert "--retry-unknown" in ended.err
        assert len(charges(slow)) <= 2
        with journal(fresh) as opened:
            assert opened.branches() == {}
        assert say(fresh, "fork", POST, "make it snow", "--quality", "low", "--retry-unknown").code == 0


def open_attempts(campaign: Campaign) -> list[Any]:
    with journal(campaign) as opened:
        return opened.open_attempts()
