"""Pictures measured against their brand: what is found in pictures that are made wrong on purpose, and what then
happens by itself."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal

import numpy
import pytest
from coloraide import Color
from job_campaign import Campaign, Ended
from PIL import Image, ImageDraw, ImageFilter

from pressrun.graphics.color.ciede2000 import distances, to_lab
from pressrun.graphics.photos import conformity
from pressrun.model.conformance import Conformance, PictureMeasures, bits_apart
from pressrun.model.settings import Settings
from pressrun.providers.openai.rehearsal.server import serve
from pressrun.run.looks.preview import Preview, Wanted

Say = Callable[..., Ended]
PALETTE = ("#FFFFFF", "#1A1A1A", "#1F3A2E", "#E4572E", "#EBD7B9")
TOP = (0.0, 0.0, 1.0, 1 / 3)


def photograph(size: int = 768) -> Image.Image:
    """Light, soft forms and grain over a calm upper third: as a photograph is, and with nothing wrong."""
    y, x = numpy.mgrid[0:size, 0:size] / size
    waves = numpy.sin(9 * x + 3 * numpy.sin(7 * y)) * numpy.sin(11 * y - 4 * x * y)
    hills = numpy.where(y > 0.4 + 0.08 * numpy.sin(5 * x), 60 * waves - 50, 0)
    noise = numpy.random.default_rng(5).normal(0, 2.5, (size, size))
    luma = 175 + 40 * (1 - y) + hills + noise
    return Image.fromarray(numpy.stack([luma, luma * 0.93, luma * 0.8], -1).clip(0, 255).astype(numpy.uint8))


def measured(picture: Image.Image, kind: str = "PNG", **options: int) -> PictureMeasures:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return conformity.measured(out.getvalue(), PALETTE, TOP, 12.0)


def test_distances_are_those_of_coloraide() -> None:
    values = numpy.random.default_rng(3).integers(0, 256, (24, 3))
    colors = [f"#{bytes(map(int, one)).hex()}" for one in values] + ["#000000", "#ffffff", "#7f7f7f"]
    lab = to_lab(numpy.array([list(bytes.fromhex(color[1:])) for color in colors]) / 255)
    expected = [[Color(one).delta_e(other, method="2000") for other in colors] for one in colors]
    assert distances(lab, lab) == pytest.approx(numpy.array(expected), abs=1e-4)


def test_colours_of_the_palette_are_counted_by_their_share() -> None:
    picture = Image.new("RGB", (400, 400), "#E4572E")
    picture.paste("#0040FF", (0, 0, 100, 400))
    found = measured(picture)
    assert found.palette == pytest.approx(0.75, abs=0.01)
    assert [round(share, 2) for _, share in found.dominant] == [0.75, 0.25]
    blue = min(Color("#0040FF").delta_e(one, method="2000") for one in PALETTE)
    assert found.distance == pytest.approx(blue / 4, abs=1.5)


def test_what_is_wrong_with_a_picture_is_told_apart() -> None:
    asked, good = Conformance(), photograph()
    ramp = Image.linear_gradient("L").resize((768, 768), Image.Resampling.BICUBIC).convert("RGB")
    marked = good.convert("RGBA")
    layer = Image.new("RGBA", marked.size, (0, 0, 0, 0))
    for y in range(0, 768, 110):
        for x in range(0, 768, 170):
            ImageDraw.Draw(layer).text((x, y), "STOCK PHOTO", fill=(255, 255, 255, 110), font_size=26)
    fine, banded = measured(good), measured(ramp.point(lambda value: value // 12 * 12))
    small = io.BytesIO()
    good.save(small, "JPEG", quality=8)
    assert fine.sharpness > 2 * asked.sharpness > 4 * measured(good.filter(ImageFilter.GaussianBlur(6))).sharpness
    assert fine.banding < asked.banding / 4
    assert measured(ramp).banding < asked.banding / 4
    assert banded.banding > asked.banding
    assert fine.compression < asked.compression < measured(Image.open(small)).compression
    assert fine.repetition < asked.repetition < measured(Image.alpha_composite(marked, layer)).repetition
    assert fine.busy is not None
    assert fine.busy < 0.05
    leaves = good.copy()
    for at in range(0, 768, 24):
        ImageDraw.Draw(leaves).ellipse((at, 40 + at % 96, at + 14, 60 + at % 96), fill="#1F3A2E")
    assert (measured(leaves).busy or 0) > fine.busy + 0.05
    assert measured(Image.new("RGB", (300, 300), "#808080")).spread < 2


def test_near_duplicates_have_nearly_the_same_outline() -> None:
    good = photograph()
    first = measured(good)
    assert bits_apart(first, measured(good, "JPEG", quality=60)) <= 6
    assert bits_apart(first, measured(good.resize((500, 500)).point(lambda value: value * 0.9))) <= 6
    assert bits_apart(first, measured(good.transpose(Image.Transpose.FLIP_LEFT_RIGHT))) > 12


# ------------------------------------------------------------------------------------------------- whole campaigns


def asking(campaign: Campaign, conformance: str, retry: str = "") -> Campaign:
    campaign.edit(campaign.job, "theme: calm", f"theme: calm\nwhere: product.sku == 'MUG'\nconformance: {conformance}")
    campaign.edit(campaign.job, "layouts: [post, card]", "layouts: [post]")
    if retry:
        campaign.edit(campaign.job, "    steps: [{type: tone}]\n", f"    steps: [{{type: tone}}]\n    retry: {retry}\n")
    return campaign


def test_every_picture_is_in_the_manifest_and_the_worst_stands_first(fresh: Campaign, say: Say) -> None:
    asking(fresh, "{palette: 100%, sharpness: null, dominant: 1}").run()
    told = fresh.manifest()["conformance"]
    assert [(one["slot"], one["findings"]) for one in told] == [("hero", ["off-palette"])] * len(told)
    assert {one["sha256"] for one in told} == {line["pictures"][0]["sha256"] for line in fresh.lines()}
    table = say(fresh, "conform")
    assert table.code == 1
    assert table.out.splitlines()[0].split()[:3] == ["score", "picture", "take"]
    scores = [one["score"] for one in say(fresh, "conform", "--json").json]
    assert scores == sorted(scores)
    assert [note["code"] for note in fresh.manifest()["notes"]].count("off-palette") == len(told)


def test_nothing_is_measured_that_nobody_asked_for(finished: Campaign, say: Say) -> None:
    assert "conformance" not in finished.manifest()
    asked = say(finished, "conform")
    assert asked.code == 2
    assert "not-measured" in asked.err


def test_another_take_is_paid_once_and_the_best_is_shown(fresh: Campaign) -> None:
    """The server draws another colour each time; none is the brand's, so that all takes are made and one is chosen."""
    server = serve(vary=True)
    try:
        asking(fresh, "{palette: 100%, palette_distance: 1, sharpness: null}", "{on: [palette], takes: 2}")
        for old, new in {
            "{type: fpo}": f"{{type: openai, base_url: {server.base_url}, profile: rehearsal}}",
            "square: {size: 96x96": "square: {size: 1024x640",
            "      tall: {size: 96x144, space: top third}\n": "",
            "      wide: {size: 144x96, space: top third}\n": "",
            '    references: ["{{ product.packshot }}"]\n': "",
        }.items():
            fresh.edit(fresh.job, old, new)
        assert "up to 2 more takes" in fresh.command("plan", "--quality", "low").out
        first = fresh.run(quality="low", max_cost=1.0)
        assert [note.code for note in first.notes].count("needs-review") == 1
        assert len(server.settle()["charges"]) == 3
        told = fresh.manifest()["conformance"]
        assert sorted(one["take"] for one in told) == [1, 2, 3]
        (best,) = [one for one in told if one["chosen"]]
        assert best["score"] == max(one["score"] for one in told)
        assert {line["pictures"][0]["key"] for line in fresh.lines()} == {best["key"]}
        again = fresh.run(quality="low", max_cost=1.0)
        assert (again.counts.made, len(server.settle()["charges"])) == (0, 3)
        assert [one["chosen"] for one in fresh.manifest()["conformance"]] == [one["chosen"] for one in told]
    finally:
        server.close()


def test_copy_space_is_measured_where_the_words_of_each_layout_stand(fresh: Campaign) -> None:
    busy = numpy.full((600, 600, 3), 200, numpy.uint8)
    busy[300:] = numpy.random.default_rng(1).integers(0, 2, (75, 150, 1)).repeat(4, 0).repeat(4, 1) * 200
    Image.fromarray(busy).save(fresh.root / "jobs/busy.png")
    asking(fresh, "{calm: 20%, sharpness: null, repetition: null, compression: null, banding: null}")
    fresh.edit(fresh.job, '["{{ product.packshot }}"]', "[busy.png]")
    fresh.edit(fresh.job, "[{type: tone}]", "[]\n    provider: {type: library}")
    layouts = {"post": ("5px", ""), "card": ("140px", ""), "plain": ("140px", ", panel: {color: paper, padding: 4px}")}
    for name, (y, more) in layouts.items():
        (fresh.root / f"templates/layouts/{name}.yaml").write_text(
            "page: {trim: 200px x 200px}\ntarget: screen\nformats: [png]\nresolution: {floor: 1, target: 2}\n"
            "layers:\n"
            "  - {type: image, id: scene, picture: hero, box: {in: bleed}}\n"
            '  - {type: text, id: words, text: "Some words here", role: headline, color: ink, size: 14px,'
            f" box: {{x: 10px, y: {y}, width: 180px, height: 40px}}{more}}}\n",
            encoding="utf-8",
        )
    fresh.edit(fresh.job, "layouts: [post]", "layouts: [post, card, plain]")
    fresh.run()
    told = {note["message"] for note in fresh.manifest()["notes"] if note["code"] == "busy-copy-space"}
    [message] = told
    assert "card (" in message
    assert "post" not in message
    assert "plain" not in message
    fresh.edit("templates/layouts/card.yaml", "y: 140px", "y: 50px")
    fresh.run()
    assert not [note for note in fresh.manifest()["notes"] if note["code"] == "busy-copy-space"]


def test_a_preview_shows_the_take_that_the_run_preferred(fresh: Campaign) -> None:
    asking(fresh, "{palette: 100%, palette_distance: 1}", "{on: [palette], takes: 6}").run()
    [line, *_] = fresh.lines()
    assert line["pictures"][0]["take"] > 1
    preview = Preview(fresh.root / fresh.job, Settings())
    [look] = preview.looks(Wanted())
    preview.close()
    assert look.png == (fresh.latest / line["path"]).read_bytes()


def test_what_was_decided_about_another_take_is_obeyed(fresh: Campaign, say: Say) -> None:
    asking(fresh, "{palette: 100%, palette_distance: 1}", "{on: [palette], takes: 6}").run()
    paths = [line["path"] for line in fresh.lines() if line["pictures"][0]["take"] > 1]
    assert say(fresh, "approve", paths[0]).code == 0
    fresh.run(approved_only=True)
    assert [line["path"] for line in fresh.lines() if line["decision"] == "approved"] == paths[:1]
    assert {line["decision"] for line in fresh.lines()} == {"approved"}
    assert say(fresh, "reject", paths[0]).code == 0
    assert fresh.run().exit == 0
    assert paths[0] not in {line["path"] for line in fresh.lines()}


def test_another_take_stays_within_the_cap(fresh: Campaign) -> None:
    server = serve(vary=True)
    try:
        asking(fresh, "{palette: 100%, palette_distance: 1, sharpness: null}", "{on: [palette], takes: 5}")
        for old, new in {
            "{type: fpo}": f"{{type: openai, base_url: {server.base_url}, profile: rehearsal}}",
            "square: {size: 96x96": "square: {size: 1024x640",
            "      tall: {size: 96x144, space: top third}\n": "",
            "      wide: {size: 144x96, space: top third}\n": "",
            '    references: ["{{ product.packshot }}"]\n': "",
        }.items():
            fresh.edit(fresh.job, old, new)
        price = Decimal(fresh.command("plan", "--quality", "low", "--json").json["quoted_usd"])
        report = fresh.run(quality="low", max_cost=float(2 * price))
        assert len(server.settle()["charges"]) <= 2
        assert report.cost.spent_usd <= 2 * price
        assert report.counts.failed == 0
    finally:
        server.close()


@pytest.mark.parametrize(
    ("conformance", "retry", "code"),
    [
        ("{sharpness: 3}", "{on: [palette]}", "retry-unmeasured"),
        ("{palette: 30%}", "{on: [colour]}", "unknown-value"),
        ("{sharpness: .nan}", "", "invalid-value"),
    ],
)
def test_what_cannot_be_asked_is_told(fresh: Campaign, say: Say, conformance: str, retry: str, code: str) -> None:
    asking(fresh, conformance, retry)
    told = say(fresh, "check", fresh.job, "--json")
    assert told.code == 2
    assert code in [one["code"] for one in told.json]


def test_a_level_holds_for_pictures_too_and_is_said_with_its_reason(fresh: Campaign, say: Say) -> None:
    asking(fresh, "{palette: 100%, palette_distance: 1, sharpness: null, dominant: 5}")
    told = severities(fresh)
    assert told == {"warning"}
    with open(fresh.root / "templates/layouts/post.yaml", "a", encoding="utf-8") as layout:
        layout.write("\nchecks: {palette: {level: error, because: what is printed stays}}\n")
    assert fresh.run().exit == 1
    assert severities(fresh) == {"error"}
    text = (fresh.root / fresh.job).read_text("utf-8")
    (fresh.root / fresh.job).write_text(
        f"{text}\nchecks: {{palette: {{level: 'off', because: a mood of its own}}}}\n", "utf-8"
    )
    report = fresh.run()
    assert (report.exit, report.counts.made, severities(fresh)) == (0, 0, set())
    assert {one["check"] for one in fresh.manifest()["checks"]} == {"palette"}
    assert all(one["score"] > 60 for one in fresh.manifest()["conformance"])  # what is off costs nothing


def severities(campaign: Campaign) -> set[str]:
    if not (campaign.root / "runs").exists():
        campaign.run()
    return {one["severity"] for one in campaign.manifest()["notes"] if one["code"] == "off-palette"}


def test_what_is_switched_off_asks_for_no_other_take(fresh: Campaign, say: Say) -> None:
    asking(fresh, "{palette: 30%}", "{on: [palette]}")
    with open(fresh.root / fresh.job, "a", encoding="utf-8") as job:
        job.write("\nchecks: {palette: {level: 'off', because: a mood of its own}}\n")
    told = say(fresh, "check", fresh.job, "--json")
    assert (told.code, [one["code"] for one in told.json]) == (2, ["retry-unmeasured"])
