"""What stands in a code's clear zone, and bars that are drawn too narrow: told of the settled sheet, and once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rendering_kit import Press

from pressrun import checks, registry
from pressrun.model.finding import Finding, Severity
from pressrun.model.inspection import Inspection

# A QR code of 21 modules of 4 pt at (60, 60), whose zone reaches 16 pt further.
PAGE = "page: {{trim: [204pt, 204pt], bleed: 0, safe: 0}}\ntarget: print\nformats: [press-pdf]\nlayers:\n{}"
QR = "  - {type: code, id: c, value: a, quiet: 0, error_correction: L, box: {x: 60pt, y: 60pt, width: 84pt, height: 84pt}}\n"
EAN = "  - {{type: code, id: c, code: ean-13, value: '400638133393', magnification: 100%, {}box: {{x: 40pt, y: 40pt, width: 110pt, height: 80pt}}}}\n"
Early = Callable[[str], list[Finding]]


def shape(x: float, width: float, fill: str = "ink", more: str = "", y: float = 60, height: float = 84) -> str:
    return (
        f"  - {{type: shape, id: s, fill: {fill}, {more}"
        f"box: {{x: {x}pt, y: {y}pt, width: {width}pt, height: {height}pt}}}}\n"
    )


def framed(start: float) -> str:
    side = 204 - 2 * start
    box = f"box: {{x: {start}pt, y: {start}pt, width: {side}pt, height: {side}pt}}"
    return f"  - {{type: shape, id: s, stroke: ink, width: 1pt, {box}}}\n"


@pytest.fixture
def early(press: Press, monkeypatch: pytest.MonkeyPatch) -> Early:
    """What is found before anything is drawn."""

    def found(layers: str) -> list[Finding]:
        told: list[Finding] = []

        def keep(inspection: Inspection) -> list[Finding]:
            told.extend(checks.check(inspection, before))
            return []

        before = {name: registry.CHECKS[name] for name in registry.CHECKS_BEFORE_DRAWING}
        with monkeypatch.context() as patched:
            patched.setitem(registry.CHECKS, "keep", keep)
            made = press.render(PAGE.format(layers))
        assert made.codes.count("code-quiet-zone") == sum(one.code == "code-quiet-zone" for one in told)
        return told

    return found


@pytest.mark.parametrize(("layers", "who"), [
    (QR + shape(150, 6), "s"), (shape(150, 6) + QR, "s"), (QR + shape(160.5, 6), None), (QR + shape(46, 1), "s"),
    (QR + shape(150, 6, "paper"), None), (QR + shape(150, 6, "ink", "opacity: 5%, "), None),
    (shape(0, 204, "forest", y=0, height=204) + QR, "s"),
    (shape(0, 204, "forest", y=0, height=204) + shape(44, 116, "paper", y=44, height=116).replace("id: s", "id: p") + QR, None),
    (shape(150, 6) + QR.replace("quiet: 0, ", "").replace("x: 60", "x: 44").replace("y: 60", "y: 44").replace("84pt", "116pt"), None),
    (QR + framed(40), None), (QR + framed(48), "s"),
    (QR + "  - {type: text, id: t, text: Scan me, size: 12pt, color: ink, box: {x: 60pt, y: 147pt, width: 84pt, height: 20pt}}\n", "t"),
    (QR + "  - {type: text, id: t, text: Scan me, size: 12pt, color: ink, box: {x: 60pt, y: 161pt, width: 84pt, height: 20pt}}\n", None),
    (QR + "  - {type: group, id: g, rotate: 90, box: {x: 0, y: 0, width: 204pt, height: 204pt}, layers: [" + shape(150, 6).strip()[2:] + "]}\n", "s"),
])  # fmt: skip
def test_what_stands_in_the_zone_is_told_with_its_name(early: Early, layers: str, who: str | None) -> None:
    found = [one for one in early(layers) if one.code == "code-quiet-zone"]
    assert [one.message.split("'")[1] for one in found] == ([who] if who else [])
    assert all("4 modules" in one.message and one.severity is Severity.WARNING for one in found)


@pytest.mark.parametrize(("x", "told"), [("16pt", False), ("10pt", True)])
def test_a_zone_that_is_cut_off_is_told(early: Early, x: str, told: bool) -> None:
    found = [one.message for one in early(QR.replace("x: 60pt", f"x: {x}")) if one.code == "code-quiet-zone"]
    assert found == (["2.12 mm of the 4 modules that are to be clear around it lie beyond the page"] if told else [])


@pytest.mark.parametrize(("reduction", "told"), [("0.13mm", False), ("0.14mm", True), ("0.3mm", True)])
def test_bars_that_are_drawn_too_narrow_are_told_with_the_most_that_is_read(
    early: Early, press: Press, reduction: str, told: bool
) -> None:
    layer = EAN.format(f"bar_width_reduction: {reduction}, ")
    found = [one for one in early(layer) if one.code == "code-bars-too-narrow"]
    assert [one.hint for one in found] == (["bar_width_reduction: 0.132mm at most, or enlarge the code"] if told else [])
    read_again = "code-unreadable" not in press.render(PAGE.format(layer)).codes
    assert read_again or told
