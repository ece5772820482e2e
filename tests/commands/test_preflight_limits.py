"""Both sides of every figure that rules measure with: what just keeps it has no finding, what just does not has one, as
grave as its side says."""

from __future__ import annotations

from typing import Any

import pikepdf
import pytest
from msgspec.structs import replace
from pikepdf import Name, Stream
from PIL import Image
from press_breaks import boxed, font, jpeg
from press_samples import Break, draw, flat, picture, whole

from pressrun.readers.press_pdf.document import read_press_pdf
from pressrun.readers.press_pdf.limits import PressLimits
from pressrun.readers.press_pdf.preflight import judged
from pressrun.readers.press_pdf.profiles.profile import load_profile

STRICT = load_profile("sheet-fed")
LIMITS = PressLimits()


def found(broken: Break, limits: PressLimits = LIMITS) -> set[tuple[str, str]]:
    file = read_press_pdf(whole(broken), limits.total_ink, bleed=limits.bleed)
    levels = {code: level for code, level in STRICT.levels.items() if level is not None}
    return {(one.finding.code, one.finding.severity.value) for one in judged(file, "a.pdf", limits, levels)}


def gray(ppi: float) -> Break:
    side = 600
    return picture(flat(side, side, 90)[:, :, 0], Name.DeviceGray, side / ppi * 25.4)


def line_art(ppi: float) -> Break:
    """A picture of one bit, 1 000 pixels wide."""
    pixels = Image.linear_gradient("L").resize((1000, 1000)).convert("1").tobytes()

    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.Resources.XObject.Im = Stream(
            pdf, pixels, Type=Name.XObject, Subtype=Name.Image, Width=1000, Height=1000, BitsPerComponent=1,
            ColorSpace=Name.DeviceGray,
        )  # fmt: skip
        side = 1000 / ppi * 72
        page.contents_add(f"q {side:.4f} 0 0 {side:.4f} 20 20 cm /Im Do Q".encode())

    return add


def mixed_line(width: float) -> Break:
    return draw(f"0.6 0.5 0.5 0.2 K {width} w 9 9 m 90 90 l S")


def light_text(size: float) -> Break:
    def both(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        draw("0.6 0.5 0.5 0 k 0 0 300 300 re f")(pdf, page)
        font(size=size, before="0 0 0 0 k")(pdf, page)

    return both


def bleeding(millimetres: float) -> Break:
    return boxed(TrimBox=(millimetres, 3, 108, 151))


# By figure: the code, what is measured, the value that keeps it, and the values that do not, each with how grave that is.
SIDES: dict[str, tuple[str, Any, float, dict[float, str]]] = {
    "total_ink": ("total-ink", lambda ink: draw(f"1 1 1 {ink / 100 - 3:.4f} k 9 9 99 99 re f"), 300, {303: "error"}),
    "bleed": ("bleed", bleeding, 2.98, {2.9: "error"}),
    "resolution_error": ("resolution", gray, 226, {149: "error", 151: "warning"}),
    "resolution_warning": ("resolution", gray, 226, {224: "warning"}),
    "line_art_error": ("resolution", line_art, 802, {548: "error", 552: "warning"}),
    "line_art_warning": ("resolution", line_art, 802, {798: "warning"}),
    "smallest_text": ("small-text", lambda size: font(size=size), 5, {4.98: "warning"}),
    "thinnest_line": ("thin-line", lambda width: draw(f"0 0 0 1 K {width} w 9 9 m 90 90 l S"), 0.125, {0.12: "warning"}),
    "mixed_text": ("small-in-several-inks", lambda size: font(size=size, before="0.6 0.5 0.5 1 k"), 12, {11.9: "warning"}),
    "reversed_text": ("small-in-several-inks", light_text, 8, {7.9: "warning"}),
    "mixed_line": ("small-in-several-inks", mixed_line, 1, {0.98: "warning"}),
    "overprint_below": ("black-knocks-out", lambda size: font(size=size), 12, {11.9: "note"}),
    "jpeg_quality": ("jpeg-artefacts", jpeg, 42, {38: "warning"}),
}  # fmt: skip


def test_no_figure_is_forgotten() -> None:
    assert list(SIDES) == list(PressLimits.__struct_fields__)


@pytest.mark.parametrize("figure", SIDES)
def test_both_sides_of_a_figure(figure: str) -> None:
    code, made, kept, broken = SIDES[figure]
    assert not {one for one in found(made(kept)) if one[0] == code}
    for value, severity in broken.items():
        assert (code, severity) in found(made(value)), value


@pytest.mark.parametrize("figure", SIDES)
def test_a_figure_is_the_users(figure: str) -> None:
    """What keeps the usual one is found by one that is a little stricter."""
    code, made, kept, broken = SIDES[figure]
    limits = replace(LIMITS, **{figure: kept * (1.02 if min(broken) < kept else 0.98)})
    assert code in {name for name, _ in found(made(kept), limits)}


def test_sides_of_the_page_are_measured_each() -> None:
    for at in range(4):
        box = [3, 3, 108, 151]
        box[at] += -0.1 if at < 2 else 0.1
        assert ("bleed", "error") in found(boxed(TrimBox=tuple(box))), at
