"""One job, pictures of two kinds: scenes that are bought, photographs that exist."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from job_campaign import Campaign, Ended
from PIL import Image

from pressrun.providers.openai.rehearsal.server import Rehearsal, serve

Here = Callable[..., Ended]

PHOTO = """  photo:
    provider: {type: library}
    references: ["photos/{{ product.sku }}.jpg"]
    masters: {any: {size: 96x96}}
"""
LAYER = "  - {type: image, id: photo, picture: photo, box: {in: trim, y: 80px, width: 30px, height: 30px}}\n"


@pytest.fixture
def server() -> Iterator[Rehearsal]:
    running = serve(vary=True)
    yield running
    running.close()


@pytest.fixture
def mixed(fresh: Campaign, server: Rehearsal) -> Campaign:
    """Two products on one layout: each has a scene to be bought and a photograph."""
    for old, new in {
        "{type: fpo}": f"{{type: openai, base_url: {server.base_url}, profile: rehearsal}}",
        "square: {size: 96x96": "square: {size: 1024x640",
        "      tall: {size: 96x144, space: top third}\n": "",
        "      wide: {size: 144x96, space: top third}\n": "",
        "    steps: [{type: tone}]\n": PHOTO,
        '    references: ["{{ product.packshot }}"]\n': "",
        "layouts: [post, card]": "layouts: [post]",
        "locale: region.locale": "where: product.sku != 'BAG' and region.locale == 'en-GB'\nlocale: region.locale",
    }.items():
        fresh.edit(fresh.job, old, new)
    layout = "templates/layouts/post.yaml"
    fresh.edit(layout, "  - {type: shape, id: panel", LAYER + "  - {type: shape, id: panel")
    photos = fresh.root / "brands/testa/photos"
    photos.mkdir()
    for sku, color in {"MUG": "red", "TIN": "blue"}.items():
        photo = Image.new("RGB", (120, 90), color)
        photo.paste("white", (0, 0, 120, 30))
        photo.save(photos / f"{sku}.jpg")
    return fresh


def test_scenes_are_bought_and_photographs_taken(mixed: Campaign, server: Rehearsal) -> None:
    report = mixed.run(quality="low", max_cost=1.0)
    assert report.exit == 0, [asset.findings for asset in report.assets]
    assert len(server.settle()["charges"]) == 2
    for path, color in {"MUG/en-GB/post.png": (254, 0, 0), "TIN/en-GB/post.png": (0, 0, 254)}.items():
        [line] = [one for one in mixed.lines() if one["path"] == f"assets/{path}"]
        kinds = {
            picture["slot"]: (picture["provider"], picture["digital_source_type"].rpartition("/")[2])
            for picture in line["pictures"]
        }
        assert kinds == {"hero": ("openai", "trainedAlgorithmicMedia"), "photo": ("library", "digitalCapture")}
        with Image.open(mixed.latest / "assets" / path) as picture:
            shown = picture.convert("RGB").getpixel((15, 105))
        assert isinstance(shown, tuple)
        assert max(abs(a - b) for a, b in zip(shown, color, strict=True)) < 12


def test_what_was_paid_before_is_told_apart_from_what_is_paid_now(mixed: Campaign, server: Rehearsal) -> None:
    """A scene of one product, then those of both, then nothing new: bought, and had from earlier, by their bills."""
    mixed.edit(mixed.job, "product.sku != 'BAG'", "product.sku == 'MUG'")
    first = mixed.run(quality="low").cost
    mixed.edit(mixed.job, "product.sku == 'MUG'", "product.sku != 'BAG'")
    both = mixed.run(quality="high").cost
    more = mixed.run(quality="low").cost
    third = mixed.run(quality="low").cost
    bills = [int(one["nano_usd"]) / 10**9 for one in server.settle()["charges"]]
    assert len(bills) == 4
    assert (first.spent_usd, first.reused_usd) == (pytest.approx(bills[0], abs=1e-6), 0)
    assert (both.spent_usd, both.reused_usd) == (pytest.approx(bills[1] + bills[2], abs=2e-6), 0)
    assert (more.spent_usd, more.reused_usd) == (pytest.approx(bills[3], abs=1e-6), pytest.approx(bills[0], abs=1e-6))
    assert (third.spent_usd, third.reused_usd) == (0, pytest.approx(bills[0] + bills[3], abs=2e-6))
    assert mixed.manifest()["cost"]["reused_usd"] == third.reused_usd


def test_the_plan_prices_only_what_is_bought(mixed: Campaign, here: Here) -> None:
    said = here(mixed, "plan", "--quality", "low", "--json").json
    by_slot = {one["slot"]: one for one in said["pictures"]}
    assert float(by_slot["photo"]["quoted_usd"]) == 0
    assert float(by_slot["hero"]["quoted_usd"]) > 0


def test_a_photograph_that_is_missing_is_told_before_anything_is_bought(mixed: Campaign, server: Rehearsal) -> None:
    (mixed.root / "brands/testa/photos/TIN.jpg").unlink()
    ended = mixed.command("run", "--quality", "low", "--json", PRESSRUN_EXECUTOR="inline")
    assert ended.code == 2
    assert "TIN.jpg" in ended.out + ended.err
    assert not server.settle()["charges"]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('    references: ["photos/{{ product.sku }}.jpg"]\n', "named by its references"),
        ("    provider: {type: library}\n", "'prompt'"),
    ],
)
def test_a_slot_that_says_too_little(mixed: Campaign, written: str, told: str, here: Here) -> None:
    mixed.edit(mixed.job, written, "")
    ended = here(mixed, "plan")
    assert ended.code == 2
    assert told in ended.err
    assert "jobs/spring.yaml:" in ended.err
    assert Path(mixed.root / "runs").exists() is False


def test_the_flag_that_a_provider_replaces_is_told_with_the_line_to_write(mixed: Campaign, here: Here) -> None:
    mixed.edit(mixed.job, "    provider: {type: library}\n", "    source: library\n")
    found = next(one for one in here(mixed, "plan", "--json").json if one["code"] == "unknown-key")
    assert found["hint"] == "write provider: {type: library}"
    line = mixed.root.joinpath(mixed.job).read_text("utf-8").split("source: library")[0].count("\n") + 1
    assert (found["place"]["file"], found["place"]["line"]) == (mixed.job, line)
