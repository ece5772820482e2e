"""Places at which no line ends: within quantities, ranges and short compounds, and before a short word that would end a
text alone."""

from __future__ import annotations

import re

import pytest
from rendering_kit import Press
from test_reckoned_fit import agrees, mark_of

from pressrun.compose.held_places import joined_at
from pressrun.compose.text_fit import TextFitter
from pressrun.graphics.typefaces.characters import last_blank
from pressrun.language.joints import MAY_JOIN, joints
from pressrun.language.quantities import MAY_HOLD, blanks_before_dashes, blanks_behind_letters, held_blanks, unit_prices
from pressrun.model.sheet import TextMark

HELD, JOINED = "\u00a0", "\u2060"


def set_lines(press: Press, mark: TextMark) -> list[str]:
    """As they are set, if sums tell."""
    assert mark.fit
    broken = press.bench.fitter.broken(mark, mark.fit)
    assert broken
    text, lines = broken
    return [text.text[line.start : line.seen] for line in lines]


def set_text_of(mark: TextMark) -> str:
    assert mark.fit
    return "".join(span.text for span in mark.fit.spans)


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("de-DE", "ab 24,00_€ je 250_g, mit 5_% (12_EUR)"), ("de-DE", "nur 24,-_€, 12_Std. bei 30_°C, 100 Gramm"),
        ("de-CH", "24.–_CHF, CHF_24.– am 3._Mai"), ("nl-NL", "nu €_24 voor 3 flessen"),
        ("en-GB", "3 for 2, 750_ml, (USD_9) 24 of them"), ("fr-FR", "50_cl à 9,50_€"), ("ar-AE", "48.00_د.إ فقط"),
        ("hi-IN", "₹_1,200"), ("th-TH", "กาแฟ 250_ml"), ("el-GR", "250_γρ. 5_€"), ("uk-UA", "250_г за 99_₴"),
        ("en-GB", "28_April – 9_May 2027, 3 of them"), ("en-US", "September_28 to 30"), ("en-US", "from Jan._5 on"), ("de-DE", "vom 28._APRIL an"),
        ("pl-PL", "28_kwietnia, 24 godziny"), ("he-IL", "28_באפריל"), ("ru-RU", "28_апреля 2027_г."),
        ("es-ES", "el 3_de_mayo, 3 de cada 10"), ("ar-AE", "28_أبريل على +971_4_555_0123."),
        ("fr-FR", "le 3_mai au +33_1_99_00_12_34, 3 fois"), ("en-GB", "+2 for 44 or 20, 1 2 3 4 5 6 7"),
        ("de-DE", "kein Preis, 2_x_3"), ("en-GB", "130_×_180_cm, 2_m_×_3_m, Kilo × 3, x x 2 x a"), ("ja-JP", "コーヒー 500_g"), ("sr-Latn-RS", "250_g"),
        ("ja-JP", "500_円"), ("en-IE", "5_euros, 5 eels"), ("ru-RU", "КРЕМ 5_МЛ и т._д."), ("de-DE", "NUR 5_KG mit 5_KWH, z._B. für i._d._R. 3 Plan B. Dann"),
    ],
)  # fmt: skip
def test_numbers_and_their_units_are_found(locale: str, said: str) -> None:
    text = said.replace("_", " ")
    assert list(held_blanks(text, locale)) == [at for at, letter in enumerate(said) if letter == "_"]
    assert bool(MAY_HOLD.search(text)) or "_" not in said


def test_a_dash_begins_no_line(press: Press) -> None:
    assert [*blanks_before_dashes("– Woven –b, 3 – 5 — c –")] == [13, 17]
    mark = mark_of(press, "Hand-knotted in İzmir – each one different", 150, 60, "size: 12pt, lines: 3")
    assert [line.replace(HELD, " ") for line in set_lines(press, mark)] == ["Hand-knotted in İzmir –", "each one different"]
    mark = mark_of(press, "Merino Throw “Fjord” – 130 × 180", 84, 60, "size: 12pt, lines: 3, role: headline")
    assert [line.replace(HELD, " ") for line in set_lines(press, mark)] == ["Merino Throw", "“Fjord” –", "130 × 180"]


@pytest.mark.parametrize("said", ["Open daily 10 – 18 but not on Mondays", "28 December 2026 – 9 January 2027", "Only 5 – 9 €"])
@pytest.mark.parametrize("width", [80, 95, 110, 125, 140])
def test_what_is_held_begins_no_line(press: Press, said: str, width: float) -> None:
    """UAX #14 lets a line end behind a dash and before a no-break space: the next one began with a gap."""
    mark = mark_of(press, said, width, 200, "size: 16pt, lines: 6, balance: false")
    lines = set_lines(press, mark)
    assert lines == [line.lstrip(f" {HELD}") for line in lines]
    assert "".join(lines).replace(HELD, "").replace(JOINED, "").replace(" ", "") == said.replace(" ", "")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("pl", "Maj i_maj w_Łodzi, a_potem u_niej i_w_ogrodzie, B. Nowak, z"), ("cs", "Jdu k_vám s_„A_a“ (v_Brně)"),
        ("ru", "Крем с_маслом и_в_ванной"), ("en", "This is a test I like"),
    ],
)  # fmt: skip
def test_words_of_one_letter_are_found(language: str, said: str) -> None:
    text = said.replace("_", " ")
    assert list(blanks_behind_letters(text, language)) == [at for at, letter in enumerate(said) if letter == "_"]


@pytest.mark.parametrize(
    "said",
    [
        "10–_20 %, $10-_$20, 10 %–_20 %, 10 €–_20 €, 5--_7", "9_ –_ 18 Uhr, 9.5.–_12.5., 10:00–_12:00, 1990s–_2000s",
        "١٠–_٢٠٪ ۱۰–_۲۰", "10_～_20円、1,000〜_2,000円、10_—_20元", "１_，_０_０_０〜_２_，_０_０_０円", "ab –_20 %, –_€20 (–_5)",
        "5-_in-1, A4-_Format, E-_Mail, 3-_in-1-_Kanne, T-_Shirts, well-to-_do", "Vitamin-_C, Vitamin-C-_Serum",
        "Mo–_Fr, A–_Z, Paris–Roubaix", "km/_h, 5,–/_kg, Hin/Rück", "-12, 10-20, 10−20, 2027-03-01, Covid-19",
        "Ein- und Ausgang – so oder so", "https://a-b.de/x-y/10–20 a-b.de me@a-b.de", "word-word",
        "詳しくはwww.a-b.jpへ、10_～_20円", "서울www.a-b.kr에서 10–_20원", "28. Dezember 2026 – 9. Januar 2027, 3_ –_ 9 Mai",
        "2026. december 28. – 2027. január 9., 1990_ –_ 95 in Rom, 2026_ –_ 2027",
    ],
)  # fmt: skip
def test_ranges_signs_and_short_compounds_are_found(said: str) -> None:
    text = said.replace("_", "")
    marked, found = "", sorted(at for places in joints(text) for one in places for at in one)
    for at, letter in enumerate(text):
        marked += f"_{letter}" if at in found else letter
    assert marked == said
    assert bool(MAY_JOIN.search(text)) or "_" not in said


@pytest.mark.parametrize(
    ("said", "locale", "width", "options", "held"),
    [
        ("Jetzt neu 10–20 %", "de-DE", 80, "", f"Jetzt neu 10–{JOINED}20{HELD}%"),
        ("Jetzt neu 10–20 %", "de-DE", 80, ", markup: true", f"Jetzt neu 10–{JOINED}20{HELD}%"),
        ("Jetzt neu 10–20 %", "de-DE", 60, "", f"Jetzt neu 10–20{HELD}%"),  # it would need smaller type
        ("Jetzt neu 10–20 %", "de-DE", 300, "", f"Jetzt neu 10–20{HELD}%"),  # on one line
        ("Der Mixer 5-in-1 im A4-Format", "de-DE", 110, "", f"Der Mixer 5-{JOINED}in-1 im A4-{JOINED}Format"),
        ("Der Mixer 5-in-1 im A4-Format", "de-DE", 80, "", f"Der Mixer 5-{JOINED}in-1 im A4-Format"),
        ("خصم ١٠–٢٠٪ اليوم", "ar-AE", 80, "", f"خصم ١٠–{JOINED}٢٠٪ اليوم"),  # one line more
        ("每天10—20元优惠", "zh-CN", 60, "", f"每天10{JOINED}—{JOINED}20元优惠"),
        ("Jetzt neu 10–20 %", "de-DE", 65, ", size: [8pt, 20pt]", f"Jetzt neu 10–{JOINED}20{HELD}%"),  # smaller by 3 %
        ("Jetzt neu 10–20 %", "de-DE", 50, ", size: [8pt, 20pt]", f"Jetzt neu 10–20{HELD}%"),  # by more than a tenth
        ("10–20", "en-GB", 40, ", size: [8pt, 20pt]", f"10–{JOINED}20"),  # all there is: smaller
        ("Літери й знаки міста", "uk-UA", 116, "", f"Літери й{HELD}знаки міста"),  # one line more
    ],
)  # fmt: skip
def test_no_line_ends_within_a_range_or_short_compound(
    press: Press, said: str, locale: str, width: float, options: str, held: str
) -> None:
    size = "" if "size" in options else ", size: 20pt"
    mark = mark_of(press, said, width, 400, f"lines: 9, balance: false{size}{options}", locale)
    assert re.sub("[\u2066\u2069]", "", set_text_of(mark)) == held


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("de-DE", "nur 5_€/~kg, 1,99_EUR/100_g (3_€_/_Std.)"), ("de-DE", "24,–_€/~Quadratmeter, 5 Tage/Woche, 3 CD/DVD"),
        ("en-GB", "£2.50/~lb or £_2.50/100_ml, from $5/~box"), ("en-US", "60_km/~h, 5_mg/~ml, 5 of 6/Box, 3 kg/Box"),
        ("sv-SE", "25_kr/~st, 25_kr/~förp."), ("pl-PL", "12,90_zł/~szt."), ("cs-CZ", "89_Kč/~m²"), ("hu-HU", "990_Ft/~db"),
        ("fr-CH", "CHF_24.–/~kg"), ("fr-FR", "9,50_€/~kg"), ("tr-TR", "₺45/~adet, 45_TRY/~kg"), ("hi-IN", "₹120/~किलो"),
        ("th-TH", "฿35/~ชิ้น"), ("he-IL", "12_₪/~ק״ג"), ("ar-AE", "٤٨٫٠٠_د.إ/~كغ"), ("ru-RU", "99_₽/~шт."),
        ("ja-JP", "¥500/~個"), ("ko-KR", "₩9,900/~개"), ("ja-JP", "豆 500_円/~個、500~円~／~個"), ("zh-CN", "500_元/~斤"),
        ("zh-TW", "500~元~／~斤"), ("ko-KR", "9,900_원/~개"), ("th-TH", "35_บาท/~ชิ้น"), ("de-DE", "5_Euro/~Kilo"), ("en-GB", "€5/$6, 24/7, 1/2 cup, https://a.b/5 €"),
    ],
)  # fmt: skip
def test_unit_prices_are_found(locale: str, said: str) -> None:
    text, marked = said.replace("_", " ").replace("~", ""), ""
    found = {at for places in unit_prices(text, locale) for at in places}
    for at, letter in enumerate(text):
        marked += letter if at not in found else "_" if letter == " " else f"~{letter}"
    assert marked == said


@pytest.mark.parametrize(
    ("said", "locale", "width", "parts"),
    [
        ("Äpfel aus Werder 5 €/kg", "de-DE", 110, ["Äpfel aus", "Werder 5 €/kg"]),
        ("Äpfel 5 €/Kilogramm", "de-DE", 80, ["Äpfel 5", "€/Kilogramm"]),  # as much of it as a line has room for
        ("Kawa 12,90 zł/szt.", "pl-PL", 74, ["Kawa", "12,90 zł/szt."]),
        ("Coffee beans CHF 24.–/kg", "en-GB", 90, ["Coffee beans", "CHF 24.–/kg"]),
    ],
)  # fmt: skip
def test_a_unit_price_stays_on_one_line(
    press: Press, said: str, locale: str, width: float, parts: list[str]
) -> None:
    mark = mark_of(press, said, width, 80, "size: 13pt, lines: 4", locale)
    lines = set_lines(press, mark)
    assert [line.replace(HELD, " ").replace(JOINED, "") for line in lines] == parts


def test_of_much_that_is_held_only_what_does_not_fit_is_parted(press: Press) -> None:
    said = "Ab 1.299,00 EUR im Laden, mit 5 % auf alles"
    mark = mark_of(press, said, 98, 400, "size: 18pt, lines: 9, balance: false", "de-DE")
    assert set_text_of(mark) == said.replace("5 ", f"5{HELD}")


@pytest.mark.parametrize(
    ("said", "locale", "width", "phrases"),
    [
        ("春の東京スカイツリー限定コーヒー", "ja-JP", 84, ("スカイツリー", "限定", "コーヒー")),
        ("대한민국고속버스터미널 커피 오늘만", "ko-KR", 84, ("커피", " ", "오늘만")),
    ],
)
def test_a_phrase_wider_than_a_line_is_parted_alone(
    press: Press, said: str, locale: str, width: float, phrases: tuple[str, ...] | None
) -> None:
    mark = mark_of(press, said, width, 400, "size: 20pt, lines: 5, role: headline, balance: false", locale)
    assert mark.fit
    assert not mark.fit.overflow
    assert mark.fit.phrases[0][-3:] == phrases


@pytest.mark.parametrize(
    ("width", "held"),
    [
        (52, "Skóra budzi się w_maju 9_maja"),
        (50, "Skóra budzi się w maju 9_maja"),
        (44, "Skóra budzi się w maju 9 maja"),
    ],
)
def test_what_holds_less_is_kept_where_all_of_it_would_cost_a_line(press: Press, width: float, held: str) -> None:
    mark = mark_of(press, "Skóra budzi się w maju 9 maja", width, 300, "size: 16pt, lines: 9, balance: false", "pl-PL")
    assert set_text_of(mark).replace(HELD, "_") == held


@pytest.mark.parametrize("options", ["", ", markup: true", ", list: bullets"])
def test_no_line_ends_between_a_price_and_its_sign(press: Press, options: str) -> None:
    said = "Heute nur <b>24,00</b> €" if "markup" in options else "Heute nur 24,00 €"
    mark = mark_of(press, said, 158, 80, f"size: 20pt, lines: 2, balance: false{options}", "de-DE")
    assert mark.text == "Heute nur 24,00 €"
    assert set_text_of(mark) == f"Heute nur 24,00{HELD}€"
    assert mark.fit
    assert not mark.fit.overflow or options


@pytest.mark.parametrize(
    ("said", "width", "options", "is_held"),
    [
        ("Ab 1.299,00 EUR im Laden", 98, "size: 18pt, lines: 6", False),
        ("Ab 1.299,00 EUR im Laden", 200, "size: 18pt, lines: 6", True),
        ("Ab 1.299,00 EUR im Laden", 75, "size: [8pt, 18pt], lines: 6", False),
        ("Ab 1.299,00 EUR im Laden", 98, "size: [8pt, 18pt], lines: 6", True),
        ("Ab 1.299,00 EUR im Laden", 98, "size: [17.8pt, 18pt], lines: 6", False),
        ("Ab 1.299,00 EUR ist alles zu haben, was im Laden steht", 98, "size: [8pt, 18pt], lines: 9", False),
        ("Ab 1.299,00 EUR im Laden", 98, "size: 18pt, lines: 3, overflow: ellipsis", False),
        ("TRY 300 OF IT", 60, "size: [8pt, 30pt], lines: 3, balance: false", False),
        ("1.299,00 EUR", 75, "size: [8pt, 18pt], lines: 6", True),
        ("1.299,00 EUR", 75, "size: 18pt, lines: 6", False),
    ],
)  # fmt: skip
def test_a_quantity_is_parted_where_it_would_cost_type_lines_or_words(
    press: Press, said: str, width: float, options: str, is_held: bool
) -> None:
    mark = mark_of(press, said, width, 150, f"{options}, role: headline", "de-DE")
    assert (HELD in set_text_of(mark)) == is_held
    assert mark.fit
    assert (mark.fit.overflow, mark.fit.shortened) == (False, False)


def test_phrases_of_east_asia_hold_quantities(press: Press) -> None:
    mark = mark_of(press, "自家焙煎コーヒー 500 g", 140, 120, "size: 20pt, lines: 5", "ja-JP")
    assert mark.fit
    assert mark.fit.phrases == (("自家焙煎コーヒー", " ", f"500{HELD}g"),)


def test_pieces_that_meet_are_joined() -> None:
    lines = (("a", " ", "b", "c"), ("d", " ", "e"))
    assert joined_at(lines, {1}) == (("a\u00a0b", "c"), ("d", " ", "e"))
    assert joined_at(lines, {3}) == (("a", " ", "bc"), ("d", " ", "e"))
    assert joined_at(lines, {6}) == (("a", " ", "b", "c"), ("d\u00a0e",))


@pytest.mark.parametrize(("text", "word"), [
    ("one two", "two"), ("one “two”.", "“two”."), ("one l'eau", "l'eau"), ("eins\nzwei drei", "drei"),
    ("कॉफ़ी नई", "नई"), ("one", None), ("one\ntwo", None), ("one two-three", None), ("one - ", None),
    ("one  two", None), ("one\u00a0two", None), ("one two/three", None),
])  # fmt: skip
def test_the_last_word_of_a_text(text: str, word: str | None) -> None:
    at = last_blank(text)
    assert (None if at is None else text[at + 1 :]) == word


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("Free delivery on all orders over 30 £ now", 90,
         ["Free", "delivery on", "all orders", "over", "30 £ now"]),
        ("Freshly roasted coffee, every morning in town", 90,
         ["Freshly", "roasted", "coffee, every", "morning", "in town"]),
    ],
)  # fmt: skip
def test_a_short_word_does_not_stand_alone_on_the_last_line(
    press: Press, text: str, width: float, lines: list[str]
) -> None:
    mark = mark_of(press, text, width, 140, "size: [8pt, 60pt], lines: 5, role: headline")
    assert mark.text == text
    assert [line.replace(HELD, " ") for line in set_lines(press, mark)] == lines
    assert agrees(TextFitter.of(press.bench.typesetter), mark)


@pytest.mark.parametrize("options", ["balance: false", "overflow: ellipsis, lines: 2"])
def test_lines_that_are_not_balanced_or_cut_end_as_they_do(press: Press, options: str) -> None:
    mark = mark_of(press, "Made by hand in Portugal since 1987 for you", 90, 140, f"size: 16pt, lines: 5, {options}")
    assert HELD not in set_text_of(mark)


def test_typst_leaves_no_word_alone_either(press: Press) -> None:
    mark = mark_of(press, "כוס חדשה ל-2026 לבקרים איטיים של יום", 75, 300, "size: 16pt, lines: 9", "he-IL")
    assert press.bench.fitter.reckoned(mark, (0.74, 0.22)) is None
    assert set_text_of(mark).endswith(f"של{HELD}יום")
    assert mark.fit
    assert mark.fit.extent.width <= mark.fit.column.width


def test_the_last_phrase_of_a_text_is_not_alone(press: Press) -> None:
    mark = mark_of(press, "오늘만 할인하는 특별한 커피 한 잔", 84, 120, "size: 16pt, lines: 5", "ko-KR")
    assert mark.fit
    assert mark.fit.phrases[0][-1] == f"한{HELD}잔"
    assert set_text_of(mark).endswith(mark.fit.phrases[0][-1])
