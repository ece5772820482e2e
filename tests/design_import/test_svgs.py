"""What is read of an SVG, as each program writes one."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ElementTree

import pytest
from svg_kit import MM, NAMES, baseline, codes, columns, kinds, only, picture, read, texts

from pressrun.model.design import (
    ArtworkPart,
    CodePart,
    PaintNamed,
    PicturePart,
    TextPart,
)
from pressrun.model.errors import InputError
from pressrun.model.geometry import Rect

# ------------------------------------------------------------------------------------------------------------ programs


ILLUSTRATOR = f"""<?xml version="1.0" encoding="utf-8"?>
<!-- Generator: Adobe Illustrator 28.0.0, SVG Export Plug-In . SVG Version: 6.00 Build 0)  -->
<svg version="1.1" id="Layer_1" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" x="0px"
 y="0px" viewBox="0 0 240 150" style="enable-background:new 0 0 240 150;" xml:space="preserve">
<style type="text/css">
.st0{{fill:#F2E8D5;}} .st1,.st2{{fill:#1F3A2E;}} .st2{{font-family:'MyriadPro-Bold'; font-size:24px;}}
.st3{{font-family:'MyriadPro-Regular';font-size:9px;letter-spacing:0.45px;}}
</style>
<g id="Ground"><rect class="st0" width="240" height="150"/></g>
<g id="First_x20_name"><text transform="matrix(1 0 0 1 20 50)" class="st1 st2">Ada</text></g>
<text transform="matrix(1 0 0 1 20 80)"><tspan x="0" y="0" class="st1 st3">{{{{ street }}}}</tspan><tspan x="0" y="12"
 class="st1 st3">{{{{ zip }}}} </tspan><tspan x="30" y="12" class="st1 st3">{{{{ city }}}}</tspan></text>
<image style="overflow:visible;" id="Portrait_x0020_photo" width="8" height="6" xlink:href="{picture()}"
 transform="matrix(5 0 0 5 180 20)"></image>
</svg>"""

INKSCAPE = f"""<svg width="105mm" height="148mm" viewBox="0 0 105 148" {NAMES}>
<sodipodi:namedview id="namedview1" inkscape:zoom="1"/>
<defs id="defs1"><rect id="rect99" x="10" y="60" width="60" height="30"/></defs>
<g inkscape:groupmode="layer" inkscape:label="Ground" id="layer1"><rect fill="#f2e8d5" width="105" height="148"
 id="rect1"/></g>
<g inkscape:groupmode="layer" inkscape:label="Words" id="layer2" transform="translate(0,5)">
<text xml:space="preserve" style="font-size:10px;line-height:1.25;font-family:FiraGO;font-weight:bold;fill:#1f3a2e;
text-anchor:middle" x="52.5" y="30" id="text1" inkscape:label="headline"><tspan sodipodi:role="line" x="52.5" y="30"
 id="tspan1">Good {{{{ time }}}},</tspan><tspan sodipodi:role="line" x="52.5" y="42.5"
 id="tspan2">{{{{ First name }}}}</tspan></text>
<text xml:space="preserve" style="font-size:4px;white-space:pre;shape-inside:url(#rect99);fill:#000000" id="text2"><tspan
 x="10" y="64" id="tspan3">A few words that </tspan><tspan x="10" y="69" id="tspan4">flow in {{{{ place | upper }}}}</tspan>
</text>
<image id="image12" inkscape:label="photo" width="40" height="30" x="30" y="95" xlink:href="{picture()}"/>
</g><path id="path9" d="M0 140h105v8H0z" fill="#E4572E"/></svg>"""

FIGMA = f"""<svg width="400" height="300" viewBox="0 0 400 300" fill="none" {NAMES}>
<g id="Card"><rect width="400" height="300" fill="white"/>
<rect id="avatar" x="20" y="20" width="80" height="80" rx="8" fill="url(#pattern0)"/>
<circle id="badge" cx="340" cy="60" r="30" fill="url(#pattern0)"/>
<text id="title" fill="#1F3A2E" xml:space="preserve" style="white-space: pre" font-family="Inter" font-size="32"
 font-weight="600" letter-spacing="-0.02em"><tspan x="20" y="160.5">Spring is </tspan><tspan x="20" y="200.5">here</tspan></text>
<text id="Read more" fill="black" fill-opacity="0.6" font-family="Inter" font-size="16"><tspan x="20"
 y="250">Read more</tspan></text>
</g><defs><pattern id="pattern0" patternContentUnits="objectBoundingBox" width="1" height="1"><use
 xlink:href="#image0" transform="scale(0.01)"/></pattern><image id="image0" width="100" height="100"
 xlink:href="{picture()}"/></defs></svg>"""


def test_illustrator() -> None:
    design = read(ILLUSTRATOR)
    assert (design.width, design.height, design.target) == (180, 112.5, "screen")
    assert kinds(design) == [
        (ArtworkPart, "artwork"), (TextPart, "first_name"), (TextPart, "street"), (PicturePart, "portrait_photo"),
    ]  # fmt: skip
    name, address = texts(design)
    assert (name.text, name.type.family, name.type.weight) == ("{{ sheet.first_name }}", "Myriad Pro", 700)
    assert (name.sizes[1], name.box.x, baseline(name)) == pytest.approx((18, 15, 37.5))
    assert address.text == "{{ sheet.street }}\n{{ sheet.zip }} {{ sheet.city }}"
    assert (address.lines, address.leading, address.tracking) == (2, pytest.approx(9), pytest.approx(0.05))
    assert columns(design)["sheet.first_name"] == "Ada"
    assert design.parts[-1].box == Rect(135, 15, 30, 22.5)


def test_a_point_of_illustrator_is_one_in_print() -> None:
    design = read(ILLUSTRATOR, target="print")
    assert (design.width, design.height, design.target) == (240, 150, "print")


def test_an_illustrator_file_that_can_be_edited_again() -> None:
    """With entities for its namespaces, what is for Illustrator alone, and a picture cut out by an oval of its
    definitions, as `Save as SVG` writes it."""
    design = read(f"""<?xml version="1.0" encoding="utf-8"?>
<!-- Generator: Adobe Illustrator 27.0.0, SVG Export Plug-In . SVG Version: 6.00 Build 0)  -->
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [
<!ENTITY ns_extend "http://ns.adobe.com/Extensibility/1.0/">
<!ENTITY ns_ai "http://ns.adobe.com/AdobeIllustrator/10.0/">
<!ENTITY ns_svg "http://www.w3.org/2000/svg">
<!ENTITY ns_xlink "http://www.w3.org/1999/xlink">
]>
<svg version="1.1" xmlns:x="&ns_extend;" xmlns:i="&ns_ai;" xmlns="&ns_svg;" xmlns:xlink="&ns_xlink;" x="0px" y="0px"
 width="240px" height="150px" viewBox="0 0 240 150" xml:space="preserve">
<style type="text/css">.st0{{fill:#F2E8D5;}} .st1{{clip-path:url(#SVGID_2_);}}</style>
<switch><foreignObject requiredExtensions="&ns_ai;" x="0" y="0" width="1" height="1"><i:pgfRef
 xlink:href="#adobe_illustrator_pgf"></i:pgfRef></foreignObject>
<g i:extraneous="self"><g id="Ground"><rect class="st0" width="240" height="150"/></g>
<g><defs><ellipse id="SVGID_1_" cx="120" cy="75" rx="40" ry="20"/></defs>
<clipPath id="SVGID_2_"><use xlink:href="#SVGID_1_" style="overflow:visible;"/></clipPath>
<g class="st1"><image id="photo" width="8" height="6" xlink:href="{picture()}" transform="matrix(15 0 0 15 60 30)"/></g></g>
<text transform="matrix(1 0 0 1 20 50)">{{{{ name }}}}</text></g></switch>
<i:pgf id="adobe_illustrator_pgf">eJzsvWuTHMlxILafaab</i:pgf></svg>""")
    assert codes(design) == []
    assert kinds(design) == [(ArtworkPart, "artwork"), (PicturePart, "photo"), (TextPart, "name")]
    photo = design.parts[1]
    assert isinstance(photo, PicturePart)
    assert (photo.box, photo.round) == (Rect(60, 41.25, 60, 30), math.inf)  # the oval, at 72 of 96
    drawn = [one.tag.rpartition("}")[2] for one in ElementTree.fromstring(design.files["designs/card/artwork.svg"]).iter()]
    assert {"switch", "rect"} < set(drawn)
    assert not {"foreignObject", "pgf", "pgfRef"} & set(drawn)


@pytest.mark.parametrize(
    ("inside", "box", "round"),
    [
        ('<clipPath id="c"><rect width="200" height="100"/></clipPath><g clip-path="url(#c)">PHOTO</g>', (40, 20, 80, 60), None),
        ('<mask id="c" style="mask-type:alpha"><circle cx="80" cy="50" r="20" fill="#D9D9D9"/></mask>'
         '<g mask="url(#c)">PHOTO</g>', (60, 30, 40, 40), math.inf),
        ('<clipPath id="c"><rect x="50" y="30" width="40" height="30" rx="4"/></clipPath>'
         '<g style="clip-path:url(#c)">PHOTO</g>', (50, 30, 40, 30), 3),
    ],
    ids=["frame", "mask", "rounded-box"],
)  # fmt: skip
def test_what_is_left_of_a_picture_that_is_cut_out_is_its_box(
    inside: str, box: tuple[float, ...], round: float | None
) -> None:
    image = f'<image id="photo" x="40" y="20" width="80" height="60" href="{picture()}"/>'
    design = read(inside.replace("PHOTO", image) + '<text y="9">{{ a }}</text>')
    photo = next(one for one in design.parts if isinstance(one, PicturePart))
    assert codes(design) == []
    assert (photo.box, photo.round) == (Rect(*(0.75 * edge for edge in box)), round)


@pytest.mark.parametrize(
    "entities",
    ['<!ENTITY a "b"><!ENTITY c "&a;&a;">', '<!ENTITY % a "b">', '<!ENTITY a SYSTEM "file:///etc/passwd">',
     '<!ENTITY a "<g/>">', f'<!ENTITY a "{"b" * 30_000}">'],
    ids=["of-entities", "of-the-document-type", "from-elsewhere", "markup", "long"],
)  # fmt: skip
def test_entities_that_are_more_than_words_are_refused(entities: str) -> None:
    with pytest.raises(InputError, match="entity"):
        read(f'<!DOCTYPE svg [{entities}]><svg {NAMES} viewBox="0 0 9 9"><text>{{{{ a }}}}{"&a;" * 1000}</text></svg>')


def test_inkscape() -> None:
    design = read(INKSCAPE)
    assert (design.width, design.height) == pytest.approx((105 * MM, 148 * MM))
    assert design.target == "print"
    assert kinds(design) == [
        (ArtworkPart, "artwork"), (TextPart, "headline"), (TextPart, "place"), (PicturePart, "photo"),
        (ArtworkPart, "artwork-2"),
    ]  # fmt: skip
    headline, flowed = texts(design)
    assert headline.text == "Good {{ sheet.time }},\n{{ sheet.first_name }}"
    assert (headline.align, headline.lines, headline.leading) == ("center", 2, pytest.approx(12.5 * MM))
    assert headline.box.x + headline.box.width / 2 == pytest.approx(52.5 * MM)
    assert baseline(headline) == pytest.approx(35 * MM)
    assert flowed.text == "A few words that flow in {{ sheet.place | upper }}"
    assert (flowed.box.x, flowed.box.width, flowed.leading) == pytest.approx((10 * MM, 60 * MM, 5 * MM))
    assert baseline(flowed) == pytest.approx(69 * MM)
    assert flowed.box.y + flowed.box.height == pytest.approx(95 * MM, abs=0.2)
    assert flowed.color == PaintNamed((0, 0, 0))


def test_figma() -> None:
    design = read(FIGMA)
    avatar, badge = (one for one in design.parts if isinstance(one, PicturePart))
    assert (avatar.id, avatar.box, avatar.round) == ("avatar", Rect(15, 15, 60, 60), 6)
    assert (badge.box, badge.round) == (Rect(232.5, 22.5, 45, 45), math.inf)
    title, more = texts(design)
    assert (title.text, columns(design)["sheet.title"]) == ("{{ sheet.title }}", "Spring is here")  # the line goes on
    assert (title.lines, title.type.weight, title.tracking) == (2, 600, pytest.approx(-0.02))
    assert (more.text, more.opacity) == ("Read more", pytest.approx(0.6))  # named by what it says: by the program
    assert design.files["designs/card/avatar.png"].startswith(b"\x89PNG")


def test_flowed_text_of_older_inkscapes() -> None:
    design = read(
        '<flowRoot id="flowRoot1" style="font-size:10px;text-align:end;text-anchor:end"><flowRegion><rect x="20" y="10" '
        'width="100" height="60"/></flowRegion><flowPara>{{ words }}</flowPara></flowRoot>'
    )
    text = only(design)
    assert (text.text, text.align) == ("{{ sheet.words }}", "right")
    assert (text.box.x, text.box.width) == pytest.approx((15, 75))


# --------------------------------------------------------------------------------------------------- names and wording


@pytest.mark.parametrize(
    ("said", "template", "read_columns"),
    [
        ("{{ title }}", "{{ sheet.title }}", {"sheet.title": "Title"}),
        ("{{title|upper}}!", "{{sheet.title|upper}}!", {"sheet.title": "Title"}),
        ("{{ product.name }}", "{{ product.name }}", {"product.name": "Name"}),
        ("{{ Erster Satz }}", "{{ sheet.erster_satz }}", {"sheet.erster_satz": "Erster Satz"}),
        ("{{ Größe }}", "{{ sheet.groe }}".replace("groe", "grosse"), {"sheet.grosse": "Größe"}),
        ("{{ a ~ ' a ' ~ b }}", "{{ sheet.a ~ ' a ' ~ sheet.b }}", {"sheet.a": "A", "sheet.b": "B"}),
        ("{{ brand.name }} {{ x }}", "{{ brand.name }} {{ sheet.x }}", {"sheet.x": "X"}),
    ],
)
def test_names_between_braces_are_columns(said: str, template: str, read_columns: dict[str, str]) -> None:
    design = read(f'<text x="9" y="20">{said}</text>')
    assert only(design).text == template
    assert columns(design) == read_columns


def test_braces_that_a_line_breaks_belong_together() -> None:
    design = read('<text><tspan x="0" y="9">{{ first</tspan><tspan x="0" y="19">name }}</tspan></text>')
    assert only(design).text == "{{ sheet.first_name }}"


def test_a_text_without_a_name_stays_what_it_says() -> None:
    design = read('<text x="9" y="20" id="text12">100 %} sure</text><text x="9" y="60" id="claim">Yes</text>')
    assert [one.text for one in texts(design)] == ['{{ "100 %} sure" }}', "{{ sheet.claim }}"]
    assert columns(design) == {"sheet.claim": "Yes"}


def test_illustrators_own_names_are_in_an_attribute_of_theirs() -> None:
    text = only(read('<text id="text-2" data-name="Erste Zeile" x="9" y="20">Yes</text>'))
    assert (text.id, text.text) == ("erste_zeile", "{{ sheet.erste_zeile }}")


def test_two_things_of_one_name_have_a_column_each() -> None:
    design = read('<text x="9" y="20" id="claim">Yes</text><text x="9" y="60" id="claim_1_">No</text>')
    assert list(columns(design).values()) == ["Yes", "No"]


def test_a_figure_that_is_named_between_braces_is_a_place_for_a_picture_and_a_named_code_a_code() -> None:
    design = read('<rect id="{{ photo }}" x="10" y="10" width="40" height="20"/><rect id="qr" width="20" height="20"/>')
    photo, code = design.parts
    assert isinstance(photo, PicturePart)
    assert isinstance(code, CodePart)
    assert (photo.box, code.box) == (Rect(7.5, 7.5, 30, 15), Rect(0, 0, 15, 15))
    assert columns(design)["sheet.photo"] == "designs/card/photo.svg"


# -------------------------------------------------------------------------------------------------------------- looks


@pytest.mark.parametrize(
    ("anchor", "align", "left"), [("start", "left", 37.5), ("middle", "center", None), ("end", "right", None)]
)
def test_anchors_are_alignments_about_the_same_point(anchor: str, align: str, left: float | None) -> None:
    text = only(read(f'<text x="50" y="50" font-size="10" text-anchor="{anchor}">{{{{ a }}}}</text>'))
    box = text.box
    at = {"left": box.x, "center": box.x + box.width / 2, "right": box.x + box.width}[text.align]
    assert (text.align, at) == (align, pytest.approx(37.5))


def test_a_line_without_a_box_has_room_up_to_its_neighbour() -> None:
    left, right = texts(
        read('<text x="20" y="50" font-size="10">{{ a }}</text><text x="120" y="52" font-size="10">{{ b }}</text>')
    )
    assert left.box.x + left.box.width < right.box.x
    assert right.box.x + right.box.width == pytest.approx(150 - 15)  # the margin on the left


def test_transforms_move_turn_and_enlarge() -> None:
    design = read('<g transform="translate(100 50) rotate(-90) scale(2)"><text x="0" y="0" font-size="10">{{ a }}</text></g>')
    text = only(design)
    assert (text.turn, text.sizes[1]) == (-90, pytest.approx(15))
    middle = text.box.x + text.box.width / 2, text.box.y + text.box.height / 2
    assert middle == pytest.approx((75 - 0.26 * 15, 37.5 - text.box.width / 2), abs=0.2)


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ('<text y="20">{{ a }} <tspan font-weight="bold">now</tspan></text>', "markup-left-out"),
        ('<text y="20" transform="skewX(20)">{{ a }}</text>', "not-upright"),
        ('<text y="20" transform="scale(2 1)">{{ a }}</text>', "not-upright"),
        ('<text y="20" fill="url(#g)">{{ a }}</text>', "color-not-read"),
        ('<text y="20">{{ a }}</text><text display="none" y="9">gone</text>', "field-left-out"),
        ('<text y="20">{{ a }}</text><text id="b"><textPath href="#p">bent</textPath></text>', "field-left-out"),
        ('<text y="20">{{ a }}</text><image id="photo" width="9" height="9" href="file.jpg"/>', "picture-not-embedded"),
        ('<text y="20">{{ a }}</text><image width="9" height="9" href="file.jpg"/>', "not-drawn"),
        (
            '<text y="20">{{ a }}</text><clipPath id="c"><path d="M0 0h9v9z"/></clipPath>'
            f'<image id="photo" clip-path="url(#c)" width="9" height="9" href="{picture()}"/>',
            "clip-left-out",
        ),
        ('<clipPath id="c"><circle r="9"/></clipPath><g clip-path="url(#c)"><text y="20">{{ a }}</text></g>', "effect-left-out"),
        ('<g style="mix-blend-mode:multiply"><text y="20">{{ a }}</text></g>', "effect-left-out"),
        ('<text y="20">{{ a }}</text><g filter="url(#f)"><text y="9">Blurred</text></g>', "text-in-artwork"),
        ('<text y="20">{{ a }}</text><rect width="9" height="9"/><foreignObject width="9" height="9"/>', "not-drawn"),
    ],
    ids=["mixed", "slanted", "stretched", "gradient", "hidden", "on-a-path", "linked", "linked-artwork", "cut", "text-cut", "text-mixed-in", "text-blurred", "html"],
)
def test_what_is_not_taken_over_is_told_with_what_to_do(inside: str, code: str) -> None:
    design = read(inside)
    assert codes(design) == [code]
    assert design.notes[0].hint


@pytest.mark.parametrize(
    ("around", "is_artwork"),
    [
        ('<clipPath id="c"><rect width="200" height="100"/></clipPath><g clip-path="url(#c)">', False),
        ('<mask id="c" fill="white"><rect width="200" height="100"/></mask><g mask="url(#c)">', False),
        ('<mask id="c"><rect width="200" height="100" fill="#888"/></mask><g mask="url(#c)">', True),
        ('<mask id="c"><rect width="200" height="100" fill="#fff" opacity=".5"/></mask><g mask="url(#c)">', True),
        ('<clipPath id="c"><rect y="4" width="50" height="4"/></clipPath><g clip-path="url(#c)">', True),
        ('<g opacity="0.4" style="mix-blend-mode:normal">', False),
    ],
    ids=["page", "white", "gray", "faint", "strip", "opacity"],
)
def test_a_text_is_a_layer_where_nothing_of_it_is_lost_by_that(around: str, is_artwork: bool) -> None:
    design = read(f'<text y="90">{{{{ a }}}}</text>{around}<text x="9" y="20" font-family="Inter">Cut words</text></g>')
    assert codes(design) == (["text-in-artwork"] if is_artwork else [])
    texts = [one.text for one in design.parts if isinstance(one, TextPart)]
    assert len(texts) == (1 if is_artwork else 2)
    drawn = [data for data in design.files.values() if b"Cut words" in data]
    assert len(drawn) == is_artwork
    assert all(b'style="font-family:Inter, FiraGO"' in data for data in drawn)


@pytest.mark.parametrize(
    ("said", "family"), [("'DejaVu Sans'", "DejaVu Sans"), ("MyriadPro-Bold", "Myriad Pro"), ("Inter", "Inter")]
)
def test_a_family_is_called_as_people_call_it(said: str, family: str) -> None:
    assert only(read(f'<text y="20" font-family="{said}">{{{{ a }}}}</text>')).type.family == family


def test_styles_go_before_attributes_and_classes_between() -> None:
    text = only(
        read(
            "<style>text{fill:#00FF00} .a{fill:#0000FF;font-size:20px}</style>"
            '<text class="a" fill="#FF0000" style="fill:#FF00FF" y="20">{{ a }}</text>'
        )
    )
    assert (text.color, text.sizes[1]) == (PaintNamed((1.0, 0.0, 1.0)), 15)


# ------------------------------------------------------------------------------------------------------------ artwork


def test_artwork_keeps_its_order_below_between_and_above_texts() -> None:
    design = read(
        '<defs><linearGradient id="g"><stop stop-color="red"/></linearGradient></defs>'
        '<g opacity="0.5"><rect id="r" width="9" height="9" fill="url(#g)"/><text y="20">{{ a }}</text>'
        '<circle id="c" r="4"/></g><path d="M0 0h1v1z" inkscape:label="x"/>'
    )
    assert [type(one) for one in design.parts] == [ArtworkPart, TextPart, ArtworkPart]
    below, above = (ElementTree.fromstring(design.files[f"designs/card/artwork{at}.svg"]) for at in ("", "-2"))
    assert [one.tag.rpartition("}")[2] for one in below.iter()] == [
        "svg", "defs", "linearGradient", "stop", "g", "rect",
    ]  # fmt: skip
    assert [one.tag.rpartition("}")[2] for one in above.iter()][4:] == ["g", "circle", "path"]
    assert (above.get("width"), above.get("height"), above.get("viewBox")) == ("150.0000pt", "75.0000pt", "0 0 200 100")
    assert only(design).opacity == 0.5
    assert "inkscape" not in design.files["designs/card/artwork-2.svg"].decode()


# ----------------------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("svg", "code"),
    [
        ("<svg", "broken-design"),
        (f"<svg {NAMES}/>", "broken-design"),
        (f'<svg {NAMES} viewBox="0 0 9 9"><!DOCTYPE x></svg>', "broken-design"),
        (f'<svg {NAMES} viewBox="0 0 9 9"><text y="5" id="text1">No name</text><path id="path3"/></svg>', "unnamed-design"),
        (f'<svg {NAMES} viewBox="0 0 9 9"/>', "unnamed-design"),
        (f'<svg {NAMES} viewBox="0 0 9 9"><text y="5">{{{{ title | uper }}}}</text></svg>', "unreadable-template"),
        (f'<svg {NAMES} viewBox="0 0 9 9"><text y="5">{{{{ title ~ }}}}</text></svg>', "unreadable-template"),
    ],
    ids=["cut-short", "no-size", "not-well-formed", "no-names", "empty", "no-filter", "unfinished"],
)
def test_what_cannot_be_imported_is_one_line_with_a_hint(svg: str, code: str) -> None:
    with pytest.raises(InputError) as refused:
        read(svg)
    [finding] = refused.value.findings
    assert finding.code == code
    assert finding.hint
    assert "\n" not in str(finding)
