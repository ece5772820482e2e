"""Codes are decoded from the page as it is shown, by another library."""

from __future__ import annotations

import pytest
import zxingcpp
from rendering_kit import Press

from pressrun.model.code_mark import CodeMark

PAGE = """
page: {trim: 300pt x 300pt}
target: TARGET
formats: [FORMAT]
layers:
  - {type: image, id: hero, picture: hero, box: {in: bleed}}
  - {type: code, id: code, value: x, box: {x: 60pt, y: 60pt, width: 120pt, height: 150pt}OPTIONS}
"""
VALUES = ["https://northlight.example/p/HUILA-250?utm_source=flyer&l=de", "A", "Grüße ☕ قهوة", "1234567890" * 20]


def decoded(press: Press, value: str, target: str = "screen", format: str = "png", options: str = "") -> list[str]:
    layout = PAGE.replace("TARGET", target).replace("FORMAT", format).replace("OPTIONS", options)
    made = press.render(layout, slots={"hero": ["quadrants"]}, layers={"code": {"value": value}})
    page = made.picture(format)
    return [code.text for code in zxingcpp.read_barcodes(page.resize((page.width * 2, page.height * 2)))]


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize(("target", "format"), [("screen", "png"), ("screen", "jpeg"), ("print", "proof-png")])
def test_what_is_written_is_read(press: Press, value: str, target: str, format: str) -> None:
    assert decoded(press, value, target, format) == [value]


@pytest.mark.parametrize("options", [", color: forest", ", error_correction: H", ", quiet: 4, ground: sky"])
def test_in_other_colours_and_strengths(press: Press, options: str) -> None:
    assert decoded(press, VALUES[0], options=options) == [VALUES[0]]


def test_it_stands_square_in_its_box_with_its_quiet_zone(press: Press) -> None:
    layout = PAGE.replace("TARGET", "screen").replace("FORMAT", "png").replace("OPTIONS", "")
    page = press.render(layout, slots={"hero": ["dark"]}, layers={"code": {"value": "A"}}).picture("png")
    module = 160 / 29  # pixels: 21 modules and 4 + 4 of quiet in 120 pt
    assert page.getpixel((79, 79)) != (255, 255, 255)
    assert page.getpixel((81, 81)) == page.getpixel((238, 238)) == (255, 255, 255)
    first = round(80 + 4.5 * module)
    assert page.getpixel((first, first)) == (26, 26, 26)
    assert page.getpixel((round(80 + 3.5 * module), first)) == (255, 255, 255)
    assert page.getpixel((82, 242)) != (255, 255, 255)  # a square, however high the box


def test_without_a_quiet_zone_its_modules_stand_at_the_edges_of_its_box(press: Press) -> None:
    layout = PAGE.replace("TARGET", "screen").replace("FORMAT", "png").replace("OPTIONS", ", quiet: 0")
    page = press.render(layout, slots={"hero": ["dark"]}, layers={"code": {"value": "A"}}).picture("png")
    assert page.getpixel((81, 81)) == page.getpixel((238, 81)) == page.getpixel((81, 238)) == (26, 26, 26)


def test_in_a_mirrored_layout_it_stands_at_the_other_end_of_its_box(press: Press) -> None:
    page = """
page: {trim: 300pt x 100pt}
target: screen
formats: [png]
layers: [{type: code, id: code, value: x, box: {x: 20pt, y: 20pt, width: 100pt, height: 60pt}, mirror: MIRROR}]
"""
    spots = []
    for mirror, locale in (("true", "en-GB"), ("true", "ar-AE"), ("false", "ar-AE")):
        sheet, _ = press.compose(page.replace("MIRROR", mirror), locale=locale)
        [rect] = [mark.rect for mark in sheet.marks if isinstance(mark, CodeMark)]
        spots.append((rect.x, rect.right))
    assert spots == [(20, 80), (220, 280), (20, 80)]


def test_a_code_without_ground_shows_what_lies_below(press: Press) -> None:
    layout = PAGE.replace("TARGET", "screen").replace("FORMAT", "png").replace("OPTIONS", ", ground: null")
    page = press.render(layout, slots={"hero": ["light"]}, layers={"code": {"value": "A"}}).picture("png")
    assert page.getpixel((82, 82)) == (244, 244, 244)
