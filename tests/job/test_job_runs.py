"""A whole run: what lies on disk afterwards agrees with its record, and a second run makes nothing."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pikepdf
import pytest
from job_campaign import Campaign, Ended, digests
from PIL import Image

from pressrun.manifest import contact_sheet
from pressrun.model.errors import InputError
from pressrun.model.step import Framing
from pressrun.run import sheet_assets

Here = Callable[..., Ended]

ROWS = [f"{sku}/{locale}" for sku in ("MUG", "TIN", "BAG") for locale in ("en-GB", "de-DE")]
FILES = {f"{row}/{name}" for row in ROWS for name in ("post.png", "card.pdf", "card-proof.png")}
MILLIMETRE = 72 / 25.4


def test_the_files_are_those_that_the_job_names(finished: Campaign) -> None:
    assert set(finished.assets()) == FILES
    assert {path.name for path in finished.latest.iterdir()} == {
        "assets", "assets.csv", "assets.jsonl", "contact-sheet.html", "manifest.json",
    }  # fmt: skip
    assert finished.latest.is_symlink()


def test_a_long_run_has_a_folder_beside_its_contact_sheet_and_takes_pages_from_the_run_before(
    warm: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contact_sheet, "BY_MAIL", 2)
    monkeypatch.setattr(contact_sheet, "page_ends", partial(contact_sheet.page_ends, page_size=6))
    assert warm.run().counts.reused == len(FILES)
    folder = warm.latest / contact_sheet.FOLDER
    pages = sorted(path.name for path in folder.glob("page-*.js"))
    assert pages == ["page-1.js", "page-2.js", "page-3.js"]
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    thumbs = {path for path in before if path.suffix == ".jpg"}
    assert len(thumbs) == len(FILES) * 2 // 3  # a press PDF and its proof have one
    assert all(before[path].startswith(b"\xff\xd8\xff") for path in thumbs)
    said = b"".join(before[folder / page] for page in pages)
    assert all(f'"{line["id"]}"'.encode() in said for line in warm.lines())
    assert all(
        f'"{line["thumb"][: contact_sheet.THUMB_NAME]}"'.encode() in before[folder / "index.js"]
        for line in warm.lines()
    )

    def never(cards: object) -> contact_sheet.PageData:
        raise AssertionError("nothing changed, and a page was made")

    made = contact_sheet.page_data
    monkeypatch.setattr(contact_sheet, "page_data", never)
    warm.run()
    assert {path.name: path.read_bytes() for path in folder.parent.resolve().rglob("*.js")} == {
        path.name: data for path, data in before.items() if path.suffix == ".js"
    }
    changed: list[object] = []
    monkeypatch.setattr(contact_sheet, "page_data", lambda cards: changed.append(cards) or made(cards))
    warm.edit("jobs/data/prices.csv", "11.50", "77.00")
    warm.run()
    assert len(changed) < len(pages)


def test_crops_are_recorded_and_drawn_on_the_contact_sheet(finished: Campaign) -> None:
    crops = [crop for line in finished.lines() for crop in line["crops"]]
    assert crops
    for crop in crops:
        x, y, width, height = crop["box"]
        assert 0 < width * height < 1
        assert x >= 0 <= y
        assert max(x + width, y + height) <= 1.0001
    page = (finished.latest / "contact-sheet.html").read_text("utf-8")
    assert f'"{crops[0]["layer"]}, shown by the layout"' in page


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ((100, 0, 600, 500), (0.1, 0.0, 0.5, 1.0)),
        ((-200, -100, 500, 600), (0.0, 0.0, 0.5, 1.0)),  # made larger on the other sides
        ((-200, -100, 1100, 600), ()),
        ((0, 0, 1000, 500), ()),
    ],
)
def test_what_steps_cut_off_is_told_as_a_part_of_the_whole(
    edges: tuple[int, int, int, int], expected: tuple[float, ...]
) -> None:
    moved = Framing((1000, 500)).cut(*edges).moved
    got = SimpleNamespace(moved_in=lambda slot: moved, made=SimpleNamespace(digest="d1"))
    assert sheet_assets._part_kept(got, "hero") == (("d1", expected) if expected else ("", ()))  # type: ignore[arg-type]


def test_the_record_tells_of_every_file_what_is_in_it(finished: Campaign) -> None:
    on_disk = finished.assets()
    lines = finished.lines()
    assert {line["path"] for line in lines} == {f"assets/{path}" for path in on_disk}
    assert len({line["id"] for line in lines}) == len(lines)
    for line in lines:
        path = finished.latest / line["path"]
        assert line["sha256"] == on_disk[line["path"].removeprefix("assets/")]
        assert line["bytes"] == path.stat().st_size
        if line["media_type"] == "application/pdf":
            with pikepdf.open(path) as pdf:
                assert len(pdf.pages) == line["size"]["pages"]
                trim = [float(edge) / MILLIMETRE for edge in pdf.pages[0].trimbox]
                bleed = [float(edge) / MILLIMETRE for edge in pdf.pages[0].bleedbox]
            assert [trim[2] - trim[0], trim[3] - trim[1]] == pytest.approx(line["size"]["trim_mm"], abs=0.01)
            assert trim[0] - bleed[0] == pytest.approx(line["size"]["bleed_mm"], abs=0.01)
        else:
            with Image.open(path) as picture:
                picture.load()
                assert Image.MIME[picture.format or ""] == line["media_type"]
                assert picture.size == (line["size"]["width_px"], line["size"]["height_px"])


def test_the_record_explains_a_file(finished: Campaign) -> None:
    (line,) = [line for line in finished.lines() if line["path"] == "assets/TIN/de-DE/card.pdf"]
    assert (line["row"], line["locale"], line["layout"], line["format"]) == ("TIN/de-DE", "de-DE", "card", "press-pdf")
    assert line["keys"] == {"product": "TIN", "region": "de-DE"}
    assert [(source["file"], source["line"]) for source in line["sources"]] == [
        ("jobs/data/products.csv", 3), ("jobs/data/regions.csv", 3),
    ]  # fmt: skip
    assert [(text["id"], text["text"]) for text in line["text"]] == [
        ("headline", "Der Tee zieht"), ("price", "8,20\N{NO-BREAK SPACE}€"),
    ]  # fmt: skip
    (picture,) = line["pictures"]
    assert (picture["slot"], picture["provider"], picture["take"], picture["cost_usd"]) == ("hero", "fpo", 1, 0)
    assert "Tea Tin" in picture["prompt"]
    assert picture["digital_source_type"] == "algorithmicMedia"
    assert picture["steps"] == [{"type": "tone"}]
    assert "stand-in-picture" in {finding["code"] for finding in line["findings"]}


def test_the_spreadsheet_says_the_same(finished: Campaign) -> None:
    data = (finished.latest / "assets.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    lines = finished.lines()
    for row, line in zip(rows, lines, strict=True):
        for name in ("id", "path", "status", "layout", "format", "locale", "row", "theme", "sha256"):
            assert row[name] == line[name]
        assert int(row["bytes"]) == line["bytes"]
        severities = [finding["severity"] for finding in line["findings"]]
        assert (int(row["errors"]), int(row["warnings"])) == (severities.count("error"), severities.count("warning"))


def test_the_manifest_counts_and_names_its_inputs(finished: Campaign) -> None:
    manifest, lines = finished.manifest(), finished.lines()
    assert manifest["counts"] == {"planned": 18, "made": 18, "reused": 0, "failed": 0}
    assert manifest["run"] == finished.latest.resolve().name
    assert manifest["exit"] == 0
    assert manifest["cost"] == {"estimated_usd": 0, "spent_usd": 0, "reused_usd": 0}
    found = [finding["severity"] for line in lines for finding in line["findings"]]
    assert manifest["findings"] == {name: found.count(name) for name in ("error", "warning", "note")}
    everything = digests(finished.root)
    assert manifest["inputs"] == {name: everything[name] for name in manifest["inputs"]}
    read = {"jobs/spring.yaml", "jobs/data/copy.csv", "brands/testa/brand.yaml", "brands/testa/packshots/tin.svg",
            "templates/prompts/scene.j2", "templates/layouts/card.yaml"}  # fmt: skip
    assert read <= set(manifest["inputs"])


def test_a_second_run_makes_nothing_and_delivers_the_same(warm: Campaign) -> None:
    before, first = warm.assets(), warm.latest.resolve()
    report = warm.run()
    assert (report.counts.reused, report.counts.made, report.exit) == (18, 0, 0)
    assert warm.assets() == before
    assert warm.latest.resolve() != first
    assert warm.latest.resolve() == Path(report.folder).resolve()
    assert first.is_dir()
    assert all(picture["reused"] for line in warm.lines() for picture in line["pictures"])


def test_the_command_does_what_the_library_call_does(fresh: Campaign, finished: Campaign) -> None:
    done = fresh.command("run")
    assert done.code == 0, done.err
    assert "Traceback" not in done.err
    assert fresh.assets() == finished.assets()
    strip = ("started", "finished", "run")
    ours, theirs = fresh.manifest(), finished.manifest()
    assert {k: v for k, v in ours.items() if k not in strip} == {k: v for k, v in theirs.items() if k not in strip}
    assert (fresh.latest / "assets.jsonl").read_bytes() == (finished.latest / "assets.jsonl").read_bytes()
    assert not list((fresh.root / ".pressrun" / "partial").iterdir())


def test_editing_a_delivered_file_never_harms_the_store(warm: Campaign) -> None:
    before = warm.assets()
    file = warm.latest / "assets/TIN/de-DE/post.png"
    file.chmod(0o644)
    file.write_bytes(b"scribbled over")
    report = warm.run()
    assert report.exit == 0
    assert warm.assets() == before
    assert report.counts.made <= 1  # a link: the object itself was scribbled over, and is made again


def test_a_store_that_lost_objects_makes_them_again(warm: Campaign) -> None:
    before = warm.assets()
    for number, path in enumerate(sorted((warm.root / ".pressrun/objects").glob("*/*"))):
        if number % 3 == 0:
            path.unlink()
        elif number % 3 == 1:
            path.chmod(0o644)
            path.write_bytes(path.read_bytes()[:-7])
    report = warm.run()
    assert report.exit == 0
    assert report.counts.made > 0
    assert warm.assets() == before


# ------------------------------------------------------------------------------------------------------------ flags


def test_only_runs_the_rows_for_which_it_holds(warm: Campaign, here: Here) -> None:
    done = here(warm, "run", "--json", "--only", "region.locale == 'de-DE' and layout.name == 'card'")
    assert done.code == 0
    assert done.json["counts"]["planned"] == 6
    assert set(warm.assets()) == {path for path in FILES if "de-DE/card" in path}


def test_a_take_is_another_picture_under_the_same_names(warm: Campaign, here: Here) -> None:
    first = {line["path"]: line for line in warm.lines()}
    done = here(warm, "run", "--json", "--take", "2", "--jobs", "1", "--only", "product.sku == 'MUG'")
    assert done.code == 0
    assert done.json["counts"] == {"planned": 6, "made": 6, "reused": 0, "failed": 0}
    for line in warm.lines():
        (new,), (old,) = line["pictures"], first[line["path"]]["pictures"]
        assert (new["take"], old["take"]) == (2, 1)
        assert new["key"] != old["key"]
        assert line["sha256"] != first[line["path"]]["sha256"]


def test_out_puts_runs_elsewhere(warm: Campaign, here: Here, tmp_path: Path) -> None:
    out = tmp_path / "elsewhere" / "deep"
    runs = set((warm.root / "runs").iterdir())
    assert here(warm, "run", "--quiet", "--out", str(out)).code == 0
    assert digests(out / "latest" / "assets") == warm.assets()
    assert set((warm.root / "runs").iterdir()) == runs


@pytest.mark.parametrize("command", ["run", "plan", "check"])
def test_json_is_alone_on_standard_output(warm: Campaign, here: Here, command: str) -> None:
    done = here(warm, command, "--json")
    assert done.code == 0
    assert done.json is not None
    assert done.err == ""


def test_json_of_a_run_tells_where_everything_is(warm: Campaign, here: Here) -> None:
    told = here(warm, "run", "--json").json
    assert told["counts"] == warm.manifest()["counts"]
    assert Path(told["folder"]).resolve() == warm.latest.resolve()
    assert told["exit"] == 0


def test_quiet_says_nothing_when_nothing_is_wrong(warm: Campaign, here: Here) -> None:
    done = here(warm, "run", "--quiet")
    assert (done.code, done.out, done.err) == (0, "", "")


def test_progress_and_summary_of_a_run(fresh: Campaign) -> None:
    done = fresh.command("run", PRESSRUN_EXECUTOR="inline")
    assert done.code == 0
    assert "18 files: 18 made" in done.out
    assert "files: 18 of 18" in done.err.splitlines()


# -------------------------------------------------------------------------------------------------- plan and check


def test_plan_makes_nothing(fresh: Campaign, here: Here) -> None:
    before = digests(fresh.root)
    assert here(fresh, "plan", "--prompts").code == 0
    assert here(fresh, "check").code == 0
    after = digests(fresh.root)
    assert {path: after[path] for path in before} == before
    assert not [path for path in after if path.startswith(("runs", ".pressrun/objects", ".pressrun/partial"))]


def test_plan_counts_what_a_run_then_makes(fresh: Campaign, warm: Campaign, here: Here) -> None:
    told = here(fresh, "plan", "--json").json
    assert (told["rows"], told["sheets"], told["files"], told["quoted_usd"]) == (6, 12, 18, "0")
    keys = {picture["key"]: picture for picture in told["pictures"]}
    assert len(keys) == 6  # three products, a square and a wide master each; languages share them
    assert all(picture["uses"] == 2 and not picture["in_store"] for picture in keys.values())
    assert keys.keys() == {picture["key"] for line in warm.lines() for picture in line["pictures"]}
    assert all(picture["in_store"] for picture in here(warm, "plan", "--json").json["pictures"])


def test_prompts_come_in_the_order_of_the_rows_and_never_change(fresh: Campaign) -> None:
    texts = []
    for seed, zone, language in (("1", "UTC", "C"), ("4711", "Pacific/Chatham", "tr_TR.UTF-8")):
        done = fresh.command("plan", "--prompts", PYTHONHASHSEED=seed, TZ=zone, LANG=language, LC_ALL=language)
        assert done.code == 0, done.err
        texts.append(done.out)
    assert texts[0] == texts[1]
    subjects = [line for line in texts[0].splitlines() if line.startswith("Subject:")]
    assert [line.split(",")[0] for line in subjects] == [
        f"Subject: a place for {name}"
        for name in ("Camp Mug", "Camp Mug", "Tea Tin", "Tea Tin", "Bean Bag", "Bean Bag")
    ]


# ------------------------------------------------------------------------------------------------------ the program


HEAVY = {"typst", "numpy", "PIL", "pikepdf", "pypdfium2", "openai", "fontTools", "picosvg", "babel", "jinja2"}
HELP_OF_ALL = """
import json, sys
from pressrun.commands import cli
codes = {name: cli.run_command([*([name] if name else []), "--help"]) for name in ("", *cli.cli.commands)}
print(json.dumps([codes, [name for name in sys.modules if "." not in name]]))
"""


def test_every_command_has_help_and_starts_without_what_only_a_run_needs() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HELP_OF_ALL], capture_output=True, text=True, encoding="utf-8", check=True
    )
    codes, modules = json.loads(done.stdout.splitlines()[-1])
    assert {"", "run", "plan", "check", "init", "doctor", "show", "schema"} <= set(codes)
    assert set(codes.values()) == {0}
    assert done.stdout.count("Usage: pressrun") == len(codes)
    assert HEAVY & set(modules) == set()
    assert done.stderr == ""


def test_wrong_usage_is_exit_code_2(here: Here, fresh: Campaign) -> None:
    assert here(fresh, "run", "--jobs", "minus one").code == 2
    assert here(fresh, "run", "--no-such-flag").code == 2


def test_a_reader_that_goes_away_is_no_error(warm: Campaign) -> None:
    with warm.start("plan", warm.job, "--prompts") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        error = process.stderr.read()
        process.wait(timeout=60)
    assert error == ""


def test_a_script_needs_no_guard(fresh: Campaign) -> None:
    """No worker imports the script, which would start a run, which would start workers …"""
    script = fresh.root / "shop.py"
    script.write_text(
        "from pressrun import run_job\nfrom pressrun.model.settings import Settings\n"
        f"print(run_job({str(fresh.root / fresh.job)!r}, Settings(jobs=1)).counts.failed)\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "0\n", "")


def test_a_run_sweeps_up_after_killed_ones(fresh: Campaign, here: Here) -> None:
    partial = fresh.root / ".pressrun" / "partial"
    partial.mkdir(parents=True)
    (partial / ".1-1.part").write_bytes(b"half a picture")
    os.utime(partial / ".1-1.part", (0, 0))
    assert here(fresh, "run", "--quiet").code == 0
    assert list(partial.iterdir()) == []


def test_a_language_that_no_page_speaks_is_told(fresh: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSRUN_LANGUAGE", "french")
    with pytest.raises(InputError) as caught:
        fresh.run()
    assert [(one.code, one.place and one.place.file) for one in caught.value.findings] == [
        ("bad-setting", "PRESSRUN_LANGUAGE")
    ]
