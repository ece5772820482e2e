"""A logo in marked-up text: on the baseline, as high as the capitals or a factor of them, live, chosen by its ground."""

from __future__ import annotations

import io

import pikepdf
import pytest
from rendering_kit import Press, read_layout, set_text

from pressrun.language.markup import MarkupFault, pieces
from pressrun.model.geometry import Rect
from pressrun.model.sheet import GroupMark, LogoMark, Sheet, TextMark

PAGE = """
page: {{trim: 300pt x 200pt}}
target: {target}
formats: [{format}]
layers:
  - {{type: text, id: t, text: x, markup: true, size: 20pt, box: {{width: 200pt, height: 150pt}}{options}}}
"""
CAPITALS = 0.689  # of FiraGO, in em (its OS/2 table)


def layout(options: str = "", target: str = "screen", format: str = "png") -> str:
    lines = "" if "lines: " in options else ", lines: 5"
    return PAGE.format(options=lines + (f", {options}" if options else ""), target=target, format=format)


def composed(press: Press, text: str, options: str = "", locale: str = "en-GB") -> Sheet:
    sheet, findings = press.compose(read_layout(layout(options)), layers={"t": {"text": text}}, locale=locale)
    assert findings == []
    return sheet


def parts(sheet: Sheet) -> tuple[TextMark, list[LogoMark]]:
    (group,) = sheet.marks
    assert isinstance(group, GroupMark)
    text, *logos = group.marks
    assert isinstance(text, TextMark)
    return text, [one for one in logos if isinstance(one, LogoMark)]


def logos(press: Press, text: str, options: str = "", locale: str = "en-GB") -> list[Rect]:
    return [logo.rect for logo in parts(composed(press, text, options, locale))[1]]


@pytest.mark.parametrize(
    ("written", "height"),
    [("<logo default/>", 1), ("<logo default 1.5/>", 1.5), ("<logo default 150%>", 1.5),
     ("<size 0.5><logo default 2/></size>", 1), ("<role headline><logo default/></role>", 1)],
)  # fmt: skip
def test_it_stands_on_the_baseline_as_high_as_capitals(press: Press, written: str, height: float) -> None:
    text, (logo,) = parts(composed(press, f"At {written} now"))
    assert text.fit
    assert logo.rect.height == pytest.approx(height * CAPITALS * 20, rel=0.01)
    assert logo.rect.width == pytest.approx(logo.rect.height * 2, rel=0.01)  # as the brand's is
    line = text.fit.column.y + max(text.fit.edges[0] * 20, logo.rect.height)
    assert logo.rect.bottom == pytest.approx(line, abs=0.05)


def test_words_stand_around_it(press: Press) -> None:
    (logo,) = logos(press, "HH<logo default/>HH")
    sheet = composed(press, "HH<logo default/>HH")
    bare = composed(press, "HHHH")
    (text,) = bare.marks
    assert isinstance(text, TextMark)
    assert text.fit
    with_logo = parts(sheet)[0].fit
    assert with_logo
    assert with_logo.extent.width == pytest.approx(text.fit.extent.width + logo.width, abs=0.01)
    assert logo.x == pytest.approx(text.fit.extent.width / 2, abs=0.3)


@pytest.mark.parametrize(
    "options", ["align: center", "align: end", "justify: true", "list: bullets", "anchor: bottom", "balance: false"]
)
def test_no_word_lies_over_it(press: Press, options: str) -> None:
    text = "Nur bei <logo default/> von Montag an, und dann noch einmal bei <logo default 1.2/> am Ende"
    made = press.render(read_layout(layout(options)), layers={"t": {"text": text}}, locale="de-DE").picture("png")
    group = press.compose(read_layout(layout(options)), layers={"t": {"text": text}}, locale="de-DE")[0].marks[0]
    assert isinstance(group, GroupMark)
    scale = made.width / 300
    for mark in group.marks:
        if isinstance(mark, LogoMark):
            box = mark.rect
            around = made.crop((round((box.x - 1.5) * scale), round(box.y * scale), round(box.right * scale) + 2, round(box.bottom * scale)))
            colors = {color for _, color in around.getcolors(99999) or () if min(color) < 60 and max(color) - min(color) < 12}
            assert colors == set()  # of the ink of the words


def test_from_the_right_it_stands_to_the_left_of_the_words_before_it(press: Press) -> None:
    (logo,) = logos(press, "قهوة <logo default/> الآن", "mirror: false", "ar-AE")
    ink = set_text(press, composed(press, "قهوة", "mirror: false", "ar-AE"))["t"].ink
    assert ink
    assert logo.right < ink.x
    assert logo.x > 100


def test_what_is_cut_off_is_not_there(press: Press) -> None:
    text = "One <logo default/> and many more words than there is room for, then <logo default/>"
    assert len(logos(press, text, "overflow: ellipsis, lines: 1")) == 1
    assert len(logos(press, text)) == 2


def test_it_is_live_in_the_press_file(press: Press) -> None:
    made = press.render(read_layout(layout("", "print", "press-pdf")), layers={"t": {"text": "At <logo default/> now"}})
    with pikepdf.open(io.BytesIO(made.files["press-pdf"])) as pdf:
        objects = [one for one in pdf.objects if isinstance(one, pikepdf.Stream)]
        assert not [one for one in objects if one.get("/Subtype") == "/Image"]


def test_of_several_versions_the_one_that_stands_out_is_taken(press: Press) -> None:
    dark = "layers:\n  - {type: shape, shape: rect, fill: forest}\n"
    text = layout("color: paper").replace("layers:\n", dark)
    for under, chosen in ((text, "reversed"), (layout(), "default")):
        made = press.render(read_layout(under), layers={"t": {"text": "<logo default, reversed/>"}})
        assert made.choices == {"t/1": chosen}


@pytest.mark.parametrize(
    ("text", "code"),
    [("<logo/>", "unknown-markup"), ("<b/>", "unknown-markup"), ("</logo>", "unclosed-markup"), ("<logo 2/>", "unknown-markup"),
     ("<tab 3/>", "unknown-markup")],
)  # fmt: skip
def test_what_cannot_be_read_is_told(text: str, code: str) -> None:
    with pytest.raises(MarkupFault) as caught:
        pieces(text)
    assert caught.value.code == code


def test_a_logo_that_there_is_not_is_told(press: Press) -> None:
    _, findings = press.compose(read_layout(layout()), layers={"t": {"text": "<logo defualt/>"}})
    assert [finding.code for finding in findings] == ["unknown-logo"]
    assert list(read_layout(layout().replace("text: x", "text: '<logo default reversed 1.2/>'")).layers[0].references())[-1].name == "reversed"
