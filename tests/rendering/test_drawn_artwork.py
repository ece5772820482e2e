"""Logos as flat paths, what has no exact ink, and SVG pictures that may be placed."""

from __future__ import annotations

import pytest
from PIL import Image, ImageChops
from rendering_kit import HERE, Press

from pressrun.graphics.svg import artwork
from pressrun.graphics.svg.artwork import UnusableArtwork, read_artwork
from pressrun.graphics.texts.typst_engine import UnusableSvg, svg_size
from pressrun.plate import logo_color


def svg(inside: str, attributes: str = 'viewBox="0 0 20 10"') -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}</svg>'.encode()


def extent(data: bytes) -> tuple[float, float, float, float]:
    outlines = " ".join(path.outline for path in read_artwork(data).paths)
    numbers = [float(part) for part in outlines.split() if not part.isalpha()]
    xs, ys = numbers[0::2], numbers[1::2]
    return min(xs), min(ys), max(xs), max(ys)


def test_shapes_become_paths_in_their_colours() -> None:
    art = read_artwork((HERE / "brand" / "logo.svg").read_bytes())
    assert (art.width, art.height) == (40, 20)
    assert [path.fill for path in art.paths] == ["#1F3A2E", "#E4572E"]


@pytest.mark.parametrize(
    ("inside", "wanted"),
    [
        ('<rect x="2" y="3" width="4" height="5"/>', (2, 3, 6, 8)),
        ('<g transform="translate(1 2) scale(2)"><rect width="3" height="3"/></g>', (1, 2, 7, 8)),
        ('<path d="m2 2h4v3h-4z"/>', (2, 2, 6, 5)),
        ('<path d="M5 1L9 1" stroke="#000" stroke-width="2"/>', (5, 0, 9, 2)),
        ('<path d="M0 5Q5 0 10 5Z"/>', (0, 5 - 10 / 3, 10, 5)),
    ],
)
def test_places(inside: str, wanted: tuple[float, ...]) -> None:
    assert extent(svg(inside)) == pytest.approx(wanted, abs=0.02)


def test_the_view_box_is_the_origin() -> None:
    assert extent(svg('<rect x="12" y="12" width="4" height="4"/>', 'viewBox="10 10 20 10"')) == (2, 2, 6, 6)


def test_colours_by_name_and_short_hex() -> None:
    art = read_artwork(svg('<rect width="1" height="1" fill="white"/><rect width="1" height="1" fill="#1af"/>'))
    assert [path.fill for path in art.paths] == ["#FFFFFF", "#11AAFF"]


@pytest.mark.parametrize(
    "inside",
    [
        '<rect width="3" height="2" fill="{}"/><circle cx="5" cy="5" r="2" stroke="{}" fill="none"/>',
        "<g style='stroke-width:2; fill :{}'><rect width='3' height='2'/><path d='M5 1L9 1' style='stroke:{}'/></g>",
        '<clipPath id="facade"><path d="M0 0h3v3h-3z"/></clipPath><circle clip-path="url(#facade)" r="2" fill="{}"/>'
        '<path fill="{}" d="M5 5h1v1z"/>',
    ],
)
def test_versions_that_differ_in_colours_alone_are_flattened_once(inside: str) -> None:
    before = artwork._flattened.cache_info().misses
    one, other = (read_artwork(svg(inside.format(*colors))) for colors in (("#C0FFEE", "#B0BA01"), ("#1af", "#000002")))
    assert artwork._flattened.cache_info().misses == before + 1
    assert [path.fill for path in one.paths] == ["#C0FFEE", "#B0BA01"]
    assert [path.fill for path in other.paths] == ["#11AAFF", "#000002"]
    assert [path.outline for path in one.paths] == [path.outline for path in other.paths]


@pytest.mark.parametrize(
    "inside",
    [
        "<text>Hi</text>",
        '<image href="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAQAAAAA3bvkkAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="/>',
        '<linearGradient id="g"/><rect width="1" height="1" fill="url(#g)"/>',
        '<filter id="f"/><rect width="1" height="1" filter="url(#f)"/>',
        '<mask id="m"/><rect width="1" height="1"/>',
        '<rect width="1" height="1" opacity="0.5"/>',
        '<rect width="1" height="1" fill="currentColor"/>',
        '<rect width="1" height="1" fill="none"/>',
        "",
    ],
)
def test_what_has_no_exact_ink_is_refused(inside: str) -> None:
    with pytest.raises(UnusableArtwork):
        read_artwork(svg(inside))


@pytest.mark.parametrize(
    "said",
    [
        '<defs><symbol id="a"><rect width="1" height="1"/></symbol></defs>',
        '<defs><clipPath id="a" clipPathUnits="objectBoundingBox"><rect width="1" height="1"/></clipPath></defs>',
        '<g style="transform-origin:0 0;transform-box:fill-box;paint-order:markers stroke fill" stroke="none"><IT/></g>',
        '<g vector-effect="non-scaling-stroke"><path d="M3 3z" stroke-linecap="round"/></g>',
        '<g fill="rgba(31, 58, 46, 1)"><IT/></g>', '<g fill="rgb(31 58 46)"><IT/></g>',
    ],
)  # fmt: skip
def test_what_a_program_says_to_no_end_keeps_no_logo(said: str) -> None:
    it = '<rect width="9" height="9"/>'
    drawn = read_artwork(svg(said.replace("<IT/>", it) if "<IT/>" in said else said + it))
    assert len(drawn.paths) == 1


@pytest.mark.parametrize("data", [b"", b"<svg", b"\xff\xfe", svg("<rect width='1' height='1'/>", "")])
def test_what_is_no_artwork_is_refused(data: bytes) -> None:
    with pytest.raises(UnusableArtwork):
        read_artwork(data)


def test_the_colour_that_carries_a_logo() -> None:
    assert logo_color(read_artwork((HERE / "brand" / "logo.svg").read_bytes())) in [(0x1F, 0x3A, 0x2E), (0xE4, 0x57, 0x2E)]


# ------------------------------------------------------------------------------------------------ pictures as SVG


@pytest.mark.parametrize(
    ("attributes", "size"),
    [('viewBox="0 0 20 10"', (20, 10)), ('viewBox="1,2,3,4"', (3, 4)), ('width="30px" height="12.5"', (30, 12.5))],
)
def test_svg_sizes(attributes: str, size: tuple[float, float]) -> None:
    assert svg_size(svg("", attributes)) == size


@pytest.mark.parametrize(
    "data",
    [
        svg('<image href="https://example.com/a.png"/>'),
        svg('<image href="../../secret.png"/>'),
        svg('<use xlink:href="other.svg#a"/>', 'xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 1 1"'),
        svg('<rect fill="url(http://example.com/x#g)"/>'),
        svg("<style>@import 'x.css';</style>"),
        svg("<script>1</script>"),
        b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg viewBox="0 0 1 1">&x;</svg>',
        b'<!DOCTYPE svg [<!ENTITY x "l(http://example.com/x">]>' + svg('<rect fill="ur&x;#g)"/>'),
        svg("", 'viewBox="0 0 0 0"'),
        b"<html/>",
        b"not xml",
        svg("", 'viewBox="a b c d"'),
    ],
)
def test_svg_that_may_not_be_placed(data: bytes) -> None:
    with pytest.raises(UnusableSvg):
        svg_size(data)


def test_what_has_words_for_its_namespaces_may() -> None:
    data = b'<!DOCTYPE svg [<!ENTITY s "http://www.w3.org/2000/svg">]><svg xmlns="&s;" viewBox="0 0 2 1"/>'
    assert svg_size(data) == (2, 1)


@pytest.mark.parametrize(
    "inside", ['<use href="#a"/>', '<rect fill="url(#g)"/>', '<image href="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAQAAAAA3bvkkAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="/>']
)
def test_what_refers_to_itself_may(inside: str) -> None:
    assert svg_size(svg(inside)) == (20, 10)


LOGO = """
page: {{trim: 160px x 160px}}
target: screen
formats: [png]
layers: [{{type: logo, logo: default, anchor: {anchor}, align: {align},
          box: {{x: 20px, y: 40px, width: {width}px, height: {height}px}}}}]
"""


@pytest.mark.parametrize(
    ("anchor", "align", "size", "wanted"),
    [
        ("top", "start", (80, 100), (20, 40, 98, 80)),
        ("middle", "start", (80, 100), (20, 70, 98, 110)),
        ("bottom", "start", (80, 100), (20, 100, 98, 140)),
        ("top", "start", (120, 40), (20, 40, 98, 80)),
        ("top", "center", (120, 40), (40, 40, 118, 80)),
        ("top", "end", (120, 40), (60, 40, 138, 80)),
    ],
)
def test_a_logo_stands_where_its_box_says(
    press: Press, anchor: str, align: str, size: tuple[int, int], wanted: tuple[int, ...]
) -> None:
    """It is 40 x 20, of which it paints 39, and keeps that proportion."""
    page = press.render(LOGO.format(anchor=anchor, align=align, width=size[0], height=size[1])).picture("png")
    bare = Image.new("RGB", page.size, page.getpixel((0, 0)))
    assert ImageChops.difference(page, bare).getbbox() == pytest.approx(wanted, abs=1)
