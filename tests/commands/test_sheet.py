"""`pressrun sheet`: a job's newest run, a run, or any PDFs; what it writes, and what it refuses."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pdf_oxide
import pikepdf
import pytest
from click.testing import Result
from PIL import Image

from pressrun.model.errors import InputError
from pressrun.model.run_record import RunReport
from pressrun.readers.press_pdf.document import read_press_pdf
from pressrun.readers.press_pdf.preflight import judged
from pressrun.readers.press_pdf.profiles.profile import load_profile

Call = Callable[..., Result]
Campaign = tuple[Path, RunReport]


@pytest.fixture
def press_files(campaign: Campaign) -> list[Path]:
    _, report = campaign
    return [Path(report.folder) / one.path for one in report.assets if one.format == "press-pdf"]


@pytest.fixture
def cell(press_files: list[Path]) -> str:
    """The finished size of the first press file, as a scheme says it."""
    with pikepdf.open(press_files[0]) as document:
        left, bottom, right, top = map(float, document.pages[0].trimbox)
    return f"{right - left}pt x {top - bottom}pt"


@pytest.fixture
def scheme(tmp_path: Path, cell: str) -> Path:
    file = tmp_path / "own.yaml"
    file.write_text(f"stock: B1\npage: {cell}\ngutter: 6mm\n")
    return file


def layout_of(campaign: Campaign) -> str:
    return next(one.layout for one in campaign[1].assets if one.format == "press-pdf")


@pytest.mark.parametrize("named", ["job", "run", "folder", "latest"])
def test_a_run_is_imposed_however_it_is_named(
    named: str, campaign: Campaign, scheme: Path, tmp_path: Path, pressrun: Call
) -> None:
    root, report = campaign
    name = {
        "job": root / "jobs" / "first-run.yaml", "run": Path(report.folder).name, "folder": report.folder,
        "latest": "latest",
    }[named]  # fmt: skip
    out = tmp_path / "sheet.pdf"
    layout = layout_of(campaign)
    result = pressrun("sheet", name, "--onto", scheme, "--out", out, "--root", root, "--layout", layout, "--json")
    assert result.exit_code == 0, result.exception
    data = json.loads(result.stdout)
    pages = [one["page"] for sheet in data["sheets"] for side in sheet["sides"] for one in side["pages"]]
    rows = [one.row for one in report.assets if one.format == "press-pdf" and one.layout == layout]
    assert pages == rows
    with pikepdf.open(out) as written:
        assert len(written.pages) == len(data["sheets"])


def test_sheets_of_our_own_press_files_pass_as_they_do(
    press_files: list[Path], scheme: Path, tmp_path: Path, pressrun: Call
) -> None:
    """A sheet claims PDF/X-4 as its pages do, with their one output intent, and preflight has nothing against it that
    it has not against the page."""
    out = tmp_path / "sheet.pdf"
    assert pressrun("sheet", *press_files[:1] * 2, "--onto", scheme, "--out", out).exit_code == 0
    file = read_press_pdf(out.read_bytes())
    assert pdf_oxide.PdfDocument.from_bytes(out.read_bytes()).validate_pdf_x("4")["errors"] == []
    assert file.standard == read_press_pdf(press_files[0].read_bytes()).standard == "PDF/X-4"
    profile, of_sheets = load_profile("x4"), load_profile("press-sheet")
    found = judged(file, "sheet.pdf", of_sheets.limits, of_sheets.levels)
    of_page = judged(read_press_pdf(press_files[0].read_bytes()), "page.pdf", profile.limits, profile.levels)
    codes = {one.finding.code for one in found}
    assert codes <= {one.finding.code for one in of_page}, "what is not the pages' own is no fault of a sheet"
    assert {"bleed", "registration-color"} <= {one.finding.code for one in judged(file, "", profile.limits, profile.levels)}
    with pikepdf.open(out) as sheet, pikepdf.open(press_files[0]) as page:
        [intent] = sheet.Root.OutputIntents
        assert intent.DestOutputProfile.read_bytes() == page.Root.OutputIntents[0].DestOutputProfile.read_bytes()


def test_the_preview_is_a_drawing_of_the_sheet(press_files: list[Path], scheme: Path, tmp_path: Path, pressrun: Call) -> None:
    picture = tmp_path / "sheet.png"
    result = pressrun("sheet", press_files[0], "--onto", scheme, "--preview", picture, "--turn", "sheetwise")
    assert result.exit_code == 0
    assert list(tmp_path.glob("*.pdf")) == []
    with Image.open(io.BytesIO(picture.read_bytes())) as drawn:
        assert drawn.width > drawn.height
        assert len(drawn.convert("RGB").getcolors(1 << 20) or []) > 20
    first = picture.read_bytes()
    pressrun("sheet", press_files[0], "--onto", scheme, "--preview", picture, "--turn", "sheetwise")
    assert picture.read_bytes() == first


def test_a_preview_beside_a_file_is_written_with_it(
    press_files: list[Path], scheme: Path, tmp_path: Path, pressrun: Call
) -> None:
    picture, sheets = tmp_path / "seen.png", tmp_path / "sheets.pdf"
    said = pressrun("sheet", press_files[0], "--onto", scheme, "--preview", picture, "--out", sheets).stdout
    assert "sheets.pdf" in said
    assert (picture.read_bytes()[:4], sheets.read_bytes()[:4]) == (b"\x89PNG", b"%PDF")


def test_the_preview_is_of_the_kind_that_its_name_says(
    press_files: list[Path], scheme: Path, tmp_path: Path, pressrun: Call
) -> None:
    assert pressrun("sheet", press_files[0], "--onto", scheme, "--preview", tmp_path / "a.jpg").exit_code == 0
    with Image.open(tmp_path / "a.jpg") as drawn:
        assert drawn.format == "JPEG"
    refused = pressrun("sheet", press_files[0], "--onto", scheme, "--preview", tmp_path / "a.tif")
    assert refused.exit_code == 2
    assert ".png or .jpg" in str(refused.exception)
    assert not (tmp_path / "a.tif").exists()


def test_quantities_go_to_whom_they_name(press_files: list[Path], scheme: Path, tmp_path: Path, pressrun: Call) -> None:
    copy = tmp_path / "other.pdf"
    copy.write_bytes(press_files[0].read_bytes())
    asked = ("--quantity", "2", "--quantity", "other=3", "--out", tmp_path / "sheet.pdf", "--json")
    data = json.loads(pressrun("sheet", press_files[0], copy, "--onto", scheme, *asked).stdout)
    pages = [one["page"] for sheet in data["sheets"] for side in sheet["sides"] for one in side["pages"]]
    assert [pages.count(name) for name in dict.fromkeys(pages)] == [2, 3]


def test_a_file_with_errors_is_imposed_and_told(press_files: list[Path], scheme: Path, tmp_path: Path, pressrun: Call) -> None:
    broken = tmp_path / "office.pdf"
    with pikepdf.open(press_files[0]) as document:
        document.pages[0].contents_add(b"1 0 0 rg 20 20 60 60 re f")
        document.save(broken)
    said = ("--onto", scheme, "--out", tmp_path / "sheet.pdf", "--json")
    result = pressrun("sheet", press_files[0], broken, "--back", broken, *said)
    assert result.exit_code == 0
    told = [one for one in json.loads(result.stdout)["findings"] if one["code"] == "errors-imposed"]
    assert [one["place"]["file"] for one in told] == [broken.as_posix()]
    assert "DeviceRGB is used" in told[0]["message"]


def test_of_many_pages_one_of_each_kind_is_looked_at(
    press_files: list[Path], scheme: Path, tmp_path: Path, pressrun: Call
) -> None:
    """Pages that differ in their words alone are of one kind; the two that are otherwise stand among many."""
    long = tmp_path / "long.pdf"
    with pikepdf.open(press_files[0]) as document:
        for number in range(30):
            document.pages.append(document.pages[0])
            document.pages[-1].contents_add(b"BT (%d) ET" % number)
        document.pages[17].contents_add(b"1 0 0 rg 20 20 60 60 re f")
        dark = document.pages[13]
        dark.obj.Resources = pikepdf.Dictionary(dark.obj.Resources)
        dark.obj.Resources.ExtGState = pikepdf.Dictionary(Over=pikepdf.Dictionary(OP=True, op=True, OPM=1))
        dark.contents_add(b"0.9 0.9 0.8 0 k 20 20 60 60 re f /Over gs 0 0 0 1 k 20 20 60 60 re f")
        document.save(long)
    result = pressrun("sheet", long, "--onto", scheme, "--out", tmp_path / "sheet.pdf", "--json")
    (told,) = [one for one in json.loads(result.stdout)["findings"] if one["code"] == "errors-imposed"]
    assert "page 18: DeviceRGB is used" in told["message"]
    assert "page 14: what overprints or blends has up to" in told["message"]
    assert "(3 of its 31 pages were looked at)" in told["message"]


REFUSED = {
    "a sheet that is not there": (["--onto", "sra3-11up"], "unknown-value"),
    "a quantity of nobody": (["--onto", "SCHEME", "--quantity", "nobody=3"], "unknown-value"),
    "a bleed over the gap": (["--onto", "SCHEME", "--gutter", "2", "--bleed", "3"], "bleed-over-gap"),
    "a back that is not there": (["--onto", "SCHEME", "--back", "none.pdf"], "cannot-read"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_nothing_is_written_of_what_is_refused(
    kind: str, press_files: list[Path], scheme: Path, tmp_path: Path, pressrun: Call
) -> None:
    asked, code = REFUSED[kind]
    out = tmp_path / "sheet.pdf"
    words = [scheme if word == "SCHEME" else word for word in asked]
    result = pressrun("sheet", press_files[0], *words, "--out", out)
    assert isinstance(result.exception, InputError)
    assert {one.code for one in result.exception.findings} == {code}
    assert sorted(one.name for one in tmp_path.iterdir()) == ["own.yaml"]


@pytest.mark.parametrize(
    ("name", "code"), [("jobs/never.yaml", "no-run"), ("gone.pdf", "cannot-read"), ("20990101", "no-run")]
)
def test_what_is_not_there_is_told(name: str, code: str, campaign: Campaign, pressrun: Call) -> None:
    root, _ = campaign
    where = root / name if "/" in name else name
    result = pressrun("sheet", where, "--onto", "sra3-10up", "--root", root)
    assert isinstance(result.exception, InputError)
    assert [one.code for one in result.exception.findings] == [code]


@pytest.mark.parametrize("quantity", ["many", "0", "a=", "a=-3"])
def test_a_quantity_is_a_number(quantity: str, press_files: list[Path], pressrun: Call) -> None:
    assert pressrun("sheet", press_files[0], "--onto", "sra3-10up", "--quantity", quantity).exit_code == 2


def test_a_job_stands_for_its_newest_run_of_all_rows(tmp_path: Path, pressrun: Call, kept_fonts: Path) -> None:
    from pressrun.commands.starter import write_campaign
    from pressrun.model.settings import Settings
    from pressrun.run.job import run_job

    root = tmp_path / "in-part"
    write_campaign(root, "Plain")
    job = root / "jobs" / "first-run.yaml"
    in_part = Settings(inline=True, only="product.sku == 'MUG-350'")
    some = run_job(job, in_part)
    layout = next(one.layout for one in some.assets if one.format == "press-pdf")
    said = ("--onto", "b2-gang", "--layout", layout, "--out", tmp_path / "sheet.pdf", "--json")

    def imposed() -> tuple[set[str], list[tuple[str, str]]]:
        data = json.loads(pressrun("sheet", job, *said).stdout)
        pages = {one["page"] for sheet in data["sheets"] for side in sheet["sides"] for one in side["pages"]}
        return pages, [(one["severity"], one["place"]["file"]) for one in data["findings"] if one["code"] == "run-in-part"]

    def rows(report: RunReport) -> set[str]:
        return {one.row for one in report.assets if one.format == "press-pdf" and one.layout == layout}

    assert imposed() == (rows(some), [("warning", some.run)])
    whole = run_job(job, Settings(inline=True))
    assert rows(whole) > rows(some)
    assert imposed() == (rows(whole), [])
    run_job(job, in_part)
    assert imposed() == (rows(whole), [("note", whole.run)])


def test_pages_of_a_file_of_many_rows_are_told_by_their_rows(tmp_path: Path, pressrun: Call, kept_fonts: Path) -> None:
    from pressrun.commands.starter import write_campaign
    from pressrun.model.settings import Settings
    from pressrun.run.job import run_job

    root = tmp_path / "merged"
    write_campaign(root, "Plain")
    job = root / "jobs" / "first-run.yaml"
    job.write_text(job.read_text().replace("\nlayouts:", "\noutput: one-pdf\nlayouts:"))
    report = run_job(job, Settings(inline=True))
    merged = [one for one in report.assets if one.format == "press-pdf"]
    records = [json.loads(line) for line in (Path(report.folder) / "records.jsonl").read_bytes().splitlines()]
    scheme = tmp_path / "own.yaml"
    scheme.write_text("stock: B1\ngutter: 6mm\n")
    said = ("--onto", scheme, "--layout", merged[0].layout, "--turn", "none", "--out", tmp_path / "sheet.pdf", "--json")
    data = json.loads(pressrun("sheet", job, *said).stdout)
    pages = [one["page"] for sheet in data["sheets"] for side in sheet["sides"] for one in side["pages"]]
    of_layout = {one.path for one in merged if one.layout == merged[0].layout}
    rows = [one for one in records if one["path"] in of_layout]
    assert pages == [one["row"] for one in rows for _ in range(one["pages"][0], one["pages"][1] + 1)]


@pytest.mark.parametrize(("said", "told"), [((), True), (("--turn", "none"), False), (("--turn", "sheetwise"), False)])
def test_files_of_two_pages_are_told_where_they_stand_side_by_side(
    said: tuple[str, ...], told: bool, press_files: list[Path], scheme: Path, tmp_path: Path, pressrun: Call
) -> None:
    """A back that is cut off as a card of its own would be seen by nobody before it is printed."""
    cards = [tmp_path / f"{name}.pdf" for name in ("ada", "li")]
    for card in cards:
        with pikepdf.open(press_files[0]) as document:
            document.pages.append(document.pages[0])
            document.save(card)
    result = pressrun("sheet", *cards, "--onto", scheme, "--out", tmp_path / "cards.pdf", *said)
    assert result.exit_code == 0
    assert ("all 2 files have two pages, which stand beside each other — if they are" in result.output) is told
