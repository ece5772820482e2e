"""Every check: what brings each of its findings, and what doesn't. Codes are asserted, never prose."""

from __future__ import annotations

import inspect
import io
import re
import sys
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from msgspec import Struct, field
from msgspec.structs import replace
from PIL import Image
from rendering_kit import PROFILE, Press, encoded
from small_layouts import HERO, PRINT, PRODUCT, SCREEN, TEXT, slots

from pressrun import checks as check_stage
from pressrun import registry
from pressrun.model.finding import Finding, Severity
from pressrun.model.geometry import Rect
from pressrun.model.inspection import Inspection, WrittenFile
from pressrun.model.table_content import CELLS, TableContent, TableRow


class Case(Struct, frozen=True):
    """A layout that brings ``codes`` from its check, and one nearly alike that brings none."""

    check: str
    codes: set[str]
    bad: str
    good: str
    content: dict[str, Any] = field(default_factory=dict)
    good_content: dict[str, Any] | None = None


CODE = "  - {type: code, id: c, code: qr, value: https://a.example, box: {x: 20mm, y: 20mm, width: 20mm, height: 20mm}}\n"
WITH_LOGO = CODE.replace("value", "error_correction: H, logo: default, logo_size: 20%, value")
BARS = "  - {type: code, id: b, code: code-128, value: AB12, box: {x: 5mm, y: 20mm, width: 40mm, height: 15mm}}\n"
LOGO = "  - {type: logo, logo: default, box: {width: 40pt, height: 20pt}}\n"
DARK = "  - {type: shape, fill: ink, box: {in: bleed}}\n"
COVER = "  - {type: shape, id: s, fill: paper, box: {x: 22mm, y: 22mm, width: 8mm, height: 8mm}}\n"
FOLDED = PRINT.replace("bleed: ", "panels: [30mm, 30mm], bleed: ")
DOWN = FOLDED.replace("panels: ", "panels_run: down, panels: ")
NEAR = TEXT.replace("id: t", "id: u").replace("height: 30pt", "y: 18pt, height: 30pt")
LID = "  - {type: shape, id: s, fill: sky, box: {x: 5mm, y: 0mm, width: 12mm, height: 20mm}}\n"
PHOTO = "  - {type: image, id: hero, picture: hero, box: {x: 0, y: 0, width: 60pt, height: 60pt}}\n"
RULE = "  - {type: shape, id: r, shape: line, stroke: ink, width: 0.5pt, box: {y: 20mm, height: 0mm}}\n"
GREEN = "  - {type: shape, id: g, fill: forest, box: {in: bleed}}\n"
LIGHT = TEXT.replace("ink", "paper").replace("20pt", "8pt")
CUT_OUT = "  - type: group\n    box: {in: trim}\n    clip: ellipse\n    layers:\n"
EDGE = "  - {type: shape, id: e, fill: paper, box: {in: bleed, width: 3mm}}\n"
OVAL = "  - {type: shape, id: o, shape: ellipse, fill: sky, box: {in: trim, y: 20mm, height: 20mm}}\n"
MUCH = TEXT.replace("Some words", "Far too many words for this box")
PANEL = TEXT.replace("id: t", "id: p").replace("box: {", "panel: sky, anchor: bottom, box: {").replace("height: 30pt", "height: 80pt")
EVEN = TEXT.replace("Some words", "Die Glasur deren Farbe von der Ofentemperatur abhängt und nie ganz dieselbe ist").replace("height: 30pt", "width: 70pt, height: 160pt").replace("20pt", "9pt").replace("size", "justify: true, lines: 12, size")
TALL = TEXT.replace("Some words", "ที่นี่ดีที่สุด กู้ปู่ญู่ ชิ้นนี้ก็ดีมาก").replace("height: 30pt", "height: 120pt").replace("size", "lines: 4, size")


def in_groups(layer: str, outer: str, inner: str) -> str:
    """A layer in two groups as large as the page, each cut out."""
    within = "  - type: group\n    box: {in: trim}\n    clip: %s\n    layers:\n"
    indented = within % outer + (within % inner).replace("\n", "\n    ", 3).replace("  - ", "      - ", 1)
    return indented + layer.replace("  - ", "          - ", 1)


CASES = [
    Case("text-fit", {"text-overflow"}, SCREEN + MUCH, SCREEN + TEXT),
    Case("text-fit", {"text-shortened"}, SCREEN + MUCH.replace("size", "overflow: ellipsis, size"),
         SCREEN + TEXT.replace("size", "overflow: ellipsis, size")),
    Case("text-fit", {"lines-touch"}, SCREEN + TALL.replace("box", "leading: 1.08, box"),
         SCREEN + TALL.replace("box", "leading: 1.3, box"), {"locale": "th-TH"}),
    Case("text-fit", {"loose-lines"}, SCREEN + EVEN, SCREEN + EVEN.replace("justify: true", "justify: false")),
    Case("glyphs", {"missing-glyph"}, SCREEN + TEXT, SCREEN + TEXT, {"layers": {"t": {"text": "日本"}}},
         {"layers": {"t": {"text": "1\u202f234,50\u00a0€\u200b \u2066قهوة\u2069 กาแฟ कॉफ़ी"}}}),
    Case("markup", {"printed-markup"}, SCREEN + TEXT, SCREEN + TEXT, {"layers": {"t": {"text": "Fish &amp; chips"}}},
         {"layers": {"t": {"text": "Fish & chips, 3 < 4"}}}),
    Case("resolution", {"resolution-below-floor"}, PRINT.replace("60mm", "90mm") + HERO, SCREEN + HERO,
         slots("quadrants")),
    Case("resolution", {"resolution-below-target"}, PRINT + HERO, PRINT.replace("60mm, 60mm", "20mm, 20mm") + HERO,
         slots("ramp-600")),
    Case("empty-pictures", {"empty-picture"}, SCREEN + HERO, SCREEN + HERO, slots("gray"), slots("quadrants")),
    Case("subjects-in-sight", {"subject-cut"}, SCREEN + HERO.replace("in: bleed", "height: 40pt"), SCREEN + HERO,
         slots("quadrants", subject=(0.25, 0.25, 0.75, 0.75))),
    Case("stand-ins", {"stand-in-picture"}, PRINT + HERO, SCREEN + HERO, slots("quadrants")),
    Case("stand-ins", {"stand-in-picture"}, PRINT + HERO, PRINT + HERO, slots("quadrants"),
         slots("quadrants", source_type="trainedAlgorithmicMedia")),
    Case("code-size", {"code-too-fine"}, PRINT + CODE, PRINT + CODE, {"layers": {"c": {"value": "https://a.example/" + "x" * 300}}},
         {"layers": {"c": {"value": "https://a.example"}}}),
    Case("code-size", {"code-logo-too-large"}, PRINT + WITH_LOGO.replace("H", "M"), PRINT + WITH_LOGO),
    Case("code-size", {"code-bars-too-narrow"}, PRINT + BARS.replace("code-128", "code-128, bar_width_reduction: 2pt"), PRINT + BARS),
    Case("code-size", {"code-too-fine"}, SCREEN + CODE, SCREEN + CODE, {"layers": {"c": {"value": "x" * 900}}}, {}),
    Case("code-contrast", {"code-contrast"}, SCREEN + CODE.replace("code: qr", "code: qr, color: forest, ground: flame"),
         SCREEN + CODE.replace("code: qr", "code: qr, color: forest")),
    Case("code-contrast", {"code-contrast"}, SCREEN + HERO + CODE.replace("code: qr", "code: qr, ground: null"),
         SCREEN + HERO + CODE.replace("code: qr", "code: qr, ground: null"), slots("gray"), slots("light")),
    Case("code-contrast", {"code-inverted"}, SCREEN + CODE.replace("code: qr", "code: qr, color: paper, ground: ink"), SCREEN + CODE),
    Case("code-contrast", {"code-quiet-zone"}, SCREEN + HERO + CODE.replace("code: qr", "code: qr, quiet: 1"), SCREEN + HERO + CODE,
         slots("dark")),
    Case("code-place", {"code-over-picture"}, PRINT + HERO + CODE.replace("code: qr", "code: qr, ground: null"),
         PRINT + HERO + CODE, slots("light")),
    Case("code-place", {"code-turned"}, PRINT + BARS.replace("code-128", "code-128, rotate: 8"),
         PRINT + BARS.replace("code-128", "code-128, rotate: 90")),
    Case("code-reading", {"code-unreadable"}, PRINT + CODE + COVER, PRINT + COVER + CODE),
    Case("code-reading", {"code-unreadable"}, SCREEN + CODE + COVER, SCREEN + COVER + CODE),
    Case("registration", {"small-in-several-inks"}, PRINT + TEXT.replace("20pt", "11pt").replace("ink", "forest"),
         PRINT + TEXT.replace("ink", "forest")),
    Case("registration", {"small-in-several-inks"}, PRINT + RULE.replace("ink", "forest"), PRINT + RULE),
    Case("registration", {"small-in-several-inks"}, PRINT + GREEN + LIGHT.replace("8pt", "7.9pt"), PRINT + GREEN + LIGHT),
    Case("registration", {"small-in-several-inks"}, PRINT + GREEN + LIGHT.replace("8pt", "7pt"),
         PRINT + GREEN.replace("forest", "ink") + LIGHT.replace("8pt", "7pt")),
    Case("registration", {"small-in-several-inks"}, PRINT + LIGHT.replace("8pt", "7pt, panel: forest"),
         PRINT + GREEN + LIGHT.replace("8pt", "7pt, panel: ink")),
    Case("registration", {"small-in-several-inks"}, PRINT + CUT_OUT + (GREEN + LIGHT.replace("8pt", "7pt")).replace("  - ", "      - "),
         PRINT + GREEN + HERO + LIGHT.replace("8pt", "7pt"), {}, slots("quadrants")),
    Case("fine-print", {"small-text"}, PRINT + TEXT.replace("20pt", "4.9pt"), PRINT + TEXT.replace("20pt", "5pt")),
    Case("fine-print", {"thin-line"}, PRINT + RULE.replace("width: 0.5pt", "width: 0.1pt"), PRINT + RULE),
    Case("safe-area", {"outside-safe-area"}, SCREEN + TEXT.replace("box: {", "box: {in: bleed, "), SCREEN + TEXT),
    Case("safe-area", {"outside-safe-area"},
         SCREEN + "  - {type: logo, box: {x: -3pt, width: 40pt, height: 20pt}}\n",
         SCREEN + "  - {type: logo, box: {x: 0, width: 40pt, height: 20pt}}\n"),
    Case("safe-area", {"outside-safe-area"},
         PRINT + TEXT.replace("box: {", "panel: {color: sky, padding: 6pt}, box: {x: -4pt, "),
         PRINT + TEXT.replace("box: {", "panel: {color: sky, padding: 6pt}, box: {x: 0pt, ")),
    Case("bleed", {"misses-bleed"}, PRINT + "  - {type: shape, fill: sky, box: {in: trim, height: 20mm}}\n",
         PRINT + "  - {type: shape, fill: sky, box: {in: bleed, height: 20mm}}\n"),
    Case("bleed", {"misses-bleed"}, PRINT + "  - {type: shape, fill: sky, clip: {radius: 3mm}, box: {in: trim, height: 20mm}}\n",
         PRINT + "  - {type: shape, fill: sky, clip: ellipse, box: {in: trim, height: 20mm}}\n"),
    Case("bleed", {"misses-bleed"}, PRINT + in_groups(HERO, "{radius: 0}", "{radius: 0}"),
         PRINT + in_groups(HERO, "{radius: 0}", "ellipse"), slots("quadrants")),
    Case("safe-area", {"outside-safe-area"}, SCREEN + in_groups(TEXT.replace("box: {", "box: {in: bleed, "), "{radius: 0}", "{radius: 0}"),
         SCREEN + in_groups(TEXT.replace("box: {", "box: {in: bleed, "), "{shape: path, path: M8 8H20V20H8z, view: [20, 20]}", "{radius: 0}")),
    Case("bleed", {"misses-bleed"}, PRINT + HERO.replace("bleed", "trim"), PRINT + HERO.replace("bleed", "safe"),
         slots("quadrants")),
    Case("folds", {"in-fold"}, FOLDED + TEXT.replace("20pt, box: {", "8pt, box: {x: 18mm, "),
         FOLDED + TEXT.replace("20pt, box: {", "8pt, box: {in: panel-2, ")),
    Case("folds", {"in-fold"}, FOLDED + TEXT.replace("20pt, box: {", "8pt, box: {x: 18mm, "), FOLDED + TEXT.replace("box: {", "box: {x: 10mm, ")),
    Case("folds", {"in-fold"}, FOLDED + CODE, FOLDED + CODE.replace("x: 20mm, y: 20mm, width: 20mm", "in: panel-2, x: 0mm, width: 20mm")),
    Case("folds", {"in-fold"}, DOWN + TEXT.replace("20pt, box: {", "8pt, box: {y: 23.5mm, "), DOWN + TEXT.replace("20pt, box: {", "8pt, box: {in: panel-2, ")),
    Case("folds", {"past-fold"}, DOWN + "  - {type: shape, fill: sky, box: {in: bleed, y: 30mm}}\n", DOWN + "  - {type: shape, fill: sky, box: {in: trim, y: 30mm, height: 30mm}}\n"),
    Case("folds", {"past-fold"}, FOLDED + "  - {type: shape, fill: sky, box: {in: bleed, x: 30mm}}\n", FOLDED + "  - {type: shape, fill: sky, box: {in: trim, x: 30mm, width: 30mm}}\n"),
    Case("white-in-bleed", {"white-in-bleed"}, PRINT + HERO, PRINT + HERO, slots("margin"), slots("dark")),
    Case("white-in-bleed", {"white-in-bleed"}, PRINT + HERO + OVAL, PRINT + HERO + OVAL, slots("narrow-margin"), slots("white")),
    Case("white-in-bleed", {"white-in-bleed"}, PRINT + OVAL + HERO, PRINT + HERO + EDGE, slots("margin"), slots("dark")),
    Case("contrast", {"low-contrast"}, SCREEN + HERO + TEXT, SCREEN + HERO + TEXT, slots("dark"), slots("light")),
    Case("contrast", {"low-contrast"}, SCREEN + "  - {type: shape, fill: forest, box: {in: bleed}}\n" + TEXT,
         SCREEN + "  - {type: shape, fill: sky, box: {in: bleed}}\n" + TEXT),
    Case("contrast", {"invisible-text"}, SCREEN + TEXT.replace("ink", "paper"), SCREEN + TEXT),
    Case("contrast", {"invisible-text"}, PRINT + TEXT.replace("ink", "paper"), PRINT + TEXT),
    Case("logo-contrast", {"logo-contrast"}, SCREEN + LOGO.replace("default", "reversed"), SCREEN + LOGO),
    Case("logo-contrast", {"logo-contrast"}, SCREEN + DARK + LOGO, SCREEN + DARK + LOGO.replace("default", "reversed")),
    Case("overlap", {"covered-text"}, SCREEN + TEXT + LID, SCREEN + LID + TEXT),
    Case("overlap", {"covered-text"}, SCREEN + TEXT + LID.replace("shape,", "shape, rotate: 30,"),
         SCREEN + TEXT + LID.replace("shape,", "shape, opacity: 60%,")),
    Case("overlap", {"covered-text"}, SCREEN + TEXT + LID.replace("shape,", "shape, shape: ellipse,"),
         SCREEN + TEXT + LID.replace("y: 0mm", "y: 15mm")),
    Case("overlap", {"covered-text"}, PRINT + TEXT.replace("box: {", "box: {x: 10mm, y: 22mm, ") + CODE, PRINT + TEXT + CODE),
    Case("overlap", {"text-on-code"}, PRINT + CODE + TEXT.replace("box: {", "box: {x: 10mm, y: 22mm, "),
         PRINT + CODE + TEXT),
    Case("overlap", {"covered-text"}, SCREEN + TEXT + LID.replace("shape,", "shape, clip: {shape: star, corners: 5},"),
         SCREEN + TEXT + LID.replace("shape,", "shape, clip: {shape: star, corners: 5}, opacity: 50%,")),
    Case("overlap", {"covered-text"}, SCREEN + TEXT + PHOTO, SCREEN + TEXT + PHOTO, slots("quadrants"), slots("cutout")),
    Case("overlap", {"covered-text"}, PRINT + TEXT + PHOTO.replace("picture:", "clip: ellipse, picture:"),
         PRINT + TEXT + PHOTO.replace("picture:", "opacity: 50%, picture:"), slots("quadrants")),
    # A panel reaches as far as its box, wherever in it the words stand.
    Case("overlap", {"covered-text"}, SCREEN + TEXT + PANEL, SCREEN + PANEL + TEXT),
    Case("overlap", {"clipped-text"}, SCREEN + TEXT.replace("box: {", "clip: {shape: star, corners: 5}, box: {"),
         SCREEN + TEXT.replace("box: {", "clip: ellipse, align: center, anchor: middle, box: {").replace("20pt", "12pt")),
    Case("overlap", {"clipped-text"}, SCREEN + in_groups(TEXT, "ellipse", "{shape: star, corners: 5}"),
         SCREEN + in_groups(TEXT.replace("20pt", "12pt"), "{radius: 4pt}", "{radius: 4pt}")),
    Case("overlap", {"covered-text"}, SCREEN + TEXT + in_groups(LID, "{radius: 1pt}", "{shape: path, path: M0 0H9V3H0z M0 5H9V9H0z, view: [9, 9]}"),
         SCREEN + TEXT + in_groups(LID, "{radius: 1pt}", "{shape: path, path: M0 5H4V9H0z M5 5H9V9H5z, view: [9, 9]}")),
    Case("overlap", {"texts-meet"}, SCREEN + TEXT + TEXT.replace("id: t", "id: u"),
         SCREEN + TEXT + TEXT.replace("id: t", "id: u").replace("height: 30pt", "y: 60pt, height: 30pt")),
    # What the rows of lines leave between them says nothing of letters that reach beyond: both are nine tenths of a line
    # apart, and of one the letters hang into those below.
    Case("overlap", {"texts-meet"}, SCREEN + TEXT + NEAR, SCREEN + TEXT + NEAR,
         {"layers": {"t": {"text": "jippy"}, "u": {"text": "ÅÉHŐ"}}}, {"layers": {"t": {"text": "nous"}, "u": {"text": "ono"}}}),
    Case("subject", {"text-on-subject"}, SCREEN + PRODUCT + TEXT.replace("height: 30pt", "y: 80pt, height: 30pt"),
         SCREEN + PRODUCT + TEXT, slots("cutout")),
    Case("subject", {"text-on-subject"},
         SCREEN + PRODUCT + "  - {type: logo, box: {x: 70pt, y: 90pt, width: 40pt, height: 20pt}}\n",
         SCREEN + PRODUCT + "  - {type: logo, box: {x: 0, y: 90pt, width: 40pt, height: 20pt}}\n", slots("cutout")),
    Case("subject", {"text-on-subject"},
         SCREEN + PRODUCT + "  - {type: code, code: qr, value: a, box: {x: 70pt, y: 90pt, width: 40pt, height: 40pt}}\n",
         SCREEN + PRODUCT + "  - {type: code, code: qr, value: a, box: {x: 0, y: 0, width: 40pt, height: 40pt}}\n",
         slots("cutout")),
]  # fmt: skip


def test_small_type_in_several_inks_is_told_once_of_a_table(press: Press) -> None:
    table = (
        "  - {type: table, id: prices, rows: rows, size: 8pt, color: ink, group: {by: x, heading_look: {color: forest}}, "
        "columns: [{header: Name, text: x, width: 1fr}]}\n"
    )
    rows = [TableRow(kind, (kind,), group=1) for kind in ("heading", "row") * 4]
    layers = {"prices": {CELLS: TableContent((0,), ("Name",), tuple(rows)).written()}}
    found = press.render(PRINT + table, layers=layers).facts["findings"]
    told = [one for one in found if one["code"] == "small-in-several-inks"]
    assert [one["layer"] for one in told] == ["prices"]
    assert "(and 3 more)" in told[0]["message"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.check}:{'+'.join(case.codes)}")
def test_case(press: Press, case: Case) -> None:
    own = {code for one in CASES if one.check == case.check for code in one.codes}
    bad = press.render(case.bad, **case.content)
    good = press.render(case.good, **(case.content if case.good_content is None else case.good_content))
    assert case.codes <= set(bad.codes)
    assert not own & set(good.codes), good.facts["findings"]


def test_a_finding_names_layout_and_layer(press: Press) -> None:
    (found,) = press.render(SCREEN + TEXT.replace("Some words", "Far too many words for it")).facts["findings"]
    assert (found["layout"], found["layer"], found["severity"]) == ("layout-0", "t", "error")
    assert found["hint"]


def test_what_is_white_in_the_bleed_is_told_of_each_sheet_by_its_own_edges(press: Press) -> None:
    cover = "  - {type: shape, id: cover, shape: rect, fill: ink, box: {in: bleed}}\n"
    reaching_out = (
        "  - type: group\n    rotate: 180\n    box: {x: 40%, y: 40%, width: 20%, height: 20%}\n    layers:\n  " + cover
    )
    on_one_plate = [PRINT + HERO, PRINT + HERO + cover, PRINT + HERO, PRINT + HERO + reaching_out]
    told = ["white-in-bleed" in press.render(layout, **slots("margin")).codes for layout in on_one_plate]
    assert told == [True, False, True, False]


# ---------------------------------------------------------------------------------- what was written, changed by hand

FULL = PRINT.replace("[press-pdf]", "[press-pdf, proof-png]") + HERO + TEXT


def inspected(press: Press, change: Callable[[pikepdf.Pdf], None] | None = None, **replaced: bytes) -> set[str]:
    """The codes of written-files for a rendered page whose bytes were changed after writing."""
    return {finding.code for finding in found_in(press, change, **replaced)}


def found_in(
    press: Press, change: Callable[[pikepdf.Pdf], None] | None = None, pages: int = 0, **replaced: bytes
) -> list[Finding]:
    """The same as findings; of a file of several ``pages``, which are alike."""
    seen: list[Inspection] = []

    def keep(inspection: Inspection) -> list[Finding]:
        seen.append(inspection)
        return []

    original = dict(registry.CHECKS)
    registry.CHECKS.clear()
    registry.CHECKS["keep"] = keep
    try:
        press.render(FULL, slots={"hero": ["ramp"]})
    finally:
        registry.CHECKS.clear()
        registry.CHECKS.update(original)
    files = []
    for file in seen[0].files:
        data = replaced.get(file.format.replace("-", "_"), file.data)
        if change and file.format == "press-pdf":
            with pikepdf.open(io.BytesIO(data)) as pdf:
                change(pdf)
                out = io.BytesIO()
                pdf.save(out)
                data = out.getvalue()
        boxes = (seen[0].sheet.boxes,) * pages if file.format == "press-pdf" else ()
        files.append(WrittenFile(file.format, file.media_type, data, file.size, boxes))
    return list(registry.CHECKS["written-files"](replace(seen[0], files=tuple(files))))


def rgb_space(pdf: pikepdf.Pdf) -> None:
    stream = pikepdf.Stream(pdf, PROFILE.data, N=3)
    space = pikepdf.Array([pikepdf.Name.ICCBased, pdf.make_indirect(stream)])
    pdf.pages[0].obj.Resources["/ColorSpace"] = pikepdf.Dictionary({"/X": space})


def rgb_operator(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(b"1 0 0 rg 0 0 10 10 re f")


def rgb_picture(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Resources.XObject.Plate.ColorSpace = pikepdf.Name.DeviceRGB


def rgb_form(pdf: pikepdf.Pdf) -> None:
    group = pikepdf.Dictionary(S=pikepdf.Name.Transparency, CS=pikepdf.Name.DeviceRGB)
    form = pikepdf.Stream(pdf, b"q Q", Subtype=pikepdf.Name.Form, Group=group, BBox=pikepdf.Array([0, 0, 1, 1]))
    pdf.pages[0].obj.Resources.XObject["/F"] = pdf.make_indirect(form)


def no_font_file(pdf: pikepdf.Pdf) -> None:
    (font,) = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/DescendantFonts" in one]
    del font.DescendantFonts[0].FontDescriptor["/FontFile2"]


def other_box(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.TrimBox = pikepdf.Array([0, 0, 10, 10])


def two_pages(pdf: pikepdf.Pdf) -> None:
    pdf.pages.append(pdf.pages[0])


def no_intent(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/OutputIntents"]


CHANGES = [
    (rgb_space, "not-press-color"),
    (rgb_operator, "not-press-color"),
    (rgb_picture, "not-press-color"),
    (rgb_form, "not-press-color"),
    (no_font_file, "font-not-embedded"),
    (other_box, "wrong-box"),
    (two_pages, "wrong-pages"),
    (no_intent, "no-output-intent"),
]


@pytest.mark.parametrize(("change", "code"), CHANGES, ids=lambda value: getattr(value, "__name__", value))
def test_a_press_file_gone_wrong_is_told(press: Press, change: Callable[[pikepdf.Pdf], None], code: str) -> None:
    assert inspected(press, change) == {code}


def test_what_pages_share_is_told_of_the_first_of_them(press: Press) -> None:
    def broken(pdf: pikepdf.Pdf) -> None:
        two_pages(pdf)
        no_font_file(pdf)
        rgb_picture(pdf)

    told = [(one.code, "page 1: " in one.message) for one in found_in(press, broken, pages=2)]
    assert sorted(told) == [("font-not-embedded", True), ("not-press-color", True)]


def test_a_picture_gone_wrong_is_told(press: Press) -> None:
    assert inspected(press, proof_png=encoded(Image.new("RGB", (10, 10)))) == {"wrong-size", "untagged-color"}


def test_what_we_write_is_right(press: Press) -> None:
    assert inspected(press) == set()


# --------------------------------------------------------------------------------------------------------- the whole


def _codes_in(check: Any) -> set[str]:
    """Every code that stands in a check's own file."""
    source = inspect.getsource(sys.modules[check.__module__])
    return set(re.findall(r'(?:ERROR,|WARNING,|NOTE,|severity,|yield)\s*"([a-z-]+)",', source))


@pytest.mark.parametrize("name", registry.CHECKS)
def test_every_code_of_every_check_is_brought_about_here(name: str) -> None:
    check = registry.CHECKS[name]
    here = {code for case in CASES for code in case.codes} | {code for _, code in CHANGES}
    here |= {"wrong-size", "untagged-color"}
    here |= {"word-in-two-fonts", "missing-script"}  # by tests/own_files, with a second font and without a third
    here |= {"imitated-small-capitals"}  # by test_marked_words, without the font's own
    here |= {"artwork-font", "unlisted-spot", "spot-spelled-twice", "spot-alternate-differs"}  # by test_placed_pages and test_drawings
    here |= {"ink-limited", "ink-over-limit"}  # by test_ink_limit and test_printed_files, on other presses
    here |= {"spot-in-process"}  # by test_spots_everywhere
    here |= {"unreached-contrast"}  # by test_legibility
    codes = _codes_in(check)
    assert codes
    assert codes <= here


def test_findings_come_gravest_first_and_once() -> None:
    def finding(severity: Severity, code: str) -> Finding:
        return Finding(severity, code, "message")

    many = [finding(Severity.NOTE, "a"), finding(Severity.ERROR, "z"), finding(Severity.WARNING, "b")]
    blank: Any = None
    found = check_stage.check(blank, {"one": lambda _: many, "two": lambda _: many})
    assert [one.code for one in found] == ["z", "b", "a"]


def test_overflow_facts_reach_the_manifest(press: Press) -> None:
    made = press.render(SCREEN + TEXT.replace("Some words", "Far too many words for this box"))
    assert made.text["t"]["overflow"] is True


def test_a_cut_out_of_one_colour_is_no_empty_picture(press: Press) -> None:
    assert "empty-picture" not in press.render(SCREEN + HERO, slots={"hero": ["cutout"]}).codes


def test_a_page_so_large_that_it_is_painted_more_coarsely_is_told(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    check, seen = registry.CHECKS["resolution"], list[Inspection]()
    monkeypatch.setitem(registry.CHECKS, "resolution", lambda inspection: seen.append(inspection) or [])
    press.render(PRINT + PHOTO, slots={"hero": ["ramp-600"]})
    sheet = seen[0].sheet
    poster = replace(sheet, boxes=replace(sheet.boxes, bleed=Rect(0, 0, 200 * 72, 134 * 72)))
    assert not list(check(seen[0]))
    [told] = check(replace(seen[0], sheet=poster))
    assert (told.code, told.severity, told.layer) == ("resolution-below-target", "warning", "hero")
    assert told.message.startswith("150 ppi of 300")
