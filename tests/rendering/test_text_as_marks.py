"""What a text layer makes of a text before anything is set: prices, direction, room for the script."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rendering_kit import Press

from pressrun.graphics import fonts
from pressrun.language.locale_formats import direction_of
from pressrun.layers.text import TextLayer, isolated, price_spans
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
        ("CHF 1’299.50", [("CHF ", "small raised"), ("1’299", "large"), (".50", "small raised")]),
        ("48.00 د.إ.", [("48", "large"), (".00", "small raised"), (" د.إ.", "small")]),
        ("free", [("free", "large")]),
    ],
)
def test_price_spans(price: str, spans: list[tuple[str, str]]) -> None:
    def look(scale: float, rise: float) -> str:
        return "large" if scale == 1 else "small raised" if rise else "small"

    assert [(span.text, look(span.scale, span.rise)) for span in price_spans(price)] == spans


@given(st.text())
def test_a_price_loses_no_character(text: str) -> None:
    assert "".join(span.text for span in price_spans(text)) == text


# ---------------------------------------------------------------------------------------------------------- direction


@pytest.mark.parametrize(("locale", "way"), [("ar-AE", "rtl"), ("he", "rtl"), ("en-GB", "ltr"), ("th-TH", "ltr")])
def test_direction(locale: str, way: str) -> None:
    assert direction_of(locale) == way


def test_latin_alone_is_isolated_in_a_right_to_left_page() -> None:
    assert isolated("@northlight") == "\u2066@northlight\u2069"


def test_a_handle_in_arabic_keeps_its_sign_in_front() -> None:
    assert isolated("تابعوا @northlight") == "تابعوا \u200e@northlight"
    assert isolated("قهوة") == "قهوة"


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
    ("text", "script"),
    [("Hello", "latin"), ("Привет", "latin"), ("قهوة 12", "arabic"), ("कॉफ़ी", "devanagari"), ("A กาแฟ", "thai")],
)
def test_script(text: str, script: str) -> None:
    assert fonts.script_of(text) == script


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
