"""Paragraph styles, of a role or of a layer: measured by Typst where only it can, and set as they were fitted."""

from __future__ import annotations

import pypdfium2 as pdfium
import pytest
from pydantic import ValidationError
from rendering_kit import Press, SetText, read_layout, set_text
from test_reckoned_fit import agrees, mark_of

from pressrun.layers.text.words import cased
from pressrun.model.brand import Brand, Role
from pressrun.model.spans import Measure, Paragraphs

PROSE = (
    "Gesellschaftsvertrag und Donaudampfschifffahrt sind lange Wörter, die in schmalen Spalten Löcher machen.\n"
    "Ein zweiter Absatz beginnt hier und läuft über mehrere Zeilen weiter."
)
ONE = (
    "page: {{trim: 400pt x 400pt}}\ntarget: screen\nformats: [png]\nlayers: [{{type: text, id: t, text: x, {options}}}]"
)


def set_one(press: Press, text: str, options: str, locale: str = "de-DE") -> SetText:
    layout = ONE.format(options=f"size: 10pt, lines: 40, box: {{x: 50pt, width: 150pt, height: 350pt}}, {options}")
    sheet, _ = press.compose(read_layout(layout), layers={"t": {"text": text}}, locale=locale)
    return set_text(press, sheet)["t"]


def ink_of(press: Press, text: str, options: str) -> tuple[float, float, float, float]:
    ink = set_one(press, text, options).ink
    assert ink
    return ink.x, ink.right, ink.y, ink.bottom


# ------------------------------------------------------------------------------------------------- what is only lines


@pytest.mark.parametrize(
    "options",
    [
        "features: [tabular, old-style]", "features: [ordinals, slashed-zero, set-1]", "leading: 14pt",
        "leading: 150%, features: [no-ligatures]", "tracking: 0.1", "leading: 9pt, features: [ordinals], markup: true",
    ],
)  # fmt: skip
def test_features_and_leading_are_reckoned(press: Press, options: str) -> None:
    text = "<b>office</b> 0123 12 <i>fjord</i>" if "markup" in options else "office fjord 0123 12 11.11 1st"
    assert agrees(press.bench.fitter, mark_of(press, text, 60, 80, f"size: [6pt, 20pt], lines: 4, {options}"))


def test_a_leading_is_a_factor_or_a_length(press: Press) -> None:
    def leading(said: str) -> float:
        mark = mark_of(press, "one two three", 20, 200, f"size: 10pt, lines: 9, leading: {said}")
        assert mark.fit
        return (mark.fit.extent.height - sum(mark.fit.edges) * 10) / (mark.fit.lines - 1)

    assert [round(leading(said), 3) for said in ("1.5", "150%", "15pt", "20px")] == [15, 15, 15, 15]


@pytest.mark.parametrize(
    ("side", "sides"),
    [
        ("start", ("left", "right")),
        ("end", ("right", "left")),
        ("left", ("left", "left")),
        ("right", ("right", "right")),
    ],
)
def test_left_and_right_are_the_same_side_in_all_languages(press: Press, side: str, sides: tuple[str, str]) -> None:
    for (text, locale), expected in zip((("Ada", "en-GB"), ("آدا", "ar-EG")), sides, strict=True):
        ink = set_one(press, text, f"align: {side}, mirror: false", locale).ink
        assert ink
        assert (ink.x < 53, ink.right > 197) == (expected == "left", expected == "right")


def test_space_between_letters_parts_ligatures(press: Press) -> None:
    spaced = mark_of(press, "office", 200, 30, "size: 10pt, tracking: 0.1")
    assert spaced.features == ("-liga", "-clig")
    assert mark_of(press, "office", 200, 30, "size: 10pt, tracking: -0.01").features == ()
    assert mark_of(press, "قهوة", 200, 30, "size: 10pt, tracking: 0.1", "ar-AE").features == ()
    (run,) = mark_of(press, "<b>office</b>", 200, 30, "size: 10pt, tracking: 0.1, markup: true").runs
    assert run.features == ("-liga", "-clig")


def test_figures_of_one_width(press: Press) -> None:
    def width(figures: str, feature: str) -> float:
        mark = mark_of(press, figures, 200, 30, f"size: 10pt, features: [{feature}]")
        assert mark.fit
        return mark.fit.extent.width

    assert width("111", "tabular") == width("888", "tabular")
    assert width("111", "proportional") < width("888", "proportional")


# ------------------------------------------------------------------------------------------------ what Typst measures


@pytest.mark.parametrize("more", ["", ", markup: true", ", list: bullets", ", tabs: [{at: 100pt}]"])
@pytest.mark.parametrize(("text", "small"), [
    ("350 ml, 1/2 cup and 3/4", ["1/2", "3/4"]), ("1/2", ["1/2"]), ("Open 24/12/2026, 1.1/2, w/2, 2026/1234", []),
    ("٣/٤ كوب ٣٥٠", ["٣/٤"]),
])  # fmt: skip
def test_only_fractions_are_set_as_fractions(press: Press, text: str, small: list[str], more: str) -> None:
    mark = mark_of(press, text, 300, 80, f"size: 20pt, lines: 4, features: [fractions, slashed-zero]{more}")
    assert mark.text == text
    assert [run.text for run in mark.runs if "frac" in run.features] == small
    assert "frac" not in mark.features
    assert all("zero" in run.features for run in mark.runs)


def test_figures_beside_a_fraction_are_as_large_as_others(press: Press) -> None:
    other = ink_of(press, "350 x 1/2", "markup: true")
    fraction = ink_of(press, "350 x 1/2", "features: [fractions]")
    alone = ink_of(press, "350", "features: [fractions]")
    assert alone == ink_of(press, "350", "align: start")
    assert fraction[0] == other[0]
    assert fraction[1] < other[1]


def test_words_are_parted_in_prose_and_never_in_headlines(press: Press) -> None:
    whole, parted = (
        mark_of(press, PROSE, 80, 350, f"size: 10pt, lines: 40, hyphenate: {said}", "de-DE")
        for said in ("false", "true")
    )
    assert whole.fit
    assert parted.fit
    assert parted.fit.lines < whole.fit.lines
    headline = mark_of(press, PROSE, 150, 350, "size: 10pt, lines: 6, hyphenate: true", "de-DE")
    assert headline.paragraphs is None


@pytest.mark.parametrize("more", ["", ", keep_words: true", ", justify: true"])
def test_the_last_word_of_a_paragraph_is_never_parted(press: Press, more: str) -> None:
    text = "Und nun folgt der Reihe nach in ganzer Breite ein Donaudampfschiff"
    for width in range(100, 200, 7):
        told = f"size: 10pt, lines: 40, hyphenate: true{more}"
        layout = ONE.format(options=f"box: {{width: {width}pt, height: 350pt}}, {told}")
        made = press.render(read_layout(layout.replace("screen", "print").replace("png", "press-pdf")),
                            layers={"t": {"text": text}}, locale="de-DE")  # fmt: skip
        said = pdfium.PdfDocument(made.files["press-pdf"])[0].get_textpage().get_text_range()
        assert "Donaudampfschiff" in said


def test_justified_lines_reach_both_edges(press: Press) -> None:
    left, right, *_ = ink_of(press, PROSE, "justify: true")
    assert 148.5 < right - left < 150.5
    left, right, *_ = ink_of(press, PROSE, "justify: false, balance: false")
    assert right - left < 148


def test_punctuation_hangs_into_the_margin_of_justified_lines(press: Press) -> None:
    _, straight, *_ = ink_of(press, PROSE, "justify: true, hyphenate: true")
    _, hung, *_ = ink_of(press, PROSE, "justify: true, hyphenate: true, optical_margin: true")
    assert hung > straight + 0.5
    assert mark_of(press, "a.", 100, 50, "size: 10pt, optical_margin: true, align: center").paragraphs is None


@pytest.mark.parametrize("options", ["", "justify: true, ", "hyphenate: true, "])
def test_a_quotation_mark_that_begins_a_paragraph_hangs_before_its_edge(press: Press, options: str) -> None:
    """Its words begin where they would without it."""
    _, without, *_ = ink_of(press, "HHHHH", options.removesuffix(", "))
    _, straight, *_ = ink_of(press, "“HHHHH", options.removesuffix(", "))
    _, hung, *_ = ink_of(press, "“HHHHH", f"{options}optical_margin: true")
    assert straight > without + 2
    assert hung == pytest.approx(without, abs=0.5)


HANGING = [("“", 1.0), ("„", 1.0), ("»", 1.0), ("«", 1.0), ("(", 0.3), ("-", 0.55), ("–", 0.2)]


@pytest.mark.parametrize(("sign", "share"), HANGING)
@pytest.mark.parametrize("options", ["", "justify: true, ", "markup: true, "])
def test_marks_that_begin_a_line_hang_before_its_edge(press: Press, sign: str, share: float, options: str) -> None:
    """Whichever line it is; those among its words stand where they stood."""
    wide = ink_of(press, f"H {sign}H", "balance: false")
    among, narrow = f"H {sign}H", f"HHHHHHHHHHHHHHHHH {sign}HHHHHHHH"
    assert ink_of(press, among, f"{options}optical_margin: true, balance: false") == pytest.approx(wide, abs=0.02)
    mark_alone = ink_of(press, sign, "balance: false")
    edge, *_ = ink_of(press, "H", "balance: false")
    hung, *_ = ink_of(press, narrow, f"{options}optical_margin: true, balance: false")
    straight, *_ = ink_of(press, narrow.replace(" ", "\n"), f"{options}balance: false")
    assert straight == pytest.approx(min(edge, mark_alone[0]), abs=0.4)
    assert straight - hung > 0.5 * share
    assert straight - hung < (mark_alone[1] - mark_alone[0] + 4) * share


def test_marks_hang_on_the_right_where_writing_begins_there(press: Press) -> None:
    text = "قهوة الربيع الطازجة من المزارع «الصغيرة» كل صباح في المدينة «القديمة» مع الأصدقاء «والجيران»"
    straight, hung = (
        set_one(press, text, f"balance: false, optical_margin: {on}", "ar-AE").ink for on in ("false", "true")
    )
    assert straight
    assert hung
    assert hung.right > straight.right + 2


def test_a_text_whose_marks_hang_is_read_as_it_was_written(press: Press) -> None:
    said = "He said to us “roasted” and then again “slowly roasted” or “never” (perhaps) “coffee”"
    page = ONE.format(options="size: 10pt, lines: 40, box: {width: 90pt, height: 350pt}, optical_margin: true")
    page = page.replace("screen", "print").replace("[png]", "[press-pdf]").replace("400pt}", "400pt, bleed: 3mm}", 1)
    made = press.render(page, layers={"t": {"text": said}})
    with pdfium.PdfDocument(made.files["press-pdf"]) as pdf:
        assert " ".join(pdf[0].get_textpage().get_text_range().split()) == said


def test_punctuation_hangs_at_the_ends_of_lines_that_end_at_the_margin(press: Press) -> None:
    _, straight, *_ = ink_of(press, "Short lines, at the right edge,\nwhich end.", "align: end")
    _, hung, *_ = ink_of(press, "Short lines, at the right edge,\nwhich end.", "align: end, optical_margin: true")
    assert hung > straight + 0.5


def test_lines_with_hanging_marks_are_balanced_as_others(press: Press) -> None:
    said = "We open every single morning with this cup, and we close with it"
    plain, hung = (set_one(press, said, options) for options in ("size: 10pt", "size: 10pt, optical_margin: true"))
    assert hung.fact.rect.width == pytest.approx(plain.fact.rect.width, abs=0.5)


def test_room_between_paragraphs_and_none_for_empty_lines(press: Press) -> None:
    two, spaced = (set_one(press, "a\nb", options) for options in ("first_line: 1pt", "paragraph_space: 80%"))
    assert spaced.fact.rect.height - two.fact.rect.height == pytest.approx(8, abs=0.01)
    apart = set_one(press, "a\n\n \nb", "paragraph_space: 80%")
    assert apart.fact.rect.height == pytest.approx(spaced.fact.rect.height, abs=0.01)
    assert (apart.fact.lines, spaced.fact.lines) == (2, 2)


def test_indents(press: Press) -> None:
    first, *_ = ink_of(press, "mmmm", "first_line: 20pt")
    assert first == pytest.approx(70, abs=1.5)
    hung, *_ = ink_of(press, "m " * 40, "hanging: 150%")
    assert hung == pytest.approx(50, abs=1.5)
    mark = mark_of(press, "m", 100, 50, "size: 10pt, hanging: 150%, first_line: 3mm")
    assert mark.paragraphs
    assert (mark.paragraphs.hanging, mark.paragraphs.first_line.em) == (Measure(em=1.5), 0)


@pytest.mark.parametrize(
    ("kind", "locale", "markers"),
    [("bullets", "de-DE", ("•", "•")), ("numbers", "de-DE", ("1.", "2.")), ("numbers", "ar-EG", ("١.", "٢."))],
)
def test_lists(press: Press, kind: str, locale: str, markers: tuple[str, ...]) -> None:
    mark = mark_of(press, "one\n\ntwo", 100, 50, f"size: 10pt, list: {kind}, lines: 9", locale)
    assert mark.paragraphs
    assert mark.paragraphs.markers == markers
    assert mark.paragraphs.hanging.em > 0.5
    assert mark.fit
    assert mark.fit.lines == 2


def test_paragraphs_are_as_large_as_fits_and_are_cut(press: Press) -> None:
    options = "size: [6pt, 30pt], lines: 40, list: bullets, hyphenate: true, markup: true, overflow: ellipsis"
    fitted = mark_of(press, f"<b>One</b> {PROSE}", 250, 120, options, "de-DE")
    assert fitted.fit
    assert 6 < fitted.fit.size < 30
    assert not fitted.fit.overflow
    cut = mark_of(press, f"<b>One</b> {PROSE}", 60, 40, options, "de-DE")
    assert cut.fit
    assert cut.fit.shortened
    assert cut.fit.spans[-1].text.endswith("…")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("one two three", "one two~three"), ("v Praze je zima", "v~Praze je~zima"), ("one two\nthree four", "one~two\nthree~four"),
        ("word", "word"), ("Donaudampfschifffahrt Gesellschaft", "Donaudampfschifffahrt Gesellschaft"),
        ("<b>one</b> two <i>three</i>", "one two~three"), ("ab I am", "ab I~am"),
    ],
)  # fmt: skip
def test_no_word_is_left_alone(press: Press, text: str, kept: str) -> None:
    mark = mark_of(press, text, 200, 60, "size: 10pt, lines: 3, keep_words: true, markup: true")
    assert mark.text.replace("\u00a0", "~") == kept
    assert mark_of(press, text, 200, 60, "size: 10pt, lines: 3, markup: true").text == kept.replace("~", " ")


# --------------------------------------------------------------------------------------------------------------- styles


def test_a_layer_has_the_style_of_its_role_unless_it_says_otherwise(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = Role.model_validate({"features": ["tabular"], "justify": True, "list": "bullets", "leading": "12pt"})
    typography = {**press.brand.typography, "body": body}
    monkeypatch.setattr(press, "brand", press.brand.model_copy(update={"typography": typography}))
    own, over = (
        mark_of(press, "one", 100, 50, f"size: 10pt, lines: 9{more}").paragraphs
        for more in ("", ", justify: false, features: [old-style], leading: 1.2")
    )
    assert own
    assert (own.features, own.justify, own.leading, own.markers) == (("tnum",), True, 12, ("•",))
    assert over
    assert (over.features, over.justify, over.leading, over.markers) == (("onum",), False, None, ("•",))


def test_a_language_may_have_another_style() -> None:
    colors = {"srgb": "#000000", "cmyk": [0, 0, 0, 100]}
    said = {"name": "B", "palette": {"paper": colors, "ink": colors}, "typography": {"body": {"hyphenate": True}}}
    brand = Brand.model_validate(
        {**said, "locales": {"fi": {"typography": {"body": {"hyphenate": False, "leading": "5mm"}}}}}
    )
    assert brand.role("body", "de-DE").hyphenate
    assert not brand.role("body", "fi-FI").hyphenate
    assert str(brand.role("body", "fi-FI").leading) == "5mm"


@pytest.mark.parametrize("wrong", [{"features": ["tabulr"]}, {"leading": "0pt"}, {"leading": 9}, {"list": "dots"}])
def test_a_style_that_there_is_not(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Role.model_validate(wrong)


def test_nothing_said_is_nothing_more_to_set(press: Press) -> None:
    assert mark_of(press, "office", 100, 50, "size: 10pt").paragraphs is None
    assert not Paragraphs(features=("tnum",), leading=12).are_composed


@pytest.mark.parametrize(
    ("text", "case", "locale", "cased_text"),
    [
        ("DIYARBAKIR", "lower", "tr-TR", "dıyarbakır"), ("ΟΔΟΣ", "lower", "el-GR", "οδος"), ("ΟΔΟΣ", "upper", "el-GR", "ΟΔΟΣ"),
        ("ijsvrij in it’s time", "title", "nl-NL", "IJsvrij In It’s Time"), ("istanbul", "title", "tr-TR", "İstanbul"),
        ("ßa straße", "title", "de-DE", "ßa Straße"), ("Straße", "upper", "de-DE", "STRASSE"), ("aB", "none", "en", "aB"),
        ("Μαΐου στα εγκαίνια", "upper", "el-GR", "ΜΑΪΟΥ ΣΤΑ ΕΓΚΑΙΝΙΑ"), ("άυλο ρολόι", "upper", "el", "ΑΫΛΟ ΡΟΛΟΪ"),
        ("ή μία ή ήχος", "upper", "el-GR", "Ή ΜΙΑ Ή ΗΧΟΣ"), ("ᾅδης, Ἀθῆναι", "upper", "el", "ΑΙΔΗΣ, ΑΘΗΝΑΙ"),
        ("café ώρα", "upper", "el-GR", "CAFÉ ΩΡΑ"), ("άνοιξη ὥρα", "title", "el-GR", "Άνοιξη Ὥρα"), ("ώρα", "upper", "en", "ΏΡΑ"),
    ],
)  # fmt: skip
def test_case_follows_the_language(text: str, case: str, locale: str, cased_text: str) -> None:
    expected = cased_text.replace("οδος", "οδος"[:3] + "ς")
    assert cased(text, case, locale, lambda said: "") == expected  # type: ignore[arg-type]
