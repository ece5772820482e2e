"""Ink of what lies over each other, by overprint or blending, in anybody's file. No object alone has too much of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pikepdf import Name
from planted_kit import SQUARE, both, device_n, form, image, jpeg, keys, page, separation, truetype, words
from press_samples import Break, sound

from pressrun.readers.press_pdf.document import read_press_pdf
from pressrun.readers.press_pdf.facts import PressFile
from pressrun.readers.press_pdf.preflight import judge
from pressrun.readers.press_pdf.traits import InkTogether
from pressrun.run import composed_ink

DARK = f"0.9 0.9 0.7 0 k {SQUARE}"  # 250 %
OVER = {"G": {"OP": True, "op": True, "OPM": 1}}
MULTIPLY = {"G": {"BM": Name.Multiply}}
GROUP = {"S": Name.Transparency, "CS": Name.DeviceCMYK}


def over(content: str, states: Any = OVER, **resources: Any) -> Break:
    return page(f"{DARK} /G gs {content}", ExtGState=states, **resources)


def photograph(*inks: int) -> Any:
    color = tuple(round(2.55 * ink) for ink in inks)
    return image(jpeg("CMYK", (120, 120), color=color), (120, 120), Name.DeviceCMYK, Filter=Name.DCTDecode, Decode=[1, 0] * 4)


TOO_MUCH = {
    "black that overprints": over(f"0 0 0 1 k {SQUARE}"),
    "a black line that overprints": over("0 0 0 1 K 6 w 20 50 m 80 50 l S"),
    "large black letters that overprint": both(
        over(""), words(truetype(), 60, "(WO)", before="/G gs 1 0 0 1 -40 -30 cm 0 0 0 1 k")),
    "a spot that overprints": over(f"/C cs 1 scn {SQUARE}", ColorSpace={"C": separation("Gold")}),
    "two spots in one mixture": over(f"/C cs 0.4 0.4 scn {SQUARE}", ColorSpace={"C": device_n(["Gold", "Silver"])}),
    "spots over each other, each within the limit": over(
        f"/C cs 0.3 scn {SQUARE} /D cs 0.3 scn {SQUARE}", ColorSpace={"C": separation("Gold"), "D": separation("Silver")}),
    "a multiplied area": over(f"0.7 0.7 0.5 0.4 k {SQUARE}", MULTIPLY),
    "a multiplied picture": over("60 0 0 60 20 20 cm /Im Do", MULTIPLY, XObject={"Im": photograph(60, 60, 60, 60)}),
    "a picture under multiplied black": page(
        f"q 60 0 0 60 20 20 cm /Im Do Q /G gs 0 0 0 0.9 k {SQUARE}", ExtGState=MULTIPLY, XObject={"Im": photograph(95, 95, 90, 0)}),
    "a multiplied group": over("/Fm Do", MULTIPLY, XObject={"Fm": form(f"0 0 0 0.9 k {SQUARE}", Group=GROUP)}),
    "overprint within a form": page(
        f"{DARK} /Fm Do", XObject={"Fm": form(f"/G gs 0 0 0 1 k {SQUARE}", Resources={"ExtGState": OVER})}),
    "a multiplied gradient": over("/S sh", MULTIPLY, Shading={"S": {
        "ShadingType": 2, "ColorSpace": Name.DeviceCMYK, "Coords": [20, 0, 80, 0], "Extend": [True, True],
        "Function": {"FunctionType": 2, "N": 1, "Domain": [0, 1], "C0": [0, 0, 0, 0], "C1": [0, 0, 0, 1]}}}),
}  # fmt: skip
SOUND = {
    "black that knocks out": page(f"{DARK} 0 0 0 1 k {SQUARE}"),
    "black that overprints beside it": over("0 0 0 1 k 90 20 40 40 re f"),
    "black that overprints, then is covered": over(f"0 0 0 1 k {SQUARE} /H gs 0.1 0 0 0 k {SQUARE}", {**OVER, "H": {"OP": False, "op": False}}),
    "small black letters that overprint": both(over(""), words(truetype(), 9, before="/G gs 1 0 0 1 -40 -30 cm 0 0 0 1 k")),
    "a thin line that overprints": over("0 0 0 1 K 1 w 20 50 m 80 50 l S"),
    "an overprint within the limit": over(f"0 0 0 0.5 k {SQUARE}"),
    "a multiplied tint": over(f"0.1 0.1 0.1 0.1 k {SQUARE}", MULTIPLY),
    "light that is screened": over(f"0.8 0.8 0.8 0.4 k {SQUARE}", {"G": {"BM": Name.Screen}}),
    "black over a colour of light": page(f"0.1 0.05 0.05 rg {SQUARE} /G gs 0 0 0 1 k {SQUARE}", ExtGState=MULTIPLY),
    "an opacity": over(f"0 0 0 1 k {SQUARE}", {"G": {"ca": 0.5}}),
    "an overprint of all components": over(f"0 0 0 1 k {SQUARE}", {"G": {"OP": True, "op": True, "OPM": 0}}),
    "registration marks in the slug": both(
        keys(MediaBox=[-40, -40, 360, 480]), page("/G gs /A cs 1 scn -30 100 10 10 re f", ExtGState=OVER,
        ColorSpace={"A": separation("All", tint={"FunctionType": 2, "N": 1, "Domain": [0, 1], "C0": [0] * 4, "C1": [1] * 4})})),
}  # fmt: skip


def measured(path: Path, *breaks: Break, pages: int = 1, limit: float = 300.0) -> PressFile:
    data = sound(path / "card.pdf", *breaks, pages=pages).read_bytes()
    file = read_press_pdf(data, limit)
    composed_ink.measure_composed_ink(file, data, limit)
    return file


def codes(file: PressFile) -> list[str]:
    return [one.code for one in judge(file, "card.pdf") if one.code in ("total-ink", "ink-not-measured")]


@pytest.mark.parametrize("case", TOO_MUCH)
def test_what_adds_up_to_too_much_is_named(case: str, tmp_path: Path) -> None:
    assert codes(measured(tmp_path, TOO_MUCH[case])) == ["total-ink"]


@pytest.mark.parametrize("case", SOUND)
def test_what_does_not_is_not(case: str, tmp_path: Path) -> None:
    assert codes(measured(tmp_path, SOUND[case])) == []


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
@pytest.mark.parametrize("unit", [1, 2])
def test_its_place_is_told_in_the_units_of_the_page(turned: int, unit: int, tmp_path: Path) -> None:
    file = measured(tmp_path, over(f"0 0 0 1 k {SQUARE}"), keys(Rotate=turned, UserUnit=unit))
    ((together, (at,)),) = file.pages[0].of(InkTogether)
    assert together.total == pytest.approx(350, abs=1.5)
    left, bottom, right, top = (edge / unit for edge in at)
    assert 20 < left < right < 80
    assert 20 < bottom < top < 80


def test_what_is_not_measured_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composed_ink, "MOST_PAGES", 1)
    heavy = over(f"0 0 0 1 k {SQUARE}")
    file = measured(tmp_path, lambda pdf, one: [heavy(pdf, page) for page in pdf.pages], pages=3)
    told = {one.code: one.message for one in judge(file, "card.pdf")}
    assert told["total-ink"].startswith("page 1: what overprints or blends has up to 349 % of ink")
    assert told["ink-not-measured"].startswith("pages 2–3: the ink of what overprints or blends is not known")


def test_of_many_pages_each_kind_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composed_ink, "MOST_PAGES", 2)
    sparing, heavy = over(f"0 0 0 0.6 k 90 20 {SQUARE[6:]}"), over(f"0 0 0 1 k {SQUARE}")
    file = measured(tmp_path, lambda pdf, one: [(sparing if at < 3 else heavy)(pdf, page) for at, page in enumerate(pdf.pages)], pages=4)
    told = {one.code: one.message for one in judge(file, "card.pdf")}
    assert told["total-ink"].startswith("page 4: what overprints or blends")
    assert told["ink-not-measured"].startswith("pages 2–3: ")


def test_the_command_tells_it(tmp_path: Path, pressrun: Any) -> None:
    path = sound(tmp_path / "card.pdf", over(f"0 0 0 1 k {SQUARE}"))
    result = pressrun("preflight", path)
    assert result.exit_code == 1
    assert "349 % of ink" in result.output
    assert pressrun("preflight", "--total-ink", 360, path).exit_code == 0
