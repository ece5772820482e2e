"""SVG files that a renderer would draw without their words, or not in this life: refused by name, before anything is
made; and what drawing programs write is drawn."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable

import pytest
from one_card import Card
from PIL import Image

from pressrun.graphics.svg.artwork import UnusableArtwork, read_artwork
from pressrun.graphics.svg.limits import UnusableSvg
from pressrun.graphics.texts.typst_engine import svg_size

PICTURE = {"type": "image", "id": "p", "file": "{{ row.file }}", "fit": "contain", "box": {"in": "safe"}}
LOGO = {"type": "logo", "logo": "default", "box": {"in": "safe"}}
BOX = 'viewBox="0 0 120 80"'


def svg(inner: str, box: str = BOX) -> bytes:
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f"<svg {names} {box}>{inner}</svg>".encode()


def png(width: int, height: int) -> str:
    out = io.BytesIO()
    Image.new("1", (width, height)).save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


RECT = '<rect width="9" height="9"/>'
DOUBLED = "".join(f'<g id="a{n}"><use href="#a{n - 1}"/><use href="#a{n - 1}"/></g>' for n in range(1, 40))
REFUSED = {
    "words": "<text x='9' y='9'>Mocha</text>",
    "words deep inside": "<g><g><text><tspan>Mocha</tspan></text></g></g>",
    "words on a path": "<text><textPath href='#p'>Mocha</textPath></text>",
    "a web page": "<foreignObject><p>Mocha</p></foreignObject>",
    "a picture that is not there": "<image width='9' height='9'/>",
    "a picture that is none": "<image href='data:image/png;base64,AAAA'/>",
    "a drawing in a drawing": "<image href='data:image/svg+xml;base64,PHN2Zy8+'/>",
    "a picture of 400 million pixels": f"<image href='{png(20000, 20000)}'/>",
    "50 000 groups": "<g>" * 50_000 + RECT + "</g>" * 50_000,
    "a huge blur": f"<filter id='f'><feGaussianBlur stdDeviation='1e9'/></filter><g filter='url(#f)'>{RECT}</g>",
    "a thick outline by filter": "<filter id='f'><feMorphology radius='500'/></filter>",
    "noise of many octaves": "<filter id='f'><feTurbulence numOctaves='4000'/></filter>",
    "hundreds of filters": "<filter id='f'>" + "<feOffset dx='1'/>" * 400 + "</filter>",
    "a path that goes on and on": f"<path d='M0 0{'h1v1' * 60_000}'/>",
    "tiny dashes": "<path d='M0 0h99' stroke='#000' stroke-dasharray='0.00001'/>",
    "tiny dashes in a style": "<path d='M0 0h99' style='stroke:#000;stroke-dasharray:1e-6 1e-6'/>",
    "uses of uses": f'<g id="a0">{RECT}</g>{DOUBLED}',
    "a use of itself": '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>',
}
FRAMES = [
    "0 0 inf 10",
    "0 0 nan 10",
    "0 0 1e300 1e-300",
    "0 0 1e9 1e9",
    "0 0 100000 1",
    "0 0 -1 5",
    "0 0 5",
    "inf inf 5 5",
]


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_be_left_out_or_never_end_is_refused(name: str) -> None:
    with pytest.raises(UnusableSvg):
        svg_size(svg(REFUSED[name]))


@pytest.mark.parametrize("box", FRAMES)
def test_a_frame_out_of_all_measure_is_refused(box: str) -> None:
    with pytest.raises(UnusableSvg):
        svg_size(svg(RECT, f'viewBox="{box}"'))


FINE = {
    "a soft shadow": f"<filter id='f'><feGaussianBlur stdDeviation='4'/></filter><g filter='url(#f)'>{RECT}</g>",
    "a small picture": f"<image href='{png(300, 300)}' width='9' height='9'/>",
    "dashes": "<path d='M0 0h99' stroke='#000' stroke-dasharray='4 2'/>",
    "a use": f'<defs><g id="a">{RECT}</g></defs><use href="#a" x="20"/><use href="#a" x="40"/>',
    "many shapes": RECT * 5000,
}


@pytest.mark.parametrize("name", FINE)
def test_what_drawing_programs_write_is_placed(name: str) -> None:
    assert svg_size(svg(FINE[name])) == (120, 80)


def test_a_packshot_with_words_is_refused_by_name_before_anything_is_made(card: Callable[..., Card]) -> None:
    rows = [{"id": "a", "file": "mocha.svg"}]
    said = card(PICTURE, rows=rows, files={"jobs/mocha.svg": svg(REFUSED["words"])}).check()
    assert said.code == 1
    assert said.codes == ["unusable-svg"]
    assert "mocha.svg" in said.findings[0][1]


SYMBOL = (
    '<symbol id="s" viewBox="0 0 10 10"><path d="M0,0h10v10H0Z" fill="#E4572E"/></symbol><use xlink:href="#s" x="5"/>'
)
LOGOS = {name: REFUSED[name] for name in ("words", "50 000 groups", "uses of uses", "a use of itself", "tiny dashes")}


@pytest.mark.parametrize("inner", [SYMBOL, *LOGOS.values()], ids=["a symbol", *LOGOS])
def test_a_logo_that_cannot_be_drawn_is_refused_when_it_is_checked(inner: str, card: Callable[..., Card]) -> None:
    made = card(LOGO, brand={"logos": {"default": "logo.svg"}}, files={"brands/lab/logo.svg": svg(inner)})
    assert made.check().codes == ["unusable-logo"]


SLICE = "Q9 9.8 8.7 10L7.8 10.3Q7 10.6 7 11.3Q7 12.5 8.4 12.5H19L9.2 9.1"


@pytest.mark.parametrize("paint", ["", "fill='none' stroke='#000'"])
def test_a_logo_whose_path_repeats_itself_is_refused_by_name(paint: str) -> None:
    path = f"<path {paint} d='M1 8V41{SLICE * 250}Z'/>"
    assert len(path) > 15_000
    with pytest.raises(UnusableArtwork, match="again and again"):
        read_artwork(svg(path))


@pytest.mark.parametrize("times", [1, 2])
def test_an_outline_that_is_drawn_twice_is_none(times: int) -> None:
    assert len(read_artwork(svg(f"<path d='{'M1 8V41H19Q9 9 8 10Z' * times}'/>")).paths) == 1


def test_what_paints_nothing_is_left_out() -> None:
    flat = "M1 1L9 9L5 5Z" + "M2 2H8Z"
    (path,) = read_artwork(svg(f"<path d='{flat}M1 8V41H19Z'/>")).paths
    assert path.outline.count("m") == 1
