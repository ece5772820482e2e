"""What a text layer makes of a text before anything is set: prices, direction, room for the script."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rendering_kit import Press

from pressrun.graphics.typefaces.characters import is_alphabetic, is_joined, needs_no_glyph
from pressrun.language import locale_formats
from pressrun.language.bidi import isolated
from pressrun.language.locale_formats import direction_of
from pressrun.layers.text import TextLayer
from pressrun.layers.text.words import capitalised, in_lines, price_spans
from pressrun.model.sheet import TextMark

LAYOUT = """
page: {{trim: 200pt x 100pt}}
target: screen
formats: [png]
layers: [{{type: text, id: t, text: x, size: 10pt, {options}}}]
"""


def text_mark(press: Press, text: str, locale: str = "en-GB", options: str = "role: body") -> TextMark:
    sheet, _ = press.compose(LAYOUT.format(options=options), layers={"t": {"text": text}}, locale=locale)
    (mark,) = sheet.marks
    assert isinstance(mark, TextMark)
    return mark


# ------------------------------------------------------------------------------------------------------------ prices


@pytest.mark.parametrize(
    ("price", "spans"),
    [
        ("£9.50", [("£", "small raised"), ("9", "large"), (".50", "small raised")]),
        ("12,90\u00a0€", [("12", "large"), (",90", "small raised"), ("\u00a0€", "small")]),
        ("1\u202f234,50 €", [("1\u202f234", "large"), (",50", "small raised"), (" €", "small")]),
        ("$1,299.00", [("$", "small raised"), ("1,299", "large"), (".00", "small raised")]),
        ("฿490", [("฿", "small raised"), ("490", "large")]),
        ("49,00 zł", [("49", "large"), (",00", "small raised"), (" zł", "small")]),
        ("CHF 1’299.50", [("CHF ", "small"), ("1’299", "large"), (".50", "small raised")]),
        ("from £9.50", [("from ", "small"), ("£", "small raised"), ("9", "large"), (".50", "small raised")]),
        ("ab 24,90 €", [("ab ", "small"), ("24", "large"), (",90", "small raised"), (" €", "small")]),
        ("R$\u00a024,90", [("R$\u00a0", "small raised"), ("24", "large"), (",90", "small raised")]),
        ("48.00 د.إ.", [("48", "large"), (".00", "small raised"), (" د.إ.", "small")]),
        ("free", [("free", "large")]),
    ],
)
def test_price_spans(price: str, spans: list[tuple[str, str]]) -> None:
    def look(scale: float, rise: float) -> str:
        return "large" if scale == 1 else "small raised" if rise else "small"

    assert [(span.text, look(span.scale, span.rise)) for span in price_spans(price, "en-GB")] == spans


@pytest.mark.parametrize(
    ("locale", "currency", "amount", "whole", "minor"),
    [
        ("ar-EG", "EGP", "1299.50", "١٬٢٩٩", "٫٥٠"), ("ar-KW", "KWD", "12.500", "١٢", "٫٥٠٠"),
        ("ar-AE", "AED", "1299.50", "1,299", ".50"), ("fa-IR", "IRR", "1299", "۱٬۲۹۹", ""),
        ("de-DE", "KWD", "1299.5", "1.299", ",500"), ("de-AT", "EUR", "1299.5", "1.299", ",50"),
        ("de-CH", "CHF", "1299.5", "1'299", ".50"), ("hi-IN", "INR", "129900.5", "1,29,900", ".50"),
        ("bn-BD", "BDT", "1299.5", "১,২৯৯", ".৫০"), ("ja-JP", "JPY", "1299", "1,299", ""),
        ("en-US", "KWD", "12.5", "12", ".500"), ("mr-IN", "INR", "99.5", "९९", ".५०"),
    ],
)  # fmt: skip
def test_every_locales_minor_units_are_known(locale: str, currency: str, amount: str, whole: str, minor: str) -> None:
    written = locale_formats.money(Decimal(amount), currency, locale)
    parts = locale_formats.price_parts(written, locale)
    assert parts is not None
    assert parts[1:3] == (whole, minor)
    assert "".join(parts) == written


@given(st.text())
def test_a_price_loses_no_character(text: str) -> None:
    assert "".join(span.text for span in price_spans(text, "en-GB")) == text


# ---------------------------------------------------------------------------------------------------------- direction


@pytest.mark.parametrize(("locale", "way"), [("ar-AE", "rtl"), ("he", "rtl"), ("en-GB", "ltr"), ("th-TH", "ltr")])
def test_direction(locale: str, way: str) -> None:
    assert direction_of(locale) == way


def test_latin_alone_is_isolated_in_a_right_to_left_page() -> None:
    assert isolated("@northlight", "rtl") == "\u2066@northlight\u2069"
    assert isolated("@northlight", "ltr") == "@northlight"


def test_each_line_is_isolated_by_itself() -> None:
    """A mark ends with its line (UAX #9, rule X8): the second one was turned round, figures last."""
    assert isolated("On loan\n48 × 61.5 cm · Inv. 4", "rtl") == "\u2066On loan\u2069\n\u206648 × 61.5 cm · Inv. 4\u2069"
    assert isolated("قهوة\n48 × 61.5 cm", "rtl") == "قهوة\n\u206648 × 61.5 cm\u2069"


@pytest.mark.parametrize(
    "text",
    [  # what is between [ and ] keeps its own direction
        "تابعوا [@northlight]", "اتصل [+971 4 123 4567] الآن", "טלפון [(02) 123 4567].", "טל' [03-1234567],",
        "[0501234567] هاتف", "درجة الحرارة [-5°C]", "ב-[5°C] בלבד", "תאריך [2027-03-01] בערב", "في [01-03-2027]",
        "زوروا [https://a.eu/x/] اليوم", "הנחה [SPRING20%] היום", "[C++] لغة", "ISBN\u00a0رقم [978-3-16-148410-0]",
        # Letters hold together what lies between them, a range and a list run with the text, a price is CLDR's.
        "קוד KEN-250 כאן", "חדש (KEN-250) כאן", "iPhone 15 الجديد", "من 10-20 قطعة", "38 39 40 41 مقاسات", "خصم 20% فقط",
        "\u200f1,234.00\u00a0د.إ.\u200f", "قهوة", "اتصل \u2068+971 4 123 4567\u2069",
        # Brackets, quotes and signs behind a piece belong to what follows them.
        "Lamp (الأبواب)", "مسرح Lamp «الأبواب»", "Lamp …(الأبواب", "Lamp/الأبواب", "Lamp + الأبواب", "Lamp & اسף",
        "[@northlight] (الأبواب 18:30)", "[@northlight]/الأبواب", "[C++] (لغة)", "[https://a.eu/x/] (اليوم)",
        "السيد Fathy،", "Fathy،", "[@northlight]، اليوم", "Lamp، Pole، باب", "[C++]،",
        "[Lamp (B)] (الأبواب)", "[f(x)] «לומדים»", "הנחה [SPRING20%] (היום)", "AT&T (אסף)", "Yahoo! “אסף”",
    ],
)  # fmt: skip
def test_what_is_a_number_or_a_code_is_kept_whole(text: str) -> None:
    plain = text.replace("[", "").replace("]", "")
    assert isolated(plain, "rtl") == text.replace("[", "\u2066").replace("]", "\u2069")
    assert isolated(plain, "ltr") == isolated(plain, "rtl")


def test_left_to_right_pages_are_left_alone(press: Press) -> None:
    assert text_mark(press, "see @northlight").text == "see @northlight"
    assert text_mark(press, "@northlight", "ar-AE").text == "\u2066@northlight\u2069"


@pytest.mark.parametrize(
    ("locale", "language", "region"),
    [("de-DE", "de", "DE"), ("fr", "fr", ""), ("es-419", "es", ""), ("zh-Hans-CN", "zh", "CN")],
)
def test_language_and_country(press: Press, locale: str, language: str, region: str) -> None:
    mark = text_mark(press, "x", locale)
    assert (mark.language, mark.region) == (language, region)


@pytest.mark.parametrize("locale", ["es-419", "zh-Hans-CN", "fr"])
def test_such_locales_can_be_set(press: Press, locale: str) -> None:
    assert press.render(LAYOUT.format(options="role: body"), locale=locale).codes == []


# ---------------------------------------------------------------------------------------------------- scripts and room


@pytest.mark.parametrize(
    ("text", "alphabetic", "joined"),
    [
        ("Hello", True, False), ("Привет", True, False), ("Ώρα", True, False), ("קפה", False, False),
        ("قهوة 12", False, True), ("कॉफ़ी", False, True), ("A กาแฟ", False, False), ("ქართული", False, False),
        ("ᠮᠣᠩᠭᠣᠯ", False, True), ("Brand™\ufe0f", True, False), ("a\u0361b\ufe26", True, False),
    ],
)  # fmt: skip
def test_which_lines_a_script_wants(text: str, alphabetic: bool, joined: bool) -> None:
    assert (is_alphabetic(text), is_joined(text)) == (alphabetic, joined)


@pytest.mark.parametrize("character", "\ufe0f\ufe0e\u034f\u3164\u115f\u17b4\u180b\u200d\u2066\U000e0100\u202f\n")
def test_what_is_never_seen_needs_no_glyph(character: str) -> None:
    assert needs_no_glyph(character)


@pytest.mark.parametrize("character", "a\u0600\u06dd\u2800™")
def test_what_is_seen_needs_one(character: str) -> None:
    assert not needs_no_glyph(character)


def test_a_capital_that_no_font_has_stays_small(press: Press) -> None:
    assert text_mark(press, "საბურთალო", "ka-GE", "role: label").text == "საბურთალო"
    assert capitalised("aɐb", "en", lambda text: "".join(one for one in text if one in "Ɐ")) == "AɐB"
    assert capitalised("ab", "en", lambda text: "".join(one for one in text if one in "aAbB")) == "AB"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Oak\tAsh", "Oak Ash"), ("a\x1fb\x00c", "a b c"), ("a\r\nb\rc", "a\nb\nc"),
        ("a\x0bb\u2028c\u2029d\x85e", "a\nb\nc\nd\ne"),
    ],
)  # fmt: skip
def test_controls_are_blanks_or_end_lines(text: str, lines: str) -> None:
    assert in_lines(text) == lines


def test_joined_scripts_are_never_tracked(press: Press) -> None:
    options = "role: label, tracking: 0.3"
    assert text_mark(press, "Wide", options=options).tracking == 0.3
    assert text_mark(press, "قهوة", "ar-AE", options).tracking == 0
    assert text_mark(press, "कॉफ़ी", "hi-IN", options).tracking == 0


@pytest.mark.parametrize(
    ("locale", "text", "wanted"),
    [
        ("tr-TR", "yeni ışık", "YENİ IŞIK"),
        ("az", "iki", "İKİ"),
        ("en-GB", "filter", "FILTER"),
        ("de-DE", "süß", "SÜSS"),
    ],
)
def test_capitals_are_the_languages_own(press: Press, locale: str, text: str, wanted: str) -> None:
    sheet, _ = press.compose(
        "{page: {trim: A6}, target: screen, formats: [png],"
        " layers: [{type: text, id: t, text: x, role: label, size: 10pt}]}",
        locale=locale, layers={"t": {"text": text}},
    )  # fmt: skip
    [mark] = sheet.marks
    assert isinstance(mark, TextMark)
    assert mark.text == wanted


def test_capitals_and_figures_need_no_room_below(press: Press) -> None:
    def below(text: str, options: str, locale: str = "en-GB") -> float:
        return text_mark(press, text, locale, options).edges[1]

    assert below("caps", "role: label") < 0.1
    assert below("£9.50", "role: price, figures: price") < 0.1
    assert below("plain", "role: body") > 0.2
    assert below("กาแฟ", "role: label", "th-TH") > 0.2
    assert below("not a price", "role: price, figures: price") > 0.2


@pytest.mark.parametrize(
    "options", [{"size": "0pt"}, {"size": ["20pt", "10pt"]}, {"size": ["50%", "20pt"]}, {"lines": 0}, {"size": 12}]
)
def test_sizes_that_make_no_sense(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"size|lines|unit"):
        TextLayer.model_validate({"type": "text", "text": "x", "size": "10pt", **options})
