"""Other takes are bought once, for what a picture was bought for: nobody pays for a changed word without being asked."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy
import pytest
from job_campaign import Campaign
from PIL import Image

from pressrun.model.run_record import RunReport
from pressrun.providers.openai.rehearsal.server import Rehearsal, serve

SHORT, LONG = "Some words", "Some words that go on and on, down to where the picture is not calm any more"
LAYOUT = "templates/layouts/post.yaml"


@pytest.fixture
def server() -> Iterator[Rehearsal]:
    running = serve()
    yield running
    running.close()


@pytest.fixture
def bought(fresh: Campaign, server: Rehearsal) -> Campaign:
    """One picture, calm above and restless below, with words on its upper part; another take is like it."""
    pixels = numpy.full((640, 1024, 3), 200, numpy.uint8)
    noise = numpy.random.default_rng(1).integers(0, 2, (320 // 8, 1024 // 8, 1))
    pixels[320:] = noise.repeat(8, 0).repeat(8, 1) * 200
    Image.fromarray(pixels).save(fresh.root / "jobs/photo.png")
    calm = "conformance: {calm: 40%, sharpness: null, repetition: null, compression: null, banding: null}"
    for old, new in {
        "{type: fpo}": f"{{type: openai, base_url: {server.base_url}, profile: rehearsal}}",
        "square: {size: 96x96": "square: {size: 1024x640",
        "    steps: [{type: tone}]\n": "    retry: {on: [busy-copy-space], takes: 2}\n",
        '["{{ product.packshot }}"]': "[photo.png]",
        "      tall: {size: 96x144, space: top third}\n": "",
        "      wide: {size: 144x96, space: top third}\n": "",
        "layouts: [post, card]": "layouts: [post]",
        "theme: calm": f"theme: calm\n{calm}\nwhere: product.sku == 'MUG' and region.locale == 'en-GB'",
    }.items():
        fresh.edit(fresh.job, old, new)
    (fresh.root / LAYOUT).write_text(
        "page: {trim: 256px x 160px}\ntarget: screen\nformats: [png]\nresolution: {floor: 1, target: 2}\n"
        "layers:\n"
        "  - {type: image, id: scene, picture: hero, box: {in: bleed}}\n"
        f'  - {{type: text, id: words, text: "{SHORT}", role: headline, color: ink, size: 20px, align: center,'
        " box: {x: 8px, y: 4px, width: 120px, height: 152px}}\n",
        encoding="utf-8",
    )
    return fresh


def run(campaign: Campaign, **settings: object) -> RunReport:
    return campaign.run(quality="low", **settings)


def charges(server: Rehearsal) -> int:
    return len(server.settle()["charges"])


def told(campaign: Campaign) -> set[str]:
    codes = {note["code"] for note in campaign.manifest()["notes"]}
    return codes & {"busy-copy-space", "needs-review", "tried-again", "retries-may-cost"}


def test_a_changed_word_buys_no_other_take_until_somebody_says_so(bought: Campaign, server: Rehearsal) -> None:
    assert "up to 2 more takes" in bought.command("plan", "--quality", "low").out
    run(bought)
    assert (charges(server), told(bought)) == (1, {"retries-may-cost"})
    assert "more takes" not in bought.command("plan", "--quality", "low").out
    assert "up to 2 more takes" in bought.command("plan", "--quality", "low", "--retry-settled").out

    bought.edit(LAYOUT, SHORT, LONG)
    run(bought)
    assert (charges(server), told(bought)) == (1, {"busy-copy-space", "needs-review"})
    [review] = [note for note in bought.manifest()["notes"] if note["code"] == "needs-review"]
    assert "--retry-settled" in review["hint"]
    assert review["row"]

    run(bought, retry_settled=True)
    assert (charges(server), told(bought)) == (3, {"busy-copy-space", "needs-review", "retries-may-cost"})
    run(bought)
    assert charges(server) == 3

    bought.edit(LAYOUT, LONG, SHORT)
    run(bought)
    assert (charges(server), told(bought)) == (3, set())


def test_what_was_asked_for_anew_is_bought(bought: Campaign, server: Rehearsal) -> None:
    run(bought)
    bought.edit(LAYOUT, SHORT, LONG)
    bought.edit(bought.job, "takes: 2}", "takes: 1}")
    run(bought)
    assert charges(server) == 2
    bought.edit(bought.job, "calm: 40%", "calm: 39%")
    run(bought)
    assert charges(server) == 2  # that take is owned, and no other is asked for


def test_a_run_that_was_stopped_goes_on_with_what_it_owes(bought: Campaign, server: Rehearsal) -> None:
    bought.edit(LAYOUT, SHORT, LONG)
    price = Decimal(bought.command("plan", "--quality", "low", "--json").json["quoted_usd"])
    run(bought, max_cost=float(price))
    assert charges(server) == 1
    run(bought)
    assert (charges(server), told(bought)) == (3, {"busy-copy-space", "needs-review", "retries-may-cost"})
