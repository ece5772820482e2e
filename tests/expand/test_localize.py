"""Money, numbers and dates as the sample locales write them (CLDR by way of Babel)."""

from __future__ import annotations

import datetime as dt
import functools
import re
from decimal import Decimal

import pytest
from babel import Locale
from babel.localedata import locale_identifiers

from pressrun.language import locale_dates, locale_formats
from pressrun.language.color_words import color_words
from pressrun.language.filters import layout_filters
from pressrun.language.markup import words_in
from pressrun.language.templates import Templates
from pressrun.model.template import TemplateFault, ValueFault
from pressrun.readers.bad_cell import BadCell

NBSP, THIN, RLM = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "\N{RIGHT-TO-LEFT MARK}"
DASH = re.compile(r"\s*–\s*")  # CLDR has it with thin spaces in some languages, and with none in others


@pytest.mark.parametrize(
    ("locale", "currency", "text", "whole"),
    [
        ("en-GB", "GBP", "£1,234.00", "£1,234"),
        ("de-DE", "EUR", f"1.234,00{NBSP}€", f"1.234{NBSP}€"),
        ("fr-FR", "EUR", f"1{THIN}234,00{NBSP}€", f"1{THIN}234{NBSP}€"),
        ("pl-PL", "PLN", f"1{NBSP}234,00{NBSP}zł", f"1{NBSP}234{NBSP}zł"),
        ("es-MX", "MXN", "$1,234.00", "$1,234"),
        ("ar-AE", "AED", f"{RLM}1,234.00{NBSP}د.إ.{RLM}", f"{RLM}1,234{NBSP}د.إ.{RLM}"),
        ("hi-IN", "INR", "₹1,234.00", "₹1,234"),
        ("th-TH", "THB", "฿1,234.00", "฿1,234"),
        ("fr-CH", "CHF", f"1'234.00{NBSP}CHF", f"1'234{NBSP}CHF"),  # with a point, which other numbers have not
    ],
)
def test_money(locale: str, currency: str, text: str, whole: str) -> None:
    assert locale_formats.money(Decimal("1234"), currency, locale) == text
    assert locale_formats.money(Decimal("1234.00"), currency, locale, whole=True) == whole
    assert locale_formats.money(Decimal("1.50"), currency, locale, whole=True) == locale_formats.money(
        Decimal("1.5"), currency, locale
    )


@pytest.mark.parametrize(
    ("locale", "currency", "text"),
    [
        ("fr-CH", "CHF", "1'234.50"), ("de-CH", "CHF", "1'234.50"), ("fr-FR", "EUR", f"1{THIN}234,50"), ("en-GB", "GBP", "1,234.50"),
        ("he-IL", "ILS", f"{RLM}1,234.50"), ("ar-EG", "EGP", f"{RLM}١٬٢٣٤٫٥٠"), ("ja-JP", "JPY", "1,235"), ("tr-TR", "TRY", "1.234,50"),
    ],
)  # fmt: skip
def test_money_without_its_currency_keeps_the_signs_of_money(locale: str, currency: str, text: str) -> None:
    assert locale_formats.money(Decimal("1234.5"), currency, locale, symbol=False) == text
    assert locale_formats.money(Decimal(12), currency, locale, whole=True, symbol=False).lstrip(RLM) in ("12", "١٢")


@pytest.mark.parametrize(
    ("value", "text"),
    [("0.125", "0,13"), ("0.115", "0,12"), ("2.665", "2,67"), ("-0.125", "-0,13"), ("0.1249", "0,12"), ("1.005", "1,01")],
)
def test_half_a_cent_is_a_cent(value: str, text: str) -> None:
    """As shops round, and the law on prices by weight has it: halves that went to the even neighbour took some down."""
    assert locale_formats.money(Decimal(value), "EUR", "de-DE") == f"{text}\N{NO-BREAK SPACE}€"
    assert locale_formats.number(Decimal(value), "de-DE", 2) == text
    assert locale_formats.number(float(value), "de-DE", 2) == text


@pytest.mark.parametrize("written", ["14.90", "14,90"])
def test_prices_are_read_as_they_are_written(written: str) -> None:
    assert locale_formats.read_decimal(written, "fr-CH") == Decimal("14.90")


def test_swiss_millions_keep_both_of_their_separators() -> None:
    assert locale_formats.number(4850000, "de-CH") == "4'850'000"
    assert locale_formats.number(1234567890.5, "it-CH", 1) == "1'234'567'890.5"
    assert locale_formats.money(Decimal("4850000"), "CHF", "de-CH", whole=True) == f"CHF{NBSP}4'850'000"
    assert locale_formats.money(Decimal("4850000"), "CHF", "fr-CH") == f"4'850'000.00{NBSP}CHF"
    assert locale_formats.read_decimal("4'850’000.50", "de-CH") == Decimal("4850000.50")


def test_fixed_decimals_are_grouped_as_any_others() -> None:
    assert locale_formats.number(4850000, "en-IN", 2) == "48,50,000.00"
    assert locale_formats.number(4850000, "en-IN", 0) == "48,50,000"
    assert locale_formats.number(1234.5, "de-DE", 0) == "1.235"


def test_lakhs_and_native_digits() -> None:
    assert locale_formats.number(1234567, "hi-IN") == "12,34,567"
    assert locale_formats.number(12.5, "ar-EG") == "١٢٫٥"
    assert locale_formats.money(Decimal("1234"), "JPY", "ja-JP") == "\N{FULLWIDTH YEN SIGN}1,234"
    assert locale_dates.date(dt.date(2027, 3, 1), "ar-EG") == "١ مارس ٢٠٢٧"


@pytest.mark.parametrize("currency", ["EURO", "eur", "", "XXZ"])
def test_unknown_currencies_are_refused(currency: str) -> None:
    with pytest.raises(ValueError, match="currency code"):
        locale_formats.money(Decimal(1), currency, "de-DE")


@pytest.mark.parametrize(
    ("locale", "parts", "text"),
    [
        ("de-DE", "weekday day month", "Freitag, 2. Juli"),
        ("en-GB", "weekday day month", "Friday 2 July"),
        ("en-US", "day month year weekday", "Friday, July 2, 2027"),
        ("ja-JP", "weekday day month", "7月2日(金曜日)"),
        ("ar-EG", "month day", "٢ يوليو"),
        ("hu-HU", "weekday day month", "július 2., péntek"),
        ("fi-FI", "day month", "2. heinäkuuta"),
        ("ru-RU", "month", "июль"),
        ("ru-RU", "day month", "2 июля"),
        ("he-IL", "weekday day month", "יום שישי, 2 ביולי"),
        ("fr-CH", "weekday", "vendredi"),
    ],
)
def test_parts_of_a_date_stand_as_the_locale_orders_them(locale: str, parts: str, text: str) -> None:
    assert locale_dates.date(dt.date(2027, 7, 2), locale, parts) == text


@pytest.mark.parametrize(
    ("locale", "style", "text"),
    [
        ("de-DE", "weekday day month", "Montag, 3. – Samstag, 8. August"), ("de-AT", "short weekday day month", "Mo., 3. – Sa., 8. Aug."),
        ("en-GB", "day month", "3–8 August"), ("en-US", "short weekday day month", "Mon, Aug 3 – Sat, Aug 8"),
        ("pl-PL", "weekday day month", "poniedziałek, 3 sierpnia – sobota, 8 sierpnia"), ("it-IT", "day month", "3–8 agosto"),
        ("fr-CH", "weekday day month", "lundi 3 – samedi 8 août"), ("ja-JP", "long", "2026年8月3日～8日"),
        ("ar-EG", "day month", "٣–٨ أغسطس"), ("el-GR", "medium", "3–8 Αυγ 2026"), ("de-DE", "full", "Montag, 3. – Samstag, 8. August 2026"),
        ("de-DE", "d. MMM", "3. Aug. – 8. Aug."), ("de-DE", "short", "03.08.26 – 08.08.26"),
        ("es-ES", "day month", "3–8 de agosto"), ("pt-BR", "long", "3 – 8 de agosto de 2026"),
        ("ru-RU", "long", "3—8 августа 2026\u202fг."), ("cs-CZ", "long", "3.–8. srpna 2026"), ("hi-IN", "long", "3–8 अगस्त 2026"),
        ("uk-UA", "medium", "3–8 серп. 2026\u202fр."), ("en-US", "long", "August 3 – 8, 2026"),
        ("zh-CN", "long", "2026年8月3日 – 2026年8月8日"), ("de-DE", "month year", "August 2026"), ("fr-FR", "MMMM", "août"),
        ("et-EE", "short weekday day month year", "E, 3. august 2026 – L, 8. august 2026"),
        ("ee-GH", "medium", "dea 3 lia – dea 8 lia, 2026"), ("en-GB", "weekday", "Monday – Saturday"),
    ],
)  # fmt: skip
def test_a_span_of_days_says_once_what_both_share(locale: str, style: str, text: str) -> None:
    said = locale_dates.days(dt.date(2026, 8, 3), dt.date(2026, 8, 8), locale, style)
    assert DASH.sub("–", said) == DASH.sub("–", text)


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("ru-RU", "28 апреля — 9 мая 2027\u202fг."), ("es-ES", "28 de abril – 9 de mayo de 2027"),
        ("cs-CZ", "28. dubna – 9. května 2027"), ("hi-IN", "28 अप्रैल – 9 मई 2027"),
        ("am-ET", "28 ኤፕሪል 2027 – 9 ሜይ 2027"), ("kk-KZ", "2027\u202fж. 28 сәуір – 9 мамыр"),
    ],
)  # fmt: skip
def test_a_span_over_months_says_the_year_once(locale: str, text: str) -> None:
    said = locale_dates.days(dt.date(2027, 4, 28), dt.date(2027, 5, 9), locale)
    assert DASH.sub("–", said) == DASH.sub("–", text)


def test_spans_over_months_and_years_and_of_one_day() -> None:
    first = dt.date(2026, 12, 27)
    said = [locale_dates.days(first, dt.date(2027, 1, 3), "de-DE", style) for style in ("day month", "long")]
    assert [DASH.sub("–", one) for one in said] == ["27. Dezember–3. Januar", "27. Dezember 2026–3. Januar 2027"]
    assert locale_dates.days(first, first, "de-DE", "short weekday day month") == "So., 27. Dez."
    assert DASH.sub("–", locale_dates.days(first, dt.date(2027, 12, 27), "en-GB", "month")) == "December–December"
    assert DASH.sub("–", locale_dates.days(dt.date(2026, 12, 20), first, "en-GB", "EEEE")) == "Sunday–Sunday"
    with pytest.raises(ValueError, match="it ends on 2026-12-26, before it begins on 2026-12-27"):
        locale_dates.days(first, dt.date(2026, 12, 26), "de-DE")


@pytest.mark.parametrize("style", ["weekday abbreviated", "Mon 3", "dd.mm.yyyy", "second day"])
def test_a_word_is_no_pattern_of_a_date(style: str) -> None:
    with pytest.raises(ValueError, match="is no date style"):
        locale_dates.date(dt.date(2026, 8, 3), "de-DE", style)


def test_parts_that_no_language_writes_together_are_told() -> None:
    with pytest.raises(ValueError, match="no language writes weekday and year together"):
        locale_dates.date(dt.date(2027, 7, 2), "de-DE", "year weekday")


@pytest.mark.parametrize(
    ("locale", "style", "text"),
    [
        ("de-DE", "short", "19:30"),
        ("en-US", "short", "7:30\u202fPM"),
        ("en-US", "medium", "7:30:00\u202fPM"),
        ("fr-CA", "short", "19 h 30"),
        ("fi-FI", "short", "19.30"),
        ("zh-Hant-TW", "short", "晚上7:30"),
        ("ar-EG", "short", "٧:٣٠ م"),
        ("en-US", "HH:mm", "19:30"),
    ],
)
def test_times_of_day(locale: str, style: str, text: str) -> None:
    assert locale_dates.time(dt.time(19, 30), locale, style) == text


def test_full_hours_and_times_with_their_date() -> None:
    hours = [locale_dates.time(dt.time(19), locale, "hour") for locale in ("de-DE", "en-US", "ja-JP")]
    assert hours == ["19 Uhr", "7 PM", "19時"]
    evening = dt.datetime(2027, 7, 2, 19, 30)
    said = {locale: locale_dates.date(evening, locale, "weekday day month time") for locale in ("en-GB", "ar-EG", "fi-FI")}
    assert said == {
        "en-GB": "Friday 2 July, 19:30", "ar-EG": "الجمعة، ٢ يوليو، ٧:٣٠ م", "fi-FI": "perjantai 2. heinäkuuta 19.30"
    }  # fmt: skip


@pytest.mark.parametrize("style", ["long", "full", "HH:mm z", "d MMM", "x"])
def test_no_time_zone_is_made_up(style: str) -> None:
    with pytest.raises(ValueError, match="no style of a time"):
        locale_dates.time(dt.time(19, 30), "en-GB", style)


def test_an_hour_that_is_not_full_is_told() -> None:
    with pytest.raises(ValueError, match=r"19:30 is no full hour"):
        locale_dates.time(dt.time(19, 30), "en-GB", "hour")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("19:30", "19:30"), (" 9:05 ", "09:05"), ("2027-03-01T19:30", "19:30"), ("2027-03-01 19:30:00", "19:30"),
        ("2027-03-01T19:30+01:00", "19:30"),
    ],
)  # fmt: skip
def test_what_a_cell_says_as_a_time(cell: str, said: str) -> None:
    assert layout_filters((), frozenset())["time"]({"locale": "en-GB"}, cell) == said


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("2027-03-01T19:30Z", "UTC"), ("1930", "not '1930'"), ("7 pm", "not '7 pm'"), ("24:10", "not '24:10'"),
        ("2027-03-01", "not '2027-03-01'"), ("", "no time here"),
    ],
)  # fmt: skip
def test_what_is_no_time_is_told(cell: str, told: str) -> None:
    with pytest.raises(ValueFault, match=told):
        layout_filters((), frozenset())["time"]({"locale": "en-GB"}, cell)


def test_a_date_may_have_a_time_and_one_that_is_asked_for_must() -> None:
    date = functools.partial(layout_filters((), frozenset())["date"], {"locale": "en-GB"})
    assert date("2027-03-01T19:30") == date("2027-03-01") == "1 March 2027"
    assert date("2027-03-01T19:30", "day month time") == "1 March, 19:30"
    with pytest.raises(ValueFault, match="no time of day"):
        date("2027-03-01", "day month time")


def test_dates() -> None:
    day = dt.date(2027, 3, 1)
    assert locale_dates.date(day, "pl-PL") == "1 marca 2027"
    assert locale_dates.date(day, "es-MX", "d 'de' MMMM") == "1 de marzo"
    with pytest.raises(ValueError, match="date style"):
        locale_dates.date(day, "en-GB", "%")


@pytest.mark.parametrize(
    ("text", "known"),
    [("de-DE", 1), ("ar", 1), ("zh-Hant-TW", 1), ("xx-YY", 0), ("deutsch", 0), ("", 0), ("../x", 0)],
)
def test_locales(text: str, known: bool) -> None:
    assert locale_formats.is_locale(text) is bool(known)


@pytest.mark.parametrize(
    ("srgb", "words"),
    [
        ("#FFFFFF", "white"), ("#000000", "black"), ("#808080", "grey"), ("#1F3A2E", "very dark muted green"),
        ("#E4572E", "vermilion"), ("#FBF5E9", "warm cream"), ("#004F88", "dark blue"), ("#859771", "sage green"),
        ("#44291B", "very dark muted brown"), ("#FF0000", "vivid red"), ("#CF8F49", "caramel"),
        ("#FF8C1A", "light vivid orange"),
    ],
)  # fmt: skip
def test_colors_in_words(srgb: str, words: str) -> None:
    assert color_words(srgb) == words


# ---------------------------------------------------------------------------------------------------------- codes


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("de_DE", "de-DE"), ("EN-gb", "en-GB"), ("ar_AE", "ar-AE"), ("zh_hans_cn", "zh-Hans-CN"), ("zh-CN", "zh-CN"),
        ("iw-IL", "he-IL"), ("in", "id"), ("sh_BA", "sr-Latn-BA"), ("es_419", "es-419"), (" pt_BR ", "pt-BR"),
        ("ca_es_VALENCIA", "ca-ES-valencia"), ("cmn_Hans", "zh-Hans"),
    ],
)  # fmt: skip
def test_a_code_is_read_in_any_spelling(written: str, code: str) -> None:
    assert locale_formats.locale_code(written) == code
    assert locale_formats.locale_code(code) == code


@pytest.mark.parametrize("written", ["", "deutsch", "en-XX", "tr-Arab", "und", "root", "zz", "de-DE@euro", "de--DE"])
def test_what_cldr_does_not_describe_is_no_locale(written: str) -> None:
    assert not locale_formats.is_locale(written)


def test_every_locale_of_cldr_has_its_code_and_the_direction_of_its_script() -> None:
    for identifier in locale_identifiers():
        if identifier != "root":
            code = locale_formats.locale_code(identifier)
            right_to_left = Locale.parse(identifier).character_order == "right-to-left"
            assert locale_formats.direction_of(code) == ("rtl" if right_to_left else "ltr")
    assert {locale_formats.direction_of(code) for code in ("ary", "az-Arab", "ckb", "sd", "uz-Arab")} == {"rtl"}
    assert locale_formats.direction_of("sd-Deva") == "ltr"


@pytest.mark.parametrize(
    ("written", "locale", "value"),
    [
        ("29,90", "de-DE", "29.90"), ("1.249,00", "de-DE", "1249.00"), ("1249,5", "de-DE", "1249.5"),
        ("1 249,00", "fr-FR", "1249.00"), (f"1{NBSP}249,00", "fr-FR", "1249.00"), ("1’249.50", "de-CH", "1249.50"),
        ("12,34,567.5", "hi-IN", "1234567.5"), ("−5,5", "sv-SE", "-5.5"), ("١٬٢٩٩٫٥٠", "ar-EG", "1299.50"),
    ],
)  # fmt: skip
def test_decimals_are_read_as_a_locale_writes_them(written: str, locale: str, value: str) -> None:
    assert locale_formats.read_decimal(written, locale) == Decimal(value)


@pytest.mark.parametrize("written", ["29.90", "1.2.3", "abc", "1e5", "NaN", "Infinity", "1_000", "12,90 €", "1,2,3", ","])
def test_what_a_locale_does_not_write_is_no_decimal(written: str) -> None:
    with pytest.raises(BadCell):
        locale_formats.read_decimal(written, "de-DE")


@pytest.mark.parametrize(
    ("code", "locale", "name"),
    [("DE", "de-AT", "Deutschland"), ("ch", "fr-CH", "Suisse"), ("AE", "ar", "الإمارات العربية المتحدة"), ("", "de", "")],
)
def test_a_country_by_its_letters(code: str, locale: str, name: str) -> None:
    country = layout_filters([], frozenset())["country"]
    assert Templates(filters={"country": country}).text("{{ code | country }}").render({"code": code, "locale": locale}) == name


@pytest.mark.parametrize("written", ["Bayern", "zz"])
def test_what_is_no_country_is_told(written: str) -> None:
    country = Templates(filters=layout_filters([], frozenset())).text("{{ code | country }}")
    with pytest.raises(TemplateFault) as told:
        country.render({"code": written, "locale": "de"})
    assert (told.value.code, str(told.value)) == (
        "unknown-country", f"{written.upper()} is no country by its two letters"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("locale", "style", "text"),
    [
        ("th-TH", "long", "1 มีนาคม พ.ศ. 2570"),
        ("th-TH", "full", "วันจันทร์ที่ 1 มีนาคม พ.ศ. 2570"),
        ("th-TH", "short", "1/3/70"),
        ("th-TH", "d MMMM y", "1 มีนาคม 2570"),
        ("th-TH", "day month", "1 มีนาคม"),
        ("en-GB", "d MMMM y 'year' G", "1 March 2570 year BE"),
    ],
)
def test_years_are_those_of_thailand(locale: str, style: str, text: str) -> None:
    """The weekday stays that of the day."""
    assert locale_dates.date(dt.date(2027, 3, 1), locale, style, "buddhist") == text


def test_a_span_over_years_of_thailand() -> None:
    said = locale_dates.days(dt.date(2026, 12, 30), dt.date(2027, 1, 2), "th-TH", "medium", "buddhist")
    assert ("2569" in said, "2570" in said, "2026" in said) == (True, True, False)


def test_the_calendar_is_an_argument_of_the_filter() -> None:
    names = {"locale": "th-TH", "day": dt.date(2027, 3, 1)}
    templates = Templates(filters=layout_filters([], frozenset()))
    assert templates.text("{{ day | date('d MMM y', calendar='buddhist') }}").render(names) == "1 มี.ค. 2570"
    with pytest.raises(TemplateFault, match="'thai' is no calendar; write gregorian or buddhist"):
        templates.text("{{ day | date(calendar='thai') }}").render(names)


@pytest.mark.parametrize(
    ("locale", "said", "set_right"),
    [
        ("de-DE", "Das \"Model 12\" ist's.", "Das „Model 12“ ist’s."), ("de-CH", 'Er sagt "ja"', "Er sagt «ja»"),
        ("en-GB", "the '90s, don't say \"she said 'no'\".", "the ’90s, don’t say “she said ‘no’”."),
        ("en-US", "A 12\" record, 5' 10\" tall, \"new\" \\\"", "A 12\" record, 5' 10\" tall, “new” \\”"),
        ("fr-FR", 'L\'eau "de vie"', f"L’eau «{NBSP}de vie{NBSP}»"), ("sv-SE", '"hej"', "”hej”"),
        ("es-ES", '"hola"', "«hola»"), ("es-MX", '"hola"', "“hola”"), ("zh-Hant-TW", '"茶"', "「茶」"),
        ("ar-EG", '"شاي"', '"شاي"'), ("pl-PL", "plain", "plain"), ("hi-IN", 'नई "हिमालय" चाय', "नई “हिमालय” चाय"),
        ("vi-VN", "trà \"mới 'xanh'\"", "trà “mới ‘xanh’”"), ("id-ID", '"teh"', "“teh”"), ("fa-IR", '"چای"', "«چای»"),
    ],
)  # fmt: skip
def test_quotation_marks_of_a_language(locale: str, said: str, set_right: str) -> None:
    filters = layout_filters([], frozenset())
    values = {"said": said, "locale": locale}
    assert Templates(filters=filters).text("{{ said | quotes }}").render(values) == set_right
    marked_up = Templates(filters=filters, in_cells=("bold",)).text("{% filter quotes %}<color ink>{{ said }}</color>{% endfilter %}")
    assert words_in(marked_up.render(values)) == set_right
