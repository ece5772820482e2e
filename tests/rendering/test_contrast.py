"""Contrast as it is read: of the colour itself, a few letters at a time, by the size at which a text is seen."""

from __future__ import annotations

import numpy
import pytest
from PIL import Image
from rendering_kit import PICTURES, Press
from small_layouts import HERO, PIXELS, PRINT, SCREEN, TEXT, slots

from pressrun.checks.contrast import measure, what_differs
from pressrun.compose.text_fit import TextFitter
from pressrun.model.light import luminances

WIDE = "\u2003\u2003"


def test_severity_of_contrast_follows_how_far_it_is_off(press: Press) -> None:
    weak, lost = (
        next(one for one in press.render(layout).facts["findings"] if one["code"] == "low-contrast")["severity"]
        for layout in (
            SCREEN + TEXT.replace("ink", "flame").replace("20pt", "10pt"),
            SCREEN + TEXT.replace("ink", "sky").replace("20pt", "10pt"),
        )
    )
    assert (weak, lost) == ("warning", "error")


@pytest.mark.parametrize("across", range(4))
def test_text_of_a_single_pixel_is_measured_too(across: int) -> None:
    ground = Image.new("RGB", (40, 24), "#101010")
    page = ground.copy()
    page.putpixel((16 + across, 11), (36, 36, 36))
    strokes = what_differs(page, ground)
    assert strokes
    light = luminances(numpy.asarray(ground.reduce(2)))
    own = float(luminances(numpy.asarray(page)[11, 16 + across]))
    assert measure(light, strokes, own) == pytest.approx(1.23, abs=0.1)


@pytest.mark.parametrize("page", [SCREEN, PRINT], ids=["screen", "print"])
@pytest.mark.parametrize(("color", "told"), [("sky", True), ("forest", False)])
def test_contrast_is_of_the_colour_whatever_the_size(press: Press, page: str, color: str, told: bool) -> None:
    """Small letters are drawn in pixels mixed with their ground, which must not count."""
    said = set()
    for size in (4, 6, 9, 13):
        text = TEXT.replace("Some words", "Hair lines and i l t").replace("ink", color).replace("20pt", f"{size}pt")
        made = press.render(page + text)
        said |= {one["message"] for one in made.facts["findings"] if one["code"] == "low-contrast"}
    assert len(said) == (1 if told else 0)


@pytest.mark.parametrize(("words", "lit", "told"), [
    ("Everything on a table", (192, 0, 600, 600), True),  # under the last letter: less than a tenth of the text
    ("Everything on a table", (222, 0, 600, 600), False),
    ("Everything on a table is it", (130, 56, 600, 85), False),  # beside the shorter of two lines
    ("Everything on a table is it", (74, 56, 86, 80), True),
    (f"On a{WIDE}<color forest>table</color>", (68, 0, 600, 600), False),  # each ink on a ground of its own
    (f"On a{WIDE}<color forest>table</color>", (68, 0, 130, 600), True),
], ids=["last-letter", "behind", "beside-a-line", "in-a-line", "two-inks", "second-ink"])  # fmt: skip
def test_a_few_letters_that_are_lost_are_told(
    press: Press, words: str, lit: tuple[int, int, int, int], told: bool
) -> None:
    def dark_with_light() -> Image.Image:
        picture = Image.new("RGB", (600, 600), "#101010")
        picture.paste("#ffffff", lit)
        return picture

    PICTURES["dark-with-light"] = dark_with_light
    try:
        look = "color: paper, size: 18px, lines: 2, markup: true, box: {width: 200px}"
        text = f"  - {{type: text, id: t, text: '{words}', {look}}}\n"
        rendered = press.render(PIXELS + HERO + text, **slots("dark-with-light"))
    finally:
        del PICTURES["dark-with-light"]
    assert ("low-contrast" in rendered.codes) == told


@pytest.mark.parametrize(("words", "asked"), [("On", 0), ("Everything on a table", 1)])
def test_where_the_letters_of_a_text_are_is_asked_only_if_some_of_its_ground_is_near_to_them_in_light(
    press: Press, monkeypatch: pytest.MonkeyPatch, words: str, asked: int
) -> None:
    """Below the shorter text its box has light ground, on which the longer one stands."""
    found: list[object] = []
    pieces = TextFitter.pieces
    monkeypatch.setattr(TextFitter, "pieces", lambda fitter, mark: found.append(mark) or pieces(fitter, mark))
    dark = "  - {type: shape, id: s, fill: ink, box: {in: bleed, height: 60px}}\n"
    look = "color: paper, size: 18px, lines: 4, box: {width: 100px}"
    press.render(PIXELS + dark + f"  - {{type: text, id: t, text: {words}, {look}}}\n")
    assert len(found) == asked


@pytest.mark.parametrize("shade", ["", "  - {type: shade, box: {in: bleed}}\n"])
def test_what_is_advised_is_there(press: Press, shade: str) -> None:
    rendered = press.render(SCREEN + HERO + shade + TEXT, **slots("dark"))
    (weak,) = [one for one in rendered.facts["findings"] if one["code"] == "low-contrast"]
    assert ("strengthen the shade" in weak["hint"]) == bool(shade)


@pytest.mark.parametrize(("words", "end", "told"), [
    ("NOVEMBER", 92, False),  # 2 px below the baseline
    ("NOVEMBER", 96, False),
    ("Xxxx Mano", 93, False),
    ("Xxxx Mano Xxxx Mano Xxxx Mano", 149, False),  # the second of two lines
    ("Xxxx gggg Xxxx Mano Xxxx gang", 149, True),
    ("NOVEMBER", 75, True),
    ("NOVEMBER", 59, True),
])  # fmt: skip
def test_only_ground_that_letters_reach_is_theirs(press: Press, words: str, end: int, told: bool) -> None:
    """Light letters stand on a dark shape that ends on light ground, at so many pixels."""
    shape = f"  - {{type: shape, id: s, fill: ink, box: {{y: 0px, height: {end}px}}}}\n"
    box = "box: {x: 60px, y: 60px, width: 320px, height: 100px}, anchor: top"
    text = f"  - {{type: text, id: t, text: {words}, color: paper, size: 40px, lines: 2, {box}}}\n"
    assert ("low-contrast" in press.render(PIXELS + shape + text).codes) == told
    legible = text.replace("color: paper", "color: [paper, flame], legible: true")
    (chosen,) = press.render(PIXELS + shape + legible).facts["choices"]
    assert (chosen["chosen"] == "paper") != told


def test_large_type_may_be_weaker(press: Press) -> None:
    small = press.render(SCREEN + TEXT.replace("ink", "flame").replace("20pt", "17pt"))
    large = press.render(SCREEN + TEXT.replace("ink", "flame").replace("20pt", "18pt"))
    assert ("low-contrast" in small.codes, "low-contrast" in large.codes) == (True, False)


@pytest.mark.parametrize(("width", "height", "least"), [
    (300, 250, 24),
    (1080, 1080, 72),  # seen 360 pixels wide, on a phone
    (1080, 1920, 72),
    (1200, 628, 80),
    (970, 250, 24),  # seen beside other text, as it is
])  # fmt: skip
def test_type_is_large_as_it_is_seen(press: Press, width: int, height: int, least: int) -> None:
    page = PIXELS.replace("600px x 600px", f"{width}px x {height}px")

    def codes(size: int) -> list[str]:
        text = TEXT.replace("ink", "flame").replace("Some words", "Hi").replace("20pt", f"{size}px")
        return press.render(page + text.replace("30pt", "150px")).codes

    assert ("low-contrast" in codes(least - 1), "low-contrast" in codes(least)) == (True, False)
