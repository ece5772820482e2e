"""What a printer takes and what people decide about it: profiles, findings signed off, and the report with marked pages."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image
from press_breaks import boxed, jpeg, paged, script, state
from press_samples import MM, Break, draw, sound

from pressrun.model.errors import InputError
from pressrun.model.run_record import RunReport
from pressrun.readers.press_pdf.profiles.profile import NAMES, load_profile
from pressrun.readers.press_pdf.rules.every import RULES
from pressrun.readers.press_pdf.sign_offs import ENDING

RED = draw("1 0 0 rg 10 20 30 40 re f")


def told(pressrun: Any, *arguments: Any) -> dict[str, str]:
    [file] = json.loads(pressrun("preflight", *arguments, "--json").stdout)
    return {one["code"]: one["severity"] for one in file["findings"]}


def refused(done: Any) -> str:
    """The code of why a command was refused; a word for wrong options."""
    if isinstance(done.exception, InputError):
        return done.exception.findings[0].code
    return "options" if done.exit_code == 2 else ""


SEEN: dict[str, tuple[Break, str, dict[str, str | None]]] = {
    "transparency": (state(ca=0.5), "transparency", {"sheet-fed": None, "x4": None, "x1a": "error"}),
    "scripts": (paged(AA=lambda pdf: pikepdf.Dictionary(O=script())), "javascript", {"sheet-fed": "error", "x4": "error"}),
    "260 % of ink": (draw("1 1 0.6 0 k 9 9 9 9 re f"), "total-ink",
                     {"sheet-fed": None, "newspaper": "error", "large-format": None}),
    "no bleed": (boxed(TrimBox=(0, 0, 111, 154)), "bleed", {"sheet-fed": "error", "newspaper": None}),
    "2 mm of bleed": (boxed(TrimBox=(2, 2, 109, 152)), "bleed", {"sheet-fed": "error", "digital-white": None, "large-format": "error"}),
    "a line of 0.2 pt": (draw("0 0 0 1 K 0.2 w 9 9 m 90 90 l S"), "thin-line", {"sheet-fed": None, "newspaper": "warning"}),
    "a JPEG of quality 20": (jpeg(20), "jpeg-artefacts", {"sheet-fed": "warning"}),
}  # fmt: skip


@pytest.mark.parametrize("name", SEEN)
def test_profiles_set_how_grave_a_finding_is(name: str, pressrun: Any, tmp_path: Path) -> None:
    broken, code, levels = SEEN[name]
    path = sound(tmp_path / "a.pdf", broken)
    assert {profile: told(pressrun, path, "--profile", profile).get(code) for profile in levels} == levels


def test_every_profile_can_be_read_and_says_what_it_is_for() -> None:
    assert set(NAMES) == {"sheet-fed", "x4", "x1a", "newspaper", "digital-white", "large-format", "press-sheet"}
    assert all(load_profile(name).about for name in NAMES)


def test_every_rule_names_its_clause_and_what_it_looks_like() -> None:
    assert all(len(rule.clause) > 3 and len(rule.paper) > 3 for rule in RULES)
    assert all((rule.of_file is None) != (rule.of_page is None) for rule in RULES)


def test_a_profile_of_ones_own_extends_another(pressrun: Any, tmp_path: Path) -> None:
    (tmp_path / "house.yaml").write_text("extends: newspaper\nbleed: 5\nseverities: {rgb: note}\n")
    (tmp_path / "title.yaml").write_text("extends: house.yaml\nseverities: {thin-line: off, bleed: warning}\n")
    path = sound(tmp_path / "a.pdf", RED, draw("0 0 0 1 K 0.2 w 9 9 m 90 90 l S"))
    assert told(pressrun, path, "--profile", tmp_path / "house.yaml") == {
        "rgb": "note", "thin-line": "warning", "bleed": "error"}  # fmt: skip
    assert told(pressrun, path, "--profile", tmp_path / "title.yaml") == {"rgb": "note", "bleed": "warning"}
    assert told(pressrun, path, "--profile", tmp_path / "title.yaml", "--bleed", "3") == {"rgb": "note"}


@pytest.mark.parametrize(("written", "code"), [
    ("extends: newspapers", "unknown-value"), ("severities: {rbg: off}", "unknown-value"), ("total_inc: 3", "unknown-key"),
    ("severities: {rgb: loud}", "unknown-value"), ("bleed: 500", "out-of-range"), ("extends: own.yaml", "invalid-value"),
    ("extends: gone.yaml", "missing-file"), ("[", "yaml-syntax"),
])  # fmt: skip
def test_a_profile_that_cannot_be_used_is_told(written: str, code: str, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(written)
    with pytest.raises(InputError) as told:
        load_profile(str(tmp_path / "own.yaml"))
    assert [one.code for one in told.value.findings] == [code]
    assert str(tmp_path) in str(told.value.findings[0].place)


def test_a_name_of_no_profile_is_told(pressrun: Any, tmp_path: Path) -> None:
    assert refused(pressrun("preflight", sound(tmp_path / "a.pdf"), "--profile", "newspapers")) == "unknown-value"


# ------------------------------------------------------------------------------------------------------------ signed off


def test_what_is_signed_off_of_a_delivered_file_is_in_its_run_s_manifest(
    pressrun: Any, campaign: tuple[Path, RunReport], tmp_path: Path
) -> None:
    root, report = campaign
    shutil.copytree(root / "runs" / report.run, tmp_path / "runs" / report.run, symlinks=True)
    asset = next(one for one in report.assets if one.format == "press-pdf")
    path = tmp_path / "runs" / report.run / asset.path
    asked = ("preflight", path, "--total-ink", 120)
    assert pressrun(*asked).exit_code == 1
    assert pressrun(*asked, "--sign-off", "total-ink", "--by", "Ada", "--because", "an old press").exit_code == 0
    assert pressrun(*asked).exit_code == 0
    manifest = json.loads((tmp_path / "runs" / report.run / "manifest.json").read_text("utf-8"))
    [(kept, signed)] = manifest["signed_off"].items()
    assert (kept, signed["sha256"], signed["signed"][0]["name"]) == (asset.path, asset.sha256, "Ada")
    assert manifest["run"] == report.run
    assert not path.with_name(path.name + ENDING).exists()
    path.write_bytes(path.read_bytes() + b"\n")
    assert pressrun(*asked).exit_code == 1


def test_what_is_signed_off_is_a_note_until_the_file_changes(pressrun: Any, tmp_path: Path) -> None:
    path = sound(tmp_path / "a.pdf", RED, boxed(TrimBox=(0, 0, 111, 154)))
    assert told(pressrun, path) == {"rgb": "error", "bleed": "error"}
    signed = ("--by", "Ada", "--because", "a proof for the screen")
    assert pressrun("preflight", path, "--sign-off", "rgb", *signed).exit_code == 1
    assert told(pressrun, path) == {"rgb": "note", "bleed": "error"}
    assert pressrun("preflight", path, "--sign-off", "bleed", *signed).exit_code == 0
    assert told(pressrun, path) == {"rgb": "note", "bleed": "note"}
    assert "Ada: a proof for the screen" in pressrun("preflight", path).output
    sound(path, RED, draw("0 1 0 rg 9 9 9 9 re f"))
    assert told(pressrun, path) == {"rgb": "error"}
    assert pressrun("preflight", path, "--sign-off", "rgb", *signed).exit_code == 0
    assert {one["code"] for one in json.loads((tmp_path / f"a.pdf{ENDING}").read_text())["signed"]} == {"rgb"}


@pytest.mark.parametrize("arguments", [
    ("--sign-off", "rgb"), ("--sign-off", "rgb", "--by", "Ada"), ("--sign-off", "rgb", "--because", "so"),
    ("--sign-off", "rgb", "--by", " ", "--because", "so"), ("--sign-off", "bleed", "--by", "Ada", "--because", "so"),
])  # fmt: skip
def test_who_signs_off_says_what_and_why(arguments: tuple[str, ...], pressrun: Any, tmp_path: Path) -> None:
    path = sound(tmp_path / "a.pdf", RED)
    assert refused(pressrun("preflight", path, *arguments))
    assert [one.name for one in tmp_path.iterdir()] == ["a.pdf"]


def test_a_list_that_cannot_be_read_is_not_passed_over(pressrun: Any, tmp_path: Path) -> None:
    path = sound(tmp_path / "a.pdf", RED)
    (tmp_path / f"a.pdf{ENDING}").write_text("{")
    assert refused(pressrun("preflight", path)) == "sign-offs-unreadable"
    assert (tmp_path / f"a.pdf{ENDING}").read_text() == "{"


# ------------------------------------------------------------------------------------------------------------ the report


def pictures(html: str) -> list[Image.Image]:
    return [Image.open(io.BytesIO(base64.b64decode(one))) for one in re.findall(r"base64,([^\"]+)", html)]


def boxes(html: str) -> list[tuple[str, list[float]]]:
    found = re.findall(r'<rect class="(\w+)" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', html)
    return [(kind, [float(edge) for edge in edges]) for kind, *edges in found]


def test_the_report_boxes_what_was_found(pressrun: Any, tmp_path: Path) -> None:
    path, report = sound(tmp_path / "a & b.pdf", RED, pages=2), tmp_path / "report.html"
    assert pressrun("preflight", path, "--report", report).exit_code == 1
    html = report.read_text("utf-8")
    assert "a &amp; b.pdf" in html
    assert "<code>rgb</code>" in html
    [page] = pictures(html)
    assert max(page.size) == 900
    trim, red = boxes(html)
    assert (red[0], red[1]) == ("error", pytest.approx([10, 154 * MM - 60, 30, 40], abs=0.01))
    scale = page.size[1] / (154 * MM)
    left, top, width, height = (edge * scale for edge in red[1])
    r, g, b = page.convert("RGB").getpixel((round(left + width / 2), round(top + height / 2)))  # type: ignore[misc]
    assert (r > 200, g < 90, b < 90) == (True, True, True)
    assert trim[0] == "trim"


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_boxes_lie_right_on_pages_that_are_turned(turn: int, pressrun: Any, tmp_path: Path) -> None:
    path, report = sound(tmp_path / "a.pdf", RED, paged(Rotate=turn)), tmp_path / "report.html"
    pressrun("preflight", path, "--report", report)
    [page] = pictures(html := report.read_text("utf-8"))
    scale = page.size[1] / (154 * MM)
    left, top, width, height = (edge * scale for edge in boxes(html)[1][1])
    red = page.convert("RGB").getpixel((round(left + width / 2), round(top + height / 2)))
    assert red[0] > 200 > 90 > red[1]  # type: ignore[index,operator]


@pytest.mark.parametrize("turn", [0, 90])
def test_what_overprints_is_shown_as_the_press_prints_it(turn: int, pressrun: Any, tmp_path: Path) -> None:
    """Yellow over cyan is green, where a viewer that knows no overprint shows yellow."""
    squares = "1 0 0 0 k 100 100 60 60 re f /G gs 0 0 1 0 k 120 120 60 60 re f"
    path, report = tmp_path / "a.pdf", tmp_path / "report.html"
    sound(path, RED, state(squares, op=True, OPM=1), boxed(CropBox=(2, 3, 111, 154)), paged(Rotate=turn))
    pressrun("preflight", path, "--report", report)
    [page] = pictures(report.read_text("utf-8"))
    scale, shown = page.size[1] / (151 * MM), page.convert("RGB")

    def color(x: float, y: float) -> tuple[int, ...]:
        return shown.getpixel((round((x - 2 * MM) * scale), round((154 * MM - y) * scale)))  # type: ignore[return-value]

    cyan, both, yellow = color(110, 110), color(140, 140), color(170, 170)
    assert cyan[2] > 200 > 60 > cyan[0]
    assert both[1] > 120 > 90 > max(both[0], both[2])
    assert min(yellow[:2]) > 180 > yellow[2], "with the ground's cyan and magenta under it"
    assert color(290, 20)[2] > 200, "the ground reaches the edge"


def test_a_report_that_cannot_be_written_is_told(pressrun: Any, tmp_path: Path) -> None:
    path = sound(tmp_path / "a.pdf")
    assert refused(pressrun("preflight", path, "--report", tmp_path / "gone" / "report.html")) == "cannot-write"


def test_json_says_where_and_by_which_clause(pressrun: Any, tmp_path: Path) -> None:
    path = sound(tmp_path / "a.pdf", RED)
    [file] = json.loads(pressrun("preflight", path, "--json").stdout)
    [one] = file["findings"]
    assert one["places_mm"] == [{"page": 1, "at": [round(edge / MM, 3) for edge in (10, 20, 40, 60)]}]
    assert one["pages"] == [1]
    assert one["clause"].startswith("ISO 15930-7")
