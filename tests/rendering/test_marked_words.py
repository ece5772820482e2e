"""Marked words are set in their own type, ink and size; the fit by sums is what Typst makes of them; checks see each."""

from __future__ import annotations

import random
import re
from io import BytesIO

import pikepdf
import pytest
from msgspec.structs import replace
from pikepdf import Stream
from rendering_kit import Press, brand, read_layout, set_text
from test_reckoned_fit import BETWEEN, WORDS, agrees, mark_of

from pressrun.graphics.typefaces.font_cuts import all_roles
from pressrun.language.markup import marked_roles
from pressrun.model.sheet import Sheet, TextMark
from pressrun.typeset import typeset

OPENING = ["<b>", "<i>", "<u>", "<s>", "<sup>", "<sub>", "<sc>", "<nb>", "<color flame>", "<role label>",
           "<role price>", "<size 0.6>", "<size 1.7>"]  # fmt: skip
PAGE = """
page: {{trim: 300pt x 100pt}}
target: {target}
formats: [{format}]
ground: {ground}
layers:
  - {{type: text, id: t, markup: true, text: "{text}", role: body, size: {size}pt, lines: 2, box: {{height: 60pt}}}}
"""


def sheet_of(text: str, size: float = 20, target: str = "screen", format: str = "png", ground: str = "paper") -> str:
    return PAGE.format(text=text, size=size, target=target, format=format, ground=ground)


def marked_up(chance: random.Random, words: list[str]) -> str:
    """Some words in any markup, one kind in the other, some of it within a word."""
    said, opened = [], []

    def opening() -> str:
        opened.append(chance.choice(OPENING))
        return opened[-1]

    def closing() -> str:
        return f"</{opened.pop()[1:-1].split()[0]}>"

    for _ in range(chance.choice([2, 4, 8, 14])):
        while chance.random() < 0.3:
            said.append(opening())
        word = chance.choice(words)
        if chance.random() < 0.25 and len(word) > 2:
            at = chance.randrange(1, len(word))
            word = f"{word[:at]}{opening()}{word[at:]}{closing()}"
        said += [word, chance.choice(BETWEEN)]
        while opened and chance.random() < 0.5:
            said.append(closing())
    return "".join(said) + "".join(closing() for _ in range(len(opened)))


@pytest.mark.parametrize("locale", ["en-GB", "de-DE", "el-GR", "vi-VN", "bg-BG", "he-IL", "ar-AE", "hi-IN"])
def test_marked_words_are_fitted_as_they_are_set(press: Press, locale: str) -> None:
    """Reckoned as Typst measures them, where sums tell; and set as they were fitted, which the sheet itself compares."""
    chance = random.Random(locale)
    reckoned = 0
    for _ in range(12):
        text = marked_up(chance, WORDS[locale].split(" "))
        options = (
            f"markup: true, align: {chance.choice(['start', 'center', 'end'])}, lines: {chance.randint(1, 9)}, "
            f"size: [{chance.choice([6, 9])}pt, {chance.choice([10, 20, 60.1])}pt], "
            f"role: {chance.choice(['headline', 'body', 'label'])}, tracking: {chance.choice([-0.03, 0, 0.3])}, "
            f"overflow: {chance.choice(['error', 'ellipsis'])}, balance: {chance.choice(['true', 'false'])}"
        )
        box = chance.choice([20, 45, 90, 160, 250, 431.7]), chance.choice([12, 30, 60, 140, 300])
        mark = mark_of(press, text, *box, options, locale)
        reckoned += agrees(press.bench.fitter, mark)
        sheet, _ = press.compose(sheet_of("x"))
        typeset([replace(sheet, marks=(mark,))], press.bench)
    assert reckoned >= 2


def test_what_is_cut_keeps_its_type(press: Press) -> None:
    mark = mark_of(press, "A <b>very long</b> line that is cut", 50, 20, "markup: true, size: 14pt, overflow: ellipsis")
    assert mark.fit
    assert [(span.text, span.weight) for span in mark.runs] == [
        ("A ", 400), ("very long", 700), (" line that is cut", 400)
    ]  # fmt: skip
    assert [(span.text, getattr(span, "weight", None)) for span in mark.fit.spans] == [("A ", 400), ("very…", 700)]


@pytest.mark.parametrize(("price", "locale"), [("٢٤٫٠٠", "ar-EG"), ("۲۴٫۰۰", "fa-IR")])
def test_a_line_through_a_price_hides_no_zeros(press: Press, price: str, locale: str) -> None:
    def composed(text: str) -> Sheet:
        return press.compose(sheet_of(text), layers={"t": {"text": text}}, locale=locale)[0]

    (mark,) = composed(f"<s>{price}</s>").marks
    assert isinstance(mark, TextMark)
    assert mark.fit
    [line] = mark.runs[0].lines
    zero = set_text(press, composed(price[-1]))["t"].ink
    baseline = mark.fit.column.y + mark.fit.edges[0] * mark.fit.size
    assert zero
    assert baseline - (line.above - line.thickness / 2) * mark.fit.size < zero.y


@pytest.mark.parametrize("text", ["<b></b>", "<color flame><i></i></color>"])
def test_tags_without_words_between_them_are_no_words(press: Press, text: str) -> None:
    sheet, _ = press.compose(sheet_of("<b>a</b>"), layers={"t": {"text": text}})
    assert not sheet.marks


def test_words_that_stand_alike_are_one_run(press: Press) -> None:
    mark = mark_of(press, "<b>a</b><b>b</b> <i><b>c</b></i>", 200, 20, "markup: true, size: 14pt")
    assert [run.text for run in mark.runs] == ["ab", " ", "c"]


def test_italic_in_italic_stands_upright_and_bold_in_bold_is_black(press: Press) -> None:
    role = brand().typography["headline"].model_copy(update={"style": "italic"})
    assert (role.marked(bold=True, italic=True).weight, role.marked(bold=False, italic=True).style) == (900, "normal")


def test_fonts_are_cut_for_the_weights_and_styles_that_marked_words_have() -> None:
    (layer,) = read_layout(sheet_of("<b>a</b> <i>b</i> <role headline>c</role>")).layers
    asked = set(marked_roles(layer, brand().typography))
    assert {(one.role, one.bold, one.italic) for one in asked} == {
        (role, bold, italic) for role in ("body", "headline") for bold, italic in ((True, False), (False, True), (True, True))
    }  # fmt: skip
    plain = {(role.family, role.weight, role.style) for role in all_roles(brand())}
    more = {(role.family, role.weight, role.style) for role in all_roles(brand().with_marked(asked))}
    assert more - plain == {
        ("FiraGO", 900, "normal"), ("FiraGO", 400, "italic"), ("FiraGO", 700, "italic"), ("FiraGO", 900, "italic")
    }  # fmt: skip
    (unmarked,) = read_layout(sheet_of("<b>a</b>").replace("markup: true, ", "")).layers
    assert not list(marked_roles(unmarked, brand().typography))


def test_fonts_are_cut_for_what_a_table_marks_itself_where_it_stands() -> None:
    table = "{type: table, rows: rows, size: 9pt, markup: true, header: {role: label}, group: {by: '1', heading: '<b>h</b>'"
    table += ", heading_look: {role: price}}, columns: [{header: '<i>h</i>', text: '<role headline><b>c</b></role>'}]}"
    (layer,) = read_layout(sheet_of("a").split("layers:")[0] + "layers:\n  - " + table).layers
    assert {(one.role, one.bold, one.italic) for one in marked_roles(layer, brand().typography)} == {
        ("body", True, False), ("headline", True, False), ("price", True, False), ("label", False, True)
    }  # fmt: skip


def test_a_text_without_tags_is_one_of_one_type(press: Press) -> None:
    marked = mark_of(press, "Fish &amp; chips", 200, 20, "markup: true, size: 14pt")
    plain = mark_of(press, "Fish & chips", 200, 20, "size: 14pt")
    assert marked == plain
    assert not marked.runs


@pytest.mark.parametrize(("text", "shown"), [("a <nb>b c-d</nb>", "a b\u00a0c-\u2060d"), ("<nb>กา</nb>", "กา")])
def test_what_no_line_ends_within(press: Press, text: str, shown: str) -> None:
    mark = mark_of(press, text, 200, 20, "markup: true, size: 14pt")
    assert mark.text.replace("\u2060", "") == shown.replace("\u2060", "")
    if "c-" in text:
        assert mark.text == shown
        narrow = mark_of(press, text, 22, 60, "markup: true, size: 10pt, lines: 3")
        assert narrow.fit
        assert narrow.fit.overflow


def test_markup_that_came_by_another_way_is_told(press: Press) -> None:
    _, findings = press.compose(sheet_of("x"), layers={"t": {"text": "<b>a"}})
    assert [(one.code, one.layer) for one in findings] == [("unclosed-markup", "t")]


def test_a_colour_that_only_the_row_names_is_looked_for(press: Press) -> None:
    _, findings = press.compose(sheet_of("x"), layers={"t": {"text": "<color flam>a</color>"}})
    assert [(one.code, one.layer, one.hint) for one in findings] == [
        ("unknown-color", "t", "did you mean 'flame'?")
    ]  # fmt: skip
    _, findings = press.compose(sheet_of("x"), layers={"t": {"text": "<role boddy>a</role>"}})
    assert [one.code for one in findings] == ["unknown-role"]


# --------------------------------------------------------------------------------------------------------------- checks


def test_each_ink_is_held_against_the_ground(press: Press) -> None:
    """Ink reads well on paper; the words in paper do not."""
    seen = press.render(sheet_of("plain <color forest>green</color>"))
    assert seen.codes == []
    lost = press.render(sheet_of("plain <color paper>white</color>"))
    assert lost.codes == ["low-contrast"]
    assert "paper" in lost.facts["findings"][0]["message"]


def test_small_words_need_more_contrast_than_large_ones(press: Press) -> None:
    assert press.render(sheet_of("<color flame>flame</color>", size=30)).codes == []
    assert press.render(sheet_of("<color flame><size 0.4>flame</size></color>", size=30)).codes == ["low-contrast"]


def test_letters_that_a_run_lacks_are_told(press: Press) -> None:
    assert press.render(sheet_of("plain <b>\U00013000</b>")).codes == ["missing-glyph"]


def test_small_words_in_several_inks_are_told(press: Press) -> None:
    layout = sheet_of("plain <size 0.5><color forest>green</color></size>", 20, "print", "proof-png")
    assert "small-in-several-inks" in press.render(layout).codes
    assert "small-in-several-inks" not in press.render(layout.replace("<size 0.5>", "").replace("</size>", "")).codes


def test_small_capitals_are_the_fonts_own_or_told_of(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    own = mark_of(press, "<sc>Anno</sc>", 200, 20, "markup: true, size: 14pt")
    assert [(run.text, run.features) for run in own.runs] == [("Anno", ("smcp",))]
    monkeypatch.setattr(press.bench.faces, "_features", {})
    imitated = press.render(sheet_of("<sc>Anno 1924</sc>"))
    assert imitated.codes == ["imitated-small-capitals"]
    mark = mark_of(press, "<sc>Anno</sc>", 200, 20, "markup: true, size: 14pt")
    assert [(run.text, round(run.scale, 2), run.imitates) for run in mark.runs] == [
        ("A", 1.0, False), ("NNO", 0.76, True)
    ]  # fmt: skip


# ---------------------------------------------------------------------------------------------------------------- files


def test_the_manifest_names_the_inks_of_marked_words(press: Press) -> None:
    text = press.render(sheet_of("plain <color forest>green</color> <color ink>black</color>")).text["t"]
    assert (text["text"], text["inks"]) == ("plain green black", ("forest", "ink"))
    assert "inks" not in press.render(sheet_of("plain")).text["t"]


def test_marked_words_are_printed_in_their_own_inks(press: Press) -> None:
    layout = sheet_of("plain <color flame>flame <u>under</u></color>", 20, "print", "press-pdf")
    with pikepdf.open(BytesIO(press.render(layout).files["press-pdf"])) as pdf:
        content = b"".join(one.read_bytes() for one in pdf.objects if isinstance(one, Stream) and one.get("/BBox"))
    painted = {match[1].strip() for match in re.finditer(rb"((?:[\d.]+ ){4})[kK](?![A-Za-z])", content)}
    assert {b"0 0 0 1", b"0 0.79 0.88 0.02"} <= painted
    assert re.search(rb"0 0.79 0.88 0.02 K", content), "the line under a word is a stroke"


def test_a_mark_knows_where_its_inks_are_smallest(press: Press) -> None:
    (mark,) = press.compose(read_layout(sheet_of("a <color flame>b<sup>c</sup></color>")))[0].marks
    assert isinstance(mark, TextMark)
    assert {ink.name: round(scale, 2) for ink, scale in mark.inks_set.items()} == {"ink": 1.0, "flame": 0.6}
