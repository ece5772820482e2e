"""How wide bars are on paper, to a thousandth of a point, and where a code stands in its box."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import Any

import pikepdf
import pytest
from rendering_kit import Press

from pressrun.graphics.drawn.pdfium import opened
from pressrun.model.code_mark import CodeMark
from pressrun.model.sheet import TextMark

MM = 72 / 25.4
PAGE = """
page: {{trim: 200mm x 100mm, bleed: 0, safe: 0}}
target: print
formats: [press-pdf]
layers:
  - {{type: code, id: c, {said}, box: {{x: 10mm, y: 10mm, width: {width}mm, height: {height}mm}}}}
"""


def page(said: str, width: float = 60, height: float = 40) -> str:
    return PAGE.format(said=said, width=width, height=height)


def bars(pdf: bytes) -> list[tuple[float, float, float, float]]:
    """The rectangles that are filled with black alone on a page: left, bottom, width, height in points."""
    found = []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        matrix, stack, boxes, black = pikepdf.Matrix(), [], [], False
        for operands, operator in pikepdf.parse_content_stream(document.pages[0]):
            match str(operator):
                case "q":
                    stack.append((matrix, black))
                case "Q":
                    matrix, black = stack.pop()
                case "cm":
                    matrix = pikepdf.Matrix(*map(float, operands)) @ matrix
                case "k":
                    black = [float(one) for one in operands] == [0, 0, 0, 1]
                case "re":
                    boxes.append(tuple(map(float, operands)))
                case "f" | "f*":
                    for x, y, width, height in boxes if black else ():
                        corners = [matrix.transform((x, y)), matrix.transform((x + width, y + height))]
                        (left, right), (bottom, top) = (sorted(ends) for ends in zip(*corners, strict=True))
                        found.append((left, bottom, right - left, top - bottom))
                    boxes = []
                case "n" | "S":
                    boxes = []
    return found


def mark(press: Press, layout: str) -> CodeMark:
    sheet, findings = press.compose(layout)
    assert not findings
    [found] = [one for one in sheet.marks if isinstance(one, CodeMark)]
    return found


@pytest.mark.parametrize("said", [
    "code: ean-13, value: '400638133393', magnification: 80%",
    "code: ean-13, value: '400638133393', magnification: 137%",
    "code: upc-a, value: '03600029145', magnification: 200%",
    "code: code-128, value: Case 7/b", "code: code-39, value: AB-123", "code: gs1-128, value: (10)AB12",
    "code: itf-14, value: '1540014128876', magnification: 50%, bearer: none",
])  # fmt: skip
def test_every_bar_and_gap_is_whole_modules_wide(press: Press, said: str) -> None:
    """Half modules, of codes whose wide bars are two and a half."""
    layout = page(said, width=97.3)
    module, made = mark(press, layout).module, bars(press.render(layout).files["press-pdf"])
    edges = sorted({round(edge, 6) for left, _, width, _ in made for edge in (left, left + width)})
    step = module / 2 if "itf" in said or "39" in said else module
    assert len(edges) > 30
    for before, after in pairwise(edges):
        assert (after - before) / step == pytest.approx(round((after - before) / step), abs=0.001 / step)


@pytest.mark.parametrize(("kind", "value", "percent", "modules", "module"), [
    ("ean-13", "400638133393", 100, 113, 0.33), ("ean-8", "9638507", 150, 81, 0.33),
    ("upc-a", "03600029145", 80, 113, 0.33), ("upc-e", "123456", 200, 67, 0.33),
    ("isbn", "978316148410", 100, 113, 0.33), ("itf-14", "1540014128876", 50, 150.5, 1.016),
])  # fmt: skip
def test_a_magnification_is_of_the_standards_size(
    press: Press, kind: str, value: str, percent: int, modules: float, module: float
) -> None:
    """EAN-13 at 100 % is 37.29 mm wide, ITF-14 without its frame 142.75 mm (GS1 General Specifications, 5.2 and 5.3)."""
    made = mark(press, page(f"code: {kind}, value: '{value}', magnification: {percent}%", 150, 80))
    assert made.module / MM == pytest.approx(module * percent / 100)
    assert made.rect.width / MM == pytest.approx(modules * module * percent / 100)


def test_bars_are_as_high_as_their_standard_or_as_is_said(press: Press) -> None:
    said = "code: ean-13, value: '400638133393', magnification: 100%"
    main = max(height for _, _, _, height in bars(press.render(page(said)).files["press-pdf"]))
    assert main / MM == pytest.approx(22.85, abs=0.01)
    said += ", height: 12mm, text: false"
    assert {round(one[3] / MM, 2) for one in bars(press.render(page(said)).files["press-pdf"])} == {12.0}


def test_guard_bars_go_below_the_others_by_five_modules(press: Press) -> None:
    made = bars(press.render(page("code: ean-13, value: '400638133393', magnification: 100%")).files["press-pdf"])
    lowest = min(bottom for _, bottom, _, _ in made)
    guards = [one for one in made if one[1] == pytest.approx(lowest)]
    assert len(guards) == 6
    assert {round(one[3] / MM / 0.33, 2) for one in guards} == {5.0}


@pytest.mark.parametrize("reduction", [0.02, 0.05])
def test_bars_are_narrower_by_what_the_press_adds_and_stay_in_their_middle(press: Press, reduction: float) -> None:
    said = "code: code-128, value: Case 7/b, text: false"
    plain = bars(press.render(page(said)).files["press-pdf"])
    fine = bars(press.render(page(f"{said}, bar_width_reduction: {reduction}mm")).files["press-pdf"])
    assert len(plain) == len(fine) > 20
    for one, other in zip(plain, fine, strict=True):
        assert one[2] - other[2] == pytest.approx(reduction * MM, abs=0.001)
        assert one[0] + one[2] / 2 == pytest.approx(other[0] + other[2] / 2, abs=0.001)


@pytest.mark.parametrize(("kind", "value", "first"), [("ean-13", "400638133393", 11), ("ean-8", "9638507", 7)])
def test_digits_stand_under_their_bars(press: Press, kind: str, value: str, first: int) -> None:
    layout = page(f"code: {kind}, value: '{value}', magnification: 100%")
    sheet, _ = press.compose(layout)
    [code] = [one for one in sheet.marks if isinstance(one, CodeMark)]
    groups = [one for one in sheet.marks if isinstance(one, TextMark)]
    assert [one.layer for one in groups] == list(code.words)
    assert len({one.fit.size for one in groups if one.fit}) == 1
    half = {"ean-13": 6, "ean-8": 4}[kind]
    with opened(press.render(layout).files["press-pdf"]) as pages:
        digits = pages.glyphs(0)
    assert "".join(one.text for one in digits).startswith(value)
    for place, digit in enumerate(digits[-2 * half :]):
        starts = 3 + 7 * place + (5 if place >= half else 0)
        left, right = code.core.x + starts * code.module, code.core.x + (starts + 7) * code.module
        assert left <= digit.x
        assert digit.advance[2] <= right
        assert digit.x - left == pytest.approx(right - digit.advance[2], abs=0.02)
    assert code.core.x == pytest.approx(10 * MM + first * code.module)


@pytest.mark.parametrize(("said", "width", "height"), [
    ("code: ean-13, value: '400638133393', magnification: 200%", 60, 80),
    ("code: ean-13, value: '400638133393', magnification: 100%, height: 30mm", 60, 30),
    ("code: gs1-data-matrix, value: '(01)04006381333931(17)271231(10)A(21)B', text: true", 10, 8),
    ("code: ean-13, value: '400638133393'", 100, 10),
])  # fmt: skip
def test_what_its_box_does_not_hold_is_refused(press: Press, said: str, width: float, height: float) -> None:
    sheet, findings = press.compose(page(said, width, height))
    assert [one.code for one in findings] == ["code-does-not-fit"]
    assert not sheet.marks


def test_the_logo_has_the_middle_for_itself(press: Press) -> None:
    said = "value: https://a.example/p/1, error_correction: H, logo: default, logo_size: 25%"
    layout = page(said)
    [finder] = [one for one in press.compose(layout)[0].marks if isinstance(one, CodeMark)]
    middle = len(finder.modules) // 2
    assert {row[middle - 3 : middle + 4] for row in finder.modules[middle - 3 : middle + 4]} == {"0" * 7}
    assert "code-unreadable" not in press.render(layout).codes


def test_a_code_of_bars_in_a_mirrored_layout_stands_at_the_other_end(press: Press) -> None:
    spots: list[Any] = []
    for locale in ("en-GB", "ar-AE"):
        sheet, _ = press.compose(page("code: ean-8, value: '9638507', magnification: 100%"), locale=locale)
        digits = [(one.fit.extent.x, one.text.strip("\u2066\u2069")) for one in sheet.marks if isinstance(one, TextMark) and one.fit]
        assert "".join(text for _, text in sorted(digits)) == "96385074"
        spots.append(next(one.rect for one in sheet.marks if isinstance(one, CodeMark)))
    assert spots[0].x == pytest.approx(10 * MM)
    assert spots[1].right == pytest.approx(190 * MM)
