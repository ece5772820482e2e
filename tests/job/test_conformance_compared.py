"""What is judged of measured pictures: words, sets, takes and edits."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from job_campaign import Campaign
from msgspec.structs import replace
from PIL import Image, ImageDraw

from pressrun.graphics.learned import lettering
from pressrun.graphics.photos import conformity
from pressrun.model.conformance import Conformance, PictureMeasures
from pressrun.model.found_lettering import Lettering
from pressrun.model.picture import Brief, PictureRequest
from pressrun.model.plan import PictureTask
from pressrun.providers.fpo import FpoProvider
from pressrun.run.pictures.conformance import Measured, compared, judged

FINE = PictureMeasures(0.8, 6.0, (), 0.02, 40.0, 30.0, 0.0, 1.0, 0.02, "00000000000000ff", (60.0, 20.0, 2.0, 8.0, 12.0))


def picture(
    number: int = 1, words: tuple[str, ...] | None = None, asked: tuple[str, ...] = (), **measures: object
) -> Measured:
    brief = Brief("plain", (), (), "", (), (), "", "", "", (0.5, 0.8))
    request = PictureRequest("a cup", (8, 8), brief, number, lettering=asked)
    task = PictureTask(f"k{number}", "hero", "m", request, "p.j2", f"row {number}", 1, Decimal(0), FpoProvider())
    return Measured(task, "0" * 64, replace(FINE, **measures), words)  # type: ignore[arg-type]


def codes(one: Measured, **asked: object) -> list[str]:
    return [finding.code for finding in judged(one, Conformance.model_validate(asked)).findings]


@pytest.mark.parametrize(
    ("found", "asked", "wanted"),
    [
        ((), (), []),
        (("OPEN 24H",), (), ["unwanted-lettering"]),
        (("",), (), ["unwanted-lettering"]),  # in a script that is not read
        (("CAFÉ NORD",), ("Café Nord",), []),
        (("CAFÉ", "NORD"), ("Café Nord",), []),
        (("CAFFE NORD",), ("Café Nord",), ["missing-lettering"]),
        (("Café Nord", "SALE"), ("Café Nord",), ["unwanted-lettering"]),
        (None, ("Café Nord",), []),
    ],
)
def test_lettering_is_compared_with_the_words_that_were_asked_for(
    found: tuple[str, ...] | None, asked: tuple[str, ...], wanted: list[str]
) -> None:
    assert codes(picture(words=found, asked=asked), lettering=found is not None) == wanted


def test_each_measure_has_its_threshold_and_lowers_the_score() -> None:
    asked = Conformance(palette=0.4, calm=0.1, product=3.0)
    faults = {
        "off-palette": {"palette": 0.3}, "busy-copy-space": {"busy": 0.2}, "product-changed": {"drift": 8.0},
        "blank-picture": {"spread": 0.5}, "blurred-picture": {"sharpness": 2.0}, "banded-picture": {"banding": 0.1},
        "over-compressed": {"compression": 2.0}, "watermarked-picture": {"repetition": 0.2},
    }  # fmt: skip
    fine = judged(picture(), asked)
    assert not fine.findings
    for code, measures in faults.items():
        found = judged(picture(**measures), asked)
        assert [finding.code for finding in found.findings] == [code]
        assert found.score <= fine.score - 20


def test_a_picture_unlike_its_set_is_named() -> None:
    looks = [(60 + n, 20.0, 2.0, 8.0, 12.0) for n in range(6)]
    every = [picture(n, look=look, outline=f"{1 << n:016x}") for n, look in enumerate([*looks, (20.0, 20.0, 2.0, 8.0, 12.0)])]
    told = compared(every, Conformance(outlier=4))
    assert [[finding.code for finding in one.findings] for one in told] == [[]] * 6 + [["set-outlier"]]
    assert "lightness" in told[-1].findings[0].message
    assert not any(one.findings for one in compared(every[2:], Conformance()))


def test_takes_that_are_one_picture_twice_are_named() -> None:
    first, again, other = picture(1), picture(2, outline="00000000000000f0"), picture(3, outline="ffffffff00000000")
    told = compared([first, again, other], Conformance(duplicate=8))
    assert [[finding.code for finding in one.findings] for one in told] == [[], ["near-duplicate"], []]


def test_what_an_edit_moved_is_measured_where_its_mask_keeps_it() -> None:
    def saved(image: Image.Image) -> bytes:
        out = io.BytesIO()
        image.save(out, "PNG")
        return out.getvalue()

    product, mask = Image.new("RGB", (120, 120), "#1F3A2E"), Image.new("L", (120, 120), 0)
    ImageDraw.Draw(mask).rectangle((30, 30, 90, 90), fill=255)
    kept = Image.new("RGBA", (120, 120), (0, 0, 0, 255))
    kept.putalpha(mask)
    around = product.copy()
    around.paste("#E4572E", (0, 0, 20, 120))
    moved = product.point(lambda value: value + 40)
    assert conformity.drift(saved(around), saved(product), saved(kept)) < 0.5
    assert conformity.drift(saved(moved), saved(product), saved(kept)) > 8


def test_lettering_without_its_extra_is_refused(fresh: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lettering, "lack", lambda: ("there are no weights", "pip install 'pressrun[lettering]'"))
    fresh.edit(fresh.job, "theme: calm", "theme: calm\nconformance: {lettering: true}")
    with pytest.raises(Exception, match="lettering cannot be looked for: there are no weights") as told:
        fresh.run()
    assert [finding.code for finding in told.value.findings] == ["conformance-lacks"]


def test_letters_that_nobody_asked_for_have_another_take(fresh: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the first picture that is looked at; its second take has none, and stands in its place."""
    looks: list[int] = []

    def found(image: Image.Image) -> list[Lettering]:
        looks.append(1)
        return [Lettering((0.1, 0.1, 0.6, 0.2), 0.99, "SALE", 0.99)] if len(looks) == 1 else []

    for name, said in {"lack": lambda: None, "said": lambda: "a reader", "found": found}.items():
        monkeypatch.setattr(lettering, name, said)
    unmeasured = "sharpness: null, repetition: null, compression: null, banding: null"
    conformance = f"theme: calm\nconformance: {{lettering: true, {unmeasured}}}"
    fresh.edit(fresh.job, "theme: calm", conformance)
    fresh.edit(fresh.job, "    steps: [{type: tone}]\n", "    retry: {on: [lettering], takes: 2}\n")
    fresh.run()
    told = fresh.manifest()["conformance"]
    [wrong] = [one for one in told if "unwanted-lettering" in one["findings"]]
    assert (wrong["take"], wrong["chosen"]) == (1, False)
    assert [one["take"] for one in told if one["chosen"] and one["take"] > 1] == [2]
    assert [note["code"] for note in fresh.manifest()["notes"]].count("tried-again") == 1
