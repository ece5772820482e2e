"""Retouching, delivery, and the run's record."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any, Literal

import numpy
import pytest
from PIL import Image, ImageStat
from rendering_kit import COLORS, brand, cutout, encoded, quadrants, ramp

from pressrun import manifest
from pressrun.deliver import delivering, new_run_folder, point_latest, write_file
from pressrun.model.disk import CannotWrite
from pressrun.model.file_facts import FileSize
from pressrun.model.finding import Finding, Severity
from pressrun.model.run_record import Asset
from pressrun.model.step import BrandColors, StepOptions
from pressrun.registry import STEPS
from pressrun.retouch import retouch_key, retouched
from pressrun.steps.duotone import DuotoneStep
from pressrun.steps.tone import ToneStep
from pressrun.stores.folder import FolderStore


def opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as picture:
        picture.load()
        return picture.copy()


# ------------------------------------------------------------------------------------------------------------- steps


def test_tone_is_a_step_of_the_registry() -> None:
    assert STEPS["tone"] is ToneStep


@pytest.mark.parametrize(
    ("setting", "measure"),
    [
        ({"brightness": 1.3}, lambda stat: sum(stat.mean)),
        ({"contrast": 1.3}, lambda stat: stat.stddev[0]),
        ({"brightness": 1.0, "contrast": 1.5}, lambda stat: stat.stddev[0]),
    ],
)
def test_tone_does_what_it_says(setting: dict[str, float], measure: Any) -> None:
    plain = ToneStep(type="tone", brightness=1, contrast=1, saturation=1)
    before, after = (opened(step.apply(encoded(ramp()), COLORS)) for step in (plain, plain.model_copy(update=setting)))
    assert measure(ImageStat.Stat(after)) > measure(ImageStat.Stat(before))


def test_no_saturation_is_gray() -> None:
    gray = opened(ToneStep(type="tone", saturation=0, contrast=1).apply(encoded(quadrants()), COLORS))
    red, green, blue = gray.getpixel((10, 10))  # type: ignore[misc]
    assert red == green == blue


def test_neutral_tone_changes_no_pixel() -> None:
    neutral = ToneStep(type="tone", brightness=1, contrast=1, saturation=1)
    assert opened(neutral.apply(encoded(quadrants()), COLORS)).tobytes() == quadrants().tobytes()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_a_cut_out_stays_one(mode: str) -> None:
    picture = cutout()
    data = io.BytesIO()
    if mode == "P":
        picture = picture.quantize(8)
    picture.convert(mode).save(data, "PNG")
    toned = opened(retouched(data.getvalue(), [ToneStep(type="tone")], COLORS).data)
    assert toned.mode == "RGBA"
    assert toned.getchannel("A").getextrema() == (0, 255)


def test_a_step_is_a_type_and_what_it_does() -> None:
    class Grey(StepOptions):
        type: Literal["grey"]

        def apply(self, picture: bytes, colors: BrandColors) -> bytes:
            return picture.lower()

    step = Grey(type="grey")
    assert retouched(b"ABC", [step], COLORS).data == b"abc"
    assert retouch_key("0" * 64, [step], COLORS) != retouch_key("0" * 64, [], COLORS)


@pytest.mark.parametrize(("grey", "name"), [(0, "ink"), (255, "flame")])
def test_a_duotone_goes_from_one_palette_colour_to_another(grey: int, name: str) -> None:
    step = DuotoneStep(type="duotone", shadows="ink", lights="flame")
    toned = opened(step.apply(encoded(Image.new("RGB", (4, 4), (grey, grey, grey))), COLORS))
    assert "#{:02X}{:02X}{:02X}".format(*toned.getpixel((1, 1))) == brand().palette[name].srgb


def test_a_weaker_duotone_is_nearer_to_the_picture_and_a_cut_out_stays_one() -> None:
    plain, *toned = (
        numpy.asarray(opened(DuotoneStep(type="duotone", strength=strength).apply(encoded(cutout()), COLORS))).astype(
            int
        )
        for strength in (0, 0.5, 1)
    )
    near, far = (abs(one - plain).mean() for one in toned)
    assert 0 < near < far
    assert all((one[..., 3] == plain[..., 3]).all() for one in toned)
    assert plain[..., 3].min() == 0


def test_steps_go_in_order() -> None:
    dark, flat = ToneStep(type="tone", brightness=0.4), ToneStep(type="tone", contrast=0.01)
    data = encoded(ramp())
    assert retouched(data, [dark, flat], COLORS).data != retouched(data, [flat, dark], COLORS).data
    assert retouched(data, [], COLORS).data == data


# ---------------------------------------------------------------------------------------------------------- delivery


def test_delivered_files_have_their_names_and_bytes(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    with new_run_folder(tmp_path / "runs", "run") as folder, delivering(store, folder) as delivery:
        delivery.add([(store.put(b"one"), "a/b/one.png"), (store.put(b"two"), "ü/กาแฟ.pdf")])
        delivery.finish()
    assert (folder / "assets/a/b/one.png").read_bytes() == b"one"
    assert (folder / "assets/ü/กาแฟ.pdf").read_bytes() == b"two"


def test_a_taken_name_gets_a_number(tmp_path: Path) -> None:
    made = []
    for _ in range(3):
        with new_run_folder(tmp_path, "run") as folder:
            made.append(folder.name)
    assert made == ["run", "run-2", "run-3"]


def test_a_run_that_breaks_off_leaves_no_folder(tmp_path: Path) -> None:
    def broken_off() -> None:
        with new_run_folder(tmp_path, "run") as folder:
            write_file(folder, "manifest.json", b"{}")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert list(tmp_path.iterdir()) == []


def test_latest_moves_to_the_newest(tmp_path: Path) -> None:
    for name in ("one", "two"):
        with new_run_folder(tmp_path, name) as folder:
            write_file(folder, "manifest.json", name.encode())
        point_latest(tmp_path, folder)
    assert (tmp_path / "latest" / "manifest.json").read_bytes() == b"two"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["latest", "one", "two"]


@pytest.mark.parametrize("there", ["runs", "runs/latest/of mine"])
def test_a_run_does_not_begin_where_it_could_not_end(tmp_path: Path, there: str) -> None:
    mine = tmp_path / there
    mine.parent.mkdir(parents=True, exist_ok=True)
    mine.write_text("mine")

    def begun() -> None:
        with new_run_folder(tmp_path / "runs", "run"):
            pass

    with pytest.raises(CannotWrite, match="move it away"):
        begun()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [mine]


# ------------------------------------------------------------------------------------------------------------ record


def asset(**options: Any) -> Asset:
    plain: dict[str, Any] = {
        "str": "x", "int": 1, "tuple": (), "dict": {}, "Status": "made", "str | None": None,
        "FileSize": FileSize(None),
    }  # fmt: skip
    values: dict[str, Any] = {}
    for name, kind in Asset.__annotations__.items():
        values[name] = next((plain[one] for one in plain if kind == one or kind.startswith(one + "[")), None)
    return Asset(**{**values, **options})


def test_one_line_an_asset() -> None:
    lines = b"".join(map(manifest.asset_line, [asset(row="กาแฟ\n2"), asset()])).decode().splitlines()
    assert [json.loads(line)["row"] for line in lines] == ["กาแฟ\n2", "x"]


def test_the_spreadsheet_opens_right_and_runs_nothing() -> None:
    data = manifest.assets_csv_header() + manifest.assets_csv([asset(row=row) for row in ("=1+1", "+49", "-1", "@x", "plain", "a,b\n")])
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [row["row"] for row in rows] == ["'=1+1", "'+49", "'-1", "'@x", "plain", "a,b\n"]
    assert tuple(rows[0]) == manifest.CSV_COLUMNS


def test_the_spreadsheet_counts_errors_and_warnings_apart() -> None:
    severities = ("warning", "error", "warning", "note", "warning")
    found = tuple(Finding(Severity(word), f"an-{word}", "message") for word in severities)
    data = (manifest.assets_csv_header() + manifest.assets_csv([asset(findings=found), asset()])).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(data, newline="")))
    told = [(row["errors"], row["warnings"], row["worst_finding"]) for row in rows]
    assert told == [("1", "3", "an-error"), ("0", "0", "")]


def test_ids_stay_and_differ() -> None:
    one = manifest.asset_id("job", "a/b.png")
    assert one == manifest.asset_id("job", "a/b.png")
    assert len({one, manifest.asset_id("job", "a/c.png"), manifest.asset_id("other", "a/b.png")}) == 3
    assert len(one) == 12


def test_findings_are_counted_by_severity() -> None:
    found = [Finding(Severity(word), "code", "message") for word in ("error", "warning", "error")]
    assert manifest.count_findings(found) == {"error": 2, "warning": 1, "note": 0}
