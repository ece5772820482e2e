"""What lies just under a limit is told so that one sees that it does: never `150 ppi` where 150 are asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace
from rendering_kit import Press

from pressrun import registry
from pressrun.checks import contrast
from pressrun.model.code_mark import CodeMark
from pressrun.model.color import relative_luminance
from pressrun.model.demands import Resolution
from pressrun.model.finding import Finding
from pressrun.model.geometry import Rect
from pressrun.model.inspection import Inspection
from pressrun.model.sheet import PictureMark
from pressrun.model.symbology import SYMBOLOGIES

PAGE = """
page: {{trim: [600px, 400px], bleed: 0, safe: 0}}
target: {target}
formats: [{format}]
layers:
  - {{type: text, id: words, text: Words, size: 12pt, color: ink, box: {{width: 200px, height: 40px}}}}
  - {{type: code, id: code, value: "https://a.eu", color: ink, box: {{y: 100px, width: 200px, height: 200px}}}}
"""


@pytest.fixture
def inspected(press: Press, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Inspection]:
    """What the checks get to see of a page in print or on a screen."""

    def inspect(target: str) -> Inspection:
        seen: list[Inspection] = []

        def keep(inspection: Inspection) -> list[Finding]:
            seen.append(inspection)
            return []

        monkeypatch.setitem(registry.CHECKS, "keep", keep)
        press.render(PAGE.format(target=target, format="png" if target == "screen" else "press-pdf"))
        return seen[0]

    return inspect


def told(inspection: Inspection, check: str, code: str) -> tuple[float, float]:
    """The first two numbers of a finding behind what it is about: what was found, and the limit."""
    [finding] = [one for one in registry.CHECKS[check](inspection) if one.code == code]
    said = re.sub(r"^\d+ characters make a code of \d+ modules to a side, ", "", finding.message).replace(":1", "")
    found, limit = re.findall(r"\d+(?:\.\d+)?", said)[:2]
    return float(found), float(limit)


@pytest.mark.parametrize("target", ["print", "screen"])
@pytest.mark.parametrize("limit", [64.0, 72.0, 72.5, 96.0, 150.0, 300.0])
@pytest.mark.parametrize(("code", "which"), [("resolution-below-floor", "floor"), ("resolution-below-target", "target")])
def test_pixels_to_an_inch(
    inspected: Callable[[str], Inspection], target: str, limit: float, code: str, which: str
) -> None:
    page = inspected(target)
    side = 600 / (limit * 0.9949) * 72
    mark = PictureMark("hero", Rect(0, 0, side, side), "0" * 64, "image/png", (600, 600), (0.0, 0.0, 1.0, 1.0))
    asked = {"floor": Resolution(floor=limit, target=2 * limit), "target": Resolution(floor=1, target=limit)}[which]
    layout = page.layout.model_copy(update={"resolution": asked})
    found, stated = told(replace(page, layout=layout, sheet=replace(page.sheet, marks=(mark,))), "resolution", code)
    assert found < stated == limit


def _measuring(
    measured: float, inspected: Callable[[str], Inspection], monkeypatch: pytest.MonkeyPatch
) -> Inspection:
    """A page on which whatever contrast is measured is this one."""
    page = inspected("screen")
    monkeypatch.setattr(contrast, "least_contrast", lambda *_: 1.0)
    monkeypatch.setattr(contrast, "is_doubtful", lambda *_: True)
    monkeypatch.setattr(contrast, "measure", lambda *_: measured)
    return page


@pytest.mark.parametrize("measured", [4.0, 4.449, 4.4549])
def test_contrast(
    inspected: Callable[[str], Inspection], monkeypatch: pytest.MonkeyPatch, measured: float
) -> None:
    page = _measuring(measured, inspected, monkeypatch)
    found, limit = told(page, "contrast", "low-contrast")
    assert found < limit == 4.5


@pytest.mark.parametrize("measured", [4.46, 4.499, 4.4999])
def test_a_contrast_that_only_another_way_of_measuring_calls_weak_is_none(
    inspected: Callable[[str], Inspection], monkeypatch: pytest.MonkeyPatch, measured: float
) -> None:
    page = _measuring(measured, inspected, monkeypatch)
    assert not list(contrast.contrast(page))


@pytest.mark.parametrize(("target", "unit", "limit"), [("print", 72 / 25.4, 0.33), ("screen", 0.75, 2.0)])
def test_modules_of_codes(inspected: Callable[[str], Inspection], target: str, unit: float, limit: float) -> None:
    page = inspected(target)
    [code] = [mark for mark in page.sheet.marks if isinstance(mark, CodeMark)]
    small: Any = replace(code, module=limit * 0.9949 * unit)
    found, stated = told(replace(page, sheet=replace(page.sheet, marks=(small,))), "code-size", "code-too-fine")
    assert found < stated == limit


def coded(page: Inspection, **changed: Any) -> Inspection:
    """The page with nothing on it but its code, which is changed."""
    [code] = [mark for mark in page.sheet.marks if isinstance(mark, CodeMark)]
    return replace(page, sheet=replace(page.sheet, marks=(replace(code, **changed),)))


def severities(inspection: Inspection, check: str) -> list[tuple[str, str]]:
    return [(one.code, one.severity.value) for one in registry.CHECKS[check](inspection)]


@pytest.mark.parametrize("kind", SYMBOLOGIES)
def test_modules_of_every_kind_in_print(inspected: Callable[[str], Inspection], kind: str) -> None:
    """Under what printing can hold is an error, under what scanners read well a warning, and at it nothing is."""
    page, one = inspected("print"), SYMBOLOGIES[kind]
    expected = {one.good: [], one.good * 0.99: ["warning"], one.least * 1.001: ["warning"], one.least * 0.99: ["error"]}
    if one.good == one.least:
        expected = {one.good: [], one.least * 0.99: ["error"]}
    for size, levels in expected.items():
        found = severities(coded(page, kind=kind, module=size * 72 / 25.4), "code-size")
        assert found == [("code-too-fine", level) for level in levels], size


@pytest.mark.parametrize(("size", "told"), [(0.15, []), (0.148, ["error"])])
def test_a_module_that_a_layout_allows_is_the_limit(
    inspected: Callable[[str], Inspection], size: float, told: list[str]
) -> None:
    page = coded(inspected("print"), module=size * 72 / 25.4, least=0.15 * 72 / 25.4)
    assert severities(page, "code-size") == [("code-too-fine", level) for level in told]


@pytest.mark.parametrize(("pixels", "told"), [(2.0, []), (1.98, ["warning"])])
def test_a_module_on_a_screen_is_two_pixels(
    inspected: Callable[[str], Inspection], pixels: float, told: list[str]
) -> None:
    page = coded(inspected("screen"), module=pixels * 0.75)
    assert severities(page, "code-size") == [("code-too-fine", level) for level in told]


@pytest.mark.parametrize(("gray", "told"), [
    (0x69, []), (0xCA, []), (0xCC, ["warning"]), (0xE6, ["warning"]), (0xE8, ["error"]),
])  # fmt: skip
def test_the_contrast_of_a_code_on_white(
    inspected: Callable[[str], Inspection], gray: int, told: list[str]
) -> None:
    """Grades 2 and 1 of ISO/IEC 15415: 40 % and 20 % between the lightest and the darkest."""
    page = inspected("print")
    [code] = [mark for mark in page.sheet.marks if isinstance(mark, CodeMark)]
    white = replace(code.ink, srgb="#FFFFFF", cmyk=(0, 0, 0, 0))
    ink = replace(code.ink, srgb=f"#{gray:02X}{gray:02X}{gray:02X}")
    lum = relative_luminance((gray, gray, gray))
    assert told == (["error"] if 1 - lum < 0.2 else ["warning"] if 1 - lum < 0.4 else [])
    assert severities(coded(page, ground=white, ink=ink), "code-contrast") == [("code-contrast", one) for one in told]


@pytest.mark.parametrize(("degrees", "is_told"), [(0.4, False), (0.6, True), (45, True), (89.4, True), (89.6, False), (90, False)])
def test_how_far_bars_may_be_turned(press: Press, degrees: float, is_told: bool) -> None:
    layer = f"  - {{type: code, code: code-128, value: AB12, rotate: {degrees}, box: {{x: 200px, y: 120px, width: 160px, height: 60px}}}}\n"
    page = PAGE.format(target="print", format="press-pdf").partition("  - {")[0] + layer
    assert ("code-turned" in press.render(page).codes) is is_told


@pytest.mark.parametrize(("said", "most"), [
    ("code: qr, error_correction: L", 2953), ("code: qr, error_correction: H", 1273), ("code: data-matrix", 2335),
    ("code: micro-qr", 15),
])  # fmt: skip
def test_the_longest_text_that_a_code_takes(press: Press, said: str, most: int) -> None:
    """By their standards: bytes in QR (ISO/IEC 18004) and Micro QR, text in small letters in DataMatrix."""
    layer = PAGE.format(target="print", format="press-pdf").partition("  - {")[0]
    layer += f"  - {{type: code, id: c, {said}, value: a, box: {{width: 400px, height: 300px}}}}\n"
    found = {size: press.render(layer, layers={"c": {"value": "x" * size}}).codes for size in (most, most + 1)}
    assert ["code-too-long" in codes for codes in found.values()] == [False, True]
