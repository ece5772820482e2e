"""As large as fits, between two sizes, in so many lines; and what does not fit is said, never hidden."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from rendering_kit import Press, SetText, set_text

from pressrun.graphics.typefaces.characters import is_alphabetic, letters_of
from pressrun.layers.text.words import in_lines
from pressrun.model.sheet import TextMark

PAGE = """
page: {{trim: 600pt x 600pt}}
target: screen
formats: [png]
layers: [{{type: text, id: t, text: x, box: {{x: 150pt, y: 150pt, width: {width}pt, height: {height}pt}}, {options}}}]
"""
LOCALES = {"greek": "el-GR", "vietnamese": "vi-VN", "hebrew": "he-IL", "thai": "th-TH", "arabic": "ar-AE", "devanagari": "hi-IN"}


def fit(press: Press, text: str, width: float, height: float, options: str, locale: str = "en-GB") -> SetText:
    layout = PAGE.format(width=width, height=height, options=options)
    sheet, _ = press.compose(layout, layers={"t": {"text": text}}, locale=locale)
    return set_text(press, sheet)["t"]


def test_what_fits_is_set_at_the_largest_size(press: Press) -> None:
    fact = fit(press, "Short", 300, 60, "size: [10pt, 40pt]").fact
    assert (fact.size, fact.lines, fact.overflow) == (40, 1, False)


def test_a_longer_text_is_set_smaller(press: Press) -> None:
    words = "A headline that goes on for quite a while"
    sizes = [fit(press, words[:end], 200, 30, "size: [6pt, 40pt]").fact.size for end in (10, 20, 41)]
    assert sizes == sorted(sizes, reverse=True)
    assert 6 < sizes[-1] < sizes[0]


@pytest.mark.parametrize("accented", ["École", "Åland", "Ñandú", "Ça va,"])
def test_an_accent_makes_no_line_smaller(press: Press, accented: str) -> None:
    """One headline of a series would stand smaller than its sisters."""
    plain = "".join(one for one in unicodedata.normalize("NFD", accented) if not unicodedata.combining(one)).strip(",")
    sizes = {fit(press, text, 500, 40, "size: [6pt, 100pt]").fact.size for text in (plain, accented)}
    assert len(sizes) == 1
    assert 6 < sizes.pop() < 100


def test_a_fixed_size_does_not_give(press: Press) -> None:
    fact = fit(press, "Too much for this box", 50, 20, "size: 20pt").fact
    assert (fact.size, fact.overflow) == (20, True)


@pytest.mark.parametrize("locale", ["de-DE", "th-TH"])
def test_a_word_wider_than_its_box_is_an_overflow(press: Press, locale: str) -> None:
    word = {"de-DE": "Donaudampfschifffahrt", "th-TH": "ปรองดอง"}[locale]
    fact = fit(press, word, 30, 200, "size: 20pt, lines: 5", locale).fact
    assert fact.overflow


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("Donaudampfschifffahrtsgesellschaft fährt", "de-DE"),
        ("10\u00a0000\u00a0000\u00a0€ gespart", "de-DE"),  # no-break spaces
        ("2024-2025", "en-GB"),  # a hyphen between figures is no break
        ("ฤดูใบไม้ผลิหอมกรุ่น", "th-TH"),  # no spaces between words
    ],
)
def test_a_word_that_must_not_break_is_set_smaller(press: Press, text: str, locale: str) -> None:
    made = fit(press, text, 80, 200, "size: [4pt, 40pt], lines: 6", locale)
    assert not made.fact.overflow
    assert made.fact.size < 40
    assert made.ink is not None
    assert made.ink.x >= 149
    assert made.ink.right <= 231


def test_a_price_too_wide_is_an_overflow(press: Press) -> None:
    assert fit(press, "1.299,00\u00a0€", 40, 100, "size: 30pt, figures: price, role: price, lines: 1").fact.overflow
    assert not fit(press, "1.299,00\u00a0€", 200, 100, "size: 30pt, figures: price, role: price").fact.overflow


@given(
    st.lists(st.sampled_from(["one", "two", "three", "extraordinary", "a", "—"]), min_size=1, max_size=20),
    st.integers(1, 5),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_never_more_lines_than_allowed(press: Press, words: list[str], lines: int) -> None:
    fact = fit(press, " ".join(words), 120, 400, f"size: [6pt, 30pt], lines: {lines}").fact
    assert fact.overflow or fact.lines <= lines
    assert 6 <= fact.size <= 30


def test_lines_are_counted(press: Press) -> None:
    fact = fit(press, "one\ntwo\nthree", 200, 200, "size: 20pt, lines: 5").fact
    assert fact.lines == 3
    assert fit(press, "one\ntwo\nthree", 200, 200, "size: 20pt, lines: 2").fact.overflow


def test_leading_is_from_baseline_to_baseline(press: Press) -> None:
    one, two = (fit(press, text, 200, 200, "size: 20pt, lines: 2, leading: 1.5").ink for text in ("HHH", "HHH\nHHH"))
    assert one is not None
    assert two is not None
    assert two.height - one.height == pytest.approx(30, abs=0.7)


# ---------------------------------------------------------------------------------------------------------- ellipsis

LONG = "Every word of this text is more than the box can hold, however small it is set"


def test_only_where_asked_is_a_text_cut(press: Press) -> None:
    options = "size: 12pt, lines: 2"
    kept, cut = (fit(press, LONG, 100, 30, f"{options}, overflow: {way}").fact for way in ("error", "ellipsis"))
    assert (kept.overflow, kept.shortened) == (True, False)
    assert (cut.overflow, cut.shortened) == (False, True)


def test_what_fits_is_not_cut(press: Press) -> None:
    fact = fit(press, "Fits", 100, 30, "size: 12pt, overflow: ellipsis").fact
    assert (fact.overflow, fact.shortened) == (False, False)


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("Donaudampfschifffahrtsgesellschaft", "de-DE"),
        ("https://example.org/a/very/long/address", "en-GB"),
        ("กาแฟคั่วบดหอมกรุ่นจากไร่บนดอยสูงทางภาคเหนือของประเทศไทย", "th-TH"),
    ],
)
def test_a_text_without_blanks_is_cut_too(press: Press, text: str, locale: str) -> None:
    made = fit(press, text, 100, 30, "size: 12pt, overflow: ellipsis", locale)
    assert (made.fact.overflow, made.fact.shortened) == (False, True)
    assert made.ink is not None
    assert 40 < made.ink.width <= 101


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("e\u0301te\u0301e\u0301te\u0301e\u0301te\u0301e\u0301te\u0301", "fr-FR"), ("A\u030angstro\u0308m " * 3, "sv-SE"),
        ("क्षत्रियविश्वविद्यालय", "hi-IN"), ("वसंत की ताज़ा कॉफ़ी हिन्दी", "hi-IN"), ("ที่นี่น้ำใจผู้ใหญ่กตัญญู", "th-TH"),
        ("שָׁלוֹם לְךָ טוֹב בּוֹקֶר", "he-IL"), ("مُحَمَّدٌ قَهْوَةٌ", "ar-AE"), ("\u1112\u1161\u11ab\u1100\u1173\u11af" * 4, "ko-KR"),
        ("see https://example.org/e\u0301te\u0301/e\u0301te\u0301", "en-GB"), ("Ế cà phê Ữ sữa ẤM Ở đặc biệt", "vi-VN"),
        ("👩‍👩‍👧‍👦🇩🇪👍🏽" * 3, "en-GB"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("markup", ["false", "true"])
def test_what_a_reader_takes_for_one_letter_is_never_cut(press: Press, text: str, locale: str, markup: str) -> None:
    letters = letters_of(text)
    whole = {"".join(letters[:count]).rstrip() for count in range(len(letters) + 1)}
    for width in (14, 23, 31, 44, 58):
        layout = PAGE.format(width=width, height=20, options=f"size: 12pt, overflow: ellipsis, markup: {markup}")
        said = f"<b>{text}</b>" if markup == "true" else text
        (mark,) = press.compose(layout, layers={"t": {"text": said}}, locale=locale)[0].marks
        assert isinstance(mark, TextMark)
        assert mark.fit
        if mark.fit.shortened:
            kept = "".join(span.text for span in mark.fit.spans).removesuffix("…")
            assert kept.translate(dict.fromkeys(range(0x2066, 0x206A))) in whole  # but for the isolates around it


def test_of_a_web_address_as_much_is_kept_as_fits(press: Press) -> None:
    fact = fit(press, "https://www.plain-and-good.example/shop", 150, 20, "size: 12pt, overflow: ellipsis").fact
    assert fact.shortened
    assert fact.rect.width > 150 - 12


def test_a_box_narrower_than_a_letter_stays_an_overflow(press: Press) -> None:
    assert fit(press, "Donaudampfschifffahrt", 8, 30, "size: 12pt, overflow: ellipsis").fact.overflow


# ----------------------------------------------------------------------------------------------------------- balance


def test_balance_leaves_no_single_word_over(press: Press) -> None:
    text = "Warm coffee for cold spring mornings at home"
    loose = fit(press, text, 260, 60, "size: 16pt, lines: 2, balance: false")
    even = fit(press, text, 260, 60, "size: 16pt, lines: 2")
    assert (even.fact.size, even.fact.lines) == (loose.fact.size, loose.fact.lines) == (16, 2)
    assert loose.ink is not None
    assert even.ink is not None
    assert even.ink.width < loose.ink.width - 10


@pytest.mark.parametrize(
    ("align", "locale", "side"),
    [("start", "en-GB", "left"), ("end", "en-GB", "right"), ("start", "ar-AE", "right"), ("end", "ar-AE", "left")],
)
def test_balanced_lines_keep_their_side(press: Press, align: str, locale: str, side: str) -> None:
    text = "one two three four five six" if locale == "en-GB" else "قهوة الربيع الطازجة محمصة ببطء"
    made = fit(press, text, 150, 100, f"size: 20pt, lines: 3, mirror: false, align: {align}", locale)
    assert made.fact.lines > 1
    assert made.ink is not None
    assert (made.ink.x - 150 < 3) == (side == "left")
    assert (300 - made.ink.right < 3) == (side == "right")


@pytest.mark.parametrize("anchor", ["top", "middle", "bottom"])
def test_anchors(press: Press, anchor: str) -> None:
    made = fit(press, "H", 100, 100, f"size: 20pt, anchor: {anchor}")
    assert made.ink is not None
    middle = made.ink.y + made.ink.height / 2
    assert {"top": middle < 170, "middle": 180 < middle < 220, "bottom": middle > 230}[anchor]


def test_facts_are_where_the_ink_is(press: Press) -> None:
    for align in ("start", "center", "end"):
        made = fit(press, "Some words\nmore", 200, 100, f"size: 18pt, lines: 2, align: {align}, anchor: middle")
        assert made.ink is not None
        rect = made.fact.rect
        assert (rect.x, rect.right) == pytest.approx((made.ink.x, made.ink.right), abs=2)
        assert rect.contains(made.ink, 3)


# -------------------------------------------------------------------------------------------- nothing is hidden, ever

WORDS = {
    "latin": "Ünïted fjord Straße Donaudampfschifffahrt gyqj Quai, œuvre 12–14 a/b well-known 2024-2025 état\u202f! "
    "*bold* [x] $1 \\n #let _u_ @handle co\u00adop zero\u200bwidth Щука Ёлка",
    "thai": "กาแฟ ฤดูใบไม้ผลิหอมกรุ่น ปิ้ง ญี่ปุ่น ที่นี่ ฟ้า ก๊วยเตี๋ยว 490 ผู้ใหญ่ นาฬิกา อร่อยที่สุดในโลกใบนี้",
    "arabic": "قهوة الربيع الطازجة محمّد @northlight 48.00 جافّتان كوفي إلى الأرض",
    "greek": "Ελληνικός Ά καφές ΆΪ Ώρα",
    "vietnamese": "Ế cà phê Ữ sữa ẤM Ở đặc biệt",
    "hebrew": "קפה שָׁלוֹם לְךָ ₪48 KEN-250",
    "devanagari": "वसंत की ताज़ा कॉफ़ी र्किंग ऊँचाई दूध हिन्दी ₹1,200 टाँगें",
}
# How far ink may reach over its box, in em: aside, letters that lean over their own width; above, accents on capitals,
# and below, cedillas, which Latin, Greek and Cyrillic lines leave no room for.
ASIDE = 0.15
ABOVE, BELOW = 0.03, 0.03
ABOVE_ALPHABETIC, BELOW_ALPHABETIC = 0.24, 0.07

scripts = st.sampled_from(sorted(WORDS))
texts = scripts.flatmap(
    lambda script: st.tuples(
        st.just(script),
        st.lists(st.sampled_from(WORDS[script].split()), min_size=1, max_size=8),
        st.sampled_from([" ", " ", " ", "\n", "\u00a0"]),
    )
)
boxes = st.tuples(st.sampled_from([20, 45, 90, 160, 250]), st.sampled_from([12, 30, 60, 140]))
settings_of_text = st.fixed_dictionaries(
    {
        "align": st.sampled_from(["start", "center", "end"]),
        "anchor": st.sampled_from(["top", "middle", "bottom"]),
        "lines": st.integers(1, 5),
        "size": st.tuples(st.sampled_from([7, 12, 20]), st.sampled_from([0, 6, 30])).map(lambda s: [s[0], sum(s)]),
        "role": st.sampled_from(["headline", "body"]),
        "overflow": st.sampled_from(["error", "error", "ellipsis"]),
        "balance": st.booleans(),
    }
)


@given(texts, boxes, settings_of_text)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_text_overflows_openly_or_lies_inside_its_box(
    press: Press, text: tuple[str, list[str], str], box: tuple[int, int], chosen: dict[str, Any]
) -> None:
    script, words, between = text
    options = ", ".join(
        f"{key}: [{value[0]}pt, {value[1]}pt]" if key == "size" else f"{key}: {str(value).lower()}"
        for key, value in chosen.items()
    )
    made = fit(press, between.join(words), *box, options + ", mirror: false", LOCALES.get(script, "en-GB"))
    assume(made.ink is not None)
    assert made.ink is not None
    if made.fact.overflow:
        return
    em, alphabetic = made.fact.size, is_alphabetic(" ".join(words))
    pixel = 0.34
    assert made.ink.x >= 150 - ASIDE * em - pixel
    assert made.ink.right <= 150 + box[0] + ASIDE * em + pixel
    assert made.ink.y >= 150 - (ABOVE_ALPHABETIC if alphabetic else ABOVE) * em - pixel
    assert made.ink.bottom <= 150 + box[1] + (BELOW_ALPHABETIC if alphabetic else BELOW) * em + pixel


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=60))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_can_be_set(press: Press, text: str) -> None:
    """Markup, code, controls and whatever a cell may hold are letters to the typesetter, nothing more."""
    assume(in_lines(text))
    made = fit(press, text, 200, 60, "size: [6pt, 30pt], lines: 3")
    assert made.fact.text.replace("\u2066", "").startswith(in_lines(text)[:1])
