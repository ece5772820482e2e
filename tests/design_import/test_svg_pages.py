"""Drawings of several pages, beside each other or in files of their own; and what no page shows."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from svg_kit import MM, NAMES, read

from pressrun.designs.svg import read_svg
from pressrun.model.design import ArtworkPart, DesignFile
from pressrun.model.errors import InputError
from pressrun.model.finding import Place

BESIDE = """<sodipodi:namedview>
<inkscape:page x="0" y="0" width="85" height="55" id="front"/><inkscape:page x="95" y="0" width="85" height="55" id="back"/>
</sodipodi:namedview>
<rect x="0" y="0" width="85" height="55" fill="#102030"/><text x="10" y="20" font-size="6">{{ name }}</text>
<rect x="95" y="0" width="85" height="55" fill="#405060"/><path d="M100 5L120 5L120 10Z"/>
<text x="105" y="20" font-size="6">{{ city }}</text><text x="105" y="40" font-size="6">{{ name }}</text>"""
CARD = 'width="85mm" height="55mm" viewBox="0 0 85 55"'


def test_pages_that_inkscape_has_beside_each_other_are_pages() -> None:
    design = read(BESIDE, CARD)
    (back,) = design.further
    assert (design.width, design.height) == pytest.approx((85 * MM, 55 * MM))
    assert (back.width, back.height) == pytest.approx((85 * MM, 55 * MM))
    assert [part.id for part in design.parts] == ["artwork", "name"]
    assert [part.id for part in back.parts] == ["artwork-2", "city", "name-2"]
    assert [column.name for column in design.columns] == ["name", "city"]
    front, behind = (design.files[part.file] for part in (design.parts[0], back.parts[0]) if isinstance(part, ArtworkPart))
    assert (b"102030" in front, b"405060" in front) == (True, False)
    assert (b"102030" in behind, b"405060" in behind, b'viewBox="95 0 85 55"' in behind) == (False, True, True)
    text, city = design.parts[1], back.parts[1]
    assert text.box.x == pytest.approx(city.box.x, abs=0.01)
    assert text.box.y == pytest.approx(city.box.y, abs=0.01)


def test_a_text_that_lies_on_no_page_is_told() -> None:
    beside = """<text x="10" y="90" font-size="6">{{ price }}</text><text x="10" y="99" display="none">note</text>"""
    design = read(f'{BESIDE}{beside}<rect x="10" y="80" width="9" height="9"/>', CARD)
    assert [(note.code, note.message) for note in design.notes] == [
        ("field-left-out", "the text '{{ price }}' lies on no page, and is left out")
    ]


@pytest.mark.parametrize(
    ("inside", "told"),
    [
        ('<defs>\n<path id="path1"/></defs>\n<text y="5" display="none">no</text>\n<g>\n<text y="5" id="text1">Words</text></g>', 6),
        ('<rect id="rect1"/>\n\n<image id="image1" width="5" height="5"/>', 4),
        ('<rect id="rect1"/>', None),
        ('<text y="5">{{ a }}</text>\n<text\n y="6">{{ title | uper }}</text>', 3),
    ],
    ids=["text", "picture", "nothing", "template"],
)
def test_where_somebody_has_to_name_or_mend_something(inside: str, told: int | None) -> None:
    with pytest.raises(InputError) as refused:
        read(f"\n{inside}")
    [finding] = refused.value.findings
    assert finding.place == Place("card.svg", told)


def test_what_is_left_out_is_told_at_its_line() -> None:
    design = read('\n<text y="5">{{ a }}</text>\n<text y="5" id="old" visibility="hidden">{{ b }}</text>\n<image id="photo" href="x.png"\n width="5" height="5"/>')
    assert [(note.code, note.place and note.place.line) for note in design.notes] == [("field-left-out", 3), ("picture-not-embedded", 4)]


def test_a_picture_and_a_code_with_a_name_that_lie_on_no_page_are_told() -> None:
    beside = """<image id="photo" x="10" y="80" width="9" height="9"/><rect id="qr-code" x="30" y="80" width="9" height="9"/>
    <rect id="{{ logo }}" x="50" y="80" width="9" height="9"/><rect id="swatch" x="70" y="80" width="9" height="9"/>
    <image id="old" x="90" y="80" width="9" height="9" display="none"/><image x="110" y="80" width="9" height="9"/>
    <g inkscape:label="portrait"><image x="10" y="99" width="9" height="9"/></g>
    <image id="half" x="80" y="5" width="9" height="9"/>"""
    design = read(f"{BESIDE}{beside}", CARD)
    assert [note.message for note in design.notes if note.code == "field-left-out"] == [
        f"the {what} lies on no page, and is left out"
        for what in ("picture 'photo'", "code 'qr-code'", "picture '{{ logo }}'", "picture 'portrait'")
    ]


def test_files_are_pages_of_one_design() -> None:
    first, second = (
        DesignFile(f"{name}.svg", "card", f"<svg {NAMES} {CARD}><text x='5' y='9'>{{{{ {name} }}}}</text></svg>".encode())
        for name in ("front", "back")
    )
    design = read_svg(replace(first, more=(second,)))
    assert [[part.id for part in parts] for parts in (design.parts, design.further[0].parts)] == [["front"], ["back"]]
    assert [[part.id for part in read_svg(replace(first, more=(second,), page=2)).parts]] == [["back"]]
    on_screen = replace(second, data=second.data.replace(b"85mm", b"85").replace(b"55mm", b"55"))
    for more, page, code in (((on_screen,), None, "pages-of-two-kinds"), ((second,), 3, "missing-design-page")):
        with pytest.raises(InputError) as caught:
            read_svg(replace(first, more=more, page=page))
        assert [finding.code for finding in caught.value.findings] == [code]
