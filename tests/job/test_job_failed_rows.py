"""A row that fails is data: it is reported with its place, and the other rows finish."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from job_campaign import Campaign, Ended, by_status, told

from pressrun.graphics.photos.photo import Photo
from pressrun.model.errors import PictureFailed, PressrunError, ProviderStopped
from pressrun.model.picture import Picture, PictureRequest
from pressrun.model.run_record import RunReport
from pressrun.model.step import BrandColors
from pressrun.providers.fpo import FpoProvider
from pressrun.steps.tone import ToneStep

Here = Callable[..., Ended]
PRODUCTS = "jobs/data/products.csv"
OF_TIN = {
    f"TIN/{locale}/{name}" for locale in ("en-GB", "de-DE") for name in ("post.png", "card.pdf", "card-proof.png")
}


def errors(report: RunReport) -> dict[str, list[dict[str, Any]]]:
    found = {
        asset.path.removeprefix("assets/"): [finding.to_dict() for finding in asset.findings if finding.is_error]
        for asset in report.assets
    }
    return {path: findings for path, findings in found.items() if findings}


def test_a_missing_price_is_told_and_its_files_go_without(fresh: Campaign) -> None:
    fresh.edit("jobs/data/prices.csv", "TIN,EUR,8.20\n", "")
    report = fresh.run()
    (card,) = [asset for asset in report.assets if asset.path == "assets/TIN/de-DE/card.pdf"]
    assert told(next(f for f in card.findings if f.code == "missing-entry").to_dict()) == f"warning missing-entry {PRODUCTS}:3"
    assert [text.id for text in card.text] == ["headline"]  # the layout prints a price only `when` there is one
    assert (report.counts.failed, report.counts.made) == (0, 18)


def test_what_is_wrong_with_rows_is_known_before_they_are_made(fresh: Campaign, here: Here) -> None:
    fresh.edit("jobs/data/prices.csv", "TIN,EUR,8.20\n", "")
    done = here(fresh, "check", "--json")
    assert (done.code, done.found) == (0, [f"warning missing-entry {PRODUCTS}:3"])
    assert f"{PRODUCTS}:3" in here(fresh, "plan").out
    fresh.edit(
        "jobs/spring.yaml",
        "layouts:",
        "where: product.sku != 'BAG' and (product.sku == 'MUG' or product.sku > 1)\nlayouts:",
    )
    done = here(fresh, "check", "--json")
    assert (done.code, done.found) == (1, [f"error bad-value {PRODUCTS}:3", f"warning missing-entry {PRODUCTS}:3"])


def test_a_row_that_cannot_be_worked_out_fails_alone(fresh: Campaign) -> None:
    fresh.edit("jobs/spring.yaml", "values: {price: ", 'values: {half: "10 / product.parts", price: ')
    fresh.edit("jobs/spring.yaml", "key: sku}", "key: sku, types: {parts: integer}}")
    for line, parts in (("packshots/mug.svg", 2), ("packshots/tin.svg", 0), ("packshot\n", "parts")):
        fresh.edit(PRODUCTS, line, f"{line.rstrip()},{parts}" + ("\n" if line.endswith("\n") else ""))
    done = fresh.command("run", PRESSRUN_EXECUTOR="inline")
    assert done.code == 1
    assert "Traceback" not in done.err
    assert done.err.rstrip().endswith("pressrun run jobs/spring.yaml")
    assert f"{PRODUCTS}:3" in done.out
    lines = {line["path"].removeprefix("assets/"): line for line in fresh.lines()}
    assert {path for path, line in lines.items() if line["status"] == "failed"} == OF_TIN
    for path in OF_TIN:
        assert (lines[path]["sha256"], lines[path]["bytes"]) == (None, 0)
        assert told(lines[path]["findings"][0]) == f"error bad-value {PRODUCTS}:3"
    assert set(fresh.assets()) == set(lines) - OF_TIN
    manifest = fresh.manifest()
    assert manifest["counts"] == {"planned": 18, "made": 12, "reused": 0, "failed": 6}
    assert manifest["exit"] == 1


def test_text_that_does_not_fit_is_told_with_file_layout_layer_and_row(warm: Campaign, here: Here) -> None:
    words = "Ein außerordentlich ausführlicher Frühlingsgruß " * 4
    warm.edit("jobs/data/copy.csv", "Der Tee zieht", words.strip())
    done = here(warm, "run")
    assert done.code == 1
    assert "pressrun run" not in done.err  # every file is there: another run would find the same
    report = warm.run()
    assert set(errors(report)) == {path for path in OF_TIN if "de-DE" in path}
    for path, found in errors(report).items():
        [finding] = [one for one in found if one["code"] == "text-overflow"]  # where it lies now, it may be lost, too
        assert {one["layer"] for one in found} == {"headline"}
        assert told(finding) == f"error text-overflow {PRODUCTS}:3"
        assert (finding["layer"], finding["row"]) == ("headline", "TIN/de-DE")
        assert finding["layout"] == path.split("/")[2].partition("-")[0].partition(".")[0]
    overflowing = [line for line in warm.lines() if any(text["overflow"] for text in line["text"])]
    assert {line["path"].removeprefix("assets/") for line in overflowing} == set(errors(report))
    assert report.counts.failed == 0  # the file is there, to be looked at
    assert report.exit == 1


def test_a_row_mended_is_made_and_the_run_is_clean(warm: Campaign) -> None:
    words = "Ein außerordentlich ausführlicher Frühlingsgruß " * 4
    warm.edit("jobs/data/copy.csv", "Der Tee zieht", words.strip())
    assert warm.run().exit == 1
    warm.edit("jobs/data/copy.csv", words.strip(), "Der Tee zieht")
    report = warm.run()
    assert (report.exit, report.counts.made) == (0, 0)


def refuse_tea(monkeypatch: pytest.MonkeyPatch, error: PressrunError) -> None:
    draw = FpoProvider.generate

    def generate(self: FpoProvider, request: PictureRequest, read: Any) -> Picture:
        if "Tea Tin" in request.prompt:
            raise error
        return draw(self, request, read)

    monkeypatch.setattr(FpoProvider, "generate", generate)


def test_a_picture_that_cannot_be_made_fails_the_files_that_show_it(
    fresh: Campaign, finished: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        refuse_tea(patched, PictureFailed("no more tea"))
        report = fresh.run()
    assert by_status(report, "failed") == set(errors(report)) == OF_TIN
    for finding, *others in errors(report).values():
        assert others == []
        assert told(finding) == f"error picture-failed {PRODUCTS}:3"
        assert "no more tea" in finding["message"]
    assert (report.counts.made, report.exit) == (12, 1)
    assert fresh.latest.exists()
    again = fresh.run()  # the provider has recovered
    assert (by_status(again, "made"), again.exit) == (OF_TIN, 0)
    assert fresh.assets() == finished.assets()


def test_a_picture_that_cannot_be_retouched_says_why(fresh: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    retouched, calls = ToneStep.retouched, []

    def once_broken(self: ToneStep, photo: Photo, colors: BrandColors) -> Photo:
        calls.append(photo)
        if len(calls) == 1:
            raise ValueError("too bright")
        return retouched(self, photo, colors)

    monkeypatch.setattr(ToneStep, "retouched", once_broken)
    report = fresh.run()
    assert report.exit == 1
    assert {finding["code"] for (finding,) in errors(report).values()} == {"picture-failed"}
    assert all("too bright" in finding["message"] for (finding,) in errors(report).values())
    assert by_status(report, "failed") == set(errors(report)) != set()


def test_a_provider_that_stops_ends_the_run_and_leaves_nothing(
    fresh: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_tea(monkeypatch, ProviderStopped("the account is empty", "fill it"))
    with pytest.raises(ProviderStopped):
        fresh.run()
    assert not list((fresh.root / "runs").iterdir())


def test_a_layer_that_one_row_cannot_have_fails_that_file_alone(fresh: Campaign) -> None:
    fresh.edit(PRODUCTS, "scene,packshot", "scene,packshot,url")
    for sku, url in (("mug", "https://example.com/m"), ("tin", "x" * 5000)):
        fresh.edit(PRODUCTS, f"packshots/{sku}.svg", f"packshots/{sku}.svg,{url}")
    layout = fresh.root / "templates/layouts/post.yaml"
    box = "{in: trim, x: 36px, y: 38px, width: 80px, height: 80px}"
    code = f'  - {{type: code, code: qr, value: "{{{{ product.url }}}}", box: {box}, color: ink}}\n'
    layout.write_text(layout.read_text() + code)
    report = fresh.run()
    assert set(errors(report)) == {"TIN/en-GB/post.png", "TIN/de-DE/post.png"}
    assert report.exit == 1
    assert all(told(finding).endswith(f"{PRODUCTS}:3") for (finding,) in errors(report).values())
