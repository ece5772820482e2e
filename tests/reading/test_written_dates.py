"""Dates in cells: those of ISO 8601, and those of a locale, of which each has one reading."""

from datetime import date
from pathlib import Path

import pytest
from babel.localedata import locale_identifiers

from pressrun.language import locale_dates
from pressrun.language.locale_formats import parsed
from pressrun.readers.bad_cell import BadCell
from pressrun.readers.table import read_table

PLAIN = "write dates as 2027-03-01"


@pytest.mark.parametrize(
    ("cell", "hint"),
    [
        ("2027-02-31", "there is no such day: the month 2027-02 has 28"),
        ("2028-02-30", "there is no such day: the month 2028-02 has 29"),
        ("2027-03-00", "there is no such day: the month 2027-03 has 31"),
        ("2027-13-01", f"there is no month 13: {PLAIN}"),
        ("0000-01-01", f"there is no year 0: {PLAIN}"),
        ("31.12.2027", f"{PLAIN}, or for a column written so `dates: {{start: de-DE}}`"),
        ("31/12/2027", f"{PLAIN}, or for a column written so `dates: {{start: en-GB}}`"),
        ("12/31/2027", f"{PLAIN}, or for a column written so `dates: {{start: en-US}}`"),
        ("04/03/2027", f"{PLAIN}, or say which it is: `dates: {{start: en-GB}}` has the day first, "
         "`dates: {start: en-US}` the month"),
        ("2027-03-01 09:30", PLAIN),
        ("next week", PLAIN),
    ],
)  # fmt: skip
def test_what_is_no_date_is_answered_with_what_is_wrong_with_it(tmp_path: Path, cell: str, hint: str) -> None:
    (tmp_path / "terms.csv").write_text(f"id,start\na,{cell}\n", "utf-8")
    _, findings = read_table(tmp_path / "terms.csv", types={"start": "date"})
    assert [one.hint for one in findings if one.code == "bad-cell"] == [hint]


def test_the_midnight_that_exports_put_behind_a_day_is_no_time(tmp_path: Path) -> None:
    (tmp_path / "terms.csv").write_text("id,start\na,2027-03-01 00:00:00\nb,2027-03-01T00:00:00.000\n", "utf-8")
    table, findings = read_table(tmp_path / "terms.csv", types={"start": "date"})
    assert table
    assert not findings
    assert {row["start"] for row in table.rows()} == {date(2027, 3, 1)}


@pytest.mark.parametrize(
    ("locale", "cell"),
    [
        ("de-DE", "3.4.2027"), ("de-DE", "03.04.2027"), ("de-DE", "2027-04-03"), ("pl-PL", "3.04.2027"),
        ("en-GB", "03/04/2027"), ("en-US", "4/3/2027"), ("tr-TR", "3.04.2027"), ("vi-VN", "03/04/2027"),
        ("ko-KR", "2027. 4. 3."), ("ko-KR", "2027.4.3"), ("ja-JP", "2027/04/03"), ("hu-HU", "2027. 04. 03."),
        ("bg-BG", "3.04.2027 г."), ("ar-EG", "٣/٤/٢٠٢٧"), ("nl-NL", "03-04-2027"), ("hr-HR", "03. 04. 2027."),
    ],
)  # fmt: skip
def test_each_locale_has_one_reading(locale: str, cell: str) -> None:
    assert locale_dates.written_in(locale)(cell) == date(2027, 4, 3)


@pytest.mark.parametrize(
    ("locale", "cell", "expected", "hint"),
    [
        ("de-DE", "03/04/2027", "a date as de-DE writes it", "write it like 31.03.2027, or as 2027-03-31"),
        ("de-DE", "03.04.27", "a date as de-DE writes it",
         "write it like 31.03.2027, or as 2027-03-31, the year with its four figures"),
        ("en-US", "31/12/2027", "a date as en-US writes it",
         "there is no month 31: write it like 03/31/2027, or as 2027-03-31"),
        ("de-DE", "31.02.2027", "a date as de-DE writes it", "there is no such day: the month 2027-02 has 28"),
        ("fa-IR", "۱۴۰۶/۱/۱۱", "a date as fa-IR writes it",
         "1406 is no year of the Gregorian calendar: write it like 2027/03/31, or as 2027-03-31"),
        ("ar-SA", "23/10/1448", "a date as ar-SA writes it",
         "1448 is no year of the Gregorian calendar: write it like 31/03/2027, or as 2027-03-31"),
        ("th-TH", "30/2/2570", "a date as th-TH writes it", "there is no such day: the month 2027-02 has 28"),
        ("de-DE", "2027-02-31", "a date", "there is no such day: the month 2027-02 has 28"),
    ],
)  # fmt: skip
def test_a_cell_that_is_written_otherwise_is_refused(locale: str, cell: str, expected: str, hint: str) -> None:
    with pytest.raises(BadCell) as refused:
        locale_dates.written_in(locale)(cell)
    assert (refused.value.expected, refused.value.hint) == (expected, hint)


@pytest.mark.parametrize(
    ("locale", "cell", "expected"),
    [
        ("th-TH", "31/3/2570", date(2027, 3, 31)), ("th", "๒๙/๒/๒๕๖๗", date(2024, 2, 29)),
        ("th-TH", "31/3/2027", date(2027, 3, 31)), ("th-TH", "2027-03-31", date(2027, 3, 31)),
        ("fa-IR", "2027/3/31", date(2027, 3, 31)), ("de-DE", "14.10.1066", date(1066, 10, 14)),
    ],
)  # fmt: skip
def test_a_year_of_the_calendar_that_a_country_counts_by_is_never_one_of_another(
    locale: str, cell: str, expected: date
) -> None:
    assert locale_dates.written_in(locale)(cell) == expected


def test_every_locale_reads_what_it_writes() -> None:
    """In its own figures too; the year in full. Latin writes an era."""
    day = date(2027, 11, 28)
    for name in sorted(locale_identifiers()):
        locale = name.replace("_", "-")
        pattern = parsed(locale).date_formats["short"].pattern
        if "G" not in pattern:
            written = locale_dates.date(day, locale, pattern.replace("yy", "y"))
            assert locale_dates.written_in(locale)(written) == day, locale
