"""The press PDF, read back from its bytes by other hands: pikepdf, qpdf, poppler."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pdf_oxide
import pikepdf
import pytest
from PIL import Image
from rendering_kit import DATE, HERE, PROFILE, Press, Rendered, brand

from pressrun.model.finding import Severity
from pressrun.readers.press_pdf.document import read_press_pdf
from pressrun.readers.press_pdf.preflight import judge
from pressrun.readers.press_pdf.profiles.profile import load_profile

MM = 72 / 25.4
# One page with everything live, over a plate.
PAGE = """
page: {trim: A5, bleed: 3mm, safe: 5mm}
target: print
formats: [press-pdf, proof-png]
layers:
  - {type: image, id: hero, picture: hero, box: {in: bleed}}
  - {type: shape, id: band, fill: forest, box: {in: bleed, y: 100mm, height: 60mm}}
  - {type: text, id: headline, text: Press-ready, role: headline, color: ink, size: [10pt, 30pt], box: {height: 20mm}}
  - {type: text, id: arabic, text: قهوة, role: body, color: paper, size: 12pt, box: {y: 105mm, height: 10mm}}
  - {type: text, id: buy, text: Buy, color: paper, size: 9pt, box: {y: 120mm, height: 8mm}, panel: {color: flame}}
  - {type: logo, id: logo, logo: default, box: {y: 165mm, width: 40mm, height: 20mm}}
  - {type: code, id: code, value: "https://a.eu", color: forest, box: {x: 99mm, y: 165mm, width: 30mm, height: 30mm}}
"""
WITH_MARKS = PAGE + "crop_marks: true\n"
WITH_SPOT = PAGE + "inks: [cmyk, PANTONE 7579 C]\n"
VECTORS_ALONE = """
page: {trim: [50mm, 40mm], bleed: 3mm}
target: print
ground: sky
formats: [press-pdf]
crop_marks: true
layers: [{type: text, id: t, text: No pixels, size: 10pt, box: {height: 10mm}}]
"""
NOTHING_LIVE = """
page: {trim: [50mm, 40mm], bleed: 3mm}
target: print
formats: [press-pdf]
crop_marks: true
layers: [{type: image, id: hero, picture: hero, box: {in: bleed}}]
"""
PAGES = {"page": PAGE, "marks": WITH_MARKS, "spot": WITH_SPOT, "vectors": VECTORS_ALONE, "pixels": NOTHING_LIVE}


@pytest.fixture(scope="session")
def rendered(press: Press) -> dict[str, Rendered]:
    content = {"slots": {"hero": ["ramp"]}, "title": "Título & <Süß>", "description": "Zeile 1\n“two”"}
    return {name: press.render(layout, **content) for name, layout in PAGES.items()}


@pytest.fixture(params=PAGES)
def any_pdf(request: pytest.FixtureRequest, rendered: dict[str, Rendered]) -> bytes:
    return rendered[request.param].files["press-pdf"]


@pytest.fixture
def saved(rendered: dict[str, Rendered], tmp_path: Path) -> dict[str, Path]:
    paths = {name: tmp_path / f"{name}.pdf" for name in PAGES}
    for name, path in paths.items():
        path.write_bytes(rendered[name].files["press-pdf"])
    return paths


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def instructions(pdf: pikepdf.Pdf, of: pikepdf.Object | None = None) -> Iterator[tuple[str, list[Any]]]:
    """What draws a page, forms where they are drawn."""
    of = pdf.pages[0].obj if of is None else of
    for instruction in pikepdf.parse_content_stream(of):
        operator, operands = str(instruction.operator), list(instruction.operands)
        yield operator, operands
        if operator == "Do" and (drawn := of.Resources.XObject[operands[0]]).Subtype == "/Form":
            yield from instructions(pdf, drawn)


def box(pdf: pikepdf.Pdf, name: str) -> list[float]:
    return [float(edge) for edge in pdf.pages[0].obj[name]]


# ------------------------------------------------------------------------------------------------------------ boxes


def inside(inner: list[float], outer: list[float]) -> bool:
    return all(i >= o for i, o in zip(inner[:2], outer[:2], strict=True)) and all(
        i <= o for i, o in zip(inner[2:], outer[2:], strict=True)
    )


def test_boxes_nest(any_pdf: bytes) -> None:
    with opened(any_pdf) as pdf:
        media, bleed, trim = (box(pdf, name) for name in ("/MediaBox", "/BleedBox", "/TrimBox"))
        assert inside(trim, bleed)
        assert inside(bleed, media)
        assert "/ArtBox" not in pdf.pages[0].obj
        assert len(pdf.pages) == 1


def test_boxes_are_the_layouts(rendered: dict[str, Rendered], saved: dict[str, Path], tool: Any) -> None:
    with opened(rendered["page"].files["press-pdf"]) as pdf:
        trim, bleed = box(pdf, "/TrimBox"), box(pdf, "/BleedBox")
        assert (trim[2] - trim[0], trim[3] - trim[1]) == pytest.approx((148 * MM, 210 * MM), abs=0.001)
        assert (bleed[2] - bleed[0], bleed[3] - bleed[1]) == pytest.approx((154 * MM, 216 * MM), abs=0.001)
        assert trim[0] - bleed[0] == pytest.approx(3 * MM, abs=0.001)
        assert box(pdf, "/MediaBox") == bleed
    told = tool("pdfinfo", "-box", saved["page"])
    found = {name: [float(n) for n in numbers.split()] for name, numbers in re.findall(r"(\w+Box): +(.*)", told)}
    assert found["TrimBox"] == pytest.approx(trim, abs=0.01)
    assert found["BleedBox"] == pytest.approx(bleed, abs=0.01)


def test_the_plate_fills_the_bleed(rendered: dict[str, Rendered]) -> None:
    with opened(rendered["marks"].files["press-pdf"]) as pdf:
        steps = list(instructions(pdf))
        at = steps.index(("Do", [pikepdf.Name.Plate]))
        matrix = [float(number) for number in steps[at - 1][1]]
        bleed = box(pdf, "/BleedBox")
        assert matrix == pytest.approx([bleed[2] - bleed[0], 0, 0, bleed[3] - bleed[1], bleed[0], bleed[1]], abs=0.001)
        assert not any(operator in ("Tj", "TJ", "f", "f*", "B", "S") for operator, _ in steps[:at])


# ------------------------------------------------------------------------------------------------------- crop marks


def test_crop_marks_stand_outside_the_bleed_in_all_inks(rendered: dict[str, Rendered]) -> None:
    for name in ("marks", "vectors", "pixels"):
        with opened(rendered[name].files["press-pdf"]) as pdf:
            media, bleed, trim = (box(pdf, key) for key in ("/MediaBox", "/BleedBox", "/TrimBox"))
            space = pdf.pages[0].obj.Resources.ColorSpace.Registration
            assert [str(part) for part in space[:3]] == ["/Separation", "/All", "/DeviceCMYK"]
            steps = list(instructions(pdf))
            start = max(index for index, step in enumerate(steps) if step == ("CS", ["/Registration"]))
            points = [tuple(map(float, operands)) for operator, operands in steps[start:] if operator in "ml"]
            assert len(points) == 16
            for x, y in points:
                assert media[0] <= x <= media[2]
                assert media[1] <= y <= media[3]
                assert not (bleed[0] <= x <= bleed[2] and bleed[1] <= y <= bleed[3])
                near = [abs(x - trim[0]), abs(x - trim[2]), abs(y - trim[1]), abs(y - trim[3])]
                assert min(near) < 0.001  # every mark points along an edge of the trim


def test_no_crop_marks_unless_asked(rendered: dict[str, Rendered]) -> None:
    assert b"Registration" not in rendered["page"].files["press-pdf"]


def test_crop_marks_are_where_they_should_be_on_paper(saved: dict[str, Path], tool: Any, tmp_path: Path) -> None:
    """Rendered at 72 an inch, with the page's own transformations left behind them."""
    tool("pdftoppm", "-r", "144", "-png", saved["vectors"], tmp_path / "marks")
    with Image.open(next(tmp_path.glob("marks*.png"))) as page:
        gray = page.convert("L")
    margin, trim = 18 * 2, round((18 + 3 * MM) * 2)
    assert gray.getpixel((trim, 10)) < 200 or gray.getpixel((trim - 1, 10)) < 200  # type: ignore[operator]
    assert gray.getpixel((10, trim)) < 200 or gray.getpixel((10, trim - 1)) < 200  # type: ignore[operator]
    assert gray.getpixel((margin // 2, margin // 2)) == 255


# ----------------------------------------------------------------------------------------------------------- colour


def fills_of(pdf: pikepdf.Pdf) -> set[tuple[Decimal, ...]]:
    return {tuple(operands) for operator, operands in instructions(pdf) if operator in ("k", "K")}


def written(name: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(str(part)) / 100 for part in brand().palette[name].cmyk)


def test_inks_are_the_brands_to_the_digit(rendered: dict[str, Rendered]) -> None:
    with opened(rendered["page"].files["press-pdf"]) as pdf:
        assert fills_of(pdf) == {written(name) for name in ("forest", "ink", "paper", "flame")}
    with opened(rendered["vectors"].files["press-pdf"]) as pdf:
        assert fills_of(pdf) == {written("sky"), written("ink")}


def test_logo_code_and_panel_in_their_own_inks(press: Press) -> None:
    for layer, names in (
        ("{type: logo, logo: default, box: {width: 40pt, height: 20pt}}", {"forest", "flame"}),
        ("{type: code, value: x, color: flame, ground: null, box: {width: 40pt, height: 40pt}}", {"flame"}),
        ("{type: code, value: x, color: forest, ground: sky, box: {width: 40pt, height: 40pt}}", {"forest", "sky"}),
        ("{type: text, text: x, color: sky, size: 9pt, panel: {color: flame}, box: {height: 20pt}}", {"sky", "flame"}),
        ("{type: shape, stroke: sky, fill: flame}", {"sky", "flame"}),
    ):
        page = f"{{page: {{trim: A6}}, target: print, formats: [press-pdf], layers: [{layer}]}}"
        with opened(press.render(page).files["press-pdf"]) as pdf:
            assert fills_of(pdf) == {written(name) for name in names}, layer


def test_black_text_is_black_ink_alone(rendered: dict[str, Rendered]) -> None:
    with opened(rendered["page"].files["press-pdf"]) as pdf:
        fill, shown = None, []
        for operator, operands in instructions(pdf):
            if operator in ("g", "rg", "k", "scn", "sc"):
                fill = (operator, [float(part) for part in operands])
            if operator in ("Tj", "TJ"):
                shown.append(fill)
        assert ("k", [0, 0, 0, 1]) in shown
        assert all(used is not None and used[0] == "k" for used in shown)


ALLOWED_SPACES = {"/DeviceCMYK", "/Separation"}


def color_spaces(value: Any, seen: set[tuple[int, int]]) -> Iterator[str]:
    """Every colour space anywhere below a page's resources, groups, patterns and pictures included."""
    if isinstance(value, (pikepdf.Dictionary, pikepdf.Stream)):
        if value.objgen != (0, 0):
            if value.objgen in seen:
                return
            seen.add(value.objgen)
        for key, part in value.items():
            if key in ("/ColorSpace", "/CS") and isinstance(part, pikepdf.Name):
                yield str(part)
            elif key in ("/ColorSpace", "/CS") and isinstance(part, pikepdf.Array):
                yield str(part[0])
            elif key == "/ColorSpace":
                yield from (str(space[0] if isinstance(space, pikepdf.Array) else space) for space in part.values())
            elif key != "/Parent":
                yield from color_spaces(part, seen)
    elif isinstance(value, pikepdf.Array):
        for part in value:
            yield from color_spaces(part, seen)


def test_no_rgb_and_no_profile_of_its_own_anywhere(any_pdf: bytes) -> None:
    with opened(any_pdf) as pdf:
        assert set(color_spaces(pdf.pages[0].obj, set())) <= ALLOWED_SPACES
        operators = {operator for operator, _ in instructions(pdf)}
        assert not operators & {"rg", "RG", "g", "G", "sh", "ri"}
        for operator, operands in instructions(pdf):
            if operator in ("cs", "CS"):
                assert pdf.pages[0].obj.Resources.ColorSpace[operands[0]][0] == "/Separation"


def test_no_form_carries_an_rgb_group(any_pdf: bytes) -> None:
    with opened(any_pdf) as pdf:
        for value in pdf.objects:
            group = value.get("/Group") if isinstance(value, (pikepdf.Stream, pikepdf.Dictionary)) else None
            assert group is None or str(group.get("/CS", "/DeviceCMYK")) == "/DeviceCMYK"


def test_a_spot_ink_only_where_the_layout_lists_it(rendered: dict[str, Rendered]) -> None:
    assert b"PANTONE" not in rendered["page"].files["press-pdf"]
    with opened(rendered["spot"].files["press-pdf"]) as pdf:
        spaces = pdf.pages[0].obj.Resources.ColorSpace
        spot, *others = [space for space in spaces.values() if space[0] == "/Separation"]
        assert all(other.unparse(resolved=True) == spot.unparse(resolved=True) for other in others)
        assert spot[1] == "/PANTONE 7579 C"
        assert spot[2] == "/DeviceCMYK"
        assert tuple(spot[3].C1) == written("flame")
        assert written("flame") not in fills_of(pdf)


# ------------------------------------------------------------------------------------------------------ the picture


def test_the_plate_is_cmyk_at_300_ppi_without_a_profile(rendered: dict[str, Rendered]) -> None:
    with opened(rendered["page"].files["press-pdf"]) as pdf:
        plate = pdf.pages[0].obj.Resources.XObject.Plate
        assert plate.ColorSpace == "/DeviceCMYK"
        assert plate.Filter == "/DCTDecode"
        assert plate.Width == pytest.approx(154 / 25.4 * 300, abs=1)
        assert plate.Height == pytest.approx(216 / 25.4 * 300, abs=1)
        assert b"ICC_PROFILE" not in plate.read_raw_bytes()


def test_poppler_sees_one_cmyk_picture(saved: dict[str, Path], tool: Any) -> None:
    rows = tool("pdfimages", "-list", saved["page"]).splitlines()[2:]
    assert len(rows) == 1
    _, _, kind, _, _, color, components, bits, encoding, *_, x_ppi, y_ppi, _, _ = rows[0].split()
    assert (kind, color, components, bits, encoding) == ("image", "cmyk", "4", "8", "jpeg")
    assert (int(x_ppi), int(y_ppi)) == (300, 300)
    assert tool("pdfimages", "-list", saved["vectors"]).splitlines()[2:] == []


# ------------------------------------------------------------------------------------------------------------ fonts


def test_fonts_are_embedded_and_subset(saved: dict[str, Path], tool: Any) -> None:
    rows = [row.split() for row in tool("pdffonts", saved["page"]).splitlines()[2:]]
    assert len(rows) == 2
    for row in rows:
        assert re.match(r"[A-Z]{6}\+FiraGO", row[0])
        assert row[-5:-2] == ["yes", "yes", "yes"]  # embedded, subset, readable as text
    assert saved["page"].stat().st_size < 1_500_000


def test_text_stays_text(saved: dict[str, Path], tool: Any) -> None:
    told = tool("pdftotext", saved["page"], "-")
    assert "Press-ready" in told
    assert "قهوة" in told or "ةوهق" in told


# --------------------------------------------------------------------------------------------------- identification


def test_output_intent_is_the_printing_condition(any_pdf: bytes) -> None:
    with opened(any_pdf) as pdf:
        (intent,) = pdf.Root.OutputIntents
        assert intent.S == "/GTS_PDFX"
        assert str(intent.OutputConditionIdentifier) == "FOGRA39"
        assert str(intent.RegistryName) == "http://www.color.org"
        assert intent.DestOutputProfile.N == 4
        assert intent.DestOutputProfile.read_bytes() == PROFILE.data


def test_info_and_xmp_say_the_same(any_pdf: bytes) -> None:
    with opened(any_pdf) as pdf:
        info, xmp = pdf.docinfo, pdf.open_metadata()
        assert str(info["/Title"]) == xmp["dc:title"] == "Título & <Süß>"
        assert str(info["/Subject"]) == xmp["dc:description"] == "Zeile 1\n“two”"
        assert [str(info["/Author"])] == xmp["dc:creator"] == ["Testa & Co"]
        assert str(info["/Producer"]) == xmp["pdf:Producer"] == "Pressrun"
        assert str(info["/Creator"]) == xmp["xmp:CreatorTool"] == "Pressrun"
        assert str(info["/CreationDate"]) == "D:20270115080000Z"
        assert xmp["xmp:CreateDate"] == xmp["xmp:ModifyDate"] == "2027-01-15T08:00:00Z"
        assert info["/Trapped"] == pikepdf.Name("/False")
        assert xmp["pdf:Trapped"] == "False"
        assert "/Filter" not in pdf.Root.Metadata
        assert DATE == 1_800_000_000


def test_it_is_pdf_x4(any_pdf: bytes) -> None:
    """By our own strict profile, and by another library; what its picture lacks is no question of the standard."""
    with opened(any_pdf) as pdf:
        assert str(pdf.docinfo["/GTS_PDFXVersion"]) == "PDF/X-4"
        assert b"<pdfxid:GTS_PDFXVersion" in pdf.Root.Metadata.read_bytes()
    profile = load_profile("x4")
    findings = judge(read_press_pdf(any_pdf), "page.pdf", profile.limits, profile.levels)
    assert {one.code for one in findings if one.severity is Severity.ERROR} <= {"resolution"}
    assert pdf_oxide.PdfDocument.from_bytes(any_pdf).validate_pdf_x("4")["errors"] == []


def test_ids_are_of_the_page(rendered: dict[str, Rendered]) -> None:
    ids = set()
    for one in rendered.values():
        with opened(one.files["press-pdf"]) as pdf:
            xmp = pdf.open_metadata()
            assert (xmp["xmpMM:VersionID"], xmp["xmpMM:RenditionClass"]) == ("1", "default")
            ids.add(xmp["xmpMM:DocumentID"])
    assert len(ids) == len(rendered)


def test_exiftool_reads_where_the_pictures_came_from(saved: dict[str, Path], tool: Any) -> None:
    told = tool("exiftool", "-s3", "-XMP-iptcExt:DigitalSourceType", saved["page"])
    assert told.strip().endswith("/algorithmicMedia")


def test_the_file_is_sound(saved: dict[str, Path], any_pdf: bytes, tool: Any) -> None:
    for path in saved.values():
        tool("qpdf", "--check", path)
    assert any_pdf.startswith(b"%PDF-1.6")
    with opened(any_pdf) as pdf:
        assert len(pdf.trailer.ID) == 2
        assert not pdf.is_encrypted
        assert not {"/AcroForm", "/Names", "/OpenAction", "/AA"} & set(pdf.Root.keys())
        assert "/Annots" not in pdf.pages[0].obj


# ------------------------------------------------------------------------------------------------------ determinism

ALONE = """
import hashlib, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from rendering_kit import Press
from test_press_pdf import WITH_SPOT
press = Press(Path(sys.argv[2]))
for data in press.render(WITH_SPOT, slots={"hero": ["ramp"]}).files.values():
    print(hashlib.sha256(data).hexdigest())
press.close()
"""


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    runs = [
        subprocess.run(
            [sys.executable, "-c", ALONE, str(HERE), str(tmp_path / seed)], env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True, text=True, check=True, cwd=HERE.parents[1],
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert runs[0] == runs[1]
    assert len(runs[0].split()) == 2
