"""Designs imported and run: what a form showed stands where it stood, and what people edited stays."""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest
import yaml
from form_kit import COMB, MULTILINE, Form
from pikepdf import Array, Dictionary, Name, String
from PIL import Image
from test_svgs import FIGMA, INKSCAPE

from pressrun import run_job
from pressrun.graphics.drawn.pdfium import opened
from pressrun.graphics.pages.pdf_graph import color_spaces
from pressrun.model.run_record import RunReport
from pressrun.run.design_import.campaign import DesignWanted, Imported, import_design

POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True)
class Word:
    text: str
    box: tuple[float, float, float, float]


def words(pdf: Path) -> list[Word]:
    """The words of a page as poppler finds them, with their boxes in points, fields' too."""
    said = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    found = re.findall(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>', said)
    return sorted(
        (Word(text, (float(a), float(b), float(c), float(d))) for a, b, c, d, text in found),
        key=lambda word: (word.text, word.box),
    )


def filled_form(**page: object) -> Form:
    """A form with a field of each kind that has words, and values in all."""
    form = Form(**page)  # type: ignore[arg-type]
    form.text((20, 160, 140, 180), "Ada Lovelace", T=String("left"))
    form.text((150, 160, 280, 180), "Ada Lovelace", T=String("middle"), key="F1", size=14, written=0, align=1)
    form.text((20, 135, 140, 150), "Right and far", T=String("right"), align=2, size=8, color="0 .79 .88 .02 k")
    lines = ("One two three four five", "six seven eight nine")
    form.text((20, 80, 140, 130), " ".join(lines), lines=lines, T=String("several"), Ff=MULTILINE)
    form.text((20, 50, 140, 70), "AB1", comb=6, MaxLen=6, Ff=COMB, T=String("comb"))
    for turn, at in ((90, (250, 20, 270, 100)), (180, (150, 120, 240, 140)), (270, (220, 20, 240, 100))):
        form.text(at, f"Turned{turn}", T=String(f"turned{turn}"), turn=turn, color="0.1 0.3 0.7 rg")
    parent = form.parent(T=String("twice"), FT=Name.Tx, V=String("Twice"))
    form.text((150, 90, 200, 105), "Twice", parent=parent)
    form.text((150, 60, 200, 75), "Twice", parent=parent, key="F1", size=9)
    return form


@pytest.fixture(autouse=True)
def inline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSRUN_EXECUTOR", "inline")


def taken_in(folder: Path, data: bytes | str, name: str = "card.pdf", **wanted: str) -> Imported:
    file = folder / name
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    return import_design(DesignWanted(file, folder, **wanted))  # type: ignore[arg-type]


def made(report: RunReport, suffix: str) -> Path:
    return next(Path(report.folder) / asset.path for asset in report.assets if asset.path.endswith(suffix))


@pytest.mark.parametrize(
    "page",
    [{}, {"turn": 90}, {"trim": (6, 4, 294, 196), "bleed": (0, 0, 300, 200)}, {"unit": 1.5}],
    ids=["plain", "turned", "bleeding", "with-a-unit"],
)
def test_filled_with_its_own_values_a_form_is_as_it_was(page: dict[str, object], tmp_path: Path) -> None:
    form = filled_form(**page)
    data = form.bytes()
    imported = taken_in(tmp_path, data)
    report = run_job(tmp_path / imported.job)
    assert {asset.status for asset in report.assets} == {"made"}
    assert [one.code for asset in report.assets for one in asset.findings if one.is_error] == []
    ours, theirs = words(made(report, ".pdf")), words(tmp_path / "card.pdf")
    assert [word.text for word in ours] == [word.text for word in theirs]
    assert edges(made(report, ".pdf").read_bytes()) == edges(data)
    aside, unit = _shift(form, page), form.unit  # which poppler does not know
    for own, other in zip(ours, theirs, strict=True):
        for edge, (a, b) in enumerate(zip(own.box, other.box, strict=True)):
            assert abs(a + aside[edge % 2] - b * unit) < 0.3 * POINTS_PER_MM, (own, other)


def edges(pdf: bytes) -> list[str]:
    """What colour the middles of the four edges have, in a word: the form has a blue one."""
    with opened(pdf) as pages:
        page = Image.alpha_composite(Image.new("RGBA", (120, 120), "white"), pages.alone(0, (120, 120)))
    found = [page.getpixel(at) for at in ((60, 3), (116, 60), (60, 116), (3, 60))]
    return ["blue" if pixel[2] > pixel[0] + 60 else "white" for pixel in found]  # type: ignore[index]


def _shift(form: Form, page: dict[str, object]) -> tuple[float, float]:
    """How far the page of our file is from that of the form: ours begins with the bleed."""
    with pikepdf.open(io.BytesIO(form.bytes())) as pdf:
        box = pdf.pages[0].obj.get("/BleedBox", pdf.pages[0].MediaBox)
        media = pdf.pages[0].MediaBox
        by = min(abs(float(a) - float(b)) for a, b in zip(box, form.trim or box, strict=True))
        return float((form.trim or box)[0]) - by - float(media[0]), float(media[3]) - float((form.trim or box)[3]) - by


def layout(folder: Path, name: str = "card") -> dict[str, object]:
    return dict(yaml.safe_load((folder / f"templates/layouts/{name}.yaml").read_text()))


def layer(folder: Path, id: str) -> dict[str, object]:
    layers = layout(folder)["layers"]
    assert isinstance(layers, list)
    return dict(next(one for one in layers if one["id"] == id))


def small_form(x: float = 20.0, second: bool = False) -> bytes:
    form = Form()
    form.text((x, 150, x + 120, 170), "Ada", T=String("name"))
    if second:
        form.text((20, 100, 140, 120), "new", T=String("more"))
    else:
        form.text((20, 60, 140, 80), "old", T=String("less"))
    return form.bytes()


def test_importing_again_updates_geometry_and_keeps_edits(tmp_path: Path) -> None:
    taken_in(tmp_path, small_form())
    file = tmp_path / "templates/layouts/card.yaml"
    before = layer(tmp_path, "name")
    edited = file.read_text().replace("'{{ sheet.name }}'", "'{{ sheet.name | upper }}'  # as the client wants it")
    file.write_text(edited.replace("anchor: middle\n", "anchor: middle\n    overflow: ellipsis\n", 1))
    table = tmp_path / "jobs/data/card.csv"
    table.write_text(table.read_text() + "second,Grace,\n")

    again = taken_in(tmp_path, small_form(x=30.0, second=True))

    assert again.again
    name = layer(tmp_path, "name")
    assert (name["text"], name["overflow"]) == ("{{ sheet.name | upper }}", "ellipsis")
    assert "# as the client wants it" in file.read_text()
    assert name["box"] == {**before["box"], "x": "11.289mm"}  # type: ignore[dict-item]
    layers = layout(tmp_path)["layers"]
    assert [one["id"] for one in layers] == ["artwork", "name", "more"]  # type: ignore[union-attr]
    assert table.read_text().splitlines() == ["id,name,less,more", "sample,Ada,old,new", "second,Grace,,"]
    assert again.findings == ()


def test_what_was_edited_and_has_changed_in_the_design_stays_and_is_told(tmp_path: Path) -> None:
    taken_in(tmp_path, small_form())
    file = tmp_path / "templates/layouts/card.yaml"
    x = layer(tmp_path, "name")["box"]["x"]  # type: ignore[index]
    file.write_text(file.read_text().replace(f"x: {x}", "x: 1mm", 1).replace("id: less\n", "id: less\n    opacity: 50%\n"))
    again = taken_in(tmp_path, small_form(x=30.0, second=True))
    assert layer(tmp_path, "name")["box"]["x"] == "1mm"  # type: ignore[index]
    assert [(one.code, one.layer) for one in again.findings] == [("edited-by-hand", "name"), ("edited-by-hand", "less")]
    once_more = taken_in(tmp_path, small_form(x=30.0, second=True))
    assert once_more.findings == ()  # the design has changed no more


def test_what_was_given_another_name_is_not_written_into_the_brand_again(tmp_path: Path) -> None:
    form = Form()
    form.text((20, 150, 140, 170), "Ada", T=String("name"), DA=String("/Helv 10 Tf 0.2 0.4 0.6 rg"), drawn=False)
    imported = taken_in(tmp_path, form.bytes())
    assert sorted(one.code for one in imported.findings) == ["color-added", "font-replaced"]
    brand, file = tmp_path / "brands/card/brand.yaml", tmp_path / "templates/layouts/card.yaml"
    for one in (brand, file):
        one.write_text(one.read_text().replace("helvetica", "small").replace("design-336699", "sky"))
    before = brand.read_text()
    again = taken_in(tmp_path, form.bytes())
    assert brand.read_text() == before
    assert again.findings == ()


def test_a_layer_that_was_deleted_does_not_come_back(tmp_path: Path) -> None:
    taken_in(tmp_path, small_form())
    file = tmp_path / "templates/layouts/card.yaml"
    file.write_text(file.read_text().split("  - type: text\n    id: less")[0])
    taken_in(tmp_path, small_form(x=30.0))
    assert [one["id"] for one in layout(tmp_path)["layers"]] == ["artwork", "name"]  # type: ignore[union-attr]


def test_importing_the_same_again_changes_nothing(tmp_path: Path) -> None:
    taken_in(tmp_path, small_form())
    files = {path: path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()}
    taken_in(tmp_path, small_form())
    assert {path: path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()} == files


BRAND = """\
name: House
palette:  # by hand
  paper: {srgb: "#FFFFFF", cmyk: [0, 0, 0, 0]}
  ink: {srgb: "#1A1A1A", cmyk: [0, 0, 0, 100]}
  sea: {srgb: "#1B4D8F", cmyk: [90, 60, 10, 5]}
typography:
  body: {family: FiraGO, weight: 400, transform: upper}
  plain: {family: FiraGO, weight: 400, tracking: 0.05}
"""


def house(folder: Path, *ids: str) -> None:
    for id in ids:
        (folder / "brands" / id).mkdir(parents=True)
        (folder / "brands" / id / "brand.yaml").write_text(BRAND)


def test_a_brands_own_colours_and_roles_are_taken_and_what_it_lacks_is_added(tmp_path: Path) -> None:
    house(tmp_path, "house")
    form = Form()
    colors = {
        "black": "0 g", "screen_black": "0 0 0 rg", "near": "0.11 0.30 0.57 rg", "same": ".9 .6 .1 .05 k",
        "grey": "0.5 g", "other": "0.8 0.1 0.1 rg", "white": "1 g",
    }  # fmt: skip
    for at, (name, color) in enumerate(colors.items()):
        form.text((20, 180 - 20 * at, 140, 195 - 20 * at), name, T=String(name), color=color)
    form.text((150, 160, 280, 180), "H", T=String("helvetica"), DA=String("/Helv 10 Tf 0 g"), drawn=False)
    imported = taken_in(tmp_path, form.bytes())
    taken = {one: layer(tmp_path, one)["color"] for one in colors}
    assert taken == {
        "black": "ink", "screen_black": "ink", "near": "sea", "same": "sea", "grey": "design-979696",
        "other": "design-cc1a1a", "white": "paper",
    } | {"grey": taken["grey"]}  # fmt: skip
    brand = yaml.safe_load((tmp_path / "brands/house/brand.yaml").read_text())
    assert brand["palette"][taken["grey"]]["cmyk"] == [0, 0, 0, 50]
    assert layer(tmp_path, "black")["role"] == "plain"
    assert layer(tmp_path, "black")["tracking"] == 0
    assert brand["typography"]["helvetica"] == {"family": "FiraGO", "weight": 400}
    assert "palette:  # by hand" in (tmp_path / "brands/house/brand.yaml").read_text()
    assert sorted(one.code for one in imported.findings) == ["color-added", "color-added", "font-replaced"]


def form_in_spots(*names: str) -> bytes:
    """A form with a square in each of these inks."""
    form = Form()
    form.text((20, 150, 140, 170), "Ada", T=String("name"))
    tint = Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[0, 0.79, 0.88, 0.02], N=1)
    spaces = {f"/S{at}": Array([Name.Separation, Name(f"/{name}"), Name.DeviceCMYK, tint]) for at, name in enumerate(names)}
    form.page.obj.Resources["/ColorSpace"] = Dictionary(spaces)
    form.page.contents_add("".join(f"/S{at} cs 1 scn {20 + 40 * at} 40 30 30 re f " for at in range(len(names))).encode())
    return form.bytes()


def test_a_spot_of_the_page_is_among_the_layouts_inks_and_in_the_brand(tmp_path: Path) -> None:
    data = form_in_spots("PANTONE 7579 C", "Cut")
    imported = taken_in(tmp_path, data)
    assert [one.code for one in imported.findings] == ["spot-added", "spot-added"]
    assert layout(tmp_path)["inks"] == ["cmyk", "Cut", "PANTONE 7579 C"]
    palette = yaml.safe_load((tmp_path / "brands/card/brand.yaml").read_text())["palette"]
    assert palette["pantone-7579-c"]["spot"] == "PANTONE 7579 C"
    assert palette["pantone-7579-c"]["cmyk"] == pytest.approx([0, 79, 88, 2], abs=0.5)
    report = run_job(tmp_path / imported.job)
    assert [one.code for asset in report.assets for one in asset.findings if "spot" in one.code] == []
    with pikepdf.open(made(report, ".pdf")) as pdf:
        spaces = color_spaces(pdf.pages[0].obj.Resources)
        assert {"/PANTONE 7579 C", "/Cut"} <= {str(one[1]) for one in spaces if one[0] == "/Separation"}
    files = {path: path.read_bytes() for path in sorted(tmp_path.glob("[bt]*/**/*")) if path.is_file()}
    assert taken_in(tmp_path, data).findings == ()
    assert {path: path.read_bytes() for path in sorted(tmp_path.glob("[bt]*/**/*")) if path.is_file()} == files


def test_a_spot_that_the_brand_has_is_called_as_there_and_a_technical_one_is_no_ink(tmp_path: Path) -> None:
    house(tmp_path, "house")
    brand = tmp_path / "brands/house/brand.yaml"
    own = """
  flame: {srgb: "#E4572E", cmyk: [0, 79, 88, 2], spot: Pantone 7579 C}
  die: {srgb: "#FF00FF", cmyk: [0, 100, 0, 0], spot: Cut, technical: die}"""
    brand.write_text(BRAND.replace("\ntypography", f"{own}\ntypography"))
    imported = taken_in(tmp_path, form_in_spots("PANTONE 7579 C", "Cut"))
    assert layout(tmp_path)["inks"] == ["cmyk", "Pantone 7579 C"]
    assert imported.findings == ()
    assert brand.read_text() == BRAND.replace("\ntypography", f"{own}\ntypography")


@pytest.mark.parametrize(("name", "svg"), [("inkscape", INKSCAPE), ("figma", FIGMA)])
def test_an_svg_runs_at_once(name: str, svg: str, tmp_path: Path) -> None:
    imported = taken_in(tmp_path, svg, f"{name}.svg")
    report = run_job(tmp_path / imported.job)
    assert {asset.status for asset in report.assets} == {"made"}


def test_texts_stand_in_their_places_in_arabic_too(tmp_path: Path) -> None:
    """The artwork around them does not change sides, so that what began at the left has its end there."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="200mm" height="60mm" viewBox="0 0 200 60"><text x="20" y="20" '
        'font-size="9" font-family="FiraGO">{{ a }}</text><text x="180" y="40" font-size="9" font-family="FiraGO" '
        'text-anchor="end">{{ b }}</text></svg>'
    )
    imported = taken_in(tmp_path, svg, "card.svg")
    job, table = tmp_path / imported.job, tmp_path / "jobs/data/card.csv"
    job.write_text(job.read_text("utf-8").replace("locale: en-GB", "locale: sheet.locale"), "utf-8")
    table.write_text("id,a,b,locale\nen,Ada,Ada,en-GB\nar,آدا,آدا,ar-EG\n", "utf-8")
    report = run_job(job)
    for row in ("en", "ar"):
        with opened(made(report, f"{row}-card.pdf").read_bytes()) as pages:
            glyphs = pages.glyphs(0)
        upper = [glyph.x for glyph in glyphs if glyph.y > 30 * POINTS_PER_MM]
        lower = [glyph.x for glyph in glyphs if glyph.y < 30 * POINTS_PER_MM]
        assert (max(upper) < 60 * POINTS_PER_MM, min(lower) > 140 * POINTS_PER_MM) == (True, True), row


def test_vectors_are_printed_in_the_brands_inks(tmp_path: Path) -> None:
    house(tmp_path, "house")
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="90mm" height="60mm" viewBox="0 0 90 60"><defs><linearGradient id="g">'
        '<stop stop-color="#1B4D8F"/><stop offset="1" stop-color="#ff8800"/></linearGradient></defs><path fill="url(#g)" '
        'd="M0 0h90v60z"/><path fill="#1b4e90" d="M0 0h9v9z"/><text y="30" font-size="9">{{ a }}</text></svg>'
    )
    report = run_job(tmp_path / taken_in(tmp_path, svg, "card.svg").job)
    assert [one.code for asset in report.assets for one in asset.findings if one.is_error] == []
    with pikepdf.open(made(report, ".pdf")) as pdf:
        streams = [one.read_bytes() for one in pdf.objects if isinstance(one, pikepdf.Stream) and "/Width" not in one]
    drawn = b"\n".join(streams)
    assert re.search(rb"\.9 0?\.6 0?\.1 0?\.05 k", drawn)
    assert not re.search(rb"\s(rg|RG)\s", drawn)


def test_letters_of_an_svg_stand_on_their_baselines(tmp_path: Path) -> None:
    at = {"plain": (30, ""), "upper": (60, "text-transform:uppercase"), "smaller": (90, "")}
    said = "".join(
        f'<text id="t_{name}" x="10" y="{y}" style="font-family:FiraGO;font-size:10px;{more}">'
        f"{'E' * (14 if name == 'smaller' else 3)}</text>"
        for name, (y, more) in at.items()
    )
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="100mm" height="100mm" viewBox="0 0 100 100">{said}</svg>'
    report = run_job(tmp_path / taken_in(tmp_path, svg, "card.svg").job)
    with opened(made(report, ".pdf").read_bytes()) as pages:
        feet = sorted({round((100 * POINTS_PER_MM - glyph.y) / POINTS_PER_MM, 1) for glyph in pages.glyphs(0)})
    assert feet == pytest.approx([30, 60, 90], abs=0.3)


def test_a_brands_colours_in_vectors_become_its_own(tmp_path: Path) -> None:
    house(tmp_path, "house")
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 60"><style>.a{fill:#1b4e90}</style><path class="a" '
        'd="M0 0h9v9z"/><path fill="rgb(28,77,143)" stroke="gold" d="M0 0h9v9z"/><text y="30">{{ a }}</text></svg>'
    )
    taken_in(tmp_path, svg, "card.svg")
    drawn = (tmp_path / "brands/house/designs/card/artwork.svg").read_text()
    assert ".a{fill:#1B4D8F}" in drawn
    assert 'fill="#1B4D8F" stroke="gold"' in drawn
